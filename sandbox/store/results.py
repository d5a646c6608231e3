"""What was handed in in the labs of a class, read at once: for item analysis, gradebook, statements and benchmarks.

Only those who learn in the class count: what its staff tried out does not.
"""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from sandbox.store.database import Store

_FAMILY = "substr(a.case_id, 1, instr(a.case_id || '~', '~') - 1)"


@dataclass(frozen=True, slots=True)
class Handed:
    """One judged attempt of a lab by a member (id) in an encounter. ``pairs``: hashes of the pairs of its report.

    ``joined``: when the learner joined the lab; times are ISO 8601, UTC.
    """

    id: int
    lab: int
    member: int
    case_id: str
    score: float
    made: str
    hints: int
    joined: str
    pairs: tuple[str, ...]

    @property
    def family(self) -> str:
        """The case, whichever of its patients."""
        return self.case_id.partition("~")[0]


@dataclass(frozen=True, slots=True)
class First:
    """The first score of a learner in a case, and the class it was made in. ``who`` tells learners apart, no more."""

    class_id: int
    family: str
    who: int
    score: float


def handed_in(store: Store, class_id: int, lab: int = 0, pairs: bool = False) -> list[Handed]:
    """The judged attempts of a class in one lab (0: in all of its labs), the oldest first. ``pairs``: read them too."""
    rows = store.rows(
        "SELECT a.id, a.lab, m.id AS member, a.case_id, a.score, a.made, a.hints, coalesce(s.joined, '') AS joined,"
        " CASE WHEN ?3 THEN json_extract(a.report, '$.pairs') ELSE '[]' END AS pairs"
        " FROM labs l JOIN attempts a ON a.lab = l.id AND a.lab"
        " JOIN members m ON m.class = l.class AND m.learner = a.learner AND m.role = 'learner'"
        " LEFT JOIN seats s ON s.lab = a.lab AND s.learner = a.learner"
        " WHERE l.class = ?1 AND (?2 = 0 OR l.id = ?2) AND a.judged ORDER BY a.id",
        class_id,
        lab,
        pairs,
    )
    return [_handed(row) for row in rows]


def _handed(row: sqlite3.Row) -> Handed:
    return Handed(
        row["id"], row["lab"], row["member"], row["case_id"], row["score"], row["made"], row["hints"], row["joined"],
        tuple(json.loads(row["pairs"])),
    )  # fmt: skip


def pairs(store: Store, hashes: Iterable[str]) -> dict[str, str]:
    """Hash → pair as JSON."""
    rows = store.rows(
        "SELECT hash, pair FROM pairs WHERE hash IN (SELECT value FROM json_each(?))", json.dumps([*hashes])
    )
    return {row["hash"]: row["pair"] for row in rows}


def firsts(store: Store, families: Iterable[str]) -> list[First]:
    """For each learner and each of some cases the first score in any lab of any class of the server."""
    rows = store.rows(
        f"SELECT l.class, {_FAMILY} AS family, dense_rank() OVER (ORDER BY a.learner) AS who, a.score, min(a.id)"
        " FROM attempts a JOIN labs l ON l.id = a.lab"
        " JOIN members m ON m.class = l.class AND m.learner = a.learner AND m.role = 'learner'"
        f" WHERE a.lab AND a.judged AND {_FAMILY} IN (SELECT value FROM json_each(?)) GROUP BY a.learner, family",
        json.dumps([*families]),
    )
    return [First(row["class"], row["family"], row["who"], row["score"]) for row in rows]
