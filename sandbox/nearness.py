"""What is wrong with an entered line if it stands for a line of the key, and how near to it it comes."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from sandbox.answers import Answer
from sandbox.cases.schema import DiagnosisLine
from sandbox.encounter import Line
from sandbox.kinship import Kinship
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
# Where all else is equal a line stands for what the key demands, not for what it allows.
_REQUIRED: Final = 5.0


@dataclass(frozen=True, slots=True)
class Compared:
    """A line beside each answer of its section: its errors if it stands for that one, and how near it comes.

    ``agrees``: the answers, counted from 0, with which it agrees.
    """

    names: tuple[tuple[str, ...], ...]
    gains: tuple[float, ...]
    agrees: tuple[int, ...]


_Entered = tuple[str, str | None, tuple[str, ...], int]
"""What a line is judged by: code, POA indicator, modifiers, units."""


class Nearness:
    """Compares lines with the answers of one section of a key; each line once, for a classroom enters the same ones."""

    def __init__(self, answers: tuple[Answer, ...], kinship: Kinship, refused: frozenset[str], inpatient: bool) -> None:
        self.answers = answers
        self.kinship = kinship
        self.refused = refused
        self.inpatient = inpatient
        self._compared = lru_cache(maxsize=1024)(self._compare)

    def of(self, line: Line) -> Compared:
        """The line beside each answer."""
        return self._compared((line.key, line.poa, line.modifiers, line.units))

    def _compare(self, entered: _Entered) -> Compared:
        code, poa, modifiers, units = entered
        line = Line("", code, poa=poa, modifiers=modifiers, units=units)
        names = tuple(self._judge(line, answer) for answer in self.answers)
        gains = tuple(_gain(answer, wrong, line) for wrong, answer in zip(names, self.answers, strict=True))
        return Compared(names, gains, tuple(k for k, gain in enumerate(gains) if gain > _AGREES))

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
            if sorted(line.modifiers) not in map(sorted, (source.modifiers, *source.accept_modifiers)):
                out.append("wrong_modifier")
            if line.units not in (source.units, *source.accept_units):
                out.append("wrong_units")
        return out


def _gain(answer: Answer, names: tuple[str, ...], line: Line) -> float:
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
        + _REQUIRED * (not answer.optional)
    )


def credit(name: str, line: Line, answer: Answer) -> float:
    """What a line earns, 0 to 1, whose worst error is ``name``: before its place and its POA are counted."""
    return 1.0 if name in RIGHT else answer.partial.get(line.key, 0.0) if name == "partial" else 0.0


def _poa_fits(line: Line, source: DiagnosisLine) -> bool:
    return (line.poa or "-") in {source.poa or "-", *source.accept_poa}
