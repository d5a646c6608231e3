"""A lab: some encounters that a class codes at the same time, and what its clock says to each who takes part."""

import dataclasses
import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

Feedback = Literal["at_once", "handed_in", "after"]
State = Literal["planned", "running", "paused", "over"]

FEEDBACK: Final[Mapping[str, str]] = {
    "at_once": "at once, as in practice",
    "handed_in": "when a case is handed in",
    "after": "when the lab is over",
}
MOST_CASES: Final = 30
MOST_ATTEMPTS: Final = 20
MOST_MINUTES: Final = 600
GRACE: Final = dt.timedelta(seconds=10)
"""How much later than the end an answer may arrive: the network's part of it."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What the instructor has chosen for a lab.

    ``attempts``: checks of a case, 0 for as many as one likes (feedback at once only: otherwise a case is handed in
    once). ``minutes``: for each learner from joining on, 0 for no limit. ``variants``: each learner gets another
    patient of a case, where it has several. ``reserve``: while the lab is open, nobody outside it can open its cases.
    """

    feedback: Feedback = "at_once"
    hints: bool = True
    key: bool = False
    evidence: bool = False
    attempts: int = 0
    minutes: int = 0
    variants: bool = True
    reserve: bool = True

    @property
    def checks(self) -> int:
        """How often a case may be checked; 0 for as often as one likes."""
        return self.attempts if self.feedback == "at_once" else 1

    def to_json(self) -> str:
        """As it is kept."""
        return json.dumps(dataclasses.asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "Plan":
        """As it was kept; what was added to plans since has its default."""
        known = {field.name for field in dataclasses.fields(cls)}
        said: dict[str, Any] = json.loads(text)
        return cls(**{name: value for name, value in said.items() if name in known})


@dataclass(frozen=True, slots=True)
class Seat:
    """A learner's place in a lab. ``extra``: time given to this learner alone."""

    lab: int
    learner: str
    joined: dt.datetime
    extra: dt.timedelta = dt.timedelta(0)


@dataclass(frozen=True, slots=True)
class Lab:
    """A lab as it stands. ``starts`` and ``ends`` are by the clock, ``started`` and ``ended`` by the button; None: not.

    ``pauses``: (from, until) for all; until is None in one that lasts. ``cases``: ids of families, in their order.
    ``most_extra``: the most time that was given to one learner. ``settled``: its end has been seen to.
    """

    id: int
    class_id: int
    name: str
    code: str
    plan: Plan
    cases: tuple[str, ...]
    starts: dt.datetime | None = None
    ends: dt.datetime | None = None
    started: dt.datetime | None = None
    ended: dt.datetime | None = None
    pauses: tuple[tuple[dt.datetime, dt.datetime | None], ...] = ()
    most_extra: dt.timedelta = dt.timedelta(0)
    settled: bool = False

    @property
    def choices(self) -> dict[str, object]:
        """All that was chosen for it, under names for people."""
        plan = dataclasses.asdict(self.plan) | {"feedback": FEEDBACK[self.plan.feedback]}
        clock = {name: moment and moment.isoformat() for name, moment in (("from", self.starts), ("to", self.ends))}
        return {"name": self.name, "cases": list(self.cases), **clock, **plan}

    def state(self, now: dt.datetime) -> State:
        """How the lab stands for the class."""
        if self.over(now):
            return "over"
        begun = self.started is not None or (self.starts is not None and self.starts <= now)
        if not begun:
            return "planned"
        return "paused" if self.paused else "running"

    @property
    def paused(self) -> bool:
        """Whether everybody waits."""
        return any(until is None for _, until in self.pauses)

    def over(self, now: dt.datetime) -> bool:
        """Whether it has ended for all, those with extra time among them."""
        return self.ended is not None or (self.ends is not None and now >= self.ends + self.most_extra)

    def closed(self, now: dt.datetime) -> bool:
        """Whether it is so long over that nothing is on its way to it any more."""
        ends = [moment for moment in (self.ended, self.ends and self.ends + self.most_extra) if moment is not None]
        return bool(ends) and now >= min(ends) + GRACE

    def deadline(self, seat: Seat, now: dt.datetime) -> dt.datetime | None:
        """When it ends for one learner; None where nothing ends it but the button.

        The end by the clock, plus the learner's extra time; or the learner's minutes from joining (or from the start,
        if that was later), plus extra time, plus every pause since. Whichever comes first.
        """
        limits = [] if self.ends is None else [self.ends + seat.extra]
        if self.plan.minutes:
            since = max(seat.joined, self.begun or seat.joined)
            limits.append(since + dt.timedelta(minutes=self.plan.minutes) + seat.extra + self._rested(since, now))
        return min(limits, default=None)

    @property
    def begun(self) -> dt.datetime | None:
        """When it began, by the button or the clock, whichever was first; for a planned one, when it will."""
        moments = [moment for moment in (self.started, self.starts) if moment is not None]
        return min(moments, default=None)

    def over_for(self, seat: Seat, now: dt.datetime) -> bool:
        """Whether it has ended for this learner."""
        limit = self.deadline(seat, now)
        return self.ended is not None or (limit is not None and now >= limit)

    def takes(self, seat: Seat, now: dt.datetime) -> bool:
        """Whether an answer of this learner counts: the lab runs, or has ended a moment ago by clock or button."""
        return not self.paused and self.keeps(seat, now)

    def keeps(self, seat: Seat, now: dt.datetime) -> bool:
        """Whether what this learner types is still kept: in a pause as well, for it was typed before."""
        ends = [limit for limit in (self.deadline(seat, now), self.ended) if limit is not None]
        begun = self.begun
        return begun is not None and begun <= now and all(now < end + GRACE for end in ends)

    def _rested(self, since: dt.datetime, now: dt.datetime) -> dt.timedelta:
        spans = [(max(start, since), until or now) for start, until in self.pauses]
        return sum((until - start for start, until in spans if until > start), dt.timedelta(0))
