"""Claims from the outside: JSON of the command line, and the short notation of rule pages and scenarios."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any, Final

from sandbox.encounter import CM, HCPCS, PCS, SETTINGS, SYSTEMS, Claim, Encounter, Line, Patient
from sandbox.findings import Evidence

_MOST: Final = 200
_SEX: Final = {"F": "F", "FEMALE": "F", "M": "M", "MALE": "M", "U": "U", "UNKNOWN": "U"}
_SELDOM: Final = frozenset(("modifiers", "units", "pointers", "evidence"))
_STATUS: Final = re.compile(r"[0-9]{2}")
_DAY: Final = r"\d{4}-\d\d-\d\d"
_TEXT: Final = re.compile(rf"\s*(\w+)\s+([FMU])(?:(\d+)(d?))?\s+(?:({_DAY})\.\.)?({_DAY})\s*:(.*)", re.DOTALL)
_QUOTE: Final = re.compile(r'"([^"]*)"')
_BILLED: Final = re.compile(r"(\w+)((?:-[^-*@]+)*)(?:\*(-?\d+))?(?:@([\d.]+))?")

NO_CLAIM: Final = 'a claim is a JSON object, such as {"setting": "office", …}'


class ClaimError(ValueError):
    """A claim that cannot be read; the message says where and what to do."""


def from_json(data: object) -> Claim:
    """The claim of one JSON object (its form: README, *The command line*).

    Raises :class:`ClaimError` with the path of the field at fault: ``diagnoses[2].code: …``.
    """
    if not isinstance(data, Mapping):
        raise ClaimError(NO_CLAIM)
    setting = _text(data, "setting", "")
    if setting not in SETTINGS:
        raise ClaimError(f"setting: {setting!r} is none of {', '.join(SETTINGS)}")
    encounter = Encounter(
        setting=setting,
        patient=_patient(data.get("patient")),
        admitted=_date(data, "admitted"),
        discharged=_date(data, "discharged"),
        date_of_service=_date(data, "date_of_service"),
        discharge_status=_status(data),
    )
    if encounter.admitted and encounter.discharged and encounter.admitted > encounter.discharged:
        raise ClaimError(f"admitted: {encounter.admitted} lies after the discharge, {encounter.discharged}")
    needed = "discharged" if encounter.inpatient else "date_of_service"
    if getattr(encounter, needed) is None:
        raise ClaimError(f"{needed}: an {setting} encounter needs this date (YYYY-MM-DD); it picks the code set")
    return for_encounter(encounter, data)


def for_encounter(encounter: Encounter, data: object) -> Claim:
    """The claim that the ``diagnoses`` and ``procedures`` of a JSON object make for an encounter that is known."""
    if not isinstance(data, Mapping):
        raise ClaimError('a claim is a JSON object, such as {"diagnoses": [{"code": "I10"}]}')
    return Claim(
        encounter,
        _lines(data, "diagnoses", "dx", CM),
        _lines(data, "procedures", "px", PCS if encounter.inpatient else HCPCS),
        _text(data, "id", ""),
    )


def from_text(text: str) -> Claim:
    """The claim of the short notation: ``inpatient F78 2026-05-06: M80.051A/Y, W01.0XXA/Y | 0SRR0JA``.

    Setting, sex and age (``M9d`` is nine days, ``M`` alone an unknown age), date of discharge or service
    (``2026-05-02..2026-05-06`` with the day of admission), diagnoses with POA behind a slash, and behind a bar the
    procedures: ICD-10-PCS, or ``hcpcs:J0561-JZ-LT*6@1.2`` with modifiers, units and pointers. Chart words stand behind
    a code in double quotes.
    """
    found = _TEXT.fullmatch(_QUOTE.sub(_masked, text))
    if not found:
        raise ClaimError(f"{text!r}: not in the form 'office F59 2026-08-03: E11.9, I10 | hcpcs:G0008'")
    setting, sex, age, days, admitted, date, rest = found.groups()
    diagnoses, _, procedures = rest.partition("|")
    when = "discharged" if setting == "inpatient" else "date_of_service"
    return from_json(
        {
            "setting": setting,
            "patient": {"sex": sex, "age_days" if days else "age_years": int(age) if age else None},
            "admitted": admitted,
            when: date,
            "diagnoses": [_short(item) for item in diagnoses.split(",") if item.strip()],
            "procedures": [_short(item, PCS) for item in procedures.split(",") if item.strip()],
        }
    )


def to_text(claim: Claim) -> str:
    """The claim in short notation: the inverse of :func:`from_text`. A stay's discharge status and id are not in it."""
    encounter, patient = claim.encounter, claim.encounter.patient
    age = patient.age_years if patient.age_days is None else f"{patient.age_days}d"
    since = f"{encounter.admitted}.." if encounter.admitted else ""
    head = f"{encounter.setting} {patient.sex}{'' if age is None else age} {since}{encounter.on}:"
    diagnoses = ", ".join(line_text(line, CM) for line in claim.diagnoses)
    procedures = ", ".join(line_text(line, PCS) for line in claim.procedures)
    return " ".join(part for part in (head, diagnoses, procedures and f"| {procedures}") if part)


