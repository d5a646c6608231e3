"""A disputed line from the learner's reason to the answer, and everybody whose score it changes."""

import datetime as dt
import re
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest
import resultkit
from flask import Flask
from test_labs import ARM, Made, Pupil

from sandbox.cases.reader import read
from sandbox.store import attempts, classes, dispute_tables, disputes, log, persons, regrades
from sandbox.web.house import House

ROOT = Path(__file__).resolve().parent.parent
KEY = (
    "O9A.312", "O9A.212", "T39.1X2A", "S52.225A", "S00.12XA", "O99.342", "F32.1", "O99.332", "F17.210", "Z3A.22",
    "Y00.XXXA", "Y07.030", "Y92.030",
)  # fmt: skip
WRONG = "S52.222A"
"""In place of S52.225A; the key gives it half the credit."""
WORDS = "fracture"


@pytest.fixture
def case_folder(tmp_path: Path) -> Path:
    """Cases of one's own, for keys are edited here."""
    folder = tmp_path / "cases" / "emergency"
    folder.mkdir(parents=True)
    for case in ("emergency/sore-arm-and-an-empty-bottle", "orthopedics/hip-pain-after-a-fall"):
        shutil.copy(ROOT / "cases" / f"{case}.yaml", folder)
    return folder.parent


@pytest.fixture
def made(app: Flask) -> Made:
    made = Made(app, case=[ARM])
    made.do("start")
    return made


def codes(*, swap: dict[str, str] | None = None, without: str = "", more: tuple[str, ...] = ()) -> list[str]:
    return [(swap or {}).get(code, code) for code in KEY if code != without] + list(more)


def hand_in(pupil: Pupil, entered: list[str]) -> int:
    """Check an answer in the lab; the id of the attempt."""
    assert pupil.answer(*entered).status_code == 200
    house: House = pupil.client.application.extensions["sandbox"]
    found = attempts.latest(house.store, who(pupil), ARM)
    assert found
    return found.id


def who(pupil: Pupil) -> str:
    with pupil.client.session_transaction() as session:
        return str(session["learner"])


def quote(house: House) -> tuple[str, str]:
    """Words that stand in the chart."""
    file = house.cases.get(ARM)
    assert file
    words = file.case.key.diagnoses[3].evidence[0]
    return words.document, words.quote


def dispute(pupil: Pupil, house: House, attempt: int, words: str, **other: str) -> Any:
    """Send the form; ``words``: a part of the line as the form names it."""
    path = f"/attempts/{attempt}/dispute"
    page = pupil.get(path).text
    line = re.search(rf'name="line" value="(\d+)"[^>]*> [^<]*{re.escape(words)}', page)
    assert line, page
    document, said = quote(house)
    fields = {"line": line[1], "reason": "The film report says so.", "document": document, "quote": said, **other}
    return pupil.send(path, **fields)


def score(house: House, attempt: int) -> float:
    found = attempts.get(house.store, attempt)
    assert found and found.score is not None
    return found.score


def decide(made: Made, decision: str, *, number: int = 1, **other: str) -> tuple[str, Any]:
    """Look first, then decide. Returns (the page that showed what would change, the answer)."""
    path = f"{made.room}/disputes/{number}"
    form = {"decision": decision, "words": "Read the film report again.", "never_lower": "1", **other}
    form = {name: value for name, value in form.items() if value}
    shown = made.teacher.send(path, do="look", **form)
    seal = re.search(r'name="seal" value="([^"]*)"', shown.text)
    return shown.text, made.teacher.send(path, do="decide", seal=seal[1] if seal else "", **form)


