"""What somebody typed → what is looked for: words, word stems and the table of abbreviations."""

import csv
import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice, takewhile
from pathlib import Path
from typing import Final

from sandbox.encounter import CM, PCS

TABLE: Final = Path(__file__).with_name("abbreviations.csv")
"""abbreviation, expansion, system (cm, pcs; empty: both), note, source (keys of ``abbreviation_sources.csv``; empty:
known from charts, not verified yet). Rows may be added; they count from the next start. The search reads no sources."""

_SYSTEMS: Final = {"cm": CM, "pcs": PCS}
_TYPED: Final = 240
"""Characters of a query that are read; the longest title has 230."""
_CONCEPTS: Final = 12
_CUT: Final = 3
"""Letters of a word that are enough for it."""
_COMPLETIONS: Final = 4
"""Names of the table that a beginning may stand for."""

QUALIFIERS: Final = frozenset(
    (
        *("right", "left", "rt", "lt", "r", "l", "bilateral", "bilat", "bil", "bl", "initial", "init"),
        *("subsequent", "encounter", "sequela"),
        *("closed", "open", "acute", "chronic", "unspecified"),
    )
)
"""What is given up first where no entry holds all words."""

SIDES: Final = frozenset(("right", "left", "rt", "lt", "r", "l", "bilateral", "bilat", "bil", "bl"))
"""Words that may stand in the middle of a name: "broken left wrist"."""

STOP: Final = frozenset(
    (
        *("of", "the", "an", "and", "with", "in", "on", "for", "to", "due", "by", "or", "from", "at", "is", "as"),
        *("into", "nos", "nec", "her", "his", "patient", "pt", "please", "code"),
    )
)
"""Words that are neither indexed nor looked for."""

_SAME: Final = {
    "history": "hx",
    "ho": "hx",
    "fam": "family",
    "fhx": "fh",
    "fracture": "fx",
    "laceration": "lac",
    **dict.fromkeys(("metastasis", "metastase", "metastatic"), "met"),
    **dict.fromkeys(("cancer", "carcinoma"), "ca"),
}
"""Words that are the same wherever names of the table are compared."""
_SPECIAL: Final = re.compile(r"[/.<>'’‘`´]")
_WITHOUT: Final = re.compile(r"\bw/o\b")
_WITH: Final = re.compile(r"\bw/")
_APOSTROPHE: Final = re.compile(r"['’‘`´]")
_DOTTED: Final = re.compile(r"\b([a-z]\d[0-9a-z])\.([0-9a-z]{0,4})\b")
_WORD: Final = re.compile(r"[a-z0-9]+")
_SLASHED: Final = re.compile(r"\b(h|s)[/ ](o|p)\b")
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


