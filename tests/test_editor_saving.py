"""Saving in the editor: the file as it stands, a question where learners would get errors, and nobody's work lost."""

import re
from html import unescape
from pathlib import Path

import pytest
from deskkit import Teacher
from flask import Flask
from test_editor import EDIT, text_of
from webkit import field

from sandbox.cases.files import etag
from sandbox.store import versions
from sandbox.web.house import House
from tests.small_case import TEXT, spoiled

READY = spoiled("status: draft", "status: ready")
TITLE = spoiled("A sore throat", "A sore throat and fever")
MINUTES = spoiled("minutes: 5", "minutes: 9")
PAIN = spoiled("A sore throat", "Throat pain")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "cases" / "office" / "throat.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(TEXT)
    return file


@pytest.fixture
def case_folder(path: Path) -> Path:
    return path.parent.parent


@pytest.fixture
def other(app: Flask) -> Teacher:
    """A second person, in a browser of their own."""
    return Teacher(app)


def notes(app: Flask) -> list[str]:
    house: House = app.extensions["sandbox"]
    return [row["note"] for row in reversed(versions.all(house.store, "throat"))]


def kind(answer: str) -> str:
    found = re.search(r'id="said" data-kind="(\w*)"', answer)
    assert found
    return found[1]


def test_saving_writes_the_text_as_it_is_with_remarks_and_order_and_keeps_both_versions(
    app: Flask, teacher: Teacher, path: Path
) -> None:
    text = "# a remark\nstatus: draft\n" + spoiled("status: draft\n", "", TEXT) + "# the end\n"
    page = teacher.get(EDIT).text
    answer = teacher.send(EDIT, htmx=True, text=text, base=field(page, "base"), note=" a   remark ")
    assert (answer.status_code, kind(answer.text)) == (200, "saved")
    assert path.read_text() == text
    assert field(answer.text, "base") == etag(text)
    assert notes(app) == [versions.FOUND, "a remark"]
    assert app.extensions["sandbox"].cases.cases()["throat"].text == text


def test_without_javascript_saving_leads_to_the_page_that_says_so(teacher: Teacher, path: Path) -> None:
    answer = teacher.send(EDIT, text=TITLE.replace("\n", "\r\n"), base=etag(TEXT))
    assert answer.status_code == 303
    assert path.read_text() == TITLE
    page = teacher.get(answer.headers["Location"]).text
    assert (kind(page), text_of(page)) == ("saved", TITLE)
    path.write_text(TEXT)
    assert kind(teacher.get(answer.headers["Location"]).text) == ""


def test_the_line_ends_of_the_file_stay(teacher: Teacher, path: Path) -> None:
    path.write_bytes(TEXT.replace("\n", "\r\n").encode())
    base = field(teacher.get(EDIT).text, "base")
    teacher.send(EDIT, htmx=True, text=TITLE, base=base)
    assert path.read_bytes() == TITLE.replace("\n", "\r\n").encode()


def test_a_draft_that_cannot_be_read_is_saved_with_a_word_of_warning(teacher: Teacher, path: Path) -> None:
    answer = teacher.send(EDIT, htmx=True, text="title: [\n", base=etag(TEXT)).text
    assert kind(answer) == "saved"
    assert "cannot be read as a case yet" in answer
    assert path.read_text() == "title: [\n"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (spoiled("J02.0\n", "J02.X\n", READY), "the case is ready"),
        ("title: [\n", "cannot be read as a case"),
    ],
)
def test_errors_that_learners_would_get_want_a_tick(teacher: Teacher, path: Path, text: str, why: str) -> None:
    path.write_text(READY)
    base = field(teacher.get(EDIT).text, "base")
    teacher.client.application.extensions["sandbox"].cases.refresh()
    answer = teacher.send(EDIT, htmx=True, text=text, base=base)
    assert (answer.status_code, kind(answer.text)) == (422, "ask")
    assert why in answer.text
    assert path.read_text() == READY
    page = teacher.send(EDIT, text=text, base=base).text
    assert (kind(page), text_of(page), field(page, "base")) == ("ask", text, base)
    answer = teacher.send(EDIT, htmx=True, text=text, base=base, anyway="yes")
    assert kind(answer.text) == "saved"
    assert path.read_text() == text


def test_two_people_at_once_the_second_is_told_and_nothing_is_written_over(
    app: Flask, teacher: Teacher, other: Teacher, path: Path
) -> None:
    mine, theirs = (field(who.get(EDIT).text, "base") for who in (teacher, other))
    other.send("/name", name="Grace")
    assert kind(other.send(EDIT, htmx=True, text=TITLE, base=theirs, note="fever").text) == "saved"
    answer = teacher.send(EDIT, htmx=True, text=MINUTES, base=mine)
    assert (answer.status_code, kind(answer.text)) == (409, "conflict")
    assert path.read_text() == TITLE
    words = unescape(answer.text)
    assert "by Grace" in words
    assert "fever" in words
    assert "minutes: <b>9</b>" in answer.text or "minutes: " in answer.text
    assert 'name="base"' not in answer.text, "the form still says what it began with"
    page = teacher.send(EDIT, text=MINUTES, base=mine).text
    assert (kind(page), text_of(page), field(page, "base")) == ("conflict", MINUTES, mine)
    assert notes(app) == [versions.FOUND, "fever"]


