"""Spaced practice: the rule that rates a review, and what the scheduler makes of a history."""

import datetime as dt

import pytest
from fsrs import Rating

from sandbox.practice import Review, rating, schedule


def at(day: int, hour: int = 12) -> dt.datetime:
    return dt.datetime(2026, 5, day, hour, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("score", "helped", "key", "expected"),
    [
        (1.0, False, False, Rating.Easy),
        (0.9, False, False, Rating.Good),
        (1.0, True, False, Rating.Hard),
        (0.6, False, False, Rating.Hard),
        (0.4, False, False, Rating.Again),
        (1.0, False, True, Rating.Again),
    ],
)
def test_a_review_is_rated_by_score_and_help(score: float, helped: bool, key: bool, expected: Rating) -> None:
    assert rating(Review("case:a", at(1), score, helped, key)) is expected


def test_who_knows_it_better_sees_it_later() -> None:
    scores = {"case:bad": 0.1, "case:fair": 0.6, "case:good": 0.9, "case:best": 1.0}
    due = schedule(Review(item, at(1), score) for item, score in scores.items())
    assert [one.item for one in due] == list(scores)
    assert all(one.due >= at(2, 0) for one in due)


def test_the_interval_grows_with_each_recall_and_shrinks_with_a_lapse() -> None:
    recalls = [Review("case:a", at(day), 0.9) for day in (1, 3, 12)]
    (grown,) = schedule(recalls)
    (lapsed,) = schedule([*recalls, Review("case:a", at(28), 0.2)])
    assert grown.due - grown.last > dt.timedelta(days=15)
    assert lapsed.due - lapsed.last < grown.due - grown.last


def test_only_the_first_review_of_a_day_counts_and_the_order_of_rows_does_not() -> None:
    first, again = Review("case:a", at(1, 9), 0.2), Review("case:a", at(1, 10), 1.0)
    assert schedule([again, first]) == schedule([first])


def test_the_same_history_gives_the_same_days() -> None:
    history = [Review("drill:order", at(day), 0.8) for day in (1, 2, 5)]
    assert schedule(history) == schedule(history)
