"""The instructor's inbox: what went wrong and wants a look."""

import datetime as dt
import sqlite3

from sandbox.store.database import Store, now


def put(store: Store, kind: str, subject: str, body: str, learner: str = "") -> None:
    """Add a report; the same one again only counts up, and is open again."""
    with store.write() as db:
        db.execute(
            "INSERT INTO inbox (kind, made, subject, body, learner) VALUES (?, ?, ?, ?, ?) ON CONFLICT (kind, subject)"
            " DO UPDATE SET times = times + 1, made = excluded.made, body = excluded.body, done = ''",
            (kind, now(), subject[:300], body[:20000], learner),
        )


def waiting(store: Store) -> list[sqlite3.Row]:
    """Every report that nobody has dealt with, the newest first: id, kind, made, subject, body, times."""
    return store.rows("SELECT * FROM inbox WHERE done = '' ORDER BY made DESC, id DESC")


def finish(store: Store, id: int) -> sqlite3.Row | None:
    """Note that a report is dealt with. It stays in the database. None where it was dealt with before."""
    with store.write() as db:
        found: sqlite3.Row | None = db.execute(
            "UPDATE inbox SET done = ? WHERE id = ? AND done = '' RETURNING kind, subject, learner", (now(), id)
        ).fetchone()
    return found


def lately(store: Store, learner: str) -> int:
    """How many reports a learner sent within the last hour."""
    since = (dt.datetime.now(dt.UTC) - dt.timedelta(hours=1)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    row = store.row("SELECT count(*) AS n FROM inbox WHERE learner = ? AND made > ?", learner, since)
    return int(row["n"]) if row else 0
