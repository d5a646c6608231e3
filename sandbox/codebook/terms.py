"""A term of an imported index with what stands below it, as the printed book shows it."""

from dataclasses import dataclass
from typing import Final

from sandbox.codebook.linking import Piece
from sandbox.codes.alphabetic import Entry, Found, Indexes
from sandbox.codes.codeset import CodeSet
from sandbox.encounter import bare

MOST: Final = 250
"""Lines of one page; a term with more below it shows the next level, each of which opens by itself."""

TABLES: Final = ("neoplasm", "drugs")
"""The indexes that are tables, with a column for each kind of code."""


@dataclass(frozen=True, slots=True)
class Line:
    """A term as it is shown. ``level``: how far it is set in; ``more``: terms below it stand on its own page.

    ``code``, ``manif`` and ``category`` are links where the code set knows them; ``cells`` those of a table.
    """

    entry: Entry
    level: int
    more: bool
    code: Piece
    manif: Piece
    category: Piece
    cells: tuple[tuple[str, Piece], ...]
    leads: tuple[Found, ...]


def line(indexes: Indexes, codes: CodeSet, entry: Entry, on: int, level: int = 0, more: bool = False) -> Line:
    """The term with its codes as links and what its *see* leads to."""
    return Line(
        entry,
        level,
        more,
        _linked(codes, entry.code),
        _linked(codes, entry.manif),
        _linked(codes, entry.category),
        tuple((heading, _linked(codes, code)) for heading, code in entry.cells),
        indexes.resolve(entry, on) if entry.see or entry.see_also else (),
    )


def tree(indexes: Indexes, codes: CodeSet, entry: Entry, on: int) -> list[Line]:
    """What stands below a term: all of it, or where that is too long, the next level only."""
    whole = _walk(indexes, entry, 0, MOST)
    found = whole if len(whole) <= MOST else [(child, 0) for child in indexes.children(entry)]
    cut = whole is not found
    return [line(indexes, codes, child, on, level, cut and bool(indexes.children(child))) for child, level in found]


def _walk(indexes: Indexes, entry: Entry, level: int, left: int) -> list[tuple[Entry, int]]:
    out: list[tuple[Entry, int]] = []
    for child in indexes.children(entry):
        if len(out) > left:
            break
        out.append((child, level))
        out += _walk(indexes, child, level + 1, left - len(out))
    return out


def _linked(codes: CodeSet, text: str) -> Piece:
    """A code of the index (``E11.-``) as a link, where the code set has it."""
    key = bare(text.rstrip("-✓ "))
    return Piece(text, key if key and codes.get(key) else "")
