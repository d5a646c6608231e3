"""``official.db``: what was imported, file by file. Written here only; read by :mod:`sandbox.codes.imported`.

A file is written into a copy of the database beside the old one, which then takes its place. So an import is there
whole or not at all, whoever reads goes on reading what they had opened, and a killed import leaves nothing behind.
"""

import datetime as dt
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sandbox.codes import atomic
from sandbox.codes.imported import NAME
from sandbox.codes.importing.safe import Refused
from sandbox.codes.index_table import TABLES as INDEX_TABLES

SCHEMA: Final = 1
"""Raise it when the tables change, and say below how an older file becomes a newer one: nobody can import it anew."""

_WAIT: Final = 60.0
"""Seconds to wait for another import to end."""

TABLES: Final = {
    "files": "id INTEGER PRIMARY KEY, kind TEXT NOT NULL, part TEXT NOT NULL, system TEXT NOT NULL, "
    "edition TEXT NOT NULL, first_day INTEGER NOT NULL, last_day INTEGER NOT NULL, name TEXT NOT NULL, "
    "sha256 TEXT NOT NULL, rows INTEGER NOT NULL, imported TEXT NOT NULL",
    "poa": "file INTEGER, key TEXT, PRIMARY KEY (file, key)",
    "codes": "file INTEGER, key TEXT, kind TEXT, short TEXT, long TEXT, first INTEGER, last INTEGER, "
    "PRIMARY KEY (file, key)",
    "pcs_tables": "file INTEGER, key TEXT, body TEXT, PRIMARY KEY (file, key)",
    "pcs_terms": "file INTEGER, section TEXT, axis INTEGER, title TEXT, body TEXT, "
    "PRIMARY KEY (file, section, axis, title)",
    "pcs_index": "file INTEGER, place INTEGER, term TEXT, kind TEXT, text TEXT, code TEXT, PRIMARY KEY (file, place)",
    "ptp": "file INTEGER, column1 TEXT, column2 TEXT, first INTEGER, last INTEGER, indicator TEXT, "
    "PRIMARY KEY (file, column1, column2, first)",
    "mue": "file INTEGER, key TEXT, value INTEGER, indicator TEXT, PRIMARY KEY (file, key)",
    **INDEX_TABLES,
}
"""Every table and its columns. Days are YYYYMMDD, both ends included; ``file`` is the id in ``files``."""


@dataclass(frozen=True, slots=True)
class Edition:
    """What a file is: its kind, which of several lists of that kind (``part``), the days it holds for, a name.

    ``said``: what else to tell whoever imports it, a line each; not kept.
    """

    kind: str
    first_day: int
    last_day: int
    edition: str
    system: str = ""
    part: str = ""
    said: tuple[str, ...] = ()


class Shelf:
    """One file's place in the database while it is written."""

    def __init__(self, db: sqlite3.Connection, folder: Path) -> None:
        self.folder = folder
        """The data folder."""
        self.rows = 0
        self._db = db
        self._id = int(db.execute("SELECT coalesce(max(id), 0) + 1 FROM files").fetchone()[0])

    def insert(self, table: str, rows: Iterable[tuple[Any, ...]]) -> int:
        """Write rows (without the file's id, which comes first) into a table of :data:`TABLES`; returns how many.

        Raises :class:`Refused` where two rows have one key.
        """
        before = self._db.total_changes
        marks = ", ".join("?" * (TABLES[table].partition(", PRIMARY KEY (")[0].count(", ") + 1))
        try:
            self._db.executemany(f"INSERT INTO {table} VALUES ({marks})", ((self._id, *row) for row in rows))
        except sqlite3.IntegrityError as error:
            raise Refused("the same code stands in it twice") from error
        written = self._db.total_changes - before
        self.rows += written
        return written

    def close(self, edition: Edition, name: str, sha256: str) -> list[str]:
        """Enter the file in the table of files; the older file that it replaces goes. Returns what that was called."""
        old = self._replaced(edition, sha256)
        for id, _ in old:
            self._delete(id)
        now = dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        e = edition
        row = (self._id, e.kind, e.part, e.system, e.edition, e.first_day, e.last_day, name, sha256, self.rows, now)
        self._db.execute(f"INSERT INTO files VALUES ({', '.join('?' * len(row))})", row)
        return [was for _, was in old]

    def _replaced(self, e: Edition, sha256: str) -> list[tuple[int, str]]:
        """The files of the same kind, part, system and first day (of pairs, only those whose pairs overlap).

        And the same content where it was said to be of other days, or of another part.
        """
        sql = (
            "SELECT id, name, sha256 = ? FROM files "
            "WHERE kind = ? AND (sha256 = ? OR (part, system, first_day) = (?, ?, ?)) ORDER BY id"
        )
        found = self._db.execute(sql, (sha256, e.kind, sha256, e.part, e.system, e.first_day)).fetchall()
        if e.kind == "ptp":
            low, high = self._ends(self._id)
            found = [row for row in found if row[2] or ((ends := self._ends(row[0]))[0] <= high and low <= ends[1])]
        return [(id, name) for id, name, _ in found]

    def _ends(self, id: int) -> tuple[tuple[str, str], tuple[str, str]]:
        """CMS publishes a table of pairs in several files, cut between two pairs."""
        sql = "SELECT column1, column2 FROM ptp WHERE file = ? ORDER BY column1 {0}, column2 {0} LIMIT 1"
        low, high = (self._db.execute(sql.format(way), (id,)).fetchone() or ("", "") for way in ("", "DESC"))
        return low, high

    def _delete(self, id: int) -> None:
        for table in TABLES:
            if table != "files":
                self._db.execute(f"DELETE FROM {table} WHERE file = ?", (id,))
        self._db.execute("DELETE FROM files WHERE id = ?", (id,))


@contextmanager
def writing(folder: Path) -> Iterator[sqlite3.Connection]:
    """A copy of the folder's ``official.db`` to write to; it takes the old one's place unless an exception comes.

    One import at a time: another waits, and gives up with :class:`Refused`. Raises :class:`OSError` and
    :class:`sqlite3.Error` where the disk refuses.
    """
    path = folder / NAME
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder / f"{NAME}.lock"), atomic.replacing(path, lambda _: False) as part:
        if path.exists():
            shutil.copyfile(path, part)
        with closing(sqlite3.connect(part, isolation_level=None)) as db:
            # The copy is thrown away if anything goes wrong, so nothing of it need be kept for going back.
            for pragma in ("page_size=8192", "journal_mode=OFF", "synchronous=OFF", "locking_mode=EXCLUSIVE"):
                db.execute(f"PRAGMA {pragma}")
            db.execute("BEGIN EXCLUSIVE")
            _prepare(db)
            yield db
            db.execute("COMMIT")


def _prepare(db: sqlite3.Connection) -> None:
    found = int(db.execute("PRAGMA user_version").fetchone()[0])
    if found > SCHEMA:
        raise Refused(f"{NAME} was written by a newer version of this program")
    for table, columns in TABLES.items():
        rowid = "" if table == "files" else " WITHOUT ROWID"
        db.execute(f"CREATE TABLE IF NOT EXISTS {table} ({columns}){rowid}")
    db.execute(f"PRAGMA user_version={SCHEMA}")


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold the lock of imports; it ends with the process, however that ends."""
    with closing(sqlite3.connect(path, timeout=_WAIT, isolation_level=None)) as lock:
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise Refused(f"another import is running ({error})") from error
        yield
