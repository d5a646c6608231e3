"""The one reader of ``official.db``: what somebody has imported, by day. Empty where nothing has been."""

import datetime as dt
import json
import sqlite3
import threading
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from sandbox.codes.imported_model import Axis, Definition, File, PcsTable, Term
from sandbox.codes.model import Code, Span, day
from sandbox.encounter import CPT, HCPCS, bare

NAME: Final = "official.db"
_CACHED: Final = 8192
_BILLED: Final = (HCPCS, CPT)
# NCCI: the pair counts no longer, and had never counted.
_NO_EDIT: Final = "9"
_MODIFIERS: Final = (
    "SELECT key, coalesce(nullif(long, ''), short) FROM codes "
    "WHERE file = ? AND kind = 'modifier' AND first <= ? AND last >= ?"
)


class Official:
    """What is in one ``official.db``, read-only; safe to share between threads.

    The file is taken as it is when this is made: an import puts another in its place, and only a new reader sees that.
    """

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        self._db = _open(path)
        self.files = self._read_files()
        """All imported files; the one that holds on a day comes before those that it has replaced by then."""
        self.file = lru_cache(maxsize=1024)(self._file)
        self.code = lru_cache(maxsize=_CACHED)(self._code)
        self.title = lru_cache(maxsize=_CACHED)(self._title)
        self.pcs_table = lru_cache(maxsize=1024)(self._pcs_table)
        self.pcs_axis = lru_cache(maxsize=1024)(self._pcs_axis)
        self.ptp = lru_cache(maxsize=_CACHED)(self._ptp)
        self.modifiers = lru_cache(maxsize=64)(self._modifiers)
        self.mue = lru_cache(maxsize=_CACHED)(self._mue)
        self._exempt = lru_cache(maxsize=8)(self._read_exempt)

    def close(self) -> None:
        """Let go of the file; what was not read before is empty from now on."""
        if self._db is not None:
            self._db.close()
            self._db = None

    # -- what is loaded --------------------------------------------------------------------------------------------

    def _file(self, kind: str, on: int, part: str = "", system: str = "") -> File | None:
        """The file of a kind (see ``importing.kinds``) that holds on the day; of two, the one that began later."""
        for file in self.files:
            if (
                file.kind == kind
                and file.first_day <= on <= file.last_day
                and part in ("", file.part)
                and system in ("", file.system)
            ):
                return file
        return None

    def loaded(self, what: str, on: int) -> bool:
        """Whether there is a file of the kind, or a table of codes of the system (``hcpcs``, ``cpt``), for the day."""
        if what in _BILLED:
            return bool(self.tables(what, on))
        return self.file(what, on) is not None

    # -- present on admission --------------------------------------------------------------------------------------

    def poa_exempt(self, key: str, on: int) -> bool | None:
        """Whether an ICD-10-CM code is exempt from the indicator; None where no list is loaded for the day."""
        file = self.file("poa", on)
        return bare(key) in self._exempt(file.id) if file else None

    def _read_exempt(self, file: int) -> frozenset[str]:
        return frozenset(key for (key,) in self._rows("SELECT key FROM poa WHERE file = ?", file))

    # -- HCPCS, CPT, titles ----------------------------------------------------------------------------------------

    def _code(self, key: str) -> Code | None:
        """The HCPCS or CPT code (bare), whatever the line calls it; None where no loaded table has it.

        Its span runs from the day on which the newest table that has it added it, or says that it began, to the last;
        where a newer table has it no more, to the day before that table.
        """
        systems = (CPT, HCPCS) if key[:1].isdigit() else (HCPCS, CPT)
        return next((code for system in systems if (code := self._newest(system, key, "code"))), None)

    def modifier(self, key: str) -> list[Code]:
        """The modifier in the newest table of each system that has it, whatever the day; its kind is ``modifier``."""
        return [code for system in _BILLED if (code := self._newest(system, bare(key), "modifier"))]

    def _newest(self, system: str, key: str, kind: str) -> Code | None:
        sql = "SELECT short, long, first, last FROM codes WHERE file = ? AND key = ? AND kind = ?"
        tables = self.tables(system)
        for newer, file in enumerate(tables):
            if row := self._row(sql, file.id, key, kind):
                short, long, first, last = row
                later = (each.first_day for each in tables[:newer] if each.kind == file.kind)
                last = min((last, *map(_before, later)))
                return Code(key, system, kind, long or short, (key,), (Span(first or file.first_day, last),))
        return None

    def tables(self, system: str, on: int = 0) -> tuple[File, ...]:
        """The tables of a system's codes, newest first; with a day, those that hold then."""
        return tuple(
            file
            for file in self.files
            if file.kind in ("hcpcs", "table")
            and file.system == system
            and (not on or file.first_day <= on <= file.last_day)
        )

    def _title(self, key: str, system: str) -> str:
        """The title of an ICD-10-CM or ICD-10-PCS code in the newest loaded list that has it, or empty."""
        for file in self.files:
            if file.kind in ("order", "addenda", "table") and file.system == system:
                row = self._row("SELECT short, long FROM codes WHERE file = ? AND key = ?", file.id, key)
                if row:
                    return str(row[1] or row[0])
        return ""

    def _modifiers(self, on: int, system: str = HCPCS) -> Mapping[str, str]:
        """modifier → title on the day; empty where no table with modifiers is loaded for it."""
        found: dict[str, str] = {}
        for file in self.tables(system, on):
            for key, title in self._rows(_MODIFIERS, file.id, on, on):
                found.setdefault(key, title)
        return found

    def search(self, words: str, system: str, limit: int, on: int | None = None) -> list[Code]:
        """The codes of HCPCS or CPT that begin with what was typed, or hold all of its words; shortest titles first."""
        typed = words.lower().split()
        tables = self.tables(system)
        if not typed or not tables:
            return []
        marks = ", ".join("?" * len(tables))
        each = " AND ".join("instr(lower(' ' || short || ' ' || long), ?)" for _ in typed)
        sql = (
            f"SELECT key FROM codes WHERE file IN ({marks}) AND kind = 'code' AND (key LIKE ? OR ({each})) "
            "GROUP BY key ORDER BY min(CASE WHEN key LIKE ? THEN 0 ELSE length(long || short) END), key"
        )
        begins = bare(words).replace("%", "").replace("_", "") + "%"
        rows = self._rows(sql, *(file.id for file in tables), begins, *(f" {word}" for word in typed), begins)
        found = (code for (key,) in rows if (code := self.code(key)) and (on is None or code.valid(on)))
        return [code for code, _ in zip(found, range(limit), strict=False)]

    # -- ICD-10-PCS ------------------------------------------------------------------------------------------------

    def _pcs_table(self, three: str, on: int) -> PcsTable | None:
        """The table of the first three characters; None where there is none, or none is loaded for the day."""
        file = self.file("pcs-tables", on)
        sql = "SELECT body FROM pcs_tables WHERE file = ? AND key = ?"
        row = self._row(sql, file.id, bare(three)) if file else None
        if row is None:
            return None
        body = json.loads(row[0])
        return PcsTable(_axes(body["axes"]), tuple(map(_axes, body["rows"])))

    def _pcs_axis(self, begun: str, on: int) -> Axis | None:
        """What stands behind the beginning of a table's name (0 to 2 characters); None where no name goes on."""
        file = self.file("pcs-tables", on)
        sql = "SELECT min(key) FROM pcs_tables WHERE file = ? AND key LIKE ? GROUP BY substr(key, 1, ?) ORDER BY 1"
        keys = self._rows(sql, file.id, f"{bare(begun)[:2]}%", len(begun) + 1) if file else []
        axes = [table.axes[len(begun)] for (key,) in keys if (table := self.pcs_table(key, on))]
        values = {char: label for axis in axes for char, label in axis.values.items()}
        return Axis(axes[0].place, axes[0].title, values) if axes else None

    def pcs_definition(self, section: str, axis: int, value: str, on: int) -> Definition | None:
        """What a value means: ``section`` is the first character, ``axis`` the place (3 to 6), ``value`` the label."""
        file = self.file("pcs-definitions", on)
        sql = "SELECT body FROM pcs_terms WHERE file = ? AND section = ? AND axis = ? AND title = ?"
        row = self._row(sql, file.id, section, axis, value) if file else None
        if row is None:
            return None
        body = json.loads(row[0])
        return Definition(value, body["definition"], body["explanation"], tuple(body["includes"]))

    def pcs_index(self, words: str, on: int, limit: int = 50) -> list[Term]:
        """The lines of the index whose way holds all of the words, by their beginnings; in the index's order."""
        file = self.file("pcs-index", on)
        typed = words.lower().replace(",", " ").split()
        if not file or not typed:
            return []
        # Words stand behind a blank, a bracket or a hyphen, or at the very beginning.
        held = "' ' || replace(replace(lower(term), '(', ' '), '-', ' ')"
        each = " AND ".join(f"instr({held}, ?)" for _ in typed)
        sql = f"SELECT term, kind, text, code FROM pcs_index WHERE file = ? AND {each} ORDER BY place LIMIT ?"
        return [Term(*row) for row in self._rows(sql, file.id, *(f" {word}" for word in typed), limit)]

    # -- NCCI ------------------------------------------------------------------------------------------------------

    def _ptp(self, column1: str, column2: str, on: int, table: str) -> str | None:
        """The modifier indicator (``0``: never, ``1``: with a modifier) of a pair that is edited on the day.

        ``table`` is ``practitioner`` or ``outpatient-hospital``. None where the pair is not edited, or no table is
        loaded for the day: ask :meth:`ptp_loaded`.
        """
        sql = "SELECT indicator FROM ptp WHERE file = ? AND column1 = ? AND column2 = ? AND first <= ? AND last >= ?"
        for file in self._pair_files(on, table):
            if row := self._row(sql, file.id, bare(column1), bare(column2), on, on):
                return None if row[0] == _NO_EDIT else str(row[0])
        return None

    def ptp_loaded(self, on: int, table: str) -> bool:
        """Whether pairs are known for the day."""
        return bool(self._pair_files(on, table))

    def _pair_files(self, on: int, table: str) -> tuple[File, ...]:
        """The files of the quarter. A table holds all older pairs with their days, so a later one serves as well."""
        mine = [file for file in self.files if file.kind == "ptp" and file.part == table and on <= file.last_day]
        first = min((file.last_day for file in mine), default=0)
        return tuple(file for file in mine if file.last_day == first)

    def _mue(self, code: str, on: int, table: str) -> tuple[int, str] | None:
        """(most units, adjudication indicator); None where there is no limit, or no table is loaded for the day.

        ``table``: ``practitioner``, ``outpatient-hospital`` or ``dme``. Indicator ``1``: for a line; ``2`` and ``3``:
        for a day, ``2`` without exception.
        """
        file = self.file("mue", on, table)
        sql = "SELECT value, indicator FROM mue WHERE file = ? AND key = ?"
        row = self._row(sql, file.id, bare(code)) if file else None
        return (int(row[0]), str(row[1])) if row else None

    # -- the database ----------------------------------------------------------------------------------------------

    def _read_files(self) -> tuple[File, ...]:
        sql = (
            "SELECT id, kind, part, system, edition, first_day, last_day, name, rows, imported FROM files "
            "ORDER BY first_day DESC, id DESC"
        )
        return tuple(File(*row) for row in self._rows(sql))

    def rows(self, sql: str, *values: object) -> list[Any]:
        """The rows of a query, for a reader of tables of its own; none where nothing was imported."""
        return self._rows(sql, *values)

    def _rows(self, sql: str, *values: object) -> list[Any]:
        if self._db is None:
            return []
        # One connection for all threads: a second one might open the file that an import has put in its place.
        with self._lock:
            return self._db.execute(sql, values).fetchall()

    def _row(self, sql: str, *values: object) -> Any:
        return next(iter(self._rows(sql, *values)), None)


def _before(on: int) -> int:
    """The day before (YYYYMMDD)."""
    return day(dt.date(on // 10000, on // 100 % 100, on % 100) - dt.timedelta(days=1))


def _open(path: Path) -> sqlite3.Connection | None:
    if not path.exists():
        return None
    db = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)
    # Take hold of the file that is there now.
    db.execute("SELECT count(*) FROM files").fetchone()
    return db


def _axes(found: list[dict[str, Any]]) -> tuple[Axis, ...]:
    return tuple(Axis(axis["pos"], axis["title"], axis["values"], axis.get("definition", "")) for axis in found)
