"""ICD-10-PCS as CMS publishes it in XML: tables, definitions and index. Each names its fiscal year in ``version``.

The tables count themselves: every axis says how many values it has, every row how many codes; both are checked.
"""

import json
import math
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import Any, Final

from sandbox.codes.importing import days
from sandbox.codes.importing.grid import Grid
from sandbox.codes.importing.safe import Refused, Source, number, text
from sandbox.codes.importing.store import Edition, Shelf
from sandbox.encounter import PCS

_YEAR: Final = re.compile(r"20\d\d")


def load_tables(source: Source, grid: Grid, asked: days.Asked, shelf: Shelf) -> Edition:
    """The tables: one row a table, its three fixed axes and its rows as JSON."""
    root = source.tree()
    shelf.insert("pcs_tables", map(_table, root.iterfind("pcsTable")))
    return _edition("pcs-tables", root, asked, shelf)


def load_definitions(source: Source, grid: Grid, asked: days.Asked, shelf: Shelf) -> Edition:
    """Definitions and keys: one row a title, by section and axis."""
    root = source.tree()
    found: dict[tuple[str, int, str], dict[str, Any]] = {}
    for section in root.iterfind("section"):
        for axis in section.iterfind("axis"):
            for terms in axis.iterfind("terms"):
                for title in map(text, terms.iterfind("title")):
                    key = (section.get("code", ""), number(axis, "pos"), title)
                    body = found.setdefault(key, {"definition": "", "explanation": "", "includes": []})
                    for name in ("definition", "explanation"):
                        body[name] = body[name] or text(terms.find(name))
                    body["includes"] += map(text, terms.iterfind("includes"))
    shelf.insert("pcs_terms", ((*key, _json(body)) for key, body in found.items()))
    return _edition("pcs-definitions", root, asked, shelf)


def load_index(source: Source, grid: Grid, asked: days.Asked, shelf: Shelf) -> Edition:
    """The index: one row a leading, with the whole way down to it (``Bypass › Artery › Coronary``)."""
    root = source.tree()
    entries = (entry for term in root.iterfind("letter/mainTerm") for entry in _entries(term, ()))
    shelf.insert("pcs_index", ((place, *entry) for place, entry in enumerate(entries, 1)))
    return _edition("pcs-index", root, asked, shelf)


def _edition(kind: str, root: ET.Element, asked: days.Asked, shelf: Shelf) -> Edition:
    version = text(root.find("version"))
    if not _YEAR.fullmatch(version):
        raise Refused(f"its version is {version[:20]!r} and not a fiscal year")
    if not shelf.rows:
        raise Refused("there is nothing in it")
    first, last = days.fiscal_year(version, asked)
    return Edition(kind, first, last, f"FY{version}", PCS)


def _table(table: ET.Element) -> tuple[str, str]:
    axes = [_axis(axis) for axis in table.iterfind("axis")]
    rows = [_row(row) for row in table.iterfind("pcsRow")]
    if [axis["pos"] for axis in axes] != [1, 2, 3] or any(len(axis["values"]) != 1 for axis in axes) or not rows:
        raise Refused("a table without its first three characters, or without rows")
    return "".join(code for axis in axes for code in axis["values"]), _json({"axes": axes, "rows": rows})


def _row(row: ET.Element) -> list[dict[str, Any]]:
    axes = [_axis(axis) for axis in row.iterfind("axis")]
    if [axis["pos"] for axis in axes] != [4, 5, 6, 7]:
        raise Refused("a row of a table without its last four characters")
    if math.prod(len(axis["values"]) for axis in axes) != number(row, "codes"):
        raise Refused("a row of a table that has not as many codes as it says: the file is cut or changed")
    return axes


def _axis(axis: ET.Element) -> dict[str, Any]:
    labels = {label.get("code", ""): text(label) for label in axis.iterfind("label")}
    if len(labels) != number(axis, "values") or any(len(code) != 1 for code in labels):
        raise Refused(f"an axis {text(axis.find('title'))!r} that has not as many values as it says")
    found = {"pos": number(axis, "pos"), "title": text(axis.find("title")), "values": labels}
    return {**found, "definition": definition} if (definition := text(axis.find("definition"))) else found


def _entries(term: ET.Element, above: tuple[str, ...]) -> Iterator[tuple[str, str, str, str]]:
    """(way down, kind, words, code or its beginning); kinds: code, see, use, and term for one that only leads on."""
    title = text(term.find("title"))
    way = (*above, title) if title else above
    leads = [element for element in term if element.tag in ("code", "codes", "tab", "see", "use")]
    joined = " › ".join(way)
    for element in leads:
        if element.tag in ("see", "use"):
            begins = next((text(child) for child in element if child.tag in ("codes", "tab")), "")
            yield joined, element.tag, text(element), begins
        else:
            yield joined, "code", "", text(element)
    below = term.findall("term")
    if not leads and not below:
        yield joined, "term", "", ""
    for child in below:
        yield from _entries(child, way)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
