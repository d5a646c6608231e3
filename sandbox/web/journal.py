"""The audit log: what the staff did, noted after each form that took effect, and the pages that show it.

Scores, decisions and case files write their own rows, in the transaction that changes them; here stands the rest.
"""

import logging
from typing import Any, Final

from flask import Blueprint, Flask, Response, render_template, request
from flask.typing import ResponseReturnValue

from sandbox.store import log as audit_log
from sandbox.store import people
from sandbox.store.database import NotSaved
from sandbox.web.access import ID, class_staff_only, instructor_of, the_class
from sandbox.web.house import house
from sandbox.web.security import InstructorsOnly, known
from sandbox.web.text import percent

pages = Blueprint("journal", __name__)
class_staff_only(pages)
_noise = logging.getLogger(__name__)

NOTED: Final[dict[str, str]] = {
    "classroom.create": "made a class",
    "classroom.settings": "changed a class",
    "classroom.invite_assistant": "made an assistant's link",
    "classroom.change_member": "changed a member",
    "classroom.take_roster": "read in a list",
    "classroom.change_staff": "changed who teaches",
    "labpages.create": "made a lab",
    "labpages.change": "changed a lab",
    "labpages.control": "ran a lab",
    "labpages.give_time": "gave time",
    "talkroom.remove": "took a post away",
    "teach.dealt_with": "dealt with a report",
    "ltigrades.change": "changed what goes to the school's system",
}
"""Endpoint → what a form of it does, in words."""
KINDS: Final[dict[str, str]] = {
    "dispute": "disputed a line",
    "withdrawn": "withdrew a dispute",
    "decided": "decided a dispute",
    "regraded": "graded anew",
    "saved": "saved a case file",
    "connected": "connected a course of the school's system",
    "teaches": "became an instructor by the school's system",
    **{words: words for words in NOTED.values()},
}
"""Kind of a row → what was done, in words."""
_FIELDS: Final = ("action", "role", "joining", "closed", "dispute_days", "minutes", "name", "invite", "take")
"""What of a form is noted. Never a secret, and never a text that names somebody."""
_NAMES: Final = ("labpages.create", "labpages.change", "classroom.create", "classroom.settings")
"""Where ``name`` is that of a class or a lab, and not of a person."""


def init_app(app: Flask) -> None:
    """Note each form of the staff that took effect."""
    app.after_request(_note)


def _note(response: Response) -> Response:
    what = NOTED.get(request.endpoint or "")
    if what is None or request.method != "POST" or response.status_code >= 400:
        return response
    if request.endpoint == "classroom.take_roster" and "take" not in request.form:
        return response  # a look at what it would change
    place = dict(request.view_args or {})
    said = {
        name: request.form[name][:80]
        for name in _FIELDS
        if name in request.form and (name != "name" or request.endpoint in _NAMES)
    }
    subject = ", ".join(f"{name.removesuffix('_id')} {value}" for name, value in place.items() if name != "class_id")
    try:
        with house().store.write() as db:
            audit_log.write(db, known(), what, subject, int(place.get("class_id", 0)), **said)
    except NotSaved:
        # What was done is done; that it could not be noted stands in the server's own log.
        _noise.exception("not noted: %s %s", what, subject)
    return response


@pages.get(f"/classes/<{ID}:class_id>/log")
def of_class(class_id: int) -> ResponseReturnValue:
    """What was done in a class, the newest first; for its instructors."""
    instructor_of(class_id)
    return _page(class_id, the_class(class_id).name)


@pages.get("/people/log")
def everything() -> ResponseReturnValue:
    """What was done anywhere; for the owner."""
    if people.role(house().store, known()) != "owner":
        raise InstructorsOnly
    return _page(None, "")


def _page(class_id: int | None, name: str) -> str:
    before = request.args.get("before", "0")
    rows = audit_log.read(house().store, class_id, int(before) if before.isdecimal() and len(before) < 19 else 0)
    more = rows[-1].id if len(rows) == audit_log.PAGE else 0
    return render_template(
        "disputes/log.html", class_id=class_id, name=name, rows=[(row, _told(row.details)) for row in rows],
        kinds=KINDS, more=more,
    )  # fmt: skip


def _told(details: dict[str, Any]) -> list[str]:
    """What a row says besides, for reading: scores one by one, all else as name and value."""
    scores = details.get("scores", {})
    out = [f"attempt {id}: {percent(old, new)} → {percent(new, old)}" for id, (old, new) in scores.items()]
    plain = [
        f"{name.replace('_', ' ')}: {value}" for name, value in details.items() if name != "scores" and value != ""
    ]
    return [*plain, *out]
