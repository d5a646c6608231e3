"""Posting an answer and getting the feedback fragment, against the floor on the same server in the same run.

Prints throughput and latency at 1, 8 and 32 connections, a burst of 300 answers within one second, and memory. Every
answer differs: the key with a few random slips.
"""

import argparse
import asyncio
import random
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sandbox.cases.library import Library
from sandbox.cases.schema import Case
from sandbox.cli_desk import ROOT, ensure_codes

CASE = "hip-pain-after-a-fall"
WRONG = ("S72.001A", "S72.002A", "I10", "N18.30", "W01.0XX", "D64.9", "E87.1", "N39.0", "M81.0", "Y92.009", "Z79.899")


@dataclass(frozen=True)
class Learner:
    """One browser: its cookie, and the fields that every post carries."""

    cookie: str
    csrf: str
    case_hash: str


class Browser:
    """One keep-alive connection, as bare as HTTP allows: the client must not be what is measured."""

    def __init__(self, port: int) -> None:
        self.port = port

    async def open(self) -> None:
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)

    async def ask(self, method: str, path: str, body: str = "", headers: str = "") -> tuple[int, str, str]:
        """(status, headers, body) of one request."""
        data = body.encode()
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}"
        if data:
            head += f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(data)}\r\n"
        self.writer.write(head.encode() + b"\r\n" + data)
        raw = await self.reader.readuntil(b"\r\n\r\n")
        text = raw.decode("latin-1")
        found = re.search(r"(?i)content-length: (\d+)", text)
        length = int(found[1]) if found else 0  # 204 says none
        return int(text[9:12]), text, (await self.reader.readexactly(length)).decode()


async def sign_in(port: int, n: int) -> tuple[Learner, str]:
    """A learner of the sandbox, and the cookie of one of the floor."""
    browser = Browser(port)
    await browser.open()
    _, headers, page = await browser.ask("GET", f"/cases/{CASE}")
    cookie = re.search(r"(?i)set-cookie: (sandbox=[^;]+)", headers)[1]
    csrf = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
    case_hash = re.search(r'name="case_hash" value="([^"]+)"', page)[1]
    body = urllib.parse.urlencode({"csrf_token": csrf, "name": f"Learner {n}"})
    _, headers, _ = await browser.ask("POST", "/name", body, f"Cookie: {cookie}\r\n")
    cookie = re.search(r"(?i)set-cookie: (sandbox=[^;]+)", headers)[1]
    _, headers, _ = await browser.ask("GET", f"/floor/?name=learner{n}")
    floor = re.search(r"(?i)set-cookie: (session=[^;]+)", headers)[1]
    browser.writer.close()
    return Learner(cookie, csrf, case_hash), floor


def answer(case: Case, draw: random.Random, alike: bool) -> list[tuple[str, str]]:
    """The key's diagnoses with up to three slips.

    ``alike``: like a class, with the wrong codes that the case's author foresaw. Otherwise no two answers are the same.
    """
    lines = [(line.code, line.poa or "") for line in case.key.diagnoses]
    for _ in range(draw.randint(0, 3)):
        n = draw.randrange(len(lines))
        lines[n] = (draw.choice([*case.key.diagnoses[n].instead] or WRONG), lines[n][1])
    if not alike:
        draw.shuffle(lines)
    return lines


