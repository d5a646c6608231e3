"""What the library has and lacks: its cases by setting, specialty, chapter, difficulty and guideline section."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from sandbox.cases.library import CaseFile
from sandbox.cases.schema import Case
from sandbox.cases.sections import exercised, sections
from sandbox.codes.codeset import CodeSet
from sandbox.encounter import CM

CHAPTERS: Final = 22
_LONG: Final = (8, 10)
"""A long chart has at least so many documents, and so many diagnoses in its key."""


@dataclass(frozen=True, slots=True)
class Row:
    """One cell of the matrix: a name, what it is called, the ids of its cases, and how many the library wants."""

    name: str
    title: str
    cases: tuple[str, ...]
    wanted: int = 0

    @property
    def short(self) -> bool:
        """Whether cases are missing."""
        return len(self.cases) < self.wanted


@dataclass(frozen=True, slots=True)
class Coverage:
    """The matrix. ``encounters`` counts every variant; ``long`` are charts of many documents and conditions."""

    cases: tuple[str, ...]
    encounters: int
    varied: tuple[str, ...]
    long: tuple[str, ...]
    with_procedures: tuple[str, ...]
    settings: tuple[Row, ...]
    difficulties: tuple[Row, ...]
    specialties: tuple[Row, ...]
    chapters: tuple[Row, ...]
    sections: tuple[Row, ...]

    def as_json(self) -> dict[str, Any]:
        """The matrix as plain values."""
        tables = ("settings", "difficulties", "specialties", "chapters", "sections")
        out: dict[str, Any] = {"cases": len(self.cases), "encounters": self.encounters}
        out |= {name: list(getattr(self, name)) for name in ("varied", "long", "with_procedures")}
        return out | {
            table: [
                {"name": row.name, "title": row.title, "wanted": row.wanted, "cases": list(row.cases)}
                for row in getattr(self, table)
            ]
            for table in tables
        }


def coverage(files: Iterable[CaseFile], codes: CodeSet) -> Coverage:
    """The matrix of case files, each the chart as written; which of them count (drafts, retired) is the caller's."""
    chosen = tuple(files)
    levels = _by(chosen, lambda case: [case.difficulty])
    return Coverage(
        cases=tuple(file.id for file in chosen),
        encounters=sum(len(file.family) for file in chosen),
        varied=_those(chosen, lambda case: bool(case.variants)),
        long=_those(chosen, _is_long),
        with_procedures=_those(chosen, lambda case: case.setting == "inpatient" and bool(case.key.procedures)),
        settings=_rows(_by(chosen, lambda case: [case.setting])),
        difficulties=tuple(Row(str(n), "", levels.get(n, ())) for n in range(1, 6)),
        specialties=_rows(_by(chosen, lambda case: [case.specialty])),
        chapters=_chapters(_by(chosen, lambda case: _chapters_of(case, codes)), codes),
        sections=_sections(_by(chosen, exercised)),
    )


def _those(files: Iterable[CaseFile], wanted: Callable[[Case], bool]) -> tuple[str, ...]:
    return tuple(file.id for file in files if wanted(file.case))


def _is_long(case: Case) -> bool:
    documents, diagnoses = _LONG
    return len(case.documents) >= documents and len(case.key.diagnoses) >= diagnoses


def _by(files: Iterable[CaseFile], names: Callable[[Case], Iterable[Hashable]]) -> dict[Hashable, tuple[str, ...]]:
    found: dict[Hashable, list[str]] = defaultdict(list)
    for file in files:
        for name in dict.fromkeys(names(file.case)):
            found[name].append(file.id)
    return {name: tuple(ids) for name, ids in found.items()}


def _rows(found: dict[Hashable, tuple[str, ...]]) -> tuple[Row, ...]:
    """The names that occur, those with most cases first."""
    rows = [Row(str(name), "", ids) for name, ids in found.items()]
    return tuple(sorted(rows, key=lambda row: (-len(row.cases), row.name)))


def _chapters_of(case: Case, codes: CodeSet) -> list[int]:
    entries = [codes.get(line.code, CM) for line in case.key.diagnoses]
    return [entry.chapter for entry in entries if entry]


def _chapters(found: dict[Hashable, tuple[str, ...]], codes: CodeSet) -> tuple[Row, ...]:
    return tuple(Row(str(n), codes.title(f"CH{n}"), found.get(n, ()), 1) for n in range(1, CHAPTERS + 1))


def _sections(found: dict[Hashable, tuple[str, ...]]) -> tuple[Row, ...]:
    return tuple(Row(one.id, one.title, found.get(one.id, ()), one.wanted) for one in sections().values())
