"""FHIR R4 → encounters: a Bundle, an ExplanationOfBenefit or Claim (CARIN Blue Button too), or NDJSON of such.

Names, identifiers, addresses and contacts of a resource are not read at all.
"""

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from sandbox.drafting.material import Coded, Material, NoDraft, Page
from sandbox.drafting.places import PLACES, service
from sandbox.drafting.resource import Json, codes_of, day, inside, listed, pages_of, period
from sandbox.encounter import CM, PCS

_CLAIMS: Final = ("ExplanationOfBenefit", "Claim")
_TEXTS: Final = ("DocumentReference", "DiagnosticReport", "Composition")
_CLASSES: Final = {
    "IMP": "inpatient", "ACUTE": "inpatient", "NONAC": "inpatient", "EMER": "emergency", "OBSENC": "observation",
    "AMB": "office", "VR": "telehealth", "HH": "home_health", "SS": "ambulatory_surgery",
}  # fmt: skip
"""Classes of an Encounter (HL7 v3 ActEncounterCode)."""

_KINDS: Final = {
    "INPATIENT": "inpatient", "OUTPATIENT": "outpatient", "CARRIER": "office", "SNF": "nursing_facility",
    "HHA": "home_health",
}  # fmt: skip
"""Claim types of Blue Button."""

_REFUSED: Final = {"PDE": "a pharmacy claim has no diagnoses", "DME": "", "HOSPICE": ""}
_MOST_UNITS: Final = 999_999
_POA: Final = {"Y": "Y", "N": "N", "U": "U", "W": "W"}


def encounters(text: str, passed: Counter[str]) -> list[Material]:
    """The encounters of a JSON or NDJSON text; why others were passed over is counted in ``passed``.

    Raises :class:`NoDraft` where it has none that a case can be made of.
    """
    found: list[Material] = []
    for resource in _resources(text):
        try:
            found += _of(resource, passed)
        except NoDraft as error:
            passed[str(error)] += 1
    if not found:
        raise NoDraft(
            next(reversed(passed), "")
            or "no Bundle, ExplanationOfBenefit, Claim or Encounter with diagnoses in this file"
        )
    return found


def _resources(text: str) -> Iterator[Json]:
    try:
        values = [_json(text)]
    except json.JSONDecodeError:
        values = []
        for number, line in enumerate(text.splitlines(), 1):
            if line.strip():
                try:
                    values.append(_json(line))
                except json.JSONDecodeError as error:
                    raise NoDraft(f"line {number} is not JSON: {error.msg}, column {error.colno}") from None
    for value in values:
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict):
                yield one


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        raise
    except RecursionError:
        raise NoDraft("not JSON: brackets within brackets without end") from None
    except ValueError:
        raise NoDraft("a number of this file has thousands of digits") from None


def _of(resource: Json, passed: Counter[str]) -> list[Material]:
    kind = resource.get("resourceType")
    if kind == "Bundle":
        return _bundle([inside(entry, "resource") for entry in listed(resource, "entry")], passed)
    if kind in _CLAIMS:
        patient = next((one for one in listed(resource, "contained") if one.get("resourceType") == "Patient"), {})
        return [_claim(resource, patient, [])]
    raise NoDraft(
        f"{kind or 'a JSON object without resourceType'} makes no draft; a Bundle or an ExplanationOfBenefit does"
    )


def _bundle(resources: list[Json], passed: Counter[str]) -> list[Material]:
    by: dict[str, list[Json]] = {}
    for one in resources:
        by.setdefault(str(one.get("resourceType")), []).append(one)
    if len(by.get("Patient", [])) > 1:
        raise NoDraft("a Bundle of several patients; give one Bundle a patient, or the claims as NDJSON")
    patient = next(iter(by.get("Patient", [])), {})
    pages = [page for kind in _TEXTS for one in by.get(kind, []) for page in pages_of(one)]
    claims = [one for kind in _CLAIMS for one in by.get(kind, [])]
    if claims:
        return list(_claims(claims, patient, pages, passed))
    conditions = [
        code for one in by.get("Condition", []) for code in codes_of(inside(one, "code"), "icd-10-cm", "icd-10")
    ]
    visit = next(iter(by.get("Encounter", [])), {})
    if not conditions and not pages:
        raise NoDraft("the Bundle has neither ICD-10-CM codes nor texts")
    operations = [
        Coded(code, PCS)
        for one in by.get("Procedure", [])
        for code in codes_of(inside(one, "code"), "icd-10-pcs", "/ICD10")
    ]
    setting = _CLASSES.get(str(inside(visit, "class").get("code")), "")
    start, end = period(inside(visit, "period"))
    born, sex = _person(patient)
    told = ("the conditions stand in the order of the file: choose the first-listed one",) if conditions else ()
    return [
        Material(
            "a FHIR Bundle",
            setting,
            born,
            sex=sex,
            start=start,
            end=end or start,
            discharge_status=_status(visit),
            diagnoses=tuple(Coded(code, CM) for code in dict.fromkeys(conditions)),
            procedures=tuple(operations) if setting == "inpatient" else (),
            pages=tuple(pages),
            said=told,
        )
    ]


