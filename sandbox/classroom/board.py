"""What a class is doing in a lab just now: what it entered, what it takes for what, who is where and who is stuck."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

MANY_HINTS: Final = 3
"""Hints in a case that is not right yet: from here on its learner may be stuck."""
IDLE_MINUTES: Final = (3, 5, 10, 15)
"""How long nothing may come from somebody before they count as stuck: what staff can choose from."""
MOST_RIVALS: Final = 4
_CATEGORY: Final = 3
"""Characters of a code that name its category, in ICD-10-CM; of a PCS code, its table."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A line of a report: the code that was entered and that of the key (one of them may be empty), and the error.

    ``place``: of the line of the key, counted from 0 among the diagnoses or procedures. ``optional``: the key does not
    require it.
    """

    code: str
    key: str
    system: str
    error: str
    right: bool
    place: int = 0
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """An attempt of a lab; one that could not be judged is not on the board.

    ``made``: ISO 8601, UTC, to the millisecond, as everywhere in the database.
    """

    id: int
    learner: str
    case_id: str
    score: float
    made: str
    choices: tuple[Choice, ...]
    judged: bool = True


@dataclass(frozen=True, slots=True)
class Bar:
    """A code and how many entered it; ``parts``: (kind of error, learners), the most frequent first."""

    code: str
    system: str
    many: int
    parts: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Mistake:
    """A code taken for another one; ``key`` is empty where the key has no line for it. ``attempts``: some of them."""

    code: str
    key: str
    system: str
    error: str
    many: int
    attempts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Keyed:
    """A line of the key. ``missed``: learners who left it out or entered another code; an optional one that was left
    out is not missed. ``entered``: those who have it right."""

    code: str
    system: str
    missed: int = 0
    entered: int = 0
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Answers:
    """What a class answered to one encounter, by the latest attempt of each learner.

    ``keyed``: in the order of the key, diagnoses first.
    """

    case_id: str
    people: int
    mean: float
    bars: tuple[Bar, ...]
    mistakes: tuple[Mistake, ...]
    keyed: tuple[Keyed, ...]


@dataclass(frozen=True, slots=True)
class Task:
    """An encounter that a learner has in a lab. ``saved``: when a draft was saved last, empty for none."""

    learner: str
    place: int
    case_id: str
    saved: str
    hints: int


@dataclass(frozen=True, slots=True)
class Cell:
    """How far a learner is in a case: the latest attempt (0: none), its score, whether something is being typed."""

    attempt: int
    score: float
    typing: bool
    hints: int


@dataclass(frozen=True, slots=True)
class Person:
    """Where a learner is. ``place``: the case that something came from last, 0 for none; ``stuck``: why, or empty."""

    learner: str
    place: int
    done: int
    cells: tuple[Cell, ...]
    stuck: tuple[str, ...]


def rivals(bars: Sequence[Bar]) -> tuple[tuple[str, str], ...]:
    """Pairs of entered codes that are worth talking about before the key is known: codes of one category.

    Made from what the class entered alone, and in alphabetical order: neither the pair nor its order tells of the key.
    """
    many = {(bar.code, bar.system): bar.many for bar in bars}
    found = [
        (min(many[one], many[other]), one[0], other[0])
        for one in sorted(many)
        for other in sorted(many)
        if one < other and one[1] == other[1] and one[0][:_CATEGORY] == other[0][:_CATEGORY]
    ]
    ranked = sorted(found, key=lambda row: (-row[0], row[1], row[2]))[:MOST_RIVALS]
    return tuple((one, other) for _, one, other in ranked)


def people(
    tasks: Iterable[Task],
    joined: Mapping[str, str],
    latest: Mapping[tuple[str, str], Sent],
    clock: tuple[dt.datetime, str] | None,
    minutes: int,
) -> dict[str, Person]:
    """Learner → where they are. ``joined``: when each took a seat.

    ``clock``: now, and since when the lab has run without a pause (ISO); None while it does not run: nobody is stuck
    for waiting.
    """
    rows: dict[str, list[Task]] = {learner: [] for learner in joined}
    for task in tasks:
        if task.learner in rows:
            rows[task.learner].append(task)
    return {learner: _person(learner, rows[learner], joined[learner], latest, clock, minutes) for learner in rows}


def _person(
    learner: str,
    tasks: Sequence[Task],
    joined: str,
    latest: Mapping[tuple[str, str], Sent],
    clock: tuple[dt.datetime, str] | None,
    minutes: int,
) -> Person:
    cells, moments, stuck = [], [(joined, 0)], []
    for task in sorted(tasks, key=lambda one: one.place):
        sent = latest.get((learner, task.case_id))
        moments += [(moment, task.place) for moment in (task.saved, sent.made if sent else "") if moment]
        cells.append(Cell(sent.id if sent else 0, sent.score if sent else 0.0, bool(task.saved), task.hints))
        if clock and task.hints >= MANY_HINTS and not (sent and sent.score >= 1):
            stuck.append(f"{task.hints} hints in case {task.place}")
    moment, place = max(moments)
    done = sum(bool(cell.attempt) for cell in cells)
    if clock and any(cell.typing or not cell.attempt for cell in cells):
        idle = int((clock[0] - dt.datetime.fromisoformat(max(moment, clock[1]))).total_seconds() // 60)
        if idle >= minutes:
            stuck.insert(0, f"nothing for {idle} min")
    return Person(learner, place, done, tuple(cells), tuple(stuck))
