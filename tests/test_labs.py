"""A lab from its making to its end, as its instructor and its learners go through it."""

import datetime as dt
import re

import pytest
import resultkit
from deskkit import Teacher
from flask import Flask
from webkit import HIP, Learner, field
from werkzeug.test import TestResponse

from sandbox.classroom.roster import Entry
from sandbox.store import attempts, classes, labs, rosters
from sandbox.web.house import House

ARM = "sore-arm-and-an-empty-bottle"
MODES = {"hints": "1", "key": "1", "reserve": "1"}


class Pupil(Learner):
    """Somebody who has joined a lab by its code, with a PIN."""

    def __init__(self, app: Flask, code: str, name: str) -> None:
        super().__init__(app)
        door = f"/join/{code}"
        self.send(door, who=name)
        self.room = self.send(door, who=name, secret="kitten7", again="kitten7").location

    def send(self, path: str, htmx: bool = False, **fields: str) -> TestResponse:
        token = re.search(r'csrf-token" content="([^"]+)', self.get("/account").text)
        assert token
        headers = {"HX-Request": "true"} if htmx else {}
        return self.client.post(path, data={"csrf_token": token[1], **fields}, headers=headers)

    def sheet(self, place: int = 1) -> dict[str, str]:
        """The hidden fields of an encounter, and ``case_id``."""
        page = self.get(f"{self.room}/{place}").text
        found = re.search(r'action="/cases/([^"/]+)/check"', page)
        assert found
        return {name: field(page, name) for name in ("csrf_token", "case_hash", "token", "lab")} | {"case_id": found[1]}

    def answer(self, *codes: str, place: int = 1, what: str = "check", **other: str) -> TestResponse:
        fields = {**self.sheet(place), **other}
        return self.post(f"/cases/{fields.pop('case_id')}/{what}", list(codes), **fields)


class Made:
    """A class with a lab, and its teacher."""

    def __init__(self, app: Flask, **plan: object) -> None:
        self.app, self.teacher = app, Teacher(app)
        self.room = self.teacher.send("/classes", name="Class", joining="guests").location
        wanted = {"name": "Lab", "case": [HIP, ARM], "feedback": "at_once", **MODES, **plan}
        self.lab = self.teacher.send(f"{self.room}/labs/new", **wanted).location
        self.id = int(self.lab.rpartition("/")[2])
        found = re.search(r'bigcode">([A-Z]{6})<', self.teacher.get(self.lab).text)
        assert found
        self.code = found[1]

    def do(self, action: str) -> None:
        assert self.teacher.send(f"{self.lab}/control", action=action).status_code == 303

    def pupil(self, name: str) -> Pupil:
        pupil = Pupil(self.app, self.code, name)
        assert pupil.send(f"{pupil.room}/join").status_code == 303
        return pupil


def test_before_the_start_a_learner_waits_and_sees_no_case(app: Flask) -> None:
    made = Made(app)
    pupil = made.pupil("Ann")
    assert "Not begun" in pupil.get(pupil.room).text
    assert pupil.get(f"{pupil.room}/1").status_code == 404, "no seat was given yet"
    made.do("start")
    assert "Begin" in pupil.get(pupil.room).text


def test_at_once_the_report_comes_with_the_answer_and_checks_are_counted(app: Flask, house: House) -> None:
    made = Made(app, attempts="2")
    made.do("start")
    pupil = made.pupil("Ann")
    assert pupil.answer("I10/Y").headers["HX-Redirect"] == f"{pupil.room}/1"
    page = pupil.get(f"{pupil.room}/1").text
    assert "attempt 1" in page and "1 check left" in page
    assert pupil.answer("I10/Y", "E11.9/Y").status_code == 200
    assert pupil.answer("E78.5/Y").status_code == 409
    (one, *_) = labs.tasks(house.store, made.id, attempts.get(house.store, 1).learner)
    assert one.used == 2


