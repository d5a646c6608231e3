"""One chart, many encounters: what a file holds, made into what it holds for one choice of values.

Works on what a file holds (plain strings, lists, dicts), so that a case is validated only once it is whole.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from sandbox.cases.axes import Choice
from sandbox.cases.changes import Other
from sandbox.cases.nodes import Mark, Place, Tree
from sandbox.cases.schema import Case
from sandbox.encounter import bare

_CODES: Final = frozenset({"code", "accept", "either_first", "meanwhile"})
_CODED: Final = frozenset({"partial", "instead"})
_CHART: Final = frozenset({"title", "author", "text", "quote", "hints", "topics"})
_PROSE: Final = frozenset({"why", "instead", "cites", "about", "terms", "model"})
NOT_ITS: Final = ("variants", "never_together", "review")
"""Parts of a file that the chart as written keeps to itself."""


class Clash(ValueError):
    """Two replacements that cannot both hold: ``place`` is where the second one stands."""

    def __init__(self, place: Place, message: str) -> None:
        super().__init__(message)
        self.place = place


Entries = tuple[Place, ...]
"""The replacements in the file that one code went through."""


def replaced_codes(case: Case, choice: Choice) -> dict[str, tuple[str, Entries]]:
    """Code → (what becomes of it, by which replacements): axis by axis, all codes of a value at once.

    An axis that does not know what an earlier one made of a code changes its own characters of it: a type makes
    E11.3312 E10.3312, a side makes it E11.3311, and both make it E10.3311. Raises :class:`Clash` where both want the
    same character.
    """
    chosen = [(axis, value, values[value].codes) for (axis, values), value in zip(_axes(case), choice, strict=True)]
    out: dict[str, tuple[str, Entries]] = {}
    for code in dict.fromkeys(code for _, _, codes in chosen for code in codes):
        now = code
        entries: Entries = ()
        for axis, value, codes in chosen:
            known = now if now in codes else code
            if known in codes:
                at = ("variants", axis, value, "codes", known)
                now = codes[now] if known == now else _both(code, now, codes[code], at)
                entries = (*entries, at)
        out[code] = now, entries
    return out


def _axes(case: Case) -> list[tuple[str, dict[str, Other]]]:
    return list(case.variants.items())


def _both(code: str, one: str, two: str, at: Place) -> str:
    """A code after two changes of its characters."""
    alike = len(code) == len(one) == len(two)
    rows = list(zip(code, one, two, strict=True)) if alike else []
    if not alike or any(a not in (b, c) and b != c for a, b, c in rows):
        said = f"codes: {code} is {one} by an earlier axis and {two} by this one; say here what becomes of {one}"
        raise Clash(at, said)
    return "".join(c if b == a else b for a, b, c in rows)


def _scalars(case: Case, choice: Choice) -> Iterator[tuple[Place, str, Place]]:
    """(place, new value, where it stands) of what is said once of an encounter."""
    for (axis, values), value in zip(_axes(case), choice, strict=True):
        other, at = values[value], ("variants", axis, value)
        for part in ("age", "sex"):
            if given := getattr(other.patient, part):
                yield ("patient", part), given, (*at, "patient", part)
        for part in ("discharge_status", "minutes"):
            if given := getattr(other, part):
                yield (part,), str(given), (*at, part)


class Maker:
    """Makes the data of one encounter, and remembers what moved, so that a place can be found in the file again."""

    def __init__(self, case: Case, choice: Choice) -> None:
        self.choice = choice
        self.used: set[Place] = set()
        self.kept: dict[Place, list[int]] = {}
        self.renamed: dict[Place, str] = {}
        self.moved: dict[Place, Place] = {}
        self._codes = replaced_codes(case, choice)
        self._scalars = list(_scalars(case, choice))
        self._axis = {value: axis for axis, values in case.variants.items() for value in values}
        self._chosen = frozenset(choice)
        self._gone = {bare(row.code) for row in case.key.diagnoses if not self._there(row.only)}
        self._in_prose = _pattern(self._codes, r"(?<![\w.])", r"(?!\.?\w)")
        self._words = [
            (("variants", axis, value, "words"), values[value].words, _pattern(values[value].words))
            for (axis, values), value in zip(_axes(case), choice, strict=True)
            if values[value].words
        ]

    def make(self, data: dict[str, Any]) -> dict[str, Any]:
        """The data of the encounter. Raises :class:`Clash` where two codes of one mapping become the same."""
        out = self._mapping({k: v for k, v in data.items() if k not in NOT_ITS}, (), "")
        for place, value, at in self._scalars:
            (out["patient"] if len(place) > 1 else out)[str(place[-1])] = value
            self.moved[place] = at
        return out

    def _there(self, only: Any) -> bool:
        """Whether a part with that condition stands here: of each axis that it names, one of the values it names."""
        named = {self._axis.get(value) for value in only}
        return not only or named == {self._axis.get(value) for value in only if value in self._chosen}

    def _value(self, old: Any, place: Place, field: str) -> Any:
        if isinstance(old, dict):
            return self._mapping(old, place, field)
        if isinstance(old, list):
            return self._list(old, place, field)
        if field in _CODES:
            return self._code(old, place)
        if field in _PROSE and self._codes:
            old = self._in_prose.sub(lambda found: self._code(found[0], ()), old)
        return self._reworded(old) if field in _CHART or field in _PROSE else old

    def _reworded(self, text: str) -> str:
        for place, words, pattern in self._words:
            found = set(pattern.findall(text))
            if found:
                self.used.update((*place, word) for word in found)
                text = pattern.sub(lambda word, words=words: words[word[0]], text)  # type: ignore[misc]
        return text

    def _mapping(self, old: dict[str, Any], place: Place, field: str) -> dict[str, Any]:
        out: dict[str, Any] = {}
        for key, value in old.items():
            if key == "only":
                continue
            new = self._code(key, ()) if field in _CODED else key
            here = (*place, new)
            if new in out:
                raise Clash(self._codes[key if new != key else self.renamed[here]][1][-1], f"codes: two become {new}")
            if new != key:
                self.renamed[here], self.moved[here] = key, self._codes[key][1][-1]
            out[new] = self._value(value, here, field if field in _CODED else key)
        return out

    def _list(self, old: list[Any], place: Place, field: str) -> list[Any]:
        out: list[Any] = []
        kept: list[int] = []
        for n, item in enumerate(old):
            if isinstance(item, dict) and not self._there(item.get("only", ())):
                continue
            if field == "either_first" and isinstance(item, str) and bare(item) in self._gone:
                continue
            made = self._value(item, (*place, len(out)), field)
            if field == "either_first" and isinstance(made, list) and len(made) < min(2, len(item)):
                continue
            out.append(made)
            kept.append(n)
        if len(kept) < len(old):
            self.kept[place] = kept
        return out

    def _code(self, old: str, place: Place) -> str:
        if old not in self._codes:
            return old
        new, entries = self._codes[old]
        self.used.update(entries)
        if place:
            self.moved[place] = entries[-1]
        return new


def _pattern(words: Iterable[str], before: str = r"(?<!\w)", behind: str = r"(?!\w)") -> re.Pattern[str]:
    """Whole words, the longest first. Of a code, no part of a longer one."""
    either = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    return re.compile(f"{before}(?:{either}){behind}")


@dataclass
class Turned(Tree):
    """The tree of an encounter: its own data, and the places of the file that it was made from.

    What was replaced as a whole (a code, an age) is at its replacement; words of a text are at the text.
    """

    origin: Tree = field(default_factory=Tree)
    maker: Maker | None = None

    def where(self, place: Place, *, key: bool = False) -> Mark:
        """Where in the file the value (or its key) stands."""
        if self.maker and place in self.maker.moved:
            return self.origin.where(self.maker.moved[place])
        return self.origin.where(self._old(place), key=key)

    def inside(self, place: Place, offset: int) -> Mark:
        """Where the character of a text stands: its line is exact, its column as far as the words have one length."""
        old = self._old(place)
        line, column = self.origin.where(old)
        text, before = _at(self.data, place), _at(self.origin.data, old)
        if old not in self.origin.literal:
            return line, column
        row = text.count("\n", 0, offset)
        start = text.rfind("\n", 0, offset) + 1
        line, column = self.origin.inside(old, _row(before, row))
        return line, column + offset - start

    def _old(self, place: Place) -> Place:
        assert self.maker is not None
        old: Place = ()
        for n, step in enumerate(place):
            kept = self.maker.kept.get(place[:n])
            if isinstance(step, int):
                old = (*old, kept[step] if kept and step < len(kept) else step)
            else:
                old = (*old, self.maker.renamed.get(place[: n + 1], step))
        return old


def _at(data: Any, place: Place) -> Any:
    for step in place:
        data = data[step]
    return data


def _row(text: str, row: int) -> int:
    """The offset at which a line of a text begins."""
    return sum(len(line) for line in text.splitlines(keepends=True)[:row])
