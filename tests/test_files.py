"""The files of the cases are written whole or not at all, never outside their folder or over others' work."""

import multiprocessing
import os
import stat
import sys
import threading
from pathlib import Path

import pytest

from sandbox.cases import files, lock
from sandbox.cases.files import Conflict, Exists, NotWritten, Refused, read, save
from sandbox.cases.library import Library
from tests.small_case import TEXT

LINKS = pytest.mark.skipif(not hasattr(os, "symlink") or sys.platform == "win32", reason="links need a right there")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "cases"
    folder.mkdir()
    return folder


def everything(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != lock.NAME
    }


def test_a_new_case_lies_in_the_folder_of_its_specialty_and_is_read_as_it_was_written(root: Path) -> None:
    made = save(root, "sore-throat", TEXT, base=None, specialty="Family médicine")
    assert made.path == "family-medicine/sore-throat.yaml"
    assert read(root, "sore-throat") == made
    assert Library(root).cases()["sore-throat"].text == TEXT
    assert everything(root) == {made.path: TEXT.encode()}


@pytest.mark.parametrize("text", ["a\r\nb\r\n", "a\nb", "a\r\n\r\nb\n", "\ufeffa: é\n", "a\rb\n", "💥\n"])
def test_line_ends_the_last_line_and_a_byte_order_mark_stay(root: Path, text: str) -> None:
    made = save(root, "x", text, base=None, specialty="s")
    assert (root / made.path).read_bytes() == text.encode()
    found = read(root, "x")
    assert found is not None
    assert (found.text, found.etag) == (text, made.etag)


def test_a_change_needs_the_etag_of_what_it_changes(root: Path) -> None:
    first = save(root, "x", "one\n", base=None, specialty="s")
    second = save(root, "x", "two\n", base=first.etag)
    with pytest.raises(Conflict) as caught:
        save(root, "x", "three\n", base=first.etag)
    assert caught.value.current == second
    assert everything(root) == {"s/x.yaml": b"two\n"}


def test_a_change_of_a_file_that_has_gone_is_a_conflict_and_makes_none(root: Path) -> None:
    first = save(root, "x", "one\n", base=None, specialty="s")
    (root / first.path).unlink()
    with pytest.raises(Conflict) as caught:
        save(root, "x", "two\n", base=first.etag)
    assert caught.value.current is None
    assert everything(root) == {}


@pytest.mark.parametrize("name", ["other/x.yaml", "other/x.yml", "x.yaml", "other/X.yaml"])
def test_an_id_that_is_taken_anywhere_makes_no_new_case(root: Path, name: str) -> None:
    (root / name).parent.mkdir(exist_ok=True)
    (root / name).write_text("mine\n")
    with pytest.raises(Exists) as caught:
        save(root, "x", "new\n", base=None, specialty="s")
    assert caught.value.path == name
    assert everything(root) == {name: b"mine\n"}


@pytest.mark.parametrize(
    "id", ["", "../x", "a/b", "a\\b", "X", ".x", "x.yaml", "x y", "é", "a" * 81, "con", "lpt1", "x\n"]
)
def test_an_id_that_is_no_slug_is_refused(root: Path, id: str) -> None:
    with pytest.raises(Refused):
        save(root, id, "a\n", base=None, specialty="s")
    with pytest.raises(Refused):
        read(root, id)
    assert everything(root.parent) == {}


@pytest.mark.parametrize("specialty", ["", "…", "../..", "nul", "日本"])
def test_a_specialty_that_makes_no_folder_is_refused(root: Path, specialty: str) -> None:
    with pytest.raises(Refused):
        save(root, "x", "a\n", base=None, specialty=specialty)
    assert everything(root.parent) == {}


def test_a_specialty_never_leads_out_of_the_folder(root: Path) -> None:
    assert save(root, "x", "a\n", base=None, specialty="../../etc/Ear, nose & throat").path == (
        "etc-ear-nose-throat/x.yaml"
    )
    assert list(everything(root.parent)) == ["cases/etc-ear-nose-throat/x.yaml"]


@LINKS
def test_a_link_in_a_circle_is_refused(root: Path) -> None:
    (root / "circle.yaml").symlink_to("circle.yaml")
    with pytest.raises(Refused):
        read(root, "circle")
    (root / "turning").symlink_to("turning")
    with pytest.raises(Refused):
        save(root, "new", "text", base=None, specialty="turning")


def test_links_that_lead_out_of_the_folder_are_neither_read_nor_written(root: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "y.yaml").write_text("mine\n")
    (root / "s").symlink_to(outside, target_is_directory=True)
    (root / "y.yaml").symlink_to(outside / "y.yaml")
    with pytest.raises(Refused, match="leads out"):
        save(root, "x", "a\n", base=None, specialty="s")
    with pytest.raises(Refused, match="leads out"):
        read(root, "y")
    with pytest.raises(Refused, match="leads out"):
        save(root, "y", "a\n", base=files.etag("mine\n"))
    assert everything(outside) == {"y.yaml": b"mine\n"}


