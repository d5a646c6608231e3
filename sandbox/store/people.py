"""Who is here: learners without an account, and the instructor's one-time link."""

import hashlib
import secrets

from sandbox.store.database import Store, now

LONGEST_NAME = 60


def add_learner(store: Store, id: str, name: str, role: str = "learner") -> None:
    """Note a learner (id: the random text in the signed cookie), or the learner's new name."""
    with store.write() as db:
        db.execute(
            "INSERT INTO learners VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET name = excluded.name",
            (id, name[:LONGEST_NAME], role, now()),
        )


def is_instructor(store: Store, id: str) -> bool:
    """Whether ``id`` came in by the instructor's link."""
    row = store.row("SELECT role FROM learners WHERE id = ?", id)
    return row is not None and row["role"] == "instructor"


def new_link(store: Store) -> str:
    """A fresh one-time link for an instructor; it replaces an unused one. Only its digest is kept."""
    token = secrets.token_urlsafe(24)
    with store.write() as db:
        db.execute("DELETE FROM links WHERE role = 'instructor'")
        db.execute("INSERT INTO links VALUES (?, 'instructor', ?)", (_digest(token), now()))
    return token


def link_exists(store: Store, token: str) -> bool:
    """Whether the link has not been used yet."""
    return store.row("SELECT 1 FROM links WHERE digest = ?", _digest(token)) is not None


def use_link(store: Store, token: str, id: str) -> bool:
    """Make ``id`` an instructor, if the link is unused; it is used up by that, and by nothing less."""
    with store.write() as db:
        used = db.execute("DELETE FROM links WHERE digest = ?", (_digest(token),)).rowcount
        if used:
            db.execute(
                "INSERT INTO learners VALUES (?, 'Instructor', 'instructor', ?)"
                " ON CONFLICT (id) DO UPDATE SET role = 'instructor',"
                " name = CASE name WHEN 'Guest' THEN excluded.name ELSE name END",
                (id, now()),
            )
    return bool(used)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
