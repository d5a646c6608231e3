"""The coding form: what was typed → lines as they are kept → a claim; and the buttons that move lines about."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import lru_cache
from itertools import chain
from typing import Any, Final

from werkzeug.datastructures import MultiDict

from sandbox.cases.schema import Case
from sandbox.encounter import CM, CPT, HCPCS, PCS, SYSTEMS, Claim, Line, bare, dotted
from sandbox.findings import Evidence
from sandbox.store.attempts import Lines
from sandbox.web import billed, marking, queryform

MOST_LINES: Final = 80
LONGEST_CODE: Final = 80
SPARE_ROWS: Final = 3
_POA: Final = ("Y", "N", "U", "W")
_ASKS: Final = {
    frozenset((HCPCS,)): "This case asks for HCPCS Level II. What CPT describes is left out of it.",
    frozenset((CPT,)): "This case asks for CPT.",
    frozenset((HCPCS, CPT)): "This case asks for CPT and HCPCS Level II.",
}
"""Code systems of a key's procedures → what an outpatient form says of them."""
_GROUPS: Final = {"dx": "diagnoses", "px": "procedures"}
_ACTION: Final = re.compile(r"(up|down|remove|add|mark|unmark)-(dx|px)(?:-([0-9]{1,4}))?(?:-([0-9]))?")


class TooManyLines(ValueError):
    """More lines than a claim can have."""


def read(form: MultiDict[str, str]) -> Lines:
    """The lines of the form as they were typed, empty ones left out; codes in capitals with their dot."""
    diagnoses = [
        {"code": _tidy(code, CM), "poa": poa if poa in _POA else ""} for code, poa in _rows(form, "dx_code", "dx_poa")
    ]
    procedures = [
        {"code": _tidy(code, PCS), "system": system if system in SYSTEMS else PCS}
        for code, system in _rows(form, "px_code", "px_system")
    ]
    if len(diagnoses) > MOST_LINES or len(procedures) > MOST_LINES:
        raise TooManyLines(f"a claim has at most {MOST_LINES} diagnoses and {MOST_LINES} procedures")
    lines: Lines = {"diagnoses": diagnoses, "procedures": procedures}
    if queries := queryform.read(form):
        lines["queries"] = queries
    billed.put(form, places(form, "px_code"), procedures)
    if marking.sent(form):
        for group, name in _GROUPS.items():
            marking.put(form, group, places(form, f"{group}_code"), lines[name])
    return lines


def places(form: MultiDict[str, str], name: str) -> list[int]:
    """The numbers of the rows that are filled, counted from 0: row 0 and row 2 → [0, 2]."""
    return [n for n, code in enumerate(form.getlist(name)[: 2 * MOST_LINES]) if code.strip()]


def _rows(form: MultiDict[str, str], first: str, second: str) -> list[tuple[str, str]]:
    codes, others = form.getlist(first), form.getlist(second)
    others += [""] * (len(codes) - len(others))
    return [(code, other) for code, other in zip(codes, others, strict=False) if code.strip()]


def words(lines: Lines) -> list[str]:
    """What stands in a code's place and was never meant as one: words that were typed and not completed."""
    typed = [(str(row["code"]), name == "procedures") for name in _GROUPS.values() for row in lines[name]]
    return [text for text, procedure in typed if not looks_like_code(text, procedure)]


@lru_cache(maxsize=8192)
def looks_like_code(text: str, procedure: bool) -> bool:
    """Whether what was typed is meant as a code, and not words that are still to be completed."""
    # Some codes of ICD-10-PCS have no digit at all (hypnosis is one); a diagnosis has one.
    code = bare(text)
    codelike = any(c.isdigit() for c in code) or (procedure and len(code) == 7)
    return " " not in text and 3 <= len(code) <= 8 and codelike


@lru_cache(maxsize=8192)
def _tidy(text: str, system: str) -> str:
    """A code gets capitals and its dot; words that were typed and not completed stay words."""
    text = " ".join(text.split())[:LONGEST_CODE]
    return dotted(text, system) if looks_like_code(text, system == PCS) else text


def claim(case: Case, lines: Lines) -> Claim:
    """The claim that the lines make for the case's encounter."""
    dx, px = enumerate(lines["diagnoses"], 1), enumerate(lines["procedures"], 1)
    return Claim(
        case.encounter(),
        tuple([_line(f"dx{n}", row["code"], CM, row.get("poa"), *_words(row)) for n, row in dx]),
        tuple([_procedure(f"px{n}", row) for n, row in px]),
    )


@lru_cache(maxsize=8192)
def _line(id: str, code: str, system: str | None, poa: str | None = None, *words: str) -> Line:
    """A line; a class enters the same codes in the same places. ``words``: document, quote, document, quote …"""
    evidence = tuple(map(Evidence, words[::2], words[1::2]))
    return Line(id, code, system or PCS, poa or None, evidence=evidence)


def _procedure(id: str, row: Mapping[str, Any]) -> Line:
    line = _line(id, row["code"], row.get("system"), None, *_words(row))
    if "modifiers" not in row and "units" not in row:
        return line
    return replace(line, modifiers=tuple(row.get("modifiers", ())), units=billed.units(row))


def _words(row: Mapping[str, Any]) -> Iterable[str]:
    """The words under a line, one after the other: document, quote, document, quote …; mostly there are none."""
    return chain.from_iterable(row["words"]) if "words" in row else ()


def act(form: MultiDict[str, str]) -> tuple[Lines, str]:
    """The button of a line that was pressed, its field ``action``: ``up-dx-1``, ``remove-px-0``, ``unmark-dx-1-0``.

    Rows are counted as on the page, empty ones among them; ``mark`` and ``unmark`` are of the words under a line.
    Returns the lines and the id of what should have the focus afterwards. An unknown action changes nothing.
    """
    lines, pressed = read(form), _ACTION.fullmatch(form.get("action", ""))
    if asked := queryform.act(form):
        rest = {name: rows for name, rows in lines.items() if name != "queries"}
        return ({**rest, "queries": asked[0]} if asked[0] else rest), asked[1]
    if pressed is None:
        return lines, ""
    verb, kind, number, quote = pressed.groups()
    group, filled = _GROUPS[kind], places(form, f"{kind}_code")
    rows = list(lines[group])
    place = filled.index(int(number)) if number and int(number) in filled else len(rows)
    if verb in ("up", "down") and place < len(rows):
        other = place + (1 if verb == "down" else -1)
        if 0 <= other < len(rows):
            rows[place], rows[other] = rows[other], rows[place]
            place = other
    elif verb == "remove" and place < len(rows):
        del rows[place]
    elif verb == "unmark" and place < len(rows):
        rows[place] = marking.without(rows[place], int(quote or 0))
    return {**lines, group: rows}, f"{kind}-{place}-{'marked' if verb in ('mark', 'unmark') else 'code'}"


def shape(case: Case) -> Mapping[str, Any]:
    """What the form asks for in this encounter: POA, procedures and which, and what the first diagnosis is called."""
    inpatient = case.setting == "inpatient"
    return {
        "poa": inpatient,
        "procedures": inpatient or bool(case.key.procedures),
        "system": PCS if inpatient else HCPCS,
        "asks": "" if inpatient else _ASKS.get(frozenset(row.system for row in case.key.procedures), ""),
        "first": "Principal diagnosis" if inpatient else "First-listed diagnosis",
    }


EMPTY: Final[Lines] = {"diagnoses": [], "procedures": []}
"""A form in which nothing is typed."""
