"""The file ``sandbox.db``: a connection per thread to read, and one to write in one short transaction at a time."""

import datetime as dt
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TypeVar

from sandbox.store import migrations
from sandbox.store.together import Together

T = TypeVar("T")

_BUSY_SECONDS: Final = 5.0
_CACHE: Final = 400
"""KB of the file in memory, for each thread; the system keeps the file as well."""
_MOST_KNOWN: Final = 20_000
"""Hashes in memory, some 3 MB. Forgetting them costs a write that changes nothing."""


def now() -> str:
    """The present moment in UTC, to the millisecond: ``2026-05-02T21:15:00.250Z``."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class NotSaved(Exception):
    """The database would not take it: full disk, locked by another program, damaged. Nothing was written."""


class Store:
    """``sandbox.db``, safe to share between threads. Raises :class:`NotSaved` where the file cannot be used.

    WAL with ``synchronous=FULL``: what was acknowledged is on the disk even if the classroom's laptop loses power.
    """

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self._local = threading.local()
        self._open: list[sqlite3.Connection] = []
        # Waiting here is fair and cheap; SQLite's own busy handler lets some writers starve.
        self._lock = threading.Lock()
        self._after: list[Callable[[], None]] = []
        self._together = Together(self.write, NotSaved)
        self.known_pairs: set[str] = set()
        try:
            self.writer = self._connect()
            """Writes for all threads, under the lock; the pages that it has read stay good, for no other one writes."""
            migrations.apply(self.writer)
            # Only after the commit: switching the journal needs the file for itself.
            self.writer.execute("PRAGMA journal_mode=WAL")
        except sqlite3.DatabaseError as error:
            self.close()
            raise NotSaved(f"{path}: {error}") from error

    @property
    def connection(self) -> sqlite3.Connection:
        """This thread's connection; it stays open, for opening one per request costs a third of the throughput."""
        found: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if found is None:
            found = self._local.connection = self._connect()
        return found

    def _connect(self) -> sqlite3.Connection:
        new = sqlite3.connect(self.path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        self._open.append(new)
        new.row_factory = sqlite3.Row
        new.execute("PRAGMA synchronous=FULL")
        new.execute(f"PRAGMA cache_size=-{_CACHE}")
        return new

    def together(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """What ``work`` returns, in a write transaction that it may share with others that wait to write as well.

        It may be called twice, and must do nothing but write. Raises :class:`NotSaved`, and whatever ``work`` raises:
        one that fails takes nobody along. When this returns, all of it is on the disk.
        """
        return self._together.do(work)

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """One write transaction. Raises :class:`NotSaved` where the database would not take it."""
        connection = self.writer
        if not self._lock.acquire(timeout=_BUSY_SECONDS):
            raise NotSaved("an earlier write is still waiting for the database")
        try:
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            connection.execute("COMMIT")
            for done in self._after:
                done()
        except BaseException as error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            # A damaged file is DatabaseError itself; its other children are faults of ours.
            if isinstance(error, sqlite3.OperationalError) or type(error) is sqlite3.DatabaseError:
                raise NotSaved(str(error)) from error
            raise
        finally:
            self._after.clear()
            self._lock.release()

    def know(self, pairs: Iterable[str]) -> None:
        """Remember that these pairs are in the database, so that they are not written again."""
        if len(self.known_pairs) > _MOST_KNOWN:
            self.known_pairs.clear()
        self.known_pairs.update(pairs)

    def after_commit(self, done: Callable[[], None]) -> None:
        """What to do once the present write transaction is on the disk, and only then."""
        self._after.append(done)

    def rows(self, sql: str, *values: object) -> list[sqlite3.Row]:
        """All rows of a query."""
        return self.connection.execute(sql, values).fetchall()

    def row(self, sql: str, *values: object) -> sqlite3.Row | None:
        """The first row of a query, or None."""
        found: sqlite3.Row | None = self.connection.execute(sql, values).fetchone()
        return found

    def close(self) -> None:
        """Close every thread's connection. The store is not used afterwards."""
        for connection in self._open:
            connection.close()
        self._open.clear()
