"""The audit log: who did what, when, to whom or what. Rows are only ever added; the database itself refuses all else.

It names people by references alone, never by name, and keeps no words that somebody wrote to somebody: when a person is
forgotten, what is left of them here is a reference to nobody.
"""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from sandbox.store.database import Store, now

PAGE: Final = 100
"""Rows of a page of the log."""
PEOPLE: Final = ("whom", "added", "changed_lines")
"""Details that hold references to people, each a list: a learner's id, or :func:`line` where nobody has come yet."""


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

    @property
    def people(self) -> Iterator[str]:
        """The references to people in it. (Rows of earlier versions have that of a member as their subject.)"""
        for name in PEOPLE:
            yield from self.details.get(name, ())
        if _member(self.subject):
            yield self.subject


def line(member: int) -> str:
    """The reference to a line of a class's list, by the number of the membership."""
    return f"member {member}"


def write(
    db: sqlite3.Connection, actor: str, kind: str, subject: str = "", class_id: int = 0, /, **details: object
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


class Known:
    """Who the references of some rows mean, as far as anybody still knows."""

    def __init__(self, store: Store, rows: list[Row]) -> None:
        refs = {ref for row in rows for ref in row.people}
        tries = [int(id) for row in rows for id in row.details.get("scores", {})]
        self._attempts = {
            row["id"]: row for row in _all(store, "SELECT id, learner, made FROM attempts WHERE id IN", tries)
        }
        lines = [number for ref in refs if (number := _member(ref))]
        self._lines = {row["id"]: row for row in _all(store, "SELECT id, name, added FROM members WHERE id IN", lines)}
        ids = [*refs, *(row["learner"] for row in self._attempts.values())]
        self._names = {
            (0, row["id"]): str(row["name"]) for row in _all(store, "SELECT id, name FROM learners WHERE id IN", ids)
        }
        for row in _all(store, "SELECT class, learner, name FROM members WHERE learner IN", ids):
            self._names[row["class"], row["learner"]] = str(row["name"])

    def name(self, ref: str, row: Row) -> str:
        """The name of a person in a row: that on the list of the row's class before the one that they gave. Empty
        where nobody is known by the reference."""
        if number := _member(ref):
            found = self._lines.get(number)
            # The number of a line that is gone may be given again: who came after the row is not meant by it.
            return str(found["name"]) if found and found["added"] <= row.made else ""
        return self._names.get((row.class_id, ref)) or self._names.get((0, ref), "")

    def whose(self, attempt: int, row: Row) -> str:
        """The name of the learner who made an attempt, or empty."""
        found = self._attempts.get(attempt)
        return self.name(found["learner"], row) if found and found["made"] <= row.made else ""


def _member(ref: str) -> int:
    number = ref.removeprefix("member ")
    return int(number) if number != ref and number.isdecimal() and len(number) < 19 else 0


def _all(store: Store, sql: str, values: list[Any]) -> list[sqlite3.Row]:
    return store.rows(f"{sql} (SELECT value FROM json_each(?))", json.dumps(values)) if values else []
