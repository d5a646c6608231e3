"""How often something may be done: by whom it is counted, when it is free again, and what whoever waits is told."""

import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from limits import parse
from webkit import HIP, Learner

from sandbox.store import people
from sandbox.web import create_app, limits
from sandbox.web.window import Moments

ACCOUNT = {"account": "ada"}


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(data: Path, clock: Clock) -> Iterator[Flask]:
    app = create_app(data)
    app.extensions["limits"] = limits.Limiter(Moments(clock))
    yield app
    app.extensions["sandbox"].close()


def most(name: str, by: str) -> int:
    """What the table allows."""
    return next(limit.times.amount for limit in limits.LIMITS[name] if limit.by == by)


def ask(learner: Learner, token: str, q: str = "hip", address: str = "10.0.0.1", htmx: bool = True) -> int:
    headers = {"HX-Request": "true"} if htmx else {}
    there = {"REMOTE_ADDR": address}
    fields = {"q": q, "csrf_token": token}
    return learner.client.post("/rules/search", data=fields, headers=headers, environ_base=there).status_code


def test_a_window_moves_with_each_moment(clock: Clock) -> None:
    window, two = limits.Limiter(Moments(clock)), parse("2 per minute")
    assert window.hit(two, "a")
    clock.now += 40
    assert window.hit(two, "a")
    assert not window.hit(two, "a")
    assert window.wait(two, "a") == 20
    clock.now += 19.5
    assert not window.test(two, "a")
    clock.now += 0.5
    assert window.hit(two, "a"), "the first is a minute old"
    assert not window.hit(two, "a"), "the second is not"
    assert window.hit(two, "b"), "each key counts by itself"


def test_what_is_not_used_any_more_is_forgotten(clock: Clock) -> None:
    moments = Moments(clock)
    window = limits.Limiter(moments)
    for n in range(100):
        window.hit(parse("2 per minute"), str(n))
    window.hit(parse("2 per hour"), "long")
    clock.now += 61
    window.hit(parse("2 per minute"), "new")
    assert moments.reset() == 2


def test_memory_has_an_end_and_the_oldest_key_goes_first(clock: Clock) -> None:
    moments = Moments(clock, most=3)
    window, one = limits.Limiter(moments), parse("1 per hour")
    for key in "abcd":
        assert window.hit(one, key)
    assert not window.hit(one, "d")
    assert window.hit(one, "a"), "forgotten for the sake of d"
    assert moments.reset() == 3


