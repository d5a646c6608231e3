"""Saving at the desk keeps the file and its whole history, what other programs did to it among it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, session

from sandbox.cases.files import Conflict
from sandbox.store import people, versions
from sandbox.store.database import NotSaved
from sandbox.web import create_app
from sandbox.web.house import House
from sandbox.web.keeping import keep, look
from tests.small_case import TEXT


@pytest.fixture
def desk(data: Path, tmp_path: Path) -> Iterator[House]:
    """A desk over an empty folder, within a request of somebody called Ada."""
    (tmp_path / "cases").mkdir()
    app: Flask = create_app(data, tmp_path / "cases")
    house: House = app.extensions["sandbox"]
    people.add_learner(house.store, "ada", "Ada")
    with app.test_request_context():
        session["learner"], session["name"] = "ada", "Ada"
        yield house
    house.close()


def notes(house: House) -> list[str]:
    return [f"{row['name']}: {row['note']}" for row in reversed(versions.all(house.store, "x"))]


def test_a_saved_case_is_in_the_library_and_in_the_history(desk: House) -> None:
    first = keep("x", TEXT, base=None, note="new", specialty="office")
    assert desk.cases.cases()["x"].text == TEXT
    keep("x", TEXT + "# end\n", base=first.etag, note="a remark")
    assert desk.cases.cases()["x"].text == TEXT + "# end\n"
    assert notes(desk) == ["Ada: new", "Ada: a remark"]


def test_what_another_program_changed_is_kept_before_it_is_saved_over(desk: House) -> None:
    first = keep("x", TEXT, base=None, note="new", specialty="office")
    (desk.cases.root / first.path).write_text(TEXT + "# by hand\n")
    found = look("x")
    assert found is not None
    keep("x", TEXT, base=found.etag, note="back")
    assert notes(desk) == ["Ada: new", f": {versions.OUTSIDE}", "Ada: back"]
    assert versions.text(desk.store, "x", 2) == TEXT + "# by hand\n"


def test_a_file_that_the_desk_never_saw_is_kept_as_it_was_found(desk: House) -> None:
    (desk.cases.root / "x.yaml").write_text("mine\n")
    found = look("x")
    assert found is not None
    keep("x", "new\n", base=found.etag, note="")
    assert [versions.text(desk.store, "x", n) for n in (1, 2)] == ["mine\n", "new\n"]


def test_a_conflict_keeps_what_is_there_and_adds_nothing_of_ours(desk: House) -> None:
    first = keep("x", TEXT, base=None, note="new", specialty="office")
    (desk.cases.root / first.path).write_text("theirs\n")
    with pytest.raises(Conflict):
        keep("x", "ours\n", base=first.etag, note="")
    assert (desk.cases.root / first.path).read_text() == "theirs\n"
    assert notes(desk) == ["Ada: new", f": {versions.OUTSIDE}"]


def test_a_history_that_takes_nothing_keeps_the_file_from_being_saved_over(
    desk: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    (desk.cases.root / "x.yaml").write_text("mine\n")
    found = look("x")
    assert found is not None
    (desk.cases.root / "x.yaml").write_text("changed\n")

    def refuse(*_: object) -> int:
        raise NotSaved("disk full")

    monkeypatch.setattr("sandbox.store.versions.add", refuse)
    with pytest.raises(NotSaved):
        keep("x", "new\n", base=found.etag, note="")
    assert (desk.cases.root / "x.yaml").read_text() == "changed\n"
