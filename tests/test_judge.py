"""What a case adds to a claim before the rules read it: the chart words that stand beside a code."""

import pytest

from sandbox.answers import key_claim
from sandbox.cases.library import CaseFile
from sandbox.cases.reader import read
from sandbox.codes.codeset import CodeSet
from sandbox.encounter import Claim, Line
from sandbox.findings import Evidence
from sandbox.judge import judge, with_evidence
from sandbox.payment import Payer
from sandbox.rules import check
from sandbox.rules.out import _GRAVE
from tests.shipped import load
from tests.small_case import spoiled

SUSPECTED = spoiled(
    "hints:",
    "  not_coded:\n    - code: J03.90\n      why: Only possible.\n"
    "      evidence: [{document: visit, quote: Possible tonsillitis.}]\nhints:",
    spoiled("Rapid strep positive.", "Rapid strep positive. Possible tonsillitis."),
)


def claim(text: str, *codes: str) -> Claim:
    case = read(text, "x.yaml").case
    assert case
    return with_evidence(case, Claim(case.encounter(), tuple(Line(f"dx{n}", c) for n, c in enumerate(codes, 1))))


def test_a_line_gets_the_words_that_the_case_has_for_its_code() -> None:
    key, refused, other = claim(SUSPECTED, "j020", "J03.90", "R50.9").diagnoses
    assert key.evidence == (Evidence("visit", "Strep pharyngitis"),)
    assert refused.evidence == (Evidence("visit", "Possible tonsillitis."),)
    assert other.evidence == ()


def test_words_that_a_line_brings_are_kept() -> None:
    case = read(SUSPECTED, "x.yaml").case
    assert case
    own = (Evidence("visit", "fever"),)
    entered = Claim(case.encounter(), (Line("dx1", "J03.90", evidence=own),))
    assert with_evidence(case, entered) == entered


def test_a_diagnosis_that_the_chart_only_suspects_is_told_in_the_report(codes: CodeSet) -> None:
    file = CaseFile.of(read(SUSPECTED, "x.yaml"))
    entered = Claim(file.case.encounter(), (Line("dx1", "J02.0"), Line("dx2", "J03.90")))
    with Payer(codes) as payer:
        report = judge(file, entered, codes, payer)
    [finding] = [finding for finding in report.findings if finding.rule == "OUT01"]
    assert (finding.lines, finding.evidence) == (("dx2",), (Evidence("visit", "Possible tonsillitis."),))


@pytest.mark.parametrize("id", [id for id, case in load().items() if case.setting != "inpatient"])
def test_no_key_of_a_shipped_case_rests_on_a_doubt(id: str, codes: CodeSet) -> None:
    assert "OUT01" not in {finding.rule for finding in check(key_claim(load()[id]), codes)}


def test_the_codes_that_are_diagnosed_though_they_stand_among_symptoms_exist(codes: CodeSet) -> None:
    assert [stem for stem in _GRAVE if not codes.get(stem)] == []
