"""The right side of the editor: the chart, the key and the report as a learner will see them. Nothing is stored."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from sandbox.answers import key_claim
from sandbox.cases.library import CaseFile
from sandbox.cases.schema import Case
from sandbox.encounter import CM, SYSTEMS, Claim, Line, dotted
from sandbox.judge import NotJudged, judge
from sandbox.report import Report
from sandbox.store.steps import KIND, QUERIES
from sandbox.web import forms, queryview
from sandbox.web.feedback import draw
from sandbox.web.house import House

LONGEST: Final = 4000
"""Characters of the codes to try."""

_SAID: Final = {
    "instead": "foreseen",
    "partial": "partly right",
    "accept": "accepted too",
}


@dataclass(frozen=True, slots=True)
class Told:
    """What a learner is told of a coding: the report and its drawing, or why there is none."""

    report: Report | None = None
    body: Markup | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Slip:
    """A code that the author has foreseen: the key with it, in place of ``line`` (empty: besides the key)."""

    id: str
    label: str
    line: str
    code: str


def context(here: House, file: CaseFile | None, form: Mapping[str, str]) -> dict[str, Any]:
    """What the preview needs to draw itself, for the encounter and the codes that the form names."""
    if file is None:
        return {"shown": None, "encounters": [], "dx": form.get("dx", ""), "px": form.get("px", "")}
    wanted = form.get("encounter", "")
    shown = next((one for one in file.family if _name(one) == wanted), file)
    slips = list(_slips(shown.case))
    dx, px = form.get("dx", "")[:LONGEST], form.get("px", "")[:LONGEST]
    chosen = next((slip for slip in slips if slip.id == form.get("slip")), None)
    if chosen:
        dx, px = _typed(key_claim(shown.case), chosen)
    return {
        "shown": shown,
        "case": shown.case,
        "encounters": [_name(one) for one in file.family],
        "encounter": _name(shown),
        "slips": slips,
        "dx": dx,
        "px": px,
        "key": shown.case.key,
        "right": _told(here, shown, key_claim(shown.case), with_key=True),
        "told": _tried(here, shown, dx, px),
        "asks_procedures": forms.shape(shown.case)["procedures"],
        "poa": forms.shape(shown.case)["poa"],
    }


def _name(file: CaseFile) -> str:
    return file.id.partition("~")[2]


def _told(here: House, file: CaseFile, claim: Claim, *, with_key: bool) -> Told:
    try:
        report = judge(file, claim, here.codes, here.payer, ())
    except NotJudged as error:
        return Told(problem=f"A learner's coding could not be judged: {error}")
    # The author sees what the learner comes to see, step by step, at once.
    everything = dict.fromkeys(range(len(report.pairs)), KIND)
    asked = {QUERIES: KIND} | {QUERIES + 1 + n: KIND for n in range(len(report.asked))}
    queries = queryview.draw(report, file.case, with_key, asked) if report.asked and not with_key else ""
    return Told(report, draw(report, file.case, with_key, everything) + queries)


def _tried(here: House, file: CaseFile, dx: str, px: str) -> Told:
    if not dx.strip() and not px.strip():
        return Told()
    fields = MultiDict([*_fields("dx", dx, file.case), *_fields("px", px, file.case)])
    try:
        lines = forms.read(fields)
    except forms.TooManyLines as error:
        return Told(problem=f"{error}.")
    if not lines["diagnoses"]:
        return Told(problem="A learner has to enter a diagnosis before anything is judged.")
    if typed := forms.words(lines):
        return Told(problem=f"“{typed[0][:40]}” is no code; a learner would be asked to look it up.")
    return _told(here, file, forms.claim(file.case, lines), with_key=False)


def _fields(group: str, text: str, case: Case) -> Iterator[tuple[str, str]]:
    """The form that a learner would send: ``M80.052A/Y, I10`` → a code and its POA for each line."""
    for item in re.split(r"[,;\s]+", text.strip()):
        code, _, poa = item.partition("/")
        system, colon, rest = code.partition(":")
        if not colon or system.lower() not in SYSTEMS:
            system, rest = forms.shape(case)["system"], code
        if item:
            yield f"{group}_code", rest
            yield (f"{group}_poa", poa.upper()) if group == "dx" else (f"{group}_system", system.lower())


def _slips(case: Case) -> Iterator[Slip]:
    for group, part in (("dx", case.key.diagnoses), ("px", case.key.procedures)):
        for n, line in enumerate(part, 1):
            for name, said in _SAID.items():
                for code in getattr(line, name):
                    label = f"{code} for {line.code} ({said})"
                    yield Slip(f"{group}{n}-{name}-{code}", label, f"{group}{n}", code)
            if not line.optional:
                yield Slip(f"{group}{n}-missing", f"without {line.code}", f"{group}{n}", "")
    for row in case.key.not_coded:
        group = "dx" if row.system == CM else "px"
        yield Slip(f"{group}-also-{row.code}", f"{row.code} besides the key (not coded)", group, row.code)
    for n, query in enumerate(case.key.queries):
        for code in query.instead:
            yield Slip(f"dx-unasked-{n}-{code}", f"{code} besides the key (instead of a query)", "dx", code)


def _typed(claim: Claim, slip: Slip) -> tuple[str, str]:
    """The key with the slip in it, as a learner would type it."""
    return (
        ", ".join((*_items(claim.diagnoses, slip), *([slip.code] if slip.line == "dx" else []))),
        ", ".join((*_items(claim.procedures, slip), *([slip.code] if slip.line == "px" else []))),
    )


def _items(lines: tuple[Line, ...], slip: Slip) -> Iterator[str]:
    for line in lines:
        code = slip.code if line.id == slip.line else line.code
        prefix = "" if line.system == CM or len(code) == 7 else f"{line.system}:"
        if code:
            yield f"{prefix}{dotted(code, line.system)}" + (f"/{line.poa}" if line.poa else "")
