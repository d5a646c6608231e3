"""The form of the record of a blind second coding."""

from typing import Annotated

from pydantic import Field

from sandbox.cases.fields import Day, Part


class Coding(Part):
    """What one coder gave, line by line: ``M80.051A/Y``, POA behind the slash."""

    diagnoses: tuple[str, ...]
    """In the second coder's order, POA behind a slash: `M80.052A/Y`."""
    procedures: tuple[str, ...] = ()
    """In the second coder's order."""


class Difference(Part):
    """Where the second coder and the key parted, and what was decided, by which guideline."""

    line: str
    """The code in question."""
    first: str
    """What the key had."""
    second: str
    """What the second coder had."""
    decision: Annotated[str, Field(min_length=1)]
    """What was decided, and by which guideline or note."""


class Recoding(Part):
    """A blind coding beside the key: by someone who saw the chart only."""

    second: Coding
    """What the second coder gave."""
    agreement: Annotated[str, Field(min_length=1)]
    """How much was alike before anything was decided."""
    differences: tuple[Difference, ...] = ()
    """Where the two parted."""


class VariantReview(Recoding):
    """The blind coding of one encounter of a file with variants, called by its values: ``mirrored-k2``."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=120)]
    """The encounter, called by its values: `mirrored-k2`."""


class Review(Recoding):
    """The record of the blind second coding of the chart as written and, beside it, of one of its variants."""

    date: Day
    """When it was coded."""
    variant: VariantReview | None = None
    """The blind coding of one variant; a case that is `ready` and has variants needs it, or there is a warning."""
