"""The steps of the feedback: what a learner asked to be told of a line, beyond where to look."""

from collections.abc import Iterable
from typing import Final

from sandbox.store.database import Store, now

KIND: Final = 2
"""The kind of error is named."""
COMPARED: Final = 3
"""The line is set beside that of the key, with the reason."""
QUERIES: Final = 1000
"""The place of the queries among the lines: here for all of them together, behind it for each; no report has so many
lines."""


def take(store: Store, attempt: int, pairs: Iterable[int], step: int) -> None:
    """Record that a step was shown of some lines of an attempt; whoever compares has the kind named as well."""
    moment = now()
    rows = [(attempt, pair, one, moment) for pair in pairs for one in range(KIND, step + 1)]
    with store.write() as db:
        db.executemany("INSERT OR IGNORE INTO steps VALUES (?, ?, ?, ?)", rows)


def taken(store: Store, attempt: int) -> dict[int, int]:
    """Line (its place among the pairs of the report) → the last step that was shown of it."""
    rows = store.rows("SELECT pair, max(step) AS step FROM steps WHERE attempt = ? GROUP BY pair", attempt)
    return {row["pair"]: row["step"] for row in rows}


def log(store: Store, attempt: int) -> list[tuple[int, int, str]]:
    """(line, step, moment) of every step that was asked for, in the order in which they were."""
    rows = store.rows("SELECT pair, step, made FROM steps WHERE attempt = ? ORDER BY made, pair, step", attempt)
    return [(row["pair"], row["step"], row["made"]) for row in rows]
