"""What a text costs: how far it is from the plain, everyday thing that somebody means who says no more.

``common.csv`` says how common a code is in US coding of hospital stays, emergency departments, offices and surgery. It
is a judgement, not a count: 3 what a coder meets every day, 2 what is met every week, 1 what is at least no rarity.
"""

import csv
import re
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

from sandbox.codes.search_words import words
from sandbox.encounter import CM, PCS

TABLE: Final = Path(__file__).with_name("common.csv")
"""code, system (cm, pcs), weight (1 to 3). A heading speaks for all below it that have no row of their own."""
_SYSTEMS: Final = {"cm": CM, "pcs": PCS}
_COMMON: Final = {CM: (0.0, 0.5, 1.0, 1.7), PCS: (0.0, 0.3, 0.6, 1.6)}
"""What a weight is worth: about as much as one word of a title."""
_NOTHING: Final = 9.0
"""What a code costs of which no title is known."""
_PRICES: Final = {
    **dict.fromkeys(("unspecified", "not", "elsewhere", "classified", "approach"), 0.15),
    **dict.fromkeys(("other", "specified"), 1.1),
    # Where nothing is said, a fracture is coded as displaced, a valve as not rheumatic, a bleed as not traumatic.
    **dict.fromkeys(("displaced", "nonrheumatic", "nontraumatic"), 0.4),
    **dict.fromkeys(("rheumatic", "recurrent", "pathological", "nontraffic", "traumatic"), 1.6),
    **dict.fromkeys(("arm", "leg"), 0.6),
    **dict.fromkeys(("single", "episode", "consecutive", "hour", "per", "day", "less", "greater", "than"), 0.3),
    **dict.fromkeys(("non", "fluoroscopy", "radiography", "computerized"), 1.8),
    **dict.fromkeys(("change", "removal", "revision", "articulating"), 3.0),
    **dict.fromkeys(("magnetic", "ultrasonography", "planar", "beam", "brachytherapy"), 1.8),
    **dict.fromkeys(("history", "family", "sequela", "newborn", "neonatal", "pregnancy", "childbirth"), 2.5),
    **dict.fromkeys(("puerperium", "puerperal", "complicating", "maternal", "fetal", "gestational"), 2.5),
    **dict.fromkeys(("intraoperative", "postprocedural", "poisoning", "adverse", "screening", "exposure"), 2.0),
    **dict.fromkeys(("underdosing", "congenital", "secondary", "induced", "retained", "resistance", "carrier"), 1.8),
    # In ICD-10-PCS: a hip is a joint, a breast no skin, unless something else is asked for.
    **dict.fromkeys(("muscle", "tendon", "bursa", "ligament", "lymphatic", "skin", "subcutaneous", "nerve"), 1.5),
}
"""What a word costs, if not 1: words that say nothing cost little, words that lead away from the plain sense much."""
_ASIDE: Final = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_WITH: Final = re.compile(r"\bwith\b")
WITHOUT: Final = re.compile(
    r"\bwithout foreign body\b|\bnot specified as [^,]*|\b(?:without|not intractable)\b(?:(?! with )[^,])*"
)
"""What is denied: ``without perforation or abscess``. It costs little: it is meant where nothing is said."""
_VAGUE: Final = re.compile(
    r"\b(?:site |organism |part )?not specified\b|\bNOS\b|\bunspecified (?:organism|site|part|side|eye|ear|type|cause|"
    r"degree|region|level|location|ligament|trimester|complications?|limb|laterality|severity|stage|number of placenta|"
    r"number of amniotic sacs)\b"
)
_PARTS: Final = re.compile(r", | (?:of|with|into|from|to) ")
_RANGE: Final = re.compile(r"(\d+)\.\d-(\d+)\.\d")
_SPECIAL: Final = re.compile(r"[(\[]|without|specified|NOS|not |\.\d-")


