"""The ICD-10-CM order file of CMS: every heading and code of one fiscal year with its titles, in fixed columns."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

RECORD: Final = re.compile(r"(\d{5}) ([0-9A-Z]{3,7}) {1,5}([01]) (.{60}) (\S.*)")
"""Number, code, whether it is one (1) or a heading (0), short title, long title; of ICD-10-PCS as well."""


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One line: ``key`` without dot, whether it may be assigned (or is a heading), and the long title."""

    key: str
    assignable: bool
    title: str


def read_order(content: bytes, name: str) -> Iterator[OrderLine]:
    """The lines of an order file (columns 1-5 number, 7-13 code, 15 valid, 17-76 short title, 78- long title).

    Raises :class:`ValueError` with the line where it is none, or has a code twice.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    seen: set[str] = set()
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip("\x1a \t"):
            continue
        found = RECORD.fullmatch(line.rstrip())
        if found is None or found.start(3) != 14 or found[2][0].isdigit():
            raise ValueError(f"{name}:{number}: no line of an ICD-10-CM order file: {line[:40]!r}")
        if found[2] in seen:
            raise ValueError(f"{name}:{number}: {found[2]} stands there twice")
        seen.add(found[2])
        yield OrderLine(found[2], found[3] == "1", " ".join(found[5].split()))
    if not seen:
        raise ValueError(f"{name}: an order file without a line")
