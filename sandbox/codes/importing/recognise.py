"""What is this file? Told by its content, never by its name."""

import re
from typing import Final
from xml.etree.ElementTree import ParseError

import defusedxml.ElementTree

from sandbox.codes.importing import hcpcs, table
from sandbox.codes.importing.grid import Grid
from sandbox.codes.importing.safe import Source, Unknown, xml_refused
from sandbox.codes.order import RECORD

ZIP: Final = b"PK\x03\x04"
_ROOTS: Final = {
    "ICD10CM.tabular": "tabular",
    "ICD10CM.index": "index",
    "ICD10PCS.tabular": "pcs-tables",
    "ICD10PCS.definitions": "pcs-definitions",
    "ICD10PCS.index": "pcs-index",
}
_ROWS: Final = 40
"""Rows in which a heading is looked for; that of MUE stands below a page of licence."""
_SHORTHAND: Final = re.compile(r"(CodeSystem|ValueSet|Profile|Instance):\s*(\S+)")


def recognise(source: Source) -> tuple[str, Grid]:
    """The kind (a key of :data:`kinds.KINDS`) and the form of its rows.

    Raises :class:`Unknown` where it is none of them; that a file is broken may only come out when it is loaded.
    """
    if source.head.startswith(ZIP):
        return _by_rows(source, Grid("sheet"))
    if source.head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
        return _by_root(source)
    lines = [text for (_, text), _ in zip(source.lines(), range(_ROWS), strict=False)]
    first = next((text for text in lines if text.strip()), "")
    if hcpcs.RECORD.match(first):
        return "hcpcs", Grid("lines")
    if RECORD.fullmatch(first):
        return "order", Grid("lines")
    if found := _SHORTHAND.match(first):
        raise Unknown(
            f"a {found[1]} in FHIR shorthand ({found[2]}): no rule and no page has a use for it. A claim has a "
            "setting, and no place of service"
        )
    tabs = sum(line.count("\t") for line in lines) > sum(line.count(",") for line in lines) or "\t" in first
    return _by_rows(source, Grid("tab" if tabs else "comma"))


def _by_rows(source: Source, grid: Grid) -> tuple[str, Grid]:
    first: list[str] = []
    for (_, cells), _ in zip(grid.rows(source), range(_ROWS), strict=False):
        first = first or cells
        if kind := _heading(cells):
            return kind, grid
    raise Unknown(f"not recognised; it begins with {' | '.join(first)[:60]!r}")


def _heading(cells: list[str]) -> str:
    low = [cell.lower() for cell in cells]
    joined = " | ".join(low)
    if len(low) > 1 and low[1] == "poaexemptcode" and low[0].startswith("ord"):
        return "poa"
    if low[0].startswith("column 1") and "column 2" in joined:
        return "ptp"
    if low[0].startswith("hcpcs") and "mue value" in joined:
        return "mue"
    if low[:3] == ["action", "code", "long_title"]:
        return "addenda"
    return "table" if table.is_heading(cells) else ""


def _by_root(source: Source) -> tuple[str, Grid]:
    source.file.seek(0)
    root = ""
    try:
        for number, (_, element) in enumerate(
            defusedxml.ElementTree.iterparse(source.file, events=("start",), forbid_dtd=True)
        ):
            root = root or element.tag
            if kind := _ROOTS.get(root):
                return kind, Grid("xml")
            if element.tag.lower() == "poaexemptcode":
                return "poa", Grid("xml")
            if number > _ROWS:
                break
    except (ParseError, ValueError, LookupError) as error:
        raise xml_refused(error) from error
    raise Unknown(f"XML, but <{root[:40]}> is none of the official files")