def test_for_one_learner_the_line_becomes_right_and_nothing_else_changes(made: Made, house: House) -> None:
    ann, bob = made.pupil("Ann"), made.pupil("Bob")
    mine, other = (hand_in(one, codes(swap={"S52.225A": WRONG})) for one in (ann, bob))
    before, rest = score(house, mine), (house.cases.root / "emergency" / f"{ARM}.yaml").read_text()
    assert before < 1
    assert "Dispute a line of this report" in ann.get(f"/attempts/{mine}").text
    assert dispute(ann, house, mine, WRONG).status_code == 303
    assert "1 waiting" in made.teacher.get(made.room).text
    page = made.teacher.get(f"{made.room}/disputes/1").text
    assert "The film report says so." in page and "S52.225A" in page and quote(house)[1] in page
    shown, answer = decide(made, "one")
    assert "<strong>1</strong> up" in shown and "Ann" in shown and "Bob" not in shown
    assert score(house, other) == before, "looking changes nothing"
    assert answer.status_code == 303
    assert (score(house, mine), score(house, other)) == (1.0, before)
    assert (house.cases.root / "emergency" / f"{ARM}.yaml").read_text() == rest
    mine_now = ann.get(f"/attempts/{mine}").text
    assert f"{before:.0%}".rstrip("%") in mine_now and "→ 100" in mine_now.replace(" %", "")
    assert "Read the film report again." in mine_now and "after a dispute" in mine_now
    assert "accepted" in ann.get(made.room.replace("/classes/", "/class/") + "/disputes").text
    assert "Graded anew" not in bob.get(f"/attempts/{other}").text


def test_in_the_case_file_everybody_goes_up_and_other_disputes_of_the_line_are_answered(
    made: Made, house: House
) -> None:
    ann, bob, cat = (made.pupil(name) for name in ("Ann", "Bob", "Cat"))
    first, second = (hand_in(one, codes(swap={"S52.225A": WRONG})) for one in (ann, bob))
    right = hand_in(cat, codes())
    for pupil, attempt in ((ann, first), (bob, second)):
        dispute(pupil, house, attempt, WRONG)
    shown, answer = decide(made, "key")
    assert "<strong>2</strong> up" in shown and "1 with the same score" in shown and "new version" in shown
    assert answer.status_code == 303
    assert [score(house, id) for id in (first, second, right)] == [1.0, 1.0, 1.0]
    text = (house.cases.root / "emergency" / f"{ARM}.yaml").read_text()
    case = read(text, f"{ARM}.yaml").case
    assert case and case.key.diagnoses[3].accept == (WRONG,) and WRONG not in case.key.diagnoses[3].partial
    states = {one.learner: (one.state, one.words) for one in disputes.of_class(house.store, 1)}
    assert set(states.values()) == {("key", "Read the film report again.")} and len(states) == 2
    assert "dispute 1" in made.teacher.get(f"/teach/cases/{ARM}/history").text
    assert hand_in(made.pupil("Dan"), codes(swap={"S52.225A": WRONG})) and score(house, 4) == 1.0


def test_partly_missing_and_unsupported_lines(made: Made, house: House) -> None:
    ann = made.pupil("Ann")
    attempt = hand_in(ann, codes(without="F17.210", swap={"S00.12XA": "S00.11XA"}, more=("R45.89",)))
    start = score(house, attempt)
    for words in ("Missing line 1", "S00.11XA", "R45.89"):
        assert dispute(ann, house, attempt, words).status_code == 303
    assert decide(made, "one", number=1)[1].status_code == 303
    one = score(house, attempt)
    assert one > start, "a line that is not required is not missed"
    shown, answer = decide(made, "partly", number=2, credit="0.75")
    assert "The line itself would be: Partly right" in shown and "75" in shown and answer.status_code == 303
    two = score(house, attempt)
    assert two == pytest.approx(one + 0.75 / 13)
    assert "write it into the case file" not in made.teacher.get(f"{made.room}/disputes/3").text
    assert decide(made, "one", number=3)[1].status_code == 303
    assert score(house, attempt) > two, "earlier decisions still hold"
    assert [(told.old, told.new) for told in regrades.of_attempt(house.store, attempt)] == [
        (start, one), (one, two), (two, score(house, attempt)),
    ]  # fmt: skip


def test_a_first_place_can_be_accepted(made: Made, house: House) -> None:
    ann = made.pupil("Ann")
    attempt = hand_in(ann, [KEY[2], KEY[0], KEY[1], *KEY[3:]])
    before = score(house, attempt)
    dispute(ann, house, attempt, KEY[2])
    _, answer = decide(made, "one")
    assert answer.status_code == 303 and score(house, attempt) == 1.0 > before


