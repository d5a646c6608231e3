"""A text of a file without identifiers: names replaced, days moved, ages over 89 made 89 as the patient's age is."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from sandbox.drafting.material import Material
from sandbox.privacy import KINDS, OLDEST, found
from sandbox.privacy.days import day_of, month_of, months

_NEAR: Final = dt.timedelta(days=31)
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_ORDINAL: Final = re.compile(r"(?:st|nd|rd|th)\b")
_AGES: Final = (
    (r"\d{4}", KINDS["date"]),
    (r"'?\d+0'?s", "80s"),
    (r"nineties", "eighties"),
    (r"\d+", str(OLDEST)),
    (r"\w*arian", f"{OLDEST}-year-old person"),
    (r".*", "eighty-nine"),
)
"""An age above 89 as it is written, a year of birth among them → what stands in its place."""


@dataclass(frozen=True, slots=True)
class Moved:
    """How the days of a file are moved: all by the same number, so that what lay between them stays.

    ``on`` is the draft's last day, ``was`` the file's; None where the file has no day to go by.
    """

    on: dt.date
    was: dt.date | None

    @staticmethod
    def of(material: Material, on: dt.date, was: dt.date | None) -> "Moved":
        """The move that lets the encounter end on the day ``on``. ``was`` stands before a day that is only guessed."""
        if was and "day" in dict(material.guessed):
            return Moved(on, was)
        pages = [page.date for page in material.pages if page.date]
        return Moved(on, material.end or material.start or was or max(pages, default=None))

    def day(self, day: dt.date | None) -> dt.date:
        """A day of the file in the draft; the last day where the file has none."""
        try:
            return self.on - (self.was - day) if day and self.was else self.on
        except OverflowError:  # the years 1 and 9999, which stand for "nobody knows"
            return self.on

    def said(self, text: str) -> str:
        """A date of a text in the draft: to the day near the encounter, to the month further away."""
        day = day_of(text, self.was.year) if self.was else None
        if day is None:
            return KINDS["date"]
        new = self.day(day)
        return f"{new:%m/%d/%Y}" if abs(new - self.on) <= _NEAR else f"{new:%m/%Y}"

    def month(self, text: str) -> str:
        """A month and year of a text in the draft, in the form that it had."""
        day, form = month_of(text)
        new = f"{self.day(day):{form}}" if self.was else text
        return new.upper() if text.isupper() else new


def clean(text: str, moved: Moved, removed: Counter[str], also: Mapping[str, str]) -> str:
    """The text without identifiers and without the names of ``also``; what was replaced is counted in ``removed``."""
    text = _CONTROL.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))
    out: list[str] = []
    at = 0
    for start, end, kind in _spans(text, also):
        removed.update([kind] if kind in KINDS else [])
        new = _instead(text[start:end], kind, moved)
        if kind == "age" and (after := _ORDINAL.match(text, end)):
            end, new = after.end(), f"{new}th"
        out += text[at:start], new
        at = end
    return "".join((*out, text[at:]))


def _spans(text: str, also: Mapping[str, str]) -> Iterator[tuple[int, int, str]]:
    """(start, end, kind) of identifiers and of months with their year, in order, none within another."""
    taken = [(one.start, one.end, one.kind) for one in found(text, also=also)]
    free = [span for span in months(text) if not any(span[0] < end and start < span[1] for start, end, _ in taken)]
    yield from sorted([*taken, *((start, end, "month") for start, end in free)])


def _instead(text: str, kind: str, moved: Moved) -> str:
    if kind == "month":
        return moved.month(text)
    if kind == "date":
        return moved.said(text)
    if kind == "age":
        return next(new for form, new in _AGES if re.fullmatch(form, text, re.IGNORECASE))
    return KINDS[kind]
