"""The boards of the running labs, in memory: each look reads only the attempts that are new since the last one."""

import json
import threading
import time
from collections.abc import Collection, Hashable
from dataclasses import dataclass, field
from typing import Final

from markupsafe import Markup

from sandbox.classroom.board import Answers, Choice, Sent
from sandbox.classroom.tally import Tally
from sandbox.report import RIGHT
from sandbox.store import board, results
from sandbox.store.database import Store
from sandbox.web.memory import Memory

_MOST_PAIRS: Final = 20_000
"""Pairs of reports in memory, some 4 MB. A class meets the same ones again and again."""
RECHECK: Final = 15.0
"""Seconds after which scores are compared with the database again: whether somebody was graded anew."""
_MOST_LABS: Final = 8
"""Labs whose attempts are in memory; 300 learners with five cases take about 2 MB. Others are read again."""

_DRAWN: Final = 512 * 1024
"""Characters of boards: 300 rows of learners with five cases are 150,000, what was answered to a case some 10,000."""


@dataclass(eq=False)
class _Desk:
    tally: Tally = field(default_factory=Tally)
    checked: float = 0.0


class Boards:
    """What classes entered, by lab. Safe to share between threads."""

    def __init__(self, store: Store) -> None:
        self.recheck = RECHECK
        self.drawn: Memory[Hashable, Markup] = Memory(_DRAWN)
        self._store = store
        self._lock = threading.Lock()
        self._desks: dict[int, _Desk] = {}
        self._pairs: dict[str, Choice] = {}

    def look(self, lab: int, learners: Collection[str]) -> tuple[dict[tuple[str, str], Sent], dict[str, Answers]]:
        """(learner, encounter) → latest attempt; encounter → what these learners answered."""
        with self._lock:
            tally = self._desk(lab).tally
            return tally.latest(), tally.answers(learners)

    def _desk(self, lab: int) -> _Desk:
        desk = self._desks.pop(lab, None) or _Desk()
        while len(self._desks) >= _MOST_LABS:
            self._desks.pop(next(iter(self._desks)))
        self._desks[lab] = desk
        mark = board.mark(self._store, lab)
        self._read(lab, desk, mark.last)
        moment, total = time.monotonic(), None
        if moment - desk.checked >= self.recheck:
            desk.checked, total = moment, board.total(self._store, lab, mark.last)
        if not desk.tally.agrees(mark.count, total):
            # Somebody was forgotten, or graded anew: what was counted is not what is there.
            desk.tally = Tally()
            self._read(lab, desk, mark.last)
        return desk

    def _read(self, lab: int, desk: _Desk, until: int) -> None:
        if until <= desk.tally.last:
            return
        rows = board.newer(self._store, lab, desk.tally.last, until)
        self._learn({hash for row in rows for hash in row.pairs} - self._pairs.keys())
        desk.tally.take(
            Sent(
                row.id, row.learner, row.case_id, row.score, row.made,
                tuple(self._pairs[hash] for hash in row.pairs if hash in self._pairs),
                row.judged,
            )
            for row in rows
        )  # fmt: skip

    def _learn(self, unknown: set[str]) -> None:
        if len(self._pairs) + len(unknown) > _MOST_PAIRS:
            # What was forgotten is read again by whoever needs it next: attempts in memory have their own.
            self._pairs.clear()
        self._pairs.update((hash, _choice(pair)) for hash, pair in results.pairs(self._store, unknown).items())


def _choice(text: str) -> Choice:
    pair = json.loads(text)
    entered, key = pair["entered"] or {}, pair["key"] or {}
    return Choice(
        entered.get("code", ""),
        key.get("code", ""),
        entered.get("system") or key.get("system", ""),
        pair["error"],
        pair["error"] in RIGHT,
        key.get("place", 0),
        pair["optional"],
    )
