"""This class beside all classes of the server, without names and only where nobody can be made out."""

import statistics
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

FEWEST_BEHIND: Final = 5
"""No mean is shown behind which fewer learners stand; nor is one from which theirs could be subtracted."""
FORMULA: Final = "mean of the first scores of all learners in a case, in any lab of any class; each learner counts once"


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A case: the mean of the class and that of all classes; None where too few stand behind it."""

    mine: float | None
    everybody: float | None
    people: int
    others: int


def benchmark(mine: Iterable[float], others: Iterable[float]) -> Benchmark:
    """The means of first scores. Below five others, the mean of all would tell of them by subtraction: None."""
    here, there = list(mine), list(others)
    enough = len(here) >= FEWEST_BEHIND
    return Benchmark(
        statistics.fmean(here) if enough else None,
        statistics.fmean([*here, *there]) if enough and len(there) >= FEWEST_BEHIND else None,
        len(here),
        len(there),
    )