@pytest.mark.parametrize(("code", "taken"), [("O99.342", True), ("S52.225A", False)])
def test_a_first_place_is_accepted_for_everybody_unless_the_linter_speaks_against_it(
    made: Made, house: House, code: str, taken: bool
) -> None:
    ann, bob = made.pupil("Ann"), made.pupil("Bob")
    order = [code, *(one for one in KEY if one != code)]
    first, other = (hand_in(one, order) for one in (ann, bob))
    dispute(ann, house, first, code)
    shown, answer = decide(made, "key")
    text = (house.cases.root / "emergency" / f"{ARM}.yaml").read_text()
    assert (f"- [{KEY[0]}, {code}]" in text) == taken
    assert ("The linter speaks against it" in shown) != taken and (answer.status_code == 303) == taken
    assert (score(house, first) == score(house, other) == 1.0) == taken


def test_rejected_with_words_and_no_score_changes(made: Made, house: House) -> None:
    ann = made.pupil("Ann")
    attempt = hand_in(ann, codes(swap={"S52.225A": WRONG}))
    before = score(house, attempt)
    dispute(ann, house, attempt, WRONG)
    refused = made.teacher.send(f"{made.room}/disputes/1", decision="reject", do="decide")
    assert refused.status_code == 400 and "say in a sentence" in refused.text
    shown, answer = decide(made, "reject")
    assert "No score changes" in shown and answer.status_code == 303 and score(house, attempt) == before
    page = ann.get(f"/attempts/{attempt}/dispute").text
    assert "rejected" in page and "Read the film report again." in page and "Withdraw" not in page
    assert decide(made, "one")[1].status_code == 303 and score(house, attempt) == before, "it is decided once"


def test_what_is_carried_out_is_what_was_shown(made: Made, house: House) -> None:
    ann = made.pupil("Ann")
    attempt = hand_in(ann, codes(swap={"S52.225A": WRONG}))
    dispute(ann, house, attempt, WRONG)
    path, form = f"{made.room}/disputes/1", {"decision": "key", "words": "Yes.", "never_lower": "1"}
    shown = made.teacher.send(path, do="look", **form).text
    seal = re.search(r'name="seal" value="([^"]*)"', shown)
    assert seal
    hand_in(made.pupil("Bob"), codes(swap={"S52.225A": WRONG}))
    again = made.teacher.send(path, do="decide", seal=seal[1], **form)
    assert again.status_code == 409 and "Something has changed" in again.text and "<strong>2</strong> up" in again.text
    assert score(house, attempt) < 1
    assert decide(made, "key")[1].status_code == 303 and score(house, attempt) == 1


def test_a_file_that_cannot_take_it_is_left_alone(app: Flask, house: House) -> None:
    made = Made(app, case=["hip-pain-after-a-fall"], variants="")
    made.do("start")
    ann = made.pupil("Ann")
    sheet = ann.sheet()
    ann.answer("M80.852A/Y")
    (row,) = house.store.rows("SELECT id, case_id FROM attempts")
    path = f"/attempts/{row['id']}/dispute"
    line = re.search(r'name="line" value="(\d+)"[^>]*> Diagnosis 1: M80.852A', ann.get(path).text)
    file = house.cases.get(sheet["case_id"])
    assert line and file
    words = file.case.key.diagnoses[0].evidence[0]
    ann.send(path, line=line[1], reason="So.", document=words.document, quote=words.quote)
    _, answer = decide(made, "key")
    assert answer.status_code == 409 and "cannot be changed from here" in answer.text and "Edit the key" in answer.text
    assert disputes.waiting(house.store, 1) == 1


