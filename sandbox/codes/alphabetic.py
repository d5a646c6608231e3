"""The reader of the imported indexes: terms by their words, what stands below a term, where a *see* leads."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from sandbox.codes.imported import Official
from sandbox.codes.imported_model import File
from sandbox.codes.index_file import KINDS
from sandbox.codes.index_table import folded, sure
from sandbox.codes.model import chosen

_FIELDS: Final = "SELECT place, title, nemod, code, manif, see, see_also, category, cells, parent FROM index_terms "
_TERM: Final = _FIELDS + "WHERE file = ? AND place = ?"
_WORDS: Final = (
    "SELECT place, max(last), min(depth), max(word = ?), min(rank) FROM index_words "
    "WHERE file = ? AND word >= ? AND word < ? GROUP BY place ORDER BY place"
)
_BEGINS: Final = (
    "SELECT place FROM index_names WHERE file = ? AND parent = -1 AND name >= ? AND name < ? GROUP BY place "
    "ORDER BY min(name), place LIMIT ?"
)
_BELOW: Final = (
    f"{_FIELDS} WHERE file = ?1 AND place IN (SELECT place FROM index_names WHERE file = ?1 AND parent = ?2) "
    "ORDER BY place"
)
_NAMED: Final = "SELECT min(place) FROM index_names WHERE file = ? AND parent = ? AND name = ? AND rank = ?"
_STARTS: Final = (
    "SELECT min(place) FROM index_names WHERE file = ? AND parent = ? AND name >= ? AND name < ? "
    "HAVING count(DISTINCT place) = 1"
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One term of an index. ``way``: the titles above it, from the main term down; ``file`` and ``place`` name it.

    ``above`` is the place of the term above, -1 at a main term. ``title`` is as printed, with the nonessential
    modifiers that ``nemod`` has by themselves. ``code`` may end in a dash where characters are missing; ``manif`` is
    the code in brackets behind it. ``category``: the code of *see category* or *see subcategory*. ``cells``: (heading
    of the column, code) in a table.
    """

    kind: str
    file: int
    place: int
    way: tuple[str, ...]
    title: str
    nemod: str
    code: str
    manif: str
    see: str
    see_also: str
    category: str
    cells: tuple[tuple[str, str], ...]
    above: int = -1

    @property
    def depth(self) -> int:
        """0 at a main term."""
        return len(self.way)


@dataclass(frozen=True, slots=True)
class Found:
    """Where a *see* leads: the term, and the words behind it that could not be followed (``by type``)."""

    entry: Entry
    rest: str = ""


_BOOKS: Final = {
    "table of drugs and chemicals": "drugs",
    "index to diseases and injuries": "index",
    "index to disease": "index",
    "external cause index": "external",
}
"""How a *see* names another of the books."""
_MODIFIERS: Final = re.compile(r"\([^)]*\)")
_BY: Final = re.compile(r"\s+by\s.*")


