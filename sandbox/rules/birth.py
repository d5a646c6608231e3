"""Obstetric codes: which time of a pregnancy they tell of, and whose record a claim is."""

import re
from functools import lru_cache
from typing import Final

from sandbox.checker import Entry, View
from sandbox.encounter import PCS, Line

ABORTIVE: Final = ("O00", "O01", "O02", "O03", "O04", "O07", "O08")
"""Pregnancy with abortive outcome (Tabular, block O00-O08)."""

PUERPERIUM: Final = ("O85", "O86", "O87", "O89", "O90", "O923", "O924", "O925", "O926", "O927")
"""Codes that by their title arise after the delivery, or in lactation (Tabular, block O85-O92)."""

PERIPARTUM: Final = "O903"
"""Cardiomyopathy that may also be found before the delivery (I.C.15.o.5), though it stands in that block."""

TERMINATION: Final = "Z332"
OUTCOME: Final = "Z37"
LIVEBORN: Final = "Z38"
WEEKS: Final = "Z3A"

EXTRACTED: Final = ("10D0", "10E0")
"""ICD-10-PCS: extraction (not of ectopic or retained products) and delivery of products of conception."""

YOUNGEST, OLDEST = 9, 64
"""Ages in years at which the Medicare Code Editor expects a pregnancy."""

_AFTER: Final = re.compile(r"\b(?:in|complicating|with) (?:the )?puerperium\b|\bwith lactation\b")
_DURING: Final = re.compile(r"\b(?:in|complicating) childbirth\b")


@lru_cache(maxsize=4096)
def _time(key: str, title: str) -> str:
    if key.startswith(PERIPARTUM):
        return ""
    if key.startswith(PUERPERIUM) or _AFTER.search(title):
        return "after"
    if _DURING.search(title):
        return "during"
    return "before" if "trimester" in title or title.endswith("complicating pregnancy") else ""


def time(entry: Entry) -> str:
    """When the code of chapter 15 has its place by its title: before, during or after the delivery; or empty."""
    return _time(entry.key, entry.code.title)


def obstetric(view: View) -> list[Entry]:
    """The lines with codes of chapter 15, but for sequelae (O94), in order."""
    return [entry for entry in view.diagnoses if entry.key[0] == "O" and entry.key != "O94"]


def newborn(view: View) -> bool:
    """Whether the claim is the record of a newborn or infant, as far as it shows."""
    age = view.encounter.patient.age_years
    if age is None:
        return any(key.startswith(LIVEBORN) for key in view.keys) and not obstetric(view)
    return age == 0


def mother(view: View) -> bool:
    """Whether the patient may be pregnant or delivered. Where not, the code is wrong and needs no companion."""
    patient = view.encounter.patient
    fits = patient.age_years is None or YOUNGEST <= patient.age_years <= OLDEST
    return fits and patient.sex != "M" and not newborn(view)


def births(view: View) -> list[Line]:
    """The procedures that are deliveries."""
    lines = view.claim.procedures
    return [n for n in lines if n.key.startswith(EXTRACTED) and n.system == PCS and n.id not in view.gated]


def weeks(view: View) -> bool:
    """Whether the weeks of gestation are on the claim."""
    return any(key.startswith(WEEKS) for key in view.keys)


def aborted(view: View) -> bool:
    """Whether the claim tells of a pregnancy with abortive outcome, or of its termination."""
    return any(key.startswith((*ABORTIVE, TERMINATION)) for key in view.keys)


def stopped(view: View, stems: tuple[str, ...]) -> bool:
    """Whether the gate stopped a line that begins so: the code is there, only not whole."""
    return bool(view.gated) and any(n.key.startswith(stems) for n in view.claim.lines if n.id in view.gated)
