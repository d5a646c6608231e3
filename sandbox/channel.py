"""How waitress waits and sends: which of its connections the system is asked about, and when."""

import selectors
import time
from http import HTTPStatus
from typing import Any, Final
from wsgiref.types import WSGIApplication

import waitress
from waitress import wasyncore
from waitress.buffers import OverflowableBuffer
from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer, MultiSocketServer
from waitress.task import ErrorTask

THREADS: Final = 4
"""More only take turns at the same interpreter; four keep one slow disk, or one long page, from holding up the rest."""

_TOLD: Final = frozenset(("x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"))
"""What a proxy tells: who asked, whether by HTTPS, and under which name."""


_TOO_LARGE: Final = "That is too large"
_ADVICE: Final = (
    "Nothing was saved. A claim has at most 80 lines, a case 1 MB and an upload 3 MB: go back and send less at once."
)
_PAGE: Final = (
    f'<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>{_TOO_LARGE}</title>\n'
    '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">\n'
    f'<h1>{_TOO_LARGE}</h1>\n<p>{_ADVICE}</p>\n<p><a href="/">To the cases</a></p>\n</html>\n'
)
_FRAGMENT: Final = f'<p class="notice bad"><strong>{_TOO_LARGE}.</strong> {_ADVICE}</p>\n'
_HEADERS: Final = (
    ("Content-Type", "text/html; charset=utf-8"),
    ("Content-Security-Policy", "default-src 'none'"),
    ("X-Content-Type-Options", "nosniff"),
)
_IN_PLACE: Final = (("HX-Retarget", "#notice"), ("HX-Reswap", "innerHTML"))


class Refusal(ErrorTask):  # type: ignore[misc]
    """The answer to a request that is refused before the app sees it: one that is too large is told so in plain words,
    and by htmx in the place for notices, so that what was typed stays on the page."""

    def execute(self) -> None:
        """Send it, and close the connection."""
        if self.request.error.code != HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            super().execute()
            return
        htmx = "HX_REQUEST" in self.request.headers
        body = (_FRAGMENT if htmx else _PAGE).encode()
        self.status = f"{self.request.error.code} {self.request.error.reason}"
        self.response_headers.extend((*_HEADERS, *(_IN_PLACE if htmx else ())))
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class Channel(HTTPChannel):  # type: ignore[misc]
    """A connection that the main loop leaves alone while a worker is sending.

    The loop asks the system which connections can be written to, of all that have something to send. While a worker is
    sending, the answer is *this one, at once*, and nothing can be done about it, for the worker holds the lock. So the
    loop turns without a pause, and at each turn takes the interpreter back before the worker has woken up. The more
    connections there are, the longer a turn: with 32 of them answers took up to ten times as long.
    The worker itself wakes the loop when it is done, or cannot send any more.
    """

    error_task_class = Refusal
    outbufs: list[Any]
    serving = 0
    """How many workers are at its requests: two for a moment, where requests come together."""

    def writable(self) -> bool:
        """Whether there is something to send, and nobody who is sending it."""
        if self.requests:
            if not self.outbuf_lock.acquire(False):
                return False
            self.outbuf_lock.release()
        return bool(super().writable())

    def service(self) -> None:
        """Serve a request, and let go of the answer once it is sent: waitress keeps it until the next one, and 300 open
        pages of 40 KB are 13 MB."""
        with self.requests_lock:
            self.serving += 1
        self._map.stir(self._fileno)
        try:
            super().service()
        finally:
            with self.requests_lock:
                self.serving -= 1
        with self.outbuf_lock:
            if not self.total_outbufs_len:
                for sent in self.outbufs:
                    sent.close()
                self.outbufs = [OverflowableBuffer(self.adj.outbuf_overflow)]
                self.current_outbuf_count = 0


_READ: Final = selectors.EVENT_READ
_WRITE: Final = selectors.EVENT_WRITE
_ALL: Final = 1.0
"""Seconds after which every connection is looked at: one that was idle for too long is to be closed."""


