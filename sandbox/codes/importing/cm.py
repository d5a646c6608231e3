"""ICD-10-CM itself: the Tabular of another edition, the order file of a year, and the indexes."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, TypeVar

from sandbox.codes import editions, index_table, safe_xml, sources
from sandbox.codes.editions import Summary, written
from sandbox.codes.importing import days, order
from sandbox.codes.importing.grid import Grid
from sandbox.codes.importing.safe import Refused, Source
from sandbox.codes.importing.store import Edition, Shelf
from sandbox.codes.index_file import KINDS, IndexFile, IndexTerm, read_index
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
    return Edition("index", first, fiscal_end(first), name, CM, file.kind, _strange(file, first))


def _strange(file: IndexFile, first: int) -> tuple[str, ...]:
    """What stands in the place of a code and begins none that is in force on the first day."""
    unknown = sources.unknown_codes(chain.from_iterable(map(_codes, file.terms)), first)
    more = f" and {len(unknown) - 10} more" if len(unknown) > 10 else ""
    shown = "; ".join(unknown[:10]) + more
    return (f"No code in force on {written(first)} begins with: {shown}.",) if unknown else ()


def _codes(term: IndexTerm) -> Iterator[str]:
    for text in (term.code, term.manif, term.category):
        yield from filter(None, text.split("; "))
    yield from (code for _, code in term.cells)


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
