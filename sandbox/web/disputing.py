"""A learner holds that a line was judged wrongly: the form below an attempt, and what became of it."""

import datetime as dt
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sandbox import disputes as rules
from sandbox.report import Pair, Report
from sandbox.store import classes, disputes, papers
from sandbox.store.attempts import Attempt
from sandbox.store.classes import Class
from sandbox.web import labwork, marking
from sandbox.web.access import ID, class_members_only, the_class
from sandbox.web.house import House, house
from sandbox.web.security import known
from sandbox.web.talkview import title
from sandbox.web.views import seen_attempt

pages = Blueprint("disputing", __name__)
class_members_only(pages)

_ONE: Final = f"/attempts/<{ID}:id>/dispute"


@dataclass(frozen=True, slots=True)
class Ground:
    """A class that takes disputes about an attempt, and until when."""

    room: Class
    until: dt.datetime


@dataclass(frozen=True, slots=True)
class Typed:
    """What a learner wrote; ``fault``: (what is wrong, what to do), None where nothing is."""

    line: int
    room: int
    reason: str
    document: str
    quote: str
    fault: tuple[str, str] | None = None


@pages.route(_ONE, methods=["GET", "POST"])
def attempt(id: int) -> ResponseReturnValue:
    """Dispute a line of one's own attempt, and see what became of those that were disputed."""
    here, found = house(), _own(id)
    grounds = grounds_of(here, found)
    lines = disputable(found)
    typed = _typed(here, found)
    if request.method == "POST":
        ground = next((one for one in grounds if one.room.id == typed.room or len(grounds) == 1), None)
        if ground is None:
            typed = _with_fault(typed, "No class takes this dispute", "The time for it is over, or choose the class.")
        elif typed.line not in lines:
            typed = _with_fault(typed, "No line is chosen", "Choose the line that you hold to be right.")
        elif typed.fault is None:
            if _add(here, found, ground, typed, lines[typed.line]):
                return redirect(url_for("disputing.attempt", id=id, _anchor="made"), 303)
            many = f"{rules.MOST_OPEN} of your disputes wait for an answer already"
            typed = _with_fault(typed, many, "Wait for the answers, or withdraw one.")
    file = here.version(found.case_id, found.case_hash)
    drawn = render_template(
        "disputes/mine.html",
        attempt=found,
        title=title(found.case_id),
        documents=file.case.documents if file else (),
        grounds=grounds,
        lines=lines,
        typed=typed,
        fault=typed.fault if request.method == "POST" else None,
        made=disputes.of_attempt(here.store, id),
        answers=rules.ANSWERS,
        longest=rules.LONGEST,
    )
    return (drawn, 400) if request.method == "POST" else drawn


@pages.post(f"{_ONE}/withdraw")
def withdraw(id: int) -> ResponseReturnValue:
    """Take a dispute back that nobody has answered yet."""
    found, said = _own(id), request.form.get("dispute", "")
    there = {str(one.id): one.id for one in disputes.of_attempt(house().store, found.id)}
    if said not in there:
        abort(404)
    # Where it was answered meanwhile, the page that comes shows the answer.
    with suppress(disputes.Refused):
        disputes.withdraw(house().store, there[said], found.learner)
    return redirect(url_for("disputing.attempt", id=id, _anchor="made"), 303)


@pages.get(f"/class/<{ID}:class_id>/disputes")
def of_class(class_id: int) -> ResponseReturnValue:
    """One's own disputes in a class."""
    made = disputes.of_learner(house().store, known(), class_id)
    return render_template(
        "disputes/of_class.html",
        room=the_class(class_id),
        made=[(one, title(one.case_id)) for one in made],
        answers=rules.ANSWERS,
    )


def _own(id: int) -> Attempt:
    found = seen_attempt(id)
    return found if found.learner == known() and found.report else abort(404)


def grounds_of(here: House, found: Attempt) -> list[Ground]:
    """The classes that still take a dispute about an attempt: of its lab, or, in practice, of its learner.

    None for one of a practice exam: a paper keeps the result that it was handed in with.
    """
    if found.id in papers.attempts_of(here.store, found.learner):
        return []
    lab = here.labs.get(found.lab) if found.lab else None
    rooms = [classes.get(here.store, lab.class_id)] if lab else classes.of_learner(here.store, found.learner)
    now, made = labwork.now(), dt.datetime.fromisoformat(found.made)
    ends = [end for end in (lab.ended, lab.ends) if end] if lab else []
    # As long as a lab goes on, its time has not begun to run.
    end = (min(ends, default=now) if lab.over(now) else now) if lab else None
    out = []
    for room in rooms:
        limit = rules.until(made, end, room.dispute_days) if room else None
        if room and limit and now < limit:
            out.append(Ground(room, limit))
    return out


def way_to_dispute(here: House, found: Attempt) -> str:
    """What the link to the disputes of one's own attempt says; empty where there is nothing to dispute or to read."""
    if found.learner != known() or not found.report:
        return ""
    made = disputes.of_attempt(here.store, found.id)
    if made:
        return f"Your disputes about this attempt: {', '.join(rules.ANSWERS[one.state] for one in made)}"
    return "Dispute a line of this report" if disputable(found) and grounds_of(here, found) else ""


def disputable(found: Attempt) -> dict[int, str]:
    """Place in the report → the line in words, for each line that can be disputed."""
    report = Report.from_json(found.report or {})
    words = lines_in_words(report.pairs)
    return {n: said for n, said in enumerate(words) if rules.disputable(report.pairs[n])}


def lines_in_words(pairs: Iterable[Pair]) -> list[str]:
    """Each line of a report as its page names it. A missing line is told by its number among them: not its code."""
    out, missing = [], 0
    for pair in pairs:
        if pair.entered is None:
            missing += pair.error == "missing"
            out.append(f"Missing line {missing}" if pair.error == "missing" else "Left out")
            continue
        side = pair.entered
        kind = "Procedure" if side.id.startswith("px") else "Diagnosis"
        more = f", {side.beside}" if side.beside else ""
        out.append(f"{kind} {side.place + 1}: {side.code}{more} {side.title}".strip())
    return out


def _typed(here: House, found: Attempt) -> Typed:
    form = request.form
    reason = form.get("reason", "").strip()
    document, quote = form.get("document", ""), " ".join(form.get("quote", "").split())
    line, room = form.get("line", request.args.get("line", "")), form.get("room", "")
    made = Typed(
        int(line) if line.isdecimal() and len(line) < 5 else -1,
        int(room) if room.isdecimal() and len(room) < 10 else 0,
        reason, document, quote,
    )  # fmt: skip
    if not reason:
        return _with_fault(made, "There is no reason yet", "Say in a sentence or two why the line is right.")
    if len(reason) > rules.LONGEST:
        return _with_fault(made, f"The reason is longer than {rules.LONGEST} characters", "Say it in less.")
    file = here.version(found.case_id, found.case_hash)
    proven = marking.proven(file.case, document, quote) if file else quote
    if isinstance(proven, tuple):
        return _with_fault(made, proven[0], proven[1])
    return replace(made, quote=proven)


def _with_fault(typed: Typed, what: str, advice: str) -> Typed:
    return replace(typed, fault=(what, advice))


def _add(here: House, found: Attempt, ground: Ground, typed: Typed, said: str) -> bool:
    line = rules.line_of(Report.from_json(found.report or {}).pairs[typed.line])
    new = disputes.New(
        ground.room.id, found.learner, found.id, typed.line, line, said, found.case_id, typed.reason, typed.document,
        typed.quote,
    )  # fmt: skip
    return disputes.add(here.store, new, rules.MOST_OPEN)
