"""What a learner does in a case: type, move lines, check, ask for hints and the key. POST gives fragments."""

import json
import logging
import secrets
import traceback
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sandbox import checker
from sandbox.cases.library import CaseFile
from sandbox.codes.model import day
from sandbox.judge import Judged, NotJudged, judged
from sandbox.report import Report
from sandbox.store import attempts, inbox, steps
from sandbox.store.attempts import Added, NewAttempt
from sandbox.store.confidence import SURE
from sandbox.store.database import NotSaved
from sandbox.web import forms, marking, patients
from sandbox.web.errors import page as error_page
from sandbox.web.feedback import draw, draw_judged, fill
from sandbox.web.house import House, house
from sandbox.web.rows import states
from sandbox.web.security import learner
from sandbox.web.views import feedback, help_shown, is_htmx, open_to, pane

pages = Blueprint("work", __name__)
log = logging.getLogger(__name__)


def _version(case_id: str) -> CaseFile:
    """The version of the case that the posted form was made from, if the learner may work in it."""
    file = house().version(case_id, request.form.get("case_hash", ""))
    if file is None or not open_to(file, learner()):
        abort(404)
    house().keep(file)
    return file


@pages.post("/cases/<case_id>/draft")
def draft(case_id: str) -> ResponseReturnValue:
    """Keep what is typed, and say beside each line what there is to say about it alone."""
    here, file = house(), _version(case_id)
    lines = forms.read(request.form)
    marking.prove(file.case, lines)
    saved = attempts.save_draft(here.store, learner(), case_id, file.hash, lines, request.form.get("seen"))
    if not is_htmx():
        return redirect(url_for("learn.case", case_id=case_id), 303)
    return render_template("learn/_saved.html", saved=saved, states=states(here.codes, file.case, lines, request.form))


@pages.post("/cases/<case_id>/lines")
def move(case_id: str) -> ResponseReturnValue:
    """A button of a line: up, down, remove, add."""
    here, file = house(), _version(case_id)
    lines, focus = forms.act(request.form)
    wrong = marking.prove(file.case, lines) or marking.homeless(request.form)
    saved = attempts.save_draft(here.store, learner(), case_id, file.hash, lines, request.form.get("seen"))
    if wrong:
        return error_page(400, wrong)
    if not is_htmx():
        return redirect(url_for("learn.case", case_id=case_id, _anchor=focus), 303)
    shown = {**pane(here, file, lines, focus), **_hints(here, file)}
    return render_template("learn/_moved.html", saved=saved, **shown)


def _hints(here: House, file: CaseFile) -> dict[str, Any]:
    shown = help_shown(here, file, learner())
    return {name: shown[name] for name in ("asked", "hints_left")}


@pages.post("/cases/<case_id>/restart")
def restart(case_id: str) -> ResponseReturnValue:
    """The case has changed since the learner began: take the codes along to its present version."""
    here, me = house(), learner()
    current = here.cases.get(case_id) or abort(404)
    draft = attempts.draft(here.store, me, case_id)
    lines = draft.lines if draft else forms.EMPTY
    # Words that the revised chart no longer has are let go.
    marking.prove(current.case, lines)
    attempts.save_draft(here.store, me, case_id, current.hash, lines)
    return redirect(url_for("learn.case", case_id=case_id), 303)


@pages.post("/cases/<case_id>/check")
def check(case_id: str) -> ResponseReturnValue:
    """Judge the coding, save the attempt, show the report. The same form sent twice is one attempt."""
    here, file, me = house(), _version(case_id), learner()
    lines = forms.read(request.form)
    if missing := _not_ready(file, lines):
        if not is_htmx():
            attempts.save_draft(here.store, me, case_id, file.hash, lines)
        return error_page(400, missing)
    token = request.form.get("token", "")[:64] or secrets.token_urlsafe(12)
    added, found = _attempt(here, file, me, lines, token)
    shown = added.key_shown
    if added.fresh:
        report = found.report if found else None
        body = draw_judged(found, file.case, shown) if found else ""
    else:
        # The form was sent before: say again what was said then.
        first = attempts.get(here.store, added.id)
        report = Report.from_json(first.report) if first and first.report else None
        body = draw(report, file.case, shown, steps.taken(here.store, added.id)) if report else ""
    if not is_htmx():
        return redirect(url_for("learn.attempt", id=added.id), 303)
    return fill(
        "learn/_feedback.html",
        report=report,
        body=body,
        number=added.number,
        attempt_id=added.id,
        # Asked only where it may be offered: an answer in a classroom is mostly not the last one.
        another=patients.offer(here, me, case_id) if shown or (report and report.score >= 1) else None,
        shown=shown,
        token=secrets.token_urlsafe(12),
        made=added.made,
    )


