"""ICD-10-CM itself: the Tabular of another edition, the order file of a year, and the indexes."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from sandbox.codes import editions, index_table, safe_xml
from sandbox.codes.editions import Summary, written
from sandbox.codes.importing import days, order
from sandbox.codes.importing.grid import Grid
from sandbox.codes.importing.safe import Refused, Source
from sandbox.codes.importing.store import Edition, Shelf
from sandbox.codes.index_file import KINDS, read_index
from sandbox.codes.model import fiscal_end, fiscal_year
from sandbox.encounter import CM

T = TypeVar("T")
_STEPS = 6
"""The steps of a build that a progress bar is told of, and one for reading the file."""


def load_tabular(source: Source, grid: Grid, asked: days.Asked, shelf: Shelf) -> Edition:
    """The Tabular becomes an edition in the folder ``editions``; its name and days are kept among the files."""
    _no_end(asked)
    content = _content(source)
    summary = _asking(
        source,
        lambda: editions.import_tabular(content, shelf.folder, _steps(source), asked.first_day or None, source.name),
    )
    return _edition("tabular", summary, shelf)


def load_order(source: Source, grid: Grid, asked: days.Asked, shelf: Shelf) -> Edition:
    """Titles, of either system; of ICD-10-CM also the proof of which codes are valid.

    In a year that the Medicare Code Editor knows, it is held against the editor's dates; a later year is an edition.
    """
    edition = order.load(source, grid, asked, shelf)
    if edition.system != CM:
        return edition
    content = _content(source)
    said = _asking(source, lambda: editions.differences(content, edition.first_day, source.name))
    if said is None:
        make = editions.import_order
        summary = _asking(source, lambda: make(content, shelf.folder, _steps(source), edition.first_day, source.name))
        said = tuple(str(summary).splitlines())
    return Edition(edition.kind, edition.first_day, edition.last_day, edition.edition, edition.system, said=said)


def load_index(source: Source, grid: Grid, asked: days.Asked, shelf: Shelf) -> Edition:
    """The Alphabetic Index, the External Cause Index, the Neoplasm Table or the Table of Drugs."""
    _no_end(asked)
    content = _content(source)
    file = _asking(source, lambda: read_index(content, source.name))
    first = _asking(source, lambda: editions.the_day(file.year, source.name, asked.first_day or None))
    tables: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for table, row in index_table.rows(file):
        tables[table].append(row)
    for table, rows in tables.items():
        shelf.insert(table, rows)
    shelf.rows = len(file.terms)
    name = f"{KINDS[file.kind]}, FY{fiscal_year(first)} ({written(first)})"
    return Edition("index", first, fiscal_end(first), name, CM, file.kind)


def _edition(kind: str, summary: Summary, shelf: Shelf) -> Edition:
    shelf.rows = summary.codes
    said = tuple(str(summary).splitlines())
    return Edition(kind, summary.first_day, fiscal_end(summary.first_day), summary.name, CM, said=said)


def _no_end(asked: days.Asked) -> None:
    if asked.last_day:
        raise Refused("an edition holds until the next one that is loaded: leave --to away")


def _content(source: Source) -> bytes:
    if source.size > safe_xml.LARGEST:
        raise Refused(f"larger than {safe_xml.LARGEST >> 20} MB; no official file is")
    source.file.seek(0)
    return source.file.read()


def _steps(source: Source) -> Callable[[str, Sequence[T]], Iterable[T]]:
    """A step of a build moves the bar by a part of the file."""

    def progress(label: str, rows: Sequence[T]) -> Iterable[T]:
        source.told(source.size // _STEPS)
        return rows

    return progress


def _asking(source: Source, act: Callable[[], T]) -> T:
    """What ``act`` returns; a file that it does not take is refused, with the line where there is one."""
    try:
        return act()
    except ValueError as error:
        why = str(error).removeprefix(f"{source.name}:").strip()
        found = re.fullmatch(r"(\d+): (.*)", why, re.DOTALL)
        raise (Refused(found[2], int(found[1])) if found else Refused(why)) from error
