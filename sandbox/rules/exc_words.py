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
        that those code codes primary encounter from state certain current part site cause causing resulting""",
    )
)
# Two spellings of one thing in the Tabular: the first six letters of a word → the letters it is compared by.
_SAME: Final = {
    "bleedi": "hemorr", "newbor": "neonat", "perina": "neonat", "tumor": "neopla", "kidney": "renal", "lung": "pulmon",
    "liver": "hepati", "heart": "cardia", "cardio": "cardia", "myocar": "cardia", "seizur": "convul",
    "openin": "stoma", "arteri": "artery",
}  # fmt: skip
_WITHOUT: Final = re.compile(r"without ((?:(?!with\b)[a-z]+[ ,]*)+)")
_WITH: Final = re.compile(r"\bwith ((?:(?!without\b)[a-z]+ ?)+)")
_EITHER: Final = re.compile(r"with or without")
_CAUSE: Final = re.compile(r"\b(?:with|due to|following|resulting in)\b")
_IN: Final = re.compile(r"\bin\b")
_RESIDUAL: Final = re.compile(r"other\b", re.IGNORECASE)

_ASKED: Final = {
    "rupture or displacement": "displace|rupture",
    "myoclonic epilepsy": "myoclon",
    "depressive stupor": "stupor",
    "uterine prolapse": "uter",
    "fingers and toes": "finger|thumb|toe",
    "embolism or thrombus of bypass graft": "embol|thromb",
    "tuberculous pleural": "pleur",
    "tuberculous (current disease) pneumothorax": "pleur",
    "obstruction of bile duct with cholelithiasis": "bile duct|with obstruction",
    "Crohn's rickets": "ricket",
    "congenital diabetes mellitus": "congenital",
    "congenital deafness": "congenital",
    "perforation of (thoracic) esophagus": "esophag",
    "open wound of esophagus": "esophag",
    "physical abuse": "physical",
    "injury of cerebral blood vessels": "vessel|arter",
    "exhaustion and fatigue due to pregnancy": "exhaust|fatigue",
    "vitreous syndrome following cataract surgery": "vitre",
    "intraperitoneal dialysis catheter": "dialysis",
    "deformity of knee": "knee",
    "intraocular foreign body": "foreign body",
    "vermilion border of lip (D37.0)": "lip\\b",
    "diagnostic imaging (R90-R93)": "skull|head|limb|musculoskeletal|other specified body",
}
"""Notes that name a whole category for one thing in it: words of the note → what the title of a code has that is meant
(read off all notes of the April 2026 Tabular that name four codes or more)."""

NARROWER: Final = "Its words do not fit every code that it covers: read whether it means this case."
DRUGS: Final = "Two different drugs take two codes: read in the chart whether it was one drug or two."
PLACES: Final = "Injuries at two different places take two codes: read in the chart whether it is one place."
TIMES: Final = "A present injury and the sequela of an old one take two codes: read in the chart which it is."
"""Why a note may not mean the pair, for the learner."""


@lru_cache(maxsize=8192)
def stems(text: str) -> frozenset[str]:
    """The words that carry meaning, cut to their first six letters and with synonyms made one."""
    words = _WORD.findall(_BRACKET.sub(" ", text).lower())
    return frozenset(_SAME.get(word[:6], word[:6]) for word in words if word not in _WEAK)


def silent(codes: CodeSet, note: Note, target: Target, under: Entry, named: Entry) -> bool:
    """Whether the note, for all its codes, cannot speak of this pair.

    ``under``: the code below the note's heading; ``named``: the code that the note names.
    """
    # Of nearly everything, a symptom or a rash is what the note means.
    if _wide(target) and not named.key.startswith(("R", "L27")):
        return True
    # A note at one place that names another place ("median nerve NOS") does mean the two together.
    heading, range_ = codes.title(note.at), codes.title(target.low) if target.low == target.high else ""
    return apart(under.code.title, named.code.title, unless=(heading, range_))


def doubtful(codes: CodeSet, note: Note, target: Target, under: Entry, named: Entry) -> str:
    """Why the note may not mean this pair, a sentence for the message: its words are narrower than the codes it names.

    Empty where the note plainly means the pair.
    """
    if _drug(under.key) and _drug(named.key):
        return DRUGS
    if _other_time(note, under, named):
        return TIMES
    if _other_place(note, under, named):
        return PLACES
    return NARROWER if _narrower(codes, note, target, under, named) else ""


def _drug(key: str) -> bool:
    """Poisoning by, adverse effect or underdosing of a drug: the notes of T36-T50 tell which code a drug has."""
    return "T36" <= key[:3] <= "T50"


def _other_time(note: Note, under: Entry, named: Entry) -> bool:
    """Whether one code is a present injury and the note or the other code means the sequela of one."""
    if named.code.chapter != 19 or len(named.key) != 7:
        return False
    past = named.key[6] == "S"
    return under.key[6:] != "S" if past and under.code.chapter == 19 else past != ("sequel" in note.text.lower())


_WOUND: Final = {"0": "0", "1": "1", "2": "1", "3": "2", "4": "3", "5": "5"}
"""Fourth character of S00 → of S01, for the same part of the head; 8 and 9 are several parts."""


def _other_place(note: Note, under: Entry, named: Entry) -> bool:
    """Whether the two injuries may be at two places that the codes do not tell apart by their side."""
    one, other = under.key, named.key
    if note.at == "S00":
        if other.startswith("S05"):
            return one[3] not in "12"
        return other.startswith("S01") and _WOUND.get(one[3]) != other[3]
    # A pathological and a traumatic fracture, of bones that the titles do not show to be the same.
    fractures = "fracture" in note.text and one[0] == "M" and other[0] == "S"
    return fractures and not together(under.code.title, named.code.title)


def _narrower(codes: CodeSet, note: Note, target: Target, under: Entry, named: Entry) -> bool:
    """Whether the note's words are narrower than the codes it names, and the named code is outside the words."""
    words, title = note.text, named.code.title
    said = stems(words)
    if (
        _wide(target)
        or _negated(words, title)
        or (under.key, named.key) == _EXAMPLE
        or (words.startswith("open fracture") and "open" not in title)
        or (words.startswith("focal cerebral contusion") and "ontusion" not in title)
        or _elsewhere(words, title)
        or ("bilateral" in words and side(title) in ("right", "left"))
    ):
        return True
    if target.tail or note.at[:3] == named.key[:3] or _single(target, named):
        return False
    if len(target.low) > 3 and target.low == target.high:
        return bool(_RESIDUAL.match(title)) and not said & stems(title)
    described = _described(codes, named.key)
    agreed = said & described
    relation = _CAUSE.search(words) or _IN.search(words)
    # "coma in diabetes" means the codes of diabetes with coma: the words before the relation have to agree.
    if relation and not stems(words[: relation.start()]) & described:
        return True
    # Where no word agrees, the note only says the same in other words ("arthrosis": osteoarthritis).
    return bool(agreed) and 2 * len(agreed) < len(said)


@lru_cache(maxsize=8192)
def _elsewhere(words: str, title: str) -> bool:
    """Whether the note asks for something that the title has not (``_ASKED``)."""
    return any(said in words and not re.search(asked, title, re.IGNORECASE) for said, asked in _ASKED.items())


_EXAMPLE: Final = ("F458", "G4763")
"""The guideline's own example of two conditions that may be unrelated (I.A.12.a)."""


def _single(target: Target, named: Entry) -> bool:
    """Whether the target is a category of one condition, such as B20 or T68."""
    return target.low == target.high == named.key[:3] and named.key[3:6] in ("", "XXX")


def _wide(target: Target) -> bool:
    """Whether the target spans several chapters: "specified adverse effects (A00-R94 ...)" names nearly everything."""
    return ord(target.high[0]) - ord(target.low[0]) > 1


def _negated(text: str, title: str) -> bool:
    """``ulcer with hemorrhage`` against a title ``… without hemorrhage or perforation``."""
    lacks = frozenset(s for found in _WITHOUT.findall(title) for s in stems(found))
    return bool(lacks) and any(lacks & stems(found) for found in _WITH.findall(_EITHER.sub(" ", text)))


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
