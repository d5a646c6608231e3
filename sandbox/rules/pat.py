"""PAT: what a diagnosis says about the patient's age and sex, beside the patient."""

from collections.abc import Iterator, Sequence
from typing import Final

from sandbox.checker import Entry, Family, Hit, View
from sandbox.findings import Severity
from sandbox.rules import pat_birth, pat_sex

family = Family("PAT", "Patient", [*pat_birth.family.rules, *pat_sex.family.rules])

AGES: Final[dict[str, tuple[int, int, str]]] = {
    "newborn": (0, 0, "newborns (age 0)"),
    "pediatric": (0, 17, "children (0 to 17 years)"),
    "maternity": (9, 64, "pregnancy, childbirth and the puerperium (9 to 64 years)"),
    "adult": (15, 124, "adults (15 to 124 years)"),
}
"""Attribute of a code → youngest and oldest age in full years, and whom it is meant for (MCE, age conflict)."""


NEARER: Final = ("CMB10", "PAT03")
"""Rules that know more exactly what is wrong with a line: outcome of delivery and live birth on the wrong record."""


@family.rule("PAT01", "age_conflict", Severity.ERROR, authority="Medicare Code Editor, age conflict", order=1)
def age_conflict(view: View) -> Iterator[Hit]:
    """The diagnosis and the patient's age do not go together.

    ## What it flags
    On an inpatient claim, the diagnoses that the Medicare Code Editor ties to an age group which the patient is not
    in: newborn (0), pediatric (0-17), maternity (9-64) and adult (15-124 years). Codes of one group make one finding,
    for it is most often the age that is wrong. Where the age is unknown, and on outpatient claims, the rule is silent.
    Where CMB10 has found the mother's outcome of delivery on her child's record, or PAT03 the code of a live birth on
    another one, that is enough.

    ## Why it matters
    A claim on which age and diagnosis disagree is stopped; one of the two is wrong, and a wrong age is a wrong patient
    as often as a wrong code.

    ## Where to look
    First the date of birth, then the code's title and its neighbours: the same condition often has one code for the
    newborn or the mother and another for everybody else.

    ## Flagged
    - inpatient F70 2026-03-02: O23.41/Y, B96.20/Y
    - inpatient M34 2026-03-02: E84.11/Y, J98.4/Y

    ## Accepted
    - inpatient F28 2026-03-02: O23.42/Y, B96.20/Y, Z3A.20
    - office F70 2026-03-02: Z00.121
    """
    age = view.encounter.patient.age_years
    if age is None or not view.encounter.inpatient:
        return
    told: set[str] = set()
    for flag, (youngest, oldest, whom) in AGES.items():
        if youngest <= age <= oldest:
            continue
        unfit = [e for e in view.diagnoses if flag in e.flags and e.line.id not in told and not view.spoke(e, *NEARER)]
        if unfit:
            told.update(entry.line.id for entry in unfit)
            yield Hit(_message(unfit, whom, age), tuple(unfit))


def _message(unfit: Sequence[Entry], whom: str, age: int) -> str:
    codes, many = ", ".join(entry.shown for entry in unfit), len(unfit) > 1
    return (
        f"The Medicare Code Editor takes {codes} for {'codes' if many else 'a code'} of {whom}; the patient is {age} "
        f"{'year' if age == 1 else 'years'} old. Is the age right, and {'do the titles' if many else 'does the title'} "
        "describe this patient?"
    )
