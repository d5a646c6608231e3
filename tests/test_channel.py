"""How answers are sent: whole to a slow reader, and without the main loop turning while a worker sends."""

import http.client
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from wsgiref.types import StartResponse, WSGIEnvironment

from sandbox.channel import THREADS, Channel, opened

BIG = b"0123456789abcdef" * 4096
PARTS = 400
PAGE = b"a page, " * 5000


GO_ON = threading.Event()


def app(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
    """``/big``: 25 MB in parts, more than any buffer between here and the reader holds; ``/page``: 40 KB;
    otherwise a word, at ``/wait`` once it may go on."""
    if environ["PATH_INFO"] == "/wait":
        GO_ON.wait(30)
    start("200 OK", [("Content-Type", "text/plain")])
    if environ["PATH_INFO"] == "/page":
        return [PAGE]
    return (BIG for _ in range(PARTS)) if environ["PATH_INFO"] == "/big" else [b"a word"]


@contextmanager
def served(seen: list[Channel]) -> Iterator[int]:
    """The port of a server in a thread of its own. ``seen`` gets its connections as they are made."""

    class Seen(Channel):
        def __init__(self, *values: object, **named: object) -> None:
            super().__init__(*values, **named)
            seen.append(self)

    server = opened(app, "127.0.0.1", 0, 1 << 20)
    assert server.channel_class is Channel
    server.channel_class = Seen
    thread = threading.Thread(target=server.asyncore.loop, kwargs={"map": server._map, "timeout": 0.05})
    thread.start()
    yield server.effective_port
    server.task_dispatcher.shutdown()
    server.asyncore.close_all(server._map)  # the loop ends when nothing is left to ask
    thread.join(10)
    assert not thread.is_alive()


def test_an_answer_larger_than_every_buffer_arrives_whole_at_a_slow_reader() -> None:
    with served([]) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", "/big")
        answer = connection.getresponse()
        sizes = [len(part) for part in iter(lambda: answer.read(300_000), b"")]
        connection.close()
    assert sum(sizes) == len(BIG) * PARTS


def test_many_connections_at_once_are_all_answered_and_kept_open() -> None:
    with served(seen := []) as port:
        connections = [http.client.HTTPConnection("127.0.0.1", port, timeout=30) for _ in range(40)]
        for _ in range(5):
            for connection in connections:
                connection.request("GET", "/")
            assert [connection.getresponse().read() for connection in connections] == [b"a word"] * 40
        for connection in connections:
            connection.close()
    assert len(seen) == 40


def test_the_loop_does_not_ask_for_a_connection_that_a_worker_is_sending_on() -> None:
    with served(seen := []) as port:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", "/")
        assert connection.getresponse().read() == b"a word"
        (channel,) = seen
        sends, done = threading.Event(), threading.Event()

        def worker() -> None:
            with channel.outbuf_lock:
                sends.set()
                done.wait(10)

        thread = threading.Thread(target=worker)
        thread.start()
        assert sends.wait(10)
        channel.total_outbufs_len += 1
        channel.requests.append(None)
        asked_while_sending = channel.writable()
        done.set()
        thread.join()
        asked_afterwards = channel.writable()
        channel.requests.clear()
        channel.total_outbufs_len -= 1
        nothing_to_send = channel.writable()
        connection.close()
    assert (asked_while_sending, asked_afterwards, nothing_to_send) == (False, True, False)


def test_a_connection_that_waits_is_not_asked_while_others_are_served() -> None:
    with served(seen := []) as port:
        idle, busy = (http.client.HTTPConnection("127.0.0.1", port, timeout=30) for _ in range(2))
        for connection in (idle, busy):
            connection.request("GET", "/")
            connection.getresponse().read()
        asked = [0, 0]
        for n, channel in enumerate(seen):

            def count(n: int = n, real: Callable[[], bool] = channel.readable) -> bool:
                asked[n] += 1
                return real()

            channel.readable = count
        for _ in range(50):
            busy.request("GET", "/")
            assert busy.getresponse().read() == b"a word"
        mine, others = asked
        idle.request("GET", "/")
        assert idle.getresponse().read() == b"a word", "it is served as soon as it asks"
        for connection in (idle, busy):
            connection.close()
    assert others >= 50
    assert mine < 25, "once a second, and while it became idle"


def test_those_that_wait_for_a_worker_are_not_asked_before_one_begins() -> None:
    GO_ON.clear()
    with served(seen := []) as port:
        connections = [http.client.HTTPConnection("127.0.0.1", port, timeout=30) for _ in range(THREADS + 20)]
        for n, connection in enumerate(connections):
            connection.request("GET", "/wait" if n < THREADS else "/")
            while len(seen) <= n or not seen[n].requests:
                time.sleep(0.001)
        asked = [0] * len(seen)
        for n, channel in enumerate(seen):

            def count(n: int = n, real: Callable[[], bool] = channel.readable) -> bool:
                asked[n] += 1
                return real()

            channel.readable = count
        for _ in range(100):
            seen[0].server.pull_trigger()
            time.sleep(0.001)
        while_waiting = asked[THREADS:]
        GO_ON.set()
        assert [connection.getresponse().read() for connection in connections] == [b"a word"] * len(connections)
        for connection in connections:
            connection.close()
    assert max(while_waiting) < 10, "once a second, and while it came to wait"


def test_a_connection_that_is_to_be_closed_is_closed() -> None:
    with served(seen := []) as port:
        idle = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        idle.request("GET", "/")
        idle.getresponse().read()
        seen[0].will_close = True  # as waitress does with those that were idle for too long
        assert idle.sock.recv(1) == b""
        idle.close()
        with socket.create_connection(("127.0.0.1", port), timeout=30) as asked:
            asked.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            assert b"".join(iter(lambda: asked.recv(4096), b"")).endswith(b"a word")


def test_requests_that_come_together_are_answered_in_turn() -> None:
    with served([]) as port, socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n" * 20)
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert b"".join(iter(lambda: connection.recv(4096), b"")).count(b"a word") == 21


def test_one_that_goes_away_in_the_middle_keeps_the_loop_from_nothing() -> None:
    with served(seen := []) as port:
        for _ in range(5):
            with socket.create_connection(("127.0.0.1", port), timeout=30) as gone:
                gone.sendall(b"GET /big HTTP/1.1\r\nHost: x\r\n\r\n")
                gone.recv(100)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", "/")
        assert connection.getresponse().read() == b"a word"
        connection.close()
        until = time.monotonic() + 20
        while any(channel.connected for channel in seen) and time.monotonic() < until:
            time.sleep(0.01)
        assert not any(channel.connected for channel in seen)


def test_what_was_sent_is_let_go_of() -> None:
    with served(seen := []) as port:
        connections = [http.client.HTTPConnection("127.0.0.1", port, timeout=30) for _ in range(3)]
        for path in ("/page", "/", "/page"):
            for connection in connections:
                connection.request("GET", path)
                assert connection.getresponse().read() in (PAGE, b"a word")
        until = time.monotonic() + 20
        while any(held(channel) for channel in seen) and time.monotonic() < until:
            time.sleep(0.01)
        assert [held(channel) for channel in seen] == [0, 0, 0]
        for connection in connections:
            connection.close()


def held(channel: Channel) -> int:
    """Bytes that the buffers of a connection take, sent or not."""
    return sum(len(one.strbuf) + (len(one.buf.file.getvalue()) if one.buf else 0) for one in channel.outbufs)
