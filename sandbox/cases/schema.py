"""The form of a case file, as frozen models; scalars are those of :mod:`sandbox.cases.fields`.

``Case.model_json_schema()`` is exported as ``case.schema.json``, so that an editor completes and checks while the
author types.
"""

from functools import lru_cache
from typing import Annotated, Literal

from pydantic import Field, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from sandbox.cases.changes import Other
from sandbox.cases.chart import Document, PatientText, Quote
from sandbox.cases.fields import (
    CodeText,
    Credit,
    Day,
    Minutes,
    Name,
    Only,
    Part,
    Setting,
    StatusText,
)
from sandbox.cases.queries import OpenQuery
from sandbox.cases.review import Review
from sandbox.encounter import CM, PCS, SETTINGS, Claim, Encounter, Line
from sandbox.findings import Evidence


class _KeyLine(Part):
    code: CodeText
    """With or without dot, in capitals."""
    evidence: tuple[Quote, ...] = ()
    """The words of the chart that the line rests on: at least one quote, unless the case is a draft."""
    cites: tuple[str, ...] = ()
    """Guideline sections and Tabular notes that the line rests on; they count as exercised."""
    why: Annotated[str, Field(min_length=1)]
    """What a good teacher would say, in one to four sentences; shown once the line is right or the key is asked for."""
    optional: bool = False
    """Right, but not required."""
    accept: tuple[CodeText, ...] = ()
    """Other codes that earn full credit."""
    partial: dict[CodeText, Credit] = Field(default_factory=dict)
    """Code → credit, between 0 and 1."""
    instead: dict[CodeText, str] = Field(default_factory=dict)
    """Code → what to say to somebody who enters it: points to chart and rule, and does not name the right code."""
    only: Only = ()
    """Values of variants: it is there in their encounters, and in no others."""


class DiagnosisLine(_KeyLine):
    """One diagnosis of the key. ``poa`` only for inpatients, and left out where the code is exempt."""

    poa: Literal["Y", "N", "U", "W"] | None = None
    """Present on admission: inpatients only, and left out where the code is exempt."""
    accept_poa: tuple[Literal["Y", "N", "U", "W", "-"], ...] = ()
    """Other POA indicators that earn full credit; `-` is a blank."""


class ProcedureLine(_KeyLine):
    """One procedure of the key."""

    system: Literal["icd-10-pcs", "hcpcs", "cpt"] = PCS
    """The code system."""
    modifiers: tuple[str, ...] = ()
    """For HCPCS and CPT."""
    units: Annotated[int, Field(ge=1)] = 1
    """For HCPCS and CPT."""
    accept_modifiers: tuple[tuple[str, ...], ...] = ()
    """Other sets of modifiers that earn full credit; `[]` is none at all."""
    accept_units: tuple[Annotated[int, Field(ge=1)], ...] = ()
    """Other numbers of units that earn full credit."""


class NotCoded(Part):
    """Something that stands in the chart and is rightly left out."""

    code: CodeText
    """The code that somebody might enter."""
    system: Literal["icd-10-cm", "icd-10-pcs", "hcpcs", "cpt"] = CM
    """The code system."""
    why: Annotated[str, Field(min_length=1)]
    """What a learner reads who enters it."""
    evidence: tuple[Quote, ...] = ()
    """Where it stands in the chart. OUT01 reads it: words such as *probable* are told outside an inpatient stay."""
    only: Only = ()
    """Values of variants: it is there in their encounters, and in no others."""


class Waiver(Part):
    """A rule that this chart answers, with the words that answer it."""

    rule: Annotated[str, Field(pattern=r"^[A-Z]{3}\d\d$")]
    """The id of the rule."""
    evidence: Quote
    """The words of the chart that answer it."""
    why: Annotated[str, Field(min_length=1)]
    """Why the rule does not hold here."""
    only: Only = ()
    """Values of variants: it is there in their encounters, and in no others."""


