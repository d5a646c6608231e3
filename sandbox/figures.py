"""The figures of a report, each with its formula; what they mean and where they come from: ``docs/figures.md``."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sandbox.pairing import Match
from sandbox.report import Figure


@dataclass(frozen=True, slots=True)
class Counts:
    """What the figures count. An optional line that is right, or was left out, counts nowhere.

    ``key``: required lines of the key. ``entered``: lines entered. ``right``: required lines with nothing wrong.
    ``codes``: required lines whose code is right. ``credit``: what the lines partly right earn together.
    ``excess``: lines entered that stand for no required line of the key.
    """

    key: int
    entered: int
    right: int
    codes: int
    credit: float
    excess: int


def count(matches: Sequence[Match]) -> Counts:
    """The counts of some matches."""
    live = [m for m in matches if not (m.answer and m.answer.optional and (m.right or m.entered is None))]
    needed = [m for m in live if m.answer and not m.answer.optional]
    return Counts(
        key=len(needed),
        entered=sum(m.entered is not None for m in live),
        right=sum(m.right for m in needed),
        codes=sum(m.right_code for m in needed),
        credit=sum(m.credit for m in live if not m.right),
        excess=len(live) - len(needed),
    )


def figures(
    diagnoses: Sequence[Match], procedures: Sequence[Match], payment: dict[str, Any] | None = None
) -> tuple[Figure, ...]:
    """All figures, the score first. ``payment`` as in :class:`sandbox.report.Report`."""
    *first, last = _agreement(count([*diagnoses, *procedures]))
    rates = (_rates("diagnosis", "diagnoses", *_hits(diagnoses)), _rates("procedure", "procedures", *_hits(procedures)))
    return (*first, *rates[0], *rates[1], last, _same_drg(payment))


# A class's answers add up to the same few numbers.
@lru_cache(maxsize=1024)
def _agreement(c: Counts) -> tuple[Figure, ...]:
    return (
        _exact(c),
        _share(
            "code_over_code", "Code over code", "right codes ÷ lines in the key",
            c.codes, c.key, f"{c.codes} right ÷ {c.key} in the key",
        ),
        _share(
            "with_deduction", "Code over code, with deduction",
            "(right codes - lines in excess) ÷ lines in the key, never below 0",
            max(0, c.codes - c.excess), c.key, f"({c.codes} right - {c.excess} in excess) ÷ {c.key} in the key",
        ),
        _share(
            "f1", "F1", "2 x right codes ÷ (lines in the key + lines entered)",
            2 * c.codes, c.key + c.entered, f"2 x {c.codes} right ÷ ({c.key} in the key + {c.entered} entered)",
        ),
        _share(
            "correct_over_larger", "Correct over the larger count", "right codes ÷ the larger of key and entered",
            c.codes, max(c.key, c.entered), f"{c.codes} right ÷ larger of {c.key} in the key and {c.entered} entered",
        ),
    )  # fmt: skip


def _exact(c: Counts) -> Figure:
    formula = "(right lines + credit for partly right lines) ÷ (lines in the key + lines entered in excess)"
    top = f"({c.right} right + {c.credit:.4g} in credit)" if c.credit else f"{c.right} right"
    bottom = f"({c.key} in the key + {c.excess} entered in excess)" if c.excess else f"{c.key} in the key"
    whole = c.key + c.excess
    if not whole:
        return Figure("exact", "Exact agreement", 1.0, formula, "nothing was asked for, and nothing entered")
    return _share("exact", "Exact agreement", formula, c.right + c.credit, whole, f"{top} ÷ {bottom}")


def _share(id: str, label: str, formula: str, part: float, whole: int, numbers: str) -> Figure:
    if not whole:
        return Figure(id, label, None, formula, "does not apply: the key has no such line")
    value = part / whole
    return Figure(id, label, value, formula, f"{numbers} = {value:.2f}")


def _hits(matches: Sequence[Match]) -> tuple[bool, int, int, int]:
    """(right code in first place, lines needed, right codes among the others, others needed)."""
    needed = [m for m in matches if m.answer and not m.answer.optional]
    lead = min((m.answer.line.id for m in needed if m.answer), key=lambda id: int(id[2:]), default="")
    others = [m for m in needed if m.answer and m.answer.line.id != lead]
    hit = any(m.leads and m.right_code for m in matches)
    return hit, len(needed), sum(m.right_code for m in others), len(others)


@lru_cache(maxsize=1024)
def _rates(one: str, many: str, hit: bool, needed: int, codes: int, others: int) -> tuple[Figure, Figure]:
    """The principal line by itself, then the others."""
    return (
        _share(
            f"principal_{one}", f"Principal {one}", f"1 if the first {one} entered is the right code, otherwise 0",
            int(hit), int(bool(needed)), "right code in first place" if hit else "not the right code in first place",
        ),
        _share(
            f"secondary_{many}", f"Secondary {many}", f"right secondary codes ÷ secondary {many} in the key",
            codes, others, f"{codes} right ÷ {others} in the key",
        ),
    )  # fmt: skip


def _same_drg(payment: dict[str, Any] | None) -> Figure:
    words = ("same_drg", "Same MS-DRG", "1 if both codings group to one MS-DRG, otherwise 0")
    key = ((payment or {}).get("key") or {}).get("drg", "")
    if not key or key == "999":
        return Figure(words[0], words[1], None, words[2], "does not apply: not an inpatient stay that can be grouped")
    entered = ((payment or {}).get("entered") or {}).get("drg", "")
    same = entered == key
    return Figure(words[0], words[1], float(same), words[2], "same MS-DRG" if same else "another MS-DRG")
