"""The learner's own page with 500 attempts and 2,000 answers to drills, and where its time goes.

Prints the median in ms of the page and of each part that it asks for. The attempts are real ones, judged and stored
as those of a learner; ``--attempts`` of them, on as many encounters as there are.
"""

import argparse
import random
import re
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from flask import Flask
from flask.testing import FlaskClient

from sandbox.answers import key_claim
from sandbox.cli_desk import ROOT, ensure_codes
from sandbox.codes.model import day
from sandbox.drills import KINDS
from sandbox.progress import progress
from sandbox.store import mine
from sandbox.web import create_app, me
from sandbox.web.house import REFERENCE_DAY, House

WRONG = ("S72.001A", "I10", "N18.30", "D64.9", "E87.1", "N39.0", "M81.0", "Z79.899")


def main() -> None:
    """Fill a database, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--attempts", type=int, default=500)
    parser.add_argument("--drills", type=int, default=2000)
    parser.add_argument("--runs", type=int, default=15)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        ensure_codes(ROOT / "instance")
        shutil.copy(ROOT / "instance" / "codes.db", data / "codes.db")
        app = create_app(data)
        house: House = app.extensions["sandbox"]
        client = app.test_client()
        learner = _attempts(client, house, asked.attempts)
        _drills(house, learner, asked.drills)
        print(f"{asked.attempts} attempts, {asked.drills} answers to drills; median of {asked.runs}, ms")
        for name, run in _parts(app, client, house, learner).items():
            print(f"  {name:<34}{_median(run, asked.runs):8.1f}")


def _attempts(client: FlaskClient, house: House, many: int) -> str:
    """Check ``many`` claims, each the key with slips, spread over the encounters. Returns the learner's id."""
    chance = random.Random(1)
    ready = [file for file in house.cases.encounters().values() if file.case.status == "ready"]
    for n in range(many):
        file = ready[n % len(ready)]
        page = client.get(f"/cases/{file.id}").text
        hidden = {name: _field(page, name) for name in ("csrf_token", "case_hash", "token")}
        lines = [(line.code, line.poa or "") for line in key_claim(file.case).diagnoses]
        kept = [line if chance.random() < 0.7 else (chance.choice(WRONG), line[1]) for line in lines]
        codes = {"dx_code": [code for code, _ in kept], "dx_poa": [poa for _, poa in kept]}
        answer = client.post(f"/cases/{file.id}/check", data={**hidden, **codes}, headers={"HX-Request": "true"})
        assert answer.status_code == 200, answer.status
    # Spread over a hundred days, as practice is.
    house.store.writer.execute(
        "UPDATE attempts SET made = strftime('%Y-%m-%dT%H:%M:%fZ', made, '-' || (100 - id * 100 / ?) || ' days')",
        (many,),
    )
    with client.session_transaction() as session:
        return str(session["learner"])


def _field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found, name
    return found[1]


def _drills(house: House, learner: str, many: int) -> None:
    rows = [
        (learner, kind, n, "a", int(n % 4 > 0), 8.0, f"2026-{1 + n * 9 // many:02}-{1 + n % 28:02}T10:00:00.000Z")
        for n in range(many)
        for kind in [list(KINDS)[n % len(KINDS)]]
    ]
    sql = "INSERT INTO drill_answers (learner, kind, seed, chosen, correct, seconds, made) VALUES (?, ?, ?, ?, ?, ?, ?)"
    house.store.writer.executemany(sql, rows)


def _parts(app: Flask, client: FlaskClient, house: House, learner: str) -> dict[str, Callable[[], object]]:
    done = mine.attempts(house.store, learner)
    codes = house.codes.at(day(REFERENCE_DAY))

    def due() -> object:
        with app.test_request_context():
            return me._due(house, learner, done)

    return {
        "the page /me": lambda: client.get("/me").text.index(f"{len(done)} attempts so far"),
        "  attempts, read": lambda: mine.attempts(house.store, learner),
        "  shares and errors": lambda: progress(done, house.cases.encounters(), codes),
        "  what is due (FSRS, replayed)": due,
        "  the files of the cases": house.cases.encounters,
        "a chart (skill)": lambda: client.get("/me/chart/skill.svg"),
        "a chart (what comes due)": lambda: client.get("/me/chart/load.svg"),
    }


def _median(run: Callable[[], object], runs: int) -> float:
    times = []
    for _ in range(runs + 2):
        start = time.perf_counter()
        run()
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times[2:])


if __name__ == "__main__":
    main()
