"""Disputes: who holds that a line was judged wrongly, why, and what was decided."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sandbox.cases.amending import Amendment
from sandbox.store import log
from sandbox.store.database import Store, now


@dataclass(frozen=True, slots=True)
class New:
    """A dispute on its way into the database. ``pair``: the place of the line in the report; ``said``: how it was shown
    there; ``line``: what it is known by (:func:`sandbox.disputes.line_of`), for both of them may change when the
    attempt is graded anew."""

    class_id: int
    learner: str
    attempt: int
    pair: int
    line: str
    said: str
    case_id: str
    reason: str
    document: str
    quote: str


@dataclass(frozen=True, slots=True)
class Dispute:
    """A dispute. ``state`` is a key of :data:`sandbox.disputes.ANSWERS`; ``words`` and ``by`` (an id) are those of the
    decision; ``name`` is the learner's, ``decider`` that of whoever decided."""

    id: int
    class_id: int
    learner: str
    name: str
    attempt: int
    line: str
    said: str
    case_id: str
    reason: str
    document: str
    quote: str
    made: str
    state: str
    credit: float
    words: str
    decided: str
    decider: str


class Refused(Exception):
    """It is not open any more, or was never there: somebody else decided, or the learner withdrew."""


def add(store: Store, new: New, most: int) -> bool:
    """Keep a dispute. Sent twice it is one. False where the learner has ``most`` open ones in the class already."""
    with store.write() as db:
        there = db.execute(
            "SELECT count(*), coalesce(sum(attempt = ?3 AND line = ?4), 0) FROM disputes"
            " WHERE class = ?1 AND learner = ?2 AND state = 'open'",
            (new.class_id, new.learner, new.attempt, new.line),
        ).fetchone()
        if there[1]:
            return True
        if there[0] >= most:
            return False
        id = db.execute(
            "INSERT INTO disputes (class, learner, attempt, pair, line, said, case_id, reason, document, quote, made)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
            (
                new.class_id, new.learner, new.attempt, new.pair, new.line, new.said, new.case_id, new.reason,
                new.document, new.quote, now(),
            ),
        ).fetchone()[0]  # fmt: skip
        log.write(db, new.learner, "dispute", f"dispute {id}", new.class_id, attempt=new.attempt, case=new.case_id)
    return True


def withdraw(store: Store, id: int, learner: str) -> None:
    """Take an open dispute of one's own back. Raises :class:`Refused`."""
    with store.write() as db:
        row = db.execute(
            "UPDATE disputes SET state = 'withdrawn', decided = ?3 WHERE id = ?1 AND learner = ?2 AND state = 'open'"
            " RETURNING class",
            (id, learner, now()),
        ).fetchone()
        if row is None:
            raise Refused
        log.write(db, learner, "withdrawn", f"dispute {id}", row["class"])


def decide(db: sqlite3.Connection, id: int, by: str, state: str, words: str, credit: float = 0.0) -> None:
    """Decide an open dispute, in the transaction that carries the decision out. Raises :class:`Refused`."""
    row = db.execute(
        "UPDATE disputes SET state = ?2, words = ?3, credit = ?4, decided = ?5, decided_by = ?6"
        " WHERE id = ?1 AND state = 'open' RETURNING class, learner",
        (id, state, words, credit, now(), by),
    ).fetchone()
    if row is None:
        raise Refused
    # Its words stand with the dispute, and go with it.
    log.write(db, by, "decided", f"dispute {id}", row["class"], whom=[row["learner"]], decision=state, credit=credit)


def rule(db: sqlite3.Connection, dispute: int, attempt: int, amendments: Sequence[Amendment]) -> None:
    """From now on an attempt is judged with the key so amended, and so is every other one that its learner has made, or
    will make, at the encounter in the same lab."""
    said = json.dumps([one.as_json() for one in amendments], ensure_ascii=False)
    db.execute("INSERT OR REPLACE INTO rulings VALUES (?, ?, ?)", (attempt, dispute, said))


