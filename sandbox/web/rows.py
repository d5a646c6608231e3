"""The rows of the coding pane, and what is to be said beside each line while the learner still types."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from werkzeug.datastructures import MultiDict

from sandbox import checker
from sandbox.cases.schema import Case
from sandbox.codes.codeset import CodeSet
from sandbox.codes.model import day
from sandbox.encounter import CM, Claim, Line
from sandbox.findings import Finding
from sandbox.rules import FAMILIES
from sandbox.store.attempts import Lines
from sandbox.web import forms

INLINE: Final = tuple(
    rule for family in FAMILIES if family.id in ("VAL", "SPC") for rule in family.rules if not rule.off
)
"""The rules that speak of one line by itself: validity, 7th character, specificity, side."""


@dataclass(frozen=True, slots=True)
class State:
    """What stands beside one row: the code's title, and the findings about this line alone."""

    title: str = ""
    findings: tuple[Finding, ...] = ()


_NO_CODE: Final = State("No code yet: choose a suggestion, or look it up in the code book.")
"""Beside words that were typed and not completed."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the pane; ``place`` counts from 0 in its group and is part of the ids on the page.

    ``modifiers`` and ``units`` as they were typed, whether they can be such or not.
    ``words``: (document id, quote) for each that the line rests on.
    """

    group: str
    place: int
    code: str = ""
    poa: str = ""
    system: str = ""
    modifiers: Sequence[str] = ()
    units: int | str = 1
    state: State = State()
    words: Sequence[Sequence[str]] = ()


def rows(codes: CodeSet, case: Case, lines: Lines, judged: bool = True) -> dict[str, list[Row]]:
    """The filled rows and a few empty ones, for diagnoses and procedures. Not ``judged``: with titles only."""
    said = _states(codes, forms.claim(case, lines), judged)
    out: dict[str, list[Row]] = {}
    for group, name in (("dx", "diagnoses"), ("px", "procedures")):
        filled = [_row(group, n, row, said[f"{group}{n + 1}"]) for n, row in enumerate(lines[name])]
        # Two procedures are enough to begin with; of diagnoses there are always some more.
        spare = forms.SPARE_ROWS if group == "dx" else max(1, 2 - len(filled))
        out[group] = filled + [Row(group, len(filled) + n) for n in range(spare)]
    return out


def _row(group: str, n: int, row: dict[str, Any], state: State) -> Row:
    return Row(
        group, n, row["code"], row.get("poa", ""), row.get("system", ""), row.get("modifiers", ()), row.get("units", 1),
        state, row.get("words", ()),
    )  # fmt: skip


def states(
    codes: CodeSet, case: Case, lines: Lines, form: MultiDict[str, str], judged: bool = True
) -> dict[str, State]:
    """Row id (``dx-2``) → its state, for every row of the posted form; an empty row has an empty state."""
    said = _states(codes, forms.claim(case, lines), judged)
    out: dict[str, State] = {}
    for group in ("dx", "px"):
        total = min(len(form.getlist(f"{group}_code")), 2 * forms.MOST_LINES)
        out.update({f"{group}-{n}": State() for n in range(total)})
        filled = forms.places(form, f"{group}_code")
        out.update({f"{group}-{row}": said[f"{group}{n}"] for n, row in enumerate(filled, 1)})
    return out


def _states(codes: CodeSet, claim: Claim, judged: bool) -> dict[str, State]:
    found = checker.check(claim, codes, INLINE) if judged else ()
    codes = codes.at(day(claim.encounter.on))
    return {line.id: _state(codes, line, found) for line in claim.lines}


def _state(codes: CodeSet, line: Line, found: tuple[Finding, ...]) -> State:
    if not forms.looks_like_code(line.code, line.system != CM):
        return _NO_CODE
    return State(_title(codes, line), _about(line, found))


def _title(codes: CodeSet, line: Line) -> str:
    code = codes.get(line.key, line.system)
    if code is None:
        return ""
    return code.title or "Title not in the loaded files"


def _about(line: Line, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    # A blank POA is not a fault while the learner is still on the line.
    return tuple(f for f in findings if f.lines[:1] == (line.id,) and not (f.rule == "VAL09" and line.poa is None))
