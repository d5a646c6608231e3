"""The history of a case's file: its versions, what changed between any two, and the way back."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sandbox.cases.files import Conflict, Exists, Refused, Saved
from sandbox.cases.reader import read
from sandbox.store import versions
from sandbox.web import errors
from sandbox.web.diff import compare
from sandbox.web.house import house
from sandbox.web.keeping import keep, look
from sandbox.web.security import instructor_only

pages = Blueprint("history", __name__)
instructor_only(pages)

_NUMBER = "<int(max=9223372036854775807):number>"


@pages.get("/teach/cases/<case_id>/history")
def list_all(case_id: str) -> ResponseReturnValue:
    """Every version, the newest first."""
    return _list(case_id)


def _list(case_id: str, meanwhile: bool = False) -> str:
    current, rows = _history(case_id)
    return render_template(
        "teach/history.html", case_id=case_id, current=current, rows=rows, title=_title(case_id), meanwhile=meanwhile
    )


@pages.get(f"/teach/cases/<case_id>/history/{_NUMBER}")
def version(case_id: str, number: int) -> ResponseReturnValue:
    """One version: what it changed against the one before it, or against any other (``against``), and its text."""
    current, rows = _history(case_id)
    row = next((row for row in rows if row["number"] == number), None) or abort(404)
    against = request.args.get("against", type=int)
    against = number - 1 if against is None else against
    text = versions.text(house().store, case_id, number)
    if against and against not in {row["number"] for row in rows}:
        abort(404)
    other = versions.text(house().store, case_id, against) if against else ""
    return render_template(
        "teach/version.html",
        case_id=case_id, title=_title(case_id), current=current, rows=rows, row=row, against=against, text=text,
        diff=compare(other, text), newest=rows[0]["number"],
    )  # fmt: skip


@pages.post(f"/teach/cases/<case_id>/history/{_NUMBER}/restore")
def restore(case_id: str, number: int) -> ResponseReturnValue:
    """Make an old text the file again. It becomes a version of its own: nothing is undone."""
    _history(case_id)
    try:
        text = versions.text(house().store, case_id, number)
    except KeyError:
        abort(404)
    base = request.form.get("base") or None
    case = read(text, case_id).case
    try:
        keep(case_id, text, base=base, note=f"version {number} again", specialty=case.specialty if case else "restored")
    except (Conflict, Exists):
        return _list(case_id, meanwhile=True), 409
    except Refused as error:
        return errors.page(400, ("The file could not be restored", f"{str(error).capitalize()}. Nothing was changed."))
    return redirect(url_for("history.list_all", case_id=case_id), 303)


def _history(case_id: str) -> tuple[Saved | None, list[versions.Row]]:
    """The file as it is, and its versions with whatever another program made of it; 404 where there is neither."""
    try:
        current = look(case_id)
    except Refused:
        abort(404)
    rows = versions.all(house().store, case_id)
    return (current, rows) if rows else abort(404)


def _title(case_id: str) -> Any:
    found = house().cases.cases().get(case_id)
    return found.case.title if found else case_id
