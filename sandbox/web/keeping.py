"""Saving a case at the desk: the file, and its history before and after."""

import logging
import threading

from sandbox.cases import files
from sandbox.cases.files import Saved
from sandbox.store import versions
from sandbox.store.database import NotSaved
from sandbox.web.house import house
from sandbox.web.security import learner

log = logging.getLogger(__name__)
_TURN = threading.Lock()
"""File and history belong together: two saves that took turns between them would leave the history out of order."""


def keep(id: str, text: str, *, base: str | None, note: str, specialty: str = "") -> Saved:
    """Save a case's file for whoever is asking, and keep what it was and what it is now in its history.

    What another program has made of the file since is kept too, as changed outside the desk. Raises as
    :func:`sandbox.cases.files.save` does, and NotSaved where the history would not take what is about to go.
    """
    here, person = house(), learner()
    with _TURN:
        look(id)
        saved = files.save(here.cases.root, id, text, base=base, specialty=specialty)
        try:
            versions.add(here.store, id, text, person, note)
        except NotSaved:
            # The file is written, and the next look at it finds that the history lacks it.
            log.exception("the history of %s lacks its last version", id)
    here.cases.refresh()
    return saved


def look(id: str) -> Saved | None:
    """The file of a case as it is, its history brought up to date; None where there is none."""
    here = house()
    found = files.read(here.cases.root, id)
    if found:
        versions.add_found(here.store, id, found.text)
    return found
