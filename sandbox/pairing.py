"""Which entered line stands for which line of the key, and what is wrong with it. No words for learners here.

Diagnoses and procedures are paired separately, each by the best assignment as a whole, so that one slip counts once:
a wrong code for the right condition is one match, not a miss and an extra.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from sandbox.answers import Answer, answers
from sandbox.cases.schema import Case
from sandbox.encounter import PCS, Claim, Line, bare
from sandbox.kinship import Kinship
from sandbox.matching import assign
from sandbox.nearness import EXTRA, Compared, Nearness, credit
from sandbox.report import RIGHT

_BOTH_FIRST: Final = 2.0
# Where all else is equal, the line entered earlier is meant; too small to outweigh anything above.
_EARLIER: Final = 0.001


@dataclass(frozen=True, slots=True, eq=False)
class Match:
    """An entered line, the answer it stands for, or both; ``names`` are its errors, the worst first.

    ``place`` counts the entered lines of the section from 0. ``duplicate``: its code stands further up already.
    ``leads``: it stands for the principal line (or one as good in first place), and where a principal line should.
    Each is equal only to itself, so that what is said of it can be kept under it.
    """

    entered: Line | None
    answer: Answer | None
    names: tuple[str, ...]
    credit: float
    place: int = 0
    duplicate: bool = False
    leads: bool = False

    @property
    def right(self) -> bool:
        """Entered, and nothing is wrong with it."""
        return self.entered is not None and self.names[0] in RIGHT

    @property
    def right_code(self) -> bool:
        """Entered with a right code, whatever its place, POA indicator, modifiers and units."""
        return self.entered is not None and (self.names[0] in RIGHT or self.names[0] in EXTRA)


def pair(case: Case, claim: Claim, kinship: Kinship) -> tuple[tuple[Match, ...], tuple[Match, ...]]:
    """The matches of the diagnoses and of the procedures: entered lines in order, then what is left of the key."""
    dx, px = answers(case)
    diagnoses, procedures = _sections(case, kinship)
    principal = [answer for answer in px if not answer.optional][:1]
    ordered = diagnoses.inpatient and all(answer.line.system == PCS for answer in px)
    return (
        _in_order(diagnoses.match(claim.diagnoses), _leading(case, dx)),
        _in_order(procedures.match(claim.procedures), principal, ordered),
    )


@lru_cache(maxsize=256)
def _sections(case: Case, kinship: Kinship) -> tuple["_Section", "_Section"]:
    dx, px = answers(case)
    refused = frozenset(bare(item.code) for item in case.key.not_coded)
    inpatient = case.encounter().inpatient
    return _Section(dx, kinship, refused, inpatient, False), _Section(px, kinship, refused, inpatient, True)


def _leading(case: Case, dx: Sequence[Answer]) -> list[Answer]:
    """The diagnoses that may stand first: the key's own first, and those as good there."""
    if not dx:
        return []  # a draft
    first = dx[0].line.key
    equal = {bare(code) for group in case.key.either_first if first in map(bare, group) for code in group}
    return [answer for answer in dx if answer is dx[0] or answer.line.key in equal]


def _in_order(matches: list[Match], leading: Sequence[Answer], ordered: bool = True) -> tuple[Match, ...]:
    """Says which line leads, and marks one that stands first while the line that belongs there follows it.

    The line that follows is not marked as well: one slip counts once. Not ``ordered``: any place will do.
    """
    ids = {answer.line.id for answer in leading}
    fit = [m for m in matches if m.entered and m.answer and m.answer.line.id in ids]
    first = next((m for m in matches if m.entered and m.place == 0), None)
    leader = first if first in fit else fit[0] if fit and not ordered else None
    astray = first if ordered and fit and leader is None else None
    return tuple([_leads(m) if m is leader else _misplaced(m) if m is astray else m for m in matches])


@lru_cache(maxsize=1024)
def _leads(match: Match) -> Match:
    return replace(match, leads=True)


@lru_cache(maxsize=1024)
def _misplaced(match: Match) -> Match:
    wrong = [*(n for n in match.names if n not in RIGHT), "misplaced"]
    wrong.sort(key=lambda n: EXTRA.index(n) if n in EXTRA else -1)
    return replace(match, names=tuple(wrong), credit=match.credit / 2)


def _assign(lines: Sequence[tuple[int, Compared]], answers: int) -> dict[int, int]:
    """The best assignment: place of a line → number of its answer.

    Lines that agree with one answer only, which agrees with no other line, are settled first. That is no shortcut in
    the result: no number of near ones outweighs one that agrees (:mod:`sandbox.nearness`).
    """
    claimed = [k for _, row in lines for k in row.agrees]
    sure = {n: row.agrees[0] for n, row in lines if len(row.agrees) == 1 and claimed.count(row.agrees[0]) == 1}
    rest = [(n, row) for n, row in lines if n not in sure]
    taken = set(sure.values())
    columns = [k for k in range(answers) if k not in taken]
    if rest and columns:
        gain = [
            [row.gains[k] and row.gains[k] + _BOTH_FIRST * (n == k == 0) - _EARLIER * n for k in columns]
            for n, row in rest
        ]
        sure.update((rest[row][0], columns[k]) for row, k in assign(gain))
    return sure


class _Section:
    """One key's diagnoses or procedures, and what stands for them. ``repeats``: a code may stand twice."""

    def __init__(
        self, answers: tuple[Answer, ...], kinship: Kinship, refused: frozenset[str], inpatient: bool, repeats: bool
    ) -> None:
        self.answers = answers
        self.nearness = Nearness(answers, kinship, refused, inpatient)
        self.refused = refused
        self.inpatient = inpatient
        self.repeats = repeats
        # So that equal lines are one match, and what is said of it is made once.
        self._entered = lru_cache(maxsize=1024)(self._stands_for)
        self._left = lru_cache(maxsize=None)(self._left_out)

    def match(self, lines: Sequence[Line]) -> list[Match]:
        entered = [line for line in lines if line.key]
        keys = [line.key for line in entered]
        again = {n for n, key in enumerate(keys) if key in keys[:n]}
        compared = [(n, self.nearness.of(line)) for n, line in enumerate(entered) if self.repeats or n not in again]
        found = _assign(compared, len(self.answers))
        out = [self._entered(n, line, found.get(n), n in again) for n, line in enumerate(entered)]
        taken = set(found.values())
        left = [self._left(k) for k in range(len(self.answers)) if k not in taken]
        # Required lines stand before optional ones.
        return out + sorted(left, key=lambda match: match.names)

    def _left_out(self, k: int) -> Match:
        answer = self.answers[k]
        return Match(None, answer, ("optional" if answer.optional else "missing",), 0.0)

    def _stands_for(self, n: int, line: Line, k: int | None, again: bool) -> Match:
        if k is None:
            known = line.key in self.refused or (again and not self.repeats)
            return Match(line, None, ("not_to_be_coded" if known else "unsupported",), 0.0, n, again)
        answer = self.answers[k]
        names = self.nearness.of(line).names[k]
        extra = [name for name in names if name in EXTRA]
        earned = 1.0 if len(extra) == len(names) else credit(names[0], line, answer)
        return Match(line, answer, names, earned / 2 ** len(extra), n)
