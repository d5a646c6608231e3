"""What a lab lets a learner do in a case: the one place that knows what waits until when."""

import datetime as dt
import secrets
from dataclasses import dataclass
from typing import Final

from flask import abort, request

from sandbox.classroom.lab import Lab, Seat
from sandbox.store import attempts, classes, labs
from sandbox.store.attempts import Attempt
from sandbox.store.classes import Class
from sandbox.store.labs import Task
from sandbox.web.errors import page
from sandbox.web.house import House, house
from sandbox.web.security import known

MOST_ID: Final = 2**63 - 1


class Waits(Exception):
    """The lab does not take this now. ``words``: what is so, and what to do."""

    def __init__(self, title: str, advice: str) -> None:
        super().__init__(title)
        self.words = (title, advice)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A learner's encounter in a lab, as it stands at ``now``."""

    lab: Lab
    seat: Seat
    task: Task
    now: dt.datetime

    @property
    def left(self) -> int | None:
        """Checks that are left, or None for as many as one likes."""
        return max(0, self.lab.plan.checks - self.task.used) if self.lab.plan.checks else None

    @property
    def in_hand(self) -> bool:
        """Whether the case is still with the learner: not handed in, some check left, and time."""
        return self.left != 0 and self.lab.takes(self.seat, self.now)

    @property
    def shows(self) -> bool:
        """Whether reports of this case may be read now."""
        if self.lab.over(self.now):
            return True
        kind = self.lab.plan.feedback
        return kind == "at_once" or (kind == "handed_in" and (self.left == 0 or self.lab.over_for(self.seat, self.now)))

    @property
    def hints(self) -> bool:
        """Whether hints may be asked for now."""
        return self.lab.plan.hints or self.lab.over(self.now)

    @property
    def key(self) -> bool:
        """Whether the key may be asked for now: where the plan lets it, and never before the report may be read."""
        return self.lab.over(self.now) or (self.lab.plan.key and self.shows)

    def demand(self, draft: bool = False) -> None:
        """Go on only where the lab takes answers now (``draft``: keeps what is typed). Raises :class:`Waits`."""
        open_now = self.lab.keeps if draft else self.lab.takes
        if open_now(self.seat, self.now) and self.left != 0:
            return
        raise Waits(*_why(self))


def _why(sheet: Sheet) -> tuple[str, str]:
    kept = "What was saved is kept."
    if sheet.lab.over_for(sheet.seat, sheet.now):
        return "The lab is over", f"It takes no more answers. {kept}"
    if sheet.lab.paused:
        return "The lab is paused", f"Wait until your instructor goes on. {kept}"
    if sheet.lab.state(sheet.now) == "planned":
        return "The lab has not begun", "Wait until your instructor starts it."
    if sheet.lab.plan.feedback == "at_once":
        return "No check is left for this case", f"The lab allows {sheet.lab.plan.attempts}. {kept}"
    return "This case is handed in", "It can be handed in once. Go on with the next one."


def now() -> dt.datetime:
    """The present moment, with its zone."""
    return dt.datetime.now(dt.UTC)


def runs(lab: Lab) -> bool:
    """Whether a lab goes on, be it in a pause: then its learners come to it, even in a class that is closed."""
    return lab.state(now()) in ("running", "paused")


def my_classes(here: House) -> list[Class]:
    """The classes that whoever is asking learns in; of the closed ones those in which a lab still goes on."""
    me = known()
    if not me:
        return []
    closed = classes.of_learner(here.store, me, closed=True)
    still = [one for one in closed if any(map(runs, labs.of_class(here.store, one.id)))]
    return [*classes.of_learner(here.store, me), *still]


def sheet(here: House, lab_id: int, learner: str, place: int = 0, case_id: str = "") -> Sheet:
    """The learner's encounter in a lab, by its place or its id. Nobody is told of other people's (404)."""
    lab = here.labs.get(lab_id) if 0 < lab_id <= MOST_ID else None
    seat = labs.seat(here.store, lab_id, learner) if lab and learner else None
    if lab is None or seat is None:
        abort(404)
    mine = labs.tasks(here.store, lab_id, learner)
    found = next((task for task in mine if task.place == place or task.case_id == case_id), None)
    return Sheet(lab, seat, found, now()) if found else abort(404)


def posted(case_id: str) -> Sheet | None:
    """The sheet that a form of a case belongs to (its field ``lab``), or None for practice.

    Raises :class:`Waits` where the case waits for a lab that the form does not name.
    """
    text = request.form.get("lab", "")
    if text.isdecimal():
        return sheet(house(), int(text[:19]), known(), case_id=case_id)
    held = holds(house(), known(), case_id)
    if held:
        raise Waits(*held)
    return None


def holds(here: House, me: str, case_id: str) -> tuple[str, str] | None:
    """Why practice of a case waits for a lab that goes on, or None.

    For those who sit in it, until the case is theirs again; for everybody else, where the lab reserves its cases.
    """
    family = case_id.partition("~")[0]
    for lab in here.labs.open_with(family):
        seat = labs.seat(here.store, lab.id, me) if me else None
        if seat and not lab.over(now()):
            return (
                f"This case lies in your lab “{lab.name}”",
                "As long as the lab goes on, it is coded there: My classes.",
            )
        if not seat and lab.plan.reserve:
            return "This case lies in a lab that goes on now", "It is open to everybody again when the lab is over."
    return None


def withheld(here: House, attempt: Attempt) -> bool:
    """Whether the report of an attempt waits for the lab that it was made in, for its learner."""
    lab = here.labs.get(attempt.lab) if attempt.lab else None
    if lab is None or lab.over(now()):
        return False
    return not sheet(here, lab.id, attempt.learner, case_id=attempt.case_id).shows


def demand_comparison(here: House, attempt: Attempt) -> None:
    """Go on only where a line may be set beside the key's: in a lab without the key, not while the case is still to be
    coded. Raises :class:`Waits`."""
    lab = here.labs.get(attempt.lab) if attempt.lab else None
    if lab is None or lab.plan.key or lab.over(now()):
        return
    if sheet(here, lab.id, attempt.learner, case_id=attempt.case_id).in_hand:
        raise Waits("The comparison waits", "In this lab no code is told before its end, or before your last check.")


def waiting(error: Waits) -> tuple[str, int, dict[str, str]]:
    """The page for what a lab does not take now."""
    return page(409, error.words)


def draw(ids: list[str], many: int) -> list[str]:
    """Some of the cases that fit, by chance."""
    return secrets.SystemRandom().sample(ids, many)


def last(here: House, sheet: Sheet) -> Attempt | None:
    """The learner's last attempt at the case in this lab."""
    return attempts.latest(here.store, sheet.seat.learner, sheet.task.case_id, sheet.lab.id)
