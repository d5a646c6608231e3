"""The next step of the feedback on a line, on request only, and recorded: the kind of error, then the comparison."""

import re
from typing import Final

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sandbox.report import RIGHT, Report
from sandbox.store import steps
from sandbox.web import labwork
from sandbox.web.feedback import draw_steps
from sandbox.web.house import house
from sandbox.web.security import known
from sandbox.web.views import is_htmx, seen_attempt, taken_along

pages = Blueprint("stepping", __name__)

_ASKED: Final = re.compile(rf"(\d{{1,3}}|all)-([{steps.KIND}{steps.COMPARED}])")


@pages.post("/attempts/<int(max=9223372036854775807):id>/step")
def step(id: int) -> ResponseReturnValue:
    """Tell one step more of a line of the attempt (``3-2``), or name every error (``all-2``). Only its learner asks."""
    here, found = house(), seen_attempt(id)
    if found.learner == known() and (about := request.form.get("problem")):
        return _to_the_problem(id, about)
    asked = _ASKED.fullmatch(request.form.get("step", ""))
    if found.learner != known() or found.report is None or asked is None:
        abort(404)
    report = Report.from_json(found.report)
    before, number = steps.taken(here.store, id), int(asked[2])
    wrong = [n for n, pair in enumerate(report.pairs) if pair.error not in RIGHT]
    if asked[1] == "all":
        wanted = [n for n in wrong if report.pairs[n].entered and before.get(n, 0) < steps.KIND]
        number = steps.KIND
    else:
        wanted = [n for n in wrong if n == int(asked[1])]
        if not wanted:
            abort(404)
    if number == steps.COMPARED:
        labwork.demand_comparison(here, found)
    steps.take(here.store, id, wanted, number)
    if not is_htmx():
        anchor = f"pair-{wanted[0]}" if wanted else "feedback"
        return redirect(url_for("learn.attempt", id=id, _anchor=anchor), 303)
    file = here.version(found.case_id, found.case_hash)
    case, taken = file.case if file else None, steps.taken(here.store, id)
    return draw_steps(report, case, before, taken, frozenset(wanted), asked[1] != "all")


def _to_the_problem(id: int, about: str) -> ResponseReturnValue:
    """To the form that reports a problem, with the line or finding chosen. The lines of equal answers are drawn once
    for everybody and know no attempt; the form that they stand in does."""
    where = url_for("problems.attempt", id=id, about=about)
    return ("", 204, {"HX-Redirect": where}) if is_htmx() else redirect(where, 303)


@pages.post("/attempts/<int(max=9223372036854775807):id>/lessons")
def take_along(id: int) -> ResponseReturnValue:
    """Three sentences to take along, once the case is finished: all right, or the key shown."""
    if not is_htmx():
        return redirect(url_for("learn.attempt", id=id, _anchor="lessons"), 303)
    return render_template("learn/_lessons.html", lessons=taken_along(seen_attempt(id)) or abort(404))
