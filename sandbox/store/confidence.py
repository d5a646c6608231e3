"""How sure learners were before they checked, beside what came of it. Never part of a score."""

import sqlite3
from typing import Final

from sandbox.store.database import Store

SURE: Final = {"certain": "Certain", "fairly": "Fairly sure", "not": "Not sure"}
"""What may be answered to *Would you send this claim?*, and in which words."""


def of_learner(store: Store, learner: str) -> list[sqlite3.Row]:
    """What the learner said, what came of it: ``sure`` (a key of :data:`SURE`), ``claims``, ``right`` (claims with
    nothing wrong) and ``score`` (mean exact agreement, 0 to 1), over the judged attempts before the key was shown."""
    return store.rows(
        "SELECT sure, count(*) AS claims, sum(score >= 1) AS right, avg(score) AS score FROM attempts"
        " WHERE learner = ? AND sure <> '' AND judged AND NOT held AND NOT key_shown GROUP BY sure",
        learner,
    )