def test_what_is_saved_or_waits_in_the_moments_after_the_end_is_seen_to_when_they_are_over(
    app: Flask, house: House
) -> None:
    made = Made(app, feedback="after")
    made.do("start")
    pupil = made.pupil("Ann")
    sheet = pupil.sheet()
    made.do("stop")
    made.teacher.get(made.lab)
    assert pupil.post(f"/cases/{sheet['case_id']}/draft", ["M80.052A"], **sheet).status_code == 200
    assert house.store.rows("SELECT 1 FROM attempts") == [], "typed a moment ago, and still with the learner"
    resultkit.long_over(house, made.id)
    made.teacher.get(made.lab)
    (row,) = house.store.rows("SELECT judged, held, lab FROM attempts")
    assert (row["judged"], row["held"], row["lab"]) == (1, 0, made.id)
    assert house.store.rows("SELECT 1 FROM labs WHERE settled != ''")


def test_an_answer_in_the_moments_after_the_end_is_not_held_for_ever(app: Flask, house: House) -> None:
    made = Made(app, feedback="after")
    made.do("start")
    pupil = made.pupil("Ann")
    made.do("stop")
    pupil.answer("I10/Y")
    assert pupil.get("/attempts/1").status_code == 200


def ended(made: Made, house: House) -> None:
    """The lab is stopped, and the moments after its end are over."""
    made.do("stop")
    resultkit.long_over(house, made.id)
    made.teacher.get(made.lab)


def sent(house: House) -> list[str]:
    """The lines of each attempt."""
    return [row["lines"] for row in house.store.rows("SELECT lines FROM attempts ORDER BY id")]


@pytest.mark.parametrize("feedback", ["handed_in", "after"])
def test_in_the_moments_after_the_end_ones_own_answer_counts_and_not_the_draft_before_it(
    app: Flask, house: House, feedback: str
) -> None:
    made = Made(app, feedback=feedback)
    made.do("start")
    pupil = made.pupil("Ann")
    pupil.answer("I10/Y", what="draft")
    sheet = pupil.sheet()
    made.do("stop")
    made.teacher.get(made.lab)
    assert "is handed in once the lab has ended" in pupil.get(pupil.room).text
    case, sheet["token"] = sheet.pop("case_id"), f"lab-lab-{made.id}-1"
    assert pupil.post(f"/cases/{case}/check", ["I10/Y", "E11.9/Y"], **sheet).status_code == 200
    ended(made, house)
    (lines,) = sent(house)
    assert "E11.9" in lines
    made.do("reopen")
    assert sent(house) == [lines], "whatever a form calls itself, what somebody sent is not taken back"


@pytest.mark.parametrize("how", ["reopen", "edit", "time"])
def test_a_lab_that_goes_on_gives_back_what_was_handed_in_by_itself(app: Flask, house: House, how: str) -> None:
    past = (dt.datetime.now(dt.UTC) - dt.timedelta(minutes=1)).isoformat()
    made = Made(app, feedback="handed_in")
    made.do("start")
    ann, bob = made.pupil("Ann"), made.pupil("Bob")
    ann.answer("I10/Y", what="draft")
    bob.answer("J18.9/Y")
    if how == "reopen":
        ended(made, house)
    else:
        with house.store.write() as db:
            db.execute("UPDATE labs SET ends = ? WHERE id = ?", (past, made.id))
        house.labs.renew(made.id)
        made.teacher.get(made.lab)
    assert len(sent(house)) == 2
    if how == "reopen":
        made.do("reopen")
    elif how == "edit":
        plan = {"name": "Lab", "case": [HIP, ARM], "feedback": "handed_in", **MODES, "ends": ""}
        assert made.teacher.send(f"{made.lab}/edit", **plan).status_code == 303
    else:
        member = house.store.row("SELECT id FROM members WHERE name = 'Ann'")
        assert member and made.teacher.send(f"{made.lab}/time", member=str(member[0]), minutes="30").status_code == 303
    assert [("J18.9" in lines) for lines in sent(house)] == [True], "Bob's own stays"
    assert 'value="I10"' in ann.get(f"{ann.room}/1").text
    assert ann.answer("I10/Y", "E11.9/Y").status_code == 200, "it can be handed in"
    assert len(sent(house)) == 2
    ended(made, house)
    assert len(sent(house)) == 2 and "E11.9" in sent(house)[1]


