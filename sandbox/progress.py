"""What a learner's attempts add up to: shares of right lines by specialty, chapter, setting and skill; errors."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from sandbox.cases.library import CaseFile
from sandbox.cases.sections import above, named, sections
from sandbox.codes.codeset import CodeSet
from sandbox.encounter import CM
from sandbox.report import PAIR_ERRORS, RIGHT
from sandbox.store.mine import Done, Line

FEWEST: Final = 5
"""Below so many lines a share says nothing."""


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many lines of the key were right at the first attempt."""

    id: str
    label: str
    right: int
    of: int

    @property
    def value(self) -> float | None:
        """Right ÷ all, None where there are too few to say anything."""
        return self.right / self.of if self.of >= FEWEST else None


@dataclass(frozen=True, slots=True)
class Progress:
    """The shares by what they are counted for, and the errors of all attempts by name, the commonest first."""

    shares: Mapping[str, tuple[Share, ...]]
    errors: tuple[tuple[str, int], ...]

    @property
    def weakest(self) -> Share | None:
        """The skill with the lowest share that says anything, and is not all right."""
        told = [share for share in self.shares["skill"] if share.value is not None and share.value < 1]
        return min(told, key=lambda share: (share.value or 0, share.id), default=None)


def progress(done: Iterable[Done], files: Mapping[str, CaseFile], codes: CodeSet) -> Progress:
    """The progress of a learner. Only first attempts count as skill; errors are counted over all of them."""
    counts: dict[str, dict[str, list[int]]] = {"specialty": {}, "setting": {}, "chapter": {}, "skill": {}}
    errors: Counter[str] = Counter()

    # The same few codes come again and again.
    @cache
    def chapter(key: str) -> str:
        found = codes.get(key)
        return str(found.chapter) if found else ""

    for attempt in done:
        for line in attempt.lines:
            if line.error not in RIGHT and not line.optional:
                errors[line.error] += 1
            if attempt.first and line.key and not line.optional:
                _count(counts, line, files.get(attempt.case_id), chapter)
    shares = {
        what: tuple(
            sorted((Share(id, _label(what, id, codes), *n) for id, n in rows.items()), key=lambda s: (-s.of, s.id))
        )
        for what, rows in counts.items()
    }
    return Progress(shares, tuple((PAIR_ERRORS[name], n) for name, n in errors.most_common()))


def _count(
    counts: dict[str, dict[str, list[int]]], line: Line, file: CaseFile | None, chapter: Callable[[str], str]
) -> None:
    places: list[tuple[str, str]] = [("skill", section) for section in {skill(cite) for cite in line.cites} - {""}]
    if file:
        places += [("specialty", file.case.specialty), ("setting", file.case.setting_label)]
    if line.system == CM and (found := chapter(line.key)):
        places.append(("chapter", found))
    for what, id in places:
        row = counts[what].setdefault(id, [0, 0])
        row[0] += line.error in RIGHT
        row[1] += 1


@lru_cache(maxsize=4096)
def skill(cite: str) -> str:
    """The section that a citation names, no finer than its second level: ``I.C.9.a.2`` → ``I.C.9``."""
    for id in named(cite):
        wide = [part for part in above(id) if part.count(".") <= (2 if part.startswith("I.") else 1)]
        return wide[0] if wide else ""
    return ""


def _label(what: str, id: str, codes: CodeSet) -> str:
    if what == "chapter":
        return f"{id} {codes.title(f'CH{id}')}"
    if what == "skill":
        return f"{id} {sections()[id].title}"
    return id
