"""Scores for schools' systems: what is due is read off the results themselves, so that nothing is lost or sent twice.

A score is due where the present one, in hundredths of a point, is another than the one that was sent last. A crash
between sending and noting it has it sent once more, which a platform takes as the same.
"""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sandbox.lti.claims import Grading
from sandbox.store.database import Store, now

_SCORES: Final = """
    , best AS (
        SELECT w.link, w.learner, max(a.score) AS score, count(a.id) FILTER (WHERE a.judged) AS used,
            count(a.id) AS made
        FROM wanted w JOIN lti_links k ON k.id = w.link JOIN tasks t ON t.lab = k.lab AND t.learner = w.learner
        LEFT JOIN attempts a INDEXED BY attempts_of_a_case
            ON a.learner = t.learner AND a.case_id = t.case_id AND a.lab = t.lab
        WHERE k.lab GROUP BY w.link, w.learner, t.place
    ), of_labs AS (
        SELECT b.link, b.learner, avg(coalesce(b.score, 0)) AS score FROM best b
        JOIN lti_links k ON k.id = b.link JOIN labs l ON l.id = k.lab GROUP BY b.link, b.learner
        HAVING sum(b.made) AND (l.settled != '' OR (l.plan ->> 'feedback' != 'after' AND (
            min(coalesce(b.score, 0)) >= 1 OR min(b.used) >=
                CASE WHEN l.plan ->> 'feedback' != 'at_once' THEN 1 ELSE nullif(l.plan ->> 'attempts', 0) END)))
    ), of_cases AS (
        SELECT w.link, w.learner, max(a.score) AS score FROM wanted w JOIN lti_links k ON k.id = w.link
        JOIN attempts a INDEXED BY attempts_of_a_case ON a.learner = w.learner AND a.lab = 0 AND a.judged
            AND NOT a.key_shown AND substr(a.case_id, 1, instr(a.case_id || '~', '~') - 1) = k.case_id
        WHERE k.case_id != '' GROUP BY w.link, w.learner
    ), present AS MATERIALIZED (SELECT * FROM of_labs UNION ALL SELECT * FROM of_cases)
    SELECT g.*, k.issuer, k.client, k.class, k.lab, k.case_id, k.lineitem, k.lineitems, k.scopes,
        round(100 * n.score, 2) AS points, m.name FROM wanted w
    JOIN lti_grades g ON g.link = w.link AND g.learner = w.learner JOIN lti_links k ON k.id = g.link
    LEFT JOIN present n ON n.link = g.link AND n.learner = g.learner
    LEFT JOIN members m ON m.class = k.class AND m.learner = g.learner
"""
"""Behind ``WITH wanted AS …`` (link, learner): a row for each; ``points`` of 100, null where there is no result."""


@dataclass(frozen=True, slots=True)
class Row:
    """A learner's score for a link. ``points``: as it stands, ``sent``: as the platform has it; None for none.

    ``refused``: the score that the platform would not take; ``words``: what it said last; ``stamp``: the time that went
    with the last score; ``again``: not before; ``look``: what may have changed it, counted.
    """

    link: int
    learner: str
    name: str
    user: str
    issuer: str
    client_id: str
    class_id: int
    lab: int
    case_id: str
    grading: Grading
    points: float | None
    sent: float | None
    refused: float | None
    words: str
    stamp: str
    tries: int
    again: str
    look: int

    @property
    def state(self) -> str:
        """``none`` (no result yet), ``sent``, ``refused`` or ``waiting``."""
        if self.points is None:
            return "none"
        if self.points == self.sent:
            return "sent"
        return "refused" if self.points == self.refused else "waiting"


def of_class(store: Store, class_id: int) -> list[Row]:
    """Every row of a class, by link, then by name."""
    wanted = (
        "WITH wanted AS MATERIALIZED (SELECT g.link, g.learner FROM lti_links k JOIN lti_grades g ON g.link = k.id"
        " WHERE k.class = ?1 AND (k.lab OR k.case_id != ''))"
    )
    return [
        _row(row)
        for row in store.rows(f"{wanted}{_SCORES} ORDER BY g.link, m.name COLLATE NOCASE, g.learner", class_id)
    ]


def to_look_at(store: Store, most: int = 500) -> list[Row]:
    """Rows whose score may have changed, and whose time to wait is over, the longest waiting first."""
    wanted = (
        "WITH wanted AS MATERIALIZED (SELECT link, learner FROM lti_grades INDEXED BY lti_grades_to_look_at"
        " WHERE look AND again <= ?1 ORDER BY again LIMIT ?2)"
    )
    return [_row(row) for row in store.rows(f"{wanted}{_SCORES} ORDER BY g.again, g.link, g.learner", now(), most)]


def rest(store: Store, rows: Sequence[Row]) -> None:
    """Nothing is to be done for these, unless something has changed since they were read."""
    with store.write() as db:
        db.executemany(
            "UPDATE lti_grades SET look = 0 WHERE link = ? AND learner = ? AND look = ?",
            [(row.link, row.learner, row.look) for row in rows],
        )


def sent(store: Store, row: Row, stamp: str, lineitem: str) -> None:
    """The platform has the points of the row."""
    with store.write() as db:
        db.execute(
            "UPDATE lti_grades SET sent = ?3, stamp = ?4, refused = NULL, words = '', tries = 0, again = '',"
            " look = CASE look WHEN ?5 THEN 0 ELSE look END WHERE link = ?1 AND learner = ?2",
            (row.link, row.learner, row.points, stamp, row.look),
        )
        db.execute("UPDATE lti_links SET lineitem = ? WHERE id = ? AND lineitem = ''", (lineitem, row.link))


def refused(store: Store, row: Row, words: str) -> None:
    """The platform does not take these points; others will be tried."""
    with store.write() as db:
        db.execute(
            "UPDATE lti_grades SET refused = ?3, words = ?4, tries = tries + 1,"
            " look = CASE look WHEN ?5 THEN 0 ELSE look END WHERE link = ?1 AND learner = ?2",
            (row.link, row.learner, row.points, words, row.look),
        )


def later(store: Store, rows: Sequence[Row], words: str, again: str) -> None:
    """Nothing came of it now; not before ``again``."""
    with store.write() as db:
        db.executemany(
            "UPDATE lti_grades SET words = ?3, again = ?4, tries = tries + 1 WHERE link = ?1 AND learner = ?2",
            [(row.link, row.learner, words, again) for row in rows],
        )


def try_again(store: Store, class_id: int) -> None:
    """Send what was refused or waits in a class as soon as possible."""
    with store.write() as db:
        db.execute(
            "UPDATE lti_grades SET refused = NULL, again = '', tries = 0, look = look + 1"
            " WHERE link IN (SELECT id FROM lti_links WHERE class = ?)",
            (class_id,),
        )


def _row(row: sqlite3.Row) -> Row:
    scopes: list[Any] = json.loads(row["scopes"])
    return Row(
        row["link"], row["learner"], row["name"] or "", row["user"], row["issuer"], row["client"], row["class"],
        row["lab"], row["case_id"], Grading(row["lineitem"], row["lineitems"], tuple(scopes)), row["points"],
        row["sent"], row["refused"], row["words"], row["stamp"], row["tries"], row["again"], row["look"],
    )  # fmt: skip
