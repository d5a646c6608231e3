"""Search in the code sets as coders type: codes, parts of words in any order, abbreviations, words of the chart."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, islice
from typing import Final, NamedTuple

from sandbox.codes.codeset import CodeSet
from sandbox.codes.model import Code
from sandbox.codes.search_index import FTS, VERSION, index
from sandbox.codes.search_rank import Row, rank, turn, weight
from sandbox.codes.search_spelling import completed, corrected, known
from sandbox.codes.search_words import QUALIFIERS, Concept, concepts, fold
from sandbox.encounter import CM, CPT, HCPCS, PCS

__all__ = ["VERSION", "Hit", "index", "search"]

_ROWS: Final = 48
"""Rows that one step of a search reads; they come in order of cost, so the best are among them."""
_TRIES: Final = 24
_ENOUGH: Final = 3
"""Rows with all words; with less, rows with most of them are looked for as well."""
_EARLIER: Final = 0.6
"""What it costs more to give up a word than the one behind it: what matters is said first."""
_PRESETS: Final = 4
"""Headings, from the top, before which their usual code is put."""
_ANY_DAY: Final = (99999999, 0)
_CODE: Final = {CM: re.compile(r"[a-z](\d[0-9a-z]{0,5})?"), PCS: re.compile(r"(?=.*\d|.{3,7}$)[0-9a-hj-np-z]{1,7}")}
_STEPS: Final = (("text", False, 0.0), ("text seventh", False, 0.4), ("text seventh", True, 1.0), ("", True, 2.0))
"""What is tried, until there are rows enough: columns, whether words may be beginnings, what a row costs on top."""


@dataclass(frozen=True)
class Hit:
    """A code or heading that was found. ``note`` says why, where it was not the title: inclusion term or meaning."""

    code: Code
    note: str = ""


class _Found(NamedTuple):
    """A row with its score; the lowest stands on top."""

    score: float
    place: int
    row: Row


def search(codes: CodeSet, query: str, system: str = CM, limit: int = 12, on: int | None = None) -> list[Hit]:
    """The codes, and headings that lead to codes, that ``query`` most likely means, the likeliest first.

    ``on``: a day, YYYYMMDD; only what is valid then, or leads to it. None: whatever the code set knows. Never raises
    for anything typed; empty for a system without a loaded code set.
    """
    if system in (HCPCS, CPT) and limit > 0:
        return [Hit(code) for code in codes.official.search(query, system, limit, on)]
    if system not in FTS or limit < 1:
        return []
    asked = _Search(codes, system, on, concepts(query, system))
    listed = dict.fromkeys(asked.by_code(query, limit))
    hits = [Hit(code) for key in listed if (code := codes.get(key, system))]
    if len(hits) < limit and (not hits or any(c.meanings for c in asked.wanted)):
        for hit in asked.by_words(limit):
            if hit.code.key not in listed:
                listed[hit.code.key] = None
                hits.append(hit)
    return hits[:limit]


class _Search:
    """One search: what was asked for, and where."""

    def __init__(self, codes: CodeSet, system: str, on: int | None, wanted: list[Concept]) -> None:
        self.codes = codes
        self.system = system
        self.on = on
        self.days = (on, on) if on is not None else _ANY_DAY
        self.wanted = [completed(codes, system, concept) for concept in wanted]

    # -- by code ---------------------------------------------------------------------------------------------------

    def by_code(self, query: str, limit: int) -> list[str]:
        """The keys that begin with what was typed, level by level; empty if it is not the beginning of a code."""
        typed = re.sub(r"[\s.-]+", "", fold(query[:40]))
        if not _CODE[self.system].fullmatch(typed) or (self.system == PCS and not re.search(r"\d", query)):
            return []
        low, high = typed.upper(), typed.upper() + "~"
        found: list[str] = []
        if self.system == CM:
            sql = (
                f"SELECT key FROM search_rows WHERE system = '{CM}' AND term = '' AND key >= ? AND key < ? "
                "AND first <= ? AND last >= ? ORDER BY length(key), key LIMIT ?"
            )
            found += [row[0] for row in self.codes.connection.execute(sql, (low, high, *self.days, limit))]
        sql = "SELECT key FROM codes WHERE system = ? AND key >= ? AND key < ? AND length(key) = 7 ORDER BY key"
        if len(found) < limit:
            below = (row[0] for row in self.codes.connection.execute(sql, (self.system, low, high)))
            found += islice((key for key in below if key not in found and self._valid(key)), limit - len(found))
        return found

    def _valid(self, key: str) -> bool:
        return self.on is None or self.codes.valid(key, self.on, self.system)

    # -- by words --------------------------------------------------------------------------------------------------

    def by_words(self, limit: int) -> list[Hit]:
        """The entries that hold the words; where none does, those that hold most of them."""
        if not self.wanted:
            return []
        found = self._steps(self.wanted, limit)
        if len(found) < _ENOUGH:
            found = sorted(found + self._fewer(limit))
        hits: dict[str, Hit] = {}
        for place, (_, _, row) in enumerate(found):
            for key in self._shown(row, place):
                code = None if key in hits else self.codes.get(key, self.system)
                # A heading's row has been found by its days; a code may have been out of force in between.
                if code and (not code.spans or self.on is None or code.valid(self.on)):
                    hits[key] = Hit(code, self._note(row))
            if len(hits) >= limit:
                break
        return list(hits.values())

    def _steps(self, wanted: list[Concept], limit: int) -> list[_Found]:
        best: dict[str, _Found] = {}
        for columns, begins, cost in _STEPS:
            for place, row in self._match(" AND ".join(self._expression(c, begins) for c in wanted), columns):
                found = _Found(cost + row.cost - weight(row, wanted, self.system), place, row)
                if row.key not in best or found < best[row.key]:
                    best[row.key] = found
            if len(best) >= 2 * limit:
                break
        return sorted(best.values())

    def _match(self, expression: str, columns: str) -> Iterator[tuple[int, Row]]:
        sql = (
            "SELECT r.id, key, cost, words, term, preset, r.seventh FROM {0} JOIN search_rows r ON r.id = {0}.rowid "
            "WHERE {0} MATCH ? AND first <= ? AND last >= ? ORDER BY {0}.rowid LIMIT ?"
        ).format(FTS[self.system])
        match = f"{{{columns}}} : ({expression})" if columns else expression
        for place, *rest in self.codes.connection.execute(sql, (match, *self.days, _ROWS)):
            yield place, Row(*rest)

    def _expression(self, concept: Concept, begins: bool) -> str:
        """A concept as FTS5 writes it: ``("htn" OR ("hypertension") OR …)``; words are [a-z0-9]+, so quotes hold."""
        whole = concept.meanings and not concept.begun
        typed = " AND ".join(f'"{w}"' if whole else self._term(w, begins) for w in concept.typed)
        meant = (" AND ".join(f'"{word}"' for word in meaning.words) for meaning in concept.meanings)
        return "(" + " OR ".join(f"({part})" for part in (typed, *meant)) + ")"

    def _term(self, word: str, begins: bool) -> str:
        whole = len(word) < 2 or (word.isdigit() and len(word) < 3)
        return f'"{word}"' if whole or (not begins and known(self.codes, self.system, word)) else f'"{word}"*'

    # -- where nothing holds all words -----------------------------------------------------------------------------

    def _fewer(self, limit: int) -> list[_Found]:
        """Rows that hold most of the concepts; what is left out counts against them, a side less than a thing."""
        all_of = corrected(self.codes, self.system, self.wanted)
        wanted = [c for c in all_of if c.meanings or any(known(self.codes, self.system, w, True) for w in c.typed)]
        best: dict[str, _Found] = {}
        tries = _TRIES
        # With all words known and in place, all of them together have just been tried.
        for size in range(len(wanted) - (wanted == self.wanted), 0, -1):
            for some in islice(combinations(wanted, size), tries):
                tries -= 1
                lost = 2.0 * (len(some) < len(all_of)) + sum(
                    0.3 if c.typed[0] in QUALIFIERS else turn(c) + _EARLIER * (len(wanted) - n)
                    for n, c in enumerate(wanted)
                    if c not in some
                )
                for found in (f._replace(score=f.score + lost) for f in self._steps(list(some), limit)):
                    best[found.row.key] = min(found, best.get(found.row.key, found))
            if best:
                break
        return sorted(best.values())

    # -- what is shown ---------------------------------------------------------------------------------------------

    def _shown(self, row: Row, place: int) -> Iterator[str]:
        """The keys for a row: the code that is meant without more words first, then the heading to go down from."""
        preset = row.preset if place < _PRESETS else ""
        if row.seventh or preset:
            yield from self._completed(preset or row.key, row)[:1]
        if not row.seventh or not place:
            yield row.key

    def _completed(self, key: str, row: Row) -> list[str]:
        """``key`` with its 7th characters, the one asked for or the usual one first; itself if it takes none."""
        found = self.codes.get(key, self.system)
        meanings = self.codes.seventh(key) if found and found.kind != "code" else {}
        ways = (way for c in self.wanted for way in (c.typed, *(meaning.words for meaning in c.meanings)))
        rest = list(dict.fromkeys(word for way in ways for word in way if word not in row.all_words))
        ranks = {char: rank(char, meaning, rest) for char, meaning in meanings.items()}
        return [key.ljust(6, "X") + char for char in sorted(ranks, key=ranks.__getitem__)] or [key]

    def _note(self, row: Row) -> str:
        have = set(row.all_words)
        meant = (
            next((f"{' '.join(c.typed)} = {m.text}" for m in c.meanings if have.issuperset(m.words)), "")
            for c in self.wanted
            if not have.issuperset(c.typed)
        )
        return "; ".join(filter(None, (row.term, *meant)))
