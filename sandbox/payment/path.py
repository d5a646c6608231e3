"""The way from a claim to its MS-DRG: as ids of lines for programs, and in sentences for people.

All of it is read from the one answer of the grouper. What it says of each code: the severity of the code by itself;
``drg_impact``, whether it took part in the choice of the DRG; and flags, which tell why a CC or MCC did not.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sandbox.encounter import Claim, Line

_TOOK_PART: Final = frozenset(("FINAL", "BOTH"))
_LEVELS: Final = ("CC", "MCC")
_FLAGS: Final = {"EXCLUDED": "principal_diagnosis", "DEATH_EXCLUSION": "died"}
"""A flag of the grouper → the reason, as ``cancelled`` names it. ``hac`` is the third one."""

_CANCELLED: Final = {
    "principal_diagnosis": "{line} is {a} {level} by itself, but the principal diagnosis {first} cancels it: the two "
    "are on CMS's list of pairs too closely related for one to count as a complication of the other.",
    "died": "{line} is {a} {level} only where the patient is discharged alive, so it does not count here.",
    "hac": "{line} was not present on admission and is a hospital-acquired condition ({hac}): its {level} is not paid.",
}


def by_line(lines: Sequence[Line], outputs: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """(id of the line, what the grouper says of it). It sorts its output: each entry goes back to a line with its code,
    in order.
    """
    ids: dict[str, list[str]] = defaultdict(list)
    for line in lines:
        ids[line.key].append(line.id)
    for output in outputs:
        if ids[output["code"]]:
            yield ids[output["code"]].pop(0), output


@dataclass(frozen=True, slots=True)
class Answer:
    """What the grouper said, and the lines that it was asked about."""

    said: Mapping[str, Any]
    first: Line
    secondary: Sequence[Line]
    procedures: Sequence[Line]


def path(
    claim: Claim, paid: Mapping[str, Any], answer: Answer, home: str, drg: Callable[[Claim], str]
) -> dict[str, Any]:
    """The way to the MS-DRG ``paid`` of a claim.

    ``home``: the MDC under which Table 5 lists the DRG: two digits, ``PRE``, or empty for DRGs of no single MDC.
    ``drg``: groups a claim; it is asked where the grouper's answer leaves open whether a CC or MCC mattered.

    ``mdc_title``; ``pre_mdc``: the DRG goes before all MDCs; ``unrelated``: the procedure has nothing to do with the
    principal diagnosis; ``procedures``: ids of lines that chose the DRG; ``severity``: CC, MCC or empty, the level at
    which the secondary diagnoses put the stay; ``counted``: ids of the lines of this level, where it chose the DRG;
    ``steered``: ids of diagnoses that chose the DRG by what they are, not as CC or MCC; ``cancelled``: line id →
    ``principal_diagnosis``, ``died`` or ``hac``; ``before_hac``: the DRG without the rule of hospital-acquired
    conditions, empty where it is the same; ``passed``: ids of lines that the grouper does not know; ``steps``: all of
    it in sentences, in order.
    """
    said, known = answer.said, {line.id: line.shown for line in (answer.first, *answer.secondary, *answer.procedures)}
    level = str(said.get("final_severity") or "")
    out: dict[str, Any] = {
        "mdc_title": said.get("final_mdc_description") or "",
        "pre_mdc": home == "PRE",
        "unrelated": not home,
        "procedures": [id for id, o in by_line(answer.procedures, said.get("proc_output", [])) if _took_part(o)],
        "severity": level if level in _LEVELS else "",
        "counted": [],
        "steered": [],
        "cancelled": {},
        "before_hac": "" if said["initial_drg"] == said["final_drg"] else f"{said['initial_drg'] or 999:03}",
        "passed": [line.id for line in claim.lines if line.key and line.id not in known],
    }
    _place(out, paid, list(by_line(answer.secondary, said.get("sdx_output", []))), claim, drg)
    own = f"{(said.get('pdx_output') or {}).get('mdc') or 0:02}"
    out["steps"] = list(_steps(paid, out, answer.first.shown, own, known))
    return out


def _place(
    out: dict[str, Any],
    paid: Mapping[str, Any],
    outputs: Sequence[tuple[str, Mapping[str, Any]]],
    claim: Claim,
    drg: Callable[[Claim], str],
) -> None:
    """Which secondary diagnoses counted, steered, or were cancelled.

    The grouper marks the first line that brings the stay to its level, and none at all where the procedure is
    unrelated to the principal diagnosis: there the claim without these lines tells.
    """
    took = {id for id, output in outputs if _took_part(output)}
    out["cancelled"] = {id: reason for id, output in outputs if (reason := _reason(id, output, paid))}
    level = [
        id
        for id, _ in outputs
        if out["severity"] and paid["lines"][id] == out["severity"] and id not in out["cancelled"]
    ]
    if level and (took.intersection(level) or drg(without(claim, level)) != paid["drg"]):
        out["counted"] = level
    out["steered"] = [id for id, _ in outputs if id in took and id not in {*out["counted"], *out["cancelled"]}]


def without(claim: Claim, ids: Iterable[str]) -> Claim:
    """The claim without some of its lines."""
    gone = frozenset(ids)
    return replace(
        claim,
        diagnoses=tuple(line for line in claim.diagnoses if line.id not in gone),
        procedures=tuple(line for line in claim.procedures if line.id not in gone),
    )


def _took_part(output: Mapping[str, Any]) -> bool:
    return output.get("drg_impact") in _TOOK_PART


def _reason(id: str, output: Mapping[str, Any], paid: Mapping[str, Any]) -> str:
    if not paid["lines"][id]:
        return ""
    if id in paid["hac"]:
        return "hac"
    return next((reason for flag, reason in _FLAGS.items() if flag in output.get("flags", [])), "")


def _steps(
    paid: Mapping[str, Any], way: Mapping[str, Any], first: str, own: str, shown: Mapping[str, str]
) -> Iterator[str]:
    yield _start(paid, way, first, own)
    yield _kind(paid, way, _names(way["procedures"], shown))
    if way["steered"]:
        yield f"{_names(way['steered'], shown)} helped to choose the MS-DRG by what it says, not as a CC or MCC."
    yield _severity(paid, way, shown)
    for id, reason in way["cancelled"].items():
        level = paid["lines"][id]
        yield _CANCELLED[reason].format(
            line=shown[id], level=level, a=article(level), first=first, hac=paid["hac"].get(id, "")
        )
    if way["before_hac"]:
        yield f"Without the rule of hospital-acquired conditions it would have been MS-DRG {way['before_hac']}."


def _start(paid: Mapping[str, Any], way: Mapping[str, Any], first: str, own: str) -> str:
    place = f"MDC {paid['mdc']}, {way['mdc_title']}"
    if own not in ("00", paid["mdc"]):
        return f"The principal diagnosis {first} belongs to MDC {own}; with the other codes, the stay goes to {place}."
    start = f"The principal diagnosis {first} puts the stay into {place}."
    if way["pre_mdc"]:
        return f"{start} But some procedures go before all MDCs: they decide, whatever the principal diagnosis."
    return start


def _severity(paid: Mapping[str, Any], way: Mapping[str, Any], shown: Mapping[str, str]) -> str:
    if way["counted"]:
        enough = " One of them is enough." if len(way["counted"]) > 1 else ""
        return f"Severity: {way['severity']}, by {_names(way['counted'], shown)}.{enough}"
    if way["severity"]:
        return f"Severity: {way['severity']}; but this MS-DRG would be the same without."
    return "Severity: no line counts as a CC or MCC."


def _kind(paid: Mapping[str, Any], way: Mapping[str, Any], names: str) -> str:
    if paid["kind"] == "surgical":
        strange = ", an operation that has nothing to do with the principal diagnosis" if way["unrelated"] else ""
        return f"Surgical, by {names}{strange}."
    if names:
        return f"Medical. {names} helped to choose the MS-DRG, although it is no operating-room procedure."
    return "Medical: no procedure had a say."


def _names(ids: Sequence[str], shown: Mapping[str, str]) -> str:
    return " and ".join(dict.fromkeys(shown[id] for id in ids))


def article(level: str) -> str:
    """*a* CC, *an* MCC."""
    return "an" if level == "MCC" else "a"
