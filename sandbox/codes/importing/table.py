"""A school's own table of codes as CSV: the way in for CPT, which may only be had from the AMA.

The heading names the columns: ``code``, ``short title``, ``long title``, ``effective``, ``terminated``; only the code
and one title are needed, other columns are passed over. Lines above it that begin with ``#`` may say what ``--system``,
``--from`` and ``--to`` say: ``# system: cpt``, ``# from: 2026-01-01``.
"""

import re
from collections.abc import Iterator
from typing import Final

from sandbox.codes.importing import days
from sandbox.codes.importing.grid import Grid
from sandbox.codes.importing.safe import Refused, Source
from sandbox.codes.importing.store import Edition, Shelf
from sandbox.encounter import CPT, HCPCS, SYSTEMS, bare

_NAMES: Final = {
    "code": "code",
    "short": "short",
    "short title": "short",
    "long": "long",
    "long title": "long",
    "title": "long",
    "effective": "first",
    "terminated": "last",
}
_FORMS: Final = {CPT: r"[0-9A-Z]{5}", HCPCS: r"[A-Z]\d{4}"}
_MODIFIER: Final = re.compile(r"[0-9A-Z]{2}")
_SAID: Final = re.compile(r"#\s*(system|from|to)\s*:\s*(\S+)", re.IGNORECASE)


def is_heading(cells: list[str]) -> bool:
    """Whether a row names the columns of such a table."""
    if not cells:
        return False
    names = {_NAMES.get(_plain(cell)) for cell in cells}
    return _plain(cells[0]) == "code" and bool(names & {"short", "long"})


def load(source: Source, grid: Grid, asked: days.Asked, shelf: Shelf) -> Edition:
    """The table. Two-character rows of HCPCS and CPT are modifiers."""
    rows = grid.rows(source)
    said: dict[str, str] = {}
    heading: list[str] = []
    for _, cells in rows:
        if cells[0].startswith("#"):
            if found := _SAID.match(" ".join(cells)):
                said[found[1].lower()] = found[2]
            continue
        heading = cells
        break
    if not is_heading(heading):
        raise Refused(f"the columns are not named: {', '.join(heading)[:60]!r}")
    system = asked.system or said.get("system", "").lower()
    if system not in SYSTEMS:
        raise Refused(f"it does not say of which system its codes are: give --system ({', '.join(SYSTEMS)})")
    asked = days.Asked(asked.first_day or _day(said, "from"), asked.last_day or _day(said, "to"))
    first, last = days.of_year(asked)
    columns = {name: place for place, cell in enumerate(heading) if (name := _NAMES.get(_plain(cell)))}
    shelf.insert("codes", _rows(rows, system, columns))
    return Edition("table", first, last, f"{first // 10000}", system)


def _rows(
    rows: Iterator[tuple[int, list[str]]], system: str, columns: dict[str, int]
) -> Iterator[tuple[str, str, str, str, int, int]]:
    for line, cells in rows:
        if cells[0].startswith("#"):
            continue
        if len(cells) <= max(columns["code"], *columns.values()):
            raise Refused("fewer cells than the heading has columns; the file is cut", line)
        row = {name: cells[place] for name, place in columns.items()}
        key = bare(row["code"])
        modifier = system in _FORMS and _MODIFIER.fullmatch(key)
        if not modifier and not re.fullmatch(_FORMS.get(system, r"[0-9A-Z]{3,7}"), key):
            raise Refused(f"{row['code'][:20]!r} has not the form of a code of {system}", line)
        short, long = row.get("short", ""), row.get("long", "")
        if not (short or long):
            raise Refused(f"{key} has no title", line)
        first, last = (days.cell(row.get(end, ""), line, other) for end, other in (("first", 0), ("last", days.OPEN)))
        yield key, "modifier" if modifier else "code", short, long, first, last


def _plain(cell: str) -> str:
    return cell.lower().replace("_", " ").strip()


def _day(said: dict[str, str], name: str) -> int:
    return days.cell(said.get(name, ""), 0, 0)
