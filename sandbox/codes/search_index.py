"""The search index: one row for every title and every inclusion term, the most general first.

FTS5 hands out rows in the order of their numbers without sorting. So the rows are numbered by what they cost: a short,
plain title costs little, a long or a special one much. The first rows that hold all the words of a query are then
the ones that a coder most likely means, and a query can stop after a few dozen of them.

7th characters are not rows of their own: their words stand with the entry that they complete, in a column of their own.
"""

import gc
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Any, Final

import sqlite_utils

from sandbox.codes.search_words import words
from sandbox.encounter import CM, PCS

VERSION: Final = 2
"""Raise it when the index changes: ``codes.db`` is then built anew."""

FTS: Final = {CM: "search_cm", PCS: "search_pcs"}
"""code system → its full-text table (columns text, seventh, above; row numbers are ``search_rows.id``)."""

_MAKE: Final = (
    "CREATE VIRTUAL TABLE {} USING fts5(text, seventh, above, content='', detail=column, columnsize=0, prefix='2 3', "
    'tokenize="ascii")'
)
_NEVER: Final = 99999999
_NOTHING: Final = 9.0
"""What a code costs of which no title is known."""
_PRICES: Final = {
    **dict.fromkeys(("unspecified", "not", "elsewhere", "classified", "approach"), 0.15),
    **dict.fromkeys(("other", "specified"), 0.9),
    **dict.fromkeys(("single", "episode", "consecutive", "hour", "per", "day", "less", "greater", "than"), 0.3),
    **dict.fromkeys(("non", "fluoroscopy", "radiography", "computerized"), 1.8),
    **dict.fromkeys(("change", "removal", "revision"), 3.0),
    **dict.fromkeys(("magnetic", "ultrasonography", "planar", "beam", "brachytherapy"), 1.8),
    **dict.fromkeys(("history", "family", "sequela", "newborn", "neonatal", "pregnancy", "childbirth"), 2.5),
    **dict.fromkeys(("puerperium", "puerperal", "complicating", "maternal", "fetal", "gestational"), 2.5),
    **dict.fromkeys(("intraoperative", "postprocedural", "poisoning", "adverse", "screening", "exposure"), 2.0),
    **dict.fromkeys(("underdosing", "congenital", "secondary", "induced", "retained", "resistance", "carrier"), 1.8),
    # In ICD-10-PCS: a hip is a joint, a breast no skin, unless something else is asked for.
    **dict.fromkeys(("muscle", "tendon", "bursa", "ligament", "lymphatic", "skin", "subcutaneous", "nerve"), 1.5),
}
"""What a word costs, if not 1: words that say nothing cost little, words that lead away from the plain sense much."""
_CHAPTERS: Final = {"CH15": 1.5, "CH16": 1.5, "CH20": 1.5}
"""What it costs to stand in a chapter that is meant only when it is asked for."""
_ASIDE: Final = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_WITH: Final = re.compile(r"\bwith\b")
_WITHOUT: Final = re.compile(r"\b(?:without|not intractable)\b(?:(?! with )[^,])*")
"""What is denied: ``without perforation or abscess``. It costs little: it is meant where nothing is said."""
_VAGUE: Final = re.compile(
    r"\b(?:site |organism |part )?not specified\b|\bNOS\b|\bunspecified (?:organism|site|part|side|eye|ear|type|cause|"
    r"degree|region|level|location|ligament|trimester|complications?|limb|laterality|severity|stage)\b"
)
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


def _fill(db: sqlite_utils.Database, progress: Callable[..., Any]) -> None:
    meanings = _meanings(db)
    vocabulary: list[tuple[str, str]] = []
    start = 0
    for system, name in FTS.items():
        db.execute(_MAKE.format(name))
        rows = sorted(_rows(_entries(db, system, meanings), meanings), key=lambda r: (r["cost"], r["key"]))
        for number, row in enumerate(rows, start):
            row["id"] = number
        start += len(rows)
        _write(db, name, progress(f"search {system}", rows))
        # Whatever stands above a row is the text of a row itself, but for the blocks' titles.
        known = {word for row in rows for column in ("words", "more") for word in row[column].replace("|", " ").split()}
        vocabulary += [(system, word) for word in sorted(known)]
    db.table("search_words").create({"system": str, "word": str}, pk=("system", "word"))
    db.conn.executemany("INSERT INTO search_words VALUES (?, ?)", vocabulary)
    db.execute(f"CREATE INDEX search_rows_key ON search_rows (key, first, last) WHERE term = '' AND system = '{CM}'")


