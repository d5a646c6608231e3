"""Who may ask for what: every route of the map, every method, as everybody whom a class and a desk know.

``AUDIENCE`` has a row for each endpoint. One that is missing fails, so that a new page is thought about before it is
open; then each is asked for with the ids of a real class, lab and attempt, and whoever is refused must not have changed
a row of the database.
"""

import sqlite3
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import ltikit
import pytest
import resultkit
from flask import Flask
from flask.testing import FlaskClient
from resultkit import CASES
from webkit import Learner
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from sandbox.classroom.roster import Entry
from sandbox.store import accounts, attempts, audits, board, classes, disputes, inbox, labs, people, rosters, talk
from sandbox.web import create_app, labend, ltihouse, projector
from sandbox.web.house import House

ROLES: Final = ("stranger", "guest", "learner", "other", "assistant", "elsewhere", "instructor", "owner")
"""``learner``: of the class, who made the attempt; ``other``: a learner of another class; ``elsewhere``: who teaches
that one."""

EVERYBODY = frozenset(ROLES)
SIGNED_IN = EVERYBODY - {"stranger", "guest"}
OWN = frozenset({"learner"})
STAFF = frozenset({"assistant", "instructor", "owner"})
CLASS = STAFF | OWN
INSTRUCTOR = frozenset({"instructor", "owner"})
DESK = INSTRUCTOR | {"elsewhere"}
TEACHING = DESK | {"assistant"}
OWNER = frozenset({"owner"})

AUDIENCE: Final[dict[frozenset[str], str]] = {
    # One's own work and settings are among them: they are kept by the cookie, and name nobody else.
    EVERYBODY: """
        audit.page audit.begin audit.save audit.done book.entry book.home book.mark book.note bookguide.page
        bookindex.build bookindex.index bookindex.term bookwords.words drills.after_round drills.answer
        drills.begin_round drills.in_round drills.next_one drills.one drills.overview entrance.link entrance.use_link
        exams.begin exams.overview goal.keep joining.ask joining.door joining.enter joining.go keys.page learn.case
        learn.history learn.home learn.patient learn.rename me.chart me.overview me.spent practicelog.log
        practicelog.log_csv problems.case projector.live projector.one
        reference.about reference.find reference.rule reference.rules
        lti.jwks lti.launch lti.login ltilearner.same ltiselect.choose
        reference.search_rules reference.suggest room.mine signin.account signin.change signin.page signin.sign_in
        signin.sign_out static trial.answer trial.try_it work.check work.draft work.hint work.key work.move work.restart
        """,
    SIGNED_IN: "signin.everywhere",
    OWN: """
        disputing.attempt disputing.withdraw
        exams.report sitting.contents sitting.finish sitting.question sitting.save labreport.mine problems.attempt
        querying.step room.case stepping.step
        """,
    CLASS: """
        disputing.of_class
        audit.result consequences.fragment consequences.page learn.attempt stepping.take_along
        hours.join hours.leave hours.mine hours.now room.join room.of_class room.page room.state
        talkroom.ask talkroom.new talkroom.one talkroom.overview talkroom.post talkroom.remove
        """,
    STAFF: """
        board.address board.live board.one board.show disputedesk.one disputedesk.overview
        classroom.one hoursdesk.change hoursdesk.line labpages.control labpages.give_time labpages.one labpages.seats
        ltigrades.one
        results.class_download results.download results.gradebook results.lab results.learner
        talkdesk.count talkdesk.open_thread talkdesk.overview talkdesk.settle
        """,
    INSTRUCTOR: """
        disputedesk.decide journal.of_class
        classroom.ask_roster classroom.change_member classroom.invite_assistant classroom.settings classroom.take_roster
        labpages.change labpages.create labpages.edit labpages.new ltigrades.change
        """,
    TEACHING: "classroom.overview",
    DESK: """
        classroom.create coverage.page editor.form editor.lint editor.page editor.save editor.show
        lticourse.page lticourse.connect
        history.list_all history.restore history.version newcase.form newcase.make practicelog.check teach.dealt_with
        regradepages.carry_out regradepages.look
        teach.desk teach.download teach.file teach.look teach.search upkeep.page
        uploads.check uploads.confirm uploads.difference uploads.form uploads.show
        """,
    OWNER: "classroom.change_staff classroom.staff journal.everything",
}
ALLOWED: Final = {endpoint: roles for roles, endpoints in AUDIENCE.items() for endpoint in endpoints.split()}

