"""The audit log: what the staff did, noted after each form that took effect, and the pages that show it.

Scores, decisions and case files write their own rows, in the transaction that changes them; here stands the rest.
"""

import logging
from collections.abc import Mapping
from typing import Final

from flask import Blueprint, Flask, Response, g, render_template, request
from flask.typing import ResponseReturnValue

from sandbox.store import log as audit_log
from sandbox.store import people
from sandbox.store.classes import Member
from sandbox.store.database import NotSaved
from sandbox.web import journalwords
from sandbox.web.access import ID, class_staff_only, instructor_of, the_class
from sandbox.web.house import house
from sandbox.web.security import InstructorsOnly, known

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
"""Endpoint → what a form of it does, in words. It is noted with what the page :func:`mention`\\ s, and not without."""
KINDS: Final[dict[str, str]] = {
    "dispute": "disputed a line",
    "withdrawn": "withdrew a dispute",
    "decided": "decided a dispute",
    "regraded": "graded anew",
    "saved": "saved a case file",
    "connected": "connected a course of the school's system",
    "teaches": "became an instructor by the school's system",
    "joined_staff": "came to teach or assist by the school's system",
    "became_owner": "became an owner by a link",
    "became_instructor": "became an instructor by a link",
    "became_assistant": "became an assistant by a link",
    "link": "used a link for staff, and was that already",
    **{words: words for words in NOTED.values()},
}
"""Kind of a row → what was done, in words."""


def init_app(app: Flask) -> None:
    """Note each form of the staff that took effect."""
    app.after_request(_note)


def mention(subject: str = "", class_id: int | None = None, /, **details: object) -> None:
    """What the form that is being answered did, for its row in the log.

    ``class_id``: where the address has none. ``details`` are what was chosen: never a secret, never a text that
    somebody wrote, and people only as :func:`person`, in the lists of :data:`sandbox.store.log.PEOPLE`.
    """
    g.mentioned = (subject, class_id, details)


def person(member: Member) -> str:
    """How the log refers to somebody of a class."""
    return member.learner or audit_log.line(member.id)


def differences(before: Mapping[str, object], after: Mapping[str, object]) -> dict[str, list[object]]:
    """What is another now: name → [old, new]."""
    return {name: [before.get(name), value] for name, value in after.items() if before.get(name) != value}


def _note(response: Response) -> Response:
    what = NOTED.get(request.endpoint or "")
    if what is None or "mentioned" not in g or response.status_code >= 400:
        return response
    subject, class_id, details = g.mentioned
    if class_id is None:
        class_id = (request.view_args or {}).get("class_id", 0)
    try:
        with house().store.write() as db:
            audit_log.write(db, known(), what, subject, class_id, **details)
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
        "disputes/log.html", class_id=class_id, name=name, rows=journalwords.told(house(), rows, class_id),
        kinds=KINDS, more=more,
    )  # fmt: skip
