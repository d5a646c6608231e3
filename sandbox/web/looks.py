"""What the linter finds in each file, counted: asked once a version, for a whole library takes seconds."""

import logging
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sandbox.cases.library import CaseFile
from sandbox.cases.reader import Problem, read
from sandbox.lint import lint
from sandbox.web.house import House

log = logging.getLogger(__name__)

_ONE_AT_A_TIME: Final = threading.Lock()


@dataclass(frozen=True, slots=True)
class Look:
    """How many problems of each level a file has; ``failed`` where the linter itself broke on it."""

    errors: int = 0
    warnings: int = 0
    notes: int = 0
    failed: bool = False

    @property
    def any(self) -> bool:
        """Whether somebody should look: notes are good to know and no more."""
        return bool(self.errors or self.warnings or self.failed)


def known(here: House, file: CaseFile) -> Look | None:
    """What was found in this version of the file; None where nobody has looked yet."""
    found: Look | None = here.looks.get(file.hash)
    return found


def look(here: House, files: Iterable[CaseFile], seconds: float) -> list[CaseFile]:
    """Look at files until the time is up, one at least. Returns those that nobody had looked at before.

    Where somebody else is looking, nothing is done: what they find is everybody's.
    """
    if not _ONE_AT_A_TIME.acquire(blocking=False):
        return []
    try:
        end, done = time.monotonic() + seconds, []
        for file in files:
            if known(here, file) is None:
                here.looks.put(file.hash, _counted(here, file))
                done.append(file)
                if time.monotonic() > end:
                    break
        return done
    finally:
        _ONE_AT_A_TIME.release()


def problems(here: House, file: CaseFile) -> list[Problem] | None:
    """What the linter finds in a file, by line; None where the linter itself breaks on it."""
    try:
        return lint(file, read(file.text, file.path), here.codes)
    except Exception:
        # A page that lists sixty files must not fall over one of them.
        log.exception("the linter failed on %s", file.path)
        return None


def _counted(here: House, file: CaseFile) -> Look:
    found = problems(here, file)
    if found is None:
        return Look(failed=True)
    levels = [problem.level for problem in found]
    return Look(levels.count("error"), levels.count("warning"), levels.count("note"))
