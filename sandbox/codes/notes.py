"""Text of a Tabular note → the codes that it names.

The Tabular writes codes into its notes in a few dozen ways: ``(E08.-)``, ``(A00-B99)``, ``(K50.0-, K51.-)``,
``(E08-E13 with .39)``, ``(V01-V09 with 5th character 2)``, ``classifiable to S06.0- to S06.8-``. Each becomes a
:class:`Target`: an interval of codes and, where the words narrow it, a condition on single characters.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from sandbox.encounter import bare, dotted

POINTING: Final = ("excludes1", "excludes2", "codeFirst", "useAdditionalCode", "codeAlso")
"""Kinds of notes that point to other codes; the others describe."""

_CODE: Final = r"[A-Z]\d[0-9A-Z](?:\.[0-9A-Z]{0,4})?"
# "A00-B99", "I25.70-I25.73-", "S32.1--S32.9", "O00 - O9A", "S06.1- to S06.6-", or a code by itself.
_SPAN: Final = re.compile(rf"(?<![A-Za-z0-9./])({_CODE})(?:(?:\s*-+\s*|-?\s+to\s+)({_CODE}))?(?![A-Za-z])")
_BRACKET: Final = re.compile(r"\([^()]*[)}]?")
_EXCEPT: Final = re.compile(r"\b(?:except|other than|excluding)\b.*")
# Words that show that a code outside brackets is meant as a code, and is not a vitamin or a virus.
_NAMED: Final = re.compile(
    r"classifi|categor|\bsee\b|\b(?:from|code|codes|from category) [A-Z]\d[0-9A-Z]", re.IGNORECASE
)
_LAST: Final = re.compile(rf"\s{_CODE}(?:-{_CODE})?-?(?: with [^()]*)?$")

_ORDINAL: Final = {"4": 4, "fourth": 4, "5": 5, "fifth": 5, "6": 6, "sixth": 6, "7": 7, "seventh": 7}
_VALUES: Final = r"([0-9A-Z](?:(?:-| or |, )[0-9A-Z])*)(?![A-Za-z])"


def _tail(kind: str, group: int) -> Callable[[re.Match[str]], str]:
    return lambda m: f"{kind}=" + "|".join(_spread(m[group]))


_TAILS: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...]] = (
    (re.compile(rf"(?:fifth or six(?:th)?|final) character {_VALUES}"), _tail("intent", 1)),
    (re.compile(r"fifth to sixth characters (\d\d)"), _tail("from5", 1)),
    (re.compile(r"final characters ([-.\d]+(?: or [-.\d]+)*)"), _tail("end", 1)),
    (re.compile(r"with open fracture 7th character"), lambda m: "char7=B|C|E|F|H|J|M|N|Q|R"),
    (re.compile(r"5th character \.(\d)"), _tail("char5", 1)),
    (
        re.compile(rf"\b(4|5|6|7|fourth|fifth|sixth|seventh)(?:th)?[ -]character {_VALUES}"),
        lambda m: f"char{_ORDINAL[m[1]]}=" + "|".join(_spread(m[2])),
    ),
    (re.compile(r"with (\.\d[-., \d]*)"), _tail("after", 1)),
    (re.compile(r"with ketoacidosis"), lambda m: "after=1"),
)
"""What may narrow a code or range in a note, in the order in which it is tried, and the tail that it becomes."""


@dataclass(frozen=True, slots=True)
class Target:
    """The codes from ``low`` to ``high``, each with all that stands below it; no dots.

    ``tail`` narrows: ``after=39`` (what follows the category starts so), ``from5=51`` (what stands from the fifth
    character on starts so), ``end=23``, ``char5=1|2``, ``intent=1|2|3|4`` (the fifth or sixth character of T36–T65,
    whichever states the intent); empty: no condition.
    """

    low: str
    high: str
    tail: str = ""

    def covers(self, code: str) -> bool:
        """Whether the target names ``code`` (no dot)."""
        if code < self.low or code[: len(self.high)] > self.high:
            return False
        return not self.tail or matches(self.tail, code)

    def __str__(self) -> str:
        ends = self.low if self.low == self.high else f"{self.low}-{self.high}"
        return f"{ends}:{self.tail}" if self.tail else ends

    @property
    def shown(self) -> str:
        """The target with its codes as people write them: ``H35.0``, ``E08-E13:after=39``."""
        ends = dict.fromkeys((dotted(self.low), dotted(self.high)))
        return "-".join(ends) + (f":{self.tail}" if self.tail else "")

    @classmethod
    def read(cls, text: str) -> "Target":
        """The target that ``str()`` wrote."""
        ends, _, tail = text.partition(":")
        low, _, high = ends.partition("-")
        return cls(low, high or low, tail)


def intent_character(code: str) -> str:
    """The character of a T36–T65 code that states the intent: the sixth, or the fifth where the sixth is a placeholder.

    ``T45515A`` → ``'5'`` (adverse effect); ``T3695XA`` → ``'5'``. Empty where the code is too short.
    """
    return code[4:5] if code[5:6] in ("", "X") else code[5]


def matches(tail: str, code: str) -> bool:
    """Whether ``code`` (no dot) satisfies the condition ``tail`` of a :class:`Target`."""
    kind, _, text = tail.partition("=")
    options = tuple(text.split("|"))
    if kind == "after":
        return code[3:].startswith(options)
    if kind == "from5":
        return code[4:].startswith(options)
    if kind == "end":
        return code.endswith(options)
    if kind == "intent":
        return intent_character(code) in options
    place = int(kind.removeprefix("char"))
    return code[place - 1 : place] in options


def targets(text: str) -> tuple[Target, ...]:
    """The codes that a note names, in the note's order; empty where it names none.

    >>> [str(t) for t in targets("diabetes (E08-E13 with .39), glaucoma (H40.-)")]
    ['E08-E13:after=39', 'H40']
    """
    return tuple(found for part in _parts(text) for found in _read(part))


def in_order(target: Target, peers: Sequence[str]) -> tuple[Target, ...]:
    """What a range means where the Tabular does not sort: S06.8A stands before S06.89, D3A before D37.

    ``peers``: all entries on the level of the range's ends, in the order of the Tabular. Usually the range itself.
    """
    low, high = target.low, target.high
    if low == high or low not in peers or high not in peers:
        return (target,)
    meant = set(peers[peers.index(low) : peers.index(high) + 1])
    sorts = {peer for peer in peers if low <= peer <= high}
    if meant == sorts:
        return (target,)
    runs = [list(run) for inside, run in groupby(sorted(peers), meant.__contains__) if inside]
    return tuple(Target(run[0], run[-1], target.tail) for run in runs)


def names_code(text: str) -> bool:
    """Whether a note shows a code at all (in brackets, or anywhere if it looks like one with a dot or dash)."""
    return any(_SPAN.search(b) for b in _BRACKET.findall(text)) or bool(
        re.search(r"(?<![A-Za-z0-9./])[A-Z]\d[0-9A-Z](?:\.[0-9A-Z]|-)", text)
    )


def _parts(text: str) -> Iterator[str]:
    """The pieces of a note in which codes are codes: its brackets, and the rest where its words say so."""
    outside, end = [], 0
    for bracket in _BRACKET.finditer(text):
        if not _SPAN.search(bracket[0]):
            continue
        outside.append(text[end : bracket.start()])
        end = bracket.end()
        # "(T36-T50) with fifth or sixth character 6": the condition stands behind its bracket.
        after = re.match(r"\s*with [^()]*character[^()]*", text[end:])
        yield bracket[0] + (after[0] if after else "")
    outside.append(text[end:])
    rest = " ".join(outside)
    if end == 0 and (_LAST.search(text) or _NAMED.search(text)):
        yield text
    elif _NAMED.search(rest) and re.search(r"\.|-", rest):
        yield from (s for s in outside if re.search(rf"(?:classif\w+|categor\w+)\D*{_CODE}", s))


def _read(part: str) -> Iterator[Target]:
    part = _EXCEPT.sub("", part)
    tail = next((make(m) for pattern, make in _TAILS if (m := pattern.search(part))), "")
    for span in _SPAN.finditer(part):
        low, high = bare(span[1]), bare(span[2] or span[1])
        if high >= low:
            yield Target(low, high, tail)


def _spread(text: str) -> list[str]:
    """``'1-4 or 6'`` → 1 2 3 4 6;  ``'.51-.52'`` → 51 52;  ``'.15. .25, .95'`` → 15 25 95;  ``'-23'`` → 23."""
    out: list[str] = []
    for part in re.split(r"\s*,\s*|\s+or\s+|\.?\s+", text.strip(" ,")):
        ends = [end.strip(".") for end in part.strip("-").split("-")]
        if len(ends) == 2 and ends[0].isdigit() and ends[1].isdigit():
            out += [str(n).zfill(len(ends[0])) for n in range(int(ends[0]), int(ends[1]) + 1)]
        else:
            out += [end for end in ends if end]
    return out
