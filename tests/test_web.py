"""The pages as a learner's browser meets them, with and without JavaScript."""

import html
import json
import re
import sqlite3
from pathlib import Path

import pytest
from deskkit import Teacher
from flask import Flask
from webkit import HIP, Learner, field
from werkzeug.datastructures import MultiDict

from sandbox.rules import RULES
from sandbox.store import attempts, inbox
from sandbox.store.database import NotSaved, Store
from sandbox.web import create_app
from sandbox.web.house import ROOT, House

CODES = ["S72.002A/Y", "I10/Y", "N18.32/Y"]


def test_the_list_shows_every_ready_case(learner: Learner, house: House) -> None:
    page = learner.get("/").text
    assert house.cases.cases()
    for file in house.cases.cases().values():
        assert (file.case.title.replace("'", "&#39;") in page) == (file.case.status == "ready")


def test_a_case_page_shows_the_chart_and_nothing_of_the_key(learner: Learner, house: House) -> None:
    page = learner.get(f"/cases/{HIP}").text
    file = house.cases.cases()[HIP]
    assert all(document.title in page for document in file.case.documents)
    for line in (*file.case.key.diagnoses, *file.case.key.procedures):
        assert line.code not in page
        assert line.why.strip()[:40] not in page


def test_a_check_answers_with_a_fragment_that_names_errors_and_keeps_the_key_back(
    learner: Learner, house: House
) -> None:
    answer = learner.check(CODES)
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<section id="feedback"')
    assert "CMB02" in answer.text
    assert "Missing" in answer.text
    entered = {code.split("/")[0] for code in CODES}
    for line in house.cases.cases()[HIP].case.key.diagnoses:
        assert line.code in entered or line.code not in answer.text


def test_what_the_author_foresaw_stands_in_the_row_once_the_kind_is_asked_for(learner: Learner, house: House) -> None:
    learner.check(CODES)
    instead = house.cases.cases()[HIP].case.key.diagnoses[0].instead["S72.002A"]
    answer = learner.post("/attempts/1/step", step="0-2", csrf_token=learner.open()["csrf_token"]).text
    summary, rest = answer.split("</summary>", 1)
    assert f'<span class="told">{instead}</span>' in html.unescape(summary)
    assert instead not in rest
    assert "Where to look" in rest and "Where to look" not in summary


def test_without_javascript_a_check_leads_to_the_page_of_the_attempt(learner: Learner) -> None:
    answer = learner.check(CODES, htmx=False)
    assert answer.status_code == 303
    page = learner.get(answer.headers["Location"])
    assert page.status_code == 200
    assert "S72.002A" in page.text
    assert "How it is reckoned" in page.text


def test_the_key_checked_by_itself_is_all_right(learner: Learner, house: House) -> None:
    for id, file in house.cases.cases().items():
        if file.case.status == "draft":
            continue  # closed to learners
        key = file.case.key
        codes = [f"{line.code}/{line.poa or ''}" for line in key.diagnoses]
        learner.check(codes, id, px=[(line.code, line.system, line.modifiers, line.units) for line in key.procedures])
        row = house.store.row("SELECT score FROM attempts ORDER BY id DESC LIMIT 1")
        assert row is not None
        assert row["score"] == 1.0, id


def test_a_form_sent_twice_makes_one_attempt_and_says_the_same(learner: Learner, house: House) -> None:
    fields = learner.open()
    first = learner.post(f"/cases/{HIP}/check", CODES, **fields)
    second = learner.post(f"/cases/{HIP}/check", CODES, **fields)
    assert house.store.rows("SELECT count(*) AS n FROM attempts")[0]["n"] == 1
    strip = re.compile(r'value="[^"]*" hx-swap-oob')
    assert strip.sub("", first.text) == strip.sub("", second.text)


def test_a_token_of_one_case_opens_no_report_of_another(learner: Learner, house: House) -> None:
    fields = learner.open()
    learner.post(f"/cases/{HIP}/check", CODES, **fields)
    other = next(id for id, file in house.cases.cases().items() if id != HIP and file.case.status == "ready")
    theirs = {**learner.open(other), "token": fields["token"]}
    learner.post(f"/cases/{other}/key", **theirs)
    answer = learner.post(f"/cases/{other}/check", CODES, **theirs).text
    assert all(
        line.code not in answer for line in house.cases.cases()[HIP].case.key.diagnoses if line.code not in str(CODES)
    )
    assert [row["case_id"] for row in house.store.rows("SELECT case_id FROM attempts ORDER BY id")] == [HIP, other]


