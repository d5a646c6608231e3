"""The gradebook as a table, and in the columns that Canvas and Moodle read."""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from sandbox.classroom.cells import Row

POINTS: Final = 100
"""What an item is worth in the tables for other systems."""

CANVAS: Final = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
"""The columns with which a gradebook of Canvas begins. It finds a learner by any of the middle three."""
MOODLE: Final = {"number": "ID number", "email": "Email address"}
"""By what Moodle can find a learner, and the name of the column."""

_CANVAS_ID: Final = re.compile(r"\((\d+)\)\s*$")
_CANVAS_TOTAL: Final = re.compile(r"(Current|Final|Override) (Score|Points|Grade|Status)")
_CANVAS_POINTS: Final = "Points Possible"


@dataclass(frozen=True, slots=True)
class Grade:
    """The scores of one learner in one item, from 0 to 1: at first, and the best, which counts."""

    first: float
    best: float
    attempts: int


@dataclass(frozen=True, slots=True)
class Person:
    """A line of the gradebook. ``id``: of the member; ``grades`` as many as there are items, None: nothing came in."""

    id: int
    name: str
    number: str
    email: str
    grades: tuple[Grade | None, ...]

    @property
    def mean(self) -> float | None:
        """The mean of what counts; what was not handed in counts 0. None where nothing was handed in."""
        there = [grade.best for grade in self.grades if grade]
        return sum(there) / len(self.grades) if there else None


@dataclass(frozen=True, slots=True)
class Book:
    """A gradebook: ``section`` is the class, ``items`` the titles of cases or labs."""

    section: str
    items: tuple[str, ...]
    people: tuple[Person, ...]

    def table(self) -> list[Row]:
        """For a spreadsheet: percent, the best of each item, then the first of each, and the mean."""
        first = [f"{item} (first)" for item in self.items]
        rows: list[Row] = [("Name", "Number", "E-mail", *self.items, *first, "Mean")]
        for one in self.people:
            best = [_percent(grade.best if grade else None) for grade in one.grades]
            begun = [_percent(grade.first if grade else None) for grade in one.grades]
            rows.append((one.name, one.number, one.email, *best, *begun, _percent(one.mean)))
        return rows

    def canvas(self) -> list[Row]:
        """For the import of Canvas, with its row of points; its own ID is not known here and stays empty.

        Names that Canvas would take for something else are changed: ``lib/gradebook_importer.rb`` of canvas-lms.
        """
        titles = _apart([_for_canvas(title) for title in self.items], CANVAS)
        rows: list[Row] = [(*CANVAS, *titles), (f"    {_CANVAS_POINTS}", *[None] * 4, *[POINTS] * len(titles))]
        for one in self.people:
            name = one.name.replace(_CANVAS_POINTS, _CANVAS_POINTS.lower())
            rows.append((name, None, one.number, one.email, self.section, *_points(one)))
        return rows

    def moodle(self, by: Literal["number", "email"]) -> list[Row]:
        """For the CSV import of Moodle, with the one column by which it finds learners. Whoever has none is left out:
        Moodle gives the grades of such a row to the learner before it (``grade/import/csv/classes/load_data.php``)."""
        rows: list[Row] = [(MOODLE[by], *_apart(self.items, (MOODLE[by],)))]
        # "-" is what it reads as no grade; an empty cell would be one in a new item.
        rows += [
            (who, *["-" if points is None else points for points in _points(one)])
            for one in self.people
            if (who := getattr(one, by).strip())
        ]
        return rows


def _for_canvas(title: str) -> str:
    # A number in brackets at the end is the id of an assignment of Canvas; columns of totals are passed over.
    return _CANVAS_TOTAL.sub(lambda found: found[0].capitalize(), _CANVAS_ID.sub(r"[\1]", title))


def _percent(share: float | None) -> float | None:
    return None if share is None else round(100 * share, 2)


def _points(one: Person) -> list[float | None]:
    return [None if grade is None else round(POINTS * grade.best, 2) for grade in one.grades]


def _apart(titles: Sequence[str], taken: Sequence[str]) -> list[str]:
    """Titles that differ from each other and from those that are taken: two columns of one name would be one."""
    named: list[str] = []
    for title in titles:
        others = (f"{title} - {n}" for n in itertools.count(2))
        again = title in (*named, *taken)
        named.append(next(one for one in others if one not in (*named, *titles)) if again else title)
    return named
