"""The names of conditions: titles and inclusion terms of ICD-10-CM and abbreviations of charts, by first word."""

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from sandbox.codes.codeset import CodeSet
from sandbox.codes.search_words import TABLE, stem

Words = tuple[str, ...]

LONGEST: Final = 7
"""Words of the longest name that is looked for: nobody writes a longer title out."""

_CHAPTERS: Final = "ABCDEFGHIJKLMNOPQSTZ"
_STATUS: Final = re.compile(r"Z(?:66|79|8[5-9]|9)")
"""Of the Z codes, what is true of a patient; encounters and screenings are told by the setting."""
_OPEN: Final = re.compile(
    r",? (?:and )?(?:unspecified|not elsewhere classified|not otherwise specified|NOS|NEC|uncomplicated|single episode)"
    r"\b(?: (?:site|organism|type|cause|part|episode|degree|severity|complications?))?"
    r"|,? (?:not specified|site not specified|not specified as .*|so stated)$|^unspecified |\bunspecified "
    r"| without .*$",
    re.IGNORECASE,
)
"""What a title leaves open or denies."""
_HEAD: Final = re.compile(r"^(?:Other|Other specified|Other and unspecified) ", re.IGNORECASE)
_BRACKETS: Final = re.compile(r"\s*[([]([^)\]]*)[)\]]")
_INSIDE: Final = re.compile(r"[([]([A-Za-z]*[A-Z][A-Za-z]*[A-Z][A-Za-z]*)[)\]]")
"""An abbreviation in brackets: *Chronic kidney disease (CKD)*."""
_FILLERS: Final = frozenset({"mellitu", "disease", "disorder", "the", "of", "to", "due", "with", "in", "by", "and"})
_WORD: Final = re.compile(r"[A-Za-zÀ-ÿ]+(?:['’]s)?|\d+")
_SHORT: Final = frozenset({"MI", "AF", "TB", "DM", "PE", "OA"})
"""Abbreviations of two letters that mean a condition more often than anything else."""
_ROOT: Final = 8
"""Letters that *hypertension* and *hypertensive* have in common."""
_ELSE: Final = frozenset(
    {"ACL", "ANC", "GBS", "ICU", "SBP", "SLE", "SSI", "SSS", "PVC", "MCL", "IUD", "NPH", "AIN", "BSA", "CIN"}
    | {"ACP", "CPD", "CRE", "ICP", "MAC", "POP", "PSC"}
)
"""Abbreviations that mean a measure, a test or a place as often (systolic blood pressure, monitored anesthesia)."""
_LETTERS: Final = 4
"""Letters of the shortest name of one word: shorter ones (mass, ache, burn) are too common."""
_COMMON: Final = """
    abrasion absence addiction adhesion adhesions aging alcohol allergy amputation anxiety aspirin assault attack
    bleeding blister bruise burn calculus caffeine callus colic complications constipation contracture contusion crush
    cyst death
    debility deformity dehydration delivery dependence depression diarrhea discharge disease dislocation disorder
    drowning dryness edema effusion erosion eruption erythema exhaustion exposure fall fatigue fever fissure fistula
    foreign fracture fractures growth hanging hematoma hemorrhage hernia infarction infection inflammation injury
    instability insufficiency insulin irritation itching laceration lesion lesions loss malaise mass murmur nausea
    necrosis neoplasm newborn nodule obstruction occlusion pain palpitations paralysis perforation picking poisoning
    polyp polyps pregnancy prolapse puncture rash rupture scar screening sequelae shock sprain stenosis stiffness
    strain stricture swelling syncope syndrome tear tetanus trauma tremor tumor twins ulcer ulceration urgency
    vomiting weakness wheezing wound
"""
"""Names of one word that say too little: a part of every other disease, or of a symptom."""
_TOO_COMMON: Final = frozenset(map(stem, _COMMON.split()))
_NOT: Final = frozenset({("accessory", "muscle"), ("weight", "bearing"), ("room", "air")})
"""Names that mean something else in a chart."""


@dataclass(frozen=True)
class Index:
    """Names of conditions by their first word: (words, codes without dot), the longest first.

    ``short`` has abbreviations as charts write them, in capitals.
    """

    names: Mapping[str, tuple[tuple[Words, tuple[str, ...]], ...]]
    short: Mapping[str, tuple[str, ...]]


