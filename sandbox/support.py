"""Do the words of the chart that a learner put under a code say it?

They are compared with the key's quotes by their places in the documents, and by what they name. It tells, and never
takes off: the score knows no words.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from textwrap import shorten
from typing import Final

from sandbox.answers import Answer, answers
from sandbox.cases.chart import Document
from sandbox.cases.quotes import spans
from sandbox.cases.schema import Case
from sandbox.codes.codeset import CodeSet
from sandbox.codes.model import day
from sandbox.denied import denied
from sandbox.encounter import CM, Claim, Line
from sandbox.findings import Evidence, Finding
from sandbox.nearness import EXTRA
from sandbox.report import RIGHT, Figure, Pair, Report, Support
from sandbox.rules.out_words import doubts, roots, strong, vocabulary

MOST: Final = 6
"""Quotes that a learner may put under one line."""
LONGEST: Final = 400
"""Characters of a quote."""

FITS: Final[dict[str, str]] = {
    "fits": "These words say it.",
    "partly": "Some of these words say it, and some do not",
    "other_line": "The code is right. These words speak for another line, though: which ones say this one?",
    "elsewhere": (
        "The code is right, but these words do not say it. Whoever audits a claim looks for the words first: which "
        "sentence of the chart states what is coded here?"
    ),
}
"""How the words fit a right code, whatever its place and POA indicator; and the sentence for it."""

CONCERNS: Final[dict[str, str]] = {
    "uncertain": (
        "{quote} leaves it in doubt. Outside an inpatient stay, what is only suspected is not coded as if it existed "
        "(guidelines, IV.H)."
    ),
    "denied": "{quote} says that it is not there.",
    "not_provider": (
        "{quote} was written by {author}. A diagnosis rests on the provider who is accountable for it (guidelines, "
        "I.B.14); where do they state it?"
    ),
    "result": (
        "{quote} is a finding of a report ({author}). In an inpatient stay it is not coded unless the provider says "
        "what it means (guidelines, III.B); where do they?"
    ),
}
"""What may be wrong with words by themselves, and the sentence for it."""

_CLINICIAN: Final = re.compile(
    r"\b(?:RN|LPN|LVN|nurs\w+|medical assistant|dieti[ct]ian|nutritionist|laborator\w+|technician|technologist"
    r"|paramedic|EMT|social worker|(?:physical|occupational|respiratory|speech) therapist|speech-language pathologist"
    r"|pharmacist|lactation consultant|registration)\b",
    re.IGNORECASE,
)
"""Authors who document what they see, and diagnose nothing."""
_PROVIDER: Final = re.compile(
    r"practitioner|midwife|anesthetist|physician|signed|attending|director|\b(?:MD|DO|PA|NP)\b|(?<!patho)(?<!radio)logist"
    r"|hospitalist|intensivist|surgeon",
    re.IGNORECASE,
)
_REPORTS: Final = re.compile(r"(?<!interventional )radiolog|(?<!language )patholog", re.IGNORECASE)
"""Authors of reports of tests: outside inpatient stays, what they have confirmed is coded (guidelines, IV.K)."""

_CIRCUMSTANCES: Final = ("Z", "V", "W", "X", "Y")
_OTHERS_MAY: Final = (*_CIRCUMSTANCES, "R402", "R297", "L89", "L97", "L984")
"""Circumstances, and codes that may rest on other clinicians, at least in part (guidelines, I.B.14)."""
_ABSENT: Final = re.compile(r"\b(?:no|not|non\w*|without|absence|absent)\b", re.IGNORECASE)
"""In the titles of codes for what is not there: of these, the chart may well say *no* or *not*."""
_WORD: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_END: Final = re.compile(r"(?<=[\w)\]])[.!?;](?=\s)|\n|\|")


def supported(report: Report, case: Case, claim: Claim, codes: CodeSet) -> Report:
    """The report with what is to be said of the words in ``claim``, and the figure for them. The score stays."""
    marked = {line.id: line for line in claim.lines if line.evidence}
    judge = _Judge(case, codes.at(day(case.encounter().on)), report.findings)
    found = tuple(
        judge.support(pair, marked[pair.entered.id])
        for pair in report.pairs
        if pair.entered and pair.entered.id in marked
    )
    return replace(report, support=found, figures=(*report.figures, figure(found))) if found else report


def figure(found: Iterable[Support]) -> Figure:
    """Of the right codes that have words, how many rest on right ones. It is no part of the score."""
    told = [support for support in found if support.fit]
    right = sum(support.fit == "fits" and not support.concerns for support in told)
    words = (
        "evidence", "Words of the chart", right / len(told) if told else None,
        "right codes that rest on right words ÷ right codes under which words were put; no part of the score",
    )  # fmt: skip
    if not told:
        return Figure(*words, "does not apply: no right code has words")
    return Figure(*words, f"{right} on right words ÷ {len(told)} with words = {right / len(told):.2f}")


def widened(case: Case, words: Evidence) -> Evidence:
    """The words as a rule should read them: where they were cut out of a doubt, with the sentence that doubts.

    *pneumonia* out of *probable pneumonia* is still only probable. They stay as they are where the same words stand
    somewhere in the document without a doubt.
    """
    if case.setting == "inpatient" or doubts(words.quote):
        return words
    text = next((document.text for document in case.documents if document.id == words.document), "")
    sentences = [_sentence(text, *span) for span in spans(words.quote, text)]
    if sentences and all(map(doubts, sentences)):
        return Evidence(words.document, sentences[0])
    return words


def _sentence(text: str, start: int, end: int) -> str:
    first = max((found.end() for found in _END.finditer(text, 0, start)), default=0)
    last = _END.search(text, end)
    return text[first : last.start() if last else len(text)].strip()


@dataclass(frozen=True, slots=True)
class _Proof:
    """A quote with its document and its places there."""

    words: Evidence
    document: Document | None
    places: tuple[tuple[int, int], ...]

    def overlaps(self, other: "_Proof") -> bool:
        return self.words.document == other.words.document and any(
            a < d and c < b for a, b in self.places for c, d in other.places
        )


class _Judge:
    """What is known of a case when the words under its lines are looked at."""

    def __init__(self, case: Case, codes: CodeSet, findings: Iterable[Finding]) -> None:
        self.case = case
        self.codes = codes
        self.findings = [finding for finding in findings if finding.rule == "OUT01"]
        self.documents = {document.id: document for document in case.documents}
        self.answers = {answer.line.id: answer for section in answers(case) for answer in section}

    def support(self, pair: Pair, line: Line) -> Support:
        answer = self.answers.get(pair.key.id) if pair.key else None
        proofs = [self._proof(words) for words in line.evidence]
        fit, stray = self._fit(line, answer, proofs) if answer and _right(pair) else ("", [])
        concerns = dict(self._concerns(line, answer, proofs))
        says = [_tell(FITS[fit], stray)] if fit and not (fit == "fits" and concerns) else []
        says += [
            CONCERNS[name].format(quote=_quoted(proof), author=proof.document.author if proof.document else "")
            for name, proof in concerns.items()
        ]
        return Support(line.id, line.evidence, fit, tuple(concerns), tuple(says))

    def _proof(self, words: Evidence) -> _Proof:
        document = self.documents.get(words.document)
        return _Proof(words, document, spans(words.quote, document.text) if document else ())

    def _own(self, answer: Answer) -> list[_Proof]:
        return [self._proof(words) for words in answer.line.evidence]

    def _about(self, line: Line) -> frozenset[str]:
        code = self.codes.get(line.key, line.system)
        return vocabulary(self.codes, code) if code else frozenset()

    def _fit(self, line: Line, answer: Answer, proofs: list[_Proof]) -> tuple[str, list[_Proof]]:
        """The name of the fit, and the quotes that do not fit where others do."""
        own = self._own(answer)
        about = self._about(answer.line) | self._about(line)
        good = [p for p in proofs if any(map(p.overlaps, own)) or _names(p.words.quote, own, about)]
        if good:
            stray = [proof for proof in proofs if proof not in good]
            return ("partly" if stray else "fits"), stray
        others = [proof for other in self.answers.values() if other is not answer for proof in self._own(other)]
        return ("other_line" if any(p.overlaps(o) for p in proofs for o in others) else "elsewhere"), []

    def _concerns(self, line: Line, answer: Answer | None, proofs: list[_Proof]) -> Iterator[tuple[str, _Proof]]:
        for finding in self.findings:
            if line.id in finding.lines:
                told = [p for p in proofs if any(_within(p.words, words) for words in finding.evidence)]
                yield "uncertain", (told or proofs)[0]
        if line.system != CM:
            return
        own = self._own(answer) if answer else []
        # What the key quotes is no mistake, *not anemic* before the operation among it.
        if all(self._denied(line, proof) and not any(map(proof.overlaps, own)) for proof in proofs):
            yield "denied", proofs[0]
        names, key = ([self._author(proof, line) for proof in side] for side in (proofs, own))
        # One quote of the provider is enough; and where the key itself rests on nobody else, so may the learner.
        if all(names) and not (key and all(key)):
            yield names[0], proofs[0]

    def _denied(self, line: Line, proof: _Proof) -> bool:
        """Whether each place of the words says of the condition, wherever it names it, that it is not there."""
        code = self.codes.get(line.key, line.system)
        if not proof.document or not code or line.key.startswith(_CIRCUMSTANCES) or _ABSENT.search(code.title):
            return False
        text, about = proof.document.text, vocabulary(self.codes, code)
        named = [
            word.span() for place in proof.places for word in _WORD.finditer(text, *place) if roots(word[0]) & about
        ]
        return bool(named) and all(denied(text, *span) for span in named)

    def _author(self, proof: _Proof, line: Line) -> str:
        """The concern that the author of a quote gives, or nothing."""
        if proof.document is None or line.key.startswith(_OTHERS_MAY):
            return ""
        return _role(proof.document.author, self.case.setting == "inpatient")


def _right(pair: Pair) -> bool:
    return pair.error in RIGHT or pair.error in EXTRA


@lru_cache(maxsize=512)
def _role(author: str, inpatient: bool) -> str:
    if _CLINICIAN.search(author) and not _PROVIDER.search(_CLINICIAN.sub("", author)):
        return "not_provider"
    return "result" if inpatient and _REPORTS.search(author) else ""


def _names(quote: str, own: list[_Proof], about: frozenset[str]) -> bool:
    """Whether words elsewhere in the chart name the same finding as the key's quotes.

    They do where they say all that one of these says, or use what its words and the code's have in common; places of
    the body do not tell.
    """
    said = roots(quote)
    for proof in own:
        key = roots(proof.words.quote)
        if strong(key) and (key <= said or strong(key & said & about)):
            return True
    return False


def _within(words: Evidence, other: Evidence) -> bool:
    return words.document == other.document and words.quote in other.quote


def _tell(sentence: str, stray: list[_Proof]) -> str:
    return f"{sentence}: {', '.join(map(_quoted, stray))}." if stray else sentence


def _quoted(proof: _Proof) -> str:
    return f"“{shorten(proof.words.quote, 90, placeholder=' …')}”"
