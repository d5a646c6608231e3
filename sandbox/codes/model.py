"""What the code sets hand out: codes and their notes, as frozen values."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, TypeVar

from sandbox.codes.notes import Target
from sandbox.encounter import dotted

T = TypeVar("T")

FIRST: Final = 20151001
"""The first day of ICD-10-CM and ICD-10-PCS: no code, no edition and no rule of theirs is older."""


def day(date: dt.date) -> int:
    """A date as the code sets compare it: 20260401."""
    return date.year * 10000 + date.month * 100 + date.day


def fiscal_year(on: int) -> int:
    """The fiscal year of a day (YYYYMMDD): 2027 begins on 20261001."""
    return on // 10000 + (on % 10000 >= 1001)


def fiscal_end(on: int) -> int:
    """The last day of the fiscal year of a day."""
    return 10000 * fiscal_year(on) + 930


def chosen(editions: Sequence[T], first_day: Callable[[T], int], on: int) -> T | None:
    """The edition for a day, of editions in order of time; None where there is none.

    One of the day's own fiscal year goes first: the last that has begun, or else the first to come. Then the last
    that has begun in an earlier year.
    """
    same = [edition for edition in editions if fiscal_year(first_day(edition)) == fiscal_year(on)]
    begun = [edition for edition in editions if first_day(edition) <= on]
    running = [edition for edition in same if first_day(edition) <= on]
    return next(iter((*running[-1:], *same[:1], *begun[-1:])), None)


@dataclass(frozen=True, slots=True)
class Span:
    """The days (YYYYMMDD, both included) between which a code is valid, with the MCE's attributes for them.

    Attributes, in the editor's own words: ``ecodepdx`` (external cause), ``manifestation``, ``unacceptable``
    (as principal), ``reqsdx`` (acceptable with a secondary diagnosis), ``newborn``, ``pediatric``, ``maternity``,
    ``adult``, ``male``, ``female``, ``qadm``, ``unspecified``, …
    """

    first: int
    last: int
    flags: frozenset[str] = frozenset()


def in_force(spans: tuple[Span, ...], on: int) -> Span | None:
    """The span that holds on the day; None where none does."""
    for span in spans:
        if span.first <= on <= span.last:
            return span
    return None


@dataclass(frozen=True)
class Code:
    """One entry of a code set: chapter, block, category, subcategory or code, in force or not.

    ``key`` has no dot. ``title`` is empty where the loaded files bring none. ``path`` runs from the entry itself up
    to its chapter. ``spans`` is empty for a heading.
    """

    key: str
    system: str
    kind: str
    title: str
    path: tuple[str, ...]
    spans: tuple[Span, ...]

    @cached_property
    def shown(self) -> str:
        """The code as people write it: ``M80.051A``."""
        return self.key if self.kind in ("chapter", "block") else dotted(self.key, self.system)

    @property
    def parent(self) -> str:
        """The key of the entry above, or empty."""
        return self.path[1] if len(self.path) > 1 else ""

    def valid(self, on: int) -> bool:
        """Whether the code may be assigned on the day."""
        return in_force(self.spans, on) is not None

    def flags(self, on: int) -> frozenset[str]:
        """The MCE's attributes of the code on the day; empty where it is not valid."""
        span = in_force(self.spans, on)
        return span.flags if span else frozenset()

    @cached_property
    def chapter(self) -> int:
        """The chapter's number (1 to 22), 0 outside ICD-10-CM."""
        last = self.path[-1] if self.path else ""
        return int(last[2:]) if last.startswith("CH") else 0


@dataclass(frozen=True, slots=True)
class Note:
    """One line of a note of the Tabular.

    ``kind`` is the name of its XML element (``excludes1``, ``codeFirst`` …); ``at`` the key of the entry under which
    it stands; ``level`` that entry's kind; ``targets`` the codes that its text names.
    """

    kind: str
    text: str
    at: str
    level: str
    targets: tuple[Target, ...]

    def names(self, key: str) -> bool:
        """Whether the note names the code ``key`` (no dot)."""
        return any(target.covers(key) for target in self.targets)
