"""What becomes of a text that somebody wants to save: the file, a question, or both people's work side by side."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sandbox.cases.files import Conflict, Exists, Refused, Saved
from sandbox.cases.merging import ends_of, merge, plain
from sandbox.store import versions
from sandbox.web.diff import Diff, compare
from sandbox.web.editor_reading import check, reading
from sandbox.web.house import house
from sandbox.web.keeping import keep, look

LONGEST_NOTE: Final = 200


@dataclass(frozen=True, slots=True)
class Outcome:
    """``kind``: saved, ask (it needs a tick), refused, conflict, gone, merged. ``etag`` is the form's new base, if any.

    ``reasons``: what should be known of the text. ``version``: a row of the history. With a conflict, ``theirs`` is
    the file now and ``diff`` what saving over it would change. With a merge, ``text`` is both texts and ``conflicts``
    how often they met.
    """

    kind: str
    etag: str = ""
    reasons: tuple[str, ...] = ()
    version: Any = None
    theirs: Saved | None = None
    diff: Diff | None = None
    text: str = ""
    conflicts: int = 0


def save(case_id: str, text: str, base: str, form: Mapping[str, str]) -> Outcome:
    """Save the text over the version whose etag is ``base``, and over no other."""
    try:
        current = look(case_id)
        if current is None:
            return Outcome("gone")
        before = _version(case_id, base, current)
        text = ends_of(current.text if before is None else before, text)
        if current.etag != base:
            # Both may have written the same; then there is nothing to settle.
            return _saved(case_id, current.etag) if text == current.text else _conflict(case_id, text, current)
        reasons = _reasons(case_id, text)
        if reasons and not form.get("anyway"):
            return Outcome("ask", reasons=reasons)
        return _saved(case_id, keep(case_id, text, base=base, note=_note(form)).etag)
    except Conflict as error:
        return _conflict(case_id, text, error.current) if error.current else Outcome("gone")
    except Refused as error:
        return Outcome("refused", reasons=(_sentence(error),))


def over(case_id: str, text: str, base: str, form: Mapping[str, str]) -> Outcome:
    """Save over what was saved meanwhile, if it is still what the page has shown; the history keeps it."""
    return save(case_id, text, form.get("theirs", base), form)


def merged(case_id: str, text: str, base: str, form: Mapping[str, str]) -> Outcome:
    """Both changes of the version ``base`` in one text, to be looked at before it is saved."""
    current = look(case_id)
    if current is None:
        return Outcome("gone")
    before = _version(case_id, base, current)
    if before is None:
        return _conflict(case_id, text, current)
    both = merge(before, text, current.text)
    return Outcome("merged", etag=current.etag, text=plain(both.text), conflicts=both.conflicts)


def again(case_id: str, text: str, base: str, form: Mapping[str, str]) -> Outcome:
    """Make the file anew that was moved or deleted meanwhile."""
    file = reading(case_id, text).file
    before = _version(case_id, base, None)
    text = ends_of(before or "", text)
    specialty = file.case.specialty if file else "restored"
    try:
        return _saved(case_id, keep(case_id, text, base=None, note=_note(form), specialty=specialty).etag)
    except Exists:
        return save(case_id, text, base, form)
    except Refused as error:
        return Outcome("refused", reasons=(_sentence(error),))


def just_saved(case_id: str, now: Saved) -> Outcome:
    """The file as somebody has saved it just now, for the page that comes after."""
    return _saved(case_id, now.etag, _warnings(case_id, now.text))


def _saved(case_id: str, saved: str, warnings: tuple[str, ...] | None = None) -> Outcome:
    rows = versions.all(house().store, case_id)
    row = next((row for row in rows if row["etag"] == saved), None)
    if warnings is None:
        text = versions.text(house().store, case_id, row["number"]) if row else ""
        warnings = _warnings(case_id, text)
    return Outcome("saved", etag=saved, reasons=warnings, version=row)


def _conflict(case_id: str, text: str, current: Saved) -> Outcome:
    rows = versions.all(house().store, case_id)
    by = next((row for row in rows if row["etag"] == current.etag), None)
    return Outcome("conflict", theirs=current, version=by, diff=compare(plain(current.text), plain(text)))


def _version(case_id: str, wanted: str, current: Saved | None) -> str | None:
    """The text that has the etag; None where neither the folder nor the history has it."""
    if current and current.etag == wanted:
        return current.text
    store = house().store
    number = next((row["number"] for row in versions.all(store, case_id) if row["etag"] == wanted), None)
    return None if number is None else versions.text(store, case_id, number)


def _reasons(case_id: str, text: str) -> tuple[str, ...]:
    """Why somebody should think twice: learners have this case, and the text has errors."""
    one = reading(case_id, text)
    served = house().cases.cases().get(case_id)
    if one.file is None:
        if served is None or served.case.status != "ready":
            return ()
        return (
            "This text cannot be read as a case. Learners keep the last good version of it, but only until the server "
            "is started again.",
        )
    errors = check(house(), one).errors if one.file.case.status == "ready" else 0
    what = "The linter finds an error" if errors == 1 else f"The linter finds {errors} errors"
    return (f"{what}, and the case is ready: learners get it as it is.",) if errors else ()


def _warnings(case_id: str, text: str) -> tuple[str, ...]:
    """What should be known of a text that is saved."""
    if reading(case_id, text).file is None:
        return ("It cannot be read as a case yet, so learners see its last good version, or nothing.",)
    return _reasons(case_id, text)


def _sentence(error: Refused) -> str:
    said = str(error)
    return f"{said[:1].upper()}{said[1:]}."


def _note(form: Mapping[str, str]) -> str:
    return " ".join(form.get("note", "").split())[:LONGEST_NOTE]
