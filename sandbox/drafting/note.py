"""A plain-text note → an encounter without codes. What the note says of day, place, age and sex is taken over."""

import datetime as dt
import re
from collections import Counter
from typing import Final

from sandbox.drafting.material import Material, NoDraft, Page
from sandbox.privacy import OLDEST, found
from sandbox.privacy.days import day_of

_AGES: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?<![\w.])(?P<age>\d{1,3})[ -]?(?:y/?o\b|y\.\s?o\b|(?:years?|yrs?\.?)[ -](?:old|of age)\b)",
        r"(?<![\w./])(?P<age>\d{1,3})-?(?-i:[MF])\b(?![/']| (?:foley|cath|sheath|drain))",
        r"\b(?:age[ds]?|age ?/ ?sex)\b\W{0,3}(?P<age>\d{1,3})(?![\w%]|\.\d)",
        r"(?m)^\W{0,5}(?P<age>\d{1,3}) (?-i:[MF])(?![\w/'.])",
        r"\b(?:he|she|patient|pt) (?:is|was) (?P<age>\d{1,3})(?![\w%/+-]|\.\d)",
    )
)
"""How an age is written, the surest first; a number of years of anything else is none."""
_OTHERS: Final = re.compile(
    r"\b(?:mother|father|brother|sister|son|daughter|wife|husband|aunt|uncle|spouse|partner|grand\w+)\b[^.\n]{0,25}$"
    r"|\b(?:temp\w*|tmax|T)\W{0,3}$",
    re.IGNORECASE,
)
"""What makes a number a relative's age, or a temperature."""
_LETTER: Final = r"(?<![\w./])\d{1,3} ?(?:y/?o ?)?(?-i:%s)\b(?! ?(?:foley|cath|sheath|drain))"
_FEMALE: Final = re.compile(rf"\b(?:female|woman|girl|lady|she|her)\b|{_LETTER % 'F'}", re.IGNORECASE)
_MALE: Final = re.compile(rf"\b(?:male|man|boy|gentleman|he|his)\b|{_LETTER % 'M'}", re.IGNORECASE)

_HEAD: Final = 5
"""Lines that tell what a note is."""
_HEADINGS: Final = (
    ("inpatient", r"discharge summary|inpatient (?:progress|note|consult)"),
    ("emergency", r"emergency (?:department|room|medicine)|\b(?:ED|ER) (?:note|course|provider|visit)"),
    ("ambulatory_surgery", r"ambulatory surgery|same.day surgery|surgery center"),
    ("observation", r"observation (?:unit|status|stay|note)"),
    ("telehealth", r"telehealth|telemedicine|video visit"),
    ("office", r"office|clinic\b|follow.?up visit"),
)
_BODIES: Final = (
    ("inpatient", r"^\W*(?:hospital )?discharge summary|\bhospital day #? ?\d|\bHD ?#? ?\d{1,2}\b"),
    ("emergency", r"\bED (?:note|course|provider)|\btriage\b"),
    *_HEADINGS[2:5],
    ("emergency", r"emergency department"),
    _HEADINGS[5],
)
"""Settings and the words that tell them: in the head of a note, and in its text. A stay that is told of is none yet."""

_ADMITTED: Final = r"(?:date of admission|admi(?:ssion|t) date|(?:date )?admitted(?: on)?)"
_DISCHARGED: Final = r"(?:date of discharge|discharge date|(?:date )?discharged(?: on)?)"
_LABELS: Final = (
    r"\b(?P<it>date of (?:service|visit|encounter|exam(?:ination)?|consult(?:ation)?)|DOS|date seen)",
    r"\b(?P<it>(?:visit|service|encounter|exam|note|consult(?:ation)?) date)",
    r"^\W*(?P<it>date)(?: and time)?",
    r"^(?![^\n]*\b(?:prior|last|previous|next|return)\b)[^\n]{0,60}"
    r"\b(?P<it>note|visit|summary|report|consult(?:ation)?|H&P|history and physical|evaluation)",
    rf"^\W*(?P<it>{_DISCHARGED})",
    rf"^\W*(?P<it>{_ADMITTED})",
)
"""What stands before the day of a note, the surest first."""
_ELSEWHEN: Final = re.compile(
    r"\b(?:since|until|from|last|prior|previous|next|return|due|history|h/o|s/p)\b[^\n.]{0,30}$", re.IGNORECASE
)
"""What stands before a day that is not the note's."""
_GAP: Final = r"(?:[^\w\n]|on\b|of\b){0,5}\Z"
_LETTERS: Final = 40
"""Fewer letters than this are no note."""


