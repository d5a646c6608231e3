"""Drafts and attempts: what a learner typed, when, and what the page said of it."""

import hashlib
import json
import sqlite3
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from sandbox.report import Stored
from sandbox.store.database import Store, now

Lines = dict[str, Any]
"""A form as it was typed: ``{"diagnoses": [{"code": …, "poa": …}], "procedures": [{"code": …, "system": …}]}``.

A line under which words of the chart were put has ``"words": [[document id, quote], …]``.
"""


@dataclass(frozen=True, slots=True)
class Draft:
    """Codes that were typed and not yet checked, and the version of the case that they were typed for."""

    case_hash: str
    lines: Lines
    saved: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What a learner asked to see of a case: the number of hints, and when the key was shown ('' = not yet)."""

    hints: int = 0
    key_shown: str = ""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One acknowledged attempt; ``report`` is what the learner saw, None where it could not be judged."""

    id: int
    learner: str
    case_id: str
    case_hash: str
    number: int
    made: str
    lines: Lines
    edition: str
    checker: str
    judged: bool
    score: float | None
    hints: int
    key_shown: bool
    report: dict[str, Any] | None
    sure: str = ""


@dataclass(frozen=True, slots=True)
class NewAttempt:
    """An attempt on its way into the database.

    ``token`` makes a resent form the same attempt: the same token, for the same case, with the same lines. ``sure``:
    what was said to *Would you send this claim?*, or empty.
    """

    learner: str
    case_id: str
    case_hash: str
    token: str
    lines: Lines
    edition: str
    checker: str
    score: float | None
    report: Stored | None
    sure: str = ""


def keep_chart(store: Store, case_hash: str, case_id: str, text: str) -> None:
    """Keep a version of a case, so that a learner who is in it can finish it after it changed."""
    if store.row("SELECT 1 FROM charts WHERE hash = ?", case_hash) is None:
        with store.write() as db:
            db.execute("INSERT OR IGNORE INTO charts VALUES (?, ?, ?, ?)", (case_hash, case_id, text, now()))


def chart(store: Store, case_hash: str) -> tuple[str, str] | None:
    """(case id, text) of a version of a case that was kept, or None."""
    row = store.row("SELECT case_id, text FROM charts WHERE hash = ?", case_hash)
    return (row["case_id"], row["text"]) if row else None


class Elsewhere(Exception):
    """The learner typed something else meanwhile, in another tab or window. Nothing was written over."""


def save_draft(store: Store, learner: str, case_id: str, case_hash: str, lines: Lines, seen: str | None = None) -> str:
    """Keep what was typed. Returns the time at which it was saved (UTC).

    ``seen``: the time of what the page shows as saved, empty for nothing. Raises :class:`Elsewhere` where something
    else was saved since. None writes over whatever there is.
    """
    saved = now()
    with store.write() as db:
        last = draft(store, learner, case_id) if seen is not None else None
        if last and last.saved != seen and last.lines != lines:
            raise Elsewhere
        db.execute(
            "INSERT INTO drafts VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
            " case_hash = excluded.case_hash, lines = excluded.lines, saved = excluded.saved",
            (learner, case_id, case_hash, json.dumps(lines), saved),
        )
    return saved


def draft(store: Store, learner: str, case_id: str) -> Draft | None:
    """What the learner typed last for the case, checked or not; None where nothing was typed."""
    row = store.row(
        "SELECT * FROM (SELECT case_hash, lines, saved, 1 AS draft, 0 AS id FROM drafts"
        " WHERE learner = ?1 AND case_id = ?2"
        " UNION ALL SELECT case_hash, lines, made, 0, id FROM attempts WHERE learner = ?1 AND case_id = ?2)"
        " ORDER BY draft DESC, id DESC LIMIT 1",
        learner,
        case_id,
    )
    return Draft(row["case_hash"], json.loads(row["lines"]), row["saved"]) if row else None


def asked(store: Store, learner: str, case_id: str) -> Asked:
    """What the learner asked to see of the case so far."""
    row = store.row("SELECT hints, key_shown FROM asked WHERE learner = ? AND case_id = ?", learner, case_id)
    return Asked(row["hints"], row["key_shown"] or "") if row else Asked()


def ask_hint(store: Store, learner: str, case_id: str, wanted: int) -> Asked:
    """Record that hint number ``wanted`` was shown. Asked for twice, it is still one; none can be skipped."""
    with store.write() as db:
        db.execute(
            "INSERT INTO asked (learner, case_id, hints) VALUES (?1, ?2, min(1, ?3))"
            " ON CONFLICT DO UPDATE SET hints = max(hints, min(hints + 1, ?3))",
            (learner, case_id, wanted),
        )
    return asked(store, learner, case_id)


def ask_key(store: Store, learner: str, case_id: str) -> Asked:
    """Record that the key was shown; the first time counts."""
    with store.write() as db:
        db.execute(
            "INSERT INTO asked (learner, case_id, key_shown) VALUES (?, ?, ?)"
            " ON CONFLICT DO UPDATE SET key_shown = coalesce(key_shown, excluded.key_shown)",
            (learner, case_id, now()),
        )
    return asked(store, learner, case_id)


class Added(NamedTuple):
    """An attempt that is saved: its id, its number, when it was made, whether the key had been shown, and whether it is
    new."""

    id: int
    number: int
    made: str
    key_shown: bool
    fresh: bool


