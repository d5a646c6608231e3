"""The one who brings scores to schools' systems: a thread that looks every few seconds, and waits where nobody
answers.

Nothing is kept in it. What is due is read off the database each time, so that after a crash, a restart or a week
without network it goes on where it was.
"""

import datetime as dt
import logging
import threading
from contextlib import closing
from itertools import groupby
from typing import Final

from sandbox.lti.grades import Outcome, Post, Score
from sandbox.lti.tool import Tool
from sandbox.store import lti_grades
from sandbox.store.database import NotSaved
from sandbox.store.lti_grades import Row
from sandbox.web import labend
from sandbox.web.house import House
from sandbox.web.ltigrades import title

log = logging.getLogger(__name__)

_EVERY: Final = 5.0
"""Seconds between two looks."""
_FIRST: Final = 30
_LONGEST: Final = 3 * 3600
"""Seconds before the second try, doubled with each, up to this."""


class Sender:
    """Sends what is due, in :meth:`once`, or by itself from :meth:`start` on."""

    def __init__(self, here: House, tool: Tool) -> None:
        self._here, self._tool = here, tool
        self._woken = threading.Event()
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._run, name="lti-sender", daemon=True)

    def start(self) -> None:
        """Begin to look by itself."""
        self._thread.start()

    def stop(self) -> None:
        """Come to an end, after the request that is under way."""
        self._ends.set()
        self._woken.set()
        self._thread.join(timeout=20)

    def wake(self) -> None:
        """Look at once."""
        self._woken.set()

    def _run(self) -> None:
        while not self._ends.is_set():
            try:
                self.once()
            except NotSaved as error:
                log.warning("scores for schools' systems wait: %s", error)
            except Exception:
                log.exception("scores for schools' systems could not be looked at")
            self._woken.wait(_EVERY)
            self._woken.clear()

    def once(self) -> int:
        """Send what is due now. Returns how many scores a platform has taken."""
        labend.settle_due(self._here)
        taken = 0
        seen = lti_grades.to_look_at(self._here.store)
        if idle := [row for row in seen if row.state != "waiting"]:
            lti_grades.rest(self._here.store, idle)
        rows = [row for row in seen if row.state == "waiting"]
        for (issuer, client_id), group in groupby(sorted(rows, key=_platform), key=_platform):
            platform = self._tool.settings.platform(issuer, client_id)
            if platform is None:  # taken out of the file since
                self._wait(list(group), "The platform is not in the settings of this server.")
                continue
            with closing(Post(self._tool, platform)) as post:
                taken += self._round(post, list(group))
        return taken

    def _round(self, post: Post, rows: list[Row]) -> int:
        taken = 0
        for n, row in enumerate(rows):
            if self._ends.is_set():
                break
            stamp = _after(row.stamp)
            name = title(self._here, row.lab, row.case_id)
            resource = f"lab-{row.lab}" if row.lab else f"case-{row.case_id}"
            assert row.points is not None, "only what has a score is due"
            found = post.send(row.grading, Score(row.user, row.points, stamp, name, resource))
            if found.kind == "later":  # the others would meet the same
                self._wait(rows[n:], found.words)
                break
            taken += self._note(row, stamp, found)
        return taken

    def _note(self, row: Row, stamp: str, found: Outcome) -> int:
        if found.kind == "refused":
            log.warning("a score was refused: %s", found.words)
            lti_grades.refused(self._here.store, row, found.words)
            return 0
        lti_grades.sent(self._here.store, row, stamp, found.lineitem)
        return 1

    def _wait(self, rows: list[Row], words: str) -> None:
        tries = max(row.tries for row in rows)
        seconds = min(_LONGEST, _FIRST * 2 ** min(tries, 10))
        again = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=seconds)
        lti_grades.later(self._here.store, rows, words, _text(again))
        log.info("%d scores wait %d s: %s", len(rows), seconds, words)


def _platform(row: Row) -> tuple[str, str]:
    return row.issuer, row.client_id


def _after(stamp: str) -> str:
    """The present moment, or one after the last that was sent, where the clock was set back."""
    moment = dt.datetime.now(dt.UTC)
    if stamp:
        moment = max(moment, dt.datetime.fromisoformat(stamp) + dt.timedelta(milliseconds=1))
    return _text(moment)


def _text(moment: dt.datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
