"""What may be wrong with a coded claim of a case: single changes to its key, each one fault."""

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from sandbox.cases.schema import Case, DiagnosisLine, ProcedureLine
from sandbox.codes.codeset import CodeSet
from sandbox.codes.model import day
from sandbox.encounter import CM, Claim, Line, bare
from sandbox.kinship import Kinship

Swap = tuple[str, str, str]
"""(system, code of the key, code in its place), without dots: what learners enter for a line."""

_KIN: Final = tuple(
    (name,) for name in ("wrong_side", "wrong_seventh", "wrong_episode", "too_general", "wrong_etiology")
)
"""What a code of the same category may be to that of the key and still look right at a glance."""

_STEM: Final = {CM: 3}
"""How many characters two codes share that a hurried coder confuses; six in the other systems."""


@dataclass(frozen=True, slots=True)
class Change:
    """One fault to plant. ``line``: the id of the key's line, empty for an addition. ``code``: what stands there then.

    ``kind``: *becomes* another code, *left out*, *added*, *poa* (the indicator becomes ``poa``), *first* (the line
    stands where the principal diagnosis belongs). ``relation``: what a code is to that of the key (*wrong_side* …).
    """

    kind: str
    line: str
    system: str = CM
    code: str = ""
    poa: str = ""
    relation: str = ""

    def apply(self, claim: Claim) -> Claim:
        """The claim with this fault in it."""
        if self.line.startswith("px") or (not self.line and self.system != CM):
            return replace(claim, procedures=tuple(self._lines(claim.procedures)))
        return replace(claim, diagnoses=tuple(self._lines(claim.diagnoses)))

    def _lines(self, lines: tuple[Line, ...]) -> Iterable[Line]:
        if self.kind == "added":
            return (*lines, Line("added", self.code, self.system, self.poa or None))
        if self.kind == "left out":
            return (line for line in lines if line.id != self.line)
        if self.kind == "first":
            return sorted(lines, key=lambda line: line.id != self.line)
        if self.kind == "poa":
            return (replace(line, poa=self.poa) if line.id == self.line else line for line in lines)
        return (replace(line, code=self.code) if line.id == self.line else line for line in lines)


def changes(case: Case, codes: CodeSet, learned: Iterable[Swap] = ()) -> tuple[dict[str, tuple[Change, ...]], ...]:
    """Every change that may be planted in a claim of the case, by its kind: first those that its author foresaw, then
    those that learners made (``learned``), then those that the code set offers.
    """
    codes = codes.at(day(case.encounter().on))
    swaps = tuple(learned)
    return _grouped(_foreseen(case, codes)), _grouped(_learned(case, swaps, codes)), _grouped(_offered(case, codes))


def _grouped(found: Iterable[Change]) -> dict[str, tuple[Change, ...]]:
    out: dict[str, list[Change]] = {}
    for change in found:
        out.setdefault(change.kind, []).append(change)
    return {kind: tuple(rows) for kind, rows in out.items()}


_Row = tuple[str, str, DiagnosisLine | ProcedureLine]
"""(id, system, line of the key)."""


def _rows(case: Case) -> Iterator[_Row]:
    for n, diagnosis in enumerate(case.key.diagnoses, 1):
        yield f"dx{n}", CM, diagnosis
    for n, procedure in enumerate(case.key.procedures, 1):
        yield f"px{n}", procedure.system, procedure


def _required(case: Case) -> Iterator[_Row]:
    return (row for row in _rows(case) if not row[2].optional)


def _foreseen(case: Case, codes: CodeSet) -> Iterator[Change]:
    """Wrong codes for which the author has words, and what stands in the chart and is not coded."""
    for id, system, source in _required(case):
        for code in itertools.chain(source.instead, source.partial):
            yield from _becomes(id, system, code, source, case, codes)
    for refused in case.key.not_coded:
        if codes.valid(refused.code, day(case.encounter().on), refused.system) and _has_place(case, refused.system):
            # A code that came in by mistake came with the patient: the indicator that stands on most lines.
            poa = "Y" if case.encounter().inpatient and refused.system == CM else ""
            yield Change("added", "", refused.system, bare(refused.code), poa)


def _has_place(case: Case, system: str) -> bool:
    return system == CM or case.encounter().inpatient or bool(case.key.procedures)


def _learned(case: Case, swaps: tuple[Swap, ...], codes: CodeSet) -> Iterator[Change]:
    for id, system, source in _required(case):
        for other, code, entered in swaps:
            if other == system and code == bare(source.code):
                yield from _becomes(id, system, entered, source, case, codes)


def _becomes(
    id: str, system: str, code: str, source: DiagnosisLine | ProcedureLine, case: Case, codes: CodeSet
) -> Iterator[Change]:
    """The change, unless the code cannot be billed that day (an editor would have caught it) or the key has it."""
    key = bare(code)
    if codes.valid(key, day(case.encounter().on), system) and key not in _in_key(case):
        relation = "".join(_kinship(codes).between(key, bare(source.code), system)[:1])
        yield Change("becomes", id, system, key, relation=relation)


@lru_cache(maxsize=256)
def _in_key(case: Case) -> frozenset[str]:
    """Every code that is right somewhere in the case."""
    return frozenset(bare(code) for _, _, source in _rows(case) for code in (source.code, *source.accept))


def _billed(source: DiagnosisLine | ProcedureLine) -> bool:
    """Whether the line has modifiers or units: who adds it in an audit has no place for them."""
    return isinstance(source, ProcedureLine) and (bool(source.modifiers) or source.units != 1)


def _offered(case: Case, codes: CodeSet) -> Iterator[Change]:
    """Slips of the pen and of attention, made from the code set."""
    inpatient = case.encounter().inpatient
    leads = {"dx": "", "px": ""}
    for id, system, source in _required(case):
        leads[id[:2]] = leads[id[:2]] or id
        for code in _alike(bare(source.code), system, codes, day(case.encounter().on)):
            yield from _becomes(id, system, code, source, case, codes)
        # What leads is never left out: where it belongs could not be said by adding it.
        if id not in leads.values() and not _billed(source):
            yield Change("left out", id, system)
        if isinstance(source, DiagnosisLine):
            if inpatient and source.poa in ("Y", "N"):
                other = "N" if source.poa == "Y" else "Y"
                if other not in source.accept_poa:
                    yield Change("poa", id, poa=other)
            if id != "dx1":
                yield Change("first", id)


@lru_cache(maxsize=2048)
def _alike(key: str, system: str, codes: CodeSet, on: int) -> tuple[str, ...]:
    """Valid codes that differ from ``key`` by side, 7th character, detail or cause within its category."""
    kin = _kinship(codes)
    near = (code.key for code in codes.below(key[: _STEM.get(system, 6)], on, system) if _differ(code.key, key) <= 2)
    return tuple(code for code in near if kin.between(code, key, system)[:1] in _KIN)


def _differ(one: str, other: str) -> int:
    """In how many places two codes differ: more than two, and nobody takes one for the other."""
    return sum(a != b for a, b in itertools.zip_longest(one, other))


@lru_cache(maxsize=16)
def _kinship(codes: CodeSet) -> Kinship:
    return Kinship(codes)
