"""PRO: procedures that the Medicare Code Editor stops, by themselves or beside something else on the claim."""

from collections.abc import Callable, Iterator
from typing import Final

from sandbox.checker import Entry, Family, Hit, View
from sandbox.findings import Severity

family = Family("PRO", "Procedures")

OLDEST_FOR_DISC: Final = 60
"""Up to this age Medicare may pay for an artificial lumbar disc (MCE, non-covered procedures)."""
SHORTEST: Final = 4
"""Days that a stay must have at least for more than 96 hours of ventilation (MCE, length of stay)."""

BEARING: Final = ("ncov_z302", "ncov6", "diabtypeI")
"""The editor's attributes of a diagnosis that decide whether a procedure beside it is covered."""
STERILIZED, LEUKEMIA, NO_INSULIN = BEARING

_COVER: Final = "Medicare does not cover"

Others = tuple[Entry, ...]
Reason = Callable[[View, Others], tuple[str, Others] | None]
"""What to say of some procedures, and which other lines have to do with it; None where nothing is to be said."""


def _always(view: View, found: Others) -> tuple[str, Others]:
    return (
        f"{_COVER} {_names(found)}, whatever the diagnosis (Medicare Code Editor, non-covered procedures). Compare the "
        "approach, the device and the qualifier with the operative report, for a covered procedure is often one "
        "character away. If the code is right it stays, and the stay may not be paid; other payers have rules of "
        "their own.",
        (),
    )


def _sterilization(view: View, found: Others) -> tuple[str, Others] | None:
    reason = _bearing(view, STERILIZED)
    if not reason:
        return None
    return (
        f"{_COVER} {_names(found)} where sterilization is the purpose, as {_names(reason)} says. Was it the purpose, "
        "or does the record give an illness as the reason? Other payers have rules of their own.",
        reason,
    )


def _stem_cells(view: View, found: Others) -> tuple[str, Others] | None:
    reason = _bearing(view, LEUKEMIA)
    if not reason:
        return None
    return (
        f"{_COVER} {_names(found)} beside {_names(reason)}: it does not pay for a patient's own stem cells in chronic "
        "myeloid leukemia, nor in an acute leukemia that is not in remission. Compare the donor (the patient, or "
        "somebody else) and the stage of the disease with the record.",
        reason,
    )


def _pancreas(view: View, found: Others) -> tuple[str, Others] | None:
    if _bearing(view, NO_INSULIN) or any("kidneyxp" in entry.flags for entry in view.procedures):
        return None
    return (
        f"{_COVER} {_names(found)} by itself: the Medicare Code Editor looks for a kidney transplant on the same claim "
        "or for a diagnosis that says that the patient makes no insulin (type 1 diabetes, or after surgery), and finds "
        "neither. Was one left out?",
        (),
    )


def _disc(view: View, found: Others) -> tuple[str, Others] | None:
    age = view.encounter.patient.age_years
    if age is None or age <= OLDEST_FOR_DISC:
        return None
    return (
        f"{_COVER} {_names(found)} beyond the age of {OLDEST_FOR_DISC}; the patient is {age}. Are the age, the root "
        "operation and the device right? Other payers have rules of their own.",
        (),
    )


def _limited(view: View, found: Others) -> tuple[str, Others]:
    return (
        f"Medicare covers {_names(found)} with limits (Medicare Code Editor, limited coverage): in approved centers "
        "and for the conditions that its coverage decision names. The code may well be right; whether the conditions "
        "are met is to be seen from the record before the claim leaves.",
        (),
    )


def _too_short(view: View, found: Others) -> tuple[str, Others] | None:
    came, left = view.encounter.admitted, view.encounter.discharged
    if not (came and left) or (left - came).days >= SHORTEST:
        return None
    return (
        f"{_names(found)} tells of more than 96 hours without a break, and the stay is shorter than {SHORTEST} days. "
        "Count the hours from the start of ventilation in this hospital to its end, and look at both dates.",
        (),
    )


def _bearing(view: View, flag: str) -> Others:
    return tuple(entry for entry in view.diagnoses if flag in entry.flags)


def _names(entries: Others) -> str:
    return ", ".join(dict.fromkeys(entry.shown for entry in entries))


REASONS: Final[dict[str, Reason]] = {
    "noncovered": _always,
    "ncov_z302": _sterilization,
    "ncov6": _stem_cells,
    "ncov45": _pancreas,
    "ncov12agele60": _disc,
    "lcov": _limited,
    "los": _too_short,
}
"""The editor's attribute of a procedure → what it stops. The first that speaks of a procedure is the only one."""


@family.rule(
    "PRO01",
    "procedure_edit",
    Severity.WARNING,
    authority="Medicare Code Editor, non-covered procedure, limited coverage, length of stay",
    # The total artificial heart had an edit of its own until 31 March 2022; older claims are not judged.
    since=20220401,
)
def procedure_edit(view: View) -> Iterator[Hit]:
    """The Medicare Code Editor stops a procedure: not covered, covered with limits, or too long for the stay.

    ## What it flags
    On an inpatient claim, the procedures that the Medicare Code Editor stops:

    - never covered, such as breaking up a stone of the gallbladder from outside, or removing part of a ventricle of
      the heart;
    - covered, but not like this: sterilization for its own sake, a patient's own stem cells in chronic myeloid leukemia
      or in an acute leukemia that is not in remission, a pancreas without a kidney and without the right kind of
      diabetes, an artificial lumbar disc beyond the age of 60;
    - covered with limits, such as the transplant of a heart, lung, liver, kidney or intestine;
    - ventilation for more than 96 hours in a stay of fewer than four days (where the day of admission is known).

    A delivery without its outcome, and diagnoses without a side, are edits of the same program; other rules speak of
    them. Its lists of bilateral procedures and open biopsies ended with ICD-9-CM, and that a procedure was the wrong
    one (Y65.5-) is no fault of the codes.

    ## Why it matters
    The claim is stopped before it is paid. Sometimes the procedure was not covered and the patient should have been
    told; more often one character of the code is wrong, or a diagnosis is missing.

    ## Where to look
    The operative report for approach, device and qualifier; the age; the diagnoses that give the reason; for
    ventilation the times of intubation and extubation. A warning is no proof: the code may be right, and coverage is
    then a matter between hospital and payer. Only Medicare is bound by these lists.

    ## Flagged
    - inpatient M66 2026-03-11: M51.360/Y, I10/Y | 0SR20JZ
    - inpatient F34 2026-05-20: Z30.2, E66.9/Y | 0UL74CZ
    - inpatient M59 2026-07-02: K80.20/Y, E11.9/Y | 0FF4XZZ

    ## Accepted
    - inpatient M48 2026-03-11: M51.360/Y, I10/Y | 0SR20JZ
    - inpatient F34 2026-05-20: C57.01/Y, E66.9/Y | 0UT54ZZ
    - inpatient M59 2026-07-02: K80.00/Y, E11.9/Y | 0FT44ZZ
    """
    if not view.claim.procedures or not view.encounter.inpatient:
        return
    marked = [entry for entry in view.procedures if not entry.flags.isdisjoint(REASONS)]
    done: set[str] = set()
    for flag, reason in REASONS.items() if marked else ():
        found = tuple(entry for entry in marked if flag in entry.flags and entry.line.id not in done)
        if found and (said := reason(view, found)):
            message, others = said
            done.update(entry.line.id for entry in found)
            yield Hit(message, (*found, *others))
