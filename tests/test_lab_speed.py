"""How far a learner is, which every answer in a lab asks: right, and not found by way of everybody's attempts."""

from resultkit import CASES, Room, room

from sandbox.store import attempts, labs
from sandbox.store.attempts import NewAttempt
from sandbox.store.labs import Task
from sandbox.web.house import House

HIP, ARM = CASES


def unjudged(made: Room, learner: str, case: str) -> int:
    new = NewAttempt(
        learner, case, "hash", "broken", {"diagnoses": [], "procedures": []}, "", "1", None, None, lab=made.lab
    )
    return attempts.add(made.house.store, new).id


def test_tasks_count_what_was_judged_and_name_the_last_attempt_and_the_best_score(house: House) -> None:
    mine, theirs = room(house, "tina"), room(house, "tom", "Other")
    for learner in ("ann", "bob"):
        mine.sit(learner, learner.title())
    theirs.sit("ann", "Ann")
    mine.hand_in("ann", HIP)
    wrong = mine.hand_in("ann", HIP, "I10")
    score = attempts.get(house.store, wrong)
    mine.hand_in("bob", HIP)
    theirs.hand_in("ann", ARM, "I11.9")
    assert score and score.score is not None and score.score < 1
    assert labs.tasks(house.store, mine.lab, "ann") == [Task(1, HIP, 2, wrong, 1.0), Task(2, ARM, 0, None, None)]

    broken = unjudged(mine, "ann", ARM)
    last = unjudged(mine, "bob", HIP)
    assert labs.tasks(house.store, mine.lab, "ann")[1] == Task(2, ARM, 0, broken, None)
    assert labs.tasks(house.store, mine.lab, "bob")[0] == Task(1, HIP, 1, last, 1.0)
    assert labs.tasks(house.store, mine.lab, "nobody") == []


def test_tasks_take_no_longer_where_others_have_handed_in_more(house: House) -> None:
    made = room(house, "tina")
    made.sit("ann", "Ann")
    made.hand_in("ann", HIP)

    def steps() -> int:
        """Steps of SQLite's machine, in tens."""
        count = 0

        def tick() -> int:
            nonlocal count
            count += 1
            return 0

        connection = house.store.connection
        connection.set_progress_handler(tick, 10)
        labs.tasks(house.store, made.lab, "ann")
        connection.set_progress_handler(None, 10)
        return count

    before = steps()
    for n in range(200):
        unjudged(made, f"other{n}", HIP)
    assert 0 < steps() <= before + 2
