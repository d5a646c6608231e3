"""CMS's National Correct Coding Initiative: pairs of procedures (PTP) and most units (MUE), for Medicare.

PTP, text with tabs or XLSX: column 1, column 2, ``*`` if older than 1996, effective, deletion (``*``: none), modifier
(0: not allowed, 1: allowed, 9: the edit no longer counts), rationale; the heading runs over several rows.
MUE, CSV or XLSX: code, value, adjudication indicator (``3 Date of Service Edit: Clinical``), rationale.
Neither says of which quarter it is, and PTP not whether it is for practitioners or for outpatient hospitals; CMS's own
names of the files do (``ccipra-…``, ``ccioph-…``).
"""

import re
from collections.abc import Iterator
from typing import Final

from sandbox.codes.importing import days, grid
from sandbox.codes.importing.grid import Grid
from sandbox.codes.importing.safe import Refused, Source
from sandbox.codes.importing.store import Edition, Shelf

PRACTITIONER: Final = "practitioner"
HOSPITAL: Final = "outpatient-hospital"
DME: Final = "dme"
TABLES: Final = (PRACTITIONER, HOSPITAL, DME)

_CODE: Final = re.compile(r"[A-Z]\d{4}|\d{4}[0-9A-Z]")
_HINTS: Final = (
    (re.compile(r"ccipra|pract", re.IGNORECASE), PRACTITIONER),
    (re.compile(r"ccioph|outpatient|hospital|facility", re.IGNORECASE), HOSPITAL),
    (re.compile(r"\bdme|durable|supplier", re.IGNORECASE), DME),
)


def load_pairs(source: Source, how: Grid, asked: days.Asked, shelf: Shelf) -> Edition:
    """A table of pairs, or one of the files into which CMS cuts it."""
    rows = how.rows(source)
    above, _, _ = grid.below(rows, "column 1")
    part = _part(above, source.name, asked)
    first, last = days.of_quarter(asked, days.stated(above))
    shelf.insert("ptp", _pairs(rows))
    _whole(source, how, shelf)
    return Edition("ptp", first, last, _quarter(first), part=part)


def _pairs(rows: Iterator[tuple[int, list[str]]]) -> Iterator[tuple[str, str, int, int, str]]:
    seen = False
    for line, cells in rows:
        if not seen and not _CODE.fullmatch(_code(cells[0])):
            # The heading goes on: 0=not allowed, *=no data …
            continue
        seen = True
        if len(cells) < 6:
            raise Refused("a pair of fewer than six cells; the file is cut", line)
        column1, column2 = map(_code, cells[:2])
        if not (_CODE.fullmatch(column1) and _CODE.fullmatch(column2)) or cells[5] not in ("0", "1", "9"):
            raise Refused(f"no pair of codes with an indicator 0, 1 or 9: {' '.join(cells)[:60]!r}", line)
        yield column1, column2, days.cell(cells[3], line, 0), days.cell(cells[4], line, days.OPEN), cells[5]


def load_units(source: Source, how: Grid, asked: days.Asked, shelf: Shelf) -> Edition:
    """A table of most units; its heading says for whom."""
    rows = how.rows(source)
    above, heading, _ = grid.below(rows, "hcpcs")
    value = next((n for n, cell in enumerate(heading) if "mue value" in cell.lower()), -1)
    indicator = next((n for n, cell in enumerate(heading) if "adjudication" in cell.lower()), -1)
    if value < 0 or indicator < 0:
        raise Refused("its heading has no MUE values, or no adjudication indicator")
    part = _part(heading[value], "", asked)
    first, last = days.of_quarter(asked, days.stated(above))
    shelf.insert("mue", _units(rows, value, indicator))
    _whole(source, how, shelf)
    return Edition("mue", first, last, _quarter(first), part=part)


def _units(rows: Iterator[tuple[int, list[str]]], value: int, indicator: int) -> Iterator[tuple[str, int, str]]:
    for line, cells in rows:
        if len(cells) <= max(value, indicator):
            raise Refused("a row of too few cells; the file is cut", line)
        key, most, how = _code(cells[0]), cells[value], cells[indicator][:1]
        if not _CODE.fullmatch(key) or not re.fullmatch(r"\d{1,9}", most) or how not in ("1", "2", "3"):
            raise Refused(f"no code with a number of units and an indicator 1, 2 or 3: {' '.join(cells)[:60]!r}", line)
        yield key, int(most), how


def _code(cell: str) -> str:
    """A code; a sheet may hold a code of digits as a number and lose its zeros."""
    return cell.upper().zfill(5) if cell.isdigit() else cell.upper()


def _part(told: str, name: str, asked: days.Asked) -> str:
    """For whom: what was asked for, what the file says, or the name that CMS gave it."""
    hint = next((part for text in (told, name) for pattern, part in _HINTS if pattern.search(text)), "")
    if part := asked.table or hint:
        return part
    raise Refused(f"it does not say for whom it is: give --table ({', '.join(TABLES)})")


def _whole(source: Source, how: Grid, shelf: Shelf) -> None:
    if not shelf.rows:
        raise Refused("no rows below the heading; the file is cut")
    if how.form != "sheet" and not source.ended:
        raise Refused("the last line has no end: the file is cut")


def _quarter(first: int) -> str:
    return f"{first // 10000} {days.QUARTERS[(first // 100 % 100 + 2) // 3]}"
