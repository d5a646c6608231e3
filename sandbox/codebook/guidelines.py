"""Which sections of the ICD-10-CM Official Guidelines govern a code; the table ``guidelines.csv`` says it.

A row has the section (``I.C.9.a.1``), its heading as printed, and the codes that it speaks of: codes, categories or
ranges, each with all that stands below it, as :class:`sandbox.codes.notes.Target` reads them.
"""

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from sandbox.codes.model import Code
from sandbox.codes.notes import Target
from sandbox.encounter import CM

TABLE: Final = Path(__file__).with_name("guidelines.csv")
EDITION: Final = "ICD-10-CM Official Guidelines for Coding and Reporting, FY2025"
_CHAPTER: Final = "I.C."


@dataclass(frozen=True, slots=True)
class Section:
    """A section: its number, its heading, the codes that it governs."""

    number: str
    title: str
    spans: tuple[Target, ...]

    @property
    def depth(self) -> int:
        """0 for a whole chapter (``I.C.9``), 1 for ``I.C.9.a``, 2 for ``I.C.9.a.1`` …"""
        return self.number.count(".") - 2

    def governs(self, code: Code) -> bool:
        """Whether the section speaks of the code, or of all that stands below the heading."""
        first, _, last = code.key.partition("-")
        return any(span.covers(first) and (not last or span.covers(last)) for span in self.spans)


@lru_cache(maxsize=1)
def sections() -> tuple[Section, ...]:
    """All sections of the table, in the order of the guidelines."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return tuple(
            Section(row["section"], row["title"], tuple(map(Target.read, row["spans"].replace(".", "").split())))
            for row in csv.DictReader(file)
        )


def governing(code: Code) -> tuple[Section, ...]:
    """The sections for a code or heading of ICD-10-CM, in the order of the guidelines; all of a chapter's for it."""
    if code.system != CM:
        return ()
    if code.kind == "chapter":
        begins = f"{_CHAPTER}{code.chapter}"
        return tuple(s for s in sections() if s.number == begins or s.number.startswith(f"{begins}."))
    return tuple(section for section in sections() if section.governs(code))
