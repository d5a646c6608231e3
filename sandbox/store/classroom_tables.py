"""The tables of accounts, classes and labs."""

import sqlite3
from typing import Final


def make(conn: sqlite3.Connection) -> None:
    """Make the tables, and give attempts the lab in which they were made (0: in none)."""
    for statement in _TABLES.split(";"):
        conn.execute(statement)


_TABLES: Final = """
CREATE TABLE accounts (
    learner TEXT PRIMARY KEY, login TEXT UNIQUE COLLATE NOCASE, secret TEXT NOT NULL, epoch INTEGER NOT NULL DEFAULT 0,
    changed TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE classes (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, code TEXT NOT NULL UNIQUE, owner TEXT NOT NULL, joining TEXT NOT NULL,
    made TEXT NOT NULL, closed TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE TABLE members (
    id INTEGER PRIMARY KEY, class INTEGER NOT NULL, learner TEXT, role TEXT NOT NULL, name TEXT NOT NULL,
    number TEXT NOT NULL DEFAULT '', email TEXT NOT NULL DEFAULT '', slip TEXT NOT NULL DEFAULT '',
    added TEXT NOT NULL, joined TEXT NOT NULL DEFAULT '', UNIQUE (class, learner)
) STRICT;
CREATE INDEX members_of_a_learner ON members (learner);
CREATE TABLE labs (
    id INTEGER PRIMARY KEY, class INTEGER NOT NULL, name TEXT NOT NULL, code TEXT NOT NULL UNIQUE, made TEXT NOT NULL,
    by TEXT NOT NULL, plan TEXT NOT NULL, starts TEXT NOT NULL DEFAULT '', ends TEXT NOT NULL DEFAULT '',
    started TEXT NOT NULL DEFAULT '', ended TEXT NOT NULL DEFAULT '', settled TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX labs_of_a_class ON labs (class, id);
CREATE TABLE lab_items (
    lab INTEGER NOT NULL, place INTEGER NOT NULL, case_id TEXT NOT NULL, PRIMARY KEY (lab, place)
) STRICT, WITHOUT ROWID;
CREATE TABLE pauses (
    lab INTEGER NOT NULL, began TEXT NOT NULL, ended TEXT NOT NULL DEFAULT '', PRIMARY KEY (lab, began)
) STRICT, WITHOUT ROWID;
CREATE TABLE seats (
    lab INTEGER NOT NULL, learner TEXT NOT NULL, joined TEXT NOT NULL, extra INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (lab, learner)
) STRICT, WITHOUT ROWID;
CREATE INDEX seats_of_a_learner ON seats (learner);
CREATE TABLE tasks (
    lab INTEGER NOT NULL, learner TEXT NOT NULL, place INTEGER NOT NULL, case_id TEXT NOT NULL,
    PRIMARY KEY (lab, learner, place)
) STRICT, WITHOUT ROWID;
ALTER TABLE attempts ADD COLUMN lab INTEGER NOT NULL DEFAULT 0;
ALTER TABLE attempts ADD COLUMN held INTEGER NOT NULL DEFAULT 0;
CREATE INDEX attempts_of_a_lab ON attempts (lab, id) WHERE lab
"""
