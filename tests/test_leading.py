"""Does a query lead? The turns of phrase by their own examples, and a labelled set of which a third is held out."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from sandbox.queries.leading import WHY, leads
from sandbox.queries.reasons import LONGEST, REASONS
from sandbox.queries.signs import SIGNS, Sign
from sandbox.rules.out_words import roots

with (Path(__file__).parent / "queries" / "labelled.csv").open(encoding="utf-8", newline="") as _file:
    ROWS = list(csv.DictReader(_file))


def chart(text: str) -> Callable[[str], bool]:
    there = roots(text)
    return lambda words: roots(words) <= there


def names(question: str, reason: str = "no_diagnosis", text: str = "") -> set[str]:
    return {lead.name for lead in leads(question, reason, chart(text))}


@pytest.mark.parametrize("sign", SIGNS, ids=[f"{sign.name}-{n}" for n, sign in enumerate(SIGNS)])
def test_each_turn_of_phrase_finds_its_examples_and_leaves_the_others(sign: Sign) -> None:
    assert len(sign.leads) >= 3 and len(sign.fine) >= 2
    for question in sign.leads:
        assert sign.name in names(question), question
    for question in sign.fine:
        assert sign.name not in names(question), question


def _right(row: dict[str, str]) -> bool:
    found = names(row["question"], row["reason"], row["chart"])
    return bool(found) == (row["label"] == "leading")


@pytest.mark.parametrize("row", [row for row in ROWS if row["set"] == "seen"], ids=lambda row: row["question"][:40])
def test_the_labelled_queries_that_the_patterns_were_written_by(row: dict[str, str]) -> None:
    assert _right(row), names(row["question"], row["reason"], row["chart"])
    expected = set(row["names"].split())
    assert not expected or expected & names(row["question"], row["reason"], row["chart"])


@pytest.mark.parametrize(("label", "least"), [("leading", 0.9), ("fine", 0.9)])
def test_the_held_out_third_is_told_nearly_as_well(label: str, least: float) -> None:
    held = [row for row in ROWS if row["set"] == "held" and row["label"] == label]
    right = sum(map(_right, held))
    assert right / len(held) >= least, [row["question"] for row in held if not _right(row)]


def test_the_set_is_large_half_of_each_and_its_words_fit() -> None:
    assert len(ROWS) >= 80
    assert sum(row["label"] == "leading" for row in ROWS) * 2 == len(ROWS)
    assert sum(row["set"] == "held" for row in ROWS) * 3 == len(ROWS)
    assert {row["reason"] for row in ROWS} == set(REASONS)
    assert {name for row in ROWS for name in row["names"].split()} <= set(WHY)
    assert all(len(row["question"]) <= LONGEST for row in ROWS)


def test_what_leads_is_shown_at_its_place() -> None:
    question = "Hgb 7.1 after surgery. Please document acute blood loss anemia."
    found = leads(question, "no_diagnosis", chart(""))[0]
    assert question[found.start : found.end] == found.words == "Please document acute blood loss anemia"


def test_yes_or_no_is_fair_for_poa_and_for_what_is_documented_and_leads_for_what_is_not() -> None:
    assert names("Was the pneumonia there on admission?", "poa") == set()
    assert names("Was the bleeding due to the warfarin?", "cause", "bleeding, on warfarin") == set()
    assert names("Was the bleeding due to the warfarin?", "cause", "bleeding") == {"yes_no"}
    assert names("Does she have iron deficiency?", text="iron deficiency 2019") == set()


def test_words_that_the_chart_has_in_different_places_are_not_a_documented_condition() -> None:
    lines = [roots("iron deficiency 2019"), roots("vitamin D 17")]
    known = lambda words: any(roots(words) <= line for line in lines)  # noqa: E731
    assert [lead.name for lead in leads("Does she have vitamin D deficiency?", "no_diagnosis", known)] == ["yes_no"]


def test_choices_need_a_way_out_and_more_than_one() -> None:
    ask = "Which diagnosis do the findings represent?"
    assert names(f"{ask}\n- Sepsis\n- Pneumonia\n- Other\n- Unable to determine") == set()
    assert names(f"{ask}\n- Sepsis\n- Pneumonia") == {"no_way_out"}
    assert names(f"{ask}\n- Sepsis") == {"one_option"}
    assert names(f"{ask} Options: sepsis, pneumonia, other, unable to determine.") == set()
    assert names("Was it present on admission?\n- Yes\n- No", "poa") == set()


@pytest.mark.parametrize("text", ["", "?", "\n\n", "- ", "[ ]", "a" * LONGEST, "((((" * 100, "or " * 200])
def test_any_text_is_read_without_a_fault(text: str) -> None:
    leads(text, "cause", chart(""))
