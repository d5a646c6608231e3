"""SEQ: codes that may never lead a claim."""

from collections.abc import Iterator

from sandbox.checker import Family, Hit, View
from sandbox.findings import Severity

family = Family("SEQ", "Sequencing")


@family.rule(
    "SEQ01",
    "external_cause_first",
    Severity.ERROR,
    authority="ICD-10-CM Guidelines, I.C.20.a.6",
    section="I.C.20.a.6",
)
def external_cause_first(view: View) -> Iterator[Hit]:
    """An external cause (V00-Y99) stands first.

    ## What it flags
    A code of chapter 20 in the first place of the claim. These codes say how an injury or health condition came
    about, where, and what the patient was doing; they never say what is wrong with the patient.

    ## Why it matters
    A claim whose principal or first-listed diagnosis is an external cause is returned unprocessed: the Medicare Code
    Editor stops it as *E-code as principal diagnosis*.

    ## Where to look
    Ask what the provider treated. That condition goes first; the cause follows it.

    ## Flagged
    - emergency M34 2026-07-11: W25.XXXA, S61.211A, Y92.511
    - inpatient F78 2026-05-06: W01.0XXA/Y, S72.001A/Y, I10/Y

    ## Accepted
    - emergency M34 2026-07-11: S61.211A, W25.XXXA, Y92.511
    """
    first = view.first
    if first and first.code.chapter == 20:
        yield Hit(
            f"{first.shown} tells how something happened, not what is wrong with the patient. An external cause may "
            "follow any diagnosis, but never leads the claim. Which condition was treated?",
            (first,),
        )


@family.rule(
    "SEQ02",
    "manifestation_first",
    Severity.ERROR,
    authority="ICD-10-CM Guidelines, I.A.13; Medicare Code Editor, manifestation code as principal diagnosis",
    section="I.A.13",
)
def manifestation_first(view: View) -> Iterator[Hit]:
    """A manifestation code stands first.

    ## What it flags
    A code in the first place that describes what a disease does elsewhere in the body, and not the disease. Most of
    these codes say so in their title (*in diseases classified elsewhere*); the Medicare Code Editor's list has others
    as well. The rule holds for stays and for outpatient visits.

    ## Why it matters
    A manifestation is one half of a pair. Without its cause in front, the claim tells of a consequence and hides the
    reason for care; payers return it unprocessed.

    ## Where to look
    Open the code in the Tabular and read its *code first* note, then look in the chart for the disease that the
    provider holds responsible.

    ## Flagged
    - office F82 2026-03-03: F02.80, G30.9, I10
    - inpatient M61 2026-05-14: D63.0/Y, C18.2/Y, I10/Y

    ## Accepted
    - office F82 2026-03-03: G30.9, F02.80, I10
    - inpatient M61 2026-05-14: C18.2/Y, D63.0/Y, I10/Y
    """
    first = view.first
    if first and "manifestation" in first.flags:
        yield Hit(
            f"{first.shown} describes how a disease shows itself and needs the code of that disease in front of it: a "
            "manifestation may never lead a claim. Its code first note in the Tabular tells what kind of disease to "
            "look for.",
            (first,),
        )
