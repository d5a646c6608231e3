"""The live board: its numbers are those of the latest attempts, and only the staff of the class sees them."""

import dataclasses
import datetime as dt
import html
import random
import re

import pytest
from flask import Flask
from markupsafe import Markup
from resultkit import CASES, Room, browser, room
from webkit import Learner

from sandbox.classroom.board import Bar, Choice, Keyed, Sent, Task, people, rivals
from sandbox.classroom.tally import Tally
from sandbox.store import attempts, board, classes, helps, persons
from sandbox.store import people as store_people
from sandbox.web import board as board_pages
from sandbox.web.fragments import fill
from sandbox.web.house import House

HIP, ARM = CASES
NOW = dt.datetime(2026, 5, 4, 10, 0, tzinfo=dt.UTC)


def sent(id: int, learner: str, code: str, error: str, key: str = "M80.051A", score: float = 0.0) -> Sent:
    choice = Choice(code, key, "icd-10-cm", error, error == "exact")
    return Sent(id, learner, HIP, score, f"2026-05-04T09:{id:02}:00.000Z", (choice,))


def test_the_latest_attempt_of_each_learner_counts() -> None:
    tally = Tally()
    tally.take([sent(1, "ann", "I10", "unsupported", ""), sent(2, "bob", "M80.052A", "wrong_side")])
    tally.take([sent(3, "ann", "M80.051A", "exact", score=1.0)])
    found = tally.answers({"ann", "bob"})[HIP]
    assert [(bar.code, bar.many, bar.parts) for bar in found.bars] == [
        ("M80.051A", 1, (("exact", 1),)),
        ("M80.052A", 1, (("wrong_side", 1),)),
    ]
    assert [(one.code, one.key, one.many, one.attempts) for one in found.mistakes] == [
        ("M80.052A", "M80.051A", 1, (2,))
    ]
    assert found.keyed == (Keyed("M80.051A", "icd-10-cm", 1, 1),) and found.mean == 0.5
    assert tally.agrees(3, 1.0) and not tally.agrees(2, 1.0) and not tally.agrees(3, 0.5)


def test_what_staff_tried_out_does_not_count() -> None:
    tally = Tally()
    tally.take([sent(1, "tina", "I10", "unsupported", "")])
    assert tally.answers({"ann"}) == {}


def test_a_code_entered_twice_is_one_choice() -> None:
    twice = Choice("I10", "", "icd-10-cm", "unsupported", False)
    tally = Tally()
    tally.take([Sent(1, "ann", HIP, 0, "2026-05-04T09:00:00.000Z", (twice, twice))])
    assert tally.answers({"ann"})[HIP].bars[0].many == 1


def test_an_optional_line_that_nobody_entered_is_right_in_nobody() -> None:
    def line(code: str) -> Choice:
        return Choice(code, "Z79.82", "icd-10-cm", "optional", True, 1, optional=True)

    tally = Tally()
    tally.take([Sent(n, f"l{n}", HIP, 1, "2026-05-04T09:00:00.000Z", (line(""),)) for n in (1, 2)])
    assert tally.answers({"l1", "l2"})[HIP].keyed == (Keyed("Z79.82", "icd-10-cm", 0, 0, True),)
    tally.take([Sent(3, "l1", HIP, 1, "2026-05-04T09:00:00.000Z", (line("Z79.82"),))])
    assert tally.answers({"l1", "l2"})[HIP].keyed == (Keyed("Z79.82", "icd-10-cm", 0, 1, True),)


def test_counting_one_by_one_comes_to_what_counting_all_at_once_does() -> None:
    chance = random.Random(3)
    errors = ("exact", "wrong_side", "unsupported", "less_specific")

    def some(id: int) -> Sent:
        choices = []
        for place in range(chance.randint(0, 4)):
            error = chance.choice(errors)
            code, key = (chance.choice(("I10", "E11.9", "N18.30", "")) for _ in range(2))
            choices.append(Choice(code, key, "icd-10-cm", error, error == "exact", place))
        who, case = chance.choice("abcdef"), chance.choice((HIP, ARM))
        choices = [dataclasses.replace(one, optional=chance.random() > 0.8) for one in choices]
        return Sent(id, who, case, chance.random(), "2026-05-04T09:00:00.000Z", tuple(choices), chance.random() > 0.1)

    every = [some(id) for id in range(1, 200)]
    one_by_one, class_of = Tally(), {"a", "b", "c", "d"}
    for n, one in enumerate(every, 1):
        one_by_one.take([one])
        at_once = Tally()
        at_once.take(every[:n])
        assert one_by_one.answers(class_of) == at_once.answers(class_of)
    assert one_by_one.answers({"e"}) == at_once.answers({"e"}), "another class, and counted anew"


