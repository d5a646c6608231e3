"""The links that make somebody one who teaches, and what the owner may change."""

import datetime as dt
import re

import pytest
from accountkit import Person, a_class, teacher
from flask import Flask

from sandbox.store import classes, people
from sandbox.web.house import House


@pytest.fixture
def owner(app: Flask) -> Person:
    return teacher(app, "owner@school.example", "owner")


def ages(house: House, days: float) -> None:
    """All links are older."""
    made = dt.datetime.now(dt.UTC) - dt.timedelta(days=days)
    with house.store.write() as db:
        db.execute("UPDATE links SET made = ?", (made.isoformat().replace("+00:00", "Z"),))


def invited(page: str) -> str:
    found = re.search(r"http://localhost(/instructor/[\w-]+)", page)
    assert found
    return found[1]


def change(owner: Person, house: House, who: str, role: str) -> int:
    """The owner's form for somebody. Returns the status."""
    shown = people.teachers(house.store)
    place = next(n for n, one in enumerate(shown) if one["id"] == who)
    return owner.send("/people", who=str(place), created=shown[place]["created"], role=role).status_code


@pytest.mark.parametrize("role", ["instructor", "owner"])
def test_a_link_works_once_and_looking_at_it_uses_nothing_up(app: Flask, house: House, role: str) -> None:
    link = f"/instructor/{people.new_link(house.store, role)}"
    for _ in range(3):
        assert Person(app).get(link).status_code == 200
    first, second = Person(app), Person(app)
    assert first.send(link).status_code == 303
    assert second.send(link).status_code == 403
    assert people.role(house.store, first.id) == role
    assert second.get("/teach").status_code == 403


def test_an_invitation_lasts_a_week_and_the_programs_link_until_the_next(app: Flask, house: House) -> None:
    for days, status in ((6.9, 303), (7.1, 403)):
        link = f"/instructor/{people.new_link(house.store, 'instructor')}"
        ages(house, days)
        assert Person(app).send(link).status_code == status
    first = people.new_link(house.store)
    ages(house, 100)
    assert people.link_role(house.store, first) == "owner"
    people.new_link(house.store)
    assert people.link_role(house.store, first) == ""


def test_links_cannot_be_tried_for_ever(app: Flask) -> None:
    eve = Person(app)
    eve.get("/signin")
    assert [eve.get(f"/instructor/{n}").status_code for n in range(16)] == [200] * 15 + [429]


def test_the_owner_invites_an_instructor_and_the_instructor_nobody(app: Flask, house: House, owner: Person) -> None:
    link = invited(owner.send("/people", invite="1").text)
    ada = Person(app)
    assert ada.send(link).status_code == 303
    assert people.role(house.store, ada.id) == "instructor"
    assert ada.get("/teach").status_code == 200
    assert ada.get("/people").status_code == 403
    assert ada.send("/people", invite="1").status_code == 403
    assert change(ada, house, ada.id, "owner") == 403
    assert people.role(house.store, ada.id) == "instructor"


def test_an_assistants_link_is_good_for_its_class_only(app: Flask, house: House, owner: Person) -> None:
    room, other = a_class(house, owner.id), a_class(house, owner.id, name="Other")
    link = invited(owner.send(f"/classes/{room.id}/assistants").text)
    bob = Person(app)
    assert bob.send(link).headers["Location"] == "/classes"
    assert bob.get(f"/classes/{room.id}").status_code == 200
    assert bob.get(f"/classes/{other.id}").status_code == 404
    assert bob.get("/teach").status_code == 403
    assert bob.send(f"/classes/{room.id}/assistants").status_code == 403
    assert people.role(house.store, bob.id) == "learner"


def test_a_link_makes_nobody_less(app: Flask, house: House, owner: Person) -> None:
    room = a_class(house, owner.id)
    owner.send(f"/instructor/{people.new_link(house.store, 'instructor')}")
    owner.send(f"/instructor/{people.new_link(house.store, f'assistant:{room.id}')}")
    assert people.role(house.store, owner.id) == "owner"
    assert classes.role(house.store, room.id, owner.id) == "instructor"


