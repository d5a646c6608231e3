"""Names and places that were found once, wherever else they stand in texts that belong together."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from sandbox.privacy.words import CARE_WORDS, COUNTRIES, EPONYMS, FIRST, NOBODY, PLAIN, SEASONS, STATES, either

_SHORTEST: Final = 4
"""Letters of the shortest word that is looked for again."""

_TERM: Final = either(
    """
    disease, syndrome, sign, test, score, scale, index, criteria, class(?:ification)?, stage, grade, type, catheter
    tumou?r, lymphoma, sarcoma, palsy, paralysis, fracture, contracture, esophagus, murmur, procedure, operation, repair
    man(?:eu|oeu)ver, reflex, ulcer, thyroiditis, chorea, ataxia, dystrophy, phenomenon, nodes?, bod(?:y|ies), dementia
    cells?, blood, count, matter, (?:fe)?male, man, woman, race, coat, discharge, plaques?, lesions?, lines?, exudates?
    spots?, patch(?:es)?, Bengal, acting, term, standing, history, time, QT, arm, leg, bone, head, axis, course
    saphenous, thoracic, sputum, stools?, urine, emesis, bile, tarry, vision, gaze, light, noise, cord, zone
    """
)
_AS_TERM: Final = re.compile(rf"(?:['’]s?)?(?: |-)(?i:{_TERM})\b|-[A-Z]")
"""What follows a word that is a medical term there, or a colour: *Wilson disease*, *White count*, *Guillain-Barré*."""
_RACE: Final = re.compile(r"\b(?:race|ethnicity)\W{1,3}$", re.IGNORECASE)
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]{2,})?")


def known(spans: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Word → kind (``name`` or ``place``) of (words, kind) that were found, for :func:`again`."""
    return {
        word: kind
        for text, kind in spans
        for word in _WORD.findall(text)
        if len(word) >= _SHORTEST and word[0].isupper() and _tells(word, kind)
    }


def _tells(word: str, kind: str) -> bool:
    low = word.lower()
    if low in SEASONS:
        return False
    if kind == "name":
        return low not in NOBODY or low in PLAIN or word.title() in FIRST
    return low not in NOBODY | CARE_WORDS and word.title() not in STATES | COUNTRIES


def turned(text: str, words: Mapping[str, str]) -> Iterator[str]:
    """First names behind a surname among the words, at the beginning of a line: *Grackle, Philomena*."""
    if names := {word: kind for word, kind in words.items() if kind == "name"}:
        for found in re.finditer(rf"(?m)^(?:[^\w\n]|\w+:)*{_either(names)}, ?(?P<it>[A-Z][a-z]+|[A-Z]+)\b", text):
            if len(found["it"]) >= _SHORTEST and _tells(found["it"], "name"):
                yield found["it"]


def again(text: str, words: Mapping[str, str]) -> Iterator[tuple[int, int, str]]:
    """(start, end, kind) of every place where one of the words stands whole, capitalised, and not as a medical term."""
    if not words:
        return
    kinds = {word.lower(): kind for word, kind in words.items()}
    one = _either(words)
    for found in re.finditer(rf"(?<!\w)(?P<first>{one})(?!\w)(?:(?: [A-Z]\.?)?,? {one}(?!\w))*", text):
        if not _term(found):
            yield *found.span(), kinds[found["first"].lower()]


def _either(words: Iterable[str]) -> str:
    forms = {form for word in words for form in (word, word.title(), word.upper())}
    return f"(?:{'|'.join(map(re.escape, sorted(forms, key=lambda form: (-len(form), form))))})"


def _term(found: re.Match[str]) -> bool:
    if found[0].lower() not in EPONYMS | PLAIN:
        return False
    text, (start, end) = found.string, found.span()
    return bool(_AS_TERM.match(text, end) or _RACE.search(text, max(0, start - 20), start))