class Sockets(dict[int, Any]):
    """What a server waits for, by file number: its connections, the socket that listens, the pipe that wakes it.

    Before each turn waitress asks each of them what it waits for, and hands the whole list to the system. With the open
    pages of 300 learners that took a millisecond for each answer. Here the system keeps the list and is told of
    changes; a connection that waits for its next request is not asked before one comes, and one whose request waits for
    a worker not before a worker begins: where 300 hand in at once, asking took half as long as serving.
    """

    def __init__(self) -> None:
        super().__init__()
        self._selector = selectors.DefaultSelector()
        self._asked: dict[int, int] = {}
        self._lively: set[int] = set()
        self._next = 0.0

    def __setitem__(self, number: int, one: Any) -> None:
        super().__setitem__(number, one)
        self._lively.add(number)

    def __delitem__(self, number: int) -> None:
        super().__delitem__(number)
        self._lively.discard(number)
        self._ask(number, 0)

    def stir(self, number: int | None) -> None:
        """Something is going on at this connection: it is to be asked again. Called by workers."""
        if number is not None:
            self._lively.add(number)

    def turn(self, timeout: float) -> None:
        """Wait until something happens, for so many seconds at most, and have it dealt with."""
        if (moment := time.monotonic()) >= self._next:
            self._next = moment + _ALL
            self._lively.update(self)
        for number in list(self._lively):
            # Taken off before it is asked, so that what a worker stirs meanwhile stays.
            self._lively.discard(number)
            if (one := self.get(number)) is not None and self._look(number, one):
                self._lively.add(number)
        for key, events in self._selector.select(timeout):
            if (one := self.get(key.fd)) is None:
                continue
            self._lively.add(key.fd)
            if events & _READ:
                wasyncore.read(one)
            # Reading may have closed it.
            if events & _WRITE and self.get(key.fd) is one:
                wasyncore.write(one)

    def _look(self, number: int, one: Any) -> bool:
        """Ask one, tell the system, and return whether it is to be asked again at the next turn."""
        reads = one.readable()
        # Asked in this order: a worker first says that it is to be closed, and then that its request is done.
        wanted = _READ * bool(reads) | _WRITE * bool(one.writable() and not one.accepting)
        self._ask(number, wanted)
        if not isinstance(one, HTTPChannel):
            return True
        if one.requests:
            return bool(wanted or one.serving)
        return wanted != _READ

    def _ask(self, number: int, wanted: int) -> None:
        before = self._asked.pop(number, 0)
        if wanted:
            self._asked[number] = wanted
        if before and not wanted:
            self._selector.unregister(number)
        elif before and before != wanted:
            self._selector.modify(number, wanted)
        elif wanted and not before:
            self._selector.register(number, wanted)


class Loop:
    """In place of waitress's own module for it."""

    close_all = staticmethod(wasyncore.close_all)

    def loop(self, timeout: float, map: Sockets, use_poll: bool = False) -> None:
        """Serve until nothing is left to wait for."""
        while map:
            map.turn(timeout)


def opened(
    app: WSGIApplication, host: str, port: int, largest_body: int, proxy: str = ""
) -> BaseWSGIServer | MultiSocketServer:
    """A server that listens, and serves once it is told to ``run()``. Port 0 takes a free one.

    ``largest_body``: bytes that a request may have. ``proxy``: address of the one proxy that is believed; what anybody
    else says of where a request comes from is dropped. Raises OSError or ValueError where it cannot listen.
    """
    believed: dict[str, Any] = {"trusted_proxy": proxy, "trusted_proxy_headers": _TOLD} if proxy else {}
    sockets = Sockets()
    server = waitress.create_server(
        app,
        map=sockets,
        host=host,
        port=port,
        threads=THREADS,
        connection_limit=1000,
        max_request_body_size=largest_body,
        **believed,
    )
    # A name such as localhost may stand for two addresses, and then there are two sockets.
    for listening in sockets.values():
        if isinstance(listening, BaseWSGIServer):
            listening.channel_class = Channel
    server.asyncore = Loop()
    return server
