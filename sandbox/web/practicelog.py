"""The log of practice: what was done on which day, to be printed, signed and checked, and as a table."""

import csv
import datetime as dt
import io
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, current_app, render_template, request
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeSerializer

from sandbox.classroom.cells import tame
from sandbox.store import mine
from sandbox.store.mine import Done
from sandbox.web.house import House, house
from sandbox.web.security import InstructorsOnly, known, name, teaches

pages = Blueprint("practicelog", __name__)


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

    return date("from", "2000-01-01"), date("to", dt.datetime.now(dt.UTC).date().isoformat())


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
        write.writerow([tame(cell) for cell in (*row, e.attempts, f"{e.first:.2f}", f"{e.best:.2f}", e.help)])
    headers = {"Content-Disposition": "attachment; filename=practice-log.csv"}
    return Response("\ufeff" + out.getvalue(), mimetype="text/csv", headers=headers)


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
