"""The form of the record of a blind second coding."""

from typing import Annotated

from pydantic import Field

from sandbox.cases.fields import Day, Part


class Coding(Part):
    """What one coder gave, line by line: ``M80.051A/Y``, POA behind the slash."""

    diagnoses: tuple[str, ...]
    procedures: tuple[str, ...] = ()


class Difference(Part):
    """Where the second coder and the key parted, and what was decided, by which guideline."""

    line: str
    first: str
    second: str
    decision: Annotated[str, Field(min_length=1)]


class Recoding(Part):
    """A blind coding beside the key: by someone who saw the chart only."""

    second: Coding
    agreement: Annotated[str, Field(min_length=1)]
    differences: tuple[Difference, ...] = ()


class VariantReview(Recoding):
    """The blind coding of one encounter of a file with variants, called by its values: ``mirrored-k2``."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=120)]


class Review(Recoding):
    """The record of the blind second coding of the chart as written and, beside it, of one of its variants."""

    date: Day
    variant: VariantReview | None = None
