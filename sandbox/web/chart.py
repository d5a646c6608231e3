"""A document of a chart → HTML. Only its shape is read; every word stays as the author typed it.

A chart is not Markdown: ``0612. Nosebleed``, ``5* strength``, ``~19:00`` and a lone ``_`` mean what they say. Four
things have a shape: ``## headings``, ``- lists``, lists numbered from ``1.``, and rows between bars (``| Na | 131 |``;
a row of dashes below the first makes that the head). All else is text, line by line.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import groupby
from typing import Final

from markupsafe import Markup, escape

_HEADING: Final = re.compile(r"#{1,6}\s+(.+?)\s*#*$")
_BULLET: Final = re.compile(r"\s*[-*]\s+(.+)$")
_NUMBER: Final = re.compile(r"\s*(\d{1,2})[.)]\s+(.+)$")
_BAR: Final = re.compile(r"\s*\|(.+?)\|?\s*$")
_RULE: Final = re.compile(r"[\s|:-]*-[\s|:-]*$")


@lru_cache(maxsize=512)
def render(text: str) -> Markup:
    """The document as HTML; its headings are h3, below the document's own title."""
    lines = _continued(text.splitlines())
    parts = (_DRAW[kind](list(group)) for kind, group in groupby(lines, key=_kind))
    return Markup("\n").join(part for part in parts if part)


def _continued(lines: list[str]) -> Iterator[str]:
    """A line that is indented below an item of a list goes on with that item."""
    item = ""
    for line in lines:
        if item and line.startswith("  ") and line.strip() and _kind(line) == "text":
            item = f"{item} {line.strip()}"
            continue
        if item:
            yield item
        item = line if _kind(line) in ("bullet", "number") else ""
        if not item:
            yield line
    if item:
        yield item


def _kind(line: str) -> str:
    if not line.strip():
        return "blank"
    if _HEADING.match(line):
        return "heading"
    if _BAR.match(line):
        return "table"
    if _BULLET.match(line):
        return "bullet"
    return "number" if _NUMBER.match(line) else "text"


def _headings(lines: list[str]) -> Markup:
    return Markup("").join(Markup("<h3>{}</h3>").format(_HEADING.sub(r"\1", line)) for line in lines)


def _text(lines: list[str]) -> Markup:
    return Markup("<p>{}</p>").format(Markup("<br>\n").join(map(escape, lines)))


def _bullets(lines: list[str]) -> Markup:
    return Markup("<ul>{}</ul>").format(_items(_BULLET.sub(r"\1", line) for line in lines))


def _numbers(lines: list[str]) -> Markup:
    found = [_NUMBER.match(line) for line in lines]
    if [int(m[1]) for m in found if m] != list(range(1, len(lines) + 1)):
        return _text(lines)  # "12. May" or "0612. Nosebleed": no list, for a list begins with 1
    return Markup("<ol>{}</ol>").format(_items(m[2] for m in found if m))


def _items(texts: Iterator[str]) -> Markup:
    return Markup("").join(Markup("<li>{}</li>").format(text) for text in texts)


def _table(lines: list[str]) -> Markup:
    head, rows = Markup(""), lines
    if len(lines) > 1 and _RULE.match(lines[1]):
        head, rows = Markup("<thead>{}</thead>").format(_row(lines[0], "th")), lines[2:]
    body = Markup("").join(_row(row, "td") for row in rows)
    return Markup("<table>{}<tbody>{}</tbody></table>").format(head, body)


def _row(line: str, cell: str) -> Markup:
    cells = _BAR.sub(r"\1", line).split("|")
    drawn = Markup("").join(Markup(f"<{cell}>{{}}</{cell}>").format(text.strip()) for text in cells)  # noqa: S704
    return Markup("<tr>{}</tr>").format(drawn)


_DRAW: Final[dict[str, Callable[[list[str]], Markup]]] = {
    "blank": lambda _: Markup(""),
    "heading": _headings,
    "text": _text,
    "bullet": _bullets,
    "number": _numbers,
    "table": _table,
}
