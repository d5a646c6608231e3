"""A copy of the database before its form changes."""

import os
import sqlite3
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

FOLDER: Final = "backups"
"""Beside the database."""
_KEPT: Final = 5


def before_upgrade(path: Path) -> None:
    """Copy a database aside before its form changes; of such copies the last few are kept."""
    folder = path.parent / FOLDER
    folder.mkdir(exist_ok=True)
    target = folder / f"before-upgrade-{stamp()}.db"
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT, 0o600))
    with closing(sqlite3.connect(path, timeout=30)) as source, closing(sqlite3.connect(target)) as new:
        source.backup(new)
    for old in sorted(folder.glob("before-upgrade-*.db"))[:-_KEPT]:
        with suppress(OSError):
            old.unlink()


def stamp() -> str:
    """The present moment as a part of a file's name."""
    return datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
