"""The steps by which ``sandbox.db`` came to its present form. Append, never edit: a step that has run stays."""

import sqlite3
from pathlib import Path

import sqlite_utils
from sqlite_utils.migrations import Migrations

from sandbox.store import board_tables, classroom_tables, dispute_tables, lti_tables, talk_tables
from sandbox.store.aside import before_upgrade

steps = Migrations("sandbox")


@steps()
def first(db: sqlite_utils.Database) -> None:
    """Learners, their drafts and attempts, what they asked to see, and the charts that they saw."""
    for statement in _FIRST.split(";"):
        if statement.strip():
            db.conn.execute(statement)


@steps()
def right_attempts(db: sqlite_utils.Database) -> None:
    """What a learner got all right, found without walking through every attempt."""
    db.conn.execute("CREATE INDEX attempts_right ON attempts (learner, case_id) WHERE score >= 1")


@steps()
def versions(db: sqlite_utils.Database) -> None:
    """The history of the files of cases; ``packed`` is the text, by zlib."""
    db.conn.execute(
        "CREATE TABLE versions (id INTEGER PRIMARY KEY, case_id TEXT NOT NULL, number INTEGER NOT NULL,"
        " made TEXT NOT NULL, person TEXT NOT NULL, note TEXT NOT NULL, etag TEXT NOT NULL, size INTEGER NOT NULL,"
        " packed BLOB NOT NULL, UNIQUE (case_id, number)) STRICT"
    )


@steps()
def drill_answers(db: sqlite_utils.Database) -> None:
    """What learners answered to drills; a drill is made again from its kind and seed."""
    db.conn.execute(
        "CREATE TABLE drill_answers (id INTEGER PRIMARY KEY, learner TEXT NOT NULL, kind TEXT NOT NULL,"
        " seed INTEGER NOT NULL, chosen TEXT NOT NULL, correct INTEGER NOT NULL, seconds REAL NOT NULL,"
        " made TEXT NOT NULL, UNIQUE (learner, kind, seed)) STRICT"
    )


@steps()
def audits(db: sqlite_utils.Database) -> None:
    """Audits of coded claims: the claim as it was shown, what the learner said of it, and what came of it."""
    db.conn.execute(
        "CREATE TABLE audits (id INTEGER PRIMARY KEY, learner TEXT NOT NULL, case_id TEXT NOT NULL,"
        " case_hash TEXT NOT NULL, seed INTEGER NOT NULL, claim TEXT NOT NULL, answer TEXT NOT NULL,"
        " started TEXT NOT NULL, saved TEXT NOT NULL, handed_in TEXT, result TEXT) STRICT"
    )
    # One at a time: a double click begins one.
    db.conn.execute("CREATE UNIQUE INDEX audits_open ON audits (learner, case_id) WHERE handed_in IS NULL")
    db.conn.execute("CREATE INDEX audits_of_a_learner ON audits (learner, id)")
    db.conn.execute("CREATE INDEX attempts_at_a_case ON attempts (case_id)")


@steps()
def feedback_in_steps(db: sqlite_utils.Database) -> None:
    """Which step of the feedback a learner asked for, of which line of an attempt; how sure they were before."""
    db.conn.execute(
        "CREATE TABLE steps (attempt INTEGER NOT NULL, pair INTEGER NOT NULL, step INTEGER NOT NULL,"
        " made TEXT NOT NULL, PRIMARY KEY (attempt, pair, step)) STRICT, WITHOUT ROWID"
    )
    db.conn.execute("ALTER TABLE attempts ADD COLUMN sure TEXT NOT NULL DEFAULT ''")


@steps()
def code_notes(db: sqlite_utils.Database) -> None:
    """What a learner wrote beside a code of the code book, and whether it is bookmarked."""
    db.conn.execute(
        "CREATE TABLE code_notes (learner TEXT NOT NULL, system TEXT NOT NULL, key TEXT NOT NULL,"
        " note TEXT NOT NULL DEFAULT '', marked TEXT NOT NULL DEFAULT '', saved TEXT NOT NULL,"
        " PRIMARY KEY (learner, system, key)) STRICT, WITHOUT ROWID"
    )


@steps()
def time_on_cases(db: sqlite_utils.Database) -> None:
    """Active seconds of a learner on a case, day by day."""
    db.conn.execute(
        "CREATE TABLE spent (learner TEXT NOT NULL, case_id TEXT NOT NULL, day TEXT NOT NULL, seconds INTEGER NOT NULL,"
        " last TEXT NOT NULL, PRIMARY KEY (learner, case_id, day)) STRICT, WITHOUT ROWID"
    )


@steps()
def inbox_by_learner(db: sqlite_utils.Database) -> None:
    """Who reported something, and when it was dealt with."""
    db.conn.execute("ALTER TABLE inbox ADD COLUMN learner TEXT NOT NULL DEFAULT ''")
    db.conn.execute("ALTER TABLE inbox ADD COLUMN done TEXT NOT NULL DEFAULT ''")


