"""Scores on their way to a school's system: when, once, again, after a crash, and what the staff see of it."""

import csv
import datetime as dt
import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import ltikit
import pytest
import resultkit
from accountkit import Person, teacher
from flask import Flask
from ltikit import Visitor
from ltiplatform import AGS, SCOPES, Link, Platform, User
from resultkit import CASES, Room

from sandbox.judge import judge
from sandbox.store import attempts, classes, lti, lti_grades, regrades
from sandbox.web.house import House
from sandbox.web.ltisender import Sender

ADA, BEN = User("u-ada", "Ada Lee"), User("u-ben", "Ben Ray")


@pytest.fixture
def sender(app: Flask) -> Sender:
    found: Sender = app.extensions["lti-sender"]
    return found


def a_room(house: House, platform: Platform, owner: str = "t" * 32, **plan: Any) -> Room:
    found = resultkit.room(house, owner, **{"variants": False, **plan})
    ltikit.bind(house, platform, found.class_id)
    return found


@pytest.fixture
def room(house: House, platform: Platform) -> Room:
    return a_room(house, platform)


def sits(app: Flask, platform: Platform, room: Room, user: User = ADA) -> str:
    """Somebody comes by the link of the lab, and begins. Returns the learner's id."""
    visitor = Visitor(app)
    where = visitor.launch(platform, user, Link("lab-link", {"lab": str(room.lab)})).headers["Location"]
    assert visitor.send(f"{where}/join").status_code == 303
    return visitor.id


def given(platform: Platform, user: User = ADA) -> list[float]:
    return [said["scoreGiven"] for _, said in platform.scores if said["userId"] == user.id]


def test_a_score_goes_once_when_the_lab_is_over(app: Flask, platform: Platform, room: Room, sender: Sender) -> None:
    me = sits(app, platform, room)
    room.hand_in(me, CASES[0])
    assert sender.once() == 0 and platform.scores == []
    resultkit.long_over(room.house, room.lab)
    assert sender.once() == 1
    [(item, said)] = platform.scores
    assert item == "lab-link"
    assert (said["scoreGiven"], said["scoreMaximum"], said["userId"]) == (50, 100, "u-ada")
    assert (said["activityProgress"], said["gradingProgress"]) == ("Completed", "FullyGraded")
    assert sender.once() == sender.once() == 0
    assert len(platform.scores) == 1


def test_the_score_of_a_lab_is_that_of_the_gradebook(
    app: Flask, platform: Platform, house: House, sender: Sender
) -> None:
    mine = teacher(app, "tea@school.example")
    room = a_room(house, platform, mine.id)
    me = sits(app, platform, room)
    room.hand_in(me, CASES[0], wrong="I10")
    room.hand_in(me, CASES[1])
    resultkit.long_over(room.house, room.lab)
    sender.once()
    book = mine.get(f"/classes/{room.class_id}/labs/{room.lab}/results/gradebook.csv").data.decode("utf-8-sig")
    [line] = [row for row in csv.DictReader(io.StringIO(book)) if row["Name"] == "Ada Lee"]
    assert 50 < float(line["Mean"]) < 100
    assert given(platform) == [float(line["Mean"])]


def test_who_handed_in_nothing_has_no_score(app: Flask, platform: Platform, room: Room, sender: Sender) -> None:
    sits(app, platform, room)
    resultkit.long_over(room.house, room.lab)
    assert sender.once() == 0 and platform.scores == []


@pytest.mark.parametrize(
    ("plan", "early"),
    [
        ({"feedback": "at_once", "attempts": 0}, True),
        ({"feedback": "at_once", "attempts": 1}, True),
        ({"feedback": "at_once", "attempts": 3}, True),
        ({"feedback": "handed_in"}, True),
        ({"feedback": "after"}, False),
    ],
)
def test_where_nothing_can_change_a_score_does_not_wait_for_the_end(
    app: Flask, platform: Platform, house: House, sender: Sender, plan: dict[str, Any], early: bool
) -> None:
    room = a_room(house, platform, **plan)
    me = sits(app, platform, room)
    room.hand_in(me, CASES[0])
    assert sender.once() == 0
    room.hand_in(me, CASES[1])
    assert sender.once() == int(early)
    resultkit.long_over(room.house, room.lab)
    sender.once()
    assert given(platform) == [100]


def test_checks_that_are_left_hold_a_score_that_is_not_full(
    app: Flask, platform: Platform, house: House, sender: Sender
) -> None:
    room = a_room(house, platform, feedback="at_once", attempts=2)
    me = sits(app, platform, room)
    for case in CASES:
        room.hand_in(me, case, wrong="I10")
    assert sender.once() == 0
    for case in CASES:
        room.hand_in(me, case, wrong="E11.9")
    assert sender.once() == 1


