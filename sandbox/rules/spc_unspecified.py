"""SPC01 and SPC02: a detail or a side that the code leaves open, and that the classification asks for."""

from collections.abc import Iterator
from typing import Final

from sandbox.checker import Entry, Family, Hit, View
from sandbox.findings import Severity
from sandbox.rules.vague import MARK, Vague, vague

family = Family("SPC", "Specificity")

USUAL: Final = (
    # The germ is often unknown for good (guidelines, I.B.18, names pneumonia as the example).
    "A04.9 A08.4 A41.5 A49 B34 B96.2 J01.0 J01.1 J01.2 J01.3 J01.4 J02 J03 J06 J15 J20 J22 N11.9 "
    # The kinds beside it are rare diseases of another cause, and charts call the usual one by the plain name.
    "C50.91 D50.9 D68.9 D69.6 D72.82 E03.9 E55.9 E78.0 E78.5 E87.70 F10.12 F41.9 G30.9 G44.3 G47.00 G62.9 H01.00 "
    "I44.7 I73.9 I95.9 J30.9 J34.82 J43.9 K52.9 K59.00 K74.6 L20.9 L30.9 L50.9 M06.9 M54.5 M54.9 P59.9 "
    "Q21.1 Q90.9 T67.5 T88.7 "
    # Flaccid or spastic, complete or incomplete: seldom written down, and nothing follows from it.
    "G81.9 G82.2 G82.5 G83.9 I69.3 I69.9"
).replace(".", "").split()  # fmt: skip
"""Beginnings of codes whose *unspecified* is what a careful chart usually supports; experience, not authority."""

_SILENT: Final = ("R", "V", "W", "X", "Y", "Z", *USUAL)
"""SPC01 does not ask about symptoms, external causes and factors of health status either."""

_ASK: Final = (
    "Is it told anywhere else in the record: by the examination, an imaging report, the operative note, a nurse? For "
    "the side, the notes of other clinicians count. If the record is silent and nobody can be asked, the code is right"
)


def _open(view: View, entry: Entry) -> Vague | None:
    """What the code of a line leaves open although a code that tells it is in force."""
    if MARK not in entry.code.title:
        return None
    found = vague(view.codes, entry.code)
    return found if found and found.holds(view.on) else None


@family.rule(
    "SPC02",
    "unspecified_side",
    Severity.WARNING,
    authority="ICD-10-CM Guidelines, I.B.13; Medicare Code Editor, unspecified code",
    section="I.B.13",
)
def unspecified_side(view: View) -> Iterator[Hit]:
    """A side exists, and the code names none.

    ## What it flags
    A code for an *unspecified* eye, ear, breast, limb or side, where the same title stands beside it with right and
    left. On inpatient claims also every other code of the Medicare Code Editor's list of unspecified codes, such as an
    infection of an unspecified joint. An *unspecified site* is not a side: that is the affair of SPC01.

    ## Why it matters
    Which of two knees it is, everybody knows who has seen the patient. A claim without it looks like a claim for a
    patient whom nobody examined: payers deny it, and since April 2022 Medicare returns an inpatient claim with a code
    of its list unless the hospital states that the side cannot be found out.

    ## Where to look
    Examination, imaging, the consent and the operative note, the nurse's wound chart: for the side, the notes of other
    clinicians count (guidelines, I.B.13). If both sides are affected and the Tabular has a code for both, it is that
    one; otherwise one code for each side. If the record is silent and nobody can be asked, the unspecified side stands.

    ## Flagged
    - office F66 2026-03-10: M17.10, I10, E78.5
    - inpatient M74 2026-05-19: C34.10/Y, J44.9/Y, F17.210/Y, I10/Y

    ## Accepted
    - office F66 2026-03-10: M17.11, I10, E78.5
    - office F66 2026-03-10: M19.90, I10
    """
    inpatient = view.encounter.inpatient
    for entry in view.diagnoses:
        listed = inpatient and "unspecified" in entry.flags
        found = _open(view, entry)
        if found and found.kind == "side":
            said = f"{entry.shown} names no side, and beside it stand codes for the right and the left."
        elif listed:
            said = f"{entry.shown} leaves open where it is."
        else:
            continue
        if listed:
            said += (
                " The Medicare Code Editor has it on its list of unspecified codes: such an inpatient claim comes back "
                "unless the hospital states that the side or site cannot be determined."
            )
        yield Hit(f"{said} {_ASK} (guidelines, I.B.13).", (entry,))


@family.rule(
    "SPC01",
    "unspecified_code",
    Severity.NOTE,
    authority="ICD-10-CM Guidelines, I.A.9.b and I.B.18",
    section="I.B.18",
)
def unspecified_code(view: View) -> Iterator[Hit]:
    """The code is unspecified, and the classification tells kinds, stages or sites apart.

    ## What it flags
    A code that by its title is *unspecified*, where codes for single kinds, stages, sites or degrees stand at the same
    place of the Tabular and are in force on the day. Silent where only what goes with the condition is unspecified
    (*with stage 1 through stage 4 … or unspecified chronic kidney disease*), where only the germ is unknown, for
    symptoms, external causes and Z codes, for later encounters of an injury, and for some codes whose unspecified form
    is what most charts rightly support, such as hypothyroidism.

    ## Why it matters
    It is a note and no reproach: an unspecified code is right where the record says no more (I.B.18). Often the
    record does say more, a page further on; and severity, risk and medical necessity are read from the specific code.

    ## Where to look
    The neighbours of the code in the Tabular show what could be known: acute or chronic, type, stage, part. Read the
    chart for exactly that. What only a provider can say (the type of a heart failure) is a query; do not infer it from
    values, and do not choose a specific code to please the payer.

    ## Flagged
    - inpatient F78 2026-05-06: I11.0/Y, I50.9/Y, N17.9/Y
    - office M61 2026-02-03: E11.22, N18.9, Z79.84

    ## Accepted
    - inpatient F78 2026-05-06: I11.0/Y, I50.33/Y, N17.9/Y
    - inpatient M61 2026-02-03: A41.9/Y, J18.9/Y, I12.9/Y, N18.31/Y
    """
    for entry in view.diagnoses:
        if MARK not in entry.code.title or entry.key.startswith(_SILENT) or entry.key[6:] > "C":
            continue
        found = _open(view, entry)
        if found and found.kind == "detail" and not view.spoke(entry, "SPC02", "SPC04"):
            yield Hit(
                f"{entry.shown} is an unspecified code, and the Tabular has more specific ones beside it. Does the "
                "chart say more: the type, the stage, the part, acute or chronic? If it does not, and the provider "
                "cannot be asked, the unspecified code is right (guidelines, I.B.18).",
                (entry,),
            )
