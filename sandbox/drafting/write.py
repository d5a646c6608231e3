"""An encounter as the text of a case file: dates moved, identifiers replaced, codes marked as not reviewed."""

import json
import re
import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from sandbox.drafting.clean import Moved, clean
from sandbox.drafting.material import EMPTY, Coded, Material, Page
from sandbox.encounter import CM, PCS, dotted
from sandbox.privacy import OLDEST, named

_AGE: Final = "50 years"
_SETTING: Final = "office"
_STATUS: Final = "01"
_UNREVIEWED: Final = (
    "Not reviewed: the code comes from the file. Find the words of the chart that it rests on, and say why."
)
_EMPTY: Final = f"{EMPTY}: the file has codes and no text."
_YEAR, _MONTH, _NEWBORN, _INFANT = 365.25, 30.44, 28, 730
_TITLE, _HEADING, _FEWEST = 60, 3, 4
"""Characters of a title, lines that it may be taken from, letters that it needs."""
_NO_WORDS: Final = re.compile(r"\[[^\]\n]*\]|\S*\d{1,4}/\d{1,4}\S*|\b\S*\d{4,}\S*")
"""Where a title ends: at a placeholder, a date, a number."""
_FORMS: Final = {
    CM: re.compile(r"[A-Z]\d[0-9A-Z]{1,5}", re.ASCII),
    PCS: re.compile(r"[0-9A-Z]{7}", re.ASCII),
}
"""The forms of codes, without the dot. Whatever else stands in the place of one might be anything, a name too."""


def write(material: Material, moved: Moved, given: Mapping[str, str]) -> tuple[str, dict[str, int], tuple[str, ...]]:
    """(the file, kind of identifier → how many were replaced, what the author should know)."""
    removed: Counter[str] = Counter()
    material, lost = _with_form(material)
    pages = material.pages or (Page("Note", "Author", material.end, _EMPTY),)
    also = named(text for page in pages for text in (page.title, page.text))
    pages = tuple(_cleaned(page, moved, removed, also) for page in pages)
    setting = given.get("setting") or material.setting or _SETTING
    age, about_age = _age(material, moved, given)
    sex = given.get("sex") or material.sex or "unknown"
    said = [*material.said, *filter(None, [about_age]), *_guesses(material, given, setting, age, sex)]
    if lost:
        said.append(f"left out, for they have not the form of a code: {lost} of the file's codes")
    if removed["date"] and not moved.was:
        said.append("no day found: dates were removed; --was DATE tells it")
    lines = [
        "# yaml-language-server: $schema=../../case.schema.json",
        f"# A draft from {material.kind}. Read every line: identifiers may be left that no program finds.",
        *(f"# {line[:1].upper()}{line[1:]}." for line in said),
        f"title: {json.dumps(_title(material, pages, age, setting), ensure_ascii=False)}",
        f"setting: {setting}",
        f"specialty: {json.dumps(given.get('specialty') or 'general')}",
        "difficulty: 3",
        "status: draft",
        "minutes: 15",
        f"patient: {{age: {age}, sex: {sex}}}",
        *_dates(material, moved, setting),
        "documents:",
        *(line for n, page in enumerate(pages, 1) for line in _document(n, page, moved)),
        "key:",
        *_coded("diagnoses", material.diagnoses, setting),
        *(_coded("procedures", material.procedures, setting) if material.procedures else ()),
    ]
    return "\n".join(lines) + "\n", dict(sorted(removed.items())), tuple(said)


def _guesses(material: Material, given: Mapping[str, str], setting: str, age: str, sex: str) -> Iterator[str]:
    """What was told from a text, and what stands in the place of what the file does not say."""
    from_text = dict(material.guessed)
    values = {"setting": setting, "age": age, "sex": sex}
    for name, value in values.items():
        if name in from_text and name not in given:
            yield f"{name} {value}: a guess from {from_text[name]}"
    if "day" in from_text:
        yield f"the day of the note: a guess from {from_text['day']}; --was DATE tells another"
    if not material.setting and "setting" not in given and not material.said:
        yield f"the file does not say where the patient was seen; {setting} stands in its place: check the setting"
    if sex == "unknown":
        yield "the sex of the patient is not in the file"
    if setting == "inpatient" and not re.fullmatch(r"\d\d", material.discharge_status):
        yield f"the discharge status is not in the file; {_STATUS} (home) stands in its place"


def _title(material: Material, pages: tuple[Page, ...], age: str, setting: str) -> str:
    """What tells a draft from others: its first code, age and setting, or the words that its note begins with."""
    who = f"{age}, {setting.replace('_', ' ')}"
    if material.diagnoses:
        more = f" and {len(material.diagnoses) - 1} more" if len(material.diagnoses) > 1 else ""
        return f"Draft: {_shown(material.diagnoses[0])}{more}, {who}"
    for line in pages[0].text.splitlines()[:_HEADING]:
        words = " ".join(_NO_WORDS.split(line)[0].split()).strip(" ,;.#*-")
        if sum(map(str.isalpha, words)) >= _FEWEST and not words.endswith(":"):
            return f"Draft: {textwrap.shorten(words, _TITLE, placeholder=' …')}"
    return f"Draft: {material.kind}, {who}"


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
    status = material.discharge_status if re.fullmatch(r"\d\d", material.discharge_status) else _STATUS
    yield f'discharge_status: "{status}"'


def _cleaned(page: Page, moved: Moved, removed: Counter[str], also: Mapping[str, str]) -> Page:
    """The page without identifiers, its title and text as a case can have them."""
    title = " ".join(clean(page.title, moved, removed, also).split())[:120] or "Note"
    text = textwrap.dedent(clean(page.text, moved, removed, also).expandtabs(4)).strip("\n").lstrip(" ")
    return replace(page, title=title, text=text or _EMPTY)


def _document(n: int, page: Page, moved: Moved) -> Iterator[str]:
    yield f"  - id: note{n}"
    yield f"    title: {json.dumps(page.title, ensure_ascii=False)}"
    yield f"    author: {page.author}"
    yield f"    date: {moved.day(page.date)}"
    yield "    text: |"
    yield from (f"      {line.rstrip()}".rstrip() for line in page.text.splitlines())


def _coded(part: str, lines: tuple[Coded, ...], setting: str) -> Iterator[str]:
    if not lines:
        yield f"  {part}: []"
        return
    yield f"  {part}:"
    for line in lines:
        yield f"    - code: {json.dumps(_shown(line))}"
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


def _with_form(material: Material) -> tuple[Material, int]:
    """The material with those of its codes that have the form of one, and how many have not."""

    def kept(lines: tuple[Coded, ...]) -> tuple[Coded, ...]:
        bare = (replace(line, code=re.sub(r"[\s.]", "", line.code).upper()) for line in lines)
        return tuple(line for line in bare if line.system not in _FORMS or _FORMS[line.system].fullmatch(line.code))

    new = replace(material, diagnoses=kept(material.diagnoses), procedures=kept(material.procedures))
    before = len(material.diagnoses) + len(material.procedures)
    return new, before - len(new.diagnoses) - len(new.procedures)


def _shown(line: Coded) -> str:
    return dotted(line.code, line.system)
