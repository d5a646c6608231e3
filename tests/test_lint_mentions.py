"""Conditions that the chart states and no line mentions are noted; what is denied or doubted is not."""

import pytest

from sandbox.cases.library import CaseFile
from sandbox.cases.reader import read
from sandbox.codes.codeset import CodeSet
from sandbox.codes.search_words import stem
from sandbox.lint import lint
from sandbox.lint.mentions import mentions
from sandbox.lint.terms import index
from tests.small_case import TEXT, spoiled

ON = 20260504


def said(words: str, codes: CodeSet, text: str = TEXT) -> list[str]:
    """The notes on a case whose chart says more."""
    source = read(spoiled("Rapid strep positive.", words, text), "x.yaml")
    assert source.problems == ()
    return [str(p) for p in lint(CaseFile.of(source), source, codes) if "in no line" in p.message]


def named(words: str, codes: CodeSet) -> list[str]:
    """The words of a text that are taken for conditions of the patient."""
    return [words[one.start : one.end] for one in mentions(words, codes.at(ON))]


def test_a_condition_that_no_line_mentions_is_noted_at_its_place(codes: CodeSet) -> None:
    assert said("Rapid strep positive. Asthma, on albuterol.", codes) == [
        "x.yaml:17:29: note: 'Asthma' (J45) is in the chart, and in no line of the key or not_coded"
    ]
    assert said("Rapid strep positive.", codes) == []


def test_it_is_noted_once_however_often_it_stands_there(codes: CodeSet) -> None:
    assert len(said("Asthma. Asthma since birth, asthma action plan.", codes)) == 1


@pytest.mark.parametrize(
    "line",
    [
        "  not_coded:\n    - {code: J45.909, why: not treated}\nhints:",
        "    - {code: J45.20, why: x, evidence: [{document: visit, quote: fever}]}\nhints:",
    ],
)
def test_a_line_of_the_same_category_is_enough(line: str, codes: CodeSet) -> None:
    assert said("Asthma, on albuterol.", codes, spoiled("hints:", line)) == []
    accepted = spoiled("{J02.9: 0.5}", "{J02.9: 0.5, J45.909: 0.1}")
    assert said("Asthma, on albuterol.", codes, accepted) == []


def test_a_combination_covers_what_it_combines(codes: CodeSet) -> None:
    line = "    - {code: I12.9, why: x, evidence: [{document: visit, quote: fever}]}\nhints:"
    assert said("HTN. CKD stage 3.", codes, spoiled("hints:", line)) == []
    assert len(said("HTN. CKD stage 3.", codes)) == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PMH: HTN, COPD, GERD.", ["HTN", "COPD", "GERD"]),
        ("Hypertension, hypothyroidism and type 2 diabetes mellitus.",
         ["Hypertension", "hypothyroidism", "type 2 diabetes mellitus"]),
        ("Crohn's disease. Bipolar disorder.", ["Crohn's disease", "Bipolar disorder"]),
        ("No fever, but pneumonia on film.", ["pneumonia"]),
        ("Denies chest pain. Cellulitis of the shin.", ["Cellulitis"]),
    ],
)  # fmt: skip
def test_titles_inclusion_terms_and_abbreviations_are_found(text: str, expected: list[str], codes: CodeSet) -> None:
    assert named(text, codes) == expected


@pytest.mark.parametrize(
    "text",
    [
        "No pneumonia, pneumothorax or pulmonary embolism.",
        "Denies asthma. Negative for COPD.",
        "CT without appendicitis; cholecystitis ruled out.",
        "Pneumonia unlikely. PE excluded.",
        "R/o sepsis. ?cellulitis. Possible gout. Pneumonia vs atelectasis.",
        "Concern for osteomyelitis; suspect cellulitis.",
        "## Family history\nAsthma, gout, COPD\n",
        "FH: mother gout, father COPD.",
        "Mother has asthma. Brother with Crohn's disease.",
        "H/o pneumonia 2019. Prior stroke.",
        "Screening for hypertension. VTE ppx, pneumonia vaccine.",
        "Return if cellulitis spreads. Monitor for hypoglycemia.",
        "## Return precautions\nPneumonia, sepsis.\n",
        "# Asthma\n",
        "Syphilis, treated 2019. Eczema as infant, cleared. Migraine, last one 2022. UTI (before pregnancy).",
        "NPH 12 units, caffeine 20 mg/kg, 5 attacks since March.",
        "SBP 148, SSI x 2, SLE normal, ANC 2.9, L CVA tender.",
        "he spoke with pe teacher and has a copd pamphlet",
    ],
)
def test_what_is_denied_doubted_planned_or_of_somebody_else_is_not(text: str, codes: CodeSet) -> None:
    assert named(text, codes) == []


def test_the_longest_name_wins(codes: CodeSet) -> None:
    (one,) = mentions("Chronic obstructive pulmonary disease", codes.at(ON))
    assert {code[:3] for code in one.codes} == {"J44"}


def test_a_mothers_condition_in_a_newborns_chart_is_the_mothers(codes: CodeSet) -> None:
    assert said("Preeclampsia at birth.", codes) == []


def test_abbreviations_of_the_tabular_and_of_the_table_stand_in_the_index(codes: CodeSet) -> None:
    short = index(codes.at(ON)).short
    assert {"HTN", "CKD", "COPD", "CAD", "GERD", "OSA", "DVT", "UTI"} <= short.keys()
    assert not {"RA", "MS", "CP", "SBP"} & short.keys(), "they mean something else as often"
    assert stem("diseases") in {
        word for rows in index(codes.at(ON)).names.values() for words, _ in rows for word in words
    }
