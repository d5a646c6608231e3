"""SEQ: which diagnosis may stand first, and which must stand before which.

Most rules stand in modules of their own; this one gathers them. Rules that know a reason run first; the order of pairs
is judged where they are silent; and last comes the editor's list, which knows no reason.
"""

from collections.abc import Iterator
from typing import Final

from sandbox.checker import Family, Hit, View
from sandbox.findings import Severity
from sandbox.rules import (
    seq_code_first,
    seq_first,
    seq_obstetric,
    seq_only_first,
    seq_poison,
    seq_second,
    seq_sequela,
)

PARTS: Final = (seq_first, seq_second, seq_poison, seq_obstetric, seq_only_first, seq_code_first, seq_sequela)
"""In running order, but for the rules that give way to others (``order``)."""

family = Family("SEQ", "Sequencing", [rule for part in PARTS for rule in part.family.rules])

BETTER: Final = ("SEQ01", "SEQ02", "SEQ04", "SEQ05", "SEQ06", "SEQ07", "SEQ09")
"""Rules that know why a code may not lead: where one of them has named the line, SEQ03 has nothing to add."""


@family.rule(
    "SEQ03",
    "unacceptable_principal",
    Severity.ERROR,
    authority="Medicare Code Editor, unacceptable principal diagnosis",
    order=2,
)
def unacceptable_principal(view: View) -> Iterator[Hit]:
    """The Medicare Code Editor does not accept the code as a principal diagnosis.

    ## What it flags
    On an inpatient claim, a first code from the Medicare Code Editor's list of unacceptable principal diagnoses: codes
    that tell of a circumstance, a status, a germ or a consequence, and not of an illness that takes somebody to a
    hospital bed. One code of the list (Z51.89) is accepted as soon as a second diagnosis stands on the claim. Where
    another sequencing rule knows the reason more exactly, only that rule speaks.

    ## Why it matters
    The principal diagnosis is the condition that, after study, brought about the admission; the payment group hangs
    on it. A claim with an unacceptable one is returned to the hospital.

    ## Where to look
    The history of the present illness and the discharge summary: which condition was found to be the reason for the
    stay? (Guidelines, section II.) Outpatient visits are not judged by this list.

    ## Flagged
    - inpatient F71 2026-04-14: Z95.0/Y, I48.20/Y, I10/Y
    - inpatient M58 2026-06-09: I46.2/Y, J96.01/Y, Z95.5

    ## Accepted
    - inpatient F71 2026-04-14: I48.20/Y, Z95.0, I10/Y
    - office F71 2026-04-14: Z95.0, I48.20
    """
    first = view.first
    if not (first and view.encounter.inpatient and "unacceptable" in first.flags) or view.spoke(first, *BETTER):
        return
    if "reqsdx" not in first.flags:
        message = (
            f"{first.shown} is on the Medicare Code Editor's list of codes that cannot be the principal diagnosis of a "
            "hospital stay. It may follow. Which condition, after study, brought about the admission?"
        )
    elif len(view.claim.diagnoses) == 1:
        message = (
            f"The Medicare Code Editor accepts {first.shown} as the principal diagnosis only if another diagnosis "
            "stands beside it. Which condition was this care for?"
        )
    else:
        return
    yield Hit(message, (first,))
