"""The yearly upkeep: what another day's code sets change in the cases.

A new fiscal year retires codes, divides them, rewrites notes and regroups stays. Asked for a day, this compares each
encounter as it is with the same encounter on that day, and says what an author has to look at, where, and where there
is one answer, proposes the edit.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from sandbox.cases.reader import Source
from sandbox.codes.codeset import CodeSet
from sandbox.codes.model import day
from sandbox.payment import Payer
from sandbox.upkeep.change import Change
from sandbox.upkeep.claims import claim_changes
from sandbox.upkeep.codes import code_changes

KINDS: Final = {
    "retired": "Codes that end",
    "divided": "Codes that are divided into more specific ones",
    "new": "New codes beside a code of the key",
    "title": "Titles that change",
    "note": "Notes that change",
    "finding": "What the rules would say",
    "drg": "Payment",
}
"""Every kind of change and its heading, the gravest first."""


class UnknownDay(ValueError):
    """No loaded code set knows the day."""


@dataclass(frozen=True, slots=True)
class Upkeep:
    """What changes in one case file; ``text`` is the file as it was read."""

    id: str
    path: str
    title: str
    status: str
    text: str
    changes: tuple[Change, ...]

    def as_json(self) -> dict[str, Any]:
        """The case as plain values; the text is left out."""
        return {
            "case": self.id,
            "path": self.path,
            "title": self.title,
            "status": self.status,
            "changes": [change.as_json() for change in self.changes],
        }


def upkeep(sources: Iterable[tuple[str, Source]], codes: CodeSet, payer: Payer, to: date) -> list[Upkeep]:
    """The cases in which something changes on the day, in the order given; each is (id, its file as it was read).

    Raises :class:`UnknownDay` where no code set is loaded for the day. A case that has no good version is passed over:
    the linter tells of it.
    """
    if not codes.at(day(to)).knows(day(to)):
        last = codes.dated_until
        until = f"{last // 10000}-{last // 100 % 100:02}-{last % 100:02}"
        raise UnknownDay(f"no loaded code set knows {to}; the last day that is known is {until}")
    out = []
    for id, source in sources:
        if source.case is None:
            continue
        changes = tuple(_changes(source, codes, payer, to))
        if changes:
            out.append(Upkeep(id, source.path, source.case.title, source.case.status, source.text, changes))
    return out


def _changes(source: Source, codes: CodeSet, payer: Payer, to: date) -> Iterator[Change]:
    """The changes of a file: what is the same in several encounters is told once, and names them."""
    found: dict[Change, list[str]] = {}
    for one in (source, *source.others):
        edits: dict[str, str] = {}
        for change in code_changes(one, codes, to):
            found.setdefault(change, []).append(one.variant)
            if change.edit and change.part == "code":
                edits[change.edit[0]] = change.edit[1]
        for change in claim_changes(one, codes, payer, to, edits):
            found.setdefault(change, []).append(one.variant)
    every = len(source.others) + 1
    told = [replace(change, encounters=() if len(ids) == every else tuple(ids)) for change, ids in found.items()]
    order = list(KINDS)
    yield from sorted(told, key=lambda change: (order.index(change.kind), change.line, change.column))