class Load:
    """Answers ready to be posted, to the sandbox or to the floor."""

    def __init__(self, port: int, people: list[tuple[Learner, str]], case: Case, seed: int) -> None:
        self.port, self.people, self.case, self.draw = port, people, case, random.Random(seed)
        self.count = 0

    def request(self, n: int, floor: bool, alike: bool = True) -> tuple[str, str, str]:
        """(path, body, headers) of one answer of learner ``n``."""
        learner, floor_cookie = self.people[n % len(self.people)]
        lines = answer(self.case, self.draw, alike)
        self.count += 1
        fields = [("dx_code", code) for code, _ in lines] + [("dx_poa", poa) for _, poa in lines]
        fields += [("px_code", "0SRS019"), ("px_system", "icd-10-pcs")]
        if floor:
            return "/floor/", urllib.parse.urlencode(fields), f"Cookie: {floor_cookie}\r\n"
        fields += [("csrf_token", learner.csrf), ("case_hash", learner.case_hash), ("token", f"b{self.count}")]
        return (
            f"/cases/{CASE}/check",
            urllib.parse.urlencode(fields),
            f"Cookie: {learner.cookie}\r\nHX-Request: true\r\n",
        )

    async def closed(self, connections: int, number: int, floor: bool, alike: bool = True) -> tuple[float, list[float]]:
        """(answers a second, latencies in ms): each connection posts as soon as it has its answer."""
        browsers = [Browser(self.port) for _ in range(connections)]
        for browser in browsers:
            await browser.open()
        todo = [self.request(n, floor, alike) for n in range(number)]
        taken: list[float] = []

        async def work(browser: Browser) -> None:
            while todo:
                path, body, headers = todo.pop()
                start = time.perf_counter()
                status, _, page = await browser.ask("POST", path, body, headers)
                taken.append(1000 * (time.perf_counter() - start))
                assert status == 200, (status, page[:300])
                assert 'id="feedback"' in page and "Not judged" not in page, page[:300]

        start = time.perf_counter()
        await asyncio.gather(*map(work, browsers))
        elapsed = time.perf_counter() - start
        for browser in browsers:
            browser.writer.close()
        return number / elapsed, taken

    async def burst(self, number: int) -> list[float]:
        """Latencies in ms of ``number`` answers that arrive evenly within one second, each on its own connection."""
        browsers = [Browser(self.port) for _ in range(number)]
        for browser in browsers:
            await browser.open()
        todo = [self.request(n, False) for n in range(number)]
        taken: list[float] = []

        async def one(n: int) -> None:
            path, body, headers = todo[n]
            await asyncio.sleep(n / number)
            start = time.perf_counter()
            status, _, page = await browsers[n].ask("POST", path, body, headers)
            taken.append(1000 * (time.perf_counter() - start))
            assert status == 200, (status, page[:300])

        await asyncio.gather(*(one(n) for n in range(number)))
        for browser in browsers:
            browser.writer.close()
        return taken


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def memory(pid: int, what: str = "VmRSS") -> float:
    """Resident memory of a process in MB; ``VmHWM``: the most that it ever had."""
    text = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(rf"{what}:\s+(\d+)", text)[1]) / 1024


async def measure(port: int, pid: int, options: argparse.Namespace) -> None:
    people = [await sign_in(port, n) for n in range(40)]
    load = Load(port, people, Library(ROOT / "cases").get(CASE).case, options.seed)
    for floor in (True, False):
        await load.closed(4, 300, floor)
    print("answers        connections   floor/s  sandbox/s  ratio  median ms  p99 ms (floor p99)")
    for alike in (True, False):
        for connections in (1, 8, 32):
            rates: dict[bool, list[float]] = {True: [], False: []}
            taken: dict[bool, list[float]] = {True: [], False: []}
            # Turn by turn, so that a noisy minute hits both.
            for _ in range(options.rounds):
                for floor in (True, False):
                    rate, ms = await load.closed(connections, options.number, floor, alike)
                    rates[floor].append(rate)
                    taken[floor] += ms
            base, ours = statistics.median(rates[True]), statistics.median(rates[False])
            print(
                f"{'like a class' if alike else 'all different':14}{connections:12}{base:10.0f}{ours:11.0f}"
                f"{ours / base:7.2f}{statistics.median(taken[False]):11.1f}"
                f"{percentile(taken[False], 0.99):8.1f} ({percentile(taken[True], 0.99):.1f})"
            )
    burst = await load.burst(300)
    print(f"300 answers in one second: {len(burst)} answered, p99 {percentile(burst, 0.99):.1f} ms")
    print(f"resident memory of the server: {memory(pid):.0f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--number", type=int, default=600)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, socket.socket() as probe:
        ensure_codes(ROOT / "instance")
        shutil.copy(ROOT / "instance" / "codes.db", folder)
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        server = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("floor.py")), folder, str(port)], stdout=subprocess.PIPE
        )
        try:
            assert server.stdout.readline().strip() == b"open"
            asyncio.run(measure(port, server.pid, options))
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()
