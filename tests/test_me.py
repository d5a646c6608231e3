"""The learner's own page: what counts, what is offered, what is due, and the log that a school can check."""

import csv
import io
import re

import pytest
from deskkit import Teacher
from flask import Flask
from webkit import HIP, Learner

from sandbox.answers import key_claim
from sandbox.codes.codeset import CodeSet
from sandbox.progress import progress
from sandbox.store import mine
from sandbox.web.house import House

WRONG = ["S72.002A/Y", "I10/Y", "N18.32/Y"]


def me(learner: Learner) -> str:
    with learner.client.session_transaction() as session:
        return str(session["learner"])


def right(house: House, id: str = HIP) -> list[str]:
    file = house.cases.get(id)
    assert file
    return [f"{line.code}/{line.poa or ''}" for line in key_claim(file.case).diagnoses]


def test_a_stranger_finds_an_empty_page_with_something_to_begin(learner: Learner) -> None:
    page = learner.get("/me").text
    assert "0 attempts so far" in page and "A round of drills" in page


def test_only_the_first_attempt_counts_as_skill(learner: Learner, house: House, codes: CodeSet) -> None:
    learner.check(WRONG)
    before = progress(mine.attempts(house.store, me(learner)), house.cases.encounters(), codes)
    learner.check(right(house))
    after = progress(mine.attempts(house.store, me(learner)), house.cases.encounters(), codes)
    assert before.shares == after.shares
    (setting,) = after.shares["setting"]
    assert (setting.label, setting.right) == ("Inpatient", 1) and setting.of > 5
    assert any(share.id == "I.C.9" for share in after.shares["skill"])
    assert {label for label, _ in after.errors} >= {"Missing", "Wrong etiology"}


def test_after_the_key_nothing_counts_as_skill(learner: Learner, house: House, codes: CodeSet) -> None:
    learner.post(f"/cases/{HIP}/key", csrf_token=learner.open()["csrf_token"])
    learner.check(right(house))
    done = mine.attempts(house.store, me(learner))
    assert [one.first for one in done] == [False]
    assert progress(done, house.cases.encounters(), codes).shares["skill"] == ()


def test_after_an_audit_nothing_counts_as_skill(learner: Learner, house: House) -> None:
    learner.client.post(f"/cases/{HIP}/audit", data={"csrf_token": learner.open()["csrf_token"]})
    learner.check(WRONG)
    assert [one.first for one in mine.attempts(house.store, me(learner))] == [False]


def test_the_page_says_how_many_and_keeps_silent_below_five(learner: Learner) -> None:
    learner.check(WRONG)
    page = learner.get("/me").text
    assert re.search(r"\d+ of \d+</td>", page) and "too few" in page
    assert "Kinds of error" in page


@pytest.mark.parametrize("what", ["skill", "chapter", "specialty", "setting", "errors", "load"])
def test_charts_are_images_that_run_nothing(learner: Learner, what: str) -> None:
    learner.check(WRONG)
    for dark in ("", "?dark=1"):
        answer = learner.get(f"/me/chart/{what}.svg{dark}")
        assert answer.mimetype == "image/svg+xml" and b"<script" not in answer.data and b"<svg" in answer.data
    assert learner.get("/me/chart/nothing.svg").status_code == 404


def test_a_drill_comes_back_as_well(learner: Learner, house: House) -> None:
    page = learner.get("/drills/order/3").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    learner.client.post("/drills/order/3", data={"csrf_token": token[1], "chosen": "a"})
    house.store.writer.execute("UPDATE drill_answers SET made = '2026-01-01T10:00:00.000Z'")
    page = learner.get("/me").text
    assert "Drill: Which comes first?" in page and "Due again" in page


def test_active_seconds_are_bounded_by_the_clock(learner: Learner, house: House) -> None:
    token = learner.open()["csrf_token"]
    for _ in range(5):
        assert learner.post(f"/cases/{HIP}/spent", seconds="100", csrf_token=token).status_code == 204
    ((_, seconds),) = mine.spent(house.store, me(learner)).items()
    assert 100 <= seconds < 115
    for odd in ("-5", "99999", "x", ""):
        assert learner.post(f"/cases/{HIP}/spent", seconds=odd, csrf_token=token).status_code == 404
    learner.check(WRONG)
    assert "Active on this case that day: 2 min" in learner.get("/attempts/1").text


def test_the_log_lists_each_day_and_sums_up(learner: Learner) -> None:
    learner.check(WRONG)
    learner.check([*WRONG, "E03.9/Y"])
    page = learner.get("/me/log").text
    assert "<strong>1</strong> encounters" in page and "<strong>2</strong> attempts" in page
    assert "Nothing was checked" in learner.get("/me/log?from=2020-01-01&to=2020-02-01").text
    assert learner.get("/me/log?from=soon&to=2026-99-99").status_code == 200


def test_the_csv_is_for_spreadsheets_and_runs_nothing_in_them(learner: Learner, house: House) -> None:
    learner.check(WRONG)
    house.store.writer.execute("UPDATE attempts SET case_id = '=cmd()'")
    answer = learner.get("/me/log.csv")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    head, row = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert head[0] == "date" and row[1] == "'=cmd()"


def test_a_log_can_be_checked_by_an_instructor_and_by_nobody_else(learner: Learner, teacher: Teacher) -> None:
    learner.check(WRONG)
    seal = re.search(r"<code>([^<]+)</code>", learner.get("/me/log").text)
    assert seal
    assert "Made here: Guest" in teacher.get(f"/me/log/check?seal={seal[1]}").text
    assert "not made here" in teacher.get(f"/me/log/check?seal={seal[1]}x").text
    assert learner.get(f"/me/log/check?seal={seal[1]}").status_code == 403


def test_nobody_sees_the_progress_of_another(app: Flask, learner: Learner) -> None:
    learner.check(WRONG)
    other = Learner(app)
    assert "0 attempts so far" in other.get("/me").text
    assert "Nothing was checked" in other.get("/me/log").text


def test_calibration_is_drawn_from_ten_claims_and_says_what_is_missing(learner: Learner, house: House) -> None:
    learner.check(WRONG, sure="certain")
    page = learner.get("/me").text
    assert "A chart needs 9 more claims" in page and "/me/chart/sure.svg" not in page
    assert b"Certain" not in learner.get("/me/chart/sure.svg").data
    file = house.cases.get(HIP)
    assert file
    procedures = [line.code for line in key_claim(file.case).procedures]
    for n in range(9):
        if n < 6:
            learner.check(right(house), sure="not", px=procedures)
        else:
            learner.check(WRONG, sure="certain")
    page = learner.get("/me").text
    assert "more claims of which" not in page and "/me/chart/sure.svg" in page
    drawn = learner.get("/me/chart/sure.svg").text
    assert "Certain (4)" in drawn and "Not sure (6)" in drawn and "Fairly sure" not in drawn
    rows = re.findall(r"<tr><th scope=.row.>(Certain|Not sure)</th><td>(\d+)</td><td>(\d+)</td><td>(\d+ %)", page)
    assert [row[:3] for row in rows] == [("Certain", "4", "0"), ("Not sure", "6", "6")]
    assert rows[1][3] == "100 %" and rows[0][3] != "100 %"
