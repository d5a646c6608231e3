"""Dates that are exact to the day. A year alone is no identifier, unless it makes somebody older than 89."""

import datetime as dt
import re
from collections.abc import Iterator
from typing import Final

from sandbox.privacy.numbers import OLDEST

_NAMES: Final = (
    "Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    "|Nov(?:ember)?|Dec(?:ember)?"
)
_MONTH: Final = rf"(?P<month>{_NAMES}|{_NAMES.upper()})\.?"
_DAY: Final = r"(?P<day>0?[1-9]|[12]\d|3[01])"
_YEAR: Final = r"(?P<year>(?:19|20)\d\d|\d\d)(?!\d)"
_NUMBER: Final = r"(?P<month>0?[1-9]|1[0-2])"
_PATTERNS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<![\w/.-])(?P<it>(?P<year>(?:19|20)\d\d)([-/.]){_NUMBER}\3{_DAY})(?:(?=T\d\d:)|(?![\w/-]))",
        rf"(?<![\w/.-])(?P<it>{_NUMBER}([-/]){_DAY}\3{_YEAR})(?![\w/-])",
        rf"(?<![\w/.-])(?P<it>{_DAY}\.{_NUMBER}\.(?P<year>(?:19|20)\d\d))(?![\w/-])",
        rf"(?<![\w/.-])(?P<it>{_DAY}(?i:st|nd|rd|th)?[ -](?:of )?{_MONTH},?(?:[ -]{_YEAR})?)(?![\w-])",
        rf"(?<!\w)(?P<it>{_MONTH}[ -]{_DAY}(?i:st|nd|rd|th)?(?:,? (?P<year>(?:19|20)\d\d))?)(?![\w%/:-]|\.\d)",
    )
)
_BIRTH: Final = re.compile(
    r"(?:\b(?:DOB|date of birth|birth ?date|birthday)\b|\bD\.O\.B\.?|\bborn(?: on)?\b)\W{0,3}$", re.IGNORECASE
)
_COMPACT: Final = re.compile(
    r"\b(?:DOB|date of birth|birth ?date)\W{0,3}(?P<it>(?:19|20)\d{6}|\d{4}(?:19|20)\d\d)\b", re.IGNORECASE
)
_BORN: Final = re.compile(
    r"\b(?:born(?: in)?|birth year|year of birth)\W{1,2}(?P<it>(?:18|19|20)\d\d)\b(?![-/.]\d)", re.IGNORECASE
)
_MONTHLY: Final = re.compile(
    rf"(?<![\w/.-])(?:{_MONTH},?[ -](?:of )?|(?P<figure>0?[1-9]|1[0-2])/)(?P<year>(?:19|20)\d\d)(?![\w/-]|\.\d)"
)
_SHORT: Final = 4
"""Letters of the longest short name of a month: *Sept*; those of four are written with three."""
_MONTHS: Final = {name[:3]: n for n, name in enumerate(_NAMES.lower().split("|"), 1)}


def days(text: str, service_dates: frozenset[dt.date]) -> Iterator[tuple[int, int, str]]:
    """(start, end, kind) of dates in ``text`` that name a day outside ``service_dates``, and of births too long ago."""
    for pattern in _PATTERNS:
        for found in pattern.finditer(text):
            birth = bool(_BIRTH.search(text, max(0, found.start() - 20), found.start()))
            if birth or not _of_service(found, service_dates):
                yield *found.span("it"), "date of birth" if birth else "date"
    for found in _COMPACT.finditer(text):
        yield *found.span("it"), "date of birth"
    now = max(service_dates, default=dt.date.today()).year
    for found in _BORN.finditer(text):
        if now - int(found["it"]) > OLDEST:
            yield *found.span("it"), "age"


def _of_service(found: re.Match[str], service_dates: frozenset[dt.date]) -> bool:
    month = found["month"].lower()[:3]
    when = _MONTHS.get(month) or int(month), int(found["day"])
    given = found["year"]
    year = int(given) + (2000 if len(given) == 2 else 0) if given else None
    return any((day.month, day.day) == when and year in (None, day.year) for day in service_dates)


def day_of(text: str, year: int) -> dt.date | None:
    """The day that a date such as :func:`days` finds names, in ``year`` where it has none; None where it is no date."""
    for pattern in _PATTERNS:
        if found := pattern.fullmatch(text):
            month = _MONTHS.get(found["month"].lower()[:3]) or int(found["month"])
            given = found["year"] or str(year)
            try:
                return dt.date(int(given) + (2000 if len(given) == 2 else 0), month, int(found["day"]))
            except ValueError:
                return None
    return None


def months(text: str) -> Iterator[tuple[int, int]]:
    """(start, end) of every month with its year in ``text``: *Nov 2025*, *11/2025*. They are no identifiers."""
    for found in _MONTHLY.finditer(text):
        yield found.span()


def month_of(text: str) -> tuple[dt.date, str]:
    """(the middle of the month that a text of :func:`months` names, the form for ``strftime`` that it has)."""
    found = _MONTHLY.fullmatch(text)
    assert found
    name, year = found["month"] or "", int(found["year"])
    month = _MONTHS[name.lower()[:3]] if name else int(found["figure"])
    form = f"{'%b' if len(name) <= _SHORT else '%B'} %Y" if name else "%m/%Y"
    return dt.date(year, month, 15), form
