"""The words that a learner puts under a line, beside those of the key."""

from dataclasses import replace

import pytest

from sandbox.answers import key_claim
from sandbox.cases.library import CaseFile
from sandbox.cases.quotes import said, spans
from sandbox.cases.reader import read
from sandbox.codes.codeset import CodeSet
from sandbox.denied import denied
from sandbox.encounter import Claim, Line
from sandbox.findings import Evidence
from sandbox.grading import grade
from sandbox.judge import judge
from sandbox.payment import Payer
from sandbox.report import Report, Support
from sandbox.support import supported, widened
from tests.shipped import load

OFFICE = """\
title: A cough
setting: office
specialty: family medicine
difficulty: 1
status: draft
minutes: 5
patient: {age: 48 years, sex: female}
date_of_service: 2026-05-04
documents:
  - id: visit
    title: Office note
    author: Family physician
    date: 2026-05-04
    text: |
      ## HPI
      Cough x 4 d. Denies chest pain, hemoptysis, asthma.
      Possible sleep apnea, study ordered.

      ## Assessment
      - Acute bronchitis.
      - Essential hypertension, stable.

      | Test | Value |
      |---|---|
      | SpO2 | 97% |
  - id: triage
    title: Triage
    author: RN, triage
    date: 2026-05-04
    text: |
      Cough. Hx of hypertension per patient.
  - id: film
    title: Chest film
    author: Radiologist
    date: 2026-05-04
    text: |
      Bronchial thickening as in acute bronchitis.
key:
  diagnoses:
    - code: J20.9
      evidence: [{document: visit, quote: Acute bronchitis.}]
      why: The physician names it.
    - code: I10
      evidence: [{document: visit, quote: "Essential hypertension, stable."}]
      why: The physician names it.
"""
STAY = (
    OFFICE.replace("setting: office", "setting: inpatient")
    .replace("date_of_service: 2026-05-04", 'admitted: 2026-05-03\ndischarged: 2026-05-05\ndischarge_status: "01"')
    .replace("code: J20.9", "code: J20.9\n      poa: Y")
    .replace("code: I10", "code: I10\n      poa: Y")
)


def report(codes: CodeSet, text: str, *lines: tuple[str, list[tuple[str, str]]]) -> Report:
    """The report on codes, each with words: (document, quote)."""
    source = read(text, "x.yaml")
    assert source.case, source.problems
    poa = "Y" if source.case.setting == "inpatient" else None
    entered = tuple(
        Line(f"dx{n}", code, poa=poa, evidence=tuple(Evidence(*words) for words in marked))
        for n, (code, marked) in enumerate(lines, 1)
    )
    with Payer(codes) as payer:
        return judge(CaseFile.of(source), Claim(source.case.encounter(), entered), codes, payer)


def support(codes: CodeSet, text: str, code: str, *marked: tuple[str, str]) -> Support:
    [found] = report(codes, text, (code, list(marked))).support
    return found


@pytest.mark.parametrize(
    ("code", "words", "fit", "concerns"),
    [
        ("J20.9", [("visit", "bronchitis")], "fits", ()),
        ("J20.9", [("visit", "Assessment Acute bronchitis")], "fits", ()),
        ("I10", [("visit", "hypertension"), ("visit", "Cough x 4 d")], "partly", ()),
        ("J20.9", [("visit", "Essential hypertension")], "other_line", ()),
        ("J20.9", [("visit", "Cough x 4 d")], "elsewhere", ()),
        ("J20.9", [("film", "acute bronchitis")], "fits", ()),
        ("I10", [("triage", "Hx of hypertension")], "fits", ("not_provider",)),
        ("I10", [("triage", "hypertension"), ("visit", "hypertension, stable")], "fits", ()),
        ("G47.33", [("visit", "Possible sleep apnea")], "", ("uncertain",)),
        ("G47.33", [("visit", "sleep apnea")], "", ("uncertain",)),
        ("J45.909", [("visit", "asthma")], "", ("denied",)),
        ("R05.1", [("visit", "Cough")], "", ()),
    ],
)
def test_words_are_told_by_their_place_and_by_what_they_name(
    codes: CodeSet, code: str, words: list[tuple[str, str]], fit: str, concerns: tuple[str, ...]
) -> None:
    found = support(codes, OFFICE, code, *words)
    assert (found.fit, found.concerns) == (fit, concerns)
    assert bool(found.says) == bool(fit or concerns)


def test_what_a_report_of_a_test_says_needs_the_provider_in_a_stay_and_not_in_an_office(codes: CodeSet) -> None:
    assert support(codes, STAY, "J20.9", ("film", "acute bronchitis")).concerns == ("result",)
    assert support(codes, STAY, "J20.9", ("film", "acute bronchitis"), ("visit", "Acute bronchitis")).concerns == ()


