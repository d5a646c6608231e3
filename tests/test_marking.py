"""Words of the chart under a line: typed or selected, proven, kept, moved, remembered, shown again, and demanded."""

import html
import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from webkit import Learner

from sandbox.store import attempts
from sandbox.support import LONGEST, MOST
from sandbox.web.house import House
from tests.test_support import OFFICE

CASE = "a-cough"
URL = f"/cases/{CASE}"
WORDS = [["visit", "Acute bronchitis."]]


@pytest.fixture
def case_text() -> str:
    return OFFICE.replace("status: draft", "status: ready")


@pytest.fixture
def case_folder(tmp_path: Path, case_text: str) -> Path:
    folder = tmp_path / "cases"
    folder.mkdir()
    (folder / f"{CASE}.yaml").write_text(case_text, encoding="utf-8")
    return folder


def lines(house: House) -> attempts.Lines:
    """What the only learner has typed."""
    [row] = house.store.rows("SELECT lines FROM drafts UNION ALL SELECT lines FROM attempts")
    found: attempts.Lines = json.loads(row["lines"])
    return found


def act(learner: Learner, action: str, *codes: str, htmx: bool = True, **fields: Any) -> Any:
    return learner.post(f"{URL}/lines", list(codes), htmx, action=action, **learner.open(CASE), **fields)


def typed(n: int, document: str, quote: str) -> dict[str, str]:
    return {f"dx-{n}-document": document, f"dx-{n}-quote": quote}


def test_typed_words_are_kept_as_the_document_has_them(learner: Learner, house: House) -> None:
    answer = act(learner, "mark-dx-0", "J20.9", htmx=False, **typed(0, "visit", "  acute BRONCHITIS. essential"))
    assert (answer.status_code, answer.location) == (303, f"{URL}#dx-0-marked")
    kept = [["visit", "Acute bronchitis. Essential"]]
    assert lines(house)["diagnoses"] == [{"code": "J20.9", "poa": "", "words": kept}]
    page = html.unescape(learner.get(URL).text)
    assert f'name="dx-0-words" value="{json.dumps(kept)}"' in page
    assert ">Acute bronchitis. Essential</button>" in page


@pytest.mark.parametrize(
    ("document", "quote", "says"),
    [
        ("visit", "pneumonia", "“pneumonia” does not stand in Office note word for word"),
        ("visit", "thickening", "It stands in Chest film: choose that document"),
        ("nowhere", "pneumonia", "does not stand in that document"),
        ("visit", "x" * (LONGEST + 1), "a long passage"),
        ("visit", "4", "very little"),
    ],
)
@pytest.mark.parametrize("htmx", [True, False])
def test_words_that_do_not_stand_there_are_told_kindly_and_the_codes_are_kept(
    learner: Learner, house: House, document: str, quote: str, says: str, htmx: bool
) -> None:
    answer = act(learner, "mark-dx-0", "J20.9", htmx=htmx, **typed(0, document, quote))
    assert answer.status_code == 400
    assert says in html.unescape(answer.text)
    assert lines(house)["diagnoses"] == [{"code": "J20.9", "poa": ""}]


def test_a_row_without_a_code_cannot_have_words_and_is_told_so(learner: Learner) -> None:
    answer = act(learner, "mark-dx-1", "J20.9", "", **typed(1, "visit", "Cough"))
    assert answer.status_code == 400
    assert "Diagnosis 2 has no code yet" in answer.text


def test_words_move_with_their_line_and_go_one_by_one_and_with_it(learner: Learner, house: House) -> None:
    two = json.dumps([*WORDS, ["visit", "Cough"]])
    act(learner, "down-dx-1", "I10", "J20.9", "R05.1", **{"dx-1-words": two})
    assert ["words" in row for row in lines(house)["diagnoses"]] == [False, False, True]
    answer = act(learner, "unmark-dx-2-0", "I10", "R05.1", "J20.9", **{"dx-2-words": two})
    assert lines(house)["diagnoses"][2]["words"] == [["visit", "Cough"]]
    assert 'data-focus="dx-2-marked"' in answer.text
    act(learner, "unmark-dx-0-0", "J20.9", **{"dx-0-words": json.dumps(WORDS)})
    assert lines(house)["diagnoses"] == [{"code": "J20.9", "poa": ""}]
    act(learner, "remove-dx-0", "J20.9", "I10", **{"dx-0-words": json.dumps(WORDS)})
    assert lines(house)["diagnoses"] == [{"code": "I10", "poa": ""}]


def test_words_belong_to_the_row_that_they_were_sent_for_whatever_is_empty_above(
    learner: Learner, house: House
) -> None:
    act(learner, "add-dx", "I10", "", "J20.9", **{"dx-2-words": json.dumps(WORDS)})
    assert [row.get("words") for row in lines(house)["diagnoses"]] == [None, WORDS]


@pytest.mark.parametrize("sent", ["", "{", "7", '{"a": 1}', '[["visit"]]', '[["visit", 7]]', '["ab"]', "[[[]]]"])
def test_a_field_that_no_page_wrote_counts_for_nothing(learner: Learner, house: House, sent: str) -> None:
    assert act(learner, "add-dx", "J20.9", **{"dx-0-words": sent}).status_code == 200
    assert lines(house)["diagnoses"] == [{"code": "J20.9", "poa": ""}]


