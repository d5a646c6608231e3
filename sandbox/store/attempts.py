"""Drafts and attempts: what a learner typed, when, and what the page said of it."""

import hashlib
import json
import sqlite3
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from sandbox.report import Stored
from sandbox.store.database import Store, now
from sandbox.store.helps import slot

Lines = dict[str, Any]
"""A form as it was typed: ``{"diagnoses": [{"code": …, "poa": …}], "procedures": [{"code": …, "system": …}]}``.

A procedure of HCPCS or CPT may have ``"modifiers": […]`` and ``"units": …``. A line under which words of the chart were
put has ``"words": [[document id, quote], …]``. Queries to the provider, where there are any, come as
``"queries": [{"reason": …, "document": …, "text": …}]``.
"""


@dataclass(frozen=True, slots=True)
class Draft:
    """Codes that were typed and not yet checked, and the version of the case that they were typed for."""

    case_hash: str
    lines: Lines
    saved: str


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
    lab: int = 0
    held: bool = False


@dataclass(frozen=True, slots=True)
class NewAttempt:
    """An attempt on its way into the database.

    ``token`` makes a resent form the same attempt: the same token, for the same case, with the same lines. ``sure``:
    what was said to *Would you send this claim?*, or empty. ``lab``: the lab that it is made in, 0 for none; ``most``:
    attempts that are allowed there, 0 for as many as one likes; ``held``: its report waits until the lab is over.
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
    lab: int = 0
    most: int = 0
    held: bool = False


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


def save_draft(
    store: Store, learner: str, case_id: str, case_hash: str, lines: Lines, seen: str | None = None, lab: int = 0
) -> str:
    """Keep what was typed. Returns the time at which it was saved (UTC).

    ``seen``: the time of what the page shows as saved, empty for nothing. Raises :class:`Elsewhere` where something
    else was saved since. None writes over whatever there is.
    """
    saved, text = now(), json.dumps(lines)

    def work(db: sqlite3.Connection) -> bool:
        last = _draft(db.execute(_LAST, place).fetchone()) if seen is not None else None
        # Told, not raised: whoever shares the transaction is to be written all the same.
        if last and last.saved != seen and last.lines != lines:
            return False
        db.execute(_SAVE, (learner, slot(case_id, lab), case_hash, text, saved))
        return True

    place = learner, case_id, lab, slot(case_id, lab)
    if not store.together(work):
        raise Elsewhere
    return saved


_SAVE: Final = """
    INSERT INTO drafts VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
        case_hash = excluded.case_hash, lines = excluded.lines, saved = excluded.saved"""
_LAST: Final = """
    SELECT * FROM (SELECT case_hash, lines, saved, 1 AS draft, 0 AS id FROM drafts
        WHERE learner = ?1 AND case_id = ?4
        UNION ALL SELECT case_hash, lines, made, 0, id FROM attempts WHERE learner = ?1 AND case_id = ?2
        AND (?3 = 0 OR lab = ?3)) ORDER BY draft DESC, id DESC LIMIT 1"""


def draft(store: Store, learner: str, case_id: str, lab: int = 0) -> Draft | None:
    """What the learner typed last for the case, checked or not; None where nothing was typed.

    ``lab``: in that lab; 0 for practice, which goes on from wherever the case was coded last.
    """
    return _draft(store.row(_LAST, learner, case_id, lab, slot(case_id, lab)))


def _draft(row: sqlite3.Row | None) -> Draft | None:
    return Draft(row["case_hash"], json.loads(row["lines"]), row["saved"]) if row else None


class NoMore(Exception):
    """Every attempt that a lab allows is used up. Nothing was saved."""


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
    Raises :class:`NoMore`.
    """
    made, lines = now(), json.dumps(new.lines)
    token = _form(new, lines)
    report = new.report

    def work(db: sqlite3.Connection) -> Added:
        row = db.execute(
            _ADD,
            (
                new.learner, new.case_id, new.case_hash, int(report is not None), token, made, lines, new.edition,
                new.checker, new.score, report.text if report else None, new.sure, new.lab, new.most,
                slot(new.case_id, new.lab), int(new.held),
            ),
        ).fetchone()  # fmt: skip
        if report:
            keep_pairs(store, db, report)
        if row is None:
            row = db.execute(_ADDED, (new.learner, token)).fetchone()
            if row is None:
                raise NoMore
            return Added(row[0], row[1], row[2], bool(row[3]), False)
        # From now on the attempt is what was typed last: no clock is asked which of the two is younger.
        db.execute("DELETE FROM drafts WHERE learner = ? AND case_id = ?", (new.learner, slot(new.case_id, new.lab)))
        return Added(row[0], row[1], row[2], bool(row[3]), True)

    return store.together(work)


