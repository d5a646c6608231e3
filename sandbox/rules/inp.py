"""INP: does the reason for the stay need a hospital bed?"""

from collections.abc import Iterator
from typing import Final

from sandbox.checker import Family, Hit, View
from sandbox.findings import Severity

family = Family("INP", "Inpatient admission")

NEARER: Final = (
    *("SEQ01", "SEQ02", "SEQ03", "SEQ04", "SEQ05", "SEQ06", "SEQ07", "SEQ08", "SEQ09"),
    *("CMB01", "CMB02", "CMB03", "CMB05", "CMB08", "PAT01"),
)
"""Rules that know why another code belongs in this place: with this one goes the question about the admission."""


@family.rule(
    "INP01",
    "questionable_admission",
    Severity.NOTE,
    authority="Medicare Code Editor, questionable admission",
)
def questionable_admission(view: View) -> Iterator[Hit]:
    """The Medicare Code Editor asks whether this reason needs a hospital bed.

    ## What it flags
    On an inpatient claim, a principal diagnosis from the Medicare Code Editor's list of questionable admissions:
    conditions that are usually looked after without a stay, such as diabetes without complications, hypertension, most
    codes of obesity, ear wax, a bundle branch block, or the check of a pacemaker. As a secondary diagnosis they raise
    no question, and on outpatient claims the list says nothing. Where another rule knows that the code cannot be kept
    or cannot lead, only that rule speaks.

    ## Why it matters
    Such a claim is pulled out and its record read. Often the admission was right and the code tells too little of it:
    the complication, the crisis or the acute condition that made the bed necessary was left out, or stands further
    down the list.

    ## Where to look
    The order for admission with its reason, the history of the present illness, the discharge summary. What was found,
    after study, to have brought the patient in (guidelines, section II)? If it really was this condition alone, the
    code stays, and the record should say why it could not wait.

    ## Flagged
    - inpatient F62 2026-03-18: I10/Y, E78.5/Y, Z79.899
    - inpatient M71 2026-05-04: Z45.018, I49.5/Y, I10/Y

    ## Accepted
    - inpatient F62 2026-03-18: I16.1/Y, I10/Y, E78.5/Y
    - office M71 2026-05-04: Z45.018, I49.5, I10
    """
    first = view.first
    if not (first and "qadm" in first.flags and view.encounter.inpatient) or view.spoke(first, *NEARER):
        return
    yield Hit(
        f"The Medicare Code Editor has {first.shown} on its list of questionable admissions: as a principal diagnosis "
        "it seldom explains why somebody needed a hospital bed. Does the record name what made the stay necessary? If "
        "it was this condition alone, the code stays, and the record has to show why it could not be treated outside.",
        (first,),
    )
