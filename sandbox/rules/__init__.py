"""The rules, one module a family, in running order."""

from collections.abc import Callable
from typing import Final

from sandbox import checker
from sandbox.checker import Family, Rule
from sandbox.codes.codeset import CodeSet
from sandbox.codes.model import day
from sandbox.encounter import PCS, Claim
from sandbox.findings import Finding
from sandbox.rules import add, cmb, exc, inp, ncc, out, pat, pro, seq, spc, val

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


def unseen(claim: Claim, codes: CodeSet) -> list[str]:
    """What the rules could not look at, so that silence is not taken for consent."""
    out = [] if claim.diagnoses else ["The claim has no diagnoses; there was nothing to check but its procedures."]
    on = day(claim.encounter.on)
    codes = codes.at(on)
    if not codes.knows(on):
        out.append(f"No code set is loaded for {claim.encounter.on}; which codes are valid then was not checked.")
    elif on > codes.edition_until:
        out.append(f"Notes are those of {codes.edition}; a newer edition is in force on {claim.encounter.on}.")
    if codes.knows(on) and not codes.knows(on, PCS) and any(line.system == PCS for line in claim.procedures):
        out.append(
            f"No ICD-10-PCS is loaded for {claim.encounter.on}; which procedures are valid then was not checked."
        )
    return out
