"""The form of a case file, as frozen models; scalars are those of :mod:`sandbox.cases.fields`.

``Case.model_json_schema()`` is exported as ``case.schema.json``, so that an editor completes and checks while the
author types.
"""

import re
from typing import Annotated, Literal

from pydantic import Field, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from sandbox.cases.changes import Other
from sandbox.cases.fields import (
    AgeText,
    CodeText,
    Credit,
    Day,
    Minutes,
    Name,
    Only,
    Part,
    Sex,
    Slug,
    StatusText,
)
from sandbox.cases.review import Review
from sandbox.encounter import CM, PCS, SETTINGS, Claim, Encounter, Line, Patient
from sandbox.findings import Evidence

_AGE = re.compile(r"(\d+) (year|month|week|day)s?")
_DAYS = {"month": 30, "week": 7, "day": 1}


class PatientText(Part):
    """Age (``78 years``, ``5 months``, ``9 days``) and sex. Nothing else: no name, no date of birth."""

    age: AgeText
    sex: Sex

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
    title: Annotated[str, Field(min_length=1, max_length=120)]
    author: Annotated[str, Field(min_length=1, max_length=120)]
    date: Day
    text: Annotated[str, Field(min_length=1)]
    only: Only = ()


class Quote(Part):
    """Words of the chart: they stand in the document word for word (``lint`` proves it)."""

    document: Slug
    quote: Annotated[str, Field(min_length=3)]
    only: Only = ()


class _KeyLine(Part):
    code: CodeText
    evidence: Annotated[tuple[Quote, ...], Field(description="At least one, unless the case is a draft")] = ()
    cites: tuple[str, ...] = ()
    why: Annotated[str, Field(min_length=1)]
    optional: bool = False
    accept: tuple[CodeText, ...] = ()
    partial: dict[CodeText, Credit] = Field(default_factory=dict)
    instead: dict[CodeText, str] = Field(default_factory=dict)
    only: Only = ()


class DiagnosisLine(_KeyLine):
    """One diagnosis of the key. ``poa`` only for inpatients, and left out where the code is exempt."""

    poa: Literal["Y", "N", "U", "W"] | None = None
    accept_poa: tuple[Literal["Y", "N", "U", "W", "-"], ...] = Field(
        default=(), description="Other POA indicators that earn full credit; - is a blank"
    )


class ProcedureLine(_KeyLine):
    """One procedure of the key."""

    system: Literal["icd-10-pcs", "hcpcs", "cpt"] = PCS
    modifiers: tuple[str, ...] = ()
    units: Annotated[int, Field(ge=1)] = 1


class NotCoded(Part):
    """Something that stands in the chart and is rightly left out."""

    code: CodeText
    system: Literal["icd-10-cm", "icd-10-pcs", "hcpcs", "cpt"] = CM
    why: Annotated[str, Field(min_length=1)]
    evidence: tuple[Quote, ...] = ()
    only: Only = ()


class Waiver(Part):
    """A rule that this chart answers, with the words that answer it."""

    rule: Annotated[str, Field(pattern=r"^[A-Z]{3}\d\d$")]
    evidence: Quote
    why: Annotated[str, Field(min_length=1)]
    only: Only = ()


class Key(Part):
    """The answer: diagnoses in order (the first is principal or first-listed), procedures, and what is left out."""

    diagnoses: Annotated[tuple[DiagnosisLine, ...], Field(description="At least one, unless the case is a draft")]
    procedures: tuple[ProcedureLine, ...] = ()
    not_coded: tuple[NotCoded, ...] = ()
    either_first: tuple[Annotated[tuple[CodeText, ...], Field(min_length=2)], ...] = ()


