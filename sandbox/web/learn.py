"""The learner's pages: the list of cases, a case, its drafts, checks, hints and key, and past attempts."""

import json
import logging
import secrets
import traceback
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from sandbox import checker
from sandbox.cases.library import CaseFile
from sandbox.judge import Judged, NotJudged, judged
from sandbox.report import Report
from sandbox.store import attempts, inbox, people
from sandbox.store.attempts import Asked, NewAttempt
from sandbox.web import forms
from sandbox.web.errors import page as error_page
from sandbox.web.feedback import draw, draw_judged
from sandbox.web.house import House, house
from sandbox.web.rows import rows, states
from sandbox.web.security import known, learner, name

pages = Blueprint("learn", __name__)
log = logging.getLogger(__name__)


def is_htmx() -> bool:
    """Whether htmx asks for a fragment; otherwise a browser without JavaScript wants a page."""
    return request.headers.get("HX-Request") == "true"


@pages.get("/")
def home() -> ResponseReturnValue:
    """The list of cases, with what this learner did in each."""
    here = house()
    best: dict[str, dict[str, Any]] = {}
    for row in attempts.of_learner(here.store, known()):
        seen = best.setdefault(row["case_id"], {"best": 0.0, "tries": 0})
        seen["tries"] += row["judged"]
        seen["best"] = max(seen["best"], row["score"] or 0.0)
    files = [file for file in here.cases.cases().values() if file.case.status == "ready"]
    files.sort(key=lambda file: (file.case.difficulty, file.case.title))
    return render_template("learn/home.html", files=files, best=best, name=name())


@pages.post("/name")
def rename() -> ResponseReturnValue:
    """The learner gives a name, kept in the signed cookie."""
    given = " ".join(request.form.get("name", "").split())[: people.LONGEST_NAME] or "Guest"
    me = learner()
    session["name"] = given
    people.add_learner(house().store, me, given)
    return redirect(url_for("learn.home"), 303)


@pages.get("/cases/<case_id>")
def case(case_id: str) -> ResponseReturnValue:
    """The workstation: chart on the left, coding pane and the last report on the right."""
    here, me = house(), known()
    draft = attempts.draft(here.store, me, case_id) if me else None
    current = here.cases.get(case_id)
    file = (here.version(case_id, draft.case_hash) if draft else None) or current
    if file is None or (file.case.status == "draft" and not people.is_instructor(here.store, me)):
        abort(404)
    last = attempts.latest(here.store, me, case_id) if me else None
    lines = draft.lines if draft else {"diagnoses": [], "procedures": []}
    return render_template(
        "learn/case.html",
        changed=current is not None and current.hash != file.hash,
        saved=draft.saved if draft else "",
        last=last,
        report=_report(last) if last else None,
        **pane(here, file, lines),
        **_shown(here, file, me),
    )


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


def _shown(here: House, file: CaseFile, me: str) -> dict[str, Any]:
    """The hints and the key, as far as the learner has asked for them."""
    asked = attempts.asked(here.store, me, file.id) if me else Asked()
    return {
        "asked": asked,
        "hints": file.case.hints[: asked.hints],
        "hints_left": len(file.case.hints) - asked.hints,
        "key": file.case.key if asked.key_shown else None,
    }


def _version(case_id: str) -> CaseFile:
    """The version of the case that the posted form was made from."""
    file = house().version(case_id, request.form.get("case_hash", ""))
    if file is None:
        abort(404)
    house().keep(file)
    return file


@pages.post("/cases/<case_id>/draft")
def draft(case_id: str) -> ResponseReturnValue:
    """Keep what is typed, and say beside each line what there is to say about it alone."""
    here, file = house(), _version(case_id)
    lines = forms.read(request.form)
    saved = attempts.save_draft(here.store, learner(), case_id, file.hash, lines)
    if not is_htmx():
        return redirect(url_for("learn.case", case_id=case_id), 303)
    return render_template("learn/_saved.html", saved=saved, states=states(here.codes, file.case, lines, request.form))


@pages.post("/cases/<case_id>/lines")
def move(case_id: str) -> ResponseReturnValue:
    """A button of a line: up, down, remove, add."""
    here, file = house(), _version(case_id)
    lines, focus = forms.act(forms.read(request.form), request.form.get("action", ""))
    saved = attempts.save_draft(here.store, learner(), case_id, file.hash, lines)
    if not is_htmx():
        return redirect(url_for("learn.case", case_id=case_id, _anchor=focus), 303)
    return render_template("learn/_coding.html", saved=saved, **pane(here, file, lines, focus), **_hints(here, file))


def _hints(here: House, file: CaseFile) -> dict[str, Any]:
    shown = _shown(here, file, learner())
    return {name: shown[name] for name in ("asked", "hints_left")}


