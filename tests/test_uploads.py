"""Uploads at the desk: checked first, and nothing is saved but what is ticked, over what the page has shown."""

import io
import os
import re
import stat
import time
from pathlib import Path

import pytest
from deskkit import Teacher
from flask import Flask
from test_take_apart import zipped
from webkit import Learner

from sandbox.cases.reader import MOST_BYTES
from sandbox.cases.uploads import MOST_FILES
from sandbox.store import versions
from sandbox.web.house import House
from tests.small_case import TEXT, spoiled

READY = spoiled("status: draft", "status: ready")
OTHER = spoiled("A sore throat", "Another throat")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "cases"
    for name in ("office/throat.yaml", "office/same.yaml", "clinic/third.yaml"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(TEXT)
    return folder


@pytest.fixture
def case_folder(root: Path) -> Path:
    return root


def everything(root: Path) -> dict[str, str]:
    return {path.relative_to(root).as_posix(): path.read_text() for path in root.rglob("*") if path.suffix == ".yaml"}


def send(teacher: Teacher, content: bytes, name: str = "up.zip") -> str:
    """Upload. Returns the address of the page that shows what was found."""
    answer = teacher.send("/teach/upload", file=(io.BytesIO(content), name))
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def confirm(teacher: Teacher, address: str, *ids: str) -> str:
    """Tick these and save, as the page has them. Returns the page that comes then."""
    page = teacher.get(address).text
    bases = dict(re.findall(r'name="(base-[^"]+)" value="([^"]*)"', page))
    answer = teacher.send(address, take=list(ids), **bases)
    assert answer.status_code == 303
    return teacher.get(str(answer.headers["Location"])).text


MANY = zipped(
    ("cases/office/new.yaml", OTHER),
    ("cases/office/throat.yaml", OTHER),
    ("cases/office/same.yaml", TEXT),
    ("cases/office/third.yaml", OTHER),
    ("cases/broken.yaml", "title: ["),
)


def test_nothing_is_saved_before_it_is_confirmed_and_each_file_is_told(root: Path, teacher: Teacher) -> None:
    before = everything(root)
    page = teacher.get(send(teacher, MANY)).text
    assert everything(root) == before
    assert "1 new, 1 that would change a file here, 1 the same as here, 2 refused" in page
    assert re.search(r'name="take" value="new" checked', page)
    assert re.search(r'name="take" value="throat">', page), "what would be written over is not ticked"
    assert "1 line added, 1 taken out" in page
    assert "family-medicine/new.yaml" in page
    assert "belongs to clinic/third.yaml" in page
    assert "learners see it" not in page
    ready = spoiled("status: draft", "status: ready").encode()
    assert "learners see it once it is saved" in teacher.get(send(teacher, ready, "fresh.yaml")).text
    assert "line 1" in page


def test_what_is_ticked_is_saved_with_its_history_and_nothing_else(house: House, root: Path, teacher: Teacher) -> None:
    before = everything(root)
    address = send(teacher, MANY)
    page = confirm(teacher, address, "new")
    assert everything(root) == {**before, "family-medicine/new.yaml": OTHER}
    assert "1 of 1 file saved" in page
    page = confirm(teacher, address, "throat")
    assert everything(root) == {**before, "family-medicine/new.yaml": OTHER, "office/throat.yaml": OTHER}
    rows = versions.all(house.store, "throat")
    assert [row["note"] for row in rows] == ["uploaded: up.zip", "as it was found"]
    assert versions.text(house.store, "throat", 1) == TEXT
    assert house.cases.cases()["new"].case.title == "Another throat"


def test_a_key_that_is_uploaded_offers_to_grade_anew_what_was_graded_before(app: Flask, teacher: Teacher) -> None:
    learner = Learner(app)
    page = confirm(teacher, send(teacher, READY.encode(), "same.yaml"), "same")
    assert "1 of 1 file saved" in page and "Grade anew" not in page, "nobody has coded it yet"
    assert learner.check(["J02.9"], "same").status_code == 200
    changed = send(teacher, spoiled("J02.9: 0.5", "J02.9: 0.7", READY).encode(), "same.yaml")
    page = confirm(teacher, changed, "same")
    assert "Grade anew: 1 attempt was graded before" in page and "/teach/cases/same/regrade" in page


def test_refused_and_unknown_files_are_not_saved_however_they_are_ticked(root: Path, teacher: Teacher) -> None:
    before = everything(root)
    address = send(teacher, MANY)
    teacher.send(address, take=["third", "broken", "nope", "../evil"], **{"base-third": ""})
    assert everything(root) == before


def test_a_file_that_changed_after_the_check_is_not_written_over(root: Path, teacher: Teacher) -> None:
    address = send(teacher, MANY)
    page = teacher.get(address).text
    base = re.findall(r'name="base-throat" value="([^"]*)"', page)[0]
    (root / "office" / "throat.yaml").write_text(TEXT + "# theirs\n")
    (root / "office" / "new.yaml").write_text("theirs\n")
    teacher.send(address, take=["throat", "new"], **{"base-throat": base})
    assert (root / "office" / "throat.yaml").read_text() == TEXT + "# theirs\n"
    assert (root / "office" / "new.yaml").read_text() == "theirs\n"
    assert not (root / "family-medicine").exists()
    page = teacher.get(address).text
    assert "0 of 2 files saved" in page
    assert page.count("changed after you looked") == 2


def test_a_form_without_its_base_writes_over_nothing(root: Path, teacher: Teacher) -> None:
    before = everything(root)
    teacher.send(send(teacher, MANY), take=["throat"])
    assert everything(root) == before


def test_a_form_sent_twice_says_the_same(house: House, teacher: Teacher) -> None:
    address = send(teacher, MANY)
    bases = dict(re.findall(r'name="(base-[^"]+)" value="([^"]*)"', teacher.get(address).text))
    for _ in range(2):
        teacher.send(address, take=["new", "throat"], **bases)
        assert "2 of 2 files saved" in teacher.get(address).text
    assert len(versions.all(house.store, "throat")) == 2


def test_what_a_file_would_change_can_be_looked_at(teacher: Teacher) -> None:
    address = send(teacher, MANY)
    page = teacher.get(f"{address}/throat").text
    assert page.count('class="added"') == page.count('class="removed"') == 1
    assert teacher.get(f"{address}/new").text.count('class="added"') == len(OTHER.splitlines())
    for id in ("broken", "nope"):
        assert teacher.get(f"{address}/{id}").status_code == 404


def test_a_single_file_is_taken_as_well(root: Path, teacher: Teacher) -> None:
    text = TEXT.replace("\n", "\r\n")
    address = send(teacher, text.encode(), "lone.yaml")
    confirm(teacher, address, "lone")
    assert (root / "family-medicine" / "lone.yaml").read_bytes() == text.encode()


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [(b"", "", "Choose a file"), (b"x", "a.zip", "broken or cut"), (zipped(), "a.zip", "no file in the zip")],
)
def test_an_upload_of_no_use_is_told_at_once(teacher: Teacher, content: bytes, name: str, said: str) -> None:
    answer = teacher.send("/teach/upload", file=(io.BytesIO(content), name))
    assert answer.status_code == 400
    assert said in answer.text
    assert teacher.send("/teach/upload").status_code == 400


