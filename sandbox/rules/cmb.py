"""CMB: conditions that the classification joins in one code, or that ask for a companion.

Rules about one field stand in modules of their own; this one gathers them.
"""

from collections.abc import Iterator
from typing import Final

from sandbox.checker import Entry, Family, Hit, View
from sandbox.findings import Severity
from sandbox.rules import (
    cmb_birth,
    cmb_chest,
    cmb_diabetes,
    cmb_history,
    cmb_normal,
    cmb_sepsis,
    cmb_substance,
    cmb_symptom,
    cmb_weeks,
)

_OTHERS = (
    *(cmb_chest, cmb_diabetes, cmb_substance, cmb_symptom, cmb_history),
    *(cmb_sepsis, cmb_birth, cmb_weeks, cmb_normal),
)
family = Family("CMB", "Combinations", [rule for module in _OTHERS for rule in module.family.rules])

HYPERTENSIVE: Final = ("I10", "I11", "I12", "I13")
"""Essential hypertension and what it leads to; without one of them neither rule has anything to say."""

HEART: Final = ("I50", "I514", "I515", "I517", "I5189", "I519")
"""The heart conditions of I.C.9.a.1: I50.-, I51.4-I51.7, I51.89, I51.9 (there is no I51.6). Not the rest of I51.8."""

OTHER_CAUSE: Final = ("I0981", "I9713")
"""Codes that give a heart failure another cause: rheumatic, or surgery (the code first note at I50)."""

NO_FAILURE: Final = ("I119", "I1310", "I1311")
"""Hypertensive heart disease, by title *without heart failure*."""

STAGES: Final = (
    (("I120", "I1311", "I132"), ("N181", "N182", "N183", "N184", "N189"), "N185", "N186"),
    (("I129", "I1310", "I130"), ("N185", "N186"), "N181", "N182", "N183", "N184", "N189"),
)
"""Codes that name stages in their titles, the stages of N18.- that contradict them, and those that agree."""

UNLESS: Final = "Only where the provider states that the two are unrelated do they stay separate."


def _beginning(view: View, *stems: str) -> tuple[Entry, ...]:
    return tuple([entry for entry in view.diagnoses if entry.key.startswith(stems)])


def _heart(view: View) -> tuple[Entry, ...]:
    """The heart conditions whose link with hypertension is presumed."""
    found = _beginning(view, *HEART)
    explained = found and _beginning(view, *OTHER_CAUSE)
    return tuple(entry for entry in found if not (explained and entry.key.startswith("I50")))


@family.rule(
    "CMB01",
    "hypertension_heart_failure",
    Severity.ERROR,
    authority="ICD-10-CM Guidelines, I.C.9.a.1 and a.3",
    section="I.C.9.a.1",
)
def hypertension_heart_failure(view: View) -> Iterator[Hit]:
    """Hypertension and heart disease are coded as if they had nothing to do with each other.

    ## What it flags
    I10 beside heart failure (I50.-) or one of the heart conditions of I51.4-I51.7, I51.89 and I51.9, and likewise
    hypertensive kidney disease (I12.-) beside one of them. A hypertensive heart disease *without heart failure*
    (I11.9, I13.10, I13.11) beside heart failure, and I10 beside any hypertensive heart disease. Where chronic kidney
    disease is on the claim as well, this one finding speaks of all three. Heart failure that the claim itself puts down
    to rheumatic disease (I09.81) or to surgery (I97.13-) is left alone, and so is secondary hypertension (I15.-).

    ## Why it matters
    The classification presumes that the hypertension brought about the heart disease: no provider has to say so. Coded
    apart, the claim states the opposite, and it falls into another payment group.

    ## Where to look
    The Alphabetic Index under *hypertension, heart*, and the *includes* and *use additional code* notes of the
    categories I11 and I13. Then the chart: does the provider name another cause of the heart disease?

    ## Flagged
    - inpatient F81 2026-01-20: I50.33/Y, I10/Y, E78.5/Y
    - office M70 2026-05-05: I12.9, N18.31, I50.22

    ## Accepted
    - inpatient F81 2026-01-20: I11.0/Y, I50.33/Y, E78.5/Y
    - office M70 2026-05-05: I13.0, I50.22, N18.31
    """
    if not _beginning(view, *HYPERTENSIVE):
        return
    heart = _heart(view)
    yield from _contradicted(view, heart)
    if not heart:
        return
    plain, kidney, joined = _beginning(view, "I10"), _beginning(view, "I12", "N18"), _beginning(view, "I11", "I13")
    hypertensive = plain or (() if joined else _beginning(view, "I12"))
    if not hypertensive:
        return
    names = ", ".join(entry.shown for entry in heart)
    if joined:
        message = (
            f"{joined[0].shown} already says that this patient has hypertension, and what it did. {plain[0].shown} is "
            f"for hypertension without heart or kidney disease and cannot stand beside it and {names}."
        )
    elif kidney:
        message = (
            f"Hypertension, heart disease ({names}) and chronic kidney disease stand side by side. The classification "
            "presumes that the hypertension brought about both and has one category for all three, hypertensive heart "
            f"and chronic kidney disease. {UNLESS}"
        )
    else:
        message = (
            f"{hypertensive[0].shown} says hypertension and nothing else, and the claim also has heart disease "
            f"({names}). The classification presumes a link between the two and has a category that states it. {UNLESS}"
        )
    yield Hit(message, tuple(dict.fromkeys((*hypertensive, *heart, *joined, *kidney))))


