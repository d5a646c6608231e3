"""The list of a class: taking one over, coming for a line of it, and the one-time codes that a line may need."""

import hashlib
import secrets
from collections.abc import Sequence

from sandbox.classroom import joincodes
from sandbox.classroom.roster import Entry
from sandbox.store.classes import Member, read
from sandbox.store.database import Store, now


def claim(store: Store, id: int, learner: str) -> bool:
    """Somebody has come for a line of the list, for the first time or after a reset; False where another did before."""
    with store.write() as db:
        done = db.execute(
            "UPDATE members SET learner = ?2, slip = '', joined = ?3"
            " WHERE id = ?1 AND (learner IS NULL OR (learner = ?2 AND slip != ''))",
            (id, learner, now()),
        )
    return done.rowcount == 1


def plan_list(there: Sequence[Member], entries: Sequence[Entry]) -> dict[int, Member]:
    """Line → the learner who is in the class already and is meant by it: same id, else same e-mail, else same name.

    By a name only where neither id nor e-mail tells the two apart, and nobody by two lines: an id is looked for in all
    lines before a name is.
    """
    found: dict[int, Member] = {}
    for field in ("number", "email", "name"):
        for entry in entries:
            value, taken = getattr(entry, field).casefold(), {one.id for one in found.values()}
            same = [
                one
                for one in there
                if value
                and one.role == "learner"
                and entry.line not in found
                and one.id not in taken
                and getattr(one, field).casefold() == value
                and not (field == "name" and _told_apart(one, entry))
            ]
            if len(same) == 1:
                found[entry.line] = same[0]
    return found


def _told_apart(one: Member, entry: Entry) -> bool:
    pairs = ((one.number, entry.number), (one.email, entry.email))
    return any(a and b and a.casefold() != b.casefold() for a, b in pairs)


def take_list(store: Store, class_id: int, entries: Sequence[Entry], slips: bool) -> dict[int, str]:
    """Take a list over, all of it or nothing: new people are added, known ones get their name, id and e-mail from it.

    ``slips``: new people need a one-time code; the codes are returned, by membership, and only their digests are kept.
    """
    out: dict[int, str] = {}
    with store.write() as db:
        rows = db.execute("SELECT * FROM members WHERE class = ?", (class_id,)).fetchall()
        known = plan_list([read(row) for row in rows], entries)
        for entry in entries:
            if one := known.get(entry.line):
                db.execute(
                    "UPDATE members SET name = ?, number = ?, email = ? WHERE id = ?",
                    (entry.name, entry.number or one.number, entry.email or one.email, one.id),
                )
                continue
            slip = joincodes.fresh() if slips else ""
            row = db.execute(
                "INSERT INTO members (class, role, name, number, email, slip, added)"
                " VALUES (?, 'learner', ?, ?, ?, ?, ?) RETURNING id",
                (class_id, entry.name, entry.number, entry.email, _digest(slip) if slip else "", now()),
            ).fetchone()
            if slip:
                out[row["id"]] = slip
    return out


def new_slip(store: Store, id: int) -> str:
    """A fresh one-time code for somebody of a list who has not come yet."""
    slip = joincodes.fresh()
    with store.write() as db:
        db.execute("UPDATE members SET slip = ? WHERE id = ? AND learner IS NULL", (_digest(slip), id))
    return slip


def reset(store: Store, id: int) -> str:
    """Take a learner's PIN away and end all sessions. Returns the one-time code with which another PIN is chosen.

    Empty for somebody who signs in by a name of their own, or teaches or assists anywhere: theirs is not a class's to
    take.
    """
    slip = joincodes.fresh()
    with store.write() as db:
        done = db.execute(
            "UPDATE accounts SET secret = '', epoch = epoch + 1, changed = ?2 WHERE login IS NULL AND learner IN"
            " (SELECT m.learner FROM members m JOIN learners l ON l.id = m.learner"
            " WHERE m.id = ?1 AND m.role = 'learner' AND l.role = 'learner' AND NOT EXISTS"
            " (SELECT 1 FROM members t WHERE t.learner = m.learner AND t.role != 'learner'))",
            (id, now()),
        )
        if done.rowcount != 1:
            return ""
        db.execute("UPDATE members SET slip = ? WHERE id = ?", (_digest(slip), id))
    return slip


def slip_fits(store: Store, id: int, typed: str) -> bool:
    """Whether the one-time code is the one of this line of the list; True where none is needed."""
    row = store.row("SELECT slip FROM members WHERE id = ?", id)
    return row is not None and (
        not row["slip"] or secrets.compare_digest(str(row["slip"]), _digest(joincodes.read(typed)))
    )


def _digest(slip: str) -> str:
    return hashlib.sha256(slip.encode()).hexdigest()