def test_the_last_owner_stays(house: House, owner: Person, app: Flask) -> None:
    for role in ("instructor", "learner"):
        assert change(owner, house, owner.id, role) == 409
    ada = teacher(app)
    assert change(owner, house, ada.id, "owner") == 303
    assert change(owner, house, owner.id, "instructor") == 303
    assert change(ada, house, ada.id, "learner") == 409
    assert owner.get("/people").status_code == 403


def test_who_teaches_no_more_loses_desk_classes_and_sessions(app: Flask, house: House, owner: Person) -> None:
    ada = teacher(app, "ada@school.example")
    room, other = a_class(house, ada.id), a_class(house, owner.id, name="Other")
    people.use_link(house.store, people.new_link(house.store, f"assistant:{other.id}"), ada.id)
    assert ada.get(f"/classes/{room.id}").status_code == 200
    assert change(owner, house, ada.id, "learner") == 303
    assert ada.get("/teach").status_code == 401
    back = Person(app)
    back.send("/signin", login="ada@school.example", secret="a good long one")
    for path, status in (
        ("/teach", 403),
        ("/classes", 403),
        (f"/classes/{room.id}", 404),
        (f"/classes/{other.id}", 404),
    ):
        assert back.get(path).status_code == status, path
    assert owner.get(f"/classes/{room.id}").status_code == 200


@pytest.mark.parametrize(
    "fields",
    [
        {"who": "0", "role": "assistant"},
        {"who": "0", "role": ""},
        {"who": "99", "role": "owner"},
        {"who": "-1", "role": "owner"},
        {"who": "", "role": "owner"},
        {"who": "9" * 5_000, "role": "owner"},
    ],
)
def test_a_form_that_nobody_has_been_given_changes_nothing(house: House, owner: Person, fields: dict[str, str]) -> None:
    before = people.teachers(house.store)
    assert owner.send("/people", created=before[0]["created"], **fields).status_code == 400
    assert people.teachers(house.store) == before


def test_a_list_that_has_changed_is_shown_again_first(house: House, owner: Person) -> None:
    assert owner.send("/people", who="0", created="2026-01-01T00:00:00.000Z", role="owner").status_code == 409


def test_the_staff_set_their_own_names_under_account(app: Flask, house: House, owner: Person) -> None:
    """Whoever comes by a link is an Instructor or Assistant, like all others who do."""
    room = a_class(house, owner.id)
    bob = Person(app)
    bob.send(invited(owner.send(f"/classes/{room.id}/assistants").text))
    assert "Others may be called Assistant too." in bob.get("/account").text
    assert owner.send("/name", name=" Ada  Owner ", account="1").location == "/account?done=name"
    assert "shown by this name" in owner.get("/account?done=name").text
    assert bob.send("/name", name="Bob Helper", account="1").status_code == 303
    for page in (owner.get(f"/classes/{room.id}").text, bob.get(f"/classes/{room.id}").text):
        assert "Ada Owner" in page and "Bob Helper" in page
    assert "Ada Owner (you)" in owner.get("/people").text
    assert bob.send("/name", name=" ", account="1").status_code == 303
    assert 'value="Bob Helper"' in bob.get("/account").text, "nobody of the staff loses the name by an empty field"


def test_a_learner_is_on_the_list_of_a_class_by_the_name_there_and_sees_no_such_form(
    app: Flask, house: House, owner: Person
) -> None:
    room = a_class(house, owner.id)
    ann = Person(app)
    ann.join(room.code, "Ann Lee")
    assert 'id="name"' not in ann.get("/account").text
    assert ann.send("/name", name="Somebody Else").location == "/"
    assert [one.name for one in classes.members(house.store, room.id) if one.learner == ann.id] == ["Ann Lee"]