def test_a_regraded_score_goes_again_with_a_later_time(
    app: Flask, platform: Platform, room: Room, sender: Sender
) -> None:
    me = sits(app, platform, room)
    attempt = room.hand_in(me, CASES[0])
    resultkit.long_over(room.house, room.lab)
    sender.once()
    for score in (0.4, 0.8, 0.8):
        with room.house.store.write() as db:
            db.execute("UPDATE attempts SET score = ? WHERE id = ?", (score, attempt))
        sender.once()
    assert given(platform) == [50, 20, 40]
    times = [said["timestamp"] for _, said in platform.scores]
    assert times == sorted(set(times))


def test_a_clock_that_was_set_back_does_not_hold_scores(
    app: Flask, platform: Platform, room: Room, sender: Sender
) -> None:
    me = sits(app, platform, room)
    attempt = room.hand_in(me, CASES[0])
    resultkit.long_over(room.house, room.lab)
    sender.once()
    with room.house.store.write() as db:
        db.execute("UPDATE lti_grades SET stamp = '2099-01-01T00:00:00.000Z'")
        db.execute("UPDATE attempts SET score = 0.2 WHERE id = ?", (attempt,))
    sender.once()
    assert platform.scores[-1][1]["timestamp"] == "2099-01-01T00:00:00.001Z"


def test_a_case_has_the_best_score_of_practice_before_the_key_was_shown(
    app: Flask, platform: Platform, room: Room, sender: Sender
) -> None:
    visitor = Visitor(app)
    case = "sore-arm-and-an-empty-bottle"
    visitor.launch(platform, ADA, Link("case-link", {"case": case}))
    assert sender.once() == 0
    visitor.check(["I10"], case)
    assert sender.once() == 1
    visitor.send(f"/cases/{case}/key")
    room.house.store.rows("SELECT 1")
    file = room.house.cases.get(case)
    assert file
    codes = [line.code for line in resultkit.key_claim(file.case).diagnoses]
    visitor.check(codes, case)
    last = attempts.latest(room.house.store, visitor.id, case)
    assert last and last.key_shown and last.score is not None and 100 * last.score > given(platform)[0]
    assert sender.once() == 0
    assert len(platform.scores) == 1


def test_what_is_learned_without_a_link_goes_nowhere(
    app: Flask, platform: Platform, room: Room, sender: Sender
) -> None:
    me = "9" * 32
    room.sit(me, "Not By Link")
    room.hand_in(me, CASES[0])
    plain = Visitor(app)
    plain.launch(platform, BEN, Link("lab-link", {"lab": str(room.lab)}, graded=False))
    plain.send(f"/labs/{room.lab}/join")
    room.hand_in(plain.id, CASES[0])
    resultkit.long_over(room.house, room.lab)
    assert sender.once() == 0


def test_without_network_scores_wait_and_go_when_it_is_back(
    app: Flask, platform: Platform, room: Room, sender: Sender
) -> None:
    for user in (ADA, BEN):
        room.hand_in(sits(app, platform, room, user), CASES[0])
    resultkit.long_over(room.house, room.lab)
    platform.answers = 503
    assert sender.once() == 0
    rows = lti_grades.of_class(room.house.store, room.class_id)
    assert {(row.state, row.tries) for row in rows} == {("waiting", 1)}
    assert all("503" in row.words and row.again for row in rows)
    assert len([path for path in platform.asked if path.endswith("/scores")]) == 1, "the second waits with the first"
    platform.answers = 200
    assert sender.once() == 0, "not before its time"
    passes(room.house)
    assert sender.once() == 2
    assert {row.state for row in lti_grades.of_class(room.house.store, room.class_id)} == {"sent"}


def passes(house: House) -> None:
    """The time of waiting is over."""
    with house.store.write() as db:
        db.execute("UPDATE lti_grades SET again = '2000-01-01T00:00:00.000Z'")


def test_each_try_waits_longer_up_to_three_hours(app: Flask, platform: Platform, room: Room, sender: Sender) -> None:
    room.hand_in(sits(app, platform, room), CASES[0])
    resultkit.long_over(room.house, room.lab)
    platform.answers = 500
    waits = []
    for _ in range(12):
        passes(room.house)
        moment = dt.datetime.now(dt.UTC)
        sender.once()
        [row] = lti_grades.of_class(room.house.store, room.class_id)
        waits.append(round((dt.datetime.fromisoformat(row.again) - moment).total_seconds() / 30))
    assert waits == sorted(waits) and waits[:4] == [1, 2, 4, 8] and waits[-1] == 360


