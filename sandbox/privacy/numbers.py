"""Identifiers with a shape: numbers behind their label, addresses of every kind, ages over 89.

Each pattern marks the identifier itself with the group ``it``; what stands around it only tells what it is.
"""

import re
from collections.abc import Iterator
from typing import Final

from sandbox.privacy.words import either

OLDEST: Final = 89
"""Ages above it identify a person (45 CFR 164.514(b)(2)(i)(C))."""

_STATES: Final = either(
    "A[KLRZ], C[AOT], D[CE], FL, GA, HI, I[ADLN], K[SY], LA, M[ADEINOST], N[CDEHJMVY], O[HKR], P[AR], RI, S[CD], T[NX]"
    ", UT, V[AT], W[AIVY]"
)
_ROADS: Final = either(
    """
    Street, St, Avenue, Ave, Road, Rd, Boulevard, Blvd, Lane, Ln, Drive, Dr, Court, Ct, Circle, Cir, Place, Pl, Highway
    Hwy, Parkway, Pkwy, Terrace, Ter, Trail, Way, Square, Sq
    """
)
_SEP: Final = r"(?i:\s*(?:(?:number|no|num|nr)\b\.?|#|:|=|is\b)){0,3}\s*"
_MUST: Final = r"(?i:\s*(?:(?:number|no|num|nr|id)\b\.?|#|:|=)){1,3}\s*"
_DATE: Final = (
    r"(?:(?:0?[1-9]|1[0-2])/(?:0?[1-9]|[12]\d|3[01])/(?:(?:19|20)\d\d|\d\d)"
    r"|(?:0?[1-9]|1[0-2])[-.](?:0?[1-9]|[12]\d|3[01])[-.](?:19|20)\d\d"
    r"|(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2])\.(?:19|20)\d\d"
    r"|(?:19|20)\d\d[-/.](?:0?[1-9]|1[0-2])[-/.](?:0?[1-9]|[12]\d|3[01]))(?![\w/-])"
)
"""A day in figures, which is no number of a register."""
_BODY: Final = r"(?:[A-Z]{1,4} (?=\d))?[A-Z0-9]+(?:[-./][A-Z0-9]+)*(?: \d{3,})*"
_ID: Final = rf"(?!{_DATE})(?P<it>(?=[A-Z]{{0,8}}(?:[-./ ]?[A-Z]{{0,3}}[-./]?\d){{3}}){_BODY})(?![\w%])"
"""A number of a register: letters, digits, dashes; at least three digits close to its beginning."""
_LONG: Final = rf"(?!{_DATE})(?P<it>(?=(?:[A-Z]*[-./ ]?\d){{5}}){_BODY})(?![\w%])"
"""A number that needs no more than a word before it: at least five digits."""
_MBI: Final = "[AC-HJKMNP-RT-Y]"
_REST: Final = r"[^\s<>()]*[^\s<>().,;:!?]"
_DOMAIN: Final = r"(?:[a-z0-9][a-z0-9-]*\.)+(?:com|org|net|edu|gov|info|io|health|us)\b"
_BYTE: Final = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"
_TEN: Final = r"(?:\+?1[ .-])?(?:\(\d{3}\) ?|\d{3}[ ./-])\d{3}[ .-]\d{4}(?:,? ?(?:ext|x)\.? ?\d{1,6})?"
_CALL: Final = either(
    """
    tel, ph, phone, telephone, fax, cell, mobile, call, call ?back, contact, beeper, reach (?:\\w+ ){0,3}at
    """
)
_NO: Final = r"\.?\s*(?:(?:number|no|#)\b)?\W{0,3}"
_HOUSE: Final = (
    r"\d{1,5}[A-Z]? (?:[NSEW]\.? |[NS][EW] |North |South |East |West )?(?:[A-Z][a-z]+ |\d+(?:st|nd|rd|th) ){1,3}"
)
_RECORD: Final = either(
    r"""
    MRN, MR ?(?=#|no\b), CSN, FIN, HAR, (?:medical )?record, med rec, chart, encounter, visit, admission, patient, pt
    case, accession, specimen, path, requisition, order, hosp(?:ital)?
    """
)
_PLAN: Final = either(
    """
    member, policy, subscriber, group, plan, insurance, beneficiary, Medicare, Medicaid, HICN?, payer, certificate
    Rx ?(?:BIN|group|grp), authorization, auth, referral
    """
)
_ACCOUNT: Final = either(
    r"account, acct\.?, claim, invoice, guarantor, statement, IBAN, (?:credit |debit )?card, routing"
)
_LICENCE: Final = either(
    "(?:driver'?s? |state |medical |nursing |RN )?licen[cs]e, lic\\.?, passport, badge, registration, DL"
)
_BARE: Final = either("DEA, NPI, (?:driver'?s? |state |medical )licen[cs]e, passport, UPIN")
_PLATE: Final = either(
    r"(?:licen[cs]e|number|registration) plate, plate (?:number|no\.?), plates?(?=:| ?#), tag (?:number|no\.?)"
)
_DEVICE: Final = either(
    r"(?:serial|ser\.?)(?: number| no\.?)?, S/N, SN(?= ?[:#]), SN(?= \d{5}), device, implant, IMEI, UDI, pump, monitor"
)
_OTHER: Final = either(
    """
    fingerprint, voiceprint, retinal?(?: scan)?, biometric, subject, participant, research, prisoner
    study, trial, employee, student, staff, inmate, military, service, confirmation, ticket, inventory, file, ID
    """
)
_OLD: Final = r"(?P<it>9\d|1[0-2]\d)"
_AGE: Final = rf"(?<![\w./%<>-]){_OLD}"
_ENDS: Final = r"(?![\w+%/-]|\.\d)"
_TENS: Final = r"(?P<it>(?:'?9|1[0-2])0'?s|nineties)\b"
_LIVED: Final = either(
    """
    (?:died|dies|passed(?: away)?|deceased|alive|living|well|dead|dementia|death) (?:at|aged?|until), turn(?:ed|s|ing)?
    """
)
_WRITTEN: Final = (
    r"(?P<it>ninety(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?|(?:a |one )?hundred(?: and \w+)?)"
)
_YEARS: Final = r"(?:y\b|y[/-]?o\b|y-o-?|y\.\s?o\b|yrs?\b|years?\b|year-old)"


