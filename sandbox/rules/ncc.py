"""NCC: the edits of CMS's National Correct Coding Initiative, where somebody has imported its tables for the day."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import permutations
from typing import Final

from sandbox.checker import Family, Hit, View
from sandbox.encounter import CPT, HCPCS, Line
from sandbox.findings import Severity

family = Family("NCC", "Correct coding (NCCI)")

PRACTITIONER: Final = "practitioner"
HOSPITAL: Final = "outpatient-hospital"

TABLES: Final = {
    "office": PRACTITIONER,
    "telehealth": PRACTITIONER,
    "clinic": PRACTITIONER,
    "urgent_care": PRACTITIONER,
    # An ambulatory surgical center bills Medicare as practitioners do, and its claims meet their tables. The same
    # operation in a hospital is the setting "outpatient".
    "ambulatory_surgery": PRACTITIONER,
    # Practitioners bill for their part of these encounters too, on claims of their own. A claim that names the
    # hospital's setting is taken for the hospital's.
    "emergency": HOSPITAL,
    "observation": HOSPITAL,
    "outpatient": HOSPITAL,
}
"""Setting → whose table holds. Not the others: stays have no NCCI edits, and at home or in a nursing facility the
claim may be the agency's, whose table is the hospital's, or that of a practitioner who came: nothing tells which."""

_NAMES: Final = {PRACTITIONER: "for practitioners", HOSPITAL: "for outpatient hospitals"}

ANATOMIC: Final = frozenset(
    (
        *(f"E{lid}" for lid in "1234"),
        *(f"F{finger}" for finger in "A123456789"),
        *(f"T{toe}" for toe in "A123456789"),
        *("LT", "RT", "LC", "LD", "RC", "LM", "RI"),
    )
)
SEPARATE: Final = frozenset(("XE", "XS", "XP", "XU"))
DIGITS: Final = frozenset(("24", "25", "27", "57", "58", "59", "78", "79", "91"))
"""CPT's own among them. What they mean is the American Medical Association's to say, and no title or explanation of
them stands here; which of them pass an edit is CMS's to say, in a public manual, and two digits that somebody typed
have to be recognised."""

ASSOCIATED: Final = ANATOMIC | SEPARATE | DIGITS
"""The modifiers that pass an edit with indicator 1 (NCCI Policy Manual for Medicare, chapter I, section E)."""

_NEVER: Final = "0"
_PER_LINE: Final = "1"
_MORE: Final = {
    _PER_LINE: "Only a second site, side or encounter in the record makes a second line with its modifier right.",
    "2": "No record makes more right for one day: look for a slip, or for a line that is there twice.",
    "3": "More is possible but unlikely: it is denied at first, and only a record that proves each unit and its need "
    "may win on appeal.",
}
"""MUE adjudication indicator → what is to be said of more units than the value."""


@family.rule(
    "NCC01",
    "procedure_pair",
    Severity.ERROR,
    authority="NCCI Policy Manual for Medicare, chapter I; NCCI procedure-to-procedure edits of the quarter",
    needs="the NCCI table of pairs (PTP)",
)
def procedure_pair(view: View) -> Iterator[Hit]:
    """Two services that NCCI does not pay side by side on one day.

    ## What it flags
    Two HCPCS or CPT codes of a claim that are a pair of NCCI's table for the day: the column 2 code is not paid beside
    the column 1 code. With modifier indicator 0 always; with indicator 1 as long as neither line has one of the
    modifiers that NCCI accepts (sides, fingers, toes, eyelids, coronary arteries; XE, XS, XP, XU; some of CPT's).
    Pairs that have been deleted, or had never counted (indicator 9), are left alone.

    Claims of an office, a clinic, urgent care, telehealth and an ambulatory surgical center meet the table for
    practitioners; those of the emergency department, of observation and of a hospital's outpatients that for outpatient
    hospitals. Home health and nursing facilities are not looked at, for either may hold there.

    ## Why it matters
    What belongs to a service is paid with it. To report it once more is unbundling; to add a modifier only to get it
    paid is abuse, and audits look for just that.

    ## Where to look
    In the record, before the claim: were these two services at all? Another encounter on the same day, another site or
    organ, another practitioner, or a service that does not overlap must be written there; a time, a side or a site is
    what to look for. If it is there, the modifier says which of these it was. If not, the column 2 code is left out.

    ## Flagged
    - office F71 2026-08-04: Z00.00, I10 | hcpcs:G0439, hcpcs:G0444
    - office F66 2026-08-04: M17.0, Z79.899 | hcpcs:J7325*48, hcpcs:J7321*1
    - outpatient M58 2026-08-04: Z12.11, Z86.0100 | hcpcs:G0105, hcpcs:G0104-59

    ## Accepted
    - office F66 2026-08-04: M17.0, Z79.899 | hcpcs:J7325-RT*48, hcpcs:J7321-LT*1
    - ambulatory_surgery M58 2026-08-04: Z12.11, Z86.0100 | hcpcs:G0105, hcpcs:G0104-XE
    """
    table = TABLES.get(view.encounter.setting, "")
    if not table or not view.codes.official.ptp_loaded(view.on, table):
        return
    lines: dict[str, list[Line]] = defaultdict(list)
    for line in _services(view):
        lines[line.key].append(line)
    for one, two in permutations(lines, 2):
        indicator = view.codes.official.ptp(one, two, view.on, table)
        if indicator is None:
            continue
        if indicator == _NEVER:
            yield Hit(_never(one, two, table), (*lines[two], *lines[one]))
        elif bare := _without(lines[one], lines[two]):
            yield Hit(_apart(one, two, table), bare)


def _without(ones: list[Line], twos: list[Line]) -> tuple[Line, ...]:
    """The lines of a pair that stand beside each other without a modifier on either, column 2 first."""
    bare = [(two, one) for two in twos for one in ones if not ASSOCIATED.intersection((*one.modifiers, *two.modifiers))]
    return tuple(dict.fromkeys((*(two for two, _ in bare), *(one for _, one in bare))))


def _never(one: str, two: str, table: str) -> str:
    return (
        f"{_paired(one, two, table)}, and no modifier changes that (modifier indicator 0). Look in the record what was "
        "done: is one a part of the other, or are they two ways to report the same? The code that tells all of it "
        "stays."
    )


def _apart(one: str, two: str, table: str) -> str:
    return (
        f"{_paired(one, two, table)} unless they were apart, and no modifier here says so (modifier indicator 1). Look "
        "in the record for another encounter, another site or side, another practitioner, or a service that does not "
        f"overlap. Only what is written there makes a modifier right; without it, {two} belongs to {one}, and a "
        "modifier would be unbundling."
    )


def _paired(one: str, two: str, table: str) -> str:
    name = _NAMES[table]
    return f"NCCI's table {name} has {one} and {two} as a pair: {two} is not paid beside {one} on the same day"


@family.rule(
    "NCC02",
    "too_many_units",
    Severity.ERROR,
    authority="NCCI Policy Manual for Medicare, chapter I; Medically Unlikely Edits of the quarter",
    needs="the NCCI table of most units (MUE)",
)
def too_many_units(view: View) -> Iterator[Hit]:
    """More units of a service than Medicare takes for one line or one day.

    ## What it flags
    HCPCS and CPT codes with more units than their value in NCCI's table of medically unlikely edits for the day. The
    adjudication indicator says how they are counted: 1 line by line; 2 and 3 for the whole day, all lines of the code
    together. Which table holds, that for practitioners or that for outpatient hospitals, is told at NCC01.

    ## Why it matters
    The whole line is denied, not only what is too much; with indicators 2 and 3 every line of the code that day. Most
    are slips: milligrams entered where the code counts tens of them, minutes where it counts quarters of an hour, one
    line twice.

    ## Where to look
    At the code's description: what is one unit? Then in the record: dose, minutes, miles, sites. With indicator 2 no
    record makes more units right, for policy or anatomy forbids them. With indicator 3 more is unlikely but possible;
    the line is denied, and a record that proves every unit and why it was needed may win on appeal. With indicator 1
    a second line with a modifier is right only where the record shows a second site, side or encounter.

    ## Flagged
    - office F59 2026-08-04: Z23, I10 | hcpcs:G0008*2
    - office M34 2026-08-04: A52.9, Z88.2 | hcpcs:J0561-LT*24, hcpcs:J0561-RT*24
    - outpatient F71 2026-08-04: R07.9, I10 | hcpcs:A0425*300

    ## Accepted
    - office M34 2026-08-04: A52.9, Z88.2 | hcpcs:J0561-LT*12, hcpcs:J0561-RT*12
    - outpatient F71 2026-08-04: R07.9, I10 | hcpcs:A0425-RH*250, hcpcs:A0425-HR*50
    """
    table = TABLES.get(view.encounter.setting, "")
    lines: dict[str, list[Line]] = defaultdict(list)
    for line in _services(view) if table else ():
        lines[line.key].append(line)
    for code, mine in lines.items():
        limit = view.codes.official.mue(code, view.on, table)
        if limit is None:
            continue
        most, indicator = limit
        for counted in [[line] for line in mine] if indicator == _PER_LINE else [mine]:
            total = sum(max(line.units, 0) for line in counted)
            if total > most:
                yield Hit(_too_many(code, counted, total, limit), tuple(counted))


def _too_many(code: str, lines: list[Line], total: int, limit: tuple[int, str]) -> str:
    most, indicator = limit
    where = f"Line {lines[0].id[2:]} counts" if len(lines) == 1 else f"{len(lines)} lines together count"
    taken = f"at most {most} {'on one line' if indicator == _PER_LINE else 'for one day'}" if most else "none here"
    return (
        f"{where} {total} {'unit' if total == 1 else 'units'} of {code}; Medicare takes {taken} (medically unlikely "
        f"edit, indicator {indicator}). What is one unit by the code's description, and how many of these does the "
        f"record show? {_MORE[indicator]}"
    )


def _services(view: View) -> Iterator[Line]:
    """The HCPCS and CPT lines that the gate let through; the tables vouch for their codes, loaded or not."""
    for line in view.claim.procedures:
        if line.key and line.system in (HCPCS, CPT) and line.id not in view.gated:
            yield line
