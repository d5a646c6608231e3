"""Threads of cases and questions to the instructor: who wrote what, and who has read how far."""

import datetime as dt
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from sandbox.store.database import Store, now

Kind = Literal["thread", "question"]
OPENS: Final[Mapping[str, str]] = {
    "after": "after handing in",
    "before": "before handing in",
    "closed": "closed",
}
"""When learners may come into a thread: once their own attempt is in, before that as well, or not at all now."""
SHOWN: Final = 100
"""Posts of a thread that are drawn at a time; the last ones, where there are more."""
MOST: Final = ((60, 6), (3600, 60))
"""(seconds, posts): how much one learner may write within a time."""
MOST_OPEN: Final = 20
"""Questions of one learner in a class that are not settled."""

_POSTS: Final[Mapping[Kind, str]] = {"thread": "posts", "question": "replies"}
_LAST: Final = "coalesce((SELECT last FROM talk_reads WHERE learner = ?1 AND kind = ?2 AND parent = x.id), 0)"


class TooMuch(Exception):
    """A learner has written more than anybody can read within the time."""


@dataclass(frozen=True, slots=True)
class Thread:
    """The thread of a case in a class. ``opens``: of :data:`OPENS`."""

    id: int
    class_id: int
    case_id: str
    opens: str


@dataclass(frozen=True, slots=True)
class Question:
    """What a learner asked the staff of a class; ``case_id`` is empty where it is about no case."""

    id: int
    class_id: int
    learner: str
    case_id: str
    made: str
    settled: str


@dataclass(frozen=True, slots=True)
class Post:
    """One post. ``knew``: its author had coded the case, seen its key, or is of the staff; ``early``: the staff lets it
    be read before one's own attempt is in. ``removed``: when it was taken away, and ``removed_by`` by whom."""

    id: int
    parent: int
    author: str
    made: str
    text: str
    knew: bool
    early: bool
    removed: str
    removed_by: str


@dataclass(frozen=True, slots=True)
class New:
    """A post on its way. ``token``: of its form, so that one that is sent twice makes one; ``free``: of the staff."""

    author: str
    text: str
    token: str
    knew: bool
    early: bool = False
    free: bool = False


def open_thread(store: Store, class_id: int, case_id: str, opens: str) -> Thread:
    """Open the thread of a case in a class, or say anew when learners may come in."""
    with store.write() as db:
        row = db.execute(
            "INSERT INTO threads (class, case_id, opens, made) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (class, case_id) DO UPDATE SET opens = excluded.opens RETURNING *",
            (class_id, case_id, opens, now()),
        ).fetchone()
    return _thread(row)


def thread(store: Store, class_id: int, id: int) -> Thread | None:
    """A thread of a class, or None."""
    row = store.row("SELECT * FROM threads WHERE class = ? AND id = ?", class_id, id)
    return _thread(row) if row else None


def threads(store: Store, class_id: int, me: str) -> list[tuple[Thread, int, int]]:
    """(thread, posts, posts of others that ``me`` has not read) of a class, the one with the latest post first."""
    rows = store.rows(
        f"SELECT x.*, count(p.id) AS posts, coalesce(sum(p.id > {_LAST} AND p.author != ?1), 0) AS unread"
        " FROM threads x LEFT JOIN posts p ON p.parent = x.id AND p.removed = '' WHERE x.class = ?3 GROUP BY x.id"
        " ORDER BY coalesce(max(p.id), 0) DESC, x.id DESC",
        me,
        "thread",
        class_id,
    )
    return [(_thread(row), row["posts"], row["unread"]) for row in rows]


def of_case(store: Store, learner: str, family: str) -> list[sqlite3.Row]:
    """The threads of a case in the classes that go on and that somebody is in: ``thread``, ``class``, ``name``."""
    return store.rows(
        "SELECT t.id AS thread, c.id AS class, c.name FROM threads t JOIN classes c ON c.id = t.class AND c.closed = ''"
        " JOIN members m ON m.class = c.id AND m.learner = ?1 WHERE t.case_id = ?2 AND t.opens != 'closed'"
        " ORDER BY c.id",
        learner,
        family,
    )