class Key(Part):
    """The answer: diagnoses in order (the first is principal or first-listed), procedures, and what is left out."""

    diagnoses: tuple[DiagnosisLine, ...]
    """In order; the first is the principal or first-listed diagnosis. At least one, unless the case is a draft."""
    procedures: tuple[ProcedureLine, ...] = ()
    """In order; the first is the principal procedure."""
    not_coded: tuple[NotCoded, ...] = ()
    """What stands in the chart and is rightly left out."""
    queries: tuple[OpenQuery, ...] = ()
    """What is asked of the provider, because the chart contradicts itself or is silent."""
    either_first: tuple[Annotated[tuple[CodeText, ...], Field(min_length=2)], ...] = ()
    """Groups of codes of which any may stand first; they stand together at the top of `diagnoses`."""


class Case(Part):
    """One encounter: its chart, its key, and what helps a learner along."""

    title: Annotated[str, Field(min_length=3, max_length=90)]
    """It gives nothing away."""
    setting: Setting
    """Where the patient was seen. Only `inpatient` follows the inpatient rules."""
    specialty: Annotated[str, Field(min_length=1)]
    """Free text; the folder is called after it."""
    topics: tuple[str, ...] = ()
    """What it is about, for whoever looks for a case."""
    skills: tuple[str, ...] = ()
    """The guideline sections that it exercises: `I.C.9.a.2`, `II.K`."""
    difficulty: Annotated[int, Field(ge=1, le=5)]
    """1: a first-week learner with care; 5: a long chart full of traps."""
    status: Literal["draft", "ready", "retired"]
    """`draft`: instructors only; `ready`: on the list of cases; `retired`: off the list, and still there for those who
    are in it."""
    minutes: Minutes
    """What a working coder would take."""
    patient: PatientText
    """Who was seen."""
    admitted: Day | None = None
    """Inpatients only, and needed there."""
    discharged: Day | None = None
    """Inpatients only, and needed there. It picks the code set."""
    date_of_service: Day | None = None
    """All others, and needed there. It picks the code set."""
    discharge_status: StatusText | None = None
    """Two digits, in quotation marks: `"03"`."""
    documents: Annotated[tuple[Document, ...], Field(min_length=1)]
    """The chart, in the order of the tabs."""
    key: Key
    """The answer."""
    evidence: Literal["optional", "demanded"] = "optional"
    """`demanded`: a learner marks the words of the chart that each code rests on before the coding is checked."""
    hints: tuple[str, ...] = ()
    """From vague to nearly there, shown one at a time; no codes in them."""
    waives: tuple[Waiver, ...] = ()
    """Rules that this chart answers."""
    review: Review | None = None
    """The record of the blind second coding; a case that is `ready` without it is a warning."""
    variants: dict[Name, Annotated[dict[Name, Other], Field(min_length=2)]] = Field(default_factory=dict)
    """Axes and their values: other patients from the same chart. The chart as written is the first value of each."""
    never_together: tuple[Annotated[tuple[Name, ...], Field(min_length=2)], ...] = ()
    """Values of different axes that make no encounter."""

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
        missing += [("key", "queries", n, "evidence") for n, row in enumerate(self.key.queries) if not row.evidence]
        if missing:
            kind = PydanticCustomError("unfinished", "needs at least one; only a draft may be without")
            found = [InitErrorDetails(type=kind, loc=place, input=()) for place in missing]
            raise ValidationError.from_exception_data("Case", found)
        return self

    def __hash__(self) -> int:
        # A case is read once and shared: what is derived from it may be kept under the object itself.
        return id(self)

    def encounter(self) -> Encounter:
        """The encounter as the checker sees it: the same object each time, for every answer asks for it."""
        return _encounter(self)

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


@lru_cache(maxsize=256)
def _encounter(case: Case) -> Encounter:
    return Encounter(
        setting=case.setting,
        patient=case.patient.as_patient(),
        admitted=case.admitted,
        discharged=case.discharged,
        date_of_service=case.date_of_service,
        discharge_status=case.discharge_status or "",
    )


def _as_evidence(quotes: tuple[Quote, ...]) -> tuple[Evidence, ...]:
    return tuple(Evidence(quote.document, quote.quote) for quote in quotes)
