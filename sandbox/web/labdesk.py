"""The labs of the running server, in memory: every answer of a class asks how its lab stands."""

import datetime as dt

from sandbox.classroom.lab import Lab
from sandbox.store import labs
from sandbox.store.database import Store


class Labs:
    """Labs by id. Whoever changes one says so (:meth:`renew`); only one process serves a data folder."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[int, Lab] = {lab.id: lab for lab in labs.not_settled(store)}
        self._ended: set[int] = set()

    def get(self, id: int) -> Lab | None:
        """A lab as it stands, or None."""
        found = self._known.get(id)
        return found if found else self.renew(id)

    def renew(self, id: int) -> Lab | None:
        """Read a lab again after it was changed."""
        found = labs.get(self._store, id)
        if found is None or not found.over(dt.datetime.now(dt.UTC)):
            self._ended.discard(id)
        if found:
            self._known[id] = found
        else:
            self._known.pop(id, None)
        return found

    def due(self, now: dt.datetime) -> list[Lab]:
        """The labs that are over, and whose end has not been seen to: at the end, and again when what was on its way
        then has come."""
        over = [lab for lab in list(self._known.values()) if not lab.settled and lab.over(now)]
        return [lab for lab in over if lab.id not in self._ended or lab.closed(now)]

    def ended(self, id: int) -> None:
        """The end of a lab has been seen to a first time."""
        self._ended.add(id)

    def some(self) -> bool:
        """Whether there is any lab that might go on."""
        return any(not lab.settled for lab in list(self._known.values()))

    def open_with(self, family: str) -> list[Lab]:
        """The labs that go on now and have a case, by the id of its family."""
        now = dt.datetime.now(dt.UTC)
        return [
            lab for lab in list(self._known.values()) if family in lab.cases and lab.state(now) in ("running", "paused")
        ]
