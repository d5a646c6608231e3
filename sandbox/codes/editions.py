"""Official files of another year → a database of their own beside ``codes.db``, one for each first day."""

import datetime as dt
import re
import sqlite3
import zlib
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sandbox.codes import build, safe_xml, sources
from sandbox.codes.model import FIRST, fiscal_year
from sandbox.codes.shelf import FOLDER
from sandbox.codes.sources import Kept, Loaded
from sandbox.encounter import CM

_APRIL: Final = re.compile(r"(?<![a-z])apr(il)?(?![a-z])", re.IGNORECASE)
_VERSION: Final = re.compile(rb"<version>\s*(20\d\d)\b")
_HEAD: Final = 4096
_YEAR: Final = re.compile(r"(?<!\d)20\d\d(?!\d)")


@dataclass(frozen=True, slots=True)
class Summary:
    """What an import has brought: the edition, its days (YYYYMMDD), and where it differs from the dates that were
    known before (codes without dots)."""

    name: str
    path: Path
    first_day: int
    last_day: int
    codes: int
    new: int
    unknown: tuple[str, ...]
    missing: tuple[str, ...]

    def __str__(self) -> str:
        """In plain words, one fact a line."""
        lines = [
            f"{self.name}: {self.codes:,} codes, {self.new} of them not in force the day before.",
            f"In force from {written(self.first_day)}, until the next edition that is loaded.",
        ]
        if self.unknown:
            lines.append(
                f"Not known to the Medicare Code Editor, valid because the file has them: {_few(self.unknown)}."
            )
        if self.missing:
            lines.append(f"In force by the Medicare Code Editor, but not in the file: {_few(self.missing)}.")
        return "\n".join(lines)


def import_tabular(
    file: Path | bytes,
    data: Path,
    progress: build.Progress[build.Row] = build.silent,
    first_day: int | None = None,
    name: str = "",
) -> Summary:
    """Build the edition of an ICD-10-CM Tabular XML in the data folder ``data``.

    ``first_day`` (YYYYMMDD): from when it is in force; if it is not given, 1 October of the fiscal year that the file
    names, or 1 April where the file's name says so. ``name`` is what to call the file where it comes as bytes.
    Raises :class:`ValueError` with line and reason where the file is none, cut or hostile, and :class:`OSError` where
    the disk refuses; what was loaded before is then still there.
    """
    content, name = read(file, name or "tabular.xml")
    said = _VERSION.search(content[:_HEAD])
    # Reading the whole takes seconds; without a year at its head, it is read for the sake of saying what it is.
    year = int(said[1]) if said else safe_xml.version(safe_xml.parse(content, name, "ICD10CM.tabular"), name)
    day = the_day(year, name, first_day)
    return _add(Kept("tabular", day, name, content), data, progress)


def import_order(
    file: Path | bytes,
    data: Path,
    progress: build.Progress[build.Row] = build.silent,
    first_day: int | None = None,
    name: str = "",
) -> Summary:
    """Build the edition of an ICD-10-CM order file, which has all codes of a year with their titles, but no notes.

    The notes are those of the Tabular of the same day, where it is loaded; else those of the last one before it, or
    the bundled ones. The file does not tell its year: it is taken from ``first_day`` or from its name. Errors are
    those of :func:`import_tabular`.
    """
    content, name = read(file, name or "order.txt")
    said = _YEAR.search(name)
    if said is None and first_day is None:
        raise ValueError(f"{name}: an order file does not say its year; give the first day on which it is in force")
    year = int(said[0]) if said else fiscal_year(first_day or 0)
    return _add(Kept("order", the_day(year, name, first_day), name, content), data, progress)


def differences(content: bytes, first_day: int, name: str) -> tuple[str, ...] | None:
    """How an order file differs from the dates of the Medicare Code Editor on its first day, in plain words.

    None where the editor does not know the whole of the file's fiscal year. Raises :class:`ValueError` where the file
    is no order file.
    """
    found = sources.proof(Kept("order", first_day, name, content))
    if found is None:
        return None
    number, more, less = found
    if not (more or less):
        return (f"On {written(first_day)}, its {number:,} codes are those of the Medicare Code Editor.",)
    pairs = (("Only in the file", more), ("Only in the Medicare Code Editor", less))
    return tuple(f"{label} on {written(first_day)}: {_few(keys)}." for label, keys in pairs if keys)


