"""Those who wait to write share one transaction, and with it one wait for the disk."""

import sqlite3
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, TypeVar

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]


class _Turn:
    """What one thread wants to write, and what came of it. ``woken`` is let go when it is done, or has to lead.

    ``done``: the transaction is committed. Nothing but that may be taken for success, however a leader ends.
    """

    def __init__(self, work: Work[Any]) -> None:
        self.work = work
        self.leads = False
        self.woken = threading.Lock()
        self.woken.acquire()
        self.result: Any = None
        self.error: Exception | None = None
        self.done = False


class Together:
    """Whoever comes while nobody writes does so, for all that have come by the time the lock is theirs.

    Those who come meanwhile wait, and the first of them is the next to write. ``write`` opens a transaction;
    ``refused`` is what it raises where the database would not take it.
    """

    def __init__(self, write: Callable[[], AbstractContextManager[sqlite3.Connection]], refused: type[Exception]):
        self._write = write
        self._refused = refused
        self._door = threading.Lock()
        self._waiting: list[_Turn] = []
        self._led = False

    def do(self, work: Work[T]) -> T:
        """What ``work`` returns, once the transaction that it was done in is committed; or raises what it raised."""
        turn = _Turn(work)
        with self._door:
            self._waiting.append(turn)
            turn.leads = first = not self._led
            self._led = True
        # Not asked of the turn: whoever leads may have handed over to it by now, and then lets go of its lock.
        if not first:
            self._wait(turn)
        if turn.leads:
            self._lead()
        if turn.error is not None:
            raise turn.error
        if not turn.done:
            raise self._refused("whoever wrote for all was interrupted")
        result: T = turn.result
        return result

    def _wait(self, turn: _Turn) -> None:
        try:
            turn.woken.acquire()
        except BaseException:
            # Nobody may be waited for who has gone: neither to write, nor to lead.
            with self._door:
                if turn in self._waiting:
                    self._waiting.remove(turn)
                leads = turn.leads
            if leads:
                self._hand_over([])
            raise

    def _lead(self) -> None:
        turns: list[_Turn] = []
        try:
            with self._write() as db:
                turns = self._take()
                for turn in turns:
                    turn.result = turn.work(db)
            self._note(turns)
        except self._refused as error:
            # A full disk, or a file that is locked: no better for each alone, and all would wait for it once more.
            for turn in turns or (turns := self._take()):
                turn.error = self._refused(*error.args)
        except Exception as error:
            if not turns:  # not even the transaction could be opened
                for turn in (turns := self._take()):
                    turn.error = error
                return
            for turn in turns:
                self._alone(turn)
        finally:
            self._hand_over(turns)

    def _take(self) -> list[_Turn]:
        with self._door:
            taken, self._waiting = self._waiting, []
        return taken

    def _alone(self, turn: _Turn) -> None:
        """One of several, of which one failed and nothing was written."""
        try:
            with self._write() as db:
                turn.result = turn.work(db)
            self._note([turn])
        except Exception as error:
            turn.error = error

    @staticmethod
    def _note(turns: list[_Turn]) -> None:
        for turn in turns:
            turn.done = True

    def _hand_over(self, done: list[_Turn]) -> None:
        with self._door:
            self._led = bool(self._waiting)
            following = self._waiting[:1]
            for turn in following:
                turn.leads = True
        for turn in (*following, *done):
            turn.woken.release()
