"""Signing in by name and password, and how sessions end."""

import re

import pytest
from accountkit import PIN, Person, a_class, teacher
from flask import Flask

from sandbox.store import accounts
from sandbox.web import security
from sandbox.web.house import House

GOOD = "a good long one"


def signs_in(app: Flask, login: str = "ada@school.example", secret: str = GOOD) -> Person:
    made = Person(app)
    assert made.send("/signin", login=login, secret=secret).status_code == 303
    return made


def inside(person: Person) -> bool:
    return person.get("/teach").status_code == 200


def test_the_right_password_opens_another_browser(app: Flask) -> None:
    first = teacher(app, "ada@school.example")
    second = signs_in(app, "  ADA@school.example ")
    assert second.id == first.id
    assert inside(second)


def test_a_wrong_name_and_a_wrong_password_sound_the_same(app: Flask) -> None:
    teacher(app, "ada@school.example")
    wrong, nobody = (
        Person(app).send("/signin", login=login, secret="wrong")
        for login in ("ada@school.example", "bob@school.example")
    )
    assert wrong.status_code == nobody.status_code == 403
    assert "do not belong together" in wrong.text
    drawn = [
        re.sub(r'(name="csrf_token" value|name="csrf-token" content)="[^"]+"', "", page.text.replace(login, "LOGIN"))
        for page, login in ((wrong, "ada@school.example"), (nobody, "bob@school.example"))
    ]
    assert drawn[0] == drawn[1]


def test_guessing_is_stopped_for_the_account_in_whatever_case_and_browser(app: Flask, house: House) -> None:
    teacher(app, "ada@school.example")
    for n in range(5):
        login = "ada@school.example" if n % 2 else "ADA@School.example"
        assert Person(app).send("/signin", login=login, secret=f"guess {n}").status_code == 403
    answer = Person(app).send("/signin", login="ada@school.example", secret=GOOD)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0


def test_guessing_at_the_door_of_a_class_counts_for_the_same_account(app: Flask, house: House) -> None:
    ada = teacher(app)
    room, other = a_class(house, ada.id), a_class(house, ada.id, name="Other")
    bob = Person(app)
    assert bob.join(room.code, "Bob").status_code == 303
    assert bob.send(f"/join/{other.code}", who="Bob", as_me="1").status_code == 303
    for n in range(5):
        assert Person(app).comes_back((room, other)[n % 2].code, "Bob", f"10000{n}").status_code == 403
    assert Person(app).comes_back(room.code, "Bob").status_code == 429
    assert Person(app).comes_back(other.code, "Bob").status_code == 429


def test_trying_which_names_are_taken_is_stopped(app: Flask) -> None:
    teacher(app, "ada@school.example")
    eve = Person(app)
    asked = [eve.send("/account", login="ada@school.example", secret=GOOD, again=GOOD).status_code for _ in range(6)]
    assert asked == [400] * 5 + [429]


def test_the_present_password_is_asked_for_and_guessing_it_is_stopped(app: Flask) -> None:
    ada = teacher(app, "ada@school.example")
    fields = {"login": "ada@school.example", "secret": "another long one", "again": "another long one"}
    assert [ada.send("/account", present="wrong", **fields).status_code for _ in range(6)] == [400] * 5 + [429]
    assert signs_in_fails(app, "another long one")


def signs_in_fails(app: Flask, secret: str) -> bool:
    return Person(app).send("/signin", login="ada@school.example", secret=secret).status_code != 303


def test_a_new_password_ends_the_other_sessions_and_not_this_one(app: Flask) -> None:
    ada = teacher(app, "ada@school.example")
    other = signs_in(app)
    new = "another long one"
    assert ada.send("/account", login="ada@school.example", present=GOOD, secret=new, again=new).status_code == 303
    assert inside(ada)
    assert other.get("/teach").status_code == 401
    assert signs_in_fails(app, GOOD)
    assert inside(signs_in(app, secret=new))


def test_everywhere_means_everywhere(app: Flask) -> None:
    ada = teacher(app, "ada@school.example")
    other = signs_in(app)
    assert ada.send("/account/everywhere").status_code == 303
    for browser in (ada, other):
        assert not inside(browser)


@pytest.mark.parametrize(
    ("used", "since", "status"),
    [
        (security.IDLE - 60, security.IDLE - 60, 200),
        (security.IDLE + 60, security.IDLE + 60, 401),
        (60, security.LONGEST_SESSION - 60, 200),
        (60, security.LONGEST_SESSION + 60, 401),
    ],
)
def test_a_session_ends_by_itself(app: Flask, used: int, since: int, status: int) -> None:
    ada = teacher(app, "ada@school.example")
    with ada.client.session_transaction() as session:
        session["used"] -= used
        session["since"] -= since
    assert ada.get("/teach").status_code == status
    assert inside(ada) == (status == 200)


def test_whoever_does_something_stays_signed_in(app: Flask) -> None:
    ada = teacher(app, "ada@school.example")
    with ada.client.session_transaction() as session:
        session["used"] -= security.IDLE - 60
        before = session["used"]
    ada.get("/teach")
    with ada.client.session_transaction() as session:
        assert session["used"] > before + 3600


def test_a_cookie_from_before_the_account_opens_nothing_of_it(app: Flask) -> None:
    """A copy of it would be good for ever: no password change and no *sign out everywhere* ended it."""
    ada = teacher(app)
    name = str(app.config["SESSION_COOKIE_NAME"])
    old = ada.client.get_cookie(name)
    assert old
    assert ada.send("/account", login="ada@school.example", secret=GOOD, again=GOOD).status_code == 303
    thief = Person(app)
    thief.client.set_cookie(name, old.value)
    assert thief.get("/teach").status_code == 401
    assert inside(ada)


def test_signing_in_leaves_nothing_of_who_was_here_before(app: Flask) -> None:
    teacher(app, "ada@school.example")
    shared = Person(app)
    shared.practises()
    before, (token,) = shared.id, [shared.open()["csrf_token"]]
    assert shared.send("/signin", login="ada@school.example", secret=GOOD).status_code == 303
    assert shared.id != before
    assert shared.client.post("/account/everywhere", data={"csrf_token": token}).status_code == 400
    shared.send("/signout")
    assert shared.id == ""


@pytest.mark.parametrize(
    "path", ["/signin", "/signout", "/account", "/account/everywhere", "/join", "/people", "/classes"]
)
def test_no_form_without_its_token(app: Flask, path: str) -> None:
    ada = teacher(app, "ada@school.example", "owner")
    assert ada.client.post(path, data={"login": "x", "secret": "y"}).status_code == 400
    assert inside(ada)


@pytest.mark.parametrize("query", ["?next=//evil.example", "?next=https://evil.example", "?done=//evil.example"])
def test_signing_in_leads_nowhere_else(app: Flask, query: str) -> None:
    teacher(app, "ada@school.example")
    answer = Person(app).send(f"/signin{query}", login="ada@school.example", secret=GOOD, next="//evil.example")
    assert answer.headers["Location"] == "/classes"


def test_who_teaches_needs_a_name_and_more_than_a_pin(app: Flask, house: House) -> None:
    ada = teacher(app)
    assert ada.send("/account", login="ada", secret=PIN, again=PIN).status_code == 400
    assert ada.send("/account", login="", secret=GOOD, again=GOOD).status_code == 400
    assert accounts.get(house.store, ada.id) is None
