"""The history of a case at the desk: every version, what changed between any two, and the way back."""

import re
from pathlib import Path

import pytest
from deskkit import Teacher
from flask import Flask
from webkit import field

from sandbox.store import people, versions
from sandbox.web.house import House
from tests.small_case import TEXT

HERE = "/teach/cases/throat/history"
EDITED = TEXT.replace("fever", "<b>no</b> fever") + "# by hand\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "cases" / "office" / "throat.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(TEXT)
    return path


@pytest.fixture
def case_folder(path: Path) -> Path:
    return path.parent.parent


def texts(house: House) -> list[str]:
    return [
        versions.text(house.store, "throat", row["number"]) for row in reversed(versions.all(house.store, "throat"))
    ]


def test_what_another_program_did_is_in_the_list(house: House, path: Path, teacher: Teacher) -> None:
    assert "as it was found" in teacher.get(HERE).text
    path.write_text(EDITED)
    page = teacher.get(HERE).text
    assert "changed outside the desk" in page
    assert page.index(f'href="{HERE}/2"') < page.index(f'href="{HERE}/1"')
    teacher.get(HERE)
    assert texts(house) == [TEXT, EDITED], "looking again adds nothing"


def test_a_version_shows_what_it_changed_as_text_with_signs(path: Path, teacher: Teacher) -> None:
    teacher.get(HERE)
    path.write_text(EDITED)
    teacher.get(HERE)
    page = teacher.get(f"{HERE}/2").text
    assert "<b>no</b>" not in page
    assert "&lt;" in page
    assert "taken out</span>" in page
    assert re.findall(r'<tr class="added">.*?<td class="text">(.*?)</td>', page)[-1] == "# by hand"
    assert "The two are the same" in teacher.get(f"{HERE}/2?against=2").text
    assert page.count('class="added"') == 2
    assert teacher.get(f"{HERE}/1?against=2").text.count('class="removed"') == 2
    assert teacher.get(f"{HERE}/1").text.count('class="added"') == len(TEXT.splitlines())


@pytest.mark.parametrize(
    "path_",
    ["/9", "/1?against=9", "/0", "/99999999999999999999", "/../../x/history", "/1?against=99999999999999999999"],
)
def test_what_is_not_there_is_404(teacher: Teacher, path_: str) -> None:
    teacher.get(HERE)
    assert teacher.get(f"{HERE}{path_}").status_code == 404


@pytest.mark.parametrize("id", ["nope", "UPPER", "a..b", "con"])
def test_a_case_without_file_and_history_has_no_page(teacher: Teacher, id: str) -> None:
    assert teacher.get(f"/teach/cases/{id}/history").status_code == 404
    assert teacher.send(f"/teach/cases/{id}/history/1/restore").status_code == 404


def test_restoring_saves_the_old_text_as_a_new_version(house: House, path: Path, teacher: Teacher) -> None:
    teacher.get(HERE)
    path.write_text(EDITED)
    page = teacher.get(HERE).text
    answer = teacher.send(f"{HERE}/1/restore", base=field(page, "base"))
    assert (answer.status_code, answer.headers["Location"]) == (303, HERE)
    assert path.read_text() == TEXT
    assert texts(house) == [TEXT, EDITED, TEXT]
    page = teacher.get(HERE).text
    assert "version 1 again" in page
    assert "Instructor" in page


def test_the_one_who_restores_is_named_by_the_name_they_gave(teacher: Teacher, path: Path) -> None:
    teacher.send("/name", name="Ada")
    teacher.get(HERE)
    path.write_text(EDITED)
    teacher.send(f"{HERE}/1/restore", base=field(teacher.get(HERE).text, "base"))
    assert "Ada" in teacher.get(HERE).text


def test_restoring_over_what_was_saved_meanwhile_is_told_and_loses_nothing(
    house: House, path: Path, teacher: Teacher
) -> None:
    teacher.get(HERE)
    path.write_text(EDITED)
    base = field(teacher.get(HERE).text, "base")
    path.write_text(EDITED + "# and again\n")
    answer = teacher.send(f"{HERE}/1/restore", base=base)
    assert answer.status_code == 409
    assert "changed meanwhile" in answer.text
    assert f'href="{HERE}/3"' in answer.text
    assert path.read_text() == EDITED + "# and again\n"
    assert texts(house) == [TEXT, EDITED, EDITED + "# and again\n"]
    assert teacher.send(f"{HERE}/1/restore", base="").status_code == 409, "it is there, so it is not made anew"


def test_a_file_that_has_gone_can_be_restored(house: House, path: Path, teacher: Teacher) -> None:
    teacher.get(HERE)
    path.unlink()
    page = teacher.get(HERE).text
    assert "no longer in the folder" in page
    answer = teacher.send(f"{HERE}/1/restore", base=field(page, "base"))
    assert answer.status_code == 303
    back = path.parent.parent / "family-medicine" / "throat.yaml"
    assert back.read_text() == TEXT
    assert house.cases.cases()["throat"].text == TEXT


def test_a_version_that_is_broken_can_still_be_looked_at(path: Path, teacher: Teacher) -> None:
    path.write_bytes(b"title: [\xff\n")
    assert teacher.get(HERE).status_code == 200
    assert "title: [ÿ" in teacher.get(f"{HERE}/1").text


def test_a_name_that_was_given_stays_when_the_link_is_used(app: Flask, house: House) -> None:
    people.add_learner(house.store, "x", "Ada")
    people.add_learner(house.store, "y", "Guest")
    for id, name in (("x", "Ada"), ("y", "Instructor")):
        assert people.use_link(house.store, people.new_link(house.store), id)
        row = house.store.row("SELECT name, role FROM learners WHERE id = ?", id)
        assert row is not None
        assert tuple(row) == (name, "owner")
