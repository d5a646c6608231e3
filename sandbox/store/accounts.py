"""Accounts: what a person signs in with, and the number that ends all sessions at once."""

import sqlite3
from dataclasses import dataclass

from sandbox.store.database import Store, now


@dataclass(frozen=True, slots=True)
class Account:
    """``login`` is empty where somebody signs in by a class; ``secret`` (hashed) where by another system only.

    ``epoch`` grows when all sessions are to end: a session holds the one that it began with.
    """

    learner: str
    login: str
    secret: str
    epoch: int


class Taken(Exception):
    """Somebody else signs in by that name."""


def get(store: Store, learner: str) -> Account | None:
    """A person's account, or None."""
    return _account(store.row("SELECT learner, login, secret, epoch FROM accounts WHERE learner = ?", learner))


def by_login(store: Store, login: str) -> Account | None:
    """The account behind a login, in whatever case it is written."""
    return _account(store.row("SELECT learner, login, secret, epoch FROM accounts WHERE login = ?", login))


def put(store: Store, learner: str, login: str, secret: str) -> Account:
    """Make an account, or give one another login and secret, and end its other sessions. Raises :class:`Taken`."""
    try:
        with store.write() as db:
            row = db.execute(
                "INSERT INTO accounts VALUES (?, ?, ?, 0, ?) ON CONFLICT (learner) DO UPDATE SET"
                " login = excluded.login, secret = excluded.secret, epoch = epoch + 1, changed = excluded.changed"
                " RETURNING learner, login, secret, epoch",
                (learner, login or None, secret, now()),
            ).fetchone()
    except sqlite3.IntegrityError as error:
        raise Taken(login) from error
    found = _account(row)
    assert found
    return found


def rehash(store: Store, learner: str, secret: str) -> None:
    """Keep the same secret in another form; sessions go on."""
    with store.write() as db:
        db.execute("UPDATE accounts SET secret = ? WHERE learner = ?", (secret, learner))


def end_sessions(store: Store, learner: str) -> int:
    """Sign a person out everywhere. Returns the epoch of the sessions to come."""
    with store.write() as db:
        row = db.execute(
            "UPDATE accounts SET epoch = epoch + 1 WHERE learner = ? RETURNING epoch", (learner,)
        ).fetchone()
    return int(row["epoch"]) if row else 0


def _account(row: sqlite3.Row | None) -> Account | None:
    return Account(row["learner"], row["login"] or "", row["secret"], row["epoch"]) if row else None
