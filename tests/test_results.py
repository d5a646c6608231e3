"""After the lab: the figures on the pages are those of what was handed in, and nobody sees what is not theirs."""

import csv
import io
import json
import re

import openpyxl
import pytest
from flask import Flask
from resultkit import CASES, Room, browser, room
from webkit import Learner

from sandbox.store import classes, labs, people, results
from sandbox.web.house import House
from sandbox.web.resultsheet import benchmarks, submissions

HIP, ARM = CASES


@pytest.fixture
def lab(house: House) -> Room:
    made = room(house, "tina", "=Class")
    made.sit("ann", "Ann", "7", "ann@school.example")
    made.sit("bob", "=HYPERLINK(1)")
    made.sit("cat", "<b>Cat</b>")
    made.hand_in("ann", HIP)
    made.hand_in("ann", ARM)
    made.hand_in("bob", HIP, "I10")
    made.hand_in("bob", HIP)
    made.hand_in("cat", HIP, "I10")
    return made


@pytest.fixture
def tina(app: Flask, lab: Room) -> Learner:
    return browser(app, "tina")


def rows(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_only_first_submissions_count_and_the_wrong_code_is_told_with_its_kind(tina: Learner, lab: Room) -> None:
    page = tina.get(lab.results).text
    assert "First submissions only: 3 learners" in page
    assert re.search(r"<code>I10</code> [\w ,]+: 2</li>", page)
    assert "Discrimination rests on fewer than 30 learners in" in page and "over only 3<" in page
    assert "10.21315/mjms2018" in page
    handed = results.handed_in(lab.house.store, lab.class_id, lab.lab, pairs=True)
    there = lab.house.labs.get(lab.lab)
    assert there and len(handed) == 5
    first = submissions(lab.house, there, handed)
    assert [(one.item, one.score == 1) for one in first] == [(HIP, True), (ARM, True), (HIP, False), (HIP, False)]
    assert all(one.seconds is not None and 0 <= one.seconds < 60 for one in first)
    assert any("I.C." in skill for one in first for line in one.lines for skill in line.skills)


def test_formulas_stand_beside_the_figures(tina: Learner, lab: Room) -> None:
    page = tina.get(lab.results).text
    assert "corrected item-total correlation" in page and "k ÷ (k - 1)" in page
    assert "fewer than three learners have done this and another item" in page


def test_a_lab_without_answers_and_a_class_without_labs_say_so(app: Flask, house: House) -> None:
    empty = room(house, "tina")
    tina = browser(app, "tina")
    assert "Nobody of the class has handed in" in tina.get(empty.results).text
    bare = classes.create(house.store, "tina", "Bare", "name")
    assert "no lab yet" in tina.get(f"/classes/{bare.id}/gradebook").text
    for name in ("gradebook.csv", "gradebook.xlsx", "canvas.csv", "moodle-id.csv", "moodle-email.csv"):
        assert tina.get(f"/classes/{bare.id}/gradebook/{name}").status_code == 200
        assert tina.get(f"{empty.results}/{name}").status_code == 200
    assert tina.get(f"{empty.results}/xapi.ndjson").data == b""


def test_names_are_text_on_pages_and_in_files(tina: Learner, lab: Room) -> None:
    for path in (lab.results, f"/classes/{lab.class_id}/gradebook"):
        page = tina.get(path).text
        assert "&lt;b&gt;Cat&lt;/b&gt;" in page and "<b>Cat" not in page and "Lab <one>" not in page
    for path in (f"{lab.results}/", f"/classes/{lab.class_id}/gradebook/"):
        for name in ("gradebook.csv", "canvas.csv"):
            answer = tina.get(path + name)
            assert "attachment" in answer.headers["Content-Disposition"] and answer.mimetype == "text/csv"
            cells = [cell for row in rows(answer.data) for cell in row]
            assert "'=HYPERLINK(1)" in cells and not any(cell.startswith("=") for cell in cells)
        book = openpyxl.load_workbook(io.BytesIO(tina.get(f"{path}gradebook.xlsx").data)).active
        assert {cell.data_type for row in book.iter_rows() for cell in row} <= {"s", "n"}
    assert tina.get(f"{lab.results}/other.csv").status_code == 404


def test_the_best_counts_and_moodle_gets_those_it_can_find(tina: Learner, lab: Room) -> None:
    table = {row[0]: row for row in rows(tina.get(f"{lab.results}/gradebook.csv").data)}
    bob = table["'=HYPERLINK(1)"]
    assert bob[3] == "100" and 0 < float(bob[5]) < 100 and bob[4] == "" and bob[-1] == "50"
    moodle = {name: rows(tina.get(f"{lab.results}/moodle-{name}.csv").data) for name in ("id", "email")}
    assert moodle["id"][1:] == [["7", "100", "100"]] and moodle["email"][1:] == [["ann@school.example", "100", "100"]]
    whole = {row[0]: row for row in rows(tina.get(f"/classes/{lab.class_id}/gradebook/gradebook.csv").data)}
    assert whole["Ann"][3] == "100" and whole["'=HYPERLINK(1)"][3] == "50"


def test_statements_name_nobody(tina: Learner, lab: Room) -> None:
    answer = tina.get(f"{lab.results}/xapi.ndjson")
    some = [json.loads(line) for line in answer.text.splitlines()]
    assert [one["verb"]["display"]["en"] for one in some].count("completed") == 1 and len(some) == 6
    assert all(one["object"]["id"].startswith("http://localhost/") for one in some)
    assert not any(word in answer.text for word in ("Ann", "ann", "HYPERLINK", "school.example"))


def test_the_report_on_a_learner_tells_kinds_of_error_and_not_the_key(tina: Learner, lab: Room) -> None:
    page = tina.get(f"{lab.results}/{lab.member('cat')}").text
    assert "<code>I10</code>" in page and "not handed in" in page and "&lt;b&gt;Cat&lt;/b&gt;" in page
    assert "M80.051A" not in page and "M80.052A" not in page


def test_who_gets_in(app: Flask, lab: Room) -> None:
    store = lab.house.store
    other = room(lab.house, "otto", "Other")
    people.add_learner(store, "axel", "Axel")
    people.add_learner(store, "olga", "Olga", "owner")
    classes.add_learner(store, lab.class_id, "axel", "Axel")
    with store.write() as db:
        db.execute("UPDATE members SET role = 'assistant' WHERE learner = 'axel'")
    member = lab.member("ann")
    paths = [
        lab.results, f"{lab.results}/{member}", f"{lab.results}/gradebook.csv", f"{lab.results}/xapi.ndjson",
        f"/classes/{lab.class_id}/gradebook", f"/classes/{lab.class_id}/gradebook/canvas.csv",
    ]  # fmt: skip
    for path in paths:
        for who, status in (("tina", 200), ("axel", 200), ("olga", 200), ("otto", 404), ("ann", 404), ("no", 404)):
            assert browser(app, who).get(path).status_code == status, (who, path)
        assert Learner(app).get(path).status_code == 404
    # A lab, or a member, of another class is none of this class.
    otto = browser(app, "otto")
    assert otto.get(f"/classes/{other.class_id}/labs/{lab.lab}/results").status_code == 404
    assert otto.get(f"{other.results}/{member}").status_code == 404
    assert otto.get(f"{other.results}/{other.member('otto')}").status_code == 404, "staff without a seat"


def test_what_the_staff_tried_out_counts_nowhere(lab: Room) -> None:
    labs.join(lab.house.store, lab.lab, "tina", lambda: {1: HIP, 2: ARM})
    lab.hand_in("tina", HIP, "I10")
    assert len(results.handed_in(lab.house.store, lab.class_id, lab.lab)) == 5
    assert {row.who for row in results.firsts(lab.house.store, CASES)} == {1, 2, 3}


@pytest.mark.parametrize("feedback", ["at_once", "handed_in", "after"])
def test_a_learner_reads_the_own_report_once_the_feedback_is_open(app: Flask, house: House, feedback: str) -> None:
    made = room(house, "tina", feedback=feedback)
    made.sit("ann", "Ann")
    made.hand_in("ann", HIP, "I10", held=feedback == "after")
    ann, path = browser(app, "ann"), f"/labs/{made.lab}/report"
    assert ann.get(path).status_code == (200 if feedback == "at_once" else 409)
    made.hand_in("ann", ARM, held=feedback == "after")
    assert ann.get(path).status_code == (409 if feedback == "after" else 200)
    labs.stop(house.store, made.lab)
    house.labs.renew(made.lab)
    page = ann.get(path)
    assert page.status_code == 200 and "<code>I10</code>" in page.text
    for who in ("bob", "tina"):
        assert browser(app, who).get(path).status_code == 404
    assert Learner(app).get(path).status_code == 404 and ann.get("/labs/999/report").status_code == 404


def test_no_mean_is_shown_behind_which_few_stand(app: Flask, house: House) -> None:
    mine, theirs = room(house, "tina"), room(house, "otto")
    for n in range(5):
        mine.sit(f"m{n}", f"M{n}")
        mine.hand_in(f"m{n}", HIP)
    for n in range(4):
        theirs.sit(f"t{n}", f"T{n}")
        theirs.hand_in(f"t{n}", HIP, "I10")
    one = benchmarks(house, mine.class_id, CASES)[HIP]
    assert (one.mine, one.everybody) == (1.0, None), "four others could be made out by subtraction"
    assert benchmarks(house, theirs.class_id, CASES)[HIP].mine is None
    theirs.sit("t4", "T4")
    theirs.hand_in("t4", HIP, "I10")
    one = benchmarks(house, mine.class_id, CASES)[HIP]
    assert one.mine == 1.0 and one.everybody is not None and one.everybody < 1
    assert "T4" not in browser(app, "tina").get(mine.results).text
