"""VAL: the gate. Is each line a code of its system on that day, given once, and with the indicator it needs?

The gate's rules stand in three modules of their own, what a line carries beside its code in a fourth; this one sets
their order: the first that knows what is wrong with a code is the only one to speak of it.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from sandbox.checker import Entry, Family, Hit, View
from sandbox.encounter import SETTINGS
from sandbox.findings import Severity
from sandbox.rules import val_form, val_known, val_units, val_whole

_PARTS: Final = (val_form, val_whole, val_known, val_units)
family = Family("VAL", "Valid codes", [rule for part in _PARTS for rule in part.family.rules])

_POA: Final = frozenset("YNUW")
_EXEMPT: Final = (
    # Sequelae, old infarction, history and status, always there by their nature.
    *("B90", "B91", "B92", "B94", "E64", "I252", "I69", "O94", "U099", "Z"),
    # Encounters and circumstances of pregnancy, birth and the newborn.
    *("O09", "O665", "O80", "P00", "P01", "P02", "P03", "P04", "P293", "P7884", "P838", "P918"),
    # Congenital conditions; scores; external causes (some of these are not on the list).
    *("Q", "R297", "V", "W", "X", "Y"),
)
"""Where CMS's list of codes exempt from POA reporting has, or may come to have, entries. On purpose wider than the
list (P01-P04 and R29.7- were not on that of FY2025): what stands here may be exempt; the rest is surely not."""

_CONGENITAL: Final = "Q"

_LATER: Final = frozenset("DEFGHJKMNPQRS")
"""7th characters of subsequent care and of sequelae; most of their codes are on the list."""


@family.rule("VAL06", "duplicate_code", Severity.ERROR, authority="ICD-10-CM Guidelines, I.B.12", section="I.B.12")
def duplicate_code(view: View) -> Iterator[Hit]:
    """The same diagnosis code is given twice.

    ## What it flags
    A diagnosis code that stands on more than one line, with or without its dot, whatever the POA indicators say.
    Procedures may repeat.

    ## Why it matters
    Each diagnosis code is reported once for an encounter, even if two conditions or both sides of the body fall
    under it.

    ## Where to look
    Delete the line that says nothing new. If two different conditions were meant, look whether one of them has a code
    of its own (another side, another site).

    ## Flagged
    - office F59 2026-08-03: I10, E78.5, I10
    - inpatient F78 2026-05-06: J18.9/Y, N17.9/Y, J189/N

    ## Accepted
    - office F59 2026-08-03: M17.11, M17.12, I10
    - inpatient F78 2026-05-06: J18.9/Y, N17.9/N, I10/Y
    """
    if len(view.keys) == len(view.diagnoses):
        return
    places: dict[str, list[Entry]] = defaultdict(list)
    for entry in view.diagnoses:
        places[entry.key].append(entry)
    for entries in places.values():
        first, *again = entries
        if again:
            where = ", ".join(str(entry.place + 1) for entry in entries)
            yield Hit(
                f"{first.shown} stands on lines {where}. A diagnosis code is reported once for an encounter, even if "
                "two conditions fall under it. Is one of them a slip, or was another code meant?",
                (*again, first),
                again=tuple(again),
            )


@family.rule(
    "VAL09", "poa_indicator", Severity.ERROR, authority="ICD-10-CM Guidelines, Appendix I", section="Appendix I"
)
def poa_indicator(view: View) -> Iterator[Hit]:
    """A present-on-admission indicator is wrong, missing, or out of place.

    ## What it flags
    On an inpatient claim: an indicator other than Y, N, U or W, and a blank at a code that is surely not exempt. On
    any other claim: an indicator at all.

    ## Why it matters
    The indicator tells what the patient brought and what happened in the hospital. Payment for hospital-acquired
    conditions and the quality measures hang on it.

    ## Where to look
    In Appendix I of the guidelines. A blank is right only for codes on the list of exempt codes (status, history,
    congenital conditions, later encounters for an injury, many external causes), and at hospitals that need not
    report the indicator. Where CMS's list is loaded for the day, it decides; otherwise blanks are accepted wherever
    the list has entries, even if not every code there is on it.

    ## Flagged
    - inpatient F78 2026-05-06: J18.9/Y, I10, Z87.891
    - inpatient F78 2026-05-06: J18.9/Y, I10/1
    - office F59 2026-08-03: E11.9/Y, I10/Y

    ## Accepted
    - inpatient F78 2026-05-06: J18.9/Y, I10/Y, Z87.891, I25.2
    - inpatient M0d 2026-05-06: Z38.00, Q21.0, P07.18/Y
    """
    if not view.encounter.inpatient:
        if given := [entry for entry in view.diagnoses if entry.line.poa]:
            yield Hit(
                "The present-on-admission indicator belongs to inpatient claims only. The setting here is "
                f"{SETTINGS[view.encounter.setting].lower()}: leave the field empty.",
                tuple(given),
            )
        return
    for entry in view.diagnoses:
        if entry.line.poa and entry.line.poa not in _POA:
            yield Hit(
                f"{entry.line.poa} at {entry.shown} is no present-on-admission indicator. Y, N, U and W exist; the "
                "field stays empty for exempt codes.",
                (entry,),
            )
    if blank := [entry for entry in view.diagnoses if not entry.line.poa and not _may_be_exempt(view, entry.key)]:
        named = ", ".join(entry.shown for entry in blank)
        yield Hit(
            f"No present-on-admission indicator at {named}. Only codes of the exempt list may go without: was the "
            "condition there when the order for admission was written?",
            tuple(blank),
        )


def _may_be_exempt(view: View, key: str) -> bool:
    """By CMS's list for the day; without one, by what may stand on it. Of congenital conditions nothing is said."""
    listed = view.codes.official.poa_exempt(key, view.on)
    if listed is not None:
        return listed or key.startswith(_CONGENITAL)
    return key.startswith(_EXEMPT) or (len(key) == 7 and key[6] in _LATER)
