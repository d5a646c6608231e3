"""The search index: one row for every title and every inclusion term, the most general first.

FTS5 hands out rows in the order of their numbers without sorting. So the rows are numbered by what they cost: a short,
plain title costs little, a long or a special one much. The first rows that hold all the words of a query are then
the ones that a coder most likely means, and a query can stop after a few dozen of them.

7th characters are not rows of their own: their words stand with the entry that they complete, in a column of their own.
"""

import gc
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

import sqlite_utils

from sandbox.codes.search_cost import WITHOUT, bonus, everyday, forget, price, read, stems
from sandbox.codes.search_words import words
from sandbox.encounter import CM, PCS

VERSION: Final = 4
"""Raise it when the index changes: ``codes.db`` is then built anew."""

FTS: Final = {CM: "search_cm", PCS: "search_pcs"}
"""code system → its full-text table (columns text, seventh, above; row numbers are ``search_rows.id``)."""

_MAKE: Final = (
    "CREATE VIRTUAL TABLE {} USING fts5(text, seventh, above, content='', detail=column, columnsize=0, prefix='2 3', "
    'tokenize="ascii")'
)
_HELD: Final = 1 << 27
"""Bytes of words that are held while an index is built."""
_NEVER: Final = 99999999
_CHAPTERS: Final = {"CH15": 1.5, "CH16": 1.5, "CH20": 1.0}
"""What it costs to stand in a chapter that is meant only when it is asked for."""
_ADDED: Final = re.compile(r"\bwith unspecified (?:\S+ )?\S+-induced\b|\bunspecified with\b")
"""What is vague, but says more than the heading: a dependence "with unspecified opioid-induced disorder"."""
_DEFAULTS: Final = (("unspecified", "not specified"), ("uncomplicated", "without", "not intractable"))


@dataclass(slots=True)
class _Entry:
    """A line of ``codes`` on its way into the index."""

    key: str
    system: str
    kind: str
    title: str
    path: list[str]
    first: int = _NEVER
    last: int = 0
    children: list["_Entry"] = field(default_factory=list)
    terms: list[tuple[str, str]] = field(default_factory=list)
    seventh: str = ""
    default: str = ""
    ended: bool = False


def index(db: sqlite_utils.Database, progress: Callable[..., Any]) -> None:
    """Write ``search_rows``, ``search_words`` and the FTS5 tables from ``codes``, ``notes`` and ``seventh``."""
    db.table("search_rows").create(
        {"id": int, "system": str, "key": str, "first": int, "last": int, "cost": float}
        | {"words": str, "term": str, "preset": str, "seventh": str},
        pk="id",
    )
    # Nothing here is a cycle, and a million living objects are slow to look through again and again.
    gc.disable()
    try:
        _fill(db, progress)
    finally:
        gc.enable()
        forget()


def _fill(db: sqlite_utils.Database, progress: Callable[..., Any]) -> None:
    meanings = _meanings(db)
    vocabulary: list[tuple[str, str, int]] = []
    start = 0
    for system, name in FTS.items():
        db.execute(_MAKE.format(name))
        # Everything is held until it is written at once, in one piece that needs no merging afterwards.
        db.execute(f"INSERT INTO {name} ({name}, rank) VALUES ('hashsize', {_HELD})")
        rows = sorted(_rows(_entries(db, system, meanings), meanings), key=lambda r: (r["cost"], r["key"]))
        for number, row in enumerate(rows, start):
            row["id"] = number
        start += len(rows)
        _write(db, name, progress(f"search {system}", rows))
        # Whatever stands above a row is the text of a row itself, but for the blocks' titles.
        known = Counter(word for row in rows for word in row["words"].replace("|", " ").split())
        known.update({word for more in {row["more"] for row in rows} for word in more.split()})
        vocabulary += [(system, word, known[word]) for word in sorted(known)]
    db.execute("CREATE TABLE search_words (system TEXT, word TEXT, rows INT, PRIMARY KEY (system, word)) WITHOUT ROWID")
    db.conn.executemany("INSERT INTO search_words VALUES (?, ?, ?)", vocabulary)
    db.execute(f"CREATE INDEX search_rows_key ON search_rows (key, first, last) WHERE term = '' AND system = '{CM}'")


def _write(db: sqlite_utils.Database, name: str, rows: Iterable[dict[str, Any]]) -> None:
    kept = list(rows)
    db.conn.executemany(
        "INSERT INTO search_rows VALUES (:id, :system, :key, :first, :last, :cost, :words, :term, :preset, :seventh)",
        kept,
    )
    db.conn.executemany(f"INSERT INTO {name} (rowid, text, seventh, above) VALUES (:id, :words, :more, :above)", kept)


