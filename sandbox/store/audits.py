"""Audits: a claim with faults, what the learner said of it, and the result as it was shown."""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from sandbox.encounter import bare
from sandbox.report import RIGHT
from sandbox.store.attempts import Elsewhere
from sandbox.store.database import Store, now

FEWEST_LEARNERS: Final = 3
"""So many learners must have entered a wrong code before it is planted: no single one is recognised in it."""


@dataclass(frozen=True, slots=True)
class Audit:
    """One audit. ``claim``: rows ``[id, code, system, poa]``, and ``modifiers, units`` where a line has them.
    ``answer`` is kept as the form says it. ``handed_in`` and ``result`` are empty while it is open."""

    id: int
    learner: str
    case_id: str
    case_hash: str
    seed: int
    claim: list[list[Any]]
    answer: dict[str, Any]
    started: str
    saved: str
    handed_in: str
    result: dict[str, Any] | None


def begin(store: Store, learner: str, case_id: str, case_hash: str, seed: int, claim: list[list[Any]]) -> None:
    """Begin an audit, unless one of the case is open: then that goes on."""
    moment = now()
    with store.write() as db:
        db.execute(
            "INSERT OR IGNORE INTO audits (learner, case_id, case_hash, seed, claim, answer, started, saved)"
            " VALUES (?, ?, ?, ?, ?, '{}', ?, ?)",
            (learner, case_id, case_hash, seed, json.dumps(claim), moment, moment),
        )


def open_one(store: Store, learner: str, case_id: str) -> Audit | None:
    """The learner's audit of the case that is not handed in yet."""
    row = store.row("SELECT * FROM audits WHERE learner = ? AND case_id = ? AND handed_in IS NULL", learner, case_id)
    return _audit(row) if row else None


def get(store: Store, id: int) -> Audit | None:
    """One audit, whoever made it: the caller asks whether it may be seen."""
    row = store.row("SELECT * FROM audits WHERE id = ?", id)
    return _audit(row) if row else None


def save(store: Store, id: int, answer: dict[str, Any], seen: str | None) -> str:
    """Keep what was said so far; '' where the audit is handed in already, otherwise the time (UTC).

    ``seen``: the time of what the page shows as saved; None where the answer is meant whatever was saved since. Raises
    :class:`Elsewhere` where something else was saved since.
    """
    text = json.dumps(answer)
    with store.write() as db:
        saved = now()
        last = db.execute("SELECT answer, saved FROM audits WHERE id = ?", (id,)).fetchone()
        if last and seen is not None and last["saved"] != seen and last["answer"] != text:
            raise Elsewhere
        done = db.execute(
            "UPDATE audits SET answer = ?, saved = ? WHERE id = ? AND handed_in IS NULL", (text, saved, id)
        )
        return saved if done.rowcount else ""


def hand_in(store: Store, id: int, answer: dict[str, Any], result: dict[str, Any]) -> None:
    """Keep the answer and what came of it. Handed in twice, the first time holds."""
    moment = now()
    with store.write() as db:
        db.execute(
            "UPDATE audits SET answer = ?, result = ?, saved = ?, handed_in = ? WHERE id = ? AND handed_in IS NULL",
            (json.dumps(answer), json.dumps(result), moment, moment, id),
        )


def of_learner(store: Store, learner: str) -> list[sqlite3.Row]:
    """Every audit of a learner, the newest first: id, case_id, started, handed_in."""
    return store.rows("SELECT id, case_id, started, handed_in FROM audits WHERE learner = ? ORDER BY id DESC", learner)


def wrong_codes(store: Store, case_id: str) -> Iterator[tuple[str, str, str]]:
    """(system, code of the key, code entered), without dots: what at least three learners entered for a line of it."""
    rows = store.rows(
        "SELECT pair FROM pairs WHERE hash IN (SELECT value FROM attempts, json_each(attempts.report, '$.pairs')"
        " WHERE case_id = ? GROUP BY value HAVING count(DISTINCT learner) >= ?) ORDER BY hash",
        case_id,
        FEWEST_LEARNERS,
    )
    for row in rows:
        pair = json.loads(row["pair"])
        key, entered = pair["key"], pair["entered"]
        if key and entered and pair["error"] not in RIGHT and bare(entered["code"]) != bare(key["code"]):
            yield key["system"], bare(key["code"]), bare(entered["code"])


def _audit(row: sqlite3.Row) -> Audit:
    return Audit(
        id=row["id"],
        learner=row["learner"],
        case_id=row["case_id"],
        case_hash=row["case_hash"],
        seed=row["seed"],
        claim=json.loads(row["claim"]),
        answer=json.loads(row["answer"]),
        started=row["started"],
        saved=row["saved"],
        handed_in=row["handed_in"] or "",
        result=json.loads(row["result"]) if row["result"] else None,
    )
