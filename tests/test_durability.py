"""Nothing acknowledged is ever lost: a real server is killed in the middle of its work, and asked again."""

import http.client
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

import pytest
from webkit import HIP, field

from sandbox.report import Stored
from sandbox.store.attempts import NewAttempt, add
from sandbox.store.database import Store

ROOT = Path(__file__).resolve().parent.parent
pytestmark = pytest.mark.usefixtures("_few_cases_are_served")


class Server:
    """``python run.py`` in a process of its own."""

    def __init__(self, data: Path) -> None:
        command = [sys.executable, str(ROOT / "run.py"), "--port", "0", "--data", str(data)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        assert self.process.stdout
        found = re.search(r"http://127\.0\.0\.1:(\d+)", self.process.stdout.readline())
        assert found, "the server did not start"
        self.port = int(found[1])
        self.browsers: list[Browser] = []

    def kill(self) -> None:
        """As a power cut would: whoever is being served gets no answer."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def close(self) -> None:
        self.kill()
        for browser in self.browsers:
            browser.connection.close()
        if self.process.stdout:
            self.process.stdout.close()


class Browser:
    """One learner over a real connection."""

    def __init__(self, server: Server) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
        server.browsers.append(self)
        self.cookie = ""
        page = self.ask("GET", f"/cases/{HIP}")[1]
        self.fields = {name: field(page, name) for name in ("csrf_token", "case_hash")}
        self.ask("POST", "/name", name="Learner", **self.fields)

    def ask(self, method: str, path: str, **form: str) -> tuple[int, str]:
        headers = {"Cookie": self.cookie, "HX-Request": "true", "Content-Type": "application/x-www-form-urlencoded"}
        self.connection.request(method, path, urllib.parse.urlencode(form) if form else None, headers)
        answer = self.connection.getresponse()
        if "set-cookie" in answer.headers:
            self.cookie = answer.headers["set-cookie"].split(";")[0]
        return answer.status, answer.read().decode()

    def check(self, token: str) -> bool:
        """Post an answer. Returns whether the page acknowledged it."""
        form = {"dx_code": "I10", "dx_poa": "Y", "token": token, **self.fields}
        status, text = self.ask("POST", f"/cases/{HIP}/check", **form)
        return status == 200 and "attempt" in text


@pytest.fixture
def server(data: Path) -> Iterator[Server]:
    server = Server(data)
    yield server
    server.close()


def saved(data: Path) -> list[str]:
    """The tokens of the forms that were saved (behind the dot stands what tells one form's codes from another's)."""
    db = sqlite3.connect(data / "sandbox.db")
    rows = [row[0].partition(".")[0] for row in db.execute("SELECT token FROM attempts")]
    db.close()
    return rows


def test_what_was_acknowledged_is_there_after_kill_9(server: Server, data: Path) -> None:
    acknowledged: list[str] = []
    browsers = [Browser(server) for _ in range(6)]

    def work(n: int) -> None:
        try:
            for count in range(1000):
                token = f"{n}-{count}"
                acknowledged.extend([token] if browsers[n].check(token) else [])
        except (OSError, http.client.HTTPException):
            return

    threads = [threading.Thread(target=work, args=(n,)) for n in range(len(browsers))]
    for thread in threads:
        thread.start()
    patience = time.monotonic() + 60
    while len(acknowledged) < 60 and time.monotonic() < patience:
        time.sleep(0.01)
    assert len(acknowledged) >= 60, "the server is far too slow"
    server.kill()
    for thread in threads:
        thread.join()
    kept = saved(data)
    assert set(acknowledged) <= set(kept)
    assert len(kept) == len(set(kept))
    again = Server(data)
    try:
        browsers[0].connection.close()
        browsers[0].connection = http.client.HTTPConnection("127.0.0.1", again.port, timeout=20)
        assert "I10" in browsers[0].ask("GET", f"/cases/{HIP}")[1], "the session and the codes are still there"
        browsers[0].connection.close()
    finally:
        again.close()


def test_the_same_form_sent_many_times_at_once_is_one_attempt(server: Server, data: Path) -> None:
    first = Browser(server)
    others = []
    for _ in range(8):
        other = Browser(server)
        other.cookie, other.fields = first.cookie, first.fields
        others.append(other)
    answers: list[bool] = []
    threads = [threading.Thread(target=lambda b=b: answers.append(b.check("one form"))) for b in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [True] * 8
    assert saved(data) == ["one form"]


def test_a_second_start_is_quick_to_answer_and_keeps_the_key(server: Server, data: Path) -> None:
    key = (data / "secret.key").read_bytes()
    server.kill()
    again = Server(data)
    try:
        assert Browser(again).check("x")
        assert (data / "secret.key").read_bytes() == key
    finally:
        again.close()


def test_workers_that_start_together_agree_on_one_database(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from sandbox.store.database import Store;"
        "from sandbox.web.security import session_key;"
        "p = Path(sys.argv[1]); Store(p / 'sandbox.db').close(); print(session_key(p / 'secret.key').hex())"
    )
    command = [sys.executable, "-c", script, str(tmp_path)]
    started = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(6)
    ]
    outcomes = [worker.communicate() for worker in started]
    assert [worker.returncode for worker in started] == [0] * 6, outcomes
    assert len({out for out, _ in outcomes}) == 1, "one key for all"
    db = sqlite3.connect(tmp_path / "sandbox.db")
    assert db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    assert db.execute("SELECT count(*) FROM _sqlite_migrations").fetchone()[0] >= 1
    db.close()


def test_many_threads_write_without_losing_an_attempt_or_a_number(tmp_path: Path) -> None:
    store = Store(tmp_path / "sandbox.db")

    def work(learner: int) -> None:
        for count in range(25):
            new = NewAttempt(
                f"l{learner % 2}", HIP, "h", f"{learner}-{count}", {}, "e", "1", 0.5, Stored(b'{"pairs": []}', ())
            )
            add(store, new)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for learner in ("l0", "l1"):
        numbers = [row["number"] for row in store.rows("SELECT number FROM attempts WHERE learner = ?", learner)]
        assert sorted(numbers) == list(range(1, 101))
    store.close()
