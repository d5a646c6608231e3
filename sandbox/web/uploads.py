"""Case files from elsewhere: checked first, shown one by one, and written only once somebody has said which."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sandbox.cases import files
from sandbox.cases.files import Conflict, Exists, Refused, Saved
from sandbox.cases.library import CaseFile
from sandbox.cases.reader import read
from sandbox.cases.uploads import Sent, take_apart
from sandbox.web import looks, staging
from sandbox.web.diff import compare
from sandbox.web.house import house
from sandbox.web.keeping import keep
from sandbox.web.looks import Look
from sandbox.web.security import instructor_only, learner
from sandbox.web.staging import Staged

pages = Blueprint("uploads", __name__)
instructor_only(pages)

_PATIENCE: Final = 3.0
"""Seconds in which the linter looks at what was sent; the rest is read and not yet linted."""

_CHANGED: Final = "not saved: the file here was changed after you looked. Look again, and tick it again if it shall go"
_SAVED: Final = "saved"


@dataclass(frozen=True, slots=True)
class Item:
    """A file of an upload beside what is here. ``state``: new, changes, same or refused.

    ``base``: the etag of what it would take the place of, empty for a new one. ``why``: reasons of a refusal.
    """

    sent: Sent
    state: str
    base: str = ""
    where: str = ""
    why: tuple[str, ...] = ()
    look: Look | None = None
    added: int = 0
    removed: int = 0
    said: str = ""


@pages.get("/teach/upload")
def form() -> ResponseReturnValue:
    """Where a file is chosen."""
    return render_template("teach/upload.html", wrong="")


@pages.post("/teach/upload")
def check() -> ResponseReturnValue:
    """Take the upload apart and keep it until it is confirmed. Nothing is written to the cases."""
    given = request.files.get("file")
    if given is None or not given.filename:
        return render_template("teach/upload.html", wrong="Choose a file first."), 400
    try:
        sent = take_apart(given.read(), given.filename)
    except Refused as error:
        return render_template("teach/upload.html", wrong=f"{str(error).capitalize()}."), 400
    if not sent:
        return render_template("teach/upload.html", wrong="There is no file in the zip."), 400
    staged = staging.put(learner(), given.filename[-100:], sent)
    looks.look(house(), _readable(staged), _PATIENCE)
    return redirect(url_for("uploads.show", token=staged.token), 303)


@pages.get("/teach/upload/<token>")
def show(token: str) -> ResponseReturnValue:
    """Each file of the upload beside what is here now."""
    staged = _staged(token)
    items = [_item(staged, sent) for sent in staged.sent]
    return render_template("teach/checked.html", staged=staged, items=items)


@pages.get("/teach/upload/<token>/<case_id>")
def difference(token: str, case_id: str) -> ResponseReturnValue:
    """What the linter says of a file of the upload, and what the file would change."""
    staged = _staged(token)
    sent = next((sent for sent in staged.sent if sent.id == case_id and not sent.problems), None) or abort(404)
    try:
        current = _current(case_id)
    except Refused:
        abort(404)  # the page of the upload tells why, and links to no difference
    diff = compare(current.text if current else "", sent.text)
    problems = looks.problems(house(), file) if (file := _as_file(sent)) else ()
    return render_template(
        "teach/incoming.html", staged=staged, sent=sent, current=current, diff=diff, problems=problems
    )


@pages.post("/teach/upload/<token>")
def confirm(token: str) -> ResponseReturnValue:
    """Write what is ticked, each over just what the page has shown; then tell file by file what became of it."""
    staged = _staged(token)
    ticked = set(request.form.getlist("take"))
    said = {
        sent.id: _saved(sent, staged.name, request.form.get(f"base-{sent.id}", "") or None)
        for sent in staged.sent
        if sent.id in ticked and not sent.problems
    }
    staging.say(staged, said)
    return redirect(url_for("uploads.show", token=token), 303)


def _saved(sent: Sent, upload: str, base: str | None) -> str:
    """Save one file; what became of it."""
    try:
        current = _current(sent.id)
        if current and current.text == sent.text:
            return _SAVED  # the form came twice
        keep(sent.id, sent.text, base=base, note=f"uploaded: {upload}", specialty=sent.specialty)
    except (Conflict, Exists):
        return _CHANGED
    except Refused as error:
        return f"not saved: {error}"
    return _SAVED


def _staged(token: str) -> Staged:
    return staging.get(token, learner()) or abort(404)


def _current(id: str) -> Saved | None:
    return files.read(house().cases.root, id)


def _item(staged: Staged, sent: Sent) -> Item:
    said = staged.said.get(sent.id, "") if sent.id and not sent.problems else ""
    if sent.problems:
        return Item(sent, "refused", why=sent.problems)
    try:
        current = _current(sent.id)
    except Refused as error:
        return Item(sent, "refused", why=(f"here, {error}",))
    look: Look | None = house().looks.get(sent.hash)
    if current is None:
        folder = files.slug(sent.specialty)
        if not files.good_slug(folder):
            return Item(sent, "refused", why=(f"its specialty {sent.specialty!r} makes no name of a folder",))
        return Item(sent, "new", where=f"{folder}/{sent.id}.yaml", look=look, said=said)
    if current.text == sent.text:
        return Item(sent, "same", current.etag, current.path, look=look, said=said)
    if taken := _elsewhere(sent, current):
        return Item(sent, "refused", why=(taken,))
    diff = compare(current.text, sent.text)
    return Item(sent, "changes", current.etag, current.path, (), look, diff.added, diff.removed, said)


def _elsewhere(sent: Sent, current: Saved) -> str:
    """Whether it came from another folder of the library than the file here: then it is most likely another case."""
    home = current.path.rpartition("/")[0]
    folders = {files.slug(sent.specialty), *(path.name for path in house().cases.root.iterdir() if path.is_dir())}
    if sent.folder and sent.folder != home and sent.folder in folders:
        return f"the id {sent.id} belongs to {current.path}, and this one lies in {sent.folder}: rename the file"
    return ""


def _readable(staged: Staged) -> Iterator[CaseFile]:
    for sent in staged.sent:
        if not sent.problems and house().looks.get(sent.hash) is None and (file := _as_file(sent)):
            yield file


def _as_file(sent: Sent) -> CaseFile | None:
    source = read(sent.text, f"{sent.id}.yaml")
    return CaseFile.of(source) if source.case else None
