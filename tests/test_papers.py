"""Sitting a paper: what is kept, what is told and when, and who may see it."""

import html
import re
from pathlib import Path

import pytest
from flask import Flask
from webkit import Learner, field

from sandbox.store import attempts, drilling, papers
from sandbox.store.attempts import Elsewhere
from sandbox.store.database import Store
from sandbox.web import create_app
from sandbox.web.house import House
from sandbox.web.papers import drill, hand_in


def csrf(page: str) -> str:
    found = re.search(r'<meta name="csrf-token" content="([^"]+)"', page)
    assert found
    return found[1]


def begin(learner: Learner, exam: str = "outpatient") -> int:
    """Begin a paper. Returns its id."""
    token = csrf(learner.get("/exams").text)
    led = learner.post("/exams", htmx=False, exam=exam, csrf_token=token)
    assert led.status_code == 303, led.text[:300]
    return int(led.location.split("/")[2])


def paper(house: House, id: int) -> papers.Paper:
    found = papers.get(house.store, id)
    assert found
    return found


def answer(learner: Learner, id: int, place: int, codes: list[str] | None = None, htmx: bool = False, **more: str):  # type: ignore[no-untyped-def]
    page = learner.get(f"/exams/{id}/{place}").text
    fields = {"csrf_token": field(page, "csrf_token"), "seen": field(page, "seen"), **more}
    return learner.post(f"/exams/{id}/{place}", codes, htmx, **fields)


def finish(learner: Learner, id: int):  # type: ignore[no-untyped-def]
    token = field(learner.get(f"/exams/{id}/").text, "csrf_token")
    return learner.post(f"/exams/{id}/hand-in", htmx=False, csrf_token=token)


def late(house: House, id: int, seconds: int) -> None:
    """Put the deadline into the past."""
    with house.store.write() as db:
        db.execute(
            "UPDATE papers SET deadline = strftime('%Y-%m-%dT%H:%M:%fZ', 'now', ?) WHERE id = ?",
            (f"-{seconds} seconds", id),
        )


def key_of(house: House, item: papers.Item) -> list[str]:
    file = house.version(item.ref, item.case_hash)
    assert file
    return [f"{line.code}/{line.poa or ''}" for line in file.case.key.diagnoses]


def test_from_the_beginning_to_the_report(learner: Learner, house: House) -> None:
    id = begin(learner)
    first = paper(house, id).items[0]
    led = answer(learner, id, 1, key_of(house, first), go="next")
    assert (led.status_code, led.location) == (303, f"/exams/{id}/2")
    drill = next(item for item in paper(house, id).items if item.what == "drill")
    answer(learner, id, drill.place, chosen="a")
    contents = learner.get(f"/exams/{id}/").text
    assert contents.count(">answered<") == 2 and "14 without an answer" in contents
    assert finish(learner, id).location == f"/exams/{id}/report"
    report = html.unescape(learner.get(f"/exams/{id}/report").text)
    done = paper(house, id)
    assert done.handed_in and done.result
    assert done.items[0].score == 1.0 and done.items[0].attempt
    assert f"/attempts/{done.items[0].attempt}" in report and f"/cases/{first.ref}" in report
    assert f"/drills/{drill.ref}/{drill.seed}" in report
    for domain in done.result["domains"]:
        assert domain["name"] in report and domain["numbers"] in report
    assert done.result["numbers"] in report
    assert "not passed yet" in report


def test_an_encounter_becomes_an_attempt_and_a_drill_an_answer(learner: Learner, house: House) -> None:
    id = begin(learner)
    items = paper(house, id).items
    drill = next(item for item in items if item.what == "drill")
    answer(learner, id, 1, ["I10/"])
    answer(learner, id, drill.place, chosen="b")
    finish(learner, id)
    made = attempts.get(house.store, paper(house, id).items[0].attempt or 0)
    assert made and made.case_id == items[0].ref and made.judged and made.report
    kept = drilling.get(house.store, made.learner, drill.ref, drill.seed)
    assert kept and kept.chosen == "b"
    assert "1 attempt so far" in learner.get("/me").text
    assert ">exam<" in learner.get("/attempts").text


