"""VAL, second part: is the code complete? Seventh characters, placeholders and headings."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from sandbox.checker import Family, Hit, View
from sandbox.codes.model import Code
from sandbox.encounter import PCS, dotted
from sandbox.findings import Severity
from sandbox.rules import val_pcs
from sandbox.rules.val_form import is_diagnosis, stem

family = Family("VAL", "Valid codes")

_SEVENTH_KINDS: Final = (
    (
        re.compile("initial encounter|subsequent encounter"),
        "the phase of care (treatment, healing, late effect)",
    ),
    (re.compile("open fracture"), "whether the fracture is closed or open"),
    (re.compile("nonunion|delayed healing"), "how the fracture heals"),
    (re.compile("fetus"), "which fetus is meant"),
    (re.compile("stage"), "the stage"),
    (re.compile("in the field|emergency department|hospital admission"), "when the scale was taken"),
    (re.compile("toph"), "whether there is a tophus"),
    (re.compile("right eye|left eye"), "the side"),
)
"""What the 7th characters of a code tell apart, by the words of their meanings."""

_KINDS: Final = (
    (re.compile(r"\b(?:right|left|bilateral|unilateral)\b"), "side"),
    (re.compile(r"\b\w+ trimester\b"), "trimester"),
    (
        re.compile(r"\bin (?:pregnancy|childbirth|the puerperium)\b|\bweeks \d+|\b\d+ weeks"),
        "the point of the pregnancy",
    ),
    (re.compile(r"\bstage \w+"), "stage"),
    (re.compile(r"\b(?:abuse|dependence|use)\b"), "pattern (use, abuse or dependence)"),
    (re.compile(r"\b(?:mild|moderate|severe|severity)\b"), "severity"),
    (re.compile(r"\b(?:acute|chronic|subacute|intermittent|persistent|paroxysmal|recurrent)\b"), "course"),
    (re.compile(r"\b(?:remission|relapse)\b"), "remission or relapse"),
    (re.compile(r"\b(?:accidental|self-harm|assault|undetermined|adverse effect|underdosing)\b"), "intent"),
    (re.compile(r"\b(?:displaced|nondisplaced)\b"), "displacement"),
    (re.compile(r"\bdominant\b"), "dominance"),
    (re.compile(r"\b(?:initial encounter|subsequent encounter|sequela)\b"), "encounter"),
    (re.compile(r"\b(?:with|without)\b"), "what accompanies it"),
    (re.compile(r"\bdue to\b"), "cause"),
    (
        re.compile(
            r"\b(?:head|neck|shoulder|arm|forearm|elbow|wrist|hand|finger|thumb|hip|thigh|knee|leg|ankle|foot|toe|femur|"
            r"pelvi[sc]|region|site|limb|quadrant|lobe|artery|vein|eye|ear|breast|bone|vertebra|trunk|intestine|part)s?\b"
        ),
        "site",
    ),
)
"""What the entries below a heading tell apart, by the words in which their titles differ."""


@family.rule(
    "VAL03",
    "seventh_character",
    Severity.ERROR,
    authority="ICD-10-CM Guidelines, I.A.4 and I.A.5",
    section="I.A.5",
    gate=True,
)
def seventh_character(view: View) -> Iterator[Hit]:
    """The 7th character is missing or not one of the category's, or a placeholder is missing.

    ## What it flags
    Codes that are right up to their 7th character: it is missing, it is a character that this category does not
    define, or it does not stand in the seventh place because the placeholder X was left out.

    ## Why it matters
    Where a category has 7th characters, a code without one is invalid. It carries what the rest of the code cannot
    say: the phase of care, how a fracture heals, which fetus, which stage.

    ## Where to look
    At the box of 7th characters under the category (or subcategory) in the Tabular. If the code has fewer than six
    characters, X fills the places in between.

    ## Flagged
    - inpatient F78 2026-05-06: S72.001/Y, W01.0XXA/Y
    - emergency M34 2026-07-11: S61.211A, W25.A, Y92.511
    - inpatient F78 2026-05-06: M80.051B/Y, I10/Y

    ## Accepted
    - inpatient F78 2026-05-06: S72.001A/Y, W01.0XXA/Y
    - emergency M34 2026-07-11: S61.211A, W25.XXXA, Y92.511
    """
    for line in view.doubtful:
        if line.id not in view.gated and is_diagnosis(view, line) and (why := _seventh_fault(view, stem(line))):
            yield Hit(why, (line,))


def _seventh_fault(view: View, key: str) -> str:
    found = view.codes.get(key)
    if found and found.spans and not view.codes.heading(key, view.on):
        return ""  # it was or will be a code: VAL01 says more
    for n in range(min(6, len(key)), 2, -1):
        allowed = _allowed(view, key[:n])
        if allowed:
            return _seventh_message(key, n, allowed)
    return _gap(view, key)


def _gap(view: View, key: str) -> str:
    """Whether it would be a code with an X in a place between two characters that say something: T36.01A, T36.0X1A."""
    for n in range(4, len(key) - 1):
        whole = key[:n] + "X" * (7 - len(key)) + key[n:]
        if len(key) < 7 and view.codes.valid(whole, view.on) and view.codes.seventh(whole):
            return (
                f"In {dotted(key)}, {key[-1]} is meant as the 7th character but stands in place {len(key)}. A place "
                "before it is empty in this code: the placeholder X fills it, and what follows moves back."
            )
    return ""


def _allowed(view: View, start: str) -> dict[str, str]:
    """character → meaning, of the codes that are ``start``, placeholders and a 7th character; there may be none."""
    meanings = view.codes.seventh(start)
    if not meanings:
        return {}
    below = view.codes.below(start.ljust(6, "X"), view.on)
    return {c.key[6]: meanings.get(c.key[6], "") for c in below if len(c.key) == 7}


def _seventh_message(key: str, n: int, allowed: dict[str, str]) -> str:
    rest, shown, start = key[n:], dotted(key), dotted(key[:n].rstrip("X"))
    padding = " It must be the seventh character: X fills the places before it." if n < 6 or key[5] == "X" else ""
    asks = f"It tells {_listed(_seventh_kinds(allowed.values()))}; the Tabular lists the choices under {key[:3]}."
    if not rest:
        return f"{shown} needs a 7th character. {asks}{padding}"
    if n == 6 and len(rest) == 1:
        return f"{rest} is not one of the 7th characters that {start} may take. {asks}"
    if n < 6 and rest.rstrip("X") in allowed:
        return (
            f"In {shown}, {rest[0]} is meant as the 7th character but stands in place {n + 1}. "
            "The placeholder X fills the places before the seventh."
        )
    return ""


def _seventh_kinds(meanings: Iterable[str]) -> list[str]:
    text = " ".join(meanings)
    return [label for words, label in _SEVENTH_KINDS if words.search(text)] or ["what the rest of the code leaves open"]


@family.rule(
    "VAL02", "incomplete_code", Severity.ERROR, authority="ICD-10-CM Guidelines, I.B.2", section="I.B.2", gate=True
)
def incomplete_code(view: View) -> Iterator[Hit]:
    """The code is a heading: it needs more characters.

    ## What it flags
    Categories and subcategories that are divided further on the day of the encounter, among them codes that were
    complete once and have been split since; and the beginning of an ICD-10-PCS code.

    ## Why it matters
    A diagnosis is reported with all the characters its category has. A heading is rejected as an invalid code, and
    it throws away what the chart says about side, stage, site or cause.

    ## Where to look
    In the Tabular, under the heading: what do the entries below it tell apart? The chart answers that question. Codes
    are split on October 1 and April 1; look in the edition of the day of discharge or service. For a procedure,
    the table of its first three characters goes on from there.

    ## Flagged
    - office F59 2026-08-03: E11, I10
    - inpatient M66 2026-11-04: D69.1/Y, I10/Y
    - inpatient F66 2026-03-06: M16.11/Y | 0SR90J

    ## Accepted
    - office F59 2026-08-03: E11.9, I10
    - inpatient M66 2026-09-30: D69.1/Y, I10/Y
    """
    for line in view.doubtful:
        if line.id in view.gated:
            continue
        if is_diagnosis(view, line) and view.codes.heading(stem(line), view.on):
            yield Hit(_heading_message(view, stem(line)), (line,))
        elif line.system == PCS and view.codes.heading(stem(line), view.on, PCS):
            yield Hit(val_pcs.incomplete(view, stem(line)), (line,))


def _heading_message(view: View, key: str) -> str:
    children = view.codes.children(key, view.on)
    found = view.codes.get(key)
    split = next((s.last for s in reversed(found.spans) if s.last < view.on), 0) if found else 0
    what = (
        f"{dotted(key)} was a complete code until {_iso(split)} and has been divided since"
        if split
        else f"{dotted(key)} is a heading and not a complete code"
    )
    kinds = _kinds(found.title if found else "", children)
    then = " A 7th character follows at the end." if view.codes.seventh(key) else ""
    return f"{what}. Still open: {_listed(kinds)}. Read the entries under {dotted(key)} in the Tabular.{then}"


def _kinds(title: str, children: tuple[Code, ...]) -> list[str]:
    """What the children's titles tell apart; the words that they share with the heading, or all share, say nothing."""
    titles = [child.title.lower() for child in children if child.title]
    known = title.lower()
    rests = [title.replace(known, "") if known else title for title in titles]
    found = [label for words, label in _KINDS if len({m[0] for rest in rests if (m := words.search(rest))}) > 1]
    return found[:3] or ["which kind it is"]


def _listed(items: list[str]) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"


def _iso(on: int) -> str:
    return f"{on // 10000}-{on // 100 % 100:02}-{on % 100:02}"