def test_a_line_takes_a_few_quotes_each_once(learner: Learner, house: House) -> None:
    quotes = ["Cough", "Cough", "Denies", "chest pain", "asthma", "Possible", "sleep apnea", "study"]
    sent = json.dumps([["visit", quote] for quote in quotes[:MOST]])
    act(learner, "add-dx", "J20.9", **{"dx-0-words": sent})
    assert [quote for _, quote in lines(house)["diagnoses"][0]["words"]] == [quotes[0], *quotes[2:MOST]]
    full = json.dumps([["visit", quote] for quote in quotes[1 : MOST + 1]])
    answer = act(learner, "mark-dx-0", "J20.9", **{"dx-0-words": full}, **typed(0, "visit", "study"))
    assert answer.status_code == 400
    assert f"J20.9 has {MOST} quotes already" in answer.text


def test_the_report_shows_them_now_and_in_the_history_and_the_attempt_keeps_them(
    learner: Learner, house: House
) -> None:
    sent = {"dx-0-words": json.dumps([["visit", "Essential hypertension"]]), **learner.open(CASE)}
    answer = learner.post(f"{URL}/check", ["J20.9"], **sent).text
    assert "Look at the words that you put under it." in answer
    assert "speak for another line" in answer
    assert lines(house)["diagnoses"][0]["words"] == [["visit", "Essential hypertension"]]
    attempt = learner.get("/attempts/1").text
    assert "speak for another line" in attempt
    assert "“Essential hypertension”" in attempt
    assert "0 on right words ÷ 1 with words = 0.00" in attempt
    assert "speak for another line" in learner.get(URL).text


def test_a_typed_quote_goes_along_with_a_check_and_a_wrong_one_uses_no_try(learner: Learner, house: House) -> None:
    fields = learner.open(CASE)
    answer = learner.post(f"{URL}/check", ["J20.9"], **fields, **typed(0, "visit", "pneumonia"))
    assert answer.status_code == 400
    assert house.store.rows("SELECT 1 FROM attempts") == []
    answer = learner.post(f"{URL}/check", ["J20.9"], **fields, **typed(0, "visit", "acute bronchitis"))
    assert "These words say it." in answer.text


def test_other_words_are_another_report_and_none_are_remembered_as_before(app: Flask) -> None:
    def said(words: list[list[str]]) -> str:
        learner = Learner(app)
        sent = {"dx-0-words": json.dumps(words)} if words else {}
        return learner.post(f"{URL}/check", ["J20.9"], **learner.open(CASE), **sent).text

    assert "Your words" not in said([])
    assert "These words say it." in said(WORDS)
    assert "do not say it" in said([["visit", "Cough"]])
    assert "Your words" not in said([])


def test_a_doubt_in_the_learners_own_words_is_told_by_the_rule(learner: Learner) -> None:
    fields = learner.open(CASE)
    sent = {"dx-1-words": json.dumps([["visit", "sleep apnea"]])}
    assert "OUT01" not in learner.post(f"{URL}/check", ["J20.9", "G47.33"], **fields).text
    assert "OUT01" in learner.post(f"{URL}/check", ["J20.9", "G47.33"], **fields, **sent).text


def test_a_revised_chart_lets_go_of_words_that_it_no_longer_has(
    learner: Learner, house: House, case_folder: Path, case_text: str
) -> None:
    kept = json.dumps([*WORDS, ["visit", "Cough"]])
    act(learner, "add-dx", "J20.9", **{"dx-0-words": kept})
    token = learner.open(CASE)["csrf_token"]
    revised = case_text.replace("Cough x 4 d.", "Sputum x 4 d.")
    (case_folder / f"{CASE}.yaml").write_text(revised, encoding="utf-8")
    house.cases.refresh()
    learner.post(f"{URL}/restart", htmx=False, csrf_token=token)
    assert lines(house)["diagnoses"][0]["words"] == WORDS


class TestDemanded:
    """A case that asks for words under each line."""

    @pytest.fixture
    def case_text(self) -> str:
        return OFFICE.replace("status: draft", "status: ready\nevidence: demanded")

    def test_a_check_asks_for_them_first_and_uses_no_try(self, learner: Learner, house: House) -> None:
        fields = learner.open(CASE)
        assert "asks for the words of the chart" in learner.get(URL).text
        answer = learner.post(f"{URL}/check", ["J20.9", "I10"], **fields, **{"dx-0-words": json.dumps(WORDS)})
        assert answer.status_code == 400
        assert "Diagnosis 2 (I10) has no words of the chart yet" in answer.text
        assert house.store.rows("SELECT 1 FROM attempts") == []
        answer = learner.post(f"{URL}/check", ["J20.9", "I10"], **fields)
        assert "Diagnosis 1 (J20.9) has no words of the chart yet, and 1 more" in answer.text
        sent = {f"dx-{n}-words": json.dumps(WORDS) for n in (0, 1)}
        assert "attempt 1" in learner.post(f"{URL}/check", ["J20.9", "I10"], **fields, **sent).text

    def test_an_optional_case_does_not_ask(self, app: Flask, case_folder: Path, house: House, case_text: str) -> None:
        text = case_text.replace("evidence: demanded", "evidence: optional")
        (case_folder / f"{CASE}.yaml").write_text(text, encoding="utf-8")
        house.cases.refresh()
        learner = Learner(app)
        assert "attempt 1" in learner.check(["J20.9"], CASE).text
