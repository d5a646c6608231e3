"""A file that somebody hands in, read so that it cannot do harm: text, rows and XML within limits.

A file is not trusted. It may be cut, in another encoding, or made to fill memory. Whatever is wrong with it is one
:class:`Refused`, with the line where there is one.
"""

import csv
import hashlib
import os
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO, Final

import defusedxml.ElementTree
from defusedxml import DefusedXmlException

MOST_BYTES: Final = 512 * 1024 * 1024
"""The largest official file, a quarter's NCCI pairs as text, has about a tenth of it."""
MOST_XML: Final = 64 * 1024 * 1024
"""An XML file is held in memory as a tree of some ten times its size; the Tabular has 9 MB."""
MOST_LINE: Final = 64 * 1024
MOST_CELLS: Final = 256
"""The widest official table, HCPCS as a sheet, has 48 columns."""
_CHUNK: Final = 1 << 20
_HEAD: Final = 64 * 1024
# Tab, line feed, form feed, carriage return and the old end-of-file mark may stand in text; the rest may not.
_CONTROL: Final = re.compile(rb"[\x01-\x08\x0b\x0e-\x19\x1b-\x1f\x7f]")


class Refused(Exception):
    """A file that is not loaded; the message says why, and where."""

    def __init__(self, why: str, line: int = 0) -> None:
        super().__init__(f"line {line}: {why}" if line else why)


class Unknown(Refused):
    """A file that is none of those that are known: inside a zip it is passed over."""


def ignore(number: int) -> None:
    """No progress bar."""


@dataclass
class Source:
    """One file, or one member of a zip: what to call it, its bytes (seekable), and whom to tell of every byte read."""

    name: str
    file: BinaryIO
    told: Callable[[int], None] = ignore
    sha256: str = field(init=False)
    size: int = field(init=False, default=0)
    utf8: bool = field(init=False, default=True)
    head: bytes = field(init=False, default=b"")
    _bad: str = field(init=False, default="")

    def __post_init__(self) -> None:
        """Read the file once: its hash, its size, its encoding. Raises :class:`Refused` where it is too large."""
        digest = hashlib.sha256()
        self.size = self.file.seek(0, os.SEEK_END)
        if self.size > MOST_BYTES:
            raise Refused(f"larger than {MOST_BYTES >> 20} MB; no official file is")
        self.file.seek(0)
        left = self.size
        while block := self.file.read(_CHUNK):
            left -= len(block)
            if left < 0:
                raise Refused("it does not end where it should; is it a file?")
            digest.update(block)
            if not self.head:
                self.head = block[:_HEAD]
            if b"\0" in block:
                self._bad = self._bad or "NUL bytes: this is no text file (if it is UTF-16, save it as UTF-8)"
            elif _CONTROL.search(block):
                self._bad = self._bad or "control characters: this is no text file"
        self.sha256 = digest.hexdigest()
        self.utf8 = self._is_utf8()

    def _is_utf8(self) -> bool:
        self.file.seek(0)
        try:
            # A line at a time: no character of UTF-8 contains a line feed.
            while block := self.file.readline(_CHUNK):
                if len(block) < _CHUNK:
                    block.decode()
        except UnicodeDecodeError:
            return False
        return True

    def lines(self) -> Iterator[tuple[int, str]]:
        """(number, text) of every line, without its end; UTF-8 (with or without mark), else Windows-1252 or Latin-1.

        Raises :class:`Refused` for anything that is not text.
        """
        if self._bad:
            raise Refused(self._bad)
        self.file.seek(0)
        number = 0
        while raw := self.file.readline(MOST_LINE + 1):
            number += 1
            if len(raw) > MOST_LINE:
                raise Refused(f"a line of more than {MOST_LINE >> 10} KB", number)
            self.told(len(raw))
            yield number, self._decode(raw).rstrip("\r\n\x1a")

    def _decode(self, raw: bytes) -> str:
        if self.utf8:
            return raw.decode("utf-8").removeprefix("\ufeff")
        try:
            return raw.decode("cp1252")
        except UnicodeDecodeError:
            return raw.decode("latin-1")

    @property
    def ended(self) -> bool:
        """Whether the last line is closed by a line feed; where it is not, an official file has been cut."""
        self.file.seek(max(0, self.size - 1))
        return self.file.read(1) in (b"\n", b"\x1a")

    def rows(self, delimiter: str) -> Iterator[tuple[int, list[str]]]:
        """(line, cells) of a table with tabs or commas; blank rows are passed over, cells are trimmed."""
        reader = csv.reader((f"{text}\n" for _, text in self.lines()), delimiter=delimiter, strict=True)
        try:
            for cells in reader:
                yield from _row(reader.line_num, cells)
        except csv.Error as error:
            raise Refused(f"not a table: {error}", reader.line_num) from error

    def tree(self) -> ET.Element:
        """The root of an XML file without document type and entities. Raises :class:`Refused`."""
        if self.size > MOST_XML:
            raise Refused(f"XML of more than {MOST_XML >> 20} MB; no official file is as large")
        self.file.seek(0)
        self.told(self.size)
        try:
            root = defusedxml.ElementTree.parse(self.file, forbid_dtd=True).getroot()
        except (ET.ParseError, ValueError, LookupError) as error:
            raise xml_refused(error) from error
        if root is None:
            raise Refused("XML without an element")
        return root


def xml_refused(error: Exception) -> Refused:
    """What to say of XML that could not be read."""
    if isinstance(error, DefusedXmlException):
        return Refused("XML with a document type or entities of its own; no official file has them")
    line = error.position[0] if isinstance(error, ET.ParseError) else 0
    return Refused(f"broken or cut XML ({error})", line)


def _row(line: int, cells: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    trimmed = [" ".join(cell.split()) for cell in cells]
    if len(trimmed) > MOST_CELLS:
        raise Refused(f"a row of {len(trimmed)} cells; no official table is wider than {MOST_CELLS}", line)
    if any(trimmed):
        yield line, trimmed


def text(element: ET.Element | None) -> str:
    """The text directly in an element, blanks folded; empty where there is none."""
    return " ".join((element.text or "").split()) if element is not None else ""


def number(element: ET.Element, name: str) -> int:
    """The number in an attribute. Raises :class:`Refused` where there is none."""
    value = element.get(name, "")
    if not (value.isdecimal() and len(value) < 10):
        raise Refused(f"<{element.tag[:40]}> without a number {name!r}")
    return int(value)
