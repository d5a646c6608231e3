"""What a class answered in a lab, counted attempt by attempt: a new one is put in the place of the one before it."""

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterable
from typing import Final, TypeVar

from sandbox.classroom.board import Answers, Bar, Choice, Keyed, Mistake, Sent

MOST_BARS: Final = 24
MOST_PAIRS: Final = 8
MOST_EXAMPLES: Final = 4
_DIAGNOSES: Final = "icd-10-cm"

T = TypeVar("T", bound=Hashable)


class Tally:
    """The latest attempt of each learner in each encounter of a lab. Attempts come in the order of their ids."""

    def __init__(self) -> None:
        self.last = 0
        self.count = 0
        self.total = 0.0
        self._latest: dict[tuple[str, str], Sent] = {}
        self._learners: frozenset[str] = frozenset()
        self._counts: dict[str, _Count] = {}
        self._uncounted: dict[tuple[str, str], Sent] = {}

    def take(self, sent: Iterable[Sent]) -> None:
        """Take attempts that are newer than all before."""
        for one in sent:
            self.last, self.count, self.total = one.id, self.count + 1, self.total + one.score
            if one.judged:
                self._latest[one.learner, one.case_id] = self._uncounted[one.learner, one.case_id] = one

    def agrees(self, count: int, total: float | None = None) -> bool:
        """Whether it still has what the database has: that many attempts, with that sum of scores (None: not asked)."""
        return self.count == count and (total is None or abs(self.total - total) < 1e-6)

    def latest(self) -> dict[tuple[str, str], Sent]:
        """(learner, encounter) → latest attempt."""
        return dict(self._latest)

    def answers(self, learners: Collection[str]) -> dict[str, Answers]:
        """Encounter → what these learners answered."""
        if self._learners != (wanted := frozenset(learners)):
            self._learners, self._counts, self._uncounted = wanted, {}, self.latest()
        for (learner, case_id), sent in self._uncounted.items():
            if learner in wanted:
                self._counts.setdefault(case_id, _Count(case_id)).take(sent)
        self._uncounted = {}
        return {case_id: count.answers() for case_id, count in self._counts.items()}


class _Count:
    """What was answered to one encounter."""

    def __init__(self, case_id: str) -> None:
        self._case_id = case_id
        self._latest: dict[str, Sent] = {}
        self._kinds: Counter[tuple[str, str, str]] = Counter()
        """(code, system, error) → learners."""
        self._slips: dict[tuple[str, str, str, str], set[int]] = {}
        """(code, key, system, error) → attempts."""
        self._keyed: Counter[tuple[bool, int, str, str]] = Counter()
        """Line of the key (procedure?, place, code, system) → learners who were asked for it."""
        self._missed: Counter[tuple[bool, int, str, str]] = Counter()
        self._entered: Counter[tuple[bool, int, str, str]] = Counter()
        self._optional: Counter[tuple[bool, int, str, str]] = Counter()
        self._drawn: Answers | None = None

    def take(self, sent: Sent) -> None:
        """Count a learner's attempt in place of the one before it."""
        self._drawn = None
        if before := self._latest.get(sent.learner):
            self._shift(before, -1)
        self._latest[sent.learner] = sent
        self._shift(sent, 1)

    def _shift(self, sent: Sent, by: int) -> None:
        # A code that somebody entered twice is one choice of one learner: the first line that has it counts.
        for (code, system), choice in {
            (one.code, one.system): one for one in reversed(sent.choices) if one.code
        }.items():
            _shift(self._kinds, (code, system, choice.error), by)
            if not choice.right:
                self._slip((code, choice.key, system, choice.error), sent.id)
        for choice in sent.choices:
            if choice.key:
                line = _line(choice)
                _shift(self._keyed, line, by)
                _shift(self._missed, line, by * (not choice.right))
                _shift(self._entered, line, by * (choice.right and bool(choice.code)))
                _shift(self._optional, line, by * choice.optional)

    def _slip(self, slip: tuple[str, str, str, str], attempt: int) -> None:
        # It comes once and goes once.
        there = self._slips.setdefault(slip, set())
        there ^= {attempt}
        if not there:
            del self._slips[slip]

    def answers(self) -> Answers:
        """As it stands; the same object until another attempt is counted."""
        if self._drawn is None:
            people = len(self._latest)
            ranked = sorted(self._slips.items(), key=lambda row: (-len(row[1]), row[0]))[:MOST_PAIRS]
            self._drawn = Answers(
                case_id=self._case_id,
                people=people,
                mean=sum(sent.score for sent in self._latest.values()) / people,
                bars=self._bars(),
                mistakes=tuple(Mistake(*what, len(ids), tuple(sorted(ids)[:MOST_EXAMPLES])) for what, ids in ranked),
                keyed=tuple(map(self._line, sorted(self._keyed))),
            )
        return self._drawn

    def _line(self, line: tuple[bool, int, str, str]) -> Keyed:
        return Keyed(line[2], line[3], self._missed[line], self._entered[line], bool(self._optional[line]))

    def _bars(self) -> tuple[Bar, ...]:
        parts: defaultdict[tuple[str, str], list[tuple[str, int]]] = defaultdict(list)
        for (code, system, error), many in sorted(self._kinds.items(), key=lambda row: (-row[1], row[0])):
            parts[code, system].append((error, many))
        found = [Bar(*what, sum(many for _, many in kinds), tuple(kinds)) for what, kinds in parts.items()]
        return tuple(sorted(found, key=lambda bar: (-bar.many, bar.code, bar.system))[:MOST_BARS])


def _line(choice: Choice) -> tuple[bool, int, str, str]:
    """Where a line of the key stands: diagnoses first."""
    return choice.system != _DIAGNOSES, choice.place, choice.key, choice.system


def _shift(counter: Counter[T], what: T, by: int) -> None:
    counter[what] += by
    if not counter[what]:
        del counter[what]