def encounter(text: str) -> Material:
    """The one encounter of a note. Raises :class:`NoDraft` for what is no text."""
    if "\x00" in text or sum(map(str.isalpha, text)) < _LETTERS:
        raise NoDraft("this is no note: a text of at least a few sentences is expected")
    dates = _dates(text)
    admitted, discharged = (_labelled(text, dates, rf"^\W*{label}") for label in (_ADMITTED, _DISCHARGED))
    setting, why = _setting(text, admitted is not None and discharged is not None)
    day, label = _day(text, dates)
    if setting == "inpatient" and discharged:
        day, label = discharged, "the day of discharge"
    age, words = _age(text)
    sex, sign = _sex(text)
    guesses = (("setting", why), ("day", label), ("age", words), ("sex", sign))
    return Material(
        "a note",
        setting,
        age=age,
        sex=sex,
        start=admitted if setting == "inpatient" else None,
        end=day,
        pages=(Page("Note", "Author", None, text),),
        guessed=tuple((name, why) for name, why in guesses if why),
    )


def _dates(text: str) -> list[tuple[int, dt.date]]:
    """(place, day) of the days that a text names with their year, but for days of birth."""
    spans = ((one.start, day_of(one.text, 0)) for one in found(text) if one.kind == "date")
    return [(start, day) for start, day in spans if day]


def _labelled(text: str, dates: list[tuple[int, dt.date]], label: str) -> dt.date | None:
    pattern = re.compile(label + _GAP, re.IGNORECASE | re.MULTILINE)
    return next((day for start, day in dates if pattern.search(text, max(0, start - 80), start)), None)


def _day(text: str, dates: list[tuple[int, dt.date]]) -> tuple[dt.date | None, str]:
    """(the day that a note calls today, what it was told from)."""
    for label in _LABELS:
        pattern = re.compile(label + _GAP, re.IGNORECASE | re.MULTILINE)
        for start, day in dates:
            if told := pattern.search(text, max(0, start - 120), start):
                return day, f"the date behind {told['it']!r}"
    left = [(start, day) for start, day in dates if not _ELSEWHEN.search(text, max(0, start - 60), start)]
    head = len(text) - len(text.lstrip()) + len("\n".join(text.lstrip().splitlines()[:_HEAD]))
    if first := next((day for start, day in left if start <= head), None):
        return first, "the first date of its first lines"
    return (left[0][1], "its only date") if left and len({day for _, day in dates}) == 1 else (None, "")


def _setting(text: str, stay: bool) -> tuple[str, str]:
    """(the setting, the words that tell it): those of the head, a stay from day to day, those of the text."""
    head = "\n".join(text.strip().splitlines()[:_HEAD])
    for part, table in ((head, _HEADINGS), (text, _BODIES)):
        for name, words in table:
            if told := re.search(words, part, re.IGNORECASE | re.MULTILINE):
                return name, repr(" ".join(told[0].split()).strip("#*:- "))
        if stay:
            return "inpatient", "the days of admission and discharge"
    return "", ""


def _age(text: str) -> tuple[int | None, str]:
    """(the patient's age in years, its words); the first of the surest form that is no relative's."""
    for pattern in _AGES:
        for told in pattern.finditer(text):
            if not _OTHERS.search(text, max(0, told.start() - 40), told.start()):
                words = " ".join(told[0].split())
                return int(told["age"]), repr(words) if int(told["age"]) <= OLDEST else ""
    return None, ""


def _sex(text: str) -> tuple[str, str]:
    """(the sex that more of the words tell, the one that tells it most often)."""
    she, he = (
        [
            told[0].lower()
            for told in one.finditer(text)
            if told[0].isalpha() or not _OTHERS.search(text, max(0, told.start() - 40), told.start())
        ]
        for one in (_FEMALE, _MALE)
    )
    if len(she) == len(he):
        return "", ""
    more = max(she, he, key=len)
    told = Counter(word for word in more if word.isalpha()).most_common(1)
    words = f"{told[0][0]!r}" if told else "the letter behind the age"
    return ("female" if more is she else "male"), words
