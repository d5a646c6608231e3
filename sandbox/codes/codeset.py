"""The one reader of ``codes.db`` and of the editions beside it: what exists, when, under which notes."""

import sqlite3
import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property, lru_cache
from pathlib import Path
from sys import intern
from typing import Any, Final

from sandbox.codes.imported import NAME, Official
from sandbox.codes.model import FIRST, Code, Note, Span, fiscal_end, in_force
from sandbox.codes.notes import Target
from sandbox.codes.official import NOTE_KINDS
from sandbox.codes.shelf import Shelf
from sandbox.encounter import CM, CPT, HCPCS, bare

# Enough for the codes that a classroom meets in a session; about 1 KB each.
_CACHED: Final = 8192
_CACHE: Final = 512
"""KB of the file in memory, for each thread; SQLite's own 2,000 are no faster: the system keeps the file as well."""
_COLUMNS: Final = "kind, title, path, spans"
_ONCE: Final = "(length(key) < 7 OR substr(key, 7, 1) < 'A')"
Damaged: Final = sqlite3.DatabaseError
"""What every look-up raises where ``codes.db`` is broken: no rule and no page is to blame for it."""
_ENTRY: Final = f"SELECT {_COLUMNS} FROM codes WHERE system = ? AND key = ?"


class CodeSet:
    """The code sets in one ``codes.db``, opened read-only; safe to share between threads.

    What was imported (:attr:`official`) is looked for beside it: HCPCS and CPT, and titles that ``codes.db`` lacks; and
    other editions (:attr:`shelf`), each of which is a code set of its own. Days are integers, YYYYMMDD; codes are given
    with or without dot, in either case of letters.
    """

    def __init__(self, path: Path, shelf: Shelf | None = None) -> None:
        if not path.exists():
            raise FileNotFoundError(f"{path}: the code sets are not built yet; run: python -m sandbox codes build")
        self.path = path
        self.official = Official(path.with_name(NAME)) if shelf is None else shelf.official
        """What was imported into the data folder; empty where nothing was."""
        self.shelf = Shelf(self) if shelf is None else shelf
        self._local = threading.local()
        self._entry = lru_cache(maxsize=_CACHED)(self._read_entry)
        self._notes = lru_cache(maxsize=None)(self._read_notes)
        self.excludes = lru_cache(maxsize=_CACHED)(self._excludes)
        self.count = lru_cache(maxsize=64)(self._count)

    def at(self, on: int) -> "CodeSet":
        """The code set of the edition for the day; there is one object for each, which keeps what it has read."""
        return self.shelf.at(on)

    # -- look-up ---------------------------------------------------------------------------------------------------

    def get(self, code: str, system: str = CM) -> Code | None:
        """The entry of ``code``, heading or assignable, in force or not; None where there is none."""
        return self._entry(bare(code), system)

    def _read_entry(self, key: str, system: str) -> Code | None:
        if system in (HCPCS, CPT):
            return self.official.code(key)
        row = self.connection.execute(_ENTRY, (system, key)).fetchone()
        return self._code(system, *row) if row else None

    def _code(self, system: str, kind: str, title: str, path: str, spans: str) -> Code:
        """One row of ``codes``; a title that it lacks is looked for in the other editions and in what was imported."""
        found = _code(system, kind, title, path, spans)
        if title:
            return found
        return replace(found, title=self.shelf.title(found.key, system, self) or self.official.title(found.key, system))

    def own_title(self, key: str, system: str) -> str:
        """The title that this edition itself brings for a code (no dot), or empty."""
        row = self._row("SELECT title FROM codes WHERE system = ? AND key = ?", system, key)
        return str(row[0]) if row else ""

    def valid(self, code: str, on: int, system: str = CM) -> bool:
        """Whether ``code`` may be assigned on the day."""
        found = self._entry(bare(code), system)
        return found is not None and found.valid(on)

    def title(self, code: str, system: str = CM) -> str:
        """The title, or empty where the loaded files bring none."""
        found = self.get(code, system)
        return found.title if found else ""

    def children(self, code: str, on: int | None = None, system: str = CM) -> tuple[Code, ...]:
        """The entries directly below ``code`` (below nothing: the chapters).

        With a day, only those that are, or lead to, a valid code then.
        """
        # Left to itself, the planner walks through the whole system.
        source = "codes INDEXED BY codes_parent"
        sql = f"SELECT {_COLUMNS} FROM {source} WHERE system = ? AND parent = ? ORDER BY place, key"
        out = tuple(self._code(system, *row) for row in self._rows(sql, system, bare(code)))
        return out if on is None else tuple(c for c in out if c.valid(on) or self.heading(c.key, on, system))

    def below(self, code: str, on: int, system: str = CM) -> tuple[Code, ...]:
        """The valid codes that begin with ``code``, itself among them, in the order of the code set."""
        rows = self._below(_COLUMNS, bare(code), system)
        return tuple(c for row in rows if (c := self._code(system, *row)).valid(on))

    def outline(self, code: str, system: str = CM) -> tuple[Code, ...]:
        """All entries that begin with ``code``, headings and codes, in force or not, sorted by key.

        But for codes with a letter as 7th character, the encounters of an injury: the heading above stands for them.
        """
        sql = f"SELECT {_COLUMNS} FROM codes WHERE system = ? AND key >= ? AND key < ? AND {_ONCE} ORDER BY key"
        key = bare(code)
        return tuple(self._code(system, *row) for row in self._rows(sql, system, key, key + "~"))

    def heading(self, code: str, on: int, system: str = CM) -> bool:
        """Whether ``code`` is on that day a heading: not assignable, but the beginning of codes that are."""
        key = bare(code)
        return (
            len(key) >= 3
            and not self.valid(key, on, system)
            and any(in_force(_spans(spans), on) for (spans,) in self._below("spans", key, system))
        )

    def knows(self, on: int, system: str = CM) -> bool:
        """Whether the loaded tables tell which codes are valid on the day.

        None does before ICD-10-CM and ICD-10-PCS came into force. Behind the last day of the Medicare Code Editor, only
        an edition's own fiscal year is known, and no procedure.
        """
        return FIRST <= on <= self.dated_until or (system == CM and self.edition_day <= on <= self.last_day)

    @cached_property
    def dated_until(self) -> int:
        """The last day whose codes the Medicare Code Editor knows."""
        return int(self.meta("dated_until") or 0)

    @cached_property
    def last_day(self) -> int:
        """The last day for which this edition knows which diagnosis codes are valid."""
        return int(self.meta("last_day") or 0)

    @cached_property
    def edition_day(self) -> int:
        """The first day on which this edition's Tabular is the one in force."""
        return int(self.meta("edition_day") or 0)

    @property
    def edition_until(self) -> int:
        """The last day of the fiscal year for which this edition's Tabular was issued."""
        return fiscal_end(self.edition_day)

    def replacement(self, code: str, system: str = CM) -> Code | None:
        """What took the place of a code that ended, where CMS's conversion table names one code."""
        row = self._row('SELECT "by" FROM replaced WHERE system = ? AND key = ?', system, bare(code))
        return self.get(row[0], system) if row else None

    # -- notes -----------------------------------------------------------------------------------------------------

    def notes(self, code: str, kind: str = "", inherited: bool = True) -> tuple[Note, ...]:
        """The notes that govern ``code``, its own first, then those of the entries above it."""
        found = self._entry(bare(code), CM)
        if found is None:
            return ()
        path = found.path if inherited else found.path[:1]
        if kind:
            table = self._notes(kind)
            return tuple([note for at in path if at in table for note in table[at]])
        tables = [self._notes(kind) for kind in NOTE_KINDS]
        return tuple(note for at in path for table in tables for note in table.get(at, ()))

    def all_notes(self) -> Iterator[Note]:
        """Every note of the Tabular, kind by kind, each kind in the Tabular's order."""
        return (note for kind in NOTE_KINDS for notes in self._notes(kind).values() for note in notes)

    def _excludes(self, code: str) -> tuple[tuple[Note, Target], ...]:
        """(note, target) for every code or range that an Excludes1 note over ``code`` names."""
        found = self._entry(bare(code), CM)
        table = self._excluded
        return tuple([pair for at in found.path if at in table for pair in table[at]]) if found else ()

    @cached_property
    def _excluded(self) -> Mapping[str, tuple[tuple[Note, Target], ...]]:
        """The same by heading: most codes that are new to a claim stand under headings that are not."""
        notes = self._notes("excludes1").items()
        return {at: tuple((note, target) for note in own for target in note.targets) for at, own in notes}

    def _read_notes(self, kind: str) -> Mapping[str, tuple[Note, ...]]:
        """All notes of a kind, by the entry under which they stand: some thousand short lines, read once."""
        out: dict[str, list[Note]] = defaultdict(list)
        for at, level, text, targets in self._rows(
            "SELECT at, level, text, targets FROM notes WHERE kind = ? ORDER BY id", kind
        ):
            out[at].append(Note(kind, text, at, level, tuple(map(Target.read, targets.split()))))
        return {at: tuple(notes) for at, notes in out.items()}

    # -- seventh characters ----------------------------------------------------------------------------------------

    def seventh(self, code: str) -> dict[str, str]:
        """character → meaning for the 7th characters that ``code``, or the code it begins, may take.

        The nearest definition on the way up holds (Tabular, instructional notations), but for the characters that a
        note denies to the code (D and S at deaths in S06). Empty where none is asked for.
        """
        key, at = bare(code), bare(code)[:6].rstrip("X")
        while len(at) >= 3:
            found = self.get(key) or self.get(at)
            if found:
                for entry in found.path:
                    if rows := self._rows("SELECT char, meaning FROM seventh WHERE at = ? ORDER BY rowid", entry):
                        stem = at.ljust(6, "X")
                        taken = {char: text for char, text in rows if self.valid(stem + char, self.edition_day)}
                        return taken or dict(rows)
                return {}
            at = at[:-1]
        return {}

    def _count(self, on: int, system: str = CM) -> int:
        """How many codes of the system are valid on the day."""
        rows = self._rows("SELECT spans, count(*) FROM codes WHERE system = ? GROUP BY spans", system)
        return sum(number for spans, number in rows if in_force(_spans(spans), on))

    # -- weights, edition ------------------------------------------------------------------------------------------

    @cached_property
    def _weights(self) -> dict[str, dict[str, Any]]:
        names = ("title", "mdc", "kind", "weight", "gmlos", "amlos")
        rows = self._rows("SELECT drg, title, mdc, kind, weight, gmlos, amlos FROM weights")
        return {drg: dict(zip(names, rest, strict=True)) for drg, *rest in rows}

    def drg(self, number: str) -> dict[str, Any] | None:
        """Table 5's line of an MS-DRG: title, mdc, kind, weight, gmlos and amlos (days)."""
        return self._weights.get(number.zfill(3))

    @cached_property
    def edition(self) -> str:
        """The edition of the Tabular whose notes and titles are loaded."""
        return self.meta("edition")

    def meta(self, key: str) -> str:
        """What the database says of itself (``edition``, ``fingerprint`` …), or empty."""
        row = self._row("SELECT value FROM meta WHERE key = ?", key)
        return str(row[0]) if row else ""

    # -- the database ----------------------------------------------------------------------------------------------

    @property
    def connection(self) -> sqlite3.Connection:
        """This thread's connection: read-only, kept open, the file taken as unchanging."""
        found: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if found is None:
            uri = f"{self.path.resolve().as_uri()}?mode=ro&immutable=1"
            found = self._local.connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
            found.execute(f"PRAGMA cache_size=-{_CACHE}")
        return found

    def _rows(self, sql: str, *values: object) -> list[Any]:
        return self.connection.execute(sql, values).fetchall()

    def _row(self, sql: str, *values: object) -> Any:
        return self.connection.execute(sql, values).fetchone()

    def _below(self, columns: str, key: str, system: str) -> Iterator[Any]:
        sql = f"SELECT {columns} FROM codes WHERE system = ? AND key >= ? AND key < ? ORDER BY key"
        return self.connection.execute(sql, (system, key, key + "~"))


def _code(system: str, kind: str, title: str, path: str, spans: str) -> Code:
    key, _, above = path.partition(" ")
    return Code(key, system, intern(kind), title, (key, *_above(above)), _spans(spans))


@lru_cache(maxsize=4096)
def _above(path: str) -> tuple[str, ...]:
    """The way up from a heading, shared by all that stands below it."""
    return tuple(path.split())


@lru_cache(maxsize=1024)
def _spans(text: str) -> tuple[Span, ...]:
    """The spans as ``build`` packs them; some 300 different texts serve all codes."""
    return tuple(map(_span, text.split(";"))) if text else ()


def _span(text: str) -> Span:
    days, _, flags = text.partition(":")
    return Span(int(days[:8]), int(days[9:]), frozenset(flags.split(",")) if flags else frozenset())
