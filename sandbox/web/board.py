"""The live board of a lab for its staff: what the class enters, who is where, who is stuck; and what is projected."""

import datetime as dt
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from sandbox.classroom import board as rules
from sandbox.classroom.board import Answers, Person
from sandbox.classroom.lab import Lab
from sandbox.report import PAIR_ERRORS, RIGHT
from sandbox.store import board as kept
from sandbox.store import classes, labs
from sandbox.store.board import Projector
from sandbox.web import labwork, projector
from sandbox.web.access import ID, class_staff_only, the_class, the_lab
from sandbox.web.fragments import fill
from sandbox.web.house import House, house
from sandbox.web.views import is_htmx

pages = Blueprint("board", __name__)
class_staff_only(pages)

_BOARD: Final = f"/classes/<{ID}:class_id>/labs/<{ID}:lab_id>/board"
_MINUTES: Final = 5
"""How long nothing may come from somebody before they count as stuck, as long as nobody chose otherwise."""
_MASK: Final = (1 << 64) - 1


@dataclass(frozen=True, slots=True)
class Encounter:
    """One encounter of a lab on the board. ``patient``: which of the case's patients, 0 where it has only one."""

    id: str
    place: int
    title: str
    patient: int
    answers: Answers | None
    step: str
    pairs: tuple[tuple[str, str], ...]


@pages.get(_BOARD)
def one(class_id: int, lab_id: int) -> ResponseReturnValue:
    """The board."""
    room, lab = the_class(class_id), the_lab(class_id, lab_id)
    return render_template("classroom/board.html", room=room, **_view(house(), lab))


@pages.post(_BOARD)
def live(class_id: int, lab_id: int) -> ResponseReturnValue:
    """The board as it is now, or 204 where it is what the page shows (``seen``); asked for every second and a half."""
    found = the_lab(class_id, lab_id)
    if not is_htmx():
        return _back(class_id, lab_id)
    view = _view(house(), found)
    if request.form.get("seen") == view["seen"]:
        return "", 204
    return render_template("classroom/_board.html", **view)


@pages.post(f"{_BOARD}/address")
def address(class_id: int, lab_id: int) -> ResponseReturnValue:
    """Give the projector an address, or another one: the old one ends."""
    kept.new_address(house().store, the_lab(class_id, lab_id).id)
    return _back(class_id, lab_id)


@pages.post(f"{_BOARD}/show")
def show(class_id: int, lab_id: int) -> ResponseReturnValue:
    """Put an encounter on the projector, with what may be seen of it, and a pair of codes to talk about; or how to
    join."""
    here, lab = house(), the_lab(class_id, lab_id)
    if request.form.get("step") == projector.JOIN:
        kept.show_door(here.store, lab.id)
    else:
        _show(here, lab)
    if not is_htmx():
        return _back(class_id, lab_id)
    return render_template("classroom/_board.html", **_view(here, lab))


def _show(here: House, lab: Lab) -> None:
    step, pair = request.form.get("step", ""), request.form.get("pair", "")
    answered = here.boards.look(lab.id, _learners(here, lab))[1]
    on = kept.projector(here.store, lab.id)
    shown = next((one for one in _encounters(here, lab, answered, on) if one.id == request.form.get("case")), None)
    if shown is None or step not in kept.STEPS:
        abort(400)
    if pair and pair not in {projector.named(one) for one in projector.pairs(shown.answers, step)}:
        abort(400)
    kept.show(here.store, lab.id, shown.id, step, pair)


def _back(class_id: int, lab_id: int) -> ResponseReturnValue:
    return redirect(url_for("board.one", class_id=class_id, lab_id=lab_id), 303)


