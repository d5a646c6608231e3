"""The table of abbreviations and lay words as it is read by people: each row with where its meaning was found."""

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from sandbox.codes.search_words import TABLE, tokens

SOURCES: Final = Path(__file__).with_name("abbreviation_sources.csv")
"""key, title, publisher, year, licence, address; in the order of the keys."""
SYSTEMS: Final = ("", "cm", "pcs")
"""What a row may be for: both code sets, ICD-10-CM, ICD-10-PCS."""


@dataclass(frozen=True, slots=True)
class Source:
    """A published list or classification in which meanings were looked up."""

    key: str
    title: str
    publisher: str
    year: str
    licence: str
    address: str


@dataclass(frozen=True, slots=True)
class Row:
    """One meaning. ``sources``: where just it was found; empty: known from charts, and still to be verified."""

    short: str
    expansion: str
    system: str
    note: str
    sources: tuple[Source, ...]


@lru_cache(maxsize=4)
def sources(path: Path = SOURCES) -> dict[str, Source]:
    """The sources by their keys."""
    with path.open(encoding="utf-8", newline="") as file:
        return {row["key"]: Source(**row) for row in csv.DictReader(file)}


@lru_cache(maxsize=4)
def rows(path: Path = TABLE) -> tuple[Row, ...]:
    """All rows in the order of the file. A table without a column ``source`` has none; an unknown key is a KeyError."""
    known = sources()
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(
            Row(
                row["abbreviation"],
                row["expansion"],
                (row.get("system") or "").strip(),
                (row.get("note") or "").strip(),
                tuple(known[key] for key in (row.get("source") or "").split()),
            )
            for row in csv.DictReader(file)
        )


def found(query: str) -> list[Row]:
    """The rows that hold every word of ``query``, or its beginning; those whose abbreviation begins with it first."""
    wanted = tokens(query)
    if not wanted:
        return []
    start = " ".join(wanted)
    fits = [row for row in rows() if all(any(w.startswith(each) for w in _words(row)) for each in wanted)]
    return sorted(fits, key=lambda row: (_name(row) != start, not _name(row).startswith(start)))


def begins(letter: str) -> list[Row]:
    """The rows whose abbreviation begins with the letter; ``0`` stands for any digit."""
    return [row for row in rows() if ("0" if row.short[0].isdigit() else row.short[0].upper()) == letter.upper()]


@lru_cache(maxsize=8192)
def _words(row: Row) -> tuple[str, ...]:
    return tuple(tokens(f"{row.short} {row.expansion}"))


def _name(row: Row) -> str:
    return " ".join(tokens(row.short))