def test_both_changes_are_merged_and_saved_only_when_somebody_has_seen_them(
    teacher: Teacher, other: Teacher, path: Path
) -> None:
    other.send(EDIT, htmx=True, text=TITLE, base=field(other.get(EDIT).text, "base"))
    both = spoiled("minutes: 5", "minutes: 9", TITLE)
    answer = teacher.send(EDIT, htmx=True, text=MINUTES, base=etag(TEXT), action="merge").text
    assert kind(answer) == "merged"
    assert f'<textarea id="merged" hidden>\n{both}</textarea>' in unescape(answer)
    assert path.read_text() == TITLE
    page = teacher.send(EDIT, text=MINUTES, base=etag(TEXT), action="merge").text
    assert (text_of(page), field(page, "base")) == (both, etag(TITLE))
    assert kind(teacher.send(EDIT, htmx=True, text=both, base=field(answer, "base")).text) == "saved"
    assert path.read_text() == both


def test_where_both_wrote_both_stand_and_the_linter_points_there(teacher: Teacher, other: Teacher, path: Path) -> None:
    other.send(EDIT, htmx=True, text=TITLE, base=field(other.get(EDIT).text, "base"))
    page = teacher.send(EDIT, text=PAIN, base=etag(TEXT), action="merge").text
    assert "In 1 place you both wrote" in page
    assert re.findall(r'data-line="(\d+)"', page) == ["1", "3", "5"]
    assert "what two people wrote of one place" in page
    assert {"title: Throat pain", "title: A sore throat and fever"} <= set(text_of(page).splitlines())


def test_mine_goes_over_theirs_on_request_only_and_theirs_stays_in_the_history(
    app: Flask, teacher: Teacher, other: Teacher, path: Path
) -> None:
    other.send(EDIT, htmx=True, text=TITLE, base=field(other.get(EDIT).text, "base"), note="theirs")
    shown = field(teacher.send(EDIT, htmx=True, text=PAIN, base=etag(TEXT)).text, "theirs")
    # What came in between was not on the page: it is not written over either.
    other.send(EDIT, htmx=True, text=MINUTES, base=etag(TITLE), note="theirs again")
    again = teacher.send(EDIT, htmx=True, text=PAIN, base=etag(TEXT), action="over", theirs=shown)
    assert kind(again.text) == "conflict"
    assert path.read_text() == MINUTES
    shown = field(again.text, "theirs")
    done = teacher.send(EDIT, htmx=True, text=PAIN, base=etag(TEXT), action="over", theirs=shown)
    assert kind(done.text) == "saved"
    assert path.read_text() == PAIN
    assert notes(app) == [versions.FOUND, "theirs", "theirs again", ""]


def test_the_same_text_from_two_tabs_is_no_conflict(app: Flask, teacher: Teacher, other: Teacher) -> None:
    base = field(teacher.get(EDIT).text, "base")
    assert kind(other.send(EDIT, htmx=True, text=TITLE, base=base).text) == "saved"
    assert kind(teacher.send(EDIT, htmx=True, text=TITLE, base=base).text) == "saved"
    assert len(notes(app)) == 2


def test_what_another_program_wrote_is_a_conflict_too(app: Flask, teacher: Teacher, path: Path) -> None:
    base = field(teacher.get(EDIT).text, "base")
    path.write_text(MINUTES)
    assert kind(teacher.send(EDIT, htmx=True, text=TITLE, base=base).text) == "conflict"
    assert path.read_text() == MINUTES
    assert notes(app) == [versions.FOUND, versions.OUTSIDE]


def test_a_file_that_is_gone_can_be_made_again_with_what_was_typed(teacher: Teacher, path: Path) -> None:
    base = field(teacher.get(EDIT).text, "base")
    path.unlink()
    for action in ("", "merge", "over"):
        answer = teacher.send(EDIT, htmx=True, text=TITLE, base=base, action=action)
        assert (answer.status_code, kind(answer.text)) == (409, "gone")
    assert text_of(teacher.send(EDIT, text=TITLE, base=base).text) == TITLE
    assert kind(teacher.send(EDIT, htmx=True, text=TITLE, base=base, action="again").text) == "saved"
    assert (path.parent.parent / "family-medicine" / "throat.yaml").read_text() == TITLE


def test_a_base_that_nobody_knows_writes_nothing_over(teacher: Teacher, path: Path) -> None:
    for base in ("", "no hash", etag("something else")):
        for action in ("", "merge"):
            answer = teacher.send(EDIT, htmx=True, text=TITLE, base=base, action=action)
            assert kind(answer.text) == "conflict"
    assert path.read_text() == TEXT
