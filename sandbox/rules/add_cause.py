"""ADD04: how an injury came about."""

from collections.abc import Iterator
from typing import Final

from sandbox.checker import Entry, Family, Hit, View
from sandbox.findings import Severity

family = Family("ADD", "Codes that belong together")

_INJURY: Final = (
    "S", "T07", "T148", "T1490", "T15", "T16", "T17", "T18", "T19", "T20", "T21", "T22", "T23", "T24", "T25", "T26",
    "T27", "T28", "T33", "T34", "T67", "T68", "T69", "T70", "T75",
)  # fmt: skip
"""Injuries, foreign bodies, burns, frostbite, heat, cold, pressure, lightning and current (chapter 19). Not T36-T65
and T71, which tell cause and intent themselves (I.C.20.a.8), nor abuse (T74, T76) and complications (T79-T88)."""

_INITIAL: Final = ("A", "B", "C")
_SUPPLEMENT: Final = ("Y90", "Y92", "Y93", "Y95", "Y99")
"""Place, activity, status and alcohol level say nothing about the cause; they follow another code (I.C.20.b, c, k)."""
_TELLING: Final = (*(f"T{n}" for n in range(51, 66)), "T71", "T74", "T76", "O9A3", "O9A4", "O9A5")
"""Toxic effects, asphyxiation and abuse: on a claim with one of them, the injury may well be explained."""


@family.rule(
    "ADD04",
    "external_cause_missing",
    Severity.NOTE,
    authority="ICD-10-CM Guidelines, I.C.20.a",
    section="I.C.20.a",
)
def external_cause_missing(view: View) -> Iterator[Hit]:
    """An injury stands on the claim, and no external cause.

    ## What it flags
    An injury, burn, foreign body, frostbite or the like under active treatment (7th character A, B or C), on a claim
    without any code of V00-Y84. Place, activity and status (Y92, Y93, Y99) are no cause: they only follow one. Silent
    for later encounters and sequelae, for poisonings and toxic effects, which tell their cause themselves, and for
    complications of care and pathological fractures, which are no injuries.

    ## Why it matters
    External causes feed the research by which injuries are prevented, and tell the payer whether somebody else is
    liable: an employer, a driver. Nationally they are voluntary; states and payers may demand them.

    ## Where to look
    The triage note, the ambulance report or the history: what happened, on purpose or not, where, during what? The
    Index to External Causes leads from the event to the code. If nobody knows how it happened, nothing is missing.

    ## Flagged
    - emergency M34 2026-06-13: S61.411A, Z23
    - inpatient F81 2026-03-05: S32.010A/Y, I10/Y, Y92.129

    ## Accepted
    - emergency M34 2026-06-13: S61.411A, W26.0XXA, Y92.010, Z23
    - office M34 2026-06-23: S61.411D, Z48.02
    """
    injuries = [entry for entry in view.diagnoses if entry.key[6:] in _INITIAL and entry.key.startswith(_INJURY)]
    if injuries and not any(_tells(line.key) for line in view.claim.diagnoses):
        yield Hit(_message(view, injuries), tuple(injuries))


def _tells(key: str) -> bool:
    return key.startswith(_TELLING) or (key[:1] in ("V", "W", "X", "Y") and not key.startswith(_SUPPLEMENT))


def _message(view: View, injuries: list[Entry]) -> str:
    codes = ", ".join(entry.shown for entry in injuries)
    beside = [line.shown for line in view.claim.diagnoses if line.key.startswith(_SUPPLEMENT)]
    said = f"{codes}: the claim does not say how it came about; no code of V00-Y84 is on it."
    if beside:
        said += f" {', '.join(beside)} only {'accompanies' if len(beside) == 1 else 'accompany'} a code for the cause."
    return (
        f"{said} What happened, and on purpose or not? Nationally the code is voluntary and encouraged; a state or "
        "payer may demand it (guidelines, I.C.20)."
    )
