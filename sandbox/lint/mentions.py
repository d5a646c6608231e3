"""Conditions that stand in the chart and in no line of the case: notes, for an author may have good reasons."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from sandbox.cases.reader import Problem, Source
from sandbox.cases.schema import Case
from sandbox.codes.codeset import CodeSet
from sandbox.codes.model import day
from sandbox.codes.search_words import stem
from sandbox.denied import governed, skipped
from sandbox.encounter import CM, bare, dotted
from sandbox.lint.terms import Index, index
from sandbox.rules.integral import ROWS

_WORD: Final = re.compile(r"[A-Za-zÀ-ÿ]+(?:['’]s)?|\d+")
_GAP: Final = re.compile(r"[ \-/]{1,2}")
_COVERS: Final = {
    "I10": "I11 I12 I13 I15 I16 I1A O10 O11 O13 O14",
    "I50": "I11 I13 I09",
    "N18": "I12 I13 E08 E09 E10 E11 E13",
    "E11": "E08 E09 E10 E13 O24",
    "E10": "O24",
    "D64": "D50 D51 D52 D53 D55 D57 D58 D59 D60 D61 D62 D63 O90 O99 P61",
    "J18": "J09 J10 J11 J12 J13 J14 J15 J16 J17 J69 J44 J95 A41",
    "A41": "A40 A02 A22 A26 A32 A42 A54 B37 O85 O86 P36 T81 R65",
    "I25": "I20 I21 I22 I24 Z95",
    "F32": "F33 F31 F34",
    "J44": "J43 J41 J42 J45",
    "I24": "I20 I21 I22 I25",
    "G62": "E08 E09 E10 E11 E13 G60 G61 G63",
    "N08": "E08 E09 E10 E11 E13",
    "G63": "E08 E09 E10 E11 E13",
    "E78": "E71",
    "K21": "K20",
    "J96": "R09 J80",
    "N17": "N99 O90",
    "I48": "Z86",
    "I63": "I69 Z86",
}
"""A category → others that tell the same or more, so that nothing is missing."""


_FERTILE: Final = (9, 64)
"""Years of age for which the Medicare Code Editor accepts a maternity code."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A name of a condition in a text: ``text[start:end]``, and the codes (no dot) that bear the name."""

    start: int
    end: int
    codes: tuple[str, ...]


def mention_problems(case: Case, source: Source, codes: CodeSet) -> Iterator[Problem]:
    """A note for each condition that the documents state and that is in no line of the case."""
    if not codes.knows(day(case.encounter().on)):
        return
    named = _named(case)
    known = {code[:3] for code in named}
    told: set[str] = set()
    for n, document in enumerate(case.documents):
        for mention in mentions(document.text, codes):
            families = {code[:3] for code in mention.codes}
            if (
                families & (known | told)
                or not _possible(families, case)
                or _covered(mention.codes, families, known, named, codes)
            ):
                continue
            told |= families
            words = document.text[mention.start : mention.end]
            message = (
                f"{words!r} ({dotted(mention.codes[0], CM)}) is in the chart, and in no line of the key or not_coded"
            )
            yield source.problem_inside(("documents", n, "text"), mention.start, message, "note")


def _possible(families: set[str], case: Case) -> bool:
    """Whether the patient can have it: in a newborn's chart, a condition of pregnancy is the mother's."""
    patient = case.encounter().patient
    age = patient.age_years or 0
    never = ("P" if age else "") + ("O" if patient.sex == "M" or not _FERTILE[0] <= age <= _FERTILE[1] else "")
    return any(family[0] not in never for family in families)


def _named(case: Case) -> frozenset[str]:
    """Every diagnosis code that a case names anywhere, without dot."""
    lines = case.key.diagnoses
    given = (c for row in lines for c in (row.code, *row.accept, *row.partial, *row.instead))
    return frozenset(map(bare, (*given, *(row.code for row in case.key.not_coded if row.system == CM))))


def _covered(
    found: tuple[str, ...], families: set[str], known: set[str], named: frozenset[str], codes: CodeSet
) -> bool:
    """Whether a code of the case says the same, makes it pointless, or excludes it."""
    if "C80" in families and any(code[0] == "C" for code in known):
        return True
    if any(known & {*_COVERS.get(family, "").split()} for family in families):
        return True
    integral = (row for row in ROWS if any(code.startswith(row.symptoms) for code in found))
    if any(code.startswith(row.diseases) for row in integral for code in named):
        return True
    excluded = (target for code in named for _, target in codes.excludes(code))
    return any(target.covers(code) for target in excluded for code in found)


@lru_cache(maxsize=1024)
def mentions(text: str, codes: CodeSet) -> tuple[Mention, ...]:
    """The conditions that a text states of its patient, in its order; the longest name wins."""
    known = index(codes)
    found = list(_WORD.finditer(text))
    stems = [stem(word[0].lower().removesuffix("'s").removesuffix("’s")) for word in found]
    joined = [_GAP.fullmatch(text, one.end(), two.start()) is not None for one, two in itertools.pairwise(found)]
    parts = skipped(text)
    out: list[Mention] = []
    at = 0
    while at < len(found):
        length, keys = _at(known, stems, joined, at)
        if not length and (keys := known.short.get(found[at][0], ())):
            length = 1
        if length:
            start, end = found[at].start(), found[at + length - 1].end()
            if not any(a <= start < b for a, b in parts) and not governed(text, start, end):
                out.append(Mention(start, end, keys))
        at += length or 1
    return tuple(out)


def _at(known: Index, stems: list[str], joined: list[bool], at: int) -> tuple[int, tuple[str, ...]]:
    """(words, codes) of the longest name that begins at a word; (0, ()) where none does."""
    for given, keys in known.names.get(stems[at], ()):
        length = len(given)
        if tuple(stems[at : at + length]) == given and all(joined[at : at + length - 1]):
            return length, keys
    return 0, ()
