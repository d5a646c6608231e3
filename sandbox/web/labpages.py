"""The pages of a lab for its staff: what it asks, when it runs, who sits in it."""

import datetime as dt
from typing import Any, Final

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sandbox.cases.library import CaseFile
from sandbox.classroom import lab as rules
from sandbox.classroom.lab import FEEDBACK, Lab, Plan
from sandbox.store import classes, labs
from sandbox.web import journal, labend, labwork, qr
from sandbox.web.access import ID, class_staff_only, instructor_of, staff_role, the_class, the_lab, the_member
from sandbox.web.errors import page as error_page
from sandbox.web.house import House, house
from sandbox.web.security import known

pages = Blueprint("labpages", __name__)
class_staff_only(pages)

_LABS: Final = f"/classes/<{ID}:class_id>/labs"
_LAB: Final = f"{_LABS}/<{ID}:lab_id>"
MOST_EXTRA: Final = 240
"""Minutes that one learner may be given."""


class Refused(ValueError):
    """What is wrong with the form of a lab, as a sentence."""


@pages.get(f"{_LABS}/new")
def new(class_id: int) -> ResponseReturnValue:
    """The form for a new lab."""
    instructor_of(class_id)
    return _form(class_id, None)


@pages.post(f"{_LABS}/new")
def create(class_id: int) -> ResponseReturnValue:
    """Make a lab."""
    instructor_of(class_id)
    here = house()
    try:
        name, plan, cases, starts, ends = _read(here)
    except Refused as error:
        return _form(class_id, None, str(error))
    id = labs.create(here.store, class_id, known(), name, plan, cases, starts, ends)
    here.labs.renew(id)
    journal.mention(f"lab {id}", chosen=the_lab(class_id, id).choices)
    return redirect(url_for("labpages.one", class_id=class_id, lab_id=id), 303)


@pages.get(f"{_LAB}/edit")
def edit(class_id: int, lab_id: int) -> ResponseReturnValue:
    """The form of a lab."""
    instructor_of(class_id)
    return _form(class_id, the_lab(class_id, lab_id))


@pages.post(f"{_LAB}/edit")
def change(class_id: int, lab_id: int) -> ResponseReturnValue:
    """Set a lab anew. When its feedback comes and what it asks stay once somebody has joined."""
    instructor_of(class_id)
    here, found = house(), the_lab(class_id, lab_id)
    try:
        name, plan, cases, starts, ends = _read(here, found)
    except Refused as error:
        return _form(class_id, found, str(error))
    labs.change(here.store, lab_id, name, plan, cases, starts, ends)
    _goes_on(here, found)
    if changed := journal.differences(found.choices, the_lab(class_id, lab_id).choices):
        journal.mention(f"lab {lab_id}", changed=changed)
    return redirect(url_for("labpages.one", class_id=class_id, lab_id=lab_id), 303)


@pages.get(_LAB)
def one(class_id: int, lab_id: int) -> ResponseReturnValue:
    """A lab: its code and QR code, the buttons that run it, and everybody who is in it."""
    here, found = house(), the_lab(class_id, lab_id)
    return render_template(
        "classroom/lab.html",
        room=the_class(class_id),
        role=staff_role(class_id),
        lab=found,
        way=qr.way_in(found.code),
        cases=_titles(here, found.cases),
        feedback=FEEDBACK,
        most_extra=MOST_EXTRA,
        **_now(here, found),
    )


@pages.post(f"{_LAB}/seats")
def seats(class_id: int, lab_id: int) -> ResponseReturnValue:
    """Who is in the lab and how far, as it is now; asked for every few seconds."""
    here, found = house(), the_lab(class_id, lab_id)
    return render_template("classroom/_seats.html", lab=found, class_id=class_id, **_now(here, found))


def _now(here: House, found: Lab) -> dict[str, Any]:
    moment = labwork.now()
    there = {one.learner: one for one in classes.members(here.store, found.class_id) if one.learner}
    sitting = {seat.learner: seat for seat in labs.seats(here.store, found.id)}
    progress = labs.progress(here.store, found.id)
    rows = [(one, sitting.get(one.learner), progress.get(one.learner, {})) for one in there.values()]
    return {
        "state": found.state(moment),
        "rows": [row for row in rows if row[0].role == "learner" or row[1]],
        "joined": len(sitting),
        "extra": labs.extra_time(here.store, found.id),
    }


@pages.post(f"{_LAB}/control")
def control(class_id: int, lab_id: int) -> ResponseReturnValue:
    """Start, pause, go on, stop, open again."""
    here, found = house(), the_lab(class_id, lab_id)
    does = _BUTTONS.get(request.form.get("action", ""))
    if does is None:
        return error_page(400)
    does(here.store, found.id)
    _goes_on(here, found)
    journal.mention(f"lab {found.id}", action=request.form["action"])
    labend.settle_due(here)
    return redirect(url_for("labpages.one", class_id=class_id, lab_id=lab_id), 303)


def _goes_on(here: House, before: Lab) -> None:
    """Know a lab as it was set anew; one that was over and is not any more goes on with what was typed then."""
    after = here.labs.renew(before.id)
    if after and before.over(labwork.now()) and not after.over(labwork.now()):
        labs.give_back(here.store, before.id, held=after.plan.feedback == "after")
        here.labs.renew(before.id)


