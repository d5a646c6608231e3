"""What the clock of a lab says to the class and to each learner."""

import dataclasses
import datetime as dt
from typing import Any

import pytest

from sandbox.classroom.lab import GRACE, Lab, Plan, Seat

NOON = dt.datetime(2026, 5, 4, 12, tzinfo=dt.UTC)


def at(minutes: float) -> dt.datetime:
    """So many minutes past noon."""
    return NOON + dt.timedelta(minutes=minutes)


def lab(minutes: int = 0, **more: Any) -> Lab:
    return Lab(1, 1, "Lab", "KXRTPB", Plan(minutes=minutes), ("a", "b"), **more)


def seat(joined: float = 0, extra: float = 0) -> Seat:
    return Seat(1, "a", at(joined), dt.timedelta(minutes=extra))


@pytest.mark.parametrize(
    ("more", "minute", "state"),
    [
        ({}, 0, "planned"),
        ({"starts": at(10)}, 9.99, "planned"),
        ({"starts": at(10)}, 10, "running"),
        ({"started": at(5), "starts": at(10)}, 6, "running"),
        ({"started": at(0), "pauses": ((at(5), None),)}, 6, "paused"),
        ({"started": at(0), "pauses": ((at(5), at(7)),)}, 8, "running"),
        ({"pauses": ((at(5), None),)}, 6, "planned"),
        ({"started": at(0), "ends": at(60)}, 59.99, "running"),
        ({"started": at(0), "ends": at(60)}, 60, "over"),
        ({"started": at(0), "ends": at(60), "most_extra": dt.timedelta(minutes=5)}, 64, "running"),
        ({"started": at(0), "ends": at(60), "most_extra": dt.timedelta(minutes=5)}, 65, "over"),
        ({"started": at(0), "ended": at(30), "most_extra": dt.timedelta(minutes=5)}, 31, "over"),
        ({"started": at(0), "ends": at(60), "pauses": ((at(5), None),)}, 61, "over"),
    ],
)
def test_how_it_stands(more: dict[str, Any], minute: float, state: str) -> None:
    assert lab(**more).state(at(minute)) == state


def test_nothing_ends_it_but_the_button() -> None:
    one = lab(started=NOON)
    assert one.deadline(seat(), at(10_000)) is None
    assert not one.over_for(seat(), at(10_000))
    assert dataclasses.replace(one, ended=at(3)).over_for(seat(), at(3))


def test_the_minutes_begin_with_joining_or_with_the_start() -> None:
    assert lab(30, started=NOON).deadline(seat(7), at(8)) == at(37)
    assert lab(30, started=at(10)).deadline(seat(7), at(11)) == at(40)
    assert lab(30, starts=at(10)).deadline(seat(7), at(11)) == at(40)


def test_a_pause_is_given_back_and_only_the_part_since_joining() -> None:
    one = lab(30, started=NOON, pauses=((at(5), at(9)), (at(20), None)))
    assert one.deadline(seat(0), at(22)) == at(36)
    assert one.deadline(seat(7), at(22)) == at(41)
    assert one.deadline(seat(10), at(22)) == at(42)
    assert one.deadline(seat(21), at(22)) == at(52)


def test_whichever_comes_first_ends_it_and_extra_time_moves_both() -> None:
    one = lab(30, started=NOON, ends=at(40), most_extra=dt.timedelta(minutes=5))
    assert one.deadline(seat(0), at(1)) == at(30)
    assert one.deadline(seat(20), at(21)) == at(40)
    assert one.deadline(seat(0, 5), at(1)) == at(35)
    assert one.deadline(seat(20, 5), at(21)) == at(45)
    # A pause does not move the end by the clock: that is another class's hour.
    late = dataclasses.replace(one, pauses=((at(1), at(21)),))
    assert late.deadline(seat(0), at(22)) == at(40)


def test_extra_time_of_one_is_nobody_elses() -> None:
    one = lab(started=NOON, ends=at(60), most_extra=dt.timedelta(minutes=10))
    assert one.over_for(seat(), at(60))
    assert not one.over_for(seat(extra=10), at(69))
    assert one.over_for(seat(extra=10), at(70))


@pytest.mark.parametrize(
    ("more", "moment", "takes"),
    [
        ({}, at(0), False),
        ({"starts": at(10)}, at(9), False),
        ({"starts": at(10)}, at(10), True),
        ({"started": NOON, "pauses": ((at(5), None),)}, at(6), False),
        ({"started": NOON, "ends": at(60)}, at(60) + GRACE / 2, True),
        ({"started": NOON, "ends": at(60)}, at(60) + GRACE, False),
        ({"started": NOON, "ended": at(30)}, at(30) + GRACE / 2, True),
        ({"started": NOON, "ended": at(30)}, at(30) + GRACE, False),
    ],
)
def test_when_an_answer_counts(more: dict[str, Any], moment: dt.datetime, takes: bool) -> None:
    assert lab(**more).takes(seat(), moment) is takes


def test_an_answer_on_its_way_when_ones_own_minutes_end_still_counts() -> None:
    one = lab(30, started=NOON)
    assert one.takes(seat(), at(30) + GRACE / 2)
    assert not one.takes(seat(), at(30) + GRACE)
    assert one.takes(seat(extra=5), at(34))


def test_a_button_pressed_long_after_ones_own_end_takes_nothing_more() -> None:
    """The end for all must not open a sheet again that had ended for this learner."""
    one = lab(30, started=NOON, ended=at(50))
    assert not one.takes(seat(), at(50) + GRACE / 2)
    assert not lab(ended=at(50)).takes(seat(), at(50))
    paused = lab(started=NOON, ended=at(50), pauses=((at(40), None),))
    assert not paused.takes(seat(), at(50) + GRACE / 2)


def test_a_plan_is_kept_and_read_even_by_another_version() -> None:
    plan = Plan(feedback="after", minutes=20, hints=False)
    assert Plan.from_json(plan.to_json()) == plan
    assert Plan.from_json('{"minutes": 5, "unknown": 1}') == Plan(minutes=5)
    assert Plan(attempts=3).checks == 3
    assert Plan(feedback="handed_in", attempts=3).checks == 1
