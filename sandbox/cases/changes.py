"""The form of a value of an axis of variants: what it changes in the chart as written."""

from typing import Annotated

from pydantic import Field

from sandbox.cases.fields import AgeText, CodeText, Minutes, Part, Sex, StatusText


class PatientChange(Part):
    """What is different about the patient."""

    age: AgeText | None = None
    """In place of the case's; the chart needs its `words` as well."""
    sex: Sex | None = None
    """In place of the case's; the chart needs its `words` as well."""


class Other(Part):
    """One value of an axis of variants: what it replaces in the chart as written, all at once.

    ``words`` are whole words of any text; ``codes`` stand wherever the key has a code.
    """

    words: dict[Annotated[str, Field(min_length=1)], str] = Field(default_factory=dict)
    """Old → new, in every text of the case: titles, documents, quotes, `why`, `instead`, `cites`, hints, topics, and
    what a query is `about`, its `terms` and `model`.
    Whole words, capitals as typed, within one line, the longest first."""
    codes: dict[CodeText, CodeText] = Field(default_factory=dict)
    """Old → new, wherever the key has a code and where `why`, `instead` and `cites` name one; written as they stand
    there."""
    patient: PatientChange = PatientChange()
    """Another age, or another sex."""
    discharge_status: StatusText | None = None
    """In place of the case's."""
    minutes: Minutes | None = None
    """In place of the case's."""
