"""What a learner found in the claim, what they called it, how they mended it; beside what was wrong with it."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Final

from sandbox.audit.planting import faults
from sandbox.cases.schema import Case
from sandbox.codes.codeset import CodeSet
from sandbox.encounter import Claim, Line
from sandbox.grading import grade
from sandbox.report import RIGHT, Figure, Pair, Report

NAMES: Final[dict[str, tuple[str, ...]]] = {
    "Another code is right": (
        "too_general", "too_specific", "wrong_side", "wrong_seventh", "wrong_episode", "wrong_etiology", "related",
    ),
    "The line does not belong here": ("unsupported", "not_to_be_coded"),
    "The code is right, but": ("misplaced", "wrong_poa"),
}  # fmt: skip
"""The names that a learner may give a fault, in groups; their labels are those of ``PAIR_ERRORS``."""

UNNAMED: Final = "unnamed"
"""A line that the learner mended without saying what is wrong with it: marked, and not named."""

REMOVED: Final = NAMES["The line does not belong here"]

_AS_TRUE: Final = (
    {"wrong_seventh", "wrong_episode"},
    {"unsupported", "not_to_be_coded"},
    {"related", "wrong_etiology"},
)
"""Names between which professionals may differ."""

_PARTLY: Final = frozenset(NAMES["Another code is right"])
"""What the author calls partly right, and is no kin, goes by any name for a wrong code: another one is better."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the learner says of one line: the fault's name ('' = right as it is), and the code and POA for it."""

    name: str = ""
    code: str = ""
    poa: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """An audit as handed in. ``verdicts`` by line id. ``added``: lines that were missing. ``first``: the id of the
    line that the learner puts first, '' = no other than stands there."""

    verdicts: Mapping[str, Verdict] = field(default_factory=dict)
    added: tuple[Line, ...] = ()
    first: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One fault of the claim, and what the learner made of it."""

    pair: Pair
    found: bool
    named: bool
    mended: bool
    said: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of an audit. ``alarms``: lines marked although they are right, and what they were called. ``extra``:
    lines added that the chart does not support. ``right``: the lines that were left alone, rightly."""

    outcomes: tuple[Outcome, ...]
    alarms: tuple[tuple[Pair, str], ...]
    extra: tuple[Pair, ...]
    right: tuple[Pair, ...]
    figures: tuple[Figure, ...]

    def as_json(self) -> dict[str, Any]:
        """The result as plain values, ready to be written as JSON."""
        return {
            "outcomes": [
                {"pair": o.pair.as_json(), "found": o.found, "named": o.named, "mended": o.mended, "said": o.said}
                for o in self.outcomes
            ],
            "alarms": [[pair.as_json(), said] for pair, said in self.alarms],
            "extra": [pair.as_json() for pair in self.extra],
            "right": [pair.as_json() for pair in self.right],
            "figures": [asdict(figure) for figure in self.figures],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Result":
        """The result that :meth:`as_json` wrote."""
        return cls(
            outcomes=tuple(Outcome(**{**row, "pair": Pair.from_json(row["pair"])}) for row in data["outcomes"]),
            alarms=tuple((Pair.from_json(pair), said) for pair, said in data["alarms"]),
            extra=tuple(map(Pair.from_json, data["extra"])),
            right=tuple(map(Pair.from_json, data["right"])),
            figures=tuple(Figure(**figure) for figure in data["figures"]),
        )


def judge(case: Case, claim: Claim, answer: Answer, codes: CodeSet) -> Result:
    """The audit of ``claim`` set beside what the grader finds in it and in the mended claim."""
    after_claim = mended(claim, answer)
    before, after = (grade(case, one, codes, case_id="", case_hash="") for one in (claim, after_claim))
    wrong = faults(case, claim, codes)
    outcomes = tuple(_outcome(pair, claim, answer, after) for pair in wrong)
    alarms, extra = tuple(_alarms(wrong, before, claim, answer)), tuple(_extra(wrong, after, answer))
    blamed = {id(pair) for pair, _ in alarms}
    right = tuple(p for p in before.pairs if p.entered and p.error in RIGHT and id(p) not in blamed)
    return Result(outcomes, alarms, extra, right, _figures(outcomes, len(alarms) + len(extra), before, after))


def mended(claim: Claim, answer: Answer) -> Claim:
    """The claim as the learner left it. Its lines keep their ids; added ones bring theirs."""

    def lines(old: Iterable[Line], group: str) -> tuple[Line, ...]:
        kept = [_line(line, answer.verdicts.get(line.id, Verdict())) for line in old]
        out = [line for line in kept if line] + [line for line in answer.added if line.id.startswith(group)]
        return tuple(sorted(out, key=lambda line: line.id != answer.first))

    return replace(claim, diagnoses=lines(claim.diagnoses, "dx"), procedures=lines(claim.procedures, "px"))


def _line(line: Line, verdict: Verdict) -> Line | None:
    if not verdict.name:
        return line
    if verdict.name in REMOVED:
        return None
    return replace(line, code=verdict.code or line.code, poa=verdict.poa or line.poa)


def _outcome(pair: Pair, claim: Claim, answer: Answer, after: Report) -> Outcome:
    if pair.error == "misplaced":
        return _order(pair, claim, answer, after)
    now = next((p for p in after.pairs if p.key and pair.key and p.key.id == pair.key.id), None)
    if pair.entered is None:
        found = now is not None and now.entered is not None
        return Outcome(pair, found, found, found and now is not None and now.error in RIGHT)
    said = answer.verdicts.get(pair.entered.id, Verdict()).name
    gone = all(not p.entered or p.entered.id != pair.entered.id for p in after.pairs)
    right = now is not None and now.entered is not None and _right_now(now)
    return Outcome(pair, bool(said), _true(said, pair), bool(said) and (right if pair.key else gone), said)


def _right_now(pair: Pair) -> bool:
    # Where a line stands is a fault of its own.
    return pair.error in RIGHT or (pair.error == "misplaced" and not pair.also)


def _order(pair: Pair, claim: Claim, answer: Answer, after: Report) -> Outcome:
    moved = answer.first not in ("", claim.diagnoses[0].id)
    named = moved or _says_order(answer)
    at_it = answer.verdicts.get(pair.entered.id, Verdict()).name if pair.entered else ""
    mended = moved and not any("misplaced" in (p.error, *p.also) for p in after.pairs)
    return Outcome(pair, named or bool(at_it), named, mended, "misplaced" if named else at_it)


def _says_order(answer: Answer) -> bool:
    return any(verdict.name == "misplaced" for verdict in answer.verdicts.values())


def _true(said: str, pair: Pair) -> bool:
    names = {pair.error, *pair.also}
    near = any(said in group and names & group for group in _AS_TRUE)
    return said in names or near or (names == {"partial"} and said in _PARTLY)


def _alarms(wrong: Iterable[Pair], before: Report, claim: Claim, answer: Answer) -> Iterable[tuple[Pair, str]]:
    """Lines that are right and were marked. Where the order is wrong, either of the two lines may be blamed for it."""
    at_fault = {pair.entered.id for pair in wrong if pair.entered}
    order = any("misplaced" in (pair.error, *pair.also) for pair in wrong)
    moved = "" if order or answer.first in ("", claim.diagnoses[0].id) else claim.diagnoses[0].id
    for pair in before.pairs:
        if pair.entered is None or pair.entered.id in at_fault:
            continue
        said = answer.verdicts.get(pair.entered.id, Verdict()).name
        if (said and not (order and said == "misplaced")) or pair.entered.id == moved:
            yield pair, said or "misplaced"


def _extra(wrong: Iterable[Pair], after: Report, answer: Answer) -> Iterable[Pair]:
    """Lines that were added and stand for nothing: neither for what was wrong nor for what the key allows."""
    new = {line.id for line in answer.added}
    at = {pair.key.id for pair in wrong if pair.key}
    for pair in after.pairs:
        allowed = pair.key and (pair.key.id in at or pair.optional)
        if pair.entered and pair.entered.id in new and not allowed:
            yield pair


def _figures(outcomes: tuple[Outcome, ...], false: int, before: Report, after: Report) -> tuple[Figure, ...]:
    found = sum(outcome.found for outcome in outcomes)
    named = sum(outcome.named for outcome in outcomes)
    mended = sum(outcome.mended for outcome in outcomes)
    whole, marks = len(outcomes), found + false
    return (
        _share("found", "Faults found", "faults marked ÷ faults in the claim", found, whole, "marked", "in the claim"),
        _share("precision", "Marks that were right", "faults marked ÷ all marks", found, marks, "faults", "marks"),
        _share("named", "Named rightly", "faults named rightly ÷ faults marked", named, found, "named", "marked"),
        _share("mended", "Mended", "faults mended ÷ faults in the claim", mended, whole, "mended", "in the claim"),
        replace(before.figures[0], id="before", label="Exact agreement of the claim, as it came"),
        replace(after.figures[0], id="after", label="Exact agreement of the claim, as you left it"),
    )


def _share(id: str, label: str, formula: str, part: int, whole: int, this: str, that: str) -> Figure:
    if not whole:
        return Figure(id, label, None, formula, "does not apply: nothing was marked")
    return Figure(id, label, part / whole, formula, f"{part} {this} ÷ {whole} {that} = {part / whole:.2f}")