def test_what_a_new_grade_rests_on_is_not_given_back(app: Flask, house: House) -> None:
    made = Made(app, feedback="handed_in")
    made.do("start")
    made.pupil("Ann").answer("I10/Y", what="draft")
    ended(made, house)
    with house.store.write() as db:
        db.execute("INSERT INTO regrades VALUES (1, 1, 0.1, 0.2, '{}', '', '')")
    made.do("reopen")
    assert len(sent(house)) == 1


def test_without_the_key_no_line_is_compared_while_the_case_is_still_coded(app: Flask) -> None:
    made = Made(app, key=[])
    made.do("start")
    pupil = made.pupil("Ann")
    pupil.answer("I10/Y")
    assert pupil.send("/attempts/1/step", htmx=True, step="0-2").status_code == 200
    assert pupil.send("/attempts/1/step", htmx=True, step="0-3").status_code == 409
    assert pupil.answer(what="key").status_code == 409
    made.do("stop")
    assert pupil.send("/attempts/1/step", htmx=True, step="0-3").status_code == 200


def test_with_checks_as_often_as_wanted_the_fragment_comes_as_in_practice(app: Flask) -> None:
    made = Made(app)
    made.do("start")
    answer = made.pupil("Ann").answer("I10/Y")
    assert "HX-Redirect" not in answer.headers and 'id="feedback"' in answer.text


def test_handed_in_a_case_is_done_and_its_report_opens(app: Flask) -> None:
    made = Made(app, feedback="handed_in")
    made.do("start")
    pupil = made.pupil("Ann")
    said = pupil.answer("W01.0XXA/Y", what="draft")
    assert "first" not in said.text.lower(), "no rule speaks before the case is handed in"
    pupil.answer("I10/Y")
    assert 'id="feedback"' in pupil.get(f"{pupil.room}/1").text and pupil.get("/attempts/1").status_code == 200
    assert pupil.answer("E11.9/Y").status_code == 409
    assert pupil.answer("E11.9/Y", what="draft").status_code == 409


def test_after_the_lab_nothing_is_told_before_its_end(app: Flask, house: House) -> None:
    made = Made(app, feedback="after")
    made.do("start")
    pupil = made.pupil("Ann")
    pupil.answer("I10/Y")
    waiting = ["/attempts/1", "/attempts/1/payment", "/attempts/1/problem", f"{pupil.room}/report"]
    assert {path: pupil.get(path).status_code for path in waiting} == dict.fromkeys(waiting, 409)
    for step in ("step", "query", "lessons", "payment"):
        assert pupil.send(f"/attempts/1/{step}", htmx=True, step="0-2", query="all").status_code == 409
    page = pupil.get(f"{pupil.room}/1").text
    assert "Handed in" in page and "exact agreement" not in page.lower()
    for path in ("/", "/attempts", "/me", "/me/log.csv"):
        assert "attempts/1" not in pupil.get(path).text and HIP not in pupil.get("/me/log.csv").text
    assert pupil.answer(what="key").status_code == 409
    made.do("stop")
    assert {path: pupil.get(path).status_code for path in waiting} == dict.fromkeys(waiting, 200)
    assert "attempts/1" in pupil.get("/attempts").text


def test_what_was_typed_and_not_handed_in_is_handed_in_when_the_lab_ends_once(app: Flask, house: House) -> None:
    made = Made(app, feedback="after")
    made.do("start")
    pupil, other = made.pupil("Ann"), made.pupil("Bob")
    pupil.answer("I10/Y", what="draft", place=2)
    other.answer("E11.9/Y", place=2)
    ended(made, house)
    made.do("reopen")
    assert "attempts/" not in other.get("/attempts").text, "what was open waits again"
    ended(made, house)
    rows = house.store.rows("SELECT lines, held FROM attempts WHERE lab = ? ORDER BY id", made.id)
    assert [row["held"] for row in rows] == [0, 0] and "I10" in rows[1]["lines"]
    assert "attempts/" in other.get("/attempts").text
    assert "report" in pupil.get(pupil.room).text


