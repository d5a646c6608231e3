"""The rules' pages and the form in which any claim can be tried, with and without JavaScript."""

import html
import re
from urllib.parse import quote

import pytest
from flask import Flask
from webkit import Learner

from sandbox.claims import from_text, to_text
from sandbox.rulebook.page import book
from sandbox.rules import FAMILIES, RULES
from sandbox.web import trialform
from sandbox.web.rulepages import PURPOSES

CLAIM = "office F69 2026-02-02: E11.22, I10, N18.32"
FORM = {"setting": "office", "sex": "F", "age": "69", "date": "2026-02-02", "dx": "E11.22\nI10, N18.32"}


def token(learner: Learner) -> str:
    found = re.search(r'name="csrf-token" content="([^"]+)"', learner.get("/rules").text)
    assert found
    return found[1]


def text_of(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def read(**fields: str) -> str:
    """What the form makes of the fields, or what it complains of."""
    try:
        claim = trialform.claim(trialform.read({**FORM, **fields}))
    except trialform.Unreadable as error:
        return "; ".join(f"{problem.field}: {problem.text}" for problem in error.problems)
    return to_text(claim)


def test_the_list_tells_each_family_and_each_severity_in_words(learner: Learner) -> None:
    page = text_of(learner.get("/rules").text)
    assert all(PURPOSES[family.id] in page for family in FAMILIES)
    assert "✕ error" in page
    assert "! warning" in page
    assert "i note" in page
    assert f"{len(RULES)} rules" in page


def test_the_list_is_searched_by_a_plain_form_and_by_fragment(learner: Learner) -> None:
    page = learner.get("/rules?q=i.c.9&severity=error&family=CMB")
    assert 'href="/rules/CMB04"' in page.text
    assert 'href="/rules/VAL01"' not in page.text
    assert 'value="i.c.9"' in page.text
    fragment = learner.post("/rules/search", q="i.c.9", severity="error", family="CMB", csrf_token=token(learner))
    assert fragment.text.startswith('<div id="rulelist">')
    assert re.findall(r"/rules/[A-Z0-9]+", fragment.text) == re.findall(r'"(/rules/[A-Z]{3}[0-9]+)', page.text)
    assert fragment.headers["HX-Replace-Url"] == "/rules?q=i.c.9&severity=error&family=CMB"
    plain = learner.post("/rules/search", htmx=False, q="side", csrf_token=token(learner))
    assert (plain.status_code, plain.headers["Location"]) == (303, "/rules?q=side")


def test_nothing_found_says_what_to_do(learner: Learner) -> None:
    assert "Fewer words may help" in learner.get("/rules?q=qqqq").text
    assert learner.get("/rules?q=" + "%C3%A4" * 400).status_code == 200


def test_every_rules_page_is_whole(learner: Learner) -> None:
    for id in RULES:
        whole(id, learner.get(f"/rules/{id}").text)


def whole(id: str, page: str) -> None:
    words = text_of(page)
    for anchor in ("what-it-flags", "why-it-matters", "where-to-look", "flagged", "accepted", "authority", "related"):
        assert page.count(f'id="{anchor}"') == 1
        assert f'href="#{anchor}"' in page
    assert len(re.findall(r'id="(?:flagged|accepted)-\d', page)) == len(book()[id].flagged + book()[id].accepted)
    for text in book()[id].flagged + book()[id].accepted:
        assert all(line.shown in words for line in from_text(text).lines)
    assert "**" not in words
    assert "``" not in words
    assert not re.search(r"\s\*\w", words.split("Where to look", 3)[-1].split("Try it")[0])
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    for target in re.findall(r'href="(/rules/[A-Z0-9]+)"', page):
        assert target.removeprefix("/rules/") in RULES


def test_a_rules_page_leads_on(learner: Learner) -> None:
    page = learner.get("/rules/CMB02").text
    assert 'rel="prev" href="/rules/CMB01"' in page
    assert 'rel="next" href="/rules/CMB03"' in page
    assert 'rel="prev"' not in learner.get("/rules/CMB01").text
    assert "look-alikes" in page
    assert 'href="/book/icd-10-cm/I10"' in page
    headings = learner.get("/rules/VAL02").text
    assert 'href="/book/icd-10-cm/E11"' in headings
    assert "category, needs more characters" in headings
    assert "from 2022-04-01" in learner.get("/rules/PRO01").text


def test_an_example_fills_the_form_and_is_checked(learner: Learner) -> None:
    page = learner.get("/rules/CMB02").text
    links = [html.unescape(link) for link in re.findall(r'class="button" href="([^"]+)"', page)]
    assert len(links) == len(book()["CMB02"].flagged + book()["CMB02"].accepted)
    flagged, accepted = learner.get(links[0]).text, learner.get(links[-1]).text
    assert "this page's rule" in text_of(flagged)
    assert "says nothing here" in text_of(accepted)
    assert "\nE11.22\nI10\nN18.32</textarea>" in flagged


def test_a_rule_that_is_off_is_asked_for_on_its_own_page_only(learner: Learner) -> None:
    text = quote(book()["EXC02"].flagged[0])
    assert "EXC02, this page's rule" in text_of(learner.get(f"/rules/EXC02?claim={text}").text)
    assert "EXC02" not in learner.get(f"/rules/try?claim={text}").text


def test_a_claim_is_tried_by_form_by_address_and_by_fragment_alike(learner: Learner) -> None:
    answers = [
        learner.get(f"/rules/CMB02?claim={quote(CLAIM)}"),
        learner.client.get("/rules/CMB02", query_string=FORM),
        learner.post("/rules/try", rule="CMB02", csrf_token=token(learner), **FORM),
    ]
    cut = re.compile(r'<div id="answer".*?</div>', re.DOTALL)
    drawn = {found[0] for answer in answers if (found := cut.search(answer.text))}
    assert len(drawn) == 1
    words = text_of(drawn.pop())
    assert "Type 2 diabetes mellitus with diabetic chronic kidney disease" in words
    assert "CMB02, this page's rule" in words
    assert "ADD02" in words
    assert answers[2].text.startswith('<div id="answer"')
    assert learner.get(answers[2].headers["HX-Replace-Url"]).text.count("this page's rule") == 1
    plain = learner.post("/rules/try", htmx=False, rule="CMB02", csrf_token=token(learner), **FORM)
    assert plain.status_code == 303
    assert "this page's rule" in text_of(learner.get(plain.headers["Location"]).text)


def test_what_is_tried_is_not_stored(learner: Learner, app: Flask) -> None:
    store = app.extensions["sandbox"].store
    before = "\n".join(store.connection.iterdump())
    learner.get(f"/rules/try?claim={quote(CLAIM)}")
    learner.post("/rules/try", csrf_token=token(learner), **FORM)
    assert "\n".join(store.connection.iterdump()) == before


def test_a_claim_after_the_last_edition_says_what_was_not_checked(learner: Learner) -> None:
    assert "No code set is loaded" in learner.get(f"/rules/try?claim={quote('office F 2031-01-01: I10')}").text
    past = learner.get(f"/rules/try?claim={quote('office F 1999-01-01: I10')}").text
    assert "No code set is loaded" in past and "Is a digit of the date wrong?" in past
    assert (
        "knows them: G0008" in learner.get(f"/rules/try?claim={quote('office F 2026-05-06: Z23 | hcpcs:G0008')}").text
    )


def test_what_was_typed_is_shown_as_text(learner: Learner) -> None:
    words = 'I10 "<script>alert(1)</script>"'
    page = learner.client.get("/rules/try", query_string={**FORM, "dx": words}).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
    assert "<b>" not in learner.client.get("/rules/try", query_string={"claim": "<b>"}).text


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"dx": "I10 hypertension, E11.9"}, "dx: Code 1, “I10 hypertension”, cannot be read. Put each code on a line"),
        ({"dx": "E11.9, I10/YES"}, "dx: Code 2, “I10/YES”, cannot be read. Write I10"),
        ({"dx": 'I10 "probable'}, "dx: A quotation mark is not closed"),
        ({"dx": " ,\n"}, "dx: There is nothing to check yet"),
        ({"dx": "I10," * 41}, "dx: 41 codes are more than the 40"),
        ({"dx": "I10," * 4000}, "dx: That is longer than 4000 characters"),
        ({"dx": "office F 2026-13-01: I10"}, "dx: date_of_service: '2026-13-01' is no date"),
        ({"px": "hcpcs:G0008@1.2.x"}, "px: Code 1, “hcpcs:G0008@1.2.x”, cannot be read. Write 0SRR0JA"),
        ({"age": "old"}, "age: “old” is no age"),
        ({"age": "125"}, "age: “125” is no age"),
        ({"age": "٣"}, "age: “٣” is no age"),
        ({"date": ""}, "date: A date is needed"),
        ({"date": "05/06/2026"}, "date: “05/06/2026” is no date. Type it as year-month-day"),
        ({"admitted": "2026-02-03"}, "admitted: 2026-02-03 lies after the discharge, 2026-02-02"),
        ({"setting": "ward"}, "setting: “ward” is none of the settings"),
        ({"sex": "X"}, "sex: “X” is none of"),
        ({"claim": "I10"}, "claim: 'I10': not in the form"),
        ({"claim": f"office F{'9' * 5000} 2026-01-01: I10"}, "claim: "),
    ],
)
def test_what_cannot_be_read_is_named_with_its_place_and_a_way_out(fields: dict[str, str], says: str) -> None:
    assert read(**fields).startswith(says)


