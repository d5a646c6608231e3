"""A key through the rules: as it stands, without its optional lines, and with every answer that earns full credit."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from sandbox.cases.nodes import Place
from sandbox.cases.reader import Problem, Source
from sandbox.cases.schema import Case, ProcedureLine
from sandbox.checker import Rule
from sandbox.codes.codeset import CodeSet
from sandbox.codes.model import day
from sandbox.encounter import PCS, Claim, Line, bare, beside
from sandbox.findings import Finding, Severity
from sandbox.rules import RULES, check

_LEVELS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}


@dataclass(frozen=True, slots=True)
class Answer:
    """Another claim that earns full credit: ``said`` tells what is different, ``place`` where the case allows it."""

    said: str
    place: Place
    claim: Claim


def key_problems(case: Case, source: Source, codes: CodeSet) -> Iterator[Problem]:
    """What the rules say to the key and to the other claims that earn full credit, and to the case's waivers."""
    if not codes.knows(day(case.encounter().on)):
        return
    crashed: list[str] = []

    def on_crash(rule: Rule, claim: Claim) -> None:
        crashed.append(rule.id)

    waived = frozenset(waiver.rule for waiver in case.waives)
    key = case.claim()
    findings = check(key, codes, waived=waived, on_crash=on_crash)
    for finding in findings:
        if finding.severity in _LEVELS and not _invalid(finding, key, codes):
            yield source.problem(_place(finding), f"{finding.rule} {finding.message}", _LEVELS[finding.severity])
    seen = {_mark(finding) for finding in findings}
    for answer in _answers(case):
        for finding in check(answer.claim, codes, waived=waived, on_crash=on_crash):
            grave = finding.severity in (Severity.ERROR, Severity.WARNING)
            if grave and _mark(finding) not in seen and not _invalid(finding, answer.claim, codes):
                said = f"{answer.said}: {finding.rule} {finding.message}"
                yield source.problem(answer.place, said, _LEVELS[finding.severity])
    yield from _waivers(case, source, codes)
    yield from _poa(case, source)
    yield from _billed(case, source)
    for rule in dict.fromkeys(crashed):
        yield source.problem(("key",), f"{rule} crashed on this key: a fault of the rule, not of the case", "warning")


def _invalid(finding: Finding, claim: Claim, codes: CodeSet) -> bool:
    """Whether the finding says of a code that it is none; that is told for every code of a case, not only the key."""
    lines = {line.id: line for line in claim.lines}
    on = day(claim.encounter.on)
    return RULES[finding.rule].gate and not any(
        codes.valid(lines[id].key, on, lines[id].system) for id in finding.lines
    )


def _mark(finding: Finding) -> tuple[str, frozenset[str]]:
    return finding.rule, frozenset(finding.lines)


def _place(finding: Finding) -> Place:
    if not finding.lines:
        return ("key",)
    part = "diagnoses" if finding.lines[0].startswith("dx") else "procedures"
    return ("key", part, int(finding.lines[0][2:]) - 1, "code")


def _answers(case: Case) -> Iterator[Answer]:
    whole = case.claim()
    if any(line.optional for line in (*case.key.diagnoses, *case.key.procedures)):
        yield Answer("without the optional lines", ("key",), case.claim(optional=False))
    for n, row in enumerate(case.key.diagnoses):
        place: Place = ("key", "diagnoses", n)
        for m, code in enumerate(row.accept):
            claim = _with(whole, replace(whole.diagnoses[n], code=code))
            yield Answer(f"with {code} for {row.code}", (*place, "accept", m), claim)
        for m, poa in enumerate(row.accept_poa):
            claim = _with(whole, replace(whole.diagnoses[n], poa=None if poa == "-" else poa))
            yield Answer(f"with POA {poa} for {row.code}", (*place, "accept_poa", m), claim)
    for n, step in enumerate(case.key.procedures):
        for m, code in enumerate(step.accept):
            claim = _with(whole, replace(whole.procedures[n], code=code))
            yield Answer(f"with {code} for {step.code}", ("key", "procedures", n, "accept", m), claim)
        for m, modifiers in enumerate(step.accept_modifiers):
            claim = _with(whole, replace(whole.procedures[n], modifiers=modifiers))
            said = f"with {beside('', modifiers, 1) or 'no modifier'} for {step.code}"
            yield Answer(said, ("key", "procedures", n, "accept_modifiers", m), claim)
        for m, many in enumerate(step.accept_units):
            claim = _with(whole, replace(whole.procedures[n], units=many))
            yield Answer(f"with units {many} for {step.code}", ("key", "procedures", n, "accept_units", m), claim)
    for n, group in enumerate(case.key.either_first):
        for code in group:
            if swapped := _ahead(whole, code, group):
                yield Answer(f"with {code} ahead", ("key", "either_first", n), swapped)


def _with(claim: Claim, new: Line) -> Claim:
    def put(lines: tuple[Line, ...]) -> tuple[Line, ...]:
        return tuple(new if line.id == new.id else line for line in lines)

    return replace(claim, diagnoses=put(claim.diagnoses), procedures=put(claim.procedures))


def _ahead(claim: Claim, code: str, group: tuple[str, ...]) -> Claim | None:
    """The claim with that code in the first place of its group; None where it stands there already."""
    lines, keys = list(claim.diagnoses), {bare(other) for other in group}
    places = [n for n, line in enumerate(lines) if line.key in keys]
    found = next((n for n in places if lines[n].key == bare(code)), None)
    if found is None or found == places[0]:
        return None
    lines.insert(places[0], lines.pop(found))
    return replace(claim, diagnoses=tuple(lines))


def _waivers(case: Case, source: Source, codes: CodeSet) -> Iterator[Problem]:
    claims = (case.claim(), *(answer.claim for answer in _answers(case)))
    spoken = {f.rule for claim in claims for f in check(claim, codes)} if case.waives else set()
    for n, waiver in enumerate(case.waives):
        place: Place = ("waives", n, "rule")
        if waiver.rule not in RULES:
            yield source.problem(place, f"waives: there is no rule {waiver.rule}")
        elif waiver.rule not in spoken:
            yield source.problem(place, f"waives: {waiver.rule} has nothing to say to this key", "warning")


def _poa(case: Case, source: Source) -> Iterator[Problem]:
    """``accept_poa`` where it cannot be right; ``poa`` itself is VAL09's."""
    for n, row in enumerate(case.key.diagnoses):
        place: Place = ("key", "diagnoses", n, "accept_poa")
        if row.accept_poa and case.setting != "inpatient":
            yield source.problem(place, "accept_poa: the POA indicator belongs to inpatient cases only")
        elif (row.poa or "-") in row.accept_poa:
            yield source.problem(place, "accept_poa: the key's own indicator need not be repeated", "warning")


def _billed(case: Case, source: Source) -> Iterator[Problem]:
    """Modifiers and units where there can be none, or where they say nothing new."""
    for n, row in enumerate(case.key.procedures):
        place: Place = ("key", "procedures", n)
        if row.system == PCS:
            for name in ("modifiers", "units", "accept_modifiers", "accept_units"):
                if getattr(row, name) != ProcedureLine.model_fields[name].default:
                    yield source.problem((*place, name), f"{name}: ICD-10-PCS has none; HCPCS and CPT do")
            continue
        if sorted(row.modifiers) in map(sorted, row.accept_modifiers):
            yield source.problem(
                (*place, "accept_modifiers"), "accept_modifiers: the key's own are right anyway", "warning"
            )
        if row.units in row.accept_units:
            yield source.problem((*place, "accept_units"), "accept_units: the key's own are right anyway", "warning")