_ADD: Final = """
    INSERT INTO attempts (learner, case_id, case_hash, number, token, made, lines, edition, checker, judged, score,
        hints, key_shown, report, sure, lab, held)
    SELECT ?1, ?2, ?3, coalesce((SELECT max(number) FROM attempts WHERE learner = ?1 AND case_id = ?2), 0) + ?4, ?5, ?6,
        ?7, ?8, ?9, ?4, ?10,
        coalesce((SELECT hints FROM asked WHERE learner = ?1 AND case_id = ?15), 0),
        EXISTS (SELECT 1 FROM asked WHERE learner = ?1 AND case_id = ?15 AND key_shown IS NOT NULL), CAST(?11 AS TEXT),
        ?12, ?13, ?16
    WHERE ?14 = 0 OR ?14 > (
        SELECT count(*) FROM attempts WHERE learner = ?1 AND case_id = ?2 AND lab = ?13 AND judged)
    ON CONFLICT (learner, token) DO NOTHING RETURNING id, number, made, key_shown"""
_ADDED: Final = "SELECT id, number, made, key_shown FROM attempts WHERE learner = ? AND token = ?"


def _form(new: NewAttempt, lines: str) -> str:
    """What a form is known by: whoever corrects a code after the answer got lost, and sends again, means a new one."""
    content = f"{new.case_id}\n{new.case_hash}\n{lines}"
    return f"{new.token}.{hashlib.sha256(content.encode()).hexdigest()[:24]}"


def keep_pairs(store: Store, db: sqlite3.Connection, report: Stored) -> None:
    """Keep the pairs of a report that are new, in the transaction that writes the report."""
    unknown = [pair for pair in report.pairs if pair[0] not in store.known_pairs]
    if unknown:
        db.executemany("INSERT OR IGNORE INTO pairs VALUES (?, ?)", unknown)
        store.after_commit(lambda: store.know(hash for hash, _ in unknown))


def get(store: Store, id: int) -> Attempt | None:
    """One attempt, whoever made it: the caller asks whether it may be seen."""
    row = store.row("SELECT * FROM attempts WHERE id = ?", id)
    return _attempt(store, row) if row else None


def latest(store: Store, learner: str, case_id: str, lab: int = 0) -> Attempt | None:
    """The learner's last attempt at the case (``lab``: in that lab), or None."""
    row = store.row(
        "SELECT * FROM attempts WHERE learner = ?1 AND case_id = ?2 AND (?3 = 0 OR lab = ?3) ORDER BY id DESC LIMIT 1",
        learner,
        case_id,
        lab,
    )
    return _attempt(store, row) if row else None


def reports(store: Store, learner: str, case_id: str, most: int = 20) -> list[dict[str, Any]]:
    """The reports on the learner's last attempts at a case that could be judged, the oldest first."""
    rows = store.rows(
        "SELECT report FROM attempts WHERE learner = ? AND case_id = ? AND judged AND NOT held"
        " ORDER BY id DESC LIMIT ?",
        learner,
        case_id,
        most,
    )
    return [_whole(store, json.loads(row["report"])) for row in reversed(rows)]


def of_learner(store: Store, learner: str) -> list[sqlite3.Row]:
    """Every attempt of a learner whose report may be read, the newest first.

    id, case_id, number, made, judged, score, hints, key_shown.
    """
    return store.rows(
        "SELECT id, case_id, number, made, judged, score, hints, key_shown FROM attempts WHERE learner = ?"
        " AND NOT held ORDER BY id DESC",
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
        lab=row["lab"],
        held=bool(row["held"]),
    )


def _whole(store: Store, report: dict[str, Any]) -> dict[str, Any]:
    """A report with its pairs in place of their hashes."""
    marks = ", ".join("?" * len(report["pairs"]))
    found = store.rows(f"SELECT hash, pair FROM pairs WHERE hash IN ({marks})", *report["pairs"])
    pairs = {row["hash"]: json.loads(row["pair"]) for row in found}
    return {**report, "pairs": [pairs[hash] for hash in report["pairs"]]}
