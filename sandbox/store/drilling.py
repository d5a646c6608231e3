"""Answers to drills. A drill is its kind and seed; answered once, the first answer stays."""

import sqlite3
from dataclasses import dataclass
from typing import Final

from sandbox.store.database import Store, now

LONGEST: Final = 600.0
"""Seconds: whoever took longer was away."""


@dataclass(frozen=True, slots=True)
class DrillAnswer:
    """One answer. ``chosen`` is the id of an option; ``seconds`` 0 where nobody knows. ``wording`` tells which question
    was asked (:attr:`sandbox.drills.Drill.wording`); empty for answers older than that."""

    kind: str
    seed: int
    chosen: str
    correct: bool
    seconds: float
    made: str
    wording: str


def add(
    store: Store, learner: str, kind: str, seed: int, chosen: str, correct: bool, seconds: float, wording: str
) -> DrillAnswer:
    """Keep an answer, and return it; of the same drill the one that was given first."""
    with store.write() as db:
        db.execute(
            "INSERT OR IGNORE INTO drill_answers (learner, kind, seed, chosen, correct, seconds, made, wording)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (learner, kind, seed, chosen, int(correct), min(max(seconds, 0.0), LONGEST), now(), wording),
        )
    found = get(store, learner, kind, seed)
    assert found
    return found


def get(store: Store, learner: str, kind: str, seed: int) -> DrillAnswer | None:
    """The learner's answer to a drill, or None."""
    row = store.row("SELECT * FROM drill_answers WHERE learner = ? AND kind = ? AND seed = ?", learner, kind, seed)
    if row is None:
        return None
    return DrillAnswer(
        row["kind"], row["seed"], row["chosen"], bool(row["correct"]), row["seconds"], row["made"], row["wording"]
    )


def tally(store: Store, learner: str) -> dict[str, sqlite3.Row]:
    """Kind → ``answered``, ``correct``, and ``last`` (of the newest twenty ``recent`` were right)."""
    rows = store.rows(
        "SELECT kind, count(*) AS answered, sum(correct) AS correct,"
        " sum(CASE WHEN place <= 20 THEN correct END) AS recent, min(count(*), 20) AS last"
        " FROM (SELECT kind, correct, row_number() OVER (PARTITION BY kind ORDER BY id DESC) AS place"
        " FROM drill_answers WHERE learner = ?) GROUP BY kind",
        learner,
    )
    return {row["kind"]: row for row in rows}
