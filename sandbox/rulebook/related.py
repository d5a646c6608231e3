"""Which rules belong together, and why: read off what they ask, name, cite and speak of."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import permutations
from typing import Final

from sandbox.checker import Rule
from sandbox.codes.codeset import CodeSet
from sandbox.rulebook.heard import gives_way, subjects
from sandbox.rulebook.page import Page, book

MOST: Final = 10
_DEPTH: Final = 4
"""I.C.9.a.1 and I.C.9.a.2 belong together: both lie in I.C.9.a."""
_COMMON: Final = 4
"""A code of which more rules speak relates none of them."""
_GATE: Final = "VAL"
"""The family that speaks of a code's form and never of what the code means."""

Reason = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Related:
    """Another rule, and in plain words why it stands here."""

    rule: Rule
    why: tuple[str, ...]


@lru_cache(maxsize=2)
def related(codes: CodeSet) -> dict[str, tuple[Related, ...]]:
    """Rule id → the rules that belong to it, the closest first, at most :data:`MOST`."""
    pages, way, spoken = book(), gives_way(codes), subjects(codes)
    spoken = {id: of if pages[id].family.id != _GATE else frozenset() for id, of in spoken.items()}
    often = Counter(code for of in spoken.values() for code in of)
    found: dict[str, list[tuple[int, Related]]] = defaultdict(list)
    for one, other in permutations(pages.values(), 2):
        shared = sorted(code for code in spoken[one.rule.id] & spoken[other.rule.id] if often[code] <= _COMMON)
        reasons = [*_order(one, other, way), *_named(one, other), *_cited(one, other), *_spoken(shared)]
        if reasons:
            weight = sum(weight for weight, _ in reasons)
            found[one.rule.id].append((-weight, Related(other.rule, tuple(why for _, why in reasons))))
    return {
        id: tuple(link for _, link in sorted(found[id], key=lambda row: (row[0], row[1].rule.id))[:MOST])
        for id in pages
    }


def _order(one: Page, other: Page, way: dict[str, frozenset[str]]) -> Iterator[Reason]:
    if other.rule.id in way[one.rule.id]:
        yield 4, f"goes first: where it speaks of a line, {one.rule.id} keeps silent"
    if one.rule.id in way[other.rule.id]:
        yield 4, f"keeps silent about a line of which {one.rule.id} speaks"


def _named(one: Page, other: Page) -> Iterator[Reason]:
    if other.rule.id in one.named:
        yield 3, "is named in the text above"
    elif one.rule.id in other.named:
        yield 3, "names this rule in its text"


def _cited(one: Page, other: Page) -> Iterator[Reason]:
    mine = {_cut(section): section for section in one.sections}
    if shared := [mine[cut] for cut in dict.fromkeys(map(_cut, other.sections)) if cut in mine]:
        yield 2, f"rests on {_cut(shared[0])} too"


def _cut(section: str) -> str:
    return ".".join(section.split(".")[:_DEPTH])


def _spoken(shared: list[str]) -> Iterator[Reason]:
    if shared:
        yield 1, f"speaks of {', '.join(shared[:3])} too"
