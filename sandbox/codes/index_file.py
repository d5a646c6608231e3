"""The ICD-10-CM index files of CDC: Alphabetic Index, External Cause Index, Neoplasm Table, Table of Drugs."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element

from sandbox.codes import safe_xml

KINDS: Final = {
    "index": "Alphabetic Index",
    "neoplasm": "Neoplasm Table",
    "drugs": "Table of Drugs and Chemicals",
    "external": "External Cause Index",
}
"""The four files, and what each is called."""
_BY_COLUMN: Final = {"neoplasm": "neoplasm", "substance": "drugs"}
_LONGEST: Final = 2000
"""Characters of a text; the longest official one has some hundred."""


@dataclass(frozen=True, slots=True)
class IndexTerm:
    """One term of an index, in the order of the file.

    ``place`` counts from 0; ``parent`` is the place of the term above, -1 at a main term, whose ``depth`` is 0.
    ``title`` is the text as printed, ``plain`` the same without the nonessential modifiers, which ``nemod`` has.
    ``code`` and ``manif`` (in brackets behind it in print) are as printed, a dash at the end where characters are
    missing. ``category``: the code of *see category* or *see subcategory*. ``cells``: column number → code.
    """

    place: int
    parent: int
    depth: int
    title: str
    plain: str
    nemod: str = ""
    code: str = ""
    manif: str = ""
    see: str = ""
    see_also: str = ""
    category: str = ""
    cells: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class IndexFile:
    """One file: its kind (a key of :data:`KINDS`), its fiscal year, column number → heading, and its terms."""

    kind: str
    year: int
    columns: dict[int, str]
    terms: tuple[IndexTerm, ...]


def read_index(content: bytes, name: str) -> IndexFile:
    """The whole of an index file. Raises :class:`ValueError`, with the line, where it is none, cut or hostile."""
    root = safe_xml.parse(content, name, "ICD10CM.index")
    year = safe_xml.version(root, name)
    try:
        columns = {_column(head): _text(head) for head in root.iterfind("indexHeading/head")}
        terms = tuple(_Walk(columns).terms(root))
    except _Fault as fault:
        raise ValueError(f"{name}:{safe_xml.line_of(fault.element)}: {fault}") from fault
    if not terms:
        raise ValueError(f"{name}: an index without a term")
    named = _BY_COLUMN.get(next(iter(columns.values()), "").lower())
    if columns and named is None:
        raise ValueError(f"{name}: a table of {next(iter(columns.values()))[:40]!r} is not known")
    title = " ".join((root.findtext("title") or "").split()).lower()
    return IndexFile(named or ("external" if "external cause" in title else "index"), year, columns, terms)


class _Fault(Exception):
    """What is wrong, and with which element."""

    def __init__(self, element: Element, reason: str) -> None:
        super().__init__(reason)
        self.element = element


class _Walk:
    """Numbers the terms on the way down."""

    def __init__(self, columns: dict[int, str]) -> None:
        self.columns = columns
        self.place = -1

    def terms(self, root: Element) -> Iterator[IndexTerm]:
        for letter in root.iterfind("letter"):
            for main in letter.iterfind("mainTerm"):
                yield from self._term(main, -1, 0)

    def _term(self, element: Element, parent: int, depth: int) -> Iterator[IndexTerm]:
        if depth and element.get("level") != str(depth):
            raise _Fault(element, f"a term of level {element.get('level', '')[:9]!r} at depth {depth}")
        self.place += 1
        place, title = self.place, element.find("title")
        if title is None or not _text(title):
            raise _Fault(element, "a term without a title")
        plain = "".join((title.text or "", *((part.tail or "") for part in title)))
        yield IndexTerm(
            place=place,
            parent=parent,
            depth=depth,
            title=_text(title),
            plain=" ".join(plain.split()).replace(" ,", ","),
            nemod=" ".join(_text(part) for part in title.iterfind("nemod")),
            code=_one(element, "code"),
            manif=_one(element, "manif"),
            see=_one(element, "see"),
            see_also=_one(element, "seeAlso"),
            category=_one(element, "seecat") or _one(element, "subcat"),
            cells=tuple(self._cells(element)),
        )
        for child in element.iterfind("term"):
            yield from self._term(child, place, depth + 1)

    def _cells(self, element: Element) -> Iterator[tuple[int, str]]:
        for cell in element.iterfind("cell"):
            column = _column(cell)
            if column not in self.columns:
                raise _Fault(cell, f"column {column} has no heading")
            # A dash, or two, says that there is no code.
            if text := _text(cell).strip("-") and _text(cell):
                yield column, text


def _column(element: Element) -> int:
    number = element.get("col", "")
    if not (number.isascii() and number.isdigit() and len(number) < 3):
        raise _Fault(element, f"{number[:9]!r} is no number of a column")
    return int(number)


def _one(element: Element, tag: str) -> str:
    """The text of a child, several joined by a semicolon; empty where there is none."""
    return "; ".join(text for child in element.iterfind(tag) if (text := _text(child)))


def _text(element: Element) -> str:
    # The file writes ``Abuse<nemod>(adult)</nemod>`` without the blank that is printed, and so does ``NEC`` behind it.
    parts = [element.text or "", *(f" {''.join(child.itertext())} {child.tail or ''}" for child in element)]
    text = " ".join("".join(parts).split()).replace(" ,", ",").replace(" (s)", "(s)")
    if len(text) > _LONGEST:
        raise _Fault(element, f"a text of {len(text):,} characters")
    return text
