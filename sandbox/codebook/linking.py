"""Text of a note or an index → pieces, those that name a code of the code set with its key."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sandbox.codes.codeset import CodeSet
from sandbox.encounter import bare

_CODE: Final = r"[A-Z][0-9A][0-9A-Z](?:\.[0-9A-Z]{0,4})?"
_SPAN: Final = re.compile(
    rf"(?<![A-Za-z0-9./])({_CODE}(?<!\.))(-({_CODE}(?<!\.)))?(?![A-Za-z0-9])|(?<![A-Za-z0-9./])({_CODE})(?=-)"
)
_NO_CODE: Final = re.compile(r"\b(?:vitamin|LGMD|factor|type|group|serotype)\s+$", re.IGNORECASE)
"""Words behind which B12 is no code."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of text; ``key`` is that of the entry which it names, or empty."""

    text: str
    key: str = ""


def pieces(codes: CodeSet, text: str) -> tuple[Piece, ...]:
    """The text cut at the codes that it names; joined, the pieces are the text again."""
    out, end = [], 0
    for found in _SPAN.finditer(text):
        if _NO_CODE.search(text[: found.start()]):
            continue
        for start, stop, key in _named(codes, found):
            out += [Piece(text[end:start]), Piece(text[start:stop], key)]
            end = stop
    return tuple(piece for piece in (*out, Piece(text[end:])) if piece.text)


def _named(codes: CodeSet, found: re.Match[str]) -> Iterator[tuple[int, int, str]]:
    """(start, end, key): a range is its block where there is one, or else its two ends."""
    block = codes.get(found[0]) if found[2] else None
    if block and block.kind == "block":
        yield found.start(), found.end(), block.key
        return
    for group in (1, 3, 4):
        if found[group] and codes.get(found[group]):
            yield found.start(group), found.end(group), bare(found[group])