def test_no_page_tells_anything_before_the_paper_is_handed_in(learner: Learner, house: House) -> None:
    id = begin(learner, "inpatient")
    for item in paper(house, id).items:
        pages = [learner.get(f"/exams/{id}/{item.place}").text]
        if item.what == "case":
            file = house.version(item.ref, item.case_hash)
            assert file
            wrong = "S72.002A"
            answer(learner, id, item.place, [f"{wrong}/Y"])
            pages.append(learner.get(f"/exams/{id}/{item.place}").text)
            pages.append(answer(learner, id, item.place, [f"{wrong}/Y"], htmx=True).text)
            for line in (*file.case.key.diagnoses, *file.case.key.procedures):
                assert all(line.code not in page for page in pages), (item.ref, line.code)
            assert all("Not right" not in page and "/rules/" not in page.partition("<main")[2] for page in pages)
        else:
            answer(learner, id, item.place, chosen="a")
            page = learner.get(f"/exams/{id}/{item.place}").text
            assert "the answer" not in page and "Not this time" not in page and 'value="a" checked' in page


def test_practice_of_a_case_waits_while_it_is_examined(learner: Learner, house: House) -> None:
    id = begin(learner)
    (one, *_) = [item for item in paper(house, id).items if item.what == "case"]
    family = one.ref.partition("~")[0]
    pages = [f"/cases/{one.ref}", f"/cases/{family}", f"/cases/{family}/patient", f"/cases/{one.ref}/audit"]
    for path in pages:
        answer_ = learner.get(path)
        assert answer_.status_code == 409 and "exam that you are sitting" in answer_.text, path
    token = field(learner.get(f"/exams/{id}/1").text, "csrf_token")
    for path in ("check", "hint", "key", "draft"):
        assert learner.post(f"/cases/{one.ref}/{path}", ["I10/"], csrf_token=token).status_code == 409
    other = next(
        each for each in house.cases.cases() if each not in {i.ref.partition("~")[0] for i in paper(house, id).items}
    )
    assert learner.get(f"/cases/{other}").status_code == 200
    assert learner.get("/book").status_code == 200
    finish(learner, id)
    assert learner.get(f"/cases/{one.ref}").status_code == 200


def test_an_earlier_attempt_at_an_examined_case_waits_as_well(learner: Learner, house: House) -> None:
    learner.open()
    learner.check(["I10/Y"])
    with house.store.write() as db:
        db.execute("UPDATE attempts SET case_id = case_id")
    id = begin(learner)
    item = next(item for item in paper(house, id).items if item.what == "case")
    with house.store.write() as db:
        db.execute("UPDATE attempts SET case_id = ?", (item.ref,))
    assert learner.get("/attempts/1").status_code == 409
    token = field(learner.get(f"/exams/{id}/1").text, "csrf_token")
    asked = 0
    for rule in learner.client.application.url_map.iter_rules():
        if rule.rule.startswith("/attempts/<"):
            path = re.sub(r"<[^>]+>", "1", rule.rule)
            posts = "POST" in (rule.methods or ())
            said = learner.post(path, csrf_token=token, query="all", step="0-2") if posts else learner.get(path)
            assert said.status_code == 409, rule
            asked += 1
    assert asked > 4
    assert Learner(learner.client.application).get(f"/cases/{item.ref}").status_code == 200, "nobody else waits"


def test_a_paper_belongs_to_its_learner(learner: Learner, app: Flask, house: House) -> None:
    id = begin(learner)
    stranger = Learner(app)
    token = csrf(stranger.get("/exams").text)
    for path in (f"/exams/{id}/", f"/exams/{id}/1", f"/exams/{id}/report"):
        assert stranger.get(path).status_code == 404
    for path in (f"/exams/{id}/1", f"/exams/{id}/hand-in"):
        assert stranger.post(path, ["I10/"], csrf_token=token, seen="").status_code == 404
    assert not paper(house, id).handed_in and not paper(house, id).items[0].answer
    for path in (f"/exams/{id}/0", f"/exams/{id}/999", "/exams/999/", "/exams/999/report"):
        assert learner.get(path).status_code == 404


