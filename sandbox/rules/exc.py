"""EXC: pairs of codes that the Tabular's Excludes notes keep apart, or allow.

EXC01 takes a twentieth of the time of ordinary claims, and a seventh of the time of claims whose codes were never seen
before (``bench/rules.py``): then the notes over twelve codes, some hundred lines, are put together anew.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import Final

from sandbox.checker import Entry, Family, Hit, View
from sandbox.codes.model import Note
from sandbox.codes.notes import Target
from sandbox.findings import Severity
from sandbox.rules import exc_two
from sandbox.rules.exc_words import doubtful, silent

family = Family("EXC", "Excludes notes", [*exc_two.family.rules])

NEARER: Final = ("CMB01", "CMB02", "CMB03", "CMB04", "CMB05", "CMB06", "CMB07", "CMB08", "CMB12")
"""Rules that know more exactly what is wrong with a pair: where one of them has named both lines, EXC01 is silent."""

Case = tuple[bool, int, int, str, Note, Entry, Entry]
"""One note about one pair: (only a warning, rank of the heading, breadth of the target, why it may not mean the pair,
note, code below it, other code)."""


@family.rule(
    "EXC01",
    "excludes1",
    Severity.ERROR,
    Severity.WARNING,
    authority="ICD-10-CM Guidelines, I.A.12.a; Tabular List, Excludes1 notes",
    section="I.A.12.a",
)
def excludes1(view: View) -> Iterator[Hit]:
    """Two codes that an Excludes1 note keeps apart.

    ## What it flags
    A pair of codes one of which is named in an *Excludes1* note over the other: at the code itself, its subcategory,
    category, block or chapter. An error where the note stands at the category or nearer and its words fit the pair. A
    warning where it is inherited from a block or chapter, or where its words are narrower than the codes it names:
    *coma in diabetes*, and then all of E08-E13; one drug of a group, and two may have been given; one injury, and the
    codes may tell of two. A pair that an *Excludes2* note of these codes allows is left alone, and so are codes for
    two sides or two limbs.

    ## Why it matters
    *Excludes1* means *not coded here*: the two codes describe one condition in two ways, such as a congenital and an
    acquired form, a symptom and the disease that explains it, or an unspecified and a specified form. Payers deny the
    second of such codes automatically.

    ## Where to look
    Read the note in the Tabular at the heading that the message names, then the chart: is it one condition? Then one
    code goes. If the provider documents two conditions that have nothing to do with each other, both are right; if
    that is not clear, the guidelines ask for a query.

    ## Flagged
    - inpatient F71 2026-05-12: I48.0/Y, E10.9/Y, E11.9/Y
    - office M44 2026-03-02: M54.50, M51.26, I10
    - inpatient M80 2026-02-17: I61.9/Y, S06.5X0A/Y, I10/Y

    ## Accepted
    - inpatient F71 2026-05-12: I48.0/Y, E11.9/Y, J44.9/Y
    - office M44 2026-03-02: M54.12, M51.16, I10
    - emergency F30 2026-06-20: S51.812A, S52.501B, W01.0XXA
    """
    cases = [case for case in _worst(view).values() if not view.spoke_of_both(*case[-2:], *NEARER)]
    for first in cases:
        vague, *_, under, named = first
        # Several codes of one note against one code, such as the three values of a coma scale: one question.
        alike = [case[-2] for case in cases if vague and case[:-2] == first[:-2] and case[-1] == named] or [under]
        if alike[0] == under:
            yield Hit(_message(view, first, alike), (*alike, named), Severity.WARNING if vague else Severity.ERROR)


def kept_apart(view: View, one: Entry, other: Entry) -> bool:
    """Whether an Excludes1 note keeps the two apart, so that EXC01 will quote it."""
    return any(
        _judge(view, note, target, under, named) is not None
        for under, named in ((one, other), (other, one))
        for note, target in view.codes.excludes(under.key)
        if target.covers(named.key)
    )


def _worst(view: View) -> dict[tuple[int, int], Case]:
    """For each pair of lines that are kept apart, the note that says so most plainly."""
    keys = sorted(view.keys)
    number = len(keys)
    at = {entry.key: entry for entry in view.diagnoses}
    out: dict[tuple[int, int], Case] = {}
    for under in at.values():
        for note, target in view.codes.excludes(under.key):
            # Of some hundred targets a claim, hardly one is met: this line is what the rule's time goes into.
            start = bisect_left(keys, target.low)
            if start == number or keys[start][: len(target.high)] > target.high:
                continue
            for key in takewhile(lambda k: k[: len(target.high)] <= target.high, keys[start:]):  # noqa: B023
                if key != under.key and target.covers(key):
                    case = _judge(view, note, target, under, at[key])
                    pair = (min(under.place, at[key].place), max(under.place, at[key].place))
                    if case and (pair not in out or case[:3] < out[pair][:3]):
                        out[pair] = case
    return out


def _judge(view: View, note: Note, target: Target, under: Entry, named: Entry) -> Case | None:
    """What one note says of one pair; None where it is not about it, or an Excludes2 note allows it."""
    rank = _rank(note)
    if silent(view.codes, note, target, under, named) or _allowed(view, rank, under, named):
        return None
    doubt = doubtful(view.codes, note, target, under, named)
    breadth = 9 - len(target.low) + 9 * (target.low != target.high)
    return bool(doubt) or rank > _CATEGORY, rank, breadth, doubt, note, under, named


_CATEGORY: Final = 6


def _rank(note: Note) -> int:
    """How near a heading stands to the codes below it: 9 less its length, blocks and chapters behind all of them."""
    return {"block": 7, "chapter": 8}.get(note.level, 9 - len(note.at))


def _allowed(view: View, rank: int, one: Entry, other: Entry) -> bool:
    """Whether an Excludes2 note allows the pair: one as near as the Excludes1 note, or nearer than any category."""
    return any(
        note.names(named.key) and (_rank(note) <= rank or _rank(note) < _CATEGORY)
        for under, named in ((one, other), (other, one))
        for note in view.codes.notes(under.key, "excludes2")
        if _rank(note) <= _CATEGORY
    )


def _message(view: View, case: Case, alike: Sequence[Entry]) -> str:
    _, rank, _, doubt, note, under, named = case
    heading = view.codes.get(note.at)
    where = under.shown
    if heading and heading.key != under.key:
        # The title of a block or chapter states its codes itself.
        where = heading.title if rank > _CATEGORY else f"{heading.shown} ({heading.title})"
    codes = f"{', '.join(entry.shown for entry in alike)} and {named.shown}"
    said = f'{codes} are kept apart: the Tabular has at {where} the note "Excludes1: {note.text}".'
    if rank > _CATEGORY:
        said += f" The note stands over a whole {note.level}: read whether it means this case."
    elif doubt:
        said += f" {doubt}"
    return (
        f"{said} If the chart tells of one condition, only one of the codes describes it. Both are right only where "
        "the provider documents two conditions that are unrelated (guidelines, I.A.12.a)."
    )
