"""The learner's own page: progress in small charts, what to do next and why, and what is due."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sandbox.codes.model import day
from sandbox.drills import KINDS
from sandbox.practice import Due, Review, schedule
from sandbox.progress import FEWEST, Progress, progress
from sandbox.store import goals, mine
from sandbox.store.mine import Done
from sandbox.web import charts
from sandbox.web.calibration import calibration
from sandbox.web.goal import WORDS
from sandbox.web.house import REFERENCE_DAY, House, house
from sandbox.web.security import known, learner, name

pages = Blueprint("me", __name__)

WHATS: Final = {
    "skill": "By skill (guideline section)",
    "chapter": "By chapter of ICD-10-CM",
    "specialty": "By specialty",
    "setting": "By setting",
}
_MOST_ROWS: Final = 12
_SOON: Final = 14


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
        sure=calibration(here, me),
        next=list(_next(here, done, found, due))[:3],
        due=[(one, _title(here, one.item)) for one in due if one.due.date() <= _today()],
        load=_load(due),
        name=name(),
        goal=goals.today(here.store, me),
        goal_words=WORDS,
        most_goal=goals.MOST,
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
    elif what == "sure":
        drawn = calibration(here, me).drawn(dark)
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