class _Part(NamedTuple):
    """A piece of a text: its words as stems, in order, and what they cost together."""

    words: tuple[str, ...]
    cost: float


@lru_cache(maxsize=2)
def common(system: str, path: Path = TABLE) -> dict[str, float]:
    """code or beginning of codes, without 7th character → what being common is worth in ``system``."""
    worth = _COMMON[system]
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if _SYSTEMS.get(row["system"]) == system]
    return {plain(row["code"], system): worth[int(row["weight"])] for row in rows}


def plain(code: str, system: str) -> str:
    """A code as the index writes it: one of ICD-10-CM with a 7th character stands as what it completes."""
    return code[:6].rstrip("X") if system == CM and len(code) == 7 else code


def bonus(key: str, system: str) -> float:
    """What being common is worth for ``key``: by its own row in the table or the nearest above it."""
    worth = common(system)
    return next((worth[key[:n]] for n in range(len(key), 1, -1) if key[:n] in worth), 0.0)


def everyday(key: str, system: str, below: bool = False) -> bool:
    """Whether ``key`` itself is in the table with the highest weight, or with ``below`` something that begins so."""
    return key in (_heavy_beginnings(system) if below else _heavy(system))


@lru_cache(maxsize=2)
def _heavy(system: str) -> frozenset[str]:
    return frozenset(key for key, worth in common(system).items() if worth == _COMMON[system][-1])


@lru_cache(maxsize=2)
def _heavy_beginnings(system: str) -> frozenset[str]:
    return frozenset(key[:n] for key in _heavy(system) for n in range(3, len(key) + 1))


@lru_cache(maxsize=131072)
def _part(text: str) -> _Part:
    found = tuple(words(text))
    return _Part(found, sum(map(price, found)))


def forget() -> None:
    """Give back what was kept while an index was built."""
    for kept in (_part, common, _heavy, _heavy_beginnings):
        kept.cache_clear()


def _split(text: str) -> list[_Part]:
    """The pieces between words that do not count: titles are put together from a few of them, so each is read once."""
    return [_part(piece) for piece in _PARTS.split(text)]


def stems(text: str) -> list[str]:
    """The words of a text that count, as stems, in order; the same as ``words``, faster for titles."""
    return [word for part in _split(text) for word in part.words]


def price(word: str) -> float:
    """What a word of a title costs."""
    return _PRICES.get(word, 1.0)


def read(text: str) -> tuple[float, str]:
    """What a text costs, and its words: ``coma|hepatic|without injury``.

    Behind the first bar stand words in brackets or behind "unspecified", behind the second what is denied; both hardly
    count. The cost is how far the text is from plain: the sum over its words.
    """
    parts = _split(text)
    everything = [word for part in parts for word in part.words]
    if not everything:
        return _NOTHING, ""
    if not _SPECIAL.search(text):
        return sum(part.cost for part in parts) + 0.4 * text.count(" with "), " ".join(dict.fromkeys(everything))
    if between := _RANGE.search(text):
        # "Body mass index [BMI] 45.0-49.9" is asked for as "bmi 47".
        everything += map(str, range(int(between[1]), int(between[2]) + 1))
        text = _RANGE.sub(" ", text)
    denied = " ".join(WITHOUT.findall(text))
    rest = WITHOUT.sub(" ", text) if denied else text
    inside = " ".join(_ASIDE.findall(rest)) if "(" in rest or "[" in rest else ""
    rest = _VAGUE.sub("unspecified", _ASIDE.sub(" ", rest) if inside else rest)
    plain = words(rest)
    cost = sum(map(price, plain)) + 0.4 * len(_WITH.findall(rest))
    cost += 0.1 * len(words(inside)) + 0.25 * len(words(denied))
    no = [word for word in words(denied) if word not in plain]
    behind = [word for word in everything if word not in plain and word not in no]
    return cost, "|".join(" ".join(dict.fromkeys(part)) for part in (plain, behind, no)).rstrip("|")
