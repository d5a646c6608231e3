"""Which patient of a case with variants a learner gets: one at a time, and always the same until it is done."""

import hashlib
from typing import Any

from flask import url_for

from sandbox.cases.library import CaseFile
from sandbox.store import progress
from sandbox.web.house import House


def turn(here: House, me: str, family: tuple[CaseFile, ...]) -> tuple[CaseFile, bool]:
    """(the learner's present patient, whether all of the family are done).

    The one that was begun and is not done; else the next of the learner's own order; after the last one, the one that
    was touched last.
    """
    done, order = progress.done_of(here.store, me, [file.id for file in family]), _order(me, family)
    left = [file for file in order if file.id not in done]
    at = {id: n for n, id in enumerate(progress.touched(here.store, me))}
    begun = sorted((file for file in left or order if file.id in at), key=lambda file: at[file.id])
    return next(iter(begun or left or order)), not left


def _order(me: str, family: tuple[CaseFile, ...]) -> tuple[CaseFile, ...]:
    """The family from a place on that a learner's id picks: neighbours begin with different patients."""
    digest = hashlib.sha256(f"{me} {family[0].id}".encode()).digest()
    start = int.from_bytes(digest[:8], "big") % len(family)
    return family[start:] + family[:start]


def number(here: House, id: str) -> tuple[int, int] | None:
    """(which patient of its case, of how many); None for a case with one patient."""
    ids = [file.id for file in here.cases.family(id)]
    return (ids.index(id) + 1, len(ids)) if len(ids) > 1 and id in ids else None


def offer(here: House, me: str, id: str) -> dict[str, Any] | None:
    """What the page offers after this patient: None before they are done, and where there is one patient only.

    ``url`` leads to the next one and is empty once all are done; ``many`` is their number.
    """
    family = here.cases.family(id)
    done = progress.done_of(here.store, me, [file.id for file in family]) if len(family) > 1 else set()
    if id not in done:
        return None
    left = any(file.id not in done for file in family)
    return {"url": url_for("learn.patient", case_id=family[0].id) if left else "", "many": len(family)}
