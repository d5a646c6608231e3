"""Checker, payer and grader on one attempt: a claim for a case in, the report out."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import orjson

from sandbox.answers import key_claim
from sandbox.cases.library import CaseFile
from sandbox.checker import Rule
from sandbox.codes.codeset import CodeSet
from sandbox.encounter import Claim
from sandbox.grading import grade
from sandbox.payment import Payer
from sandbox.report import Report
from sandbox.rules import check

_REMEMBERED: Final = 512
"""A classroom's answers to one case are much alike; a report and its JSON take about 30 KB."""


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
            payment=payer.compare(claim, key_claim(case)),
        )
    except Exception as error:
        raise NotJudged(f"{file.id}: {error!r}") from error


@dataclass(frozen=True, eq=False)
class Judged:
    """A report, and the same as JSON. Equal only to itself: it can be a key."""

    report: Report
    text: str


@lru_cache(maxsize=_REMEMBERED)
def judged(file: CaseFile, claim: Claim, codes: CodeSet, payer: Payer) -> Judged:
    """The report on ``claim``, remembered for the next learner who enters the same. What failed is not remembered."""
    report = judge(file, claim, codes, payer)
    return Judged(report, orjson.dumps(report.as_json()).decode())
