"""What may tell who somebody is: the eighteen identifiers of HIPAA's safe harbor (45 CFR 164.514(b)(2)(i)) in a text.

Plain patterns: they find slips, not cunning. ``bench/privacy.py`` prints what they find and miss on two labelled sets.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from sandbox.privacy.again import again, known, turned
from sandbox.privacy.days import days
from sandbox.privacy.names import names
from sandbox.privacy.numbers import OLDEST, numbers

__all__ = ["KINDS", "OLDEST", "Found", "found", "named", "remove"]

KINDS: Final[dict[str, str]] = {
    "name": "[name]",
    "place": "[place]",
    "address": "[address]",
    "zip": "[ZIP code]",
    "date": "[date]",
    "date of birth": "[date of birth]",
    "age": "90+",
    "phone": "[phone]",
    "e-mail": "[e-mail]",
    "SSN": "[Social Security number]",
    "record number": "[record number]",
    "plan number": "[plan number]",
    "account number": "[account number]",
    "licence number": "[licence number]",
    "vehicle number": "[vehicle number]",
    "device number": "[device number]",
    "web address": "[web address]",
    "IP address": "[IP address]",
    "file": "[file]",
    "number": "[number]",
}
"""Every kind of identifier → what :func:`remove` puts in its place."""

_SOFT: Final = frozenset({"name", "place"})
_NONE: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Found:
    """An identifier: ``text[start:end]``, its ``kind`` (a key of :data:`KINDS`), and whether its form tells.

    ``structured`` is false for names of people and places, which are guessed from the words around them.
    """

    start: int
    end: int
    kind: str
    text: str
    structured: bool


def found(
    text: str, service_dates: frozenset[dt.date] = frozenset(), also: Mapping[str, str] = _NONE
) -> tuple[Found, ...]:
    """The identifiers of a text from left to right, none within another.

    Every date that is exact to the day is one, unless it is among ``service_dates``; one without a year is, unless
    some service date falls on it. Of the age only what lies above 89 counts. ``also``: the words of :func:`named`,
    found wherever they stand. Where two overlap, the one with a form stands before a name, and the longer before the
    shorter.
    """
    spans = [*numbers(text), *days(text, service_dates), *names(text), *again(text, also)]
    spans.sort(key=lambda span: (span[2] in _SOFT, span[0] - span[1], span[0]))
    kept: list[tuple[int, int, str]] = []
    taken = bytearray(len(text))
    for start, end, kind in spans:
        if not any(taken[start:end]):
            taken[start:end] = b"\1" * (end - start)
            kept.append((start, end, kind))
    return tuple(Found(start, end, kind, text[start:end], kind not in _SOFT) for start, end, kind in sorted(kept))


def named(texts: Iterable[str]) -> dict[str, str]:
    """Word → ``name`` or ``place``: the words of names and places that stand in texts which belong together."""
    texts = tuple(texts)
    words = known((one.text, one.kind) for text in texts for one in found(text) if not one.structured)
    return words | {first: "name" for text in texts for first in turned(text, words)}


def remove(text: str, service_dates: frozenset[dt.date] = frozenset()) -> tuple[str, tuple[Found, ...]]:
    """The text with a neutral word such as ``[name]`` in place of each identifier, and what was found.

    What was found once as a name or a small place is replaced at its other mentions, too.
    An age above 89 becomes ``90+``, which HIPAA allows and a case's ``patient.age`` refuses. What nothing found is
    still there: somebody has to read the result before it is anybody's draft.
    """
    all_found = found(text, service_dates, named((text,)))
    out: list[str] = []
    at = 0
    for one in all_found:
        out += text[at : one.start], KINDS[one.kind]
        at = one.end
    return "".join((*out, text[at:])), all_found
