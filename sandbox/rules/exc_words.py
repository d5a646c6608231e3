"""What the words of an Excludes1 note mean for one pair of codes: the pair itself, something narrower, or another."""

import re
from functools import lru_cache
from typing import Final

from sandbox.checker import Entry
from sandbox.codes.codeset import CodeSet
from sandbox.codes.model import Note
from sandbox.codes.notes import Target
from sandbox.rules.sites import apart, side, together

_BRACKET: Final = re.compile(r"\([^()]*[A-Z]\d[^()]*\)?")
_WORD: Final = re.compile(r"[a-z]{4,}")
_WEAK: Final = frozenset(
    re.findall(
        r"\w+",
        """disease diseases disorder disorders syndrome condition conditions specified unspecified other with without
        due following associated classified elsewhere complicating status personal history type acute chronic such
        that those code codes encounter from state certain current part site cause causing resulting""",
    )
)
# Two spellings of one thing in the Tabular: the first six letters of a word → the letters it is compared by.
_SAME: Final = {
    "bleedi": "hemorr", "newbor": "neonat", "perina": "neonat", "tumor": "neopla", "kidney": "renal", "lung": "pulmon",
    "liver": "hepati", "heart": "cardia", "seizur": "convul", "openin": "stoma", "arteri": "artery",
}  # fmt: skip
_WITHOUT: Final = re.compile(r"without ((?:(?!with\b)[a-z]+[ ,]*)+)")
_WITH: Final = re.compile(r"\bwith ([a-z ]+)")
_CAUSE: Final = re.compile(r"\b(?:with|due to|following|resulting in)\b")
_IN: Final = re.compile(r"\bin\b")
_RESIDUAL: Final = re.compile(r"other\b", re.IGNORECASE)

UNLIKE: Final = (
    "D72", "E55", "E61", "E83", "E87", "E88", "I31", "I65", "I67", "I87", "J39", "J98", "K31", "K59", "K63", "K82",
    "K83", "K92", "L98", "M20", "M21", "M43", "M62", "M79", "N28", "R19", "R22", "R41", "R46", "R68", "R79", "S33",
    "Z18", "Z73", "Z89", "Z97",
)  # fmt: skip
"""Categories that gather unlike conditions (*Other disorders of …*): a note there is often about another of them.

The guideline's own example of two unrelated conditions (F45.8 with G47.63, I.A.12.a) is of this kind.
"""


@lru_cache(maxsize=8192)
def stems(text: str) -> frozenset[str]:
    """The words that carry meaning, cut to their first six letters and with synonyms made one."""
    words = _WORD.findall(_BRACKET.sub(" ", text).lower())
    return frozenset(_SAME.get(word[:6], word[:6]) for word in words if word not in _WEAK)


_SEVERAL: Final = ("S008", "S009", "Z1612", "Z162", "Z163")
"""Codes that there may be several reasons for: other parts of the head, resistance of another germ."""


def silent(note: Note, target: Target, under: Entry, named: Entry) -> bool:
    """Whether the note, for all its codes, does not speak of this pair.

    ``under``: the code below the note's heading; ``named``: the code that the note names.
    """
    words, a, b = note.text.lower(), under.key, named.key
    injury = named.code.chapter == 19 and len(b) == 7
    return (
        # "specified adverse effects (A00-R94 …)" names nearly everything.
        ord(target.high[0]) - ord(target.low[0]) > 1
        # The note governs the rest of its category, not the code that it names and that stands in it.
        or b.startswith(note.at)
        # Two drugs are two codes; the notes of T36-T50 tell which code a drug has.
        or ("T36" <= a[:3] <= "T50" and "T36" <= b[:3] <= "T50")
        or (injury and ("sequel" in words) != (b[6] == "S"))
        or (injury and under.code.chapter == 19 and (a[6:] == "S") != (b[6] == "S"))
        or (words.startswith("open fracture") and "open" not in named.code.title)
        # A bruise and an open wound of two parts of the head (the fourth character names the part).
        or (a[:3] == "S00" and b[:3] == "S01" and a[3] != _WOUND.get(b[3], b[3]))
        # The single values of the coma scale are measurements, not "coma in diabetes".
        or (a[:3] == "I69" and b[:3] == "S06")
        or (a[:5] in ("R4021", "R4022", "R4023", "R4024") and b[:3] in _DIABETES)
        or apart(under.code.title, named.code.title)
    )


_WOUND: Final = {"2": "3", "3": "4", "4": "8"}
"""Fourth character of S01 → of S00, for the same part of the head: nose, ear, cheek."""
_DIABETES: Final = ("E08", "E09", "E10", "E11", "E13")


def doubtful(codes: CodeSet, note: Note, target: Target, under: Entry, named: Entry) -> bool:
    """Whether the note's words are narrower than the codes it names, or its heading wider than its words."""
    said = stems(note.text)
    one, other = under.code.title, named.code.title
    if _negated(note.text, other) or _histories(under.key, named.key) or under.key.startswith(_SEVERAL):
        return True
    if under.key.startswith("S00") and named.key.startswith("S06"):
        return True
    if "fracture" in note.text and (under.key[0] == "S") != (named.key[0] == "S") and not together(one, other):
        return True
    if "bilateral" in note.text and side(other) in ("right", "left"):
        return True
    if under.key.startswith(UNLIKE) and len(note.at) == 3 and note.at != under.key:
        if not said & stems(one) - stems(codes.title(note.at)):
            return True
    elif note.at == under.key and _RESIDUAL.match(one) and not said & stems(one):
        return True
    if target.tail or note.at[:3] == named.key[:3]:
        return False
    if len(target.low) == 3 or target.low != target.high:
        described = _described(codes, named.key)
        agreed = said & described
        relation = _CAUSE.search(note.text) or _IN.search(note.text)
        # "coma in diabetes" means the codes of diabetes with coma: the words before the relation have to agree.
        if relation and not stems(note.text[: relation.start()]) & described:
            return True
        # Where no word agrees, the note only says the same in other words ("arthrosis": osteoarthritis).
        return bool(agreed) and 2 * len(agreed) < len(said)
    return bool(_RESIDUAL.match(other)) and not said & stems(other)


def _negated(text: str, title: str) -> bool:
    """``ulcer with hemorrhage`` against a title ``… without hemorrhage or perforation``."""
    lacks = frozenset(s for found in _WITHOUT.findall(title) for s in stems(found))
    return bool(lacks) and any(lacks & stems(found) for found in _WITH.findall(text))


def _histories(one: str, other: str) -> bool:
    """Two events of the past may both have been, even where the present ones exclude each other."""
    return "Z80" <= one[:3] <= "Z87" and "Z80" <= other[:3] <= "Z87"


def _described(codes: CodeSet, key: str) -> frozenset[str]:
    """The words of a code's title, of the headings above it, and of their inclusion terms."""
    found = codes.get(key)
    out: frozenset[str] = frozenset()
    for at in found.path if found else ():
        out |= stems(codes.title(at))
    for kind in ("includes", "inclusionTerm"):
        for note in codes.notes(key, kind):
            out |= stems(note.text)
    return out
