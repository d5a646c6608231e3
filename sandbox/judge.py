"""Checker, payer and grader on one attempt: a claim for a case in, the report out."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sandbox.answers import key_claim
from sandbox.cases.library import CaseFile
from sandbox.checker import Rule
from sandbox.codes.codeset import CodeSet
from sandbox.encounter import Claim
from sandbox.grading import grade
from sandbox.payment import Payer
from sandbox.report import Report
from sandbox.rules import check


class NotJudged(Exception):
    """A rule or the grader failed. It is our fault, and never *wrong*: the attempt is kept and uses up no try."""


def judge(file: CaseFile, claim: Claim, codes: CodeSet, payer: Payer) -> Report:
    """The report on ``claim``. Raises :class:`NotJudged` where a rule or the grader failed."""

    def stop(rule: Rule, claim: Claim) -> None:
        raise NotJudged(f"rule {rule.id} failed")

    try:
        case = file.case
        waived = frozenset(waiver.rule for waiver in case.waives)
        return grade(
            case,
            claim,
            codes,
            case_id=file.id,
            case_hash=file.hash,
            findings=check(claim, codes, waived=waived, on_crash=stop),
            payment=_payment(file, claim, payer),
        )
    except Exception as error:
        raise NotJudged(f"{file.id}: {error!r}") from error


def _payment(file: CaseFile, claim: Claim, payer: Payer) -> dict[str, Any] | None:
    """What the claim and the key pay for, as a report has it; None where the key groups to nothing."""
    key = _key_pays(file, payer)
    return None if key is None else {"entered": payer.group(claim), "key": key}


@lru_cache(maxsize=256)
def _key_pays(file: CaseFile, payer: Payer) -> dict[str, Any] | None:
    # Every attempt is set beside the same few keys.
    return payer.group(key_claim(file.case))


@dataclass(frozen=True, eq=False)
class Judged:
    """A report that is remembered. Equal only to itself, so that it can be a key."""

    report: Report


def judged(file: CaseFile, claim: Claim, codes: CodeSet, payer: Payer) -> Judged:
    """The report on ``claim``, in a form that can be remembered."""
    return Judged(judge(file, claim, codes, payer))