@pytest.mark.parametrize("path", [f"/cases/{HIP}", f"/cases/{HIP}/audit", f"/cases/{HIP}/problem"])
def test_the_cases_of_a_lab_wait_for_those_in_it_and_for_strangers(app: Flask, path: str) -> None:
    made = Made(app)
    made.do("start")
    pupil, stranger = made.pupil("Ann"), Learner(app)
    assert pupil.get(path).status_code == stranger.get(path).status_code == 409
    assert made.teacher.get(f"/cases/{HIP}").status_code == 200
    made.do("stop")
    assert pupil.get(f"/cases/{HIP}").status_code == stranger.get(f"/cases/{HIP}").status_code == 200


def test_a_form_of_practice_cannot_be_posted_round_the_lab(app: Flask) -> None:
    made = Made(app, feedback="after")
    early = Learner(app)
    fields = early.open()
    made.do("start")
    pupil = made.pupil("Ann")
    mine = {**pupil.sheet(), "lab": ""}
    case = mine.pop("case_id")
    for what in ("check", "draft", "hint", "key", "lines"):
        assert pupil.post(f"/cases/{case}/{what}", ["I10/Y"], **mine).status_code == 409
        assert early.post(f"/cases/{HIP}/{what}", ["I10/Y"], **fields).status_code == 409
        assert early.post(f"/cases/{HIP}/{what}", ["I10/Y"], **{**fields, "lab": str(made.id)}).status_code == 404


def test_an_unreserved_lab_leaves_the_cases_to_others(app: Flask) -> None:
    made = Made(app, reserve=[])
    made.do("start")
    assert Learner(app).get(f"/cases/{HIP}").status_code == 200
    assert made.pupil("Ann").get(f"/cases/{HIP}").status_code == 409


def test_in_a_pause_nothing_is_checked_and_what_is_typed_is_kept(app: Flask) -> None:
    made = Made(app)
    made.do("start")
    pupil = made.pupil("Ann")
    made.do("pause")
    assert pupil.answer("I10/Y").status_code == 409
    assert pupil.answer("I10/Y", what="draft").status_code == 200
    assert "Paused" in pupil.send(f"{pupil.room}/state", htmx=True).text
    made.do("resume")
    assert pupil.answer("I10/Y").status_code == 200


def test_practice_before_the_lab_is_not_on_its_sheet_and_the_lab_not_on_that_of_practice(app: Flask) -> None:
    made = Made(app, reserve=[], variants=[])
    pupil = Pupil(app, made.code, "Ann")
    pupil.check(["Z99.89/Y"])
    pupil.post(f"/cases/{HIP}/draft", ["Z99.81/Y"], **pupil.open())
    made.do("start")
    pupil.send(f"{pupil.room}/join")
    assert "Z99.8" not in pupil.get(f"{pupil.room}/1").text
    pupil.answer("I10/Y", what="draft")
    made.do("stop")
    assert "Z99.81" in pupil.get(f"/cases/{HIP}").text


def test_another_machine_goes_on_where_the_first_was(app: Flask) -> None:
    made = Made(app)
    made.do("start")
    pupil = made.pupil("Ann")
    pupil.answer("E87.1/Y", what="draft")
    second = Learner(app)
    door = f"/join/{made.code}"
    token = field(second.get(door).text, "csrf_token")
    answer = second.client.post(door, data={"csrf_token": token, "who": "ann", "secret": "kitten7"})
    assert answer.location == pupil.room
    assert "E87.1" in second.get(f"{pupil.room}/1").text