def _typed(text: str) -> list[str]:
    """The words of a query or abbreviation: ``h/o`` and ``s/p`` are words."""
    return tokens(_SLASHED.sub(r"\1\2 ", text.casefold()))


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
    """One thing that is looked for: the words typed, or any of their meanings. ``begun``: the last word may go on."""

    typed: tuple[str, ...]
    meanings: tuple[Meaning, ...] = ()
    begun: bool = False


Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The abbreviations of one system: as they are written, without regard to order, and in order of the alphabet."""

    exact: dict[Phrase, tuple[Meaning, ...]]
    loose: dict[Phrase, Phrase]
    names: tuple[str, ...]
    cut: dict[str, tuple[Phrase, ...]]
    longest: int

    def cut_short(self, typed: Phrase) -> tuple[Meaning, ...]:
        """What a name means whose every word was begun: ``periph neurop``."""
        fits = (p for p in self.cut.get(typed[0][:_CUT], ()) if len(p) == len(typed) and all(map(_goes_on, p, typed)))
        return next((self.exact[phrase] for phrase in fits), ())

    def named(self, phrase: Phrase) -> tuple[Meaning, ...]:
        """What the words mean together, in any order and with sides among them."""
        name = self.loose.get(_core(phrase))
        return self.exact[name] if name else ()

    def beginning(self, begun: str) -> tuple[Meaning, ...]:
        """What the first few names mean that begin so."""
        start = bisect_left(self.names, begun)
        fits = takewhile(lambda name: name.startswith(begun), islice(self.names, start, start + _COMPLETIONS))
        return tuple(dict.fromkeys(meaning for name in fits for meaning in self.exact[tuple(name.split())]))


@lru_cache(maxsize=8)
def table(system: str, path: Path = TABLE) -> Table:
    """What abbreviations and lay names mean in ``system``, each with its meanings in the order of the file."""
    found: dict[Phrase, list[Meaning]] = defaultdict(list)
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            short, long = tuple(_typed(row["abbreviation"])), tuple(words(row["expansion"]))
            where = (row.get("system") or "").strip()
            if short and long and (not where or _SYSTEMS.get(where) == system):
                found[short].append(Meaning(long, row["expansion"].strip()))
    free = {_core(short): short for short in found if not SIDES & set(short) and min(map(len, short)) > 1}
    loose = {core: short for core, short in free.items() if len(core) > 1}
    exact = {short: tuple(meanings) for short, meanings in found.items()}
    cut: dict[str, tuple[Phrase, ...]] = defaultdict(tuple)
    for phrase in sorted(p for p in exact if len(p) > 1 and min(map(len, p)) >= _CUT):
        cut[phrase[0][:_CUT]] += (phrase,)
    return Table(exact, loose, tuple(sorted(map(" ".join, exact))), dict(cut), max(map(len, exact), default=1))


def _goes_on(word: str, begun: str) -> bool:
    return len(begun) >= _CUT and word.startswith(begun)


def _core(phrase: Iterable[str]) -> Phrase:
    core = {_SAME.get(word, word) for word in phrase if word not in STOP and word not in SIDES}
    if "hx" in core:
        # "Family history of" is "fh", and a history of which no more is said is one's own.
        core = core - {"hx", "family"} | {"fh"} if "family" in core else core - {"personal"}
    return tuple(sorted(core))


def concepts(query: str, system: str) -> list[Concept]:
    """The query as things that are looked for, the longest entries of the table first; empty if nothing counts."""
    known = table(system)
    typed = [part for token in _typed(query[:_TYPED]) for part in _parted(token, known)]
    out: list[Concept] = []
    place = 0
    while place < len(typed):
        length, found = _read(typed[place:], known)
        out += found
        place += length
    return list(dict.fromkeys(out))[:_CONCEPTS]


def _read(typed: list[str], known: Table) -> tuple[int, list[Concept]]:
    """How many words the next thing takes, and the thing: nothing for a word that does not count."""
    for length in range(min(known.longest + 1, len(typed)), 0, -1):
        phrase = tuple(typed[:length])
        if phrase in known.exact:
            return length, [_concept(phrase, known.exact[phrase])]
        edges = {phrase[0], phrase[-1]}
        if length > 1 and not edges & (SIDES | STOP) and (meanings := known.named(phrase)):
            kept = tuple(word for word in phrase if word not in SIDES)
            return length, [_concept(kept, meanings), *(_alone(w, known) for w in phrase if w in SIDES)]
        # A last word that is a name by itself is no beginning: "colon cancer" is not only its screening.
        last = length == len(typed) and len(phrase[-1]) >= _CUT and phrase[-1:] not in known.exact
        if length > 1 and (meanings := (last and known.beginning(" ".join(phrase))) or known.cut_short(phrase)):
            return length, [Concept(_counting(phrase), meanings, begun=True)]
    return 1, [] if typed[0] in STOP else [Concept((typed[0],))]


def _alone(word: str, known: Table) -> Concept:
    return Concept((word,), known.exact.get((word,), ()))


def _counting(phrase: Phrase) -> Phrase:
    return tuple(word for word in phrase if word not in STOP) or phrase


def _concept(phrase: Phrase, meanings: tuple[Meaning, ...]) -> Concept:
    return Concept(_counting(phrase), meanings)


def _parted(token: str, known: Table) -> tuple[str, ...]:
    """``ckd3`` → ckd, 3: an abbreviation to which a number is glued."""
    glued = _GLUED.fullmatch(token)
    return glued.groups() if glued and (token,) not in known.exact and (glued[1],) in known.exact else (token,)