_stems = lru_cache(maxsize=32768)(words)
"""The same headings stand above many rows."""


def _write(db: sqlite_utils.Database, name: str, rows: Iterable[dict[str, Any]]) -> None:
    kept = list(rows)
    db.conn.executemany(
        "INSERT INTO search_rows VALUES (:id, :system, :key, :first, :last, :cost, :words, :term, :preset, :seventh)",
        kept,
    )
    db.conn.executemany(f"INSERT INTO {name} (rowid, text, seventh, above) VALUES (:id, :words, :more, :above)", kept)
    db.execute(f"INSERT INTO {name} ({name}) VALUES ('optimize')")


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
    """The entry that is meant where nothing more is said: the way down through "unspecified"; empty where none is."""
    here = entry
    while below := here.children:
        best = max(below, key=partial(_rank, here, set(_stems(entry.title))))
        if not _plain(best, here) or best.last < here.last:
            return ""
        here = best
    return here.key if here is not entry else ""


def _rank(above: _Entry, own: set[str], entry: _Entry) -> tuple[int, int, int, bool, int]:
    kept = len(own & set(_stems(entry.title)))
    return _plain(entry, above), entry.last, kept, entry.key[-1] in "90", -len(entry.title)


def _plain(entry: _Entry, above: _Entry) -> int:
    """How far an entry says no more than the heading above it: 0 not, 4 surely."""
    own = set(_stems(above.title))
    new = [word for word in _stems(_WITHOUT.sub(" ", entry.title)) if word not in own and price(word) >= 0.5]
    text, over = entry.title.lower(), above.title.lower()
    vague, plain = (sum(text.count(m) > over.count(m) for m in marks) for marks in _DEFAULTS)
    nos = any(text.endswith(" NOS") and set(_stems(text)) <= own for _, text in entry.terms)
    return 2 * bool(vague or plain or nos) + (not new) + bool(vague or nos)


def _rows(entries: dict[str, _Entry], meanings: dict[str, str]) -> Iterator[dict[str, Any]]:
    for entry in entries.values():
        if entry.kind in ("chapter", "block") or not entry.last:
            continue
        above = [found for key in entry.path[1:] if (found := entries.get(key)) and found.kind != "chapter"]
        context = [text for e in above for text in (e.title, *(text for _, text in e.terms))]
        context += [text for _, text in entry.terms]
        short = entry.key.lower() if entry.system == CM else entry.key[:4].lower()
        own = _stems(entry.title)
        further = " ".join(dict.fromkeys((short, *(w for text in context for w in _stems(text) if w not in own))))
        yield _row(entry, entry.title, "", 0.0, meanings, further)
        for kind, text in entry.terms:
            label = "Includes" if kind == "includes" else "Inclusion term"
            yield _row(entry, text, f"{label}: {text}", 0.3, meanings, "")


def _row(entry: _Entry, text: str, term: str, extra: float, meanings: dict[str, str], above: str) -> dict[str, Any]:
    cost, written = _read(text)
    cost += extra + _CHAPTERS.get(entry.path[-1], 0.0) + 0.05 * len(entry.key)
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


def price(word: str) -> float:
    """What a word of a title costs."""
    return _PRICES.get(word, 1.0)


def _read(text: str) -> tuple[float, str]:
    """What a text costs, and its words: ``coma|hepatic|without injury``.

    Behind the first bar stand words in brackets or behind "unspecified", behind the second what is denied; both hardly
    count. The cost is how far the text is from plain: the sum over its words.
    """
    everything = _stems(text)
    if not everything:
        return _NOTHING, ""
    denied = " ".join(_WITHOUT.findall(text))
    rest = _WITHOUT.sub(" ", text) if denied else text
    inside = " ".join(_ASIDE.findall(rest)) if "(" in rest or "[" in rest else ""
    rest = _VAGUE.sub("unspecified", _ASIDE.sub(" ", rest) if inside else rest)
    plain = everything if rest == text else words(rest)
    cost = sum(map(price, plain)) + 0.4 * len(_WITH.findall(rest))
    cost += 0.1 * len(words(inside)) + 0.25 * len(words(denied))
    no = [word for word in words(denied) if word not in plain]
    behind = [word for word in everything if word not in plain and word not in no]
    return cost, "|".join(" ".join(dict.fromkeys(part)) for part in (plain, behind, no)).rstrip("|")