def test_a_platform_that_is_gone_is_no_error_of_anybody(
    app: Flask, platform: Platform, room: Room, sender: Sender
) -> None:
    room.hand_in(sits(app, platform, room), CASES[0])
    resultkit.long_over(room.house, room.lab)
    platform.close()
    assert sender.once() == 0
    [row] = lti_grades.of_class(room.house.store, room.class_id)
    assert row.state == "waiting" and "cannot be reached" in row.words


def test_what_is_refused_is_shown_and_not_tried_again_by_itself(
    app: Flask, platform: Platform, house: House, sender: Sender
) -> None:
    mine = teacher(app, "tea@school.example")
    room = a_room(house, platform, mine.id)
    me = sits(app, platform, room)
    attempt = room.hand_in(me, CASES[0])
    resultkit.long_over(room.house, room.lab)
    platform.answers = 422
    sender.once()
    platform.answers = 200
    assert sender.once() == 0
    page = f"/classes/{room.class_id}/lti"
    assert "refused. The platform answered 422." in mine.get(page).text
    assert "The school" in mine.get(page).text and "Ada Lee" in mine.get(page).text
    assert mine.send(page, action="again").status_code == 303
    assert sender.once() == 1
    assert "sent 20" in mine.get(page).text
    with house.store.write() as db:
        db.execute("UPDATE attempts SET score = 0.2 WHERE id = ?", (attempt,))
    assert "waiting" in mine.get(page).text
    assert page in mine.get(f"/classes/{room.class_id}").text


def test_letting_go_of_a_course_closes_it_and_keeps_what_is_to_be_sent(
    app: Flask, platform: Platform, house: House, sender: Sender
) -> None:
    mine = teacher(app, "tea@school.example")
    room = a_room(house, platform, mine.id)
    room.hand_in(sits(app, platform, room), CASES[0])
    mine.send(f"/classes/{room.class_id}/lti", action="release")
    assert Visitor(app).launch(platform, BEN).status_code == 409
    assert "No course is connected" in mine.get(f"/classes/{room.class_id}/lti").text
    resultkit.long_over(room.house, room.lab)
    assert sender.once() == 1


def test_an_assistant_looks_and_changes_nothing(app: Flask, platform: Platform, house: House) -> None:
    mine, helper = teacher(app, "tea@school.example"), Person(app)
    room = a_room(house, platform, mine.id)
    helper.practises()
    lti.join_staff(house.store, room.class_id, helper.id, "assistant")
    page = f"/classes/{room.class_id}/lti"
    assert helper.get(page).status_code == 200 and "Let go" not in helper.get(page).text
    assert helper.send(page, action="release").status_code == 403
    assert lti.courses(house.store, room.class_id)


def test_a_platform_that_gives_a_list_only_gets_a_line_item_once(
    app: Flask, platform: Platform, room: Room, sender: Sender
) -> None:
    endpoint = {"scope": SCOPES, "lineitems": f"{platform.issuer}/lineitems"}
    for user in (ADA, BEN):
        visitor = Visitor(app)
        visitor.launch(platform, user, Link("lab-link", {"lab": str(room.lab)}), **{AGS: endpoint})
        visitor.send(f"/labs/{room.lab}/join")
        room.hand_in(visitor.id, CASES[0])
    resultkit.long_over(room.house, room.lab)
    assert sender.once() == 2
    [made] = platform.lineitems
    assert (made["label"], made["scoreMaximum"], made["tag"]) == ("Lab <one>", 100, f"lab-{room.lab}")
    assert {item for item, _ in platform.scores} == {"made-1"}


def test_without_the_right_to_send_scores_the_staff_are_told(
    app: Flask, platform: Platform, room: Room, sender: Sender
) -> None:
    visitor = Visitor(app)
    endpoint = {"scope": [], "lineitem": f"{platform.issuer}/lineitems/1"}
    visitor.launch(platform, ADA, Link("lab-link", {"lab": str(room.lab)}), **{AGS: endpoint})
    visitor.send(f"/labs/{room.lab}/join")
    room.hand_in(visitor.id, CASES[0])
    resultkit.long_over(room.house, room.lab)
    assert sender.once() == 0
    [row] = lti_grades.of_class(room.house.store, room.class_id)
    assert row.state == "refused" and "does not let" in row.words


_KILLED = """
import os, pathlib, sys
from sandbox.store import lti_grades
from sandbox.web import create_app
app = create_app(pathlib.Path(sys.argv[1]))
lti_grades.sent = lambda *_: os._exit(9)
app.extensions["lti-sender"].once()
"""


