"""What each line does: the claim with it beside the claim without it."""

from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.answers import key_claim
from sandbox.claims import from_text
from sandbox.codes.codeset import CodeSet
from sandbox.encounter import Claim
from sandbox.payment import Payer
from sandbox.payment.effects import NOTHING, effects
from tests.shipped import load, without

HIP = "inpatient F78 2026-05-06: M80.052A/Y, J96.01/Y, D62/N, I12.9/Y | 0SRS019, 30233N1"
CASES = {id: case for id, case in load().items() if case.setting == "inpatient"}


@pytest.fixture
def payer(codes: CodeSet) -> Iterator[Payer]:
    with Payer(codes) as payer:
        yield payer


def done(payer: Payer, claim: Claim | str) -> dict[str, dict[str, Any]]:
    claim = from_text(claim) if isinstance(claim, str) else claim
    paid = payer.explain(claim)
    assert paid is not None
    return effects(payer, claim, paid)


def test_every_line_but_the_principal_diagnosis_is_taken_out_once(payer: Payer) -> None:
    assert list(done(payer, HIP)) == ["dx2", "dx3", "dx4", "px1", "px2"]


def test_the_mcc_and_the_operation_carry_the_weight(payer: Payer) -> None:
    found = done(payer, HIP)
    assert (found["dx2"]["drg"], found["dx2"]["weight"], found["dx2"]["difference"]) == ("522", 2.1177, 0.7525)
    assert (found["px1"]["drg"], found["px1"]["difference"]) == ("542", 1.1037)
    assert "weight 2.1177 (0.7525 less)" in found["dx2"]["says"]
    assert [found[id]["changes"] for id in found] == [True, False, False, True, False]


def test_a_cc_below_an_mcc_says_that_the_level_is_reached_already(payer: Payer) -> None:
    found = done(payer, HIP)["dx3"]
    assert (found["level"], found["difference"]) == ("CC", 0.0)
    assert found["says"].startswith("A CC, but another line has already")


def test_what_changes_nothing_still_belongs_on_the_record(payer: Payer) -> None:
    found = done(payer, HIP)["dx4"]
    assert (found["says"], found["part"]) == (NOTHING, False)


def test_of_two_mccs_neither_changes_anything_alone(payer: Payer) -> None:
    found = done(payer, "inpatient M66 2026-06-14: A41.51/Y, G93.41/Y, J96.01/Y")
    assert not any(effect["changes"] for effect in found.values())
    assert all(effect["says"].startswith("An MCC that counts; without it") for effect in found.values())


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("inpatient M66 2026-06-14: A41.51/Y, R65.20/Y, G93.41/Y", "dx2", "that the principal diagnosis cancels"),
        ("inpatient F78 2026-05-06: M80.052A/Y, L89.153/N | 0SRS019", "dx2", "acquired in the hospital"),
        ("inpatient F78 2026-05-06: M80.052A/Y, ZZZ | 0SRS019", "dx2", "no valid code"),
        ("inpatient F78 2026-05-06: M80.052A/Y, D62/N | 0SRS019", "dx2", "same with and without it"),
        ("inpatient F78 2026-05-06: M80.052A/Y, L89.153 | 0SRS019", "dx2", "As the claim stands, it cannot be grouped"),
        ("inpatient F78 2026-05-06: W01.0XXA/Y, D62/N", "dx2", "cannot be grouped with or without it"),
        ("inpatient F30 2026-06-14: O80, Z37.0 | 10E0XZZ", "dx2", "could not be paid (MS-DRG 998)"),
        ("inpatient F60 2026-06-14: K57.20/Y, K65.1/Y | 0DTG0ZZ, 0D1L0Z4", "px2", "other lines lead to the same one"),
    ],
)
def test_the_sentence_says_why(payer: Payer, text: str, line: str, words: str) -> None:
    assert words in done(payer, text)[line]["says"]


def test_a_line_that_lowers_the_weight_is_told_as_well(payer: Payer) -> None:
    found = done(payer, "inpatient F60 2026-05-06: Q76.7/Y | 0BBG4ZX, 057C0Z1")["px1"]
    assert (found["drg"], found["difference"]) == ("983", -0.1773)
    assert found["says"].endswith("weight 1.7140 (0.1773 more).")


def test_without_weights_the_other_drg_is_told_all_the_same(payer: Payer) -> None:
    found = done(payer, HIP.replace("2026", "2025"))["dx2"]
    assert (found["drg"], found["weight"], found["difference"], found["changes"]) == ("522", None, None, True)
    assert found["says"].endswith("without MCC.")


@pytest.mark.parametrize("id", CASES)
def test_every_effect_of_a_shipped_key_is_what_the_payer_says_of_the_claim_without_the_line(
    payer: Payer, id: str
) -> None:
    claim = key_claim(CASES[id])
    whole = payer.group(claim)
    assert whole is not None
    for line in claim.lines[1:]:
        alone, effect = payer.group(without(claim, line)), done(payer, claim)[line.id]
        assert alone is not None
        assert (effect["drg"], effect["weight"]) == (alone["drg"], alone["weight"])
        # Without its outcome, a delivery goes to a DRG that pays nothing and has no weight.
        told = None if alone["weight"] is None else round(whole["weight"] - alone["weight"], 4)
        assert effect["difference"] == told
