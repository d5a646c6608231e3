"""Everything that the database has of one person: to be handed out, or to be taken away. Regulators ask for both."""

import json
import sqlite3
from typing import Any, Final

from sandbox.store.database import Store

OF_A_LEARNER: Final = {
    "attempts": "learner",
    "drafts": "learner",
    "asked": "learner",
    "audits": "learner",
    "drill_answers": "learner",
    "code_notes": "learner",
    "spent": "learner",
    "goals": "learner",
    "papers": "learner",
    "inbox": "learner",
    "accounts": "learner",
    "members": "learner",
    "seats": "learner",
    "tasks": "learner",
    "posts": "author",
    "questions": "learner",
    "talk_reads": "learner",
    "queue": "learner",
    "disputes": "learner",
    "lti_people": "learner",
    "lti_grades": "learner",
}
"""Table → the column that says whose a row is."""
BELOW: Final = {
    "steps": ("attempts", "attempt"),
    "paper_items": ("papers", "paper"),
    "replies": ("questions", "parent"),
    "rulings": ("attempts", "attempt"),
    "regrades": ("attempts", "attempt"),
}
"""Table → the table of a learner that its rows belong to, and the column that names the row there."""
WRITTEN: Final = {"replies": "author"}
"""Table → the column that says who wrote a row that belongs to somebody else."""
NAMED: Final = {
    "posts": "removed_by",
    "replies": "removed_by",
    "classes": "owner",
    "labs": "by",
    "disputes": "decided_by",
    "regradings": "by",
}
"""Table → a column that names somebody in a row of others, and is emptied."""
KEPT: Final = {"audit_log": "actor"}
"""Table → the column that says whose a row is, where rows are never deleted: it names an id, which nobody has then."""
NOBODYS: Final = (
    "charts", "pairs", "versions", "links", "threads", "hours", "classes", "labs", "lab_items", "pauses",
    "projectors", "projected", "regradings", "lti_courses", "lti_links",
)  # fmt: skip
"""Tables of no person: versions of cases, pairs that many reports share, unused links, what a class does."""

_JSON: Final = ("lines", "answer", "claim", "result", "plan", "report", "details", "amendments")


class Traces(Exception):
    """All rows of a learner are deleted; in unused parts of the file there may still be traces of them."""


def find(store: Store, words: str) -> list[sqlite3.Row]:
    """Learners by their id, or by a part of the name they gave: ``id``, ``name``, ``role``, ``created``."""
    return store.rows(
        "SELECT id, name, role, created FROM learners WHERE id = ?1 OR instr(lower(name), lower(?1))"
        " ORDER BY created, id",
        words,
    )


def export(store: Store, learner: str) -> dict[str, Any]:
    """All rows of a learner, table by table, with what is kept as JSON taken apart; a report's pairs are put in."""
    out: dict[str, Any] = {"learners": _rows(store, "SELECT * FROM learners WHERE id = ?", learner)}
    for table, column in (OF_A_LEARNER | KEPT).items():
        out[table] = _rows(store, f"SELECT * FROM {table} WHERE {column} = ?", learner)
    for table, (above, column) in BELOW.items():
        sql = f"SELECT b.* FROM {table} b JOIN {above} a ON a.id = b.{column} WHERE a.{OF_A_LEARNER[above]} = ?"
        out[table] = _rows(store, sql, learner)
    for table, column in WRITTEN.items():
        more = _rows(store, f"SELECT * FROM {table} WHERE {column} = ?", learner)
        out[table] += [row for row in more if row not in out[table]]
    for row in (*out["attempts"], *out["regrades"]):
        if report := row.get("report"):
            hashes = json.dumps(report.get("pairs", []))
            pairs = store.rows("SELECT hash, pair FROM pairs WHERE hash IN (SELECT value FROM json_each(?))", hashes)
            said = {pair["hash"]: json.loads(pair["pair"]) for pair in pairs}
            report["pairs"] = [said.get(hash, hash) for hash in report.get("pairs", [])]
    return out


def forget(store: Store, learner: str) -> dict[str, int]:
    """Delete all rows of a learner, and what the file still has of earlier ones. Returns table → rows.

    Raises :class:`Traces` where the rows are gone and the file could not be written anew.
    """
    gone: dict[str, int] = {}
    with store.write() as db:
        for table, (above, column) in BELOW.items():
            sql = f"DELETE FROM {table} WHERE {column} IN (SELECT id FROM {above} WHERE {OF_A_LEARNER[above]} = ?)"
            gone[table] = db.execute(sql, (learner,)).rowcount
        for table, column in WRITTEN.items():
            gone[table] += db.execute(f"DELETE FROM {table} WHERE {column} = ?", (learner,)).rowcount
        for table, column in NAMED.items():
            db.execute(f"UPDATE {table} SET {column} = '' WHERE {column} = ?", (learner,))
        for table, column in OF_A_LEARNER.items():
            gone[table] = db.execute(f"DELETE FROM {table} WHERE {column} = ?", (learner,)).rowcount
        gone["learners"] = db.execute("DELETE FROM learners WHERE id = ?", (learner,)).rowcount
    # What was changed or deleted stands in the file until its room is needed: it is written anew without that. And what
    # was written lately still stands in the log beside it.
    try:
        store.writer.execute("VACUUM")
        busy = store.writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    except sqlite3.OperationalError as error:
        raise Traces(str(error)) from error
    if busy:
        raise Traces("another program is reading it")
    return {table: rows for table, rows in gone.items() if rows}


def _rows(store: Store, sql: str, learner: str) -> list[dict[str, Any]]:
    return [_told(row) for row in store.rows(sql, learner)]


def _told(row: sqlite3.Row) -> dict[str, Any]:
    said = dict(row)
    for name in _JSON:
        if isinstance(said.get(name), str) and said[name]:
            said[name] = json.loads(said[name])
    return said
