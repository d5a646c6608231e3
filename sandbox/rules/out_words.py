"""Words of the chart: what does a quote hold for certain, and what does it only suspect?

A quote is cut into clauses. In each, a word of doubt governs what follows it (*possible pneumonia*), or what stands
before it (*pneumonia, suspected*; *pneumonia cannot be excluded*). Which of these is the condition of a code is told by
the words of the code's title and inclusion terms, and by the abbreviations that the search knows.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from sandbox.codes.codeset import CodeSet
from sandbox.codes.model import Code
from sandbox.codes.search_words import table, tokens, words
from sandbox.encounter import CM

_TERMS: Final = (
    # Guidelines II.H, III.C and IV.H.
    *(r"probabl[ey]", "suspected", "likely(?! to )", "questionabl[ey]", r"possibl[ey]", r"rule[- ]out", r"ruling out"),
    *(r"(?:still )?to be ruled out", r"compatible with", r"consistent with", r"working (?:diagnosis|dx)"),
    # "Or other similar terms": the words that mean the same in charts.
    *(
        r"r ?/ ?o",
        r"c/w",
        r"suspects?",
        r"suspicio(?:n|us)(?: (?:of|for))?",
        r"presum(?:ed|ably|ptive)",
        "worrisome(?: for)?",
    ),
    *(r"concern(?:ing|ed|s)? (?:for|about)", r"suggest(?:ive of|s|ing|ed)", r"indicative of", r"favor(?:s|ed|ing)?"),
    *(r"appears to (?:be|have)", r"(?:may|might|could) (?:be|represent|reflect|have)", r"believed to be"),
    *(
        r"(?:cannot|can not|can't|could not|couldn't|not) (?:exclude|rule out)",
        r"evaluate for",
        r"possibility of",
        r"question of",
    ),
)
_AHEAD: Final = re.compile(rf"(?<![\w/-])(?:{'|'.join(_TERMS)})(?![\w-])|(?<!\S)\?+(?=\s?\w)")
"""What governs the words behind it; if there are none, those before it."""

_BEHIND: Final = re.compile(
    r"(?:(?:not|never|cannot|can't|couldn't)(?: yet)?(?: be| been)?|to be) (?:ruled out|excluded|confirmed)"
    r"|remains? (?:a )?(?:possib\w+|concern)|unconfirmed|\?+$"
)
_EITHER: Final = re.compile(r"(?<!graft )\b(?:vs\.?|versus)(?=\s)")
_LIST: Final = re.compile(r"(?<!\w)(?:differential(?: diagnos[ie]s)?|ddx|d/dx)(?: includes?)?(?!\w)")
_IDIOM: Final = re.compile(r"\b(?:as \w+ as|if|when(?:ever)?|where(?:ver)?) possible\b|\bas likely as\b")
_DENIED: Final = re.compile(
    r"(?:\bno|\bnot|\bnor|n't|\bdenies|\bwithout|\bnever|\bnegative for|\blow|\bunlikely)(?:\W+\w+){0,3}\W*$"
)
_NONE: Final = re.compile(r"\b(?:no|not|nor|denies|without|never|negative for|unlikely)\b")
_SETTLED: Final = re.compile(
    r"\b(?:ruled out|rules out|excluded|no longer|confirm(?:s|ed)|proven|verified|established|definite(?:ly)?)\b"
)
_OPEN: Final = re.compile(
    r"(?:\bnot|n't|\bcannot|\bto be|\bnever|\bif|\buntil|\bunless|\bonce|\byet)(?: yet)?(?: be| been)? *$"
)
_LINK: Final = re.compile(r"\W*(?:due|secondary|2/2|related|attribut\w+|from|caused|because|explained)\b")
_STOPS: Final = re.compile(
    r"\b(?:given|because|since|based on|in (?:the )?setting of|although|but|despite|for which)\b"
)
_KNOWN: Final = re.compile(r"\b(?:known|his|her|their|established|long-?standing|underlying|preexisting)\b")
_SENTENCE: Final = re.compile(
    r"[;\n•]+|(?<=\w\w)[.!](?=\s|$)|(?<=[\d)?])[.!](?=\s|$)|(?<=\w\?)\s+(?=\w\w)|\s+[-–—]+\s+|(?<=\w):(?=\s)"
)
_LABEL: Final = re.compile(rf"({_AHEAD.pattern}|{_LIST.pattern}):")

_SIGNS: Final = str.maketrans({"’": "'", "‘": "'", "“": " ", "”": " ", '"': " ", "(": " ", ")": " ", "‑": "-"})
_MOST: Final = 2000
"""Characters of a quote that are read."""


def _set(*lists: str) -> frozenset[str]:
    return frozenset(word for text in lists for word in text.split())


_TESTS: Final = _set(
    "ct cta mri xr xray ray x cxr us ultrasound imaging scan film echo ekg biopsy culture lab labs test testing pcr",
    "pathology path swab doppler eeg surgery was were been has now later subsequently then which this it by on and",
    "the is diagnosis finding findings result results since today",
)
"""What may stand before "confirmed" or "ruled out" and still leave the condition to the words before."""

_ENDING: Final = re.compile(r"[aeiouycs]{1,2}$")


def _root(word: str) -> str:
    """What *diabetes* and *diabetic* have in common, and *hypertension* and *hyperthyroidism* have not."""
    return word if len(word) < 6 else _ENDING.sub("", word[:7])


def _rooted(*lists: str) -> frozenset[str]:
    return frozenset(map(_root, _set(*lists)))


_VAGUE: Final = _rooted(
    "unspecified other specified initial subsequent encounter sequela acute chronic disease disorder site type",
    "complication condition syndrome primary secondary nos not part elsewhere classified right left bilateral",
    "unilateral organism lower upper stage moderate severe mild single episode recurrent due and",
)
"""Words of titles that name no condition."""

_BODY: Final = _rooted(
    "knee hip shoulder elbow wrist hand finger thumb ankle foot toe arm leg chest abdomen abdominal back neck head",
    "face eye ear nose skin lung heart kidney liver brain breast colon joint limb thigh forearm bone quadrant body",
    "pulmonary cardiac renal hepatic cerebral urinary tract artery vein muscle tendon nerve spine lumbar cervical",
    "pelvis pelvic throat mouth tooth pain",
)
"""Places of the body, and pain: they alone do not tell one condition from another."""


@dataclass
class Reading:
    """What quotes say, as roots of words: what is certain, what is in doubt, and causes that are only surmised."""

    certain: list[frozenset[str]] = field(default_factory=list)
    doubted: list[frozenset[str]] = field(default_factory=list)
    surmised: list[frozenset[str]] = field(default_factory=list)
    settled: bool = False
    opens: bool = False
    """Whether the quote begins with the word of doubt, so that its whole matter is in doubt."""
    term: str = ""
    """The first word of doubt, as the chart has it."""


@lru_cache(maxsize=4096)
def roots(text: str) -> frozenset[str]:
    """The roots of the words that count, those behind abbreviations among them."""
    typed, known = tokens(text), table(CM)
    out = set(words(text))
    for start in range(len(typed)):
        for end in range(start + 1, min(start + known.longest, len(typed)) + 1):
            for meaning in known.exact.get(tuple(typed[start:end]), ()):
                out.update(meaning.words)
    return frozenset(_root(word) for word in out if len(word) > 2 and not word.isdigit()) - _VAGUE


def vocabulary(codes: CodeSet, code: Code) -> frozenset[str]:
    """The roots of a code's title and inclusion terms. What a title says is absent (*without …*) is left out."""
    notes = codes.notes(code.key, "inclusionTerm")
    texts = [code.title, *(note.text for note in notes if note.at == code.key or len(note.at) > 3)]
    return frozenset().union(*(roots(re.sub(r"\bwithout\b[^,]*", " ", text)) for text in texts))


