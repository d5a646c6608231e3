"""Into a class by its code: by name, by list, as a guest, and never as somebody else."""

import pytest
from accountkit import PIN, Person, a_class, teacher
from flask import Flask

from sandbox.classroom.roster import Entry
from sandbox.store import accounts, attempts, classes, people, rosters
from sandbox.store.classes import Class
from sandbox.web.house import House

KIM = (Entry(2, "Kim Lee", "S1", "kim@school.example"), Entry(3, "Kim Lee", "S2"), Entry(4, "Ada Ro", "S3"))


@pytest.fixture
def boss(app: Flask) -> Person:
    return teacher(app, "boss@school.example")


@pytest.fixture
def room(house: House, boss: Person) -> Class:
    return a_class(house, boss.id)


@pytest.fixture
def listed(house: House, boss: Person) -> Class:
    return a_class(house, boss.id, "roster")


def learners(house: House, room: Class) -> list[tuple[str, bool]]:
    """(name, whether somebody has come for it) of the learners of a class."""
    return [(m.name, bool(m.learner)) for m in classes.members(house.store, room.id) if m.role == "learner"]


def test_a_code_leads_to_its_door_however_it_is_typed(app: Flask, room: Class) -> None:
    bob = Person(app)
    answer = bob.send("/join", code=f" {room.code[:3].lower()}-{room.code[3:]} ")
    assert answer.headers["Location"] == f"/join/{room.code}"
    assert room.name in bob.get(f"/join/{room.code}").text


def test_codes_cannot_be_tried_for_ever(app: Flask, room: Class) -> None:
    eve = Person(app)
    tried = [eve.send("/join", code=f"BCDF{a}{b}").status_code for a in "BCDF" for b in "BCDF"]
    assert tried == [404] * 15 + [429]
    assert eve.get("/join/BCDFGH").status_code in (404, 429)


def test_by_name_with_a_pin_and_back_from_another_machine(app: Flask, house: House, room: Class) -> None:
    bob = Person(app)
    assert bob.send(f"/join/{room.code}", who="Bob").status_code == 200
    assert learners(house, room) == []
    assert bob.join(room.code, "  Bob   Ross ").headers["Location"] == f"/class/{room.id}"
    again = Person(app)
    assert again.comes_back(room.code, "bob ross", "111222").status_code == 403
    assert again.get(f"/class/{room.id}").status_code == 404
    assert again.comes_back(room.code, "bob ross").status_code == 303
    assert again.id == bob.id
    assert learners(house, room) == [("Bob Ross", True)]


def test_the_second_of_a_name_cannot_choose_a_pin_for_the_first(app: Flask, house: House, room: Class) -> None:
    bob = Person(app)
    bob.join(room.code, "Bob")
    eve = Person(app)
    assert eve.join(room.code, "BOB", "998877").status_code == 403
    assert eve.join(room.code, "BOB", "998877", slip="BCDFGH", guest="1").status_code == 403
    assert Person(app).comes_back(room.code, "Bob").status_code == 303


@pytest.mark.parametrize("pin", ["", "123", "123456", "111111"])
def test_a_weak_pin_makes_nobody(app: Flask, house: House, room: Class, pin: str) -> None:
    assert Person(app).join(room.code, "Bob", pin).status_code == 400
    assert learners(house, room) == []


def test_only_who_is_on_the_list(app: Flask, house: House, listed: Class) -> None:
    rosters.take_list(house.store, listed.id, KIM, slips=False)
    eve = Person(app)
    assert eve.join(listed.code, "Eve").status_code == 404
    assert eve.join(listed.code, "Eve", guest="1").status_code == 404
    assert eve.join(listed.code, "Kim Lee").status_code == 409
    assert eve.join(listed.code, "s2").status_code == 303
    assert eve.comes_back(listed.code, "Ada Ro", "").status_code == 400
    assert learners(house, listed) == [("Ada Ro", False), ("Kim Lee", False), ("Kim Lee", True)]


