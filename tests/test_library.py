"""A folder of case files is served by id, followed as it changes, and never brought down by a bad file."""

import os
import threading
from pathlib import Path

import pytest

from sandbox.cases.library import CaseFile, Library, files
from sandbox.cases.reader import read
from tests.small_case import TEXT, spoiled


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def write(path: Path, text: str) -> None:
    """As an editor saves: with another time, even within one tick of the file system's clock."""
    path.parent.mkdir(parents=True, exist_ok=True)
    before = path.stat().st_mtime_ns if path.exists() else 0
    path.write_text(text, encoding="utf-8")
    os.utime(path, ns=(before + 1_000_000, before + 1_000_000))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    home = tmp_path / "cases"
    write(home / "ears" / "sore-throat.yaml", TEXT)
    write(home / "skin" / "rash.yml", spoiled("A sore throat", "A rash"))
    return home


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def library(root: Path, clock: Clock) -> Library:
    return Library(root, clock=clock)


def later(clock: Clock) -> None:
    clock.now += 1.0


def test_cases_are_served_by_the_name_of_their_file(library: Library) -> None:
    assert list(library.cases()) == ["sore-throat", "rash"]
    found = library.get("rash")
    assert found is not None
    assert (found.id, found.case.title, found.path) == ("rash", "A rash", "cases/skin/rash.yml")
    assert library.get("nobody") is None
    assert library.problems() == ()


def test_a_change_is_seen_after_a_second_and_not_before(library: Library, root: Path, clock: Clock) -> None:
    old = library.cases()["rash"]
    write(root / "skin" / "rash.yml", spoiled("A sore throat", "An old rash"))
    clock.now += 0.9
    assert library.cases()["rash"] is old
    clock.now += 0.2
    new = library.cases()["rash"]
    assert new.case.title == "An old rash"
    assert new.hash != old.hash


def test_a_file_that_did_not_change_is_not_read_again(library: Library, root: Path, clock: Clock) -> None:
    old = library.cases()["sore-throat"]
    write(root / "skin" / "rash.yml", spoiled("A sore throat", "An old rash"))
    later(clock)
    assert library.cases()["sore-throat"] is old


def test_new_files_come_and_removed_files_go(library: Library, root: Path, clock: Clock) -> None:
    write(root / "cough.yaml", TEXT)
    (root / "skin" / "rash.yml").unlink()
    later(clock)
    assert list(library.cases()) == ["cough", "sore-throat"]


def test_while_a_file_is_broken_its_last_good_version_is_served(library: Library, root: Path, clock: Clock) -> None:
    good = library.cases()["rash"]
    write(root / "skin" / "rash.yml", "title: half wri")
    later(clock)
    assert library.get("rash") is good
    entry = next(entry for entry in library.entries() if entry.id == "rash")
    assert entry.served is good
    assert entry.problems
    assert all(problem.path == "cases/skin/rash.yml" for problem in library.problems())
    write(root / "skin" / "rash.yml", spoiled("A sore throat", "Mended"))
    later(clock)
    assert library.cases()["rash"].case.title == "Mended"
    assert library.problems() == ()


def test_a_file_that_was_never_good_is_listed_and_the_others_are_served(root: Path) -> None:
    write(root / "bad.yaml", "title: [")
    (root / "worse.yaml").write_bytes(b"\xff\xfe\x00")
    library = Library(root)
    assert list(library.cases()) == ["sore-throat", "rash"]
    assert {entry.id: entry.served for entry in library.entries()}["bad"] is None
    assert {problem.path for problem in library.problems()} == {"cases/bad.yaml", "cases/worse.yaml"}


def test_two_files_cannot_share_an_id(library: Library, root: Path, clock: Clock) -> None:
    good = library.cases()["rash"]
    write(root / "a" / "rash.yaml", spoiled("A sore throat", "Another rash"))
    later(clock)
    assert library.get("rash") is good, "the file that has served the id keeps it"
    assert [str(problem) for problem in library.problems()] == [
        "cases/a/rash.yaml:1:1: the id rash belongs to cases/skin/rash.yml already; rename one of the two"
    ]
    (root / "skin" / "rash.yml").unlink()
    later(clock)
    assert library.cases()["rash"].case.title == "Another rash"
    assert library.problems() == ()