def stale(data: Path) -> bool:
    """Whether an edition was built by another version of the program, or cannot be read."""
    return not all(map(build.current, (data / FOLDER).glob("*.db")))


def renew(data: Path, progress: build.Progress[build.Row] = build.silent) -> list[Path]:
    """Build anew, from the files kept in them, the editions that another version of the program has built.

    Returns the files that were renewed. A file that cannot be read, or built anew, stays as it is and is not used.
    """
    done = []
    for path in sorted((data / FOLDER).glob("*.db")):
        if build.current(path):
            continue
        try:
            kept, day = _kept(path)
            build.build(path, progress, sources.edition(day, kept))
            done.append(path)
        except (ValueError, sqlite3.Error, zlib.error):
            continue
    return done


def read(file: Path | bytes, name: str) -> tuple[bytes, str]:
    """(content, name) of a file. Raises :class:`ValueError` where it is larger than an official one can be."""
    if isinstance(file, bytes):
        return file, name
    if file.stat().st_size > safe_xml.LARGEST:
        raise ValueError(f"{file.name}: larger than {safe_xml.LARGEST >> 20} MB; no official file is")
    return file.read_bytes(), file.name


def the_day(year: int, name: str, first_day: int | None) -> int:
    """The first day of a file of a fiscal year. Raises :class:`ValueError` where a given day does not go with it."""
    if first_day is None:
        first_day = 10000 * year + 401 if _APRIL.search(name) else 10000 * (year - 1) + 1001
    try:
        dt.datetime.strptime(str(first_day), "%Y%m%d")
    except ValueError as error:
        raise ValueError(f"{name}: {first_day} is no day") from error
    if fiscal_year(first_day) != year or first_day < FIRST:
        raise ValueError(f"{name}: a file of FY{year} cannot begin on {written(first_day)}")
    return first_day


def written(day: int) -> str:
    """A day as 2026-10-01."""
    return f"{day // 10000}-{day // 100 % 100:02}-{day % 100:02}"


def _add(new: Kept, data: Path, progress: build.Progress[build.Row]) -> Summary:
    path = data / FOLDER / f"icd-10-cm-{new.day}.db"
    files = {file.kind: file for file in (*_borrowed(data, new.day), *_beside(path), new)}
    loaded = sources.edition(new.day, files.values())
    build.build(path, progress, loaded)
    return _summary(loaded, path)


def _beside(path: Path) -> tuple[Kept, ...]:
    """The files of the same edition that were imported before; of an edition that cannot be read, none."""
    try:
        return _kept(path)[0] if path.exists() else ()
    except (ValueError, sqlite3.Error, zlib.error):
        return ()


def _borrowed(data: Path, day: int) -> list[Kept]:
    """The last Tabular before the day, if one is loaded that is newer than the bundled one."""
    found = (file for path in (data / FOLDER).glob("*.db") for file in _beside(path) if file.kind == "tabular")
    before = [file for file in found if sources.EDITION_DAY <= file.day <= day]
    return [max(before, key=lambda file: file.day)] if before else []


def _kept(path: Path) -> tuple[tuple[Kept, ...], int]:
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as db:
        rows = db.execute("SELECT kind, day, name, content FROM kept ORDER BY kind").fetchall()
        day = db.execute("SELECT value FROM meta WHERE key = 'edition_day'").fetchone()
    return tuple(Kept(kind, on, name, zlib.decompress(content)) for kind, on, name, content in rows), int(day[0])


def _summary(loaded: Loaded, path: Path) -> Summary:
    before = int((dt.date.fromisoformat(written(loaded.first_day)) - dt.timedelta(days=1)).strftime("%Y%m%d"))
    valid = [
        [any(first <= on <= last for first, last, _ in rows) for on in (before, loaded.first_day)]
        for rows in loaded.spans[CM].values()
    ]
    return Summary(
        name=loaded.name,
        path=path,
        first_day=loaded.first_day,
        last_day=loaded.last_day,
        codes=sum(now for _, now in valid),
        new=sum(now and not then for then, now in valid),
        unknown=loaded.unknown,
        missing=loaded.missing,
    )


def _few(keys: tuple[str, ...]) -> str:
    more = f" and {len(keys) - 10:,} more" if len(keys) > 10 else ""
    return ", ".join(keys[:10]) + more