def test_a_right_code_with_a_wrong_indicator_is_still_asked_for_its_words(codes: CodeSet) -> None:
    text = STAY.replace("code: J20.9\n      poa: Y", "code: J20.9\n      poa: N")
    assert support(codes, text, "J20.9", ("visit", "Cough x 4 d")).fit == "elsewhere"


def test_a_doubt_is_no_concern_in_a_stay(codes: CodeSet) -> None:
    assert support(codes, STAY, "G47.33", ("visit", "Possible sleep apnea")).concerns == ()


def test_the_rule_hears_the_learners_own_words_and_the_doubt_they_were_cut_from(codes: CodeSet) -> None:
    findings = report(codes, OFFICE, ("J20.9", []), ("G47.33", [("visit", "sleep apnea")])).findings
    [finding] = [finding for finding in findings if finding.rule == "OUT01"]
    assert finding.lines == ("dx2",)
    assert finding.evidence == (Evidence("visit", "Possible sleep apnea, study ordered"),)


def test_words_that_stand_elsewhere_without_a_doubt_are_not_widened() -> None:
    case = read(OFFICE.replace("Cough. Hx", "Cough. Sleep apnea on CPAP. Hx"), "x.yaml").case
    assert case
    for document, words in (("triage", "Sleep apnea"), ("visit", "Acute bronchitis"), ("nowhere", "sleep apnea")):
        assert widened(case, Evidence(document, words)) == Evidence(document, words)


def test_the_figure_counts_right_lines_with_words_and_the_score_knows_none(codes: CodeSet) -> None:
    marked = report(codes, OFFICE, ("J20.9", [("visit", "Cough")]), ("I10", [("visit", "Essential hypertension")]))
    plain = report(codes, OFFICE, ("J20.9", []), ("I10", []))
    assert marked.score == plain.score == 1
    assert plain.support == ()
    assert [figure.id for figure in marked.figures] == [*(figure.id for figure in plain.figures), "evidence"]
    assert marked.figures[-1].value == 0.5
    assert "1 on right words ÷ 2 with words = 0.50" in marked.figures[-1].numbers
    none = report(codes, OFFICE, ("R05.1", [("visit", "Cough")]))
    assert none.figures[-1].value is None


def test_no_sentence_quotes_the_key(codes: CodeSet) -> None:
    for code, words in (("J20.9", "Cough x 4 d"), ("J20.9", "Essential hypertension"), ("R05.1", "Cough x 4 d")):
        said = " ".join(support(codes, OFFICE, code, ("visit", words)).says)
        assert "bronchitis" not in said.lower()


def test_a_report_with_words_comes_back_whole_and_one_without_has_no_room_for_them(codes: CodeSet) -> None:
    marked = report(codes, OFFICE, ("J20.9", [("visit", "Cough")]))
    assert Report.from_json(marked.as_json()) == marked
    plain = report(codes, OFFICE, ("J20.9", []))
    assert "support" not in plain.as_json()
    assert Report.from_json(plain.as_json()) == plain
    # What classes share is stored the same, words or no words.
    assert [pair.stored for pair in marked.pairs] == [pair.stored for pair in plain.pairs]


@pytest.mark.parametrize("id", sorted(load()))
def test_the_keys_own_words_are_right_in_every_shipped_case(id: str, codes: CodeSet) -> None:
    case = load()[id]
    claim = key_claim(case)
    bare = replace(
        claim,
        diagnoses=tuple(replace(line, evidence=()) for line in claim.diagnoses),
        procedures=tuple(replace(line, evidence=()) for line in claim.procedures),
    )
    found = supported(grade(case, bare, codes, case_id=id, case_hash="0"), case, claim, codes).support
    assert [(one.line, one.fit, one.concerns) for one in found if one.fit != "fits" or one.concerns] == []


@pytest.mark.parametrize(
    ("quote", "text", "found"),
    [
        ("acute bronchitis", "## A\n- Acute\n  bronchitis.", ["Acute bronchitis"]),
        ("fever cough", "- fever\n- cough", ["fever cough"]),
        ("SpO2 97%", "| SpO2 | 97% |", ["SpO2 97%"]),
        ("5 mg—daily", "5 mg-daily", ["5 mg-daily"]),
        ("cough", "cough; coughing; Cough", ["cough", "Cough"]),
        ("ough", "cough", ["ough"]),
        ("no such", "words", []),
        ("  ", "words", []),
    ],
)
def test_a_quote_is_found_as_the_page_draws_it(quote: str, text: str, found: list[str]) -> None:
    assert [said(text, *span) for span in spans(quote, text)] == found


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("Denies fever, chills, asthma", True),
        ("No asthma", True),
        ("asthma not present", True),
        ("No distress, asthma stable", False),
        ("Possible asthma", False),
        ("History of asthma", False),
        ("asthma resolved", False),
    ],
)
def test_only_a_denial_denies(text: str, holds: bool) -> None:
    start = text.index("asthma")
    assert denied(text, start, start + 6) == holds