def _labelled(label: str, gap: str = _SEP, number: str = _ID) -> str:
    return rf"(?<![\w-])(?i:{label}){gap}{number}"


_TABLE: Final[tuple[tuple[str, str], ...]] = (
    ("e-mail", r"(?<![\w.+-])(?P<it>[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+)"),
    ("web address", rf"\b(?P<it>(?i:https?://|www\.){_REST})"),
    ("web address", rf"(?<![\w@.-])(?P<it>{_DOMAIN}(?:/{_REST})?)"),
    ("IP address", rf"(?<![\w.])(?P<it>(?:{_BYTE}\.){{3}}{_BYTE})(?![\w.]*\d)"),
    ("IP address", r"(?<![\w:])(?P<it>(?=[0-9a-f:]*[0-9])(?:[0-9a-f]{1,4}:{1,2}){3,7}[0-9a-f]{1,4})(?![\w:])"),
    ("device number", r"(?<![\w:])(?P<it>(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2})(?![\w:])"),
    ("SSN", r"(?<![\d-])(?P<it>\d{3}-\d\d-\d{4})(?![\d-])"),
    (
        "SSN",
        _labelled(
            r"SSN|SS(?=\s?#|\s?no)|soc(?:ial)?\.? sec(?:urity)?|social(?= [\dx*]{3}-)",
            r"\W{0,3}(?:(?:number|no|#|is)\W{0,3})?",
            r"(?P<it>[\dXx*]{3}[- ]?[\dXx*]{2}[- ]?\d{4}|\d{4})(?!\d)",
        ),
    ),
    ("phone", rf"(?<![\d./-])(?P<it>{_TEN})(?![\d/-]|\.\d)"),
    ("phone", r"(?<![\d.+])(?P<it>\+[1-9]\d{0,2}(?:[ .-]?\(?\d{2,5}\)?){2,4})(?!\d)"),
    ("phone", _labelled(_CALL, rf"{_NO}(?:(?:at|on|to|is)\s)?", r"(?P<it>\d{3}[-. ]?\d{4}|\d{10})(?![\w/-]|\.\d)")),
    ("phone", _labelled("pager|beeper|ext|extension", _NO, r"(?P<it>\d{3,7})(?![\w%])")),
    ("address", rf"\b(?P<it>{_HOUSE}{_ROADS}\b(?:\.?,? (?i:apt|unit|suite|ste|#)\.? ?\w+)?)"),
    ("address", r"(?P<it>\b(?!Physical)[A-Z][a-z]+ (?:Street|Avenue|Boulevard|Road|Parkway|Highway)\b)"),
    ("address", r"\b(?P<it>(?:P\.? ?O\.?|Post Office) Box \d+)"),
    ("zip", rf"\b(?:{_STATES}) (?P<it>\d{{5}}(?:-\d{{4}})?)(?![\d-])"),
    ("zip", r"\b(?i:zip)(?i:[ -]?code)?\W{0,3}(?:is )?(?P<it>\d{5}(?:-\d{4})?)(?![\d-])"),
    ("record number", _labelled(_RECORD, _MUST)),
    ("record number", _labelled(_RECORD, " ", _LONG)),
    ("record number", _labelled("MRN|CSN|accession")),
    ("plan number", _labelled(_PLAN, _MUST)),
    ("plan number", _labelled(_PLAN, " ", _LONG)),
    ("plan number", _labelled("MBI|HICN")),
    ("plan number", rf"(?<![\w-])(?P<it>[1-9]{_MBI}\w\d-?{_MBI}\w\d-?{_MBI}{{2}}\d\d)(?![\w-])"),
    ("account number", _labelled(_ACCOUNT, _MUST)),
    ("account number", _labelled(_ACCOUNT, " ", _LONG)),
    ("account number", _labelled(r"acct\.?")),
    ("account number", r"\b(?i:card|account|visa|mastercard|amex) (?i:ending(?: in)?) (?P<it>\d{4})\b"),
    ("licence number", _labelled(_LICENCE, _MUST)),
    ("licence number", _labelled(_LICENCE, " ", _LONG)),
    ("licence number", _labelled(_BARE)),
    ("licence number", r"(?<![\w-])(?P<it>[ABFGMPRX][A-Z9]\d{7})(?![\w-])"),
    ("vehicle number", r"(?<![\w-])(?P<it>(?=\w*[A-Z])(?=(?:\w*\d){5})[A-HJ-NPR-Z0-9]{17})(?![\w-])"),
    (
        "vehicle number",
        _labelled(_PLATE, _SEP, r"(?P<it>(?=[A-Z-]*\d)(?=[\d-]*[A-Z])[A-Z0-9]{1,4}[- ]?[A-Z0-9]{2,5})(?!\w)"),
    ),
    ("device number", _labelled(_DEVICE, _MUST)),
    ("device number", _labelled(_DEVICE, " ", _LONG)),
    ("device number", _labelled("serial|S/N|IMEI")),
    ("device number", r"(?<!\w)(?P<it>\(01\)\d{14}(?:\(\d\d\)[A-Z0-9]+)*)"),
    ("file", r"(?<![\w/.-])(?P<it>[\w-]+\.(?:jpe?g|png|heic|tiff?|dcm|bmp|gif|mp4|mov|pdf))\b"),
    ("number", _labelled(_OTHER, _MUST)),
    ("number", r"(?<![\w./+-])(?P<it>\d{9,12})(?![\w%]|[./-]\d)"),
    ("number", r"#\s?(?P<it>\d{5,})(?![\w%])"),
    ("number", _labelled(_OTHER, " ", _LONG)),
    ("age", rf"{_AGE}[ -]?{_YEARS}"),
    ("age", rf"{_AGE}(?:M|[ -]?(?i:male|female|man|woman|lady|gentleman))\b(?![/'.-])"),
    ("age", rf"(?m)^[^\w\n]{{0,5}}{_OLD} ?[MF](?![\w/'.])"),  # elsewhere it may be a temperature
    ("age", rf"{_AGE} ?[MF] (?=(?:s/p|w/|who|presents|admitted|found|here)\b)"),
    ("age", rf"\b(?i:(?:pt|patient|he|she|who|resident) (?:is|was|turned)|lived to(?: be)?) {_OLD}{_ENDS}"),
    ("age", rf"(?i)\b(?:widow(?:er)?|man|woman|mother|father|wife|husband|lady|gentleman),? {_OLD}{_ENDS}"),
    ("age", rf"\b(?i:aged?|age/sex|at age|age of)\W{{0,3}}{_OLD}(?![\w+%]|\.\d)"),
    ("age", rf"\b(?i:{_LIVED}) (?:the age of )?{_OLD}{_ENDS}"),
    ("age", rf"\b{_OLD}(?:st|nd|rd|th) (?i:birthday|year of life)"),
    ("age", rf"(?i)\b{_WRITTEN}[ -](?:years?|yrs?)[ -](?:old|of age)"),
    ("age", r"(?i)\b(?P<it>nonagenarian|centenarian|supercentenarian)s?\b"),
    ("age", rf"(?i)\b(?:in (?:his|her|their)|age[ds]?)(?:\W(?:early|mid|late))?[ -]{_TENS}"),
)
_PATTERNS: Final = tuple((kind, re.compile(pattern)) for kind, pattern in _TABLE)
_WORDS_ONLY: Final = frozenset({"e-mail", "web address", "file", "age", "address"})
"""Kinds that need no digit."""
_DIGIT: Final = re.compile(r"\d")


def numbers(text: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, kind) of everything in ``text`` that has the shape of an identifier; they may overlap."""
    digits = _DIGIT.search(text) is not None
    for kind, pattern in _PATTERNS:
        if digits or kind in _WORDS_ONLY:
            for found in pattern.finditer(text):
                yield *found.span("it"), kind
