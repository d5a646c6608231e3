"""The guidelines as a table of contents: each section's heading, the codes that it governs, the rules that cite it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from sandbox.cases.sections import sections
from sandbox.codebook import guidelines
from sandbox.codes.codeset import CodeSet
from sandbox.codes.model import Code
from sandbox.codes.notes import Target
from sandbox.encounter import CM, dotted
from sandbox.rulebook.page import book as rules
from sandbox.web import bookday
from sandbox.web.bookday import opened

pages = Blueprint("bookguide", __name__)
bookday.keep(pages)

_LONGEST_QUERY: Final = 200


@dataclass(frozen=True, slots=True)
class Row:
    """A section. ``spans``: what it governs, each as (words, the entry that it leads to or None)."""

    number: str
    title: str
    spans: tuple[tuple[str, Code | None], ...]
    rules: tuple[str, ...]

    @property
    def depth(self) -> int:
        """0 for I.A, 1 for I.A.1, 2 for I.A.6.a …"""
        return min(max(self.number.count(".") - 1, 0), 4)


@pages.get("/book/guidelines")
def page() -> ResponseReturnValue:
    """Every section of the guidelines, or those whose heading or number has the words that are asked for."""
    codes, _ = opened()
    q = request.args.get("q", "")[:_LONGEST_QUERY]
    words = q.casefold().split()
    rows = [row for row in _rows(codes) if all(word in f"{row.number} {row.title}".casefold() for word in words)]
    return render_template("book/guidelines.html", rows=rows, q=q, edition_of=guidelines.EDITION)


@lru_cache(maxsize=4)
def _rows(codes: CodeSet) -> tuple[Row, ...]:
    """Both tables of sections as one: that of the cases has all parts, that of the book goes deeper into chapters."""
    governed = {section.number: section for section in guidelines.sections()}
    titles = {number: section.title for number, section in governed.items()}
    titles |= {number: section.title for number, section in sections().items()}
    cited: dict[str, list[str]] = {}
    for id, page in rules().items():
        for number in page.sections:
            cited.setdefault(number, []).append(id)
    return tuple(
        Row(
            number,
            titles[number],
            tuple(_spans(codes, governed[number].spans)) if number in governed else (),
            tuple(cited.get(number, ())),
        )
        for number in sorted(titles, key=_order)
    )


def _order(number: str) -> list[tuple[int, int, str]]:
    # I.C.9 goes before I.C.10; a letter by itself.
    return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in number.split(".")]


def _spans(codes: CodeSet, spans: tuple[Target, ...]) -> Iterator[tuple[str, Code | None]]:
    for span in spans:
        low, high = dotted(span.low, CM), dotted(span.high, CM)
        yield low if low == high else f"{low}–{high}", codes.get(span.low, CM)
