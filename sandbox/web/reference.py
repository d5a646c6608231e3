"""What anyone may look up: the rules, the codes, and where everything comes from. Drawn from the things themselves."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from sandbox.codes import search
from sandbox.codes.model import day
from sandbox.encounter import CM, PCS
from sandbox.rulebook import find as rulefind
from sandbox.rulebook.page import book
from sandbox.web import rulepages
from sandbox.web.fragments import fill
from sandbox.web.house import REFERENCE_DAY, House, house
from sandbox.web.trial import trial
from sandbox.web.views import is_htmx

pages = Blueprint("reference", __name__)

_BOOKS: Final = {CM: "cm", PCS: "pcs"}
_FILTERS: Final = ("q", "severity", "family")


@pages.get("/rules")
def rules() -> ResponseReturnValue:
    """The list of rules by family: all, or those that were asked for."""
    return render_template("reference/rules.html", **_found(request.args))


@pages.post("/rules/search")
def search_rules() -> ResponseReturnValue:
    """The same list while somebody types; without htmx, the page."""
    asked: dict[str, Any] = {
        name: value for name in _FILTERS if (value := request.form.get(name, "")[: rulefind.LONGEST])
    }
    address = url_for("reference.rules", **asked)
    if not is_htmx():
        return redirect(address, 303)
    response = make_response(render_template("reference/_rulesfound.html", **_found(request.form)))
    response.headers["HX-Replace-Url"] = address
    return response


def _found(fields: Mapping[str, str]) -> dict[str, Any]:
    asked = {name: fields.get(name, "")[: rulefind.LONGEST] for name in _FILTERS}
    found = rulefind.find(house().codes, **asked)
    return {**asked, "found": found, "count": sum(len(rules) for _, rules in found), **rulepages.listed()}


@pages.get("/rules/<id>")
def rule(id: str) -> ResponseReturnValue:
    """A rule's page, drawn from its docstring, with the form in which a claim can be tried."""
    if id != id.upper():
        return redirect(url_for("reference.rule", id=id.upper()), 301)
    found = book().get(id) or abort(404)
    tried = trial(request.args, found.rule)
    context = rulepages.context(found, house().codes)
    return render_template("reference/rule.html", **tried, **context), tried["status"]


@pages.get("/codes")
def find() -> ResponseReturnValue:
    """Where codes were looked up before there was the code book."""
    kept: dict[str, Any] = {"q": q} if (q := request.args.get("q", "")) else {}
    if book := _BOOKS.get(request.args.get("system", "")):
        kept["in"] = book
    return redirect(url_for("book.home", **kept), 301)


@pages.post("/codes/suggest")
def suggest() -> ResponseReturnValue:
    """Suggestions while typing, for the date of the case that the learner is in, or for the one that is given."""
    here = house()
    file = here.cases.get(request.form.get("case_id", ""))
    on = day(_given_day(request.form.get("on", "")) or (file.case.encounter().on if file else REFERENCE_DAY))
    system = PCS if request.form.get("system") == PCS else CM
    return _suggestions(here, request.form.get("q", "")[:200], system, on)


def _suggestions(here: House, typed: str, system: str, on: int) -> Markup:
    """The list for what was typed, drawn once: a class types the same beginnings, and code sets do not change."""
    codes = here.codes.at(on)
    # The search does not mind capitals, so that none of these letters is lost; of others, some are two in small.
    key = (codes, system, on, typed.lower() if typed.isascii() else typed)
    found = here.suggestions.get(key)
    if found is None:
        found = fill("reference/_suggest.html", hits=search.search(codes, typed, system, on=on), on=on)
        here.suggestions.put(key, found)
    return found


def _given_day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


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