def line_text(line: Line, usual: str) -> str:
    """A line in short notation; its system is named where it is not the ``usual`` one of its place."""
    parts = ["" if line.system == usual else f"{line.system}:", line.code, *(f"-{m}" for m in line.modifiers)]
    parts.append("" if line.units == 1 else f"*{line.units}")
    parts.append("@" + ".".join(map(str, line.pointers)) if line.pointers else "")
    parts.append(f"/{line.poa}" if line.poa else "")
    return "".join((*parts, *(f' "{words.quote}"' for words in line.evidence)))


def _masked(quote: re.Match[str]) -> str:
    """A quote without signs that mean something in the short notation."""
    return '"' + quote[1].encode().hex() + '"'


def _short(item: str, system: str = CM) -> dict[str, Any]:
    quotes = [bytes.fromhex(quote).decode() for quote in _QUOTE.findall(item)]
    code, _, poa = _QUOTE.sub("", item).strip().partition("/")
    prefix, colon, rest = code.partition(":")
    out: dict[str, Any] = {"code": rest if colon else code, "system": prefix if colon else system}
    if system == PCS and (billed := _BILLED.fullmatch(out["code"])):
        out["code"], modifiers, units, pointers = billed.groups()
        more = {"modifiers": modifiers.split("-")[1:], "units": units, "pointers": pointers and pointers.split(".")}
        out |= {name: value for name, value in more.items() if value}
    if quotes:
        out["evidence"] = [{"document": "chart", "quote": quote} for quote in quotes]
    return {**out, "poa": poa} if poa else out


def _text(data: Mapping[str, Any], name: str, default: str) -> str:
    value = data.get(name)
    if value is None:
        return default
    if type(value) is str and len(value) <= _MOST and value.isascii():
        return value
    if not isinstance(value, str | int) or isinstance(value, bool):
        raise ClaimError(f"{name}: expected a string, got {type(value).__name__}")
    return _whole_text(value)[:_MOST]


def _whole_text(value: object) -> str:
    """A text without half a character, which JSON allows: no database and no page could take it."""
    return str(value).encode(errors="replace").decode()


def _status(data: Mapping[str, Any]) -> str:
    value = data.get("discharge_status")
    if value in (None, ""):
        return ""
    # A number would have lost the 0 of 01.
    if not isinstance(value, str) or not _STATUS.fullmatch(value):
        raise ClaimError(f'discharge_status: {value!r} is not two digits in quotation marks, such as "01"')
    return value


def _date(data: Mapping[str, Any], name: str) -> dt.date | None:
    value = data.get(name)
    if value in (None, ""):
        return None
    try:
        # Python itself also reads 20260506 and 2026-W19-3.
        return dt.date.fromisoformat(value if re.fullmatch(_DAY, value, re.ASCII) else "")
    except (TypeError, ValueError):
        raise ClaimError(f"{name}: {value!r} is no date in the form YYYY-MM-DD") from None


