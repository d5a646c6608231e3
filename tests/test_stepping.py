"""The feedback in steps: where to look, then the kind of error, then the comparison; each asked for, each kept."""

import html
import re

import pytest
from flask import Flask
from webkit import HIP, Learner

from sandbox.report import PAIR_ERRORS, Report
from sandbox.store import attempts, steps
from sandbox.web.house import House

WRONG = ["S72.002A/Y", "I10/Y", "N18.32/Y"]


def ask(learner: Learner, step: str, htmx: bool = True, attempt: int = 1):  # type: ignore[no-untyped-def]
    token = learner.open()["csrf_token"]
    return learner.post(f"/attempts/{attempt}/step", htmx=htmx, step=step, csrf_token=token)


def test_first_only_where_to_look_is_told(learner: Learner, house: House) -> None:
    answer = learner.check(WRONG).text
    assert "Not right yet" in answer and "Where to look" in answer
    wrong = [label for name, label in PAIR_ERRORS.items() if name not in ("exact", "missing")]
    assert not [label for label in wrong if f">{label}<" in answer]
    file = house.cases.get(HIP)
    assert file
    assert all(text not in answer for line in file.case.key.diagnoses for text in line.instead.values())


def test_a_right_line_says_at_once_why_it_is_right(learner: Learner, house: House) -> None:
    answer = html.unescape(learner.check(WRONG).text)
    file = house.cases.get(HIP)
    assert file
    why = next(line.why for line in file.case.key.diagnoses if line.code == "N18.32")
    assert " ".join(why.split())[:40] in " ".join(answer.split())


def test_the_kind_then_the_comparison_each_for_one_line(learner: Learner, house: House) -> None:
    learner.check(WRONG)
    kind = ask(learner, "0-2").text
    assert 'id="pair-0"' in kind and "Wrong etiology" in kind and "M80.052A" not in kind and "pair-1" not in kind
    compared = ask(learner, "0-3").text
    assert "M80.052A" in compared and 'class="compare"' in compared
    assert steps.taken(house.store, 1) == {0: steps.COMPARED}
    assert len(house.store.rows("SELECT * FROM steps")) == 2


def test_who_compares_at_once_has_taken_both_steps_and_twice_is_once(learner: Learner, house: House) -> None:
    learner.check(WRONG)
    for _ in range(2):
        ask(learner, "1-3")
    assert [tuple(row)[:3] for row in house.store.rows("SELECT * FROM steps ORDER BY step")] == [(1, 1, 2), (1, 1, 3)]


def test_all_kinds_are_named_at_once_and_no_code(learner: Learner, house: House) -> None:
    learner.check(WRONG)
    answer = ask(learner, "all-2").text
    assert "Wrong etiology" in answer and "M80.052A" not in answer
    assert steps.taken(house.store, 1)[0] == steps.KIND


def test_the_button_that_names_every_kind_goes_with_the_last_of_them(learner: Learner) -> None:
    assert 'id="name-all"' in learner.check(WRONG).text
    assert 'hx-swap-oob="delete"' not in ask(learner, "0-2").text
    assert 'hx-swap-oob="delete"' in ask(learner, "1-2").text
    assert 'id="name-all"' not in learner.get("/attempts/1").text


def test_a_missing_line_names_a_document_then_its_words_then_its_code(learner: Learner, house: House) -> None:
    file = house.cases.get(HIP)
    assert file
    kept = [line for line in file.case.key.diagnoses if line.code != "D62"]
    answer = html.unescape(learner.check([f"{line.code}/{line.poa or ''}" for line in kept]).text)
    report = Report.from_json(attempts.get(house.store, 1).report)
    (n,) = [n for n, pair in enumerate(report.pairs) if pair.error == "missing" and pair.key.code == "D62"]
    words = " ".join(report.pairs[n].evidence[0].quote.split())
    assert "Read again" in answer and words not in " ".join(answer.split()) and "D62" not in answer
    shown = html.unescape(ask(learner, f"{n}-2").text)
    assert words in " ".join(shown.split()) and "D62" not in shown
    assert "D62" in ask(learner, f"{n}-3").text


