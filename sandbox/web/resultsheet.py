"""What was handed in in a lab, made ready for item analysis, gradebook and statements."""

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from sandbox.classroom.benchmark import Benchmark, benchmark
from sandbox.classroom.gradebook import Book, Grade, Person
from sandbox.classroom.items import Entry, Submission
from sandbox.classroom.lab import Lab
from sandbox.classroom.statements import Answered
from sandbox.progress import skill
from sandbox.report import RIGHT
from sandbox.store import classes, results
from sandbox.store.classes import Class, Member
from sandbox.store.results import Handed
from sandbox.web.house import House


def submissions(here: House, lab: Lab, handed: Sequence[Handed]) -> list[Submission]:
    """The first submission of each learner in each case, with its lines.

    Its time runs from joining, from the start of the lab, or from the learner's first submission before it, whichever
    was last.
    """
    first: dict[tuple[int, str], Handed] = {}
    for one in handed:
        first.setdefault((one.member, one.family), one)
    texts = results.pairs(here.store, {hash for one in first.values() for hash in one.pairs})
    last: dict[int, dt.datetime] = {}
    found = []
    for one in first.values():
        made = dt.datetime.fromisoformat(one.made)
        joined = dt.datetime.fromisoformat(one.joined) if one.joined else made
        since = last.get(one.member) or max(joined, lab.begun or joined)
        last[one.member] = made
        lines = tuple(_entry(texts[hash]) for hash in one.pairs if hash in texts)
        seconds = max(0.0, (made - since).total_seconds()) if one.joined else None
        found.append(Submission(one.member, one.family, one.score, seconds, one.hints, lines))
    return found


@lru_cache(maxsize=8192)
def _entry(text: str) -> Entry:
    pair: dict[str, Any] = json.loads(text)
    counts = pair["key"] is not None and not pair["optional"]
    skills = tuple(sorted({skill(cite) for cite in pair["cites"]} - {""})) if counts else ()
    return Entry((pair["entered"] or {}).get("code", ""), pair["error"], pair["error"] in RIGHT, counts, skills)


def title(here: House, case_id: str) -> str:
    """The title of a case, or its id where the case is no more."""
    file = here.cases.get(case_id) or here.cases.get(case_id.partition("~")[0])
    return file.case.title if file else case_id


def learners(here: House, class_id: int) -> list[Member]:
    """Those who learn in a class, by name."""
    return [one for one in classes.members(here.store, class_id) if one.role == "learner"]


def lab_book(here: House, found: Class, lab: Lab, handed: Iterable[Handed]) -> Book:
    """Learners by cases."""
    scores: dict[tuple[int, str], list[float]] = {}
    for one in handed:
        scores.setdefault((one.member, one.family), []).append(one.score)
    rows = [
        Person(one.id, one.name, one.number, one.email, tuple(_grade(scores.get((one.id, case))) for case in lab.cases))
        for one in learners(here, found.id)
    ]
    return Book(found.name, tuple(title(here, case) for case in lab.cases), tuple(rows))


def class_book(here: House, found: Class, labs: Sequence[Lab], handed: Iterable[Handed]) -> Book:
    """Learners by labs: the mean over the cases of a lab; a case that was not handed in counts 0."""
    scores: dict[tuple[int, int], dict[str, list[float]]] = {}
    for one in handed:
        scores.setdefault((one.member, one.lab), {}).setdefault(one.family, []).append(one.score)
    rows = [
        Person(
            one.id, one.name, one.number, one.email, tuple(_whole(scores.get((one.id, lab.id)), lab) for lab in labs)
        )
        for one in learners(here, found.id)
    ]
    return Book(found.name, tuple(lab.name for lab in labs), tuple(rows))


def _grade(scores: list[float] | None) -> Grade | None:
    return Grade(scores[0], max(scores), len(scores)) if scores else None


def _whole(cases: dict[str, list[float]] | None, lab: Lab) -> Grade | None:
    mine = {case: scores for case, scores in (cases or {}).items() if case in lab.cases}
    if not mine:
        return None
    many = len(lab.cases)
    return Grade(
        sum(scores[0] for scores in mine.values()) / many,
        sum(max(scores) for scores in mine.values()) / many,
        sum(map(len, mine.values())),
    )


def answered(here: House, handed: Iterable[Handed]) -> list[Answered]:
    """Each attempt, as xAPI tells it."""
    return [Answered(one.id, one.member, one.case_id, title(here, one.case_id), one.score, one.made) for one in handed]


def benchmarks(here: House, class_id: int, families: Sequence[str]) -> dict[str, Benchmark]:
    """Case → this class beside all classes, for those who are met in any lab."""
    rows = results.firsts(here.store, families)
    return {
        family: benchmark(
            [row.score for row in rows if row.family == family and row.class_id == class_id],
            [row.score for row in rows if row.family == family and row.class_id != class_id],
        )
        for family in families
    }
