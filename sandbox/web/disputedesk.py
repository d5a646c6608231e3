"""Disputes, for the staff of a class: what waits, one with all that it takes to decide, and the decision."""

import hashlib
from typing import Final

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sandbox import disputes as rules
from sandbox.cases.library import CaseFile
from sandbox.report import PAIR_ERRORS, Pair
from sandbox.store import attempts, disputes, regrades
from sandbox.store.disputes import Dispute
from sandbox.store.regrades import Meanwhile
from sandbox.web import deciding
from sandbox.web.access import ID, class_staff_only, instructor_of, staff_role, the_class
from sandbox.web.deciding import Prepared, Refused, Wanted
from sandbox.web.house import House, house
from sandbox.web.talkview import title

pages = Blueprint("disputedesk", __name__)
class_staff_only(pages)

_ALL: Final = f"/classes/<{ID}:class_id>/disputes"
_ONE: Final = f"{_ALL}/<{ID}:dispute_id>"
CREDITS: Final = (0.25, 0.5, 0.75)
_MEANWHILE: Final = "Something has changed since you looked. This is what it would do now; decide again."


@pages.get(_ALL)
def overview(class_id: int) -> ResponseReturnValue:
    """The disputes of a class, those that wait first."""
    there = disputes.of_class(house().store, class_id)
    return render_template(
        "disputes/desk.html",
        room=the_class(class_id),
        there=[(one, title(one.case_id)) for one in there],
        answers=rules.ANSWERS,
    )


@pages.get(_ONE)
def one(class_id: int, dispute_id: int) -> ResponseReturnValue:
    """A dispute beside the line, the key and the words of the chart."""
    return _page(_found(class_id, dispute_id))


@pages.post(_ONE)
def decide(class_id: int, dispute_id: int) -> ResponseReturnValue:
    """Show what a decision would change; then carry it out, if it is still what was shown."""
    instructor_of(class_id)
    here, found = house(), _found(class_id, dispute_id)
    if found.state != "open":
        return redirect(url_for("disputedesk.one", class_id=class_id, dispute_id=dispute_id), 303)
    pair, wanted = deciding.line_now(here, found), _wanted()
    if not wanted.words or wanted.decision not in rules.DECISIONS:
        return _page(
            found, wanted, fault="Choose a decision, and say in a sentence or two why: the learner reads it."
        ), 400
    try:
        ready = deciding.prepare(here, found, pair, wanted)
        if request.form.get("do") != "decide":
            return _page(found, wanted, ready)
        if request.form.get("seal") != seal(ready):
            return _page(found, wanted, ready, fault=_MEANWHILE), 409
        deciding.carry_out(here, found, wanted, ready)
    except Refused as error:
        return _page(found, wanted, fault=str(error)), 409
    except (Meanwhile, disputes.Refused):
        return _page(_found(class_id, dispute_id), wanted, fault=_MEANWHILE), 409
    return redirect(url_for("disputedesk.one", class_id=class_id, dispute_id=dispute_id), 303)


def seal(ready: Prepared) -> str:
    """What was shown, told from anything else."""
    # Two changes of a key may do the same to the scores that there are, and not to those that come.
    what = hashlib.sha256(repr((ready.amendments, ready.text)).encode()).hexdigest()[:16]
    return f"{ready.plan.seal}{what}{ready.base}"


def _found(class_id: int, dispute_id: int) -> Dispute:
    return disputes.get(house().store, class_id, dispute_id) or abort(404)


def _wanted() -> Wanted:
    form = request.form
    credit = next((value for value in CREDITS if f"{value:g}" == form.get("credit")), 0.5)
    words = form.get("words", "").strip()[: rules.LONGEST]
    return Wanted(form.get("decision", ""), credit, words, "never_lower" in form)


def _page(found: Dispute, wanted: Wanted | None = None, ready: Prepared | None = None, fault: str = "") -> str:
    here = house()
    pair = deciding.line_now(here, found)
    attempt = attempts.get(here.store, found.attempt)
    return render_template(
        "disputes/one.html",
        room=the_class(found.class_id),
        role=staff_role(found.class_id),
        found=found,
        title=title(found.case_id),
        attempt=attempt,
        file=_chart(here, found),
        pair=pair,
        errors=PAIR_ERRORS,
        decisions=_decisions(pair),
        answers=rules.ANSWERS,
        credits=CREDITS,
        longest=rules.LONGEST,
        wanted=wanted or Wanted("", 0.5, "", True),
        ready=ready,
        seal=seal(ready) if ready else "",
        fault=fault,
        told=regrades.of_attempt(here.store, found.attempt),
    )


def _decisions(pair: Pair | None) -> dict[str, str]:
    if pair is None:
        return {"one": "Close it: the line is right by now"}
    return {name: rules.DECISIONS[name] for name in rules.offers(pair)}


def _chart(here: House, found: Dispute) -> CaseFile | None:
    attempt = attempts.get(here.store, found.attempt)
    return here.version(found.case_id, attempt.case_hash) if attempt else None


@pages.app_template_global("disputes_waiting")
def waiting(class_id: int) -> int:
    """How many disputes of a class wait for an answer."""
    return disputes.waiting(house().store, class_id)
