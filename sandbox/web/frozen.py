"""While an exam or a lab goes on, practice of its cases waits: no feedback, hint or key of what is being asked."""

from typing import Final

from flask import Flask, request
from flask.typing import ResponseReturnValue

from sandbox.store import attempts, audits, papers
from sandbox.web import labend, labwork
from sandbox.web.access import may_see
from sandbox.web.errors import page
from sandbox.web.house import House, house
from sandbox.web.papers import settled
from sandbox.web.security import known, teaches

_WORDS: Final = (
    "This case lies in the exam that you are sitting",
    "Its feedback, hints and key wait until the paper is handed in. The way back to your paper: Exams.",
)
_OWN_RULES: Final = ("sitting", "work", "room")
"""Blueprints that know themselves what they may tell: the paper, and what is posted from the sheet of a lab."""


def init_app(app: Flask) -> None:
    """Ask before every page of a case."""
    app.register_error_handler(labwork.Waits, labwork.waiting)

    @app.before_request
    def wait() -> ResponseReturnValue | None:
        here, me = house(), known()
        if request.endpoint != "static":
            labend.settle_due(here)
        if not request.view_args:
            return None
        if me in here.sitting and request.blueprint != "sitting":
            return _examined(here, me)
        if request.blueprint not in _OWN_RULES and here.labs.some():
            return _in_a_lab(here, me)
        return None


def _examined(here: House, me: str) -> ResponseReturnValue | None:
    case_id = _case(here)
    if not case_id:
        return None
    paper = papers.open_one(here.store, me)
    if paper is None or settled(here, paper).handed_in:
        return None
    held = {item.ref.partition("~")[0] for item in paper.items if item.what == "case"}
    return page(409, _WORDS) if case_id.partition("~")[0] in held else None


def _in_a_lab(here: House, me: str) -> ResponseReturnValue | None:
    attempt = _attempt(here)
    if attempt is not None and attempt.learner == me and attempt.lab and not labwork.withheld(here, attempt):
        return None
    case_id = _case(here)
    held = labwork.holds(here, me, case_id) if case_id else None
    return page(409, held) if held and not teaches() else None


def _attempt(here: House) -> attempts.Attempt | None:
    id = (request.view_args or {}).get("id")
    # By the address and not by the module, so that a page that is added below it waits as well.
    return attempts.get(here.store, id) if isinstance(id, int) and request.path.startswith("/attempts/") else None


def _case(here: House) -> str:
    """The case that a page is about, by its id or by that of an attempt or audit; empty for other pages."""
    given = request.view_args or {}
    if "case_id" in given:
        return str(given["case_id"])
    # Whoever may not see it is not told by this either what it is about: the page says that there is none.
    if isinstance(given.get("id"), int) and request.path.startswith("/audits/"):
        audit = audits.get(here.store, given["id"])
        return audit.case_id if audit and may_see(audit.learner) else ""
    found = _attempt(here)
    return found.case_id if found and may_see(found.learner, found.lab) else ""
