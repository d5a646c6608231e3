"""CMB: severe sepsis and the infection that it follows."""

from collections.abc import Iterator
from typing import Final

from sandbox.checker import Family, Hit, View
from sandbox.findings import Severity

family = Family("CMB", "Combinations")

SEVERE: Final = "R652"

SYSTEMIC: Final = (
    # Sepsis by title or inclusion term.
    *("A021", "A227", "A267", "A312", "A327", "A40", "A41", "A427", "A5486", "B007", "B377", "P36"),
    # Sepsis by the Excludes2 note at A41, which sends it there.
    *("A207", "A217", "A241", "A282", "A391", "A392", "A393", "A394", "A483"),
    # Sepsis by the Alphabetic Index alone: Shigella, Pasteurella.
    *("A03", "A280"),
    # Sepsis after procedures, infusions and immunizations (the notes at R65.2, A40 and A41).
    *("T802", "T8144", "T880"),
    # Sepsis in pregnancy, labor and childbed, and after abortion; pyemic and septic embolism.
    *("O032", "O0337", "O037", "O0387", "O047", "O0487", "O072", "O0737", "O082", "O0882"),
    *("O753", "O85", "O8604", "O883"),
    # Infections of the whole body by title, though the word sepsis is not in it.
    *(
        "A010",
        "A19",
        "A23",
        "A27",
        "A440",
        "B027",
        "B387",
        "B393",
        "B407",
        "B417",
        "B427",
        "B447",
        "B457",
        "B464",
        "B787",
    ),
    *("P35", "P37"),
)
"""Codes of an infection of the whole body: any of them may be what the severe sepsis followed (Tabular: titles,
inclusion terms, Excludes2 at A41, code first at A40, A41 and R65.2; guidelines I.C.1.d, I.C.15.j, I.C.16.f)."""

OLD: Final = ("038", "9959")
"""Septicemia and sepsis of ICD-9-CM: somebody who typed them meant the systemic infection."""


@family.rule(
    "CMB09",
    "severe_sepsis",
    Severity.ERROR,
    authority="ICD-10-CM Guidelines, I.C.1.d.1.b",
    section="I.C.1.d.1.b",
)
def severe_sepsis(view: View) -> Iterator[Hit]:
    """Severe sepsis stands without a code for the systemic infection.

    ## What it flags
    A code of subcategory R65.2 on a claim that has no code for an infection of the whole body: sepsis by germ or
    without one, sepsis of the newborn, in labor or in childbed, after an abortion, a procedure, an infusion or an
    immunization. Pneumonia, a urinary infection, an infected wound or device, influenza, COVID-19 and a positive blood
    culture are no such codes. Also both codes of R65.2 at once, with and without septic shock. Systemic inflammation
    without infection (R65.1-) is not judged here. Where R65.2- leads the claim, SEQ05 asks for the infection that
    belongs in front of it.

    ## Why it matters
    Severe sepsis takes two codes at least: first the systemic infection, then R65.2-, and beside them the organs that
    failed. R65.2- alone tells how grave it was and not what it was, and the stay falls into the wrong payment group.

    ## Where to look
    The *code first* note at R65.2 and, in the chart, what the provider calls the infection, with the blood cultures.
    If no germ is found, the classification still has a code for sepsis. If the chart names organ failure and a local
    infection but no sepsis, R65.2- itself is in doubt: ask the provider.

    ## Flagged
    - inpatient F68 2026-01-29: J18.9/Y, R65.20/Y, J96.01/Y, I10/Y
    - inpatient M74 2026-05-11: T83.511A/Y, N39.0/Y, R65.21/Y, N17.9/Y

    ## Accepted
    - inpatient F68 2026-01-29: A41.9/Y, J18.9/Y, R65.20/Y, J96.01/Y
    - inpatient F29 2026-03-04: O85/Y, B95.0/Y, R65.21/Y, N17.9/Y
    """
    severe = [entry for entry in view.diagnoses if entry.key.startswith(SEVERE)]
    if not severe:
        return
    if any(entry.key.startswith(SYSTEMIC) for entry in view.diagnoses):
        if len({entry.key for entry in severe}) > 1:
            yield Hit(
                f"{' and '.join(entry.shown for entry in severe)}: one says that there was septic shock, the other "
                "that there was none. R65.2 is coded once for a severe sepsis. Does the provider document a shock, at "
                "any time of the stay?",
                tuple(severe),
            )
        return
    severe = [entry for entry in severe if not view.spoke(entry, "SEQ05")]
    if not severe:
        return
    # A sepsis code that the gate stopped is there, only not whole: one fault, one finding.
    if any(_meant(line.key) for line in view.claim.diagnoses if line.id in view.gated):
        return
    yield Hit(
        f"{severe[0].shown} says that an infection of the whole body made organs fail, and no code on the claim says "
        "which infection that was. Severe sepsis takes two codes at least, the systemic infection first. A local "
        "infection or a positive culture does not stand for it. What does the provider call the sepsis, and was a "
        "germ found?",
        tuple(severe),
    )


def _meant(key: str) -> bool:
    """Whether a code that is none was meant for a systemic infection: A41, P36.1, A415X, A4I9, 038.9."""
    key = key[:1] + key[1:].replace("I", "1").replace("O", "0")
    return key.startswith((*SYSTEMIC, *OLD)) or (len(key) > 2 and any(stem.startswith(key) for stem in SYSTEMIC))
