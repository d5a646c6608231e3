"""What several pages of a case draw: the coding pane, the help that was asked for, the last report."""

import secrets
from functools import partial
from typing import Any, Final

from flask import abort, copy_current_request_context, request

from sandbox.cases.library import CaseFile
from sandbox.lessons import Lesson, lessons
from sandbox.report import Report
from sandbox.store import attempts, helps, people, steps
from sandbox.store.attempts import Attempt
from sandbox.store.helps import Asked
from sandbox.web import forms, queryview
from sandbox.web.access import may_see
from sandbox.web.feedback import draw
from sandbox.web.house import House, house
from sandbox.web.labwork import Sheet, Waits
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
    if found is None or not may_see(found.learner, found.lab):
        abort(404)
    if found.held and found.learner == known():
        raise Waits("This report waits", "It can be read when the lab is over. What you handed in is kept.")
    return found


def pane(
    here: House, file: CaseFile, lines: attempts.Lines, focus: str = "", sheet: Sheet | None = None
) -> dict[str, Any]:
    """What the coding pane needs to draw itself. ``sheet``: of the lab that it stands in."""
    make_ready(here, file, lines)
    tells = sheet is None or sheet.lab.plan.feedback == "at_once"
    return {
        "file": file,
        "case": file.case,
        "shape": forms.shape(file.case),
        "sheet": sheet,
        "rows": rows(here.codes, file.case, lines, judged=tells),
        "token": secrets.token_urlsafe(12),
        "focus": focus,
        # By a button, or by the address that one leads to.
        "sure": request.values.get("sure", ""),
        "queries_typed": lines.get("queries", ()),
    }


def make_ready(here: House, file: CaseFile, lines: attempts.Lines) -> None:
    """Have what is typed judged in a quiet moment, so that a check finds its answer. What is no claim yet is not."""
    if (lines["diagnoses"] or lines["procedures"]) and not forms.words(lines):
        # What is drawn has addresses in it, and they are made as for this request.
        work = copy_current_request_context(here.answers.of)
        here.ahead.soon((known(), file.id), partial(work, file, lines))


def help_shown(here: House, file: CaseFile, me: str, sheet: Sheet | None = None) -> dict[str, Any]:
    """The hints and the key, as far as the learner has asked for them."""
    asked = helps.asked(here.store, me, file.id, sheet.lab.id if sheet else 0) if me else Asked()
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
    over = (attempt.score or 0) >= 1 or helps.asked(here.store, attempt.learner, attempt.case_id).key_shown
    if file is None or not over:
        return ()
    told = attempts.reports(here.store, attempt.learner, attempt.case_id)
    return lessons(file.case, [Report.from_json(report) for report in told])


_STEPS: Final = {steps.KIND: ("the kind of error", "the words of the chart"), steps.COMPARED: ("the comparison",) * 2}
"""Step → what was told by it, of a line that was entered and of one that was missing."""


def asked_for(attempt: Attempt) -> list[tuple[str, str, str]]:
    """(code that was entered, what was told, when) for every step that the learner asked for."""
    report = Report.from_json(attempt.report) if attempt.report else None
    return (
        [_told(report, pair, step, made) for pair, step, made in steps.log(house().store, attempt.id)] if report else []
    )


def _told(report: Report, pair: int, step: int, made: str) -> tuple[str, str, str]:
    if pair == steps.QUERIES:
        return "queries", "whether there was anything to ask", made
    if pair > steps.QUERIES:
        return f"query {pair - steps.QUERIES}", _STEPS[step][0].replace("error", "outcome"), made
    entered = report.pairs[pair].entered
    return entered.code if entered else "a missing line", _STEPS[step][not entered], made


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
        "queries": queryview.draw(report, file.case if file else None, shown, taken) if report else "",
        "told": report is not None and queryview.told(shown, taken),
        "number": attempt.number,
        "attempt_id": attempt.id,
        "shown": shown,
    }
