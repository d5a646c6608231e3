"""The parts of a query: its sentences, the choices that it lists, and what a question names."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Span:
    """Words of a query and their place in it."""

    text: str
    start: int
    end: int


OPEN: Final = re.compile(
    r"\s*(?:(?:whether|if|what|which|how|when|why|who|where|further|more|any|based)\b"
    r"|(?:the|its|his|her|your|their|a|an|this|these)\s+(?:[\w-]+\s+){0,3}?(?:type|stage|acuity|severity|site|side|cause"
    r"|causes|significance|diagnos[ei]s|condition|conditions|relationship|relation|status|organism|approach|depth"
    r"|indication|reason|opinion|judg[e]?ment|interpretation|assessment|finding|findings|meaning|answer|note"
    r"|record|degree|extent|location|etiology|instrument|device|trimester|episode|details?|criteria|intent)\b)",
    re.IGNORECASE,
)
"""What begins an open request: *document whether …*, *state the cause …*."""
WAY_OUT: Final = re.compile(
    r"\bother\b|\bunable to\b|\bundetermined\b|\bcan(?:not| not|'t) (?:this )?(?:be )?(?:tell|determined?|known|said)\b"
    r"|\bcan this not be\b|\bunknown\b|\bnot (?:known|determined|clinically)\b|\bsomething else\b|\banother\b"
    r"|\bnone of\b|\bneither\b|\buncertain\b",
    re.IGNORECASE,
)
"""A choice for whoever finds none of the others right."""
POA: Final = re.compile(
    r"\bpresent (?:on|at|upon|when|before)\b|\bPOA\b|\b(?:begin|began|start|started|develop|developed|arise|arose|exist"
    r"|existed)\b.*\b(?:before|after|during|on admission)\b",
    re.IGNORECASE,
)
EITHER: Final = re.compile(r"\bor\b(?! not\b)", re.IGNORECASE)
_END: Final = re.compile(r"(?<=[?!])|(?<=[a-z\d)%][.;])(?=\s)|\n")
_OPTION: Final = re.compile(
    r"^[ \t]*(?:[-*•–☐□]|\[ ?\]|\(? ?\)|\(?[a-hA-H0-9][.)])[ \t]+(?P<what>\S.*?)[ \t]*$", re.MULTILINE
)
_INLINE: Final = re.compile(
    r"\b(?:options|choices|possible answers|choose from|choose one|please choose)\s*(?:are)?\s*:\s*(?P<what>[^.?\n]+)",
    re.IGNORECASE,
)
_BARE: Final = re.compile(r"(?:yes|no|agree|disagree)\W*$", re.IGNORECASE)
_ASKS: Final = re.compile(
    r"\s*(?:(?:and|so|or|if so|please tell me)[, ]+)?"
    r"(?:do|does|did|is|are|was|were|has|have|had|can|could|may|might|would|should)\b(?P<what>.*)",
    re.IGNORECASE | re.DOTALL,
)
_OF_YOU: Final = re.compile(
    r"\s*(?:you|we|I)\b|.*\b(?:be|further) (?:further )?(?:specif|clarif|describ|determin|named|stated)",
    re.IGNORECASE | re.DOTALL,
)
_WH: Final = re.compile(r"\b(?:what|which|who|whom|when|where|why|how|whether)\b", re.IGNORECASE)
_OPEN_NOUN: Final = re.compile(
    r"\s*(?:there|this|it)\b.{0,12}\b(?:a|an|any|another)\s+(?:[\w-]+\s+){0,2}(?:diagnosis|condition|cause|reason|more)\b",
    re.IGNORECASE,
)
_HAS: Final = re.compile(r"\b(?:have|has|had|got|suffer\w*)\b", re.IGNORECASE)
_BRIEF_MOST: Final = 5
_WORD: Final = re.compile(r"[A-Za-zÀ-ÿ][\w'’-]*")


def _set(*lists: str) -> frozenset[str]:
    return frozenset(word for text in lists for word in text.split())


_COMMON: Final = _set(
    "a an the this that these those there it its he she his her him they their them you your we our us i my me",
    "and or not no yes of in on at by for from to with without as than then so but if any some more most further",
    "is are was were be been being has have had do does did got can could may might would should will shall must",
    "patient patients pt man woman child baby mother provider physician doctor surgeon nurse because due cause",
    "caused causes causing related relation relationship associated attributable attributed secondary result",
    "resulted consequence linked link between suffer suffers suffered suffering suspect diagnosis diagnoses",
    "diagnosed condition conditions disease disorder problem finding findings clinical clinically significance",
    "significant treated treatment treat treating given give taken take used use documented document",
    "documentation documents chart record note notes summary history report reports stay visit encounter",
    "admission admitted present discharge discharged hospital course day days week time specify specified",
    "specific clarify clarified describe described determine determined known unknown confirm confirmed rule",
    "ruled out exclude excluded valid still other else another additional also only just acute chronic type stage",
    "acuity severity mild moderate severe right left side part new old current final correct true false likely",
    "possible probably complete completed same different both either neither explain explains explained represent",
    "represents mean means show shows apply applies considered consider procedure operation surgery expected",
    "event complication something during after before since while when what which who how why where whether",
    "please code coded coding state stated status resident attending consultant radiologist pathologist",
    "cardiologist neurologist anesthesiologist hospitalist wrote write writes written describes opinion answer",
    "question available based view judgment",
)
"""Words that name no condition."""


def sentences(text: str) -> Iterator[Span]:
    """The sentences of a text, empty ones left out."""
    start = 0
    for end in (*(match.start() for match in _END.finditer(text)), len(text)):
        part = text[start:end]
        if part.strip():
            lead = len(part) - len(part.lstrip())
            yield Span(part.strip(), start + lead, start + lead + len(part.strip()))
        start = end


def options(text: str) -> list[Span]:
    """The choices that a query lists, line by line or behind *options:*; *yes* and *no* alone are none."""
    found = [Span(match["what"], match.start(), match.end()) for match in _OPTION.finditer(text)]
    if not found and (line := _INLINE.search(text)):
        at = line.start("what")
        for part in re.finditer(r"(?:[^,;/]|/(?! ))+", line["what"]):
            pieces = (piece.strip() for piece in re.split(r"\bor\b", part[0]))
            found += (Span(piece, at + part.start(), at + part.end()) for piece in pieces if piece)
    return [] if all(_BARE.match(option.text) for option in found) else found


def without(text: str, listed: list[Span]) -> str:
    """The text with blanks in place of the choices that it lists."""
    for option in listed:
        text = text[: option.start] + re.sub(r"[^\n]", " ", text[option.start : option.end]) + text[option.end :]
    return text


def yes_no(sentence: str) -> str | None:
    """What a question asks that *yes* or *no* would answer, or a choice between two; None where it asks openly."""
    if not sentence.endswith("?") or _WH.search(sentence):
        return None
    # "In view of the findings, is this …?": the question begins where its verb stands.
    asked = _ASKS.match(sentence) or _ASKS.match(sentence.rpartition(", ")[2])
    if asked:
        return None if _OF_YOU.match(asked["what"]) or _OPEN_NOUN.match(asked["what"]) else asked["what"]
    return sentence if len(_WORD.findall(sentence)) <= _BRIEF_MOST else None


def names_new(text: str, known: Callable[[str], bool]) -> bool:
    """Whether a text has a word that counts and that is not among the known ones."""
    return not all(map(known, _counting(text)))


def pieced(asked: str, known: Callable[[str], bool]) -> bool:
    """Whether a question is about what somebody *has*, and the chart has the words for it in different places only."""
    words = _counting(asked)
    return bool(_HAS.search(asked)) and len(words) > 1 and not known(" ".join(words))


def _counting(text: str) -> list[str]:
    words = (word.strip("'’-") for word in _WORD.findall(text))
    return [word for word in words if len(word) > 2 and word.lower() not in _COMMON]