def test_time_runs_out_for_each_and_extra_time_is_ones_own(app: Flask, house: House) -> None:
    made = Made(app, minutes="30")
    made.do("start")
    pupil, slow = made.pupil("Ann"), made.pupil("Bob")
    early = (dt.datetime.now(dt.UTC) - dt.timedelta(minutes=31)).isoformat(timespec="milliseconds")
    with house.store.write() as db:
        db.execute("UPDATE seats SET joined = ?", (early,))
        db.execute("UPDATE labs SET started = ?", (early,))
    house.labs.renew(made.id)
    page = made.teacher.get(made.lab).text
    members = dict(re.findall(r'<option value="(\d+)">(\w+)</option>', page))
    bob = next(id for id, name in members.items() if name == "Bob")
    assert made.teacher.send(f"{made.lab}/time", member=bob, minutes="10").status_code == 303
    assert pupil.answer("I10/Y").status_code == 409
    assert "over" in pupil.get(pupil.room).text
    assert slow.answer("I10/Y").status_code == 200


def test_a_lab_that_runs_stays_reachable_when_its_class_is_closed(app: Flask, house: House) -> None:
    made = Made(app)
    class_id = int(made.room.rpartition("/")[2])
    ann = Pupil(app, made.code, "Ann")
    rosters.take_list(house.store, class_id, [Entry(2, "Dan")], slips=False)
    assert made.teacher.send(f"{made.room}/settings", closed="1").status_code == 303
    door = f"/join/{made.code}"
    assert "in no class" in ann.get("/class").text and ann.get(door).status_code == 404, "not begun"
    for action in ("start", "pause"):
        made.do(action)
        assert ann.get("/class").location == f"/class/{class_id}"
        assert "Class" in ann.get("/account").text.partition("Your classes")[2]
        again = Learner(app)
        token = field(again.get(door).text, "csrf_token")
        back = again.client.post(door, data={"csrf_token": token, "who": "Ann", "secret": "kitten7"})
        assert back.location == ann.room and again.get(ann.room).status_code == 200
        for stranger in ("Eve", "Dan"):
            new = {"who": stranger, "secret": "kitten7", "again": "kitten7", "guest": "1"}
            other = Learner(app)
            token = field(other.get(door).text, "csrf_token")
            assert other.client.post(door, data={"csrf_token": token, **new}).status_code == 404, "nobody new"
    made.do("stop")
    assert "in no class" in ann.get("/class").text and ann.get(door).status_code == 404
    assert ann.get(f"/class/{class_id}").status_code == 200


def test_extra_time_for_somebody_who_has_not_begun_waits_for_them(app: Flask, house: House) -> None:
    made = Made(app, minutes="30")
    made.do("start")
    slow = Pupil(app, made.code, "Bob")
    found = re.search(r'<option value="(\d+)">Bob</option>', made.teacher.get(made.lab).text)
    assert found, "who has not begun can be given time"
    assert made.teacher.send(f"{made.lab}/time", member=found[1], minutes="10").status_code == 303
    text = made.teacher.send(f"{made.lab}/seats", htmx=True).text
    assert re.search(r'Bob</th>.*<td>10 <span class="soft">not begun', text) and "0 of 1 have begun" in text
    assert 'name="feedback"' in made.teacher.get(f"{made.lab}/edit").text, "what the lab asks can still be changed"
    assert "Begin" in slow.get(slow.room).text and slow.get(f"{slow.room}/1").status_code == 404
    for _ in range(2):
        assert slow.send(f"{slow.room}/join").status_code == 303
    assert "1 of 1 have begun" in made.teacher.send(f"{made.lab}/seats", htmx=True).text
    (seat,) = labs.seats(house.store, made.id)
    assert seat.extra == dt.timedelta(minutes=10) and len(labs.tasks(house.store, made.id, seat.learner)) == 2
    early = (dt.datetime.now(dt.UTC) - dt.timedelta(minutes=31)).isoformat(timespec="milliseconds")
    with house.store.write() as db:
        db.execute("UPDATE seats SET joined = ?", (early,))
        db.execute("UPDATE labs SET started = ?", (early,))
    house.labs.renew(made.id)
    assert slow.answer("I10/Y").status_code == 200


