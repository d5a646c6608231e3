"""The first sheet of an XLSX workbook as rows of text. Formulas are refused: a table of codes has none."""

import datetime as dt
import warnings
import zipfile
from collections.abc import Iterator
from typing import BinaryIO, Final
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from sandbox.codes.importing import zips
from sandbox.codes.importing.safe import MOST_CELLS, Refused, Source, xml_refused

_WORKBOOK: Final = "xl/workbook.xml"
_BROKEN: Final = (zipfile.BadZipFile, InvalidFileException, KeyError, IndexError, TypeError, EOFError, OSError)


def is_workbook(file: BinaryIO) -> bool:
    """Whether a zip is an XLSX workbook."""
    return any(info.filename == _WORKBOOK for info in zips.members(file))


def rows(source: Source) -> Iterator[tuple[int, list[str]]]:
    """(row, cells) of the first sheet; blank rows are passed over. Raises :class:`Refused`."""
    zips.members(source.file)
    source.file.seek(0)
    source.told(source.size)
    try:
        with warnings.catch_warnings():
            # It warns of styles and extensions, which hold no data.
            warnings.simplefilter("ignore")
            yield from _rows(source.file)
    except (ParseError, ValueError) as error:
        raise xml_refused(error) from error
    except _BROKEN as error:
        raise Refused(f"a broken or cut workbook ({error})") from error


def _rows(file: BinaryIO) -> Iterator[tuple[int, list[str]]]:
    book = openpyxl.load_workbook(file, read_only=True, keep_links=False)
    try:
        if not book.worksheets:
            raise Refused("a workbook without a sheet")
        sheet = book.worksheets[0]
        # What the file says of its size is not believed.
        sheet.reset_dimensions()
        for number, values in enumerate(sheet.iter_rows(values_only=True), 1):
            if len(values) > MOST_CELLS:
                raise Refused(f"a row of {len(values)} cells; no official table is wider than {MOST_CELLS}", number)
            cells = [_text(value, number) for value in values]
            if any(cells):
                yield number, cells
    finally:
        book.close()


def _text(value: object, row: int) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        if value.startswith("="):
            raise Refused("a formula: a table of codes holds values only", row)
        return " ".join(value.replace("_x000D_", " ").split())
    if isinstance(value, dt.datetime | dt.date):
        return value.strftime("%Y%m%d")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, int | float):
        return str(value)
    raise Refused(f"a cell that holds neither text nor a number ({type(value).__name__})", row)
