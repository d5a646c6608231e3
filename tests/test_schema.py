"""The form of a case: its dates, its claim, and the schema that editors use."""

import datetime as dt
import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from sandbox.cases.blueprint import Blueprint
from sandbox.cases.chart import Document, PatientText
from sandbox.cases.reader import read, read_file
from sandbox.cases.schema import Case
from sandbox.cases.schema_export import EXAM_FILE, FILE, json_schema, render
from sandbox.encounter import Patient
from tests.small_case import TEXT, spoiled

ROOT = Path(__file__).resolve().parent.parent


def case(text: str = TEXT) -> Case:
    found = read(text, "x.yaml").case
    assert found is not None
    return found


def test_the_exported_schema_is_current() -> None:
    assert FILE == ROOT / "case.schema.json"
    assert FILE.read_text(encoding="utf-8") == render(), "run: python -m sandbox.cases.schema_export"
    assert EXAM_FILE.read_text(encoding="utf-8") == render(Blueprint), "run: python -m sandbox.cases.schema_export"


def test_the_schema_knows_every_key_and_refuses_others() -> None:
    schema = json_schema()
    assert set(schema["properties"]) == set(Case.model_fields)
    assert schema["additionalProperties"] is False
    assert schema["properties"]["date_of_service"]["anyOf"][0] == {"format": "date", "type": "string"}
    json.loads(render())


def test_every_shipped_case_names_the_schema_in_its_first_line() -> None:
    for path in (ROOT / "cases").rglob("*.yaml"):
        first = path.read_text(encoding="utf-8").partition("\n")[0]
        named = first.removeprefix("# yaml-language-server: $schema=")
        assert (path.parent / named).resolve() == (EXAM_FILE if path.parent.name == "exams" else FILE)


@pytest.mark.parametrize(
    ("age", "patient"),
    [
        ("78 years", Patient(78, "F")),
        ("1 year", Patient(1, "F")),
        ("5 months", Patient(0, "F", 150)),
        ("9 days", Patient(0, "F", 9)),
        ("14 months", Patient(1, "F", 420)),
    ],
)
def test_ages_are_years_months_weeks_or_days(age: str, patient: Patient) -> None:
    assert PatientText(age=age, sex="female").as_patient() == patient


def test_a_date_is_written_in_full() -> None:
    day = {"id": "a", "title": "Note", "author": "RN", "text": "x"}
    assert Document.model_validate({**day, "date": "2026-05-04"}).date == dt.date(2026, 5, 4)
    for wrong in ("20260504", "1746316800", "2026-5-4", "05/04/2026", "2026-05-04T00:00", ""):
        with pytest.raises(ValidationError):
            Document.model_validate({**day, "date": wrong})


def test_an_inpatient_case_has_a_stay_and_others_a_day() -> None:
    stay = spoiled("setting: office", "setting: inpatient")
    assert read(stay, "x.yaml").case is None
    dates = "admitted: 2026-05-04\ndischarged: {}"
    assert case(spoiled("date_of_service: 2026-05-04", dates.format("2026-05-06"), stay)).encounter().inpatient
    assert read(spoiled("date_of_service: 2026-05-04", dates.format("2026-05-01"), stay), "x.yaml").case is None


def test_the_key_is_a_claim_that_carries_its_evidence() -> None:
    claim = case().claim()
    assert [(line.id, line.code, line.poa) for line in claim.lines] == [("dx1", "J02.0", None)]
    assert [(e.document, e.quote) for e in claim.diagnoses[0].evidence] == [("visit", "Strep pharyngitis")]
    assert claim.encounter.on == dt.date(2026, 5, 4)


def test_lines_keep_their_ids_when_optional_ones_are_left_out() -> None:
    path = ROOT / "cases" / "orthopedics" / "hip-pain-after-a-fall.yaml"
    found = read_file(path).case
    assert found is not None
    whole, lean = found.claim(), found.claim(optional=False)
    left_out = {line.id for line in whole.lines} - {line.id for line in lean.lines}
    assert left_out == {"dx7", "px2"}
    assert all(line in whole.lines for line in lean.lines)
