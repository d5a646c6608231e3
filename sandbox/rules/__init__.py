"""The rules, one module a family, in running order."""

from collections.abc import Callable
from typing import Final

from sandbox import checker
from sandbox.checker import Family, Rule
from sandbox.codes.codeset import CodeSet
from sandbox.encounter import Claim
from sandbox.findings import Finding
from sandbox.rules import add, cmb, exc, out, pat, seq, spc, val

FAMILIES: Final[tuple[Family, ...]] = (
    val.family,
    seq.family,
    cmb.family,
    spc.family,
    exc.family,
    add.family,
    pat.family,
    out.family,
)
"""VAL goes first: it is the gate. SEQ and CMB go before EXC and ADD, which speak of the same pairs less exactly."""

RULES: Final[dict[str, Rule]] = {rule.id: rule for family in FAMILIES for rule in family.rules}


def check(
    claim: Claim,
    codes: CodeSet,
    *,
    waived: frozenset[str] = frozenset(),
    on_crash: Callable[[Rule, Claim], None] = checker.log_crash,
) -> tuple[Finding, ...]:
    """What all rules say about a claim (see :func:`sandbox.checker.check`)."""
    return checker.check(claim, codes, tuple(RULES.values()), waived=waived, on_crash=on_crash)
