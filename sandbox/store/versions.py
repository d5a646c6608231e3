"""Every version of a case's file that the desk has seen: only ever added, so that no change loses anything."""

import hashlib
import sqlite3
import zlib
from typing import Final

from sandbox.store import log
from sandbox.store.database import Store, now

Row = sqlite3.Row

FOUND: Final = "as it was found"
OUTSIDE: Final = "changed outside the desk"
_LONGEST_NOTE: Final = 300


def add(store: Store, id: str, text: str, person: str, note: str) -> int:
    """Keep a version of a case (id: that of its file). Returns its number, from 1.

    ``person``: the id of whoever made it, empty where nobody knows. The same text as the last version adds nothing.
    """
    raw = text.encode()
    etag = hashlib.sha256(raw).hexdigest()
    with store.write() as db:
        last = db.execute(
            "SELECT number, etag FROM versions WHERE case_id = ? ORDER BY number DESC LIMIT 1", (id,)
        ).fetchone()
        if last and last["etag"] == etag:
            return int(last["number"])
        number = last["number"] + 1 if last else 1
        db.execute(
            "INSERT INTO versions (case_id, number, made, person, note, etag, size, packed)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (id, number, now(), person, note[:_LONGEST_NOTE], etag, len(raw), zlib.compress(raw, 9)),
        )
        if note != FOUND:
            log.write(db, person, "saved", f"case {id}", version=number, note=note[:_LONGEST_NOTE])
    return int(number)


def add_found(store: Store, id: str, text: str) -> int:
    """Keep what lies in the folder, where it is not the last version: somebody has changed it with another program."""
    seen = store.row("SELECT 1 FROM versions WHERE case_id = ? LIMIT 1", id)
    return add(store, id, text, "", OUTSIDE if seen else FOUND)


def all(store: Store, id: str) -> list[Row]:
    """The versions of a case, the newest first: number, made (UTC), person, name, note, etag, size (bytes).

    ``name`` is that of the person now; empty where nobody knows who it was.
    """
    return store.rows(
        "SELECT number, made, person, coalesce(name, '') AS name, note, etag, size"
        " FROM versions LEFT JOIN learners ON learners.id = person WHERE case_id = ? ORDER BY number DESC",
        id,
    )


def ids(store: Store) -> list[str]:
    """The ids of all cases that have a history, in order."""
    return [row["case_id"] for row in store.rows("SELECT DISTINCT case_id FROM versions ORDER BY case_id")]


def text(store: Store, id: str, number: int) -> str:
    """The text of a version, as it was. Raises KeyError where there is none of that number."""
    row = store.row("SELECT packed FROM versions WHERE case_id = ? AND number = ?", id, number)
    if row is None:
        raise KeyError(number)
    return zlib.decompress(row["packed"]).decode()
