"""What will soon be asked for is done ahead, in moments in which nobody waits for an answer."""

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from typing import Any, Final
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger(__name__)

_PAUSE: Final = 0.3
"""Seconds without another change after which what was typed is taken for what will be checked."""
_STALE: Final = 2.0
"""Seconds after which something is left to whoever asks for it: the server has had no quiet moment."""
_MOST: Final = 256
"""Things that wait; the oldest give way."""
_LINGER: Final = 60.0
"""Seconds without work after which the thread ends."""
_LOOK: Final = 0.004

Work = Callable[[], object]


class Ahead:
    """One thread that works while no request is served. Nothing depends on it: what it leaves is done when asked for.

    It computes for some milliseconds at a time, and while it does, whoever comes takes turns with it; so it begins
    only while nobody is being served.
    """

    def __init__(self) -> None:
        self._waiting: OrderedDict[Hashable, tuple[float, Work]] = OrderedDict()
        self._change = threading.Condition()
        self._thread: threading.Thread | None = None
        self._served: set[int] = set()

    def watching(self, app: WSGIApplication) -> WSGIApplication:
        """The app, with each request noted while it is served."""

        def watched(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
            # One thread serves one request at a time; adding to a set and taking away are whole by themselves.
            me = threading.get_ident()
            self._served.add(me)
            try:
                return app(environ, start)
            finally:
                self._served.discard(me)

        return watched

    def soon(self, what: Hashable, work: Work) -> None:
        """Do this in the next quiet moment, in place of what still waits under the same name."""
        with self._change:
            self._waiting.pop(what, None)
            self._waiting[what] = time.monotonic() + _PAUSE, work
            while len(self._waiting) > _MOST:
                self._waiting.popitem(last=False)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="ahead", daemon=True)
                self._thread.start()
            self._change.notify()

    def close(self) -> None:
        """Let go of what waits, and return when nothing is being done any more."""
        with self._change:
            self._waiting.clear()
            thread, self._thread = self._thread, None
            self._change.notify()
        if thread:
            thread.join()

    def _run(self) -> None:
        while due := self._next():
            if not self._quiet(due[0] + _STALE):
                continue
            try:
                due[1]()
            except Exception as error:
                # Whoever asks for it meets the same fault, and reports it with all that belongs to it.
                log.info("not done ahead: %r", error)

    def _next(self) -> tuple[float, Work] | None:
        """What is due, once it is; None when there has been nothing for a while, or no more is wanted."""
        with self._change:
            while self._thread is threading.current_thread():
                first: Any = next(iter(self._waiting.items()), None)
                left = first[1][0] - time.monotonic() if first else _LINGER
                if first and left <= 0:
                    return self._waiting.pop(first[0])
                if not self._change.wait(left) and not self._waiting:
                    self._thread = None
            return None

    def _quiet(self, until: float) -> bool:
        while self._served and time.monotonic() < until:
            time.sleep(_LOOK)
        return not self._served
