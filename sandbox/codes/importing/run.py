"""One file of the command line, a zip with all that is in it, into ``official.db``: wholly or not at all."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final
from zipfile import ZipInfo

from sandbox.codes.importing import sheets, zips
from sandbox.codes.importing.days import Asked
from sandbox.codes.importing.grid import Grid
from sandbox.codes.importing.kinds import KINDS
from sandbox.codes.importing.recognise import ZIP, recognise
from sandbox.codes.importing.safe import Refused, Source, Unknown, ignore
from sandbox.codes.importing.store import Edition, Shelf, writing

Progress = Callable[[int], None]
"""Is told how many bytes more have been read."""

_FORMS: Final = ("lines", "tab", "comma", "xml", "sheet")
"""What is taken first where a zip brings one table in several forms."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A file that is in: what it is, how many rows it has, and what it took the place of.

    ``again``: the same content was there before, and nothing has changed.
    """

    name: str
    edition: Edition
    rows: int
    replaced: tuple[str, ...] = ()
    again: bool = False


@dataclass(slots=True)
class Report:
    """What became of one file: ``passed`` has (name, why) of the members of a zip that are none of ours."""

    loaded: list[Loaded] = field(default_factory=list)
    passed: list[tuple[str, str]] = field(default_factory=list)


class _Unchanged(Exception):
    """Everything was there before; the database stays the file that it is."""


def import_file(path: Path, folder: Path, asked: Asked, told: Progress = ignore) -> Report:
    """Load a file into the ``official.db`` of a data folder, in one transaction.

    Raises :class:`Refused` for a file that is not loaded, or not wholly; what was there before is then as it was.
    """
    report = Report()
    try:
        with path.open("rb") as file, writing(folder) as db:
            _Import(db, folder, asked, told, report).whole(path.name, file)
            if all(each.again for each in report.loaded):
                raise _Unchanged
    except _Unchanged:
        pass
    except RecursionError as error:
        raise Refused("elements within elements without end; no official file is like that") from error
    except (OSError, sqlite3.Error, MemoryError) as error:
        raise Refused(str(error) or type(error).__name__) from error
    return report


@dataclass(frozen=True, slots=True)
class _Import:
    """One transaction."""

    db: sqlite3.Connection
    folder: Path
    asked: Asked
    told: Progress
    report: Report

    def whole(self, name: str, file: BinaryIO) -> None:
        """A file as it was named, a zip or not."""
        if file.read(4) == ZIP and not sheets.is_workbook(file):
            self._zip(file)
        else:
            source = Source(name, file, self.told)
            self._load(source, *recognise(source))

    def _zip(self, file: BinaryIO) -> None:
        known: list[tuple[int, ZipInfo, str, Grid]] = []
        for info in zips.members(file):
            with self._member(file, info) as source:
                try:
                    kind, grid = recognise(source)
                except Refused as why:
                    self.report.passed.append((source.name, str(why)))
                else:
                    known.append((_FORMS.index(grid.form), info, kind, grid))
        seen: dict[tuple[str, str], str] = {}
        for _, info, kind, grid in sorted(known, key=lambda member: member[0]):
            with self._member(file, info) as source:
                stem = source.name.rpartition(".")[0].lower()
                if twin := seen.get((kind, stem)):
                    self.report.passed.append((source.name, f"the same as {twin}"))
                    continue
                try:
                    self._load(source, kind, grid)
                    seen[kind, stem] = source.name
                except Unknown as why:
                    self.report.passed.append((source.name, str(why)))
                except Refused as why:
                    raise Refused(f"{source.name}: {why}") from why
        if not self.report.loaded:
            told = "; ".join(f"{name}: {reason}" for name, reason in self.report.passed)
            raise Unknown(f"nothing in it is known ({told[:300]})")

    @contextmanager
    def _member(self, file: BinaryIO, info: ZipInfo) -> Iterator[Source]:
        with zips.unpacked(file, info) as inner:
            packed = info.compress_size / max(info.file_size, 1)
            yield Source(zips.shown(info), inner, lambda number: self.told(round(number * packed)))

    def _load(self, source: Source, kind: str, grid: Grid) -> None:
        load = KINDS[kind].load
        if load is None:
            raise Unknown(f"this is the {KINDS[kind].title}, which cannot be loaded yet")
        if known := self._there(source.sha256, kind):
            self.report.loaded.append(Loaded(source.name, *known, again=True))
            return
        shelf = Shelf(self.db, self.folder)
        edition = load(source, grid, self.asked, shelf)
        if edition.last_day < edition.first_day:
            raise Refused("--to lies before the first day")
        replaced = shelf.close(edition, source.name, source.sha256)
        self.report.loaded.append(Loaded(source.name, edition, shelf.rows, tuple(replaced)))

    def _there(self, sha256: str, kind: str) -> tuple[Edition, int] | None:
        """The same content, loaded before for the days, the system and the table that are asked for now."""
        row = self.db.execute(
            "SELECT first_day, last_day, edition, system, part, rows FROM files WHERE sha256 = ? AND kind = ?",
            (sha256, kind),
        ).fetchone()
        if row is None:
            return None
        *rest, rows = row
        edition, asked = Edition(kind, *rest), self.asked
        same = (
            (asked.first_day, edition.first_day),
            (asked.last_day, edition.last_day),
            (asked.system, edition.system if kind == "table" else ""),
            (asked.table, edition.part),
        )
        return (edition, rows) if all(wanted in (has, type(has)()) for wanted, has in same) else None