def _encounters(here: House, lab: Lab, answered: Mapping[str, Answers], shown: Projector) -> list[Encounter]:
    """The encounters of a lab: those that were answered, and of each other case the first patient."""
    found = []
    for place, family in enumerate(lab.cases, 1):
        members = here.cases.family(family)
        ids = [one.id for one in members] or [family]
        some = [id for id in ids if id in answered] or ids[:1]
        for id in some:
            file = here.cases.get(id)
            step = shown.step(id)
            found.append(
                Encounter(
                    id, place, file.case.title if file else id, ids.index(id) + 1 if len(ids) > 1 else 0,
                    answered.get(id), step, projector.pairs(answered.get(id), step),
                )
            )  # fmt: skip
    return found


def _learners(here: House, lab: Lab) -> dict[str, str]:
    """Learner → name, of those who learn in the class: what its staff tries out does not count."""
    there = classes.members(here.store, lab.class_id)
    return {one.learner: one.name for one in there if one.learner and one.role == "learner"}


def _view(here: House, lab: Lab) -> dict[str, Any]:
    now, names = labwork.now(), _learners(here, lab)
    latest, answered = here.boards.look(lab.id, names)
    sitting = {seat.learner: seat.joined for seat in labs.seats(here.store, lab.id) if seat.learner in names}
    people = rules.people(
        kept.tasks(here.store, lab.id),
        {learner: _iso(moment) for learner, moment in sitting.items()},
        latest,
        _clock(lab, now),
        _minutes(),
    )
    shown = kept.projector(here.store, lab.id)
    rows = _sorted([(names[learner], one) for learner, one in people.items()])
    encounters = _encounters(here, lab, answered, shown)
    said = (lab, lab.state(now), len(names), tuple(rows), tuple(encounters), shown.case_id, shown.pair, _minutes())
    return {
        "lab": lab,
        "state": lab.state(now),
        "enrolled": len(names),
        "people": rows,
        "stuck": [row for row in rows if row[1].stuck],
        "encounters": encounters,
        "projector": shown,
        "minutes": _minutes(),
        # Of this process alone: after a restart a board is drawn once more.
        "seen": f"{hash(said) & _MASK:x}",
        "address": projector.address(here, lab.id),
        "steps": projector.STEPS,
        "join": projector.JOIN,
        "named": projector.named,
        "choices": rules.IDLE_MINUTES,
        "row": partial(_row, here, len(lab.cases)),
        "answered": partial(_answered, here),
    }


def _row(here: House, cases: int, name: str, one: Person, place: int) -> Markup:
    """The row of a learner, drawn when something in it is new."""
    return _kept(
        here, ("classroom/_person.html", cases, name, one, place), cases=cases, name=name, one=one, place=place
    )


def _answered(here: House, one: Encounter, place: int) -> Markup:
    """What was answered to an encounter, drawn when something in it is new."""
    what = ("classroom/_answered.html", one.answers, one.place, one.patient, place)
    return _kept(here, what, one=one, place=place, errors=PAIR_ERRORS, right=RIGHT)


def _kept(here: House, what: tuple[str, *tuple[Hashable, ...]], **values: object) -> Markup:
    found = here.boards.drawn.get(what)
    if found is None:
        # A table of 1,500 links asks for one address.
        attempt_at = url_for("learn.attempt", id=0).removesuffix("0")
        found = fill(what[0], attempt_at=attempt_at, **values)
        here.boards.drawn.put(what, found, len(found))
    return found


def _clock(lab: Lab, now: dt.datetime) -> tuple[dt.datetime, str] | None:
    if lab.state(now) != "running":
        return None
    rests = [until for _, until in lab.pauses if until]
    return now, _iso(max([*rests, *([lab.begun] if lab.begun else [])], default=now))


def _minutes() -> int:
    typed = request.values.get("minutes", "")
    return int(typed) if typed.isdecimal() and int(typed[:3]) in rules.IDLE_MINUTES else _MINUTES


def _sorted(rows: list[tuple[str, Person]]) -> list[tuple[str, Person]]:
    """By name: a row does not jump away under the pointer."""
    return sorted(rows, key=lambda row: (row[0].casefold(), row[1].learner))


def _iso(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
