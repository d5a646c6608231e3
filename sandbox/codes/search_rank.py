"""How well a row of the index answers a query."""

from typing import Final, NamedTuple

from sandbox.codes.search_cost import price
from sandbox.codes.search_words import Concept, words
from sandbox.encounter import CM, PCS

_NO: Final = frozenset(("without", "not"))
_ABOVE: Final = 0.2
"""What it costs that only a heading above says a thing, times the things asked for from there on."""
_LATER: Final = 0.4
"""What a meaning is worth less than the one before it in the table."""
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
    # "sepsis with shock" is not "sepsis without shock", nor "laceration without foreign body" one with.
    against = _against(wanted, outside, denied)
    above = sum(_ABOVE * (len(wanted) - n) for n, c in enumerate(wanted) if not _holds(have, c))
    return first - against - above + sum(_worth(concept, outside, have) for concept in wanted)


def _holds(have: set[str], concept: Concept) -> bool:
    return any(have.issuperset(way) for way in _ways(concept)) or _begins(list(have), concept)


def _against(wanted: list[Concept], outside: list[str], denied: list[str]) -> float:
    """What it costs to say the opposite of what was asked: to deny a thing, or not to deny it."""
    no = [any(word in _NO for way in _ways(c) for word in way) for c in wanted]
    if any(no):
        return sum(2.0 * (before and _says(outside, c)) for before, c in zip(no, wanted[1:], strict=False))
    behind = outside[outside.index("non") + 1 :][:1] if "non" in outside else []
    return sum(1.0 * (not set(c.typed).isdisjoint(denied)) + 1.5 * _begins(behind, c) for c in wanted)


def _ways(concept: Concept) -> list[tuple[str, ...]]:
    return [concept.typed, *(meaning.words for meaning in concept.meanings)]


def _says(text: list[str], concept: Concept) -> bool:
    return any(set(text).issuperset(way) for way in _ways(concept))


def _begins(text: list[str], concept: Concept) -> bool:
    return any(word.startswith(concept.typed) for word in text)


def _worth(concept: Concept, outside: list[str], have: set[str]) -> float:
    """What a row gains from a concept: most as it was typed, less by a meaning or the beginning of a word."""
    ways = [(n, m.words) for n, m in enumerate(concept.meanings) if have.issuperset(m.words)]
    worth = max((sum(price(w) for w in outside if w in way) - _LATER * n for n, way in ways), default=0.0)
    if have.issuperset(concept.typed):
        return max(worth, sum(price(w) for w in outside if w in concept.typed)) + 0.4
    if concept.meanings and not concept.begun:
        return worth
    return max(worth, sum(price(w) for w in outside if w.startswith(concept.typed)) - 0.2)


def rank(char: str, meaning: str, rest: list[str]) -> tuple[int, bool, int, str]:
    """The place of a 7th character: what holds most of the words asked for, then the usual one (initial, unspecified).

    "with routine healing" before nonunion, closed before open: the plainer meaning is the shorter one.
    """
    have = words(meaning)
    said = sum(any(word.startswith(begun) for word in have) for begun in rest)
    usual = char in ("A", "0") or "unspecified" in have
    return (-said, not usual, len(have) + 9 * ("nonunion" in have or "malunion" in have), char)
