"""The instructor's inbox: what went wrong and wants a look."""

import sqlite3

from sandbox.store.database import Store, now


def put(store: Store, kind: str, subject: str, body: str) -> None:
    """Add a report; the same one again only counts up."""
    with store.write() as db:
        db.execute(
            "INSERT INTO inbox (kind, made, subject, body) VALUES (?, ?, ?, ?) ON CONFLICT (kind, subject)"
            " DO UPDATE SET times = times + 1, made = excluded.made, body = excluded.body",
            (kind, now(), subject[:300], body[:20000]),
        )


def all(store: Store) -> list[sqlite3.Row]:
    """Every report, the newest first: id, kind, made, subject, body, times."""
    return store.rows("SELECT * FROM inbox ORDER BY made DESC, id DESC")
