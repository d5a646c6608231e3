"""Drills on the notes of the Tabular: Excludes1, and which of two codes is sequenced first."""

import re
from collections.abc import Callable, Iterator
from random import Random
from typing import Final

from sandbox.codes.model import Note
from sandbox.codes.notes import intent_character
from sandbox.drills.model import Book, Draft, Told
from sandbox.encounter import dotted

_LABELS: Final = {
    "excludes1": "Excludes1",
    "excludes2": "Excludes2",
    "codeFirst": "Code first",
    "useAdditionalCode": "Use additional code",
}
_PLAIN: Final = re.compile(r"\((?![^()]* with )[A-Z]\d[^()]*\)$")
"""A note that ends with the codes that it names, and narrows them by no further words."""

_ADVERSE: Final = "5"
_UNDERDOSED: Final = "6"
"""Characters that state the intent of a drug code: an adverse effect, and less taken than prescribed."""

_APART: Final = ("Yes, an Excludes1 note keeps them apart", "No, no such note stands between them")


def excludes(dice: Random, book: Book) -> Draft | None:
    """Whether an Excludes1 note keeps two codes apart. The other pairs come from Excludes2 notes, and look as near."""
    kind = dice.choice(("excludes1", "excludes2"))
    pair = _pair(dice, book, kind)
    if pair is None:
        return None
    one, other, note = pair
    first, second = (one, other) if dice.random() < 0.5 else (other, one)
    apart = bool(list(_between(book, one, other, "excludes1")))
    if apart != (kind == "excludes1") or (apart and list(_between(book, one, other, "excludes2"))):
        return None
    return Draft(
        question="Does an Excludes1 note keep these two codes apart?",
        context=f"{_named(book, first)}\n{_named(book, second)}",
        right=(_APART[not apart], ""),
        wrong=((_APART[apart], ""),),
        why=(
            "An Excludes1 note says *not coded here*: for one and the same problem the two are not reported together."
            if apart
            else "An Excludes2 note says *not included here*: a patient may have both, and then both are coded."
        ),
        told=(_told(book, note),),
        codes=(dotted(first), dotted(second)),
        shuffled=False,
    )


def order(dice: Random, book: Book) -> Draft | None:
    """Which of two codes stands first, where a *code first* or *use additional code* note says so."""
    kind = dice.choice(("codeFirst", "useAdditionalCode"))
    pair = _pair(dice, book, kind)
    if pair is None:
        return None
    holder, named, note = pair
    first, second = (named, holder) if kind == "codeFirst" else (holder, named)
    against = (*_named_in(book, first, second, "codeFirst"), *_named_in(book, second, first, "useAdditionalCode"))
    apart = (*_between(book, first, second, "excludes1"),)
    if against or apart:
        return None
    return Draft(
        question="The record supports both, as one problem. Which is sequenced first?",
        right=(_named(book, first), dotted(first)),
        wrong=((_named(book, second), dotted(second)),),
        why=(
            "The *code first* note names what goes before: mostly the cause, sometimes the graver injury beside it."
            if kind == "codeFirst"
            else "The *use additional code* note asks for the other code behind this one."
        ),
        told=(_told(book, note),),
        codes=(dotted(first), dotted(second)),
    )


def _named(book: Book, key: str) -> str:
    return f"{dotted(key)} {book.title(key)}"


def _pair(dice: Random, book: Book, kind: str) -> tuple[str, str, Note] | None:
    """(code, code that a note over it names, the note)."""
    key = book.ordinary(dice)
    # A note over a whole chapter asks much the same of every code in it.
    notes = [n for n in book.codes.notes(key, kind) if n.level != "chapter" and _PLAIN.search(n.text)]
    if not notes:
        return None
    note = dice.choice(notes)
    target = dice.choice(note.targets)
    fits = _company(key, note)
    near = [] if target.tail else [code for code in book.covered(target) if code != key and fits(code)]
    return (key, dice.choice(near), note) if near else None


def _company(key: str, note: Note) -> Callable[[str], bool]:
    """Whether a code may stand beside ``key`` in one record: of one episode, and of a patient of one age.

    What an Excludes1 note keeps apart need not: a newborn's code beside an adult's is the slip that it forbids.
    """
    newborns = note.kind == "excludes1"
    intent = _intent(note)
    return lambda code: (
        (newborns or (code[0] == "P") == (key[0] == "P"))
        and (min(len(key), len(code)) < 7 or key[6] == code[6])
        and all(intent in ("", intent_character(drug)) for drug in (key, code) if "T36" <= drug[:3] <= "T50")
    )


def _intent(note: Note) -> str:
    """The intent of a drug code to which a note is bound by words that stand in no code, or empty.

    The list over T36–T50 begins *for adverse effects, the nature of the adverse effect, such as*: a poisoning goes
    before what it did (guidelines, I.C.19.e.5.b).
    """
    if "underdosing" in note.text:
        return _UNDERDOSED
    return _ADVERSE if (note.at, note.kind) == ("T36-T50", "codeFirst") else ""


def _named_in(book: Book, key: str, other: str, kind: str) -> Iterator[Note]:
    """Notes of a kind over ``key`` that name ``other``."""
    return (note for note in book.codes.notes(key, kind) if note.names(other))


def _between(book: Book, one: str, other: str, kind: str) -> Iterator[Note]:
    yield from _named_in(book, one, other, kind)
    yield from _named_in(book, other, one, kind)


def _told(book: Book, note: Note) -> Told:
    return Told(book.shown(note.at), _LABELS[note.kind], note.text)
