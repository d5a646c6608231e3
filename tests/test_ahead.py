"""What is done ahead waits for a quiet moment, and nothing waits for it."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from test_labs import Made

from sandbox.judge import NotJudged
from sandbox.web import ahead, judging
from sandbox.web.ahead import Ahead
from sandbox.web.app import compile_ahead
from sandbox.web.house import House

CODES = ["M80.052A/Y", "D62/Y"]


def soon(true: Callable[[], object]) -> bool:
    """Whether it comes true while one waits."""
    until = time.monotonic() + 20
    while not true() and time.monotonic() < until:
        time.sleep(0.005)
    return bool(true())


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch) -> Iterator[Ahead]:
    monkeypatch.setattr(ahead, "_PAUSE", 0.01)
    made = Ahead()
    yield made
    made.close()


def test_it_works_while_nobody_is_served_and_only_then(desk: Ahead, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "_STALE", 60.0)
    served, answer, done = threading.Event(), threading.Event(), list[bool]()

    def app(environ: object, start: object) -> list[bytes]:
        served.set()
        assert answer.wait(20)
        return []

    request = threading.Thread(target=desk.watching(app), args=({}, None))
    request.start()
    assert served.wait(20)
    desk.soon("one", lambda: done.append(answer.is_set()))
    assert soon(lambda: not desk._waiting), "it has been taken up"
    assert not done, "but is not begun"
    answer.set()
    request.join()
    assert soon(lambda: done) and done == [True]


def test_without_a_quiet_moment_it_is_left_to_whoever_asks(desk: Ahead, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "_STALE", 0.02)
    done = list[str]()
    desk._served.add(-1)
    desk.soon("left", lambda: done.append("left"))
    assert soon(lambda: not desk._waiting)
    time.sleep(0.1)
    desk._served.clear()
    desk.soon("next", lambda: done.append("next"))
    assert soon(lambda: done) and done == ["next"]


def test_the_last_of_one_name_counts_the_oldest_give_way_and_a_fault_stops_nothing(
    desk: Ahead, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ahead, "_PAUSE", 0.2)
    monkeypatch.setattr(ahead, "_MOST", 3)
    done = list[str]()
    for name in ("old", "a", "fault", "b"):
        desk.soon(name, lambda name=name: done.append(name) if name != "fault" else 1 // 0)  # type: ignore[misc]
    desk.soon("a", lambda: done.append("a again"))
    assert soon(lambda: len(done) == 2) and done == ["b", "a again"]


def test_the_thread_ends_when_there_is_nothing_and_begins_again(desk: Ahead, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "_LINGER", 0.05)
    done = list[int]()
    for n in range(2):
        desk.soon(n, lambda n=n: done.append(n))  # type: ignore[misc]
        thread = desk._thread
        assert thread and soon(lambda: done == list(range(n + 1)))  # noqa: B023 - at once
        assert soon(lambda thread=thread: not thread.is_alive())
    desk.close()
    assert desk._thread is None


def test_templates_are_compiled_before_a_page_needs_them(app: Flask, house: House) -> None:
    names = {name for name in app.jinja_env.list_templates() if name.startswith(("learn/", "classroom/"))}
    compile_ahead(app)
    cache = app.jinja_env.cache
    assert cache is not None and len(names) > 40
    assert soon(lambda: names <= {name for _, name in list(cache)})


def test_what_is_typed_is_judged_before_it_is_checked(
    app: Flask, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Made(app)
    made.do("start")
    pupil = made.pupil("Ann")
    assert pupil.answer(*CODES, what="draft").status_code == 200
    assert pupil.answer("words that are no code", place=2, what="draft").status_code == 200
    assert soon(lambda: house.answers._kept._kept)
    time.sleep(2 * ahead._PAUSE)
    assert len(house.answers._kept._kept) == 1, "what cannot be checked is not judged"

    # As after a restart: what was judged is forgotten, and the page that shows it has it judged again.
    house.answers._kept._kept.clear()
    pupil.sheet()
    assert soon(lambda: house.answers._kept._kept)

    def broken(*all: object) -> None:
        raise NotJudged("this one is judged when it is checked")

    monkeypatch.setattr(judging, "judge", broken)
    there = pupil.answer(*CODES).text
    assert 'id="feedback"' in there and "Not judged" not in there and "M80.052A" in there
    assert "Not judged" in pupil.answer(*CODES, "I10/Y").text
