"""The log: every form of the staff is noted in it, or there is a reason why not."""

import re
from html import unescape
from pathlib import Path
from typing import Any, Final

import ltikit
import pytest
from accountkit import Person
from flask import Flask
from test_access import AUDIENCE, DESK, INSTRUCTOR, OWNER, STAFF, TEACHING
from test_labs import ARM, Made
from webkit import HIP

from sandbox.disputes import DECISIONS
from sandbox.store import classes, inbox, log, people, persons, talk
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
    assert ("changed a class", "", {"changed": {"days for disputes": [14, 3]}}) in rows
    assert ("ran a lab", "lab 1", {"action": "start"}) in rows
    assert sum(kind == "changed a class" for kind, *_ in rows) == 1
    assert {row.kind for row in log.read(house.store, None)} <= set(KINDS)
    page = made.teacher.get(f"{made.room}/log").text
    assert "changed a class" in page and "days for disputes: 14 → 3" in page


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


def entries(page: str) -> list[str]:
    """The rows of a log as they are read, the newest first, without the moment."""
    found = []
    for row in re.findall(r"<tr><td.*?</tr>", page, re.S):
        cells = re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.S)
        found.append(" | ".join(unescape(re.sub(r"<[^>]+>", "", cell)).strip() for cell in cells[1:]).rstrip())
    return found


def only(page: str, kind: str) -> str:
    """The newest entry of a kind."""
    return next(one for one in entries(page) if f"| {kind} |" in one)


def member(house: House, name: str) -> classes.Member:
    return next(one for one in classes.members(house.store, 1) if one.name == name)


@pytest.fixture
def made(app: Flask) -> Made:
    made = Made(app)
    made.teacher.send("/name", name="Ada", account="1")
    return made


def of_class(made: Made) -> str:
    return made.teacher.get(f"{made.room}/log").text


def take_list(made: Made, text: str, **more: str) -> None:
    assert made.teacher.send(f"{made.room}/roster", text=text, take="1", **more).status_code in (200, 303)


def test_what_was_done_with_a_lab_says_which_what_was_chosen_and_what_changed(made: Made) -> None:
    said = only(of_class(made), "made a lab")
    assert said.startswith("Ada | made a lab | Lab (lab 1)")
    assert f"cases: {HIP}, {ARM}" in said and "feedback: at once, as in practice" in said and "minutes: 0" in said
    same = {"name": "Lab", "case": [HIP, ARM], "feedback": "at_once", "hints": "1", "key": "1", "reserve": "1"}
    made.teacher.send(f"{made.lab}/edit", **same)
    assert not any("changed a lab" in one for one in entries(of_class(made))), "nothing was another"
    made.teacher.send(f"{made.lab}/edit", **{**same, "case": [ARM], "minutes": "30", "hints": []})
    said = only(of_class(made), "changed a lab")
    assert said.startswith("Ada | changed a lab | Lab (lab 1) | ")
    assert f"cases: {HIP}, {ARM} → {ARM}" in said and "minutes: 0 → 30" in said and "hints: yes → no" in said
    assert "feedback" not in said
    made.do("start")
    assert only(of_class(made), "ran a lab") == "Ada | ran a lab | Lab (lab 1) | started it"


def test_who_was_given_time_or_a_code_or_taken_off_is_named_until_they_are_forgotten(made: Made, house: House) -> None:
    made.do("start")
    ann = made.pupil("Ann")
    one = member(house, "Ann")
    made.teacher.send(f"{made.lab}/time", member=str(one.id), minutes="15")
    assert only(of_class(made), "gave time") == "Ada | gave time | Ann, Lab (lab 1) | extra minutes: 0 → 15"
    made.teacher.send(f"{made.room}/members/{one.id}", action="reset")
    assert only(of_class(made), "changed a member") == "Ada | changed a member | Ann | gave a new one-time code"
    made.teacher.send(f"{made.room}/members/{one.id}", action="remove")
    said = only(of_class(made), "changed a member")
    assert said == "Ada | changed a member | Ann | took them off the class; role: learner"
    assert [row["kind"] for row in persons.export(house.store, one.learner)["audit_log"]] == [
        "gave time", "changed a member", "changed a member",
    ]  # fmt: skip
    persons.forget(house.store, one.learner)
    assert "Ann" not in of_class(made) and "somebody who is not known any more" in only(of_class(made), "gave time")
    assert not any("Ann" in str(tuple(row)) for row in house.store.rows("SELECT * FROM audit_log")) and ann


def test_a_list_says_who_is_new_and_a_number_that_is_given_again_names_nobody_else(made: Made, house: House) -> None:
    take_list(made, "name,id\nBea Best,7\nCal Cole,8")
    said = only(of_class(made), "read in a list")
    assert said == "Ada | read in a list | Class | new on the list: 2; Bea Best; Cal Cole"
    take_list(made, "name,id\nBea Bestova,7\nDan Dow,9", slips="1")
    said = only(of_class(made), "read in a list")
    assert said.endswith("new on the list: 1; Dan Dow; changed on the list: 1; Bea Bestova; one time codes: 1")
    last = member(house, "Dan Dow")
    persons.forget(house.store, log.line(last.id))
    assert "Dan" not in of_class(made)
    take_list(made, "name,id\nEva Ernst,10")
    assert member(house, "Eva Ernst").id == last.id, "else this test is of no use"
    assert entries(of_class(made))[1].count("Eva") == 0 and entries(of_class(made))[0].count("Eva") == 1
    theirs = persons.export(house.store, log.line(last.id))
    assert [one["name"] for one in theirs["members"]] == ["Eva Ernst"] and len(theirs["audit_log"]) == 1


