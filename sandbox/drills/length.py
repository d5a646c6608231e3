"""Drills on the length of a code: complete, begun, or with characters that the Tabular does not give."""

from random import Random
from typing import Final

from sandbox.drills.model import Book, Draft, Told
from sandbox.encounter import dotted

_COMPLETE: Final = "Yes, it is complete"
_SHORT: Final = "No, it needs more characters"
_WRONG: Final = "No, there is no such code"
_MOST_TOLD: Final = 6
_UNFILLED: Final = 0.8
"""How often it is the placeholder that is left out, where there is one."""

Built = tuple[str, str, str, tuple[Told, ...]]
"""What was entered, the code or heading whose title it bears, why it is right or not, and the Tabular's words."""


def complete(dice: Random, book: Book) -> Draft | None:
    """Whether a code is complete, needs more characters, or does not exist. Each kind bears a title: none tells."""
    key = book.ordinary(dice)
    right = dice.choice((_COMPLETE, _SHORT, _WRONG))
    built = {_COMPLETE: _whole, _SHORT: _begun, _WRONG: _spoilt}[right](dice, book, key)
    if built is None:
        return None
    shown, titled, why, told = built
    return Draft(
        question=f"{dotted(shown)} is entered for “{book.title(titled)}”. Can it be reported as it stands?",
        right=(right, ""),
        wrong=tuple((text, "") for text in (_COMPLETE, _SHORT, _WRONG) if text != right),
        why=why,
        told=told,
        codes=(dotted(shown),),
        shuffled=False,
    )


def _whole(dice: Random, book: Book, key: str) -> Built:
    return key, key, f"{dotted(key)} is divided no further, so this is its full length.", (_is(book, key),)


def _begun(dice: Random, book: Book, key: str) -> Built | None:
    # A code whose placeholder fell off with its end is a heading like any other.
    head = key[: dice.randint(3, max(3, len(key) - 1))].rstrip("X")
    if head == key or not book.title(head) or not book.codes.heading(head, book.on):
        return None
    if key[:6].rstrip("X") == head:
        fill = ", and X fills the places before it" if len(head) < 6 else ""
        return head, head, f"{dotted(head)} takes a 7th character{fill}.", _sevenths(book, key)
    told = tuple(Told(code.shown, "stands below it", code.title) for code in book.codes.children(head, book.on))
    why = f"{dotted(head)} is a heading: it is divided further; only what ends a branch is reported."
    return head, head, why, told[:_MOST_TOLD]


def _spoilt(dice: Random, book: Book, key: str) -> Built | None:
    """A slip that makes no code: a character too many, a 7th that is not offered, a placeholder left out."""
    stem = key[:6].rstrip("X")
    if len(key) < 7:
        wrong = key + dice.choice("ADS" if len(key) == 6 else "0129")
        why = f"{dotted(key)} is already complete: characters that the Tabular does not give must not be added."
        told: tuple[Told, ...] = (_is(book, key),)
    elif len(stem) < 6 and dice.random() < _UNFILLED:
        wrong, told = stem + key[6], (_is(book, key),)
        why = "A 7th character stands in the 7th place: where the code is shorter, X fills the places between."
    else:
        offered = book.codes.seventh(key)
        others = [char for char in "ABDGKS" if char not in offered]
        if not offered or not others:
            return None
        wrong, told = key[:6] + dice.choice(others), _sevenths(book, key)
        why = f"{wrong[6]} is not among the 7th characters that the Tabular gives here."
    return None if book.codes.below(wrong, book.on) else (wrong, key, why, told)


def _is(book: Book, key: str) -> Told:
    return Told(dotted(key), "is the code", book.title(key))


def _sevenths(book: Book, key: str) -> tuple[Told, ...]:
    stem, offered = key[:6], book.codes.seventh(key).items()
    return tuple(Told(dotted(stem + char), "7th character", text) for char, text in offered if book.valid(stem + char))
