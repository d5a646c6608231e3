"""The learner's pages: the list of cases, a case, and past attempts."""

from typing import Any, Final

from flask import Blueprint, abort, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from sandbox.cases.library import CaseFile
from sandbox.store import attempts, audits, classes, goals, helps, mine, papers, people, progress, regrades
from sandbox.store.attempts import Attempt
from sandbox.web import forms, patients
from sandbox.web.access import staff_role
from sandbox.web.disputing import way_to_dispute
from sandbox.web.goal import WORDS
from sandbox.web.house import House, house
from sandbox.web.security import known, learner, name, renew, teaches, visitor
from sandbox.web.views import asked_for, feedback, help_shown, open_to, pane, seen_attempt, taken_along

pages = Blueprint("learn", __name__)


@pages.get("/")
def home() -> ResponseReturnValue:
    """The list of cases, with what this learner did in each."""
    here = house()
    best: dict[str, dict[str, Any]] = {}
    for row in attempts.of_learner(here.store, known()):
        seen = best.setdefault(row["case_id"].partition("~")[0], {"best": 0.0, "tries": 0})
        seen["tries"] += row["judged"]
        seen["best"] = max(seen["best"], row["score"] or 0.0)
    every = [file for file in here.cases.cases().values() if file.case.status == "ready"]
    every.sort(key=lambda file: (file.case.difficulty, file.case.title))
    done = progress.done(here.store, known())
    through = {file.id: sum(one.id in done for one in file.family) for file in every}
    asked = {field: request.args.get(field, "").strip()[:100] for field in _FILTERS}
    return render_template(
        "learn/home.html",
        files=[file for file in every if _fits(file, asked, best.get(file.id), through[file.id])],
        all=len(every),
        asked=asked,
        settings=sorted({(file.case.setting, file.case.setting_label) for file in every}, key=lambda pair: pair[1]),
        specialties=sorted({file.case.specialty for file in every}, key=str.lower),
        states=_STATES,
        best=best,
        through=through,
        name=name(),
        goal=goals.today(here.store, known()),
        goal_words=WORDS,
        teaches=teaches(),
    )


_FILTERS: Final = ("q", "setting", "specialty", "difficulty", "state")
_STATES: Final = {"new": "new to me", "begun": "begun", "done": "all right"}


def _fits(file: CaseFile, asked: dict[str, str], best: dict[str, Any] | None, through: int) -> bool:
    """Whether a case has all that is asked for; what is not asked for is empty."""
    case = file.case
    words = f"{case.title} {case.specialty} {case.setting_label}".lower()
    over = through == len(file.family)
    state = "done" if over else "begun" if best or through else "new"
    has = {"setting": case.setting, "specialty": case.specialty, "difficulty": str(case.difficulty), "state": state}
    return all(word in words for word in asked["q"].lower().split()) and all(
        asked[field] in ("", value) for field, value in has.items()
    )


@pages.post("/name")
def rename() -> ResponseReturnValue:
    """Somebody gives a name, kept in the signed cookie; who teaches or assists is shown by it everywhere."""
    at_account = "account" in request.form
    # A field that was emptied takes back the name of a learner; among the staff somebody has to be somebody.
    given = " ".join(request.form.get("name", "").split())[: people.LONGEST_NAME] or (name() if at_account else "Guest")
    me = learner()
    session["name"] = given
    people.rename(house().store, me, given)
    return redirect(url_for("signin.account", done="name") if at_account else url_for("learn.home"), 303)


@pages.get("/cases/<case_id>/patient")
def patient(case_id: str) -> ResponseReturnValue:
    """To the patient of the case whose turn it is for this learner. A page of its own for each, so this only leads."""
    here, me = house(), visitor()
    renew()
    family = here.cases.family(case_id)
    if not family or not open_to(family[0], me):
        abort(404)
    return redirect(url_for("learn.case", case_id=patients.turn(here, me, family)[0].id))


@pages.get("/cases/<case_id>")
def case(case_id: str) -> ResponseReturnValue:
    """The workstation: chart on the left, coding pane and the last report on the right."""
    here, me = house(), visitor()
    renew()
    draft = attempts.draft(here.store, me, case_id)
    current = here.cases.get(case_id)
    file = (here.version(case_id, draft.case_hash) if draft else None) or current
    if file is None or not open_to(file, me):
        abort(404)
    # What is shown now must still be there when its first answer comes, whatever happens to the file meanwhile.
    here.keep(file)
    last = attempts.latest(here.store, me, case_id)
    lines = draft.lines if draft else forms.EMPTY
    shown = help_shown(here, file, me)
    return render_template(
        "learn/case.html",
        changed=current is not None and current.hash != file.hash,
        saved=draft.saved if draft else "",
        patient=patients.number(here, case_id),
        another=patients.offer(here, me, case_id),
        teaches=case_id.partition("~")[0] if teaches() else "",
        **pane(here, file, lines),
        **shown,
        **feedback(last, file, shown["asked"]),
    )


@pages.get("/attempts")
def history() -> ResponseReturnValue:
    """Every attempt and every audit of this learner."""
    here = house()
    rows = attempts.of_learner(here.store, known()) if known() else []
    titles = {id: (file.case.title, patients.number(here, id)) for id, file in here.cases.encounters().items()}
    audited = audits.of_learner(here.store, known()) if known() else []
    examined = papers.attempts_of(here.store, known()) if known() else {}
    return render_template("learn/history.html", attempts=rows, audits=audited, titles=titles, examined=examined)


@pages.get("/attempts/<int(max=9223372036854775807):id>")
def attempt(id: int) -> ResponseReturnValue:
    """One attempt, as it was judged then, with every figure and its formula."""
    here, found = house(), seen_attempt(id)
    file = here.version(found.case_id, found.case_hash)
    asked = helps.asked(here.store, found.learner, found.case_id)
    return render_template(
        "learn/attempt.html",
        attempt=found,
        lab=here.labs.get(found.lab) if found.lab and found.learner == known() else None,
        theirs=_theirs(here, found) if found.learner != known() else None,
        file=file,
        patient=patients.number(here, found.case_id),
        another=patients.offer(here, known(), found.case_id) if found.learner == known() else None,
        **feedback(found, file, asked),
        lessons=taken_along(found),
        asked_for=asked_for(found),
        seconds=mine.spent(here.store, found.learner).get((found.case_id, found.made[:10])),
        regraded=regrades.of_attempt(here.store, id),
        dispute=way_to_dispute(here, found),
    )


def _theirs(here: House, found: Attempt) -> dict[str, Any]:
    """Whose attempt the staff is looking at, and the ways back to where they came from: of a lab, its board and its
    results."""
    lab = here.labs.get(found.lab) if found.lab else None
    room = lab if lab and staff_role(lab.class_id) else None
    member = classes.member_of(here.store, lab.class_id, found.learner) if lab else None
    return {"name": member.name if member else people.name_of(here.store, found.learner), "lab": room}