def ask(store: Store, class_id: int, case_id: str, new: New) -> int:
    """Ask the staff something. Returns the question's id; a form that was sent before makes no second one.

    Raises :class:`TooMuch`.
    """
    with store.write() as db:
        row = db.execute(
            "SELECT parent FROM replies WHERE author = ? AND token = ?", (new.author, new.token)
        ).fetchone()
        if row:
            return int(row["parent"])
        waiting = db.execute(
            "SELECT count(*) FROM questions WHERE class = ? AND learner = ? AND settled = ''", (class_id, new.author)
        ).fetchone()[0]
        if waiting >= MOST_OPEN:
            raise TooMuch
        id = db.execute(
            "INSERT INTO questions (class, learner, case_id, made) VALUES (?, ?, ?, ?) RETURNING id",
            (class_id, new.author, case_id, now()),
        ).fetchone()[0]
        _add(db, "question", id, new)
    return int(id)


def question(store: Store, class_id: int, id: int) -> Question | None:
    """A question in a class, or None."""
    row = store.row("SELECT * FROM questions WHERE class = ? AND id = ?", class_id, id)
    return _question(row) if row else None


def questions(store: Store, class_id: int, me: str, mine: bool) -> list[tuple[Question, int, str]]:
    """(question, what others wrote that ``me`` has not read, its first words) of a class, open ones first, the latest
    first; ``mine``: one's own only."""
    rows = store.rows(
        f"SELECT x.*, coalesce(sum(p.id > {_LAST} AND p.author != ?1), 0) AS unread,"
        " coalesce((SELECT text FROM replies WHERE parent = x.id AND removed = '' AND author = x.learner"
        " ORDER BY id LIMIT 1), '') AS begins"
        " FROM questions x LEFT JOIN replies p ON p.parent = x.id AND p.removed = ''"
        " WHERE x.class = ?3 AND (NOT ?4 OR x.learner = ?1) GROUP BY x.id"
        " ORDER BY x.settled != '', max(p.id) DESC LIMIT 300",
        me,
        "question",
        class_id,
        mine,
    )
    return [(_question(row), row["unread"], row["begins"]) for row in rows]


def settle(store: Store, id: int, settled: bool) -> None:
    """Put a question among those that are answered, or open it again."""
    with store.write() as db:
        db.execute("UPDATE questions SET settled = ? WHERE id = ?", (now() if settled else "", id))


def write(store: Store, kind: Kind, parent: int, new: New) -> int:
    """Add a post to a thread or question. Returns its id; raises :class:`TooMuch`."""
    with store.write() as db:
        id = _add(db, kind, parent, new)
        if kind == "question" and not new.free:
            db.execute("UPDATE questions SET settled = '' WHERE id = ?", (parent,))
    return id


def _add(db: sqlite3.Connection, kind: Kind, parent: int, new: New) -> int:
    table = _POSTS[kind]
    row = db.execute(f"SELECT id FROM {table} WHERE author = ? AND token = ?", (new.author, new.token)).fetchone()
    if row:
        return int(row["id"])
    for seconds, most in () if new.free else MOST:
        since = (dt.datetime.now(dt.UTC) - dt.timedelta(seconds=seconds)).isoformat(timespec="milliseconds")[:23] + "Z"
        lately = "SELECT count(*) FROM {} WHERE author = ?1 AND made > ?2"
        counted = [db.execute(lately.format(each), (new.author, since)).fetchone()[0] for each in _POSTS.values()]
        if sum(counted) >= most:
            raise TooMuch
    values = (parent, new.author, now(), new.text, new.token, int(new.knew), int(new.early))
    sql = f"INSERT INTO {table} (parent, author, made, text, token, knew, early) VALUES (?, ?, ?, ?, ?, ?, ?)"
    return int(db.execute(f"{sql} RETURNING id", values).fetchone()[0])


