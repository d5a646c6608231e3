"""How sure a learner was beside what came of it, as a small chart and its table. Never part of a score."""

from dataclasses import dataclass
from typing import Final

from sandbox.store import confidence
from sandbox.store.confidence import SURE
from sandbox.web import charts
from sandbox.web.house import House

FEWEST: Final = 10
"""Claims with an answer; below so many, a chart would draw chance."""


@dataclass(frozen=True, slots=True)
class Said:
    """One answer to *Would you send this claim?*: its ``words``, how many claims it was given for, how many of them had
    nothing wrong, and their mean exact agreement (0 to 1)."""

    words: str
    claims: int
    right: int
    score: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """The answers that were given, the surest first."""

    said: tuple[Said, ...]

    @property
    def lacking(self) -> int:
        """How many claims are missing until the chart is drawn; 0: it is."""
        return max(0, FEWEST - sum(one.claims for one in self.said))

    def drawn(self, dark: bool) -> bytes:
        """The chart as SVG: mean agreement in percent, with the number of claims behind each bar."""
        rows = [(f"{one.words} ({one.claims})", round(100 * one.score)) for one in self.said]
        return charts.bars([] if self.lacking else rows, dark)


def calibration(here: House, me: str) -> Calibration:
    """What the learner ``me`` said before checking, and what came of it; nothing of a stranger (empty ``me``)."""
    rows = {row["sure"]: row for row in confidence.of_learner(here.store, me)} if me else {}
    return Calibration(
        tuple(
            Said(words, rows[sure]["claims"], rows[sure]["right"], rows[sure]["score"])
            for sure, words in SURE.items()
            if sure in rows
        )
    )
