"""A small claim as a page draws it: the encounter in words, each line with its title, and who speaks of it."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from sandbox.claims import to_text
from sandbox.codes.codeset import CodeSet
from sandbox.codes.model import Code, day
from sandbox.encounter import CM, PCS, SETTINGS, Claim, Line, Patient
from sandbox.findings import Finding
from sandbox.web.trialform import SEXES

_NAMES: Final = {CM: "ICD-10-CM", PCS: "ICD-10-PCS"}


@dataclass(frozen=True, slots=True)
class LineView:
    """One line. ``known``: the search of the pages finds the code. ``more``: modifiers, units, pointers in words.

    ``said`` are the findings in which the line is named.
    """

    code: str
    title: str
    system: str
    poa: str
    more: str
    quotes: tuple[str, ...]
    known: bool
    said: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class ClaimView:
    """A claim in words, its lines, and itself in short notation."""

    text: str
    who: str
    diagnoses: tuple[LineView, ...]
    procedures: tuple[LineView, ...]


def view(claim: Claim, findings: tuple[Finding, ...], codes: CodeSet, listed: dt.date) -> ClaimView:
    """The claim with what is said of it. ``listed``: the day for which the pages list codes."""
    encounter = claim.encounter
    stay = f"admitted {encounter.admitted}, " if encounter.admitted else ""
    when = f"{stay}discharged {encounter.on}" if encounter.inpatient else f"{stay}{encounter.on}"
    lines = {line.id: _line(line, claim, findings, codes, day(listed)) for line in claim.lines}
    return ClaimView(
        to_text(claim),
        f"{SETTINGS[encounter.setting]}, {_patient(encounter.patient)}, {when}",
        tuple(lines[line.id] for line in claim.diagnoses),
        tuple(lines[line.id] for line in claim.procedures),
    )


def _line(line: Line, claim: Claim, findings: tuple[Finding, ...], codes: CodeSet, listed: int) -> LineView:
    on = day(claim.encounter.on)
    entry = codes.at(on).get(line.key, line.system)
    linked = codes.at(listed).get(line.key, line.system)
    more = [f"modifier {', '.join(line.modifiers)}"] if line.modifiers else []
    more += [f"units {line.units}"] if line.units != 1 else []
    more += [f"points to {', '.join(map(str, line.pointers))}"] if line.pointers else []
    return LineView(
        line.shown,
        _title(entry, line, on),
        line.system,
        line.poa or "",
        "; ".join(more),
        tuple(words.quote for words in line.evidence),
        linked is not None and (linked.valid(listed) or not linked.spans),
        tuple(finding for finding in findings if line.id in finding.lines),
    )


def _title(entry: Code | None, line: Line, on: int) -> str:
    if entry is None:
        name = _NAMES.get(line.system)
        return f"Not found in {name}" if name else f"{line.system.upper()}: titles are not loaded"
    title = entry.title or "Title not in the loaded files"
    if entry.valid(on):
        return title
    return f"{title} ({entry.kind}, needs more characters)" if entry.kind != "code" else f"{title} (not in force then)"


def _patient(patient: Patient) -> str:
    sex = {**SEXES, "U": "sex unknown"}[patient.sex]
    if patient.age_days is not None:
        return f"{sex}, {patient.age_days} {'day' if patient.age_days == 1 else 'days'}"
    years = patient.age_years
    return f"{sex}, age unknown" if years is None else f"{sex}, {years} {'year' if years == 1 else 'years'}"
