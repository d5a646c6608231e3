"""A goal for the day: kept, counted since midnight, and absent where none was chosen."""

import datetime as dt

import pytest
from webkit import Learner, field

from sandbox.store import goals
from sandbox.store.database import Store
from sandbox.web.house import House


def choose(learner: Learner, amount: str, what: str = "cases"):  # type: ignore[no-untyped-def]
    token = field(learner.get("/me").text, "csrf_token")
    return learner.post("/me/goal", htmx=False, amount=amount, what=what, csrf_token=token)


def test_without_a_goal_nothing_is_said(learner: Learner) -> None:
    assert "Today:" not in learner.get("/me").text and "Today:" not in learner.get("/").text
    assert Learner(learner.client.application).get("/").status_code == 200, "a stranger has none"


def test_a_goal_is_kept_counted_and_reached(learner: Learner) -> None:
    assert choose(learner, "2").location == "/me#goal"
    assert "Today: 0 of 2 cases" in learner.get("/").text
    for _ in range(2):
        learner.check(["I10/Y"])
    assert "Today: 1 of 2 cases" in learner.get("/me").text, "one case twice is one case"
    learner.check(["J45.909/"], case="sore-wrist-after-the-playground")
    page = learner.get("/").text
    assert "Today: 2 of 2 cases, your goal is reached" in page and 'max="2" value="2"' in page


def test_drills_may_be_the_goal_and_more_than_wanted_is_no_fault(learner: Learner) -> None:
    choose(learner, "1", "drills")
    for seed in (7, 8):
        page = learner.get(f"/drills/excludes/{seed}").text
        learner.post(f"/drills/excludes/{seed}", chosen="a", csrf_token=field(page, "csrf_token"))
    page = learner.get("/me").text
    assert "Today: 2 of 1 drill, your goal is reached" in page and 'max="1" value="1"' in page


def test_nought_takes_the_goal_away(learner: Learner) -> None:
    choose(learner, "3")
    choose(learner, "0")
    assert "Today:" not in learner.get("/").text


@pytest.mark.parametrize(
    ("amount", "what"),
    [
        ("-1", "cases"),
        ("201", "cases"),
        ("many", "cases"),
        ("3", "hours"),
        ("0000999", "cases"),
        ("0" * 5000, "cases"),
        ("٣", "cases"),
    ],
)
def test_what_is_no_goal_is_said_and_changes_nothing(learner: Learner, amount: str, what: str) -> None:
    choose(learner, "3")
    answer = choose(learner, amount, what)
    assert answer.status_code == 400 and "0 to 200" in answer.text
    assert "Today: 0 of 3 cases" in learner.get("/").text


def test_the_day_begins_at_midnight_of_the_given_clock(house: House, learner: Learner) -> None:
    learner.check(["I10/Y"])
    with learner.client.session_transaction() as session:
        me = session["learner"]
    goals.put(house.store, me, "cases", 1)
    with house.store.write() as db:
        db.execute("UPDATE attempts SET made = '2026-05-02T03:59:59.000Z'")
    west = dt.timezone(dt.timedelta(hours=-4))
    found = [goals.today(house.store, me, dt.datetime(2026, 5, day, tzinfo=west)) for day in (1, 2)]
    assert [goal.done for goal in found if goal] == [1, 0]


def test_a_store_refuses_what_is_no_goal(tmp_path) -> None:  # type: ignore[no-untyped-def]
    store = Store(tmp_path / "x.db")
    with pytest.raises(ValueError, match="no goal"):
        goals.put(store, "a", "streaks", 1)
    assert goals.today(store, "") is None
    store.close()