def rulings(store: Store, attempts: Iterable[int]) -> dict[int, tuple[Amendment, ...]]:
    """Attempt → what was decided for its learner alone, in the order of the disputes."""
    rows = store.rows(
        "SELECT a.id, r.amendments FROM attempts a"
        " JOIN attempts b ON b.learner = a.learner AND b.case_id = a.case_id AND b.lab = a.lab"
        " JOIN rulings r ON r.attempt = b.id WHERE a.id IN (SELECT value FROM json_each(?))"
        # A ruling of an earlier version stands at each attempt that there was.
        " GROUP BY a.id, r.dispute ORDER BY a.id, r.dispute",
        json.dumps([*attempts]),
    )
    out: dict[int, tuple[Amendment, ...]] = {}
    for row in rows:
        out[row["id"]] = (*out.get(row["id"], ()), *_read(row["amendments"]))
    return out


def ruled(store: Store, learner: str, case_id: str, lab: int) -> tuple[Amendment, ...]:
    """What was decided for a learner alone at an encounter in a lab (0: practice): their next attempt is judged so."""
    # From the learner's few disputes, not from their attempts: this is asked before each answer.
    rows = store.rows(
        "SELECT r.amendments FROM disputes d CROSS JOIN rulings r ON r.attempt = d.attempt AND r.dispute = d.id"
        " CROSS JOIN attempts a ON a.id = d.attempt WHERE d.learner = ? AND a.case_id = ? AND a.lab = ? ORDER BY d.id",
        learner,
        case_id,
        lab,
    )
    return tuple(one for row in rows for one in _read(row["amendments"]))


def _read(text: str) -> tuple[Amendment, ...]:
    return tuple(Amendment.from_json(one) for one in json.loads(text))


def get(store: Store, class_id: int, id: int) -> Dispute | None:
    """A dispute of a class, or None."""
    return next(iter(_found(store, "d.class = ?1 AND d.id = ?2", class_id, id)), None)


def of_class(store: Store, class_id: int) -> list[Dispute]:
    """All disputes of a class, those that wait first, the longest waiting before the others."""
    return _found(
        store, "d.class = ?1 ORDER BY d.state != 'open', CASE WHEN d.state = 'open' THEN d.id ELSE -d.id END", class_id
    )


def of_attempt(store: Store, attempt: int) -> list[Dispute]:
    """The disputes about the lines of one attempt."""
    return _found(store, "d.attempt = ?1 ORDER BY d.id", attempt)


def of_learner(store: Store, learner: str, class_id: int) -> list[Dispute]:
    """The disputes of one learner in a class, the newest first."""
    return _found(store, "d.learner = ?1 AND d.class = ?2 ORDER BY d.id DESC", learner, class_id)


def waiting(store: Store, class_id: int) -> int:
    """How many disputes of a class wait for an answer."""
    row = store.row("SELECT count(*) FROM disputes WHERE class = ? AND state = 'open'", class_id)
    return int(row[0]) if row else 0


def _found(store: Store, where: str, *values: object) -> list[Dispute]:
    # By the name on the list of the class; by the one in the cookie where somebody has left the class.
    rows = store.rows(
        "SELECT d.*, coalesce(m.name, l.name, '') AS name, coalesce(b.name, '') AS decider FROM disputes d"
        " LEFT JOIN members m ON m.class = d.class AND m.learner = d.learner LEFT JOIN learners l ON l.id = d.learner"
        f" LEFT JOIN learners b ON b.id = d.decided_by AND d.decided_by != '' WHERE {where}",
        *values,
    )
    return [
        Dispute(
            row["id"], row["class"], row["learner"], row["name"], row["attempt"], row["line"], row["said"],
            row["case_id"], row["reason"], row["document"], row["quote"], row["made"], row["state"], row["credit"],
            row["words"], row["decided"], row["decider"],
        )
        for row in rows
    ]  # fmt: skip
