"""The instructor's desk: what needs attention first, the library with its filters, and files to take away."""

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from deskkit import Teacher
from flask import Flask
from webkit import HIP, Learner

from sandbox.store import inbox
from sandbox.web import create_app
from sandbox.web.house import House
from tests.small_case import TEXT, VARIED, spoiled


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "cases"
    (folder / "office").mkdir(parents=True)
    (folder / "office" / "throat.yaml").write_text(TEXT)
    (folder / "office" / "many.yaml").write_text(spoiled("A sore throat", "Both ways", VARIED))
    (folder / "bad-quote.yaml").write_text(
        spoiled("quote: Strep pharyngitis", "quote: Strap pharyngitis", spoiled("A sore throat", "Quote", TEXT))
    )
    (folder / "broken.yaml").write_text("title: [\n")
    (folder / "Loud.yaml").write_text(TEXT)
    return folder


@pytest.fixture
def small(data: Path, root: Path) -> Iterator[Flask]:
    """The app over those five files."""
    app = create_app(data, root)
    yield app
    app.extensions["sandbox"].close()


@pytest.fixture
def teacher(small: Flask) -> Teacher:
    return Teacher(small)


def shown(page: str) -> list[str]:
    """The ids of a list, in its order: of what can be ticked."""
    return re.findall(r'name="id" value="([^"]+)"', page)


def test_files_that_cannot_be_read_and_crashes_stand_first_with_what_is_wrong(small: Flask, teacher: Teacher) -> None:
    inbox.put(small.extensions["sandbox"].store, "crash", "CMB02 failed", "Traceback …")
    page = teacher.get("/teach").text
    places = [page.index(words) for words in ("cases/broken.yaml", "line 2", "CMB02 failed", 'id="library"')]
    assert places == sorted(places)
    assert "small letters, digits" in page
    assert 'href="/teach/cases/broken/edit"' in page
    assert "/teach/cases/Loud/" not in page


def test_the_page_does_not_wait_for_the_linter_and_is_filled_in_afterwards(small: Flask, teacher: Teacher) -> None:
    page = teacher.get("/teach").text
    assert page.count("not looked at yet") == 3
    assert (
        '<span class="soft scripts">The linter is looking at the files, 3 to go; the list fills in by itself.' in page
    )
    assert (
        '<span class="soft plainly">The linter has not looked at 3 yet.</span> <button class="tool look plainly">'
        in page
    )
    # Another page has it look at all of them meanwhile, and this one is told nevertheless.
    for _ in range(3):
        teacher.send("/teach/look", htmx=True)
    lacks = re.findall(r'name="open" value="([^"]+)"', page)
    assert len(lacks) == 3
    seen = teacher.send("/teach/look", htmx=True, open=lacks).text
    assert "looked at every file" in seen
    assert seen.count('hx-swap-oob="true"') == 3
    assert all(f'id="{cell}"' in page for cell in re.findall(r'<span id="(look-[^"]+)" hx-swap-oob', seen))
    assert "<html" not in seen
    page = teacher.get("/teach").text
    assert "not looked at yet" not in page
    assert "1 error" in page


def test_a_changed_file_is_looked_at_again(small: Flask, root: Path, teacher: Teacher) -> None:
    house: House = small.extensions["sandbox"]
    for _ in range(3):
        teacher.send("/teach/look", htmx=True)
    (root / "office" / "throat.yaml").write_text(TEXT + "# more\n")
    house.cases.refresh()
    assert teacher.get("/teach").text.count("not looked at yet") == 1


def test_without_javascript_looking_leads_back_to_the_same_list(teacher: Teacher) -> None:
    answer = teacher.send("/teach/look", q="throat", status="draft")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/teach?q=throat&status=draft"


@pytest.mark.parametrize(
    ("asked", "ids"),
    [
        ("", {"broken", "bad-quote", "many", "throat"}),
        ("q=sore", {"throat"}),
        ("q=OFFICE+family", {"bad-quote", "many", "throat"}),
        ("q=many", {"many"}),
        ("q=zebra", set()),
        ("setting=office&difficulty=1", {"bad-quote", "many", "throat"}),
        ("setting=inpatient", set()),
        ("specialty=family+medicine&status=draft", {"bad-quote", "many", "throat"}),
        ("status=ready", set()),
        ("difficulty=2", set()),
        ("problems=yes", {"broken", "bad-quote", "many"}),
        ("problems=no", {"throat"}),
    ],
)
def test_filters_list_what_has_all_of_it(teacher: Teacher, asked: str, ids: set[str]) -> None:
    for _ in range(3):
        teacher.send("/teach/look", htmx=True)
    page = teacher.get(f"/teach?{asked}").text
    assert set(shown(page)) == ids
    fields = dict(pair.split("=") for pair in asked.replace("+", " ").split("&") if pair)
    fragment = teacher.send("/teach/search", htmx=True, **fields)
    assert set(shown(fragment.text)) == ids
    assert fragment.text.startswith('<div id="library">')
    assert (
        fragment.headers["HX-Replace-Url"].replace("%20", "+").lower()
        == (f"/teach?{asked}" if asked else "/teach").lower()
    )


def test_a_specialty_is_one_however_it_is_written(small: Flask, root: Path, teacher: Teacher) -> None:
    loud = spoiled("specialty: family medicine", "specialty: Family Medicine")
    (root / "office" / "loud.yaml").write_text(loud)
    small.extensions["sandbox"].cases.refresh()
    page = teacher.get("/teach").text
    assert page.lower().count("<option>family medicine</option>") == 1
    assert {"loud", "throat"} <= set(shown(teacher.get("/teach?specialty=Family+Medicine").text))
    assert {"loud", "throat"} <= set(shown(teacher.get("/teach?specialty=family+medicine").text))


