"""The form of what a learner reads: the patient, the documents, and words quoted from them."""

import re
from typing import Annotated

from pydantic import Field

from sandbox.cases.fields import AgeText, Day, Only, Part, Sex, Slug
from sandbox.encounter import Patient

_AGE = re.compile(r"(\d+) (year|month|week|day)s?")
_DAYS = {"month": 30, "week": 7, "day": 1}


class PatientText(Part):
    """Age (``78 years``, ``5 months``, ``9 days``) and sex. Nothing else: no name, no date of birth."""

    age: AgeText
    """`78 years`, `5 months`, `3 weeks` or `9 days`; nobody is older than 89."""
    sex: Sex
    """As the record has it."""

    def as_patient(self) -> Patient:
        """The patient as the checker sees one."""
        found = _AGE.fullmatch(self.age)
        assert found is not None
        number, unit, sex = int(found[1]), found[2], self.sex[0].upper()
        if unit == "year":
            return Patient(number, sex)
        days = number * _DAYS[unit]
        return Patient(days // 365, sex, days)


class Document(Part):
    """One document of the chart. ``text`` may use ``## headings``, ``- lists`` and ``| tables |``."""

    id: Slug
    """Small letters, digits, `-` and `_`; other parts of the case name it."""
    title: Annotated[str, Field(min_length=1, max_length=120)]
    """What the tab says; it gives neither a side nor a diagnosis away."""
    author: Annotated[str, Field(min_length=1, max_length=120)]
    """A role: *Emergency physician*, *RN, night*."""
    date: Day
    """Within 31 days of the encounter, else a warning."""
    text: Annotated[str, Field(min_length=1)]
    """The document, under `|`, so that lines stay as they are."""
    only: Only = ()
    """Values of variants: it is there in their encounters, and in no others."""


class Quote(Part):
    """Words of the chart: they stand in the document word for word (``lint`` proves it)."""

    document: Slug
    """The `id` of a document."""
    quote: Annotated[str, Field(min_length=3)]
    """Its words, word for word, within one line."""
    only: Only = ()
    """Values of variants: it is there in their encounters, and in no others."""
