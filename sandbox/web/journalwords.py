"""Rows of the audit log in words: the people and things that they refer to by name, and what was chosen."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from flask import url_for

from sandbox import disputes as rules
from sandbox.store import classes, disputes, regrades
from sandbox.store.log import PEOPLE, Known, Row
from sandbox.web.house import House
from sandbox.web.text import date, percent

NOBODY: Final = "somebody who is not known any more"
_ACTIONS: Final = {
    "start": "started it",
    "pause": "paused it",
    "resume": "let it go on",
    "stop": "ended it",
    "reopen": "opened it again",
    "remove": "took them off the class",
    "slip": "gave a new one-time code",
    "invite": "made an instructor's link",
    "again": "has it tried again at once",
    "release": "let go of the courses",
}
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)")
_HEADS: Final = {"whom": "", "added": "new on the list: ", "changed_lines": "changed on the list: "}
_APART: Final = {*PEOPLE, "changed", "chosen", "scores", "regrading"}


@dataclass(frozen=True, slots=True)
class Thing:
    """What a row is about, and the address of its page (empty: none)."""

    text: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """A row for reading: to whom or what it was done, and what it says besides."""

    row: Row
    things: tuple[Thing, ...]
    more: tuple[str, ...]


def told(here: House, rows: list[Row], class_id: int | None) -> list[Told]:
    """The rows of a page. ``class_id``: of the class whose log it is; None for that of everything, which names them."""
    known = Known(here.store, rows)
    return [_one(here, known, row, class_id) for row in rows]


def _one(here: House, known: Known, row: Row, class_id: int | None) -> Told:
    things = tuple(_things(here, known, row))
    if row.class_id and (class_id is None or not things) and (room := classes.get(here.store, row.class_id)):
        things += (Thing(room.name, url_for("classroom.one", class_id=room.id)),)
    return Told(row, things, tuple(_more(here, known, row)))


def _things(here: House, known: Known, row: Row) -> Iterator[Thing]:
    for ref in row.details.get("whom", ()):
        yield Thing(known.name(ref, row) or NOBODY)
    if row.subject:
        what, _, id = row.subject.partition(" ")
        find = _SUBJECTS.get(what) if id.isdecimal() and len(id) < 19 else None
        yield find(here, known, row, int(id)) if find else Thing(row.subject)


def _lab(here: House, known: Known, row: Row, id: int) -> Thing:
    lab = here.labs.get(id)
    if lab is None:
        return Thing(f"lab {id}")
    return Thing(f"{lab.name} (lab {id})", url_for("labpages.one", class_id=lab.class_id, lab_id=id))


def _dispute(here: House, known: Known, row: Row, id: int) -> Thing:
    there = disputes.get(here.store, row.class_id, id)
    return Thing(f"dispute {id}", url_for("disputedesk.one", class_id=row.class_id, dispute_id=id) if there else "")


def _member(here: House, known: Known, row: Row, id: int) -> Thing:
    return Thing(known.name(row.subject, row) or NOBODY)


_SUBJECTS: Final = {"lab": _lab, "dispute": _dispute, "member": _member}
"""First word of a subject whose other one is a number → what is meant."""


def _more(here: House, known: Known, row: Row) -> Iterator[str]:
    yield from _words(here, row)
    for name, head in _HEADS.items():
        if head and (refs := row.details.get(name)):
            yield f"{head}{len(refs)}"
            yield from (known.name(ref, row) or NOBODY for ref in refs)
    for name, value in row.details.get("chosen", {}).items():
        yield f"{_label(name)}: {_value(value)}"
    for name, (old, new) in row.details.get("changed", {}).items():
        yield f"{_label(name)}: {_value(old)} → {_value(new)}"
    for name, value in row.details.items():
        if name == "action":
            yield _ACTIONS.get(value, str(value))
        elif name not in _APART and value not in ("", 0):
            yield f"{_label(name)}: {_value(rules.DECISIONS.get(value, value) if name == 'decision' else value)}"
    for id, (old, new) in row.details.get("scores", {}).items():
        whose = known.whose(int(id), row)
        yield f"{whose + ', ' if whose else ''}attempt {id}: {percent(old, new)} → {percent(new, old)}"


def _words(here: House, row: Row) -> Iterator[str]:
    """What was written to the learner or to all concerned; it stands with the decision, and goes with it."""
    if row.kind == "decided" and "words" not in row.details:
        number = row.subject.removeprefix("dispute ")
        found = disputes.get(here.store, row.class_id, int(number)) if number.isdecimal() else None
        if found and found.words:
            yield f"words: {found.words}"
    if (regrading := row.details.get("regrading")) and (why := regrades.why(here.store, regrading)):
        yield f"why: {why}"


def _label(name: str) -> str:
    return name.replace("_", " ")


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        return f"{date(value)} UTC"
    return "none" if value in (None, "") else str(value)
