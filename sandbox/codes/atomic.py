"""A database file that is there whole or not at all: written beside, then renamed."""

import glob
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Final

_SETTLED: Final = 60.0
"""Seconds after which a part that nobody holds locked was left behind: a finished one is renamed once it is on the
disk, which takes some seconds where two processes build at once."""


@contextmanager
def replacing(path: Path, good: Callable[[Path], bool]) -> Iterator[Path]:
    """The file to write in place of ``path``; renamed on the way out, deleted if that way is an exception.

    Whoever writes it holds it locked from first to last (``PRAGMA locking_mode=EXCLUSIVE``) and has closed it at the
    end. ``good`` tells whether what stands at ``path`` will do. Raises :class:`OSError` where the disk refuses.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    _sweep(path)
    part = path.with_name(f"{path.name}.{os.getpid()}-{threading.get_ident()}.part")
    part.unlink(missing_ok=True)
    try:
        yield part
        # Or a power cut could leave a name without content.
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        _rename(part, path, good)
    finally:
        part.unlink(missing_ok=True)


def _rename(part: Path, path: Path, good: Callable[[Path], bool]) -> None:
    try:
        part.replace(path)
    except PermissionError:
        # Windows does not replace a file in use. It may be in use because another process was quicker.
        if not good(path):
            raise


def _sweep(path: Path) -> None:
    """Delete the parts of ``path`` that processes left behind when they were killed."""
    for part in path.parent.glob(f"{glob.escape(path.name)}.*.part"):
        with suppress(OSError):
            if time.time() - part.stat().st_mtime > _SETTLED and not _locked(part):
                part.unlink()


def _locked(part: Path) -> bool:
    """Whether somebody writes to it: a lock ends with its process, even where the numbers of processes recur."""
    try:
        with closing(sqlite3.connect(part, timeout=0)) as db:
            db.execute("BEGIN EXCLUSIVE")
    except sqlite3.Error as error:
        return error.sqlite_errorcode == sqlite3.SQLITE_BUSY
    return False