def test_one_paper_at_a_time_and_a_double_click_begins_one(learner: Learner, house: House) -> None:
    assert begin(learner) == begin(learner, "drills")
    assert len(house.store.rows("SELECT * FROM papers")) == 1
    assert "You are sitting a paper" in learner.get("/exams").text


def test_handed_in_twice_is_once_and_nothing_can_be_changed(learner: Learner, house: House) -> None:
    id = begin(learner)
    page = learner.get(f"/exams/{id}/1").text
    fields = {"csrf_token": field(page, "csrf_token"), "seen": ""}
    answer(learner, id, 1, ["I10/"])
    for _ in range(2):
        assert learner.post(f"/exams/{id}/hand-in", htmx=False, csrf_token=fields["csrf_token"]).status_code == 303
    assert len(house.store.rows("SELECT * FROM attempts")) == 1
    before = paper(house, id)
    led = learner.post(f"/exams/{id}/1", ["J45.909/"], htmx=False, **fields)
    assert led.status_code == 303
    assert learner.post(f"/exams/{id}/1", ["J45.909/"], htmx=True, **fields).headers["HX-Redirect"] == f"/exams/{id}/"
    assert paper(house, id).items == before.items
    assert learner.get(f"/exams/{id}/1").location == f"/exams/{id}/report"


def test_what_is_saved_while_the_paper_is_handed_in_is_judged_or_refused_and_never_lost(
    learner: Learner, house: House
) -> None:
    id = begin(learner, "drills")
    before = paper(house, id)
    right = drill(house, before.items[0]).correct
    assert papers.save(house.store, id, 1, {"chosen": right}, False, "")
    done = hand_in(house, before)
    assert (done.items[0].answer, done.items[0].score) == ({"chosen": right}, 1.0)


def test_a_hand_in_that_was_interrupted_is_finished_and_takes_no_more_answers(learner: Learner, house: House) -> None:
    id = begin(learner, "drills")
    papers.close(house.store, id)
    assert papers.save(house.store, id, 1, {"chosen": "a"}, False, "") == ""
    assert learner.get(f"/exams/{id}/1").location == f"/exams/{id}/report"
    done = paper(house, id)
    assert done.begun <= done.handed_in == done.closed


def test_the_second_click_on_hand_in_does_not_open_the_next_paper_to_practice(learner: Learner, house: House) -> None:
    before = paper(house, begin(learner))
    finish(learner, before.id)
    second = begin(learner)
    hand_in(house, before)
    case = next(item for item in paper(house, second).items if item.what == "case").ref
    assert learner.get(f"/cases/{case}").status_code == 409


def test_after_the_deadline_the_paper_is_handed_in_as_it_stands(learner: Learner, house: House) -> None:
    id = begin(learner)
    answer(learner, id, 1, ["I10/"])
    page = learner.get(f"/exams/{id}/2").text
    late(house, id, 5)
    fields = {"csrf_token": field(page, "csrf_token"), "seen": ""}
    # What was on its way is still taken.
    assert learner.post(f"/exams/{id}/2", ["I10/"], htmx=False, **fields).location == f"/exams/{id}/2"
    assert paper(house, id).items[1].answered
    late(house, id, papers.GRACE + 5)
    learner.post(f"/exams/{id}/2", ["J45.909/"], htmx=False, **fields)
    done = paper(house, id)
    assert done.handed_in and done.items[1].answer["diagnoses"][0]["code"] == "I10"
    assert done.handed_in <= done.deadline
    assert "Your papers" in learner.get("/exams").text


def test_a_paper_that_was_left_alone_ends_with_its_time(learner: Learner, house: House) -> None:
    id = begin(learner)
    case = next(item for item in paper(house, id).items if item.what == "case").ref
    late(house, id, 3600)
    assert learner.get(f"/cases/{case}").status_code == 200, "its practice need not wait any longer"
    assert paper(house, id).handed_in


def test_two_tabs_do_not_write_over_each_other(learner: Learner, house: House) -> None:
    id = begin(learner)
    page = learner.get(f"/exams/{id}/1").text
    old = {"csrf_token": field(page, "csrf_token"), "seen": field(page, "seen")}
    answer(learner, id, 1, ["I10/"])
    refused = learner.post(f"/exams/{id}/1", ["J45.909/"], htmx=False, **old)
    assert refused.status_code == 409 and 'value="J45.909"' in refused.text and 'name="seen"' not in refused.text
    assert learner.post(f"/exams/{id}/1", ["I10/"], htmx=False, **old).status_code == 303, "the same is no conflict"
    assert paper(house, id).items[0].answer["diagnoses"][0]["code"] == "I10"


