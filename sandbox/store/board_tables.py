"""The tables of the projector: which encounter of a lab stands on it, and how much of each may be seen."""

import sqlite3
from typing import Final

_TABLES: Final = (
    "CREATE TABLE projectors (lab INTEGER PRIMARY KEY, nonce TEXT NOT NULL, case_id TEXT NOT NULL DEFAULT '',"
    " pair TEXT NOT NULL DEFAULT '', made TEXT NOT NULL) STRICT",
    "CREATE TABLE projected (lab INTEGER NOT NULL, case_id TEXT NOT NULL, step TEXT NOT NULL,"
    " PRIMARY KEY (lab, case_id)) STRICT, WITHOUT ROWID",
)


def make(db: sqlite3.Connection) -> None:
    """Make the tables; a step of the migrations."""
    for statement in _TABLES:
        db.execute(statement)
