"""The sections of the ICD-10-CM Official Guidelines: their ids and headings, and which of them a text names.

The table ``sections.csv`` has the headings of the guidelines' own table of contents. ``wanted`` is the number of cases
that the library should have for a section; 0 where there is nothing to exercise (reserved, deleted, about the book).
"""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from sandbox.cases.schema import Case

_NAMED: Final = re.compile(
    r"(?<![\w.])(?:I\.[AB]\.\d+(?:\.[a-z])?|I\.C\.\d+(?:\.(?:\d+|[a-z]))*|II(?:\.[A-K](?:\.\d)?)?|III(?:\.[A-C])?"
    r"|IV(?:\.[A-Q](?:\.\d)?)?)(?!\.?\w)"
)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of the guidelines: ``I.C.9.a``, what it is called, and how many cases the library wants for it."""

    id: str
    title: str
    wanted: int


@cache
def sections() -> Mapping[str, Section]:
    """Every section of the table by id, in the guidelines' order."""
    with (Path(__file__).parent / "sections.csv").open(encoding="utf-8", newline="") as file:
        rows = [Section(row["id"], row["title"], int(row["wanted"])) for row in csv.DictReader(file)]
    return {row.id: row for row in rows}


def named(text: str) -> Iterator[str]:
    """The ids of sections that a text names, as they stand: ``I.C.9.a.2``."""
    yield from _NAMED.findall(text)


def above(id: str) -> Iterator[str]:
    """The id and those of the sections that it is a part of, as far as the table has them."""
    parts = id.split(".")
    for n in range(len(parts), 0, -1):
        if (part := ".".join(parts[:n])) in sections():
            yield part


def exercised(case: Case) -> frozenset[str]:
    """The sections of the table that a case exercises: named in its ``skills``, or cited by a line of its key."""
    cites = [line.cites for part in (case.key.diagnoses, case.key.procedures, case.key.queries) for line in part]
    texts = (*case.skills, *(cite for some in cites for cite in some))
    return frozenset(part for text in texts for id in named(text) for part in above(id))
