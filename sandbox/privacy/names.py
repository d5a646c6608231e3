"""People and places, found by what stands around them: a title, a degree, a signature, a relative, *lives in*.

A name that nothing announces is found only where a common first name begins it. There is no language model behind it.
"""

import re
from collections.abc import Iterator
from typing import Final

from sandbox.privacy.words import CARE_WORDS, COUNTRIES, EPONYMS, FIRST, NOBODY, PLAIN, SEASONS, STATES, either

_CAP: Final = r"(?:(?:[OD]['’]|L['’]?|Ma?c)[A-Z][a-z]+|[A-ZÀ-ÖØ-Þ][a-zà-öø-ÿĀ-ſ]+)(?:[-'’][A-Z][a-zà-öø-ÿ]+)?"
_ALL: Final = r"(?:[A-Z]['’])?[A-Z]{2,}(?:-[A-Z]{2,})?"
_PART: Final = r"(?:(?:van|von|de|der|den|del|della|da|dos|di|la|le|bin|al|el|ter|St\.) ){0,2}"
_INITIAL: Final = r"[A-Z]\.?"
_NAME: Final = rf"(?:(?:{_INITIAL} ){{0,2}}{_PART}{_CAP}(?: {_INITIAL}(?= {_PART}{_CAP}))?(?: {_PART}{_CAP}){{0,2}})"
_LAST_FIRST: Final = rf"(?:{_CAP}|{_ALL}), ?(?:{_CAP}|{_ALL})(?: {_INITIAL}(?![\w.]))?"
_CAPITALS: Final = rf"{_ALL}(?: {_ALL}){{1,2}}"
_DEGREE: Final = either(
    r"""
    M\.?D, D\.?O, MBBS, R\.?N, LPN, LVN, BSN, MSN, CNA, NP, FNP(?:-BC|-C)?, ARNP, APRN, CRNP, DNP, PNP, AGNP, CNM, CRNA
    PA(?:-C)?, Ph\.?D, PsyD, PharmD, RPh, DPM, DDS, DMD, LCSW, LMSW, LMFT, LPC, MSW, RDN, DPT, OTR(?:/L)?, CCC-SLP
    FACS, FACP, FACC, RRT, EMT-P, Esq
    """
)
"""Degrees that are nothing else; OD is an eye and DC a discharge."""
_SIGNED: Final = either(
    """
    (?:electronically |digitally )?(?:co-?)?signed(?: electronically)?(?: by)?, e-signed(?: by)?, dictated(?: by)?
    authenticated by, transcribed by, attending(?: physician)?, surgeon, (?:first )?assistants?, anesthesiologist, pcp
    primary care(?: physician| provider)?, (?:referring|ordering)(?: provider| physician| doctor)?, provider, physician
    cc, reviewed by, seen by, examined by, author, written by, entered by, performed by, verified by, witness(?:ed by)?
    resident, fellow, (?:patient|pt)(?: name)?, name, next of kin, nok, (?:emergency )?contact(?: person)?, guardian
    health care proxy, hcp, poa, guarantor, case manager, social worker, interpreter, scribe, nurse, mother, father
    spouse, husband, wife, daughter, son, employer, caregiver
    """
)
_KIN: Final = either(
    """
    wife, husband, spouse, partner, mother, father, mom, dad, son, daughter, brother, sister, aunt, uncle, niece, nephew
    cousin, grand(?:mother|father|son|daughter|child), (?:mother|father|son|daughter|brother|sister)-in-law, girlfriend
    boyfriend, fianc[eé]e?, neighbor, friend, roommate, step(?:mother|father|son|daughter), twin, caregiver, guardian
    """
)
_WORK: Final = either(
    """
    nurse, RN, LPN, CNA, interpreter, case manager, social worker, chaplain, officer, pt, patient, baby (?:boy|girl)
    scribe, deputy, paramedic, sheriff, pastor, rabbi, sister, father, midwife, therapist
    pharmacist, surgeon, coach, attorney, judge
    """
)
_BY: Final = either(
    """
    signed by, dictated by, authenticated by, transcribed by, reviewed by, seen by, examined by, written by, entered by
    performed by, verified by, witnessed by, requested by, referred by, read by, interpreted by, accompanied by
    brought in by, evaluated by, per, spoke (?:with|to), discussed with, d/w, named, called, name is, verified with
    """
)
_CARE: Final = either(
    """
    Hospital, Medical Center, Med(?:ical)? Ctr, Clinic, Health System, Health Center, Healthcare, Nursing Home
    Nursing Center, Care Center, Rehab(?:ilitation)?(?: Center| Hospital)?, Pharmacy, Dialysis Center, Dialysis
    Surgery Center, Cancer Center, Hospice, Infirmary, (?:Elementary |High |Middle )?School, College, University
    Academy, Church, Manor, Senior Living, Assisted Living, Memorial, County, Parish, Township, Prison, Jail, Shelter
    Physicians Group, Medical Group, Associates, Urgent Care, Village, Estates, Apartments, Park
    """
)
_STATE: Final = either(
    """
    Alabama, Alaska, Arizona, Arkansas, California, Colorado, Connecticut, Delaware, Florida, Georgia, Hawaii, Idaho
    Illinois, Indiana, Iowa, Kansas, Kentucky, Louisiana, Maine, Maryland, Massachusetts, Michigan, Minnesota
    Mississippi, Missouri, Montana, Nebraska, Nevada, New Hampshire, New Jersey, New Mexico, New York, North Carolina
    North Dakota, Ohio, Oklahoma, Oregon, Pennsylvania, Rhode Island, South Carolina, South Dakota, Tennessee, Texas
    Utah, Vermont, Virginia, Washington, West Virginia, Wisconsin, Wyoming
    A[KRZ], CT, DC, FL, GA, I[ALN], K[SY], M[NOT], N[CDEHJMVY], O[HK], RI, S[CD], T[NX], UT, W[AIVY]
    """
)
"""States, and those of their abbreviations that mean nothing else in a chart: not MI, MS, PA, OR, CA, LA, MD ..."""
_FROM: Final = either(
    """
    (?:liv|resid)(?:es|ed|ing) (?:in|at|near|outside), (?:stay|work)(?:s|ed|ing) (?:in|at|near|outside)
    (?:born|raised|grew up|jailed|incarcerated|vacation(?:ing|ed)?|wintered) (?:in|at|near|outside)
    moved(?: \\w+)? (?:from|to), resident of, native of, transferred (?:from|to), comes from, hails from
    drove (?:in |up |down )?from, flew (?:in )?from, visiting(?: from)?, travel(?:ed|led|s)? (?:from|to|in), trip to
    back from
    """
)
_CARED: Final = either(
    """
    (?:re)?admitted (?:to|at), (?:hospitali[sz]ed|treated|seen|evaluated|operated|stay|inpatient) at
    discharged from, presented to, taken to, brought to
    """
)
_TITLE: Final = r"(?<![\w.])(?:Drs?|Mr|Mrs|Ms|Miss|Prof|Professor|Doctor|Mx|Rev|Sgt|Capt|Lt)"
_HONOURED: Final = re.compile(rf"{_TITLE}\.? $")
_TITLED: Final = re.compile(rf"(?:{_TITLE}\.?|\b(?i:{_WORK})) $")
_DOES: Final = either("called, states, stated, reports, reported, says, said, asked, told, denies, was, is, has, went")
_SAINT: Final = r"(?:St\.? |Mt\.? |Ft\.? |Saint )?"

