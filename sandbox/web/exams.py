"""Practice exams: which there are, one's own papers, and the report on a paper that is handed in."""

import datetime as dt
import secrets
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sandbox.cases.blueprint import Blueprint as Plan
from sandbox.cases.blueprint import plans
from sandbox.drills import KINDS
from sandbox.exams import draw, marking
from sandbox.exams.drawing import LARGEST_SEED, TooFew, lacking
from sandbox.store import papers, progress
from sandbox.store.papers import Paper
from sandbox.web import patients
from sandbox.web.errors import page as error_page
from sandbox.web.house import House, house
from sandbox.web.papers import drill, settled
from sandbox.web.security import known, learner, renew, visitor

pages = Blueprint("exams", __name__)


@pages.get("/exams")
def overview() -> ResponseReturnValue:
    """The exams that the library has, and the learner's papers."""
    here, me = house(), visitor()
    renew()
    running = papers.open_one(here.store, me)
    running = running and settled(here, running)
    return render_template(
        "exams/overview.html",
        plans=_plans(here),
        running=running if running and not running.handed_in else None,
        mine=[paper for paper in papers.of_learner(here.store, me) if paper.handed_in],
        kinds=KINDS,
    )


def _plans(here: House) -> dict[str, Plan]:
    """The blueprints that can be read and that the library can fill."""
    found = {plan.id: plan.blueprint for plan in plans(here.cases.root) if plan.blueprint}
    known_kinds = {
        id: plan
        for id, plan in found.items()
        if all(kind in KINDS for domain in plan.domains for kind in domain.drills)
    }
    return {id: plan for id, plan in known_kinds.items() if not lacking(plan, here.cases.cases())}


@pages.post("/exams")
def begin() -> ResponseReturnValue:
    """Draw a paper and begin it; where one is running, that goes on."""
    here, me = house(), learner()
    id = request.form.get("exam", "")
    plan = _plans(here).get(id) or abort(404)
    seed = secrets.randbelow(LARGEST_SEED)
    try:
        questions = draw(plan, here.cases.cases(), seed, {*progress.touched(here.store, me)})
    except TooFew as error:
        return error_page(409, ("This paper cannot be drawn", f"{error}. Choose another exam."))
    rows = []
    for question in questions:
        file = here.cases.get(question.ref) if question.what == "case" else None
        if file:
            here.keep(file)
        rows.append((question.domain, question.what, question.ref, question.seed, file.hash if file else ""))
    here.sitting.add(me)
    papers.begin(here.store, me, id, plan.model_dump(mode="json"), seed, plan.minutes, rows)
    running = papers.open_one(here.store, me)
    assert running
    return redirect(url_for("sitting.contents", paper=running.id), 303)


@pages.get("/exams/<int(max=9223372036854775807):paper>/report")
def report(paper: int) -> ResponseReturnValue:
    """What came of a paper, by domain, with the way back into each question."""
    here = house()
    found = own(here, paper)
    if not found.handed_in:
        return redirect(url_for("sitting.contents", paper=paper))
    return render_template(
        "exams/report.html",
        paper=found,
        plan=Plan.model_validate(found.plan),
        result=found.result,
        minutes=_minutes(found),
        formula=marking.FORMULA,
        domain_formula=marking.DOMAIN_FORMULA,
        items=[(item, _about(here, item)) for item in found.items],
    )


def own(here: House, id: int) -> Paper:
    """The learner's own paper, handed in where its time is over. Nobody else is told whether it exists."""
    found = papers.get(here.store, id)
    if found is None or found.learner != known():
        abort(404)
    return settled(here, found)


def _about(here: House, item: papers.Item) -> dict[str, Any]:
    if item.what == "drill":
        made = drill(here, item)
        return {
            "title": KINDS[item.ref].label,
            "question": made.question,
            "url": url_for("drills.one", kind=item.ref, seed=item.seed),
        }
    file = here.version(item.ref, item.case_hash)
    title = file.case.title if file else item.ref
    number = patients.number(here, item.ref)
    return {
        "title": f"{title}, patient {number[0]}" if number else title,
        "url": url_for("learn.attempt", id=item.attempt) if item.attempt else "",
        "again": url_for("learn.case", case_id=item.ref),
    }


def _minutes(paper: Paper) -> int:
    taken = dt.datetime.fromisoformat(paper.handed_in) - dt.datetime.fromisoformat(paper.begun)
    return round(taken / dt.timedelta(minutes=1))
