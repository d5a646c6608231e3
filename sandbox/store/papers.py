"""Papers of practice exams: their questions, what was answered so far, and what came of them."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sandbox.store.attempts import Elsewhere
from sandbox.store.database import Store, now

GRACE: Final = 20
"""Seconds after the deadline in which what was on its way is still taken."""


@dataclass(frozen=True, slots=True)
class Item:
    """A question of a paper. ``what``: ``case`` with an encounter's id as ``ref``, or ``drill`` with its kind.

    ``answer``: the lines of a claim, or ``{"chosen": …}``; empty while there is none. ``score`` is 0 to 1 once the
    paper is handed in, None where it could not be judged; ``attempt`` is the id of the attempt that it became.
    """

    place: int
    domain: int
    what: str
    ref: str
    seed: int
    case_hash: str
    answer: dict[str, Any]
    flagged: bool
    saved: str
    score: float | None
    attempt: int | None

    @property
    def answered(self) -> bool:
        """Whether there is anything to be judged."""
        return any(self.answer.values())


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper. ``plan`` is its blueprint as it was when it was drawn; ``handed_in`` and ``result`` are empty while it
    is open; ``left`` are the seconds until its deadline, negative after it; ``closed`` is when it stopped taking
    answers, empty before."""

    id: int
    learner: str
    blueprint: str
    plan: dict[str, Any]
    seed: int
    begun: str
    deadline: str
    handed_in: str
    result: dict[str, Any] | None
    left: float
    closed: str
    items: tuple[Item, ...] = ()


_PAPER: Final = "SELECT *, (julianday(deadline) - julianday(?)) * 86400 AS left FROM papers"


def begin(
    store: Store,
    learner: str,
    blueprint: str,
    plan: dict[str, Any],
    seed: int,
    minutes: int,
    questions: Sequence[tuple[int, str, str, int, str]],
) -> None:
    """Begin a paper, unless one is open: then that goes on. ``questions``: (domain, what, ref, seed, case hash)."""
    moment = now()
    with store.write() as db:
        made = db.execute(
            "INSERT OR IGNORE INTO papers (learner, blueprint, plan, seed, begun, deadline)"
            " VALUES (?, ?, ?, ?, ?, strftime('%Y-%m-%dT%H:%M:%fZ', ?, ?)) RETURNING id",
            (learner, blueprint, json.dumps(plan), seed, moment, moment, f"+{minutes} minutes"),
        ).fetchone()
        if made:
            db.executemany(
                "INSERT INTO paper_items (paper, place, domain, what, ref, seed, case_hash)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                [(made["id"], n, *question) for n, question in enumerate(questions, 1)],
            )


def get(store: Store, id: int) -> Paper | None:
    """A paper with its questions, whoever's it is: the caller asks whether it may be seen."""
    row = store.row(f"{_PAPER} WHERE id = ?", now(), id)
    if row is None:
        return None
    items = store.rows("SELECT * FROM paper_items WHERE paper = ? ORDER BY place", id)
    return _paper(row, tuple(map(_item, items)))


def open_one(store: Store, learner: str) -> Paper | None:
    """The paper that the learner is sitting, with its questions; its deadline may have passed."""
    row = store.row("SELECT id FROM papers WHERE learner = ? AND handed_in IS NULL", learner)
    return get(store, row["id"]) if row else None


def of_learner(store: Store, learner: str) -> list[Paper]:
    """All papers of a learner without their questions, the newest first."""
    rows = store.rows(f"{_PAPER} WHERE learner = ? ORDER BY id DESC", now(), learner)
    return [_paper(row) for row in rows]


def attempts_of(store: Store, learner: str) -> dict[int, int]:
    """Attempt → the paper that it was made in."""
    rows = store.rows(
        "SELECT i.attempt, i.paper FROM paper_items i JOIN papers p ON p.id = i.paper"
        " WHERE p.learner = ? AND i.attempt IS NOT NULL",
        learner,
    )
    return {row["attempt"]: row["paper"] for row in rows}


def sitting(store: Store) -> set[str]:
    """The learners who have a paper in front of them."""
    return {row["learner"] for row in store.rows("SELECT learner FROM papers WHERE handed_in IS NULL")}


def save(store: Store, paper: int, place: int, answer: dict[str, Any], flagged: bool, seen: str | None) -> str:
    """Keep an answer. Returns when (UTC); '' where the paper is handed in, or its time and the grace are over.

    ``seen``: the time of what the page shows as saved; None where the answer is meant whatever was saved since. Raises
    :class:`Elsewhere` where something else was saved since.
    """
    with store.write() as db:
        # The time of the write itself: whoever waits for the others before it does not save in the past.
        saved = now()
        last = db.execute(
            "SELECT answer, saved FROM paper_items WHERE paper = ? AND place = ?", (paper, place)
        ).fetchone()
        if last and seen is not None and last["saved"] != seen and last["answer"] != json.dumps(answer):
            raise Elsewhere
        done = db.execute(
            "UPDATE paper_items SET answer = ?, flagged = ?, saved = ? WHERE paper = ? AND place = ? AND EXISTS"
            " (SELECT 1 FROM papers WHERE id = ? AND handed_in IS NULL AND closed = ''"
            " AND (julianday(?) - julianday(deadline)) * 86400 <= ?)",
            (json.dumps(answer), int(flagged), saved, paper, place, paper, saved, GRACE),
        )
        return saved if done.rowcount else ""


def close(store: Store, paper: int) -> None:
    """Take no more answers, so that those which are there can be judged. Done twice, the first time holds."""
    with store.write() as db:
        db.execute(
            "UPDATE papers SET closed = min(?, deadline) WHERE id = ? AND closed = '' AND handed_in IS NULL",
            (now(), paper),
        )


def hand_in(
    store: Store, paper: int, result: dict[str, Any], scores: Sequence[tuple[int, float | None, int | None]]
) -> None:
    """Keep what came of a paper that is closed; ``scores``: (place, score, attempt). Done twice, the first holds."""
    with store.write() as db:
        done = db.execute(
            "UPDATE papers SET result = ?, handed_in = closed WHERE id = ? AND handed_in IS NULL AND closed != ''",
            (json.dumps(result), paper),
        )
        if done.rowcount:
            db.executemany(
                "UPDATE paper_items SET score = ?, attempt = ? WHERE paper = ? AND place = ?",
                [(score, attempt, paper, place) for place, score, attempt in scores],
            )


def _paper(row: sqlite3.Row, items: tuple[Item, ...] = ()) -> Paper:
    return Paper(
        row["id"], row["learner"], row["blueprint"], json.loads(row["plan"]), row["seed"], row["begun"],
        row["deadline"], row["handed_in"] or "", json.loads(row["result"]) if row["result"] else None, row["left"],
        row["closed"], items,
    )  # fmt: skip


def _item(row: sqlite3.Row) -> Item:
    return Item(
        row["place"], row["domain"], row["what"], row["ref"], row["seed"], row["case_hash"],
        json.loads(row["answer"]) if row["answer"] else {}, bool(row["flagged"]), row["saved"], row["score"],
        row["attempt"],
    )  # fmt: skip
