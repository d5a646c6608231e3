"""Tables for spreadsheets, as CSV and XLSX: no text in them is ever run as a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

Cell = str | int | float | None
"""None is an empty cell. Numbers stay numbers."""
Row = Sequence[Cell]

_FORMULA: Final = tuple("=+-@\t\r\n＝＋－＠")
"""With what a text begins that a spreadsheet would run (OWASP, *CSV Injection*), full-width forms among them."""
_LONGEST: Final = 32_767
"""Characters that a cell of XLSX holds."""
_NO_XML: Final = dict.fromkeys((*range(9), 11, 12, *range(14, 32), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF), "\ufffd")


def tame(cell: Cell) -> str:
    """A cell of a CSV as text: what a spreadsheet would run has an apostrophe before it."""
    if cell is None:
        return ""
    if not isinstance(cell, str):
        return f"{cell:.10g}" if isinstance(cell, float) else str(cell)
    text = cell.replace("\0", "")
    if text == "-":
        return text
    # Spreadsheets pass over blanks, and a mark of the byte order, before the sign.
    return f"'{text}" if text.startswith(_FORMULA) or text.replace("\ufeff", "").lstrip().startswith(_FORMULA) else text


def as_csv(rows: Iterable[Row]) -> bytes:
    """UTF-8 with the mark that Excel knows it by, lines as in RFC 4180."""
    out = io.StringIO()
    csv.writer(out).writerows([tame(cell) for cell in row] for row in rows)
    return ("\ufeff" + out.getvalue()).encode("utf-8", "replace")


def as_xlsx(rows: Iterable[Row], sheet: str) -> bytes:
    """A workbook with one sheet, its first row standing fast. Texts are written as texts, whatever they begin with."""
    # Loaded by the first who wants a workbook: most servers never do.
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet("".join(c for c in sheet if c not in "[]:*?/\\'").strip()[:31] or "Sheet")
        bold = book.add_format({"bold": True})
        page.freeze_panes(1, 0)
        for n, row in enumerate(rows):
            for m, cell in enumerate(row):
                style = None if n else bold
                if isinstance(cell, str):
                    page.write_string(n, m, cell.translate(_NO_XML)[:_LONGEST], style)
                elif cell is not None:
                    page.write_number(n, m, cell, style)
    return out.getvalue()
