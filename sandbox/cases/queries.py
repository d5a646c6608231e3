"""The form of what a key asks of the provider."""

from typing import Annotated

from pydantic import Field

from sandbox.cases.chart import Quote
from sandbox.cases.fields import CodeText, Only, Part
from sandbox.queries.reasons import LONGEST, ReasonId


class OpenQuery(Part):
    """Something that the chart leaves open: it is asked of the provider, and not coded on a guess."""

    reason: ReasonId
    """Why it is asked, after *Guidelines for Achieving a Compliant Query Practice* (AHIMA/ACDIS, 2022 update)."""
    accept_reasons: tuple[ReasonId, ...] = ()
    """Other reasons that are as good."""
    about: Annotated[str, Field(min_length=1)]
    """What must be clarified, in words; it names no answer."""
    terms: tuple[str, ...] = ()
    """Words by each of which a learner's question is known to be about this: `anemia`, `blood loss`."""
    evidence: tuple[Quote, ...] = ()
    """The words of the chart that contradict each other, or that nobody has explained."""
    why: Annotated[str, Field(min_length=1)]
    """Why a code would be a guess, in one to four sentences."""
    cites: tuple[str, ...] = ()
    """Guideline sections, or the practice brief by title and year."""
    meanwhile: tuple[CodeText, ...] = ()
    """Lines of the key that are coded as long as no answer has come."""
    instead: dict[CodeText, str] = Field(default_factory=dict)
    """Code → what to say to somebody who codes it without asking."""
    model: Annotated[str, Field(max_length=LONGEST)] = ""
    """A query that would do; it must not lead."""
    optional: bool = False
    """Right, but not required."""
    only: Only = ()
    """Values of variants: it is there in their encounters, and in no others."""

    def __hash__(self) -> int:
        # As for a case: what is derived from it may be kept under the object itself.
        return id(self)
