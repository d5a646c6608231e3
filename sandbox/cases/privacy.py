"""What must not stand in a chart: plain patterns for the identifiers that HIPAA's safe harbor names (45 CFR 164.514).

They find slips, not cunning. Dates of service stay: these charts are invented.
"""

import re
from collections.abc import Iterator
from typing import Final

OLDEST: Final = 89
"""Ages above it identify a person (45 CFR 164.514(b)(2)(i)(C))."""

_DATE = r"(?:\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{4}-\d\d-\d\d|\d{1,2} [A-Z][a-z]+ \d{4}|[A-Z][a-z]{2,8} \d{1,2},? \d{4})"
_ROADS = "Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Court|Highway|Hwy|Parkway|Pkwy|Terrace"
_NUMBERS = r"MRN|acct\.?|(?:medical record|record|chart|account) (?:number|no\.?|#)"
_PATTERNS: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    ("an e-mail address", re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")),
    ("a web address", re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE)),
    ("a Social Security number", re.compile(r"(?<![\d-])\d{3}-\d\d-\d{4}(?![\d-])")),
    ("a telephone number", re.compile(r"(?<![\d.-])(?:\+?1[ .-])?(?:\(\d{3}\) ?|\d{3}[ .-])\d{3}[.-]\d{4}(?!\d)")),
    (
        "a telephone number",
        re.compile(r"\b(?:tel|phone|telephone|fax|cell|call(?:back)?)\b\W{0,3}(?:\w+ )?\d{3}-\d{4}\b", re.IGNORECASE),
    ),
    ("a record number", re.compile(rf"(?:\b(?:{_NUMBERS}))\s*[:#=]?\s*[A-Z]{{0,3}}-?\d{{4,}}", re.IGNORECASE)),
    (
        "a street address",
        re.compile(rf"\b\d{{1,5}} (?:[NSEW]\.? )?(?:[A-Z][a-z]+ ){{1,3}}(?:{_ROADS})\b"),
    ),
    ("a ZIP code", re.compile(r"\b[A-Z]{2} \d{5}-\d{4}\b|, [A-Z]{2} \d{5}\b|\bZIP(?: code)?:? \d{5}\b")),
    (
        "a date of birth",
        re.compile(
            rf"(?:\b(?:DOB|date of birth|birth ?date|born(?: on)?)\b|\bD\.O\.B\.?)\W{{0,3}}{_DATE}", re.IGNORECASE
        ),
    ),
    ("a name", re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Dr)\.? [A-Z][a-z]+\b")),
)
_AGES: Final = re.compile(
    r"\b(?:9\d|1[01]\d|12\d)[ -]?(?:(?:y/?o|yrs?|years?)\b|y\.o\.)|\baged? (?:9\d|1[01]\d|12\d)\b", re.IGNORECASE
)


def identifiers(text: str) -> Iterator[tuple[int, str]]:
    """(offset, what it looks like) of everything in ``text`` that may tell who somebody is."""
    for what, pattern in _PATTERNS:
        for found in pattern.finditer(text):
            yield found.start(), f"{what} ({found[0]!r})"
    for found in _AGES.finditer(text):
        yield found.start(), f"an age over {OLDEST} ({found[0]!r})"
