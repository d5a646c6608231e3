"""CMB13: the normal delivery, and what does not go with it."""

from collections.abc import Iterator
from typing import Final

from sandbox.checker import Family, Hit, View
from sandbox.findings import Severity
from sandbox.rules.birth import obstetric

family = Family("CMB", "Combinations")

NORMAL: Final = "O80"


@family.rule(
    "CMB13",
    "normal_delivery",
    Severity.ERROR,
    authority="ICD-10-CM Guidelines, I.C.15.n.1; Tabular List, O80",
    section="I.C.15.n.1",
)
def normal_delivery(view: View) -> Iterator[Hit]:
    """The code for a normal delivery stands beside another code of chapter 15.

    ## What it flags
    O80 on a claim with any other code of chapter 15 (O00-O9A), but for the sequelae of an earlier pregnancy (O94). The
    weeks (Z3A), the outcome (Z37) and conditions of other chapters that have nothing to do with the pregnancy go with
    O80.

    ## Why it matters
    O80 says that nothing complicated the pregnancy, the delivery or the time after it, and stands as the only
    diagnosis of chapter 15. With a complication on the claim it is the wrong principal diagnosis, and the stay falls
    into the wrong payment group.

    ## Where to look
    The text under O80 in the Tabular, and the delivery note: tears, instruments, anemia, hypertension, diabetes,
    preterm birth, more than one child. A complication that was over before the admission is not coded (I.C.15.n.2).

    ## Flagged
    - inpatient F29 2026-03-02: O80, O70.1/N, Z37.0, Z3A.39 | 10E0XZZ, 0KQM0ZZ
    - inpatient F34 2026-06-15: O80, O99.02/Y, D50.9/Y, Z37.0, Z3A.38 | 10E0XZZ

    ## Accepted
    - inpatient F29 2026-03-02: O80, Z37.0, Z3A.39, Z23 | 10E0XZZ
    - inpatient F34 2026-06-15: O70.1/N, O99.02/Y, D50.9/Y, Z37.0, Z3A.38 | 10E0XZZ
    """
    normal = [entry for entry in view.diagnoses if entry.key == NORMAL]
    if not normal:
        return
    others = [entry for entry in obstetric(view) if entry.key != NORMAL]
    if others:
        names = ", ".join(entry.shown for entry in others)
        yield Hit(
            f"{normal[0].shown} is for a delivery without any complication and stands with no other code of chapter "
            f"15; the claim has {names} as well. Was that present in this stay? Then another code is the principal "
            "diagnosis. If it was over before the admission, it is not coded here.",
            (*normal, *others),
        )
