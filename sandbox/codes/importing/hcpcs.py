"""HCPCS Level II, CMS's quarterly ``ANWEB`` text: records of 320 characters.

Record layout, counted from 1: code 1-5 (a modifier in 4-5), sequence number 6-10, record 11 (3: a code, 7: a modifier,
4 and 8: their long titles go on), long title 12-91, short title 92-119, day added 269-276, day of the last change
277-284, last day 285-292.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from sandbox.codes.importing import days
from sandbox.codes.importing.grid import Grid
from sandbox.codes.importing.safe import Refused, Source
from sandbox.codes.importing.store import Edition, Shelf
from sandbox.encounter import HCPCS

_LENGTH: Final = 320
_CODE: Final = re.compile(r"[A-HJ-NP-Z]\d{4}|   [0-9A-Z]{2}")
_LAST_LETTER: Final = "V"
"""The last section of the table, vision and hearing."""

RECORD: Final = re.compile(r"(?:[A-Z]\d{4}| {3}[0-9A-Z]{2})\d{5}[3478].{80}")
"""How a record begins, which tells the file."""


class _Record(NamedTuple):
    """Days as in the file; ``last`` 99991231 where there is none."""

    key: str
    kind: str
    short: str
    long: str
    first: int
    last: int
    changed: int


def load(source: Source, grid: Grid, asked: days.Asked, shelf: Shelf) -> Edition:
    """Codes and modifiers. The day of the newest change says from which day the file holds."""
    newest = ""
    changed = 0

    def rows() -> Iterator[tuple[str, str, str, str, int, int]]:
        nonlocal newest, changed
        for record in _records(source):
            changed = max(changed, record.changed)
            newest = max(newest, record.key if record.kind == "code" else "")
            yield record[:6]

    shelf.insert("codes", rows())
    if not newest.startswith(_LAST_LETTER):
        raise Refused(f"the last code is {newest or 'missing'}, and CMS's table goes on to V: the file is cut")
    first, last = days.of_quarter(asked, changed)
    return Edition("hcpcs", first, last, f"{first // 10000} {days.QUARTERS[(first // 100 % 100 + 2) // 3]}", HCPCS)


def _records(source: Source) -> Iterator[_Record]:
    open_record: list[str] | None = None
    for line, text in source.lines():
        if not text.strip():
            continue
        if len(text) != _LENGTH:
            raise Refused(f"a record of {len(text)} characters instead of {_LENGTH}; the file is cut or changed", line)
        code, kind = text[:5], text[10]
        if kind in "37" and _CODE.fullmatch(code):
            if open_record:
                yield _record(open_record, line - 1)
            open_record = [text]
        elif kind in "48" and open_record and open_record[0][:5] == code:
            open_record.append(text)
        else:
            raise Refused(f"{text[:11]!r} begins no record and continues none", line)
    if open_record:
        yield _record(open_record, 0)


def _record(texts: list[str], line: int) -> _Record:
    head = texts[0]
    added, changed, last = (head[start : start + 8].strip() for start in (268, 276, 284))
    return _Record(
        key=head[:5].strip(),
        kind="code" if head[10] == "3" else "modifier",
        short=" ".join(head[91:119].split()),
        long=" ".join(" ".join(text[11:91] for text in texts).split()),
        first=days.cell(added, line, 0),
        last=days.cell(last, line, days.OPEN),
        changed=days.cell(changed, line, 0),
    )
