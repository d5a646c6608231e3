"""Which entered line stands for which line of the key, and what is wrong with it. No words for learners here.

Diagnoses and procedures are paired separately, each by the best assignment as a whole, so that one slip counts once:
a wrong code for the right condition is one match, not a miss and an extra.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from sandbox.answers import Answer, answers
from sandbox.cases.schema import Case, DiagnosisLine
from sandbox.encounter import PCS, Claim, Line, bare
from sandbox.kinship import Kinship
from sandbox.matching import assign
from sandbox.report import RIGHT

EXTRA: Final = ("misplaced", "wrong_poa", "wrong_modifier", "wrong_units")
"""What may be wrong with a line although its code is right, the worst first. Each halves the credit."""

_CLOSENESS: Final = {
    "exact": 100_000.0,  # never given up for any number of near ones
    "accepted": 99_000.0,
    "partial": 2000.0,
    "wrong_seventh": 1600.0,
    "wrong_episode": 1550.0,
    "wrong_side": 1500.0,
    "too_general": 1000.0,
    "too_specific": 900.0,
    "wrong_etiology": 800.0,
    "related": 400.0,
}
_AGREES: Final = 90_000.0
"""Above it a line agrees with an answer: it is exact, or accepted."""
_FORESEEN: Final = 500.0
_PER_CREDIT: Final = 1000.0
_PER_CHARACTER: Final = 30.0
_RIGHT_DETAIL: Final = 10.0
_BOTH_FIRST: Final = 2.0
# Where all else is equal, the line entered earlier is meant; too small to outweigh anything above.
_EARLIER: Final = 0.001


@dataclass(frozen=True, slots=True)
class Match:
    """An entered line, the answer it stands for, or both; ``names`` are its errors, the worst first.

    ``place`` counts the entered lines of the section from 0. ``duplicate``: its code stands further up already.
    ``leads``: it stands for the principal line (or one as good in first place), and where a principal line should.
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
    return tuple(
        replace(m, leads=True) if m is leader else _with(m, "misplaced") if m is astray else m for m in matches
    )


def _with(match: Match, name: str) -> Match:
    wrong = [*(n for n in match.names if n not in RIGHT), name]
    wrong.sort(key=lambda n: EXTRA.index(n) if n in EXTRA else -1)
    return replace(match, names=tuple(wrong), credit=match.credit / 2)


def _assign(gain: list[list[float]]) -> list[tuple[int, int]]:
    """The best assignment. Lines that agree with one answer only, which agrees with no other line, are settled first.

    That is no shortcut in the result: no number of near ones outweighs one that agrees (``_CLOSENESS``).
    """
    agree = [[k for k, value in enumerate(row) if value > _AGREES] for row in gain]
    claims = Counter(k for row in agree for k in row)
    sure = {n: row[0] for n, row in enumerate(agree) if len(row) == 1 and claims[row[0]] == 1}
    rows = [n for n in range(len(gain)) if n not in sure]
    columns = sorted(set(range(len(gain[0]) if gain else 0)) - set(sure.values()))
    rest = assign([[gain[n][k] for k in columns] for n in rows]) if rows and columns else []
    return [*sure.items(), *((rows[row], columns[k]) for row, k in rest)]


_Entered = tuple[str, str | None, tuple[str, ...], int]
"""What a line is judged by: code, POA indicator, modifiers, units."""


