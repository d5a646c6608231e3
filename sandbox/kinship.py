"""How two codes are kin: the same condition on the other side, with less detail, of another cause, or only near it.

It compares what the code set says of the codes (titles, hierarchy, 7th characters) and knows no case. The names that
it gives are those of :data:`sandbox.report.PAIR_ERRORS`:

=============== ======================================================================================================
exact           the same code
wrong_side      one category, and the titles (or the meanings of the 7th character) differ in words of side only
wrong_episode   the 7th characters belong to different phases of care: initial, subsequent, sequela
wrong_seventh   all but the 7th character agrees (or only its placeholders do not), within one phase of care
too_general     the beginning of the other code; or *unspecified* where the two part and the other is not (where they
                part at a block, only if its title says nothing else that the other does not)
too_specific    the reverse of too_general
wrong_etiology  one condition with two causes: members of one group of the table below, or two titles *X due to …*
related         one category; or one block and half of the telling words of the titles; in ICD-10-PCS the same first
                three characters, or five of seven; in HCPCS and CPT the same first three characters
=============== ======================================================================================================
"""

import re
from functools import lru_cache
from typing import Final

from sandbox.codes.codeset import CodeSet
from sandbox.codes.model import Code
from sandbox.encounter import CM, PCS

_SIDES: Final = frozenset((
    "right", "left", "bilateral", "unilateral", "both", "unspecified", "eye", "eyes", "ear", "ears", "dominant",
    "nondominant",
))  # fmt: skip
_FILLERS: Final = frozenset(("of", "the", "in", "side", "non"))
_UNSPECIFIED: Final = re.compile(r"(?<!or )\bunspecified\b|\bnot specified\b|\bNOS\b", re.IGNORECASE)
# Words that many titles of a block share although they name different things.
_COMMON: Final = _SIDES | frozenset((
    "a", "acute", "affecting", "an", "and", "any", "as", "at", "by", "chronic", "closed", "condition",
    "conditions", "current", "disease", "diseases", "disorder", "disorders", "due", "elsewhere", "encounter",
    "family", "for", "fracture", "from", "history", "in", "initial", "long", "nec", "not", "of", "on", "open",
    "or", "organism", "other", "pathological", "personal", "place", "sequela", "site", "specified", "subsequent",
    "term", "the", "to", "type", "use", "with", "without",
))  # fmt: skip
_TEMPI: Final = frozenset(("acute", "chronic"))
_PHASES: Final = ("initial", "subsequent", "sequela")

_FRACTURES: Final = tuple(f"S{site}2" for site in range(10))
_ETIOLOGIES: Final[tuple[tuple[tuple[str, ...], ...], ...]] = (
    # the type of diabetes, and the diabetes of pregnancy
    (("E08",), ("E09",), ("E10",), ("E11",), ("E13",), ("O24",)),
    # a fracture of one bone: by force, osteoporotic (age-related, other), fatigue, other disease, neoplasm, unknown
    (_FRACTURES, ("M800",), ("M808",), ("M843",), ("M844",), ("M845",), ("M846",)),
    (("D50",), ("D51",), ("D52",), ("D53",), ("D55",), ("D58",), ("D59",), ("D61",), ("D62",), ("D63",), ("D64",)),
    (("L89",), ("L97", "L984")),  # ulcer of the skin: by pressure or not
    (("G934",), ("G92",), ("K7682",), ("I674",)),  # encephalopathy
    (("E02", "E03"), ("E890",)),  # hypothyroidism: of its own, or after a procedure
    (("I10", "I11", "I12", "I13", "I1A"), ("I15",)),  # hypertension: essential or secondary
    (("J12",), ("J13",), ("J14",), ("J15",), ("J16",), ("J17",), ("J18",), ("J690",)),  # pneumonia
    (("F01",), ("F02",), ("F03",)),  # dementia
)
"""Conditions that the classification files by cause: in each row, the members by the beginnings of their codes."""


