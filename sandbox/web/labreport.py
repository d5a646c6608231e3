"""The report on one learner of a lab: for the staff at any time, for the learner once all of it may be read."""

from dataclasses import dataclass

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from sandbox.classroom.lab import Lab
from sandbox.report import PAIR_ERRORS
from sandbox.store import attempts, classes, labs
from sandbox.store.attempts import Attempt
from sandbox.web import labwork
from sandbox.web.access import ID
from sandbox.web.house import House, house
from sandbox.web.labwork import Waits
from sandbox.web.resultsheet import title
from sandbox.web.security import known, name

pages = Blueprint("labreport", __name__)


@dataclass(frozen=True, slots=True)
class Told:
    """A case of the report: ``best`` and ``used`` over all checks in the lab, ``attempt`` the last of them, or None."""

    place: int
    title: str
    best: float | None
    used: int
    attempt: Attempt | None


def told(here: House, lab: Lab, learner: str) -> list[Told]:
    """What a learner did in each case of a lab, in order."""
    return [
        Told(
            task.place,
            title(here, task.case_id),
            task.score,
            task.used,
            attempts.latest(here.store, learner, task.case_id, lab.id),
        )
        for task in labs.tasks(here.store, lab.id, learner)
    ]


@pages.get(f"/labs/<{ID}:lab_id>/report")
def mine(lab_id: int) -> ResponseReturnValue:
    """One's own report. It waits until no case of the lab holds anything back any more."""
    here, me = house(), known()
    lab = here.labs.get(lab_id)
    if lab is None or not me or labs.seat(here.store, lab_id, me) is None:
        abort(404)
    tasks = labs.tasks(here.store, lab_id, me)
    if not all(labwork.sheet(here, lab_id, me, place=task.place).shows for task in tasks):
        raise Waits("This report waits", "It can be read when the feedback of the whole lab is open to you.")
    member = classes.member_of(here.store, lab.class_id, me)
    return render_template(
        "results/learner.html",
        lab=lab,
        name=member.name if member else name(),
        number=member.number if member else "",
        found=classes.get(here.store, lab.class_id),
        rows=told(here, lab, me),
        back="",
        errors=PAIR_ERRORS,
    )
