"""Where a quote stands in a text; and does it stand there word for word, and if not, what is different?"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_ALIKE: Final = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "−": "-"})
_BLANKS = re.compile(r"\s+")
_BETWEEN: Final = r"(?:\s*\n\s*(?:(?:#{1,6}|[-*]|\d{1,2}[.)])\s+)?|\s*\|[\s|:-]*|\s+)"
"""What may lie between two words: blanks, a line break with the sign of a heading or of an item, the bar of a table."""


@dataclass(frozen=True, slots=True)
class Near:
    """Where a text almost says what a quote says: ``words`` as they stand there, and what is ``different``."""

    offset: int
    words: str
    different: str


def spans(quote: str, text: str) -> tuple[tuple[int, int], ...]:
    """Every place (start, end) at which ``text`` says ``quote``, as whole words where it does so anywhere.

    Blanks, line breaks, capitals, dashes, and what a page draws as a list or a table make no difference. In the order
    of the text; none where it does not stand there.
    """
    words = [re.escape(word) for word in _fold(quote).split()]
    if not words:
        return ()
    pattern, folded = _BETWEEN.join(words), _folded(text)
    whole = re.finditer(rf"(?<!\w){pattern}(?!\w)", folded)
    return tuple(found.span() for found in whole) or tuple(found.span() for found in re.finditer(pattern, folded))


def said(text: str, start: int, end: int) -> str:
    """The words of ``text[start:end]`` with single blanks, without the signs of lists, headings and tables."""
    return re.sub(_BETWEEN, " ", text[start:end]).strip()


def near(quote: str, text: str) -> Near | None:
    """The place in ``text`` that differs from ``quote`` in blanks, line breaks, capitals or dashes only.

    None where there is no such place. To be asked where ``quote`` does not stand in ``text`` as it is.
    """
    words = [re.escape(word) for word in _fold(quote).split()]
    found = re.search(r"\s+".join(words), _fold(text)) if words else None
    if not found:
        return None
    there = text[found.start() : found.end()]
    return Near(found.start(), there, _difference(quote.strip(), there))


def _fold(text: str) -> str:
    """Small letters and plain signs, every character in its place."""
    return "".join(low if len(low := char.lower()) == 1 else char for char in text.translate(_ALIKE))


_folded = lru_cache(maxsize=512)(_fold)


def _difference(quote: str, there: str) -> str:
    if quote == there:
        return "blanks around the quote"
    blanks = _BLANKS.sub(" ", quote), _BLANKS.sub(" ", there)
    if blanks[0] == blanks[1]:
        return "a line break" if "\n" in there else "the blanks"
    if blanks[0].translate(_ALIKE) == blanks[1].translate(_ALIKE):
        return "a dash or a quotation mark"
    return "capitals" if blanks[0].lower() == blanks[1].lower() else "capitals, and a dash or a quotation mark"