def _contradicted(view: View, heart: tuple[Entry, ...]) -> Iterator[Hit]:
    """Hypertensive heart disease whose code says that there is no heart failure, or hypertension coded twice."""
    failure = tuple(entry for entry in heart if entry.key.startswith("I50"))
    if not (joined := _beginning(view, "I11", "I13")):
        return
    without, kidney = _beginning(view, *NO_FAILURE), _beginning(view, "I12", "N18")
    # With kidney disease beside I11.-, CMB02 leads to the category for all of it.
    if failure and without and not (kidney and without[0].key.startswith("I11")):
        yield Hit(
            f"{without[0].shown} says hypertensive heart disease without heart failure, and {failure[0].shown} says "
            f"heart failure. The category has another code for that. {UNLESS}",
            (*without, *failure),
        )
    plain = _beginning(view, "I10")
    if plain and not heart and not kidney:
        yield Hit(_twice(plain[0], joined[0]), (*plain, *joined))


def _twice(plain: Entry, joined: Entry) -> str:
    return (
        f"{joined.shown} already says that this patient has hypertension, and what it did. {plain.shown} is for "
        "hypertension without heart or kidney disease, and one hypertension takes one code."
    )


@family.rule(
    "CMB02",
    "hypertension_kidney_disease",
    Severity.ERROR,
    authority="ICD-10-CM Guidelines, I.C.9.a.2 and a.3",
    section="I.C.9.a.2",
)
def hypertension_kidney_disease(view: View) -> Iterator[Hit]:
    """Hypertension and chronic kidney disease are coded as if they had nothing to do with each other.

    ## What it flags
    I10 beside chronic kidney disease (N18.-); hypertensive heart disease (I11.-) beside N18.- or beside hypertensive
    kidney disease (I12.-); I10 beside I12.-; and a stage of N18.- that the title of the code from I12 or I13 excludes,
    where no other N18.- agrees with it. Acute kidney failure (N17.-) and secondary hypertension (I15.-) are no such
    pairs. If a heart condition is on the claim too, CMB01 may have said it all.

    ## Why it matters
    As with the heart, the classification presumes the link. It has a category for hypertension with kidney disease and
    one for hypertension with both heart and kidney disease; single codes side by side understate the illness.

    ## Where to look
    The *includes* notes of the categories I12 and I13 and the note at I13 about I11 and I12 together. Then the chart:
    does the provider say that the kidney disease is not due to the hypertension?

    ## Flagged
    - office F69 2026-02-02: E11.22, I10, N18.32
    - inpatient M77 2026-06-30: I11.0/Y, I50.23/Y, N18.4/Y

    ## Accepted
    - office F69 2026-02-02: E11.22, I12.9, N18.32
    - inpatient M77 2026-06-30: I13.0/Y, I50.23/Y, N18.4/Y
    """
    if not _beginning(view, *HYPERTENSIVE):
        return
    yield from _stages(view)
    if any(rule == "CMB01" for rule, _ in view.said):
        return
    plain, heart = _beginning(view, "I10"), _beginning(view, "I11")
    chronic, kidney = _beginning(view, "N18"), _beginning(view, "I12", "N18")
    joined = _beginning(view, "I12", "I13")
    if heart and kidney:
        yield Hit(
            f"{heart[0].shown} speaks of hypertension with heart disease, {kidney[0].shown} of the kidney. With both "
            f"organs involved there is one category for all of it, hypertensive heart and chronic kidney disease. "
            f"{UNLESS}",
            (*heart, *kidney),
        )
    elif plain and chronic and joined:
        yield Hit(
            f"{joined[0].shown} already says that this patient has hypertension, and what it did. {plain[0].shown} is "
            f"for hypertension without heart or kidney disease and cannot stand beside it and {chronic[0].shown}.",
            (*plain, *joined, *chronic),
        )
    elif plain and chronic:
        yield Hit(
            f"{plain[0].shown} says hypertension and nothing else, and the claim also has chronic kidney disease "
            f"({chronic[0].shown}). The classification presumes a link between the two and has a category that states "
            f"it. {UNLESS}",
            (*plain, *chronic),
        )
    elif plain and (renal := _beginning(view, "I12")):
        yield Hit(_twice(plain[0], renal[0]), (*plain, *renal))


def _stages(view: View) -> Iterator[Hit]:
    """A code that names stages of kidney disease, beside another stage."""
    for codes, against, *agreeing in STAGES:
        joined = _beginning(view, *codes)
        other = joined and _beginning(view, *against)
        if other and not _beginning(view, *agreeing):
            yield Hit(
                f"{joined[0].shown} ({joined[0].code.title}) and {other[0].shown} ({other[0].code.title}) name two "
                "stages of one kidney disease. Which stage does the provider document for this encounter? The code "
                "for the hypertension follows it.",
                (*joined, *other),
            )
