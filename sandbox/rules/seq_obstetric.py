"""SEQ: codes of chapter 15 go before all others."""

from collections.abc import Iterator
from typing import Final

from sandbox.checker import Entry, Family, Hit, View
from sandbox.findings import Severity
from sandbox.rules.birth import mother, obstetric
from sandbox.rules.exc import kept_apart
from sandbox.rules.seq_only_first import leads_only

family = Family("SEQ", "Sequencing")

TOLD: Final = ("SEQ01", "SEQ02", "SEQ05", "SEQ07")
"""Rules that have sent a line away from the first place: the code behind it moves up by itself."""

RULED_OUT: Final = "Z037"
"""Suspected maternal and fetal conditions ruled out: first-listed or additional, as the case may be (I.C.21.c.6)."""

VIRAL: Final = "O985"
COVID: Final = "U071"
"""Found by a test in a stay for something else, it follows the reason for the stay (I.C.15.s)."""


@family.rule(
    "SEQ09",
    "obstetric_priority",
    Severity.ERROR,
    authority="ICD-10-CM Guidelines, I.C.15.a.1",
    section="I.C.15.a.1",
)
def obstetric_priority(view: View) -> Iterator[Hit]:
    """A code of another chapter stands before the obstetric codes.

    ## What it flags
    A code of chapter 15 is on the claim, and the first-listed or principal diagnosis is of another chapter.

    Not judged are: the sequela of an obstetric complication (O94), which follows; Z codes that may only stand first,
    such as Z34.-, Z39.- or Z51.11 (two sections then claim the first place); suspected conditions of mother or child
    that were ruled out (Z03.7-); COVID-19 found by the way in a stay for something else (O98.5- with U07.1); and
    records of newborns, on which no code of chapter 15 belongs at all. Where the first code may not lead for a reason
    of its own (an outcome of delivery, an incidental pregnancy, a manifestation), that rule speaks; where an Excludes1
    note keeps it apart from an obstetric code, EXC01 does.

    ## Why it matters
    In a pregnancy every condition is looked at as a part of it, unless the provider says that the pregnancy is
    incidental. Chapter 15 therefore has priority over all other chapters; the codes of the other chapters follow and
    say more. The first code also decides whether the stay is grouped as an obstetric one.

    ## Where to look
    The provider's words about the pregnancy. If it is incidental, no code of chapter 15 belongs on the claim, but Z33.1
    behind the condition that was treated. If not, ask which obstetric code describes that condition.

    ## Flagged
    - emergency F27 2026-05-08: N10, O23.02, B96.20, Z3A.22
    - inpatient F31 2026-03-14: D62/N, O72.1/N, Z37.0, Z3A.39 | 10E0XZZ

    ## Accepted
    - emergency F27 2026-05-08: O23.02, N10, B96.20, Z3A.22
    - emergency F27 2026-05-08: S93.401A, Z33.1, W10.9XXA
    - office F36 2026-02-02: N97.1, O94
    """
    codes = obstetric(view)
    if not (codes and view.first and mother(view)):
        return
    lead = next((entry for entry in view.diagnoses if not view.spoke(entry, *TOLD)), None)
    if lead is None or lead.code.chapter == 15 or _may_lead(view, lead):
        return
    if any(kept_apart(view, lead, entry) for entry in codes):
        return  # No order makes that pair right: EXC01 quotes the note.
    yield Hit(
        f"{lead.shown} stands before {codes[0].shown}. Codes of chapter 15 have priority over those of all other "
        "chapters: which of them tells why the patient was seen? If the provider documents that the pregnancy is "
        "incidental, none of them belongs on the claim.",
        (lead, codes[0]),
    )


def _may_lead(view: View, lead: Entry) -> bool:
    """Whether a section of the guidelines gives this code the first place on a record with obstetric codes."""
    by_the_way = COVID in view.keys and lead.key != COVID and all(e.key.startswith(VIRAL) for e in obstetric(view))
    return leads_only(lead.key) or lead.key.startswith(RULED_OUT) or by_the_way