def test_at_the_first_step_every_error_reads_the_same(learner: Learner) -> None:
    """A code that nothing in the chart speaks for is not told apart from one that is nearly right."""
    answer = learner.check(["S72.002A/Y", "Z59.00/Y"]).text
    said = re.findall(r'<summary><span class="glyph bad".*?</summary>', answer, re.S)
    assert len(said) == 2
    assert len({re.sub(r'<span class="code">[^<]*</span>', "", one) for one in said}) == 1


def test_when_a_step_was_taken_stands_on_the_page_of_the_attempt(learner: Learner) -> None:
    learner.check(WRONG)
    assert "What you asked to be told" not in learner.get("/attempts/1").text
    ask(learner, "1-3")
    page = html.unescape(learner.get("/attempts/1").text)
    told = page.partition("What you asked to be told")[2].partition("</section>")[0]
    assert re.findall(r'<span class="code">(.*?)</span> (.*?)</li>', told) == [
        ("I10", "the kind of error"),
        ("I10", "the comparison"),
    ]


def test_how_sure_somebody_is_survives_a_line_that_is_added(learner: Learner) -> None:
    fields = {**learner.open(), "dx_code": "I10", "action": "add-dx", "sure": "fairly"}
    assert 'value="fairly" checked' in learner.post(f"/cases/{HIP}/lines", htmx=True, **fields).text
    led = learner.post(f"/cases/{HIP}/lines", htmx=False, **fields)
    assert led.status_code == 303
    assert 'value="fairly" checked' in learner.get(led.location).text


def test_what_was_told_stays_told_on_every_page_of_the_attempt(learner: Learner) -> None:
    learner.check(WRONG)
    ask(learner, "0-2")
    for path in ("/attempts/1", f"/cases/{HIP}"):
        page = learner.get(path).text
        assert "Wrong etiology" in page and "Not right yet" in page


def test_without_javascript_a_step_leads_back_to_its_line(learner: Learner) -> None:
    learner.check(WRONG)
    answer = ask(learner, "0-2", htmx=False)
    assert (answer.status_code, answer.location) == (303, "/attempts/1#pair-0")


@pytest.mark.parametrize("step", ["", "0-1", "0-4", "99-2", "x-2", "2-2", "all-9", "0-2-2"])
def test_what_cannot_be_asked_is_refused(learner: Learner, step: str) -> None:
    """The third line is right: there is nothing to tell of it."""
    learner.check(WRONG)
    assert ask(learner, step).status_code == 404


def test_a_stranger_takes_no_step_of_an_attempt(learner: Learner, app: Flask, house: House) -> None:
    learner.check(WRONG)
    assert ask(Learner(app), "0-2").status_code == 404
    assert steps.taken(house.store, 1) == {}


def test_what_to_take_along_waits_until_the_case_is_finished(learner: Learner) -> None:
    learner.check(WRONG)
    token = learner.open()["csrf_token"]
    assert learner.post("/attempts/1/lessons", csrf_token=token).status_code == 404
    learner.post(f"/cases/{HIP}/key", csrf_token=token)
    answer = learner.post("/attempts/1/lessons", csrf_token=token).text
    assert answer.count("<li>") == 3
    assert "To take along" in learner.get("/attempts/1").text


def test_how_sure_somebody_was_is_kept_and_nothing_else_is_taken(learner: Learner, house: House) -> None:
    for sure in ("certain", "fairly", "of course", ""):
        learner.check([*WRONG, f"Z79.8{len(sure)}/Y"], sure=sure)
    said = [row["sure"] for row in house.store.rows("SELECT sure FROM attempts ORDER BY id")]
    assert said == ["certain", "fairly", "", ""]
