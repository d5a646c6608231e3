"""What one learner did, read at once: attempts with their pairs, answers to drills, time on the cases."""

import json
import sqlite3
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sandbox.store.database import Store, now

_LONGEST_BEAT = 120
"""Seconds that one message may claim at most."""


@dataclass(frozen=True, slots=True)
class Line:
    """A pair of an attempt, as far as progress is about it: the error, the key's code and what the line cites."""

    error: str
    key: str
    system: str
    cites: tuple[str, ...]
    optional: bool


@dataclass(frozen=True, slots=True)
class Done:
    """One judged attempt. ``first``: the learner's first at this encounter, with no key and no audit seen before."""

    id: int
    case_id: str
    number: int
    made: str
    score: float
    hints: int
    key_shown: bool
    first: bool
    lines: tuple[Line, ...]


def attempts(store: Store, learner: str) -> list[Done]:
    """Every judged attempt of a learner, the oldest first."""
    rows = store.rows(
        "SELECT a.id, a.case_id, a.number, a.made, a.score, a.hints, a.key_shown,"
        " json_extract(a.report, '$.pairs') AS pairs,"
        " EXISTS (SELECT 1 FROM audits d WHERE d.learner = a.learner AND d.case_id = a.case_id AND d.started < a.made)"
        " AS audited FROM attempts a WHERE a.learner = ? AND a.judged AND NOT a.held ORDER BY a.id",
        learner,
    )
    hashes = [json.loads(row["pairs"]) for row in rows]
    lines = _lines(store, {hash for each in hashes for hash in each})
    return [
        Done(
            row["id"], row["case_id"], row["number"], row["made"], row["score"], row["hints"], bool(row["key_shown"]),
            row["number"] == 1 and not row["key_shown"] and not row["audited"],
            tuple(lines[hash] for hash in each),
        )
        for row, each in zip(rows, hashes, strict=True)
    ]  # fmt: skip


def _lines(store: Store, hashes: set[str]) -> dict[str, Line]:
    rows = store.rows(
        "SELECT hash, pair FROM pairs WHERE hash IN (SELECT value FROM json_each(?))", json.dumps([*hashes])
    )
    return {row["hash"]: _line(row["pair"]) for row in rows}


@lru_cache(maxsize=8192)
def _line(text: str) -> Line:
    pair: dict[str, Any] = json.loads(text)
    key = pair["key"] or {}
    return Line(pair["error"], key.get("code", ""), key.get("system", ""), tuple(pair["cites"]), pair["optional"])


def drills(store: Store, learner: str) -> list[sqlite3.Row]:
    """Kind and day → ``answered``, ``correct``, ``seconds`` and ``made`` (the last answer of that day)."""
    return store.rows(
        "SELECT kind, substr(made, 1, 10) AS day, count(*) AS answered, sum(correct) AS correct,"
        " sum(seconds) AS seconds, max(made) AS made FROM drill_answers WHERE learner = ?"
        " GROUP BY kind, day ORDER BY day",
        learner,
    )


def spend(store: Store, learner: str, case_id: str, seconds: int) -> None:
    """Add active seconds to today's time on a case: never more than have passed since they were last added."""
    moment = now()
    with store.write() as db:
        row = db.execute(
            "SELECT seconds, (julianday(?) - julianday(last)) * 86400 AS passed FROM spent"
            " WHERE learner = ? AND case_id = ? AND day = ?",
            (moment, learner, case_id, moment[:10]),
        ).fetchone()
        honest = max(0, min(seconds, _LONGEST_BEAT, int(row["passed"]) + 1 if row else _LONGEST_BEAT))
        db.execute(
            "INSERT INTO spent VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO UPDATE SET seconds = seconds + ?4, last = ?5",
            (learner, case_id, moment[:10], honest, moment),
        )


def spent(store: Store, learner: str) -> dict[tuple[str, str], int]:
    """(case id, day) → active seconds."""
    rows = store.rows("SELECT case_id, day, seconds FROM spent WHERE learner = ?", learner)
    return {(row["case_id"], row["day"]): row["seconds"] for row in rows}
