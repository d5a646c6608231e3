"""VAL, third part: well-formed and complete, but no code on that day."""

import re
from collections.abc import Iterator
from typing import Final

from sandbox.checker import Family, Hit, View
from sandbox.codes.model import FIRST, Code
from sandbox.codes.nearest import nearest
from sandbox.encounter import CM, PCS, Line, dotted
from sandbox.findings import Severity
from sandbox.rules import val_billed, val_pcs
from sandbox.rules.val_billed import shown
from sandbox.rules.val_form import ICD9, NAMES, is_diagnosis

family = Family("VAL", "Valid codes")

_PADDED: Final = re.compile(r"(\w{3,5}?)X+\w?")


@family.rule("VAL07", "procedure_not_in_tables", Severity.ERROR, authority="ICD-10-PCS Guidelines, A1-A11", gate=True)
def procedure_not_in_tables(view: View) -> Iterator[Hit]:
    """The seven characters are no ICD-10-PCS code on that day.

    ## What it flags
    Procedures that are built like an ICD-10-PCS code, but that no row of a table allows on the day of discharge: a
    combination that never existed, one that is gone, or one that comes later.

    ## Why it matters
    An ICD-10-PCS code is put together from one row of one table. Characters of different rows, each right by itself,
    make no code, and the stay cannot be grouped.

    ## Where to look
    Open the table of the first three characters, and stay in one row for the other four. Where the tables are imported
    for the day, the message says which character leaves the row that the others stand in, and what may stand there; the
    chart says which of these it is. Where two characters could each be the slip, it names both.

    ## Flagged
    - inpatient F78 2026-05-06: M16.11/Y, I10/Y | 0SR90J5
    - inpatient M61 2026-05-06: K35.80/Y, I10/Y | 0DTJ5ZZ

    ## Accepted
    - inpatient F78 2026-05-06: M16.11/Y, I10/Y | 0SR90JA
    - inpatient M61 2026-05-06: K35.80/Y, I10/Y | 0DTJ4ZZ
    """
    if not view.codes.knows(view.on, PCS):
        return
    for line in view.doubtful:
        if line.system == PCS and line.id not in view.gated and not is_diagnosis(view, line):
            yield Hit(_pcs_message(view, line.key), (line,))


def _pcs_message(view: View, key: str) -> str:
    found = view.codes.get(key, PCS)
    if not found:
        return val_pcs.unknown(view, key)
    wrong = val_pcs.by_tables(view, key)
    return _timed(view, found, PCS) + (f" The loaded tables of that day say: {wrong}" if wrong else "")


@family.rule(
    "VAL01",
    "unknown_code",
    Severity.ERROR,
    authority="ICD-10-CM Guidelines, I.A.3; Medicare Code Editor, invalid code",
    section="I.A.3",
    gate=True,
    since=0,
)
def unknown_code(view: View) -> Iterator[Hit]:
    """The code is not in the code set on the day of the encounter.

    ## What it flags
    Codes that never existed, that had ended before the encounter, or that come into force only after it; so every
    code on a date before October 1, 2015, when ICD-10 began. HCPCS and CPT codes are looked at where a table of them
    is loaded for the day.

    ## Why it matters
    The date of discharge (inpatient) or of service (everybody else) picks the edition of the code set. A code outside
    it is an invalid code for the Medicare Code Editor, and the claim comes back.

    ## Where to look
    In the Tabular of that edition. New and ended codes come with the addenda of October 1 and April 1.

    ## Flagged
    - office F59 2026-08-03: E11.7, I10
    - emergency F41 2025-11-12: S30.1XXA, W18.30XA
    - inpatient M66 2026-08-04: D69.11/Y, I10/Y
    - office F59 2006-08-03: E11.9, I10

    ## Accepted
    - emergency F41 2025-09-12: S30.1XXA, W18.30XA
    - inpatient M66 2026-11-04: D69.11/Y, I10/Y
    """
    if view.on < FIRST:
        yield from _before_the_first_day(view)
        return
    for line in view.doubtful:
        if line.id in view.gated or line.system == PCS:
            continue
        if line.system != CM:
            why = val_billed.unknown(view, line.key)
        elif not view.codes.knows(view.on):
            continue
        else:
            found = view.codes.get(line.key)
            why = _timed(view, found, CM) if found else _never(view, line)
        if why:
            yield Hit(why, (line,))