class Indexes:
    """The indexes in one ``official.db``; safe to share between threads. Empty where none was imported.

    ``kind`` is a key of :data:`sandbox.codes.index_file.KINDS`, ``on`` a day (YYYYMMDD) that picks the edition.
    """

    def __init__(self, official: Official) -> None:
        self._official = official
        self._rows = official.rows
        self._entry = lru_cache(maxsize=4096)(self._read_entry)
        self._columns = lru_cache(maxsize=32)(self._read_columns)

    def file(self, kind: str, on: int) -> File | None:
        """The file of a kind for the day; None where none is loaded."""
        files = [file for file in self._official.files if (file.kind, file.part) == ("index", kind)]
        return chosen(sorted(files, key=lambda file: file.first_day), lambda file: file.first_day, on)

    def search(self, kind: str, words: str, on: int, limit: int = 50) -> list[Entry]:
        """The terms whose way holds all of the words, by their beginnings, and that bring one of them themselves.

        Whole words go before beginnings, main terms before what stands below them, then terms that begin with a word.
        A single letter is a whole word.
        """
        file, typed = self.file(kind, on), list(dict.fromkeys(folded(words).split()))
        if file is None or not typed:
            return []
        hits = [self._rows(_WORDS, word, file.id, word, word + "~" * (len(word) > 1) + "\0") for word in typed]
        covers = [_Cover(rows) for rows in hits]
        exact: dict[int, int] = {}
        order: dict[int, tuple[int, int]] = {}
        for place, _, depth, whole, rank in (row for rows in hits for row in rows):
            exact[place] = exact.get(place, 0) + whole
            order[place] = min(order.get(place, (depth, rank)), (depth, rank))
        places = [place for place in exact if all(cover.holds(place) for cover in covers)]
        places.sort(key=lambda place: (order[place][0] - exact[place], *order[place], place))
        return [self._entry(kind, file.id, place) for place in places[:limit]]

    def begins(self, kind: str, prefix: str, on: int, limit: int = 50) -> list[Entry]:
        """The main terms that begin with what was typed, in alphabetical order."""
        file, typed = self.file(kind, on), folded(prefix)
        if file is None or not typed:
            return []
        places = self._rows(_BEGINS, file.id, typed, typed + "~", limit)
        return [self._entry(kind, file.id, place) for (place,) in places]

    def entry(self, kind: str, place: int, on: int) -> Entry | None:
        """The term at a place of the file for the day; None where there is none."""
        file = self.file(kind, on)
        known = file and self._rows("SELECT 1 FROM index_terms WHERE file = ? AND place = ?", file.id, place)
        return self._entry(kind, file.id, place) if file and known else None

    def children(self, entry: Entry) -> list[Entry]:
        """The terms right below a term, in the order of the index."""
        return [self._made(entry.kind, entry.file, row, entry) for row in self._rows(_BELOW, entry.file, entry.place)]

    def resolve(self, entry: Entry, on: int) -> tuple[Found, ...]:
        """Where the *see* or *see also* of a term leads: in its own index first, then in the others.

        Several references, divided by semicolons, lead to several terms; one that names no term to none.
        """
        wanted = filter(None, (part.strip() for part in f"{entry.see};{entry.see_also}".split(";")))
        return tuple(found for text in wanted if (found := self._follow(entry.kind, text, on)))

    def _follow(self, kind: str, text: str, on: int) -> Found | None:
        parts = [part.strip() for part in _MODIFIERS.sub(" ", text.removeprefix("also ")).split(",")]
        book = _BOOKS.get(folded(parts[0]), "")
        kinds = (book,) if book else (kind, *(other for other in KINDS if other != kind))
        best: Found | None = None
        for other in kinds:
            file = self.file(other, on)
            found = self._walk(other, file.id, parts[1:] if book else parts) if file else None
            if found and not found.rest:
                return found
            best = best or found
        return best

    def _walk(self, kind: str, file: int, parts: list[str]) -> Found | None:
        at, rest = self._reach(file, -1, parts)
        return None if at < 0 else Found(self._entry(kind, file, at), ", ".join(rest))

    def _reach(self, file: int, at: int, rest: list[str]) -> tuple[int, list[str]]:
        """(place, parts that lead no further) of the way that uses up the most."""
        best = (at, rest)
        for place, taken in self._steps(file, at, rest) if rest else ():
            found = self._reach(file, place, rest[taken:])
            if len(found[1]) < len(best[1]):
                best = found
            if not best[1]:
                break
        return best

    def _steps(self, file: int, at: int, parts: Sequence[str]) -> Iterator[tuple[int, int]]:
        """(place, how many parts it takes) of the terms below that the next words name, the longest name first."""
        for rank in (0, 1):
            for number in range(len(parts), 0, -1):
                name = folded(" ".join(parts[:number]))
                for called in dict.fromkeys((name, sure(name), _BY.sub("", name) if number == 1 else name)):
                    place = self._rows(_NAMED, file, at, called, rank)[0][0] if called else None
                    if place is not None:
                        yield place, number
            # ``transport`` may stand for a longer name, if no other term begins like it.
            name = folded(parts[0])
            for (place,) in self._rows(_STARTS, file, at, f"{name} ", f"{name} ~") if name and rank == 0 else ():
                yield place, 1

    def _read_entry(self, kind: str, file: int, place: int) -> Entry:
        [row] = self._rows(_TERM, file, place)
        return self._made(kind, file, row, self._entry(kind, file, row[-1]) if row[-1] >= 0 else None)

    def _made(self, kind: str, file: int, row: Sequence[Any], above: Entry | None) -> Entry:
        place, title, nemod, code, manif, see, see_also, category, cells, parent = row
        columns = self._columns(file)
        return Entry(
            kind=kind,
            file=file,
            place=place,
            way=(*above.way, above.title) if above else (),
            title=title,
            nemod=nemod,
            code=code,
            manif=manif,
            see=see,
            see_also=see_also,
            category=category,
            cells=tuple(
                (columns[int(number)], text)
                for number, _, text in (cell.partition(":") for cell in cells.split("\t") if cell)
            ),
            above=parent,
        )

    def _read_columns(self, file: int) -> dict[int, str]:
        return dict(self._rows("SELECT number, title FROM index_columns WHERE file = ?", file))


class _Cover:
    """The places that lie within what stands below any of some terms."""

    def __init__(self, rows: Sequence[Any]) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for place, last, *_ in rows:
            if not self._ends or place > self._ends[-1]:
                self._starts.append(place)
                self._ends.append(last)

    def holds(self, place: int) -> bool:
        """Whether the place is one of them."""
        at = bisect_right(self._starts, place) - 1
        return at >= 0 and place <= self._ends[at]