def test_a_corrected_coding_sent_from_the_same_page_is_an_attempt_of_its_own(learner: Learner) -> None:
    fields = learner.open()
    learner.post(f"/cases/{HIP}/check", CODES, **fields)
    again = learner.post(f"/cases/{HIP}/check", [*CODES, "D62/N"], **fields).text
    assert "attempt 2" in again
    assert "D62" in again


def test_a_strangers_form_sent_twice_at_once_is_one_learners(app: Flask, house: House) -> None:
    stranger = Learner(app)
    fields = stranger.open()
    cookie = stranger.client.get_cookie("sandbox")
    assert cookie is not None
    assert not house.store.rows("SELECT 1 FROM learners"), "looking around leaves nothing behind"
    for _ in range(2):
        stranger.client.set_cookie("sandbox", cookie.value)
        stranger.post(f"/cases/{HIP}/check", CODES, **fields)
    assert len(house.store.rows("SELECT 1 FROM learners")) == len(house.store.rows("SELECT 1 FROM attempts")) == 1


def test_what_was_typed_last_comes_back_whatever_the_clock_says(
    learner: Learner, monkeypatch: pytest.MonkeyPatch
) -> None:
    learner.check(CODES)
    monkeypatch.setattr("sandbox.store.attempts.now", lambda: "2001-01-01T00:00:00.000Z")
    learner.post(f"/cases/{HIP}/draft", ["D62/N"], **learner.open())
    page = learner.get(f"/cases/{HIP}").text
    assert 'value="D62"' in page
    assert 'value="N18.32"' not in page


def test_the_next_check_is_a_further_attempt(learner: Learner) -> None:
    learner.check(CODES)
    assert "attempt 2" in learner.check(CODES[:2]).text


def test_a_draft_survives_a_reload_and_a_new_server(learner: Learner, data: Path) -> None:
    fields = learner.open()
    saved = learner.post(f"/cases/{HIP}/draft", ["m80052a/Y", "", "i10/"], **fields)
    assert "saved" in saved.text
    assert 'value="M80.052A"' in learner.get(f"/cases/{HIP}").text
    cookie = learner.client.get_cookie("sandbox")
    assert cookie is not None
    again = create_app(data)
    other = Learner(again)
    other.client.set_cookie("sandbox", cookie.value)
    page = other.get(f"/cases/{HIP}").text
    again.extensions["sandbox"].close()
    assert 'value="M80.052A"' in page
    assert 'value="I10"' in page


def test_a_draft_says_beside_each_row_what_is_wrong_with_its_code(learner: Learner) -> None:
    answer = learner.post(f"/cases/{HIP}/draft", ["W01.0XX/", "", "ZZZ/", "I10/"], **learner.open()).text
    states = dict(re.findall(r'id="state-(dx-\d+)"[^>]*>(.*?)</div>', answer, re.DOTALL))
    assert "VAL03" in states["dx-0"]
    assert states["dx-1"].strip() == ""
    assert "No code yet" in states["dx-2"]
    assert "Essential (primary) hypertension" in states["dx-3"]
    assert "VAL" not in states["dx-3"]


@pytest.mark.parametrize(
    ("action", "order", "focus"),
    [
        ("up-dx-1", ["I10", "S72.002A", "N18.32"], "dx-0-code"),
        ("down-dx-1", ["S72.002A", "N18.32", "I10"], "dx-2-code"),
        ("up-dx-0", ["S72.002A", "I10", "N18.32"], "dx-0-code"),
        ("remove-dx-0", ["I10", "N18.32"], "dx-0-code"),
        ("add-dx", ["S72.002A", "I10", "N18.32"], "dx-3-code"),
        ("drop-table-9", ["S72.002A", "I10", "N18.32"], None),
        ("up-dx-99999999999999999999", ["S72.002A", "I10", "N18.32"], None),
    ],
)
def test_lines_move_by_buttons(learner: Learner, action: str, order: list[str], focus: str | None) -> None:
    answer = learner.post(f"/cases/{HIP}/lines", CODES, action=action, **learner.open()).text
    assert re.findall(r'name="dx_code" value="([A-Z][^"]*)"', answer) == order
    if focus:
        assert f'data-focus="{focus}"' in answer
    assert re.findall(r'name="dx_code" value="([A-Z][^"]*)"', learner.get(f"/cases/{HIP}").text) == order


