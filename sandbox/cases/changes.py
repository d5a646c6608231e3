"""The form of a value of an axis of variants: what it changes in the chart as written."""

from typing import Annotated

from pydantic import Field

from sandbox.cases.fields import AgeText, CodeText, Minutes, Part, Sex, StatusText


class PatientChange(Part):
    """What is different about the patient."""

    age: AgeText | None = None
    sex: Sex | None = None


class Other(Part):
    """One value of an axis of variants: what it replaces in the chart as written, all at once.

    ``words`` are whole words of any text; ``codes`` stand wherever the key has a code.
    """

    words: dict[Annotated[str, Field(min_length=1)], str] = Field(default_factory=dict)
    codes: dict[CodeText, CodeText] = Field(default_factory=dict)
    patient: PatientChange = PatientChange()
    discharge_status: StatusText | None = None
    minutes: Minutes | None = None
