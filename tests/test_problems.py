"""Problems that learners report reach the instructor's inbox, with all that is needed to look into them."""

import pytest
from deskkit import Teacher
from flask import Flask
from webkit import HIP, Learner, field

from sandbox.store import inbox
from sandbox.web import problems
from sandbox.web.house import House


def send(learner: Learner, path: str, **fields: str):  # type: ignore[no-untyped-def]
    token = field(learner.get(path).text, "csrf_token")
    said = {"kind": "key", "text": "The chart says left.", **fields}
    return learner.client.post(path, data={"csrf_token": token, **said})


def test_a_problem_with_a_case_reaches_the_inbox_and_is_dealt_with(
    learner: Learner, teacher: Teacher, house: House
) -> None:
    answer = send(learner, f"/cases/{HIP}/problem")
    assert answer.status_code == 303 and "Thank you" in learner.get(answer.location).text
    (row,) = inbox.waiting(house.store)
    assert "The chart says left." in row["body"] and house.cases.cases()[HIP].hash in row["body"]
    desk = teacher.get("/teach").text
    assert "The chart says left." in desk
    token = field(desk, "csrf_token")
    assert teacher.client.post(f"/teach/inbox/{row['id']}/done", data={"csrf_token": token}).status_code == 303
    assert inbox.waiting(house.store) == []
    assert "The chart says left." not in teacher.get("/teach").text


def test_a_problem_with_a_report_takes_the_answer_and_the_line_along(learner: Learner, house: House) -> None:
    learner.check(["S72.002A/Y", "I10/Y", "N18.32/Y"])
    page = learner.get("/attempts/1/problem").text
    assert "rule CMB02" in page and "line S72.002A" in page and "M80.052A" not in page
    send(learner, "/attempts/1/problem", about="CMB02", kind="rule")
    (row,) = inbox.waiting(house.store)
    assert all(words in row["body"] for words in ("rule CMB02", "S72.002A", "ICD-10-CM FY2026", '"attempt": 1'))


@pytest.mark.parametrize(("about", "words"), [("line 1", "line S72.002A"), ("CMB02", "rule CMB02 (I10, N18.32)")])
def test_each_line_and_finding_leads_to_the_form_with_itself_chosen(
    learner: Learner, app: Flask, about: str, words: str
) -> None:
    answer = learner.check(["S72.002A/Y", "I10/Y", "N18.32/Y"]).text
    assert f'name="problem" value="{about}"' in answer
    token = learner.open()["csrf_token"]
    said = {"problem": about, "csrf_token": token}
    plain = learner.client.post("/attempts/1/step", data=said)
    assert plain.status_code == 303
    assert f'<option value="{about}" selected>{words}</option>' in learner.get(plain.location).text
    by_htmx = learner.post("/attempts/1/step", problem=about, csrf_token=token)
    assert (by_htmx.status_code, by_htmx.headers["HX-Redirect"]) == (204, plain.location)
    stranger = Learner(app)
    assert stranger.post("/attempts/1/step", problem=about, csrf_token=stranger.open()["csrf_token"]).status_code == 404


@pytest.mark.parametrize("fields", [{"text": "  "}, {"kind": "nonsense"}])
def test_what_is_missing_is_asked_for_and_nothing_typed_is_lost(
    learner: Learner, house: House, fields: dict[str, str]
) -> None:
    answer = send(learner, f"/cases/{HIP}/problem", **fields)
    assert answer.status_code == 400 and "Choose what it is about" in answer.text
    assert fields.get("text", "The chart says left.").strip() in answer.text
    assert inbox.waiting(house.store) == []


def test_a_report_sent_twice_is_one(learner: Learner, house: House) -> None:
    for _ in range(2):
        send(learner, f"/cases/{HIP}/problem")
    (row,) = inbox.waiting(house.store)
    assert row["times"] == 2


def test_nobody_floods_the_inbox(learner: Learner, house: House) -> None:
    for n in range(problems.MOST + 2):
        answer = send(learner, f"/cases/{HIP}/problem", text=f"Number {n}")
    assert answer.status_code == 400 and "a little later" in answer.text
    assert len(inbox.waiting(house.store)) == problems.MOST


def test_a_stranger_reports_nothing_about_an_attempt(learner: Learner, app: Flask) -> None:
    learner.check(["I10/Y"])
    assert Learner(app).get("/attempts/1/problem").status_code == 404
    assert Learner(app).get("/cases/nowhere/problem").status_code == 404


def test_what_is_written_is_shown_as_text(learner: Learner, teacher: Teacher) -> None:
    send(learner, f"/cases/{HIP}/problem", text="<script>alert(1)</script>")
    assert "<script>alert" not in teacher.get("/teach").text


def test_only_instructors_deal_with_reports(learner: Learner, house: House) -> None:
    send(learner, f"/cases/{HIP}/problem")
    token = field(learner.get(f"/cases/{HIP}/problem").text, "csrf_token")
    (row,) = inbox.waiting(house.store)
    assert learner.client.post(f"/teach/inbox/{row['id']}/done", data={"csrf_token": token}).status_code == 403
