"""Which codes are *unspecified* by title although the classification, at the same place, tells kinds or sides apart.

A title is compared with its heading and with what else stands below that heading; one category is read at a time and
kept, because most of its codes share their headings. While the categories are still being read, this reading is a
quarter of the time of claims that are drawn at random (``bench/rules.py``) and stands there against SPC02; once they
have been read it is less than a tenth, and of ordinary claims a fortieth.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Final

from sandbox.codes.codeset import CodeSet
from sandbox.codes.model import Code
from sandbox.rules.sites import side, stem

MARK: Final = "nspecified"
"""In every title that is *unspecified* or *Unspecified*; cheaper to look for than the word."""

# "… or unspecified chronic kidney disease", "… with unspecified angina": only what goes with the condition is open.
_BESIDE: Final = re.compile(
    r"\bor unspecified\b|\bwith(?:out)?\b[^,]*\bunspecified\b(?! (?:severity|stage|complications))", re.IGNORECASE
)
_REST: Final = re.compile(r"^other (?:specified )?and unspecified |^unspecified and other ", re.IGNORECASE)
_WHETHER: Final = re.compile(r",? ?unspecified (?:whether|as)\b[^,]*| with unspecified complications$", re.IGNORECASE)
_OTHER: Final = re.compile(r"^other\b|\bother specified\b|elsewhere classified", re.IGNORECASE)
# Whether the germ is known is the laboratory's affair; often nobody can know it.
_ORGANISM: Final = re.compile(r"unspecified organism|organism unspecified", re.IGNORECASE)
_WITH: Final = re.compile(r"\bwith(?:out)?\b", re.IGNORECASE)
_DOMINANCE: Final = frozenset(("unspecified", "dominant", "nondominant", "non"))
_NO_KIND: Final = _DOMINANCE | frozenset(
    re.findall(r"\w+", "other specified site part type severity stage trimester degree level joint quadrant")
)

_Below = Mapping[str, Sequence[Code]]


@dataclass(frozen=True, slots=True)
class Vague:
    """What a title leaves open: ``side``, or ``detail`` (kind, stage, site …); ``others`` tell it."""

    kind: str
    others: tuple[Code, ...]

    def holds(self, on: int) -> bool:
        """Whether one of the others can be chosen on the day. (A heading stands for the encounters of an injury.)"""
        return any(not other.spans or other.valid(on) for other in self.others)


def vague(codes: CodeSet, code: Code) -> Vague | None:
    """What the title of a code leaves open; None where nothing, or where the classification has nothing better.

    Where codes differ only in a letter as 7th character, the heading above them is looked at.
    """
    key = code.parent if code.key[6:] >= "A" else code.key
    category = _category(codes, code.key[:3])
    if key not in category.found:
        entry = category.entries.get(key)
        asked = entry and MARK in entry.title and key not in category.below
        category.found[key] = _vague(entry, category) if entry and asked else None
    return category.found[key]


@dataclass(frozen=True, slots=True)
class _Category:
    """The codes of a category (three characters) by key and by heading; what was found of them, and of their steps."""

    entries: Mapping[str, Code]
    below: _Below
    known: dict[tuple[str, str], Vague | None] = field(default_factory=dict)
    found: dict[str, Vague | None] = field(default_factory=dict)


@lru_cache(maxsize=2048)
def _category(codes: CodeSet, category: str) -> _Category:
    entries = {entry.key: entry for entry in codes.outline(category)}
    below: dict[str, list[Code]] = defaultdict(list)
    for entry in entries.values():
        below[entry.parent].append(entry)
    return _Category(entries, dict(below))


def _vague(code: Code, category: _Category) -> Vague | None:
    """The first open side on the way up; else the first open detail on the way down."""
    entries, below, known = category.entries, category.below, category.known
    steps = [entries[key] for key in code.path if key in entries]
    pairs = [(one, above) for one, above in pairwise(steps) if MARK in one.title]
    ways = [("side", pairs)]
    if MARK in _BESIDE.sub("", code.title):
        ways.append(("detail", pairs[::-1]))
    for kind, way in ways:
        for one, above in way:
            if (kind, one.key) not in known:
                find = _sides if kind == "side" else _kinds
                others = tuple(_code(peer, below) for peer in find(one, above, below[above.key]))
                known[kind, one.key] = Vague(kind, others) if others else None
            if found := known[kind, one.key]:
                return found
    return None


def _code(entry: Code, below: _Below) -> Code:
    """An entry, or the first code below it."""
    while further := below.get(entry.key):
        entry = further[0]
    return entry


def _words(title: str, less: frozenset[str]) -> frozenset[str]:
    return frozenset(stem(title)) - less


def _sides(one: Code, above: Code, peers: Sequence[Code]) -> list[Code]:
    """The right and the left of an entry whose title names neither."""
    if side(one.title) not in ("", "one"):
        return []
    words = _words(one.title, _DOMINANCE)
    same = [p for p in peers if side(p.title) in ("right", "left") and _words(p.title, _DOMINANCE) == words]
    return same if {side(p.title) for p in same} == {"right", "left"} else []


def _kinds(one: Code, above: Code, peers: Sequence[Code]) -> list[Code]:
    """The kinds of what an entry names: all below its heading where it only says the heading once more.

    Elsewhere those whose titles say the same and more. A neighbour that is a rest, as vague itself, or the same with
    a complication, is no kind.
    """
    core = _REST.sub("", _BESIDE.sub("", one.title))
    whether = _WHETHER.search(core)
    words = _words(_WHETHER.sub("", core), _NO_KIND)
    if not words or _ORGANISM.search(core):
        return []
    whole = words <= _words(above.title, frozenset())
    return [p for p in peers if _tells(p, one, words, bool(whether)) and (whole or _words(p.title, _NO_KIND) > words)]


def _tells(peer: Code, one: Code, words: frozenset[str], whether: bool) -> bool:
    if not peer.title or peer.title.count(MARK) >= one.title.count(MARK) or _OTHER.search(peer.title):
        return False
    before = _WITH.split(peer.title, maxsplit=1)
    return whether or len(before) == 1 or _words(before[0], _NO_KIND) != words
