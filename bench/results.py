"""The pages after a lab, with 300 learners who did five cases each: item analysis, gradebook, downloads.

Prints the median in ms of each, and the memory that all of them take. Attempts are real ones, judged and stored.
"""

import argparse
import dataclasses
import random
import resource
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from flask.testing import FlaskClient

from sandbox.answers import key_claim
from sandbox.classroom.lab import Plan
from sandbox.classroom.roster import Entry
from sandbox.cli_desk import ROOT, ensure_codes
from sandbox.judge import judge
from sandbox.store import attempts, classes, labs, people, rosters
from sandbox.store.attempts import NewAttempt
from sandbox.web import create_app
from sandbox.web.house import House

WRONG = ("S72.001A", "I10", "N18.30", "D64.9", "E87.1", "N39.0", "M81.0", "Z79.899")


def main() -> None:
    """Fill a database, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--learners", type=int, default=300)
    parser.add_argument("--cases", type=int, default=5)
    parser.add_argument("--runs", type=int, default=9)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        ensure_codes(ROOT / "instance")
        shutil.copy(ROOT / "instance" / "codes.db", data / "codes.db")
        app = create_app(data)
        house: House = app.extensions["sandbox"]
        class_id, lab = _lab(house, asked.learners, asked.cases)
        client = app.test_client()
        with client.session_transaction() as session:
            session.update(learner="t", name="T", met=True)
        print(f"{asked.learners} learners x {asked.cases} cases; median of {asked.runs}, ms")
        results = f"/classes/{class_id}/labs/{lab}/results"
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for path in (
            results, f"{results}/gradebook.csv", f"{results}/canvas.csv", f"{results}/xapi.ndjson",
            f"/classes/{class_id}/gradebook", f"{results}/gradebook.xlsx",
        ):  # fmt: skip
            print(f"  {path:<44}{_median(_get(client, path), asked.runs):8.1f}")
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        print(f"  memory, all of them: {grown / 1024:.1f} MB more")
        house.close()


def _lab(house: House, many: int, cases: int) -> tuple[int, int]:
    chance, store = random.Random(1), house.store
    people.add_learner(store, "t", "T", "instructor")
    found = classes.create(store, "t", "Class", "name")
    files = [file for file in house.cases.encounters().values() if "~" not in file.id and file.case.status == "ready"]
    ids = [file.id for file in files[:cases]]
    lab = labs.create(store, found.id, "t", "Lab", Plan(reserve=False), ids, None, None)
    labs.start(store, lab)
    entries = [Entry(n + 1, f"Learner {n}", str(n), f"l{n}@school.example") for n in range(many)]
    rosters.take_list(store, found.id, entries, slips=False)
    members = [one for one in classes.members(store, found.id) if one.role == "learner"]
    for n, member in enumerate(members):
        people.add_learner(store, f"l{n}", member.name)
        rosters.claim(store, member.id, f"l{n}")
        labs.join(store, lab, f"l{n}", lambda: dict(enumerate(ids, 1)))
        for file in files[:cases]:
            claim = key_claim(file.case)
            lines = [
                line if chance.random() < 0.7 else dataclasses.replace(line, code=chance.choice(WRONG))
                for line in claim.diagnoses
            ]
            report = judge(file, dataclasses.replace(claim, diagnoses=tuple(lines)), house.codes, house.payer)
            new = NewAttempt(
                f"l{n}", file.id, file.hash, f"{n}", {}, report.edition, report.checker, report.score, report.stored(),
                lab=lab,
            )  # fmt: skip
            attempts.add(store, new)
    house.labs.renew(lab)
    return found.id, lab


def _get(client: FlaskClient, path: str) -> Callable[[], object]:
    def run() -> None:
        assert client.get(path).status_code == 200, path

    return run


def _median(run: Callable[[], object], runs: int) -> float:
    times = []
    for _ in range(runs + 1):
        start = time.perf_counter()
        run()
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times[1:])


if __name__ == "__main__":
    main()