_BUTTONS: Final = {
    "start": labs.start, "pause": labs.pause, "resume": labs.resume, "stop": labs.stop, "reopen": labs.reopen,
}  # fmt: skip


@pages.post(f"{_LAB}/time")
def give_time(class_id: int, lab_id: int) -> ResponseReturnValue:
    """Extra time for one; for somebody who has not begun it waits."""
    here, found = house(), the_lab(class_id, lab_id)
    member, typed = request.form.get("member", ""), request.form.get("minutes", "")
    if not member.isdecimal() or not typed.isdecimal() or int(typed[:5]) > MOST_EXTRA:
        return error_page(400, ("Who, and how many minutes?", f"A number from 0 to {MOST_EXTRA}, for one learner."))
    who = the_member(class_id, int(member[:18]))
    if not who.learner:
        return error_page(409, ("Nobody has come by that name yet", "Give the time when they have joined the class."))
    had = labs.extra_time(here.store, found.id).get(who.learner, 0) // 60
    labs.give_time(here.store, found.id, who.learner, 60 * int(typed))
    _goes_on(here, found)
    journal.mention(f"lab {found.id}", whom=[journal.person(who)], changed={"extra minutes": [had, int(typed)]})
    return redirect(url_for("labpages.one", class_id=class_id, lab_id=lab_id, _anchor="seats"), 303)


def _titles(here: House, ids: tuple[str, ...]) -> list[tuple[str, str]]:
    found = here.cases.cases()
    return [(id, found[id].case.title if id in found else id) for id in ids]


def _form(class_id: int, lab: Lab | None, wrong: str = "") -> ResponseReturnValue:
    here = house()
    ready = _ready(here)
    plan = lab.plan if lab else Plan()
    typed = request.form
    return render_template(
        "classroom/lab_form.html",
        room=the_class(class_id),
        lab=lab,
        plan=plan,
        name=typed.get("name", lab.name if lab else ""),
        chosen=set(typed.getlist("case")) if typed else set(lab.cases if lab else ()),
        cases=ready,
        settings=sorted({(file.case.setting, file.case.setting_label) for file in ready}, key=lambda pair: pair[1]),
        fixed=bool(lab and labs.seats(here.store, lab.id)),
        feedback=FEEDBACK,
        limits=rules,
        wrong=wrong,
    ), (422 if wrong else 200)


def _ready(here: House) -> list[CaseFile]:
    found = [file for file in here.cases.cases().values() if file.case.status == "ready"]
    return sorted(found, key=lambda file: (file.case.setting_label, file.case.difficulty, file.case.title))


def _read(
    here: House, lab: Lab | None = None
) -> tuple[str, Plan, tuple[str, ...], dt.datetime | None, dt.datetime | None]:
    """What the form says. Raises :class:`Refused`."""
    form = request.form
    name = " ".join(form.get("name", "").split())
    if not name:
        raise Refused("Give the lab a name.")
    fixed = bool(lab and labs.seats(here.store, lab.id))
    cases = lab.cases if lab and fixed else _chosen(here)
    feedback = lab.plan.feedback if lab and fixed else form.get("feedback", "")
    if feedback not in FEEDBACK:
        raise Refused("Choose when the feedback comes.")
    plan = Plan(
        feedback=feedback,  # type: ignore[arg-type]
        hints="hints" in form,
        key="key" in form,
        evidence="evidence" in form,
        attempts=_number("attempts", rules.MOST_ATTEMPTS),
        minutes=_number("minutes", rules.MOST_MINUTES),
        variants=lab.plan.variants if lab and fixed else "variants" in form,
        reserve="reserve" in form,
    )
    starts, ends = _moment("starts"), _moment("ends")
    if starts and ends and starts >= ends:
        raise Refused("The end by the clock lies before the start.")
    return name, plan, cases, starts, ends


def _chosen(here: House) -> tuple[str, ...]:
    """The cases that were ticked, or drawn from those that fit the filter."""
    ready = {file.id: file for file in _ready(here)}
    ticked = tuple(dict.fromkeys(id for id in request.form.getlist("case") if id in ready))
    many = _number("many", rules.MOST_CASES)
    if many:
        low, high = _number("from", 5) or 1, _number("to", 5) or 5
        setting = request.form.get("setting", "")
        fits = [
            id
            for id, file in ready.items()
            if id not in ticked and low <= file.case.difficulty <= high and setting in ("", file.case.setting)
        ]
        if len(fits) < many:
            raise Refused(f"Only {len(fits)} more cases fit that filter; you asked for {many}.")
        ticked += tuple(labwork.draw(fits, many))
    if not 1 <= len(ticked) <= rules.MOST_CASES:
        raise Refused(f"Choose between 1 and {rules.MOST_CASES} cases, by ticking them or by the filter.")
    return ticked


def _number(field: str, most: int) -> int:
    typed = request.form.get(field, "").strip()
    if not typed:
        return 0
    if not typed.isdecimal() or int(typed[:6]) > most:
        raise Refused(f"“{typed[:20]}” is no number from 0 to {most}.")
    return int(typed)


def _moment(field: str) -> dt.datetime | None:
    """A day and time of the server's own clock, or None."""
    typed = request.form.get(field, "").strip()
    if not typed:
        return None
    try:
        return dt.datetime.fromisoformat(typed).astimezone(dt.UTC)
    except (ValueError, OverflowError) as error:
        raise Refused(f"“{typed[:20]}” is no day and time.") from error
