"""VAL: codes and modifiers of HCPCS and CPT, as far as somebody has imported a table of them for the day."""

import datetime as dt
from typing import Final

from sandbox.checker import View
from sandbox.codes.codeset import CodeSet
from sandbox.codes.model import Code
from sandbox.encounter import CPT, HCPCS, Line, service_system

_NAMES: Final = {HCPCS: "HCPCS Level II", CPT: "CPT"}
_DENTAL: Final = "D"
"""These codes are the American Dental Association's; the table of CMS does not hold them."""


def unknown(view: View, key: str) -> str:
    """Why a service is no code on the day of the claim; empty where it is one, or no table for that day can tell."""
    system = service_system(key)
    if _untold(view.codes, key, view.on):
        return ""
    found = view.codes.get(key, system)
    if found is None:
        return (
            f"{key} is not in the {_NAMES[system]} table for {shown(view.on)}. Compare each character with the source "
            "that you took it from."
        )
    return "" if found.valid(view.on) else _timed(view, found)


def unchecked(codes: CodeSet, line: Line, on: int) -> bool:
    """Whether a line is a service of which no loaded table tells if it is a code on the day."""
    billed = line.system in (HCPCS, CPT) and bool(line.key)
    return billed and _untold(codes, line.key, on) and not codes.valid(line.key, on, service_system(line.key))


def _untold(codes: CodeSet, key: str, on: int) -> bool:
    return key.startswith(_DENTAL) or not codes.official.loaded(service_system(key), on)


def _timed(view: View, code: Code) -> str:
    [span] = code.spans
    dated = f"this encounter is dated {shown(view.on)}. Look in the {_NAMES[code.system]} table of that quarter."
    if span.first > view.on:
        return f"{code.key} is in force only from {shown(span.first)}; {dated}"
    return f"{code.key} has not been in force since {shown(span.last, 1)}; {dated}"


def known_modifier(view: View, modifier: str) -> bool | None:
    """Whether a loaded list says that the modifier exists on the day; None where none can tell.

    Modifiers that begin with a digit are CPT's, and only a table that a school has licensed holds them; all others
    are those of HCPCS Level II.
    """
    official = view.codes.official
    own = official.modifiers(view.on, CPT)
    if modifier[:1].isdigit():
        return modifier in own if own else None
    listed = official.modifiers(view.on, HCPCS)
    return modifier in listed or modifier in own if listed else None


def shown(on: int, later: int = 0) -> str:
    """A day (YYYYMMDD) as 2026-10-01, ``later`` days on."""
    return (dt.date(on // 10000, on // 100 % 100, on % 100) + dt.timedelta(days=later)).isoformat()
