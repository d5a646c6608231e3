"""Labs: what an instructor has set, when they ran, who sits in them and which encounters each one codes."""

import datetime as dt
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sandbox.classroom.lab import Lab, Plan, Seat
from sandbox.store.classes import with_code
from sandbox.store.database import Store, now

LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Task:
    """An encounter that a learner codes in a lab. ``used``: checks so far; ``attempt``: the last, or None."""

    place: int
    case_id: str
    used: int
    attempt: int | None
    score: float | None


def create(
    store: Store,
    class_id: int,
    by: str,
    name: str,
    plan: Plan,
    cases: Sequence[str],
    starts: dt.datetime | None,
    ends: dt.datetime | None,
) -> int:
    """A new lab, not begun. Returns its id."""
    with store.write() as db:
        row = with_code(
            db,
            "INSERT INTO labs (code, class, name, made, by, plan, starts, ends) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
            " RETURNING id",
            (class_id, name[:LONGEST_NAME], now(), by, plan.to_json(), _text(starts), _text(ends)),
        )
        _put_cases(db, row["id"], cases)
    return int(row["id"])


def change(
    store: Store,
    id: int,
    name: str,
    plan: Plan,
    cases: Sequence[str],
    starts: dt.datetime | None,
    ends: dt.datetime | None,
) -> None:
    """Set it anew. The cases stay what they are once somebody has joined."""
    with store.write() as db:
        db.execute(
            "UPDATE labs SET name = ?, plan = ?, starts = ?, ends = ? WHERE id = ?",
            (name[:LONGEST_NAME], plan.to_json(), _text(starts), _text(ends), id),
        )
        if db.execute("SELECT 1 FROM seats WHERE lab = ? AND joined != ''", (id,)).fetchone() is None:
            db.execute("DELETE FROM lab_items WHERE lab = ?", (id,))
            _put_cases(db, id, cases)


def _put_cases(db: sqlite3.Connection, id: int, cases: Sequence[str]) -> None:
    db.executemany("INSERT INTO lab_items VALUES (?, ?, ?)", [(id, n, case) for n, case in enumerate(cases, 1)])


def get(store: Store, id: int) -> Lab | None:
    """A lab, or None."""
    return next(iter(_labs(store, "l.id = ?", id)), None)


def by_code(store: Store, code: str) -> Lab | None:
    """The lab that has this code, or None."""
    return next(iter(_labs(store, "l.code = ?", code)), None)


def of_class(store: Store, class_id: int) -> list[Lab]:
    """The labs of a class, the newest first."""
    return _labs(store, "l.class = ?", class_id)[::-1]


def not_settled(store: Store) -> list[Lab]:
    """Every lab that goes on, is planned, or whose end has not been seen to."""
    return _labs(store, "l.settled = ''")


def open_reports(store: Store, id: int, settled: bool) -> None:
    """Reports that waited for the end of a lab can be read. ``settled``: and its end has been seen to for good."""
    with store.write() as db:
        db.execute("UPDATE attempts SET held = 0 WHERE lab = ? AND held", (id,))
        if settled:
            db.execute("UPDATE labs SET settled = ? WHERE id = ?", (now(), id))


def _labs(store: Store, where: str, *values: object) -> list[Lab]:
    rows = store.rows(
        "SELECT l.*, coalesce((SELECT max(extra) FROM seats WHERE lab = l.id), 0) AS most_extra FROM labs l"
        f" WHERE {where} ORDER BY l.id",
        *values,
    )
    return [_lab(store, row) for row in rows]


