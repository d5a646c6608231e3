"""What somebody typed → what is looked for: words, word stems and the table of abbreviations."""

import csv
import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from sandbox.encounter import CM, PCS

TABLE: Final = Path(__file__).with_name("abbreviations.csv")
"""abbreviation, expansion, system (cm, pcs; empty: both), note. Rows may be added; they count from the next start."""

_SYSTEMS: Final = {"cm": CM, "pcs": PCS}
_TYPED: Final = 240
"""Characters of a query that are read; the longest title has 230."""
_CONCEPTS: Final = 12

QUALIFIERS: Final = frozenset(
    (
        *("right", "left", "rt", "lt", "r", "l", "bilateral", "initial", "init", "subsequent", "encounter", "sequela"),
        *("closed", "open", "acute", "chronic", "unspecified"),
    )
)
"""What is given up first where no entry holds all words."""

STOP: Final = frozenset(
    (
        *("of", "the", "an", "and", "with", "in", "on", "for", "to", "due", "by", "or", "from", "at", "is", "as"),
        *("into", "nos", "nec", "her", "his", "patient", "pt", "please", "code"),
    )
)
"""Words that are neither indexed nor looked for."""

_SPECIAL: Final = re.compile(r"[/.<>'’‘`´]")
_WITHOUT: Final = re.compile(r"\bw/o\b")
_WITH: Final = re.compile(r"\bw/")
_APOSTROPHE: Final = re.compile(r"['’‘`´]")
_DOTTED: Final = re.compile(r"\b([a-z]\d[0-9a-z])\.([0-9a-z]{0,4})\b")
_WORD: Final = re.compile(r"[a-z0-9]+")
_GLUED: Final = re.compile(r"([a-z]{2,})(\d[a-z]?)")


def fold(text: str) -> str:
    """Small letters without marks, apostrophes or the dot of a code: ``Ménière's H81.0`` → ``menieres h810``."""
    if not text.isascii():
        text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    plain = text.casefold()
    if not _SPECIAL.search(plain):
        return plain
    plain = _WITH.sub(" with ", _WITHOUT.sub(" without ", _APOSTROPHE.sub("", plain)))
    return _DOTTED.sub(r"\1\2", plain.replace(">", " greater ").replace("<", " less "))


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """A word without its plural: index and query both go through it, so it need not be right, only even.

    ``fractures`` → ``fracture``; ``biopsies`` → ``biopsy``; ``sequelae`` → ``sequela``; ``diabetes`` → ``diabete``.
    """
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith("ae"):
        return word[:-1]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def tokens(text: str) -> list[str]:
    """All words of a text, as stems, in order."""
    return [stem(word) for word in _WORD.findall(fold(text))]


def words(text: str) -> list[str]:
    """The words of a text that count, as stems, in order."""
    return [word for word in tokens(text) if word not in STOP]


@dataclass(frozen=True, slots=True)
class Meaning:
    """One thing that an abbreviation stands for. ``text`` as the table writes it; ``words`` its stems."""

    words: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing that is looked for: the words typed, or any of their meanings."""

    typed: tuple[str, ...]
    meanings: tuple[Meaning, ...] = ()


Table = dict[tuple[str, ...], tuple[Meaning, ...]]


@lru_cache(maxsize=8)
def table(system: str, path: Path = TABLE) -> Table:
    """abbreviation (its stems) → its meanings in ``system``, in the order of the file."""
    found: dict[tuple[str, ...], list[Meaning]] = defaultdict(list)
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            short, long = tuple(tokens(row["abbreviation"])), tuple(words(row["expansion"]))
            where = (row.get("system") or "").strip()
            if short and long and (not where or _SYSTEMS.get(where) == system):
                found[short].append(Meaning(long, row["expansion"].strip()))
    return {short: tuple(meanings) for short, meanings in found.items()}


def concepts(query: str, system: str) -> list[Concept]:
    """The query as things that are looked for, the longest entries of the table first; empty if nothing counts."""
    known = table(system)
    typed = [part for token in tokens(query[:_TYPED]) for part in _parted(token, known)]
    longest = max(map(len, known), default=1)
    out: list[Concept] = []
    place = 0
    while place < len(typed):
        for length in range(min(longest, len(typed) - place), 0, -1):
            phrase = tuple(typed[place : place + length])
            if phrase in known or length == 1:
                break
        if phrase in known or phrase[0] not in STOP:
            out.append(Concept(tuple(w for w in phrase if w not in STOP) or phrase, known.get(phrase, ())))
        place += len(phrase)
    return list(dict.fromkeys(out))[:_CONCEPTS]


def _parted(token: str, known: Table) -> tuple[str, ...]:
    """``ckd3`` → ckd, 3: an abbreviation to which a number is glued."""
    glued = _GLUED.fullmatch(token)
    return glued.groups() if glued and (token,) not in known and (glued[1],) in known else (token,)
