"""Why a provider is queried: after *Guidelines for Achieving a Compliant Query Practice* (AHIMA/ACDIS, 2022 update)."""

from dataclasses import dataclass
from typing import Final, Literal, get_args

ReasonId = Literal["conflicting", "no_diagnosis", "validity", "cause", "specificity", "poa", "incomplete", "treatment"]


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: its label on the page, and when it is the one to choose."""

    label: str
    when: str


REASONS: Final[dict[str, Reason]] = {
    "conflicting": Reason("Conflicting documentation", "two providers, or two documents, say what cannot both be"),
    "no_diagnosis": Reason(
        "Clinical indicators without a diagnosis", "findings were watched or worked up, and nobody says what they mean"
    ),
    "validity": Reason(
        "A diagnosis without clinical support", "it is documented, and the findings of the chart do not bear it out"
    ),
    "cause": Reason("Unclear cause and effect", "whether one condition, or an operation, brought about another"),
    "specificity": Reason("More detail needed", "acuity, type, stage, site or side of what is documented"),
    "poa": Reason("Present on admission unclear", "when it began, before or after the inpatient order"),
    "incomplete": Reason("Illegible or incomplete", "words that cannot be read, or a note that breaks off"),
    "treatment": Reason("Treatment without a diagnosis", "a drug or a procedure for which no condition is given"),
}
"""The reasons by name (final), in the order in which they are offered."""

assert tuple(REASONS) == get_args(ReasonId)

BRIEF: Final = "Guidelines for Achieving a Compliant Query Practice (AHIMA/ACDIS, 2022 update)"
"""The practice brief by its title; its text is its publishers'."""
MOST: Final = 8
"""Queries that a learner may write for one encounter."""
LONGEST: Final = 600
"""Characters of a question."""


@dataclass(frozen=True, slots=True)
class Question:
    """A query as a learner wrote it: ``reason`` is a name of :data:`REASONS`, ``document`` an id of the chart or
    empty, ``text`` the question."""

    reason: str
    document: str
    text: str
