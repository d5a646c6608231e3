"""What a learner wants to do each day, and how much of it is done."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from sandbox.store.database import Store, now

MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Goal:
    """``what`` is a key of :data:`COUNTS`; ``amount`` of it a day, of which ``done`` are done today."""

    what: str
    amount: int
    done: int


COUNTS: Final = {
    "cases": "SELECT count(DISTINCT case_id) AS n FROM attempts WHERE learner = ? AND judged AND made >= ?",
    "drills": "SELECT count(*) AS n FROM drill_answers WHERE learner = ? AND made >= ?",
}
"""What may be a goal → how it is counted: encounters that were checked, drills that were answered."""


def put(store: Store, learner: str, what: str, amount: int) -> None:
    """Keep a learner's goal; an amount of 0 takes it away. Raises ValueError for a goal that there is not."""
    if what not in COUNTS or not 0 <= amount <= MOST:
        raise ValueError(f"no goal: {amount} {what}")
    with store.write() as db:
        db.execute("DELETE FROM goals WHERE learner = ?", (learner,))
        if amount:
            db.execute("INSERT INTO goals VALUES (?, ?, ?, ?)", (learner, what, amount, now()))


def today(store: Store, learner: str, midnight: dt.datetime | None = None) -> Goal | None:
    """A learner's goal with what was done since ``midnight``, that of the server's own clock; None without a goal."""
    row = store.row("SELECT what, amount FROM goals WHERE learner = ?", learner) if learner else None
    if row is None:
        return None
    begin = midnight or dt.datetime.now().astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
    since = begin.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    done = store.row(COUNTS[row["what"]], learner, since)
    return Goal(row["what"], row["amount"], done["n"] if done else 0)
