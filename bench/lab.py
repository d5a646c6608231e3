"""A lab of 300 learners on the real server: they join within a minute and work, while the pages of staff are open.

Prints latency of each kind of request beside its limit, errors, requests a second, memory and processor time, and how
fast the machine is; then all hand in within one second. ``--kill``: the server is killed (SIGKILL) twice in the middle
and started again on its port; nothing acknowledged may be lost, and everyone goes on. The clients share the machine
with the server.
"""

import argparse
import asyncio
import contextlib
import json
import os
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.answers import percentile
from bench.learners import Instructor, Learner
from bench.served import ROOT, Log, Server
from sandbox.cases.library import Library
from sandbox.cli_desk import ensure_codes

CASES = 5
LIMITS = {"check": (50, 150), "type-ahead": (20, None), "hand in": (None, 100)}
"""Kind of request → ms that its p95 and p99 are compared with. ``check`` is the feedback."""


@dataclass
class Class:
    """Everybody who takes part, and what they saw: while it went on, and when all handed in at once.

    ``burst_cpu``: seconds of the server's processor time for the latter.
    """

    log: Log
    burst: Log
    instructor: Instructor
    learners: list[Learner]
    burst_cpu: float = 0.0


def suitable(library: Library) -> list[str]:
    """Cases that can be checked without words of the chart under every line."""
    found = library.cases().values()
    return sorted(file.id for file in found if file.case.status == "ready" and file.case.evidence != "demanded")


async def take_part(server: Server, options: argparse.Namespace) -> Class:
    """The whole lab: join, work, be killed where asked for, go on, hand in."""
    log, library = Log(), Library(ROOT / "cases")
    instructor = Instructor(server.port, log)
    code = await instructor.prepare(server.link, suitable(library)[:CASES])
    room = "/labs/" + instructor.lab.rpartition("/")[2]
    think = (options.think[0], options.think[1])
    learners = [Learner(server.port, log, n, library, think) for n in range(options.learners)]
    whole = Class(log, Log(), instructor, learners)
    until = time.monotonic() + 60 * options.minutes
    watching = asyncio.create_task(instructor.watch())

    async def live(learner: Learner) -> None:
        await asyncio.sleep(learner.n / len(learners) * options.joining)
        await learner.join(code, room)
        await learner.work(until)

    await asyncio.gather(*map(live, learners), kills(server, 60 * options.minutes, options.kills))
    before = server.cpu
    await hand_in(whole)
    whole.burst_cpu = server.cpu - before
    if options.kills:
        # Only now: 300 who open all their cases one after the other are a load of the bench's own.
        for learner in learners:
            await learner.look_back()
    watching.cancel()
    for person in (instructor, *learners):
        person.close()
    return whole


def pace() -> float:
    """Milliseconds that a million additions take here and now: what all times of a run are to be read beside."""
    began, total = time.perf_counter(), 0
    for n in range(1_000_000):
        total += n
    return 1000 * (time.perf_counter() - began)


async def kills(server: Server, seconds: float, times: int) -> None:
    """So many times in the middle, and up again."""
    for _ in range(times):
        await asyncio.sleep(seconds / (times + 1))
        server.kill()
        await asyncio.to_thread(server.start)


async def hand_in(whole: Class) -> None:
    """Everybody checks, evenly within one second."""
    whole.instructor.log = whole.burst
    for learner in whole.learners:
        learner.log = whole.burst
        await learner.connect()
        learner.before = set(learner.acknowledged)

    async def one(learner: Learner) -> None:
        await asyncio.sleep(learner.n / len(whole.learners))
        await learner.check()

    await asyncio.gather(*map(one, whole.learners))
    whole.burst.taken["hand in"] = whole.burst.taken.pop("check")


def lost(data: Path, learners: list[Learner], lab: str) -> list[int]:
    """The acknowledged attempts that are not in the database as they were sent."""
    with contextlib.closing(sqlite3.connect(data / "sandbox.db")) as db:
        rows = db.execute("SELECT id, lines FROM attempts WHERE lab = ?", (int(lab.rpartition("/")[2]),))
        there = {id: [line["code"] for line in json.loads(lines)["diagnoses"]] for id, lines in rows}
    return [id for one in learners for id, codes in one.acknowledged.items() if there.get(id) != codes]


@contextlib.contextmanager
def served(codes: Path, port: int = 0) -> Iterator[Server]:
    """A server over an empty data folder that has these code sets."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(codes, folder)
        server = Server(Path(folder), port)
        try:
            yield server
        finally:
            server.kill()


def show(whole: Class, server: Server, seconds: float, cpu: float) -> None:
    """Print the figures."""
    print(f"{'ms':12}{'number':>8}{'p50':>8}{'p95':>8}{'p99':>8}   limits (p95, p99)")
    for kind, taken in sorted((whole.log.taken | {"hand in": whole.burst.taken["hand in"]}).items()):
        figures = "".join(f"{percentile(taken, part):8.1f}" for part in (0.5, 0.95, 0.99))
        limits = ", ".join("–" if limit is None else f"{limit}" for limit in LIMITS.get(kind, ())) or ""
        print(f"{kind:12}{len(taken):8}{figures}   {limits}")
    requests = sum(map(len, whole.log.taken.values()))
    print(f"{requests / seconds:.0f} requests a second; the server took {100 * cpu / seconds:.0f} % of one core")
    print(f"resident memory of the server {server.rest:.0f} MB, at most {server.peak:.0f}")
    print(f"load average {os.getloadavg()[0]:.1f}")
    errors = whole.log.errors + whole.burst.errors
    print(f"errors: {len(errors)} {errors[:5] or ''}; tries without an answer, made again: {whole.log.broken}")
    fresh = sum(len(set(one.acknowledged) - one.before) for one in whole.learners)
    each = 1000 * whole.burst_cpu / len(whole.learners)
    print(
        f"handed in within one second: {fresh} of {len(whole.learners)} acknowledged; {each:.1f} ms of the server each"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--learners", type=int, default=300)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--joining", type=float, default=60, help="seconds within which everybody joins")
    parser.add_argument("--think", type=float, nargs=2, default=(5, 60), help="seconds between two actions")
    parser.add_argument("--kill", dest="kills", action="store_const", const=2, default=0)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--data", type=Path, default=ROOT / "instance", help="folder that has the code sets")
    options = parser.parse_args()
    ensure_codes(options.data)
    with served(options.data / "codes.db", options.port) as server:
        paces = [pace() for _ in range(5)]
        before, began = server.cpu, time.monotonic()
        whole = asyncio.run(take_part(server, options))
        paces += [pace() for _ in range(5)]
        print(f"pace of this machine: a million additions take {min(paces):.0f} to {max(paces):.0f} ms")
        show(whole, server, time.monotonic() - began, server.cpu - before)
        gone = lost(server.data, whole.learners, whole.instructor.lab)
        kept = sum(len(one.acknowledged) for one in whole.learners)
        print(f"acknowledged attempts: {kept}, not in the database: {len(gone)}")
        if options.kills:
            on = sum(one.went_on > 0 and not one.lost_drafts for one in whole.learners)
            print(f"killed twice; went on with session and drafts: {on} of {len(whole.learners)}")


if __name__ == "__main__":
    main()
