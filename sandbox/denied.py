"""What takes a condition back that stands in a chart: negation, doubt, another person, the future, the past.

After NegEx (Chapman et al., J Biomed Inform 2001;34:301-310): a cue governs the words behind it, or before it, within
its own sentence and up to a word that ends it.
"""

import re
from typing import Final

WINDOW: Final = 90
"""Characters before a name in which a cue still reaches it: lists of what is denied are long."""
BEHIND: Final = 45
"""Characters behind a name in which a cue still reaches it."""


def _any(phrases: str) -> str:
    """A pattern for phrases that commas and line breaks part; they may be patterns themselves."""
    parts = (part.strip() for part in phrases.replace("\n", ",").split(","))
    return "(?:" + "|".join(part for part in parts if part) + ")"


_CUES: Final[dict[str, str]] = {
    "denied": """
        no, not, non, nor, neither, never, none, without, w/o, denie[sd], denying, neg(?:ative)?(?: for)?, absent
        absence of, free of, lacks?, lacking, ruled out, rules? out, r/o, excluded?, excludes, doubt, isn't, wasn't
        doesn't, unlikely, less likely, against, resolved, cleared
    """,
    "doubted": """
        possibl[ey], probabl[ey], suspect(?:ed|s)?, suspicio(?:n|us), concern(?:ed|ing)? (?:for|about), question of
        questionable, vs, versus, differential, ddx, consider(?:ed|ing)?, considerations?, likely, may, might, could
        evaluat(?:e|ed|ion) for, work-?up
    """,
    "to come": """
        screen(?:ed|ing|s)?, test(?:ed|ing)? for, risks?, prevent(?:s|ion|ing|ive)?, prophyla\\w+, ppx, precautions?
        avoid, watch(?:ing)?, monitor(?:ing)? for, protect\\w*, look for, return, if, in case, unless, until, should
        would, signs? of, symptoms? of, vaccine\\w*, vaccinat\\w+, immuni[sz]\\w+, educat\\w+, score, scale, allerg\\w+
        intolerance
    """,
    "past": """
        history of, h/o, hx(?: of)?, prior, previous(?:ly)?, past, former(?:ly)?, remote, old, childhood
        status post, s/p, post, years? ago, in (?:19|20)\\d\\d
    """,
}
"""Kind → what takes back the names behind it."""
_KIN: Final = """
    mother, mom, father, dad, parents?, brother, sister, siblings?, aunt, uncle, cousin, son, daughter, grand\\w+, mgm
    mgf, pgm, pgf, wife, husband, fam(?:ily)?, fhx?
"""
_ENDS: Final = """
    but, except, however, although, though, yet, still, now, currently, secondary to, due to, because of, from, has
    have, is, remains?, presents?, admitted
"""
"""Words that end what a cue before them governs."""
_BEHIND: Final = """
    ruled out, excluded, negative, unlikely, not (?:seen|found|present|suspected|likely|supported), absent, resolved
    denied, declined, doubtful, cleared, gone, considered, in doubt
"""
_AT_ONCE: Final = """
    tender\\w*, healed\\b, treated(?: in)? (?:19|20)\\d\\d, as (?:an? )?(?:infant|child|baby|teen\\w*), \\(?before\\b
    last (?:one|attack|episode) (?:in )?(?:19|20)\\d\\d, (?:vs\\.?|versus)\\s, [?]
    :?\\s*(?:no|none|neg|negative|denies|denied|not|never|absent)\\b
    \\(?-\\)
    prophylaxis, ppx, precautions, screen(?:ing)?, vaccine, immuni[sz]ation, protocol, risk, clinic, service, score
    scale, education, team, nurse, pathway, bundle, pamphlet, (?:in|at) age, \\(?(?:19|20)\\d\\d
    in (?:the )?(?:mother|father|sister|brother|family|aunt|uncle|grand\\w+), panel, titers?, antigen, antibod\\w+, pcr
    culture, swab, test(?:ing|s)?\\b, serolog\\w+, prevention
"""
"""What takes a name back that stands right before it."""

