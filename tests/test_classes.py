"""Classes, their lists, and who is meant by a line of one."""

import pytest
from accountkit import Person, a_class, teacher
from flask import Flask

from sandbox.classroom.roster import Entry
from sandbox.store import classes, labs, people, rosters
from sandbox.store.classes import Class
from sandbox.web.house import House


@pytest.fixture
def boss(app: Flask) -> Person:
    return teacher(app)


@pytest.fixture
def room(house: House, boss: Person) -> Class:
    return a_class(house, boss.id, "roster")


def listed(house: House, room: Class) -> list[tuple[str, str, str]]:
    return sorted((m.name, m.number, m.email) for m in classes.members(house.store, room.id) if m.role == "learner")


def test_a_class_is_made_with_its_instructor_and_a_code_of_its_own(house: House, boss: Person) -> None:
    answer = boss.send("/classes", name="  Coding   I ", joining="guests")
    made = classes.of_staff(house.store, boss.id)[0]
    assert answer.headers["Location"] == f"/classes/{made.id}"
    assert (made.name, made.joining, made.owner) == ("Coding I", "guests", boss.id)
    assert classes.by_code(house.store, made.code) == made
    assert labs.by_code(house.store, made.code) is None
    assert classes.role(house.store, made.id, boss.id) == "instructor"


@pytest.mark.parametrize("fields", [{"name": " ", "joining": "name"}, {"name": "Coding", "joining": "all"}])
def test_a_class_without_a_name_or_a_way_in_is_none(house: House, boss: Person, fields: dict[str, str]) -> None:
    assert boss.send("/classes", **fields).status_code == 400
    assert classes.of_staff(house.store, boss.id) == []


def test_a_list_is_shown_first_and_taken_over_then(house: House, boss: Person, room: Class) -> None:
    path, text = f"/classes/{room.id}/roster", "name,id\nAda Ro,S1\nKim Lee,S2\n"
    shown = boss.send(path, text=text)
    assert "2 people: 2 new, 0 known already" in shown.text
    assert listed(house, room) == []
    assert boss.send(path, text=text, take="1").status_code == 303
    assert listed(house, room) == [("Ada Ro", "S1", ""), ("Kim Lee", "S2", "")]
    assert boss.send(path, text=text, take="1").status_code == 303
    assert len(listed(house, room)) == 2


def test_with_one_problem_nothing_is_taken_over(house: House, boss: Person, room: Class) -> None:
    answer = boss.send(f"/classes/{room.id}/roster", text="name,id\nAda,S1\n,S2\n", take="1")
    assert answer.status_code == 422
    assert "Line 3: There is no name." in answer.text
    assert listed(house, room) == []


def test_a_list_that_breaks_off_in_the_middle_leaves_nothing(house: House, room: Class) -> None:
    broken = [Entry(2, "Ada", "S1"), Entry(3, None, "S2")]  # type: ignore[arg-type]
    with pytest.raises(AttributeError):
        rosters.take_list(house.store, room.id, broken, slips=False)
    assert listed(house, room) == []


def test_one_time_codes_are_shown_once_and_kept_as_digests(house: House, boss: Person, room: Class) -> None:
    shown = boss.send(f"/classes/{room.id}/roster", text="name\nAda\n", take="1", slips="1").text
    slip = shown.split('<td class="code">')[1][:6]
    member = next(m for m in classes.members(house.store, room.id) if m.name == "Ada")
    assert rosters.slip_fits(house.store, member.id, slip)
    assert not rosters.slip_fits(house.store, member.id, "")
    assert slip not in boss.get(f"/classes/{room.id}").text
    assert slip not in "\n".join(house.store.connection.iterdump())
    fresh = rosters.new_slip(house.store, member.id)
    assert not rosters.slip_fits(house.store, member.id, slip)
    assert rosters.slip_fits(house.store, member.id, fresh)


ADA = Entry(2, "Ada Ro", "S1", "ada@x.org")


@pytest.mark.parametrize(
    ("again", "then"),
    [
        ([Entry(2, "Ada Rowe", "s1")], [("Ada Rowe", "s1", "ada@x.org")]),
        ([Entry(2, "Ada Rowe", "", "ADA@x.org")], [("Ada Rowe", "S1", "ADA@x.org")]),
        ([Entry(2, "ada ro")], [("ada ro", "S1", "ada@x.org")]),
        # Another id or address is another person, whatever the name.
        ([Entry(2, "Ada Ro", "S2")], [("Ada Ro", "S1", "ada@x.org"), ("Ada Ro", "S2", "")]),
        ([Entry(2, "Ada Ro", "", "o@x.org")], [("Ada Ro", "", "o@x.org"), ("Ada Ro", "S1", "ada@x.org")]),
        # One person of the class is not two of the list: the id goes first, wherever it stands.
        ([Entry(2, "Ada Ro"), Entry(3, "Ada Rowe", "S1")], [("Ada Ro", "", ""), ("Ada Rowe", "S1", "ada@x.org")]),
    ],
)
def test_who_is_meant_by_a_line(house: House, room: Class, again: list[Entry], then: list[tuple[str, ...]]) -> None:
    rosters.take_list(house.store, room.id, [ADA], slips=False)
    rosters.take_list(house.store, room.id, again, slips=False)
    assert listed(house, room) == then


def test_a_line_is_claimed_by_one_only(house: House, room: Class) -> None:
    rosters.take_list(house.store, room.id, [ADA], slips=False)
    (member,) = [m for m in classes.members(house.store, room.id) if m.role == "learner"]
    for id in ("a" * 32, "b" * 32):
        people.add_learner(house.store, id, "Ada")
    assert rosters.claim(house.store, member.id, "a" * 32)
    assert not rosters.claim(house.store, member.id, "b" * 32)
    assert not rosters.claim(house.store, member.id, "a" * 32)
    assert classes.role(house.store, room.id, "b" * 32) == ""


def test_somebody_taken_off_sees_nothing_more_and_the_owner_stays(
    app: Flask, house: House, boss: Person, room: Class
) -> None:
    classes.change(house.store, room.id, "Class", "name")
    bob = Person(app)
    bob.join(room.code, "Bob")
    member, mine = (classes.member_of(house.store, room.id, id) for id in (bob.id, boss.id))
    assert member
    assert mine
    assert boss.send(f"/classes/{room.id}/members/{member.id}", action="remove").status_code == 303
    assert bob.get(f"/class/{room.id}").status_code == 404
    assert boss.send(f"/classes/{room.id}/members/{mine.id}", action="remove").status_code == 409
    assert boss.get(f"/classes/{room.id}").status_code == 200


def test_a_class_is_closed_and_opened_by_its_instructor(house: House, boss: Person, room: Class) -> None:
    path = f"/classes/{room.id}/settings"
    boss.send(path, closed="1")
    assert classes.by_code(house.store, room.code) is None
    assert "This class is closed" in boss.get(f"/classes/{room.id}").text
    boss.send(path, closed="0")
    boss.send(path, name="Another", joining="guests")
    found = classes.by_code(house.store, room.code)
    assert found
    assert (found.name, found.joining) == ("Another", "guests")
