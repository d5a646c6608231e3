from collections.abc import Sequence
from pathlib import Path

import pytest

from sandbox.answers import Answer
from sandbox.cases.schema import DiagnosisLine, Quote
from sandbox.encounter import Line
from sandbox.figures import count, figures
from sandbox.pairing import Match
from sandbox.report import Figure


def answer(n: int, section: str = "dx", optional: bool = False) -> Answer:
    quote = Quote(document="note", quote="said so")
    source = DiagnosisLine(code="J18.9", evidence=(quote,), why="It is.", optional=optional)
    return Answer(Line(f"{section}{n}", "J18.9"), source, frozenset(), {}, {})


def match(
    n: int, *names: str, credit: float = 0.0, section: str = "dx", optional: bool = False, leads: bool = False
) -> Match:
    right = names[0] in ("exact", "accepted", "optional")
    entered = None if names[0] == "missing" else Line(f"{section}{n}", "J18.9")
    alone = names[0] in ("unsupported", "not_to_be_coded")
    key = None if alone else answer(n, section, optional)
    return Match(entered, key, names, 1.0 if right else credit, n - 1, leads=leads)


def by_id(matches: Sequence[Match], procedures: Sequence[Match] = ()) -> dict[str, Figure]:
    return {figure.id: figure for figure in figures(matches, procedures)}


@pytest.fixture
def example() -> list[Match]:
    """The example of docs/figures.md: nine in the key, seven right, one half right, one missing, two in excess."""
    right = [match(n, "exact", leads=n == 1) for n in range(1, 8)]
    return [
        *right,
        match(8, "partial", credit=0.5),
        match(9, "missing"),
        match(10, "unsupported"),
        match(11, "not_to_be_coded"),
    ]


def test_the_example_of_the_documentation_comes_out_as_written(example: list[Match]) -> None:
    page = (Path(__file__).resolve().parent.parent / "docs" / "figures.md").read_text(encoding="utf-8")
    found = by_id(example)
    for id in ("exact", "code_over_code", "with_deduction", "f1", "correct_over_larger"):
        assert f"| {found[id].label} | {found[id].numbers} |" in page
        assert f"(`{id}`" in page
    assert found["exact"].value == pytest.approx(7.5 / 11)
    assert found["f1"].value == pytest.approx(2 * (7 / 10) * (7 / 9) / (7 / 10 + 7 / 9))


def test_every_figure_is_documented(example: list[Match]) -> None:
    page = (Path(__file__).resolve().parent.parent / "docs" / "figures.md").read_text(encoding="utf-8")
    assert all(f"(`{id}`" in page for id in by_id(example))


def test_the_score_is_the_first_figure(example: list[Match]) -> None:
    assert figures(example, [])[0].id == "exact"


def test_a_wrong_code_for_a_condition_is_not_in_excess() -> None:
    counts = count([match(1, "exact"), match(2, "wrong_side")])
    assert (counts.key, counts.entered, counts.codes, counts.excess) == (2, 2, 1, 0)


def test_a_wrong_poa_indicator_lowers_the_score_and_not_the_code_figures() -> None:
    found = by_id([match(1, "exact", leads=True), match(2, "wrong_poa", credit=0.5)])
    assert found["exact"].value == 0.75
    assert found["code_over_code"].value == found["f1"].value == found["secondary_diagnoses"].value == 1.0


def test_an_optional_line_that_is_right_counts_nowhere() -> None:
    plain = [match(1, "exact", leads=True), match(2, "missing")]
    more = [*plain, match(3, "optional", optional=True)]
    assert figures(plain, []) == figures(more, [])


def test_an_optional_line_entered_wrongly_is_in_excess() -> None:
    found = by_id([match(1, "exact", leads=True), match(2, "wrong_side", optional=True)])
    assert found["exact"].value == found["correct_over_larger"].value == 0.5
    assert found["with_deduction"].value == 0.0
    assert found["code_over_code"].value == 1.0


def test_the_deduction_never_goes_below_nothing() -> None:
    assert by_id([match(1, "exact"), match(2, "unsupported"), match(3, "unsupported")])["with_deduction"].value == 0.0


def test_principal_and_secondary_lines_are_rated_apart() -> None:
    diagnoses = [match(1, "wrong_etiology", leads=True), match(2, "exact"), match(3, "missing")]
    procedures = [match(1, "exact", section="px", leads=True)]
    found = by_id(diagnoses, procedures)
    assert found["principal_diagnosis"].value == 0.0
    assert found["secondary_diagnoses"].value == 0.5
    assert found["principal_procedure"].value == 1.0
    assert found["secondary_procedures"].value is None


def test_a_principal_line_that_does_not_lead_is_no_principal_line() -> None:
    found = by_id([match(1, "exact"), match(2, "misplaced", credit=0.5)])
    assert found["principal_diagnosis"].value == 0.0
    assert found["secondary_diagnoses"].value == 1.0


def test_figures_that_do_not_apply_are_blank_and_not_zero() -> None:
    found = by_id([match(1, "exact", leads=True)])
    assert found["principal_procedure"].value is found["same_drg"].value is None
    assert "does not apply" in found["same_drg"].numbers


@pytest.mark.parametrize(
    ("entered", "key", "value"),
    [("522", "522", 1.0), ("481", "522", 0.0), ("999", "522", 0.0), ("", "522", 0.0), ("999", "999", None)],
)
def test_the_same_drg_is_one_or_nothing(entered: str, key: str, value: float | None) -> None:
    payment = {"entered": {"drg": entered}, "key": {"drg": key}}
    assert figures([match(1, "exact")], [], payment)[-1].value == value
