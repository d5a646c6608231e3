"""What a learner does in a case: type, move lines, check, ask for hints and the key. POST gives fragments."""

import json
import logging
import secrets
import traceback
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from sandbox import checker
from sandbox.cases.library import CaseFile
from sandbox.codes.model import day
from sandbox.judge import NotJudged
from sandbox.report import Report
from sandbox.store import attempts, disputes, helps, inbox, steps
from sandbox.store.attempts import Added, NewAttempt
from sandbox.store.confidence import SURE
from sandbox.store.database import NotSaved
from sandbox.web import billed, forms, labwork, marking, patients, queryform, queryview
from sandbox.web.errors import page as error_page
from sandbox.web.feedback import draw
from sandbox.web.fragments import fill
from sandbox.web.house import House, house
from sandbox.web.judging import Answer
from sandbox.web.labwork import Sheet, Waits
from sandbox.web.rows import states
from sandbox.web.security import learner
from sandbox.web.views import feedback, help_shown, is_htmx, make_ready, open_to, pane

pages = Blueprint("work", __name__)
log = logging.getLogger(__name__)


def _version(case_id: str) -> tuple[CaseFile, Sheet | None]:
    """The version of the case that the posted form was made from, if the learner may work in it, and the sheet of the
    lab that it belongs to, if any. Raises :class:`Waits`."""
    sheet = labwork.posted(case_id)
    file = house().version(case_id, request.form.get("case_hash", ""))
    if file is None or not open_to(file, learner()):
        abort(404)
    house().keep(file)
    return file, sheet


def _lab(sheet: Sheet | None) -> int:
    return sheet.lab.id if sheet else 0


def _page(case_id: str, sheet: Sheet | None, **more: Any) -> str:
    """The address of the page that a form of a case stands on."""
    if sheet:
        return url_for("room.case", lab_id=sheet.lab.id, place=sheet.task.place, **more)
    return url_for("learn.case", case_id=case_id, **more)


@pages.post("/cases/<case_id>/draft")
def draft(case_id: str) -> ResponseReturnValue:
    """Keep what is typed, and say beside each line what there is to say about it alone."""
    here, (file, sheet) = house(), _version(case_id)
    lines = forms.read(request.form)
    marking.prove(file.case, lines)
    saved = _save(here, file, sheet, lines, request.form.get("seen"))
    if not is_htmx():
        return redirect(_page(case_id, sheet), 303)
    make_ready(here, file, lines)
    said = states(here.codes, file.case, lines, request.form, judged=_tells(sheet))
    return render_template("learn/_saved.html", saved=saved, states=said)


def _tells(sheet: Sheet | None) -> bool:
    """Whether what a rule says of a line may stand beside it while one types."""
    return sheet is None or sheet.lab.plan.feedback == "at_once"


def _save(here: House, file: CaseFile, sheet: Sheet | None, lines: attempts.Lines, seen: str | None = None) -> str:
    """Keep what is typed, in practice or on the sheet of a lab that still takes it. Raises :class:`Waits`."""
    if sheet:
        sheet.demand(draft=True)
    return attempts.save_draft(here.store, learner(), file.id, file.hash, lines, seen, _lab(sheet))


@pages.post("/cases/<case_id>/lines")
def move(case_id: str) -> ResponseReturnValue:
    """A button of a line: up, down, remove, add."""
    here, (file, sheet) = house(), _version(case_id)
    lines, focus = forms.act(request.form)
    wrong = marking.prove(file.case, lines) or marking.homeless(request.form)
    saved = _save(here, file, sheet, lines, request.form.get("seen"))
    if wrong:
        return error_page(400, wrong)
    if not is_htmx():
        sure = request.form.get("sure") or None
        return redirect(_page(case_id, sheet, sure=sure, _anchor=focus), 303)
    shown = {**pane(here, file, lines, focus, sheet), **_hints(here, file, sheet)}
    return render_template("learn/_moved.html", saved=saved, **shown)


def _hints(here: House, file: CaseFile, sheet: Sheet | None) -> dict[str, Any]:
    shown = help_shown(here, file, learner(), sheet)
    return {name: shown[name] for name in ("asked", "hints_left")}


@pages.post("/cases/<case_id>/restart")
def restart(case_id: str) -> ResponseReturnValue:
    """The case has changed since the learner began: take the codes along to its present version."""
    here, me, sheet = house(), learner(), labwork.posted(case_id)
    current = here.cases.get(case_id) or abort(404)
    draft = attempts.draft(here.store, me, case_id, _lab(sheet))
    lines = draft.lines if draft else forms.EMPTY
    # Words that the revised chart no longer has are let go.
    marking.prove(current.case, lines)
    _save(here, current, sheet, lines)
    return redirect(_page(case_id, sheet), 303)


