"""Rules by words: id, name, words of the page, a code, a section of the guidelines; every word has to fit."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from sandbox.checker import Family, Rule
from sandbox.codes.codeset import CodeSet
from sandbox.rulebook.heard import subjects
from sandbox.rulebook.page import Page, book
from sandbox.rules import FAMILIES

LONGEST: Final = 100
_WORD: Final = re.compile(r"[a-z0-9]+(?:[-'.][a-z0-9]+)*")
_CODE: Final = re.compile(r"[A-Z][0-9][0-9A-Z]{0,5}")
_SECTION: Final = re.compile(r"(?:I{1,3}|IV)\.[A-Z](?:\.[0-9a-z]+)*", re.IGNORECASE)
_NAMED: Final = re.compile(r"\b([A-Z][0-9][0-9A-Z][0-9A-Z.]*)(?:-([A-Z][0-9][0-9A-Z][0-9A-Z.]*))?")


@dataclass(frozen=True)
class _Index:
    """What can be found of one rule, in capitals or small letters as it is compared. ``codes``: (first, last)."""

    id: str
    words: frozenset[str]
    sections: tuple[str, ...]
    codes: tuple[tuple[str, str], ...]


def find(codes: CodeSet, q: str = "", severity: str = "", family: str = "") -> list[tuple[Family, list[Rule]]]:
    """The families with those of their rules that fit, by id; a family in which none fits is left out.

    ``q``: words, of which each has to fit. ``severity`` and ``family`` (id): empty takes all.
    """
    words = q[:LONGEST].split()
    index = _indexes(codes)
    out = []
    for one in FAMILIES:
        if family not in ("", one.id):
            continue
        rules = [
            rule
            for rule in sorted(one.rules, key=lambda rule: rule.id)
            if severity in ("", *rule.severities) and all(_fits(word, index[rule.id]) for word in words)
        ]
        if rules:
            out.append((one, rules))
    return out


@lru_cache(maxsize=2)
def _indexes(codes: CodeSet) -> dict[str, _Index]:
    spoken = subjects(codes)
    return {id: _index(page, spoken[id]) for id, page in book().items()}


def _index(page: Page, spoken: Iterable[str]) -> _Index:
    text = f"{page.title} {page.text} {page.rule.citation.text} {page.family.title}"
    named = [(_bare(first), _bare(last or first)) for first, last in _NAMED.findall(text)]
    return _Index(
        page.rule.id,
        frozenset(part for word in _WORD.findall(text.lower()) for part in (word, *re.split(r"[-'.]", word))),
        tuple(section.upper() for section in page.sections),
        (*named, *((_bare(code), _bare(code)) for code in spoken)),
    )


def _fits(word: str, index: _Index) -> bool:
    upper = word.upper().strip(".,;-")
    if index.id.startswith(upper):
        return True
    if _SECTION.fullmatch(upper):
        return any(f"{section}.".startswith(f"{upper}.") for section in index.sections)
    if _CODE.fullmatch(_bare(upper)) and any(_within(_bare(upper), *span) for span in index.codes):
        return True
    return any(each.startswith(upper.lower()) for each in index.words)


def _within(code: str, first: str, last: str) -> bool:
    """Whether the code lies below a code that is named, above it, or in a range: N18.32 in N18, N18 over N18.32."""
    if first == last:
        return code.startswith(first) or first.startswith(code)
    return first[: len(code)] <= code and code[: len(last)] <= last


def _bare(code: str) -> str:
    return code.upper().replace(".", "")
