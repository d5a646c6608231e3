"""SEQ: codes that may only follow another one."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sandbox.checker import Family, Hit, View
from sandbox.codes.notes import intent_character
from sandbox.findings import Severity

family = Family("SEQ", "Sequencing")


@dataclass(frozen=True, slots=True)
class Row:
    """Codes that may only follow: the beginnings of their keys, the section that says so, and what they are."""

    stems: tuple[str, ...]
    section: str
    tells: str
    ask: str


ROWS: Final = (
    Row(("Z68",), "I.B.14", "gives the body mass index, a measurement", "Which diagnosis gives it a meaning?"),
    Row(
        ("R4021", "R4022", "R4023", "R4024"),
        "I.B.14 and I.C.18.e.1",
        "gives a score of the coma scale",
        "Which injury or illness did the score measure?",
    ),
    Row(("R297",), "I.B.14 and I.C.18.i", "gives the score of the stroke scale", "Where is the stroke itself?"),
    Row(
        ("Z55", "Z56", "Z57", "Z58", "Z59", "Z60", "Z62", "Z63", "Z64", "Z65"),
        "I.B.14 and I.C.21.c.17",
        "tells of the circumstances in which the patient lives, a social determinant of health",
        "For which condition was the patient seen?",
    ),
    Row(("Z283",), "I.B.14", "tells that a vaccination is missing", "For what did the patient come?"),
    Row(
        ("R652",),
        "I.C.1.d.3",
        "tells how severe a sepsis is",
        "Which systemic infection does it belong to?",
    ),
    Row(("T8112",), "I.C.1.d.2", "tells of the shock in a sepsis", "Which infection after the procedure led to it?"),
    Row(
        ("R651",),
        "I.C.18.g",
        "tells how the body answered to a condition that is no infection",
        "Which condition did it answer to?",
    ),
    Row(("B95", "B96", "B97"), "I.C.1.b", "names a germ, not what it did", "Which infection did it cause?"),
    Row(("C802",), "I.C.2.r", "tells of a cancer in a transplanted organ", "Which complication of a transplant is it?"),
    Row(
        ("O94",),
        "I.C.15.p.3",
        "names a complication of a former pregnancy as the cause of a condition of today",
        "Which condition is it?",
    ),
    Row(
        ("Z37",),
        "I.C.21.c.11",
        "tells how a delivery ended",
        "Is this the record of a delivery, and what brought the mother here?",
    ),
    Row(("Z3A",), "I.C.21.c.11", "counts the weeks of a pregnancy", "Why was the pregnant patient seen?"),
    Row(
        ("Z15",),
        "I.C.21.c.3",
        "tells of a risk that the patient inherited",
        "Is the reason a condition, a follow-up, counseling or a preventive operation?",
    ),
    Row(("Z16",), "I.C.21.c.3", "tells which drugs a germ resists", "Where is the infection?"),
    Row(
        ("Z331",), "I.C.21.c.3", "tells of a pregnancy that has nothing to do with the visit", "What was the visit for?"
    ),
    Row(
        ("Z9282",),
        "I.C.21.c.3",
        "tells of a drug given in another hospital",
        "For which condition was the drug given?",
    ),
)
"""What the guidelines say may only be reported as a secondary diagnosis, but for what other rules know."""

UNDERDOSING: Final = Row(
    tuple(f"T{number}" for number in range(36, 51)),
    "I.C.19.e.5.c",
    "tells that less of a drug was taken than prescribed",
    "Which condition got worse, or brought the patient here?",
)


def _row(key: str) -> Row | None:
    """The row that the code ``key`` (no dot) belongs to."""
    if key.startswith(UNDERDOSING.stems):
        return UNDERDOSING if intent_character(key) == "6" else None
    return next((row for row in ROWS if key.startswith(row.stems)), None)


@family.rule(
    "SEQ05",
    "secondary_only",
    Severity.ERROR,
    authority=(
        "ICD-10-CM Guidelines, I.B.14, I.C.1.b, I.C.1.d.2 and d.3, I.C.2.r, I.C.15.p.3, I.C.18.e, g and i, "
        "I.C.19.e.5.c, I.C.21.c.3, c.11 and c.17"
    ),
    section="I.B.14",
)
def secondary_only(view: View) -> Iterator[Hit]:
    """A code that may only follow another one stands first.

    ## What it flags
    In the first place of a claim, in any setting, a code that the guidelines keep for the places behind:

    - what others than the provider may document: body mass index (Z68.-), coma scale (R40.21- to R40.24-), stroke
      scale (R29.7-), social determinants of health (Z55-Z65), underimmunization (Z28.3-);
    - severe sepsis (R65.2-), the shock of a postprocedural sepsis (T81.12-), SIRS without an infection (R65.1-);
    - the germ without its infection (B95-B97) and resistance to drugs (Z16.-);
    - outcome of delivery (Z37.-), weeks of gestation (Z3A.-), a pregnancy that is incidental (Z33.1), the sequela of an
      obstetric complication (O94);
    - genetic susceptibility (Z15.-), tPA given elsewhere (Z92.82), cancer in a transplanted organ (C80.2);
    - underdosing (T36-T50 with 6 as fifth or sixth character).

    Blood alcohol (Y90.-) is an external cause: SEQ01 tells of it.

    ## Why it matters
    These codes add to a diagnosis: a measurement, a germ, a circumstance. In the first place, nothing is left for them
    to add to, and the reason for the care is hidden behind them.

    ## Where to look
    The reason for the visit, or the condition found after study to have brought about the admission. Read the section
    that the message names: it says what goes in front.

    ## Flagged
    - inpatient F67 2026-02-11: R65.21/Y, A41.51/Y, N39.0/Y, J96.01/Y
    - office M44 2026-03-09: Z68.41, E66.813, I10
    - emergency F31 2026-05-19: T42.6X6A, G40.909, Z91.148

    ## Accepted
    - inpatient F67 2026-02-11: A41.51/Y, R65.21/Y, N39.0/Y, J96.01/Y
    - office M44 2026-03-09: E66.813, Z68.41, I10
    - emergency F31 2026-05-19: G40.909, T42.6X6A, Z91.148
    """
    first = view.first
    row = _row(first.key) if first else None
    if first and row:
        yield Hit(
            f"{first.shown} {row.tells}: it adds to another diagnosis and may never lead a claim (guidelines, "
            f"{row.section}). {row.ask} That comes first; this code follows.",
            (first,),
        )
