"""What a drill is: a question with options of which one is right, and what is told once it is answered."""

import hashlib
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from random import Random

from sandbox.codes.codeset import CodeSet
from sandbox.codes.notes import Target
from sandbox.codes.search_cost import common
from sandbox.encounter import CM
from sandbox.payment import Payer


@dataclass(frozen=True, slots=True)
class Option:
    """One of the answers to choose from. ``id`` is ``a``, ``b`` …; ``code`` (with dot) where it is a code."""

    id: str
    text: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """Words of the code set, and where they stand: ``K21``, *Excludes1*, ``reflux of newborn (P78.83)``."""

    at: str
    what: str
    words: str


@dataclass(frozen=True, slots=True)
class Drill:
    """One question. ``correct`` is the id of the only right option.

    ``context``: what the record says, where the question rests on that. ``why``: the reason in a sentence or two.
    ``told``: the code set's own words for it. ``codes``: those that the drill is about, with dots.
    """

    kind: str
    seed: int
    question: str
    context: str
    options: tuple[Option, ...]
    correct: str
    why: str
    told: tuple[Told, ...]
    codes: tuple[str, ...]

    @property
    def answer(self) -> Option:
        """The right option."""
        return next(option for option in self.options if option.id == self.correct)

    @property
    def wording(self) -> str:
        """What tells this question from another one of the same kind and seed, which another code set makes."""
        text = "\n".join((self.question, self.context, *(option.text for option in self.options), self.correct))
        return hashlib.sha256(text.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Draft:
    """A question before its options are shuffled: the right one, and the wrong ones; each (text, code)."""

    question: str
    right: tuple[str, str]
    wrong: tuple[tuple[str, str], ...]
    why: str
    told: tuple[Told, ...]
    codes: tuple[str, ...]
    context: str = ""
    shuffled: bool = True


@dataclass(frozen=True, eq=False)
class Book:
    """The code sets of one day, and who can group a stay."""

    codes: CodeSet
    on: int
    payer: Payer | None = None

    def ordinary(self, dice: Random, system: str = CM) -> str:
        """A valid code that is met in practice: one below a row of ``common.csv``, a commoner row more often."""
        rows, totals = _ordinary(self.codes, self.on, system)
        return dice.choice(dice.choices(rows, cum_weights=totals)[0])

    def pool(self, system: str = CM, least: int = 0) -> tuple[str, ...]:
        """All codes that :meth:`ordinary` may give, sorted; with ``least``, only those that are at least as common
        (1: common, 2: everyday)."""
        return _pool(self.codes, self.on, system, least)

    def covered(self, target: Target) -> list[str]:
        """The valid codes that a note names: the ordinary ones among them, or all where none is."""
        pool = self.pool()
        low, high = bisect_left(pool, target.low), bisect_right(pool, target.high + "~")
        near = [key for key in pool[low:high] if target.covers(key)]
        return near or [code.key for code in self.codes.below(target.low, self.on) if target.covers(code.key)]

    def title(self, key: str, system: str = CM) -> str:
        """The title of a code or heading."""
        return self.codes.title(key, system)

    def shown(self, key: str, system: str = CM) -> str:
        """The code as people write it."""
        found = self.codes.get(key, system)
        return found.shown if found else key

    def valid(self, key: str, system: str = CM) -> bool:
        """Whether the code may be assigned on the day."""
        return self.codes.valid(key, self.on, system)


@lru_cache(maxsize=16)
def _pool(codes: CodeSet, on: int, system: str, least: int) -> tuple[str, ...]:
    worth = common(system)
    enough = sorted(set(worth.values()))[least]
    keys = {code.key for key, found in worth.items() if found >= enough for code in codes.below(key, on, system)}
    return tuple(sorted(keys))


@lru_cache(maxsize=8)
def _ordinary(codes: CodeSet, on: int, system: str) -> tuple[tuple[tuple[str, ...], ...], tuple[float, ...]]:
    """The codes below each row of ``common.csv``, and the weights of the rows added up."""
    rows = ((tuple(code.key for code in codes.below(key, on, system)), w) for key, w in sorted(common(system).items()))
    full = [(keys, weight) for keys, weight in rows if keys]
    return tuple(keys for keys, _ in full), tuple(accumulate(weight for _, weight in full))
