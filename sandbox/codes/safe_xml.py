"""XML that somebody imports: read without trust, with the line of every fault."""

import re
from collections.abc import Iterator
from typing import Any, Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

LARGEST: Final = 64 << 20
"""Bytes of a file. The Tabular, the largest of them, has 10 MB."""
_ELEMENTS: Final = 1_500_000
"""Elements of a file; the Tabular has 180,000."""
_DEPTH: Final = 40
"""Elements within elements; the deepest official file has 12."""
_NAME: Final = re.compile(r"([A-Z][0-9A-Z]{2})(\.[0-9A-Z]{1,4})?")
_BLOCK: Final = re.compile(r"[A-Z][0-9A-Z]{2}(-[A-Z][0-9A-Z]{2})?")


class _Parser(DefusedXMLParser):
    """Knows the line on which every element begins, and how many there are, one within the other and in all."""

    def __init__(self) -> None:
        super().__init__(forbid_dtd=True)
        self.depth = self.number = 0

    def _start(self, tag: str, attributes: list[str]) -> Element:
        self.depth, self.number = self.depth + 1, self.number + 1
        if self.depth > _DEPTH or self.number > _ELEMENTS:
            raise ValueError("more elements than an official file has, or deeper ones")
        element: Any = super()._start(tag, attributes)  # type: ignore[misc]
        element.line = self.parser.CurrentLineNumber
        return element  # type: ignore[no-any-return]

    def _end(self, tag: str) -> Element:
        self.depth -= 1
        return super()._end(tag)  # type: ignore[misc, no-any-return]


def parse(content: bytes, name: str, root: str) -> Element:
    """The root element, which has the tag ``root``; every element knows its ``line``.

    Raises :class:`ValueError` where the file is too large, cut, no XML, another file, or brings a document type: no
    official file has one, and it is what entities are made from.
    """
    if len(content) > LARGEST:
        raise ValueError(f"{name}: larger than {LARGEST >> 20} MB; no official file is")
    parser = _Parser()
    try:
        parser.feed(content)
        found: Element = parser.close()
    except ParseError as error:
        line = error.position[0]
        raise ValueError(f"{name}:{line}: no XML, or cut off ({error})") from error
    except DefusedXmlException as error:
        raise ValueError(f"{name}:{_line(parser)}: a document type or entity, which no official file has") from error
    except (ValueError, LookupError) as error:
        raise ValueError(f"{name}:{_line(parser)}: {error}") from error
    if found.tag != root:
        raise ValueError(f"{name}:{line_of(found)}: <{found.tag}> instead of <{root}>")
    return found


def _line(parser: _Parser) -> int:
    return int(parser.parser.CurrentLineNumber)


def line_of(element: Element) -> int:
    """The line on which an element begins."""
    return int(getattr(element, "line", 0))


def version(root: Element, name: str) -> int:
    """The fiscal year in ``<version>``. Raises :class:`ValueError` where there is none."""
    said = " ".join((root.findtext("version") or "").split())
    if not re.fullmatch(r"20\d\d\b.*", said):
        raise ValueError(f"{name}:{line_of(root)}: <version> says {said[:20]!r} instead of a year")
    return int(said[:4])


def check_tabular(root: Element, name: str) -> None:
    """Raises :class:`ValueError`, with the line, where the Tabular is not built as the Tabular is."""
    version(root, name)
    for element, reason in _faults(root):
        raise ValueError(f"{name}:{line_of(element)}: {reason}")


def _faults(root: Element) -> Iterator[tuple[Element, str]]:
    seen: set[str] = set()
    chapters = root.findall("chapter")
    if not chapters:
        yield root, "a Tabular without a chapter"
    for chapter in chapters:
        number = (chapter.findtext("name") or "").strip()
        if not re.fullmatch(r"[1-9]\d?", number) or number in seen:
            yield chapter, f"a chapter has the name {number[:20]!r} instead of a number of its own"
        seen.add(number)
        for section in chapter.iterfind("section"):
            block = section.get("id", "")
            if not _BLOCK.fullmatch(block) or f"block {block}" in seen:
                yield section, f"a section has the id {block[:20]!r} instead of a range of its own"
            seen.add(f"block {block}")
            for diag in section.iterfind("diag"):
                yield from _faults_of(diag, "", seen)


def _faults_of(diag: Element, above: str, seen: set[str]) -> Iterator[tuple[Element, str]]:
    name = (diag.findtext("name") or "").strip()
    key = name.replace(".", "")
    if not _NAME.fullmatch(name):
        yield diag, f"{name[:20]!r} is not built like a code"
    elif not key.startswith(above) or (above and key == above) or (not above and len(key) != 3):
        yield diag, f"{name} stands below {above or 'a section'}, where it does not belong"
    elif key in seen:
        yield diag, f"{name} stands there twice"
    elif not (diag.findtext("desc") or "").strip():
        yield diag, f"{name} has no title"
    seen.add(key)
    for extension in diag.iterfind("sevenChrDef/extension"):
        if not re.fullmatch(r"[0-9A-Z]", extension.get("char", "")):
            yield extension, f"{extension.get('char', '')[:20]!r} is no 7th character"
    for child in diag.iterfind("diag"):
        yield from _faults_of(child, key, seen)
