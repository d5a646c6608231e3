"""CMS's list of ICD-10-CM codes that are exempt from reporting of present on admission: TXT, XLSX and XML.

Columns: an order number whose heading ends in the fiscal year (``OrdFY25``, ``Order2023``), the code, its title. The
list runs in the order of the Tabular, from B90.0 to Z99.89, which tells a cut one. The same zip brings the changes
since last year in files of the same form, which are no list.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from sandbox.codes.importing import days
from sandbox.codes.importing.grid import Grid
from sandbox.codes.importing.safe import Refused, Source, Unknown, text
from sandbox.codes.importing.store import Edition, Shelf
from sandbox.encounter import CM, bare

_FIRST: Final = "B900"
_LAST: Final = "Z9989"
_ORDER: Final = re.compile(r"ord\w*?(\d{4}|\d{2})", re.IGNORECASE)
_CODE: Final = re.compile(r"[A-Z]\d[0-9A-Z]{1,5}")

Rows = Iterable[tuple[int, list[str]]]


def load(source: Source, grid: Grid, asked: days.Asked, shelf: Shelf) -> Edition:
    """The list as a table with a heading, or as XML."""
    rows = iter(_xml_rows(source) if grid.form == "xml" else grid.rows(source))
    _, heading = next(rows, (0, [""]))
    found = _ORDER.fullmatch(heading[0])
    if not found or len(heading) < 2 or heading[1].lower() != "poaexemptcode":
        raise Unknown(f"its heading is {' | '.join(heading)[:80]!r}, not OrdFY.. | POAexemptCode | Description", 1)
    first, last = days.fiscal_year(found[1], asked)
    shelf.insert("poa", _keys(rows, source, grid.form))
    return Edition("poa", first, last, f"FY{last // 10000}", CM)


def _keys(rows: Rows, source: Source, form: str) -> Iterator[tuple[str]]:
    key = ""
    for line, cells in rows:
        if len(cells) < 3 or not cells[2]:
            raise Refused("a row of fewer than three cells; the file is cut", line)
        key, before = bare(cells[1]), key
        if not _CODE.fullmatch(key):
            raise Refused(f"{cells[1][:20]!r} is no ICD-10-CM code", line)
        if not before and key != _FIRST:
            raise Unknown(f"the list begins with {key}, and CMS's with B90.0: are these only the year's changes?", line)
        yield (key,)
    if key != _LAST or (form == "tab" and not source.ended):
        raise Refused(f"the list ends with {key or 'nothing'}, and CMS's with Z99.89: the file is cut")


def _xml_rows(source: Source) -> Iterator[tuple[int, list[str]]]:
    """One element a code, one element inside it for each column, named like the column."""
    root = source.tree()
    records = [e for e in root.iter() if any(child.tag.lower() == "poaexemptcode" for child in e)]
    if records:
        yield 1, [child.tag for child in records[0]]
    for number, record in enumerate(records, 1):
        yield number, [text(child) for child in record]