def test_whoever_comes_by_a_link_is_in_the_log_and_who_teaches_is_named(made: Made, house: House, app: Flask) -> None:
    link = re.search(r"/instructor/[\w-]+", made.teacher.send(f"{made.room}/assistants").text)
    assert link
    assert only(of_class(made), "made an assistant's link") == "Ada | made an assistant's link | Class | –"
    helper, other = Person(app), Person(app)
    helper.send(link[0])
    assert helper.send("/name", name="Hal", account="1").location == "/account?done=name"
    assert only(of_class(made), "became an assistant by a link").startswith("Hal |")
    other.send(f"/instructor/{people.new_link(house.store, 'instructor')}")
    other.send("/name", name="Ira", account="1")
    place = [one["name"] for one in people.teachers(house.store)].index("Ira")
    shown = people.teachers(house.store)[place]
    made.teacher.send("/people", who=str(place), created=shown["created"], role="owner")
    other.send(f"/instructor/{people.new_link(house.store, 'instructor')}")
    made.teacher.send("/people", invite="1")
    assert entries(made.teacher.get("/people/log").text)[:6] == [
        "Ada | changed who teaches | – | made an instructor's link",
        "Ira | used a link for staff, and was that already | – | link: instructor",
        "Ada | changed who teaches | Ira | role: instructor → owner",
        "Ira | became an instructor by a link | – | –",
        "Hal | became an assistant by a link | Class | –",
        "Ada | made an assistant's link | Class | –",
    ]
    assert "Ada | became an owner by a link | – | –" in entries(made.teacher.get("/people/log").text)


def test_a_class_that_is_made_and_what_is_changed_of_it_stand_in_its_own_log(made: Made) -> None:
    assert "who can join: anybody with the code, also as a guest" in only(of_class(made), "made a class")
    made.teacher.send(f"{made.room}/settings", name="Class B", joining="name")
    said = only(of_class(made), "changed a class")
    assert "name: Class → Class B" in said and "guest without a PIN → anybody with the code, by name and PIN" in said
    made.teacher.send(f"{made.room}/settings", closed="1")
    assert only(of_class(made), "changed a class").endswith("closed: no → yes")


def test_posts_reports_and_what_goes_to_another_system_are_named_and_no_words_kept(made: Made, house: House) -> None:
    made.do("start")
    made.pupil("Ann")
    ann = member(house, "Ann").learner
    new = talk.New(ann, "Private words", "token", True)
    asked = talk.ask(house.store, 1, HIP, new)
    post = talk.posts(house.store, "question", asked)[0].id
    path = f"/class/1/talk/questions/{asked}/remove"
    assert made.teacher.send(path, post=str(post)).status_code == 303
    said = only(of_class(made), "took a post away")
    assert said == f"Ada | took a post away | Ann, post {post} | of: question {asked}; case: {HIP}"
    inbox.put(house.store, "problem", f"{HIP}: The chart: Private words", "Private words", ann)
    for _ in range(2):
        made.teacher.send("/teach/inbox/1/done")
    every = made.teacher.get("/people/log").text
    assert (
        only(every, "dealt with a report") == f"Ada | dealt with a report | Ann, report 1 | kind: problem; case: {HIP}"
    )
    assert every.count("dealt with a report") == 1 and "Private" not in every
    made.teacher.send(f"{made.room}/lti", action="again")
    assert only(of_class(made), "changed what goes to the school's system").endswith("tried again at once")


def test_every_form_that_is_noted_says_what_it_did() -> None:
    """Without that no row is written."""
    for endpoint in NOTED:
        module, _, name = endpoint.partition(".")
        source = (Path(__file__).parent.parent / f"sandbox/web/{module}.py").read_text()
        body = source.partition(f"\ndef {name}(")[2].partition("\n@pages")[0]
        assert "mention" in body, endpoint


def test_rows_of_earlier_versions_are_read_as_before(made: Made, house: House) -> None:
    made.pupil("Ann")
    details: dict[str, Any] = {"action": "remove"}
    with house.store.write() as db:
        log.write(db, "x", "changed a member", f"member {member(house, 'Ann').id}", 1, **details)
        log.write(db, "x", "gave time", "lab 1", 1, minutes="15")
        log.write(db, "x", "decided", "dispute 9", 1, decision="one", credit=0.0, words="So it is.")
    nobody = "nobody who is known any more"
    assert entries(of_class(made))[:3] == [
        f"{nobody} | decided a dispute | dispute 9 | decision: {DECISIONS['one']}; words: So it is.",
        f"{nobody} | gave time | Lab (lab 1) | minutes: 15",
        f"{nobody} | changed a member | Ann | took them off the class",
    ]
