"""Drills on the form of a code: its 7th character, its length, its side."""

import re
from random import Random
from typing import Final

from sandbox.drills.model import Book, Draft, Told
from sandbox.drills.situations import SITUATIONS
from sandbox.encounter import dotted

_MOST_OPTIONS: Final = 4
_SIDE: Final = re.compile(r"\b(right|left|bilateral|unspecified)\b", re.IGNORECASE)
_SAID: Final = {
    "right": "The record says: right.",
    "left": "The record says: left.",
    "bilateral": "The record says: both sides.",
    "unspecified": "The record does not say on which side, and the provider cannot be asked any more.",
}


def seventh(dice: Random, book: Book) -> Draft | None:
    """Which 7th character, for what the record says of the encounter."""
    key = book.ordinary(dice)
    if len(key) != 7:
        return None
    stem = key[:6]
    told = {
        char: text for char, text in book.codes.seventh(key).items() if book.valid(stem + char) and text in SITUATIONS
    }
    if len(told) < 3:
        return None
    chars = sorted(dice.sample(sorted(told), min(_MOST_OPTIONS, len(told))))
    right = dice.choice(chars)
    return Draft(
        question=f"{dotted(stem)}_ stands for: {_stem_title(book, key)}. Which 7th character completes it?",
        context=SITUATIONS[told[right]],
        right=(right, ""),
        wrong=tuple((char, "") for char in chars if char != right),
        why=f"{right} stands for “{told[right]}” here, and that is what the record describes.",
        told=tuple(Told(dotted(stem) + char, "7th character", told[char]) for char in chars),
        codes=(dotted(stem + right),),
        shuffled=False,
    )


def _stem_title(book: Book, key: str) -> str:
    return book.title(key[:6].rstrip("X")) or book.title(key)


def complete(dice: Random, book: Book) -> Draft | None:
    """Whether a code is complete, needs more characters, or does not exist."""
    key = book.ordinary(dice)
    want = dice.choice(("complete", "short", "long"))
    if want == "short":
        # A code whose placeholder fell off with its end is a heading like any other.
        key = key[: dice.randint(3, max(3, len(key) - 1))].rstrip("X")
    elif want == "long":
        key += dice.choice("0129A")
    if len(key) > 7 or (want != "complete" and book.valid(key)):
        return None
    below = book.codes.below(key, book.on)
    if (want == "long") == bool(below):
        return None
    right, why, told = _COMPLETE[want], *_of_length(book, key, want)
    return Draft(
        question=f"{dotted(key)}{': ' + book.title(key) if book.title(key) else ''}. Can it be reported as it stands?",
        right=(right, ""),
        wrong=tuple((text, "") for text in _COMPLETE.values() if text != right),
        why=why,
        told=told,
        codes=(dotted(key),),
        shuffled=False,
    )


_COMPLETE: Final = {
    "complete": "Yes, it is complete",
    "short": "No, it needs more characters",
    "long": "No, there is no such code",
}


def _of_length(book: Book, key: str, want: str) -> tuple[str, tuple[Told, ...]]:
    shown = dotted(key)
    if want == "short":
        below = book.codes.children(key, book.on) or book.codes.below(key, book.on)
        return (
            f"{shown} is a heading: it is divided further, and only the codes at the end of the branches are reported.",
            tuple(Told(code.shown, "stands below it", code.title) for code in below[:6]),
        )
    if want == "long":
        near = next(key[:n] for n in range(len(key) - 1, 2, -1) if book.valid(key[:n]))
        return (
            f"{dotted(near)} is already complete: characters that the Tabular does not give must not be added.",
            (Told(dotted(near), "is the code", book.title(near)),),
        )
    return f"{shown} is divided no further, so this is its full length.", (Told(shown, "is the code", book.title(key)),)


def side(dice: Random, book: Book) -> Draft | None:
    """Which of the sibling codes is the side that the record names."""
    key = book.ordinary(dice)
    found = book.codes.get(key)
    if found is None or not _SIDE.search(found.title):
        return None
    tail = key[6:] if len(key) == 7 else ""
    near = [c for c in book.codes.below(key[:3], book.on) if len(c.key) == len(key) and c.key.endswith(tail)]
    one = _mask(found.title)
    alike = {c.key: _sides(c.title) for c in near if _mask(c.title) == one}
    place = _where_they_differ(list(alike.values()))
    if place is None:
        return None
    sides = {sides[place]: code for code, sides in alike.items()}
    if len(sides) != len(alike) or not {"right", "left"} <= set(sides):
        return None
    said = dice.choice(sorted(sides))
    return Draft(
        question=f"{_without(found.title, place)}. Which code is it?",
        context=_SAID[said],
        right=(dotted(sides[said]), dotted(sides[said])),
        wrong=tuple((dotted(code), dotted(code)) for name, code in sorted(sides.items()) if name != said),
        why="The side stands in the code, mostly as the 5th or 6th character: often 1 is right, 2 left, 3 both, 0 or 9 "
        "where nobody said.",
        told=tuple(Told(dotted(code), "title", book.title(code)) for code in sorted(alike)),
        codes=(dotted(sides[said]),),
        shuffled=False,
    )


def _mask(title: str) -> str:
    return _SIDE.sub("@", title).lower()


def _sides(title: str) -> list[str]:
    return [word.lower() for word in _SIDE.findall(title)]


def _where_they_differ(rows: list[list[str]]) -> int | None:
    """The only place at which the lists differ; None where there is none, or more than one."""
    if len(rows) < 2:
        return None
    places = [n for n, words in enumerate(zip(*rows, strict=True)) if len(set(words)) > 1]
    return places[0] if len(places) == 1 else None


def _without(title: str, place: int) -> str:
    """The title without the word of side at that place."""
    match = list(_SIDE.finditer(title))[place]
    text = f"{title[: match.start()]}{title[match.end() :]}"
    text = re.sub(r"\s+,", ",", re.sub(r"\s{2,}", " ", text)).strip(" ,")
    return text[:1].upper() + text[1:]
