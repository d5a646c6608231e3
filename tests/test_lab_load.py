"""Three learners in a lab on a real server that is killed in the middle: nothing acknowledged is lost, they go on."""

import argparse
import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

from bench.lab import lost, served, take_part

OPTIONS = argparse.Namespace(learners=3, minutes=0.1, joining=0.5, think=(0.2, 0.8), kills=1)


def test_a_lab_outlives_a_kill(codes_db: Path) -> None:
    with served(codes_db) as server:
        first = server.process.pid
        whole = asyncio.run(take_part(server, OPTIONS))
        assert server.process.pid != first
        assert not whole.log.errors and not whole.burst.errors
        assert whole.log.broken
        assert whole.log.taken["check"] and whole.log.taken["type-ahead"] and whole.log.taken["seats"]
        for learner in whole.learners:
            assert learner.went_on and not learner.lost_drafts
            assert len(set(learner.acknowledged) - learner.before) == 1
        assert lost(server.data, whole.learners, whole.instructor.lab) == []

        # What the script would see if something were lost, or changed.
        id, codes = next(iter(whole.learners[0].acknowledged.items()))
        whole.learners[0].acknowledged[id] = [*codes, "Z99.9"]
        assert lost(server.data, whole.learners, whole.instructor.lab) == [id]
        with closing(sqlite3.connect(server.data / "sandbox.db")) as db:
            db.execute("DELETE FROM attempts WHERE id = ?", (id,))
            db.commit()
        whole.learners[0].acknowledged[id] = codes
        assert lost(server.data, whole.learners, whole.instructor.lab) == [id]
