"""*Report a problem*: with a case, or with what was said of an attempt at it. It reaches the instructor's inbox."""

import json
from typing import Any, Final

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sandbox import checker
from sandbox.cases.library import CaseFile
from sandbox.codes.model import day
from sandbox.report import Report
from sandbox.store import attempts, inbox
from sandbox.store.attempts import Attempt
from sandbox.web.disputing import grounds_of
from sandbox.web.house import House, house
from sandbox.web.security import known, learner, visitor
from sandbox.web.views import open_to, seen_attempt

pages = Blueprint("problems", __name__)

KINDS: Final = {
    "chart": "Something in the chart is wrong or unclear",
    "key": "I think that the key, or its reason, is wrong",
    "rule": "I think that a rule is wrong here",
    "page": "The page does not do what it should",
    "other": "Something else",
}
LONGEST: Final = 2000
MOST: Final = 20
"""Reports of one learner in an hour: more are no help to anybody."""


@pages.route("/cases/<case_id>/problem", methods=["GET", "POST"])
def case(case_id: str) -> ResponseReturnValue:
    """A problem with a case, its chart before all."""
    here, me = house(), visitor()
    file = here.cases.get(case_id)
    if file is None or not open_to(file, me):
        abort(404)
    back = url_for("learn.case", case_id=case_id)
    return _page(here, file, {}, back, {"case": case_id, "case_hash": file.hash})


@pages.route("/attempts/<int(max=9223372036854775807):id>/problem", methods=["GET", "POST"])
def attempt(id: int) -> ResponseReturnValue:
    """A problem with what was said of an attempt: one line of the report, one finding, or all of it."""
    here, found = house(), seen_attempt(id)
    if found.learner != known():
        abort(404)
    file = here.version(found.case_id, found.case_hash)
    if file is None:
        abort(404)
    kept = {
        "case": found.case_id,
        "case_hash": found.case_hash,
        "attempt": id,
        "edition": found.edition,
        "checker": found.checker,
        "lines": found.lines,
    }
    return _page(here, file, _abouts(found), url_for("learn.attempt", id=id), kept)


def _abouts(found: Attempt) -> dict[str, str]:
    """What of the report it may be about, in words that give away no more than the report did."""
    if found.report is None:
        return {}
    report = Report.from_json(found.report)
    lines = {f"line {n + 1}": f"line {p.entered.code}" for n, p in enumerate(report.pairs) if p.entered}
    rules = {f.rule: f"rule {f.rule} ({', '.join(f.codes)})" for f in report.findings}
    return {**lines, **rules}


def _page(here: House, file: CaseFile, abouts: dict[str, str], back: str, kept: dict[str, Any]) -> ResponseReturnValue:
    text = request.form.get("text", "").strip()[:LONGEST]
    kind, about = request.form.get("kind", ""), request.form.get("about", request.args.get("about", ""))
    missing = ""
    if request.method == "POST":
        me = learner()
        if kind not in KINDS or not text:
            missing = "Choose what it is about, and say in a sentence or two what is wrong."
        elif inbox.lately(here.store, me) >= MOST:
            missing = f"You have sent {MOST} reports within an hour; they are all kept. Please go on a little later."
        else:
            inbox.put(
                here.store, "problem", _subject(file, kind, text), _body(here, file, abouts, about, text, kept), me
            )
            return redirect(f"{request.path}?sent=1", 303)
    shown = {"kinds": KINDS, "abouts": abouts, "longest": LONGEST, "kind": kind, "about": about, "text": text}
    page = render_template(
        "learn/problem.html",
        dispute=_dispute(here, kept),
        file=file,
        back=back,
        missing=missing,
        sent=bool(request.args.get("sent")),
        **shown,
    )
    return (page, 400) if missing else page


def _dispute(here: House, kept: dict[str, Any]) -> str:
    """Where a line of the attempt may be disputed, as long as a class takes it; empty otherwise."""
    found = attempts.get(here.store, kept["attempt"]) if "attempt" in kept else None
    return url_for("disputing.attempt", id=found.id) if found and found.report and grounds_of(here, found) else ""


def _subject(file: CaseFile, kind: str, text: str) -> str:
    return f"{file.id}: {KINDS[kind]}: {' '.join(text.split())[:160]}"


def _body(here: House, file: CaseFile, abouts: dict[str, str], about: str, text: str, kept: dict[str, Any]) -> str:
    edition = here.codes.at(day(file.case.encounter().on)).edition
    context = {"edition": edition, "checker": checker.VERSION, **kept, "about": abouts.get(about, "the whole")}
    return f"{text}\n\n{json.dumps(context, ensure_ascii=False, indent=1)}"
