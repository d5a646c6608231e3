"""CMB: a delivery and its outcome."""

from collections.abc import Iterator, Sequence
from typing import Final

from sandbox.checker import Entry, Family, Hit, View
from sandbox.encounter import Line
from sandbox.findings import Severity
from sandbox.rules.birth import (
    ABORTIVE,
    LIVEBORN,
    OUTCOME,
    TERMINATION,
    aborted,
    births,
    mother,
    newborn,
    obstetric,
    stopped,
    time,
    weeks,
)

family = Family("CMB", "Combinations")

DELIVERED: Final = ("O601", "O602", "O7582", "O80", "O82")
"""Codes that by their title tell of a delivery in this encounter, beside all "in childbirth" (Tabular; I.C.15.a.3)."""

TORN: Final = "O70"
"""Perineal laceration during delivery: repaired in the stay of the delivery, or after a birth outside."""

UNDELIVERED: Final = (*ABORTIVE, "O47", "O600")
"""Codes that by their title tell that no delivery took place."""

ATTEMPTED: Final = ("O04", "O07")
"""An attempted termination may end in a live birth (I.C.15.q.1)."""

LABOR: Final = ("O6", "O7")
"""Complications of labor and delivery (Tabular, block O60-O77): they may also come from a birthing center."""

LATE: Final = ("O722", "O73")
"""Hemorrhage and retained placenta, which may also bring the mother back after her delivery."""

VISITS: Final = frozenset(("office", "telehealth", "clinic", "urgent_care", "nursing_facility"))
"""Settings where hardly anybody gives birth."""

NORMAL: Final = "O80"
SINGLE: Final = "Z370"
"""The only outcome that goes with O80 (I.C.15.n.3)."""

TYPED_OUTCOME: Final = (OUTCOME, "237", "V27")
"""How a line that the gate stopped may begin if an outcome was meant: Z37, misread letters, ICD-9-CM."""

TYPED_DELIVERY: Final = ("O", "0", "1", "6")
"""How it may begin if a delivery was meant: chapter 15, O80 with a zero, ICD-10-PCS obstetrics, ICD-9-CM 640-676."""


def _tells(view: View, entry: Entry) -> bool:
    """Whether a code of chapter 15 tells of a delivery in this encounter."""
    if entry.key.startswith(TORN):
        return view.encounter.inpatient and "Z390" not in view.keys
    return entry.key.startswith(DELIVERED) or time(entry) == "during"


@family.rule(
    "CMB10",
    "outcome_of_delivery",
    Severity.ERROR,
    Severity.WARNING,
    authority="ICD-10-CM Guidelines, I.C.15.b.5, I.C.15.n.3 and I.C.21.c.11",
    section="I.C.15.b.5",
)
def outcome_of_delivery(view: View) -> Iterator[Hit]:
    """A delivery and the code for its outcome do not go together.

    ## What it flags
    A delivery without an outcome of delivery (Z37.-): O80, O82, any code *in childbirth*, preterm labor with delivery,
    a perineal tear in a hospital stay, or a delivery among the procedures. An outcome of delivery on a record without
    a delivery: the newborn's own record, a stay or visit before or after the birth, an abortion, false labor. And O80
    with an outcome that no normal delivery has.

    Labor codes that leave open whether the child was born in this stay are not judged, nor is an attempted termination
    that ended in a live birth. A tear and nothing else is a warning: the child may have been born before the mother
    arrived.

    ## Why it matters
    The outcome counts the children and says which of them lived. It stands once, on the mother's record of the
    delivery: without it, births are missing from the statistics; on a later record, they are counted twice.

    ## Where to look
    The delivery note. If the delivery took place in this encounter, it tells the number of children and whether they
    were born alive. If it took place before, at home or in another hospital, no outcome belongs here.

    ## Flagged
    - inpatient F29 2026-03-02: O80, Z3A.39 | 10E0XZZ
    - inpatient F34 2026-06-15: O34.211/Y, O99.214/Y, E66.9/Y, Z3A.39 | 10D00Z1
    - office F29 2026-04-15: Z39.2, Z37.0
    - inpatient F0d 2026-03-02: Z38.00, Z37.0

    ## Accepted
    - inpatient F29 2026-03-02: O80, Z37.0, Z3A.39 | 10E0XZZ
    - inpatient F27 2026-03-09: O86.12/Y, B96.20/Y
    - inpatient F24 2026-05-05: O03.4/Y | 10D17ZZ
    """
    outcome = [entry for entry in view.diagnoses if entry.key.startswith(OUTCOME)]
    codes, born = obstetric(view), births(view)
    if not (outcome or codes or born):
        return
    told = [entry for entry in codes if _tells(view, entry)]
    if outcome:
        yield from _unfit(view, outcome, codes, bool(told or born))
    elif (told or born) and mother(view) and not (aborted(view) or _mistaken(view)):
        yield from _open(view, told, born)