def strong(found: frozenset[str]) -> bool:
    """Whether words are more than places of the body."""
    return bool(found - _BODY)


@lru_cache(maxsize=1024)
def plain(quote: str) -> str:
    """A quote in small letters, with plain signs and single blanks; a word of doubt used as a label loses its colon."""
    text = quote[:_MOST].lower().translate(_SIGNS)
    text = _IDIOM.sub(" ", re.sub(r"[ \t\r]+", " ", text)).strip(" \n-*•#")
    return _LABEL.sub(r"\1", re.sub(r"^\(?\d{1,2}[.)]\s*", "", text))


@lru_cache(maxsize=4096)
def doubts(quote: str) -> bool:
    """Whether any word of doubt stands in a quote: most have none, and need not be read closely."""
    text = plain(quote)
    return "?" in text or any(sign.search(text) for sign in (_AHEAD, _BEHIND, _EITHER, _LIST))


def read(quote: str, about: frozenset[str]) -> Reading:
    """What a quote says of the things that ``about`` names."""
    out = Reading()
    for sentence in _SENTENCE.split(plain(quote)):
        if listed := _LIST.search(sentence):
            out.term = out.term or listed[0]
            out.doubted.append(roots(sentence[listed.end() :]) & about)
            continue
        for clause in re.split(r",(?=\s)", sentence):
            _clause(clause.strip(), about, out)
    return out


def _clause(clause: str, about: frozenset[str], out: Reading) -> None:
    if _settled(clause, about) and (out.term or _AHEAD.search(clause) or roots(clause) & about):
        out.settled = True
        return
    if found := _EITHER.search(clause) or _BEHIND.search(clause):
        out.opens = out.opens or not (out.certain or out.term)
        _doubt(out, found[0], roots(clause) & about)
    elif found := _AHEAD.search(clause):
        _ahead(clause, found, about, out)
    elif not _NONE.search(clause):
        out.certain.append(roots(clause) & about)


def _ahead(clause: str, found: re.Match[str], about: frozenset[str], out: Reading) -> None:
    before, behind = clause[: found.start()], clause[found.end() :]
    if _DENIED.search(before):
        return
    stop = _STOPS.search(behind)
    link = _LINK.match(behind)
    governed = behind if link or not stop else behind[: stop.start()]
    if not words(governed):
        # "Pneumonia, suspected": the doubt is about what was said last.
        last = roots(before) & about if words(before) else out.certain.pop() if out.certain else frozenset()
        _doubt(out, found[0], last)
        return
    out.opens = out.opens or not (words(before) or out.certain or out.term)
    out.certain.append(roots(before) & about)
    if _KNOWN.search(governed):
        out.certain.append(roots(governed) & about)
    elif link:
        out.term = out.term or found[0]
        out.surmised.append(roots(governed) & about)
    else:
        _doubt(out, found[0], roots(governed) & about)
        out.certain.append(roots(behind[len(governed) :]) & about)


def _doubt(out: Reading, term: str, about: frozenset[str]) -> None:
    out.term = out.term or term.strip()
    out.doubted.append(about)


def _settled(clause: str, about: frozenset[str]) -> bool:
    """Whether a clause ends the doubt: the condition was confirmed, or ruled out."""
    return any(
        not _OPEN.search(clause[: found.start()])
        and (bool(roots(clause) & about) or not _others(clause[: found.start()]))
        for found in _SETTLED.finditer(clause)
    )


def _others(text: str) -> list[str]:
    return [word for word in words(text) if word not in _TESTS]
