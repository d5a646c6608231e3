"""The tables of disputes, of what was graded anew, and of the log that is only ever added to."""

import sqlite3
from typing import Final

_TABLES: Final = (
    "ALTER TABLE classes ADD COLUMN dispute_days INTEGER NOT NULL DEFAULT 14",
    "CREATE TABLE disputes (id INTEGER PRIMARY KEY AUTOINCREMENT, class INTEGER NOT NULL, learner TEXT NOT NULL,"
    " attempt INTEGER NOT NULL, pair INTEGER NOT NULL, said TEXT NOT NULL, case_id TEXT NOT NULL,"
    " reason TEXT NOT NULL, document TEXT NOT NULL, quote TEXT NOT NULL, made TEXT NOT NULL,"
    " state TEXT NOT NULL DEFAULT 'open', credit REAL NOT NULL DEFAULT 0, words TEXT NOT NULL DEFAULT '',"
    " decided TEXT NOT NULL DEFAULT '', decided_by TEXT NOT NULL DEFAULT '') STRICT",
    # A double click makes one.
    "CREATE UNIQUE INDEX disputes_open ON disputes (attempt, pair) WHERE state = 'open'",
    "CREATE INDEX disputes_of_a_class ON disputes (class, state)",
    "CREATE INDEX disputes_of_a_learner ON disputes (learner)",
    "CREATE TABLE rulings (attempt INTEGER NOT NULL, dispute INTEGER NOT NULL, amendments TEXT NOT NULL,"
    " PRIMARY KEY (attempt, dispute)) STRICT, WITHOUT ROWID",
    "CREATE TABLE regradings (id INTEGER PRIMARY KEY AUTOINCREMENT, case_id TEXT NOT NULL, dispute INTEGER NOT NULL,"
    " by TEXT NOT NULL, made TEXT NOT NULL, why TEXT NOT NULL, never_lower INTEGER NOT NULL) STRICT",
    "CREATE TABLE regrades (regrading INTEGER NOT NULL, attempt INTEGER NOT NULL, old REAL NOT NULL,"
    " new REAL NOT NULL, report TEXT NOT NULL, edition TEXT NOT NULL, checker TEXT NOT NULL,"
    " PRIMARY KEY (regrading, attempt)) STRICT, WITHOUT ROWID",
    "CREATE INDEX regrades_of_an_attempt ON regrades (attempt)",
    "CREATE TABLE audit_log (id INTEGER PRIMARY KEY AUTOINCREMENT, made TEXT NOT NULL, actor TEXT NOT NULL,"
    " class INTEGER NOT NULL, kind TEXT NOT NULL, subject TEXT NOT NULL, details TEXT NOT NULL) STRICT",
    "CREATE INDEX audit_log_of_a_class ON audit_log (class, id)",
    "CREATE TRIGGER audit_log_stays BEFORE UPDATE ON audit_log"
    " BEGIN SELECT RAISE(ABORT, 'the log is only ever added to'); END",
    "CREATE TRIGGER audit_log_keeps BEFORE DELETE ON audit_log"
    " BEGIN SELECT RAISE(ABORT, 'the log is only ever added to'); END",
)


_LINES: Final = (
    "ALTER TABLE disputes ADD COLUMN line TEXT NOT NULL DEFAULT ''",
    "UPDATE disputes SET line = coalesce((SELECT coalesce(json_extract(p.pair, '$.entered.id'),"
    " CASE WHEN json_extract(p.pair, '$.key.id') LIKE 'px%' THEN 'procedures ' ELSE 'diagnoses ' END"
    " || json_extract(p.pair, '$.key.code')) FROM attempts a JOIN pairs p"
    " ON p.hash = json_extract(a.report, '$.pairs[' || disputes.pair || ']') WHERE a.id = disputes.attempt),"
    " 'pair ' || id)",
    "DROP INDEX disputes_open",
    "CREATE UNIQUE INDEX disputes_open ON disputes (attempt, line) WHERE state = 'open'",
)


def lines(db: sqlite3.Connection) -> None:
    """Know a disputed line by more than its place in the report; a step of the migrations.

    A line that is right by now may have lost its place: it gets a name that is no line's.
    """
    for statement in _LINES:
        db.execute(statement)


def make(db: sqlite3.Connection) -> None:
    """Make the tables; a step of the migrations."""
    for statement in _TABLES:
        db.execute(statement)
