"""What the board of a lab reads: attempts that are new since it looked last, and what everybody has before them.

And what stands on the projector of a lab: which encounter, and how much of it, step by step.
"""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sandbox.classroom.board import Task
from sandbox.store.database import Store, now

STEPS: Final = ("closed", "histogram", "key")
"""What the projector shows of an encounter: the chart, what the class entered, what the key says."""


@dataclass(frozen=True, slots=True)
class Mark:
    """How many attempts a lab has, and the highest id of them."""

    count: int
    last: int


@dataclass(frozen=True, slots=True)
class Row:
    """An attempt with the hashes of its pairs; none where it could not be judged."""

    id: int
    learner: str
    case_id: str
    judged: bool
    score: float
    made: str
    pairs: tuple[str, ...]


def mark(store: Store, lab: int) -> Mark:
    """What the database has of a lab, told by the index alone: it is asked for at every look."""
    row = store.row(
        "SELECT count(*) AS count, coalesce(max(id), 0) AS last FROM attempts WHERE lab = ? AND lab",
        lab,
    )
    return Mark(row["count"], row["last"]) if row else Mark(0, 0)


def total(store: Store, lab: int, until: int) -> float:
    """The sum of the scores of a lab's attempts up to an id: another one after somebody was graded anew."""
    row = store.row("SELECT total(score) AS total FROM attempts WHERE lab = ? AND lab AND id <= ?", lab, until)
    return float(row["total"]) if row else 0.0


def newer(store: Store, lab: int, after: int, until: int) -> list[Row]:
    """The attempts of a lab with ``after`` < id ≤ ``until``, in their order."""
    rows = store.rows(
        "SELECT id, learner, case_id, judged, coalesce(score, 0.0) AS score, made,"
        " coalesce(json_extract(report, '$.pairs'), '[]') AS pairs"
        " FROM attempts WHERE lab = ? AND lab AND id > ? AND id <= ? ORDER BY id",
        lab,
        after,
        until,
    )
    return [
        Row(
            row["id"], row["learner"], row["case_id"], bool(row["judged"]), row["score"], row["made"],
            tuple(json.loads(row["pairs"])),
        )
        for row in rows
    ]  # fmt: skip


def tasks(store: Store, lab: int) -> list[Task]:
    """What everybody in a lab has before them, when it was typed at last, and the hints that were asked for."""
    # In one row: for each row of its own SQLite would let go of the interpreter and wait for it again.
    row = store.row(
        "SELECT json_group_array(json_array(t.learner, t.place, t.case_id, coalesce(d.saved, ''),"
        " coalesce(k.hints, 0))) AS found FROM tasks t"
        " LEFT JOIN drafts d ON d.learner = t.learner AND d.case_id = t.case_id || '@' || t.lab"
        " LEFT JOIN asked k ON k.learner = t.learner AND k.case_id = t.case_id || '@' || t.lab WHERE t.lab = ?",
        lab,
    )
    return [Task(*one) for one in json.loads(row["found"])] if row else []


@dataclass(frozen=True, slots=True)
class Projector:
    """What stands on the projector of a lab. ``nonce``: what its address is made from; ``case_id``: empty while it
    shows how to join; ``steps``: encounter → step."""

    nonce: str = ""
    case_id: str = ""
    pair: str = ""
    steps: Mapping[str, str] | None = None

    def step(self, case_id: str) -> str:
        """How much of an encounter may be shown."""
        return (self.steps or {}).get(case_id, STEPS[0])


def projector(store: Store, lab: int) -> Projector:
    """The projector of a lab; without a nonce where it has no address yet."""
    row = store.row("SELECT nonce, case_id, pair FROM projectors WHERE lab = ?", lab)
    if row is None:
        return Projector()
    steps = store.rows("SELECT case_id, step FROM projected WHERE lab = ?", lab)
    return Projector(row["nonce"], row["case_id"], row["pair"], {one["case_id"]: one["step"] for one in steps})


def new_address(store: Store, lab: int) -> None:
    """Give the projector of a lab an address, or another one: the old one ends."""
    with store.write() as db:
        db.execute(
            "INSERT INTO projectors (lab, nonce, made) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET"
            " nonce = excluded.nonce, made = excluded.made",
            (lab, secrets.token_urlsafe(12), now()),
        )


def show_door(store: Store, lab: int) -> None:
    """Put how to join on the projector. How much may be seen of each encounter stays as it is."""
    with store.write() as db:
        db.execute("UPDATE projectors SET case_id = '', pair = '' WHERE lab = ?", (lab,))


def show(store: Store, lab: int, case_id: str, step: str, pair: str = "") -> None:
    """Put an encounter on the projector, with what may be seen of it. Raises ValueError for a step that is none."""
    if step not in STEPS:
        raise ValueError(step)
    with store.write() as db:
        db.execute(
            "INSERT INTO projected VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET step = excluded.step",
            (lab, case_id, step),
        )
        db.execute("UPDATE projectors SET case_id = ?, pair = ? WHERE lab = ?", (case_id, pair, lab))
