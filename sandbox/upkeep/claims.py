"""What another day does to an encounter as a whole: what the rules say to its key, and what it pays."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final

from sandbox.cases.reader import Source
from sandbox.codes.codeset import CodeSet
from sandbox.codes.model import day
from sandbox.encounter import Claim, Encounter, Line
from sandbox.findings import Finding, Severity
from sandbox.payment import Payer
from sandbox.rules import RULES, check
from sandbox.upkeep.change import Change

_TOLD: Final = (Severity.ERROR, Severity.WARNING)


def claim_changes(source: Source, codes: CodeSet, payer: Payer, to: date, edits: Mapping[str, str]) -> Iterator[Change]:
    """What changes for one encounter's key, once the proposed edits of its codes are made."""
    case = source.case
    assert case is not None
    before = case.claim()
    after = _edited(replace(before, encounter=_moved(before.encounter, to)), edits)
    waived = frozenset(waiver.rule for waiver in case.waives)
    known = {_mark(finding) for finding in check(before, codes, waived=waived)}
    for finding in check(after, codes, waived=waived):
        # That a code of the key is no code any more is told at the code.
        if finding.severity in _TOLD and _mark(finding) not in known and not RULES[finding.rule].gate:
            yield _finding(source, finding)
    if before.encounter.inpatient and before.diagnoses:
        then = codes.at(day(to))
        unset = {line.id for line in after.lines if not then.valid(line.key, day(to), line.system)}
        yield from _paid(source, payer.group(before), payer.group(after), after, unset)


def _moved(encounter: Encounter, to: date) -> Encounter:
    """The encounter on another day; a stay keeps its length."""
    if encounter.inpatient and encounter.admitted and encounter.discharged:
        return replace(encounter, admitted=to - (encounter.discharged - encounter.admitted), discharged=to)
    return replace(encounter, date_of_service=to)


def _edited(claim: Claim, edits: Mapping[str, str]) -> Claim:
    def of(lines: tuple[Line, ...]) -> tuple[Line, ...]:
        return tuple(replace(line, code=edits.get(line.code, line.code)) for line in lines)

    return replace(claim, diagnoses=of(claim.diagnoses), procedures=of(claim.procedures))


def _mark(finding: Finding) -> tuple[str, tuple[str, ...]]:
    return finding.rule, finding.lines


def _at(source: Source, id: str) -> tuple[int, int]:
    part = "diagnoses" if id.startswith("dx") else "procedures"
    return source.where(("key", part, int(id[2:]) - 1, "code"))


def _finding(source: Source, finding: Finding) -> Change:
    line, column = _at(source, finding.lines[0]) if finding.lines else source.where(("key",))
    code = finding.codes[0] if finding.codes else ""
    return Change("finding", "claim", line, column, code, f"{finding.rule} {finding.severity.value}: {finding.message}")


def _paid(
    source: Source, before: dict[str, Any] | None, after: dict[str, Any] | None, claim: Claim, unset: set[str]
) -> Iterator[Change]:
    """``unset``: ids of lines whose code has no successor yet; they count for nothing, and that is told at the code."""
    line, column = source.where(("key", "diagnoses", 0, "code"))
    if before is None:
        return
    code = claim.diagnoses[0].shown
    if after is None:
        yield Change("drg", "claim", line, column, code, "no version of the MS-DRG grouper is loaded for that day")
        return
    if before["drg"] != after["drg"]:
        said = f"MS-DRG {_called(before)} becomes {_called(after)}"
        if left := ", ".join(one.shown for one in claim.lines if one.id in unset):
            said += f", as long as nothing stands in the place of {left}"
        yield Change("drg", "claim", line, column, code, said)
    for one in claim.diagnoses:
        was, now = before["lines"].get(one.id, ""), after["lines"].get(one.id, "")
        if was != now and one.id not in unset:
            line, column = _at(source, one.id)
            said = f"{one.shown} {_counts(was, 'counted')}, and {_counts(now, 'counts')}"
            yield Change("drg", "claim", line, column, one.shown, said)


def _called(payment: dict[str, Any]) -> str:
    return f"{payment['drg']} ({payment['title']}, V{payment['version']})" + (
        f": {payment['problem']}" if payment["problem"] else ""
    )


def _counts(severity: str, verb: str) -> str:
    return f"{verb} as {severity}" if severity else f"{verb} as neither CC nor MCC"
