"""The nearest valid codes for a code that does not exist on a day: "did you mean …"."""

import re
import sqlite3
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

from sandbox.codes.codeset import CodeSet
from sandbox.codes.model import Code
from sandbox.encounter import CM

_SIGNS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LOOKALIKES: Final = {"O": "0", "0": "O", "I": "1", "1": "I", "S": "5", "5": "S"}
_LONGEST: Final = 7
_BELOW: Final = "SELECT key, spans FROM codes WHERE system = ? AND key >= ? AND key < ? AND spans <> '' ORDER BY key"

# The words of the condition are those of the index search_rows_key, or it would not be used.
_USUAL: Final = f"SELECT preset FROM search_rows WHERE term = '' AND system = '{CM}' AND key = ?"


def nearest(codes: CodeSet, code: str, on: int, system: str = CM, limit: int = 4) -> list[Code]:
    """At most ``limit`` codes valid on the day (YYYYMMDD) that somebody who typed ``code`` may have meant.

    In this order: what took its place; what stands below it, if it is a heading; look-alikes exchanged (O and 0,
    I and 1, S and 5); a valid beginning of it; the placeholder X put in; neighbours exchanged; one wrong character
    (the last ones first); the codes under its longest beginning that leads to valid codes. Always the same order;
    never raises for anything typed.
    """
    key = re.sub(r"[^0-9A-Z]", "", code[:40].upper())
    out: dict[str, Code] = {}
    for near in _all_of(codes, key, on, system):
        if len(out) >= limit:
            break
        found = codes.get(near, system)
        if near != key and found and found.valid(on):
            out.setdefault(near, found)
    return list(out.values())


def _all_of(codes: CodeSet, key: str, on: int, system: str) -> Iterator[str]:
    """Keys to look at, the likeliest first; each step is taken only if those before it did not suffice."""
    if replaced := codes.replacement(key, system):
        yield replaced.key
    if not key:
        return
    if codes.heading(key, on, system):
        yield from _below(codes, key, on, system)
    for step in (_alike(key), _beginnings(key), _padded(key), _swapped(key)):
        yield from _existing(codes.connection, step, system)
    if len(key) <= _LONGEST:
        yield from _existing(codes.connection, _one_wrong(key), system)
    yield from _below(codes, key, on, system)


def _alike(key: str) -> Iterator[str]:
    """Every set of look-alikes exchanged, single ones first: ``S72O01A`` → ``S72001A``."""
    places = [place for place, sign in enumerate(key[:_LONGEST]) if sign in _LOOKALIKES]
    sets = sorted(range(1, 2 ** len(places)), key=lambda bits: (bits.bit_count(), bits))
    for bits in sets:
        chosen = {place for n, place in enumerate(places) if bits >> n & 1}
        yield "".join(_LOOKALIKES[sign] if place in chosen else sign for place, sign in enumerate(key))


def _beginnings(key: str) -> Iterator[str]:
    """``E1190`` → ``E119``: a character too many."""
    return (key[:length] for length in range(min(len(key) - 1, _LONGEST), 2, -1))


def _padded(key: str) -> Iterator[str]:
    """``T781A`` → ``T781XXA``: the placeholder before the 7th character was forgotten."""
    if 4 <= len(key) < _LONGEST:
        yield key[:-1] + "X" * (_LONGEST - len(key)) + key[-1]


def _swapped(key: str) -> Iterator[str]:
    """Neighbours exchanged, from the end: ``I192`` → ``I129``."""
    for place in range(len(key[:_LONGEST]) - 2, -1, -1):
        yield key[:place] + key[place + 1] + key[place] + key[place + 2 :]


def _one_wrong(key: str) -> Iterator[str]:
    """One other character, from the end: what stands in front is what people know by heart."""
    for place in range(len(key) - 1, -1, -1):
        yield from (key[:place] + sign + key[place + 1 :] for sign in _SIGNS)


def _existing(connection: sqlite3.Connection, keys: Iterable[str], system: str) -> Iterator[str]:
    """Those of the keys that the code set knows, in the order given."""
    wanted = list(dict.fromkeys(keys))
    marks = ",".join("?" * len(wanted))
    sql = f"SELECT key FROM codes WHERE system = ? AND key IN ({marks}) AND spans <> ''"
    known = {row[0] for row in connection.execute(sql, (system, *wanted))}
    return (key for key in wanted if key in known)


def _below(codes: CodeSet, key: str, on: int, system: str) -> Iterator[str]:
    """The codes under the longest beginning that leads to valid ones; what is usual there (unspecified) first."""
    for length in range(min(len(key), _LONGEST), 0, -1):
        begun = key[:length]
        rows = codes.connection.execute(_BELOW, (system, begun, begun + "~"))
        # Looking up each row by itself would take milliseconds where many codes have ended or not begun.
        if found := list(islice((key for key, spans in rows if _holds(spans, on)), 24)):
            preset = codes.connection.execute(_USUAL, (begun,)).fetchone() if system == CM else None
            yield from filter(None, preset or ())
            yield from found
            return


def _holds(spans: str, on: int) -> bool:
    """Whether one of the spans, as the database keeps them (``20151001-20250930:…;…``), holds on the day."""
    return any(int(span[:8]) <= on <= int(span[9:17]) for span in spans.split(";"))
