"""What every request may use: the code sets, the cases, the database, the payer. Built once, in ``create_app()``."""

import datetime as dt
import logging
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from flask import current_app

from sandbox.cases.library import CaseFile, Library
from sandbox.codes.codeset import CodeSet
from sandbox.payment import Payer
from sandbox.store import attempts, papers
from sandbox.store.database import Store
from sandbox.web.ahead import Ahead
from sandbox.web.boards import Boards
from sandbox.web.judging import Answers
from sandbox.web.labdesk import Labs
from sandbox.web.memory import Drawn, Memory

_SUGGESTIONS: Final = 2 * 1024 * 1024
"""Bytes of lists of suggestions, some 500 to 900 each: what a class types is mostly the same beginnings of words."""

_LOOKS: Final = 4096
"""Files whose counts of problems are remembered; some hundred bytes each."""

REFERENCE_DAY: Final = dt.date(2026, 4, 1)
"""The day of the bundled edition: pages that belong to no encounter list the codes in force on it."""

log = logging.getLogger(__name__)

ROOT: Final = Path(__file__).resolve().parent.parent.parent


@dataclass(eq=False)
class House:
    """The parts of the running app. ``kept`` holds the hashes of case versions known to be in the database.

    ``answers``: what was said of them, for a classroom's answers to one case are much alike. ``looks``: what the linter
    found in files, by their hash. ``suggestions``: lists by what was typed. ``ahead``: makes what will soon be asked
    for. ``sitting``: the learners who have begun a paper of an exam, or had one open when the server started. Nobody
    leaves it: whoever ends one paper may have begun the next meanwhile.
    """

    codes: CodeSet
    cases: Library
    store: Store
    payer: Payer
    kept: set[str] = field(default_factory=set)
    looks: Memory[str, Any] = field(default_factory=lambda: Memory(_LOOKS))
    suggestions: Drawn = field(default_factory=lambda: Drawn(_SUGGESTIONS))
    sitting: set[str] = field(default_factory=set)
    answers: Answers = field(init=False)
    ahead: Ahead = field(default_factory=Ahead)
    labs: Labs = field(init=False)
    boards: Boards = field(init=False)

    def __post_init__(self) -> None:
        self.answers = Answers(self.codes, self.payer)
        self.labs = Labs(self.store)
        self.boards = Boards(self.store)
        self.sitting |= papers.sitting(self.store)

    def version(self, case_id: str, case_hash: str) -> CaseFile | None:
        """The case in the version that a learner has before them; None where neither folder nor database has it."""
        current = self.cases.get(case_id)
        if current is not None and case_hash in ("", current.hash):
            return current
        return _kept_version(self.store, case_id, case_hash)

    def keep(self, file: CaseFile) -> None:
        """See to it that this version of the case can still be read after the file has changed."""
        if file.hash not in self.kept:
            attempts.keep_chart(self.store, file.hash, file.id, file.text)
            self.kept.add(file.hash)

    def close(self) -> None:
        """Let go of files and connections."""
        self.ahead.close()
        self.payer.close()
        self.store.close()


def _kept_version(store: Store, case_id: str, case_hash: str) -> CaseFile | None:
    try:
        return _revived(store, case_id, case_hash)
    except KeyError:
        return None
    except ValueError:
        # Written for an older schema. The report of an attempt says what it said; only the chart is not drawn again.
        log.exception("version %s of %s cannot be read any more", case_hash, case_id)
        return None


@lru_cache(maxsize=64)
def _revived(store: Store, case_id: str, case_hash: str) -> CaseFile:
    # It raises where nothing is kept, so that only what is there is remembered.
    kept = attempts.chart(store, case_hash)
    if kept is None or kept[0] != case_id:
        raise KeyError(case_hash)
    id, _, variant = case_id.partition("~")
    return CaseFile.revive(kept[1], f"{id}.yaml", variant)


def house() -> House:
    """The running app's parts."""
    found: House = current_app.extensions["sandbox"]
    return found
