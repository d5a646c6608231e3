"""The tables of what a class talks about: threads of cases, questions, and the queue of the office hours."""

import sqlite3
from typing import Final

_TABLES: Final = (
    "CREATE TABLE threads (id INTEGER PRIMARY KEY, class INTEGER NOT NULL, case_id TEXT NOT NULL, opens TEXT NOT NULL,"
    " made TEXT NOT NULL, UNIQUE (class, case_id)) STRICT",
    # AUTOINCREMENT: pages ask for what is new by number, and a number must not come back after a person was forgotten.
    "CREATE TABLE posts (id INTEGER PRIMARY KEY AUTOINCREMENT, parent INTEGER NOT NULL, author TEXT NOT NULL,"
    " made TEXT NOT NULL, text TEXT NOT NULL, token TEXT NOT NULL, knew INTEGER NOT NULL, early INTEGER NOT NULL,"
    " removed TEXT NOT NULL DEFAULT '', removed_by TEXT NOT NULL DEFAULT '', UNIQUE (author, token)) STRICT",
    "CREATE INDEX posts_of_a_thread ON posts (parent, id)",
    "CREATE INDEX posts_of_an_author ON posts (author, made)",
    "CREATE TABLE questions (id INTEGER PRIMARY KEY AUTOINCREMENT, class INTEGER NOT NULL, learner TEXT NOT NULL,"
    " case_id TEXT NOT NULL, made TEXT NOT NULL, settled TEXT NOT NULL DEFAULT '') STRICT",
    "CREATE INDEX questions_of_a_class ON questions (class, learner)",
    "CREATE TABLE replies (id INTEGER PRIMARY KEY AUTOINCREMENT, parent INTEGER NOT NULL, author TEXT NOT NULL,"
    " made TEXT NOT NULL, text TEXT NOT NULL, token TEXT NOT NULL, knew INTEGER NOT NULL, early INTEGER NOT NULL,"
    " removed TEXT NOT NULL DEFAULT '', removed_by TEXT NOT NULL DEFAULT '', UNIQUE (author, token)) STRICT",
    "CREATE INDEX replies_to_a_question ON replies (parent, id)",
    "CREATE INDEX replies_of_an_author ON replies (author, made)",
    "CREATE TABLE talk_reads (learner TEXT NOT NULL, kind TEXT NOT NULL, parent INTEGER NOT NULL,"
    " last INTEGER NOT NULL, PRIMARY KEY (learner, kind, parent)) STRICT, WITHOUT ROWID",
    "CREATE TABLE hours (class INTEGER PRIMARY KEY, since TEXT NOT NULL) STRICT",
    "CREATE TABLE queue (id INTEGER PRIMARY KEY AUTOINCREMENT, class INTEGER NOT NULL, learner TEXT NOT NULL,"
    " about TEXT NOT NULL, joined TEXT NOT NULL, called TEXT NOT NULL DEFAULT '',"
    " ended TEXT NOT NULL DEFAULT '') STRICT",
    # One place for each: a double click takes one.
    "CREATE UNIQUE INDEX queue_places ON queue (class, learner) WHERE ended = ''",
)


def make(db: sqlite3.Connection) -> None:
    """Make the tables; a step of the migrations."""
    for statement in _TABLES:
        db.execute(statement)
