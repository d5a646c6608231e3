"""The next step of the feedback on a query to the provider, on request only, and recorded."""

import re
from typing import Final

from flask import Blueprint, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from sandbox.report import Report
from sandbox.store import steps
from sandbox.store.steps import COMPARED, KIND, QUERIES
from sandbox.web import labwork
from sandbox.web.house import house
from sandbox.web.queryview import draw
from sandbox.web.security import known
from sandbox.web.views import is_htmx, seen_attempt

pages = Blueprint("querying", __name__)

_STEP: Final = re.compile(rf"all|(\d{{1,2}})-([{KIND}{COMPARED}])")


@pages.post("/attempts/<int(max=9223372036854775807):id>/query")
def step(id: int) -> ResponseReturnValue:
    """Tell whether something was to be asked (``all``), or more of one query (``0-2``). Only its learner asks."""
    here, found = house(), seen_attempt(id)
    asked = _STEP.fullmatch(request.form.get("query", ""))
    if found.learner != known() or found.report is None or asked is None:
        abort(404)
    report = Report.from_json(found.report)
    before = steps.taken(here.store, id)
    if asked[1] is None:
        steps.take(here.store, id, [QUERIES], KIND)
    else:
        n = int(asked[1])
        # What the learner did not ask shows only once they have asked whether something was missing.
        if n >= len(report.asked) or not (report.asked[n].text or QUERIES in before):
            abort(404)
        if int(asked[2]) == COMPARED:
            labwork.demand_comparison(here, found)
        steps.take(here.store, id, [QUERIES + 1 + n], int(asked[2]))
    if not is_htmx():
        return redirect(url_for("learn.attempt", id=id, _anchor="asked"), 303)
    file = here.version(found.case_id, found.case_hash)
    fresh = int(asked[1]) if asked[1] else -1
    return draw(report, file.case if file else None, False, steps.taken(here.store, id), fresh)
