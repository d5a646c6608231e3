"""The learner's queries: they stay with the draft, go with the attempt, and nothing of the key shows unasked."""

import html
import json
import re

import pytest
from flask import Flask
from webkit import Learner
from werkzeug.datastructures import MultiDict

from sandbox.queries.reasons import LONGEST, MOST, REASONS
from sandbox.store import attempts, steps
from sandbox.web.house import House

CASE = "nosebleed-on-a-blood-thinner"
PLAIN = "diabetes-follow-up"
ASK = "Hgb was 10.6 and 10.5 on repeat. What diagnosis, if any, do these values represent?"


def draft(learner: Learner, *queries: tuple[str, str, str], action: str = "", htmx: bool = True, case: str = CASE):  # type: ignore[no-untyped-def]
    return send(learner, "lines" if action else "draft", *queries, htmx=htmx, case=case, action=action)


def send(learner: Learner, to: str, *queries: tuple[str, str, str], htmx: bool = True, case: str = CASE, **more: str):  # type: ignore[no-untyped-def]
    fields = learner.open(case)
    pairs = [("dx_code", "R04.0"), ("dx_poa", ""), *{**fields, **more}.items()]
    for query in queries:
        pairs += zip(("query_reason", "query_document", "query_text"), query, strict=True)
    headers = {"HX-Request": "true"} if htmx else {}
    return learner.client.post(f"/cases/{case}/{to}", data=MultiDict(pairs), headers=headers)


def ask(learner: Learner, value: str, htmx: bool = True, attempt: int = 1):  # type: ignore[no-untyped-def]
    token = learner.open(CASE)["csrf_token"]
    return learner.post(f"/attempts/{attempt}/query", htmx=htmx, query=value, csrf_token=token)


def plain(text: str) -> str:
    return " ".join(html.unescape(text).split())


def kept(house: House) -> list[dict[str, str]]:
    row = house.store.rows("SELECT lines FROM drafts")[0]
    return json.loads(row["lines"]).get("queries", [])


def test_the_section_offers_every_reason_and_every_document(learner: Learner, house: House) -> None:
    page = plain(learner.get(f"/cases/{CASE}").text)
    file = house.cases.get(CASE)
    assert file
    assert all(f'<option value="{name}">' in page for name in REASONS)
    assert all(f'<option value="{document.id}">' in page for document in file.case.documents)
    assert page.count('name="query_text"') == 1


@pytest.mark.parametrize("htmx", [True, False])
def test_queries_stay_with_the_draft(learner: Learner, house: House, htmx: bool) -> None:
    draft(learner, ("no_diagnosis", "labs", ASK), ("", "", ""), ("cause", "", "Why\r\nis it low?"), htmx=htmx)
    assert kept(house) == [
        {"reason": "no_diagnosis", "document": "labs", "text": ASK},
        {"reason": "cause", "document": "", "text": "Why\nis it low?"},
    ]
    page = plain(learner.get(f"/cases/{CASE}").text)
    assert ASK in page and '<option value="labs" selected>' in page and "(2 written)" in page
    assert page.count('name="query_text"') == 3


def test_a_button_adds_and_removes_without_javascript_too(learner: Learner, house: House) -> None:
    answer = draft(learner, ("cause", "", "One?"), ("poa", "", "Two?"), action="add-qu", htmx=False)
    assert answer.status_code == 303 and answer.headers["Location"].endswith("#qu-2-reason")
    draft(learner, ("cause", "", "One?"), ("poa", "", "Two?"), action="remove-qu-0", htmx=False)
    assert [row["text"] for row in kept(house)] == ["Two?"]
    moved = draft(learner, ("poa", "", "Two?"), action="add-qu").text
    assert 'data-focus="qu-1-reason"' in moved and 'id="qu-1-reason"' in moved
    draft(learner, ("poa", "", "Two?"), action="remove-qu-0")
    assert kept(house) == []


def test_words_that_are_a_script_are_shown_as_words(learner: Learner) -> None:
    evil = '</textarea><script>alert(1)</script><img src=x onerror=alert(2)> Hgb "10.6"?'
    send(learner, "check", ("no_diagnosis", "labs", evil))
    pages = [learner.get(path).text for path in (f"/cases/{CASE}", "/attempts/1")]
    pages += [ask(learner, "all").text, draft(learner, ("cause", '"><script>', evil), action="add-qu").text]
    for page in pages:
        assert "<script>alert" not in page and "<img src=x" not in page
        assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (("cause", "", ""), "has a reason and no question"),
        (("", "", "What is it?"), "has no reason"),
        (("made-up", "", "What is it?"), "has no reason"),
        (("cause", "", "x" * (LONGEST + 1)), f"has {LONGEST + 1} characters"),
    ],
)
@pytest.mark.parametrize("htmx", [True, False])
def test_a_query_that_is_not_whole_costs_no_try(
    learner: Learner, house: House, query: tuple[str, str, str], said: str, htmx: bool
) -> None:
    answer = send(learner, "check", query, htmx=htmx)
    assert answer.status_code == 400 and said in answer.text
    assert house.store.rows("SELECT * FROM attempts") == []


def test_more_queries_than_are_allowed_are_told(learner: Learner) -> None:
    answer = send(learner, "check", *[("cause", "", f"What is {n}?") for n in range(MOST + 1)])
    assert answer.status_code == 400 and f"more than {MOST}" in answer.text


def test_queries_go_with_the_attempt_and_the_score_is_the_same(learner: Learner, house: House) -> None:
    send(learner, "check")
    send(learner, "check", ("no_diagnosis", "labs", ASK))
    one, two = (attempts.get(house.store, n) for n in (1, 2))
    assert one and two and one.score == two.score
    assert two.lines["queries"][0]["text"] == ASK
    assert ASK in plain(learner.get("/attempts/2").text)


