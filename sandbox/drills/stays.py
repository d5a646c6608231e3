"""Drills on what inpatient codes do and are: CC and MCC beside a principal diagnosis, root operations."""

import datetime as dt
from functools import lru_cache
from itertools import groupby
from random import Random
from typing import Final

from sandbox.codes.codeset import CodeSet
from sandbox.drills.model import Book, Draft, Told
from sandbox.encounter import PCS, Claim, Encounter, Line, Patient, dotted
from sandbox.payment import Payer

_MOST_OPTIONS: Final = 4
_MOST_KIN: Final = 8
"""Neighbours of the principal diagnosis that the grouper is asked about."""
_WITH_EXCLUSION: Final = 0.9
"""How often a draft without an excluded neighbour is thrown away."""
_Categories = tuple[tuple[str, ...], ...]
_LEVELS: Final = {"MCC": "a major complication or comorbidity (MCC)", "CC": "a complication or comorbidity (CC)"}


def complication(dice: Random, book: Book) -> Draft | None:
    """Which secondary diagnosis is a CC or MCC beside this principal diagnosis."""
    if book.payer is None:
        return None
    heavy = _heavy(book.codes, book.on, book.payer)
    principal = _one_of(dice, heavy["principal"])
    level = dice.choice(("MCC", "MCC", "CC"))
    right = _one_of(dice, heavy[level])
    kin = _kin_of(principal, heavy[level])
    kin = dice.sample(kin, min(_MOST_KIN, len(kin)))
    wrong = [key for key in kin if _level(book, principal, key) == (level, True)][:2]
    if not wrong and dice.random() < _WITH_EXCLUSION:
        return None
    # Where an MCC is asked for, a CC is wrong; where a CC is asked for, an MCC would be a quibble.
    others = heavy["CC"] if level == "MCC" else heavy[""]
    wrong += [_one_of(dice, others), _one_of(dice, heavy[""]), _one_of(dice, heavy[""])]
    wrong = list(dict.fromkeys(wrong))[: _MOST_OPTIONS - 1]
    found = {key: _level(book, principal, key) for key in (right, *wrong)}
    if len(wrong) < _MOST_OPTIONS - 1 or right in wrong or principal in found or found[right] != (level, False):
        return None
    if any(found[key] in (("MCC", False), (level, False)) for key in wrong):
        return None
    return Draft(
        question=f"Principal diagnosis {dotted(principal)} {book.title(principal)}. "
        f"Which of these secondary diagnoses counts as {_LEVELS[level]} beside it?",
        right=(_named(book, right), dotted(right)),
        wrong=tuple((_named(book, key), dotted(key)) for key in wrong),
        why="A diagnosis is a CC or MCC by CMS's list, and it does not count where the principal diagnosis is on its "
        "exclusion list: too near to add anything.",
        told=tuple(Told(dotted(key), "MS-DRG", _in_words(*found[key])) for key in found),
        codes=(dotted(principal), dotted(right)),
    )


def _named(book: Book, key: str) -> str:
    return f"{dotted(key)} {book.title(key)}"


def _in_words(level: str, excluded: bool) -> str:
    if not level:
        return "neither CC nor MCC"
    return f"{level}, but excluded by this principal diagnosis" if excluded else level


def _one_of(dice: Random, categories: _Categories) -> str:
    """A code; each category as likely, so that ulcers with their hundred sites do not crowd out the rest."""
    return dice.choice(dice.choice(categories))


def _kin_of(principal: str, categories: _Categories) -> list[str]:
    near = (keys for keys in categories if keys[0][:2] == principal[:2])
    return [key for keys in near for key in keys if key != principal]


def _level(book: Book, principal: str, key: str) -> tuple[str, bool]:
    """('MCC', 'CC' or '', whether the principal diagnosis takes it away)."""
    assert book.payer
    return _grouped(book.codes, book.on, book.payer, principal, key)


