"""What several pages of a case draw: the coding pane, the help that was asked for, the last report."""

import secrets
from typing import Any

from flask import abort, request

from sandbox.cases.library import CaseFile
from sandbox.lessons import Lesson, lessons
from sandbox.report import Report
from sandbox.store import attempts, people, steps
from sandbox.store.attempts import Asked, Attempt
from sandbox.web import forms
from sandbox.web.feedback import draw
from sandbox.web.house import House, house
from sandbox.web.rows import rows
from sandbox.web.security import known


def is_htmx() -> bool:
    """Whether htmx asks for a fragment; otherwise a browser without JavaScript wants a page."""
    return request.headers.get("HX-Request") == "true"


def open_to(file: CaseFile, me: str) -> bool:
    """Whether the learner may see the case: one that is still being written is its instructor's."""
    return file.case.status != "draft" or people.is_instructor(house().store, me)


def seen_attempt(id: int) -> Attempt:
    """The attempt, for the learner who made it and for instructors. Nobody else is told whether it exists."""
    store = house().store
    found = attempts.get(store, id)
    if found is None or (found.learner != known() and not people.is_instructor(store, known())):
        abort(404)
    return found


def pane(here: House, file: CaseFile, lines: attempts.Lines, focus: str = "") -> dict[str, Any]:
    """What the coding pane needs to draw itself."""
    return {
        "file": file,
        "case": file.case,
        "shape": forms.shape(file.case),
        "rows": rows(here.codes, file.case, lines),
        "token": secrets.token_urlsafe(12),
        "focus": focus,
    }


def help_shown(here: House, file: CaseFile, me: str) -> dict[str, Any]:
    """The hints and the key, as far as the learner has asked for them."""
    asked = attempts.asked(here.store, me, file.id) if me else Asked()
    return {
        "asked": asked,
        "hints": file.case.hints[: asked.hints],
        "hints_left": len(file.case.hints) - asked.hints,
        "key": file.case.key if asked.key_shown else None,
    }


def taken_along(attempt: Attempt) -> tuple[Lesson, ...]:
    """What to take along from the case of an attempt; nothing before it is all right, or the key was shown."""
    here = house()
    file = here.version(attempt.case_id, attempt.case_hash)
    over = (attempt.score or 0) >= 1 or attempts.asked(here.store, attempt.learner, attempt.case_id).key_shown
    if file is None or not over:
        return ()
    told = attempts.reports(here.store, attempt.learner, attempt.case_id)
    return lessons(file.case, [Report.from_json(report) for report in told])


def feedback(attempt: Attempt | None, file: CaseFile | None, asked: Asked) -> dict[str, Any]:
    """What the report of an attempt needs to draw itself again, just as it was stored."""
    if attempt is None:
        return {"last": None}
    report = Report.from_json(attempt.report) if attempt.report else None
    shown = bool(asked.key_shown)
    taken = {} if shown else steps.taken(house().store, attempt.id)
    return {
        "last": attempt,
        "report": report,
        "body": draw(report, file.case if file else None, shown, taken) if report else "",
        "number": attempt.number,
        "attempt_id": attempt.id,
        "shown": shown,
    }