_PEOPLE: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_TITLE}(?:\. ?| )(?:and (?:Mrs?|Dr|Ms)\.? )?(?P<it>{_NAME})",
        rf"(?<![\w.])(?:DR|MR|MRS|MS|PROF)\. ?(?P<it>(?=[A-Z' -]{{3}}){_ALL}(?: {_ALL})?)",
        rf"(?<![\w'’-])(?P<it>(?:{_NAME}|{_LAST_FIRST}|{_CAPITALS})),? {_DEGREE}(?![\w-])",
        rf"(?<!\w)(?i:{_SIGNED})\s*:\s*(?P<it>{_LAST_FIRST}|{_NAME}|{_CAPITALS})",
        rf"(?<!\w)(?i:{_BY}) (?!(?:Dr|Mrs?|Ms|Prof)\b)(?P<it>{_NAME})",
        rf"\b(?i:{_KIN})(?:,| \(|:)? ?(?P<it>{_NAME})",
        rf"\b(?i:{_KIN}s?) {_CAP},? and (?P<it>{_CAP})",
        rf"\b(?i:{_KIN})s (?P<it>{_CAP})",
        rf"\b(?i:{_WORK}) (?!Dr\b)(?P<it>{_NAME})",
    )
)
_GIVEN: Final = re.compile(rf"(?<![\w'’-])(?P<it>(?P<first>{_CAP})(?: {_INITIAL}(?= ))?(?: {_PART}{_CAP}){{1,2}})")
_TURNED: Final = re.compile(
    rf"(?<![\w'’-])(?P<it>(?:{_CAP}|{_ALL}), ?(?P<first>{_CAP}|{_ALL})(?: {_INITIAL}(?![\w.]))?)"
)
_IS: Final = re.compile(rf"\b(?i:{_KIN}) (?:is|was) (?P<it>{_NAME})")
_ALONE: Final = re.compile(rf"(?m)(?:^|[.;:] )(?P<it>(?P<first>{_CAP})) {_DOES}\b")
_PLACES: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<!\w)(?P<it>{_SAINT}(?:{_CAP}(?:['’]s)? ){{1,3}}(?:(?:of|at) (?:{_CAP} ?){{1,2}})?{_CARE})\b",
        rf"(?<!\w)(?P<it>{_SAINT}{_CAP}(?: {_CAP}){{0,2}}, (?:{_STATE}|[A-Z]{{2}}(?= \d{{5}})))(?![\w-])",
        rf"(?<!\w)(?i:{_FROM}) (?P<it>{_SAINT}{_CAP}(?: {_CAP}){{0,2}})",
        rf"(?<!\w)(?i:{_CARED}) (?P<it>{_SAINT}(?:{_CAP} ){{1,2}}(?:General|Regional|Community|Memorial))\b",
    )
)
_SHORTEST: Final = 4
"""Letters of the shortest name in capitals that is told from an abbreviation."""

_WORDS: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


def names(text: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, kind) of what looks like a person's or a small place's name; they may overlap."""
    for pattern in _PEOPLE:
        for found in pattern.finditer(text):
            if span := _person(text, *found.span("it")):
                yield *span, "name"
    for pattern, least in ((_GIVEN, 2), (_TURNED, 2), (_ALONE, 1)):
        for found in pattern.finditer(text):
            if found["first"].title() in FIRST and (span := _person(text, *found.span("it"), least)):
                yield *span, "name"
    for found in _IS.finditer(text):
        if span := _person(text, *found.span("it"), 2):
            yield *span, "name"
    for pattern in _PLACES:
        for found in pattern.finditer(text):
            if _place(found["it"]):
                yield *found.span("it"), "place"


def _person(text: str, start: int, end: int, least: int = 1) -> tuple[int, int] | None:
    """The part of a span that may be a name: cut before the first word that names nobody; None for no name."""
    words = [(found.start() + start, found.end() + start, found[0]) for found in _WORDS.finditer(text[start:end])]
    kept = 0
    for n, (_, _, word) in enumerate(words):
        if word.lower() in NOBODY and not _surname(text, start, n, [one[2] for one in words]):
            break
        kept += 1
    full = [word for _, _, word in words[:kept] if len(word) > 1]
    if all(word.isupper() and len(word) < _SHORTEST for word in full) and not _titled(text, start):
        return None  # TSH, CBC
    if len(full) < least or (full[0].lower() in EPONYMS and len(full) == 1 and not _titled(text, start)):
        return None
    return start, words[kept - 1][1] if kept < len(words) else end


def _surname(text: str, start: int, n: int, words: list[str]) -> bool:
    """Whether an ordinary word is a name: behind a title (*Dr. White*), within one (*Alice White*; *White, Alice*)."""
    low = words[n].lower()
    if low not in PLAIN | SEASONS or not words[n][0].isupper():
        return False
    if n:
        return low in PLAIN or words[n - 1].title() in FIRST
    if _HONOURED.search(text, max(0, start - 12), start):
        return True
    return text.startswith(",", start + len(words[0])) and any(word.title() in FIRST for word in words[1:2])


def _titled(text: str, start: int) -> bool:
    return bool(_TITLED.search(text, max(0, start - 40), start))


def _place(place: str) -> bool:
    """Whether a name of a place is smaller than a state, and not a kind of place only."""
    words = _WORDS.findall(place)
    if words[-1] in STATES | COUNTRIES and not re.search(", ", place):
        return False
    own = [word for word in words if word.lower() not in NOBODY and word not in STATES | COUNTRIES]
    return any(word.lower() not in CARE_WORDS for word in own)
