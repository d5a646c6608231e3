"""An encounter and the claim made for it. A leaf: it knows no code set, no file and no page."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from sandbox.findings import Evidence

CM: Final = "icd-10-cm"
PCS: Final = "icd-10-pcs"
HCPCS: Final = "hcpcs"
CPT: Final = "cpt"
SYSTEMS: Final = (CM, PCS, HCPCS, CPT)

SETTINGS: Final[dict[str, str]] = {
    "inpatient": "Inpatient",
    "emergency": "Emergency department",
    "observation": "Observation",
    "ambulatory_surgery": "Ambulatory surgery",
    "outpatient": "Outpatient",
    "office": "Office visit",
    "telehealth": "Telehealth",
    "clinic": "Clinic visit",
    "urgent_care": "Urgent care",
    "home_health": "Home health",
    "nursing_facility": "Nursing facility",
}
"""Every setting and its label. Only ``inpatient`` follows the inpatient rules (guidelines, section IV)."""

DISCHARGE_STATUSES: Final = frozenset(
    f"{n:02}" for n in (*range(1, 8), 20, 21, 30, 43, 50, 51, *range(61, 67), 69, 70, *range(81, 96))
)
"""The patient discharge statuses that the Medicare Code Editor accepts; the grouper takes any number."""

_DIAGNOSIS = re.compile(r"[A-Z][0-9A][0-9A-Z]{2,6}$")
_NOISE = re.compile(r"[\s.]+")


@lru_cache(maxsize=32768)
def bare(code: str) -> str:
    """A code as the code sets store it: capitals, no dot, no blanks (``' m80.051a'`` → ``'M80051A'``)."""
    return _NOISE.sub("", code).upper()


def dotted(code: str, system: str = CM) -> str:
    """A code as people write it: a dot after the third character of a diagnosis (``'M80.051A'``).

    Words that somebody typed in a code's place stay as they are.
    """
    key = bare(code)
    if system == CM and len(key) > 3:
        return f"{key[:3]}.{key[3:]}" if _DIAGNOSIS.match(key) else " ".join(code.split())
    return key if len(key) <= 8 else " ".join(code.split())


def service_system(key: str) -> str:
    """Whether a service is CPT or HCPCS Level II, by the form of its code: CPT is Level I of HCPCS, and a line may call
    either by either name."""
    return CPT if key[:1].isdigit() else HCPCS


def beside(poa: str, modifiers: Sequence[str], units: int) -> str:
    """What stands beside a code on a claim, in words: ``POA Y``, ``modifiers LT, 59, 2 units``; mostly nothing."""
    many = "modifier" if len(modifiers) == 1 else "modifiers"
    found = [f"POA {poa}"] if poa else []
    found += [f"{many} {', '.join(modifiers)}"] if modifiers else []
    return ", ".join([*found, *([f"{units} units"] if units != 1 else [])])


@dataclass(frozen=True, slots=True)
class Patient:
    """Who was seen. ``age_days`` only where the age is below one year; ``sex`` is F, M or U."""

    age_years: int | None = None
    sex: str = "U"
    age_days: int | None = None

    @property
    def newborn(self) -> bool:
        """Not older than 28 days (guidelines, I.C.16.a.1)."""
        return self.age_days is not None and self.age_days <= 28


@dataclass(frozen=True, slots=True)
class Encounter:
    """One stay or visit. Inpatients carry ``admitted`` and ``discharged``, all others ``date_of_service``."""

    setting: str
    patient: Patient = Patient()
    admitted: dt.date | None = None
    discharged: dt.date | None = None
    date_of_service: dt.date | None = None
    discharge_status: str = ""

    @property
    def inpatient(self) -> bool:
        """Whether the inpatient rules hold; observation and ambulatory surgery are outpatient."""
        return self.setting == "inpatient"

    @property
    def on(self) -> dt.date:
        """The date that picks the code set: discharge of a stay, otherwise the date of service."""
        date = self.discharged if self.inpatient else self.date_of_service
        if date is None:
            raise ValueError("the encounter has no date that picks a code set")
        return date


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a claim. ``id`` is ``dx1`` … or ``px1`` …; ``code`` is what was typed.

    ``poa``: Y, N, U, W, or None for a blank. ``pointers``: 1-based places of the diagnoses that a
    HCPCS or CPT line points to. ``evidence``: chart words that the line rests on, if the learner marked them.
    """

    id: str
    code: str
    system: str = CM
    poa: str | None = None
    modifiers: tuple[str, ...] = ()
    units: int = 1
    pointers: tuple[int, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    key: str = field(init=False, repr=False, compare=False)
    """The code without dot and in capitals: read some hundred times a claim, so made once."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", bare(self.code))

    @property
    def shown(self) -> str:
        """The code as people write it."""
        return dotted(self.code, self.system)


@dataclass(frozen=True, slots=True)
class Claim:
    """The codes that somebody gave one encounter. The first diagnosis is principal (inpatient) or first-listed."""

    encounter: Encounter
    diagnoses: tuple[Line, ...] = ()
    procedures: tuple[Line, ...] = ()
    id: str = ""

    @property
    def lines(self) -> tuple[Line, ...]:
        """All lines, diagnoses first."""
        return self.diagnoses + self.procedures