def test_rivals_come_from_what_was_entered_and_in_the_order_of_the_alphabet() -> None:
    bars = [Bar(code, "icd-10-cm", many, ()) for code, many in (("M80.052A", 9), ("M80.051A", 2), ("I10", 5))]
    assert rivals(bars) == (("M80.051A", "M80.052A"),)


def test_who_is_where_and_who_is_stuck() -> None:
    tasks = [
        Task("ann", 1, HIP, "", 0),
        Task("ann", 2, ARM, "2026-05-04T09:58:00.000Z", 0),
        Task("bob", 1, HIP, "2026-05-04T09:50:00.000Z", 3),
        Task("bob", 2, ARM, "", 0),
        Task("cat", 1, HIP, "", 0),
    ]
    joined = dict.fromkeys(("ann", "bob", "cat"), "2026-05-04T09:40:00.000Z")
    latest = {("ann", HIP): sent(9, "ann", "I10", "unsupported", "")}
    found = people(tasks, joined, latest, (NOW, "2026-05-04T09:30:00.000Z"), 5)
    assert (found["ann"].place, found["ann"].done, found["ann"].stuck) == (2, 1, ())
    assert (found["bob"].place, found["bob"].stuck) == (1, ("nothing for 10 min", "3 hints in case 1"))
    assert (found["cat"].place, found["cat"].stuck) == (0, ("nothing for 20 min",))
    assert all(not one.stuck for one in people(tasks, joined, latest, None, 5).values()), "not while it does not run"
    later = people(tasks, joined, latest, (NOW, "2026-05-04T09:58:00.000Z"), 5)
    assert later["cat"].stuck == (), "a pause is nobody's fault"


@pytest.fixture
def lab(house: House) -> Room:
    made = room(house, "tina", "Class")
    made.sit("ann", "Ann", "7", "ann@school.example")
    made.sit("bob", "<b>Bob</b>")
    made.sit("cat", "Cat")
    made.hand_in("ann", HIP)
    made.hand_in("bob", HIP, "I10")
    return made


def where(lab: Room) -> str:
    return f"/classes/{lab.class_id}/labs/{lab.lab}/board"


def poll(who: Learner, lab: Room, seen: str = "") -> tuple[int, str]:
    answer = who.post(where(lab), seen=seen, csrf_token=token(who, lab))
    return answer.status_code, answer.text


def token(who: Learner, lab: Room) -> str:
    found = re.search(r'name="csrf-token" content="([^"]+)"', who.get(where(lab)).text)
    return found[1] if found else ""


def mark(text: str) -> str:
    found = re.search(r'"seen":"(\w+)"', html.unescape(text))
    assert found
    return found[1]


def test_the_board_shows_what_is_new_and_says_nothing_otherwise(app: Flask, lab: Room) -> None:
    tina = browser(app, "tina")
    page = tina.get(where(lab)).text
    assert "I10" in page and "&lt;b&gt;Bob" in page and "2 learners have answered" in page
    assert poll(tina, lab, mark(page)) == (204, "")
    attempt = lab.hand_in("cat", HIP, "J45.909")
    status, text = poll(tina, lab, mark(page))
    assert status == 200 and "J45.909" in text and "3 learners have answered" in text
    assert f'href="/attempts/{attempt}"' in text and tina.get(f"/attempts/{attempt}").status_code == 200
    assert poll(tina, lab, mark(text)) == (204, "")


