"""Modifiers and units of HCPCS and CPT lines in the coding form: fields → lines, and what is wrong with them.

A row sends them as ``px-2-modifiers`` and ``px-2-units``; rows of ICD-10-PCS, which has neither, send nothing.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from sandbox.encounter import CPT, HCPCS, bare, service_system
from sandbox.store.attempts import Lines

MOST_MODIFIERS: Final = 4
"""As many as a professional claim has room for on a line (CMS-1500, item 24D)."""
MOST_UNITS: Final = 9999
_BETWEEN: Final = re.compile(r"[\s,;/-]+")
_MODIFIER: Final = re.compile(r"[A-Z0-9]{2}")
_LONGEST: Final = 10


def put(form: Mapping[str, str], places: list[int], rows: list[dict[str, Any]]) -> None:
    """Puts what the form says beside a code into the lines that were read from its rows at ``places``.

    The form of a code tells HCPCS Level II (a letter first) from CPT. What is no modifier and no number is kept as it
    was typed, so that it can be mended.
    """
    for n, row in zip(places, rows, strict=True):
        if row["system"] not in (HCPCS, CPT):
            continue
        row["system"] = service_system(bare(row["code"]))
        if modifiers := _modifiers(form.get(f"px-{n}-modifiers", "")):
            row["modifiers"] = modifiers
        if (units := _units(form.get(f"px-{n}-units", ""))) != 1:
            row["units"] = units


def _modifiers(text: str) -> list[str]:
    found = [part[:_LONGEST] for part in _BETWEEN.split(text.upper()) if part]
    return list(dict.fromkeys(found))[: 2 * MOST_MODIFIERS]


def _units(text: str) -> int | str:
    text = " ".join(text.split())[:_LONGEST]
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else text or 1


def units(row: Mapping[str, Any]) -> int:
    """The units of a line; 1 where what was typed is no number."""
    found = row.get("units", 1)
    return found if isinstance(found, int) else 1


def fault(lines: Lines) -> tuple[str, str] | None:
    """(what is wrong, what to do) with the first modifier or number of units that can be none; None where all can."""
    return next((said for row in lines["procedures"] for said in _faults(row)), None)


def _faults(row: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    code, modifiers, many = row["code"], row.get("modifiers", ()), row.get("units", 1)
    for one in modifiers:
        if not _MODIFIER.fullmatch(one):
            yield f"“{one}” at {code} is no modifier", "A modifier has two letters or digits; put a comma between two."
    if len(modifiers) > MOST_MODIFIERS:
        yield f"{code} has {len(modifiers)} modifiers", f"A line of a claim has room for {MOST_MODIFIERS}."
    if not isinstance(many, int) or not 1 <= many <= MOST_UNITS:
        yield f"“{many}” at {code} is no number of units", f"Enter a whole number from 1 to {MOST_UNITS}."
