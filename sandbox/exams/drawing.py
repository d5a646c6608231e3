"""A blueprint and a seed → the questions of a paper: always the same for the same library."""

import random
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from sandbox.cases.blueprint import Blueprint, Cases
from sandbox.cases.library import CaseFile

LARGEST_SEED: Final = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a paper. ``domain`` counts from 0.

    ``what``: ``case`` with the id of an encounter as ``ref``, or ``drill`` with its kind as ``ref`` and its ``seed``.
    """

    domain: int
    what: Literal["case", "drill"]
    ref: str
    seed: int = 0


class TooFew(ValueError):
    """The library has not as many cases as a domain asks for."""


def draw(
    blueprint: Blueprint, cases: Mapping[str, CaseFile], seed: int, met: Collection[str] = ()
) -> tuple[Question, ...]:
    """The questions of a paper, domain by domain. Raises :class:`TooFew`.

    No two are of the same case. Encounters that the learner has not ``met`` (ids) go before the others, and of a case
    with variants any patient may be drawn.
    """
    dice = random.Random(seed)  # noqa: S311 - a game of chance, no secret
    questions: dict[int, list[Question]] = {}
    used: set[str] = set()
    choice = [sum(d.cases.has(file) for file in cases.values()) if d.cases else 0 for d in blueprint.domains]
    # Whoever has the least choice draws first, lest a broad domain takes what a narrow one needs.
    for n in sorted(range(len(choice)), key=lambda n: (choice[n], n)):
        domain = blueprint.domains[n]
        if domain.cases is None:
            rounds = -(-domain.items // len(domain.drills))
            kinds = [kind for _ in range(rounds) for kind in dice.sample(sorted(domain.drills), len(domain.drills))]
            questions[n] = [Question(n, "drill", kind, dice.randrange(LARGEST_SEED)) for kind in kinds[: domain.items]]
            continue
        drawn = _cases(dice, domain.cases, cases, met, used)[: domain.items]
        if len(drawn) < domain.items:
            raise TooFew(f"{domain.name}: {domain.items} cases are asked for, and {len(drawn)} are left")
        used.update(id.partition("~")[0] for id in drawn)
        questions[n] = [Question(n, "case", id) for id in drawn]
    return tuple(question for n in sorted(questions) for question in questions[n])


def _cases(
    dice: random.Random, wanted: Cases, cases: Mapping[str, CaseFile], met: Collection[str], used: Collection[str]
) -> list[str]:
    """One encounter of each case that is wanted and not used, at random, those not met before the others."""
    out = []
    for id, file in sorted(cases.items()):
        if id not in used and wanted.has(file):
            patients = [one.id for one in file.family]
            fresh = [one for one in patients if one not in met]
            # A case is new to somebody who knows none of its patients.
            known = len(patients) - len(fresh)
            out.append((known > 0, not fresh, dice.random(), dice.choice(fresh or patients)))
    return [id for *_, id in sorted(out)]


def lacking(blueprint: Blueprint, cases: Mapping[str, CaseFile]) -> list[tuple[int, int]]:
    """(domain, cases that the library has for it) for each domain that it cannot fill, whichever others come before."""
    counts = [
        (n, sum(domain.cases.has(file) for file in cases.values()))
        for n, domain in enumerate(blueprint.domains)
        if domain.cases is not None
    ]
    return [(n, count) for n, count in counts if count < blueprint.domains[n].items]
