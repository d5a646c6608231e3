"""Grading a case again after its key was edited: who would go up, who down, and then for everybody or nobody."""

from typing import Final

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sandbox.store import regrades
from sandbox.store.regrades import Meanwhile, Why
from sandbox.web import regrading
from sandbox.web.house import house
from sandbox.web.regrading import Plan
from sandbox.web.security import instructor_only, learner

pages = Blueprint("regradepages", __name__)
instructor_only(pages)

LONGEST: Final = 500


@pages.get("/teach/cases/<case_id>/regrade")
def look(case_id: str) -> ResponseReturnValue:
    """What grading the attempts at a case by its present key would change."""
    return _page(case_id, _plan(case_id, never_lower=True), done=request.args.get("done", ""))


@pages.post("/teach/cases/<case_id>/regrade")
def carry_out(case_id: str) -> ResponseReturnValue:
    """Grade them anew, if it would still do what was shown."""
    here, plan = house(), _plan(case_id, "never_lower" in request.form)
    why = " ".join(request.form.get("why", "").split())[:LONGEST]
    if request.form.get("do") != "grade":
        return _page(case_id, plan, why)
    if not why:
        return _page(case_id, plan, why, "Say in a sentence why: everybody concerned can read it."), 400
    if request.form.get("seal") != plan.seal:
        return _page(case_id, plan, why, "Something has changed since you looked. This is what it would do now."), 409
    file = regrading.the_file(here, case_id)
    regrading.keep_all(here, file)
    try:
        with here.store.write() as db:
            regrades.write(here.store, db, Why(file.id, learner(), why, never_lower=plan.never_lower), plan.written)
    except Meanwhile:
        plan = _plan(case_id, plan.never_lower)
        return _page(case_id, plan, why, "Something has changed since you looked. This is what it would do now."), 409
    return redirect(url_for("regradepages.look", case_id=case_id, done=len(plan.written)), 303)


def _plan(case_id: str, never_lower: bool) -> Plan:
    here = house()
    file = regrading.the_file(here, case_id)
    return regrading.plan(here, regrading.concerned(here, file.id), regrading.by_file(file), never_lower)


def _page(case_id: str, plan: Plan, why: str = "", fault: str = "", done: str = "") -> str:
    file = regrading.the_file(house(), case_id)
    return render_template(
        "disputes/regrade.html",
        case_id=file.id, title=file.case.title, plan=plan, why=why, fault=fault, longest=LONGEST,
        done=int(done) if done.isdecimal() and len(done) < 7 else None,
    )  # fmt: skip


@pages.app_template_global("graded_before")
def graded_before(case_id: str) -> int:
    """How many attempts at a case whoever is asking could have graded again."""
    return regrading.many_concerned(house(), case_id)
