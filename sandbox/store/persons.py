"""Everything that the database has of one person: to be handed out, or to be taken away. Regulators ask for both."""

import json
import sqlite3
from dataclasses import dataclass
from typing import Any, Final

from sandbox.store.database import Store
from sandbox.store.log import line

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

FORGOTTEN: Final = "The words were written to somebody who has been forgotten since."
"""What stands as the reason of a regrading when the learner whose dispute it followed has been forgotten."""

_JSON: Final = ("lines", "answer", "claim", "result", "plan", "report", "details", "amendments")


class Traces(Exception):
    """All rows of a learner are deleted; in unused parts of the file there may still be traces of them."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of whom something is kept. ``id``: a learner's, or that of a line on a class's list
    (:func:`sandbox.store.log.line`) for which nobody has come. ``names`` are all that they are known by."""

    id: str
    name: str
    since: str
    names: frozenset[str]
    on_list: str = ""

    def is_called(self, words: str) -> bool:
        """Whether ``words`` are all of a name, an id or an e-mail address of theirs."""
        return words.casefold() in self.names


def find(store: Store, words: str) -> list[Person]:
    """Everybody meant by an id, a part of a name, or an id or e-mail address on a class's list.

    Those on a list who have come are the learners that they are; each line for which nobody has come is one of its own.
    """
    wanted = words.casefold()
    return [one for one in _everybody(store) if one.id == words or any(wanted in name for name in one.names)]


def alike(store: Store, person: str) -> list[Person]:
    """Lines for which nobody has come, with a name, an id or an e-mail address of this person: they may be theirs."""
    every = _everybody(store)
    names = next((one.names for one in every if one.id == person), frozenset[str]())
    return [one for one in every if one.on_list and one.id != person and one.names & names]


def _everybody(store: Store) -> list[Person]:
    rows = store.rows(
        "SELECT coalesce(m.learner, 'member ' || m.id) AS id, coalesce(l.name, m.name) AS called,"
        " coalesce(l.created, m.added) AS since, m.name, m.number, m.email,"
        " CASE WHEN m.learner IS NULL THEN c.name ELSE '' END AS list"
        " FROM members m JOIN classes c ON c.id = m.class LEFT JOIN learners l ON l.id = m.learner"
        " UNION ALL SELECT id, name, created, name, '', '', '' FROM learners ORDER BY since, id"
    )
    found: dict[str, Person] = {}
    for row in rows:
        names = {row[field].casefold() for field in ("called", "name", "number", "email")} - {""}
        if row["id"] in found:
            names |= found[row["id"]].names
        found[row["id"]] = Person(row["id"], row["called"], row["since"], frozenset(names), row["list"])
    return [*found.values()]


def export(store: Store, person: str) -> dict[str, Any]:
    """All rows of a person (:attr:`Person.id`), table by table, with what is kept as JSON taken apart; a report's pairs
    are put in. Of somebody who has not come there is a line on a list, and what the log says of it."""
    if _is_line(person):
        out = {"members": _rows(store, f"SELECT * FROM members WHERE {_LINE}", person)}
    else:
        out = _of_learner(store, person)
    # What the log says of a line before somebody came for it is theirs; of one that had its number before, it is not.
    about = {person: ""} | {line(one["id"]): one["added"] for one in out["members"]}
    found = {row["id"]: row for ref, since in about.items() for row in _rows(store, _ABOUT, ref, since)}
    out["audit_log"] = [found[id] for id in sorted(found)]
    return out


_LINE: Final = "learner IS NULL AND 'member ' || id = ?"
_ABOUT: Final = (
    "SELECT * FROM audit_log g WHERE g.made >= ?2 AND (?1 IN (g.actor, g.subject)"
    " OR EXISTS (SELECT 1 FROM json_tree(g.details) t WHERE t.type = 'text' AND t.atom = ?1))"
)


def _is_line(person: str) -> bool:
    return person.startswith("member ")


def _of_learner(store: Store, learner: str) -> dict[str, Any]:
    out: dict[str, Any] = {"learners": _rows(store, "SELECT * FROM learners WHERE id = ?", learner)}
    for table, column in OF_A_LEARNER.items():
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


def forget(store: Store, person: str) -> dict[str, int]:
    """Delete all rows of a person (:attr:`Person.id`), and what the file still has of earlier ones.

    Returns table → rows. Raises :class:`Traces` where the rows are gone and the file could not be written anew.
    """
    with store.write() as db:
        gone = _delete(db, person)
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


def _delete(db: sqlite3.Connection, person: str) -> dict[str, int]:
    if _is_line(person):
        return {"members": db.execute(f"DELETE FROM members WHERE {_LINE}", (person,)).rowcount}
    gone: dict[str, int] = {}
    # What was answered to a dispute was written to its learner, and is the reason of what was graded anew by it.
    db.execute(
        "UPDATE regradings SET why = ?2 WHERE dispute IN (SELECT id FROM disputes WHERE learner = ?1)",
        (person, FORGOTTEN),
    )
    for table, (above, column) in BELOW.items():
        sql = f"DELETE FROM {table} WHERE {column} IN (SELECT id FROM {above} WHERE {OF_A_LEARNER[above]} = ?)"
        gone[table] = db.execute(sql, (person,)).rowcount
    for table, column in WRITTEN.items():
        gone[table] += db.execute(f"DELETE FROM {table} WHERE {column} = ?", (person,)).rowcount
    for table, column in NAMED.items():
        db.execute(f"UPDATE {table} SET {column} = '' WHERE {column} = ?", (person,))
    for table, column in OF_A_LEARNER.items():
        gone[table] = db.execute(f"DELETE FROM {table} WHERE {column} = ?", (person,)).rowcount
    gone["learners"] = db.execute("DELETE FROM learners WHERE id = ?", (person,)).rowcount
    return gone


def _rows(store: Store, sql: str, *values: str) -> list[dict[str, Any]]:
    return [_told(row) for row in store.rows(sql, *values)]


def _told(row: sqlite3.Row) -> dict[str, Any]:
    said = dict(row)
    for name in _JSON:
        if isinstance(said.get(name), str) and said[name]:
            said[name] = json.loads(said[name])
    return said
