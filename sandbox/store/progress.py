"""How far a learner has come in each encounter: what is done, and what was touched last."""

import json
from collections.abc import Sequence

from sandbox.store.database import Store


def done(store: Store, learner: str) -> set[str]:
    """The ids of the encounters that a learner got all right, or of which they have seen the key."""
    rows = store.rows(
        "SELECT case_id FROM attempts WHERE learner = ?1 AND score >= 1 AND NOT held"
        " UNION SELECT case_id FROM asked WHERE learner = ?1 AND key_shown IS NOT NULL",
        learner,
    )
    return {row["case_id"] for row in rows}


def done_of(store: Store, learner: str, ids: Sequence[str]) -> set[str]:
    """Those of these encounters that are :func:`done`, without reading whatever else the learner has done."""
    rows = store.rows(
        "SELECT value FROM json_each(?2) WHERE EXISTS (SELECT 1 FROM attempts"
        " WHERE learner = ?1 AND case_id = value AND score >= 1 AND NOT held)"
        " OR EXISTS (SELECT 1 FROM asked WHERE learner = ?1 AND case_id = value AND key_shown IS NOT NULL)",
        learner,
        json.dumps(ids),
    )
    return {row["value"] for row in rows}


def touched(store: Store, learner: str) -> list[str]:
    """The ids of the encounters that a learner has typed something in, the latest first."""
    rows = store.rows(
        "SELECT case_id, max(at) AS at FROM (SELECT case_id, saved AS at FROM drafts WHERE learner = ?1"
        " UNION ALL SELECT case_id, made FROM attempts WHERE learner = ?1) GROUP BY case_id ORDER BY at DESC, case_id",
        learner,
    )
    return [row["case_id"] for row in rows]


def tries(store: Store) -> dict[str, int]:
    """How often each encounter was checked by anybody, by its id. Read off an index, without the reports."""
    rows = store.rows("SELECT case_id, count(*) AS n FROM attempts GROUP BY learner, case_id")
    found: dict[str, int] = {}
    for row in rows:
        found[row["case_id"]] = found.get(row["case_id"], 0) + row["n"]
    return found
