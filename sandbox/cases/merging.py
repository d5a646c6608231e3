"""Two changes of one text made into one text; and the line ends of a text that came through a form."""

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

MINE: Final = "<<<<<<< yours"
BETWEEN: Final = "======="
THEIRS: Final = ">>>>>>> saved meanwhile"
MARKER: Final = re.compile(r"^(?:<{7}|={7}|>{7})(?: .*)?$", re.MULTILINE)
"""A line that a merge has put around what two people wrote of one place."""

_END: Final = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Merged:
    """A text with both changes; ``conflicts`` counts the places where both stand, between markers."""

    text: str
    conflicts: int


def merge(base: str, mine: str, theirs: str) -> Merged:
    """What became of ``base`` in two hands, line by line.

    Where only one has changed it, or both in the same way, that stands; where they differ, both stand between marker
    lines, which no case file can hold, so that the linter points at them. Line ends are those of ``theirs``.
    """
    old, one, two = (_lines(plain(text)) for text in (base, mine, theirs))
    out: list[str] = []
    conflicts = at = at_one = at_two = 0
    for start, start_one, start_two, many in _common(old, one, two):
        before, left, right = old[at:start], one[at_one:start_one], two[at_two:start_two]
        if right in (before, left):
            out += left
        elif left == before:
            out += right
        else:
            conflicts += 1
            out += [f"{MINE}\n", *_ended(left), f"{BETWEEN}\n", *_ended(right), f"{THEIRS}\n"]
        out += old[start : start + many]
        at, at_one, at_two = start + many, start_one + many, start_two + many
    return Merged(ends_of(theirs, "".join(out)), conflicts)


def plain(text: str) -> str:
    """The text with ``\\n`` at the end of each line."""
    return _END.sub("\n", text)


def ends_of(before: str, text: str) -> str:
    """The text with the line ends that ``before`` had: a form sends ``\\r\\n`` whatever the file has.

    A line that was there keeps its own end, a new one gets the most common.
    """
    text = plain(text)
    ends = _END.findall(before)
    usual = max(("\n", "\r\n", "\r"), key=ends.count)
    if len(set(ends)) < 2:
        return text if usual == "\n" else text.replace("\n", usual)
    old, new = _lines(before), _lines(text)
    matcher = difflib.SequenceMatcher(None, [plain(line) for line in old], new, autojunk=False)
    out = [line.replace("\n", usual) for line in new]
    for from_old, from_new, many in matcher.get_matching_blocks():
        out[from_new : from_new + many] = old[from_old : from_old + many]
    return "".join(out)


def _lines(text: str) -> list[str]:
    """The lines with their ends. (``str.splitlines`` would also split at a form feed.)"""
    return re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+", text)


def _ended(lines: Sequence[str]) -> list[str]:
    return [line if line.endswith("\n") else f"{line}\n" for line in lines]


def _common(old: list[str], one: list[str], two: list[str]) -> Iterator[tuple[int, int, int, int]]:
    """(start in old, in one, in two, how many lines) of what all three share, in order; at last the three ends."""
    left, right = (
        difflib.SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()[:-1] for new in (one, two)
    )
    n = m = 0
    while n < len(left) and m < len(right):
        (a, a_one, a_many), (b, b_two, b_many) = left[n], right[m]
        start, end = max(a, b), min(a + a_many, b + b_many)
        if start < end:
            yield start, a_one + start - a, b_two + start - b, end - start
        if a + a_many < b + b_many:
            n += 1
        else:
            m += 1
    yield len(old), len(one), len(two), 0
