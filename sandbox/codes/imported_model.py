"""What the reader of imported files hands out, as frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class File:
    """One imported file. ``part`` tells lists of one kind apart (``practitioner``).

    Days are YYYYMMDD, both included.
    """

    id: int
    kind: str
    part: str
    system: str
    edition: str
    first_day: int
    last_day: int
    name: str
    rows: int
    imported: str


@dataclass(frozen=True, slots=True)
class Axis:
    """One place of an ICD-10-PCS code (1 to 7): what it says, and its characters with their labels.

    ``definition`` is that of the root operation at place 3, and empty elsewhere.
    """

    place: int
    title: str
    values: Mapping[str, str]
    definition: str = ""


@dataclass(frozen=True, slots=True)
class PcsTable:
    """A table of ICD-10-PCS: its first three places, one value each, and rows of the other four.

    A code is made of one value of each axis of one row.
    """

    axes: tuple[Axis, ...]
    rows: tuple[tuple[Axis, ...], ...]


@dataclass(frozen=True, slots=True)
class Definition:
    """What a character of an ICD-10-PCS code means. ``includes``: procedures, parts of the body or brand names."""

    title: str
    definition: str = ""
    explanation: str = ""
    includes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Term:
    """A line of the ICD-10-PCS index: the way down to it, and where it leads.

    ``kind``: ``code`` (``code`` is a code or its beginning), ``see`` (``text`` is another term), ``use`` (``text`` is
    the value that stands for it) or ``term`` (it leads nowhere).
    """

    way: str
    kind: str
    text: str = ""
    code: str = ""
