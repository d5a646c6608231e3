"""The form of a claim to try: what was typed → a claim, or what keeps it from being read, field by field."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sandbox.claims import ClaimError, from_text, line_text
from sandbox.encounter import CPT, HCPCS, PCS, SETTINGS, SYSTEMS, Claim, bare

MOST: Final = 40
"""Codes of one claim, diagnoses and procedures together."""
LONGEST: Final = 4000
"""Characters of one field."""
FIELDS: Final = {
    "setting": "Setting",
    "sex": "Sex",
    "age": "Age",
    "date": "Date",
    "admitted": "Admitted",
    "dx": "Diagnoses",
    "px": "Procedures",
    "claim": "The address",
}
SEXES: Final = {"F": "female", "M": "male", "U": "unknown"}

_AGE: Final = re.compile(r"([0-9]{1,3}) *(?:y|years?)?|([0-9]{1,5}) *(?:d|days?)", re.IGNORECASE)
_ITEM: Final = re.compile(r'(?:[^,;\n"]|"[^"]*")+')
_BAR: Final = re.compile(r'"[^"]*"|(\|)')
_WHOLE: Final = re.compile(r"\s*\w+\s+[FMU]\w*\s+[0-9.-]+\s*:")
_QUOTES: Final = r'(?:\s*"[^"]*")*'
_SYSTEM: Final = rf"(?:(?:{'|'.join(SYSTEMS)}):)?"
_FORM: Final = {
    "dx": re.compile(rf"{_SYSTEM}[a-z0-9.]{{1,12}}(?:/[a-z0-9]{{0,2}})?{_QUOTES}", re.IGNORECASE),
    "px": re.compile(
        rf"{_SYSTEM}[a-z0-9.]{{1,12}}(?:-[a-z0-9]{{1,4}}){{0,6}}(?:\*-?[0-9]{{1,6}})?(?:@[0-9]{{1,2}}(?:\.[0-9]{{1,2}}){{0,9}})?"
        rf"(?:/[a-z0-9]{{0,2}})?{_QUOTES}",
        re.IGNORECASE,
    ),
}
_HOW: Final = {
    "dx": "Write I10, or I10/Y with its POA indicator",
    "px": "Write 0SRR0JA, or hcpcs:J0561-JZ*6@1 with modifier, units and pointer",
}
_LIKE: Final = ((re.compile(r"[A-Z][0-9]{4}"), HCPCS), (re.compile(r"[0-9]{4}[0-9A-Z]"), CPT))
"""What a procedure without a named system is, outside a stay. All else counts as ICD-10-PCS, and a rule says so."""


@dataclass(frozen=True, slots=True)
class Typed:
    """The fields as they were typed; dates as ``2026-05-06``, ages as ``78`` or ``9d``, one code a line."""

    setting: str = "office"
    sex: str = "U"
    age: str = ""
    date: str = ""
    admitted: str = ""
    dx: str = ""
    px: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """What cannot be read: the field (a key of :data:`FIELDS`), and a sentence on what to do."""

    field: str
    text: str


class Unreadable(ValueError):
    """The form cannot be read as a claim."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(problem.text for problem in problems))
        self.problems = problems


def read(fields: Mapping[str, str]) -> Typed:
    """The fields of a form or of a query string. A whole claim in short notation may stand in ``claim`` or ``dx``.

    Raises :class:`Unreadable` where there is such a claim and it is none.
    """
    for name in ("claim", "dx"):
        text = fields.get(name, "")[: 2 * LONGEST]
        if text.strip() and (name == "claim" or _WHOLE.match(text)):
            try:
                return from_claim(from_text(" ".join(text.split())))
            except ValueError as error:
                raise Unreadable(Problem(name, f"{error}.")) from None
    known = {
        name: fields[name][: LONGEST + 1].replace("\r\n", "\n").strip() for name in Typed.__slots__ if name in fields
    }
    return Typed(**known)


def from_claim(claim: Claim) -> Typed:
    """The form, filled with a claim."""
    encounter, patient = claim.encounter, claim.encounter.patient
    age = patient.age_years if patient.age_days is None else f"{patient.age_days}d"
    return Typed(
        encounter.setting,
        patient.sex,
        "" if age is None else str(age),
        str(encounter.on),
        str(encounter.admitted or ""),
        "\n".join(line_text(line, "icd-10-cm") for line in claim.diagnoses),
        "\n".join(line_text(line, PCS) for line in claim.procedures),
    )


