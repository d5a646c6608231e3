"""CMS-HCC V28: against hand-reckoned scores, and against the package's own way through its sample claims."""

import subprocess
import sys
from dataclasses import replace
from itertools import chain

import hccinfhir
import pytest
from hccinfhir.extractor import extract_sld

from sandbox import cli_pay
from sandbox.claims import from_text
from sandbox.codes.codeset import CodeSet
from sandbox.encounter import Claim, Encounter, Line, Patient
from sandbox.payment.hcc import MODEL, risk
from sandbox.payment.hcc_words import SEGMENTS

DIABETES = "office F71 2026-05-06: E11.22, N18.4, I50.22, E11.9, I10"
# Relative factors of CMS-HCC V28, community, non-dual, aged: CMS's rate announcement for 2024, phased in until 2026.
BY_HAND = {"F70_74": 0.395, "37": 0.166, "226": 0.36, "327": 0.514, "DIABETES_HF_V28": 0.112, "HF_KIDNEY_V28": 0.176}


def test_a_score_reckoned_by_hand(codes: CodeSet) -> None:
    found = risk(from_text(DIABETES), codes)
    assert {factor["id"]: factor["coefficient"] for factor in found["factors"]} == BY_HAND
    assert found["score"] == 1.723
    assert found["formula"] == "0.395 + 0.166 + 0.360 + 0.514 + 0.112 + 0.176 = 1.723"
    assert (found["problem"], found["notes"]) == ("", [])


def test_each_diagnosis_has_its_hcc_and_the_hierarchy_drops_the_lesser(codes: CodeSet) -> None:
    lines = risk(from_text(DIABETES), codes)["lines"]
    assert [[row["hcc"] for row in lines[id]] for id in lines] == [["37"], ["327"], ["226"], ["38"], []]
    assert lines["dx1"][0]["label"] == "Diabetes with Chronic Complications"
    assert [(row["counts"], row["dropped_by"]) for row in (lines["dx1"][0], lines["dx4"][0])] == [
        (True, []),
        (False, ["37"]),
    ]


def test_one_diagnosis_may_stand_in_two_hccs(codes: CodeSet) -> None:
    lines = risk(from_text("office F71 2026-05-06: E11.3412"), codes)["lines"]
    assert [row["hcc"] for row in lines["dx1"]] == ["37", "298"]


@pytest.mark.parametrize(
    ("segment", "age", "prefix", "words"),
    [
        ("community-nondual", 71, "cna", "non-dual (no Medicaid), aged"),
        ("community-partial", 71, "cpa", "partial benefit dual (some Medicaid), aged"),
        ("community-full", 71, "cfa", "full benefit dual (Medicare and full Medicaid), aged"),
        ("community-nondual", 50, "cnd", "non-dual (no Medicaid), disabled"),
        ("community-full", 64, "cfd", "disabled (under 65)"),
        ("institutional", 71, "ins", "long-term institutional"),
    ],
)
def test_the_segment_and_the_age_pick_the_coefficients(
    codes: CodeSet, segment: str, age: int, prefix: str, words: str
) -> None:
    found = risk(from_text(f"office F{age} 2026-05-06: E11.22"), codes, segment)
    assert words in found["segment_label"]
    table = hccinfhir.defaults.coefficients_default
    band = next(factor["id"] for factor in found["factors"] if factor["kind"] == "demographic")
    assert found["score"] == round(table[f"{prefix}_{band}".lower(), MODEL] + table[f"{prefix}_hcc37", MODEL], 3)


def claim_of(keys: list[str], patient: Patient, template: Claim) -> Claim:
    lines = tuple(Line(f"dx{n}", key) for n, key in enumerate(keys, 1))
    return Claim(replace(template.encounter, patient=patient), lines)


def sample_patients(model: hccinfhir.HCCInFHIR) -> list[list[str]]:
    """The diagnoses of every sample claim of the package, and of ten claims at a time, so that they meet each other."""
    who = {"age": 70, "sex": "F"}
    eobs = [[eob] for eob in (*hccinfhir.get_eob_sample_list(), *map(hccinfhir.get_eob_sample, (1, 2, 3)))]
    lists = [model.run(eob, who).diagnosis_codes for eob in eobs]
    claims = (extract_sld(text, "837") for text in hccinfhir.get_837_sample_list())
    lists += [model.run_from_service_data(claim, who).diagnosis_codes for claim in claims]
    return lists + [sorted(set(chain(*lists[n : n + 10]))) for n in range(0, len(lists), 10)]


