"""What does this line do? The MS-DRG and its weight with and without each line of a claim."""

from collections.abc import Mapping
from typing import Any, Final

from sandbox.encounter import Claim, Line
from sandbox.payment.drg import Payer
from sandbox.payment.path import article, without

NOTHING: Final = "Changes nothing for the payment; where the chart supports it, it belongs on the record all the same."


def effects(payer: Payer, claim: Claim, paid: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Line id → what becomes of the claim without this line; empty where the grouper failed.

    ``paid``: what :meth:`Payer.explain` said of the whole claim.

    Every line with a code but the principal diagnosis, whose absence would make another claim of it. ``drg``, ``title``
    and ``weight``: those of the claim without the line; ``difference``: weight with the line minus weight without it,
    to four places, None where one of them is not known; ``changes``: whether the MS-DRG is another one; ``level``: CC,
    MCC or empty; ``part``: whether the line takes part in choosing the MS-DRG, or is passed over as no valid code;
    ``says``: all of it in one sentence.
    """
    if not paid["drg"]:
        return {}
    first = next((line for line in claim.diagnoses if line.key), None)
    out = {}
    for line in claim.lines:
        if line is first or not line.key:
            continue
        other = payer.group(without(claim, [line.id]))
        if other is not None:
            out[line.id] = _effect(line, paid, other)
    return out


def _effect(line: Line, paid: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    known = paid["weight"] is not None and other["weight"] is not None
    difference = round(paid["weight"] - other["weight"], 4) if known else None
    changes, way = other["drg"] != paid["drg"], paid["path"]
    level = paid["lines"].get(line.id, "")
    start = f"{article(level).capitalize()} {level}. " if level else ""
    return {
        "drg": other["drg"],
        "title": other["title"],
        "weight": other["weight"],
        "difference": difference,
        "changes": changes,
        "level": level,
        "part": bool(way) and line.id in {*way["procedures"], *way["steered"], *way["counted"], *way["passed"]},
        "says": start + _change(paid, other, difference) if changes else _same(line, paid),
    }


def _change(paid: Mapping[str, Any], other: Mapping[str, Any], difference: float | None) -> str:
    if other["problem"]:
        return f"Without it, the stay could not be paid (MS-DRG {other['drg']}). {other['problem']}"
    would = f"Without it: MS-DRG {other['drg']}, {other['title']}"
    if paid["problem"]:
        return f"{would}. As the claim stands, it cannot be grouped."
    if difference is None:
        return f"{would}."
    more = f"{abs(difference):.4f} {'less' if difference > 0 else 'more'}" if difference else "the same"
    return f"{would}, weight {other['weight']:.4f} ({more})."


def _same(line: Line, paid: Mapping[str, Any]) -> str:
    level, way = paid["lines"].get(line.id, ""), paid["path"]
    if way is None:
        return "Changes nothing: the claim cannot be grouped with or without it."
    if line.id in way["passed"]:
        return "Passed over: no valid code on the day of discharge."
    if level:
        return _level(line, level, paid, way)
    if line.id in way["procedures"] or line.id in way["steered"]:
        return "Takes part in choosing the MS-DRG, but other lines lead to the same one without it."
    return NOTHING


_CANCELLED: Final = {
    "principal_diagnosis": "{A} {level} that the principal diagnosis cancels, so it adds nothing to the payment.",
    "died": "{A} {level} only for patients who are discharged alive; it adds nothing to the payment here.",
    "hac": "{A} {level} that was acquired in the hospital, so it adds nothing to the payment.",
}


def _level(line: Line, level: str, paid: Mapping[str, Any], way: Mapping[str, Any]) -> str:
    start = article(level).capitalize()
    if reason := way["cancelled"].get(line.id):
        return _CANCELLED[reason].format(A=start, level=level)
    if line.id in way["counted"]:
        return f"{start} {level} that counts; without it another line would lead to the same MS-DRG."
    if way["counted"]:
        return f"{start} {level}, but another line has already brought the stay to its level."
    return f"{start} {level}, but this MS-DRG is the same with and without it."
