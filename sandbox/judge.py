"""Checker, payer and grader on one attempt: a claim for a case in, the report out."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from sandbox.answers import key_claim
from sandbox.asking import asked
from sandbox.cases.library import CaseFile
from sandbox.cases.schema import Case
from sandbox.checker import Rule
from sandbox.codes.codeset import CodeSet
from sandbox.encounter import Claim, Line, bare
from sandbox.findings import Evidence
from sandbox.grading import grade
from sandbox.payment import Payer
from sandbox.queries.reasons import Question
from sandbox.report import Report
from sandbox.rules import check
from sandbox.support import supported, widened


class NotJudged(Exception):
    """A rule or the grader failed. It is our fault, and never *wrong*: the attempt is kept and uses up no try."""


def judge(
    file: CaseFile, claim: Claim, codes: CodeSet, payer: Payer, questions: Sequence[Question] | None = None
) -> Report:
    """The report on ``claim`` and the queries with it. Raises :class:`NotJudged` where a rule or the grader failed.

    ``questions``: None where whoever made the claim could write none, so that nothing is said of them.
    """

    def stop(rule: Rule, claim: Claim) -> None:
        raise NotJudged(f"rule {rule.id} failed")

    try:
        case = file.case
        waived = frozenset(waiver.rule for waiver in case.waives)
        plain = _without_words(claim)
        report = grade(
            case,
            plain,
            codes,
            case_id=file.id,
            case_hash=file.hash,
            findings=check(with_evidence(case, claim), codes, waived=waived, on_crash=stop),
            payment=_payment(file, plain, payer),
        )
        report = report if plain is claim else supported(report, case, claim, codes)
        return report if questions is None else asked(report, case, questions, [line.code for line in claim.lines])
    except Exception as error:
        raise NotJudged(f"{file.id}: {error!r}") from error


def _without_words(claim: Claim) -> Claim:
    """The claim itself where no line brings words. Pairs and payment do not read them, and are remembered without."""
    if not any(line.evidence for line in claim.lines):
        return claim
    return replace(
        claim,
        diagnoses=tuple([replace(line, evidence=()) for line in claim.diagnoses]),
        procedures=tuple([replace(line, evidence=()) for line in claim.procedures]),
    )


def with_evidence(case: Case, claim: Claim) -> Claim:
    """The claim with the words that the case's author put beside a code, on each line that gives just this code.

    So a rule can read on what words of the chart the line must rest, and need not know the case: *probable* at an
    office visit, for instance. A line that brings words of its own keeps them, and any doubt around them.
    """
    return replace(
        claim,
        diagnoses=tuple([_proven(case, line) for line in claim.diagnoses]),
        procedures=tuple([_proven(case, line) for line in claim.procedures]),
    )


@lru_cache(maxsize=8192)
def _proven(case: Case, line: Line) -> Line:
    # A class enters the same codes in the same places.
    if line.evidence:
        return replace(line, evidence=tuple([widened(case, words) for words in line.evidence]))
    found = _words(case).get((line.system, line.key), ())
    return replace(line, evidence=found) if found else line


@lru_cache(maxsize=256)
def _words(case: Case) -> dict[tuple[str, str], tuple[Evidence, ...]]:
    """(system, code) → its evidence: what the key gives for a code goes before what stands under ``not_coded``."""
    refused = {
        (row.system, bare(row.code)): tuple(Evidence(quote.document, quote.quote) for quote in row.evidence)
        for row in case.key.not_coded
    }
    return refused | {(line.system, line.key): line.evidence for line in key_claim(case).lines}


def _payment(file: CaseFile, claim: Claim, payer: Payer) -> dict[str, Any] | None:
    """What the claim and the key pay for, as a report has it; None where the key groups to nothing."""
    key = _key_pays(file, payer)
    return None if key is None else {"entered": payer.group(claim), "key": key}


@lru_cache(maxsize=256)
def _key_pays(file: CaseFile, payer: Payer) -> dict[str, Any] | None:
    # Every attempt is set beside the same few keys.
    return payer.group(key_claim(file.case))