def test_killed_between_sending_and_noting_it_sends_once_more_and_then_no_more(
    app: Flask, data: Path, platform: Platform, room: Room, sender: Sender
) -> None:
    room.hand_in(sits(app, platform, room), CASES[0])
    resultkit.long_over(room.house, room.lab)
    done = subprocess.run([sys.executable, "-c", _KILLED, str(data)], check=False)
    assert done.returncode == 9
    assert given(platform) == [50]
    assert sender.once() == 1
    assert given(platform) == [50, 50]
    assert sender.once() == 0


def test_two_links_to_one_lab_get_the_score_each(app: Flask, platform: Platform, room: Room, sender: Sender) -> None:
    visitor = Visitor(app)
    for name in ("first", "second"):
        visitor.launch(platform, ADA, Link(name, {"lab": str(room.lab)}))
    visitor.send(f"/labs/{room.lab}/join")
    room.hand_in(visitor.id, CASES[0])
    resultkit.long_over(room.house, room.lab)
    assert sender.once() == 2
    assert {item for item, _ in platform.scores} == {"first", "second"}
    assert classes.role(room.house.store, room.class_id, visitor.id) == "learner"


def test_what_changes_while_it_is_looked_at_is_looked_at_again(
    app: Flask, platform: Platform, room: Room, sender: Sender
) -> None:
    store = room.house.store
    me = sits(app, platform, room)
    seen = lti_grades.to_look_at(store)
    assert [row.state for row in seen] == ["none"]
    room.hand_in(me, CASES[0])
    lti_grades.rest(store, seen)
    assert len(lti_grades.to_look_at(store)) == 1, "the answer came after the look"
    lti_grades.rest(store, lti_grades.to_look_at(store))
    assert lti_grades.to_look_at(store) == []
    resultkit.long_over(room.house, room.lab)
    sender.once()
    assert given(platform) == [50]
    assert lti_grades.to_look_at(store) == []


def test_what_others_do_or_one_does_elsewhere_is_not_looked_at(
    app: Flask, platform: Platform, room: Room, sender: Sender
) -> None:
    me = sits(app, platform, room)
    sender.once()
    other = "8" * 32
    room.sit(other, "Other")
    room.hand_in(other, CASES[0])
    away = resultkit.room(room.house, "s" * 32, "Away")
    away.sit(me, "Ada Lee")
    away.hand_in(me, CASES[0])
    assert lti_grades.to_look_at(room.house.store) == []


def test_a_link_that_is_set_for_something_else_has_its_scores_looked_at(
    app: Flask, platform: Platform, room: Room, sender: Sender
) -> None:
    room.hand_in(sits(app, platform, room), CASES[0])
    resultkit.long_over(room.house, room.lab)
    sender.once()
    visitor = Visitor(app)
    visitor.check(["I10"], CASES[1])
    again = Visitor(app)
    again.launch(platform, ADA, Link("lab-link", {"case": CASES[1]}))
    again.check(["I10"], CASES[1])
    assert sender.once() == 1
    assert given(platform)[0] == 50 and len(given(platform)) == 2


def test_disputes_that_are_granted_reach_the_platform(
    app: Flask, platform: Platform, room: Room, sender: Sender
) -> None:
    """By the way that grades anew, not by a row that a test has changed."""
    me = sits(app, platform, room)
    room.hand_in(me, CASES[0], wrong="I10")
    resultkit.long_over(room.house, room.lab)
    sender.once()
    store, [judged] = room.house.store, regrades.of_case(room.house.store, CASES[0])
    kept = attempts.get(store, judged.id)
    assert kept
    file = room.house.cases.get(CASES[0])
    assert file
    report = judge(file, resultkit.key_claim(file.case), room.house.codes, room.house.payer)
    new = regrades.Anew(judged.id, judged.score, 1.0, report.stored(), report.edition, report.checker)
    with store.write() as db:
        regrades.write(store, db, regrades.Why(CASES[0], "t" * 32, "granted", class_id=room.class_id), [new])
    assert sender.once() == 1
    assert given(platform)[1] == 50 > given(platform)[0]


def test_what_was_typed_and_never_sent_is_handed_in_by_the_one_who_sends(
    app: Flask, platform: Platform, room: Room, sender: Sender
) -> None:
    me = sits(app, platform, room)
    file = room.house.cases.get(CASES[0])
    assert file
    room.house.keep(file)
    lines = {"diagnoses": [{"code": file.case.key.diagnoses[0].code, "poa": "Y"}], "procedures": []}
    attempts.save_draft(room.house.store, me, file.id, file.hash, lines, lab=room.lab)
    resultkit.long_over(room.house, room.lab)
    assert sender.once() == 1, "judged without any page"
    assert [row["judged"] for row in room.house.store.rows("SELECT judged FROM attempts")] == [1]
