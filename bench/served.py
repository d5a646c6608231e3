"""A real server as a process, and a browser's connection to it that outlives the server; for ``lab.py``."""

import asyncio
import re
import subprocess
import sys
import time
import urllib.parse
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from bench.answers import Browser, memory

ROOT = Path(__file__).resolve().parent.parent
GONE = (OSError, asyncio.IncompleteReadError)
Fields = list[tuple[str, str]]


class Server:
    """``run.py`` as a process, which can be killed and started again on the same port and data."""

    def __init__(self, data: Path, port: int = 0) -> None:
        self.data, self.port, self.link, self.spent, self.peak, self.rest = data, port, "", 0.0, 0.0, 0.0
        self.start()

    def start(self) -> None:
        command = [sys.executable, str(ROOT / "run.py"), "--port", str(self.port), "--data", str(self.data)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        said = self.process.stdout.readline() + self.process.stdout.readline()
        self.port = int(re.search(r"http://127\.0\.0\.1:(\d+)", said)[1])
        self.link = re.search(r"/instructor/\S+", said)[0]

    def look(self) -> None:
        """Take down processor time and memory, before the process is gone."""
        ticks = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        self.now_spent = (int(ticks[11]) + int(ticks[12])) / 100
        self.rest, self.peak = memory(self.process.pid), max(self.peak, memory(self.process.pid, "VmHWM"))

    @property
    def cpu(self) -> float:
        """Seconds of processor time of all processes so far."""
        self.look()
        return self.spent + self.now_spent

    def kill(self) -> None:
        """As a power cut would: whoever is being served gets no answer."""
        self.look()
        self.spent += self.now_spent
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


@dataclass
class Log:
    """What everybody saw: ms of each kind of request, what went wrong, and how often the connection broke."""

    taken: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)
    broken: int = 0


class Person:
    """One browser with its cookie, which tries again when the server was gone."""

    def __init__(self, port: int, log: Log) -> None:
        self.port, self.log, self.cookie, self.csrf, self.broken = port, log, "", "", 0
        self.browser: Browser | None = None

    async def ask(self, kind: str, path: str, form: Fields | None = None, headers: str = "") -> tuple[int, str, str]:
        """(status, headers, body). A request whose answer never came is sent again as it was; it counts as broken."""
        method = "GET" if form is None else "POST"
        body = urllib.parse.urlencode([("csrf_token", self.csrf), *form]) if form is not None else ""
        while True:
            try:
                await self.connect()
                start = time.perf_counter()
                cookie = f"Cookie: {self.cookie}\r\n" if self.cookie else ""
                status, head, page = await self.browser.ask(method, path, body, cookie + headers)
                break
            except GONE:
                self.log.broken += 1
                self.broken += 1
                self.close()
                await asyncio.sleep(0.25)
        self.log.taken[kind].append(1000 * (time.perf_counter() - start))
        if status >= 400:
            self.log.errors.append(f"{kind} {path}: {status}")
        if found := re.search(r"(?i)set-cookie: (sandbox=[^;]+)", head):
            self.cookie = found[1]
        if found := re.search(r'name="csrf_token" value="([^"]+)"', page):
            self.csrf = found[1]
        return status, head, page

    async def connect(self) -> None:
        if self.browser is None:
            browser = Browser(self.port)
            await browser.open()
            self.browser = browser

    def close(self) -> None:
        if self.browser:
            self.browser.writer.close()
            self.browser = None