def test_who_is_too_late_or_says_too_little_is_told_what_to_do(made: Made, house: House) -> None:
    ann = made.pupil("Ann")
    attempt = hand_in(ann, codes(swap={"S52.225A": WRONG}))
    wrong = dispute(ann, house, attempt, WRONG, quote="words that no chart has")
    assert wrong.status_code == 400 and "word for word" in wrong.text and "The film report says so." in wrong.text
    assert "no try was used up" not in wrong.text
    assert dispute(ann, house, attempt, WRONG, reason=" ").status_code == 400
    assert dispute(ann, house, attempt, WRONG, line="999").status_code == 400
    assert dispute(ann, house, attempt, WRONG).status_code == 303
    assert dispute(ann, house, attempt, WRONG).status_code == 303
    assert len(disputes.of_attempt(house.store, attempt)) == 1, "sent twice it is one"
    number = disputes.of_attempt(house.store, attempt)[0].id
    assert ann.send(f"/attempts/{attempt}/dispute/withdraw", dispute=str(number)).status_code == 303
    assert "withdrawn" in ann.get(f"/attempts/{attempt}/dispute").text
    classes.allow_disputes(house.store, 1, 0)
    assert "No class takes a dispute" in ann.get(f"/attempts/{attempt}/dispute").text
    classes.allow_disputes(house.store, 1, 2)
    made.do("stop")
    old = (dt.datetime.now(dt.UTC) - dt.timedelta(days=3)).isoformat()
    with house.store.write() as db:
        db.execute("UPDATE labs SET ended = ?, started = ?", (old, old))
        db.execute("UPDATE attempts SET made = ?", (old,))
    house.labs.renew(1)
    assert "No class takes a dispute" in ann.get(f"/attempts/{attempt}/dispute").text
    classes.allow_disputes(house.store, 1, 4)
    assert "takes it until" in ann.get(f"/attempts/{attempt}/dispute").text


def test_a_report_that_waits_cannot_be_disputed_and_nobody_disputes_for_others(app: Flask, house: House) -> None:
    made = Made(app, case=[ARM], feedback="after")
    made.do("start")
    ann, bob = made.pupil("Ann"), made.pupil("Bob")
    attempt = hand_in(ann, codes(swap={"S52.225A": WRONG}))
    assert ann.get(f"/attempts/{attempt}/dispute").status_code == 409
    made.do("stop")
    assert ann.get(f"/attempts/{attempt}/dispute").status_code == 200
    assert bob.get(f"/attempts/{attempt}/dispute").status_code == 404
    assert made.teacher.get(f"/attempts/{attempt}/dispute").status_code == 404


def test_practice_goes_to_a_class_of_the_learner(made: Made, house: House) -> None:
    ann = made.pupil("Ann")
    made.do("stop")
    assert ann.check(codes(swap={"S52.225A": WRONG}), ARM).status_code == 200
    attempt = attempts.latest(house.store, who(ann), ARM)
    assert attempt and attempt.lab == 0
    assert dispute(ann, house, attempt.id, WRONG).status_code == 303
    assert decide(made, "one")[1].status_code == 303
    assert score(house, attempt.id) == 1.0


def test_an_edited_key_offers_to_grade_anew_and_shows_first_what_would_change(made: Made, house: House) -> None:
    ann, bob = made.pupil("Ann"), made.pupil("Bob")
    up, down = hand_in(ann, codes(swap={"S52.225A": WRONG})), hand_in(bob, codes())
    path = f"/teach/cases/{ARM}/edit"
    page = made.teacher.get(path).text
    base = re.search(r'name="base"[^>]*value="([^"]+)"', page)
    assert base
    text = (house.cases.root / "emergency" / f"{ARM}.yaml").read_text()
    edited = text.replace("    - code: S52.225A", f"    - code: {WRONG}").replace(f"{WRONG}: 0.5, ", "S52.225A: 0.5, ")
    saved = made.teacher.send(path, htmx=True, text=edited, base=base[1], anyway="yes")
    assert "Grade anew: 2 attempts were graded before" in saved.text
    look = made.teacher.get(f"/teach/cases/{ARM}/regrade").text
    assert "<strong>1</strong> up, <strong>1</strong> down" in look and "Nobody is lowered" in look
    assert (score(house, up), score(house, down)) == (score(house, up), 1.0)
    seal = re.search(r'name="seal" value="([^"]+)"', look)
    assert seal
    grade = {"do": "grade", "seal": seal[1], "never_lower": "1"}
    assert made.teacher.send(f"/teach/cases/{ARM}/regrade", **grade).status_code == 400, "a reason is asked for"
    before = score(house, up)
    done = made.teacher.send(f"/teach/cases/{ARM}/regrade", why="The film shows it.", **grade)
    assert done.status_code == 303 and (score(house, up), score(house, down)) == (1.0, 1.0) and before < 1
    look = made.teacher.send(f"/teach/cases/{ARM}/regrade", do="look").text
    seal = re.search(r'name="seal" value="([^"]+)"', look)
    assert seal and "Nobody is lowered" not in look
    lower = {"do": "grade", "seal": seal[1], "why": "Both were told."}
    assert made.teacher.send(f"/teach/cases/{ARM}/regrade", **lower).status_code == 303
    assert score(house, down) < 1
    assert "Both were told." in bob.get(f"/attempts/{down}").text


