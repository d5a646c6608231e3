"""Who comes from a school's system: their account here, the class that their course is bound to, their links."""

import json
import secrets
import sqlite3
from dataclasses import dataclass

from sandbox.lti.claims import Course, Grading
from sandbox.store import log
from sandbox.store.database import Store, now
from sandbox.store.people import LONGEST_NAME


@dataclass(frozen=True, slots=True)
class Bound:
    """A course and the class that it is bound to."""

    course: Course
    class_id: int
    title: str


def person(store: Store, issuer: str, user: str, name: str) -> str:
    """The learner behind a user of a platform, made with an account that no password opens where they are new.

    They get the name that the platform tells; who is new and has none is a *Learner*.
    """
    with store.write() as db:
        row = db.execute("SELECT learner FROM lti_people WHERE issuer = ? AND user = ?", (issuer, user)).fetchone()
        if row is None:
            id = secrets.token_hex(16)
            db.execute("INSERT INTO lti_people VALUES (?, ?, ?, ?)", (issuer, user, id, now()))
            first = (name or "Learner")[:LONGEST_NAME]
            db.execute("INSERT INTO learners VALUES (?, ?, 'learner', ?)", (id, first, now()))
            db.execute("INSERT INTO accounts VALUES (?, NULL, '', 0, ?)", (id, now()))
            return id
        if name:
            db.execute("UPDATE learners SET name = ? WHERE id = ?", (name[:LONGEST_NAME], row["learner"]))
    return str(row["learner"])


def seen(store: Store, issuer: str, user: str) -> bool:
    """Whether a user of a platform has come in before."""
    return store.row("SELECT 1 FROM lti_people WHERE issuer = ? AND user = ?", issuer, user) is not None


def same(store: Store, issuer: str, user: str, learner: str) -> None:
    """A user of a platform is a learner who is here already; whoever has come in before stays who they are."""
    with store.write() as db:
        db.execute("INSERT OR IGNORE INTO lti_people VALUES (?, ?, ?, ?)", (issuer, user, learner, now()))


def teaches(store: Store, learner: str, issuer: str) -> None:
    """Whoever teaches at a platform that is trusted with it is an instructor here; an owner stays one."""
    with store.write() as db:
        done = db.execute("UPDATE learners SET role = 'instructor' WHERE id = ? AND role = 'learner'", (learner,))
        if done.rowcount:
            log.write(db, learner, "teaches", issuer)


def join_staff(store: Store, class_id: int, learner: str, role: str) -> None:
    """Put somebody among the staff of a class (``role``: instructor or assistant); an instructor stays one."""
    with store.write() as db:
        had = db.execute("SELECT role FROM members WHERE class = ? AND learner = ?", (class_id, learner)).fetchone()
        db.execute(
            "INSERT INTO members (class, learner, role, name, added, joined)"
            " SELECT ?1, id, ?3, name, ?4, ?4 FROM learners WHERE id = ?2"
            " ON CONFLICT (class, learner) DO UPDATE SET role = ?3 WHERE role != 'instructor'",
            (class_id, learner, role, now()),
        )
        if had is None or had["role"] not in (role, "instructor"):
            log.write(db, learner, "joined_staff", "", class_id, role=role)


def join(store: Store, class_id: int, learner: str, name: str, number: str, email: str) -> None:
    """Put a learner into a class: on the line of its list that has their id or e-mail and that nobody came for, or on
    a new one, under a name that nobody else of the class has."""
    with store.write() as db:
        if db.execute("SELECT 1 FROM members WHERE class = ? AND learner = ?", (class_id, learner)).fetchone():
            return
        free = db.execute(
            "SELECT id FROM members WHERE class = ?1 AND learner IS NULL AND role = 'learner'"
            " AND ((?2 != '' AND number = ?2 COLLATE NOCASE) OR (?3 != '' AND email = ?3 COLLATE NOCASE))",
            (class_id, number, email),
        ).fetchall()
        if len(free) == 1:
            db.execute(
                "UPDATE members SET learner = ?, slip = '', joined = ? WHERE id = ?", (learner, now(), free[0]["id"])
            )
            return
        db.execute(
            "INSERT INTO members (class, learner, role, name, number, email, added, joined)"
            " VALUES (?, ?, 'learner', ?, ?, ?, ?, ?)",
            (class_id, learner, _free_name(db, class_id, name or "Learner"), number, email, now(), now()),
        )


def _free_name(db: sqlite3.Connection, class_id: int, name: str) -> str:
    taken = {
        row["name"].casefold()
        for row in db.execute("SELECT name FROM members WHERE class = ? AND role = 'learner'", (class_id,))
    }
    found, n = name[:LONGEST_NAME], 1
    while found.casefold() in taken:
        n += 1
        found = f"{name[: LONGEST_NAME - 8]} ({n})"
    return found


def bind(store: Store, course: Course, title: str, class_id: int, by: str) -> bool:
    """Bind a course to a class, as somebody (an id) has said; False where it is bound already."""
    with store.write() as db:
        done = db.execute(
            "INSERT OR IGNORE INTO lti_courses VALUES (?, ?, ?, ?, ?, ?, ?)",
            (course.issuer, course.client_id, course.deployment, course.context, class_id, title, now()),
        )
        if done.rowcount:
            log.write(db, by, "connected", title or course.context, class_id)
    return done.rowcount == 1


def release(store: Store, class_id: int) -> None:
    """Let go of the courses of a class. Who is in it stays, and so do the links with what is to be sent."""
    with store.write() as db:
        db.execute("DELETE FROM lti_courses WHERE class = ?", (class_id,))


def class_of(store: Store, course: Course) -> int:
    """The class that a course is bound to, or 0."""
    row = store.row(
        "SELECT class FROM lti_courses WHERE issuer = ? AND client = ? AND deployment = ? AND context = ?",
        course.issuer,
        course.client_id,
        course.deployment,
        course.context,
    )
    return int(row["class"]) if row else 0


def courses(store: Store, class_id: int) -> list[Bound]:
    """The courses that are bound to a class."""
    rows = store.rows("SELECT * FROM lti_courses WHERE class = ? ORDER BY made", class_id)
    return [
        Bound(Course(row["issuer"], row["client"], row["deployment"], row["context"]), class_id, row["title"])
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Target:
    """What a link of a course leads to: a lab, a case, or the class itself (0 and empty)."""

    class_id: int
    lab: int = 0
    case_id: str = ""


def note(store: Store, course: Course, link: str, target: Target, grading: Grading, who: tuple[str, str]) -> None:
    """Remember that a score of somebody (learner, user) for a link is wanted, and where it goes."""
    with store.write() as db:
        row = db.execute(
            "INSERT INTO lti_links (issuer, client, deployment, link, class, lab, case_id, lineitem, lineitems, scopes)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (issuer, client, deployment, link) DO UPDATE SET"
            " class = excluded.class, lab = excluded.lab, case_id = excluded.case_id, lineitems = excluded.lineitems,"
            " lineitem = CASE excluded.lineitem WHEN '' THEN lineitem ELSE excluded.lineitem END,"
            " scopes = excluded.scopes RETURNING id",
            (
                course.issuer, course.client_id, course.deployment, link, target.class_id, target.lab, target.case_id,
                grading.lineitem, grading.lineitems, json.dumps(grading.scopes),
            ),
        ).fetchone()  # fmt: skip
        db.execute("INSERT OR IGNORE INTO lti_grades (link, learner, user) VALUES (?, ?, ?)", (row["id"], *who))