def _patient(data: object) -> Patient:
    if data is None:
        return Patient()
    if not isinstance(data, Mapping):
        raise ClaimError('patient: expected an object, such as {"age_years": 78, "sex": "F"}')
    sex = _SEX.get(_text(data, "sex", "U").upper())
    if sex is None:
        raise ClaimError(f"patient.sex: {data['sex']!r} is none of F, M, U")
    years, days = _number(data, "age_years", 124), _number(data, "age_days", 124 * 366)
    if years is None and days is not None:
        years = days // 365
    # Of 365 days, a leap year leaves 0 whole years.
    if years is not None and days is not None and not days // 366 <= years <= days // 365:
        raise ClaimError(f"patient: age_days {days} and age_years {years} contradict each other; give one of the two")
    return Patient(years, sex, days)


def _number(data: Mapping[str, Any], name: str, most: int) -> int | None:
    value = data.get(name)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise ClaimError(f"patient.{name}: {value!r} is no whole number from 0 to {most}")
    return value


def _lines(data: Mapping[str, Any], name: str, prefix: str, system: str) -> tuple[Line, ...]:
    rows = [] if data.get(name) is None else data[name]
    if not isinstance(rows, list):
        raise ClaimError(f"{name}: expected a list of lines, got {type(rows).__name__}")
    if len(rows) > _MOST:
        raise ClaimError(f"{name}: {len(rows)} lines; a claim has at most {_MOST}")
    return tuple(_line(row, f"{name}[{n}]", f"{prefix}{n + 1}", system) for n, row in enumerate(rows))


def _line(row: object, where: str, id: str, system: str) -> Line:
    if isinstance(row, str):
        row = {"code": row}
    if not isinstance(row, (dict, Mapping)):
        raise ClaimError(f'{where}: expected a code as a text, such as "I10", or an object, such as {{"code": "I10"}}')
    try:
        code, system = _code(row), _text(row, "system", system).lower()
        poa = _text(row, "poa", "").strip().upper() or None
        further = {} if _SELDOM.isdisjoint(row) else _further(row)
    except ClaimError as error:
        raise ClaimError(f"{where}.{error}") from None
    if system not in SYSTEMS:
        raise ClaimError(f"{where}.system: {system!r} is none of {', '.join(SYSTEMS)}")
    return Line(id, code.strip(), system, poa, **further)


def _code(row: Mapping[str, Any]) -> str:
    value = row.get("code")
    if value is not None and not isinstance(value, str):
        # A number would have lost zeros: 250.00 comes as 250.0.
        kind = type(value).__name__
        raise ClaimError(f'code: a code is a text in quotation marks, such as "I10"; got {kind}')
    return _text(row, "code", "")


def _further(row: Mapping[str, Any]) -> dict[str, Any]:
    """What few lines have."""
    return {
        "modifiers": tuple(m for item in _items(row, "modifiers") if (m := _modifier(item))),
        "pointers": tuple(_whole("pointers", p) for p in _items(row, "pointers")),
        "units": 1 if row.get("units") is None else _whole("units", row["units"]),
        "evidence": tuple(map(_evidence, _items(row, "evidence"))),
    }


def _modifier(item: object) -> str:
    if item is not None and (not isinstance(item, str | int) or isinstance(item, bool)):
        raise ClaimError(f"modifiers: expected a list of texts, got {type(item).__name__} in it")
    return "" if item is None else _whole_text(item)[:_MOST].strip().upper()


def _evidence(item: object) -> Evidence:
    found = [item.get(name) for name in ("document", "quote")] if isinstance(item, Mapping) else []
    document, quote = (value if isinstance(value, str) else None for value in found or (None, None))
    if document is None or quote is None:
        raise ClaimError('evidence: expected objects such as {"document": "ed", "quote": "words of the chart"}')
    return Evidence(_whole_text(document), _whole_text(quote))


def _whole(name: str, value: object) -> int:
    if isinstance(value, int | str) and not isinstance(value, bool) and re.fullmatch(r"-?[0-9]{1,9}", str(value)):
        return int(value)
    raise ClaimError(f"{name}: {value!r} is no whole number of at most nine digits")


def _items(row: Mapping[str, Any], name: str) -> list[Any]:
    value = [] if row.get(name) is None else row[name]
    if not isinstance(value, list):
        raise ClaimError(f"{name}: expected a list, got {type(value).__name__}")
    return value
