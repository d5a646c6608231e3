"""PAT: codes for one sex on the record of the other."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from sandbox.checker import Family, Hit, View
from sandbox.codes.codeset import CodeSet
from sandbox.findings import Severity

family = Family("PAT", "Patient")

LAST_DAY: Final = 20240930
"""The last day on which the editor had the edit: of later days it knows no code's sex."""

SEXES: Final[dict[str, tuple[str, str]]] = {"F": ("female", "male"), "M": ("male", "female")}
"""A patient's sex → the editor's words for it and for the other one."""

NEARER: Final = ("CMB10", "PAT01", "PAT03")
"""Rules that know more exactly what is wrong with a line, or have already asked whether this is the patient."""

OFF: Final = (
    " CMS switched this edit off on October 1, 2024, for the sex on record need not tell which organs a person has; "
    "one still looks, because most often such a pair is a slip."
)


@lru_cache(maxsize=8192)
def sexed(codes: CodeSet, key: str, on: int) -> frozenset[str]:
    """``male`` or ``female`` where the code ``key`` (no dot) is for one sex, by the list that held on the day ``on``.

    After the list's end, its last state holds. A code that is newer than that is taken for one sex where its whole
    category was; empty for all others.
    """
    found, on = codes.get(key), min(on, LAST_DAY)
    if found is None:
        return frozenset()
    if found.valid(on) or (found.spans and found.spans[0].first <= on):
        return found.flags(on) & {"male", "female"}
    known = [code.flags(on) & {"male", "female"} for code in codes.below(key[:3], on)]
    return frozenset.intersection(*known) if known else frozenset()


@family.rule(
    "PAT02",
    "sex_conflict",
    Severity.WARNING,
    authority="Medicare Code Editor, sex conflict (in force until September 30, 2024)",
    order=2,
)
def sex_conflict(view: View) -> Iterator[Hit]:
    """The diagnosis is for one sex, and the patient is of the other.

    ## What it flags
    A diagnosis that the Medicare Code Editor had on its list for female or male patients only, on the record of the
    other sex. The list is taken as it was on the last day of the edit; a code that is newer counts where its whole
    category was on the list. Where the sex is unknown, the rule is silent, and where PAT01, PAT03 or CMB10 has found
    the line on the wrong patient's record, that is enough.

    ## Why it matters
    CMS switched this edit off on October 1, 2024: the sex on record need not tell which organs a person has, and no
    Medicare claim is stopped for it any more. One still looks, because most such pairs are a slip: the wrong patient's
    record, a child's code on the mother's, a neighbor in the list.

    ## Where to look
    The patient's name and number on the document first, then the code's title. If the chart describes the organ or the
    condition, for instance in a transgender patient, the code is right and stays.

    ## Flagged
    - office M58 2026-02-03: N81.2, R32
    - inpatient F71 2026-02-03: N40.1/Y, N13.8/Y, R33.8/Y

    ## Accepted
    - office F58 2026-02-03: N81.2, R32
    - inpatient M71 2026-02-03: N40.1/Y, N13.8/Y, R33.8/Y
    - office U58 2026-02-03: N81.2, R32
    """
    words = SEXES.get(view.encounter.patient.sex)
    if words is None:
        return
    mine, other = words
    wrong = tuple(
        entry
        for entry in view.diagnoses
        if other in sexed(view.codes, entry.key, view.on) and not view.spoke(entry, *NEARER)
    )
    if not wrong:
        return
    codes, are = ", ".join(entry.shown for entry in wrong), "is a code" if len(wrong) == 1 else "are codes"
    off = OFF if view.on > LAST_DAY else ""
    yield Hit(
        f"{codes} {are} for {other} patients by the Medicare Code Editor's list, and this patient is {mine}.{off} Is "
        "it the right patient's record, and does the title describe what the chart says? Then the code stays.",
        wrong,
    )
