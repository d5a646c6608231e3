"""The right side of the editor: what a learner would see of a text that is not saved, and nothing is stored of it."""

import re
from html import unescape

import pytest
from deskkit import Teacher

from sandbox.web.house import House
from tests.small_case import QUERY, TEXT, VARIED, spoiled

SHOW = "/teach/cases/any/preview"


def shown(teacher: Teacher, text: str = TEXT, **fields: str) -> str:
    return unescape(teacher.send(SHOW, htmx=True, text=text, **fields).text)


def told(html: str) -> str:
    """What stands in the box with the report of a tried coding."""
    return html[html.index('id="told"') :]


def test_chart_and_key_are_those_of_the_text_and_not_of_the_file(teacher: Teacher) -> None:
    html = shown(teacher, spoiled("Strep pharyngitis. Amoxicillin", "Strep pharyngitis. Penicillin"))
    assert "Penicillin x 10 d." in html
    assert "The test names the germ" in html
    assert "<strong>100 %</strong>" in html


def test_a_wrong_code_is_told_what_the_author_foresaw_and_not_the_answer(teacher: Teacher) -> None:
    text = spoiled("Look at what the physician calls inflamed.", "Look again at the assessment.")
    said = told(shown(teacher, text, dx="j03.00"))
    assert "Look again at the assessment." in said
    assert "J02.0" not in said
    assert "<strong>0 %</strong>" in said


def test_a_slip_that_the_author_foresaw_is_filled_in(teacher: Teacher) -> None:
    html = shown(teacher)
    slips = re.findall(r'<option value="(dx1-[^"]+)">([^<]+)', html)
    assert ("dx1-instead-J03.00", "J03.00 for J02.0 (foreseen)") in slips
    assert ("dx1-partial-J02.9", "J02.9 for J02.0 (partly right)") in slips
    html = shown(teacher, slip="dx1-partial-J02.9")
    assert 'name="dx" class="code" form="editor" value="J02.9"' in html
    assert "<strong>" in told(html)


@pytest.mark.parametrize(
    ("dx", "px", "why"),
    [("sore throat", "", "is no code"), ("", "0SR90JA", "has to enter a diagnosis"), ("J02.0 " * 90, "", "at most 80")],
)
def test_what_a_learner_could_not_send_is_said(teacher: Teacher, dx: str, px: str, why: str) -> None:
    assert why in told(shown(teacher, dx=dx, px=px))


def test_every_encounter_of_a_family_can_be_looked_at(teacher: Teacher) -> None:
    html = shown(teacher, VARIED, encounter="viral-grown")
    assert "30 years, female" in html
    assert "Viral pharyngitis" in html
    assert re.findall(r'<option value="([^"]*)"( selected)?>(?:the|\w+-?\w*)', html)[:4] == [
        ("", ""), ("grown", ""), ("viral", ""), ("viral-grown", " selected"),
    ]  # fmt: skip
    assert "8 years, female" in shown(teacher, VARIED, encounter="no-such")


def test_a_text_that_is_no_case_says_so(teacher: Teacher) -> None:
    html = shown(teacher, "title: [\n", dx="J02.0")
    assert 'data-unreadable="yes"' in html
    assert "as soon as the text can be read" in html


def test_nothing_that_is_looked_at_is_stored(teacher: Teacher) -> None:
    house: House = teacher.client.application.extensions["sandbox"]

    def rows() -> list[int]:
        names = ("attempts", "drafts", "asked", "charts", "versions", "pairs")
        return [house.store.rows(f"SELECT count(*) AS n FROM {name}")[0]["n"] for name in names]

    before = rows()
    for fields in ({"dx": "J03.00"}, {"slip": "dx1-missing"}, {"dx": "J02.0"}):
        shown(teacher, **fields)
    assert rows() == before


def test_a_query_of_the_key_is_shown_and_its_foreseen_code_can_be_tried(teacher: Teacher) -> None:
    text = spoiled("hints:", QUERY + "hints:")
    html = shown(teacher, text)
    assert "To be asked of the provider" in html and "What the fever was treated for." in html
    html = shown(teacher, text, slip="dx-unasked-0-R50.9")
    assert html.count("Ask what the fever means.") >= 2
    assert "One place of the chart" not in html and "Something here is for the provider to settle" in html
