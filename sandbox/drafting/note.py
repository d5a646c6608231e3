"""A plain-text note → an encounter without codes. What the note says of age and sex is taken over."""

import re
from typing import Final

from sandbox.drafting.material import Material, NoDraft, Page

_AGE: Final = re.compile(r"\b(\d{1,3})[ -]?(?:y/?o\b|yo\b|yr|year|y\.o)", re.IGNORECASE)
_FEMALE: Final = re.compile(r"\b(?:female|woman|girl|lady|she|her)\b|\b\d{1,3} ?(?:y/?o|yo) F\b", re.IGNORECASE)
_MALE: Final = re.compile(r"\b(?:male|man|boy|gentleman|he|his)\b|\b\d{1,3} ?(?:y/?o|yo) M\b", re.IGNORECASE)
_SETTINGS: Final = (
    ("inpatient", r"discharge summary|admitted to|hospital day|date of admission"),
    ("emergency", r"emergency department|\bED (?:note|course|provider)|triage"),
    ("ambulatory_surgery", r"ambulatory surgery|same.day surgery|surgery center"),
    ("observation", r"observation (?:unit|status|stay)"),
    ("telehealth", r"telehealth|video visit"),
    ("office", r"office|clinic|follow.?up visit"),
)
_LETTERS: Final = 40
"""Fewer letters than this are no note."""


def encounter(text: str) -> Material:
    """The one encounter of a note. Raises :class:`NoDraft` for what is no text."""
    if "\x00" in text or sum(map(str.isalpha, text)) < _LETTERS:
        raise NoDraft("this is no note: a text of at least a few sentences is expected")
    ages = [int(age) for age in _AGE.findall(text)]
    she, he = len(_FEMALE.findall(text)), len(_MALE.findall(text))
    setting = next((name for name, words in _SETTINGS if re.search(words, text, re.IGNORECASE)), "")
    said = () if setting else ("the note does not say where the patient was seen: check the setting",)
    return Material(
        "a note",
        setting,
        age=ages[0] if ages else None,
        sex="female" if she > he else "male" if he > she else "",
        pages=(Page("Note", "Author", None, text),),
        said=said,
    )
