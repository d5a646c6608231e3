"""Office hours of a class: a queue in which each learner has one place."""

import sqlite3
from dataclasses import dataclass
from typing import Final

from sandbox.store.database import Store, now

LONGEST: Final = 200
"""Characters of what a learner wants to ask about."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the queue. ``called``: when the learner's turn came, or empty."""

    id: int
    learner: str
    about: str
    joined: str
    called: str


def since(store: Store, class_id: int) -> str:
    """Since when the office hours are open; empty where they are not."""
    row = store.row("SELECT since FROM hours WHERE class = ?", class_id)
    return str(row["since"]) if row else ""


def open(store: Store, class_id: int) -> None:
    """Open the office hours of a class."""
    with store.write() as db:
        db.execute("INSERT INTO hours VALUES (?, ?) ON CONFLICT DO NOTHING", (class_id, now()))


def close(store: Store, class_id: int) -> None:
    """Close them; whoever still waits has waited for nothing, and is let go."""
    with store.write() as db:
        db.execute("DELETE FROM hours WHERE class = ?", (class_id,))
        db.execute("UPDATE queue SET ended = ? WHERE class = ? AND ended = ''", (now(), class_id))


def line(store: Store, class_id: int) -> list[Place]:
    """Everybody in the queue: whoever was called, then those who wait, in the order in which they came."""
    sql = "SELECT * FROM queue WHERE class = ? AND ended = '' ORDER BY called = '', id"
    return [_place(row) for row in store.rows(sql, class_id)]


def join(store: Store, class_id: int, learner: str, about: str) -> bool:
    """Take a place, where the office hours are open; whoever has one keeps it."""
    with store.write() as db:
        if db.execute("SELECT 1 FROM hours WHERE class = ?", (class_id,)).fetchone() is None:
            return False
        db.execute(
            "INSERT INTO queue (class, learner, about, joined) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
            (class_id, learner, about[:LONGEST], now()),
        )
    return True


def leave(store: Store, class_id: int, learner: str) -> None:
    """Give one's place up."""
    with store.write() as db:
        db.execute(
            "UPDATE queue SET ended = ? WHERE class = ? AND learner = ? AND ended = ''", (now(), class_id, learner)
        )


def call(store: Store, class_id: int, id: int = 0) -> Place | None:
    """Call whoever waits longest, or the place ``id``. Two who call at once call two. None where nobody waits."""
    with store.write() as db:
        row = db.execute(
            "UPDATE queue SET called = ?1 WHERE id = (SELECT id FROM queue WHERE class = ?2 AND ended = ''"
            " AND called = '' AND (?3 = 0 OR id = ?3) ORDER BY id LIMIT 1) RETURNING *",
            (now(), class_id, id),
        ).fetchone()
    return _place(row) if row else None


def finish(store: Store, class_id: int, id: int) -> None:
    """Take somebody out of the queue: helped, or not there."""
    with store.write() as db:
        db.execute("UPDATE queue SET ended = ? WHERE class = ? AND id = ? AND ended = ''", (now(), class_id, id))


def _place(row: sqlite3.Row) -> Place:
    return Place(row["id"], row["learner"], row["about"], row["joined"], row["called"])