class Kinship:
    """Judges pairs of codes of one code set. Answers are kept, so one object serves many claims; safe for threads."""

    def __init__(self, codes: CodeSet) -> None:
        self.codes = codes
        self.between = lru_cache(maxsize=16384)(self._between)

    def _between(self, entered: str, key: str, system: str) -> tuple[str, ...]:
        """What ``entered`` is to ``key`` (a code of ``system``; both without dots), as names, the worst first.

        Empty where they are no kin.
        """
        if entered == key:
            return ("exact",)
        if len(entered) < 3:
            return ()
        if key.startswith(entered):
            return ("too_general",)
        return self._diagnoses(entered, key) if system == CM else self._procedures(entered, key, system)

    def _diagnoses(self, entered: str, key: str) -> tuple[str, ...]:
        if entered.startswith(key):
            return ("too_specific",) if self.codes.get(entered) else ("related",)
        if entered.replace("X", "") == key.replace("X", ""):
            return ("wrong_seventh",)
        (stem, last), (key_stem, key_last) = self._split(entered), self._split(key)
        ending = _ending(last, key_last)
        if stem == key_stem:
            return (ending or "wrong_seventh",)
        found = self._stems(stem, key_stem)
        return tuple(dict.fromkeys(name for name in (found, ending) if name)) if found else ()

    def _split(self, code: str) -> tuple[str, str]:
        """A code as stem and meaning of its 7th character (``?`` where the category has no such character)."""
        meanings = self.codes.seventh(code) if len(code) == 7 else {}
        return (code[:6].rstrip("X"), meanings.get(code[6], "?")) if meanings else (code, "")

    def _stems(self, stem: str, key_stem: str) -> str:
        one, other = self._nearest(stem), self._nearest(key_stem)
        if one is None or other is None:
            return "related" if stem[:3] == key_stem[:3] else ""
        category = stem[:3] == key_stem[:3]
        return (
            (category and _side(one.title, other.title))
            or self._detail(one, other)
            or self._etiology(stem, key_stem, one, other)
            or ("related" if category or self._near(one, other) else "")
        )

    def _nearest(self, code: str) -> Code | None:
        """The entry of a code, or that of its longest beginning that is one."""
        return next((found for n in range(len(code), 2, -1) if (found := self.codes.get(code[:n]))), None)

    def _detail(self, one: Code, other: Code) -> str:
        """Whether one is *unspecified* at the point where the two ways down the hierarchy part."""
        common = next((at for at in one.path if at in other.path), "CH")
        if common.startswith("CH") or common in (one.key, other.key):
            return ""
        if "-" in common:  # a block: the vaguer title may say nothing that the other does not
            vague, key_vague = self._vaguer(one, other), self._vaguer(other, one)
        else:
            below = (self.codes.title(code.path[code.path.index(common) - 1]) for code in (one, other))
            vague, key_vague = (bool(_UNSPECIFIED.search(title)) for title in below)
        if vague == key_vague:
            return ""
        return "too_general" if vague else "too_specific"

    def _vaguer(self, one: Code, other: Code) -> bool:
        words = self._telling(other, _COMMON - _TEMPI)
        titles = (title for title in (one.title, self.codes.title(one.key[:3])) if _UNSPECIFIED.search(title))
        return any(set() < _words(title) - (_COMMON - _TEMPI) <= words for title in titles)

    def _etiology(self, stem: str, key_stem: str, one: Code, other: Code) -> str:
        for members in _ETIOLOGIES:
            place = [next((n for n, m in enumerate(members) if code.startswith(m)), -1) for code in (stem, key_stem)]
            if -1 in place or place[0] == place[1]:
                continue
            if members[0] != _FRACTURES or self._telling(one) & self._telling(other):
                return "wrong_etiology"
        cause = [code.title.lower().partition(" due to ") for code in (one, other)]
        same = cause[0][0] == cause[1][0] and all(rest for _, _, rest in cause)
        return "wrong_etiology" if same and one.path[-2:] == other.path[-2:] else ""

    def _near(self, one: Code, other: Code) -> bool:
        """One block, and half of the telling words of the title that has fewer."""
        if one.path[-2:] != other.path[-2:]:
            return False
        words = [_words(code.title) - _COMMON for code in (one, other)]
        return 2 * len(words[0] & words[1]) >= min(map(len, words)) > 0

    def _telling(self, code: Code, common: frozenset[str] = _COMMON) -> frozenset[str]:
        return _words(f"{code.title} {self.codes.title(code.key[:3])}") - common

    def _procedures(self, entered: str, key: str, system: str) -> tuple[str, ...]:
        near = entered[:3] == key[:3]
        if system != PCS:
            return ("related",) if near else ()
        if near and (side := _side(self.codes.title(entered, PCS), self.codes.title(key, PCS))):
            return (side,)
        same = sum(a == b for a, b in zip(entered, key, strict=False))
        return ("related",) if near or (entered[0] == key[0] and len(entered) == 7 and same >= 5) else ()


@lru_cache(maxsize=16384)
def _words(title: str) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z0-9]+", title.lower()))


def _side(title: str, key_title: str) -> str:
    """wrong_side, too_general or too_specific where two titles differ in words of side only, otherwise empty."""
    one, other = _words(title), _words(key_title)
    differ = one ^ other
    if not one or not other or not differ <= _SIDES | _FILLERS or not differ & _SIDES:
        return ""
    if "unspecified" in differ:
        return "too_general" if "unspecified" in one else "too_specific"
    return "wrong_side"


def _ending(meaning: str, key_meaning: str) -> str:
    """What two meanings of a 7th character are to each other; empty where they agree or cannot be compared."""
    if not meaning or not key_meaning or meaning == key_meaning:
        return ""
    phases = [next((p for p in _PHASES if text.startswith(p)), "") for text in (meaning, key_meaning)]
    if all(phases):
        return "wrong_episode" if phases[0] != phases[1] else ""
    if side := _side(meaning, key_meaning):
        return side
    vague = [bool(_UNSPECIFIED.search(text)) for text in (meaning, key_meaning)]
    if vague[0] != vague[1]:
        return "too_general" if vague[0] else "too_specific"
    return ""