@LINKS
def test_a_link_inside_the_folder_stays_one(root: Path) -> None:
    first = save(root, "x", "one\n", base=None, specialty="s")
    (root / "s" / "x.yaml").rename(root / "s" / "kept.txt")
    (root / "s" / "x.yaml").symlink_to("kept.txt")
    save(root, "x", "two\n", base=first.etag)
    assert (root / "s" / "x.yaml").is_symlink()
    assert (root / "s" / "kept.txt").read_text() == "two\n"


def test_a_text_over_the_limit_or_with_half_a_character_is_refused(root: Path) -> None:
    for text in ("é" * 500_001, "a\ud800"):
        with pytest.raises(Refused):
            save(root, "x", text, base=None, specialty="s")
    (root / "big.yaml").write_bytes(b"a" * 1_000_001)
    with pytest.raises(Refused, match="1 MB"):
        read(root, "big")
    assert list(everything(root)) == ["big.yaml"]


def test_a_file_that_is_not_utf_8_loses_no_letter(root: Path) -> None:
    for name, raw in (("win", "é – ’\n".encode("cp1252")), ("wide", "é – ’\n".encode("utf-16"))):
        (root / f"{name}.yaml").write_bytes(raw)
        found = read(root, name)
        assert found is not None
        assert found.text == "é – ’\n"
        save(root, name, found.text, base=found.etag)
        assert (root / f"{name}.yaml").read_text(encoding="utf-8") == "é – ’\n"
    (root / "odd.yaml").write_bytes(b"\x81\xff")
    odd = read(root, "odd")
    assert odd is not None
    assert odd.text.encode("latin-1") == b"\x81\xff"


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX modes")
def test_a_file_keeps_its_mode(root: Path) -> None:
    first = save(root, "x", "one\n", base=None, specialty="s")
    (root / first.path).chmod(0o640)
    save(root, "x", "two\n", base=first.etag)
    assert stat.S_IMODE((root / first.path).stat().st_mode) == 0o640


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotWritten):
        save(tmp_path / "cases", "x", "a\n", base=None, specialty="s")


def test_a_disk_that_refuses_leaves_the_old_file_and_no_rest(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = save(root, "x", "one\n", base=None, specialty="s")

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(NotWritten, match="No space"):
        save(root, "x", "two\n", base=first.etag)
    assert everything(root) == {"s/x.yaml": b"one\n"}


def _attempt(root: Path, base: str | None, word: str, start: "threading.Barrier") -> bool:
    start.wait()
    try:
        save(root, "x", word, base=base, specialty=f"s{word}")
    except (Conflict, Exists):
        return False
    return True


def _in_process(
    root: Path, base: str | None, word: str, start: "threading.Barrier", won: "multiprocessing.Queue[str]"
) -> None:
    if _attempt(root, base, word, start):
        won.put(word)


@pytest.mark.parametrize("fresh", [True, False])
def test_of_many_processes_that_save_at_once_one_wins(root: Path, fresh: bool) -> None:
    base = None if fresh else save(root, "x", "one\n", base=None, specialty="s").etag
    context = multiprocessing.get_context("spawn")
    start, won = context.Barrier(4), context.Queue()
    crowd = [context.Process(target=_in_process, args=(root, base, f"p{n}", start, won)) for n in range(4)]
    for each in crowd:
        each.start()
    winner = won.get(timeout=60)
    for each in crowd:
        each.join()
    assert won.empty()
    assert list(everything(root).values()) == [winner.encode()]


@pytest.mark.parametrize("fresh", [True, False])
def test_of_many_threads_that_save_at_once_one_wins(root: Path, fresh: bool) -> None:
    base = None if fresh else save(root, "x", "one\n", base=None, specialty="s").etag
    start, won = threading.Barrier(8), []
    crowd = [
        threading.Thread(target=lambda n=n: won.append(n) if _attempt(root, base, f"t{n}", start) else None)
        for n in range(8)
    ]
    for each in crowd:
        each.start()
    for each in crowd:
        each.join()
    assert len(won) == 1
    assert list(everything(root).values()) == [f"t{won[0]}".encode()]


def test_what_a_killed_writer_left_is_taken_away_by_the_next(root: Path) -> None:
    saved = save(root, "new", "one\n", base=None, specialty="office")
    folder = (root / saved.path).parent
    (folder / ".new.yaml.4711-1.part").write_text("half")
    (folder / ".newer.yaml.4711-1.part").write_text("another file's")
    save(root, "new", "two\n", base=saved.etag)
    assert sorted(path.name for path in folder.glob(".*")) == [".newer.yaml.4711-1.part"]
