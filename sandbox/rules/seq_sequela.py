"""SEQ: the code for a sequela follows the condition that was left."""

from collections.abc import Iterator
from typing import Final

from sandbox.checker import Entry, Family, Hit, View
from sandbox.findings import Severity

family = Family("SEQ", "Sequencing")

SEQUELAE: Final = ("B90", "B91", "B92", "B94", "E64", "E68", "G09", "O94", "U099")
"""Codes that name what a condition comes from. Not I69, whose codes name the condition, too (I.B.10; I.C.9.d)."""

ABUSE: Final = ("T74", "T76")
"""Abuse goes before the mental disorder that it left (I.C.19.f)."""

RESIDUAL: Final = frozenset((5, 6, 7, 8, 10, 11, 12, 13, 14, 18))
"""Chapters in which a condition that something else has left is found."""

COMPANIONS: Final = (
    *("F10", "F11", "F12", "F13", "F14", "F15", "F16", "F17", "F18", "F19", "F20", "F31", "F32", "F33", "F41", "F90"),
    *("G20", "G30", "G35", "G43", "G473", "J0", "J1", "J2", "J30", "J44", "J45", "K21", "L40"),
    *("M06", "M10", "M1A", "M80", "M81", "N18", "N390", "N40", "R73"),
)
"""Common illnesses of their own, which nobody takes for what an injury or infection left."""

TOLD: Final = ("SEQ03", "SEQ04", "SEQ05", "SEQ06", "SEQ07", "SEQ09")
"""Rules that know more exactly why the line may not stand where it stands."""


def _sequela(entry: Entry) -> bool:
    """Whether the code names the past injury, poisoning or illness as the cause of a condition of today."""
    if entry.key.startswith(SEQUELAE):
        return True
    return entry.code.chapter in (13, 19) and entry.key[6:] == "S" and not entry.key.startswith(ABUSE)


def _residual(entry: Entry) -> bool:
    """Whether the code may be the condition that was left."""
    return entry.code.chapter in RESIDUAL and not _sequela(entry) and not entry.key.startswith(COMPANIONS)


@family.rule(
    "SEQ08",
    "sequela_order",
    Severity.WARNING,
    authority="ICD-10-CM Guidelines, I.B.10",
    section="I.B.10",
    order=3,
)
def sequela_order(view: View) -> Iterator[Hit]:
    """A sequela code stands before the condition that was left.

    ## What it flags
    A code that names the past cause of a condition of today (an injury or poisoning with the 7th character S, B90-B94,
    E64.-, E68, G09, O94, U09.9), and behind it, nowhere before it, a condition that may be what was left: a scar, a
    deformed joint, a palsy, pain.

    The rule is silent where the sequela code is followed by a manifestation (*in diseases classified elsewhere*), on
    sequelae of cerebrovascular disease (I69.-), whose codes name the condition themselves, on abuse (T74.-, T76.-),
    which goes before the mental disorder that it left, and where only common illnesses, a current injury or Z codes
    follow.

    ## Why it matters
    The patient is treated for the scar, not for the burn of years ago. The condition of today comes first; the sequela
    code behind it says where it comes from.

    ## Where to look
    The reason for the visit, and the provider's words *due to an old …*, *following*, *late effect of*. What is treated
    today?

    ## Flagged
    - office F34 2026-03-30: T23.301S, L90.5, X10.2XXS
    - outpatient M51 2026-03-30: S82.871S, M19.171, I10

    ## Accepted
    - office F34 2026-03-30: L90.5, T23.301S, X10.2XXS
    - outpatient M51 2026-03-30: M19.171, S82.871S, I10
    - office F66 2026-03-30: I69.351, R26.89, I10
    """
    left = next((entry for entry in view.diagnoses if _residual(entry)), None)
    if left is None or "manifestation" in left.flags:
        return
    early = tuple(
        entry
        for entry in view.diagnoses
        if entry.place < left.place and _sequela(entry) and not view.spoke(entry, *TOLD)
    )
    if early:
        codes = ", ".join(entry.shown for entry in early)
        past = "names a past cause" if len(early) == 1 else "name past causes"
        yield Hit(
            f"{codes} {past}, and {left.shown} stands behind. If that is the condition which was left, it comes first; "
            "the sequela code follows and says where it comes from.",
            (*early, left),
        )