@steps()
def papers(db: sqlite_utils.Database) -> None:
    """Papers of practice exams, and their questions with what was answered."""
    db.conn.execute(
        "CREATE TABLE papers (id INTEGER PRIMARY KEY, learner TEXT NOT NULL, blueprint TEXT NOT NULL,"
        " plan TEXT NOT NULL, seed INTEGER NOT NULL, begun TEXT NOT NULL, deadline TEXT NOT NULL, handed_in TEXT,"
        " result TEXT) STRICT"
    )
    # One at a time: a double click begins one.
    db.conn.execute("CREATE UNIQUE INDEX papers_open ON papers (learner) WHERE handed_in IS NULL")
    db.conn.execute("CREATE INDEX papers_of_a_learner ON papers (learner, id)")
    db.conn.execute(
        "CREATE TABLE paper_items (paper INTEGER NOT NULL, place INTEGER NOT NULL, domain INTEGER NOT NULL,"
        " what TEXT NOT NULL, ref TEXT NOT NULL, seed INTEGER NOT NULL, case_hash TEXT NOT NULL DEFAULT '',"
        " answer TEXT NOT NULL DEFAULT '', flagged INTEGER NOT NULL DEFAULT 0, saved TEXT NOT NULL DEFAULT '',"
        " score REAL, attempt INTEGER, PRIMARY KEY (paper, place)) STRICT, WITHOUT ROWID"
    )


@steps()
def wordings(db: sqlite_utils.Database) -> None:
    """Which question a drill asked when it was answered: another code set makes another one of the same seed."""
    db.conn.execute("ALTER TABLE drill_answers ADD COLUMN wording TEXT NOT NULL DEFAULT ''")


@steps()
def daily_goals(db: sqlite_utils.Database) -> None:
    """What learners want to do each day."""
    db.conn.execute(
        "CREATE TABLE goals (learner TEXT PRIMARY KEY, what TEXT NOT NULL, amount INTEGER NOT NULL,"
        " saved TEXT NOT NULL) STRICT, WITHOUT ROWID"
    )


@steps()
def closed_papers(db: sqlite_utils.Database) -> None:
    """When a paper stopped taking answers: it is judged after, and what is judged cannot change meanwhile."""
    db.conn.execute("ALTER TABLE papers ADD COLUMN closed TEXT NOT NULL DEFAULT ''")


@steps()
def classroom(db: sqlite_utils.Database) -> None:
    """Accounts, classes with their lists, labs; of an attempt the lab it was made in, and whether its report waits."""
    classroom_tables.make(db.conn)


@steps()
def talk(db: sqlite_utils.Database) -> None:
    """What a class talks about: threads of cases, questions to the instructor, the queue of the office hours."""
    talk_tables.make(db.conn)


@steps()
def projector(db: sqlite_utils.Database) -> None:
    """What stands on the projector of a lab, and how much of it may be seen."""
    board_tables.make(db.conn)


@steps()
def disputes(db: sqlite_utils.Database) -> None:
    """Disputes and how long a class takes them, what was graded anew, and the log."""
    dispute_tables.make(db.conn)


@steps()
def schools_systems(db: sqlite_utils.Database) -> None:
    """Who comes from a school's system, which course is which class, and what goes back."""
    lti_tables.make(db.conn)


@steps()
def disputed_lines(db: sqlite_utils.Database) -> None:
    """What a disputed line is known by, when places in the report have changed."""
    dispute_tables.lines(db.conn)


_FIRST = """
CREATE TABLE learners (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL DEFAULT 'learner', created TEXT NOT NULL
) STRICT;
CREATE TABLE charts (
    hash TEXT PRIMARY KEY, case_id TEXT NOT NULL, text TEXT NOT NULL, seen TEXT NOT NULL
) STRICT;
CREATE TABLE drafts (
    learner TEXT NOT NULL, case_id TEXT NOT NULL, case_hash TEXT NOT NULL, lines TEXT NOT NULL, saved TEXT NOT NULL,
    PRIMARY KEY (learner, case_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE attempts (
    id INTEGER PRIMARY KEY, learner TEXT NOT NULL, case_id TEXT NOT NULL, case_hash TEXT NOT NULL,
    number INTEGER NOT NULL, token TEXT NOT NULL, made TEXT NOT NULL, lines TEXT NOT NULL, edition TEXT NOT NULL,
    checker TEXT NOT NULL, judged INTEGER NOT NULL, score REAL, hints INTEGER NOT NULL, key_shown INTEGER NOT NULL,
    report TEXT, UNIQUE (learner, token)
) STRICT;
CREATE TABLE pairs (hash TEXT PRIMARY KEY, pair TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX attempts_of_a_case ON attempts (learner, case_id, number);
CREATE TABLE asked (
    learner TEXT NOT NULL, case_id TEXT NOT NULL, hints INTEGER NOT NULL DEFAULT 0, key_shown TEXT,
    PRIMARY KEY (learner, case_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE inbox (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, made TEXT NOT NULL, subject TEXT NOT NULL, body TEXT NOT NULL,
    times INTEGER NOT NULL DEFAULT 1, UNIQUE (kind, subject)
) STRICT;
CREATE TABLE links (
    digest TEXT PRIMARY KEY, role TEXT NOT NULL, made TEXT NOT NULL
) STRICT, WITHOUT ROWID
"""


def apply(conn: sqlite3.Connection) -> None:
    """Bring the database up to date. Workers that start together wait for each other (``BEGIN IMMEDIATE``).

    One that people have worked with is copied aside first.
    """
    db = sqlite_utils.Database(conn)
    conn.execute("BEGIN IMMEDIATE")
    try:
        if steps.applied(db) and steps.pending(db):
            (path,) = [row["file"] for row in conn.execute("PRAGMA database_list") if row["name"] == "main"]
            before_upgrade(Path(path))
        steps.apply(db)
        conn.execute("COMMIT")
    except BaseException:
        if conn.in_transaction:
            conn.execute("ROLLBACK")
        raise
