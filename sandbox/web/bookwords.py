"""The code book's list of abbreviations and lay words, with where each meaning was found."""

import string
from typing import Final

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from sandbox.codes import abbreviations
from sandbox.web import bookday

pages = Blueprint("bookwords", __name__)
bookday.keep(pages)

_SHOWN: Final = 60
_LONGEST_QUERY: Final = 200
_LETTERS: Final = {"0": "0–9"} | {letter: letter for letter in string.ascii_uppercase}


@pages.get("/book/abbreviations")
def words() -> ResponseReturnValue:
    """Rows by words or by letter; without either, the sources and how many rows rest on each."""
    q = request.args.get("q", "")[:_LONGEST_QUERY]
    letter = request.args.get("letter", "")[:1].upper()
    letter = letter if letter in _LETTERS and not q.strip() else ""
    found = abbreviations.found(q) if q.strip() else abbreviations.begins(letter) if letter else []
    every = abbreviations.rows()
    return render_template(
        "book/abbreviations.html",
        q=q,
        letter=letter,
        letters=_LETTERS,
        rows=found if letter else found[:_SHOWN],
        left=0 if letter else max(0, len(found) - _SHOWN),
        total=len(every),
        sourced=sum(bool(row.sources) for row in every),
        sources=[(each, sum(each in row.sources for row in every)) for each in abbreviations.sources().values()],
    )
