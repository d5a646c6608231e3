"""One chart, many encounters: what a file holds, made into what it holds for one choice of values.

Works on what a file holds (plain strings, lists, dicts), so that a case is validated only once it is whole.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from sandbox.cases.axes import Choice
from sandbox.cases.nodes import Mark, Place, Tree
from sandbox.cases.schema import Case, Other
from sandbox.encounter import bare

_CODES: Final = frozenset({"code", "accept", "either_first"})
_CODED: Final = frozenset({"partial", "instead"})
_CHART: Final = frozenset({"title", "author", "text", "quote", "hints", "topics"})
_PROSE: Final = frozenset({"why", "instead", "cites"})
NOT_ITS: Final = ("variants", "never_together", "review")
"""Parts of a file that the chart as written keeps to itself."""


class Clash(ValueError):
    """Two replacements that cannot both hold: ``place`` is where the second one stands."""

    def __init__(self, place: Place, message: str) -> None:
        super().__init__(message)
        self.place = place


@dataclass(frozen=True)
class Replacing:
    """What one encounter replaces: ``at`` says where in the file each code's replacement stands."""

    words: dict[str, str]
    codes: dict[str, str]
    at: dict[str, Place]
    scalars: dict[Place, tuple[str, Place]]


def replacing(case: Case, choice: Choice) -> Replacing:
    """The replacements of all axes together. Raises :class:`Clash` where two of them contradict each other.

    Where two axes change one code, each changes its own characters: a type makes E11.3312 E10.3312, a side makes it
    E11.3311, and both make it E10.3311.
    """
    out = Replacing({}, {}, {}, {})
    for (axis, values), value in zip(case.variants.items(), choice, strict=True):
        other, place = values[value], ("variants", axis, value)
        for word, new in other.words.items():
            if out.words.setdefault(word, new) != new:
                raise Clash((*place, "words", word), f"words: {word!r} becomes {out.words[word]!r} as well as {new!r}")
        for code, new in other.codes.items():
            at: Place = (*place, "codes", code)
            out.codes[code] = _both(code, out.codes[code], new, at) if code in out.codes else new
            out.at[code] = at
        out.scalars.update(_scalars(other, place))
    return out


def _both(code: str, one: str, two: str, at: Place) -> str:
    """A code after two changes of its characters."""
    if one == two:
        return one
    alike = len(code) == len(one) == len(two)
    rows = list(zip(code, one, two, strict=True)) if alike else []
    if not alike or any(a not in (b, c) and b != c for a, b, c in rows):
        raise Clash(at, f"codes: {code} becomes {one} by another axis and {two} by this one; no code is both")
    return "".join(c if b == a else b for a, b, c in rows)


def _scalars(other: Other, place: Place) -> Iterator[tuple[Place, tuple[str, Place]]]:
    for part in ("age", "sex"):
        if given := getattr(other.patient, part):
            yield ("patient", part), (given, (*place, "patient", part))
    for part in ("discharge_status", "minutes"):
        if given := getattr(other, part):
            yield (part,), (str(given), (*place, part))


class Maker:
    """Makes the data of one encounter, and remembers what moved, so that a place can be found in the file again."""

    def __init__(self, case: Case, choice: Choice) -> None:
        self.new = replacing(case, choice)
        self.used: set[str] = set()
        self.kept: dict[Place, list[int]] = {}
        self.renamed: dict[Place, str] = {}
        self.moved: dict[Place, Place] = {}
        self._axis = {value: axis for axis, values in case.variants.items() for value in values}
        self._chosen = frozenset(choice)
        self._gone = {bare(row.code) for row in case.key.diagnoses if not self._there(row.only)}
        self._words = _pattern(self.new.words, ())
        self._prose = _pattern(self.new.words, self.new.codes)

    def make(self, data: dict[str, Any]) -> dict[str, Any]:
        """The data of the encounter. Raises :class:`Clash` where two codes of one mapping become the same."""
        out = self._mapping({k: v for k, v in data.items() if k not in NOT_ITS}, (), "")
        for place, (value, at) in self.new.scalars.items():
            (out["patient"] if len(place) > 1 else out)[place[-1]] = value
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
        if field in _CHART and self._words:
            return self._words.sub(self._word, old)
        return self._prose.sub(self._word, old) if field in _PROSE and self._prose else old

    def _mapping(self, old: dict[str, Any], place: Place, field: str) -> dict[str, Any]:
        out: dict[str, Any] = {}
        for key, value in old.items():
            if key == "only":
                continue
            new = self.new.codes.get(key, key) if field in _CODED else key
            here = (*place, new)
            if new != key:
                self.used.add(key)
                self.renamed[here], self.moved[here] = key, self.new.at[key]
            if new in out:
                at = self.new.at.get(key) or self.new.at[self.renamed[here]]
                raise Clash(at, f"codes: two codes of one {field} become {new}")
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
        if old not in self.new.codes:
            return old
        self.used.add(old)
        self.moved[place] = self.new.at[old]
        return self.new.codes[old]

    def _word(self, found: re.Match[str]) -> str:
        old = found[0]
        self.used.add(old)
        return self.new.words[old] if old in self.new.words else self.new.codes[old]


def _pattern(words: Any, codes: Any) -> re.Pattern[str] | None:
    """Whole words, the longest first; a code is no part of a longer one."""
    either = [(len(w), rf"(?<!\w){re.escape(w)}(?!\w)") for w in words]
    either += [(len(c), rf"(?<![\w.]){re.escape(c)}(?!\.?\w)") for c in codes]
    return re.compile("|".join(text for _, text in sorted(either, reverse=True))) if either else None


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