def test_threads_together_get_what_one_would() -> None:
    window, item, got = limits.Limiter(Moments()), parse("500 per hour"), list[bool]()
    threads = [threading.Thread(target=lambda: got.extend(window.hit(item, "a") for _ in range(400))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(got), sum(got)) == (1600, 500)


def test_five_wrong_passwords_close_an_account_and_nobody_elses(app: Flask, clock: Clock) -> None:
    with app.test_request_context("/", environ_base={"REMOTE_ADDR": "10.0.0.1"}):
        for _ in range(5):
            limits.check("signin", "ada")
            limits.failed("signin", "ada")
        with pytest.raises(limits.TooMany) as told:
            limits.check("signin", " ADA ")
        assert told.value.seconds == 15 * 60
        limits.check("signin", "grace")
    with app.test_request_context("/", environ_base={"REMOTE_ADDR": "10.9.9.9"}):
        with pytest.raises(limits.TooMany):
            limits.check("signin", "ada")
        clock.now += 15 * 60
        limits.check("signin", "ada")


def test_whoever_signs_in_is_forgiven_and_the_address_is_not(app: Flask) -> None:
    with app.test_request_context("/", environ_base={"REMOTE_ADDR": "10.0.0.1"}):
        for n in range(most("signin", "address")):
            limits.failed("signin", f"account {n // 4}")
            limits.forgive("signin", f"account {n // 4}")
        with pytest.raises(limits.TooMany):
            limits.check("signin", "somebody else")
    with app.test_request_context("/", environ_base={"REMOTE_ADDR": "10.0.0.2"}):
        limits.check("signin", "somebody else")


def test_a_class_behind_one_address_signs_in_and_joins(app: Flask) -> None:
    for n in range(300):
        with app.test_request_context("/", environ_base={"REMOTE_ADDR": "10.0.0.1"}):
            limits.session["learner"] = f"learner {n}"
            limits.check("signin", f"learner {n}")
            limits.check("join_lab")
            limits.hit("guest")
            for _ in range(10):
                limits.hit("search")
                limits.hit("post")


def test_signing_in_without_an_account_is_a_mistake_of_ours(app: Flask) -> None:
    with app.test_request_context("/"), pytest.raises(ValueError, match="counted by account"):
        limits.check("signin")


def test_a_code_that_does_not_exist_is_counted_by_browser(app: Flask) -> None:
    def guess(browser: str) -> None:
        with app.test_request_context("/", environ_base={"REMOTE_ADDR": "10.0.0.1"}):
            limits.session["csrf_token"] = browser
            limits.check("join_class")
            limits.failed("join_class")

    for _ in range(most("join_class", "learner")):
        guess("one")
    with pytest.raises(limits.TooMany):
        guess("one")
    guess("another")


def test_searching_too_fast_is_told_with_the_time_to_wait(app: Flask, clock: Clock) -> None:
    learner, other = Learner(app), Learner(app)
    token, others = learner.open()["csrf_token"], other.open()["csrf_token"]
    for _ in range(most("search", "learner")):
        assert ask(learner, token) == 200
    clock.now += 18
    assert ask(learner, token) == 429
    answer = learner.client.post("/codes/suggest", data={"q": "hip", "csrf_token": token}, headers={"HX-Request": "1"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "42")
    assert "again in 42 seconds" in answer.text
    assert answer.headers["HX-Retarget"] == "#notice"
    page = learner.get("/book?q=hip")
    assert (page.status_code, page.headers["Retry-After"]) == (429, "42")
    assert "<h1>That was a great deal of searching</h1>" in page.text
    assert learner.get("/book").status_code == 200, "only the search is closed"
    assert ask(other, others) == 200
    clock.now += 42
    assert ask(learner, token) == 200


def test_browsers_without_a_cookie_share_what_one_may_do(app: Flask) -> None:
    for _ in range(most("search", "learner")):
        assert app.test_client().get("/rules?q=hip").status_code == 200
    assert app.test_client().get("/rules?q=hip").status_code == 429


def test_a_report_that_is_one_too_many_keeps_what_was_written(app: Flask, clock: Clock) -> None:
    with app.test_request_context("/", environ_base={"REMOTE_ADDR": "127.0.0.1"}):
        for _ in range(most("report", "address")):
            limits.hit("report")
    learner = Learner(app)
    fields = {**learner.open(), "kind": "chart", "text": "the date is wrong"}
    answer = learner.post(f"/cases/{HIP}/problem", htmx=False, **fields)
    assert answer.status_code == 429
    assert 'value="the date is wrong"' in answer.text
    assert "Send this one again in 60 minutes" in answer.text
    clock.now += 3600
    assert learner.post(f"/cases/{HIP}/problem", htmx=False, **fields).status_code == 303


def test_links_that_do_not_work_are_counted_and_good_ones_are_not(app: Flask) -> None:
    guesser, teacher = Learner(app), Learner(app)
    guesser.open()
    good = people.new_link(app.extensions["sandbox"].store)
    for n in range(most("link", "learner")):
        assert guesser.get(f"/instructor/guess-{n}").status_code == 200
    assert guesser.get(f"/instructor/{good}").status_code == 429
    for _ in range(most("link", "learner") + 1):
        assert teacher.get(f"/instructor/{good}").status_code == 200


def test_links_are_counted_when_they_are_used(app: Flask) -> None:
    guesser = Learner(app)
    token = guesser.open()["csrf_token"]
    answers = [guesser.post(f"/instructor/{n}", htmx=False, csrf_token=token).status_code for n in range(16)]
    assert answers == [403] * 15 + [429]


def test_new_learners_of_one_address_are_counted(app: Flask) -> None:
    with app.test_request_context("/", environ_base={"REMOTE_ADDR": "127.0.0.1"}):
        for _ in range(most("guest", "address") - 1):
            limits.hit("guest")
    first, second = Learner(app), Learner(app)
    assert first.check(["I10/Y"]).status_code == 200
    assert second.check(["I10/Y"]).status_code == 429
    assert first.check(["I10/Y"]).status_code == 200, "whoever has begun goes on"


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.168.1.7", "192.168.1.7"),
        ("::ffff:192.168.1.7", "192.168.1.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("", ""),
        ("unix socket", "unix socket"),
    ],
)
def test_an_address_is_counted_by_its_network(address: str, counted: str) -> None:
    assert limits.network(address) == counted


@pytest.mark.parametrize(
    ("seconds", "said"), [(1, "in 1 second"), (99, "in 99 seconds"), (100, "in 2 minutes"), (900, "in 15 minutes")]
)
def test_how_long_to_wait_is_never_too_short(seconds: int, said: str) -> None:
    assert limits.when(seconds) == said


def test_the_tables_name_what_there_is(app: Flask) -> None:
    assert set(limits.WORDS) == set(limits.LIMITS)
    assert set(limits.ROUTES.values()) <= set(limits.LIMITS)
    assert set(limits.ROUTES) <= set(app.view_functions)


def test_every_address_that_searches_is_counted(app: Flask) -> None:
    """A new page that takes ``q``, or whose name says so, cannot be forgotten."""
    searching = set()
    for rule in app.url_map.iter_rules():
        page = app.test_client().get(str(rule)) if not rule.arguments and "GET" in rule.methods else None
        if re.search(r"search|suggest", str(rule)) or (page and re.search(r'<input[^>]+name="q"', page.text)):
            searching.add(rule.endpoint)
    assert len(searching) >= 8
    assert searching <= set(limits.ROUTES) | {"teach.desk"}
