"""How well a row of the index answers a query."""

from typing import Final, NamedTuple

from sandbox.codes.search_index import price
from sandbox.codes.search_words import Concept, words
from sandbox.encounter import CM, PCS

_FIRST: Final = {CM: 0.1, PCS: 1.5}
"""What it is worth that the first word of a title was asked for."""


class Row(NamedTuple):
    """A row of ``search_rows``."""

    key: str
    cost: float
    words: str
    term: str
    preset: str
    seventh: str

    @property
    def all_words(self) -> list[str]:
        """The words of the text, wherever they stand in it."""
        return self.words.replace("|", " ").split()


def weight(row: Row, wanted: list[Concept], system: str) -> float:
    """What the words cost that were asked for: they are no reason to stand further down."""
    outside, aside, denied = (part.split() for part in f"{row.words}||".split("|")[:3])
    have = {*outside, *aside, *denied}
    asked = {word for c in wanted for way in (c.typed, *(m.words for m in c.meanings)) for word in way}
    # The first word of an ICD-10-PCS title is its root operation.
    first = _FIRST[system] if outside and any(outside[0].startswith(word[:5]) for word in asked) else 0.0
    # "sepsis with shock" is not "sepsis without shock".
    against = 0.0 if "without" in asked else sum(bool(set(c.typed) & set(denied)) for c in wanted)
    return first - against + sum(_worth(concept, outside, have) for concept in wanted)


def _worth(concept: Concept, outside: list[str], have: set[str]) -> float:
    """What a row gains from a concept: most as it was typed, less by a meaning or the beginning of a word."""
    ways = [m.words for m in concept.meanings if have.issuperset(m.words)]
    worth = max((sum(price(w) for w in outside if w in way) for way in ways), default=0.0)
    if have.issuperset(concept.typed):
        return max(worth, sum(price(w) for w in outside if w in concept.typed)) + 0.4
    return worth if concept.meanings else sum(price(w) for w in outside if w.startswith(concept.typed)) - 0.2


def rank(char: str, meaning: str, rest: list[str]) -> tuple[int, bool, int, str]:
    """The place of a 7th character: what holds most of the words asked for, then the usual one (initial, unspecified).

    "with routine healing" before nonunion, closed before open: the plainer meaning is the shorter one.
    """
    have = words(meaning)
    said = sum(any(word.startswith(begun) for word in have) for begun in rest)
    usual = char in ("A", "0") or "unspecified" in have
    return (-said, not usual, len(have) + 9 * ("nonunion" in have or "malunion" in have), char)
