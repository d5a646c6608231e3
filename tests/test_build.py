"""``codes.db`` is there whole or not at all, and built again when what it was built from has changed."""

import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sandbox.codes import atomic, build
from sandbox.codes.codeset import CodeSet
from tests import commandline

ROOT = Path(__file__).resolve().parent.parent


def parts(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.endswith(".part")]


def test_a_build_that_fails_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "codes.db"
    path.write_bytes(b"the old one")

    def broken(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(build, "_fill", broken)
    with pytest.raises(OSError, match="no space"):
        build.build(path)
    assert path.read_bytes() == b"the old one"
    assert parts(tmp_path) == []


def test_a_current_file_is_not_built_again(codes_db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert build.current(codes_db)
    monkeypatch.setattr(build, "build", lambda *_: pytest.fail("built again"))
    assert build.ensure(codes_db) is False


@pytest.mark.parametrize("content", [b"", b"not a database", b"SQLite format 3\0" + bytes(200)])
def test_a_cut_or_foreign_file_is_not_current(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "codes.db"
    path.write_bytes(content)
    assert not build.current(path)


def test_a_file_built_from_other_packages_is_not_current(codes_db: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "fingerprint", lambda: "schema 99")
    assert not build.current(codes_db)


def test_two_processes_that_build_at_once_end_with_one_good_file(tmp_path: Path) -> None:
    """One was asked to build, the other to show a code, for which it builds first."""
    data = tmp_path / "new"
    command = [sys.executable, "-m", "sandbox", "--data", str(data), "codes"]
    builders = [
        subprocess.Popen([*command, *words], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for words in (["build"], ["show", "I10"])
    ]
    said = [builder.communicate() for builder in builders]
    assert [builder.returncode for builder in builders] == [0, 0], said
    assert said[1][0].startswith("I10  Essential (primary) hypertension")
    assert "Building the code sets" in said[1][1]
    assert build.current(data / "codes.db")
    assert [path.name for path in data.iterdir()] == ["codes.db"]
    assert CodeSet(data / "codes.db").count(20260401) == 74_719
    assert (data / "codes.db").stat().st_size < 80_000_000
    again = commandline.run("--data", data, "codes", "build")
    assert (again.returncode, again.stderr) == (0, "")


def test_parts_of_dead_builds_are_swept_and_those_of_living_ones_stay(tmp_path: Path) -> None:
    path = tmp_path / "codes.db"
    dead, living, fresh = (tmp_path / f"codes.db.{n}-1.part" for n in (1, 2, 3))
    holder = sqlite3.connect(living, isolation_level=None)
    holder.execute("PRAGMA locking_mode=EXCLUSIVE")
    holder.execute("CREATE TABLE t (x)")
    dead.write_bytes(b"left behind")
    fresh.write_bytes(b"just begun")
    old = time.time() - 60
    os.utime(dead, (old, old))
    os.utime(living, (old, old))
    with atomic.replacing(path, lambda _: True) as part:
        part.write_bytes(b"whole")
    holder.close()
    assert path.read_bytes() == b"whole"
    assert not dead.exists()
    assert living.exists()
    assert fresh.exists()


def test_nobody_writes_into_a_code_set(codes: CodeSet) -> None:
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        codes.connection.execute("DELETE FROM codes")
