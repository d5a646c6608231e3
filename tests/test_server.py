"""``python run.py`` as a process of its own: what it says when it cannot start, and what it refuses."""

import http.client
import itertools
import platform
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
pytestmark = pytest.mark.usefixtures("_few_cases_are_served")


def start(data: Path, *options: str) -> subprocess.Popen[str]:
    command = [sys.executable, str(ROOT / "run.py"), "--data", str(data), *options]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def refusal(data: Path, *options: str) -> str:
    """What a start that fails says: one line, and exit code 2."""
    process = start(data, *options)
    out, said = process.communicate(timeout=60)
    assert (process.returncode, out, said.count("\n")) == (2, "", 1), said
    return said


@contextmanager
def running(data: Path, *options: str) -> Iterator[tuple[int, list[str]]]:
    """(port, the three lines that it prints) of a server that runs."""
    process = start(data, "--port", "0", *options)
    assert process.stdout
    lines = [process.stdout.readline() for _ in range(3)]
    found = re.search(r"http://127\.0\.0\.1:(\d+)", lines[0])
    assert found, "the server did not start"
    try:
        yield int(found[1]), lines
    finally:
        process.kill()
        process.communicate()


@pytest.fixture
def port(data: Path) -> Iterator[int]:
    with running(data) as (port, _):
        yield port


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


@pytest.mark.parametrize("htmx", [False, True], ids=["page", "fragment"])
def test_a_form_that_is_not_read_at_all_is_refused_in_plain_words(port: int, htmx: bool) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.putrequest("POST", "/name")
    connection.putheader("Content-Type", "application/x-www-form-urlencoded")
    connection.putheader("Content-Length", str(5 * 1024 * 1024))
    if htmx:
        connection.putheader("HX-Request", "true")
    connection.endheaders()
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    assert (answer.status, answer.getheader("Content-Type")) == (413, "text/html; charset=utf-8")
    assert "That is too large" in text and "Nothing was saved" in text
    assert "waitress" not in text and "max_body" not in text
    assert answer.getheader("HX-Retarget") == ("#notice" if htmx else None)
    assert text.startswith('<p class="notice bad">' if htmx else "<!doctype html>")


def test_a_folder_of_cases_that_is_not_there_is_named(data: Path, tmp_path: Path) -> None:
    assert str(tmp_path / "nowhere") in refusal(data, "--port", "0", "--cases", str(tmp_path / "nowhere"))


def ask(port: int, **headers: str) -> http.client.HTTPResponse:
    """The answer to a link that does not exist."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/instructor/guess", headers={k.replace("_", "-"): v for k, v in headers.items()})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


def test_a_proxy_is_believed_where_it_is_named(data: Path) -> None:
    with running(data, "--behind-proxy", "127.0.0.1") as (port, lines):
        assert "for the proxy at 127.0.0.1" in lines[0]
        assert "https://YOUR-NAME/instructor/" in lines[1]
        through = ask(port, X_Forwarded_Proto="https", X_Forwarded_For="10.0.0.99")
        statuses = [ask(port, X_Forwarded_Proto="https", X_Forwarded_For=f"10.0.0.{n}").status for n in range(20)]
    assert statuses == [200] * 20, "each is counted by an address of its own"
    assert "Secure" in (through.getheader("Set-Cookie") or "")
    assert through.getheader("Strict-Transport-Security") == "max-age=31536000"


def test_without_one_nobody_is_believed_who_says_where_a_request_comes_from(data: Path) -> None:
    with running(data) as (port, _):
        through = ask(port, X_Forwarded_Proto="https", X_Forwarded_For="10.0.0.99")
        statuses = [ask(port, X_Forwarded_Proto="https", X_Forwarded_For=f"10.0.0.{n}").status for n in range(20)]
    assert statuses[-1] == 429
    assert "Secure" not in (through.getheader("Set-Cookie") or "")
    assert through.getheader("Strict-Transport-Security") is None


@pytest.mark.parametrize("address", ["*", "proxy.example", "127.0.0.1:80"])
def test_a_proxy_is_named_by_its_address(data: Path, address: str) -> None:
    process = start(data, "--port", "0", "--behind-proxy", address)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "is no address" in said


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library has no heaps of threads")
def test_all_threads_share_one_heap(data: Path) -> None:
    process = start(data, "--port", "0")
    try:
        assert process.stdout
        found = re.search(r"http://127\.0\.0\.1:(\d+)", process.stdout.readline())
        assert found, "the server did not start"
        pages = [threading.Thread(target=ask, args=(int(found[1]),)) for _ in range(12)]
        for page in pages:
            page.start()
        for page in pages:
            page.join()
        maps = Path(f"/proc/{process.pid}/maps").read_text().splitlines()
    finally:
        process.kill()
        process.communicate()
    ends = [tuple(int(end, 16) for end in line.split()[0].split("-")) for line in maps if len(line.split()) == 5]
    # A heap of a thread is 64 MiB in one piece: what is used of it, and behind it what is only reserved.
    heaps = [
        a for (a, b), (c, d) in itertools.pairwise(ends) if b == c and d - a == 64 * 1024 * 1024 and a % (d - a) == 0
    ]
    assert heaps == []
