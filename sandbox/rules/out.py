"""OUT: what the rules for outpatients forbid, beside the words of the chart."""

from collections.abc import Iterable, Iterator
from textwrap import shorten
from typing import Final

from sandbox.checker import Entry, Family, Hit, View
from sandbox.encounter import SETTINGS
from sandbox.findings import Evidence, Severity
from sandbox.rules.out_words import Reading, doubts, read, roots, strong, vocabulary

family = Family("OUT", "Outpatients")

_NEVER: Final = ("Z", "V", "W", "X", "Y")
"""Encounters, status, exposure and circumstances: no diagnoses that somebody confirms."""
_SIGNS: Final = ("R",)
"""Symptoms, signs and findings are what is coded where a diagnosis is in doubt, …"""
_GRAVE: Final = ("R18", "R56", "R57", "R65", "R7881")
"""… but for some that physicians diagnose: ascites, convulsions, shock, severe sepsis, bacteremia."""
_SUSPECTED: Final = ("suspected", "possible", "probable")
"""Titles with such a word are made for doubt: T76.- (suspected abuse), O35.- (known or suspected fetal problems)."""
_INFLUENZA: Final = frozenset(("avian", "novel", "swine", "h1n1", "h3n2", "h5n1"))


@family.rule(
    "OUT01",
    "uncertain_diagnosis",
    Severity.ERROR,
    authority="ICD-10-CM Guidelines, IV.H (inpatients: II.H and III.C)",
    section="IV.H",
)
def uncertain_diagnosis(view: View) -> Iterator[Hit]:
    """A diagnosis that the chart only suspects is coded on an outpatient claim.

    ## What it flags
    Outside an inpatient stay: a diagnosis that rests on chart words in which it is called *probable*, *suspected*,
    *questionable*, *possible*, *likely*, *rule out*, *compatible with*, *consistent with*, *working diagnosis* or
    something of that meaning. The word has to govern the condition: in *chest pain, rule out infarction* the pain is
    certain. Doubt that the same words end (*suspected …, confirmed by CT*) is none, and neither is *no evidence of*.
    The rule reads only the chart words that a line carries; where there are none it is silent.

    ## Why it matters
    At the end of a hospital stay an uncertain diagnosis is coded as if it existed, because the work-up and the
    treatment were those of the disease. In all other settings it is not: a code would give the patient a disease that
    nobody has established, and it stays in the records of the insurer.

    ## Where to look
    In the assessment, for what is certain at the end of this visit: a symptom, a sign, an abnormal result, an injury,
    another reason for the visit. Then in later documents of the same encounter: if a physician confirms the
    diagnosis there, as in the report of a pathologist, it may be coded (IV.K). *Borderline* is no word of doubt
    (I.B.17), and some codes are made for suspicion, such as T76.- and Z20.-.

    ## Flagged
    - office M58 2026-05-11: G47.33 "possible sleep apnea, home study ordered", I10
    - emergency F61 2026-02-19: I26.99 "Chest pain, r/o PE", R07.9
    - observation M70 2026-09-04: J18.9 "opacity consistent with pneumonia", R05.1

    ## Accepted
    - office M58 2026-05-11: R06.83 "Snoring, possible sleep apnea", I10
    - emergency F61 2026-02-19: I26.99 "suspected PE, confirmed by CT"
    - inpatient M70 2026-09-04: J18.9/Y "probable pneumonia", I10/Y
    """
    for entry in view.diagnoses:
        if found := uncertain(view, entry):
            term, words = found
            where = SETTINGS[view.encounter.setting].lower()
            yield Hit(
                f'{entry.shown} rests on "{shorten(words.quote, 160)}". The setting is {where}, where a diagnosis that '
                f'is qualified by "{term}" is not coded as if it existed (guidelines, IV.H; for inpatients II.H says '
                "otherwise). What is certain at the end of this encounter: which symptom, sign, result or other "
                "reason for it? Only if the chart confirms the diagnosis elsewhere does it stand.",
                (entry,),
                evidence=(words,),
            )


def uncertain(view: View, entry: Entry) -> tuple[str, Evidence] | None:
    """The word of doubt and the quote that holds it; None where the condition is certain, or nothing is said of it.

    None for inpatients, too: their uncertain diagnoses are coded as if they existed (II.H).
    """
    key = entry.key
    if view.encounter.inpatient or not entry.line.evidence:
        return None
    if key.startswith(_NEVER) or (key.startswith(_SIGNS) and not key.startswith(_GRAVE)):
        return None
    if any(word in entry.code.title.lower() for word in _SUSPECTED):
        return None
    if not any(doubts(words.quote) for words in entry.line.evidence):
        return None
    about = vocabulary(view.codes, entry.code)
    readings = [(read(words.quote, about), words) for words in entry.line.evidence]
    doubtful = [(reading, words) for reading, words in readings if reading.term]
    if not doubtful or any(reading.settled for reading, _ in readings):
        return None
    if _confirmed(readings, about) or _kind_of_influenza(entry):
        return None
    for reading, words in doubtful:
        if _in_doubt(entry, reading, [r for r, _ in readings]):
            return reading.term, words
    return None


def _in_doubt(entry: Entry, reading: Reading, readings: list[Reading]) -> bool:
    certain = _union(part for r in readings for part in r.certain)
    doubted, surmised = _union(reading.doubted), _union(reading.surmised)
    if strong(doubted - certain):
        return True
    if certain:
        return False
    # A cause that is only surmised; or the title has other words for it, and the quote is about nothing else.
    alone = reading.opens and not surmised and len(readings) == 1
    return strong(surmised) or (alone and "pain" not in entry.code.title.lower())


def _confirmed(readings: list[tuple[Reading, Evidence]], about: frozenset[str]) -> bool:
    """Whether a quote without any doubt names the condition as well as those in doubt do."""
    doubted = max((len(part) for reading, _ in readings for part in reading.doubted), default=0)
    return any(len(_union(reading.certain)) >= max(2, doubted) for reading, _ in readings if not reading.term and about)


def _kind_of_influenza(entry: Entry) -> bool:
    """I.C.10.c: where a certain kind of influenza is only suspected, J11.- is the right code."""
    return entry.key.startswith("J11") and any(_INFLUENZA & roots(w.quote) for w in entry.line.evidence)


def _union(parts: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*parts)