FIELDS: Final[dict[str, dict[str, str]]] = {
    "joining.go": {"code": "{code}"},
    "exams.begin": {"exam": "drills"},
    "audit.save": {"audit": "{audit}"},
    "disputing.withdraw": {"dispute": "{dispute_id}"},
    "stepping.step": {"problem": "pair-0"},
    "querying.step": {"query": "all"},
    "signin.change": {"login": "somebody", "secret": "a good long one", "again": "a good long one"},
    "signin.sign_in": {"login": "nobody", "secret": "x"},
}
"""What a form has to say before its answer can be anything but *there is no such thing*."""

NO_SUCH: Final[set[str]] = {
    *("audit.save", "audit.done", "signin.sign_in", "history.restore", "history.version", "history.list_all"),
    *("uploads.confirm", "uploads.difference", "uploads.show", "bookindex.index", "bookindex.term", "me.spent"),
    *("talkroom.remove", "talkroom.post", "hoursdesk.change"),
    # Without what a platform has signed they refuse everybody alike.
    *("lti.login", "lti.launch", "ltiselect.choose", "ltilearner.same"),
}
"""What answers those who may ask with 403 or 404 too: there is nothing (yet) that they could have asked for.
Nobody else learns from it whether there is."""


HTMX: Final = ("stepping.take_along", "consequences.fragment")
"""Without htmx these lead to a page, whoever asks."""


@dataclass
class Place:
    """A whole place with two classes, the values for its addresses, and a browser's cookie for each role."""

    app: Flask
    house: House
    values: dict[str, Any]
    special: dict[str, dict[str, Any]]
    cookies: dict[str, tuple[str, str]] = field(default_factory=dict)

    def enter(self, role: str, id: str) -> None:
        """Begin a session: with an account for those who are somebody's; a cookie only for a guest; none at all."""
        browser = Learner(self.app)
        if id:
            with browser.client.session_transaction() as session:
                session.update(learner=id, name=role.title(), met=True)
                if role != "guest":
                    accounts.put(self.house.store, id, f"{role}@school.example", "no secret fits this")
                    session.update(account=0, since=int(time.time()), used=int(time.time()))
        page = browser.get("/signin").text
        token = page.partition('name="csrf-token" content="')[2].partition('"')[0]
        assert token
        cookie = browser.client.get_cookie(str(self.app.config["SESSION_COOKIE_NAME"]))
        assert cookie
        self.cookies[role] = (cookie.value, token)

    def ask(self, role: str, path: str, endpoint: str, method: str) -> TestResponse:
        """One request with the cookie that the role came with."""
        client: FlaskClient = self.app.test_client()
        value, token = self.cookies[role]
        client.set_cookie(str(self.app.config["SESSION_COOKIE_NAME"]), value)
        if method == "GET":
            return client.get(path)
        said = {name: str(text).format(**self.values) for name, text in FIELDS.get(endpoint, {}).items()}
        headers = {"HX-Request": "true"} if endpoint in HTMX else {}
        return client.open(path, method=method, data={"csrf_token": token, **said}, headers=headers)

    def routes(self) -> list[tuple[str, str, str]]:
        """(endpoint, method, address) of the whole map."""
        out = []
        with self.app.test_request_context():
            adapter = self.app.url_map.bind("localhost")
            for rule in self.app.url_map.iter_rules():
                given = {**self.values, **self.special.get(rule.endpoint, {})}
                path = adapter.build(rule.endpoint, {name: given[name] for name in rule.arguments})
                out += [
                    (rule.endpoint, method, path) for method in sorted((rule.methods or set()) - {"OPTIONS", "HEAD"})
                ]
        return out


def methods(rule: Rule) -> list[str]:
    return sorted((rule.methods or set()) - {"OPTIONS", "HEAD"})


def rows(path: Path) -> list[str]:
    """All that the database holds."""
    with sqlite3.connect(path) as db:
        return [line for line in db.iterdump() if line.startswith("INSERT")]


@pytest.fixture
def data(data: Path) -> Path:
    """The door for schools' systems is open too."""
    ltikit.configure(data)
    return data


