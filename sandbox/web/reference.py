"""What anyone may look up: the rules, the codes, and where everything comes from. Drawn from the things themselves."""

import datetime as dt
import re
import textwrap
from typing import Final

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sandbox.codes import search
from sandbox.codes.model import day
from sandbox.encounter import CM, PCS
from sandbox.rules import FAMILIES, RULES
from sandbox.web.house import house

pages = Blueprint("reference", __name__)

REFERENCE_DAY: Final = dt.date(2026, 4, 1)
"""The day of the bundled edition: pages that belong to no encounter list the codes in force on it."""

_SHOWN: Final = 30
_EXAMPLE: Final = re.compile(r"^(\s*- )(.+)$", re.MULTILINE)


@pages.get("/rules")
def rules() -> ResponseReturnValue:
    """The list of rules, by family."""
    return render_template("reference/rules.html", families=FAMILIES)


@pages.get("/rules/<id>")
def rule(id: str) -> ResponseReturnValue:
    """A rule's page: its own docstring."""
    if id != id.upper():
        return redirect(url_for("reference.rule", id=id.upper()), 301)
    found = RULES.get(id) or abort(404)
    _, _, tail = textwrap.dedent("    " + found.page).strip().partition("\n")
    prose, mark, examples = textwrap.dedent(tail).partition("## Flagged")
    page = prose + mark + _EXAMPLE.sub(r"\1`\2`", examples)
    return render_template("reference/rule.html", rule=found, page=page)


@pages.get("/codes")
def find() -> ResponseReturnValue:
    """Search without JavaScript, and by itself."""
    here, q = house(), request.args.get("q", "")[:200]
    system = PCS if request.args.get("system") == PCS else CM
    on = day(REFERENCE_DAY)
    hits = search.search(here.codes.at(on), q, system, _SHOWN, on) if q.strip() else []
    return render_template(
        "reference/find.html",
        q=q,
        system=system,
        hits=hits,
        on=on,
        edition=here.codes.at(on).edition,
        day=REFERENCE_DAY,
    )


@pages.post("/codes/suggest")
def suggest() -> ResponseReturnValue:
    """Suggestions while typing, for the date of the case that the learner is in."""
    here = house()
    file = here.cases.get(request.form.get("case_id", ""))
    on = day(file.case.encounter().on if file else REFERENCE_DAY)
    system = PCS if request.form.get("system") == PCS else CM
    hits = search.search(here.codes.at(on), request.form.get("q", "")[:200], system, on=on)
    return render_template("reference/_suggest.html", hits=hits, on=on)


@pages.get("/about")
def about() -> ResponseReturnValue:
    """Sources and licences, and what is loaded."""
    here, on = house(), day(REFERENCE_DAY)
    return render_template(
        "reference/about.html",
        edition=here.codes.at(on).edition,
        editions=[edition.edition for edition in here.codes.shelf.editions],
        day=REFERENCE_DAY,
        cm=f"{here.codes.at(on).count(on, CM):,}",
        pcs=f"{here.codes.count(on, PCS):,}",
    )
