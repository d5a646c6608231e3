"""For which days a file holds: what it says itself, or what the command line was told."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Final

from sandbox.codes.importing.safe import Refused

_MONTHS: Final = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_STATED: Final = re.compile(
    rf"effective\W+(?:date\W+)?(?:(?P<word>{'|'.join(_MONTHS)})\s+(?P<d>\d{{1,2}}),?\s+(?P<y>20\d\d)"
    r"|(?P<m>\d{1,2})[/-](?P<d2>\d{1,2})[/-](?P<y2>20\d\d))",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line says beside the file: days (YYYYMMDD, 0: nothing), system, and which table of several."""

    first_day: int = 0
    last_day: int = 0
    system: str = ""
    table: str = ""


def whole(number: int) -> int:
    """The day itself, if there is such a day; raises :class:`ValueError` otherwise."""
    dt.date(number // 10000, number // 100 % 100, number % 100)
    return number


def fiscal_year(year: str, asked: Asked) -> tuple[int, int]:
    """First and last day of an edition of the fiscal year that a file names (two digits, or four).

    ``--from`` says that it is the edition of another day, that of April 1 for instance.
    """
    end = int(year) + (2000 if len(year) == 2 else 0)
    if not 2014 <= end <= 2099:
        raise Refused(f"it names the fiscal year {year}, which cannot be")
    first = asked.first_day or (end - 1) * 10000 + 1001
    if not (end - 1) * 10000 + 1001 <= first <= end * 10000 + 930:
        raise Refused(f"it is of fiscal year {end}, and --from names a day outside it")
    return first, asked.last_day or end * 10000 + 930


def of_fiscal_year(asked: Asked, name: str) -> tuple[int, int]:
    """First and last day where only ``--from`` tells: from that day to the end of its fiscal year (September 30)."""
    if not asked.first_day and (named := re.search(r"20\d\d", name)):
        raise Refused(
            f"it does not say from which day it holds: give --from YYYY-MM-DD (its name speaks of {named[0]}; if that "
            f"is the fiscal year, --from {int(named[0]) - 1}-10-01)"
        )
    first = needed(asked)
    year = first // 10000 + (first % 10000 >= 1001)
    return first, asked.last_day or year * 10000 + 930


def of_quarter(asked: Asked, stated: int = 0) -> tuple[int, int]:
    """First and last day of a file that comes every quarter."""
    first = needed(asked, stated)
    year, month = divmod(first // 100, 100)
    return first, asked.last_day or year * 10000 + {1: 331, 2: 630, 3: 930, 4: 1231}[(month + 2) // 3]


def of_year(asked: Asked, stated: int = 0) -> tuple[int, int]:
    """First and last day of a file that comes every calendar year."""
    first = needed(asked, stated)
    return first, asked.last_day or first // 10000 * 10000 + 1231


def needed(asked: Asked, stated: int = 0) -> int:
    """The first day: what was asked for, else what the file states. Raises :class:`Refused` where neither is there."""
    if first := asked.first_day or stated:
        return first
    raise Refused("it does not say from which day it holds: give --from YYYY-MM-DD")


def stated(text: str) -> int:
    """The day of ``Effective January 1, 2026`` or ``effective 1/1/2026`` in a heading; 0 where there is none."""
    found = _STATED.search(text)
    if not found:
        return 0
    month = _MONTHS.index(found["word"].lower()) + 1 if found["word"] else int(found["m"])
    try:
        return whole(int(found["y"] or found["y2"]) * 10000 + month * 100 + int(found["d"] or found["d2"]))
    except ValueError:
        return 0


def cell(text: str, line: int, otherwise: int) -> int:
    """A day in a cell (``20260101``, ``2026-01-01``, ``1/1/2026``); ``otherwise`` where it is empty or a ``*``."""
    if text in ("", "*"):
        return otherwise
    if re.fullmatch(r"[2-7]\d{4}", text):
        # A sheet may hold a day as the number of days since the end of 1899.
        text = (dt.date(1899, 12, 30) + dt.timedelta(days=int(text))).strftime("%Y%m%d")
    elif found := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", text):
        text = f"{found[3]}{found[1]:0>2}{found[2]:0>2}"
    elif found := re.match(r"(\d{4})-(\d\d)-(\d\d)", text):
        text = "".join(found.groups())
    try:
        if len(text) != len("20260101"):
            raise ValueError
        return whole(int(text))
    except ValueError:
        raise Refused(f"{text[:20]!r} is no day", line) from None


def shown(number: int) -> str:
    """``20260401`` as ``2026-04-01``; 99991231 as ``open``."""
    return "open" if number >= OPEN else f"{number // 10000}-{number // 100 % 100:02}-{number % 100:02}"


OPEN: Final = 99991231
"""The last day of what has no end yet."""

QUARTERS: Final = {1: "January", 2: "April", 3: "July", 4: "October"}
"""The quarters of the calendar year by their first month, as CMS calls its quarterly files."""
