"""The way to the MS-DRG, as ids and in sentences."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from sandbox.claims import from_text
from sandbox.codes.codeset import CodeSet
from sandbox.encounter import Claim
from sandbox.payment import Payer

SEPSIS = "inpatient M66 2026-06-14: A41.51/Y, R65.20/Y, G93.41/Y, N17.9/Y"
ULCER = "inpatient F78 2026-05-06: M80.052A/Y, L89.153/N | 0SRS019, 30233N1"


@pytest.fixture
def payer(codes: CodeSet) -> Iterator[Payer]:
    with Payer(codes) as payer:
        yield payer


def way(payer: Payer, claim: Claim | str) -> dict[str, Any]:
    paid = payer.explain(from_text(claim) if isinstance(claim, str) else claim)
    assert paid is not None
    found: dict[str, Any] = paid["path"]
    return found


def test_an_explanation_is_the_payment_and_the_path(payer: Payer) -> None:
    claim = from_text(SEPSIS)
    paid = payer.explain(claim)
    assert paid is not None
    assert {name: value for name, value in paid.items() if name != "path"} == payer.group(claim)


def test_the_mdc_the_level_and_what_was_cancelled_are_named(payer: Payer) -> None:
    found = way(payer, SEPSIS)
    assert found["mdc_title"] == "Infectious and Parasitic Diseases, Systemic or Unspecified Sites"
    assert (found["severity"], found["counted"], found["procedures"]) == ("MCC", ["dx3"], [])
    assert found["cancelled"] == {"dx2": "principal_diagnosis"}
    steps = " ".join(found["steps"])
    assert "puts the stay into MDC 18" in steps and "no procedure had a say" in steps
    assert "R65.20 is an MCC by itself, but the principal diagnosis A41.51 cancels it" in steps


def test_only_the_procedure_that_chose_the_drg_made_it_surgical(payer: Payer) -> None:
    found = way(payer, ULCER)
    assert found["procedures"] == ["px1"]
    assert "Surgical, by 0SRS019." in found["steps"]


def test_a_hospital_acquired_condition_says_what_the_drg_would_have_been(payer: Payer) -> None:
    found = way(payer, ULCER)
    assert (found["cancelled"], found["before_hac"], found["counted"]) == ({"dx2": "hac"}, "521", [])
    assert any("Stage III and IV Pressure Ulcers" in step for step in found["steps"])
    assert found["steps"][-1].endswith("MS-DRG 521.")


def test_an_mcc_of_the_dying_counts_only_for_those_who_leave_alive(payer: Payer) -> None:
    claim = from_text("inpatient M70 2026-05-06: I21.4/Y, I46.9/Y")
    died = replace(claim, encounter=replace(claim.encounter, discharge_status="20"))
    assert way(payer, claim)["counted"] == ["dx2"]
    assert way(payer, died)["cancelled"] == {"dx2": "died"}


def test_two_mccs_are_both_named_and_one_is_enough(payer: Payer) -> None:
    found = way(payer, SEPSIS.replace("N17.9/Y", "J96.01/Y"))
    assert found["counted"] == ["dx3", "dx4"]
    assert "Severity: MCC, by G93.41 and J96.01. One of them is enough." in found["steps"]


def test_the_level_of_a_drg_of_no_mdc_is_found_although_the_grouper_marks_no_line(payer: Payer) -> None:
    found = way(payer, "inpatient M66 2026-06-14: J18.9/Y, J96.01/Y | 0DTJ4ZZ")
    assert (found["unrelated"], found["counted"], found["procedures"]) == (True, ["dx2"], ["px1"])
    assert "nothing to do with the principal diagnosis" in found["steps"][1]


def test_a_level_that_the_drg_does_not_ask_for_counts_nothing(payer: Payer) -> None:
    found = way(payer, "inpatient F78 2026-05-06: M80.052A/Y, D62/N | 0SRS019")
    assert (found["severity"], found["counted"]) == ("CC", [])
    assert "Severity: CC; but this MS-DRG would be the same without." in found["steps"]


@pytest.mark.parametrize(
    ("text", "name", "words"),
    [
        ("inpatient M66 2026-06-14: J96.01/Y | 0B110F4, 5A1955Z", "pre_mdc", "go before all MDCs"),
        ("inpatient F30 2026-06-14: O80, Z37.0 | 10E0XZZ", "steered", "Z37.0 helped to choose"),
        ("inpatient M66 2026-06-14: J18.9/Y | 5A1955Z", "procedures", "no operating-room procedure"),
        (
            "inpatient F60 2026-06-14: S72.002A/Y, S27.0XXA/Y | 0SRS019",
            "mdc_title",
            "belongs to MDC 08; with the other",
        ),
        ("inpatient F78 2026-05-06: M80.052A/Y, ZZZ | 0SRS019", "passed", "Surgical"),
    ],
)
def test_unusual_ways_are_told(payer: Payer, text: str, name: str, words: str) -> None:
    found = way(payer, text)
    assert found[name]
    assert words in " ".join(found["steps"])


@pytest.mark.parametrize("text", ["inpatient F78 2026-05-06: M80/Y", "inpatient F78 2026-05-06: | 0SRS019"])
def test_where_there_is_no_drg_there_is_no_way(payer: Payer, text: str) -> None:
    paid = payer.explain(from_text(text))
    assert paid is not None
    assert (paid["path"], bool(paid["problem"])) == (None, True)


def test_outpatients_have_nothing_to_explain(payer: Payer) -> None:
    assert payer.explain(from_text("office F78 2026-05-06: I10")) is None
