"""The code book's other parts: the Alphabetic Index and its tables, and ICD-10-PCS built character by character."""

import string
from functools import lru_cache
from typing import Final

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from sandbox.codebook import builder, terms
from sandbox.codes import search
from sandbox.codes.alphabetic import Entry, Indexes
from sandbox.codes.imported import Official
from sandbox.codes.index_file import KINDS
from sandbox.encounter import PCS
from sandbox.web import bookday
from sandbox.web.bookday import opened

pages = Blueprint("bookindex", __name__)
bookday.keep(pages)

_SHOWN: Final = 60
_LETTER: Final = 1000
_LONGEST_QUERY: Final = 200


@lru_cache(maxsize=4)
def _indexes(official: Official) -> Indexes:
    return Indexes(official)


@pages.get("/book/index")
@pages.get("/book/index/<kind>")
def index(kind: str = "index") -> ResponseReturnValue:
    """Terms of an index by words or by letter; where it was never imported, how it is."""
    codes, on = opened()
    if kind not in KINDS:
        abort(404)
    indexes = _indexes(codes.official)
    q, letter = request.args.get("q", "")[:_LONGEST_QUERY], request.args.get("letter", "")[:1]
    found: list[Entry] = []
    if q.strip():
        found = indexes.search(kind, q, on, _SHOWN)
    elif letter:
        found = indexes.begins(kind, letter, on, _LETTER)
    return render_template(
        "book/index.html",
        file=indexes.file(kind, on),
        q=q,
        letter=letter,
        letters=string.ascii_uppercase,
        lines=[terms.line(indexes, codes, one, on, more=True) for one in found],
        kind=kind,
        tables_of=terms.TABLES,
    )


@pages.get("/book/index/<kind>/<int(max=9999999):place>")
def term(kind: str, place: int) -> ResponseReturnValue:
    """A term of an index with what stands below it."""
    codes, on = opened()
    indexes = _indexes(codes.official)
    found = (indexes.entry(kind, place, on) if kind in KINDS else None) or abort(404)
    return render_template(
        "book/term.html",
        line=terms.line(indexes, codes, found, on),
        above=_above(indexes, found, on),
        lines=terms.tree(indexes, codes, found, on),
        kind=kind,
        tables_of=terms.TABLES,
    )


def _above(indexes: Indexes, entry: Entry, on: int) -> list[Entry]:
    """The terms above, from the main term down."""
    way: list[Entry] = []
    at = entry.above
    while at >= 0 and (found := indexes.entry(entry.kind, at, on)):
        way.insert(0, found)
        at = found.above
    return way


@pages.get("/book/pcs")
def build() -> ResponseReturnValue:
    """A procedure built from the tables; without them, searched by its title."""
    codes, on = opened()
    day = builder.day_of_tables(codes.official, on)
    q = request.args.get("q", "")[:_LONGEST_QUERY]
    step = builder.build(codes.official, request.args.get("code", ""), day) if day else None
    return render_template(
        "book/pcs.html",
        q=q,
        found=search.search(codes, q, PCS, 30, on) if q.strip() else None,
        step=step,
        code=codes.get(step.code, PCS) if step and step.code else None,
        tables=codes.official.file("pcs-tables", day) if day else None,
        of_the_day=day == on,
        terms=codes.official.pcs_index(q, day or on) if q.strip() else [],
    )