@pages.post("/cases/<case_id>/restart")
def restart(case_id: str) -> ResponseReturnValue:
    """The case has changed since the learner began: take the codes along to its present version."""
    here, me = house(), learner()
    current = here.cases.get(case_id) or abort(404)
    draft = attempts.draft(here.store, me, case_id)
    attempts.save_draft(here.store, me, case_id, current.hash, draft.lines if draft else forms.EMPTY)
    return redirect(url_for("learn.case", case_id=case_id), 303)


@pages.post("/cases/<case_id>/check")
def check(case_id: str) -> ResponseReturnValue:
    """Judge the coding, save the attempt, show the report. The same form sent twice is one attempt."""
    here, file, me = house(), _version(case_id), learner()
    lines = forms.read(request.form)
    if not lines["diagnoses"] and not lines["procedures"]:
        return error_page(400, ("There is nothing to check yet", "Enter at least one code, then check again."))
    token = request.form.get("token", "")[:64] or secrets.token_urlsafe(12)
    asked = attempts.asked(here.store, me, case_id)
    shown = bool(asked.key_shown)
    made = attempts.by_token(here.store, me, token)
    if made is None:
        id, number, found = _attempt(here, file, lines, token, asked)
        report = found.report if found else None
        body = draw_judged(found, file.case, shown) if found else None
    else:
        id, number, report = made.id, made.number, _report(made)
        body = draw(report, file.case, shown) if report else None
    if not is_htmx():
        return redirect(url_for("learn.attempt", id=id), 303)
    return render_template(
        "learn/_feedback.html",
        report=report,
        body=body,
        number=number,
        attempt_id=id,
        token=secrets.token_urlsafe(12),
        shown=shown,
    )


def _report(attempt: attempts.Attempt) -> Report | None:
    """The report as it was stored with the attempt."""
    return Report.from_json(attempt.report) if attempt.report else None


def _attempt(
    here: House, file: CaseFile, lines: attempts.Lines, token: str, asked: Asked
) -> tuple[int, int, Judged | None]:
    """Judge and save. Returns id, number and the report, which is None where the judging itself failed."""
    crash = ""
    found: Judged | None = None
    try:
        found = judged(file, forms.claim(file.case, lines), here.codes, here.payer)
    except NotJudged as error:
        log.exception("attempt not judged")
        crash = "".join(traceback.format_exception(error))
    new = NewAttempt(
        learner=learner(),
        case_id=file.id,
        case_hash=file.hash,
        token=token,
        lines=lines,
        edition=here.codes.edition,
        checker=checker.VERSION,
        score=found.report.score if found else None,
        report=found.text if found else None,
        asked=asked,
    )
    id, number = attempts.add(here.store, new)
    if found is None:
        inbox.put(here.store, "crash", f"{file.id}: an attempt could not be judged", crash + json.dumps(lines))
    return id, number, found


@pages.post("/cases/<case_id>/hint")
def hint(case_id: str) -> ResponseReturnValue:
    """Show one more hint, and record it."""
    here, file = house(), _version(case_id)
    attempts.ask_hint(here.store, learner(), case_id, len(file.case.hints))
    return _help(here, file, "hints")


@pages.post("/cases/<case_id>/key")
def key(case_id: str) -> ResponseReturnValue:
    """Show the key, on request only, and record it."""
    here, file = house(), _version(case_id)
    attempts.ask_key(here.store, learner(), case_id)
    return _help(here, file, "key")


def _help(here: House, file: CaseFile, anchor: str) -> ResponseReturnValue:
    if not is_htmx():
        if request.form.get("dx_code"):
            attempts.save_draft(here.store, learner(), file.id, file.hash, forms.read(request.form))
        return redirect(url_for("learn.case", case_id=file.id, _anchor=anchor), 303)
    return render_template(
        "learn/_help.html", file=file, case=file.case, swapped=anchor, **_shown(here, file, learner())
    )


@pages.get("/attempts")
def history() -> ResponseReturnValue:
    """Every attempt of this learner."""
    here = house()
    rows = attempts.of_learner(here.store, known()) if known() else []
    titles = {file.id: file.case.title for file in here.cases.cases().values()}
    return render_template("learn/history.html", attempts=rows, titles=titles)


@pages.get("/attempts/<int(max=9223372036854775807):id>")
def attempt(id: int) -> ResponseReturnValue:
    """One attempt, as it was judged then, with every figure and its formula."""
    here = house()
    found = attempts.get(here.store, id) or abort(404)
    if found.learner != known() and not people.is_instructor(here.store, known()):
        # Not 403: whether the attempt exists is nobody else's business.
        abort(404)
    file = here.version(found.case_id, found.case_hash)
    asked = attempts.asked(here.store, found.learner, found.case_id)
    return render_template(
        "learn/attempt.html",
        attempt=found,
        report=_report(found),
        number=found.number,
        attempt_id=id,
        file=file,
        case=file.case if file else None,
        shown=bool(asked.key_shown),
    )
