"""Drills on single characters of a code: the 7th, and the one that says the side."""

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


def side(dice: Random, book: Book) -> Draft | None:
    """Which of the sibling codes is the side that the record names."""
    key = book.ordinary(dice)
    stem, tail = (key[:6].rstrip("X"), key[6:]) if len(key) == 7 else (key, "")
    title = book.title(stem)
    if not _SIDE.search(title):
        return None
    # Only in the shortest codes the side stands as early as the 4th character. Headings: the 7th is the same in all.
    near = book.codes.outline(stem[: 4 if len(stem) == 6 else 3])
    one = _mask(title)
    alike = {
        code: _sides(entry.title)
        for entry in near
        if len(entry.key) == len(stem) and _mask(entry.title) == one
        if book.valid(code := entry.key.ljust(6, "X") + tail if tail else entry.key)
    }
    place = _where_they_differ(list(alike.values()))
    if place is None:
        return None
    sides = {sides[place]: code for code, sides in alike.items()}
    if len(sides) != len(alike) or not {"right", "left"} <= set(sides):
        return None
    said = dice.choice(sorted(sides))
    return Draft(
        question=f"{_without(book.title(key), place)}. Which code is it?",
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
