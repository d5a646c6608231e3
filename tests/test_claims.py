"""Claims from the outside: what a line may carry, in JSON and in the short notation."""

from typing import Any

import pytest

from sandbox.claims import ClaimError, from_json, from_text, to_text
from sandbox.findings import Evidence

VISIT: dict[str, Any] = {"setting": "office", "date_of_service": "2026-05-06"}


def test_a_line_of_json_carries_chart_words() -> None:
    words = [{"document": "visit", "quote": "probable pneumonia"}]
    claim = from_json({**VISIT, "diagnoses": [{"code": "J18.9", "evidence": words}, "R05.1"]})
    assert claim.diagnoses[0].evidence == (Evidence("visit", "probable pneumonia"),)
    assert claim.diagnoses[1].evidence == ()


@pytest.mark.parametrize(
    "words",
    [
        "probable pneumonia",
        ["probable pneumonia"],
        [{"quote": "probable pneumonia"}],
        [{"document": "visit", "quote": None}],
    ],
)
def test_chart_words_in_another_form_are_refused_with_their_place(words: object) -> None:
    with pytest.raises(ClaimError, match=r"diagnoses\[1\].*evidence"):
        from_json({**VISIT, "diagnoses": ["R05.1", {"code": "J18.9", "evidence": words}]})


def test_a_refusal_speaks_of_the_field_and_not_of_the_program() -> None:
    with pytest.raises(ClaimError) as refused:
        from_json({**VISIT, "diagnoses": [{"code": "J18.9", "evidence": [1]}]})
    assert str(refused.value).startswith("diagnoses[0].evidence: expected objects such as")
    with pytest.raises(ClaimError, match=r"procedures\[0\].modifiers: expected a list of texts, got dict"):
        from_json({**VISIT, "procedures": [{"code": "G0008", "modifiers": [{"a": 1}]}]})


def test_fields_that_are_null_or_empty_are_as_if_left_out() -> None:
    empty = {"code": "G0008", "modifiers": ["", None], "units": None, "pointers": None, "evidence": []}
    claim = from_json({**VISIT, "diagnoses": ["Z23"], "procedures": [empty, "G0008"]})
    assert [(line.modifiers, line.units, line.pointers, line.evidence) for line in claim.procedures] == [
        ((), 1, (), ())
    ] * 2


def test_the_short_notation_holds_modifiers_units_and_pointers() -> None:
    claim = from_text("office M8 2026-05-04: J02.0, R50.9 | hcpcs:J0561-JZ-LT*6@1.2, hcpcs:G0008")
    drug, plain = claim.procedures
    assert (drug.code, drug.system, drug.modifiers, drug.units, drug.pointers) == (
        "J0561",
        "hcpcs",
        ("JZ", "LT"),
        6,
        (1, 2),
    )
    assert (plain.modifiers, plain.units, plain.pointers) == ((), 1, ())


def test_the_short_notation_holds_chart_words_whatever_signs_stand_in_them() -> None:
    claim = from_text('office F40 2026-05-04: J18.9 "probable CAP, LLL | r/o: flu" "cough", R05.1')
    assert [words.quote for words in claim.diagnoses[0].evidence] == ["probable CAP, LLL | r/o: flu", "cough"]
    assert [line.code for line in claim.diagnoses] == ["J18.9", "R05.1"]
    stay = from_text('inpatient F40 2026-05-02..2026-05-06: J18.9/Y "probable CAP"')
    assert (stay.diagnoses[0].poa, str(stay.encounter.admitted)) == ("Y", "2026-05-02")


@pytest.mark.parametrize(
    "text",
    [
        "inpatient M9d 2026-05-02..2026-05-06: P07.18/Y, Z38.00 | 0VTTXZZ, 0VTTXZZ",
        "office F 2026-05-04: J02.0 | hcpcs:J0561-JZ-LT*6@1.2, hcpcs:G0008",
        'emergency U61 2026-02-19: I26.99 "Chest pain, r/o PE | CT" "dyspnea", icd-10-pcs:0SRR0JA',
        "office F3 2026-05-04: | hcpcs:G0008",
    ],
)
def test_the_short_notation_is_written_as_it_is_read(text: str) -> None:
    assert to_text(from_text(text)) == text


def test_an_age_may_be_unknown_in_the_short_notation() -> None:
    patient = from_text("office M 2026-05-04: J02.0").encounter.patient
    assert (patient.sex, patient.age_years, patient.age_days) == ("M", None, None)


@pytest.mark.parametrize("status", [1, 30, "1", "xx", "001", "٠١", True])
def test_a_discharge_status_is_two_digits(status: object) -> None:
    with pytest.raises(ClaimError, match=r"discharge_status: .* is not two digits"):
        from_json({**VISIT, "discharge_status": status})


def test_a_discharge_status_may_be_left_out() -> None:
    given = [from_json({**VISIT, "discharge_status": status}) for status in ("07", "", None)]
    assert [claim.encounter.discharge_status for claim in given] == ["07", "", ""]


@pytest.mark.parametrize(("days", "years"), [(3, 50), (3, 1), (800, 1), (364, 1)])
def test_ages_that_contradict_each_other_are_refused(days: int, years: int) -> None:
    with pytest.raises(ClaimError, match=f"age_days {days} and age_years {years} contradict"):
        from_json({**VISIT, "patient": {"age_days": days, "age_years": years}})


def test_ages_that_agree_are_taken() -> None:
    for days, years in ((3, 0), (365, 0), (365, 1), (18262, 50)):
        patient = from_json({**VISIT, "patient": {"age_days": days, "age_years": years}}).encounter.patient
        assert (patient.age_days, patient.age_years) == (days, years)


@pytest.mark.parametrize("code", [5, 250.00, True, []])
def test_a_code_is_a_text(code: object) -> None:
    with pytest.raises(ClaimError, match=r"diagnoses\[0\].code: a code is a text"):
        from_json({**VISIT, "diagnoses": [{"code": code}]})
