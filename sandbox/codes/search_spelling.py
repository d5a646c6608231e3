"""Words that no entry holds → the words that were meant: names of the table cut short, a letter wrong or too many."""

from difflib import get_close_matches
from itertools import groupby
from typing import Final

from sandbox.codes.codeset import CodeSet
from sandbox.codes.search_index import FTS
from sandbox.codes.search_words import QUALIFIERS, Concept, concepts, table

_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
_VOWELS: Final = frozenset("aeiouy")
_SHORTEST: Final = 4
"""Letters below which a word is left as it is: nearly every one of three letters is an abbreviation of something."""
_WORD: Final = 5
"""Letters that a word and what it is taken for must have, unless they go with another word that was typed: ``hart`` is
a heart before an attack, but may as well be an abbreviation that the table lacks where it stands alone."""
_LONG: Final = 7
"""Letters from which on more than one may be wrong, or the first one."""
_ALIKE: Final = 0.8
"""How much of a word must be right where more than one letter is wrong: ``hypertenshun`` has 0.83."""
_OFTEN: Final = 60
"""Rows that a word must stand in to be taken for the one meant although something begins with what was typed."""
_TRIES: Final = 4
_NAME: Final = 40
"""Rows that a name of the table counts for."""


def known(codes: CodeSet, system: str, word: str, begins: bool = False) -> bool:
    """Whether some entry of ``system`` holds ``word``, or with ``begins`` a word that begins so."""
    sql = "SELECT 1 FROM search_words WHERE system = ? AND word >= ? AND word <= ? LIMIT 1"
    high = word + "~" if begins else word
    return codes.connection.execute(sql, (system, word, high)).fetchone() is not None


def corrected(codes: CodeSet, system: str, wanted: list[Concept]) -> list[Concept]:
    """``wanted`` with unknown words replaced by what was meant: ``pnuemonia`` → ``pneumonia``."""
    typed = [word for concept in wanted for word in concept.typed]
    fixed = {word for concept in wanted if concept.meanings for word in concept.typed}
    better = [w if w in fixed else _meant(codes, system, w, [o for o in typed if o != w]) for w in typed]
    found = wanted if better == typed else concepts(" ".join(better), system)
    return [completed(codes, system, concept) for concept in found]


def completed(codes: CodeSet, system: str, concept: Concept) -> Concept:
    """The beginning of a word as the beginning of a name of the table as well: ``gallst`` is a gallstone."""
    word = concept.typed[0]
    if concept.meanings or len(concept.typed) > 1 or len(word) < _SHORTEST or known(codes, system, word):
        return concept
    return Concept(concept.typed, table(system).beginning(word), begun=True)


def _meant(codes: CodeSet, system: str, word: str, others: list[str]) -> str:
    """The word of the index or name of the table that ``word`` most likely is; itself where none is near."""
    if _left_alone(codes, system, word):
        return word
    begins = known(codes, system, word, True)
    near = _one_letter(codes, system, word)
    if begins:
        near = [(rows, other) for rows, other in near if rows >= _OFTEN and not other.startswith(word)]
    witnesses = [o for o in others if o not in QUALIFIERS and known(codes, system, o)]
    if witnesses and (found := next((o for _, o in near[:_TRIES] if _together(codes, system, o, others)), "")):
        return found
    if alone := [other for _, other in near if min(len(word), len(other)) >= _WORD]:
        return alone[0]
    return word if begins or table(system).beginning(word) else _far(codes, system, word)


def _left_alone(codes: CodeSet, system: str, word: str) -> bool:
    """Whether ``word`` is no misspelling: short, without a vowel as only abbreviations are, or known somewhere."""
    elsewhere = "SELECT 1 FROM search_words WHERE system <> ? AND word = ?"
    return (
        len(word) < _SHORTEST
        or _VOWELS.isdisjoint(word)
        or known(codes, system, word)
        or codes.connection.execute(elsewhere, (system, word)).fetchone() is not None
    )


def _together(codes: CodeSet, system: str, word: str, others: list[str]) -> bool:
    """Whether a name of the table or an entry holds ``word`` and whatever else was typed that is known."""
    if table(system).named((word, *others)):
        return True
    match = " AND ".join(f'"{w}"' for w in (word, *(o for o in others if known(codes, system, o))))
    sql = f"SELECT 1 FROM {FTS[system]} WHERE {FTS[system]} MATCH ? LIMIT 1"
    return codes.connection.execute(sql, (match,)).fetchone() is not None


def _one_letter(codes: CodeSet, system: str, word: str) -> list[tuple[int, str]]:
    """The words one letter away, the likeliest first: left out, put in, another, or two that changed places."""
    cuts = [(word[:n], word[n:]) for n in range(len(word) + 1)]
    near = {a + b[1:] for a, b in cuts if b} | {a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1}
    near |= {a + letter + rest for a, b in cuts for letter in _LETTERS for rest in {b, b[1:]}}
    marks = ",".join("?" * len(near))
    sql = f"SELECT rows, word FROM search_words WHERE system = ? AND word IN ({marks})"
    found = codes.connection.execute(sql, (system, *near)).fetchall()
    names = table(system).exact
    found += [(_NAME, name) for name in near if (name,) in names]
    fits = [(rows, other) for rows, other in found if len(other) >= _SHORTEST and not _VOWELS.isdisjoint(other)]
    # Hardly anybody gets the first letter wrong; a letter that should have been doubled is the commonest slip.
    once = _undoubled(word)
    fits = [(rows, other) for rows, other in fits if other[0] == word[0] or len(word) >= _LONG]
    return sorted(fits, key=lambda row: (row[1][:1] != word[0], _undoubled(row[1]) != once, -row[0], row[1]))


def _undoubled(word: str) -> str:
    """``concussion`` → ``concusion``."""
    return "".join(letter for letter, _ in groupby(word))


def _far(codes: CodeSet, system: str, word: str) -> str:
    """The word that is most like ``word`` where more than one letter is wrong; itself if none is, or it is short."""
    if len(word) < _LONG:
        return word
    sql = "SELECT word FROM search_words WHERE system = ? AND word >= ? AND word < ? AND length(word) BETWEEN ? AND ?"
    ends = (word[0], word[0] + "~", len(word) - 2, len(word) + 2)
    words = [row[0] for row in codes.connection.execute(sql, (system, *ends))]
    return next(iter(get_close_matches(word, words, 1, _ALIKE)), word)
