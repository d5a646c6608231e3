"""The key of a case, as lines that a claim can be compared with."""

from dataclasses import dataclass
from functools import lru_cache

from sandbox.cases.schema import Case, DiagnosisLine, ProcedureLine
from sandbox.encounter import CM, Claim, Line, bare
from sandbox.findings import Evidence


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """A line of the key, ready to be compared: codes without dots. ``line`` is what a claim would carry.

    Each is equal only to itself, so that what was found out about it can be kept under it.
    """

    line: Line
    source: DiagnosisLine | ProcedureLine
    accept: frozenset[str]
    partial: dict[str, float]
    instead: dict[str, str]

    @property
    def optional(self) -> bool:
        """Right, but not required."""
        return self.source.optional


@lru_cache(maxsize=256)
def answers(case: Case) -> tuple[tuple[Answer, ...], tuple[Answer, ...]]:
    """The key's diagnoses and procedures. Their lines are called ``dx1`` … and ``px1`` …, as on a claim."""
    diagnoses = (
        Line(f"dx{n}", source.code, CM, source.poa, evidence=_evidence(source))
        for n, source in enumerate(case.key.diagnoses, 1)
    )
    procedures = (
        Line(f"px{n}", source.code, source.system, None, source.modifiers, source.units, evidence=_evidence(source))
        for n, source in enumerate(case.key.procedures, 1)
    )
    return (
        tuple(map(_answer, diagnoses, case.key.diagnoses)),
        tuple(map(_answer, procedures, case.key.procedures)),
    )


@lru_cache(maxsize=256)
def key_claim(case: Case, id: str = "") -> Claim:
    """The key as a claim: what a coder who agrees with every line of it, optional ones included, would enter."""
    diagnoses, procedures = answers(case)
    return Claim(case.encounter(), tuple(a.line for a in diagnoses), tuple(a.line for a in procedures), id)


def _evidence(source: DiagnosisLine | ProcedureLine) -> tuple[Evidence, ...]:
    return tuple(Evidence(quote.document, quote.quote) for quote in source.evidence)


def _answer(line: Line, source: DiagnosisLine | ProcedureLine) -> Answer:
    return Answer(
        line,
        source,
        frozenset(map(bare, source.accept)),
        {bare(code): credit for code, credit in source.partial.items()},
        {bare(code): text for code, text in source.instead.items()},
    )
