"""EXC02: pairs that an Excludes2 note allows. Useful to whoever studies the notes, noise to everybody else: off."""

from collections.abc import Iterator
from typing import Final

from sandbox.checker import Entry, Family, Hit, View
from sandbox.codes.model import Note
from sandbox.findings import Severity

family = Family("EXC", "Excludes notes")

_WIDE: Final = "chapter"
"""A chapter's Excludes2 note names whole chapters besides single diseases: half of all pairs stand in one."""


@family.rule(
    "EXC02",
    "excludes2",
    Severity.NOTE,
    authority="ICD-10-CM Guidelines, I.A.12.b; Tabular List, Excludes2 notes",
    section="I.A.12.b",
    order=1,
    off=True,
)
def excludes2(view: View) -> Iterator[Hit]:
    """Two codes that an Excludes2 note lets stand together.

    ## What it flags
    A pair of codes one of which is named in an *Excludes2* note over the other, at its code, subcategory, category or
    block, or by itself over the chapter. Nothing is wrong with such a pair. The rule is off unless it is asked for,
    and silent where an Excludes1 note has already been named for the pair. Where a chapter's note names whole chapters,
    it is passed over.

    ## Why it matters
    *Excludes2* means *not included here*: the excluded condition is no part of the condition above the note, and a
    patient may have both. Then both codes are needed, and leaving one out loses a condition; the note is no reason
    to drop a code.

    ## Where to look
    In the chart: are both conditions documented, each for itself? Then both codes stand. If the chart tells of one
    condition, the note says under which of the two it is coded.

    ## Flagged
    - inpatient M58 2026-03-24: J44.1/Y, J43.9/Y, J47.1/Y, Z87.891
    - office F47 2026-02-11: F32.1, F43.21, F41.1

    ## Accepted
    - inpatient M58 2026-03-24: J18.9/Y, E11.9/Y, I10/Y
    - office F47 2026-02-11: G43.109, I10
    """
    seen: set[frozenset[str]] = set()
    for under in view.diagnoses:
        for note in view.codes.notes(under.key, "excludes2"):
            for named in view.diagnoses:
                pair = frozenset((under.key, named.key))
                if len(pair) == 2 and pair not in seen and _names(note, named):
                    seen.add(pair)
                    if not view.spoke_of_both(under, named, "EXC01"):
                        yield _hit(view, note, under, named)


def _names(note: Note, named: Entry) -> bool:
    narrow = note.level != _WIDE
    return any((narrow or target.low == target.high) and target.covers(named.key) for target in note.targets)


def _hit(view: View, note: Note, under: Entry, named: Entry) -> Hit:
    heading = view.codes.title(note.at)
    where = f"{under.shown}" if note.at == under.key else f"{heading}, above {under.shown},"
    return Hit(
        f'{named.shown} may stand beside {under.shown}: the Tabular has at {where} the note "Excludes2: {note.text}". '
        "The one is no part of the other. If the chart documents both conditions, both codes are right; if it tells of "
        "one, see which of the two it is.",
        (named, under),
    )
