"""VAL, first part: is it a code of the right system, and does it look like one?"""

import re
from collections.abc import Iterator
from typing import Final

from sandbox.checker import Family, Hit, View
from sandbox.encounter import CM, PCS, SETTINGS, Line, dotted
from sandbox.findings import Severity

family = Family("VAL", "Valid codes")

NAMES: Final = {"icd-10-cm": "ICD-10-CM", "icd-10-pcs": "ICD-10-PCS", "hcpcs": "HCPCS", "cpt": "CPT"}
"""Code system → what people call it."""
# The second place is a digit, or a letter with a digit behind it (QA0, QA1).
_CM: Final = re.compile(r"[A-Z](?:\d[0-9A-Z]|[A-Z]\d)[0-9A-Z]{0,4}")
_PCS: Final = re.compile(r"[0-9A-HJ-NP-Z]{7}")
_PCS_SECTIONS: Final = frozenset("0123456789BCDFGHX")
# HCPCS level II, and CPT: five digits, or four and a letter. A line may call either by either name.
_HCPCS: Final = re.compile(r"[A-HJ-NP-Z]\d{4}|\d{4}[0-9A-HJ-NP-Z]")
ICD9: Final = re.compile(r"\d{3,5}|\d{4}[A-Z]")
"""Codes that ICD-9-CM may have had, and ICD-10-CM never."""
_DIGITS: Final = str.maketrans("OI", "01")
_LETTERS: Final = str.maketrans("01", "OI")


def stem(line: Line) -> str:
    """The line's code without dot and without the dashes that the Tabular and the Index put for open places."""
    return line.key.rstrip("-")


def is_diagnosis(view: View, line: Line) -> bool:
    """Whether the line stands among the diagnoses."""
    return line in view.claim.diagnoses


@family.rule("VAL04", "wrong_system", Severity.ERROR, authority="HIPAA code sets, 45 CFR 162.1002", gate=True)
def wrong_system(view: View) -> Iterator[Hit]:
    """A code of another code system stands in this place.

    ## What it flags
    An ICD-10-PCS, CPT or old ICD-9-CM code among the diagnoses, a diagnosis code among the procedures, and an
    ICD-10-PCS code on any claim that is not for an inpatient stay.

    ## Why it matters
    The law names one code system for each purpose: ICD-10-CM for diagnoses everywhere, ICD-10-PCS for what a hospital
    does to its inpatients, CPT and HCPCS for the services of everybody else. A claim in the wrong one is returned.

    ## Where to look
    At the field the code stands in, and at the setting of the encounter. Observation and ambulatory surgery are
    outpatient.

    ## Flagged
    - inpatient F78 2026-05-06: M16.11/Y, 0SR90JA/Y
    - inpatient M61 2026-05-06: K35.80/Y, I10/Y | K35.80
    - ambulatory_surgery F52 2026-06-11: K80.20, E66.9 | 0FT44ZZ

    ## Accepted
    - inpatient M61 2026-05-06: K35.80/Y, I10/Y | 0DTJ4ZZ
    - office F59 2026-08-03: I10, Z23 | hcpcs:G0008
    """
    for line in view.doubtful:
        if line.key and (why := _foreign_dx(view, line) if is_diagnosis(view, line) else _foreign_px(view, line)):
            yield Hit(why, (line,))


def _foreign_dx(view: View, line: Line) -> str:
    key, codes = line.key, view.codes
    told = "Diagnoses are coded in ICD-10-CM."
    if line.system != CM:
        return f"{line.shown} is entered as {NAMES[line.system]}, but stands among the diagnoses. {told}"
    if codes.get(key):
        return ""
    if codes.get(key, PCS) or (key[0].isdigit() and _PCS.fullmatch(key)):
        return (
            f"{key} has the form of an ICD-10-PCS procedure code. {told} "
            "If the procedure was done, it belongs among the procedures of an inpatient stay."
        )
    if ICD9.fullmatch(key) and not codes.get(_swapped(key)):
        both = len(key) == 5 and "." not in line.code
        kind = "a CPT or an old ICD-9-CM code" if both else "an old ICD-9-CM code"
        return f"{line.code} looks like {kind}. {told} Its codes begin with a letter."
    return ""


def _foreign_px(view: View, line: Line) -> str:
    key, name = line.key, NAMES[line.system]
    if line.system == CM or _reads_like_cm(view, line):
        return f"{dotted(key)} looks like a diagnosis (ICD-10-CM), but stands among the procedures."
    inpatient = view.encounter.inpatient
    pcs = view.codes.get(key, PCS) is not None
    if not inpatient and (line.system == PCS or pcs):
        if not pcs and _HCPCS.fullmatch(key):
            return f"{key} is entered as ICD-10-PCS, but has the form of a CPT or HCPCS code. Which system is meant?"
        what = "which" if line.system == PCS else "but has the form of ICD-10-PCS, which"
        return (
            f"{key} is entered as {name}, {what} is for the procedures of inpatient stays only. The setting here "
            f"is {SETTINGS[view.encounter.setting].lower()}; its services are coded in CPT and HCPCS."
        )
    if pcs and line.system != PCS:
        return f"{key} is an ICD-10-PCS code, but is entered as {name}."
    if line.system == PCS and _HCPCS.fullmatch(key) and not view.codes.heading(key, view.on, PCS):
        return f"{key} has the form of a CPT or HCPCS code, but is entered as ICD-10-PCS (seven characters)."
    return ""