@pytest.mark.parametrize(
    ("action", "order"),
    [
        ("remove-dx-3", ["S72.002A", "I10"]),
        ("up-dx-3", ["S72.002A", "N18.32", "I10"]),
        ("down-dx-1", ["I10", "S72.002A", "N18.32"]),
        ("remove-dx-0", ["S72.002A", "I10", "N18.32"]),
        ("remove-dx-²", ["S72.002A", "I10", "N18.32"]),
    ],
)
def test_rows_are_counted_as_on_the_page_with_empty_ones_between(
    learner: Learner, action: str, order: list[str]
) -> None:
    typed = ["", CODES[0], CODES[1], CODES[2]]
    answer = learner.post(f"/cases/{HIP}/lines", typed, action=action, **learner.open()).text
    assert re.findall(r'name="dx_code" value="([A-Z][^"]*)"', answer) == order


def test_a_hint_button_pressed_twice_shows_one_hint(learner: Learner) -> None:
    fields = learner.open()
    for wanted, shown in (("1", 1), ("1", 1), ("2", 2), ("1", 2), ("junk", 3)):
        assert learner.post(f"/cases/{HIP}/hint", hint=wanted, **fields).text.count("<li>") == shown


def test_without_javascript_a_hint_keeps_what_was_typed_below_an_empty_row(learner: Learner) -> None:
    learner.post(f"/cases/{HIP}/hint", ["", "I10/Y"], htmx=False, **learner.open())
    assert 'value="I10"' in learner.get(f"/cases/{HIP}").text


def test_hints_come_one_at_a_time_and_are_recorded(learner: Learner, house: House) -> None:
    fields = learner.open()
    hints = house.cases.cases()[HIP].case.hints
    for shown in range(1, len(hints) + 2):
        answer = learner.post(f"/cases/{HIP}/hint", **fields).text
        assert answer.count("<li>") == min(shown, len(hints))
    learner.check(CODES)
    assert house.store.rows("SELECT hints FROM attempts")[0]["hints"] == len(hints)


def test_the_key_is_shown_only_on_request_and_recorded(learner: Learner, house: House) -> None:
    learner.check(CODES)
    assert "M80.052A" not in learner.get(f"/cases/{HIP}").text
    assert "M80.052A" in learner.post(f"/cases/{HIP}/key", **learner.open()).text
    learner.check(CODES)
    assert [row["key_shown"] for row in house.store.rows("SELECT key_shown FROM attempts ORDER BY id")] == [0, 1]


def test_nothing_to_check_is_said_kindly(learner: Learner, house: House) -> None:
    answer = learner.check([])
    assert answer.status_code == 400
    assert "nothing to check yet" in answer.text
    assert not house.store.rows("SELECT 1 FROM attempts")