_AHEAD: Final = re.compile(rf"\b{_any(','.join(_CUES.values()))}(?![\w/])|[?]", re.IGNORECASE)
_OTHERS: Final = re.compile(rf"\b{_any(_KIN)}(?![\w/])", re.IGNORECASE)
_STOP: Final = re.compile(rf"\b{_any(_ENDS)}\b|\*\*|:\s|\)", re.IGNORECASE)
_AFTER: Final = re.compile(
    rf"^[\s,;]*(?:{_any(_AT_ONCE)}|(?:\w+ ){{0,3}}(?:was|were|is|are|has been|have been|been)?\s*{_any(_BEHIND)})",
    re.IGNORECASE,
)
_NOT_THERE: Final = re.compile(
    r"\b(?:no|not|without|w/o|never|absent)(?![\w/])[^,]*$"
    r"|\b(?:denie[sd]|denying|neg(?:ative)? for|no evidence of|absence of|free of)\b",
    re.IGNORECASE,
)
"""What says of the words behind it that it is not there. *No* reaches to the next comma, *denies* over a list."""
_NOT_THERE_AFTER: Final = re.compile(
    r"^[\s,;]*(?:(?:was|were|is|are|has been|have been|been)\s+)?"
    r"(?:ruled out|excluded|absent|denied|not (?:seen|found|present|identified))\b",
    re.IGNORECASE,
)
_SENTENCE: Final = re.compile(r"[.;](?=\s)|\n|\|")
_LINE: Final = re.compile(r"\.(?=\s)|\n|\|")

_HEADINGS: Final = re.compile(
    _any(
        """
        fam(?:ily)? (?:medical )?(?:history|hx), ^fhx?\\b, review of systems, ^ros\\b, differential, ddx, return
        precautions, instructions, education, screening, allerg, immuni[sz], vaccin, consent, risk, past surgical, ^psh
        surgical history, goals, query, nursing care plan, prevention, reference
        """
    ),
    re.IGNORECASE,
)
"""Headings and labels of what states no condition of the patient."""
_HEADING: Final = re.compile(r"^#+ *(.+)$", re.MULTILINE)
_LABEL: Final = re.compile(r"^\s*[-*•]?\s*([A-Za-z][A-Za-z /&-]{1,40}):", re.MULTILINE)


def governed(text: str, start: int, end: int) -> bool:
    """Whether the name at ``text[start:end]`` is taken back by what stands around it in its sentence."""
    if _AFTER.match(_LINE.split(text[end : end + BEHIND], maxsplit=1)[0]):
        return True
    before = _before(text, start)
    if _OTHERS.search(before):
        return True
    ends = [found.end() for found in _AHEAD.finditer(before)]
    return bool(ends) and not _STOP.search(before, ends[-1])


def denied(text: str, start: int, end: int) -> bool:
    """Whether ``text[start:end]`` is said not to be there: denied, not doubted, past or another person's."""
    if _NOT_THERE_AFTER.match(_LINE.split(text[end : end + BEHIND], maxsplit=1)[0]):
        return True
    before = _before(text, start)
    ends = [found.start() for found in _NOT_THERE.finditer(before)]
    return bool(ends) and not _STOP.search(before, ends[-1])


def _before(text: str, start: int) -> str:
    """What stands before a place in its own sentence, as far as a cue reaches."""
    before = text[max(0, start - WINDOW) : start]
    return before[max((found.end() for found in _SENTENCE.finditer(before)), default=0) :]


def skipped(text: str) -> list[tuple[int, int]]:
    """The parts of a document (start, end) that state no condition of the patient: its headings, and what some head."""
    marks = list(_HEADING.finditer(text))
    out = [mark.span() for mark in marks]
    for n, mark in enumerate(marks):
        if _HEADINGS.search(mark[1].strip()):
            out.append((mark.start(), marks[n + 1].start() if n + 1 < len(marks) else len(text)))
    for found in _LABEL.finditer(text):
        if _HEADINGS.search(found[1].strip()):
            line = text.find("\n", found.end())
            out.append((found.start(), len(text) if line < 0 else line))
    return out
