"""The one reader of ``codes.db``: what exists, when, under which notes."""

import sqlite3
import threading
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final

from sandbox.codes.model import Code, Note, Span
from sandbox.codes.notes import Target
from sandbox.encounter import CM, bare

# Enough for the codes that a classroom meets in a session; about 1 KB each.
_CACHED: Final = 8192


class CodeSet:
    """The code sets in one ``codes.db``, opened read-only; safe to share between threads.

    Days are integers, YYYYMMDD; codes are given with or without dot, in either case of letters.
    """

    def __init__(self, path: Path) -> None:
        if not path.exists():
            raise FileNotFoundError(f"{path}: the code sets are not built yet; run: python -m sandbox codes build")
        self.path = path
        self._local = threading.local()
        self.get = lru_cache(maxsize=_CACHED)(self._get)
        self.notes = lru_cache(maxsize=_CACHED)(self._notes)
        self.excludes = lru_cache(maxsize=_CACHED)(self._excludes)

    # -- look-up ---------------------------------------------------------------------------------------------------

    def _get(self, code: str, system: str = CM) -> Code | None:
        """The entry of ``code``, heading or assignable, in force or not; None where there is none."""
        row = self._row("SELECT kind, title, path, spans FROM codes WHERE system = ? AND key = ?", system, bare(code))
        return _code(system, *row) if row else None

    def valid(self, code: str, on: int, system: str = CM) -> bool:
        """Whether ``code`` may be assigned on the day."""
        found = self.get(code, system)
        return found is not None and found.valid(on)

    def title(self, code: str, system: str = CM) -> str:
        """The title, or empty where the loaded files bring none."""
        found = self.get(code, system)
        return found.title if found else ""

    def children(self, code: str, on: int | None = None, system: str = CM) -> tuple[Code, ...]:
        """The entries directly below ``code``; with a day, only those that are, or lead to, a valid code then."""
        rows = self._rows(
            "SELECT kind, title, path, spans FROM codes WHERE system = ? AND parent = ? ORDER BY place, key",
            system,
            bare(code),
        )
        out = tuple(_code(system, *row) for row in rows)
        return out if on is None else tuple(c for c in out if c.valid(on) or self.heading(c.key, on, system))

    def below(self, code: str, on: int, system: str = CM) -> tuple[Code, ...]:
        """The valid codes that begin with ``code``, itself among them, in the order of the code set."""
        return tuple(c for row in self._below(bare(code), system) if (c := _code(system, *row)).valid(on))

    def heading(self, code: str, on: int, system: str = CM) -> bool:
        """Whether ``code`` is on that day a heading: not assignable, but the beginning of codes that are."""
        key = bare(code)
        return (
            len(key) >= 3
            and not self.valid(key, on, system)
            and any(_code(system, *row).valid(on) for row in self._below(key, system))
        )

    @cached_property
    def last_day(self) -> int:
        """The last day for which the loaded tables know which diagnosis codes are valid."""
        # Nearly every code has one span; looking at the first alone keeps this to a few milliseconds.
        row = self._row("SELECT max(substr(spans, 10, 8)) FROM codes WHERE system = ?", CM)
        return int(row[0] or 0)

    def replacement(self, code: str, system: str = CM) -> Code | None:
        """What took the place of a code that ended, where CMS's conversion table names one code."""
        row = self._row('SELECT "by" FROM replaced WHERE system = ? AND key = ?', system, bare(code))
        return self.get(row[0], system) if row else None

    # -- notes -----------------------------------------------------------------------------------------------------

    def _notes(self, code: str, kind: str = "", inherited: bool = True) -> tuple[Note, ...]:
        """The notes that govern ``code``, its own first, then those of the entries above it."""
        found = self.get(code)
        path = found.path if found else ()
        notes = (n for at in (path if inherited else path[:1]) for n in self._notes_by_entry.get(at, ()))
        return tuple(n for n in notes if not kind or n.kind == kind)

    def all_notes(self) -> Iterator[Note]:
        """Every note of the Tabular, in its order."""
        return (note for notes in self._notes_by_entry.values() for note in notes)

    def _excludes(self, code: str) -> tuple[tuple[Note, Target], ...]:
        """(note, target) for every code or range that an Excludes1 note over ``code`` names."""
        return tuple((note, target) for note in self.notes(code, "excludes1") for target in note.targets)

    @cached_property
    def _notes_by_entry(self) -> dict[str, tuple[Note, ...]]:
        """All notes of the Tabular, by the entry under which they stand: 25,000 short lines, read once."""
        out: dict[str, list[Note]] = defaultdict(list)
        for at, kind, level, text, targets in self._rows(
            "SELECT at, kind, level, text, targets FROM notes ORDER BY id"
        ):
            out[at].append(Note(kind, text, at, level, tuple(map(Target.read, targets.split()))))
        return {at: tuple(notes) for at, notes in out.items()}

    # -- seventh characters ----------------------------------------------------------------------------------------

    def seventh(self, code: str) -> dict[str, str]:
        """character → meaning for the 7th characters that ``code``, or the code it begins, may take.

        The nearest definition on the way up holds (Tabular, instructional notations). Empty where none is asked for.
        """
        key, at = bare(code), bare(code)[:6].rstrip("X")
        while len(at) >= 3:
            found = self.get(key) or self.get(at)
            if found:
                for entry in found.path:
                    if rows := self._rows("SELECT char, meaning FROM seventh WHERE at = ? ORDER BY rowid", entry):
                        return dict(rows)
                return {}
            at = at[:-1]
        return {}

    def count(self, on: int, system: str = CM) -> int:
        """How many codes of the system are valid on the day (reads them all; for pages about the code set)."""
        rows = self._rows("SELECT kind, title, path, spans FROM codes WHERE system = ? AND spans <> ''", system)
        return sum(_code(system, *row).valid(on) for row in rows)

    # -- weights, edition ------------------------------------------------------------------------------------------

    def drg(self, number: str) -> dict[str, Any] | None:
        """Table 5's line of an MS-DRG: title, mdc, kind, weight, gmlos and amlos (days)."""
        row = self._row("SELECT title, mdc, kind, weight, gmlos, amlos FROM weights WHERE drg = ?", number.zfill(3))
        return dict(zip(("title", "mdc", "kind", "weight", "gmlos", "amlos"), row, strict=True)) if row else None

    @cached_property
    def edition(self) -> str:
        """The edition of the Tabular whose notes and titles are loaded."""
        row = self._row("SELECT value FROM meta WHERE key = 'edition'")
        return str(row[0]) if row else ""

    # -- the database ----------------------------------------------------------------------------------------------

    @property
    def connection(self) -> sqlite3.Connection:
        """This thread's connection: read-only, kept open, the file taken as unchanging."""
        found: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if found is None:
            uri = f"{self.path.resolve().as_uri()}?mode=ro&immutable=1"
            found = self._local.connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
        return found

    def _rows(self, sql: str, *values: object) -> list[Any]:
        return self.connection.execute(sql, values).fetchall()

    def _row(self, sql: str, *values: object) -> Any:
        return self.connection.execute(sql, values).fetchone()

    def _below(self, key: str, system: str) -> Iterator[Any]:
        return self.connection.execute(
            "SELECT kind, title, path, spans FROM codes WHERE system = ? AND key >= ? AND key < ? ORDER BY key",
            (system, key, key + "~"),
        )


def _code(system: str, kind: str, title: str, path: str, spans: str) -> Code:
    way = tuple(path.split())
    return Code(way[0], system, kind, title, way, tuple(map(_span, spans.split(";"))) if spans else ())


def _span(text: str) -> Span:
    days, _, flags = text.partition(":")
    return Span(int(days[:8]), int(days[9:]), frozenset(flags.split(",")) if flags else frozenset())