def test_what_was_refused_can_be_sent_again_from_the_page_that_says_so(learner: Learner, house: House) -> None:
    id = begin(learner)
    token = field(learner.get(f"/exams/{id}/1").text, "csrf_token")
    answer(learner, id, 1, ["I10/"])
    again = learner.post(f"/exams/{id}/1", ["J45.909/"], htmx=False, csrf_token=token)
    assert again.status_code == 303
    assert paper(house, id).items[0].answer["diagnoses"][0]["code"] == "J45.909"


def test_lines_are_moved_by_their_buttons_without_javascript(learner: Learner, house: House) -> None:
    id = begin(learner)
    led = answer(learner, id, 1, ["I10/", "J45.909/"], action="up-dx-1")
    assert led.location == f"/exams/{id}/1#dx-0-code"
    codes = [row["code"] for row in paper(house, id).items[0].answer["diagnoses"]]
    assert codes == ["J45.909", "I10"]


def test_a_flag_is_kept_and_shown(learner: Learner, house: House) -> None:
    id = begin(learner)
    answer(learner, id, 2, flagged="1")
    assert paper(house, id).items[1].flagged and not paper(house, id).items[1].answered
    assert "look again" in learner.get(f"/exams/{id}/").text


def test_what_is_saved_outlives_the_server_and_practice_still_waits(learner: Learner, house: House, data: Path) -> None:
    id = begin(learner)
    answer(learner, id, 1, ["I10/"])
    again = create_app(data)
    parts: House = again.extensions["sandbox"]
    try:
        found = papers.get(parts.store, id)
        assert found and found.items[0].answer["diagnoses"][0]["code"] == "I10"
        assert parts.sitting == {found.learner}
    finally:
        parts.close()


def test_a_store_refuses_what_was_changed_elsewhere(tmp_path: Path) -> None:
    store = Store(tmp_path / "x.db")
    papers.begin(store, "a", "x", {}, 1, 10, [(0, "drill", "side", 7, "")])
    saved = papers.save(store, 1, 1, {"chosen": "a"}, False, "")
    with pytest.raises(Elsewhere):
        papers.save(store, 1, 1, {"chosen": "b"}, False, "")
    assert papers.save(store, 1, 1, {"chosen": "b"}, False, saved)
    assert papers.sitting(store) == {"a"}
    found = papers.get(store, 1)
    assert found and 590 < found.left <= 600
    store.close()


@pytest.mark.parametrize("exam", ["", "nothing", "../x"])
def test_an_exam_that_does_not_exist_is_not_found(learner: Learner, exam: str) -> None:
    token = csrf(learner.get("/exams").text)
    assert learner.post("/exams", htmx=False, exam=exam, csrf_token=token).status_code == 404


def test_every_shipped_exam_can_be_begun(app: Flask, house: House) -> None:
    shown = re.findall(r'name="exam" value="([^"]+)"', Learner(app).get("/exams").text)
    assert len(shown) >= 4
    for exam in shown:
        someone = Learner(app)
        id = begin(someone, exam)
        assert all(someone.get(f"/exams/{id}/{item.place}").status_code == 200 for item in paper(house, id).items)


def test_no_page_of_an_examined_case_was_forgotten(learner: Learner, app: Flask, house: House) -> None:
    """From the route map itself: a page that is added later waits as well."""
    id = begin(learner)
    ref = next(item for item in paper(house, id).items if item.what == "case").ref
    token = csrf(learner.get(f"/exams/{id}/1").text)
    asked = 0
    for rule in app.url_map.iter_rules():
        if rule.arguments == {"case_id"} and not rule.rule.startswith("/teach"):
            path = rule.rule.replace("<case_id>", ref)
            method = learner.get if "GET" in (rule.methods or ()) else lambda path: learner.post(path, csrf_token=token)
            assert method(path).status_code == 409, rule
            asked += 1
    assert asked > 10
