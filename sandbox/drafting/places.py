"""Codes of claims for where a patient was seen → the settings of a case."""

import re
from typing import Final

from sandbox.drafting.material import Coded
from sandbox.encounter import CPT, HCPCS

PLACES: Final = {
    "02": "telehealth", "10": "telehealth", "11": "office", "12": "home_health", "19": "outpatient",
    "20": "urgent_care", "22": "outpatient", "23": "emergency", "24": "ambulatory_surgery", "31": "nursing_facility",
    "32": "nursing_facility", "49": "clinic", "50": "clinic", "71": "clinic", "72": "clinic",
}  # fmt: skip
"""Place of service codes of professional claims (CMS)."""

BILLS: Final = {
    "11": "inpatient", "13": "outpatient", "14": "outpatient", "21": "nursing_facility", "22": "nursing_facility",
    "32": "home_health", "33": "home_health", "34": "home_health", "71": "clinic", "73": "clinic", "77": "clinic",
    "83": "ambulatory_surgery", "85": "outpatient",
}  # fmt: skip
"""The first two digits of the type of bill, without the leading zero (NUBC)."""

_REVENUE: Final = (
    ("045", "emergency"),
    ("0762", "observation"),
    ("036", "ambulatory_surgery"),
    ("049", "ambulatory_surgery"),
)
"""Beginnings of revenue codes that tell more about an outpatient bill, the strongest first."""

_SERVICE: Final = re.compile(r"\d{4}[0-9A-Z]|[A-CE-Z]\d{4}", re.ASCII)
"""The form of a CPT or HCPCS code. What else stands in its place may be a name; D codes are ADA's."""

_MODIFIER: Final = re.compile(r"[0-9A-Z]{2}", re.ASCII)


def of_bill(kind: str, revenue: list[str]) -> str:
    """The setting of an institutional claim: its type of bill and, of outpatients, its revenue codes."""
    setting = BILLS.get(kind.lstrip("0")[:2], "outpatient")
    if setting != "outpatient":
        return setting
    return next(
        (found for start, found in _REVENUE if any(f"{code:>04}".startswith(start) for code in revenue)), setting
    )


def service(code: str, modifiers: tuple[str, ...] = (), units: int = 1) -> Coded | None:
    """A service of a claim: HCPCS Level II or CPT by its form. None for dental codes, which are licensed, and others.

    None of CPT's own content is needed for it.
    """
    code = code.strip().upper()
    if not _SERVICE.fullmatch(code):
        return None
    modifiers = tuple(one for one in (text.strip().upper() for text in modifiers) if _MODIFIER.fullmatch(one))
    return Coded(code, HCPCS if code[0].isalpha() else CPT, modifiers=modifiers, units=max(units, 1))
