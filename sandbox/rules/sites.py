"""Where in the body a code's title says it is: its side, and the places that set two codes apart."""

import re
from functools import lru_cache
from typing import Final

_SIDE: Final = re.compile(r"\b(right|left|bilateral|unilateral)\b", re.IGNORECASE)
_CONTRALATERAL: Final = re.compile(r"with (?:un)?restricted hearing on the contralateral side", re.IGNORECASE)
_WORD: Final = re.compile(r"[a-z0-9]+")
# Titles of codes for both sides leave the organ out: "cataract, right eye", "cataract, bilateral".
_FILLER: Final = frozenset(
    ("of", "the", "in", "and", "on", "to", "side", "s", "eye", "eyes", "orbit", "ear", "ears", "hand", "leg", "legs")
)

_PLACES: Final = tuple(
    (dimension, place, re.compile(pattern, re.IGNORECASE))
    for dimension, place, pattern in (
        ("spine", "cervical", r"cervic(?:al|o)"),
        ("spine", "thoracic", r"thorac(?:ic|o)"),
        ("spine", "lumbar", r"lumb(?:ar|o)"),
        ("spine", "sacral", r"sacr(?:al|um|o)|coccy"),
        ("limb", "arm", r"shoulder|clavic|scapul|rotator cuff|humer|upper arm"),
        ("limb", "forearm", r"elbow|forearm|radius|ulna|wrist"),
        ("limb", "hand", r"wrist|hand\b|finger|thumb|metacarp|carpal"),
        ("limb", "hip", r"\bhip\b|pelvi|femur|femoral|thigh|acetabul"),
        ("limb", "leg", r"knee|patella|tibia|fibula|lower leg|calf|ankle|malleol"),
        ("limb", "foot", r"ankle|foot|toe|heel|metatars|calcan|tarsal|hallux"),
        ("finger", "thumb", r"thumb"),
        ("finger", "index", r"index finger"),
        ("finger", "middle", r"middle finger"),
        ("finger", "ring", r"ring finger"),
        ("finger", "little", r"little finger"),
        ("opening", "trachea", r"tracheostomy"),
        ("opening", "stomach", r"gastrostomy"),
        ("opening", "colon", r"colostomy"),
        ("opening", "small bowel", r"ileostomy|enterostomy|jejunostomy"),
        ("opening", "urinary", r"cystostomy|urinary|nephrostomy|ureterostomy"),
        ("aorta", "chest", r"thoracic aort"),
        ("aorta", "abdomen", r"abdominal aort"),
    )
)


@lru_cache(maxsize=8192)
def side(title: str) -> str:
    """``right``, ``left``, ``bilateral``, ``one`` (unilateral, no side named), or empty: no side, or more than one."""
    if _SIDE.search(title) is None:
        return ""
    found = {word.lower() for word in _SIDE.findall(_CONTRALATERAL.sub("", title))}
    if found == {"unilateral"}:
        return "one"
    found.discard("unilateral")
    return found.pop() if len(found) == 1 else ""


@lru_cache(maxsize=8192)
def stem(title: str) -> tuple[str, ...]:
    """The words of a title without side, organ and plural endings: equal where two codes differ in their side alone."""
    words = _WORD.findall(_SIDE.sub(" ", _CONTRALATERAL.sub("", title)).lower())
    return tuple(dict.fromkeys(_singular(word) for word in words if word not in _FILLER))


def _singular(word: str) -> str:
    return f"{word[:-3]}y" if word.endswith("ies") else word.removesuffix("s")


def before_side(title: str) -> str:
    """What a title says before it names the side: the disease, without its stage; empty where it names none."""
    found = _SIDE.search(title)
    return title[: found.start()] if found else ""


@lru_cache(maxsize=8192)
def places(title: str) -> dict[str, frozenset[str]]:
    """dimension (``side``, ``spine``, ``limb``, ``finger``, ``opening``, ``aorta``) → the places that a title names."""
    out: dict[str, set[str]] = {}
    for dimension, place, pattern in _PLACES:
        if pattern.search(title):
            out.setdefault(dimension, set()).add(place)
    sides = {"bilateral": {"right", "left"}, "right": {"right"}, "left": {"left"}}.get(side(title))
    if sides:
        out["side"] = sides
    return {dimension: frozenset(found) for dimension, found in out.items()}


def apart(one: str, other: str, unless: tuple[str, str] = ("", "")) -> bool:
    """Whether two titles name places that cannot be the same: right and left, neck and lower back, hand and foot.

    ``unless``: two titles that are apart by themselves; what sets them apart does not count.
    """
    return bool(_apart(one, other) - _apart(*unless))


def _apart(one: str, other: str) -> frozenset[str]:
    first, second = places(one), places(other)
    return frozenset(d for d in first.keys() & second.keys() if not first[d] & second[d])


def together(one: str, other: str) -> bool:
    """Whether two titles name a common place of spine or limb."""
    first, second = places(one), places(other)
    return any(first[d] & second[d] for d in ("spine", "limb") if d in first and d in second)
