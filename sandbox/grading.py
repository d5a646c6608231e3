"""Sets a claim beside the key of its case: a :class:`sandbox.report.Report` of pairs and figures.

Is the coding what this chart supports? That is asked here; whether it keeps the code set's own rules is the checker's
question (:mod:`sandbox.checker`), and its findings are only passed on.
"""

import itertools
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from sandbox import checker
from sandbox.answers import Answer, answers
from sandbox.cases.schema import Case, NotCoded
from sandbox.codes.codeset import CodeSet
from sandbox.codes.model import day
from sandbox.encounter import Claim, Line, bare
from sandbox.figures import figures
from sandbox.findings import Evidence, Finding
from sandbox.kinship import Kinship
from sandbox.pairing import Match, pair
from sandbox.report import Pair, Report, Side
from sandbox.sentences import sentence


def grade(
    case: Case,
    claim: Claim,
    codes: CodeSet,
    *,
    case_id: str,
    case_hash: str,
    findings: Sequence[Finding] = (),
    payment: dict[str, Any] | None = None,
) -> Report:
    """The report on ``claim``, an attempt at ``case``. Lines without a code are passed over.

    ``findings``: what the rules say of the claim. ``payment``: ``{"entered": …, "key": …}``,
    each as :meth:`sandbox.payment.Payer.group` gives it, None outside inpatient stays.
    """
    codes = codes.at(day(case.encounter().on))
    diagnoses, procedures = pair(case, claim, _kinship(codes))
    show = _show(case, codes)
    return Report(
        case=case_id,
        case_hash=case_hash,
        edition=codes.edition,
        checker=checker.VERSION,
        pairs=tuple(map(show.pair, (*diagnoses, *procedures))),
        findings=tuple(findings),
        figures=figures(diagnoses, procedures, payment),
        payment=payment,
    )


@lru_cache(maxsize=16)
def _kinship(codes: CodeSet) -> Kinship:
    """The one judge of a code set, so that what it has compared once stays known."""
    return Kinship(codes)


@lru_cache(maxsize=256)
def _show(case: Case, codes: CodeSet) -> "_Show":
    return _Show(case, codes)


class _Show:
    """Turns matches into pairs: titles, sentences and what the author wrote. Each match is put into words once."""

    def __init__(self, case: Case, codes: CodeSet) -> None:
        self.pair = lru_cache(maxsize=2048)(self._pair)
        self.case = case
        self.codes = codes
        self.documents = {document.id: document.title for document in case.documents}
        self.refused = {bare(item.code): item for item in case.key.not_coded}
        # A code for what should have been asked of the provider.
        self.unasked = {bare(code): text for query in case.key.queries for code, text in query.instead.items()}

    def _pair(self, match: Match) -> Pair:
        answer = match.answer
        refused = self._refusal(match)
        return Pair(
            error=match.names[0],
            credit=match.credit,
            sentence=sentence(match, self.case.setting, self.documents),
            entered=self._side(match.entered, match.place) if match.entered else None,
            key=self._side(answer.line, int(answer.line.id[2:]) - 1) if answer else None,
            also=match.names[1:],
            told=self._told(match),
            why=answer.source.why if answer else refused.why if refused else "",
            cites=answer.source.cites if answer else (),
            evidence=answer.line.evidence if answer else _words(refused),
            optional=answer.optional if answer else False,
        )

    def _side(self, line: Line, place: int) -> Side:
        title = self.codes.title(line.key, line.system)
        return Side(
            line.id, line.shown, title, line.system, line.poa or "", place, line.modifiers, line.units
        )  # fmt: skip

    def _refusal(self, match: Match) -> NotCoded | None:
        found = match.answer is None and match.entered and not match.duplicate
        return self.refused.get(match.entered.key) if found and match.entered else None

    def _told(self, match: Match) -> str:
        """What the author foresaw for this code: in place of the line that it stands for, of the principal line, or,
        entered in excess, of any line."""
        if match.entered is None or match.duplicate or (match.right_code and "misplaced" not in match.names):
            return ""
        if refused := self._refusal(match):
            return refused.why
        key = match.entered.key
        foreseen = next((answer.instead[key] for answer in self._foreseen(match) if key in answer.instead), "")
        return foreseen or self.unasked.get(key, "")

    def _foreseen(self, match: Match) -> Iterable[Answer]:
        key_lines = answers(self.case)
        if match.right_code and match.entered:
            return key_lines[match.entered.id.startswith("px")][:1]
        return (match.answer,) if match.answer else itertools.chain(*key_lines)


def _words(refused: NotCoded | None) -> tuple[Evidence, ...]:
    return tuple(Evidence(quote.document, quote.quote) for quote in refused.evidence) if refused else ()