def test_a_crash_is_kept_as_not_judged_and_never_as_wrong(
    learner: Learner, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    learner.check(CODES)

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a fault of ours")

    monkeypatch.setattr("sandbox.judge.grade", broken)
    answer = learner.check([*CODES, "D62/N"])
    assert answer.status_code == 200
    assert "Not judged" in answer.text
    monkeypatch.undo()
    row = house.store.rows("SELECT judged, score, report, lines FROM attempts ORDER BY id DESC")[0]
    assert (row["judged"], row["score"], row["report"]) == (0, None, None)
    assert json.loads(row["lines"])["diagnoses"][0]["code"] == "S72.002A"
    assert "ZeroDivisionError" in inbox.waiting(house.store)[0]["body"]
    assert "attempt 2" in learner.check(CODES).text, "no try was used up"


def test_a_rule_that_crashes_judges_nobody(learner: Learner, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(view: object) -> None:
        raise KeyError("a fault of ours")

    rule = RULES["CMB02"]
    monkeypatch.setitem(RULES, "CMB02", type(rule)(**{**vars(rule), "check": broken}))
    assert "Not judged" in learner.check(CODES).text
    assert "CMB02" in inbox.waiting(house.store)[0]["body"]


def test_what_was_typed_in_another_tab_is_not_written_over(learner: Learner, house: House) -> None:
    one, other = learner.open(), learner.open()
    seen = {name: field(learner.get(f"/cases/{HIP}").text, name) for name in ("seen",)}
    saved = learner.post(f"/cases/{HIP}/draft", ["M80.052A/Y"], **one, **seen)
    assert saved.status_code == 200
    late = learner.post(f"/cases/{HIP}/draft", ["I10/Y"], **other, **seen)
    assert (late.status_code, "another tab" in late.text) == (409, True)
    assert late.headers["HX-Retarget"] == "#notice"
    moved = learner.post(f"/cases/{HIP}/lines", ["I10/Y"], **other, **seen, action="add-dx")
    assert moved.status_code == 409
    assert "M80.052A" in learner.get(f"/cases/{HIP}").text
    # The first tab goes on, with the time that its last answer brought.
    again = learner.post(f"/cases/{HIP}/draft", ["M80.052A/Y", "D62/N"], **one, seen=field(saved.text, "seen"))
    assert again.status_code == 200


def test_without_javascript_the_other_tab_may_insist(learner: Learner) -> None:
    fields = learner.open()
    learner.post(f"/cases/{HIP}/draft", ["M80.052A/Y"], **fields, seen="")
    page = learner.post(f"/cases/{HIP}/lines", ["I10/Y"], htmx=False, **fields, seen="", action="add-dx")
    assert page.status_code == 409
    assert "Send it again" in page.text
    assert 'name="seen"' not in page.text
    sent = learner.post(f"/cases/{HIP}/lines", ["I10/Y"], htmx=False, **fields, action="add-dx")
    assert sent.status_code == 303
    assert 'value="I10"' in learner.get(f"/cases/{HIP}").text


def test_a_draft_that_comes_after_the_check_does_not_take_its_place(learner: Learner) -> None:
    fields = learner.open()
    answer = learner.post(f"/cases/{HIP}/check", ["M80.052A/Y", "D62/N"], **fields, seen="")
    assert learner.post(f"/cases/{HIP}/draft", ["M80.052A/Y"], **fields, seen="").status_code == 409
    same = learner.post(f"/cases/{HIP}/draft", ["M80.052A/Y", "D62/N"], **fields, seen="")
    assert same.status_code == 200, "the same codes are no other codes"
    on = learner.post(f"/cases/{HIP}/draft", ["M80.052A/Y"], **fields, seen=field(same.text, "seen"))
    assert on.status_code == 200
    assert field(answer.text, "seen")


def test_a_full_disk_loses_nothing_and_says_so(learner: Learner, house: House) -> None:
    fields = learner.open()
    learner.post(f"/cases/{HIP}/draft", CODES, **fields)
    pages = house.store.row("PRAGMA page_count")
    assert pages is not None
    house.store.writer.execute(f"PRAGMA max_page_count={pages[0]}")
    answer = learner.post(f"/cases/{HIP}/check", CODES * 20, **fields)
    assert answer.status_code == 503
    assert "could not be saved" in answer.text
    house.store.writer.execute("PRAGMA max_page_count=1000000")
    assert learner.post(f"/cases/{HIP}/check", CODES, **fields).status_code == 200
    assert house.store.rows("SELECT count(*) AS n FROM attempts")[0]["n"] == 1


def test_a_locked_database_says_so(learner: Learner, house: House, data: Path) -> None:
    fields = learner.open()
    learner.post(f"/cases/{HIP}/draft", CODES, **fields)
    house.store.writer.execute("PRAGMA busy_timeout=50")
    other = sqlite3.connect(data / "sandbox.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    answer = learner.post(f"/cases/{HIP}/check", CODES, **fields)
    other.execute("ROLLBACK")
    other.close()
    assert answer.status_code == 503
    assert answer.headers["HX-Retarget"] == "#notice"
    assert learner.post(f"/cases/{HIP}/check", CODES, **fields).status_code == 200


def test_a_database_that_is_damaged_under_the_server_says_that_nothing_was_saved(
    learner: Learner, house: House
) -> None:
    fields = learner.open()
    learner.post(f"/cases/{HIP}/draft", CODES, **fields)
    root = house.store.row("SELECT rootpage FROM sqlite_schema WHERE name = 'attempts'")
    assert root is not None
    db = house.store.connection
    size = db.execute("PRAGMA page_size").fetchone()[0]
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with house.store.path.open("r+b") as file:
        file.seek((root[0] - 1) * size)
        file.write(b"\xff" * size)
    db.execute("PRAGMA shrink_memory")
    house.store.close()
    house.store = Store(house.store.path)
    answer = learner.post(f"/cases/{HIP}/check", CODES, **fields)
    assert answer.status_code == 503
    assert "could not be saved" in answer.text


def test_a_stay_that_cannot_be_grouped_is_not_said_to_lack_a_weight(learner: Learner) -> None:
    answer = learner.check(["I10", "S72.002A"])
    assert "MS-DRG 999" in answer.text
    assert "not loaded" not in answer.text


def test_a_changed_case_leaves_the_learner_the_chart_that_they_began_with(data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "cases"
    folder.mkdir()
    path = folder / f"{HIP}.yaml"
    text = (ROOT / "cases" / "orthopedics" / f"{HIP}.yaml").read_text(encoding="utf-8")
    path.write_text(text, encoding="utf-8")
    app = create_app(data, folder)
    learner, fresh = Learner(app), Learner(app)
    fields = learner.open()
    learner.post(f"/cases/{HIP}/draft", CODES, **fields)
    path.write_text(text.replace("78 yo F BIBA", "Revised: 78 yo F BIBA"), encoding="utf-8")
    app.extensions["sandbox"].cases.refresh()
    assert "Revised:" in fresh.get(f"/cases/{HIP}").text
    page = learner.get(f"/cases/{HIP}").text
    assert "Revised:" not in page
    assert "has been revised since you began" in page
    assert "attempt 1" in learner.post(f"/cases/{HIP}/check", CODES, **fields).text
    learner.post(f"/cases/{HIP}/restart", htmx=False, csrf_token=fields["csrf_token"])
    page = learner.get(f"/cases/{HIP}").text
    assert "Revised:" in page
    assert 'value="S72.002A"' in page
    app.extensions["sandbox"].close()


def test_a_case_that_changes_under_an_open_page_still_takes_its_answer(data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "cases"
    folder.mkdir()
    path = folder / f"{HIP}.yaml"
    text = (ROOT / "cases" / "orthopedics" / f"{HIP}.yaml").read_text(encoding="utf-8")
    path.write_text(text, encoding="utf-8")
    app = create_app(data, folder)
    learner = Learner(app)
    fields = learner.open()
    path.write_text(text.replace("78 yo F BIBA", "Revised: 78 yo F BIBA"), encoding="utf-8")
    app.extensions["sandbox"].cases.refresh()
    assert "attempt 1" in learner.post(f"/cases/{HIP}/check", CODES, **fields).text
    app.extensions["sandbox"].close()


def test_a_case_that_is_still_being_written_is_its_instructors(data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "cases"
    folder.mkdir()
    text = (ROOT / "cases" / "orthopedics" / f"{HIP}.yaml").read_text(encoding="utf-8")
    (folder / f"{HIP}.yaml").write_text(text.replace("status: ready", "status: draft"), encoding="utf-8")
    app = create_app(data, folder)
    learner = Learner(app)
    token = re.search(r'name="csrf_token" value="([^"]+)"', learner.get("/").text)
    assert token
    assert learner.get(f"/cases/{HIP}").status_code == 404
    for action in ("draft", "check", "hint", "key", "lines"):
        assert learner.post(f"/cases/{HIP}/{action}", CODES, csrf_token=token[1]).status_code == 404
    app.extensions["sandbox"].close()


def test_a_coding_without_its_first_diagnosis_is_not_judged_as_if_it_had_one(learner: Learner, house: House) -> None:
    answer = learner.check(["", "I10/Y"])
    assert answer.status_code == 400
    assert "Principal diagnosis is empty" in answer.text
    assert not house.store.rows("SELECT 1 FROM attempts")


def test_words_that_were_not_completed_are_not_judged(learner: Learner, house: House) -> None:
    for words in ("screening colonoscopy", "garbage", "ckd 3"):
        answer = learner.check(["I10/Y", words])
        assert answer.status_code == 400
        assert f"“{words}” is no code yet" in answer.text
        assert "find it by “Look up codes”" in answer.text, "the place is called as on the page"
    assert not house.store.rows("SELECT 1 FROM attempts")
    page = learner.get(f"/cases/{HIP}").text
    assert ">Look up codes</a>" in page
    assert "GAR.BAGE" not in page
    plain = learner.check(["I10/Y", "garbage"], htmx=False).text
    assert "Find it in the Code book" in plain and ">Code book</a>" in plain


def test_without_javascript_what_was_refused_is_kept_and_there_is_a_way_back(learner: Learner) -> None:
    answer = learner.check(["", "I10/Y"], htmx=False)
    assert f'href="/cases/{HIP}"' in answer.text
    assert 'value="I10"' in learner.get(f"/cases/{HIP}").text


def test_without_javascript_an_error_page_keeps_what_was_typed(learner: Learner, data: Path, house: House) -> None:
    fields = learner.open()
    learner.post(f"/cases/{HIP}/draft", CODES, **fields)
    house.store.writer.execute("PRAGMA busy_timeout=50")
    other = sqlite3.connect(data / "sandbox.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    page = learner.post(f"/cases/{HIP}/check", CODES, htmx=False, **fields)
    other.execute("ROLLBACK")
    other.close()
    assert page.status_code == 503
    sent = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page.text)
    assert ("dx_code", "N18.32") in sent
    answer = learner.client.post(f"/cases/{HIP}/check", data=MultiDict(sent))
    assert answer.status_code == 303
    assert house.store.rows("SELECT count(*) AS n FROM attempts")[0]["n"] == 1


def test_a_crash_whose_report_cannot_be_written_is_still_a_saved_attempt(
    learner: Learner, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a fault of ours")

    def full(*_: object) -> None:
        raise NotSaved("disk full")

    fields = learner.open()
    monkeypatch.setattr("sandbox.judge.grade", broken)
    with monkeypatch.context() as patch:
        patch.setattr("sandbox.store.inbox.put", full)
        assert "Not judged" in learner.post(f"/cases/{HIP}/check", CODES, **fields).text
    assert "Not judged" in learner.post(f"/cases/{HIP}/check", CODES, **fields).text
    assert len(house.store.rows("SELECT 1 FROM attempts")) == 1
    assert "ZeroDivisionError" in inbox.waiting(house.store)[0]["subject"], (
        "the form sent again brings the report as well"
    )


def test_modules_of_a_page_are_asked_for_again_after_an_upgrade(learner: Learner) -> None:
    for path, said in (("js/chart.js", "no-cache"), ("css/sandbox.css", "max-age=3600")):
        with learner.get(f"/static/{path}") as answer:
            assert said in answer.headers["Cache-Control"]


def test_whoever_keeps_coming_stays_known(learner: Learner) -> None:
    learner.open()
    assert "Set-Cookie" in learner.get(f"/cases/{HIP}").headers


def test_a_page_says_which_methods_it_takes(learner: Learner) -> None:
    answer = learner.get(f"/cases/{HIP}/check")
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"POST", "OPTIONS"}


def test_nobody_reaches_somebody_elses_attempt(app: Flask, house: House) -> None:
    mine, stranger = Learner(app), Learner(app)
    place = mine.check(CODES, htmx=False).headers["Location"]
    assert mine.get(place).status_code == 200
    assert stranger.get(place).status_code == 404
    stranger.check(CODES)
    assert stranger.get(place).status_code == 404
    assert str(place) not in stranger.get("/attempts").text


def test_the_instructors_link_works_once(app: Flask, house: House) -> None:
    from sandbox.store import people

    link = f"/instructor/{people.new_link(house.store)}"
    teacher, late = Learner(app), Learner(app)
    assert teacher.get("/teach").status_code == 403
    token = re.search(r'name="csrf_token" value="([^"]+)"', teacher.get(link).text)
    assert token
    assert teacher.post(link, htmx=False, csrf_token=token[1]).status_code == 303
    assert teacher.get("/teach").status_code == 200
    assert "has been used" in late.get(link).text
    late.open()
    assert late.post(link, htmx=False, csrf_token=late.open()["csrf_token"]).status_code == 403
    assert late.get("/teach").status_code == 403


def test_the_way_to_the_desk_and_to_the_file_is_on_every_page_for_the_instructor_alone(app: Flask) -> None:
    teacher, learner = Teacher(app), Learner(app)
    varied = next(file for file in app.extensions["sandbox"].cases.cases().values() if file.others)
    pages = ("/", "/book", "/rules", "/about", "/attempts", "/teach", f"/cases/{HIP}")
    for path in pages:
        assert 'href="/teach">Desk</a>' in teacher.get(path).text, path
        assert "/teach" not in learner.get(path).text, path
    assert f'href="/teach/cases/{HIP}/edit"' in teacher.get(f"/cases/{HIP}").text
    patient = teacher.get(f"/cases/{varied.others[0].id}").text
    assert f'href="/teach/cases/{varied.id}/edit"' in patient


def test_whoever_is_no_instructor_any_more_loses_the_way_to_the_desk(app: Flask, house: House) -> None:
    teacher = Teacher(app)
    assert teacher.get("/teach").status_code == 200
    assert 'href="/teach">Desk</a>' in teacher.get("/rules").text
    with house.store.write() as db:
        db.execute("UPDATE learners SET role = 'learner'")
    refused = teacher.get("/teach")
    assert refused.status_code == 403
    assert "Desk</a>" not in refused.text
    assert "Desk</a>" not in teacher.get("/rules").text


def test_an_old_attempt_is_shown_as_it_was_judged_then(learner: Learner, house: House) -> None:
    place = learner.check(CODES, htmx=False).headers["Location"]
    before = learner.get(place).text
    report = attempts.get(house.store, 1)
    assert report is not None
    assert report.report is not None
    assert report.checker
    assert report.edition == house.codes.edition
    cut = re.compile(r'(csrf[^>]*(content|value)="[^"]*")|\?v=\w+')
    assert cut.sub("", learner.get(place).text) == cut.sub("", before)


def test_rules_pages_are_drawn_from_the_rules(learner: Learner) -> None:
    page = learner.get("/rules").text
    for id, rule in RULES.items():
        assert f'href="/rules/{id}"' in page
        own = learner.get(f"/rules/{id}").text
        assert "What it flags" in own
        assert rule.citation.text.split(",")[0].replace("'", "&#39;") in own
        assert ("until then the rule is silent" in own) is bool(rule.needs)
    assert learner.get("/rules/NOPE99").status_code == 404


def test_suggestions_are_a_fragment(learner: Learner) -> None:
    fields = learner.open()
    answer = learner.post(
        "/codes/suggest", q="ckd 3b", system="icd-10-cm", case_id=HIP, csrf_token=fields["csrf_token"]
    )
    assert answer.text.startswith('<ul class="suggest"')
    assert 'data-code="N18.32"' in answer.text


@pytest.mark.parametrize(
    ("query", "there", "absent"),
    [
        ("q=hip+FALL", HIP, "hand-injury-kitchen"),
        ("setting=emergency", "hand-injury-kitchen", HIP),
        ("specialty=orthopedics&setting=inpatient", HIP, "hand-injury-kitchen"),
        ("state=begun", HIP, "hand-injury-kitchen"),
        ("state=new", "hand-injury-kitchen", HIP),
    ],
)
def test_the_list_of_cases_shows_what_has_all_that_is_asked_for(
    learner: Learner, query: str, there: str, absent: str
) -> None:
    learner.check(["I10/Y"])
    page = learner.get(f"/?{query}").text
    assert f"/cases/{there}" in page and f"/cases/{absent}" not in page
    assert "No case has all of that" in learner.get("/?q=qqqqqq").text