def test_a_decision_for_one_outlives_grading_anew(made: Made, house: House) -> None:
    ann = made.pupil("Ann")
    attempt = hand_in(ann, codes(swap={"S52.225A": WRONG}))
    dispute(ann, house, attempt, WRONG)
    decide(made, "one")
    assert score(house, attempt) == 1.0
    look = made.teacher.send(f"/teach/cases/{ARM}/regrade", do="look").text
    assert "<strong>0</strong> up, <strong>0</strong> down" in look


def test_a_decision_for_one_holds_for_what_they_hand_in_later(made: Made, house: House) -> None:
    ann, bob = made.pupil("Ann"), made.pupil("Bob")
    slip = codes(swap={"S52.225A": WRONG})
    dispute(ann, house, hand_in(ann, slip), WRONG)
    decide(made, "one")
    again = hand_in(ann, slip)
    assert score(house, again) == 1.0 > score(house, hand_in(bob, slip))
    # Another slip is one as before, and grading anew knows of the decision as well.
    assert score(house, hand_in(ann, codes(swap={"S52.225A": WRONG}, without="F17.210"))) < 1
    look = made.teacher.send(f"/teach/cases/{ARM}/regrade", do="look").text
    assert "<strong>0</strong> up, <strong>0</strong> down" in look
    # What is typed at the end of the lab is handed in as it stands.
    ann.answer(*slip, what="draft")
    resultkit.long_over(house, made.id)
    ann.get(ann.room)
    last = attempts.latest(house.store, who(ann), ARM)
    assert last and last.id > again and last.score == 1.0


def test_the_log_tells_who_did_what_and_is_only_added_to(made: Made, house: House) -> None:
    ann = made.pupil("Ann")
    attempt = hand_in(ann, codes(swap={"S52.225A": WRONG}))
    dispute(ann, house, attempt, WRONG)
    before = score(house, attempt)
    decide(made, "key")
    page = made.teacher.get(f"{made.room}/log").text
    for words in ("disputed a line", "decided a dispute", "graded anew", "ran a lab", "made a lab"):
        assert words in page
    assert f"Ann, attempt {attempt}: {before:.0%} → 100%" in page.replace(" %", "%")
    assert "words: Read the film report again." in page and "why: Read the film report again." in page
    assert "after: dispute 1" in page
    kinds = {row.kind for row in log.read(house.store, None)}
    assert {"saved", "made a class", "regraded"} <= kinds
    for statement in ("UPDATE audit_log SET actor = ''", "DELETE FROM audit_log"):
        with pytest.raises(sqlite3.IntegrityError, match="only ever added"), house.store.write() as db:
            db.execute(statement)
    me = who(ann)
    handed_out = persons.export(house.store, me)
    assert handed_out["disputes"][0]["reason"] == "The film report says so."
    assert handed_out["regrades"][0]["report"]["pairs"][0]["entered"]["code"] == KEY[0], "the earlier report, whole"
    many = len(log.read(house.store, None))
    persons.forget(house.store, me)
    assert not disputes.of_class(house.store, 1) and not regrades.of_attempt(house.store, attempt)
    assert len(log.read(house.store, None)) == many
    page = made.teacher.get(f"{made.room}/log").text
    assert "nobody who is known any more" in page and "Ann" not in page and "Read the film" not in page
    kept = [
        str(tuple(row)) for table in ("audit_log", "regradings") for row in house.store.rows(f"SELECT * FROM {table}")
    ]
    assert not any("Read the film" in row for row in kept), "what was written to somebody goes with them"