@pytest.fixture
def place(data: Path) -> Any:
    app = create_app(data, Path(__file__).parent.parent / "cases")
    house: House = app.extensions["sandbox"]
    store = house.store
    ids = {role: f"{n:032x}" for n, role in enumerate(ROLES[1:], 0xA0)}
    room = resultkit.room(house, ids["instructor"], "Here")
    away = resultkit.room(house, ids["elsewhere"], "Away")
    for role in ("guest", "assistant"):
        people.add_learner(store, ids[role], role.title())
    people.add_learner(store, ids["owner"], "Owner", "owner")
    people.use_link(store, people.new_link(store, f"assistant:{room.class_id}"), ids["assistant"])
    member = room.sit(ids["learner"], "Ada Learner", "A1")
    away.sit(ids["other"], "Otto Other")
    # Otherwise one of the requests below settles it, and has changed something.
    resultkit.long_over(house, away.lab)
    labend.settle_due(house)
    attempt = room.hand_in(ids["learner"], CASES[0])
    file = house.cases.get(CASES[0])
    assert file
    audits.begin(store, ids["learner"], CASES[0], file.hash, 1, [])
    running = audits.open_one(store, ids["learner"], CASES[0])
    assert running
    audits.hand_in(store, running.id, {}, {key: [] for key in ("outcomes", "alarms", "extra", "right", "figures")})
    inbox.put(store, "chart", "A page", "Something is wrong.")
    question = talk.ask(store, room.class_id, "", talk.New(ids["learner"], "How is this meant?", "t1", True))
    new = disputes.New(room.class_id, ids["learner"], attempt, 0, "dx1", "x", CASES[0], "Why.", "hp", "x")
    disputes.add(store, new, 5)
    dispute = disputes.of_attempt(store, attempt)[0].id
    rosters.take_list(store, room.class_id, [Entry(2, "Not Here Yet", "N1")], slips=True)
    found = classes.get(store, room.class_id)
    assert found
    values: dict[str, Any] = {
        "class_id": room.class_id, "lab_id": room.lab, "member_id": member, "id": attempt, "about_id": question,
        "dispute_id": dispute,
        "kind": "questions", "case_id": CASES[0], "place": 1, "code": found.code, "system": "icd-10-cm",
        "token": "none", "name": "gradebook.csv", "what": "now", "number": 1, "many": 5, "seed": 1,
        "filename": "css/book.css", "paper": 0, "audit": running.id,
    }  # fmt: skip
    made = Place(app, house, values, {})
    for role in ROLES:
        made.enter(role, ids.get(role, ""))
    answer = made.ask("learner", "/exams", "exams.begin", "POST")
    made.values["paper"] = int(answer.headers["Location"].split("/")[2])
    board.new_address(store, room.lab)
    course = [*["https://moodle.school.example", "x", "1", "course"], "Course", 0]
    with app.test_request_context():
        connects = ltihouse.signer("lti-course").dumps(course)
        wall = projector.address(house, room.lab).rpartition("/")[2]
    made.special = {
        **{key: {"token": wall} for key in ("projector.one", "projector.live")},
        **{key: {"token": connects} for key in ("lticourse.page", "lticourse.connect")},
        "audit.result": {"id": running.id},
        "teach.dealt_with": {"id": 1},
        "book.entry": {"code": "J02.0"},
        "book.mark": {"code": "J02.0"},
        "book.note": {"code": "J02.0"},
        "bookindex.index": {"kind": "diseases"},
        "bookindex.term": {"kind": "diseases"},
        "reference.rule": {"id": "SEQ01"},
        "me.chart": {"what": "load"},
        **{key: {"token": people.new_link(store, "instructor")} for key in ("entrance.link", "entrance.use_link")},
        **{key: {"kind": "side"} for key in ("drills.one", "drills.answer", "drills.next_one")},
    }
    yield made
    house.close()


def test_every_route_has_its_audience(app: Flask) -> None:
    there = {rule.endpoint for rule in app.url_map.iter_rules()}
    assert there - ALLOWED.keys() == set(), "a route that nobody has said who may use"
    assert ALLOWED.keys() - there == set(), "an audience of a page that is gone"
    assert sum(len(endpoints.split()) for endpoints in AUDIENCE.values()) == len(ALLOWED), "two audiences for one page"


