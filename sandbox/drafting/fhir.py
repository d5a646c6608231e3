"""FHIR R4 → encounters: a Bundle, an ExplanationOfBenefit or Claim (CARIN Blue Button too), or NDJSON of such.

Names, identifiers, addresses and contacts of a resource are not read at all.
"""

import base64
import binascii
import datetime as dt
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from typing import Any, Final

from sandbox.drafting.material import Coded, Material, NoDraft, Page
from sandbox.drafting.places import PLACES, service
from sandbox.encounter import CM, PCS

Json = dict[str, Any]

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
        return _bundle([_dict(entry, "resource") for entry in _list(resource, "entry")], passed)
    if kind in _CLAIMS:
        patient = next((one for one in _list(resource, "contained") if one.get("resourceType") == "Patient"), {})
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
    pages = [page for kind in _TEXTS for one in by.get(kind, []) for page in _pages(one)]
    claims = [one for kind in _CLAIMS for one in by.get(kind, [])]
    if claims:
        return list(_claims(claims, patient, pages, passed))
    conditions = [code for one in by.get("Condition", []) for code in _codes(_dict(one, "code"), "icd-10-cm", "icd-10")]
    visit = next(iter(by.get("Encounter", [])), {})
    if not conditions and not pages:
        raise NoDraft("the Bundle has neither ICD-10-CM codes nor texts")
    operations = [
        Coded(code, PCS)
        for one in by.get("Procedure", [])
        for code in _codes(_dict(one, "code"), "icd-10-pcs", "/ICD10")
    ]
    setting = _CLASSES.get(str(_dict(visit, "class").get("code")), "")
    start, end = _period(_dict(visit, "period"))
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
    kinds = [str(code.get("code")) for code in _list(_dict(claim, "type"), "coding")]
    refused = next((why for kind, why in _REFUSED.items() if kind in kinds and why), "")
    if refused:
        raise NoDraft(refused)
    diagnoses = _diagnoses(claim)
    if not diagnoses:
        raise NoDraft("the claim has no ICD-10-CM diagnosis")
    setting = next((found for kind, found in _KINDS.items() if kind in kinds), "")
    places = [code for item in _list(claim, "item") for code in _codes(_dict(item, "locationCodeableConcept"), "place")]
    setting = (
        next((PLACES[place] for place in places if place in PLACES), setting) if setting != "inpatient" else setting
    )
    days = [day for item in _list(claim, "item") for day in _period(_dict(item, "servicedPeriod")) if day]
    start, end = _period(_dict(claim, "billablePeriod"))
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
    for n, row in enumerate(_list(claim, "diagnosis")):
        kinds = {str(code.get("code")) for kind in _list(row, "type") for code in _list(kind, "coding")}
        codes = _codes(_dict(row, "diagnosisCodeableConcept"), "icd-10-cm", "icd-10")
        poa = next(
            (_POA.get(str(code.get("code")).upper(), "") for code in _list(_dict(row, "onAdmission"), "coding")), ""
        )
        if codes and "admitting" not in kinds - {"principal"}:
            place = row.get("sequence")
            place = place if isinstance(place, int) else n
            rows.append(("principal" not in kinds, place or n, Coded(codes[0], CM, poa)))
    return tuple({row[2].code: row[2] for row in sorted(rows, key=lambda row: row[:2])}.values())


def _operations(claim: Json) -> tuple[Coded, ...]:
    concepts = [_dict(row, "procedureCodeableConcept") for row in _list(claim, "procedure")]
    return tuple(Coded(code, PCS) for concept in concepts for code in _codes(concept, "icd-10", "/ICD10", "icd-10-pcs"))


def _services(claim: Json) -> tuple[Coded, ...]:
    found: list[Coded | None] = []
    for item in _list(claim, "item"):
        modifiers = tuple(code for one in _list(item, "modifier") for code in _codes(one, ""))
        value = _dict(item, "quantity").get("value", 1)
        units = int(value) if isinstance(value, int | float) and 1 <= value <= _MOST_UNITS else 1
        codes = _codes(_dict(item, "productOrService"), "hcpcs", "cpt", "ama-assn")
        found += [service(code, modifiers, units) for code in codes]
    return tuple(filter(None, found))


def _discharge(claim: Json) -> str:
    for info in _list(claim, "supportingInfo"):
        status = _codes(_dict(info, "code"), "dschrg_stus", "dischargeStatus", "PatientDischargeStatus")
        if status:
            return status[0].zfill(2)
    return ""


def _status(visit: Json) -> str:
    home = _codes(_dict(_dict(visit, "hospitalization"), "dischargeDisposition"), "")
    return "01" if "home" in home else ""


def _person(patient: Json) -> tuple[dt.date | None, str]:
    sex = str(patient.get("gender", ""))
    return _day(patient.get("birthDate")), sex if sex in ("male", "female") else ""


def _pages(resource: Json) -> Iterator[Page]:
    kind = _dict(resource, "type") or _dict(resource, "code")
    title = str(kind.get("text") or next((code.get("display") for code in _list(kind, "coding")), "") or "Note")
    date = _day(resource.get("date") or resource.get("effectiveDateTime") or resource.get("issued"))
    parts = [_dict(content, "attachment") for content in _list(resource, "content")] + _list(resource, "presentedForm")
    texts = [_attached(part) for part in parts]
    texts += [_plain(str(_dict(section, "text").get("div", ""))) for section in _list(resource, "section")]
    text = "\n\n".join(filter(None, [*texts, str(resource.get("conclusion") or "")]))
    if text.strip():
        yield Page(title[:120], "Author", date, text)


def _attached(part: Json) -> str:
    kind = str(part.get("contentType", "text/plain"))
    if not kind.startswith("text/") or not isinstance(part.get("data"), str):
        return ""
    try:
        text = base64.b64decode(part["data"], validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise NoDraft("an attachment of the Bundle is not base64 of UTF-8 text") from None
    return _plain(text) if "html" in kind else text


class _Words(HTMLParser):
    """The text of a narrative, a line for each block."""

    def __init__(self) -> None:
        super().__init__()
        self.out: list[str] = []

    def handle_data(self, data: str) -> None:
        self.out.append(data)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in ("p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4"):
            self.out.append("\n- " if tag == "li" else "\n")


def _plain(html: str) -> str:
    words = _Words()
    try:
        words.feed(html)
    except AssertionError:  # what the parser does with "<![" before words that it does not know
        words.out = [re.sub(r"<[^>]*>", "\n", html)]
    return re.sub(r"\n\s*\n+", "\n", "".join(words.out)).strip()


def _codes(concept: Json, *systems: str) -> list[str]:
    """The codes of a concept whose system has one of the words in it."""
    codings = _list(concept, "coding")
    return [
        str(one["code"]).strip().upper() if systems != ("",) else str(one["code"])
        for one in codings
        if one.get("code") and any(word.lower() in str(one.get("system", "")).lower() for word in systems)
    ]


def _period(period: Json) -> tuple[dt.date | None, dt.date | None]:
    return _day(period.get("start")), _day(period.get("end"))


def _day(text: object) -> dt.date | None:
    try:
        return dt.date.fromisoformat(str(text)[:10])
    except ValueError:
        return None


def _dict(value: Json, name: str) -> Json:
    found = value.get(name)
    return found if isinstance(found, dict) else {}


def _list(value: Json, name: str) -> list[Json]:
    found: Iterable[Any] = value.get(name) or ()
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []
