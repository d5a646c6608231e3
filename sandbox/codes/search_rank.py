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
_BEGUN: Final = 3
"""Letters that are taken for the beginning of a word of a 7th character."""
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
    no = [any(not _NO.isdisjoint(way) for way in _ways(c)) for c in wanted]
    # "sepsis with shock" is not "sepsis without shock", nor "laceration without foreign body" one with.
    against = _against(wanted, no, outside, denied)
    above = sum(_ABOVE * (len(wanted) - n) for n, c in enumerate(wanted) if not _holds(have, c))
    said = have if any(no) else {*outside, *aside}
    return first - against - above + sum(_worth(concept, outside, have, said) for concept in wanted)


def turn(concept: Concept) -> float:
    """What it costs to give up a concept: most for what leads to another chapter, a family history or a newborn."""
    return max(1.0, *(price(word) for way in _ways(concept)[:2] for word in way))


def _holds(have: set[str], concept: Concept) -> bool:
    return any(have.issuperset(way) for way in _ways(concept)) or _begins(list(have), concept)


def _against(wanted: list[Concept], no: list[bool], outside: list[str], denied: list[str]) -> float:
    """What it costs to say the opposite of what was asked, where ``no`` is a negation: to deny it, or not to."""
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


def _worth(concept: Concept, outside: list[str], have: set[str], said: set[str]) -> float:
    """What a row gains from a concept: most as it was typed, less by a meaning or the beginning of a word.

    Nothing by a meaning that it denies: "not specified as primary or secondary" is no secondary neoplasm.
    """
    ways = [(n, m.words) for n, m in enumerate(concept.meanings) if said.issuperset(m.words)]
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
    # One or two letters begin too much: the "r" of a right wrist is not "routine healing".
    said = sum(begun in have or (len(begun) >= _BEGUN and _goes_on(have, begun)) for begun in rest)
    usual = char in ("A", "0") or "unspecified" in have
    return (-said, not usual, len(have) + 9 * ("nonunion" in have or "malunion" in have), char)


def _goes_on(have: list[str], begun: str) -> bool:
    return any(word.startswith(begun) for word in have)
