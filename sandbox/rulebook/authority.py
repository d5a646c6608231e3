"""Who says so: an authority in plain words, for somebody who meets its name for the first time."""

import re
from dataclasses import dataclass
from typing import Final

from sandbox.codes.codeset import CodeSet
from sandbox.rulebook.page import Page

_GUIDELINES: Final = "ICD-10-CM Official Guidelines for Coding and Reporting"
_KINDS: Final = (
    (
        r"\bICD-10-CM Guidelines|; Guidelines|\A(?!.*PCS).*\b(?:I{1,3}|IV)\.[A-Z]",
        _GUIDELINES,
        "The rules of use that the four Cooperating Parties (AHA, AHIMA, CMS, NCHS) publish with each fiscal year's "
        "codes. HIPAA requires that they are followed, in every setting. Where they and a note of the classification "
        "differ, the note wins.",
    ),
    (
        r"Tabular",
        "ICD-10-CM Tabular List",
        "The classification itself, code by code, with its notes: *includes*, *Excludes1*, *code first*, "
        "*use additional code*. A note at a heading holds for all that stands below it, and "
        "takes precedence over the guidelines.",
    ),
    (
        r"Alphabetic Index",
        "ICD-10-CM Alphabetic Index",
        "The way in from the words of the chart. What it lists under *with* is presumed to be linked, unless the "
        "provider says otherwise. A code that is found here is always verified in the Tabular.",
    ),
    (
        r"Medicare Code Editor",
        "Medicare Code Editor (MCE)",
        "The program with which Medicare tests the codes of an inpatient claim before the stay is grouped and paid. "
        "Its edits bind Medicare; many payers use them as well. An edit says that a claim will be stopped, not that "
        "the record is wrong.",
    ),
    (
        r"HIPAA|45 CFR",
        "HIPAA code sets, 45 CFR 162.1002",
        "Federal law. It names the one code set that may be used for each purpose.",
    ),
    (
        r"ICD-10-PCS",
        "ICD-10-PCS Official Guidelines and tables",
        "How a procedure code is built from one row of one table, and what each of its seven characters means.",
    ),
    (
        r"HCPCS Level II",
        "HCPCS Level II",
        "CMS's code set for drugs, supplies and services that CPT does not describe, with its own modifiers.",
    ),
    (
        r"CMS-1500|837P",
        "CMS-1500 instructions",
        "Where each field of a professional claim stands, on paper and in its electronic form (837P).",
    ),
)
"""(what to look for in a citation, what it is called, what it is)."""

_PARTS: Final = (
    ("I.A", "conventions of the classification"),
    ("I.B", "general coding guidelines"),
    ("I.C", "chapter-specific guidelines"),
    ("III", "reporting additional diagnoses (inpatient)"),
    ("II", "selection of the principal diagnosis (inpatient)"),
    ("IV", "outpatient services"),
    ("Appendix I", "present on admission reporting"),
)
_CHAPTER: Final = re.compile(r"I\.C\.(\d+)")


@dataclass(frozen=True, slots=True)
class Authority:
    """``words`` is Markdown on one line; ``sections``: (``I.C.9.a``, what that part is about)."""

    name: str
    words: str
    sections: tuple[tuple[str, str], ...] = ()


def authorities(page: Page, codes: CodeSet) -> tuple[Authority, ...]:
    """What stands behind a rule, in the order above; the guidelines with the sections that are cited."""
    text = page.rule.citation.text
    found = [(name, words) for pattern, name, words in _KINDS if re.search(pattern, text)]
    parts: dict[str, list[str]] = {}
    for section in page.sections:
        parts.setdefault(_part(section, codes), []).append(section)
    sections = tuple((", ".join(cited), part) for part, cited in parts.items())
    return tuple(Authority(name, words, sections if name == _GUIDELINES else ()) for name, words in found)


def _part(section: str, codes: CodeSet) -> str:
    part = next((words for start, words in _PARTS if section == start or section.startswith(f"{start}.")), "")
    chapter = _CHAPTER.match(section)
    title = codes.title(f"CH{chapter[1]}") if chapter else ""
    return f"{part}, chapter {chapter[1]}: {title}" if chapter and title else part