def _claims(claims: list[Json], patient: Json, pages: list[Page], passed: Counter[str]) -> Iterator[Material]:
    for one in claims:
        try:
            yield _claim(one, patient, pages)
        except NoDraft as error:
            passed[str(error)] += 1


def _claim(claim: Json, patient: Json, pages: list[Page]) -> Material:
    kinds = [str(code.get("code")) for code in listed(inside(claim, "type"), "coding")]
    refused = next((why for kind, why in _REFUSED.items() if kind in kinds and why), "")
    if refused:
        raise NoDraft(refused)
    diagnoses = _diagnoses(claim)
    if not diagnoses:
        raise NoDraft("the claim has no ICD-10-CM diagnosis")
    setting = next((found for kind, found in _KINDS.items() if kind in kinds), "")
    places = [
        code for item in listed(claim, "item") for code in codes_of(inside(item, "locationCodeableConcept"), "place")
    ]
    setting = (
        next((PLACES[place] for place in places if place in PLACES), setting) if setting != "inpatient" else setting
    )
    days = [day for item in listed(claim, "item") for day in period(inside(item, "servicedPeriod")) if day]
    start, end = period(inside(claim, "billablePeriod"))
    procedures = _operations(claim) if setting == "inpatient" else _services(claim)
    born, sex = _person(patient)
    return Material(
        f"a FHIR {claim['resourceType']}",
        setting,
        born,
        sex=sex,
        start=start or min(days, default=None),
        end=end or max(days, default=None),
        discharge_status=_discharge(claim),
        diagnoses=diagnoses,
        procedures=procedures,
        pages=tuple(pages),
    )


def _diagnoses(claim: Json) -> tuple[Coded, ...]:
    rows: list[tuple[bool, int, Coded]] = []
    for n, row in enumerate(listed(claim, "diagnosis")):
        kinds = {str(code.get("code")) for kind in listed(row, "type") for code in listed(kind, "coding")}
        codes = codes_of(inside(row, "diagnosisCodeableConcept"), "icd-10-cm", "icd-10")
        poa = next(
            (_POA.get(str(code.get("code")).upper(), "") for code in listed(inside(row, "onAdmission"), "coding")), ""
        )
        if codes and "admitting" not in kinds - {"principal"}:
            place = row.get("sequence")
            place = place if isinstance(place, int) else n
            rows.append(("principal" not in kinds, place or n, Coded(codes[0], CM, poa)))
    return tuple({row[2].code: row[2] for row in sorted(rows, key=lambda row: row[:2])}.values())


def _operations(claim: Json) -> tuple[Coded, ...]:
    concepts = [inside(row, "procedureCodeableConcept") for row in listed(claim, "procedure")]
    return tuple(
        Coded(code, PCS) for concept in concepts for code in codes_of(concept, "icd-10", "/ICD10", "icd-10-pcs")
    )


def _services(claim: Json) -> tuple[Coded, ...]:
    found: list[Coded | None] = []
    for item in listed(claim, "item"):
        modifiers = tuple(code for one in listed(item, "modifier") for code in codes_of(one, ""))
        value = inside(item, "quantity").get("value", 1)
        units = int(value) if isinstance(value, int | float) and 1 <= value <= _MOST_UNITS else 1
        codes = codes_of(inside(item, "productOrService"), "hcpcs", "cpt", "ama-assn")
        found += [service(code, modifiers, units) for code in codes]
    return tuple(filter(None, found))


def _discharge(claim: Json) -> str:
    for info in listed(claim, "supportingInfo"):
        status = codes_of(inside(info, "code"), "dschrg_stus", "dischargeStatus", "PatientDischargeStatus")
        if status:
            return status[0].zfill(2)
    return ""


def _status(visit: Json) -> str:
    home = codes_of(inside(inside(visit, "hospitalization"), "dischargeDisposition"), "")
    return "01" if "home" in home else ""


def _person(patient: Json) -> tuple[dt.date | None, str]:
    sex = str(patient.get("gender", ""))
    return day(patient.get("birthDate")), sex if sex in ("male", "female") else ""
