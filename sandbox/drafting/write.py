"""An encounter as the text of a case file: dates moved, identifiers replaced, codes marked as not reviewed."""

import datetime as dt
import json
import re
import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from sandbox.drafting.material import Coded, Material, Page
from sandbox.encounter import CM, PCS, dotted
from sandbox.privacy import KINDS, OLDEST, found
from sandbox.privacy.days import day_of

_AGE: Final = "50 years"
_UNREVIEWED: Final = (
    "Not reviewed: the code comes from the file. Find the words of the chart that it rests on, and say why."
)
_EMPTY: Final = "Write the chart here: the file has codes and no text."
_NEAR: Final = dt.timedelta(days=31)
_YEAR, _MONTH, _NEWBORN, _INFANT = 365.25, 30.44, 28, 730
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_FORMS: Final = {
    CM: re.compile(r"[A-Z]\d[0-9A-Z]{1,5}", re.ASCII),
    PCS: re.compile(r"[0-9A-Z]{7}", re.ASCII),
}
"""The forms of codes, without the dot. Whatever else stands in the place of one might be anything, a name too."""


@dataclass(frozen=True, slots=True)
class Moved:
    """How the days of a file are moved: all by the same number, so that what lay between them stays.

    ``on`` is the draft's last day, ``was`` the file's; None where the file has no day to go by.
    """

    on: dt.date
    was: dt.date | None

    @staticmethod
    def of(material: Material, on: dt.date, was: dt.date | None) -> "Moved":
        """The move that lets the encounter end on the day ``on``."""
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


def write(material: Material, moved: Moved, given: Mapping[str, str]) -> tuple[str, dict[str, int], tuple[str, ...]]:
    """(the file, kind of identifier → how many were replaced, what the author should know)."""
    removed: Counter[str] = Counter()
    said = list(material.said)
    setting = given.get("setting") or material.setting or "office"
    if not material.setting and "setting" not in given and not material.said:
        said.append("the file does not say where the patient was seen: check the setting")
    age, about_age = _age(material, moved, given)
    sex = given.get("sex") or material.sex or "unknown"
    said += [about_age] if about_age else []
    diagnoses, procedures = _with_form(material.diagnoses), _with_form(material.procedures)
    if lost := len(material.diagnoses) + len(material.procedures) - len(diagnoses) - len(procedures):
        said.append(f"left out, for they have not the form of a code: {lost} of the file's codes")
    said += ["the sex of the patient is not in the file"] if sex == "unknown" else []
    lines = [
        "# yaml-language-server: $schema=../../case.schema.json",
        f"# A draft from {material.kind}. Read every line: identifiers may be left that no program finds.",
        *(f"# {line[:1].upper()}{line[1:]}." for line in said),
        f"title: {json.dumps(f'Draft from {material.kind}')}",
        f"setting: {setting}",
        f"specialty: {json.dumps(given.get('specialty') or 'general')}",
        "difficulty: 3",
        "status: draft",
        "minutes: 15",
        f"patient: {{age: {age}, sex: {sex}}}",
        *_dates(material, moved, setting),
        "documents:",
    ]
    for n, page in enumerate(material.pages or (Page("Note", "Author", material.end, _EMPTY),), 1):
        lines += _document(n, page, moved, removed)
    lines += ["key:", *_coded("diagnoses", diagnoses, setting)]
    if procedures:
        lines += _coded("procedures", procedures, setting)
    return "\n".join(lines) + "\n", dict(sorted(removed.items())), tuple(said)


def _age(material: Material, moved: Moved, given: Mapping[str, str]) -> tuple[str, str]:
    """(the age as a case has it, what to say about it)."""
    if "age" in given:
        return given["age"], ""
    years, text = material.age, ""
    if material.born and moved.was:
        days = (moved.was - material.born).days
        years = int(days / _YEAR)
        if 0 <= days < _INFANT:
            text = f"{days} days" if days <= _NEWBORN else f"{int(days / _MONTH)} months"
    if years is None or years < 0:
        return _AGE, f"the age of the patient is not in the file; {_AGE} stands in its place"
    if years > OLDEST:
        return f"{OLDEST} years", f"the patient is older than {OLDEST} in the file; {OLDEST} stands in its place"
    return text or f"{years} years", ""


def _dates(material: Material, moved: Moved, setting: str) -> Iterator[str]:
    if setting != "inpatient":
        yield f"date_of_service: {moved.on}"
        return
    yield f"admitted: {min(moved.day(material.start), moved.on)}"
    yield f"discharged: {moved.on}"
    status = material.discharge_status if re.fullmatch(r"\d\d", material.discharge_status) else "01"
    yield f'discharge_status: "{status}"'


def _document(n: int, page: Page, moved: Moved, removed: Counter[str]) -> Iterator[str]:
    title = _clean(page.title, moved, removed)
    yield f"  - id: note{n}"
    yield f"    title: {json.dumps(' '.join(title.split())[:120] or 'Note', ensure_ascii=False)}"
    yield f"    author: {page.author}"
    yield f"    date: {moved.day(page.date)}"
    yield "    text: |"
    text = textwrap.dedent(_clean(page.text, moved, removed).expandtabs(4)).strip("\n").lstrip(" ")
    yield from (f"      {line.rstrip()}".rstrip() for line in (text or _EMPTY).splitlines())


def _clean(text: str, moved: Moved, removed: Counter[str]) -> str:
    """The text without identifiers; its dates are moved."""
    text = _CONTROL.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))
    out: list[str] = []
    at = 0
    for one in found(text):
        removed[one.kind] += 1
        out += text[at : one.start], moved.said(one.text) if one.kind == "date" else KINDS[one.kind]
        at = one.end
    return "".join((*out, text[at:]))


def _with_form(lines: tuple[Coded, ...]) -> tuple[Coded, ...]:
    """The lines whose code has the form of one, in capitals and without the dot."""
    bare = (replace(line, code=re.sub(r"[\s.]", "", line.code).upper()) for line in lines)
    return tuple(line for line in bare if line.system not in _FORMS or _FORMS[line.system].fullmatch(line.code))


def _coded(part: str, lines: tuple[Coded, ...], setting: str) -> Iterator[str]:
    if not lines:
        yield f"  {part}: []"
        return
    yield f"  {part}:"
    for line in lines:
        yield f"    - code: {json.dumps(dotted(line.code, line.system))}"
        if line.system not in (CM, PCS):
            yield f"      system: {line.system}"
        if line.modifiers:
            yield f"      modifiers: {json.dumps(line.modifiers)}"
        if line.units != 1:
            yield f"      units: {line.units}"
        if line.poa and setting == "inpatient":
            yield f"      poa: {line.poa}"
        yield "      evidence: []"
        yield f"      why: {json.dumps(_UNREVIEWED)}"