def test_the_same_form_with_another_query_is_another_attempt(learner: Learner, house: House) -> None:
    token = {"token": "one-token"}
    for text in (ASK, ASK, "Which diagnosis does the Hgb represent, if any?"):
        send(learner, "check", ("no_diagnosis", "labs", text), **token)
    assert len(house.store.rows("SELECT * FROM attempts")) == 2


def _of_the_key(house: House) -> list[str]:
    file = house.cases.get(CASE)
    assert file
    query = file.case.key.queries[0]
    return [query.about, query.why.split(",")[0], query.model[:40], *query.instead.values()]


def test_whether_there_is_anything_to_ask_shows_in_no_case_before_it_is_asked(learner: Learner, house: House) -> None:
    sections = []
    for case in (CASE, PLAIN):
        answer = send(learner, "check", case=case).text
        found = re.search(r'<section id="asked".*?</section>', answer, re.DOTALL)
        assert found
        sections.append(found[0])
        assert not [text for text in _of_the_key(house) if text in plain(answer)]
    assert sections[0] == sections[1]
    for attempt in (1, 2):
        page = plain(learner.get(f"/attempts/{attempt}").text)
        assert "called for" not in page and "How many queries were right is told once" in page


def test_where_then_kind_then_comparison_each_on_request(learner: Learner, house: House) -> None:
    send(learner, "check")
    opened = plain(ask(learner, "all").text)
    file = house.cases.get(CASE)
    assert file
    title = next(one.title for one in file.case.documents if one.id == "physician")
    assert "One place of the chart is still open" in opened and f"Where to look: {title}" in " ".join(
        re.sub("<[^>]*>", "", opened).split()
    )
    assert "Clinical indicators" not in opened and not [text for text in _of_the_key(house) if text in opened]
    kind = plain(ask(learner, "0-2").text)
    assert "Clinical indicators without a diagnosis" in kind and _of_the_key(house)[0] not in kind
    compared = plain(ask(learner, "0-3").text)
    about, why, model, *_ = _of_the_key(house)
    assert about in compared and " ".join(why.split()) in compared and model in compared
    assert "data-document" in compared
    assert steps.taken(house.store, 1) == {steps.QUERIES: steps.KIND, steps.QUERIES + 1: steps.COMPARED}
    page = plain(learner.get("/attempts/1").text)
    assert about in page and "0 right ÷ 1 called for = 0.00" in page


def test_a_step_that_was_not_opened_or_is_none_is_refused(learner: Learner, app: Flask) -> None:
    send(learner, "check")
    assert ask(learner, "0-3").status_code == 404
    assert ask(learner, "all", htmx=False).status_code == 303
    assert [ask(learner, value).status_code for value in ("7-2", "0-1", "", "x")] == [404] * 4
    assert ask(Learner(app), "all").status_code == 404


def test_a_case_without_queries_says_that_nothing_had_to_be_asked(learner: Learner) -> None:
    send(learner, "check", case=PLAIN)
    assert "Nothing had to be asked" in ask(learner, "all").text


def test_a_right_query_is_told_at_once_with_its_reason(learner: Learner, house: House) -> None:
    answer = plain(send(learner, "check", ("no_diagnosis", "labs", ASK)).text)
    assert "The right query" in answer and _of_the_key(house)[0] in answer


def test_what_leads_is_told_at_once_and_the_key_is_not(learner: Learner, house: House) -> None:
    answer = plain(
        send(
            learner, "check", ("no_diagnosis", "labs", "Would you agree that Hgb 10.6 is anemia from blood loss?")
        ).text
    )
    assert "This asks for a nod" in answer and "Not right yet" in answer
    assert not [text for text in _of_the_key(house) if text in answer]
    assert "but it leads" in plain(ask(learner, "0-2").text)


def test_a_needless_query_is_said_kindly_with_the_place_that_answers_it(learner: Learner) -> None:
    answer = plain(send(learner, "check", ("cause", "", "When did the patient quit smoking?")).text)
    assert "Not right yet" in answer and "Nothing is taken off" not in answer
    kind = plain(ask(learner, "0-2").text)
    assert "Nothing is taken off for it" in kind and "quit 2012" not in kind
    assert "2012" in plain(ask(learner, "0-3").text)


def test_the_key_shows_the_queries_when_it_is_asked_for(learner: Learner, house: House) -> None:
    send(learner, "check")
    assert _of_the_key(house)[0] not in plain(learner.get(f"/cases/{CASE}").text)
    shown = plain(learner.post(f"/cases/{CASE}/key", **learner.open(CASE)).text)
    assert "To be asked of the provider" in shown and _of_the_key(house)[0] in shown


def test_a_line_that_was_not_found_is_not_named_by_a_query(learner: Learner) -> None:
    case = "cannot-speak-at-breakfast"
    for n, codes in enumerate((["I10/Y"], ["I10/Y", "G81.93/Y"]), 1):
        learner.check(codes, case)
        fields = learner.open(case)
        told = [
            plain(learner.post(f"/attempts/{n}/query", query=value, csrf_token=fields["csrf_token"]).text)
            for value in ("all", "0-3")
        ]
        assert ("a line that you have not found yet" in told[1]) == (n == 1)
        assert ("G81.93" in told[1]) == (n == 2)


def test_a_code_in_place_of_a_query_says_so_at_the_second_step(learner: Learner) -> None:
    fields = learner.open("hip-pain-after-a-fall")
    learner.post("/cases/hip-pain-after-a-fall/check", ["M80.052A/Y", "E55.9/Y"], **fields)
    answer = plain(learner.post("/attempts/1/step", step="all-2", csrf_token=fields["csrf_token"]).text)
    assert "a query would be the way, not a code" in answer
