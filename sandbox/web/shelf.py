"""The library as the desk lists it: one row a file, good or broken, filtered and in order."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Final

from sandbox.cases.files import good_slug
from sandbox.cases.library import CaseFile, Entry
from sandbox.cases.schema import Case
from sandbox.encounter import SETTINGS
from sandbox.store import progress
from sandbox.web import looks
from sandbox.web.house import House
from sandbox.web.looks import Look

_LONGEST: Final = 100


@dataclass(frozen=True, slots=True)
class Row:
    """One file. ``changed`` is UTC; ``named``: the desk can open it, for its name makes an id that is its own."""

    id: str
    entry: Entry
    look: Look | None
    changed: str
    tries: int
    named: bool

    @property
    def file(self) -> CaseFile | None:
        """The version that is served."""
        return self.entry.served

    @property
    def case(self) -> Case | None:
        """The case as it is served."""
        return self.entry.served.case if self.entry.served else None

    @property
    def broken(self) -> bool:
        """Whether the file cannot be read as it is."""
        return bool(self.entry.problems)

    @property
    def title(self) -> str:
        """What it is called; the path where it cannot be read."""
        return self.case.title if self.case else self.entry.path


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to see; the fields of the form and of the address."""

    q: str = ""
    specialty: str = ""
    setting: str = ""
    status: str = ""
    difficulty: str = ""
    problems: str = ""
    sort: str = ""

    @staticmethod
    def of(given: Mapping[str, str]) -> "Asked":
        """From an address or a form; what is not known there is left out."""
        return Asked(**{one.name: given.get(one.name, "").strip()[:_LONGEST] for one in fields(Asked)})

    def address(self) -> dict[str, Any]:
        """The fields that say anything, for an address."""
        return {name: value for name, value in asdict(self).items() if value}

    def fits(self, row: Row) -> bool:
        """Whether a row is asked for. A file that nobody has looked at may have problems."""
        case = row.case
        for name in ("specialty", "setting", "status", "difficulty"):
            wanted = getattr(self, name).casefold()
            if wanted and (case is None or str(getattr(case, name)).casefold() != wanted):
                return False
        if self.problems == "yes" and not (row.broken or row.look is None or row.look.any):
            return False
        if self.problems == "no" and (row.broken or row.look is None or row.look.any):
            return False
        text = _text(row)
        return all(word in text for word in self.q.lower().split())


def _text(row: Row) -> str:
    case = row.case
    words = [row.id, row.entry.path]
    if case:
        words += [case.title, case.specialty, case.setting_label, *case.topics, *case.skills]
    return " ".join(words).lower()


def _attention(row: Row) -> tuple[object, ...]:
    look = row.look or Look()
    state = row.case.status if row.case else ""
    return not row.broken, not look.failed, -look.errors, -look.warnings, state != "draft", row.title.lower()


SORTS: Final[dict[str, tuple[str, Callable[[Row], Any], bool]]] = {
    "": ("needs attention", _attention, False),
    "title": ("title", lambda row: row.title.lower(), False),
    "id": ("id", lambda row: row.id, False),
    "specialty": ("specialty", lambda row: (row.case.specialty if row.case else "", row.title.lower()), False),
    "setting": ("setting", lambda row: (row.case.setting_label if row.case else "", row.title.lower()), False),
    "difficulty": ("difficulty", lambda row: (row.case.difficulty if row.case else 0, row.title.lower()), False),
    "changed": ("changed last", lambda row: row.changed, True),
    "tries": ("tried most", lambda row: row.tries, True),
}
"""Order → its name, the key, and whether the largest comes first."""


def all_rows(here: House) -> list[Row]:
    """Every file of the library."""
    tries: dict[str, int] = {}
    for id, count in progress.tries(here.store).items():
        file = id.partition("~")[0]
        tries[file] = tries.get(file, 0) + count
    first: dict[str, Entry] = {}
    return [
        _row(here, entry, tries.get(entry.id, 0), first.setdefault(entry.id, entry) is entry)
        for entry in here.cases.entries()
    ]


def _row(here: House, entry: Entry, tries: int, own: bool) -> Row:
    moment = dt.datetime.fromtimestamp(entry.stamp[0] / 1e9, dt.UTC).isoformat() if entry.stamp[0] else ""
    look = looks.known(here, entry.served) if entry.served else Look()
    return Row(entry.id, entry, look, moment, tries, own and good_slug(entry.id))


def listed(rows: list[Row], asked: Asked) -> list[Row]:
    """The rows that are asked for, in the order that is asked for."""
    _, key, down = SORTS.get(asked.sort, SORTS[""])
    return sorted((row for row in rows if asked.fits(row)), key=key, reverse=down)


def specialties(cases: Iterable[Case]) -> dict[str, str]:
    """The specialties of cases, each once however it is written: casefolded → as most cases write it, in order."""
    found: dict[str, Counter[str]] = {}
    for case in cases:
        found.setdefault(case.specialty.casefold(), Counter())[case.specialty] += 1
    return {key: max(sorted(found[key]), key=found[key].__getitem__) for key in sorted(found)}


def choices(rows: list[Row]) -> dict[str, Any]:
    """What the filters offer: only what there is."""
    cases = [row.case for row in rows if row.case]
    there = {case.setting for case in cases}
    return {
        "specialties": list(specialties(cases).values()),
        "settings": [(name, label) for name, label in SETTINGS.items() if name in there],
        "statuses": ("draft", "ready", "retired"),
        "sorts": [(name, words) for name, (words, _, _) in SORTS.items()],
    }
