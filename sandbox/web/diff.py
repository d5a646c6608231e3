"""Two texts set beside each other, line by line: what a page needs to draw the difference."""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_AROUND: Final = 3
_MOST_LINES: Final = 20_000
_LONGEST_LINE: Final = 2_000
_ALIKE: Final = 0.4
"""Below this, two lines share letters and no more: marking words in them would only confuse."""

Parts = tuple[tuple[str, bool], ...]
_WORDS: Final = re.compile(r"\w+|\W")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a difference: ``sign`` is ``+``, ``-`` or a blank; ``parts``: (words, whether they are what changed).

    ``old`` and ``new`` are its numbers, 0 where it is not in that text.
    """

    sign: str
    old: int
    new: int
    parts: Parts


@dataclass(frozen=True)
class Diff:
    """The changed places with some lines around each, and what can be said of the texts as a whole."""

    hunks: tuple[tuple[Line, ...], ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def added(self) -> int:
        """Lines that only the new text has."""
        return sum(line.sign == "+" for hunk in self.hunks for line in hunk)

    @property
    def removed(self) -> int:
        """Lines that only the old text has."""
        return sum(line.sign == "-" for hunk in self.hunks for line in hunk)


def compare(old: str, new: str) -> Diff:
    """What changed from one text to another. Line ends are told of once, not at every line."""
    before, after = _lines(old), _lines(new)
    remarks = tuple(_remarks(old, new))
    if before == after and old != new and not remarks:
        remarks = ("Only line ends changed.",)
    if max(len(before), len(after)) > _MOST_LINES:
        return Diff((), (*remarks, f"More than {_MOST_LINES} lines: too many to set beside each other."))
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    hunks = tuple(
        tuple(line for code in group for line in _drawn(code, before, after))
        for group in matcher.get_grouped_opcodes(_AROUND)
    )
    return Diff(hunks, remarks)


def _lines(text: str) -> list[str]:
    lines = re.split(r"\r\n|\n|\r", text)
    return lines[:-1] if lines[-1] == "" else lines


def _remarks(old: str, new: str) -> Iterator[str]:
    if old and new and ("\r" in old) != ("\r" in new):
        yield "The line ends changed, " + ("to those of Windows." if "\r" in new else "from those of Windows.")
    if old and new and old.endswith("\n") != new.endswith("\n"):
        yield "The last line has " + ("a line break now." if new.endswith("\n") else "no line break any more.")


def _drawn(code: tuple[str, int, int, int, int], before: list[str], after: list[str]) -> Iterator[Line]:
    kind, old, old_end, new, new_end = code
    if kind == "equal":
        for n in range(old_end - old):
            yield Line(" ", old + n + 1, new + n + 1, ((before[old + n], False),))
        return
    paired = kind == "replace" and old_end - old == new_end - new
    pairs = [_words(before[old + n], after[new + n]) for n in range(old_end - old)] if paired else []
    for n in range(old, old_end):
        yield Line("-", n + 1, 0, pairs[n - old][0] if paired else ((before[n], False),))
    for n in range(new, new_end):
        yield Line("+", 0, n + 1, pairs[n - new][1] if paired else ((after[n], False),))


def _words(old: str, new: str) -> tuple[Parts, Parts]:
    """Both lines with the words marked that differ; nothing is marked where hardly anything is alike."""
    plain = ((old, False),), ((new, False),)
    if max(len(old), len(new)) > _LONGEST_LINE:
        return plain
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    if matcher.ratio() < _ALIKE:
        return plain
    codes = matcher.get_opcodes()
    return (
        tuple(("".join(before[i:j]), kind != "equal") for kind, i, j, _, _ in codes if j > i),
        tuple(("".join(after[i:j]), kind != "equal") for kind, _, _, i, j in codes if j > i),
    )