def _before_the_first_day(view: View) -> Iterator[Hit]:
    """Said once of all codes that were still to come, and of each that never came; ICD-9-CM is not known here."""
    lines = [line for line in view.claim.lines if line.key and line.system in (CM, PCS)]
    if known := [line for line in lines if view.codes.get(line.key, line.system)]:
        yield Hit(
            f"ICD-10-CM and ICD-10-PCS are in force only from {shown(FIRST)}; this encounter is dated "
            f"{shown(view.on)}. Is a digit of the date wrong?",
            tuple(known),
        )
    for line in lines:
        if line not in known and not ICD9.fullmatch(line.key):
            yield Hit(f"{line.shown} is no {NAMES[line.system]} code on any day that is loaded.", (line,))


def _timed(view: View, code: Code, system: str) -> str:
    """Too early, too late or in between, with what replaced the code or lies near it."""
    firsts = [span.first for span in code.spans if span.first > view.on]
    lasts = [span.last for span in code.spans if span.last < view.on]
    dated = f"this encounter is dated {shown(view.on)}."
    if not lasts:
        when = f"is in force only from {shown(min(firsts))}" if firsts else "is no code on that day"
        return f"{code.shown} {when}; {dated}{_around(view, code.key, system)}"
    gone = f"{code.shown} has not been in force since {shown(max(lasts), 1)}; {dated}"
    # For procedures the table names the code that groups alike, not the one that says the same.
    after = view.codes.replacement(code.key, system) if system == CM else None
    if after and after.valid(view.on):
        return f"{gone} CMS's conversion table leads to {_titled(after)}{_others(view, code.key)}"
    return gone + _around(view, code.key, system)


def _others(view: View, key: str) -> str:
    """A warning where the code was divided: the table names the first of its heirs, whatever the chart says."""
    heirs = [heir for heir in view.codes.below(key[:6].rstrip("X"), view.on) if heir.key[6:] == key[6:]]
    if len(heirs) > 1:
        return f", the first of {len(heirs)} that took its place. Which of them does the chart support?"
    return "; see whether the chart says the same."


def _never(view: View, line: Line) -> str:
    key, codes = line.key, view.codes
    why = ""
    if whole := next((key[:n] for n in range(len(key) - 1, 2, -1) if codes.valid(key[:n], view.on)), ""):
        why = f" {dotted(whole)} is complete as it is: nothing follows it."
    elif (padded := _PADDED.fullmatch(key)) and codes.heading(padded[1], view.on):
        why = f" {dotted(padded[1])} is divided further; X fills empty places only, it does not stand for a choice."
    if len(key) == 5 and key[1:].isdigit() and "." not in line.code:
        why += " If a HCPCS code is meant, it belongs among the procedures."
    return f"{dotted(key)} is not an ICD-10-CM code and has not been one before.{why}{_near(view, key)}"


def _around(view: View, key: str, system: str) -> str:
    """For a code of another edition: it was no slip, so only its own family helps, not what is spelled like it."""
    if system == PCS:
        return f" Look in table {key[:3]} of the edition for that day."
    family = key[: max(3, min(4, len(key) - 1))]
    close = nearest(view.codes, key, view.on, system, limit=40)
    found = [code for code in close if code.key.startswith(family) and code.key[6:] in ("", key[6:])]
    return _listed(found[:4]) or " Look where the condition stands in the edition for that day."


def _near(view: View, key: str) -> str:
    return _listed(nearest(view.codes, key, view.on, CM))


def _listed(found: list[Code]) -> str:
    return f" The nearest valid code{'s' * (len(found) > 1)}: {'; '.join(map(_titled, found))}." if found else ""


def _titled(code: Code) -> str:
    return f"{code.shown} ({code.title})" if code.title else code.shown
