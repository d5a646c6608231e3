"""Judging again what was judged before: first in thought, to show who goes up and who down, then in the database."""

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from flask import abort

from sandbox import checker
from sandbox.cases.amending import Amendment, amended
from sandbox.cases.library import CaseFile
from sandbox.judge import NotJudged, judge
from sandbox.report import Stored
from sandbox.store import classes, disputes, people, regrades
from sandbox.store.regrades import Anew, Judged
from sandbox.web import forms, queryform
from sandbox.web.access import may_see, staff_role
from sandbox.web.house import House
from sandbox.web.security import known


@dataclass(frozen=True, slots=True)
class Change:
    """An attempt and what it would be judged to be. ``anew`` is None where it cannot be judged again, or where nothing
    of its report changes. ``who``: the learner's name; ``unknown``: why it cannot be judged, empty where it can."""

    attempt: Judged
    who: str
    anew: Anew | None
    unknown: str = ""

    @property
    def step(self) -> int:
        """1 for up, -1 for down, 0 for the same score."""
        return 0 if self.anew is None else (self.anew.new > self.anew.old) - (self.anew.new < self.anew.old)


@dataclass(frozen=True, slots=True)
class Plan:
    """What judging again would do. ``never_lower``: who would go down stays as they are."""

    changes: tuple[Change, ...]
    never_lower: bool

    @property
    def up(self) -> list[Change]:
        """Who goes up, by name."""
        return self._going(1)

    @property
    def down(self) -> list[Change]:
        """Who would go down, by name."""
        return self._going(-1)

    def _going(self, step: int) -> list[Change]:
        return sorted((one for one in self.changes if one.step == step), key=lambda one: one.who.casefold())

    @property
    def same(self) -> int:
        """How many keep their score."""
        return sum(one.step == 0 and not one.unknown for one in self.changes)

    @property
    def unknown(self) -> list[Change]:
        """Those that cannot be judged again."""
        return [one for one in self.changes if one.unknown]

    @property
    def written(self) -> list[Anew]:
        """What is written if it is carried out."""
        return [one.anew for one in self.changes if one.anew and not (self.never_lower and one.step < 0)]

    @property
    def seal(self) -> str:
        """Two plans with the same seal do the same: what is carried out is what was shown."""
        said = [(one.attempt, one.old, one.new) for one in self.written]
        return hashlib.sha256(repr((said, len(self.changes))).encode()).hexdigest()[:24]


FileOf = Callable[[Judged], CaseFile | None]
"""By which version of its case an attempt is judged; None where there is none any more."""


def plan(
    here: House,
    concerned: Iterable[Judged],
    file_of: FileOf,
    never_lower: bool,
    more: Sequence[Amendment] = (),
) -> Plan:
    """What judging these attempts again would do. ``more``: amendments beside those that were decided for each."""
    there = list(concerned)
    ruled = disputes.rulings(here.store, (one.id for one in there))
    who = _names(here, there)
    by = _Judge(here)
    changes = [_change(by, one, who[one.learner], file_of(one), (*ruled.get(one.id, ()), *more)) for one in there]
    return Plan(tuple(changes), never_lower)


def _change(by: "_Judge", one: Judged, who: str, file: CaseFile | None, ruled: tuple[Amendment, ...]) -> Change:
    if file is None:
        return Change(one, who, None, "the case has no such patient any more")
    try:
        new = by.of(file, ruled, one.lines)
    except NotJudged:
        return Change(one, who, None, "it could not be judged")
    if new.score == one.score and tuple(hash for hash, _ in new.stored.pairs) == one.pairs:
        return Change(one, who, None)
    return Change(one, who, Anew(one.id, one.score, new.score, new.stored, new.edition, checker.VERSION))


@dataclass(frozen=True, slots=True)
class _Verdict:
    score: float
    stored: Stored
    edition: str


class _Judge:
    """Judges the attempts of one plan: a class enters the same lines, and each is judged once.

    Not by the memory of answers: that one knows a case by its file, and an amended case has none.
    """

    def __init__(self, here: House) -> None:
        self._here = here
        self._known: dict[tuple[str, tuple[Amendment, ...], str], _Verdict] = {}

    def of(self, file: CaseFile, ruled: tuple[Amendment, ...], lines: dict[str, Any]) -> _Verdict:
        """What is made of lines. Raises :class:`sandbox.judge.NotJudged`."""
        key = (f"{file.id} {file.hash}", ruled, json.dumps(lines, sort_keys=True))
        if key not in self._known:
            here, case = self._here, amended(file.case, ruled)
            claim, questions = forms.claim(case, lines), queryform.questions(case, lines)
            report = judge(replace(file, case=case), claim, here.codes, here.payer, questions)
            self._known[key] = _Verdict(report.score, report.stored(), report.edition)
        return self._known[key]


def _names(here: House, there: Iterable[Judged]) -> dict[str, str]:
    """Learner → name: the one on the list of the class that they did it in, or the one that they gave."""
    out: dict[str, str] = {}
    for one in there:
        member = classes.member_of(here.store, one.class_id, one.learner) if one.class_id else None
        out[one.learner] = out.get(one.learner) or (member.name if member else people.name_of(here.store, one.learner))
    return out


def concerned(here: House, family: str) -> list[Judged]:
    """The attempts at a case that whoever is asking may have judged again.

    Those made in labs of their classes, and practice of people whom they teach, or who are in no class.
    """
    mine = _mine(here)
    return [one for one in regrades.of_case(here.store, family) if mine(one.lab, one.class_id, one.learner)]


def many_concerned(here: House, family: str) -> int:
    """How many attempts :func:`concerned` has, without reading them."""
    mine = _mine(here)
    return sum(many for lab, room, learner, many in regrades.counted(here.store, family) if mine(lab, room, learner))


def _mine(here: House) -> Callable[[int, int, str], bool]:
    """Whether an attempt, by its lab, its class and its learner, may be judged again by whoever is asking.

    To see it is not enough: an assistant sees the work of a class, and grades none of it.
    """
    role, see, me = lru_cache(staff_role), lru_cache(may_see), known()
    assisted = classes.only_assisted(here.store, me)

    def mine(lab: int, room: int, learner: str) -> bool:
        return role(room) == "instructor" if lab else learner not in assisted and see(learner)

    return mine


def by_file(file: CaseFile) -> FileOf:
    """Each attempt by its encounter of one version of a case."""
    family = {one.id: one for one in file.family}
    return lambda one: family.get(one.case_id)


def as_judged(here: House) -> FileOf:
    """Each attempt by the version that it was judged by last."""
    return lambda one: here.version(one.case_id, one.version)


def keep_all(here: House, file: CaseFile) -> None:
    """See to it that what attempts are judged by can still be read when the file changes again."""
    for one in file.family:
        here.keep(one)


def the_file(here: House, case_id: str) -> CaseFile:
    """The case of an address with its family (404 where there is none)."""
    return here.cases.cases().get(case_id) or abort(404)