def test_each_class_sees_in_its_own_log_whose_scores_changed_why_and_by_whom(
    app: Flask, made: Made, house: House
) -> None:
    other, third = Made(app, name="Their lab", case=[ARM], reserve=[]), Made(app, case=[ARM], reserve=[])
    made.teacher.send("/name", name="Ada", account="1")
    other.do("start")
    ann, bob = made.pupil("Ann"), other.pupil("Bob")
    mine, theirs = (hand_in(one, codes(swap={"S52.225A": WRONG})) for one in (ann, bob))
    for one in (made, other):
        one.do("stop")  # until then the case is the lab's
    assert bob.check(codes(swap={"S52.225A": WRONG}), ARM).status_code == 200
    mine_too = max(row["id"] for row in house.store.rows("SELECT id FROM attempts"))
    dispute(ann, house, mine, WRONG)
    assert decide(made, "key")[1].status_code == 303
    here, there, none = (
        [row for row in log.read(house.store, int(one.room.rpartition("/")[2])) if row.kind == "regraded"]
        for one in (made, other, third)
    )
    assert [[*row.details["scores"]] for row in here] == [[str(mine)]]
    assert [[*row.details["scores"]] for row in there] == [[str(theirs), str(mine_too)]] and none == []
    page = other.teacher.get(f"{other.room}/log").text
    assert "graded anew" in page and "Ada" in page and "after: a dispute in another class" in page
    assert f"Bob, attempt {theirs}: " in page and "why: Read the film report again." in page and "Ann" not in page
    persons.forget(house.store, who(ann))
    assert persons.FORGOTTEN in other.teacher.get(f"{other.room}/log").text


def test_an_edited_key_stands_in_the_logs_of_the_classes_that_it_concerns(app: Flask, made: Made, house: House) -> None:
    other = Made(app, case=[ARM], reserve=[])
    attempt = hand_in(made.pupil("Ann"), codes(swap={"S52.225A": WRONG}))
    path = house.cases.root / "emergency" / f"{ARM}.yaml"
    path.write_text(path.read_text().replace("S52.225A", WRONG))
    house.cases.refresh()
    look = made.teacher.get(f"/teach/cases/{ARM}/regrade").text
    seal = re.search(r'name="seal" value="([^"]*)"', look)
    assert seal
    grade = {"do": "grade", "never_lower": "1", "seal": seal[1], "why": "The film shows it."}
    assert made.teacher.send(f"/teach/cases/{ARM}/regrade", **grade).status_code == 303
    page = made.teacher.get(f"{made.room}/log").text
    assert f"Ann, attempt {attempt}: " in page and "why: The film shows it." in page
    assert "after: a change of the key" in page
    assert "graded anew" not in other.teacher.get(f"{other.room}/log").text


def test_a_missing_line_is_the_one_that_was_disputed_whatever_its_number_is_by_now(made: Made, house: House) -> None:
    ann = made.pupil("Ann")
    attempt = hand_in(ann, [code for code in codes() if code not in ("F17.210", "Z3A.22", "Y92.030")])
    for words in ("Missing line 1", "Missing line 2"):
        assert dispute(ann, house, attempt, words).status_code == 303
    decide(made, "one", number=1)
    assert disputes.waiting(house.store, 1) == 1, "the other line is still missing, as line 1"
    page = made.teacher.get(f"{made.room}/disputes/2").text
    assert "Z3A.22" in page and "right by now" not in page
    dispute(ann, house, attempt, "Missing line 2")
    assert disputes.waiting(house.store, 1) == 2, "another line at the same place is another dispute"
    before = score(house, attempt)
    decide(made, "one", number=2)
    assert score(house, attempt) > before and "Y92.030" in made.teacher.get(f"{made.room}/disputes/3").text
    decide(made, "one", number=3)
    assert score(house, attempt) == 1.0


def test_a_dispute_of_a_line_that_is_right_already_does_not_get_the_answer_about_another(
    made: Made, house: House
) -> None:
    ann = made.pupil("Ann")
    attempt = hand_in(ann, codes(swap={"S52.225A": WRONG}, without="F17.210"))
    dispute(ann, house, attempt, "Missing line 1")
    dispute(ann, house, attempt, WRONG)
    with house.store.write() as db:
        db.execute("UPDATE disputes SET line = 'diagnoses O9A.312' WHERE id = 1")
    decide(made, "one", number=2)
    assert disputes.waiting(house.store, 1) == 1