def claim(typed: Typed) -> Claim:
    """The claim of the form. Raises :class:`Unreadable` with everything that keeps it from being read."""
    long = [name for name in Typed.__slots__ if len(getattr(typed, name)) > LONGEST]
    if long:
        raise Unreadable(*(Problem(name, f"That is longer than {LONGEST} characters; shorten it.") for name in long))
    problems = _encounter_problems(typed)
    first, rest = _split(typed.dx)
    texts = {"dx": first, "px": f"{rest}\n{typed.px}"}
    items = {name: [item.strip() for item in _ITEM.findall(text) if item.strip()] for name, text in texts.items()}
    problems += [problem for name, text in texts.items() for problem in _item_problems(name, text, items[name])]
    total = len(items["dx"]) + len(items["px"])
    if total > MOST:
        problems.append(Problem("dx", f"{total} codes are more than the {MOST} that are checked here; take some away."))
    if not total and not problems:
        problems.append(Problem("dx", "There is nothing to check yet; type at least one code."))
    if problems:
        raise Unreadable(*problems)
    procedures = [_with_system(item, typed.setting) for item in items["px"]]
    try:
        return from_text(f"{_head(typed)}: {', '.join(items['dx'])} | {', '.join(procedures)}")
    except ClaimError as error:  # what the patterns let through, such as a pointer to a 100th diagnosis
        raise Unreadable(Problem("dx", f"{error}.")) from None


def _split(text: str) -> tuple[str, str]:
    """What stands before and behind the first bar that is no chart word."""
    bar = next((found for found in _BAR.finditer(text) if found[1]), None)
    return (text[: bar.start()], text[bar.end() :]) if bar else (text, "")


def _encounter_problems(typed: Typed) -> list[Problem]:
    out = []
    if typed.setting not in SETTINGS:
        out.append(Problem("setting", f"“{typed.setting[:40]}” is none of the settings; choose one of the list."))
    if typed.sex not in SEXES:
        out.append(Problem("sex", f"“{typed.sex[:40]}” is none of {', '.join(SEXES)}; choose one of the list."))
    years = _age(typed.age)
    if typed.age and (years is None or years > 124):
        out.append(
            Problem("age", f"“{typed.age[:40]}” is no age from 0 to 124. Type years (78), or days with a d (9d).")
        )
    date, admitted = _day(typed.date), _day(typed.admitted)
    if date is None:
        what = f"“{typed.date[:40]}” is no date." if typed.date else "A date is needed: it picks the code set."
        out.append(Problem("date", f"{what} Type it as year-month-day, such as 2026-05-06."))
    if typed.admitted and admitted is None:
        out.append(Problem("admitted", f"“{typed.admitted[:40]}” is no date. Type it as 2026-05-02, or leave it out."))
    if date and admitted and admitted > date:
        out.append(Problem("admitted", f"{admitted} lies after the discharge, {date}; change one of the two."))
    return out


def _item_problems(name: str, text: str, items: list[str]) -> list[Problem]:
    if text.count('"') % 2:
        return [Problem(name, "A quotation mark is not closed. Chart words stand between two of them, behind a code.")]
    out = []
    for n, item in enumerate(items, 1):
        if not _FORM[name].fullmatch(item):
            spaced = " " in item.partition('"')[0].strip()
            why = "Put each code on a line of its own, without its title" if spaced else _HOW[name]
            out.append(Problem(name, f"Code {n}, “{item[:40]}”, cannot be read. {why}."))
    return out[:5]


def _head(typed: Typed) -> str:
    found = _AGE.fullmatch(typed.age)
    age = f"{found[1] or ''}{found[2] + 'd' if found[2] else ''}" if found else ""
    return f"{typed.setting} {typed.sex}{age} {f'{typed.admitted}..' if typed.admitted else ''}{typed.date}"


def _age(text: str) -> float | None:
    """Years; None where the text is no age."""
    found = _AGE.fullmatch(text)
    return None if not found else int(found[1]) if found[1] else int(found[2]) / 366


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def _with_system(item: str, setting: str) -> str:
    code = bare(re.split(r'[-*@/"\s]', item)[0])
    if ":" in item or setting == "inpatient":
        return item
    return next((f"{system}:{item}" for like, system in _LIKE if like.fullmatch(code)), item)