class Case(Part):
    """One encounter: its chart, its key, and what helps a learner along."""

    title: Annotated[str, Field(min_length=3, max_length=90)]
    setting: Literal[
        "inpatient", "emergency", "observation", "ambulatory_surgery", "outpatient", "office", "telehealth", "clinic",
        "urgent_care", "home_health", "nursing_facility",
    ]  # fmt: skip
    specialty: Annotated[str, Field(min_length=1)]
    topics: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    difficulty: Annotated[int, Field(ge=1, le=5)]
    status: Literal["draft", "ready", "retired"]
    minutes: Minutes
    patient: PatientText
    admitted: Day | None = None
    discharged: Day | None = None
    date_of_service: Day | None = None
    discharge_status: StatusText | None = None
    documents: Annotated[tuple[Document, ...], Field(min_length=1)]
    key: Key
    hints: tuple[str, ...] = ()
    waives: tuple[Waiver, ...] = ()
    review: Review | None = None
    variants: dict[Name, Annotated[dict[Name, Other], Field(min_length=2)]] = Field(
        default_factory=dict, description="Axes and their values; the chart as written is the first value of each"
    )
    never_together: tuple[Annotated[tuple[Name, ...], Field(min_length=2)], ...] = Field(
        default=(), description="Values of different axes that make no encounter"
    )

    @model_validator(mode="after")
    def _dates_fit_the_setting(self) -> "Case":
        if self.setting == "inpatient":
            if not (self.admitted and self.discharged) or self.date_of_service:
                raise ValueError("an inpatient case has admitted and discharged, and no date_of_service")
            if self.discharged < self.admitted:
                raise ValueError("discharged lies before admitted")
        elif not self.date_of_service or self.admitted or self.discharged:
            raise ValueError(f"an {self.setting} case has date_of_service, and neither admitted nor discharged")
        return self

    @model_validator(mode="after")
    def _only_a_draft_is_unfinished(self) -> "Case":
        """What learners get has a key, and every line of it rests on words of the chart."""
        if self.status == "draft":
            return self
        missing: list[tuple[str | int, ...]] = [] if self.key.diagnoses else [("key", "diagnoses")]
        for part in ("diagnoses", "procedures"):
            lines: tuple[_KeyLine, ...] = getattr(self.key, part)
            missing += [("key", part, n, "evidence") for n, line in enumerate(lines) if not line.evidence]
        if missing:
            kind = PydanticCustomError("unfinished", "needs at least one; only a draft may be without")
            found = [InitErrorDetails(type=kind, loc=place, input=()) for place in missing]
            raise ValidationError.from_exception_data("Case", found)
        return self

    def __hash__(self) -> int:
        # A case is read once and shared: what is derived from it may be kept under the object itself.
        return id(self)

    def encounter(self) -> Encounter:
        """The encounter as the checker sees it."""
        return Encounter(
            setting=self.setting,
            patient=self.patient.as_patient(),
            admitted=self.admitted,
            discharged=self.discharged,
            date_of_service=self.date_of_service,
            discharge_status=self.discharge_status or "",
        )

    def claim(self, *, optional: bool = True) -> Claim:
        """The key as a claim, line by line with its evidence; without its optional lines where these are not wanted.

        A line keeps its id (``dx3`` is the key's third diagnosis) whether or not optional lines before it are left out.
        """
        return Claim(
            self.encounter(),
            tuple(
                Line(f"dx{n}", row.code, poa=row.poa, evidence=_as_evidence(row.evidence))
                for n, row in enumerate(self.key.diagnoses, 1)
                if optional or not row.optional
            ),
            tuple(
                Line(f"px{n}", row.code, row.system, None, row.modifiers, row.units, (), _as_evidence(row.evidence))
                for n, row in enumerate(self.key.procedures, 1)
                if optional or not row.optional
            ),
        )

    @property
    def setting_label(self) -> str:
        """The setting as people say it."""
        return SETTINGS[self.setting]


def _as_evidence(quotes: tuple[Quote, ...]) -> tuple[Evidence, ...]:
    return tuple(Evidence(quote.document, quote.quote) for quote in quotes)