def _lab(store: Store, row: sqlite3.Row) -> Lab:
    cases = store.rows("SELECT case_id FROM lab_items WHERE lab = ? ORDER BY place", row["id"])
    pauses = store.rows("SELECT began, ended FROM pauses WHERE lab = ? ORDER BY began", row["id"])
    return Lab(
        id=row["id"],
        class_id=row["class"],
        name=row["name"],
        code=row["code"],
        plan=Plan.from_json(row["plan"]),
        cases=tuple(case["case_id"] for case in cases),
        starts=_moment(row["starts"]),
        ends=_moment(row["ends"]),
        started=_moment(row["started"]),
        ended=_moment(row["ended"]),
        pauses=tuple((dt.datetime.fromisoformat(one["began"]), _moment(one["ended"])) for one in pauses),
        most_extra=dt.timedelta(seconds=row["most_extra"]),
        settled=bool(row["settled"]),
    )


def start(store: Store, id: int) -> None:
    """Begin, if it has not begun."""
    with store.write() as db:
        db.execute("UPDATE labs SET started = ? WHERE id = ? AND started = '' AND ended = ''", (now(), id))


def stop(store: Store, id: int) -> None:
    """End it for all."""
    with store.write() as db:
        db.execute("UPDATE labs SET ended = ? WHERE id = ? AND ended = ''", (now(), id))
        db.execute("UPDATE pauses SET ended = ? WHERE lab = ? AND ended = ''", (now(), id))


def reopen(store: Store, id: int) -> None:
    """Take back the end by the button."""
    with store.write() as db:
        db.execute("UPDATE labs SET ended = '' WHERE id = ?", (id,))


def by_itself(id: int) -> str:
    """What the tokens begin with of attempts that nobody sent: of what was typed when a lab ended."""
    return f"lab-{id}-"


def give_back(store: Store, id: int, held: bool) -> None:
    """A lab that had ended goes on: what was handed in by itself is with its learner again, as it was typed.

    Not where a dispute or a new grade rests on it. ``held``: reports that had been opened wait for its end again.
    """
    with store.write() as db:
        found = db.execute(_BY_ITSELF, (id, f"{by_itself(id)}%")).fetchall()
        for one in found:
            db.execute("INSERT OR IGNORE INTO drafts VALUES (?, ?, ?, ?, ?)", tuple(one)[1:])
            db.execute("DELETE FROM steps WHERE attempt = ?", (one["id"],))
            db.execute("DELETE FROM attempts WHERE id = ?", (one["id"],))
        db.execute("UPDATE attempts SET held = 1 WHERE lab = ? AND ?", (id, held))
        db.execute("UPDATE labs SET settled = '' WHERE id = ?", (id,))


_BY_ITSELF: Final = """
    SELECT id, learner, case_id || '@' || lab AS slot, case_hash, lines, made FROM attempts WHERE lab = ?1 AND lab
    AND token LIKE ?2 AND id NOT IN (SELECT attempt FROM disputes UNION SELECT attempt FROM regrades)"""


def pause(store: Store, id: int) -> None:
    """Everybody waits."""
    with store.write() as db:
        if db.execute("SELECT 1 FROM pauses WHERE lab = ? AND ended = ''", (id,)).fetchone() is None:
            db.execute("INSERT OR IGNORE INTO pauses (lab, began) VALUES (?, ?)", (id, now()))


def resume(store: Store, id: int) -> None:
    """Everybody goes on."""
    with store.write() as db:
        db.execute("UPDATE pauses SET ended = ? WHERE lab = ? AND ended = ''", (now(), id))


def join(store: Store, id: int, learner: str, choose: Callable[[], Mapping[int, str]]) -> None:
    """Give a learner a seat with its encounters (place → id), once. ``choose`` is asked for those who are new."""
    if seat(store, id, learner):
        return
    chosen = choose()
    with store.write() as db:
        done = db.execute(
            "INSERT INTO seats (lab, learner, joined) VALUES (?, ?, ?)"
            " ON CONFLICT DO UPDATE SET joined = excluded.joined WHERE joined = ''",
            (id, learner, now()),
        )
        if done.rowcount:
            rows = [(id, learner, place, case_id) for place, case_id in chosen.items()]
            db.executemany("INSERT INTO tasks VALUES (?, ?, ?, ?)", rows)


