"""Rows of cells, whatever they came in: tabs, commas, or a sheet."""

from collections.abc import Iterator
from dataclasses import dataclass

from sandbox.codes.importing import sheets
from sandbox.codes.importing.safe import Refused, Source


@dataclass(frozen=True, slots=True)
class Grid:
    """How a file holds its rows: ``tab``, ``comma``, ``sheet``, ``xml`` or ``lines`` (fixed width)."""

    form: str

    def rows(self, source: Source) -> Iterator[tuple[int, list[str]]]:
        """(line or row, cells) of the whole file. Raises :class:`Refused`."""
        if self.form == "sheet":
            return sheets.rows(source)
        return source.rows("\t" if self.form == "tab" else ",")


def below(rows: Iterator[tuple[int, list[str]]], first: str, most: int = 40) -> tuple[str, list[str], int]:
    """(all that stands above, the heading, its line): the heading is the row whose first cell begins with ``first``.

    The rows below it are left in ``rows``.
    """
    above: list[str] = []
    for line, cells in rows:
        if cells[0].lower().startswith(first):
            return " ".join(above), cells, line
        above += cells
        if len(above) > most * len(cells):
            break
    raise Refused(f"no heading that begins with {first!r}")
