"""Somebody at the door: a browser that reads the token of the page that it is on and posts as a person would."""

from typing import Any, Final

from crawling import Page
from flask import Flask
from webkit import Learner
from werkzeug.test import TestResponse

from sandbox.store import classes, people
from sandbox.store.classes import Class, Joining
from sandbox.web.house import House

PIN: Final = "836251"


class Person(Learner):
    """One browser, which posts with the token of its own session."""

    def send(self, path: str, **fields: Any) -> TestResponse:
        token = Page(self.get("/signin").text).token
        return self.client.post(path, data={"csrf_token": token, **fields})

    @property
    def id(self) -> str:
        """Who this browser is, or empty."""
        with self.client.session_transaction() as session:
            return str(session.get("learner", ""))

    def join(self, code: str, who: str, pin: str = PIN, **more: Any) -> TestResponse:
        """The last step of joining for the first time."""
        return self.send(f"/join/{code}", who=who, secret=pin, again=pin, **more)

    def comes_back(self, code: str, who: str, pin: str = PIN) -> TestResponse:
        """The last step for somebody who has a PIN."""
        return self.send(f"/join/{code}", who=who, secret=pin)

    def practises(self, case: str = "hip-pain-after-a-fall") -> None:
        assert self.check(["M80.052A/Y"], case).status_code == 200


def teacher(app: Flask, login: str = "", role: str = "instructor") -> Person:
    """Somebody who teaches, by a link; with a password where there is a login."""
    made, store = Person(app), app.extensions["sandbox"].store
    assert made.send(f"/instructor/{people.new_link(store, role)}").status_code == 303
    if login:
        answer = made.send("/account", login=login, secret="a good long one", again="a good long one")
        assert answer.status_code == 303, answer.text
    return made


def a_class(house: House, owner: str, joining: Joining = "name", name: str = "Class") -> Class:
    """A class of somebody who teaches."""
    return classes.create(house.store, owner, name, joining)
