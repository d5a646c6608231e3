"""Every kind of official file: what it is called, what needs it, and who loads it. A new kind is a new row."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sandbox.codes.importing import cm, days, hcpcs, ncci, order, pcs, poa, table
from sandbox.codes.importing.grid import Grid
from sandbox.codes.importing.safe import Source
from sandbox.codes.importing.store import Edition, Shelf

Loader = Callable[[Source, Grid, days.Asked, Shelf], Edition]
"""Reads the whole of a source, puts its rows on the shelf, and says what it was. Raises :class:`safe.Refused`.

What it keeps elsewhere than in ``official.db`` goes into the folder of the shelf, and must be there wholly or not at
all.
"""


@dataclass(frozen=True, slots=True)
class Kind:
    """``title`` begins a line of ``codes status``; ``needed`` ends it where the kind is not loaded."""

    title: str
    needed: str
    load: Loader | None = None


KINDS: Final[dict[str, Kind]] = {
    "tabular": Kind("ICD-10-CM Tabular", "the notes and titles of another edition", cm.load_tabular),
    "index": Kind("ICD-10-CM Index", "the Alphabetic Index and its tables", cm.load_index),
    "order": Kind("Order file of titles", "titles of codes that the packages have none for", cm.load_order),
    "addenda": Kind("ICD-10-CM addenda", "titles of next year's new codes", order.load_addenda),
    "poa": Kind("POA-exempt list", "blanks of the present-on-admission indicator (VAL09)", poa.load),
    "pcs-tables": Kind(
        "ICD-10-PCS tables", "the explanation of a procedure code character by character", pcs.load_tables
    ),
    "pcs-definitions": Kind("ICD-10-PCS definitions", "what the characters of a procedure mean", pcs.load_definitions),
    "pcs-index": Kind("ICD-10-PCS index", "the way from a word to a table", pcs.load_index),
    "hcpcs": Kind("HCPCS Level II", "unknown HCPCS codes and modifiers (VAL01, VAL08)", hcpcs.load),
    "table": Kind("Own tables of codes", "CPT codes (VAL01), which a school must have licensed", table.load),
    "ptp": Kind("NCCI pairs (PTP)", "procedures that may not stand together (NCC01)", ncci.load_pairs),
    "mue": Kind("NCCI most units (MUE)", "more units than a day can hold (NCC02)", ncci.load_units),
}
"""Kinds in the order of ``codes status``. One without a loader is recognised and refused."""