def posts(store: Store, kind: Kind, parent: int, after: int = 0, before: int = 0) -> list[Post]:
    """The last posts of a thread or question, in their order, no more than :data:`SHOWN`: those with a number above
    ``after`` and, where it is given, below ``before``."""
    rows = store.rows(
        f"SELECT * FROM {_POSTS[kind]} WHERE parent = ?1 AND id > ?2 AND (?3 = 0 OR id < ?3) ORDER BY id DESC LIMIT ?4",
        parent,
        after,
        before,
        SHOWN,
    )
    return [_post(row) for row in reversed(rows)]


def removed_since(store: Store, kind: Kind, parent: int, since: str) -> list[Post]:
    """Posts that were taken away at ``since`` or later."""
    sql = f"SELECT * FROM {_POSTS[kind]} WHERE parent = ? AND removed >= ? AND removed != '' ORDER BY id"
    return [_post(row) for row in store.rows(sql, parent, since)]


def remove(store: Store, kind: Kind, parent: int, id: int, by: str, own: bool) -> str:
    """Take a post away: it stays in the database, with when and by whom. ``own``: only where ``by`` wrote it.

    Returns who wrote it; empty where there is no such post, or it is gone already."""
    with store.write() as db:
        row = db.execute(
            f"UPDATE {_POSTS[kind]} SET removed = ?1, removed_by = ?2 WHERE parent = ?3 AND id = ?4 AND removed = ''"
            " AND (NOT ?5 OR author = ?2) RETURNING author",
            (now(), by, parent, id, own),
        ).fetchone()
    return str(row["author"]) if row else ""


def read(store: Store, learner: str, kind: Kind, parent: int, last: int) -> None:
    """Note how far somebody has read; it costs a write only where there was something new."""
    values = (learner, kind, parent)
    row = store.row("SELECT last FROM talk_reads WHERE learner = ? AND kind = ? AND parent = ?", *values)
    if last > (row["last"] if row else 0):
        sql = "INSERT INTO talk_reads VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET last = max(last, excluded.last)"
        store.together(lambda db: db.execute(sql, (*values, last)) and None)


def unread(store: Store, class_id: int, me: str) -> tuple[int, int]:
    """(posts in threads, open questions with something new) of a class that ``me``, of its staff, has not read."""
    new = sum(unread for _, _, unread in threads(store, class_id, me))
    return new, sum(1 for one, unread, _ in questions(store, class_id, me, False) if unread and not one.settled)


def knows_case(store: Store, learner: str, family: str) -> tuple[bool, bool]:
    """(has an attempt at the case, or any patient of it, in; has an attempt, or has seen its key or an audit of it)."""
    ids = "(case_id = ?2 OR (case_id >= ?2 || '~' AND case_id < ?2 || '~~'))"
    row = store.row(
        f"SELECT EXISTS (SELECT 1 FROM attempts WHERE learner = ?1 AND {ids}) AS done,"
        # What was asked for in a lab is kept under the case with that lab behind it.
        f" EXISTS (SELECT 1 FROM asked WHERE learner = ?1 AND key_shown IS NOT NULL"
        f" AND ({ids} OR (case_id >= ?2 || '@' AND case_id < ?2 || 'A')))"
        f" OR EXISTS (SELECT 1 FROM audits WHERE learner = ?1 AND {ids}) AS told",
        learner,
        family,
    )
    return (bool(row["done"]), bool(row["done"] or row["told"])) if row else (False, False)


def _thread(row: sqlite3.Row) -> Thread:
    return Thread(row["id"], row["class"], row["case_id"], row["opens"])


def _question(row: sqlite3.Row) -> Question:
    return Question(row["id"], row["class"], row["learner"], row["case_id"], row["made"], row["settled"])


def _post(row: sqlite3.Row) -> Post:
    return Post(
        row["id"], row["parent"], row["author"], row["made"], row["text"], bool(row["knew"]), bool(row["early"]),
        row["removed"], row["removed_by"],
    )  # fmt: skip