@pytest.mark.parametrize(
    ("age", "sex", "dual", "segment"), [(67, "F", "00", "community-nondual"), (48, "M", "02", "community-full")]
)
def test_the_sample_claims_of_the_package_come_out_as_in_its_own_way(
    codes: CodeSet, age: int, sex: str, dual: str, segment: str
) -> None:
    template = from_text("office F71 2026-05-06: I10")
    model = hccinfhir.HCCInFHIR(filter_claims=False, model_name=MODEL)
    who = {"age": age, "sex": sex, "dual_elgbl_cd": dual, "orec": "0" if age >= 65 else "1"}
    counted = 0
    for keys in sample_patients(model):
        valid = sorted(key for key in keys if codes.valid(key, 20260506))
        theirs = model.calculate_from_diagnosis(valid, who)
        ours = risk(claim_of(valid, Patient(age, sex), template), codes, segment)
        hccs = {row["hcc"] for rows in ours["lines"].values() for row in rows if row["counts"]}
        assert ours["score"] == pytest.approx(theirs.risk_score, abs=0.0005)
        assert hccs == set(theirs.hcc_list)
        counted += bool(hccs)
    assert counted > 25


def test_what_is_no_valid_code_that_day_is_passed_over_and_named(codes: CodeSet) -> None:
    found = risk(from_text("office F71 2026-05-06: E11, ZZZ, E11.22"), codes)
    assert found["lines"]["dx1"] == []
    assert found["notes"] == ["Passed over, because no valid code on the date of the encounter: E11, ZZZ."]


def test_codes_newer_than_the_table_are_named(codes: CodeSet) -> None:
    found = risk(from_text("office F71 2027-01-06: C78.31, I50.22"), codes)
    assert found["notes"] == ["Newer than the loaded table, so not looked up: C78.31."]


def test_an_unknown_age_is_assumed_and_said_and_an_unknown_sex_is_a_problem(codes: CodeSet) -> None:
    claim = from_text(DIABETES)
    nobody = replace(claim, encounter=replace(claim.encounter, patient=Patient(sex="F")))
    assert "reckoned as 65 years" in risk(nobody, codes)["assumptions"][0]
    found = risk(from_text(DIABETES.replace("F71", "U71")), codes)
    assert (found["score"], found["lines"], bool(found["problem"])) == (None, {}, True)


@pytest.mark.parametrize(("age", "left_out"), [(0, True), (17, True), (18, False), (64, False)])
def test_a_child_is_left_out_and_every_adult_has_a_score(codes: CodeSet, age: int, left_out: bool) -> None:
    claim = from_text("office F78 2026-05-06: E11.9")
    found = risk(replace(claim, encounter=replace(claim.encounter, patient=Patient(age, "F"))), codes)
    assert ("under 18" in found["problem"]) == left_out == (found["score"] is None) == (not found["assumptions"])
    assert found["lines"] == {} or not left_out


def test_a_failing_model_ends_nothing(codes: CodeSet) -> None:
    claim = from_text(DIABETES)
    broken = replace(claim, encounter=replace(claim.encounter, patient=Patient(-5, "F")))
    assert "model failed" in risk(broken, codes)["problem"]


def test_a_heart_assist_device_alone_says_what_it_waits_for(codes: CodeSet) -> None:
    found = risk(from_text("office F71 2026-05-06: Z95.811"), codes)
    assert not found["lines"]["dx1"][0]["counts"]
    assert any("223" in note for note in found["notes"])


def test_settings_that_are_no_source_say_so(codes: CodeSet) -> None:
    assert any("no source" in note for note in risk(from_text("home_health F71 2026-05-06: E11.22"), codes)["notes"])


def test_the_command_line_knows_every_segment() -> None:
    assert tuple(SEGMENTS) == cli_pay.SEGMENTS


def test_the_model_is_imported_only_when_it_is_asked() -> None:
    code = "import sys, sandbox.web, sandbox.payment.hcc; sys.exit('hccinfhir' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_an_inpatient_counts_by_the_day_of_discharge(codes: CodeSet) -> None:
    stay = from_text("inpatient F71 2026-05-06: E11.22/Y")
    assert isinstance(stay.encounter, Encounter)
    assert risk(stay, codes)["score"] == 0.561
