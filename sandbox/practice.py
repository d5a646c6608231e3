"""Spaced practice: when a case or a kind of drill should come again, by the FSRS scheduler.

Nothing is kept but the attempts and answers themselves: the cards are replayed from them, always the same (no fuzz,
UTC). One review of an item a day counts, the first.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from fsrs import Card, Rating, Scheduler

_SCHEDULER: Final = Scheduler(enable_fuzzing=False, learning_steps=(), relearning_steps=(), maximum_interval=365)
"""Steps of days at least: nobody codes a case again after ten minutes."""

GOOD, HARD = 0.8, 0.5


@dataclass(frozen=True, slots=True)
class Review:
    """One day's work on an item: how much of it was right (0 to 1), and whether help was taken."""

    item: str
    at: dt.datetime
    score: float
    helped: bool = False
    key_shown: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    """When an item should come again; ``stability`` in days: after so many it is still known with 90 %."""

    item: str
    due: dt.datetime
    last: dt.datetime
    stability: float


def rating(review: Review) -> Rating:
    """The rule: after the key was shown, or less than half right, *Again*; below 80 % or with hints, *Hard*; all right
    without help, *Easy*; else *Good*."""
    if review.key_shown or review.score < HARD:
        return Rating.Again
    if review.helped or review.score < GOOD:
        return Rating.Hard
    return Rating.Easy if review.score >= 1 else Rating.Good


def schedule(reviews: Iterable[Review]) -> list[Due]:
    """Every item that was met, the one that is due first at the top."""
    cards: dict[str, Card] = {}
    days: set[tuple[str, dt.date]] = set()
    for review in sorted(reviews, key=lambda review: review.at):
        day = (review.item, review.at.date())
        if day in days:
            continue
        days.add(day)
        card = cards.get(review.item) or Card(card_id=1)
        cards[review.item], _ = _SCHEDULER.review_card(card, rating(review), review.at)
    found = [Due(item, c.due, c.last_review, c.stability) for item, c in cards.items() if c.last_review and c.stability]
    return sorted(found, key=lambda due: (due.due, due.item))