def test_only_the_row_and_the_case_in_which_something_is_new_are_drawn(
    app: Flask, lab: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []

    def drawing(template: str, **values: object) -> Markup:
        drawn.append(f"{template.rpartition('/')[2]} {values.get('name', '')}".strip())
        return fill(template, **values)

    monkeypatch.setattr(board_pages, "fill", drawing)
    tina = browser(app, "tina")
    first = tina.get(where(lab)).text
    assert sorted(drawn) == ["_answered.html", "_person.html <b>Bob</b>", "_person.html Ann", "_person.html Cat"]
    drawn.clear()
    lab.hand_in("cat", HIP, "J45.909")
    _, now = poll(tina, lab, mark(first))
    assert drawn == ["_answered.html", "_person.html Cat"]
    assert "3 learners have answered" in now and "2 learners have answered" in first
    drawn.clear()
    assert poll(tina, lab, mark(now)) == (204, "") and drawn == []


def test_drafts_and_hints_show(app: Flask, lab: Room) -> None:
    store = lab.house.store
    file = lab.house.cases.get(ARM)
    assert file
    attempts.save_draft(store, "cat", ARM, file.hash, {"diagnoses": [], "procedures": []}, lab=lab.lab)
    for n in (1, 2, 3):
        helps.ask_hint(store, "cat", ARM, n, lab=lab.lab)
    page = browser(app, "tina").get(where(lab)).text
    assert "typing" in page and "3 hints in case 2" in page and "at case 2" in page


def test_who_was_forgotten_is_gone_from_the_board(app: Flask, lab: Room) -> None:
    tina = browser(app, "tina")
    assert "I10" in tina.get(where(lab)).text
    persons.forget(lab.house.store, "bob")
    page = tina.get(where(lab)).text
    assert "Bob" not in page and "1 learner has answered" in page


def test_a_judgement_that_changed_changes_the_board(app: Flask, lab: Room) -> None:
    tina = browser(app, "tina")
    tina.get(where(lab))
    lab.house.boards.recheck = 0
    with lab.house.store.write() as db:
        db.execute("UPDATE attempts SET score = 0 WHERE learner = 'ann'")
    assert "Ann, case 1: 0 %" in tina.get(where(lab)).text


def test_only_the_staff_of_the_class_sees_the_board(app: Flask, lab: Room, house: House) -> None:
    store_people.add_learner(house.store, "owen", "Owen", "owner")
    store_people.add_learner(house.store, "amy", "Amy")
    with house.store.write() as db:
        db.execute(
            "INSERT INTO members (class, learner, role, name, added) VALUES (?, 'amy', 'assistant', 'Amy', '')",
            (lab.class_id,),
        )
    other = room(house, "otto", "Other")
    for who, allowed in (("tina", 200), ("owen", 200), ("amy", 200), ("ann", 404), ("otto", 404), ("nobody", 404)):
        them = browser(app, who)
        assert them.get(where(lab)).status_code == allowed, who
        for path in ("", "/address", "/show"):
            status = them.post(where(lab) + path, csrf_token=csrf(them)).status_code
            assert (status == 404) == (allowed == 404), (who, path, status)
    assert Learner(app).get(where(lab)).status_code == 404, "a stranger"
    tina = browser(app, "tina")
    assert tina.get(f"/classes/{lab.class_id}/labs/{other.lab}/board").status_code == 404, "a lab of another class"
    assert classes.get(house.store, lab.class_id)


def csrf(who: Learner) -> str:
    found = re.search(r'name="csrf-token" content="([^"]+)"', who.get("/about").text)
    assert found
    return found[1]


def test_a_poll_of_a_large_class_draws_only_what_is_new(house: House) -> None:
    lab = room(house, "tina", "Large")
    row = house.store.row("SELECT * FROM attempts WHERE id = ?", lab.hand_in("seed", HIP, "I10"))
    assert row
    with house.store.write() as db:
        for n in range(1500):
            fresh = {"id": 1000 + n, "learner": f"l{n % 300}", "case_id": f"{HIP}~{n // 300}", "token": str(n)}
            values = tuple({**dict(row), **fresh}.values())
            db.execute(f"INSERT INTO attempts VALUES ({', '.join('?' * len(values))})", values)
    learners = {f"l{n}": "" for n in range(300)}
    first = house.boards.look(lab.lab, learners)[1]
    latest, found = house.boards.look(lab.lab, learners)
    assert len(latest) == 1501 and found[f"{HIP}~4"].people == 300
    assert all(found[id] is first[id] for id in found), "nothing is new, and nothing is counted again"
    assert board.mark(house.store, lab.lab).count == 1501


def test_the_staff_see_whose_attempt_it_is_and_get_back_and_the_learner_does_not(app: Flask, house: House) -> None:
    lab = room(house, "tina")
    lab.sit("ann", "Ann of the List")
    id = lab.hand_in("ann", HIP, "I10")
    practised = dataclasses.replace(lab, lab=0).hand_in("ann", HIP, "I11.9")
    staff = browser(app, "tina").get(f"/attempts/{id}").text
    assert "By <strong>Ann of the List</strong>" in staff and "What was entered" in staff
    board_at = f"/classes/{lab.class_id}/labs/{lab.lab}/board"
    assert f'href="{board_at}"' in staff and f'href="{lab.results}"' in staff
    page = browser(app, "tina").get(f"/attempts/{practised}").text
    assert "By <strong>Ann of the List</strong>" in page and "/board" not in page
    own = browser(app, "ann").get(f"/attempts/{id}").text
    assert "What you entered" in own
    assert not any(words in own for words in ("of the List", board_at, lab.results, "By <strong>"))


def test_an_instructor_of_another_class_of_the_learner_gets_no_way_to_a_board_that_is_not_theirs(
    app: Flask, house: House
) -> None:
    lab, other = room(house, "tina"), room(house, "otto", "Other")
    lab.sit("ann", "Ann")
    other.sit("ann", "Ann")
    assert browser(app, "otto").get(f"/attempts/{lab.hand_in('ann', HIP)}").status_code == 404
    assert browser(app, "tina").get(f"/attempts/{lab.hand_in('ann', HIP, 'I10')}").status_code == 200