def add(store: Store, new: NewAttempt) -> Added:
    """Save an attempt.

    A form that was sent before makes no second attempt: the first one's id and number come back.
    An attempt that could not be judged is saved without a report and uses up no number.
    """
    made, lines = now(), json.dumps(new.lines)
    token = _form(new, lines)
    report = new.report

    def work(db: sqlite3.Connection) -> Added:
        row = db.execute(
            _ADD,
            (
                new.learner, new.case_id, new.case_hash, int(report is not None), token, made, lines, new.edition,
                new.checker, new.score, report.text if report else None, new.sure,
            ),
        ).fetchone()  # fmt: skip
        if report:
            _keep_pairs(store, db, report)
        if row is None:
            row = db.execute(_ADDED, (new.learner, token)).fetchone()
            return Added(row[0], row[1], row[2], bool(row[3]), False)
        # From now on the attempt is what was typed last: no clock is asked which of the two is younger.
        db.execute("DELETE FROM drafts WHERE learner = ? AND case_id = ?", (new.learner, new.case_id))
        return Added(row[0], row[1], row[2], bool(row[3]), True)

    return store.together(work)


_ADD: Final = """
    INSERT INTO attempts (learner, case_id, case_hash, number, token, made, lines, edition, checker, judged, score,
        hints, key_shown, report, sure)
    SELECT ?1, ?2, ?3, coalesce(max(number), 0) + ?4, ?5, ?6, ?7, ?8, ?9, ?4, ?10,
        coalesce((SELECT hints FROM asked WHERE learner = ?1 AND case_id = ?2), 0),
        EXISTS (SELECT 1 FROM asked WHERE learner = ?1 AND case_id = ?2 AND key_shown IS NOT NULL), ?11, ?12
    FROM attempts WHERE learner = ?1 AND case_id = ?2
    ON CONFLICT (learner, token) DO NOTHING RETURNING id, number, made, key_shown"""
_ADDED: Final = "SELECT id, number, made, key_shown FROM attempts WHERE learner = ? AND token = ?"


def _form(new: NewAttempt, lines: str) -> str:
    """What a form is known by: whoever corrects a code after the answer got lost, and sends again, means a new one."""
    content = f"{new.case_id}\n{new.case_hash}\n{lines}"
    return f"{new.token}.{hashlib.sha256(content.encode()).hexdigest()[:24]}"


def _keep_pairs(store: Store, db: sqlite3.Connection, report: Stored) -> None:
    unknown = [pair for pair in report.pairs if pair[0] not in store.known_pairs]
    if unknown:
        db.executemany("INSERT OR IGNORE INTO pairs VALUES (?, ?)", unknown)
        store.after_commit(lambda: store.know(hash for hash, _ in unknown))


def get(store: Store, id: int) -> Attempt | None:
    """One attempt, whoever made it: the caller asks whether it may be seen."""
    row = store.row("SELECT * FROM attempts WHERE id = ?", id)
    return _attempt(store, row) if row else None


def latest(store: Store, learner: str, case_id: str) -> Attempt | None:
    """The learner's last attempt at the case, or None."""
    row = store.row(
        "SELECT * FROM attempts WHERE learner = ? AND case_id = ? ORDER BY id DESC LIMIT 1", learner, case_id
    )
    return _attempt(store, row) if row else None


def reports(store: Store, learner: str, case_id: str, most: int = 20) -> list[dict[str, Any]]:
    """The reports on the learner's last attempts at a case that could be judged, the oldest first."""
    rows = store.rows(
        "SELECT report FROM attempts WHERE learner = ? AND case_id = ? AND judged ORDER BY id DESC LIMIT ?",
        learner,
        case_id,
        most,
    )
    return [_whole(store, json.loads(row["report"])) for row in reversed(rows)]


def of_learner(store: Store, learner: str) -> list[sqlite3.Row]:
    """Every attempt of a learner, the newest first: id, case_id, number, made, judged, score, hints, key_shown."""
    return store.rows(
        "SELECT id, case_id, number, made, judged, score, hints, key_shown FROM attempts WHERE learner = ?"
        " ORDER BY id DESC",
        learner,
    )


def _attempt(store: Store, row: sqlite3.Row) -> Attempt:
    return Attempt(
        id=row["id"],
        learner=row["learner"],
        case_id=row["case_id"],
        case_hash=row["case_hash"],
        number=row["number"],
        made=row["made"],
        lines=json.loads(row["lines"]),
        edition=row["edition"],
        checker=row["checker"],
        judged=bool(row["judged"]),
        score=row["score"],
        hints=row["hints"],
        key_shown=bool(row["key_shown"]),
        report=_whole(store, json.loads(row["report"])) if row["report"] else None,
        sure=row["sure"],
    )


def _whole(store: Store, report: dict[str, Any]) -> dict[str, Any]:
    """A report with its pairs in place of their hashes."""
    marks = ", ".join("?" * len(report["pairs"]))
    found = store.rows(f"SELECT hash, pair FROM pairs WHERE hash IN ({marks})", *report["pairs"])
    pairs = {row["hash"]: json.loads(row["pair"]) for row in found}
    return {**report, "pairs": [pairs[hash] for hash in report["pairs"]]}