def test_somebody_signed_in_is_not_let_past_a_list(app: Flask, house: House, room: Class, listed: Class) -> None:
    bob = Person(app)
    bob.join(room.code, "Bob")
    assert bob.send(f"/join/{listed.code}", as_me="1", who="Bob").status_code == 404
    assert bob.get(f"/class/{listed.id}").status_code == 404


def test_the_one_time_code_is_needed_once_and_guessing_it_is_stopped(app: Flask, house: House, listed: Class) -> None:
    slips = rosters.take_list(house.store, listed.id, KIM, slips=True)
    slip = next(slips[m.id] for m in classes.members(house.store, listed.id) if m.number == "S3")
    other = next(slips[m.id] for m in classes.members(house.store, listed.id) if m.number == "S1")
    assert Person(app).join(listed.code, "S3").status_code == 403
    assert Person(app).join(listed.code, "S3", slip=other).status_code == 403
    ada = Person(app)
    assert ada.join(listed.code, "S3", slip=slip.lower()).status_code == 303
    assert Person(app).join(listed.code, "S3", "998877", slip=slip).status_code == 403
    assert Person(app).comes_back(listed.code, "S3").status_code == 303
    tried = [Person(app).join(listed.code, "S2", slip=f"BCDFG{x}").status_code for x in "BCDFGH"]
    assert tried == [403] * 5 + [429]


def test_a_long_address_of_the_list_lets_in(app: Flask, house: House, listed: Class) -> None:
    address = f"{'k' * 70}@school.example"
    rosters.take_list(house.store, listed.id, [Entry(2, "Kim", "", address)], slips=False)
    assert Person(app).join(listed.code, address).status_code == 303


def test_guests_only_where_the_class_has_them(app: Flask, house: House, boss: Person, room: Class) -> None:
    assert Person(app).send(f"/join/{room.code}", who="Gus", guest="1").status_code == 200
    assert learners(house, room) == []
    open_one = a_class(house, boss.id, "guests")
    gus = Person(app)
    assert gus.send(f"/join/{open_one.code}", who="Gus", guest="1").status_code == 303
    assert gus.get(f"/class/{open_one.id}").status_code == 200
    # A guest has no PIN, so nobody can come in by that name, with or without one.
    for more in ({}, {"guest": "1"}, {"secret": PIN}, {"secret": PIN, "again": PIN}):
        assert Person(app).send(f"/join/{open_one.code}", who="gus", **more).status_code == 409


@pytest.mark.parametrize(("take", "same"), [({}, False), ({"take": "1"}, True)])
def test_practice_comes_along_only_if_ticked(
    app: Flask, house: House, room: Class, take: dict[str, str], same: bool
) -> None:
    bob = Person(app)
    bob.practises()
    before = bob.id
    assert 'name="take"' in bob.send(f"/join/{room.code}", who="Bob").text
    assert bob.join(room.code, "Bob", **take).status_code == 303
    assert (bob.id == before) is same
    assert bool(attempts.of_learner(house.store, bob.id)) is same


def test_the_work_of_whoever_is_signed_in_is_nobody_elses_to_take(app: Flask, house: House, room: Class) -> None:
    bob = Person(app)
    bob.join(room.code, "Bob")
    before = bob.id
    assert bob.join(room.code, "Eve", "998877", take="1").status_code == 303
    assert bob.id != before
    assert Person(app).comes_back(room.code, "Bob").status_code == 303


def test_an_instructors_browser_gives_nobody_the_desk(app: Flask, house: House, room: Class) -> None:
    machine = teacher(app)
    assert machine.join(room.code, "Bob", take="1").status_code == 303
    assert machine.get("/teach").status_code == 403


