"""An index file as rows of ``official.db``: the terms, the words by which they are found, the names they are called by.

Only a term's own words are kept, with the end of what stands below it: a term is found by the words of its whole way
because it lies within what stands below theirs. ``names`` has every term under the term above it, by each of the names
that a *see* may use.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from sandbox.codes.index_file import IndexFile, IndexTerm

TABLES: Final = {
    "index_columns": "file INTEGER, number INTEGER, title TEXT, PRIMARY KEY (file, number)",
    "index_terms": "file INTEGER, place INTEGER, parent INTEGER, last INTEGER, depth INTEGER, title TEXT, nemod TEXT, "
    "code TEXT, manif TEXT, see TEXT, see_also TEXT, category TEXT, cells TEXT, PRIMARY KEY (file, place)",
    "index_words": "file INTEGER, word TEXT, place INTEGER, last INTEGER, depth INTEGER, rank INTEGER, "
    "PRIMARY KEY (file, word, place)",
    "index_names": "file INTEGER, parent INTEGER, name TEXT, rank INTEGER, place INTEGER, "
    "PRIMARY KEY (file, parent, name, rank, place)",
}
"""Table → its columns. ``last`` is the place of the last term below; ``cells`` are ``column:code``, tabs between.

``rank``: 0 where a term begins with the word or name, 1 where it stands further behind, 2 for words of modifiers.
"""

Row = tuple[int | str, ...]
_WORD: Final = re.compile(r"[a-z0-9]+")
_VAGUE: Final = re.compile(r"\b(nec|nos)\b")


def folded(text: str) -> str:
    """Small letters and digits with single blanks between: what is compared."""
    plain = unicodedata.normalize("NFKD", text.lower())
    return " ".join(_WORD.findall("".join(char for char in plain if not unicodedata.combining(char))))


def sure(name: str) -> str:
    """A folded name without *not elsewhere classified* and *not otherwise specified*."""
    return " ".join(_VAGUE.sub(" ", name).split())


def names(plain: str) -> dict[str, int]:
    """What a term may be called, with the rank: ``Neoplasm, neoplastic`` as a whole, and by each of its parts."""
    first, *others = map(folded, plain.split(","))
    ranked = [(folded(plain), 0), (first, 0), *((name, 1) for name in others)]
    found: dict[str, int] = {}
    for name, rank in (*ranked, *((sure(name), rank) for name, rank in ranked)):
        if name:
            found.setdefault(name, rank)
    return found


def rows(file: IndexFile) -> Iterator[tuple[str, Row]]:
    """(table, row without the file's number) of everything in a file."""
    for number, title in file.columns.items():
        yield "index_columns", (number, title)
    last = _last(file)
    for term in file.terms:
        cells = "\t".join(f"{column}:{code}" for column, code in term.cells)
        place, end = term.place, last[term.place]
        yield (
            "index_terms",
            (
                *(place, term.parent, end, term.depth, term.title, term.nemod),
                *(term.code, term.manif, term.see, term.see_also, term.category, cells),
            ),
        )
        for word, rank in _words(term).items():
            yield "index_words", (word, place, end, term.depth, rank)
        for name, rank in names(term.plain).items():
            yield "index_names", (term.parent, name, rank, place)


def _words(term: IndexTerm) -> dict[str, int]:
    plain = folded(term.plain).split()
    return dict.fromkeys(folded(term.title).split(), 2) | dict.fromkeys(plain, 1) | dict.fromkeys(plain[:1], 0)


def _last(file: IndexFile) -> list[int]:
    """place → the place of the last term below it, or its own."""
    last = list(range(len(file.terms)))
    for term in reversed(file.terms):
        if term.parent >= 0:
            last[term.parent] = max(last[term.parent], last[term.place])
    return last