def test_an_upload_is_its_owners_and_kept_for_a_day(app: Flask, data: Path, teacher: Teacher) -> None:
    address = send(teacher, MANY)
    other = Teacher(app)
    assert other.get(address).status_code == 404
    assert other.send(address, take=["new"]).status_code == 404
    (kept,) = (data / "uploads").iterdir()
    if os.name == "posix":
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
        assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700
    yesterday = time.time() - 25 * 3600
    os.utime(kept, (yesterday, yesterday))
    later = send(other, MANY)
    assert not kept.exists()
    assert teacher.get(address).status_code == 404
    assert other.get(later).status_code == 200


@pytest.mark.parametrize("token", ["x", "..%2f..%2fsecret", "A" * 22, "..", "%00" * 22])
def test_a_token_is_no_path(teacher: Teacher, data: Path, token: str) -> None:
    (data / "secret.json").write_text("{}")
    assert teacher.get(f"/teach/upload/{token}").status_code == 404


def test_the_linter_has_looked_at_what_was_sent(teacher: Teacher) -> None:
    wrong = spoiled("quote: Strep pharyngitis", "quote: Strap pharyngitis")
    address = send(teacher, wrong.encode(), "fresh.yaml")
    page = teacher.get(address).text
    assert "1 error" in page
    assert f'href="{address}/fresh#problems"' in page
    assert "keeps no file from being saved" in page
    listed = teacher.get(f"{address}/fresh").text
    assert re.search(r'<span class="tag bad">error</span> line \d+, column \d+: [^<]*Strap', listed)
    saved = confirm(teacher, address, "fresh")
    assert "1 of 1 file saved" in saved and "1 error" in saved, "what was saved still tells its errors"


def test_where_the_linter_finds_nothing_nothing_is_said_of_it(teacher: Teacher) -> None:
    address = send(teacher, OTHER.encode(), "fresh.yaml")
    assert "keeps no file" not in teacher.get(address).text
    assert "No problems found" in teacher.get(f"{address}/fresh").text


def test_a_zip_of_as_many_files_as_may_be_is_confirmed_in_one_form(teacher: Teacher) -> None:
    names = [f"n{n}" for n in range(MOST_FILES)]
    address = send(teacher, zipped(*((f"{name}.yaml", TEXT) for name in names)))
    bases = {f"base-{name}": "" for name in names}
    answer = teacher.send(address, take=names[:2], **bases, **{f"more-{name}": "" for name in names})
    assert answer.status_code == 303
    assert "2 of 2 files saved" in teacher.get(address).text


def test_what_the_desk_gave_comes_back_as_the_same(teacher: Teacher) -> None:
    page = teacher.get(send(teacher, teacher.get("/teach/download").data)).text
    assert "0 new, 0 that would change a file here, 3 the same as here, 0 refused" in page


def test_hostile_names_are_data(teacher: Teacher) -> None:
    page = teacher.get(send(teacher, zipped(("<script>alert(1)</script>.yaml", TEXT)), "<script>.zip")).text
    assert "<script>alert" not in page
    assert "<script>.zip" not in page
    assert "&lt;script&gt;.zip" in page


def test_a_file_here_that_cannot_be_opened_is_told_and_not_written_over(root: Path, teacher: Teacher) -> None:
    huge = TEXT + "#" * MOST_BYTES
    (root / "office" / "huge.yaml").write_text(huge)
    address = send(teacher, OTHER.encode(), "huge.yaml")
    assert "larger than 1 MB" in teacher.get(address).text
    assert teacher.get(f"{address}/huge").status_code == 404
    assert teacher.send(address, take=["huge"], **{"base-huge": ""}).status_code == 303
    assert (root / "office" / "huge.yaml").read_text() == huge
