"""What came of a paper, by domain, and whether it is passed.

A domain's score is the mean of its questions; a question that could not be judged is left out. The whole is
Σ (weight × score) ÷ Σ weight over the domains that have a score, and passed from the blueprint's pass mark on.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sandbox.cases.blueprint import Blueprint


@dataclass(frozen=True, slots=True)
class DomainResult:
    """One domain. ``score`` is 0 to 1, None where no question of it could be judged; ``numbers`` shows the sum."""

    name: str
    weight: int
    questions: int
    answered: int
    score: float | None
    numbers: str


@dataclass(frozen=True, slots=True)
class Result:
    """A whole paper. ``score`` is 0 to 1; ``numbers`` shows how it came about."""

    score: float
    passed: bool
    numbers: str
    domains: tuple[DomainResult, ...]


FORMULA = "(weight × score of each domain, added up) ÷ (all weights)"
DOMAIN_FORMULA = "(what each question got, added up) ÷ (questions)"


def mark(blueprint: Blueprint, questions: Sequence[tuple[int, bool, float | None]]) -> Result:
    """The result of a paper from (domain, whether it was answered, score or None) of each of its questions."""
    domains = tuple(_domain(blueprint, n, [q for q in questions if q[0] == n]) for n in range(len(blueprint.domains)))
    counted = [(domain.weight, domain.score) for domain in domains if domain.score is not None]
    weights = sum(weight for weight, _ in counted)
    total = sum(weight * score for weight, score in counted) / weights if weights else 0.0
    numbers = " + ".join(f"{weight} × {score:.2f}" for weight, score in counted)
    # Seven tenths of a hundred are 0.7000000000000001 to a computer, and not less than 70 percent.
    passed = bool(counted) and round(100 * total, 6) >= blueprint.pass_mark
    return Result(total, passed, f"({numbers or 'nothing'}) ÷ {weights} = {total:.2f}", domains)


def _domain(blueprint: Blueprint, n: int, questions: Sequence[tuple[int, bool, float | None]]) -> DomainResult:
    domain = blueprint.domains[n]
    scores = [score for _, _, score in questions if score is not None]
    score = sum(scores) / len(scores) if scores else None
    numbers = "none could be judged" if score is None else f"{sum(scores):.2f} ÷ {len(scores)} = {score:.2f}"
    return DomainResult(domain.name, domain.weight, len(questions), sum(a for _, a, _ in questions), score, numbers)
