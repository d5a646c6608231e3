"""SEQ: Z codes that may only stand first."""

from collections.abc import Iterator, Sequence
from typing import Final

from sandbox.checker import Entry, Family, Hit, View
from sandbox.findings import Severity
from sandbox.rules.birth import LIVEBORN, obstetric
from sandbox.rules.exc import kept_apart

family = Family("SEQ", "Sequencing")

ONLY_FIRST: Final = (
    *("Z00", "Z01", "Z02", "Z04", "Z3181", "Z3183", "Z3184", "Z332", "Z34", "Z39", "Z40", "Z42", "Z510", "Z511"),
    *("Z52", "Z761", "Z762", "Z9912"),
)
"""The list of I.C.21.c.16, but for Z38: PAT03 knows more about the record of a birth."""

NOT_ONLY: Final = ("Z006", "Z529")
"""What the list takes out again."""

THERAPY: Final = ("Z510", "Z5111", "Z5112")
"""May stand side by side, in any sequence (I.C.2.e.2; I.C.21.c.7)."""

OBSERVED: Final = "Z04"
"""An observation code may be a secondary diagnosis where the two matters are unrelated (I.C.21.c.6)."""

REMOVED: Final = "Z400"
CANCER: Final = ("C", "D0")
"""A malignancy is coded *in addition* to the preventive removal of another organ; both may be done at once (c.14)."""

TOLD: Final = ("SEQ01", "SEQ02", "SEQ05")
"""Rules that have sent a line away from the first place: the code behind it moves up by itself."""


def leads_only(key: str) -> bool:
    """Whether the code ``key`` (no dot) is on the list of codes that may only stand first, Z38 among them."""
    return key.startswith((*ONLY_FIRST, LIVEBORN)) and not key.startswith(NOT_ONLY)


@family.rule(
    "SEQ06",
    "first_listed_only",
    Severity.ERROR,
    Severity.WARNING,
    authority="ICD-10-CM Guidelines, I.C.21.c.16; for several therapies I.C.2.e.2, for observation I.C.21.c.6",
    section="I.C.21.c.16",
)
def first_listed_only(view: View) -> Iterator[Hit]:
    """A Z code that may only lead a claim stands further down.

    ## What it flags
    A code of the guidelines' list of Z codes that may only be the principal or first-listed diagnosis, in a later
    place: examinations (Z00-Z02, not Z00.6), observation (Z04), supervision of a normal pregnancy and care after the
    delivery (Z34, Z39), termination (Z33.2), some reproductive services (Z31.81, Z31.83, Z31.84), preventive and
    reconstructive surgery (Z40, Z42), radiation, chemotherapy and immunotherapy against a tumor (Z51.0, Z51.1-), donors
    (Z52, not Z52.9), healthy children in care (Z76.1, Z76.2) and a ventilator without power (Z99.12).

    Radiation, chemotherapy and immunotherapy may share the first places. A warning, not an error, where another code of
    the list leads already; for Z04, which another section allows behind an unrelated diagnosis; and for a preventive
    removal (Z40.0-) behind a cancer of another organ. Where a code of chapter 15 is on the claim, which has a priority
    of its own (SEQ09), the rule is silent, and the record of a birth (Z38) is PAT03's.

    ## Why it matters
    Such a code says why the patient came. Behind a diagnosis it claims that the visit had two reasons of the first
    order, and a payer may take a preventive visit for a sick one.

    ## Where to look
    The reason for the encounter. If it is what the code says, the code leads and findings follow; if not, the code does
    not belong on the claim. The one exception is a record on which several encounters of the same day are combined.

    ## Flagged
    - office F52 2026-04-20: E11.9, Z00.00, I10
    - inpatient M61 2026-03-12: C18.7/Y, Z51.11, D70.1/N

    ## Accepted
    - office F52 2026-04-20: Z00.00, E11.9, I10
    - inpatient M61 2026-03-12: Z51.11, C18.7/Y, D70.1/N
    - outpatient F58 2026-03-12: Z51.0, Z51.11, C50.411
    """
    wrong: list[Entry] = []
    ahead: Sequence[Entry] = ()
    # A first line that is no code might be the very code that should lead; obstetric codes go before everything.
    judged = view.diagnoses if view.first and not obstetric(view) else ()
    for entry in judged:
        if not leads_only(entry.key) or entry.key.startswith(LIVEBORN):
            continue
        front = [e for e in judged if e.place < entry.place and not _apart(view, e, entry)]
        if not front:
            continue
        doubt = _doubt(view, entry, front)
        if doubt is None:
            wrong.append(entry)
            ahead = ahead or front
        elif doubt:
            yield Hit(f"{_said([entry], front)} {doubt}", (entry,), Severity.WARNING)
    if wrong:
        many = len(wrong) > 1
        ask = (
            "Was one of them the reason for this encounter? Then that one leads; what was not the reason is not coded."
            if many
            else "Was it the reason for this encounter? Then it leads; if not, it is not coded."
        )
        yield Hit(
            f"{_said(wrong, ahead)} {ask} Only where the records of several encounters of one day are combined may "
            f"{'they' if many else 'it'} stand later.",
            tuple(wrong),
        )


def _apart(view: View, front: Entry, entry: Entry) -> bool:
    """Whether the code in front does not bear on the place of the entry."""
    both = front.key.startswith(THERAPY) and entry.key.startswith(THERAPY)
    return both or front.key == entry.key or view.spoke(front, *TOLD)


def _doubt(view: View, entry: Entry, front: Sequence[Entry]) -> str | None:
    """Why the place may be right; None where it is not, empty where another rule speaks of the pair."""
    if any(leads_only(e.key) and kept_apart(view, entry, e) for e in front):
        return ""
    if leads_only(front[0].key):
        return (
            "Only one code can lead. Both are right where the records of several encounters of one day are combined; "
            "otherwise, which of them was the reason?"
        )
    if entry.key.startswith(OBSERVED):
        return (
            "Another section (I.C.21.c.6) allows it behind a diagnosis that has nothing to do with what was suspected. "
            "Does the chart say so?"
        )
    if entry.key.startswith(REMOVED) and all(e.key.startswith(CANCER) for e in front):
        return (
            "If the stay was for the treatment of the cancer and the other organ was removed along with it, ask which "
            "of the two the encounter was specifically for (I.C.21.c.14)."
        )
    return None


def _said(entries: Sequence[Entry], front: Sequence[Entry]) -> str:
    codes, ahead = ", ".join(e.shown for e in entries), ", ".join(e.shown for e in front)
    many = len(entries) > 1
    return (
        f"{codes} {'say' if many else 'says'} why the patient came and may only lead a claim (guidelines, "
        f"I.C.21.c.16); here {'they stand' if many else 'it stands'} behind {ahead}."
    )
