"""A lab as its learner sees it: the class, the room with its clock, and each encounter."""

import secrets
from typing import Any, Final

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from sandbox.classroom.lab import FEEDBACK, Lab, Seat
from sandbox.store import attempts, labs, progress
from sandbox.web import forms, labwork, patients
from sandbox.web.access import ID, class_members_only, me_in, staff_role, the_class
from sandbox.web.house import House, house
from sandbox.web.labwork import Sheet
from sandbox.web.security import known
from sandbox.web.views import feedback, help_shown, pane

pages = Blueprint("room", __name__)
class_members_only(pages)

_LAB: Final = f"/labs/<{ID}:lab_id>"


@pages.get("/class")
def mine() -> ResponseReturnValue:
    """The classes that one is in; straight on where there is one."""
    found = labwork.my_classes(house())
    if len(found) == 1:
        return redirect(url_for("room.of_class", class_id=found[0].id))
    return render_template("classroom/mine.html", classes=found)


@pages.get(f"/class/<{ID}:class_id>")
def of_class(class_id: int) -> ResponseReturnValue:
    """A class for its learners: the labs, and how one stands in them."""
    here, now = house(), labwork.now()
    seen = [
        (lab, lab.state(now), labs.tasks(here.store, lab.id, known())) for lab in labs.of_class(here.store, class_id)
    ]
    return render_template("classroom/of_class.html", room=the_class(class_id), labs=seen)


@pages.get(_LAB)
def page(lab_id: int) -> ResponseReturnValue:
    """The room of a lab: wait, begin, or go on."""
    here, lab = house(), _mine(lab_id)
    seat = labs.seat(here.store, lab_id, known())
    return render_template("classroom/room.html", **_room(here, lab, seat), feedback_words=FEEDBACK)


@pages.post(f"{_LAB}/state")
def state(lab_id: int) -> ResponseReturnValue:
    """How the lab stands; asked for every few seconds."""
    here, lab = house(), _mine(lab_id)
    return render_template("classroom/_state.html", **_room(here, lab, labs.seat(here.store, lab_id, known())))


@pages.post(f"{_LAB}/join")
def join(lab_id: int) -> ResponseReturnValue:
    """Take a seat; sent twice, it is one. The learner's minutes begin with it."""
    here, lab = house(), _mine(lab_id)
    if lab.state(labwork.now()) in ("planned", "over"):
        return redirect(url_for("room.page", lab_id=lab_id), 303)
    me = known()
    labs.join(here.store, lab_id, me, lambda: _encounters(here, lab, me))
    return redirect(url_for("room.page", lab_id=lab_id), 303)


@pages.get(f"{_LAB}/<int(max=99):place>")
def case(lab_id: int, place: int) -> ResponseReturnValue:
    """The workstation with one of the lab's encounters."""
    here, me = house(), known()
    _mine(lab_id)
    sheet = labwork.sheet(here, lab_id, me, place=place)
    draft = attempts.draft(here.store, me, sheet.task.case_id, lab_id)
    current = here.cases.get(sheet.task.case_id)
    file = (here.version(sheet.task.case_id, draft.case_hash) if draft else None) or current or abort(404)
    here.keep(file)
    if sheet.lab.state(sheet.now) == "planned":
        return redirect(url_for("room.page", lab_id=lab_id))
    lines = draft.lines if draft else forms.EMPTY
    shown = help_shown(here, file, me, sheet)
    if not sheet.key:
        shown["key"] = None
    last = labwork.last(here, sheet) if sheet.shows else None
    return render_template(
        "learn/case.html",
        changed=current is not None and current.hash != file.hash and sheet.in_hand,
        saved=draft.saved if draft else "",
        patient=None,
        another=None,
        teaches="",
        **pane(here, file, lines, sheet=sheet),
        **shown,
        **feedback(last, file, shown["asked"]),
        room=_room(here, sheet.lab, sheet.seat),
    )


def _mine(lab_id: int) -> Lab:
    """The lab, for those who are in its class; nobody else is told whether it exists."""
    found = house().labs.get(lab_id)
    if found is None or not (me_in(found.class_id) or staff_role(found.class_id)):
        abort(404)
    return found


def _encounters(here: House, lab: Lab, me: str) -> dict[int, str]:
    """Place → the patient that this learner gets: one whom they have not met, and whom the fewest have in this lab."""
    met, given = progress.touched(here.store, me), labs.given(here.store, lab.id)
    out: dict[int, str] = {}
    for place, id in enumerate(lab.cases, 1):
        family = [file.id for file in here.cases.family(id)]
        if not family:
            continue
        fresh = [one for one in family if one not in met] or [*family]
        secrets.SystemRandom().shuffle(fresh)
        out[place] = min(fresh, key=lambda one: given.get(one, 0)) if lab.plan.variants else family[0]
    return out


def _room(here: House, lab: Lab, seat: Seat | None) -> dict[str, Any]:
    now = labwork.now()
    limit = lab.deadline(seat, now) if seat else lab.ends
    tasks = labs.tasks(here.store, lab.id, seat.learner) if seat else []
    sheets = [Sheet(lab, seat, task, now) for task in tasks] if seat else []
    files = here.cases.cases()
    titles = {id: files[id].case.title if id in files else id for id in lab.cases}
    return {
        "lab": lab,
        "seat": seat,
        "state": "over" if seat and lab.over_for(seat, now) else lab.state(now),
        "sheets": [(one, titles[one.task.case_id.partition("~")[0]], _patient(here, one)) for one in sheets],
        "left": max(0, round((limit - now).total_seconds())) if limit else None,
        "closed": lab.closed(now),
        "reports": lab.over(now) or lab.plan.feedback != "after",
    }


def _patient(here: House, sheet: Sheet) -> tuple[int, int] | None:
    return patients.number(here, sheet.task.case_id)