def test_a_name_that_is_no_id_is_a_problem(root: Path) -> None:
    write(root / "My Case.yaml", TEXT)
    library = Library(root)
    assert "My Case" not in library.cases()
    assert "small letters" in library.problems()[0].message


def test_only_case_files_are_read(root: Path) -> None:
    write(root / "notes.txt", "x")
    write(root / ".hidden.yaml", "x")
    write(root / ".git" / "config.yaml", "x")
    write(root / "rash.yaml~", "x")
    assert [path.name for path, _ in files(root)] == ["sore-throat.yaml", "rash.yml"]


def test_a_link_in_a_circle_takes_no_other_case_along(root: Path) -> None:
    before = len(Library(root).cases())
    (root / "circle.yaml").symlink_to("circle.yaml")
    library = Library(root)
    assert len(library.cases()) == before > 0
    assert any("circle.yaml" in problem.path for problem in library.problems())


def test_links_that_lead_outside_are_left_out(root: Path, tmp_path: Path) -> None:
    write(tmp_path / "elsewhere" / "secret.yaml", TEXT)
    (root / "secret.yaml").symlink_to(tmp_path / "elsewhere" / "secret.yaml")
    (root / "linked").symlink_to(tmp_path / "elsewhere")
    library = Library(root)
    assert list(library.cases()) == ["sore-throat", "rash"]
    assert [str(p) for p in library.problems()] == [
        "cases/secret.yaml:1:1: a link that leads out of the folder; left out"
    ]


def test_a_folder_that_is_not_there_is_a_problem_and_comes_back(library: Library, root: Path, clock: Clock) -> None:
    root.rename(root.with_name("away"))
    later(clock)
    assert list(library.cases()) == ["sore-throat", "rash"]
    assert [str(problem) for problem in library.problems()] == ["cases:1:1: the folder of the cases is not there"]
    root.with_name("away").rename(root)
    later(clock)
    assert library.problems() == ()
    assert Library(root / "none").cases() == {}


def test_a_kept_text_gives_the_old_version_back(library: Library, root: Path, clock: Clock) -> None:
    old = library.cases()["rash"]
    kept = old.text
    write(root / "skin" / "rash.yml", spoiled("A sore throat", "An old rash"))
    later(clock)
    assert library.cases()["rash"].hash != old.hash
    assert CaseFile.revive(kept, old.path) == old


def test_a_source_with_problems_is_no_case_file() -> None:
    with pytest.raises(ValueError, match="no case"):
        CaseFile.of(read("title: x", "cases/x.yaml"))


def test_threads_see_whole_cases_while_files_change(root: Path) -> None:
    library = Library(root, pause=0.0)
    titles = {"A rash", "Version 0", "Version 1", "Version 2"}
    wrong: list[object] = []
    stop = threading.Event()

    def look() -> None:
        while not stop.is_set():
            found = library.get("rash")
            if found is None or found.case.title not in titles or found.case.title not in found.text:
                wrong.append(found)

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for n in range(30):
        write(root / "skin" / "rash.yml", spoiled("A sore throat", f"Version {n % 3}"))
    stop.set()
    for thread in threads:
        thread.join()
    assert wrong == []
    library.refresh()
    assert library.cases()["rash"].case.title == "Version 2"


def test_parts_share_the_names_of_their_fields_and_a_copy_has_its_own(root: Path) -> None:
    first, other = (file.case.documents[0] for file in Library(root).encounters().values())
    assert first.model_fields_set is other.model_fields_set == {"id", "title", "author", "date", "text"}
    copied = first.model_copy(update={"refers_to": "visit"})
    assert copied.model_fields_set - other.model_fields_set == {"refers_to"}
    assert first.model_fields_set is other.model_fields_set, "and the others still have theirs"
