"""Backups of ``sandbox.db`` while it is in use, and the way back from one."""

import os
import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

from sandbox.store.aside import FOLDER, stamp
from sandbox.store.database import NotSaved, Store

KEY: Final = "secret.key"
_PAGES: Final = 256
"""Pages of a step: in between, whoever wants to write gets his turn."""


class NoBackup(Exception):
    """It could not be made, or what was given is none. Nothing was changed."""


def backup(data: Path, target: Path) -> int:
    """Copy ``sandbox.db`` and the key of the sessions into one file, checked after. Returns its size in bytes.

    A server may be using the folder: SQLite's own backup sees one moment of it. The file is readable by its owner only,
    is written beside, and takes its name when it is whole. Raises :class:`NoBackup`.
    """
    source = data / "sandbox.db"
    if not source.is_file():
        raise NoBackup(f"there is no {source}")
    beside = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        os.close(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        with closing(sqlite3.connect(source, timeout=30)) as old, closing(sqlite3.connect(beside)) as new:
            old.backup(new, pages=_PAGES)
            new.execute("PRAGMA journal_mode=DELETE")
            new.execute("CREATE TABLE backup (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT")
            key = data / KEY
            values = {"made": stamp().encode(), KEY: key.read_bytes() if key.is_file() else b""}
            new.executemany("INSERT INTO backup VALUES (?, ?)", values.items())
            new.commit()
            _check(new, target)
        _sync(beside)
        beside.replace(target)
    except (OSError, sqlite3.Error) as error:
        raise NoBackup(f"{target}: {error}") from error
    finally:
        beside.unlink(missing_ok=True)
    return target.stat().st_size


def restore(file: Path, data: Path) -> Path | None:
    """Put a backup in the place of ``sandbox.db`` and the key. Returns where the present database was put aside to.

    No server may be using the folder. The backup is checked first, and brought to the present form. Killed at any
    point, it leaves the present database or the restored one, whole, and can be run again. Raises :class:`NoBackup`.
    """
    if not file.is_file():
        raise NoBackup(f"there is no {file}")
    data.mkdir(parents=True, exist_ok=True)
    # What a run that was killed has left is full of learners' data.
    for left in (*data.glob(".sandbox.db.*.part*"), *data.glob(f".{KEY}.*.part")):
        left.unlink(missing_ok=True)
    beside = data / f".sandbox.db.{os.getpid()}.part"
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as old, closing(sqlite3.connect(beside)) as new:
            _check(old, file)
            key = old.execute("SELECT value FROM backup WHERE name = ?", (KEY,)).fetchone()
            old.backup(new)
            new.execute("DROP TABLE backup")
            new.commit()
            # Without the traces of the key, and of learners who were forgotten.
            new.execute("VACUUM")
        Store(beside).close()
        before = _aside(data)
        beside.replace(data / "sandbox.db")
        if key and key[0]:
            _write_key(data / KEY, key[0])
    except (sqlite3.Error, NotSaved) as error:
        raise NoBackup(f"{file} is no backup of this program, or is damaged: {error}") from error
    except OSError as error:
        raise NoBackup(f"{file}: {error}") from error
    finally:
        for name in (beside, *(beside.with_name(beside.name + end) for end in ("-wal", "-shm"))):
            name.unlink(missing_ok=True)
    return before


def own(data: Path) -> list[Path]:
    """The copies of the database that the program has made by itself: before upgrades, and before a restore."""
    return sorted([*(data / FOLDER).glob("*.db"), *data.glob("sandbox-before-restore-*.db")])


def _check(db: sqlite3.Connection, file: Path) -> None:
    said = [row[0] for row in db.execute("PRAGMA integrity_check(3)")]
    if said != ["ok"]:
        raise NoBackup(f"{file} is damaged: {'; '.join(map(str, said))}")


def _aside(data: Path) -> Path | None:
    """Give the present database a second name, with what SQLite keeps beside it. It stays where it is until the new one
    takes its place: a server that started in between would make an empty one."""
    present = data / "sandbox.db"
    if not present.exists():
        return None
    with closing(sqlite3.connect(present)) as db, suppress(sqlite3.Error):
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    target = data / f"sandbox-before-restore-{stamp()}.db"
    log = Path(f"{present}-wal")
    if log.exists():
        _twice(log, Path(f"{target}-wal"))
    _twice(present, target)
    # They are of the old database, and would be read into the new one.
    for end in ("-wal", "-shm"):
        Path(f"{present}{end}").unlink(missing_ok=True)
    return target


def _twice(path: Path, target: Path) -> None:
    try:
        os.link(path, target)
    except OSError:  # a file system without hard links
        shutil.copy2(path, target)


def _write_key(path: Path, key: bytes) -> None:
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