@pages.post("/cases/<case_id>/check")
def check(case_id: str) -> ResponseReturnValue:
    """Judge the coding, save the attempt, show the report. The same form sent twice is one attempt."""
    here, (file, sheet), me = house(), _version(case_id), learner()
    lines = forms.read(request.form)
    if missing := _not_ready(file, lines, sheet):
        if not is_htmx():
            _save(here, file, sheet, lines)
        return error_page(400, missing)
    # What begins with "lab-" was handed in by itself (`sandbox.store.labs.by_itself`).
    token = request.form.get("token", "")[:64].replace("lab-", "lab_") or secrets.token_urlsafe(12)
    if sheet and not sheet.lab.takes(sheet.seat, sheet.now):
        sheet.demand()
    added, found = _attempt(here, file, me, lines, token, sheet)
    if sheet and (sheet.left is not None or not sheet.shows):
        return _in_lab(sheet)
    shown = added.key_shown
    if added.fresh and found and not shown:
        report: Answer | Report | None = found
        body, queries = found.body, found.queries
    else:
        # The form was sent before: say again what was said then. Or the key is to be seen beside it.
        first = attempts.get(here.store, added.id)
        report = Report.from_json(first.report) if first and first.report else None
        taken = steps.taken(here.store, added.id)
        body = draw(report, file.case, shown, taken) if report else Markup("")
        queries = queryview.draw(report, file.case, shown, taken) if report else Markup("")
    if not is_htmx():
        return redirect(url_for("learn.attempt", id=added.id), 303)
    return fill(
        "learn/_feedback.html",
        report=report,
        body=body,
        queries=queries,
        number=added.number,
        attempt_id=added.id,
        # Asked only where it may be offered: an answer in a classroom is mostly not the last one.
        another=patients.offer(here, me, case_id) if shown or (report and report.score >= 1) else None,
        shown=shown,
        token=secrets.token_urlsafe(12),
        made=added.made,
    )


def _in_lab(sheet: Sheet) -> ResponseReturnValue:
    """The page of the sheet as it is now: checks may be used up, and the report may have to wait."""
    there = _page("", sheet)
    if not is_htmx():
        return redirect(there, 303)
    return "", 200, {"HX-Redirect": there}


def _not_ready(file: CaseFile, lines: attempts.Lines, sheet: Sheet | None) -> tuple[str, str] | None:
    """(what is missing, what to do) before a coding can be judged at all; it costs no try."""
    wrong = marking.prove(file.case, lines)
    if not lines["diagnoses"] and not lines["procedures"]:
        return "There is nothing to check yet", "Enter at least one code, then check again."
    if lines["diagnoses"] and not request.form.getlist("dx_code")[0].strip():
        first = forms.shape(file.case)["first"]
        return f"{first} is empty", "Which of your codes leads? Move it up, then check again."
    if typed := forms.words(lines):
        what = f"“{typed[0][:40]}” is no code yet"
        how = "Choose one of the suggestions, find it by “Look up codes”" if is_htmx() else "Find it in the Code book"
        return what, f"{how}, or empty the line."
    wanted = file.case.evidence == "demanded" or (sheet is not None and sheet.lab.plan.evidence)
    demanded = marking.missing(lines) if wanted else None
    return wrong or billed.fault(lines) or demanded or queryform.missing(lines)


def _attempt(
    here: House, file: CaseFile, me: str, lines: attempts.Lines, token: str, sheet: Sheet | None = None
) -> tuple[Added, Answer | None]:
    """Judge and save. The report is None where judging failed."""
    found: Answer | None = None
    crash: NotJudged | None = None
    try:
        found = here.answers.of(file, lines, disputes.ruled(here.store, me, file.id, _lab(sheet)))
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
        score=found.score if found else None,
        report=found.stored if found else None,
        sure=sure if (sure := request.form.get("sure", "")) in SURE else "",
        lab=_lab(sheet),
        most=sheet.lab.plan.checks if sheet else 0,
        # In the moments after the end that still count, nothing waits any more: what waited has been opened.
        held=sheet is not None and sheet.lab.plan.feedback == "after" and not sheet.lab.over(sheet.now),
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
    here, (file, sheet) = house(), _version(case_id)
    if sheet and not (sheet.hints and sheet.in_hand):
        raise Waits("There are no hints in this lab", "They are switched off, or the case is handed in.")
    said, hints = request.form.get("hint", ""), len(file.case.hints)
    wanted = int(said) if said in map(str, range(1, hints + 1)) else hints
    helps.ask_hint(here.store, learner(), case_id, wanted, _lab(sheet))
    return _help(here, file, "hints", sheet)


@pages.post("/cases/<case_id>/key")
def key(case_id: str) -> ResponseReturnValue:
    """Show the key, on request only, and record it."""
    here, (file, sheet) = house(), _version(case_id)
    if sheet and not sheet.key:
        raise Waits("The key waits", "In this lab it is not shown before the end.")
    helps.ask_key(here.store, learner(), case_id, _lab(sheet))
    return _help(here, file, "key", sheet)


def _help(here: House, file: CaseFile, anchor: str, sheet: Sheet | None) -> ResponseReturnValue:
    if not is_htmx():
        if "dx_code" in request.form:
            lines = forms.read(request.form)
            marking.prove(file.case, lines)
            _save(here, file, sheet, lines)
        return redirect(_page(file.id, sheet, _anchor=anchor), 303)
    shown = help_shown(here, file, learner(), sheet)
    again: dict[str, Any] = {}
    if anchor == "key":
        # With the key on the page, the pairs of the last report show theirs as well.
        again = feedback(attempts.latest(here.store, learner(), file.id, _lab(sheet)), file, shown["asked"])
        again["another"] = patients.offer(here, learner(), file.id)
    return render_template("learn/_help.html", file=file, case=file.case, swapped=anchor, sheet=sheet, **shown, **again)
