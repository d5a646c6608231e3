"""Sitting a paper: one question at a time, saved as one goes, no word of feedback before it is handed in."""

from typing import Any

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sandbox.cases.blueprint import Blueprint as Plan
from sandbox.drills import KINDS
from sandbox.store import papers
from sandbox.store.papers import Item, Paper
from sandbox.web import forms, rows
from sandbox.web.exams import own
from sandbox.web.house import House, house
from sandbox.web.papers import drill, hand_in
from sandbox.web.views import is_htmx

pages = Blueprint("sitting", __name__, url_prefix="/exams/<int(max=9223372036854775807):paper>")


@pages.get("/")
def contents(paper: int) -> ResponseReturnValue:
    """All questions, which are answered or marked to be looked at again, and the way to hand in."""
    here = house()
    found = own(here, paper)
    if found.handed_in:
        return redirect(url_for("exams.report", paper=paper))
    names = [_name(here, item) for item in found.items]
    return render_template("exams/contents.html", **_shared(found), names=names)


@pages.get("/<int:place>")
def question(paper: int, place: int) -> ResponseReturnValue:
    """One question with what was answered so far."""
    here = house()
    found = own(here, paper)
    if found.handed_in:
        return redirect(url_for("exams.report", paper=paper))
    item = _item(found, place)
    shared = {**_shared(found), "item": item, "last": len(found.items)}
    if item.what == "drill":
        return render_template("exams/drill.html", **shared, drill=drill(here, item), kind=KINDS[item.ref])
    file = here.version(item.ref, item.case_hash) or abort(404)
    case = file.case
    # The titles of the codes, as an encoder shows them, and nothing that a rule would say.
    lines = rows.rows(here.codes, case, item.answer or forms.EMPTY, judged=False)
    return render_template("exams/case.html", **shared, file=file, case=case, shape=forms.shape(case), rows=lines)


@pages.post("/<int:place>")
def save(paper: int, place: int) -> ResponseReturnValue:
    """Keep an answer and go on; the buttons of a line move it."""
    here = house()
    found = own(here, paper)
    item = _item(found, place)
    answer, focus = _answer(here, item)
    flagged = "flagged" in request.form
    saved = "" if found.handed_in else papers.save(here.store, paper, place, answer, flagged, request.form.get("seen"))
    if not saved:
        over = url_for("sitting.contents", paper=paper)
        if is_htmx():
            answered = make_response("", 204)
            answered.headers["HX-Redirect"] = over
            return answered
        return redirect(over, 303)
    if is_htmx():
        file = here.version(item.ref, item.case_hash) if item.what == "case" else None
        said = rows.states(here.codes, file.case, answer, request.form, judged=False) if file else {}
        return render_template("exams/_saved.html", saved=saved, states=said)
    return redirect(_onward(found, place, focus), 303)


def _answer(here: House, item: Item) -> tuple[dict[str, Any], str]:
    """(the answer, the id of what should have the focus) of the posted form."""
    if item.what == "drill":
        chosen = request.form.get("chosen", "")
        known = {option.id for option in drill(here, item).options}
        return ({"chosen": chosen} if chosen in known else {}), ""
    lines, focus = forms.act(request.form)
    return lines, focus


def _onward(paper: Paper, place: int, focus: str) -> str:
    go = request.form.get("go", "")
    there = {"next": place + 1, "previous": place - 1}.get(go, place)
    if go == "contents" or not 1 <= there <= len(paper.items):
        return url_for("sitting.contents", paper=paper.id)
    return url_for("sitting.question", paper=paper.id, place=there, _anchor=focus or None)


@pages.post("/hand-in")
def finish(paper: int) -> ResponseReturnValue:
    """Hand the paper in. Sent twice, it is handed in once."""
    here = house()
    found = own(here, paper)
    if not found.handed_in:
        hand_in(here, found)
    return redirect(url_for("exams.report", paper=paper), 303)


def _shared(paper: Paper) -> dict[str, Any]:
    return {"paper": paper, "plan": Plan.model_validate(paper.plan), "left": max(0, round(paper.left))}


def _item(paper: Paper, place: int) -> Item:
    return paper.items[place - 1] if 1 <= place <= len(paper.items) else abort(404)


def _name(here: House, item: Item) -> str:
    if item.what == "drill":
        return KINDS[item.ref].label
    file = here.version(item.ref, item.case_hash)
    return file.case.title if file else item.ref