def test_all_problems_are_told_at_once_on_the_page(learner: Learner) -> None:
    answer = learner.client.get("/rules/try", query_string={"dx": "a b", "age": "x"})
    assert answer.status_code == 400
    assert [f'href="#try-{name}"' in answer.text for name in ("age", "date", "dx")] == [True] * 3
    assert [f'id="try-{name}"' in answer.text for name in ("age", "date", "dx")] == [True] * 3
    fragment = learner.post("/rules/try", dx="a b", csrf_token=token(learner))
    assert fragment.status_code == 400
    assert "HX-Replace-Url" not in fragment.headers


@pytest.mark.parametrize(
    ("fields", "claim"),
    [
        ({}, CLAIM),
        ({"dx": "i10/y"}, "office F69 2026-02-02: i10/Y"),
        ({"dx": "I10;E11.9 | hcpcs:G0008", "px": "G0105-pt*2@1"},
         "office F69 2026-02-02: I10, E11.9 | hcpcs:G0008, hcpcs:G0105-PT*2@1"),
        ({"dx": 'J18.9 "CAP, r/o | flu"', "age": "9 days"}, 'office F9d 2026-02-02: J18.9 "CAP, r/o | flu"'),
        ({"age": "", "sex": "U"}, "office U 2026-02-02: E11.22, I10, N18.32"),
        ({"setting": "inpatient", "admitted": "2026-02-01", "px": "0SRR0JA"},
         "inpatient F69 2026-02-01..2026-02-02: E11.22, I10, N18.32 | 0SRR0JA"),
        ({"dx": "inpatient M3 2026-05-06: I10/Y | 0SRR0JA"}, "inpatient M3 2026-05-06: I10/Y | 0SRR0JA"),
        ({"px": "0SRR0JA"}, "office F69 2026-02-02: E11.22, I10, N18.32 | 0SRR0JA"),
    ],
)  # fmt: skip
def test_the_form_reads_lists_bars_notation_and_whole_claims(fields: dict[str, str], claim: str) -> None:
    assert read(**fields) == claim


def test_every_example_of_every_page_fits_the_form() -> None:
    for page in book().values():
        for text in page.flagged + page.accepted:
            assert trialform.claim(trialform.read({"claim": text})) == from_text(text)


def test_findings_of_a_case_open_the_rule_in_a_tab_of_its_own(learner: Learner) -> None:
    links = re.findall(r'<a href="/rules/[A-Z0-9]+"[^>]*>', learner.check(["S72.002A", "I10", "N18.32"]).text)
    assert links
    assert all('target="rule"' in link for link in links)
