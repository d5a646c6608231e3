"""Attempts that are judged again: which ones there are, what became of their scores, and who did it when and why."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sandbox.report import Stored
from sandbox.store import attempts, log
from sandbox.store.database import Store, now


@dataclass(frozen=True, slots=True)
class Judged:
    """An attempt as it stands. ``version``: hash of the case it was judged by. ``class_id``: of the lab it was made
    in, 0 in practice. ``pairs``: hashes of its report."""

    id: int
    learner: str
    case_id: str
    version: str
    number: int
    made: str
    lab: int
    class_id: int
    score: float
    pairs: tuple[str, ...]
    lines: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Anew:
    """What an attempt is judged to be now."""

    attempt: int
    old: float
    new: float
    report: Stored
    edition: str
    checker: str


@dataclass(frozen=True, slots=True)
class Why:
    """A regrading: of which case, by whom (an id), why, after which dispute (0: none)."""

    case_id: str
    by: str
    why: str
    dispute: int = 0
    class_id: int = 0
    never_lower: bool = True


@dataclass(frozen=True, slots=True)
class Told:
    """One change of a score, as it is shown: ``by`` is a name. ``dispute``: 0 where the key was edited."""

    made: str
    by: str
    why: str
    dispute: int
    old: float
    new: float


_JUDGED: Final = (
    "attempts a LEFT JOIN labs l ON l.id = a.lab AND a.lab WHERE a.judged AND a.report IS NOT NULL"
    " AND NOT EXISTS (SELECT 1 FROM paper_items p WHERE p.attempt = a.id)"
)
# "~" is followed by the sign DEL, which no id has: so the index on case_id is used.
_OF_CASE: Final = "(a.case_id = ?1 OR (a.case_id > ?1 || '~' AND a.case_id < ?1 || char(127)))"


class Meanwhile(Exception):
    """An attempt is not any more what it was when the changes were shown. Nothing was written."""


def of_case(store: Store, family: str) -> list[Judged]:
    """The judged attempts at all encounters of a case, the oldest first.

    Without those of practice exams: a paper keeps the result that it was handed in with.
    """
    return _judged(store, _OF_CASE, family)


def counted(store: Store, family: str) -> list[tuple[int, int, str, int]]:
    """How many attempts :func:`of_case` has: (lab, its class, learner, attempts), 0 and 0 in practice."""
    rows = store.rows(
        "SELECT a.lab, coalesce(l.class, 0) AS class, a.learner, count(*) AS many"
        f" FROM {_JUDGED} AND {_OF_CASE} GROUP BY a.lab, a.learner",
        family,
    )
    return [(row["lab"], row["class"], row["learner"], row["many"]) for row in rows]


def alike(store: Store, attempt: int) -> list[Judged]:
    """An attempt, and the others of the same learner at the same encounter in the same lab."""
    return _judged(
        store,
        "(a.learner, a.case_id, a.lab) = (SELECT learner, case_id, lab FROM attempts WHERE id = ?1)",
        attempt,
    )


def _judged(store: Store, where: str, *values: object) -> list[Judged]:
    rows = store.rows(
        "SELECT a.id, a.learner, a.case_id, json_extract(a.report, '$.case_hash') AS version, a.number,"
        " a.made, a.lab, coalesce(l.class, 0) AS class, a.score, json_extract(a.report, '$.pairs') AS pairs, a.lines"
        f" FROM {_JUDGED} AND {where} ORDER BY a.id",
        *values,
    )
    return [
        Judged(
            row["id"], row["learner"], row["case_id"], row["version"], row["number"], row["made"],
            row["lab"], row["class"], row["score"], tuple(json.loads(row["pairs"])), json.loads(row["lines"]),
        )
        for row in rows
    ]  # fmt: skip


def write(store: Store, db: sqlite3.Connection, why: Why, changes: Sequence[Anew]) -> None:
    """Put new reports in place of the old ones, keep what was, and log each score that changed.

    Raises :class:`Meanwhile` where an attempt has another score than the change says it had.
    """
    id = db.execute(
        "INSERT INTO regradings (case_id, dispute, by, made, why, never_lower) VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
        (why.case_id, why.dispute, why.by, now(), why.why, int(why.never_lower)),
    ).fetchone()[0]
    for one in changes:
        kept = db.execute(
            "INSERT INTO regrades SELECT ?1, id, score, ?3, report, edition, checker FROM attempts"
            " WHERE id = ?2 AND judged AND score = ?4",
            (id, one.attempt, one.new, one.old),
        )
        if kept.rowcount != 1:
            raise Meanwhile
        attempts.keep_pairs(store, db, one.report)
        db.execute(
            "UPDATE attempts SET score = ?2, report = CAST(?3 AS TEXT), edition = ?4, checker = ?5 WHERE id = ?1",
            (one.attempt, one.new, one.report.text, one.edition, one.checker),
        )
    for class_id, there in sorted(_by_class(db, why.class_id, changes).items()):
        scores = {one.attempt: [round(one.old, 4), round(one.new, 4)] for one in there}
        # A dispute's number says something in its own class only. The words stand with the regrading: here they would
        # outlast whom they were written to.
        own = class_id == why.class_id
        after = f"dispute {why.dispute}" if own else "a dispute in another class"
        log.write(
            db, why.by, "regraded", f"case {why.case_id}", class_id, regrading=id, never_lower=why.never_lower,
            scores=scores, after=after if why.dispute else "a change of the key",
        )  # fmt: skip


def _by_class(db: sqlite3.Connection, asked: int, changes: Sequence[Anew]) -> dict[int, list[Anew]]:
    """Class → what changes for it: what was made in its labs, and practice of its learners. 0: practice of nobody's.

    The class that it was ``asked`` in is there in any case.
    """
    rows = db.execute(
        "SELECT a.id, coalesce(l.class, m.class, 0) AS class FROM attempts a"
        " LEFT JOIN labs l ON l.id = a.lab AND a.lab"
        " LEFT JOIN members m ON m.learner = a.learner AND m.role = 'learner' AND NOT a.lab"
        " WHERE a.id IN (SELECT value FROM json_each(?))",
        (json.dumps([one.attempt for one in changes]),),
    ).fetchall()
    by_id = {one.attempt: one for one in changes}
    out: dict[int, list[Anew]] = {} if rows and not asked else {asked: []}
    for row in rows:
        out.setdefault(row["class"], []).append(by_id[row["id"]])
    return out


def why(store: Store, regrading: int) -> str:
    """The reason that was given for a regrading."""
    row = store.row("SELECT why FROM regradings WHERE id = ?", regrading)
    return str(row["why"]) if row else ""


def of_attempt(store: Store, attempt: int) -> list[Told]:
    """How the score of an attempt came to be what it is: each change, the oldest first."""
    rows = store.rows(
        "SELECT g.made, coalesce(l.name, '') AS name, g.why, g.dispute, r.old, r.new FROM regrades r"
        " JOIN regradings g ON g.id = r.regrading LEFT JOIN learners l ON l.id = g.by AND g.by != ''"
        " WHERE r.attempt = ? ORDER BY g.id",
        attempt,
    )
    return [Told(row["made"], row["name"], row["why"], row["dispute"], row["old"], row["new"]) for row in rows]