def test_who_signs_in_elsewhere_needs_that_password_here(app: Flask, house: House, boss: Person, room: Class) -> None:
    login = "bob@home.example"
    bob = Person(app)
    bob.send("/account", login=login, secret="a good long one", again="a good long one")
    assert bob.send(f"/join/{room.code}", as_me="1").status_code == 303
    name = classes.member_of(house.store, room.id, bob.id)
    assert name
    assert Person(app).join(room.code, name.name, "998877").status_code == 403
    # Nor can the class's instructor make it theirs by a new code.
    assert boss.send(f"/classes/{room.id}/members/{name.id}", action="reset").status_code == 409
    assert Person(app).comes_back(room.code, name.name, "a good long one").status_code == 303


def test_a_name_that_is_taken_along_shuts_nobody_out(app: Flask, house: House, boss: Person, room: Class) -> None:
    other = a_class(house, boss.id, name="Other")
    Person(app).join(room.code, "Ann")
    eve = Person(app)
    eve.join(other.code, "ann")
    assert eve.send(f"/join/{room.code}", as_me="1").status_code == 303
    assert learners(house, room) == [("Ann", True), ("ann (2)", True)]
    assert Person(app).comes_back(room.code, "Ann").status_code == 303


def test_a_forgotten_pin_is_set_anew_with_a_code_from_the_instructor(
    app: Flask, house: House, boss: Person, room: Class
) -> None:
    bob = Person(app)
    bob.join(room.code, "Bob")
    member = classes.member_of(house.store, room.id, bob.id)
    assert member
    for _ in range(5):
        Person(app).comes_back(room.code, "Bob", "forgot")
    assert Person(app).comes_back(room.code, "Bob").status_code == 429
    shown = boss.send(f"/classes/{room.id}/members/{member.id}", action="reset").text
    slip = shown.split('<td class="code">')[1][:6]
    assert bob.get(f"/class/{room.id}").status_code == 401
    assert Person(app).join(room.code, "Bob", "445566").status_code == 403
    again = Person(app)
    assert again.join(room.code, "Bob", "445566", slip=slip).status_code == 303
    assert again.get(f"/class/{room.id}").status_code == 200
    assert again.id == member.learner
    assert Person(app).join(room.code, "Bob", "778899", slip=slip).status_code == 403
    assert Person(app).comes_back(room.code, "Bob", "445566").status_code == 303


def test_the_pin_of_who_assists_elsewhere_is_not_a_classs_to_reset(
    app: Flask, house: House, boss: Person, room: Class
) -> None:
    """The instructor of one class would else come into another as its assistant."""
    other = a_class(house, teacher(app).id, name="Other")
    bob = Person(app)
    bob.join(room.code, "Bob")
    people.use_link(house.store, people.new_link(house.store, f"assistant:{other.id}"), bob.id)
    member = classes.member_of(house.store, room.id, bob.id)
    assert member
    assert boss.send(f"/classes/{room.id}/members/{member.id}", action="reset").status_code == 409
    assert bob.get(f"/classes/{other.id}").status_code == 200
    found = accounts.get(house.store, bob.id)
    assert found
    assert found.secret


def test_nobody_joins_a_closed_class_and_its_people_keep_theirs(app: Flask, house: House, room: Class) -> None:
    bob = Person(app)
    bob.join(room.code, "Bob")
    classes.close(house.store, room.id, True)
    eve = Person(app)
    assert eve.get(f"/join/{room.code}").status_code == 404
    assert eve.send("/join", code=room.code).status_code == 404
    assert eve.join(room.code, "Eve").status_code == 404
    assert bob.get(f"/class/{room.id}").status_code == 200
    classes.close(house.store, room.id, False)
    assert eve.join(room.code, "Eve").status_code == 303


def test_two_forms_at_once_make_one_of_a_name(house: House, room: Class) -> None:
    assert classes.add_learner(house.store, room.id, "a" * 32, "Kim Poe")
    assert not classes.add_learner(house.store, room.id, "b" * 32, "kim poe")
    assert [one.name for one in classes.members(house.store, room.id) if one.role == "learner"] == ["Kim Poe"]
