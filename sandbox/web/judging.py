"""What is said of an answer: judged, written for the database and drawn once, and kept for whoever enters the same."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from markupsafe import Markup

from sandbox.cases.amending import Amendment, amended
from sandbox.cases.library import CaseFile
from sandbox.codes.codeset import CodeSet
from sandbox.judge import NotJudged, judge
from sandbox.payment import Payer
from sandbox.report import Figure, Report, Stored
from sandbox.store.attempts import Lines
from sandbox.web import feedback, forms, queryform, queryview
from sandbox.web.fragments import joined
from sandbox.web.memory import Memory

_MOST: Final = 8 * 1024 * 1024
"""Bytes of answers, some 650: the last of each of 300 learners, and what a class repeats."""
_SHARED: Final = 300
"""Bytes that a pair, or a part that was drawn, counts in an answer: most are shared by all that have it, and a row or a
finding that nobody else has takes some 2.5 KB."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A report as far as an answer needs it. ``drawn``: pairs, findings and payment, and ``queries``: their section, as
    they are before anything was asked of them."""

    score: float
    figures: tuple[Figure, ...]
    stored: Stored
    drawn: tuple[Markup, ...] = field(repr=False)
    queries: Markup = field(repr=False)

    @property
    def body(self) -> Markup:
        """The report as it is shown."""
        return joined(self.drawn)

    @property
    def weight(self) -> int:
        """Bytes that it takes in memory."""
        return len(self.stored.text) + _SHARED * (len(self.stored.pairs) + len(self.drawn) + 1)


class Answers:
    """The answers that were given last. What is said is a pure function of the case's version and of what was typed."""

    def __init__(self, codes: CodeSet, payer: Payer) -> None:
        self._codes = codes
        self._payer = payer
        self._kept: Memory[str, Answer] = Memory(_MOST)

    def of(self, file: CaseFile, lines: Lines, ruled: Sequence[Amendment] = ()) -> Answer:
        """What is said of these lines. Raises :class:`sandbox.judge.NotJudged`, and that is never kept.

        ``ruled``: what was decided for the learner alone; such an answer is nobody else's, and is not kept either.
        """
        if ruled:
            return self._judged(_amended(file, ruled), lines)
        key = _key(file, lines)
        found = self._kept.get(key)
        if found is None:
            found = self._judged(file, lines)
            self._kept.put(key, found, found.weight)
        return found

    def kept(self, file: CaseFile, lines: Lines, ruled: Sequence[Amendment] = ()) -> tuple[float, Stored]:
        """Score and report, for where nobody looks: nothing is drawn, so that no request is needed.

        Raises :class:`sandbox.judge.NotJudged`.
        """
        if not ruled and (found := self._kept.get(_key(file, lines))):
            return found.score, found.stored
        report = self._report(_amended(file, ruled), lines)
        return report.score, report.stored()

    def _report(self, file: CaseFile, lines: Lines) -> Report:
        claim, questions = forms.claim(file.case, lines), queryform.questions(file.case, lines)
        return judge(file, claim, self._codes, self._payer, questions)

    def _judged(self, file: CaseFile, lines: Lines) -> Answer:
        report = self._report(file, lines)
        try:
            drawn = feedback.parts(report, file.case, False)
            queries = queryview.draw(report, file.case, False, {})
        except Exception as error:
            # The attempt is to be kept all the same, and what cannot be shown is not judged for its learner.
            raise NotJudged(f"{file.id}: not drawn: {error!r}") from error
        return Answer(report.score, report.figures[:1], report.stored(), drawn, queries)


def _amended(file: CaseFile, ruled: Sequence[Amendment]) -> CaseFile:
    return replace(file, case=amended(file.case, tuple(ruled))) if ruled else file


def _key(file: CaseFile, lines: Lines) -> str:
    # Thousands of these are kept: a digest is smaller than what was typed. The version's hash has the encounter in it.
    return f"{file.id} {file.hash} {hashlib.blake2b(repr(lines).encode(), digest_size=16).hexdigest()}"