def test_a_search_without_htmx_is_the_page(teacher: Teacher) -> None:
    answer = teacher.send("/teach/search", q="sore", sort="title")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/teach?q=sore&sort=title")


@pytest.mark.parametrize(
    ("sort", "ids"),
    [
        ("", ["broken", "bad-quote", "many", "throat"]),
        ("title", ["throat", "many", "broken", "bad-quote"]),
        ("id", ["bad-quote", "broken", "many", "throat"]),
        ("nonsense", ["broken", "bad-quote", "many", "throat"]),
    ],
)
def test_the_list_has_an_order(teacher: Teacher, sort: str, ids: list[str]) -> None:
    for _ in range(3):
        teacher.send("/teach/look", htmx=True)
    assert shown(teacher.get(f"/teach?sort={sort}").text) == ids


def test_what_was_changed_or_tried_last_can_stand_first(small: Flask, root: Path, teacher: Teacher) -> None:
    import os

    os.utime(root / "office" / "many.yaml", (4e9, 4e9))
    small.extensions["sandbox"].cases.refresh()
    assert shown(teacher.get("/teach?sort=changed").text)[0] == "many"
    teacher.check(["J02.0"], "throat")
    teacher.check(["J02.0"], "many")
    teacher.check(["J02.8"], "many~viral")
    page = teacher.get("/teach?sort=tries").text
    assert shown(page)[:2] == ["many", "throat"]
    assert '<td data-label="Tries">2</td>' in page


def test_a_row_tells_how_many_encounters_and_leads_everywhere(teacher: Teacher) -> None:
    page = teacher.get("/teach?q=many").text
    assert '<td data-label="Encounters">4</td>' in page
    for href in ("edit", "history", "file"):
        assert f'href="/teach/cases/many/{href}"' in page
    assert teacher.get(re.findall(r'href="(/cases/many[^"]*)"', page)[0]).status_code in (200, 302)
    assert teacher.get("/cases/throat").status_code == 200, "drafts are open to instructors"


def test_a_file_is_given_byte_for_byte(root: Path, teacher: Teacher) -> None:
    content = "\ufeff".encode() + TEXT.replace("\n", "\r\n").encode()
    (root / "office" / "throat.yaml").write_bytes(content)
    answer = teacher.get("/teach/cases/throat/file")
    assert answer.data == content
    assert answer.headers["Content-Disposition"] == 'attachment; filename="throat.yaml"'
    for id in ("nope", "..%2fsecret", "Loud"):
        assert teacher.get(f"/teach/cases/{id}/file").status_code == 404


def names(content: bytes) -> set[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return set(archive.namelist())


def test_a_zip_has_the_ticked_files_or_all_that_are_listed(root: Path, teacher: Teacher) -> None:
    assert names(teacher.get("/teach/download?id=throat&id=broken&id=nope&q=zebra").data) == {
        "cases/office/throat.yaml",
        "cases/broken.yaml",
    }
    assert names(teacher.get("/teach/download?q=office").data) == {
        *("cases/office/throat.yaml", "cases/office/many.yaml", "cases/bad-quote.yaml"),
    }
    assert teacher.get("/teach/download?q=zebra").status_code == 404
    assert teacher.get("/teach/download?id=..%2f..%2fetc").status_code == 404
    with zipfile.ZipFile(io.BytesIO(teacher.get("/teach/download").data)) as archive:
        assert archive.read("cases/office/many.yaml") == (root / "office" / "many.yaml").read_bytes()


def test_a_case_whose_file_has_gone_still_leads_to_its_history(small: Flask, root: Path, teacher: Teacher) -> None:
    assert teacher.get("/teach/cases/throat/history").status_code == 200
    (root / "office" / "throat.yaml").unlink()
    small.extensions["sandbox"].cases.refresh()
    page = teacher.get("/teach").text
    assert "No longer in the folder" in page
    assert 'href="/teach/cases/throat/history"' in page


def test_hostile_words_are_data(teacher: Teacher) -> None:
    page = teacher.get("/teach?q=<script>alert(1)</script>&sort=%00&specialty='").text
    assert "<script>alert" not in page


def test_the_shipped_library_is_listed(app: Flask, house: House) -> None:
    page = Teacher(app).get("/teach").text
    assert set(shown(page)) == set(house.cases.cases())
    assert HIP in page


def test_what_the_page_does_not_list_is_not_sent_to_it(small: Flask) -> None:
    teacher = Teacher(small)
    page = teacher.get("/teach?q=both+ways").text
    assert re.findall(r'name="open" value="([^"]+)"', page) == ["cases/office/many.yaml"]


def test_the_pages_of_the_desk_lead_back_and_a_case_leads_an_instructor_to_its_file(small: Flask, root: Path) -> None:
    teacher = Teacher(small)
    for path in ("cases/new", "upload", "coverage", "upkeep", "cases/many/history"):
        assert '<a href="/teach">Desk</a>' in teacher.get(f"/teach/{path}").text.partition("<main")[2], path
    assert 'href="/cases/many"' in teacher.get("/teach/cases/many/history").text
    (root / "office" / "many.yaml").write_text(spoiled("status: draft", "status: ready", VARIED))
    assert "/teach/" not in Learner(small).get("/cases/many").text
    variant = str(teacher.get("/cases/many/patient").headers.get("Location", "/cases/many"))
    assert 'href="/teach/cases/many/edit"' in teacher.get(variant).text
