"""Who is here: learners, those who teach, and the links that make somebody one of them."""

import hashlib
import secrets
import sqlite3
from datetime import UTC, datetime, timedelta
from typing import Final

from sandbox.store import log
from sandbox.store.database import Store, now

LONGEST_NAME: Final = 60
TEACHING: Final = ("instructor", "owner")
"""Roles that open the desk. An owner sees every class and invites instructors."""
INVITATION: Final = timedelta(days=7)
"""How long an invitation stays good. The link that the program prints lasts until the next start."""

_TITLES: Final = {"owner": "Instructor", "instructor": "Instructor"}


def add_learner(store: Store, id: str, name: str, role: str = "learner") -> None:
    """Note a learner (id: the random text in the signed cookie), or the learner's new name."""
    with store.write() as db:
        db.execute(
            "INSERT INTO learners VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET name = excluded.name",
            (id, name[:LONGEST_NAME], role, now()),
        )


def rename(store: Store, id: str, name: str) -> None:
    """Another name, where one teaches or assists too; a learner's name on a class's list is the class's."""
    add_learner(store, id, name)
    with store.write() as db:
        db.execute("UPDATE members SET name = ? WHERE learner = ? AND role != 'learner'", (name[:LONGEST_NAME], id))


def name_of(store: Store, id: str) -> str:
    """The name that a learner gave, or empty."""
    row = store.row("SELECT name FROM learners WHERE id = ?", id)
    return str(row["name"]) if row else ""


def role(store: Store, id: str) -> str:
    """learner, instructor or owner; a stranger is a learner."""
    row = store.row("SELECT role FROM learners WHERE id = ?", id)
    return str(row["role"]) if row else "learner"


def is_instructor(store: Store, id: str) -> bool:
    """Whether ``id`` teaches: came in by an instructor's link."""
    return role(store, id) in TEACHING


def teachers(store: Store) -> list[dict[str, str]]:
    """Everybody who teaches: ``id``, ``name``, ``role``, ``created``, ``login`` (empty where there is none)."""
    rows = store.rows(
        "SELECT l.id, l.name, l.role, l.created, coalesce(a.login, '') AS login FROM learners l"
        " LEFT JOIN accounts a ON a.learner = l.id WHERE l.role IN ('instructor', 'owner') ORDER BY l.created, l.id"
    )
    return [dict(row) for row in rows]


def set_role(store: Store, id: str, role: str) -> None:
    """Give somebody another role. Who teaches no more is off the staff of every class; an owner goes on seeing them.

    Raises ValueError where nobody would be left who owns the place.
    """
    with store.write() as db:
        owners = [row["id"] for row in db.execute("SELECT id FROM learners WHERE role = 'owner'")]
        if owners == [id] and role != "owner":
            raise ValueError("there has to be an owner")
        db.execute("UPDATE learners SET role = ? WHERE id = ?", (role, id))
        if role not in TEACHING:
            db.execute("DELETE FROM members WHERE learner = ? AND role != 'learner'", (id,))


def new_link(store: Store, role: str = "owner") -> str:
    """A fresh one-time link. Only its digest is kept.

    ``role``: owner (the link that the program prints, which replaces an unused one), instructor, or
    ``assistant:<class>``.
    """
    token = secrets.token_urlsafe(24)
    with store.write() as db:
        if role == "owner":
            db.execute("DELETE FROM links WHERE role = 'owner'")
        db.execute("INSERT INTO links VALUES (?, ?, ?)", (_digest(token), role, now()))
    return token


def link_role(store: Store, token: str) -> str:
    """What an unused link makes of whoever uses it; empty where it was used, replaced, or is too old."""
    row = store.row("SELECT role, made FROM links WHERE digest = ?", _digest(token))
    return str(row["role"]) if row and not _late(row["role"], row["made"]) else ""


def use_link(store: Store, token: str, id: str) -> str:
    """Give ``id`` the role of the link, if that is unused; it is used up by that, and by nothing less.

    Returns the role, or empty. An assistant's place in the class is given in the same transaction.
    """
    with store.write() as db:
        row = db.execute("DELETE FROM links WHERE digest = ? RETURNING role, made", (_digest(token),)).fetchone()
        if row is None or _late(row["role"], row["made"]):
            return ""
        given, _, class_id = str(row["role"]).partition(":")
        kept = given if given in TEACHING else "learner"
        before = _roles(db, id, int(class_id or 0))
        db.execute(
            "INSERT INTO learners VALUES (?1, ?2, ?3, ?4) ON CONFLICT (id) DO UPDATE SET"
            " role = CASE WHEN role = 'owner' OR ?3 = 'learner' THEN role ELSE ?3 END,"
            " name = CASE name WHEN 'Guest' THEN ?2 ELSE name END",
            (id, _TITLES.get(given, "Assistant"), kept, now()),
        )
        if class_id:
            db.execute(
                "INSERT INTO members (class, learner, role, name, added, joined)"
                " SELECT ?1, id, 'assistant', name, ?3, ?3 FROM learners WHERE id = ?2"
                " ON CONFLICT (class, learner) DO UPDATE SET role = 'assistant'"
                " WHERE role = 'learner'",
                (int(class_id), id, now()),
            )
        kind = "link" if _roles(db, id, int(class_id or 0)) == before else f"became_{given}"
        log.write(db, id, kind, "", int(class_id or 0), **({"link": given} if kind == "link" else {}))
    return str(row["role"])


def _roles(db: sqlite3.Connection, id: str, class_id: int) -> list[str]:
    """What somebody is here, and in a class."""
    sql = "SELECT role FROM learners WHERE id = ?1 UNION ALL SELECT role FROM members WHERE learner = ?1 AND class = ?2"
    return [str(row["role"]) for row in db.execute(sql, (id, class_id))]


def _late(role: str, made: str) -> bool:
    return role != "owner" and datetime.fromisoformat(made) < datetime.now(UTC) - INVITATION


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
