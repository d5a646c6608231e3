"""A claim with faults in it, made from the key of a case and a seed.

What is wrong with a claim is what the grader finds in it, and nothing else: a change is kept only if the grader then
finds one fault more, of the kind that was meant. So no line that the key accepts is ever called a fault.
"""

import random
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from sandbox.answers import key_claim
from sandbox.audit.changes import Change, Swap, changes
from sandbox.cases.schema import Case
from sandbox.codes.codeset import CodeSet
from sandbox.encounter import Claim, Line
from sandbox.grading import grade
from sandbox.report import RIGHT, Pair

FAULTS: Final = {1: 2, 2: 3, 3: 3, 4: 4, 5: 5}
"""Difficulty of the case → how many faults its claim gets, where it has lines enough."""

_MOST: Final = {"becomes": 5, "left out": 1, "added": 2, "poa": 1, "first": 1}
_OFTEN: Final = {"becomes": 7, "added": 2, "left out": 2, "poa": 2, "first": 1}
"""How often a kind is drawn against the others: about as often as auditors meet it."""

_FROM: Final = (5, 4, 2)
"""How often a change is drawn that the author foresaw, that learners made, that the code set offers."""

_DRAWS: Final = 60


def faults(case: Case, claim: Claim, codes: CodeSet) -> tuple[Pair, ...]:
    """What is wrong with a claim of the case, as pairs; optional lines that were left out are none."""
    report = grade(case, claim, codes, case_id="", case_hash="")
    return tuple(pair for pair in report.pairs if pair.error not in RIGHT)


def planted(case: Case, codes: CodeSet, seed: int, learned: Iterable[Swap] = ()) -> Claim:
    """The claim to audit: the key with faults. The same seed, key and ``learned`` give the same claim.

    Lines are numbered ``dx1`` … and ``px1`` … in their order. Each line of the key carries one fault at most.
    """
    dice = random.Random(seed)  # noqa: S311 - a game of chance, no secret
    sources = changes(case, codes, learned)
    claim = _some_optional(case, dice)
    used: list[Change] = []
    wanted = min(FAULTS[case.difficulty], max(2, len(claim.lines) // 2))
    for _ in range(_DRAWS):
        if len(used) == wanted:
            break
        change = _draw(dice, sources)
        if change is None or not _fits(change, used):
            continue
        after = change.apply(claim)
        if _one_more(case, claim, after, change, codes):
            claim = after
            used.append(change)
    return _numbered(_shuffled_in(claim, dice))


def _some_optional(case: Case, dice: random.Random) -> Claim:
    """The key as somebody might have coded it: of its optional lines, about half."""
    whole = key_claim(case)
    optional = {
        f"{group}{n}"
        for group, rows in (("dx", case.key.diagnoses), ("px", case.key.procedures))
        for n, row in enumerate(rows, 1)
        if row.optional and dice.random() < 0.5
    }
    return replace(
        whole,
        diagnoses=tuple(line for line in whole.diagnoses if line.id not in optional),
        procedures=tuple(line for line in whole.procedures if line.id not in optional),
    )


def _draw(dice: random.Random, sources: Sequence[dict[str, tuple[Change, ...]]]) -> Change | None:
    (source,) = dice.choices(sources, _FROM)
    if not source:
        return None
    kinds = sorted(source)
    (kind,) = dice.choices(kinds, [_OFTEN[kind] for kind in kinds])
    # Neighbours of any kind outnumber other sides and other 7th characters by far: what a code is goes before which.
    relation = dice.choice(sorted({change.relation for change in source[kind]}))
    return dice.choice([change for change in source[kind] if change.relation == relation])


def _fits(change: Change, used: Sequence[Change]) -> bool:
    same_kind = sum(other.kind == change.kind for other in used)
    # Which line stands first is a matter of the principal diagnosis as well: one fault there is enough.
    lines = {"dx1", change.line} if change.kind == "first" else {change.line} if change.line else set()
    taken = {line for other in used for line in ({"dx1", other.line} if other.kind == "first" else {other.line})}
    return same_kind < _MOST[change.kind] and not lines & taken and change not in used


def _one_more(case: Case, before: Claim, after: Claim, change: Change, codes: CodeSet) -> bool:
    """Whether the grader finds in ``after`` the faults of ``before``, and the one that was meant."""
    old, new = faults(case, before, codes), faults(case, after, codes)
    more = [pair for pair in new if _what(pair) not in {_what(pair) for pair in old}]
    return len(new) == len(old) + 1 and len(more) == 1 and _meant(more[0], change)


def _what(pair: Pair) -> tuple[str, str, str]:
    return pair.error, pair.entered.code if pair.entered else "", pair.key.code if pair.key else ""


def _meant(pair: Pair, change: Change) -> bool:
    at = pair.key.id if pair.key else ""
    if change.kind == "added":
        return pair.key is None and pair.error != "missing"
    if change.kind in ("poa", "first"):
        return pair.error == {"poa": "wrong_poa", "first": "misplaced"}[change.kind] and at == change.line
    return at == change.line and (pair.error == "missing") == (change.kind == "left out")


def _shuffled_in(claim: Claim, dice: random.Random) -> Claim:
    """A line that was added stands somewhere among the others, for at the end it would be found by its place."""

    def mixed(lines: tuple[Line, ...]) -> tuple[Line, ...]:
        out = [line for line in lines if line.id != "added"]
        for line in lines:
            if line.id == "added":
                out.insert(dice.randint(min(1, len(out)), len(out)), line)
        return tuple(out)

    return replace(claim, diagnoses=mixed(claim.diagnoses), procedures=mixed(claim.procedures))


def _numbered(claim: Claim) -> Claim:
    def numbered(lines: tuple[Line, ...], group: str) -> tuple[Line, ...]:
        return tuple(replace(line, id=f"{group}{n}", evidence=()) for n, line in enumerate(lines, 1))

    return replace(claim, diagnoses=numbered(claim.diagnoses, "dx"), procedures=numbered(claim.procedures, "px"))
