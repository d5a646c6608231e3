"""``python run.py`` as a process of its own: what it says when it cannot start, and what it refuses."""

import http.client
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def start(data: Path, *options: str) -> subprocess.Popen[str]:
    command = [sys.executable, str(ROOT / "run.py"), "--data", str(data), *options]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def refusal(data: Path, *options: str) -> str:
    """What a start that fails says: one line, and exit code 2."""
    process = start(data, *options)
    out, said = process.communicate(timeout=60)
    assert (process.returncode, out, said.count("\n")) == (2, "", 1), said
    return said


@pytest.fixture
def port(data: Path) -> Iterator[int]:
    process = start(data, "--port", "0")
    assert process.stdout
    found = re.search(r"http://127\.0\.0\.1:(\d+)", process.stdout.readline())
    assert found, "the server did not start"
    yield int(found[1])
    process.kill()
    process.communicate()


def test_a_damaged_codes_db_is_named_with_its_remedy(codes_db: Path, tmp_path: Path) -> None:
    shutil.copy(codes_db, tmp_path / "codes.db")
    db = sqlite3.connect(tmp_path / "codes.db")
    db.execute("DROP TABLE codes")
    db.commit()
    db.close()
    said = refusal(tmp_path, "--port", "0")
    assert said.startswith("sandbox: the code sets cannot be read")
    assert f"delete {tmp_path / 'codes.db'}" in said


def test_a_port_that_is_taken_is_named_and_the_advice_is_a_port_that_can_exist(data: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        said = refusal(data, "--port", str(taken.getsockname()[1]))
    assert "try another --port" in said


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: (data / "sandbox.db").write_text("no database at all " * 100),
        lambda data: (data / "sandbox.db").mkdir(),
        lambda data: (data / "secret.key").write_text("short"),
    ],
    ids=["no database", "a folder", "a short key"],
)
def test_a_data_folder_that_cannot_be_used_is_named(data: Path, spoil: object) -> None:
    assert callable(spoil)
    spoil(data)
    assert refusal(data, "--port", "0").startswith(f"sandbox: cannot use the data folder {data}: ")


def test_a_form_of_a_million_characters_is_refused_with_a_page(port: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    body = "dx_code=" + "A" * 1_000_000
    connection.request("POST", "/name", body, {"Content-Type": "application/x-www-form-urlencoded"})
    answer = connection.getresponse()
    assert answer.status == 413
    assert "That form is too large" in answer.read().decode()
    connection.close()


def test_a_folder_of_cases_that_is_not_there_is_named(data: Path, tmp_path: Path) -> None:
    assert str(tmp_path / "nowhere") in refusal(data, "--port", "0", "--cases", str(tmp_path / "nowhere"))
