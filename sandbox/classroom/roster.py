"""A class list as CSV: who is to come, read as schools export it, with every problem at its line."""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

MOST: Final = 1_000
LARGEST: Final = 200_000
"""Bytes of a list."""
LONGEST: Final = {"name": 60, "number": 40, "email": 120}

_HEADINGS: Final = {
    "name": ("name", "student", "student name", "full name", "learner"),
    "number": ("id", "number", "student id", "id number", "sis user id", "student number"),
    "email": ("email", "e-mail", "email address", "e-mail address", "mail"),
    "first": ("first name", "first", "given name"),
    "last": ("last name", "last", "surname", "family name"),
}
_EMAIL: Final = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\".]+")


@dataclass(frozen=True, slots=True)
class Entry:
    """One person of a list; ``line`` is where it stands in the file."""

    line: int
    name: str
    number: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, at which line (0: with the file)."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Roster:
    """What a file says. With a problem in it nothing is taken over."""

    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]


def read(data: bytes) -> Roster:
    """Read a list: a heading row (name, or first and last name; id; e-mail), then a row for each person.

    Commas, semicolons or tabs; UTF-8, or what Excel on Windows writes.
    """
    if len(data) > LARGEST:
        return _refused(f"The file has {len(data)} bytes; a list has at most {LARGEST}.")
    words = text(data)
    if not words.strip():
        return _refused("The file is empty.")
    if "\x00" in words:
        return _refused("That is no CSV file. Save the list as CSV first.")
    first = words.lstrip("\n").partition("\n")[0]
    separator = max(",;\t", key=first.count)
    try:
        rows = _rows(words, separator)
    except csv.Error as error:
        line = _open_quote(words, separator)
        return _refused(_OPEN if line else f"The file cannot be read as CSV: {error}.", line)
    if not rows:
        return _refused("The file is empty.")
    columns = _columns(rows[0][1])
    if "name" not in columns and not {"first", "last"} <= columns.keys():
        return _refused("The first row must name the columns: “name”, and if you like “id” and “e-mail”.")
    if len(rows) - 1 > MOST:
        return _refused(f"The list has {len(rows) - 1} people; a class has at most {MOST}.")
    entries = tuple(_entry(line, cells, columns) for line, cells in rows[1:])
    problems = [problem for entry in entries for problem in _wrong(entry)]
    problems += _twice(entries)
    if not entries:
        problems.append(Problem(0, "There is nobody below the heading row."))
    return Roster(entries, tuple(sorted(problems, key=lambda problem: problem.line)))


_OPEN: Final = (
    "The file cannot be read as CSV from here on: a quotation mark in this line opens a cell, and none closes it right"
    " before the next cell."
)


def _refused(text: str, line: int = 0) -> Roster:
    return Roster((), (Problem(line, text),))


def _open_quote(text: str, separator: str) -> int:
    """The line in which a quote opens that does not close as it should; 0 where each one does.

    Where the file breaks off, or the next quote stands, may be many lines further down.
    """
    cell = re.compile(rf'"(?:[^"]|"")*+"(?=[{separator}\n]|\Z)|(?!")[^{separator}\n]*')
    at = 0
    while at <= len(text):
        found = cell.match(text, at)
        if found is None:
            return text.count("\n", 0, at) + 1
        at = found.end() + 1
    return 0


def text(data: bytes) -> str:
    """The text of a file: UTF-8, or what Excel on Windows writes; each line ends with a line feed."""
    try:
        said = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        said = data.decode("cp1252", errors="replace")
    return said.replace("\r\n", "\n").replace("\r", "\n")


def _rows(text: str, separator: str) -> list[tuple[int, list[str]]]:
    """(line, cells) of every row that has something in it."""
    reader = csv.reader((f"{line}\n" for line in text.split("\n")), delimiter=separator, strict=True)
    rows: list[tuple[int, list[str]]] = []
    start = 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            rows.append((start, [" ".join(cell.split()) for cell in cells]))
        start = reader.line_num + 1
    return rows


def _columns(heading: list[str]) -> Mapping[str, int]:
    known = {word: field for field, words in _HEADINGS.items() for word in words}
    found: dict[str, int] = {}
    for place, word in enumerate(heading):
        if field := known.get(word.casefold()):
            found.setdefault(field, place)
    return found


def _entry(line: int, cells: list[str], columns: Mapping[str, int]) -> Entry:
    def cell(field: str) -> str:
        place = columns.get(field, len(cells))
        return cells[place] if place < len(cells) else ""

    name = cell("name") or f"{cell('first')} {cell('last')}".strip()
    return Entry(line, name, cell("number"), cell("email"))


def _wrong(entry: Entry) -> Iterator[Problem]:
    if not entry.name:
        yield Problem(entry.line, "There is no name.")
    for field, longest in LONGEST.items():
        value = getattr(entry, field)
        if len(value) > longest:
            yield Problem(entry.line, f"The {_SAID[field]} has {len(value)} characters; at most {longest} are kept.")
        if any(not char.isprintable() or char == "�" for char in value):
            yield Problem(entry.line, f"The {_SAID[field]} cannot be read. Save the file as UTF-8.")
    if entry.email and not _EMAIL.fullmatch(entry.email):
        yield Problem(entry.line, f"“{entry.email[:40]}” is no e-mail address.")


_SAID: Final = {"name": "name", "number": "id", "email": "e-mail address"}


def _twice(entries: tuple[Entry, ...]) -> Iterator[Problem]:
    """The same id or address twice; the same name twice where nothing tells the two apart."""
    for field in ("number", "email"):
        first: dict[str, int] = {}
        for entry in entries:
            value = getattr(entry, field).casefold()
            if value and value in first:
                yield Problem(entry.line, f"The same {_SAID[field]} stands in line {first[value]}.")
            first.setdefault(value, entry.line)
    names: dict[str, int] = {}
    for entry in entries:
        if not entry.number and not entry.email:
            if entry.name.casefold() in names:
                yield Problem(
                    entry.line,
                    f"The same name stands in line {names[entry.name.casefold()]}; ids would tell the two apart.",
                )
            names.setdefault(entry.name.casefold(), entry.line)