def seat(store: Store, id: int, learner: str) -> Seat | None:
    """A learner's seat, or None for somebody who has not begun."""
    row = store.row("SELECT * FROM seats WHERE lab = ? AND learner = ? AND joined != ''", id, learner)
    return _seat(row) if row else None


def seats(store: Store, id: int) -> list[Seat]:
    """All seats of a lab, in the order of joining."""
    rows = store.rows("SELECT * FROM seats WHERE lab = ? AND joined != '' ORDER BY joined, learner", id)
    return [_seat(row) for row in rows]


def extra_time(store: Store, id: int) -> dict[str, int]:
    """Learner → seconds of extra time, of all who were given some, those who have not begun among them."""
    rows = store.rows("SELECT learner, extra FROM seats WHERE lab = ? AND extra", id)
    return {row["learner"]: row["extra"] for row in rows}


def give_time(store: Store, id: int, learner: str, seconds: int) -> None:
    """Set the extra time of one learner. Of somebody who has not begun it is kept in a seat that nobody has taken yet:
    ``joined`` is empty."""
    with store.write() as db:
        db.execute(
            "INSERT INTO seats (lab, learner, joined, extra) VALUES (?, ?, '', ?)"
            " ON CONFLICT DO UPDATE SET extra = excluded.extra",
            (id, learner, seconds),
        )


def tasks(store: Store, id: int, learner: str) -> list[Task]:
    """What a learner codes in a lab, in order, and how far it is."""
    # One join: asked by itself, max(id) walks over everybody's attempts at the case, and every answer asks for this.
    rows = store.rows(
        "SELECT t.place, t.case_id, count(a.id) FILTER (WHERE a.judged) AS used, max(a.id) AS attempt,"
        " max(a.score) AS score FROM tasks t LEFT JOIN attempts a ON a.lab = t.lab AND a.learner = t.learner"
        " AND a.case_id = t.case_id WHERE t.lab = ? AND t.learner = ? GROUP BY t.place ORDER BY t.place",
        id,
        learner,
    )
    return [Task(row["place"], row["case_id"], row["used"], row["attempt"], row["score"]) for row in rows]


def given(store: Store, id: int) -> dict[str, int]:
    """Encounter → how many have it before them in a lab."""
    rows = store.rows("SELECT case_id, count(*) AS many FROM tasks WHERE lab = ? GROUP BY case_id", id)
    return {row["case_id"]: row["many"] for row in rows}


def progress(store: Store, id: int) -> dict[str, dict[int, float | None]]:
    """Learner → place → best score so far (None: not judged); a place without an attempt is not there."""
    rows = store.rows(
        "SELECT t.learner, t.place, max(a.score) AS score FROM tasks t JOIN attempts a ON a.lab = t.lab"
        " AND a.learner = t.learner AND a.case_id = t.case_id WHERE t.lab = ? GROUP BY t.learner, t.place",
        id,
    )
    out: dict[str, dict[int, float | None]] = {}
    for row in rows:
        out.setdefault(row["learner"], {})[row["place"]] = row["score"]
    return out


def drafts_left(store: Store, id: int) -> list[sqlite3.Row]:
    """Work that was typed and never handed in: ``learner``, ``place``, ``case_id``, ``case_hash``, ``lines``."""
    return store.rows(
        "SELECT t.learner, t.place, t.case_id, d.case_hash, d.lines FROM tasks t JOIN drafts d"
        " ON d.learner = t.learner AND d.case_id = t.case_id || '@' || t.lab WHERE t.lab = ?",
        id,
    )


def _seat(row: sqlite3.Row) -> Seat:
    joined = dt.datetime.fromisoformat(row["joined"])
    return Seat(row["lab"], row["learner"], joined, dt.timedelta(seconds=row["extra"]))


def _moment(text: str) -> dt.datetime | None:
    return dt.datetime.fromisoformat(text) if text else None


def _text(moment: dt.datetime | None) -> str:
    return moment.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z") if moment else ""