def _not_ready(file: CaseFile, lines: attempts.Lines) -> tuple[str, str] | None:
    """(what is missing, what to do) before a coding can be judged at all; it costs no try."""
    wrong = marking.prove(file.case, lines)
    if not lines["diagnoses"] and not lines["procedures"]:
        return "There is nothing to check yet", "Enter at least one code, then check again."
    if lines["diagnoses"] and not request.form.getlist("dx_code")[0].strip():
        first = forms.shape(file.case)["first"]
        return f"{first} is empty", "Which of your codes leads? Move it up, then check again."
    if typed := forms.words(lines):
        what = f"“{typed[0][:40]}” is no code yet"
        choose = "Choose one of the suggestions, look" if is_htmx() else "Look"
        return what, f"{choose} it up under Codes, or empty the line."
    return wrong or (marking.missing(lines) if file.case.evidence == "demanded" else None)


def _judged(here: House, file: CaseFile, lines: attempts.Lines) -> Judged:
    """The report on what was typed, remembered for the next learner who types the same. A failure is not."""
    key = (file, forms.key(lines))
    found: Judged | None = here.reports.get(key)
    if found is None:
        found = judged(file, forms.claim(file.case, lines), here.codes, here.payer)
        here.reports.put(key, found, _weight(found.report))
    return found


def _weight(report: Report) -> int:
    # Pairs with the key are shared by many reports; a code out of the blue, and a finding, are one's own.
    return (
        len(report.pairs)
        + 4 * len(report.support)
        + 4 * len(report.findings)
        + 8 * sum(pair.key is None for pair in report.pairs)
    )


def _attempt(here: House, file: CaseFile, me: str, lines: attempts.Lines, token: str) -> tuple[Added, Judged | None]:
    """Judge and save. The report is None where judging failed."""
    found: Judged | None = None
    crash: NotJudged | None = None
    try:
        found = _judged(here, file, lines)
    except NotJudged as error:
        log.exception("attempt not judged")
        crash = error
    new = NewAttempt(
        learner=me,
        case_id=file.id,
        case_hash=file.hash,
        token=token,
        lines=lines,
        edition=here.codes.at(day(file.case.encounter().on)).edition,
        checker=checker.VERSION,
        score=found.report.score if found else None,
        report=found.stored if found else None,
        sure=sure if (sure := request.form.get("sure", "")) in SURE else "",
    )
    added = attempts.add(here.store, new)
    if found is None:
        _report(here, f"{file.id}: an attempt could not be judged: {crash}", crash, lines)
    return added, found


def _report(here: House, subject: str, crash: BaseException | None, lines: attempts.Lines) -> None:
    body = "".join(traceback.format_exception(crash)) if crash else ""
    try:
        inbox.put(here.store, "crash", subject, body + json.dumps(lines))
    except NotSaved:
        # The attempt is saved, and that is what the learner is told; the log has the fault.
        log.exception("the inbox could not be written")


@pages.post("/cases/<case_id>/hint")
def hint(case_id: str) -> ResponseReturnValue:
    """Show the next hint, and record it. The button says which one it is, so that a double click shows one."""
    here, file = house(), _version(case_id)
    said, hints = request.form.get("hint", ""), len(file.case.hints)
    wanted = int(said) if said in map(str, range(1, hints + 1)) else hints
    attempts.ask_hint(here.store, learner(), case_id, wanted)
    return _help(here, file, "hints")


@pages.post("/cases/<case_id>/key")
def key(case_id: str) -> ResponseReturnValue:
    """Show the key, on request only, and record it."""
    here, file = house(), _version(case_id)
    attempts.ask_key(here.store, learner(), case_id)
    return _help(here, file, "key")


def _help(here: House, file: CaseFile, anchor: str) -> ResponseReturnValue:
    if not is_htmx():
        if "dx_code" in request.form:
            lines = forms.read(request.form)
            marking.prove(file.case, lines)
            attempts.save_draft(here.store, learner(), file.id, file.hash, lines)
        return redirect(url_for("learn.case", case_id=file.id, _anchor=anchor), 303)
    shown = help_shown(here, file, learner())
    again: dict[str, Any] = {}
    if anchor == "key":
        # With the key on the page, the pairs of the last report show theirs as well.
        again = feedback(attempts.latest(here.store, learner(), file.id), file, shown["asked"])
        again["another"] = patients.offer(here, learner(), file.id)
    return render_template("learn/_help.html", file=file, case=file.case, swapped=anchor, **shown, **again)
