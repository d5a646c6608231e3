"""The shipped cases, and ways to spoil a claim in exactly one place."""

from dataclasses import replace
from functools import cache
from pathlib import Path

from sandbox.cases.library import Library
from sandbox.cases.schema import Case
from sandbox.codes.codeset import CodeSet
from sandbox.encounter import Claim, Line
from sandbox.grading import grade
from sandbox.report import RIGHT, Pair, Report

FOLDER = Path(__file__).resolve().parent.parent / "cases"
FILES = sorted(FOLDER.glob("*/*.yaml"))


@cache
def library() -> Library:
    """The shipped cases, read once for all modules that ask for them; each process that tests collects every module."""
    return Library(FOLDER)


def load() -> dict[str, Case]:
    """Every shipped case that can be read, by id."""
    return {id: file.case for id, file in library().cases().items()}


def graded(case: Case, claim: Claim, codes: CodeSet) -> Report:
    return grade(case, claim, codes, case_id="case", case_hash="0123456789abcdef")


def slips(report: Report) -> list[Pair]:
    """The pairs in which something is wrong."""
    return [pair for pair in report.pairs if pair.error not in RIGHT]


def changed(claim: Claim, line: Line, **changes: object) -> Claim:
    """The claim with one line changed."""
    new = replace(line, **changes)  # type: ignore[arg-type]
    return replace(
        claim,
        diagnoses=tuple(new if each is line else each for each in claim.diagnoses),
        procedures=tuple(new if each is line else each for each in claim.procedures),
    )


def without(claim: Claim, line: Line) -> Claim:
    """The claim without one line."""
    return replace(
        claim,
        diagnoses=tuple(each for each in claim.diagnoses if each is not line),
        procedures=tuple(each for each in claim.procedures if each is not line),
    )