@lru_cache(maxsize=8192)
def _grouped(codes: CodeSet, on: int, payer: Payer, principal: str, key: str) -> tuple[str, bool]:
    date = dt.date(on // 10000, on // 100 % 100, on % 100)
    encounter = Encounter("inpatient", Patient(50, "U"), date, date, discharge_status="01")
    lines = (Line("dx1", principal, poa="Y"), Line("dx2", key, poa="Y"))
    found = payer.group(Claim(encounter, lines)) or {}
    return found.get("lines", {}).get("dx2", ""), "dx2" in found.get("excluded", ())


@lru_cache(maxsize=4)
def _heavy(codes: CodeSet, on: int, payer: Payer) -> dict[str, _Categories]:
    """Ordinary codes by category, and by what they are beside a principal diagnosis that excludes hardly anything; and
    codes that may be the principal diagnosis of an adult of either sex."""
    out: dict[str, list[str]] = {"MCC": [], "CC": [], "": [], "principal": []}
    book = Book(codes, on)
    everyday = frozenset(book.pool(least=2))
    for key in book.pool(least=1):
        found = codes.get(key)
        if len(key) == 7 or key[0] in _OTHERS or found is None:
            continue
        out[_grouped(codes, on, payer, _HARMLESS, key)[0]].append(key)
        if key in everyday and not found.flags(on) & _NOT_FIRST and key[0] not in "RZ":
            out["principal"].append(key)
    return {name: tuple(tuple(c) for _, c in groupby(keys, lambda key: key[:3])) for name, keys in out.items()}


_OTHERS: Final = "OPQVWXY"
"""Chapters of pregnancy, newborns, malformations and external causes: no company for any adult."""
_HARMLESS: Final = "H9190"
_NOT_FIRST: Final = frozenset(("manifestation", "unacceptable", "reqsdx", "ecodepdx", "qadm", "male", "female"))


_ALIKE: Final = (
    ("Excision", "Resection", "Destruction", "Extraction"),
    ("Drainage", "Extirpation", "Fragmentation", "Extraction"),
    ("Insertion", "Replacement", "Supplement", "Revision"),
    ("Dilation", "Bypass", "Restriction", "Occlusion"),
    ("Release", "Division", "Detachment", "Excision"),
    ("Control", "Repair", "Occlusion", "Inspection"),
    ("Reposition", "Transfer", "Reattachment", "Fusion"),
    ("Removal", "Change", "Revision", "Extirpation"),
)
"""Root operations of the medical and surgical section that are taken for each other."""
_FEWEST: Final = 3


def root(dice: Random, book: Book) -> Draft | None:
    """Whether a procedure that is given by its code shares its root operation with one that is given by its title.

    Two codes would be told apart by looking at the third characters, two titles by their first words; one of each asks
    what the character means.
    """
    names = _operations(book.codes, book.on)
    group = [name for name in dice.choice(_ALIKE) if name in names]
    if len(group) < _FEWEST:
        return None
    first, second = dice.choice(group), dice.choice(group)
    one = dice.choice(names[first])
    # In one body system the codes of neighbours would be known by heart.
    elsewhere = [key for key in names[second] if key[1] != one[1]]
    if not elsewhere:
        return None
    other = dice.choice(elsewhere)
    return Draft(
        question=f"{one}, and “{book.title(other, PCS)}”: do these procedures share their root operation?",
        right=(_say(first, second), ""),
        wrong=tuple((_say(name, second), "") for name in group if name != first),
        why="In the medical and surgical section the third character is the root operation, whatever the body system.",
        told=tuple(Told(key, "title", book.title(key, PCS)) for key in (one, other)),
        codes=(one, other),
    )


def _say(one: str, other: str) -> str:
    return f"Yes: {one}" if one == other else f"No: {one} and {other}"


@lru_cache(maxsize=4)
def _operations(codes: CodeSet, on: int) -> dict[str, tuple[str, ...]]:
    """Root operation → ordinary codes of the medical and surgical section with a title that begins with it."""
    out: dict[str, list[str]] = {}
    for key in Book(codes, on).pool(PCS):
        if key.startswith("0") and (title := codes.title(key, PCS)):
            out.setdefault(title.split(" ", 1)[0], []).append(key)
    return {name: tuple(keys) for name, keys in out.items()}
