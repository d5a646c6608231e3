"""The editor's page: any file opens in it, good or broken; every part of it is the instructor's."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from deskkit import Teacher
from flask import Flask
from webkit import Learner, field

from sandbox.cases.files import etag
from sandbox.web import create_app
from tests.small_case import TEXT, VARIED, spoiled

EDIT = "/teach/cases/throat/edit"
LINT = "/teach/cases/throat/lint"
SHOW = "/teach/cases/throat/preview"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "cases" / "office"
    folder.mkdir(parents=True)
    (folder / "throat.yaml").write_text(TEXT)
    return folder


@pytest.fixture
def teacher(data: Path, root: Path) -> Iterator[Teacher]:
    app = create_app(data, root.parent)
    yield Teacher(app)
    app.extensions["sandbox"].close()


def text_of(page: str) -> str:
    """What stands in the text area of a page."""
    found = re.search(r"<textarea id=\"text\"[^>]*>\n(.*?)</textarea>", page, re.DOTALL)
    assert found
    return unescape(found[1])


def listed(page: str) -> list[tuple[str, str, str]]:
    """(line, column, level) of every problem that is listed."""
    return re.findall(r'data-line="(\d+)" data-column="(\d+)" data-level="(\w+)"', page)


def test_the_page_has_the_file_as_it_is_with_its_problems_and_all_that_a_learner_sees(teacher: Teacher) -> None:
    page = teacher.get(EDIT).text
    assert text_of(page) == TEXT
    assert field(page, "base") == etag(TEXT)
    assert "<p>8 yo F, throat pain x 2 d, fever.<br>" in page
    assert "When everything is right" in page
    assert 'href="/cases/throat"' in page


@pytest.mark.parametrize("text", ["title: [\n", "", "- a\n- b\n", "title: \x01\n", "<<<<<<< yours\n", TEXT[:300]])
def test_a_broken_file_opens_with_its_text_and_what_is_wrong(teacher: Teacher, root: Path, text: str) -> None:
    (root / "throat.yaml").write_text(text)
    page = teacher.get(EDIT).text
    assert text_of(page).strip() == text.replace("\x01", "\ufffd" if "\ufffd" in page else "\x01").strip()
    assert listed(page)


def test_a_file_that_is_not_utf_8_opens_and_is_mended_by_saving(teacher: Teacher, root: Path) -> None:
    (root / "throat.yaml").write_bytes(spoiled("A sore throat", "A sore thróat").encode("cp1252"))
    page = teacher.get(EDIT).text
    assert "A sore thróat" in text_of(page)
    assert teacher.send(EDIT, text=text_of(page), base=field(page, "base")).status_code == 303
    assert "thróat" in (root / "throat.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("id", ["nothing", "UPPER", "a.b", "~", "x" * 90])
def test_a_case_that_is_not_there_has_no_editor(teacher: Teacher, id: str) -> None:
    assert teacher.get(f"/teach/cases/{id}/edit").status_code == 404


def test_every_part_of_it_is_closed_to_learners(teacher: Teacher) -> None:
    app: Flask = teacher.client.application
    learner = Learner(app)
    token = field(learner.get("/").text, "csrf_token")
    assert [learner.get(path).status_code for path in (EDIT, "/teach/case-form")] == [403, 403]
    for path in (EDIT, LINT, SHOW):
        answer = learner.client.post(path, data={"csrf_token": token, "text": "mine", "base": etag(TEXT)})
        assert answer.status_code == 403
        assert "Strep" not in answer.text


@pytest.mark.parametrize("path", [EDIT, LINT, SHOW])
def test_no_form_is_taken_without_its_token(teacher: Teacher, root: Path, path: str) -> None:
    assert teacher.client.post(path, data={"text": "x", "base": etag(TEXT)}).status_code == 400
    assert (root / "throat.yaml").read_text() == TEXT


def test_problems_come_with_line_column_level_and_the_line_itself(teacher: Teacher) -> None:
    text = spoiled("quote: Strep pharyngitis", "quote: Strap pharyngitis", spoiled("office\n", "ofice\n", TEXT))
    answer = teacher.send(LINT, htmx=True, text=text).text
    assert listed(answer) == [("2", "10", "error")]
    assert "<code>setting: ofice</code>" in answer
    assert "did you mean office?" in unescape(answer)
    text = spoiled("quote: Strep pharyngitis", "quote: Strap pharyngitis")
    assert ("25", "36", "error") in listed(teacher.send(LINT, htmx=True, text=text).text)


def test_without_javascript_checking_shows_the_page_with_what_was_typed_and_saves_nothing(
    teacher: Teacher, root: Path
) -> None:
    text = spoiled("setting: office", "setting: ofice").replace("\n", "\r\n")
    for path in (LINT, SHOW):
        page = teacher.send(path, text=text, base="abc").text
        assert text_of(page) == text.replace("\r\n", "\n")
        assert field(page, "base") == "abc"
        assert listed(page) == [("2", "10", "error")]
    assert (root / "throat.yaml").read_text() == TEXT


def test_a_text_of_more_than_a_megabyte_is_refused_with_a_word(teacher: Teacher, root: Path) -> None:
    text = TEXT + "# more\n" * 150_000
    assert "larger than 1 MB" in teacher.send(LINT, htmx=True, text=text).text
    answer = teacher.send(EDIT, htmx=True, text=text, base=etag(TEXT))
    assert answer.status_code == 422
    assert "Larger than 1 MB" in answer.text
    assert (root / "throat.yaml").read_text() == TEXT
    assert teacher.send(LINT, htmx=True, text="x" * 4_000_000).status_code == 413


def test_markup_in_a_text_stays_text(teacher: Teacher, root: Path) -> None:
    text = spoiled("A sore throat", '"</textarea><script>alert(1)</script>"')
    (root / "throat.yaml").write_text(text)
    page = teacher.get(EDIT).text
    assert "<script>alert" not in page
    assert text_of(page) == text


def test_a_text_with_an_empty_first_line_keeps_it(teacher: Teacher, root: Path) -> None:
    (root / "throat.yaml").write_text("\n" + TEXT)
    assert text_of(teacher.get(EDIT).text) == "\n" + TEXT


def test_the_form_of_a_case_is_there_for_completion(teacher: Teacher) -> None:
    form = teacher.get("/teach/case-form").json
    assert form
    assert "ready" in form["schema"]["properties"]["status"]["enum"]
    assert "CMB01" in form["rules"]


def test_suggestions_are_those_of_the_day_that_the_text_has(teacher: Teacher) -> None:
    def codes(**fields: str) -> list[str]:
        answer = teacher.send("/codes/suggest", htmx=True, q="E88.82", **fields).text
        return re.findall(r'data-code="([^"]+)"(?! data-heading)', answer)

    # E88.82, obesity due to disturbance of MC4R pathway, began on 2024-10-01.
    assert "E88.82" in codes(on="2026-01-01")
    assert "E88.82" not in codes(on="2023-01-01")
    assert "E88.82" in codes(on="no day")


def test_a_family_of_many_is_answered_in_two_steps_and_the_second_says_all(teacher: Teacher) -> None:
    more = "".join(
        f"    sort{n}: {{words: {{Rapid strep positive: 'Rapid strep positive, {n}'}}, codes: {{J02.0: J02.{n}}}}}\n"
        for n in (8, 9)
    )
    text = spoiled("    viral:\n", more + "    viral:\n", VARIED)
    older = "    older: {words: {nothing like it: x}, patient: {age: 9 years}}\n"
    text = spoiled("    grown: {", f"{older}    grown: {{", text)
    first = teacher.send(LINT, htmx=True, text=text).text
    assert 'data-more="yes"' in first
    assert "stands nowhere" not in first
    whole = teacher.send(LINT, htmx=True, text=text, part="all").text
    assert "data-more" not in whole
    assert "stands nowhere" in whole
    assert "data-more" not in teacher.send(LINT, htmx=True, text=VARIED).text
