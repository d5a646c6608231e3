"""The audit log: who did what, when, to what. Rows are only ever added; the database itself refuses anything else.

It names people by their ids alone, and attempts and disputes by their numbers: when somebody is forgotten, what is
left of them here is an id that belongs to nobody.
"""

import json
import sqlite3
from dataclasses import dataclass
from typing import Any, Final

from sandbox.store.database import Store, now

PAGE: Final = 100
"""Rows of a page of the log."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it is shown: ``actor`` is the name of whoever did it, empty where nobody of that id is known."""

    id: int
    made: str
    actor: str
    class_id: int
    kind: str
    subject: str
    details: dict[str, Any]


def write(
    db: sqlite3.Connection, actor: str, kind: str, subject: str = "", class_id: int = 0, **details: object
) -> None:
    """Add a row, in the transaction of what it tells of. ``class_id``: 0 for what belongs to no class."""
    db.execute(
        "INSERT INTO audit_log (made, actor, class, kind, subject, details) VALUES (?, ?, ?, ?, ?, ?)",
        (now(), actor, class_id, kind, subject, json.dumps(details, ensure_ascii=False)),
    )


def read(store: Store, class_id: int | None, before: int = 0) -> list[Row]:
    """The newest rows of a class (None: of everything), at most :data:`PAGE`; ``before``: older than that row."""
    rows = store.rows(
        "SELECT g.*, coalesce(l.name, '') AS name FROM audit_log g LEFT JOIN learners l ON l.id = g.actor"
        " WHERE (?1 IS NULL OR g.class = ?1) AND (?2 = 0 OR g.id < ?2) ORDER BY g.id DESC LIMIT ?3",
        class_id,
        before,
        PAGE,
    )
    return [
        Row(row["id"], row["made"], row["name"], row["class"], row["kind"], row["subject"], json.loads(row["details"]))
        for row in rows
    ]
