"""A dispute about one line of a report: until when, what can be decided, and what a decision changes in the key.

Whatever is decided is carried out by judging again with an amended key (:mod:`sandbox.cases.amending`): no score is
ever typed in by hand, so that a report and its score always agree.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from sandbox.cases.amending import Amendment, Kind, Section
from sandbox.nearness import EXTRA
from sandbox.report import RIGHT, Pair, Side

LONGEST: Final = 2000
"""Characters of a reason, and of the words that a decision comes with."""
MOST_OPEN: Final = 20
"""Disputes of one learner in a class that wait at a time."""
MOST_DAYS: Final = 365

Decision = Literal["one", "key", "partly", "partly_key", "reject"]
DECISIONS: Final[Mapping[str, str]] = {
    "one": "Accept it, for this learner",
    "key": "Accept it, and write it into the case file as right for everybody",
    "partly": "Credit it partly, for this learner",
    "partly_key": "Credit it partly, and write that into the case file for everybody",
    "reject": "Reject it: the line stays as it is",
}
"""What can be decided, in words for the staff."""
ANSWERS: Final[Mapping[str, str]] = {
    "open": "waits for an answer",
    "withdrawn": "withdrawn",
    "one": "accepted",
    "key": "accepted, for everybody",
    "partly": "partly credited",
    "partly_key": "partly credited, for everybody",
    "reject": "rejected",
}
"""How a dispute stands, in words for everybody."""
IN_FILE: Final[frozenset[Kind]] = frozenset(("accept", "partial", "poa", "modifiers", "units", "optional", "first"))
"""Amendments that can be written into the text of a case; a line that the key lacks takes an author."""


@dataclass(frozen=True, slots=True)
class Words:
    """Words of the chart: the id of the document and what is quoted."""

    document: str
    quote: str


def until(made: dt.datetime, end: dt.datetime | None, days: int) -> dt.datetime | None:
    """When the time to dispute ends; None where there is none to begin with (``days`` is 0).

    ``made``: when the attempt was made; ``end``: when the lab is over, or None in practice. The later of both counts.
    """
    return max(made, end or made) + dt.timedelta(days=days) if days else None


def disputable(pair: Pair) -> bool:
    """Whether there is anything to dispute: a line with an error, or one that the key asks for and that is missing."""
    return pair.error not in RIGHT


def line_of(pair: Pair) -> str:
    """What a line is known by for as long as its attempt exists: as entered by its id, missing by its code in the key.

    Its place in the report and its number among the missing lines change when the attempt is graded anew.
    """
    if pair.entered:
        return pair.entered.id
    return f"{_section(pair)} {pair.key.code}" if pair.key else ""


def offers(pair: Pair) -> tuple[Decision, ...]:
    """What can be decided of a line, in the order of :data:`DECISIONS`."""
    whole = amendments(pair)
    partly = _wrong_code(pair) and pair.entered is not None and pair.key is not None
    wanted: dict[Decision, bool] = {
        "one": bool(whole),
        "key": bool(whole) and all(one.kind in IN_FILE for one in whole),
        "partly": partly,
        "partly_key": partly,
        "reject": True,
    }
    return tuple(name for name, there in wanted.items() if there)


def amendments(pair: Pair, words: Words | None = None, credit: float = 0.0) -> tuple[Amendment, ...]:
    """What has to change in the key for the line to be right, or with ``credit`` (0 to 1), partly right.

    ``words``: what a line rests on that is none of the key yet. Empty where no change would do.
    """
    section = _section(pair)
    if pair.entered is None:
        return (Amendment("optional", section, pair.key.code),) if pair.key else ()
    entered = pair.entered
    if pair.key is None:
        found = Amendment(
            "extra", section, entered.code, entered.system,
            document=words.document if words else "", quote=words.quote if words else "",
        )  # fmt: skip
        return (found, *_billed(entered), *_first(pair, entered.code))
    code = pair.key.code
    if credit:
        return (Amendment("partial", section, code, entered.code, credit),)
    out = [Amendment("accept", section, code, entered.code)] if _wrong_code(pair) else []
    names = (pair.error, *pair.also)
    if "wrong_poa" in names:
        out.append(Amendment("poa", "diagnoses", code, entered.poa or "-"))
    if "wrong_modifier" in names:
        out.append(_modifiers(code, entered))
    if "wrong_units" in names:
        out.append(_units(code, entered))
    return (*out, *_first(pair, code))


def _billed(entered: Side) -> tuple[Amendment, ...]:
    """What a new line of the key takes besides its code."""
    out = [_modifiers(entered.code, entered)] if entered.modifiers else []
    return (*out, _units(entered.code, entered)) if entered.units != 1 else tuple(out)


def _modifiers(code: str, entered: Side) -> Amendment:
    return Amendment("modifiers", "procedures", code, ",".join(entered.modifiers))


def _units(code: str, entered: Side) -> Amendment:
    return Amendment("units", "procedures", code, str(entered.units))


def _section(pair: Pair) -> Section:
    side = pair.entered or pair.key
    return "procedures" if side and side.id.startswith("px") else "diagnoses"


def _wrong_code(pair: Pair) -> bool:
    return pair.error not in RIGHT and pair.error not in EXTRA


def _first(pair: Pair, code: str) -> tuple[Amendment, ...]:
    there = "misplaced" in (pair.error, *pair.also) and _section(pair) == "diagnoses"
    return (Amendment("first", "diagnoses", code),) if there else ()