def _meanings(db: sqlite_utils.Database) -> dict[str, str]:
    """entry → all words of the 7th characters defined there."""
    found: dict[str, list[str]] = defaultdict(list)
    for at, meaning in db.execute("SELECT at, meaning FROM seventh ORDER BY rowid"):
        found[at] += words(meaning)
    return {at: " ".join(dict.fromkeys(all_words)) for at, all_words in found.items()}


def _entries(db: sqlite_utils.Database, system: str, meanings: dict[str, str]) -> dict[str, _Entry]:
    sql = "SELECT key, kind, title, path, spans FROM codes WHERE system = ? ORDER BY place, key"
    found: dict[str, _Entry] = {}
    for key, kind, title, path, spans in db.execute(sql, [system]):
        way = path.split()
        parent = found.get(way[1]) if len(way) > 1 else None
        if parent and len(key) == 7 and (at := next((at for at in way if at in meanings), "")):
            parent.seventh = at
        else:
            entry = found[key] = _Entry(key, system, kind, title, way)
            if parent:
                parent.children.append(entry)
        if spans:
            first, last = int(spans[:8]), int(spans.rpartition(";")[2][9:17])
            for above in filter(None, map(found.get, way)):
                above.first, above.last = min(above.first, first), max(above.last, last)
    if system == CM:
        for at, kind, text in db.execute(
            "SELECT at, kind, text FROM notes WHERE kind IN ('inclusionTerm', 'includes') ORDER BY id"
        ):
            found[at].terms.append((kind, text))
    newest = max(entry.last for entry in found.values())
    for entry in found.values():
        entry.default = _default(entry)
        entry.ended = entry.last < newest
    return found


def _default(entry: _Entry) -> str:
    """The entry that is meant where nothing more is said: the way down through "unspecified", or the one everyday code.

    Empty where there is none.
    """
    here = entry
    while below := here.children:
        best = max(below, key=partial(_rank, here, set(stems(here.title))))
        if not _plain(best, here):
            best = next((e for e in below if everyday(e.key, e.system)), best)
            if not everyday(best.key, best.system) or sum(everyday(e.key, e.system, below=True) for e in below) > 1:
                return ""
        if best.last < here.last:
            return ""
        here = best
    return here.key if here is not entry else ""


def _rank(above: _Entry, own: set[str], entry: _Entry) -> tuple[int, int, bool, int, bool, int]:
    kept, plain = len(own & set(stems(entry.title))), _plain(entry, above)
    often = 2 * (plain > 0 and everyday(entry.key, entry.system))
    leads = everyday(entry.key, entry.system, below=True)
    return plain + often, entry.last, leads, kept, entry.key[-1] in "90", -len(entry.title)


def _plain(entry: _Entry, above: _Entry) -> int:
    """How far an entry says no more than the heading above it: 0 not, 4 surely."""
    own = set(stems(above.title))
    new = [word for word in stems(WITHOUT.sub(" ", entry.title)) if word not in own and price(word) >= 0.5]
    text, over = _ADDED.sub("", entry.title.lower()), above.title.lower()
    vague, plain = (sum(text.count(m) > over.count(m) for m in marks) for marks in _DEFAULTS)
    nos = any(text.endswith(" NOS") and set(stems(text)) <= own for _, text in entry.terms)
    return 2 * bool(vague or plain or nos) + (not new) + bool(vague or nos)


def _rows(entries: dict[str, _Entry], meanings: dict[str, str]) -> Iterator[dict[str, Any]]:
    above: dict[str, tuple[str, ...]] = {}
    for entry in entries.values():
        over = above.get(entry.path[1], ()) if len(entry.path) > 1 else ()
        own, terms = stems(entry.title), [word for _, text in entry.terms for word in stems(text)]
        if entry.children or entry.kind == "block":
            above[entry.key] = tuple(dict.fromkeys((*own, *terms, *over)))
        if entry.kind in ("chapter", "block") or not entry.last:
            continue
        short = entry.key.lower() if entry.system == CM else entry.key[:4].lower()
        further = " ".join(dict.fromkeys((short, *(word for word in (*terms, *over) if word not in own))))
        yield _row(entry, entry.title, "", 0.0, meanings, further)
        for kind, text in entry.terms:
            label = "Includes" if kind == "includes" else "Inclusion term"
            yield _row(entry, text, f"{label}: {text}", 0.3, meanings, "")


def _row(entry: _Entry, text: str, term: str, extra: float, meanings: dict[str, str], above: str) -> dict[str, Any]:
    cost, written = read(text)
    cost += extra + _CHAPTERS.get(entry.path[-1], 0.0) + 0.05 * len(entry.key) - bonus(entry.key, entry.system)
    return {
        "system": entry.system,
        "key": entry.key,
        "first": entry.first,
        "last": entry.last,
        "cost": round(cost + (1.5 if entry.ended else 0), 2),
        "words": written,
        "term": term,
        "preset": entry.default,
        "seventh": entry.seventh,
        "more": meanings.get(entry.seventh, ""),
        "above": above,
    }
