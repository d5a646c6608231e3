"""The tables of schools' systems: who came from where, which course is which class, what goes back."""

import sqlite3
from typing import Final

_TABLES: Final = (
    "CREATE TABLE lti_people (issuer TEXT NOT NULL, user TEXT NOT NULL, learner TEXT NOT NULL, made TEXT NOT NULL,"
    " PRIMARY KEY (issuer, user)) STRICT, WITHOUT ROWID",
    "CREATE INDEX lti_people_of_a_learner ON lti_people (learner)",
    "CREATE TABLE lti_courses (issuer TEXT NOT NULL, client TEXT NOT NULL, deployment TEXT NOT NULL,"
    " context TEXT NOT NULL, class INTEGER NOT NULL, title TEXT NOT NULL, made TEXT NOT NULL,"
    " PRIMARY KEY (issuer, client, deployment, context)) STRICT, WITHOUT ROWID",
    "CREATE TABLE lti_links (id INTEGER PRIMARY KEY, issuer TEXT NOT NULL, client TEXT NOT NULL,"
    " deployment TEXT NOT NULL, link TEXT NOT NULL, class INTEGER NOT NULL, lab INTEGER NOT NULL,"
    " case_id TEXT NOT NULL, lineitem TEXT NOT NULL, lineitems TEXT NOT NULL, scopes TEXT NOT NULL,"
    " UNIQUE (issuer, client, deployment, link)) STRICT",
    "CREATE INDEX lti_links_of_a_lab ON lti_links (lab)",
    # One row for each learner and link is the box of what is to be sent: compared with the present score, it says
    # itself whether there is anything to do. ``look`` counts what may have changed the score since the last look.
    "CREATE TABLE lti_grades (link INTEGER NOT NULL, learner TEXT NOT NULL, user TEXT NOT NULL, sent REAL,"
    " stamp TEXT NOT NULL DEFAULT '', refused REAL, words TEXT NOT NULL DEFAULT '', tries INTEGER NOT NULL DEFAULT 0,"
    " again TEXT NOT NULL DEFAULT '', look INTEGER NOT NULL DEFAULT 1, PRIMARY KEY (link, learner)) STRICT,"
    " WITHOUT ROWID",
    "CREATE INDEX lti_grades_of_a_learner ON lti_grades (learner)",
    "CREATE INDEX lti_grades_to_look_at ON lti_grades (again) WHERE look",
    # Whoever changes a score (an answer, the end of a lab, a dispute) need not know of any of this. Links to cases have
    # the lab 0, and so has what is done outside of labs.
    "CREATE TRIGGER lti_score_made AFTER INSERT ON attempts"
    " BEGIN UPDATE lti_grades SET look = look + 1 WHERE learner = NEW.learner"
    " AND link IN (SELECT id FROM lti_links WHERE lab = NEW.lab); END",
    "CREATE TRIGGER lti_score_changed AFTER UPDATE OF score ON attempts"
    " BEGIN UPDATE lti_grades SET look = look + 1 WHERE learner = NEW.learner"
    " AND link IN (SELECT id FROM lti_links WHERE lab = NEW.lab); END",
    "CREATE TRIGGER lti_lab_settled AFTER UPDATE OF settled ON labs WHEN NEW.settled != ''"
    " BEGIN UPDATE lti_grades SET look = look + 1 WHERE link IN (SELECT id FROM lti_links WHERE lab = NEW.id); END",
    "CREATE TRIGGER lti_link_changed AFTER UPDATE OF lab, case_id ON lti_links"
    " WHEN OLD.lab != NEW.lab OR OLD.case_id != NEW.case_id"
    " BEGIN UPDATE lti_grades SET look = look + 1 WHERE link = NEW.id; END",
)


def make(db: sqlite3.Connection) -> None:
    """Make the tables; a step of the migrations."""
    for statement in _TABLES:
        db.execute(statement)
