"""VAL, last part: what a service line carries beside its code: modifiers, units, pointers to diagnoses."""

import re
from collections.abc import Iterator
from typing import Final

from sandbox.checker import Family, Hit, View
from sandbox.encounter import CM, CPT, HCPCS, Line
from sandbox.findings import Severity
from sandbox.rules.val_billed import known_modifier

family = Family("VAL", "Valid codes")

_MODIFIER: Final = re.compile(r"[0-9A-Z]{2}")
_MOST_MODIFIERS: Final = 4
_MOST_POINTERS: Final = 4
"""A service line of the professional claim has room for four of each (CMS-1500, items 24D and 24E; 837P, SV1)."""


@family.rule(
    "VAL08",
    "modifier_units_pointer",
    Severity.ERROR,
    authority="HCPCS Level II; CMS-1500 instructions, items 24D, 24E and 24G (837P, segment SV1)",
)
def modifier_units_pointer(view: View) -> Iterator[Hit]:
    """A modifier, a number of units or a pointer to a diagnosis that no service line can have.

    ## What it flags
    A modifier that is not made of two letters or digits; more than four modifiers on a line; any modifier on a
    diagnosis or on an ICD-10-PCS code, which have none. Where the table of HCPCS is loaded for the day, a modifier that
    it does not have. Fewer units than one. A pointer to a diagnosis that is not on
    the claim, and more than four pointers on a line. Whether a modifier suits its service is not looked at.

    ## Why it matters
    These fields stand in fixed places of the claim. What does not fit there never reaches a reviewer: the claim comes
    back, or the line is paid as if the modifier were not there. The pointers tell the payer why the service was
    needed.

    ## Where to look
    At the line itself. A modifier is typed without a hyphen, each in a field of its own. Units count what the code's
    description counts, so a service that was given has at least one. A pointer is the place of a diagnosis on this
    claim, counted from 1: after lines have moved, the pointers have to move too.

    ## Flagged
    - office F59 2026-08-03: J02.0, I10 | hcpcs:J0561-JZ*0@1
    - office F59 2026-08-03: J02.0, I10 | hcpcs:J0561-JZZ*6@1
    - office F59 2026-08-03: Z23, I10 | hcpcs:G0008@3

    ## Accepted
    - office F59 2026-08-03: J02.0, I10 | hcpcs:J0561-JZ*6@1.2
    - ambulatory_surgery M66 2026-06-11: Z12.11, K63.5 | hcpcs:G0105-PT@1.2
    """
    for line in view.claim.lines:
        if (line.modifiers or line.units < 1 or line.pointers) and line.id not in view.gated:
            why = [*_modifiers(view, line), *_units(line), *_pointers(view, line)]
            if why:
                first, *more = why
                told = " ".join((first, *(part[0].upper() + part[1:] for part in more)))
                yield Hit(f"{line.shown} on line {line.id[2:]}: {told}", (line,))


def _modifiers(view: View, line: Line) -> Iterator[str]:
    if not line.modifiers:
        return
    if line.system not in (HCPCS, CPT):
        name = "a diagnosis" if line.system == CM else "an ICD-10-PCS code"
        yield f"{name} has no modifiers; these belong to HCPCS and CPT lines only."
        return
    for modifier in dict.fromkeys(line.modifiers):
        if not _MODIFIER.fullmatch(modifier):
            shown = modifier[:12]
            yield f"{shown} is no modifier. A modifier is two characters, letters or digits, without a hyphen."
        elif known_modifier(view, modifier) is False:
            yield f"there was no modifier {modifier} on that day."
    if len(line.modifiers) > _MOST_MODIFIERS:
        yield f"the line has {len(line.modifiers)} modifiers, and there is room for {_MOST_MODIFIERS}."


def _units(line: Line) -> Iterator[str]:
    if line.units < 1:
        yield f"the line counts {line.units} units. A service that was given counts at least one."


def _pointers(view: View, line: Line) -> Iterator[str]:
    number = len(view.claim.diagnoses)
    if absent := [str(place) for place in dict.fromkeys(line.pointers) if not 1 <= place <= number]:
        has = {0: "no diagnosis", 1: "one diagnosis"}.get(number, f"{number} diagnoses")
        yield (
            f"the line points to diagnosis {', '.join(absent)}, and the claim has {has}. Pointers are places on this "
            "claim, counted from 1: which diagnosis was the service for?"
        )
    if len(line.pointers) > _MOST_POINTERS:
        yield f"the line has {len(line.pointers)} pointers, and there is room for {_MOST_POINTERS}: which matter most?"
