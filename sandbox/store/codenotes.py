"""A learner's own notes on codes, and the codes that they have bookmarked."""

from dataclasses import dataclass
from typing import Final

from sandbox.store.database import Store, now

LONGEST: Final = 2000
"""Characters of a note."""
MOST: Final = 500
"""Codes that one learner may mark or write about."""


@dataclass(frozen=True, slots=True)
class CodeNote:
    """What a learner keeps of a code. ``marked``: when it was bookmarked, or empty."""

    system: str
    key: str
    note: str = ""
    marked: str = ""


def get(store: Store, learner: str, system: str, key: str) -> CodeNote:
    """What the learner keeps of the code; empty where nothing."""
    sql = "SELECT note, marked FROM code_notes WHERE learner = ? AND system = ? AND key = ?"
    row = store.row(sql, learner, system, key) if learner else None
    return CodeNote(system, key, *row) if row else CodeNote(system, key)


def all(store: Store, learner: str) -> list[CodeNote]:
    """Everything that the learner keeps, by code."""
    sql = "SELECT system, key, note, marked FROM code_notes WHERE learner = ? ORDER BY system, key"
    return [CodeNote(*row) for row in store.rows(sql, learner)] if learner else []


def write(store: Store, learner: str, kept: CodeNote) -> bool:
    """Keep the note and the bookmark, or nothing of the code where both are empty.

    False where the learner keeps as many codes as anybody may. The note is cut to :data:`LONGEST` characters.
    """
    with store.write() as db:
        if not (kept.note or kept.marked):
            db.execute(
                "DELETE FROM code_notes WHERE learner = ? AND system = ? AND key = ?", (learner, kept.system, kept.key)
            )
            return True
        sql = "SELECT count(*) FROM code_notes WHERE learner = ? AND NOT (system = ? AND key = ?)"
        if db.execute(sql, (learner, kept.system, kept.key)).fetchone()[0] >= MOST:
            return False
        db.execute(
            "INSERT INTO code_notes VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (learner, system, key)"
            " DO UPDATE SET note = excluded.note, marked = excluded.marked, saved = excluded.saved",
            (learner, kept.system, kept.key, kept.note[:LONGEST], kept.marked, now()),
        )
    return True