def test_extra_time_for_a_name_by_which_nobody_has_come_says_why_not(app: Flask, house: House) -> None:
    made = Made(app)
    class_id = int(made.room.rpartition("/")[2])
    rosters.take_list(house.store, class_id, [Entry(2, "Dan")], slips=False)
    (dan,) = [one for one in classes.members(house.store, class_id) if one.name == "Dan"]
    answer = made.teacher.send(f"{made.lab}/time", member=str(dan.id), minutes="10")
    assert answer.status_code == 409 and "Nobody has come by that name yet" in answer.text


def test_neighbours_get_other_patients_and_each_keeps_theirs(app: Flask, house: House) -> None:
    family = {file.id for file in house.cases.family(HIP)}
    assert len(family) > 2
    made = Made(app, variants="1")
    made.do("start")
    pupils = [made.pupil(f"P{n}") for n in range(8)]
    given = [pupil.sheet()["case_id"] for pupil in pupils]
    fair = [given.count(one) for one in family]
    assert set(given) == family and max(fair) - min(fair) <= 1, "as evenly as it goes"
    assert [pupil.sheet()["case_id"] for pupil in pupils] == given


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"name": " "}, "name"),
        ({"case": []}, "Choose between"),
        ({"many": "900"}, "no number"),
        ({"many": "30", "from": "5", "to": "1"}, "more cases fit"),
        ({"feedback": "never"}, "when the feedback"),
        ({"starts": "yesterday"}, "day and time"),
        ({"starts": "2026-05-02T10:00", "ends": "2026-05-02T09:00"}, "before the start"),
    ],
)
def test_a_lab_that_cannot_be_is_refused_with_the_reason_and_what_was_typed(
    app: Flask, wrong: dict[str, str], told: str
) -> None:
    teacher = Teacher(app)
    room = teacher.send("/classes", name="Class", joining="name").location
    answer = teacher.send(f"{room}/labs/new", **{"name": "Kept", "case": [HIP], "feedback": "after", **wrong})
    assert answer.status_code == 422 and told in answer.text
    assert "name" in wrong or 'value="Kept"' in answer.text


@pytest.mark.parametrize("edited", [False, True])
def test_a_form_that_was_refused_keeps_all_that_was_typed(app: Flask, edited: bool) -> None:
    made = Made(app, minutes="20", starts="2030-01-01T09:00", variants="1")
    typed = {
        "attempts": "3", "minutes": "45", "starts": "2031-05-02T10:00", "ends": "2031-05-02T09:00", "feedback": "after",
    }  # fmt: skip
    path = f"{made.lab}/edit" if edited else f"{made.room}/labs/new"
    answer = made.teacher.send(path, **typed, name="Lab", case=[ARM], many="", evidence="1")
    assert answer.status_code == 422
    assert {name: field(answer.text, name) for name in typed if name != "feedback"} | {"feedback": "after"} == typed
    ticked = re.findall(r'(?:name="(\w+)" )value="([^"]*)" checked', answer.text)
    assert ticked == [("case", ARM), ("feedback", "after"), ("evidence", "1")]


def test_a_filter_draws_cases_that_fit_and_once_joined_they_stay(app: Flask, house: House) -> None:
    made = Made(app, case=[], many="5", **{"from": "2", "to": "3", "setting": "emergency"})
    lab = house.labs.get(made.id)
    assert lab and len(set(lab.cases)) == 5
    for id in lab.cases:
        file = house.cases.get(id)
        assert file and file.case.setting == "emergency" and 2 <= file.case.difficulty <= 3
    made.do("start")
    made.pupil("Ann")
    again = {"name": "Another", "case": [ARM], "feedback": "after"}
    assert made.teacher.send(f"{made.lab}/edit", **again).status_code == 303
    changed = house.labs.get(made.id)
    assert changed and (changed.name, changed.cases) == ("Another", lab.cases) and changed.plan.feedback == "at_once"


def test_who_is_here_is_told_as_it_is_now(app: Flask) -> None:
    made = Made(app)
    made.do("start")
    pupil = made.pupil("Ann")
    assert "1 of 1 have begun" in made.teacher.send(f"{made.lab}/seats", htmx=True).text
    pupil.answer("I10/Y")
    assert " %" in made.teacher.send(f"{made.lab}/seats", htmx=True).text
