"""CMB: a pregnancy and its weeks."""

from collections.abc import Iterator
from typing import Final

from sandbox.checker import Entry, Family, Hit, View
from sandbox.findings import Severity
from sandbox.rules.birth import OUTCOME, PERIPARTUM, WEEKS, aborted, births, mother, obstetric, stopped, time, weeks

family = Family("CMB", "Combinations")

TIMELESS: Final = (PERIPARTUM, "O159", "O70", "O71", "O72", "O73", "O74", "O75", "O91", "O92")
"""Codes that tell of pregnancy, delivery or the time after it: they ask for weeks only where the rest says which."""

POSTPARTUM: Final = "Z39"

TYPED_WEEKS: Final = (WEEKS, "23A", "ZEA")
"""How a line that the gate stopped may begin if the weeks were meant."""


@family.rule(
    "CMB11",
    "weeks_of_gestation",
    Severity.WARNING,
    authority="ICD-10-CM Tabular List, chapter 15, use additional code; Guidelines, I.C.21.c.11",
    section="I.C.21.c.11",
)
def weeks_of_gestation(view: View) -> Iterator[Hit]:
    """A code of pregnancy or delivery stands without the weeks of gestation.

    ## What it flags
    A code of chapter 15 for a pregnancy or a delivery on a claim that has no code from category Z3A. Pregnancies with
    abortive outcome (O00-O08), an elective termination, conditions after the delivery and sequelae have no weeks;
    routine supervision of a normal pregnancy (Z34.-) is not asked for them, nor is a pregnancy that has nothing to do
    with the encounter (Z33.1).

    ## Why it matters
    The note over chapter 15 asks for the week, if it is applicable and known. Most complications weigh differently at
    12, 28 or 39 weeks, and the trimester in a code can be checked against it.

    ## Where to look
    The dating in the prenatal record or the admission note. Completed weeks count: 39 weeks and 6 days are 39 weeks.
    For a stay over several weeks, the date of admission decides. If nobody documented the weeks, there is a code for
    that as well.

    ## Flagged
    - office F36 2026-02-11: O09.522, O24.410
    - inpatient F29 2026-03-02: O80, Z37.0 | 10E0XZZ

    ## Accepted
    - office F36 2026-02-11: O09.522, O24.410, Z3A.26
    - emergency F24 2026-05-05: O03.4
    - inpatient F27 2026-03-09: O86.12/Y, B96.20/Y
    - office F31 2026-07-08: Z34.82
    """
    codes = obstetric(view)
    if not codes or weeks(view) or not mother(view) or aborted(view):
        return
    times = {time(entry) for entry in codes}
    outcome = any(key.startswith(OUTCOME) for key in view.keys)
    born = outcome or "during" in times or bool(births(view))
    # A code of the time after the delivery says that the others, too, tell of a pregnancy that is over.
    over = "after" in times or any(key.startswith(POSTPARTUM) for key in view.keys)
    asking = [entry for entry in codes if _asks(entry, born)]
    if not asking or (over and not born) or stopped(view, TYPED_WEEKS):
        return
    yield Hit(
        f"{asking[0].shown} is a code of pregnancy or delivery, and the weeks of gestation are not on the claim. The "
        "Tabular asks for them with the codes of chapter 15, if they are known. Does the record give the completed "
        "weeks? They are left out only after an abortion or after the delivery.",
        tuple(asking),
    )


def _asks(entry: Entry, born: bool) -> bool:
    when = time(entry)
    return when in ("before", "during") or (when == "" and (born or not entry.key.startswith(TIMELESS)))
