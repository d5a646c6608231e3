"""The first sheet of an XLSX workbook as rows of text.

Read by expat itself, for a quarter's pairs have five million cells: a library that makes an object of each takes
minutes. Document types are refused, and with them entities; so are formulas, for a table of codes has none.
"""

import zipfile
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import BinaryIO, Final
from xml.etree.ElementTree import Element, ParseError
from xml.parsers.expat import ExpatError, ParserCreate

import defusedxml.ElementTree

from sandbox.codes.importing import zips
from sandbox.codes.importing.safe import MOST_CELLS, MOST_LINE, MOST_XML, Refused, Source, xml_refused

_WORKBOOK: Final = "xl/workbook.xml"
_RELATIONS: Final = "xl/_rels/workbook.xml.rels"
_STRINGS: Final = "xl/sharedStrings.xml"
_ID: Final = "}id"
_SMALL: Final = 1 << 20
_CHUNK: Final = 1 << 17

Row = tuple[int, list[str]]


def is_workbook(file: BinaryIO) -> bool:
    """Whether a zip is an XLSX workbook."""
    return any(info.filename == _WORKBOOK for info in zips.members(file))


def rows(source: Source) -> Iterator[Row]:
    """(row, cells) of the first sheet; blank rows are passed over. Raises :class:`Refused`."""
    found = zips.members(source.file)
    source.told(source.size)
    try:
        with zipfile.ZipFile(source.file) as archive:
            shared: list[str] = []
            if any(info.filename == _STRINGS for info in found):
                if archive.getinfo(_STRINGS).file_size > MOST_XML:
                    raise Refused(f"a workbook with more than {MOST_XML >> 20} MB of words")
                shared = [text for _, [text] in _parsed(archive, _STRINGS, _Strings())]
            for number, cells in _parsed(archive, _first_sheet(archive), _Sheet(shared)):
                trimmed = [" ".join(cell.split()) for cell in cells]
                if any(trimmed):
                    yield number, trimmed
    except (ParseError, ExpatError, ValueError) as error:
        raise xml_refused(error) from error
    except zips.BROKEN as error:
        raise Refused(f"a broken or cut workbook ({error})") from error


def _first_sheet(archive: zipfile.ZipFile) -> str:
    sheet = next((e for e in _tree(archive, _WORKBOOK).iter() if _local(e.tag) == "sheet"), None)
    if sheet is None:
        raise Refused("a workbook without a sheet")
    id = next((value for name, value in sheet.attrib.items() if name.endswith(_ID)), "")
    target = next((e.get("Target", "") for e in _tree(archive, _RELATIONS) if e.get("Id") == id), "")
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _tree(archive: zipfile.ZipFile, name: str) -> Element:
    if archive.getinfo(name).file_size > _SMALL:
        raise Refused(f"a workbook with more than {_SMALL >> 20} MB in {name}")
    root: Element = defusedxml.ElementTree.fromstring(archive.read(name), forbid_dtd=True)
    return root


def _parsed(archive: zipfile.ZipFile, name: str, reader: "_Strings | _Sheet") -> Iterator[Row]:
    parser = ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = _no_doctype
    with archive.open(name) as member:
        while block := member.read(_CHUNK):
            parser.Parse(block, False)
            yield from reader.ready()
        parser.Parse(b"", True)
        yield from reader.ready()


def _no_doctype(*declared: object) -> None:
    raise Refused("a workbook with a document type; no official file has one")


def _local(name: str) -> str:
    return name.rpartition("}")[2].rpartition(":")[2]


class _Strings:
    """The words that cells point to: ``<si>`` holds one, in one piece (``<t>``) or several (``<r><t>``)."""

    def __init__(self) -> None:
        self._done: list[Row] = []
        self._pieces: list[str] = []
        self._in_text = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._in_text = _local(name) == "t"

    def text(self, data: str) -> None:
        if self._in_text:
            self._pieces.append(data)

    def end(self, name: str) -> None:
        self._in_text = False
        if _local(name) == "si":
            self._done.append((0, ["".join(self._pieces)]))
            self._pieces = []

    def ready(self) -> list[Row]:
        """What has been read since this was asked for last."""
        done, self._done = self._done, []
        return done


class _Sheet:
    """Rows of cells: ``<row r="2"><c r="A2" t="s"><v>7</v></c></row>``."""

    def __init__(self, shared: list[str]) -> None:
        self._shared = shared
        self._done: list[Row] = []
        self._number = 0
        self._cells: list[str] = []
        self._type = ""
        self._pieces: list[str] = []
        self._in_text = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = _local(name) if ":" in name else name
        if local == "c":
            self._cell(attributes.get("r", ""), attributes.get("t", "n"))
        elif local == "row":
            self._number = int(attributes.get("r", self._number + 1))
            self._cells = []
        elif local in ("v", "t"):
            self._in_text = True
        elif local == "f":
            raise Refused("a formula: a table of codes holds values only", self._number)

    def _cell(self, place: str, type: str) -> None:
        self._type, self._pieces = type, []
        column = _column(place.rstrip("0123456789")) if place else len(self._cells)
        if not len(self._cells) <= column < MOST_CELLS:
            raise Refused(f"a cell in column {column + 1}; no official table is wider than {MOST_CELLS}", self._number)
        self._cells += [""] * (column - len(self._cells))

    def text(self, data: str) -> None:
        if self._in_text:
            self._pieces.append(data)

    def end(self, name: str) -> None:
        local = _local(name) if ":" in name else name
        if local == "c":
            self._cells.append(self._value("".join(self._pieces)))
        elif local == "row":
            self._done.append((self._number, self._cells))
        elif local in ("v", "t"):
            self._in_text = False

    def _value(self, text: str) -> str:
        if len(text) > MOST_LINE:
            raise Refused(f"a cell of more than {MOST_LINE >> 10} KB", self._number)
        return _KINDS[self._type](text, self._shared) if self._type in _KINDS else text

    def ready(self) -> list[Row]:
        """What has been read since this was asked for last."""
        done, self._done = self._done, []
        return done


def _word(text: str, shared: list[str]) -> str:
    number = int(text)
    if not 0 <= number < len(shared):
        raise Refused("a cell that points to a word that is not there")
    return shared[number]


def _number(text: str, shared: list[str]) -> str:
    """``20260401`` as it is; ``1.0`` and ``2.0260401E7`` as the whole numbers that they are."""
    if text.isdecimal() or not text:
        return text
    value = float(text)
    return str(int(value)) if value.is_integer() else text


def _error(text: str, shared: list[str]) -> str:
    raise Refused(f"a cell that holds an error ({text[:20]})")


_KINDS: Final[dict[str, Callable[[str, list[str]], str]]] = {"s": _word, "n": _number, "e": _error}
"""What the type of a cell makes of its text; the rest (text in the cell, a date as ISO 8601) stays as it is."""


@lru_cache(maxsize=1024)
def _column(letters: str) -> int:
    """``A`` → 0, ``AA`` → 26."""
    number = 0
    for letter in letters[:4]:
        if not "A" <= letter <= "Z":
            raise Refused(f"a cell at {letters[:8]!r}")
        number = number * 26 + ord(letter) - 64
    return number - 1
