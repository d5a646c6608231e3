"""Classes and who is in them: staff, learners, and those on the list who have not come yet."""

import sqlite3
from dataclasses import dataclass
from typing import Final, Literal, get_args

from sandbox.classroom import joincodes
from sandbox.store.database import Store, now

Joining = Literal["roster", "name", "guests"]
JOINING: Final[tuple[str, ...]] = get_args(Joining)
STAFF: Final = ("instructor", "assistant")
LONGEST_NAME: Final = 80


@dataclass(frozen=True, slots=True)
class Class:
    """A class. ``joining``: roster (those on the list only), name (anybody with the code), guests (no PIN needed).

    ``dispute_days``: how long a line may be disputed, 0 for not at all.
    """

    id: int
    name: str
    code: str
    owner: str
    joining: Joining
    made: str
    closed: str
    dispute_days: int


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of a class. ``learner`` is empty as long as nobody has come for this line of the list; ``slip``: whether
    a one-time code has to be shown for it."""

    id: int
    class_id: int
    learner: str
    role: str
    name: str
    number: str
    email: str
    slip: bool
    joined: str


def create(store: Store, owner: str, name: str, joining: Joining) -> Class:
    """A new class with its owner as instructor."""
    with store.write() as db:
        row = with_code(
            db,
            "INSERT INTO classes (name, code, owner, joining, made) VALUES (?2, ?1, ?3, ?4, ?5) RETURNING *",
            (name[:LONGEST_NAME], owner, joining, now()),
        )
        db.execute(
            "INSERT INTO members (class, learner, role, name, added, joined)"
            " SELECT ?1, id, 'instructor', name, ?3, ?3 FROM learners WHERE id = ?2",
            (row["id"], owner, now()),
        )
    return _class(row)


def with_code(db: sqlite3.Connection, sql: str, values: tuple[object, ...]) -> sqlite3.Row:
    """Insert a row whose first value is a join code that neither a class nor a lab has."""
    for _ in range(20):
        code = joincodes.fresh()
        if not db.execute(
            "SELECT 1 FROM classes WHERE code = ?1 UNION ALL SELECT 1 FROM labs WHERE code = ?1", (code,)
        ).fetchone():
            found: sqlite3.Row = db.execute(sql, (code, *values)).fetchone()
            return found
    raise RuntimeError("no join code is free")


def change(store: Store, id: int, name: str, joining: Joining) -> None:
    """Another name, or another way to join."""
    with store.write() as db:
        db.execute("UPDATE classes SET name = ?, joining = ? WHERE id = ?", (name[:LONGEST_NAME], joining, id))


def allow_disputes(store: Store, id: int, days: int) -> None:
    """How long lines may be disputed from now on, in days; 0 for not at all."""
    with store.write() as db:
        db.execute("UPDATE classes SET dispute_days = ? WHERE id = ?", (days, id))


def close(store: Store, id: int, closed: bool) -> None:
    """Put a class among those that are over, or bring it back. Nothing of it is deleted."""
    with store.write() as db:
        db.execute("UPDATE classes SET closed = ? WHERE id = ?", (now() if closed else "", id))


def get(store: Store, id: int) -> Class | None:
    """A class, or None."""
    row = store.row("SELECT * FROM classes WHERE id = ?", id)
    return _class(row) if row else None


def by_code(store: Store, code: str) -> Class | None:
    """The open class that has this code, or None."""
    row = store.row("SELECT * FROM classes WHERE code = ? AND closed = ''", code)
    return _class(row) if row else None


def of_staff(store: Store, learner: str, every: bool = False) -> list[Class]:
    """The classes in which somebody teaches or assists (``every``: all), those that go on first, the newest first."""
    rows = store.rows(
        "SELECT * FROM classes WHERE ?2 OR id IN (SELECT class FROM members WHERE learner = ?1 AND role != 'learner')"
        " ORDER BY closed != '', id DESC",
        learner,
        every,
    )
    return [_class(row) for row in rows]


def of_learner(store: Store, learner: str, closed: bool = False) -> list[Class]:
    """The open classes that somebody learns in, or the closed ones, the newest first."""
    rows = store.rows(
        "SELECT c.* FROM classes c JOIN members m ON m.class = c.id"
        " WHERE m.learner = ? AND m.role = 'learner' AND (c.closed != '') = ? ORDER BY c.id DESC",
        learner,
        closed,
    )
    return [_class(row) for row in rows]


def role(store: Store, class_id: int, learner: str) -> str:
    """instructor, assistant, learner; empty for somebody who is not in the class."""
    row = store.row("SELECT role FROM members WHERE class = ? AND learner = ?", class_id, learner)
    return str(row["role"]) if row else ""


def is_staff_of(store: Store, me: str, learner: str) -> bool:
    """Whether ``me`` teaches or assists in a class that ``learner`` is in."""
    return (
        store.row(
            "SELECT 1 FROM members a JOIN members b ON a.class = b.class"
            " WHERE a.learner = ? AND a.role != 'learner' AND b.learner = ? LIMIT 1",
            me,
            learner,
        )
        is not None
    )


def only_assisted(store: Store, me: str) -> set[str]:
    """The learners of classes in which ``me`` is an assistant, without those whom ``me`` teaches in another one, and
    without all for an owner, who is an instructor everywhere."""
    rows = store.rows(
        "SELECT b.learner FROM members a JOIN members b ON a.class = b.class WHERE a.learner = ?1 AND b.learner != ?1"
        " AND NOT EXISTS (SELECT 1 FROM learners WHERE id = ?1 AND role = 'owner')"
        " GROUP BY b.learner HAVING max(a.role = 'assistant') AND NOT max(a.role = 'instructor')",
        me,
    )
    return {row["learner"] for row in rows}


def in_any(store: Store, learner: str) -> bool:
    """Whether somebody is in a class at all."""
    return store.row("SELECT 1 FROM members WHERE learner = ? LIMIT 1", learner) is not None


def members(store: Store, class_id: int) -> list[Member]:
    """Everybody of a class, staff first, then by name."""
    rows = store.rows(
        "SELECT * FROM members WHERE class = ? ORDER BY role = 'learner', name COLLATE NOCASE, id", class_id
    )
    return [read(row) for row in rows]


def member(store: Store, class_id: int, id: int) -> Member | None:
    """Somebody of a class by the number of the membership, or None."""
    row = store.row("SELECT * FROM members WHERE class = ? AND id = ?", class_id, id)
    return read(row) if row else None


def member_of(store: Store, class_id: int, learner: str) -> Member | None:
    """Somebody of a class by the learner's id, or None."""
    row = store.row("SELECT * FROM members WHERE class = ? AND learner = ?", class_id, learner)
    return read(row) if row else None


