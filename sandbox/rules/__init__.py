"""The rules, one module a family, in running order."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from sandbox import checker
from sandbox.checker import Family, Rule
from sandbox.codes.codeset import CodeSet
from sandbox.codes.model import day
from sandbox.encounter import DISCHARGE_STATUSES, PCS, Claim, Encounter
from sandbox.findings import Finding
from sandbox.rules import add, cmb, exc, inp, ncc, out, pat, pro, seq, spc, val, val_billed

FAMILIES: Final[tuple[Family, ...]] = (
    val.family,
    seq.family,
    cmb.family,
    spc.family,
    exc.family,
    add.family,
    pat.family,
    inp.family,
    pro.family,
    ncc.family,
    out.family,
)
"""VAL goes first: it is the gate. SEQ and CMB go before EXC and ADD, which speak of the same pairs less exactly."""

RULES: Final[dict[str, Rule]] = {rule.id: rule for family in FAMILIES for rule in family.rules}


def check(
    claim: Claim,
    codes: CodeSet,
    *,
    waived: frozenset[str] = frozenset(),
    also: frozenset[str] = frozenset(),
    on_crash: Callable[[Rule, Claim], None] = checker.log_crash,
) -> tuple[Finding, ...]:
    """What the rules say about a claim (see :func:`sandbox.checker.check`); ``also`` names rules that are off."""
    rules = tuple(rule for rule in RULES.values() if not rule.off or rule.id in also)
    return checker.check(claim, codes, rules, waived=waived, on_crash=on_crash)


def unseen(claim: Claim, codes: CodeSet, found: Sequence[Finding] = ()) -> list[str]:
    """What the rules could not look at, so that silence is not taken for consent.

    ``found``: what they said; of a line that the gate has stopped, nothing more is told.
    """
    out = [] if claim.diagnoses else ["The claim has no diagnoses; there was nothing to check but its procedures."]
    on = day(claim.encounter.on)
    codes = codes.at(on)
    return [*out, *_edition(claim, codes, on), *_services(claim, codes, on, found), *_status(claim.encounter)]


def _edition(claim: Claim, codes: CodeSet, on: int) -> Iterator[str]:
    date = claim.encounter.on
    if not codes.knows(on):
        yield f"No code set is loaded for {date}; which codes are valid then was not checked."
        return
    if on > codes.edition_until:
        yield f"Notes are those of {codes.edition}; a newer edition is in force on {date}."
    if on < codes.edition_day:
        yield f"Notes are those of {codes.edition}; an older edition was in force on {date}."
    if not codes.knows(on, PCS) and any(line.system == PCS for line in claim.procedures):
        yield f"No ICD-10-PCS is loaded for {date}; which procedures are valid then was not checked."


def _services(claim: Claim, codes: CodeSet, on: int, found: Sequence[Finding]) -> Iterator[str]:
    stopped = {line for finding in found if RULES[finding.rule].gate for line in finding.lines}
    lines = (line for line in claim.procedures if line.id not in stopped)
    if named := dict.fromkeys(line.shown for line in lines if val_billed.unchecked(codes, line, on)):
        yield (
            f"Whether these are valid codes was not checked, for no table that is loaded for {claim.encounter.on} "
            f"knows them: {', '.join(named)}."
        )


def _status(encounter: Encounter) -> Iterator[str]:
    status = encounter.discharge_status
    if encounter.inpatient and status and status not in DISCHARGE_STATUSES:
        yield f"{status} is no discharge status that the Medicare Code Editor accepts; the MS-DRG may hang on it."
