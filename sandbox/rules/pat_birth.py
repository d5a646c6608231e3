"""PAT: the code of a live birth stands once, first, on the record of the birth."""

from collections.abc import Iterator, Sequence
from typing import Final

from sandbox.checker import Entry, Family, Hit, View
from sandbox.encounter import Encounter
from sandbox.findings import Severity
from sandbox.rules.birth import LIVEBORN, obstetric

family = Family("PAT", "Patient")

IN_HOSPITAL: Final = ("Z380", "Z383", "Z386")
"""Born in the hospital: the hospital's own record of the stay in which the child was born."""

VISITS: Final = frozenset(("office", "telehealth", "clinic", "urgent_care", "home_health", "nursing_facility"))
"""Settings that are not the hospital in which the child was born."""

PERINATAL_DAYS: Final = 28
"""The perinatal period ends with the 28th day (I.C.16)."""

TOLD: Final = ("SEQ01", "SEQ02", "SEQ03", "SEQ05", "CMB10")
"""Rules that have sent a line away from the place in front of the code of the birth, or off the record."""


@family.rule(
    "PAT03",
    "birth_record",
    Severity.ERROR,
    authority="ICD-10-CM Guidelines, I.C.16.a.2",
    section="I.C.16.a.2",
)
def birth_record(view: View) -> Iterator[Hit]:
    """A code of live birth off the record of the birth, twice, or not in the first place.

    ## What it flags
    A code of Z38 (liveborn infants) on a record that cannot be the one of the patient's birth: the patient is a year
    old or older, or past the newborn's first 28 days at a visit; the claim has obstetric codes and is the mother's; an
    office visit of a child born in a hospital; a hospital that took the child in more than a day after the birth, by
    transfer or again. On the record of the birth: two codes of Z38, or one that does not stand first.

    Where the age is unknown, only what else the claim shows is judged. A stay may last long: a child that was born in
    it and leaves it after weeks keeps the code. A child born outside a hospital is not judged by its days.

    ## Why it matters
    The code counts births: one for each child, on one record. A second one makes a second child of it, and on the
    mother's record it counts the mother. It leads, because the birth is the reason for the record.

    ## Where to look
    Whose chart it is, the date of birth, and the day and place of admission. Children who come back, or are
    transferred, have their illness in the first place; healthy ones have codes for examinations. Each twin has a
    record of its own.

    ## Flagged
    - inpatient M2d 2026-04-06: P59.9/Y, Z38.00
    - office F6d 2026-04-06: Z38.00, P92.5
    - inpatient F27 2026-04-06: O80, Z38.00, Z37.0, Z3A.39 | 10E0XZZ

    ## Accepted
    - inpatient M2d 2026-04-06: Z38.00, P59.9/Y
    - office F6d 2026-04-06: Z00.110, P92.5
    - inpatient F27 2026-04-06: O80, Z37.0, Z3A.39 | 10E0XZZ
    """
    births = [entry for entry in view.diagnoses if entry.key.startswith(LIVEBORN)]
    if not births:
        return
    first = births[0]
    shown = ", ".join(dict.fromkeys(entry.shown for entry in births))
    why = _elsewhere(view, births)
    if why:
        yield Hit(f"{shown}: {why}", tuple(births))
        return
    if len({entry.key for entry in births}) > 1:
        yield Hit(
            f"{shown}: a child is born once, and one code of Z38 tells where and how. Each twin has a record of its "
            "own. Which of the codes describes this birth?",
            (*births[1:], first),
        )
    front = [entry for entry in view.diagnoses if entry.place < first.place and not view.spoke(entry, *TOLD)]
    if front:
        yield Hit(
            f"{first.shown} stands behind {', '.join(entry.shown for entry in front)}. On the record of a birth the "
            "code of the birth is the principal diagnosis; what the newborn has follows. If this is not the record "
            "of the birth, the code does not belong on it.",
            (first, *front),
        )


def _elsewhere(view: View, births: Sequence[Entry]) -> str:
    """Why this cannot be the record of the birth; empty where it can."""
    age, days = view.encounter.patient.age_years, view.encounter.patient.age_days
    if age is None:
        if obstetric(view):
            return (
                "the claim has obstetric codes, and the code of a live birth is never used on the mother's record, "
                "only on her child's. Whose record is this?"
            )
        return ""
    if age > 0:
        outcome = " Here, a category of its own tells how the delivery ended." if obstetric(view) else ""
        return (
            f"the patient is {age} {'year' if age == 1 else 'years'} old. The code of a live birth stands only on the "
            f"record of the child's own birth, not on the mother's and on no later one. Whose record is this?{outcome}"
        )
    hospital = any(entry.key.startswith(IN_HOSPITAL) for entry in births)
    if view.encounter.setting in VISITS and hospital:
        return (
            "it is for a child born in the hospital, and stands on the record of the birth there. At a visit, what is "
            "the child seen for?"
        )
    if days is not None and (_past(view.encounter, days) or (hospital and _came_later(view.encounter, days))):
        return (
            f"the child was {days} days old. The code of a live birth is given once, at the birth; a hospital that "
            "takes a child in later, by transfer or again, does not use it. What is the child treated for?"
        )
    return ""


def _past(encounter: Encounter, days: int) -> bool:
    """Whether the child is no newborn any more, at a visit; a stay may have begun with the birth."""
    return days > PERINATAL_DAYS and not encounter.inpatient


def _came_later(encounter: Encounter, days: int) -> bool:
    """Whether the stay began more than a day after the birth, even if the age is that at discharge."""
    if not (encounter.inpatient and encounter.admitted and encounter.discharged):
        return False
    return days > (encounter.discharged - encounter.admitted).days + 1
