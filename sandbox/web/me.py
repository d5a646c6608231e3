"""The learner's own page: progress in small charts, what to do next and why, what is due, and the log of practice."""

import csv
import datetime as dt
import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, Response, abort, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeSerializer

from sandbox.codes.model import day
from sandbox.drills import KINDS
from sandbox.practice import Due, Review, schedule
from sandbox.progress import FEWEST, Progress, progress
from sandbox.store import confidence, mine
from sandbox.store.confidence import SURE
from sandbox.store.mine import Done
from sandbox.web import charts
from sandbox.web.house import REFERENCE_DAY, House, house
from sandbox.web.security import InstructorsOnly, known, learner, name, teaches

pages = Blueprint("me", __name__)

WHATS: Final = {
    "skill": "By skill (guideline section)",
    "chapter": "By chapter of ICD-10-CM",
    "specialty": "By specialty",
    "setting": "By setting",
}
_MOST_ROWS: Final = 12
_SOON: Final = 14
_FORMULA: Final = tuple("=+-@\t\r")


def _progress(here: House, done: list[Done]) -> Progress:
    return progress(done, here.cases.encounters(), here.codes.at(day(REFERENCE_DAY)))


@pages.get("/me")
def overview() -> ResponseReturnValue:
    """Progress, what to do next, what is due."""
    here, me = house(), known()
    done = mine.attempts(here.store, me) if me else []
    found, due = _progress(here, done), _due(here, me, done)
    return render_template(
        "me/overview.html",
        done=done,
        progress=found,
        whats=WHATS,
        fewest=FEWEST,
        most=_MOST_ROWS,
        sure=[(SURE[row["sure"]], row) for row in confidence.of_learner(here.store, me)] if me else [],
        next=list(_next(here, done, found, due))[:3],
        due=[(one, _title(here, one.item)) for one in due if one.due.date() <= _today()],
        load=_load(due),
        name=name(),
    )


def _today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()


def _due(here: House, me: str, done: list[Done]) -> list[Due]:
    reviews = [
        Review(f"case:{one.case_id.partition('~')[0]}", _moment(one.made), one.score, one.hints > 0, one.key_shown)
        for one in done
    ]
    if me:
        reviews += [
            Review(f"drill:{row['kind']}", _moment(row["made"]), row["correct"] / row["answered"])
            for row in mine.drills(here.store, me)
        ]
    there = here.cases.cases()
    return [
        one for one in schedule(reviews)
        if (id := one.item.partition(":")[2]) in KINDS or (id in there and there[id].case.status == "ready")
    ]  # fmt: skip


def _moment(made: str) -> dt.datetime:
    return dt.datetime.fromisoformat(made.replace("Z", "+00:00"))


def _title(here: House, item: str) -> tuple[str, str]:
    """(title, address) of a case, which leads to a patient not met yet where there is one, or of a kind of drill."""
    what, _, id = item.partition(":")
    if what == "drill":
        return f"Drill: {KINDS[id].label}", url_for("drills.next_one", kind=id)
    file = here.cases.cases()[id]
    where = url_for("learn.patient" if file.others else "learn.case", case_id=id)
    return file.case.title, where


def _load(due: list[Due]) -> list[tuple[str, int]]:
    """How many items come due on each of the next days; what is late comes today."""
    days = [_today() + dt.timedelta(days=n) for n in range(_SOON)]
    return [
        (day.isoformat()[5:], sum(one.due.date() == day or (n == 0 and one.due.date() < day) for one in due))
        for n, day in enumerate(days)
    ]


@dataclass(frozen=True, slots=True)
class Idea:
    """One thing to do next, and why."""

    title: str
    url: str
    why: str


def _next(here: House, done: list[Done], found: Progress, due: list[Due]) -> Iterable[Idea]:
    """What is due; a case for the weakest skill; a specialty that was not tried. Never one whose key was seen today."""
    today = _today().isoformat()
    tired = {one.case_id.partition("~")[0] for one in done if one.key_shown and one.made.startswith(today)}
    late = next((one for one in due if one.due.date() <= _today() and one.item.partition(":")[2] not in tired), None)
    if late:
        since = (_today() - late.last.date()).days
        yield Idea(
            *_title(here, late.item), f"Due again: you met it {since} days ago, and now is when it is best recalled."
        )
    met = {one.case_id.partition("~")[0] for one in done}
    fresh = [f for f in here.cases.cases().values() if f.case.status == "ready" and f.id not in met]
    fresh.sort(key=lambda file: (file.case.difficulty, file.id))
    weak = found.weakest
    if weak:
        fit = next((f for f in fresh if any(s == weak.id or s.startswith(f"{weak.id}.") for s in f.case.skills)), None)
        if fit:
            why = f"It exercises {weak.label}, where {weak.right} of {weak.of} lines were right at first."
            yield Idea(*_title(here, f"case:{fit.id}"), why)
    tried = {here.cases.cases()[id].case.specialty for id in met if id in here.cases.cases()}
    new = next((file for file in fresh if file.case.specialty not in tried), None)
    if new:
        yield Idea(*_title(here, f"case:{new.id}"), f"You have not tried {new.case.specialty} yet.")
    yield Idea(
        "A round of drills", url_for("drills.begin_round"), "Ten short questions of all kinds, in a few minutes."
    )