def named(store: Store, class_id: int, who: str) -> list[Member]:
    """Learners of a class that are meant by an id, an e-mail address or a name, in whatever case; an id goes first."""
    wanted = " ".join(who.split()).casefold()
    there = [one for one in members(store, class_id) if one.role == "learner"]
    for field in ("number", "email", "name"):
        found = [one for one in there if wanted and getattr(one, field).casefold() == wanted]
        if found:
            return found
    return []


def has_pins(store: Store, class_id: int) -> bool:
    """Whether any learner of a class comes in by a PIN or password."""
    wanted = (
        "SELECT 1 FROM members m JOIN accounts a ON a.learner = m.learner"
        " WHERE m.class = ? AND m.role = 'learner' AND a.secret != '' LIMIT 1"
    )
    return store.row(wanted, class_id) is not None


def add_learner(store: Store, class_id: int, learner: str, name: str) -> bool:
    """Somebody has joined by the class's code; False where another came by that name a moment before."""
    with store.write() as db:
        done = db.execute(
            "INSERT INTO members (class, learner, role, name, added, joined) SELECT ?1, ?2, 'learner', ?3, ?4, ?4"
            " WHERE NOT EXISTS (SELECT 1 FROM members WHERE class = ?1 AND role = 'learner' AND learner IS NOT ?2"
            " AND name = ?3 COLLATE NOCASE) ON CONFLICT (class, learner) DO NOTHING",
            (class_id, learner, name, now()),
        )
    return done.rowcount == 1


def remove(store: Store, class_id: int, id: int) -> bool:
    """Take somebody off a class. Attempts stay with the learner; the owner of the class cannot be taken off."""
    with store.write() as db:
        done = db.execute(
            "DELETE FROM members WHERE class = ?1 AND id = ?2"
            " AND learner IS NOT (SELECT owner FROM classes WHERE id = ?1)",
            (class_id, id),
        )
    return done.rowcount == 1


def _class(row: sqlite3.Row) -> Class:
    return Class(
        row["id"],
        row["name"],
        row["code"],
        row["owner"],
        row["joining"],
        row["made"],
        row["closed"],
        row["dispute_days"],
    )


def read(row: sqlite3.Row) -> Member:
    """A row of ``members``."""
    return Member(
        row["id"], row["class"], row["learner"] or "", row["role"], row["name"], row["number"], row["email"],
        bool(row["slip"]), row["joined"],
    )  # fmt: skip