class _Section:
    """The diagnoses or the procedures of one key, and how lines are judged. ``repeats``: a code may stand twice."""

    def __init__(
        self, answers: tuple[Answer, ...], kinship: Kinship, refused: frozenset[str], inpatient: bool, repeats: bool
    ) -> None:
        self.answers = answers
        self.kinship = kinship
        self.refused = refused
        self.inpatient = inpatient
        self.repeats = repeats
        # A classroom enters the same lines again and again; each is compared with the key once.
        self._compared = lru_cache(maxsize=1024)(self._compare)

    def _compare(self, entered: _Entered) -> tuple[tuple[tuple[str, ...], float], ...]:
        """(errors, gain in any place) of a line against each answer."""
        code, poa, modifiers, units = entered
        line = Line("", code, poa=poa, modifiers=modifiers, units=units)
        judged = (self._judge(line, answer) for answer in self.answers)
        return tuple(
            (names, self._gain(answer, names, line)) for names, answer in zip(judged, self.answers, strict=True)
        )

    def match(self, lines: Sequence[Line]) -> list[Match]:
        entered = [line for line in lines if line.key]
        again = {n for n, line in enumerate(entered) if any(line.key == other.key for other in entered[:n])}
        rows = [n for n in range(len(entered)) if self.repeats or n not in again]
        compared = [
            self._compared((line.key, line.poa, line.modifiers, line.units)) for line in (entered[n] for n in rows)
        ]
        gain = [
            [gain + _BOTH_FIRST * (n == k == 0) - _EARLIER * n if names else 0.0 for k, (names, gain) in enumerate(row)]
            for n, row in zip(rows, compared, strict=True)
        ]
        found = {rows[row]: (k, compared[row][k][0]) for row, k in _assign(gain)}
        out = [self._entered(n, line, found.get(n), n in again) for n, line in enumerate(entered)]
        taken = {k for k, _ in found.values()}
        left = [answer for k, answer in enumerate(self.answers) if k not in taken]
        out += [Match(None, answer, ("missing",), 0.0) for answer in left if not answer.optional]
        return out + [Match(None, answer, ("optional",), 0.0) for answer in left if answer.optional]

    def _entered(self, n: int, line: Line, found: tuple[int, tuple[str, ...]] | None, again: bool) -> Match:
        if found is None:
            known = line.key in self.refused or (again and not self.repeats)
            return Match(line, None, ("not_to_be_coded" if known else "unsupported",), 0.0, n, again)
        answer, names = self.answers[found[0]], found[1]
        extra = [name for name in names if name in EXTRA]
        credit = 1.0 if len(extra) == len(names) else _credit(names[0], line, answer)
        return Match(line, answer, names, credit / 2 ** len(extra), n)

    def _judge(self, line: Line, answer: Answer) -> tuple[str, ...]:
        """The errors of ``line`` if it stands for ``answer``; empty if it cannot."""
        names = self._code(line.key, answer)
        if not names:
            return ()
        right = names[0] in RIGHT
        extra = tuple(self._extra(line, answer, right))
        if right:
            return extra or (("optional",) if answer.optional else names)
        return names + extra

    def _code(self, code: str, answer: Answer) -> tuple[str, ...]:
        if code == answer.line.key:
            return ("exact",)
        if code in answer.accept:
            return ("accepted",)
        foreseen = code in answer.instead
        if code in self.refused and not foreseen and code not in answer.partial:
            return ()
        kin = self.kinship.between(code, answer.line.key, answer.line.system)
        if code in answer.partial:
            return ("partial", *(name for name in kin if name != "related"))
        return kin or (("related",) if foreseen else ())

    def _extra(self, line: Line, answer: Answer, right: bool) -> list[str]:
        out = []
        source = answer.source
        if isinstance(source, DiagnosisLine):
            # Under a wrong code a blank says nothing: that code may be exempt.
            if self.inpatient and (right or (line.poa and source.poa)) and not _poa_fits(line, source):
                out.append("wrong_poa")
        else:
            if sorted(line.modifiers) != sorted(source.modifiers):
                out.append("wrong_modifier")
            if line.units != source.units:
                out.append("wrong_units")
        return out

    def _gain(self, answer: Answer, names: tuple[str, ...], line: Line) -> float:
        if not names:
            return 0.0
        code = "exact" if names[0] in EXTRA or names[0] == "optional" else names[0]
        same = sum(1 for a, b in zip(line.key, answer.line.key, strict=False) if a == b)
        return (
            _CLOSENESS[code]
            + _PER_CREDIT * answer.partial.get(line.key, 0.0)
            + _FORESEEN * (line.key in answer.instead)
            + _PER_CHARACTER * same
            + _RIGHT_DETAIL * (len(EXTRA) - sum(name in EXTRA for name in names))
        )


def _credit(name: str, line: Line, answer: Answer) -> float:
    return 1.0 if name in RIGHT else answer.partial.get(line.key, 0.0) if name == "partial" else 0.0


def _poa_fits(line: Line, source: DiagnosisLine) -> bool:
    return (line.poa or "-") in {source.poa or "-", *source.accept_poa}