def test_whoever_may_not_is_refused_and_changes_nothing(place: Place) -> None:
    wrong, before = [], rows(place.house.store.path)
    for endpoint, method, path in place.routes():
        for role in ROLES:
            if role in ALLOWED[endpoint]:
                continue
            answer = place.ask(role, path, endpoint, method)
            if answer.status_code not in (403, 404):
                wrong.append(f"{method} {path} as {role}: {answer.status_code}")
        after = rows(place.house.store.path)
        if after != before:
            wrong.append(f"{method} {path} changed {sorted({*after} ^ {*before})[:3]}")
            before = after
    assert not wrong, "\n".join(wrong)


def test_whoever_may_is_let_in_and_sees_nobodys_id(place: Place) -> None:
    store, wrong = place.house.store, []
    ids = [row["id"] for row in store.rows("SELECT id FROM learners")]
    assert len(ids) >= 7
    kept = sqlite3.connect(":memory:")
    with sqlite3.connect(store.path) as now:
        now.backup(kept)
    for endpoint, method, path in place.routes():
        for role in sorted(ALLOWED[endpoint]):
            answer = place.ask(role, path, endpoint, method)
            if (answer.status_code in (401, 403, 404) and endpoint not in NO_SUCH) or answer.status_code >= 500:
                wrong.append(f"{method} {path} as {role}: {answer.status_code}")
            said = answer.get_data() + answer.headers.get("Location", "").encode()
            wrong += [f"{method} {path} as {role} tells the id of a learner" for id in ids if id.encode() in said]
            answer.close()
            if method != "GET":
                with sqlite3.connect(store.path) as now:
                    kept.backup(now)
                place.house.labs.renew(place.values["lab_id"])
    assert not wrong, "\n".join(wrong)


def test_a_lab_or_member_of_another_class_is_not_found_through_ones_own(place: Place) -> None:
    """The guard looks at the class of an address; its lab, member and question have to be of that class."""
    store, wrong = place.house.store, []
    away = next(one for one in classes.of_staff(store, "", every=True) if one.name == "Away")
    lab = labs.of_class(store, away.id)[0].id
    member = next(one.id for one in classes.members(store, away.id) if one.name == "Otto Other")
    before = rows(store.path)
    swaps = {"lab_id": lab, "member_id": member, "about_id": 999}
    for rule in place.app.url_map.iter_rules():
        for name in swaps.keys() & rule.arguments:
            if "class_id" not in rule.arguments:
                continue
            given = {**place.values, name: swaps[name]}
            with place.app.test_request_context():
                path = place.app.url_map.bind("localhost").build(rule.endpoint, {n: given[n] for n in rule.arguments})
            for method in methods(rule):
                answer = place.ask("instructor", path, rule.endpoint, method)
                if answer.status_code != 404:
                    wrong.append(f"{method} {path}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)
    assert rows(store.path) == before


def test_what_was_made_in_the_lab_of_another_class_is_for_the_staff_of_that_class_alone(place: Place) -> None:
    store, learner = place.house.store, f"{0xA0 + ROLES.index('learner') - 1:032x}"
    row = store.row("SELECT id, class FROM labs WHERE id != ?", place.values["lab_id"])
    assert row
    there = resultkit.Room(place.house, row["class"], row["id"])
    there.sit(learner, "Ada Learner Too")
    attempt = there.hand_in(learner, CASES[1])
    for path, endpoint in (("", "learn.attempt"), ("/payment", "consequences.of_attempt")):
        for role, allowed in (
            ("learner", True), ("elsewhere", True), ("owner", True), ("instructor", False), ("assistant", False),
            ("other", False),
        ):  # fmt: skip
            status = place.ask(role, f"/attempts/{attempt}{path}", endpoint, "GET").status_code
            assert (status == 200) == allowed and status in (200, 404), (role, path, status)


def test_a_held_report_is_nobodys_before_its_time_but_the_staffs(place: Place) -> None:
    held = attempts.get(place.house.store, place.values["id"])
    assert held
    with place.house.store.write() as db:
        db.execute("UPDATE attempts SET held = 1 WHERE id = ?", (held.id,))
    for path in ("", "/payment", "/problem"):
        answer = place.ask("learner", f"/attempts/{held.id}{path}", "learn.attempt", "GET")
        assert answer.status_code == 409, path
    assert place.ask("assistant", f"/attempts/{held.id}", "learn.attempt", "GET").status_code == 200