def words(text: str) -> Words:
    """The words of a name as they are compared: small letters, without plural and possessive."""
    return tuple(stem(word.lower().removesuffix("'s").removesuffix("’s")) for word in _WORD.findall(text))


@lru_cache(maxsize=4)
def index(codes: CodeSet) -> Index:
    """The names of an edition; made once, in about a second."""
    names: dict[Words, list[str]] = defaultdict(list)
    inside: dict[str, list[str]] = defaultdict(list)
    # What is left over stands last: hypertension is I10 before it is I1A, "Other hypertension".
    for key, title in sorted(_titles(codes), key=lambda row: row[1].startswith("Other ")):
        for found in _INSIDE.findall(title):
            inside[found.upper()].append(key)
        for name in _names(title):
            given = words(name)
            if _worth(given) and key not in names[given]:
                names[given].append(key)
    first: dict[str, list[tuple[Words, tuple[str, ...]]]] = defaultdict(list)
    for given, keys in names.items():
        first[given[0]].append((given, tuple(keys)))
    ordered = {word: tuple(sorted(rows, key=lambda row: -len(row[0]))) for word, rows in first.items()}
    return Index(ordered, dict(_short(names, inside)))


def _titles(codes: CodeSet) -> Iterator[tuple[str, str]]:
    """(code without dot, a title or inclusion term of it)."""
    for chapter in _CHAPTERS:
        for entry in codes.outline(chapter):
            if _looked_for(entry.key):
                yield entry.key, entry.title
    for note in codes.all_notes():
        if note.kind in ("inclusionTerm", "includes") and _looked_for(note.at):
            yield note.at, note.text


def _looked_for(key: str) -> bool:
    """Whether a code or category is a condition; chapters and blocks are not, nor symptoms and causes from outside."""
    return len(key) > 2 and "-" not in key and key[0] in _CHAPTERS and (key[0] != "Z" or bool(_STATUS.match(key)))


def _names(title: str) -> Iterator[str]:
    """A title without what it leaves open, with and without what stands in brackets, and both halves of *A and B*."""
    for one in {_BRACKETS.sub("", title), _BRACKETS.sub(r" \1", title)}:
        name = _HEAD.sub("", _OPEN.sub("", one)).strip(" ,")
        yield name
        halves = name.split(" and ")
        if len(halves) == 2 and all(half.count(" ") == 0 for half in halves):
            yield from halves


def _worth(given: Words) -> bool:
    if not 0 < len(given) <= LONGEST or given in _NOT:
        return False
    return len(given) > 1 or (len(given[0]) >= _LETTERS and given[0] not in _TOO_COMMON)


def _short(names: Mapping[Words, list[str]], inside: Mapping[str, list[str]]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Abbreviations of the Tabular and of the table, where all that they mean is one thing."""
    loose: dict[frozenset[str], list[str]] = defaultdict(list)
    for given, keys in names.items():
        loose[frozenset(given) - _FILLERS].extend(keys)
    meanings: dict[str, list[tuple[Words, list[str]]]] = defaultdict(list)
    with TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            given = words(row["expansion"])
            codes = names.get(given) or loose.get(frozenset(given) - _FILLERS) or []
            meanings[row["abbreviation"].upper()].append((given, codes))
    for short in sorted({*meanings, *inside}):
        rows = meanings.get(short, [])
        known = {word[:_ROOT] for given, found in rows if found for word in given if word not in _FILLERS}
        bearers = tuple(dict.fromkeys((*inside.get(short, ()), *(key for _, found in rows for key in found))))
        clear = all(found or known & {word[:_ROOT] for word in given} for given, found in rows)
        if bearers and clear and _few(bearers) and _sure(short):
            yield short, bearers


def _sure(short: str) -> bool:
    """Whether an abbreviation is long enough to be no other, and no measure."""
    return short.isalnum() and short not in _ELSE and (len(short) > 2 or short in _SHORT)


def _few(keys: Iterable[str]) -> bool:
    """Whether a name says one thing: its codes lie in at most three categories."""
    return len({key[:3] for key in keys}) <= 3