@pages.get("/me/chart/<what>.svg")
def chart(what: str) -> ResponseReturnValue:
    """One chart as an image; ``?dark=1`` for dark pages. The same numbers stand in a table beside it."""
    here, me, dark = house(), known(), request.args.get("dark") == "1"
    done = mine.attempts(here.store, me) if me else []
    if what == "load":
        drawn = charts.bars([(label, n) for label, n in _load(_due(here, me, done))], dark, None)
    elif what == "errors":
        drawn = charts.bars([(label, n) for label, n in _progress(here, done).errors[:_MOST_ROWS]], dark, None)
    elif what in WHATS:
        told = [share for share in _progress(here, done).shares[what] if share.value is not None][:_MOST_ROWS]
        drawn = charts.bars([(share.label, round(100 * (share.value or 0))) for share in told], dark)
    else:
        abort(404)
    return Response(drawn, mimetype="image/svg+xml")


@pages.post("/cases/<case_id>/spent")
def spent(case_id: str) -> ResponseReturnValue:
    """Active seconds on a case, as the browser counts them: with no idle time in them."""
    here = house()
    seconds = request.form.get("seconds", "")
    if case_id not in here.cases.encounters() or not seconds.isdecimal() or len(seconds) > 4:
        abort(404)
    mine.spend(here.store, learner(), case_id, int(seconds))
    return "", 204


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the log: a day's work on an encounter."""

    day: str
    title: str
    specialty: str
    setting: str
    minutes: int | None
    attempts: int
    first: float
    best: float
    help: str


def _log(here: House, me: str, since: str, until: str) -> list[Entry]:
    there, spent = here.cases.encounters(), mine.spent(here.store, me)
    days: dict[tuple[str, str], list[Done]] = {}
    for one in mine.attempts(here.store, me):
        if since <= one.made[:10] <= until:
            days.setdefault((one.made[:10], one.case_id), []).append(one)
    return [
        Entry(
            date,
            there[id].case.title if id in there else id,
            there[id].case.specialty if id in there else "",
            there[id].case.setting_label if id in there else "",
            round(spent[id, date] / 60) if (id, date) in spent else None,
            len(rows),
            rows[0].score,
            max(row.score for row in rows),
            "key" if rows[-1].key_shown else "hints" if rows[-1].hints else "none",
        )
        for (date, id), rows in sorted(days.items())
    ]


def _range() -> tuple[str, str]:
    def date(name: str, otherwise: str) -> str:
        try:
            return dt.date.fromisoformat(request.args.get(name, "")).isoformat()
        except ValueError:
            return otherwise

    return date("from", "2000-01-01"), date("to", _today().isoformat())


def _sealed() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="log of practice")


@pages.get("/me/log")
def log() -> ResponseReturnValue:
    """The log of practice, to be printed and signed."""
    here, me = house(), known()
    since, until = _range()
    entries = _log(here, me, since, until) if me else []
    seal = _sealed().dumps([name(), since, until, *_totals(entries)])
    totals = _totals(entries)
    return render_template(
        "me/log.html", entries=entries, totals=totals, since=since, until=until, name=name(), seal=seal
    )


def _totals(entries: list[Entry]) -> tuple[int, int, int]:
    """(encounters and days, attempts, active minutes)."""
    return len(entries), sum(e.attempts for e in entries), sum(e.minutes or 0 for e in entries)


@pages.get("/me/log.csv")
def log_csv() -> ResponseReturnValue:
    """The log for a spreadsheet: UTF-8 with a mark for Excel, and no cell that a spreadsheet would run."""
    here, me = house(), known()
    out = io.StringIO()
    write = csv.writer(out)
    write.writerow(
        ("date", "encounter", "specialty", "setting", "active minutes", "attempts", "first score", "best score", "help")
    )
    for e in _log(here, me, *_range()) if me else []:
        row: tuple[Any, ...] = (e.day, e.title, e.specialty, e.setting, "" if e.minutes is None else e.minutes)
        write.writerow([_tame(cell) for cell in (*row, e.attempts, f"{e.first:.2f}", f"{e.best:.2f}", e.help)])
    headers = {"Content-Disposition": "attachment; filename=practice-log.csv"}
    return Response("\ufeff" + out.getvalue(), mimetype="text/csv", headers=headers)


def _tame(cell: object) -> str:
    text = str(cell)
    return f"'{text}" if text.startswith(_FORMULA) else text


@pages.get("/me/log/check")
def check() -> ResponseReturnValue:
    """For instructors: whether a printed log is as it was made here, by its seal."""
    if not teaches():
        raise InstructorsOnly
    seal = "".join(request.args.get("seal", "").split())
    found = None
    if seal:
        try:
            found = _sealed().loads(seal)
        except BadSignature:
            found = ()
    return render_template("me/check.html", seal=seal, found=found)