def test_a_decision_that_would_do_nothing_for_the_line_is_not_told_as_one(made: Made, house: House) -> None:
    ann = made.pupil("Ann")
    attempt = hand_in(ann, codes(more=(KEY[2],)))
    dispute(ann, house, attempt, f"Diagnosis {len(KEY) + 1}")
    shown, answer = decide(made, "one")
    assert answer.status_code == 409 and "change nothing of this line" in shown + answer.text
    assert disputes.waiting(house.store, 1) == 1
    assert decide(made, "reject")[1].status_code == 303 and disputes.waiting(house.store, 1) == 0


def test_another_change_of_the_key_than_the_one_that_was_shown_is_not_carried_out(made: Made, house: House) -> None:
    # All that can be chosen is lower than what the key gives: with "never lower" no score changes by any of it.
    path = house.cases.root / "emergency" / f"{ARM}.yaml"
    path.write_text(path.read_text().replace(f"{WRONG}: 0.5", f"{WRONG}: 0.9"))
    house.cases.refresh()
    ann = made.pupil("Ann")
    attempt = hand_in(ann, codes(swap={"S52.225A": WRONG}))
    dispute(ann, house, attempt, WRONG)
    desk = f"{made.room}/disputes/1"
    form = {"decision": "partly_key", "words": "Partly.", "never_lower": "1"}
    shown = made.teacher.send(desk, do="look", credit="0.25", **form).text
    seal = re.search(r'name="seal" value="([^"]*)"', shown)
    assert seal and "Nobody is lowered" in shown
    assert made.teacher.send(desk, do="decide", seal=seal[1], credit="0.75", **form).status_code == 409
    assert made.teacher.send(desk, do="decide", seal=seal[1], credit="0.25", **form).status_code == 303


def test_who_has_left_the_class_is_graded_anew_after_their_own_dispute(made: Made, house: House) -> None:
    ann = made.pupil("Ann")
    made.do("stop")
    ann.check(codes(swap={"S52.225A": WRONG}), ARM)
    attempt = attempts.latest(house.store, who(ann), ARM)
    assert attempt and dispute(ann, house, attempt.id, WRONG).status_code == 303
    with house.store.write() as db:
        db.execute("UPDATE members SET class = 99 WHERE learner = ?", (who(ann),))
    assert decide(made, "key")[1].status_code == 303
    assert score(house, attempt.id) == 1.0


def test_an_instructor_who_only_assists_in_a_class_grades_none_of_its_practice(made: Made, house: House) -> None:
    ann = made.pupil("Ann")
    made.do("stop")
    ann.check(codes(swap={"S52.225A": WRONG}), ARM)
    regrade = f"/teach/cases/{ARM}/regrade"
    path = house.cases.root / "emergency" / f"{ARM}.yaml"
    path.write_text(path.read_text().replace(f"{WRONG}: 0.5", f"{WRONG}: 0.9"))
    house.cases.refresh()
    assert "<strong>1</strong> up" in made.teacher.get(regrade).text, "the owner grades all"
    with house.store.write() as db:
        db.execute("UPDATE learners SET role = 'instructor' WHERE role = 'owner'")
    assert "<strong>1</strong> up" in made.teacher.get(regrade).text
    with house.store.write() as db:
        db.execute("UPDATE members SET role = 'assistant' WHERE role = 'instructor'")
    assert "No attempt is graded anew" in made.teacher.get(regrade).text


def test_disputes_of_an_earlier_database_find_their_lines(made: Made, house: House) -> None:
    ann = made.pupil("Ann")
    attempt = hand_in(ann, codes(swap={"S52.225A": WRONG}, without="F17.210"))
    dispute(ann, house, attempt, WRONG)
    dispute(ann, house, attempt, "Missing line 1")
    with house.store.write() as db:
        db.execute("DROP INDEX disputes_open")
        db.execute("ALTER TABLE disputes DROP COLUMN line")
        db.execute("CREATE UNIQUE INDEX disputes_open ON disputes (attempt, pair) WHERE state = 'open'")
        db.execute(
            "INSERT INTO disputes SELECT 3, class, learner, 999, pair, said, case_id, reason, document, quote, made,"
            " state, credit, words, decided, decided_by FROM disputes WHERE id = 1"
        )
        dispute_tables.lines(db)
    lines = [row["line"] for row in house.store.rows("SELECT line FROM disputes ORDER BY id")]
    assert lines == ["dx4", "diagnoses F17.210", "pair 3"]
