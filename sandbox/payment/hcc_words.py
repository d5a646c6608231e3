"""The names of the CMS-HCC model in words: segments, and the factors that are no HCC."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

_AGED: Final = 65


@dataclass(frozen=True, slots=True)
class Segment:
    """One of the model's groups of patients, each with coefficients of its own; age is not part of it.

    ``dual``: Medicare's code for the kind of Medicaid entitlement.
    """

    words: str
    dual: str = "00"
    institutional: bool = False


SEGMENTS: Final[Mapping[str, Segment]] = {
    "community-nondual": Segment("community, non-dual (no Medicaid)"),
    "community-partial": Segment("community, partial benefit dual (some Medicaid)", "01"),
    "community-full": Segment("community, full benefit dual (Medicare and full Medicaid)", "02"),
    "institutional": Segment("long-term institutional, no Medicaid", institutional=True),
}
"""The segments by name; new enrollees have no HCCs and are left out."""

_INTERACTIONS: Final = {
    "DIABETES_HF_V28": "diabetes and heart failure",
    "HF_CHR_LUNG_V28": "heart failure and chronic lung disease",
    "HF_KIDNEY_V28": "heart failure and kidney disease",
    "CHR_LUNG_CARD_RESP_FAIL_V28": "chronic lung disease and cardiorespiratory failure",
    "HF_HCC238_V28": "heart failure and specified heart arrhythmias",
    "gSubUseDisorder_gPsych_V28": "substance use disorder and psychiatric disorder",
    "DISABLED_CANCER_V28": "disabled, with cancer",
    "DISABLED_NEURO_V28": "disabled, with a neurological disorder",
    "DISABLED_HF_V28": "disabled, with heart failure",
    "DISABLED_CHR_LUNG_V28": "disabled, with chronic lung disease",
    "DISABLED_ULCER_V28": "disabled, with a skin ulcer",
    "LTIMCAID": "long-term institutional, with Medicaid",
}
_PEOPLE: Final = re.compile(r"([FM])(\d+)_(\d+|GT)")
_COUNT: Final = re.compile(r"D(\d+)(P?)")
_SEXES: Final = {"F": "female", "M": "male"}


def in_words(segment: str, age: int) -> str:
    """A segment with the part that age decides: *community, non-dual (no Medicaid), aged (65 or older)*."""
    found = SEGMENTS[segment]
    if found.institutional:
        return found.words
    return f"{found.words}, {'aged (65 or older)' if age >= _AGED else 'disabled (under 65)'}"


def factor(id: str, coefficient: float, labels: Mapping[str, str]) -> dict[str, Any]:
    """One addend of the score. ``labels``: HCC → its label."""
    kind, label = _named(id, labels)
    return {"id": id, "kind": kind, "label": label, "coefficient": coefficient}


def _named(id: str, labels: Mapping[str, str]) -> tuple[str, str]:
    if id.isdigit():
        return "hcc", labels.get(id, "")
    if people := _PEOPLE.fullmatch(id):
        sex, low, high = people.groups()
        years = f"{low} years or older" if high == "GT" else f"{low} to {high} years"
        return "demographic", f"{_SEXES[sex]}, {years}"
    if count := _COUNT.fullmatch(id):
        return "count", f"{count[1]}{' or more' if count[2] else ''} HCCs that count"
    return "interaction", _INTERACTIONS.get(id, id.replace("_", " "))
