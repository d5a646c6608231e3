"""What becomes of a dispute: the line as it stands now, what a decision would change, and carrying it out."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sandbox import disputes as rules
from sandbox.cases.amending import Amendment, amended
from sandbox.cases.amending_text import ByHand, amend_text
from sandbox.cases.library import CaseFile
from sandbox.cases.merging import plain
from sandbox.disputes import Words
from sandbox.report import Pair, Report
from sandbox.store import attempts, disputes, regrades
from sandbox.store.disputes import Dispute
from sandbox.store.regrades import Anew, Why
from sandbox.web import editor_saving as saving
from sandbox.web import regrading
from sandbox.web.editor_reading import check, reading
from sandbox.web.house import House
from sandbox.web.keeping import look
from sandbox.web.regrading import Plan
from sandbox.web.security import learner


class Refused(Exception):
    """It cannot be carried out as it is; the message says why, and what can be done instead."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was chosen: a decision of :data:`sandbox.disputes.DECISIONS`, the credit that goes with *partly*, the words
    for the learner."""

    decision: str
    credit: float
    words: str
    never_lower: bool

    @property
    def in_file(self) -> bool:
        """Whether the case file is changed, and everybody concerned is judged again."""
        return self.decision in ("key", "partly_key")


@dataclass(frozen=True, slots=True)
class Prepared:
    """A decision thought through. ``text``: the new text of the case file over the version ``base``, empty where the
    file stays as it is; ``file``: the case that the text makes. ``after``: the disputed line, where it would not be
    wholly right."""

    plan: Plan
    amendments: tuple[Amendment, ...]
    text: str = ""
    base: str = ""
    file: CaseFile | None = None
    after: Pair | None = None


def line_now(here: House, one: Dispute) -> Pair | None:
    """The line that is disputed as the report has it now; None where it is right by now."""
    found = attempts.get(here.store, one.attempt)
    if found is None or found.report is None:
        return None
    return _there(Report.from_json(found.report).pairs, one)


def _there(pairs: Sequence[Pair], one: Dispute) -> Pair | None:
    return next((pair for pair in pairs if rules.disputable(pair) and rules.line_of(pair) == one.line), None)


def prepare(here: House, one: Dispute, pair: Pair | None, wanted: Wanted) -> Prepared:
    """What a decision would change. Nothing is written. Raises :class:`Refused`."""
    if wanted.decision == "reject" or pair is None:
        return Prepared(Plan((), wanted.never_lower), ())
    if wanted.decision not in rules.offers(pair):
        raise Refused("This cannot be decided of this line.")
    credit = wanted.credit if wanted.decision.startswith("partly") else 0.0
    changes = rules.amendments(pair, Words(one.document, one.quote), credit)
    alike = regrades.alike(here.store, one.attempt)
    if not wanted.in_file:
        plan = regrading.plan(here, alike, regrading.as_judged(here), wanted.never_lower, changes)
        return Prepared(plan, changes, after=_after(one, pair, plan))
    text, base, file = _rewritten(here, one.case_id.partition("~")[0], changes)
    # Whoever has left the class meanwhile is concerned by their own dispute all the same.
    there = {each.id: each for each in (*regrading.concerned(here, file.id), *alike)}
    plan = regrading.plan(here, there.values(), regrading.by_file(file), wanted.never_lower)
    return Prepared(plan, changes, text, base, file, _after(one, pair, plan))


def _after(one: Dispute, pair: Pair, plan: Plan) -> Pair | None:
    """The disputed line once the plan is carried out, None where it is right then. Raises :class:`Refused` where the
    plan does nothing for it."""
    change = next((change for change in plan.changes if change.attempt.id == one.attempt), None)
    if change and change.unknown:
        raise Refused(f"The attempt cannot be graded anew: {change.unknown}. Reject it, and say so.")
    after = _there(_pairs(change.anew), one) if change and change.anew else pair
    if after == pair:
        raise Refused(
            "That would change nothing of this line: the same code may stand in another line already. Decide otherwise."
        )
    return after


def _rewritten(here: House, case_id: str, changes: tuple[Amendment, ...]) -> tuple[str, str, CaseFile]:
    """The text of the case with the changes, the etag that it replaces, and the case that it makes."""
    current = look(case_id)
    before = reading(case_id, current.text).file if current else None
    if current is None or before is None:
        raise Refused("The case file is not there, or cannot be read.")
    try:
        text = amend_text(plain(current.text), changes)
    except ByHand as error:
        raise Refused(f"The file cannot be changed from here: {error}. Edit the key, then grade again.") from error
    one = reading(case_id, text)
    expected = [amended(each.case, changes) for each in before.family]
    if one.file is None or [each.case for each in one.file.family] != expected:
        raise Refused(
            "The file cannot be changed from here: what is right for this patient would be changed for another one of "
            "the same case as well. Edit the key, then grade again."
        )
    known = {problem.message for problem in check(here, reading(case_id, current.text)).problems}
    new = [
        found.message for found in check(here, one).problems if found.level == "error" and found.message not in known
    ]
    if new:
        raise Refused(f"The linter speaks against it: {new[0]}. Decide otherwise, or edit the key.")
    return text, current.etag, one.file


def carry_out(here: House, one: Dispute, wanted: Wanted, ready: Prepared) -> None:
    """Do what was prepared: the file first, then decision, scores and log in one transaction.

    Interrupted in between, the file is changed and the dispute still open: decided again, it ends the same. Raises
    :class:`Refused`, and what the store raises where somebody else was faster.
    """
    by = learner()
    if ready.file:
        _save(one, ready)
        regrading.keep_all(here, ready.file)
    written = ready.plan.written
    why = Why(one.case_id.partition("~")[0], by, wanted.words, one.id, one.class_id, wanted.never_lower)
    done = {each.attempt: each for each in written}
    also = [
        other
        for other in _waiting_too(here, one)
        if other.attempt in done and line_now(here, other) and _settled(other, done[other.attempt])
    ]
    credit = wanted.credit if wanted.decision.startswith("partly") else 0.0
    with here.store.write() as db:
        disputes.decide(db, one.id, by, wanted.decision, wanted.words, credit)
        if ready.amendments and not wanted.in_file:
            disputes.rule(db, one.id, one.attempt, ready.amendments)
        if written:
            regrades.write(here.store, db, why, written)
        for other in also:
            disputes.decide(db, other.id, by, wanted.decision, wanted.words, credit)


def _save(one: Dispute, ready: Prepared) -> None:
    assert ready.file
    said = ", ".join(f"{each.kind} {each.value}".strip() for each in ready.amendments)
    # Errors that the file had before are no reason against it; new ones have been refused.
    note = {"note": f"dispute {one.id}: {said}", "anyway": "yes"}
    outcome = saving.save(ready.file.id, ready.text, ready.base, note)
    if outcome.kind != "saved":
        raise Refused(
            " ".join(outcome.reasons) or "The case file was changed meanwhile. Look at what would change now."
        )


def _waiting_too(here: House, one: Dispute) -> list[Dispute]:
    """The other open disputes of the class about the same case."""
    family = one.case_id.partition("~")[0]
    return [
        other
        for other in disputes.of_class(here.store, one.class_id)
        if other.state == "open" and other.id != one.id and other.case_id.partition("~")[0] == family
    ]


def _settled(one: Dispute, new: Anew) -> bool:
    """Whether the line of a dispute is right in a new report."""
    return _there(_pairs(new), one) is None


def _pairs(new: Anew) -> list[Pair]:
    return [Pair.from_json(json.loads(text)) for _, text in new.report.pairs]