def _reads_like_cm(view: View, line: Line) -> bool:
    key, codes = line.key, view.codes
    if line.system != PCS and _HCPCS.fullmatch(key) and "." not in line.code:
        return False
    if codes.get(key):
        return True
    if not (key[0].isalpha() and codes.get(key[:3])) or codes.get(key, PCS):
        return False
    if "." in line.code:
        return True
    if line.system != PCS or codes.heading(key, view.on, PCS) or _HCPCS.fullmatch(key):
        return False
    # Where no diagnosis begins with four of seven characters, the first is more likely a slip for a section.
    return len(key) < 7 or (key[0] not in _PCS_SECTIONS and codes.get(key[:4]) is not None)


@family.rule(
    "VAL05",
    "malformed_code",
    Severity.ERROR,
    authority="ICD-10-CM Guidelines, I.A.2",
    section="I.A.2",
    gate=True,
)
def malformed_code(view: View) -> Iterator[Hit]:
    """No code of any known system looks like this.

    ## What it flags
    Codes that are too short or too long, hold signs that no code holds, or have the letter O for the digit 0 or the
    letter I for the digit 1 (and the other way round); and lines without a code.

    ## Why it matters
    Such a code is not wrong about the patient: it is a slip of the pen, and stops the claim before anybody reads it.

    ## Where to look
    At the keyboard. ICD-10-CM: three to seven characters, the first a letter. ICD-10-PCS: exactly seven, digits and
    letters, never O or I. CPT and HCPCS: five.

    ## Flagged
    - office M44 2026-08-03: E1O.9, I10
    - emergency M19 2026-05-30: S61.211AA, W25.XXXA
    - inpatient F78 2026-05-06: M16.11/Y | OSR90JA

    ## Accepted
    - office M9 2026-08-03: QA00.101, J34.8200, O80
    - inpatient F78 2026-05-06: M16.11/Y | 0SR90JA
    """
    for line in view.doubtful:
        if line.id not in view.gated and (why := _misshapen(view, line)):
            yield Hit(why, (line,))


def _misshapen(view: View, line: Line) -> str:
    key = line.key
    if not key:
        return f"Line {line.id[2:]} among the {_field(view, line)} has no code."
    if is_diagnosis(view, line):
        return _misshapen_dx(view, line)
    if line.system != PCS:
        if _HCPCS.fullmatch(key):
            return ""
        form = "A CPT code has five digits, or four and a letter; a HCPCS code has a letter and four digits."
        swapped = key[0] + key[1:].translate(_DIGITS)
        return f"{key} is no CPT or HCPCS code. {form}" + _meant(swapped, key, bool(_HCPCS.fullmatch(swapped)))
    if _PCS.fullmatch(key) or view.codes.heading(stem(line), view.on, PCS):
        return ""
    swapped = key.translate(_DIGITS)
    form = "An ICD-10-PCS code has exactly seven characters, digits and letters without I and O."
    return f"{key} is no ICD-10-PCS code. {form}" + _meant(swapped, key, view.codes.get(swapped, PCS) is not None)


def _misshapen_dx(view: View, line: Line) -> str:
    key, codes = line.key, view.codes
    if key.endswith("-") and codes.heading(stem(line), view.on):
        return ""
    # Y93.I holds the one letter I; whatever stands below such an entry is well formed.
    strange = [n for n, char in enumerate(key[1:7], 2) if char in "IO" and not codes.get(key[:n])]
    if _CM.fullmatch(key) and not strange:
        return ""
    swapped = _swapped(key)
    known = codes.valid(swapped, view.on) or codes.heading(swapped, view.on)
    form = "An ICD-10-CM code has three to seven characters, digits and letters; the first is a letter."
    if strange and not known and _CM.fullmatch(swapped):
        form += " Is the letter O typed for the digit 0, or I for 1?"
    return f"{line.code} does not look like an ICD-10-CM code. {form}" + _meant(dotted(swapped), line.shown, known)


def _field(view: View, line: Line) -> str:
    return "diagnoses" if is_diagnosis(view, line) else "procedures"


def _swapped(key: str) -> str:
    return key[0].translate(_LETTERS) + key[1:].translate(_DIGITS)


def _meant(swapped: str, typed: str, known: bool) -> str:
    return f" Letter O or digit 0, letter I or digit 1: is {swapped} meant?" if known and swapped != typed else ""
