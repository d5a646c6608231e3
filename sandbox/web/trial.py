"""Try it: any claim through all the rules, on the spot. It stores nothing.

A claim that is tried is part of the address (``?claim=office F59 2026-08-03: E11.9, I10``): it asks for nothing but an
answer, so it is a GET that can be bookmarked, shared, printed and gone back to. The POST gives the same answer as a
fragment, and puts that address into the browser's bar.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sandbox import checker, rules
from sandbox.checker import Rule
from sandbox.claims import to_text
from sandbox.encounter import SETTINGS, Claim
from sandbox.findings import Finding
from sandbox.rulebook.page import book
from sandbox.rules import RULES
from sandbox.web.claimview import ClaimView, view
from sandbox.web.house import REFERENCE_DAY, house
from sandbox.web.trialform import FIELDS, LONGEST, MOST, SEXES, Problem, Typed, Unreadable, claim, read
from sandbox.web.views import is_htmx

pages = Blueprint("trial", __name__)

_ASKED: Final = ("claim", "setting", "dx", "px")
"""A query that has one of these asks for an answer."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the checker says of a claim that was tried, or what keeps the claim from being read.

    ``own``: how many findings are of the page's rule. ``failed``: rules that crashed, which is never the claim's fault.
    """

    problems: tuple[Problem, ...] = ()
    claim: ClaimView | None = None
    findings: tuple[Finding, ...] = ()
    own: int = 0
    failed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    address: str = ""


@pages.get("/rules/try")
def try_it() -> ResponseReturnValue:
    """The form for a claim of any kind, with the answer where one is asked for."""
    shown = trial(request.args)
    return render_template("reference/try.html", **shown), shown["status"]


@pages.post("/rules/try")
def answer() -> ResponseReturnValue:
    """The answer as a fragment; without htmx, the page that shows the same."""
    rule = RULES.get(request.form.get("rule", ""))
    if not is_htmx():
        fields = {name: value for name in FIELDS if (value := request.form.get(name, "")[: LONGEST + 1])}
        return redirect(_address(rule, **fields), 303)
    shown = trial(request.form, rule, sent=True)
    response = make_response(render_template("reference/_tried.html", **shown), shown["status"])
    if shown["answer"].address:
        response.headers["HX-Replace-Url"] = shown["answer"].address
    return response


def trial(fields: Mapping[str, str], rule: Rule | None = None, sent: bool = False) -> dict[str, Any]:
    """What the form and its answer draw. Without a claim, a rule's form starts with the rule's first example, unless it
    was ``sent``: then it is told what is missing."""
    typed, found = _start(rule), None
    if sent or any(fields.get(name) for name in _ASKED):
        try:
            typed = Typed()
            typed = read(fields)
            found = _checked(claim(typed), rule)
        except Unreadable as error:
            found = Answer(error.problems)
    return {
        "typed": typed,
        "answer": found,
        "status": 400 if found and found.problems else 200,
        "rule": rule,
        "settings": SETTINGS,
        "sexes": SEXES,
        "fields": FIELDS,
        "most": MOST,
        "longest": LONGEST,
    }


def _start(rule: Rule | None) -> Typed:
    first = book()[rule.id].flagged[0] if rule else ""
    return read({"claim": first}) if first else Typed(date=str(REFERENCE_DAY))


def _checked(tried: Claim, rule: Rule | None) -> Answer:
    codes = house().codes
    failed: list[str] = []

    def crash(broken: Rule, claim: Claim) -> None:
        checker.log_crash(broken, claim)
        failed.append(broken.id)

    also = frozenset((rule.id,)) if rule else frozenset()
    findings = rules.check(tried, codes, also=also, on_crash=crash)
    return Answer(
        claim=view(tried, findings, codes, REFERENCE_DAY),
        findings=findings,
        own=sum(finding.rule == rule.id for finding in findings) if rule else 0,
        failed=tuple(failed),
        notes=tuple(rules.unseen(tried, codes, findings)),
        address=_address(rule, claim=to_text(tried)),
    )


def _address(rule: Rule | None, **query: Any) -> str:
    if rule is None:
        return url_for("trial.try_it", _anchor="answer", **query)
    return url_for("reference.rule", id=rule.id, _anchor="answer", **query)
