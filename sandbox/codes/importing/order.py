"""Titles of ICD-10-CM and ICD-10-PCS: CMS's order file (fixed width), and its addenda as CSV.

Order file, counted from 1: order number 1-5, code 7-13, 15 (0: a heading, 1: a code), short title 17-76, long title
from 78. The numbers run without a gap from 00001 to the last chapter (U) or section (X), which tells a cut file.
Neither says of which year it is.
"""

import re
from collections.abc import Iterator
from typing import Final

from sandbox.codes.importing import days
from sandbox.codes.importing.grid import Grid
from sandbox.codes.importing.safe import Refused, Source
from sandbox.codes.importing.store import Edition, Shelf
from sandbox.codes.order import RECORD
from sandbox.encounter import CM, PCS, bare

_LAST: Final = {CM: "U", PCS: "X"}
_CODE: Final = re.compile(r"[A-Z][0-9A-Z]{2,6}")
_ACTIONS: Final = {"add": True, "revise": True, "delete": False, "no change": False}

Row = tuple[str, str, str, str, int, int]


def load(source: Source, grid: Grid, asked: days.Asked, shelf: Shelf) -> Edition:
    """The order file of either system; the first code tells which."""
    first, last = days.of_fiscal_year(asked, source.name)
    system = ""

    def rows() -> Iterator[Row]:
        nonlocal system
        number, key = 0, ""
        for line, text in source.lines():
            found = RECORD.fullmatch(text)
            if not found or int(found[1]) != number + 1:
                raise Refused(f"not the record that follows number {number:05}: {text[:30]!r}", line)
            number, key = number + 1, found[2]
            system = system or (PCS if key[0].isdigit() else CM)
            kind = "code" if found[3] == "1" else "heading"
            yield key, kind, " ".join(found[4].split()), " ".join(found[5].split()), 0, days.OPEN
        if not key.startswith(_LAST.get(system, "?")) or not source.ended:
            raise Refused(f"it ends with {key or 'nothing'}, before the last chapter: the file is cut")

    shelf.insert("codes", rows())
    return Edition("order", first, last, f"FY{last // 10000}", system)


def load_addenda(source: Source, grid: Grid, asked: days.Asked, shelf: Shelf) -> Edition:
    """What an edition of ICD-10-CM adds and renames: titles of its new codes. What it deletes keeps its old title."""
    first, last = days.of_fiscal_year(asked, source.name)

    def rows() -> Iterator[Row]:
        table = grid.rows(source)
        next(table)
        for line, cells in table:
            if len(cells) != 3 or cells[0].lower() not in _ACTIONS or not _CODE.fullmatch(bare(cells[1])):
                raise Refused(f"not action, code, title: {', '.join(cells)[:60]!r}", line)
            if _ACTIONS[cells[0].lower()]:
                if not cells[2]:
                    raise Refused(f"{cells[1]} without a title; the file is cut", line)
                yield bare(cells[1]), "code", "", cells[2], 0, days.OPEN

    shelf.insert("codes", rows())
    if not source.ended:
        raise Refused("the last line has no end: the file is cut")
    return Edition("addenda", first, last, f"FY{last // 10000}", CM)