def _mistaken(view: View) -> bool:
    """Whether a line was meant for the outcome: VAL says why it is no code, PAT03 that it is the child's."""
    return stopped(view, TYPED_OUTCOME) or any(key.startswith(LIVEBORN) for key in view.keys)


def _open(view: View, told: Sequence[Entry], born: Sequence[Line]) -> Iterator[Hit]:
    """A delivery of which the claim does not say how it ended."""
    lines: tuple[Entry | Line, ...] = (*told, *born)
    sure = born or weeks(view) or not all(entry.key.startswith(TORN) for entry in told)
    if not sure and any(time(entry) == "after" for entry in obstetric(view)):
        return
    if sure:
        doubt = f"If no child was born in this encounter, {lines[0].shown} does not belong on this claim."
    else:
        doubt = "Only where the child was born before the mother arrived is there none."
    yield Hit(
        f"{lines[0].shown} tells of a delivery, and nothing on the claim says how it ended. Every maternal record of a "
        f"delivery has a code for its outcome: how many children, and how many of them were born alive? {doubt}",
        lines,
        Severity.ERROR if sure else Severity.WARNING,
    )


def _unfit(view: View, outcome: Sequence[Entry], codes: Sequence[Entry], delivered: bool) -> Iterator[Hit]:
    """An outcome of delivery that does not fit the record."""
    normal = [entry for entry in codes if entry.key == NORMAL]
    other = [entry for entry in outcome if entry.key != SINGLE]
    message = _needless(view, outcome[0], codes, delivered)
    if message and view.spoke(outcome[0], "SEQ05") and not newborn(view):
        return
    if message:
        yield Hit(message, tuple(outcome))
    elif normal and other and mother(view):
        yield Hit(
            f"{normal[0].shown} is for the normal delivery of one healthy child at term, and {other[0].shown} "
            f"({other[0].code.title}) tells of another outcome. Only one outcome goes with {normal[0].shown}. What "
            "does the delivery note say: is it the outcome that is wrong, or was the delivery not a normal one?",
            (*other, *normal),
        )


def _needless(view: View, outcome: Entry, codes: Sequence[Entry], delivered: bool) -> str:
    """Why the outcome of delivery does not belong on this record; empty where it does, or may."""
    if newborn(view):
        return (
            f"{outcome.shown} is for the mother's record; this is the record of her child. How and where a newborn "
            "came into the world is told by a category of its own, on the record of the birth."
        )
    if delivered or not mother(view) or stopped(view, TYPED_DELIVERY) or TERMINATION in view.keys:
        return ""
    if any(_may_deliver(view, entry) for entry in codes) or _arose_here(view, codes):
        return ""
    return (
        f"{outcome.shown} says how a delivery ended, and nothing on this claim tells of a delivery. The outcome stands "
        "on the record on which the delivery occurred, and on none before or after it. Was the child born in this "
        "encounter? Then the code for the delivery is missing."
    )


def _may_deliver(view: View, entry: Entry) -> bool:
    """Whether a code of chapter 15 may stand on the record of a delivery, though it does not tell of it."""
    if entry.key.startswith(ATTEMPTED):
        return True
    if entry.key.startswith((*UNDELIVERED, *LATE)):
        return False
    if view.encounter.setting in VISITS:
        return entry.key.startswith(LABOR)
    if entry.key.startswith("O09"):
        return view.encounter.inpatient
    return time(entry) != "after" and "first trimester" not in entry.code.title


def _arose_here(view: View, codes: Sequence[Entry]) -> bool:
    """Whether a condition of the time after the delivery may have arisen in the stay of the delivery itself."""
    if view.encounter.setting in VISITS:
        return False
    late = [entry for entry in codes if time(entry) == "after" or entry.key.startswith(LATE)]
    if any(entry.line.poa == "N" for entry in late):
        return True
    # The weeks stand on no later record, so they speak for the delivery; what was there on admission speaks against.
    return weeks(view) and any(entry.key.startswith(LATE) or entry.line.poa != "Y" for entry in late)
