"""The kinds of drills, and the one way to make one."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from random import Random
from typing import Final

from sandbox.codes.codeset import CodeSet
from sandbox.drills import form, length, notes, stays
from sandbox.drills.model import Book, Draft, Drill, Option
from sandbox.payment import Payer

_TRIES: Final = 2000


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of drill: what it is called, what it trains, and the guideline section and rule that answer it."""

    label: str
    trains: str
    authority: str
    section: str
    rule: str
    draw: Callable[[Random, Book], Draft | None]


KINDS: Final[dict[str, Kind]] = {
    "seventh": Kind(
        "Which 7th character?", "Encounter, healing, stage, fetus: what the last character says.",
        "ICD-10-CM Guidelines, I.A.5 and I.C.19.a", "I.C.19.a", "VAL03", form.seventh,
    ),
    "complete": Kind(
        "Complete, or not?", "Headings, full codes, and characters that nobody gave.",
        "ICD-10-CM Guidelines, I.B.2, I.A.4 and I.A.5", "I.B.2", "VAL02", length.complete,
    ),
    "excludes": Kind(
        "Excludes1, or both?", "What an Excludes1 note forbids, and what an Excludes2 note allows.",
        "ICD-10-CM Guidelines, I.A.12", "I.A.12.a", "EXC01", notes.excludes,
    ),
    "order": Kind(
        "Which comes first?", "Code first, use additional code, etiology and manifestation.",
        "ICD-10-CM Guidelines, I.A.13 and I.A.17", "I.A.13", "SEQ04", notes.order,
    ),
    "side": Kind(
        "Which side?", "Right, left, both, or not said: where the code carries it.",
        "ICD-10-CM Guidelines, I.B.13", "I.B.13", "SPC02", form.side,
    ),
    "complication": Kind(
        "Which one is an MCC?", "CC and MCC beside a principal diagnosis, and what it excludes.",
        "MS-DRG Definitions Manual, Appendices C and G", "", "", stays.complication,
    ),
    "root": Kind(
        "Same root operation?", "The third character of ICD-10-PCS, across body systems.",
        "ICD-10-PCS Guidelines, B3", "", "", stays.root,
    ),
}  # fmt: skip
"""Every kind of drill by its id (final: answers are kept under it)."""


def make(kind: str, seed: int, codes: CodeSet, payer: Payer | None = None) -> Drill:
    """The drill of a kind with a number: on one edition always the same.

    Raises KeyError for a kind that there is not. ``payer`` is needed for *complication*.
    """
    return _make(kind, seed, codes, payer)


@lru_cache(maxsize=2048)
def _make(kind: str, seed: int, codes: CodeSet, payer: Payer | None) -> Drill:
    found = KINDS[kind]
    book = Book(codes, codes.edition_day, payer)
    dice = Random(f"{kind}:{seed}")  # noqa: S311 - a game of chance, no secret
    for _ in range(_TRIES):
        if draft := found.draw(dice, book):
            return _numbered(kind, seed, draft, dice)
    raise LookupError(f"the loaded code sets give no drill of the kind {kind}")


def _numbered(kind: str, seed: int, draft: Draft, dice: Random) -> Drill:
    rows = [draft.right, *draft.wrong]
    if draft.shuffled:
        dice.shuffle(rows)
    else:
        rows.sort()
    options = tuple(Option("abcdef"[n], text, code) for n, (text, code) in enumerate(rows))
    correct = next(option.id for option in options if option.text == draft.right[0])
    return Drill(kind, seed, draft.question, draft.context, options, correct, draft.why, draft.told, draft.codes)
