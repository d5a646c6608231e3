"""The log: every form of the staff is noted in it, or there is a reason why not."""

from pathlib import Path
from typing import Final

import ltikit
import pytest
from flask import Flask
from test_access import AUDIENCE, DESK, INSTRUCTOR, OWNER, STAFF, TEACHING
from test_labs import Made

from sandbox.store import log
from sandbox.web.house import House
from sandbox.web.journal import KINDS, NOTED

BY_THEMSELVES: Final = {
    # They write rows of their own, in the transaction of what they change.
    "disputedesk.decide", "regradepages.carry_out", "editor.save", "history.restore", "newcase.make", "uploads.confirm",
    "uploads.check", "lticourse.connect",
}  # fmt: skip
ONLY_LOOK: Final = {
    "editor.lint", "editor.show", "teach.look", "teach.search", "talkdesk.count", "board.live",
    "labpages.seats",
}  # fmt: skip
PASSING: Final = {"board.address", "board.show", "hoursdesk.change", "talkdesk.open_thread", "talkdesk.settle"}
"""What is on the projector, whose turn it is, which thread is open: seen by the class, and no record of anybody."""


@pytest.fixture
def data(data: Path) -> Path:
    """The door for schools' systems is open too."""
    ltikit.configure(data)
    return data


def test_every_form_of_the_staff_is_noted_or_only_looks(app: Flask) -> None:
    staff = {end for who in (STAFF, INSTRUCTOR, DESK, OWNER, TEACHING) for end in AUDIENCE[who].split()}
    posts = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    known = {*NOTED, *BY_THEMSELVES, *ONLY_LOOK, *PASSING}
    assert (staff & posts) - known == set(), "a form of the staff that the log does not know"
    assert known - posts == set(), "an endpoint that is no form any more"


def test_what_was_done_can_be_read_and_what_failed_is_not_there(app: Flask, house: House) -> None:
    made = Made(app)
    made.do("start")
    assert made.teacher.send(f"{made.room}/settings", name="").status_code == 400
    assert made.teacher.send(f"{made.room}/settings", dispute_days="0" * 4 + "9" * 30).status_code == 400
    assert made.teacher.send(f"{made.room}/settings", dispute_days="3").status_code == 303
    made.pupil("Ann")
    member = made.teacher.get(made.room).text.partition("/members/")[2].partition('"')[0]
    assert made.teacher.send(f"{made.room}/members/{member}", action="reset").status_code in (200, 409)
    rows = [(row.kind, row.subject, row.details) for row in log.read(house.store, 1)]
    assert ("changed a class", "", {"dispute_days": "3"}) in rows
    assert ("ran a lab", "lab 1", {"action": "start"}) in rows
    assert sum(kind == "changed a class" for kind, *_ in rows) == 1
    assert {row.kind for row in log.read(house.store, None)} <= set(KINDS)
    page = made.teacher.get(f"{made.room}/log").text
    assert "changed a class" in page and "dispute days: 3" in page


def test_long_logs_are_read_page_by_page(app: Flask, house: House) -> None:
    made = Made(app)
    with house.store.write() as db:
        for n in range(230):
            log.write(db, "nobody", "gave time", f"row {n}", 1)
    first = log.read(house.store, 1)
    assert [row.subject for row in first] == [f"row {n}" for n in range(229, 129, -1)]
    page = made.teacher.get(f"{made.room}/log").text
    assert f"?before={first[-1].id}" in page and "row 129" not in page
    older = made.teacher.get(f"{made.room}/log?before={first[-1].id}").text
    assert "row 129" in older and "row 229" not in older
    assert made.teacher.get(f"{made.room}/log?before=x").status_code == 200
