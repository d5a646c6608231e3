"""What is kept of a class's talk: threads, questions, who has read how far, and the queue of the office hours."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.store import officehours, people, persons, talk
from sandbox.store.database import Store
from sandbox.store.talk import New, TooMuch


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "sandbox.db")
    for id in ("ann", "ben", "staff"):
        people.add_learner(store, id, id.title())
    yield store
    store.close()


def new(author: str, text: str = "Hello", token: str = "", **more: bool) -> New:
    new.number += 1  # type: ignore[attr-defined]
    return New(author, text, token or str(new.number), knew=False, **more)  # type: ignore[attr-defined]


new.number = 0  # type: ignore[attr-defined]


def test_a_case_has_one_thread_in_a_class_and_it_can_be_opened_anew(store: Store) -> None:
    one = talk.open_thread(store, 1, "hip", "after")
    assert talk.open_thread(store, 1, "hip", "before").id == one.id
    assert talk.open_thread(store, 2, "hip", "after").id != one.id
    assert [row[0].opens for row in talk.threads(store, 1, "ann")] == ["before"]
    assert talk.thread(store, 2, one.id) is None


def test_a_form_that_is_sent_twice_makes_one_post(store: Store) -> None:
    id = talk.open_thread(store, 1, "hip", "after").id
    assert talk.write(store, "thread", id, new("ann", token="t")) == talk.write(
        store, "thread", id, new("ann", token="t")
    )
    talk.write(store, "thread", id, new("ben", token="t"))
    assert [post.author for post in talk.posts(store, "thread", id)] == ["ann", "ben"]
    first = talk.ask(store, 1, "", new("ann", token="q"))
    assert talk.ask(store, 1, "", new("ann", token="q")) == first


def test_a_learner_writes_six_posts_a_minute_and_staff_as_many_as_they_like(store: Store) -> None:
    id = talk.open_thread(store, 1, "hip", "after").id
    asked = talk.ask(store, 1, "", new("ann"))
    for _ in range(5):
        talk.write(store, "thread", id, new("ann"))
    with pytest.raises(TooMuch):
        talk.write(store, "question", asked, new("ann"))
    with pytest.raises(TooMuch):
        talk.ask(store, 1, "", new("ann"))
    talk.write(store, "thread", id, new("ben"))
    for _ in range(20):
        talk.write(store, "thread", id, new("staff", free=True))
    store.writer.execute("UPDATE posts SET made = '2026-01-01T00:00:00.000Z' WHERE author = 'ann'")
    talk.write(store, "thread", id, new("ann"))


def test_unread_are_posts_of_others_behind_the_last_that_was_read(store: Store) -> None:
    id = talk.open_thread(store, 1, "hip", "after").id
    last = [talk.write(store, "thread", id, new(who)) for who in ("ann", "ben", "ann")][-1]
    asked = talk.ask(store, 1, "hip", new("ann"))
    assert talk.unread(store, 1, "staff") == (3, 1) and talk.unread(store, 1, "ann") == (1, 0)
    talk.read(store, "staff", "thread", id, last - 1)
    assert talk.unread(store, 1, "staff") == (1, 1)
    talk.read(store, "staff", "thread", id, last)
    talk.read(store, "staff", "thread", id, 1)
    assert talk.unread(store, 1, "staff") == (0, 1)
    talk.settle(store, asked, True)
    assert talk.unread(store, 1, "staff") == (0, 0)
    talk.write(store, "question", asked, new("ann"))
    assert talk.unread(store, 1, "staff") == (0, 1), "who writes again has the question open again"
    assert talk.unread(store, 2, "staff") == (0, 0)


def test_a_post_is_taken_away_by_staff_or_its_author_and_stays_on_record(store: Store) -> None:
    id = talk.open_thread(store, 1, "hip", "after").id
    post, other = talk.write(store, "thread", id, new("ann")), talk.write(store, "thread", id, new("ben"))
    assert not talk.remove(store, "thread", id, post, "ben", own=True)
    assert not talk.remove(store, "thread", id + 1, post, "staff", own=False)
    assert talk.remove(store, "thread", id, post, "staff", own=False)
    assert not talk.remove(store, "thread", id, post, "ann", own=True), "the first time counts"
    gone, kept = talk.posts(store, "thread", id)
    assert (gone.removed_by, bool(gone.removed), kept.removed) == ("staff", True, "")
    assert [each.id for each in talk.removed_since(store, "thread", id, gone.removed)] == [post]
    assert talk.remove(store, "thread", id, other, "ben", own=True)


def test_a_forgotten_learner_leaves_nothing_and_no_number_comes_back(store: Store) -> None:
    id = talk.open_thread(store, 1, "hip", "after").id
    talk.write(store, "thread", id, new("ben", "Ben stays"))
    last = talk.write(store, "thread", id, new("ann", "Ann in the thread"))
    asked = talk.ask(store, 1, "hip", new("ann", "Ann in private"))
    talk.write(store, "question", asked, new("staff", "Dear Ann", free=True))
    talk.read(store, "ann", "thread", id, last)
    officehours.open(store, 1)
    officehours.join(store, 1, "ann", "Ann in the queue")
    told = str(persons.export(store, "ann"))
    assert all(words in told for words in ("Ann in the thread", "Ann in private", "Dear Ann", "Ann in the queue"))
    assert "Ben stays" not in told
    gone = persons.forget(store, "ann")
    assert {"posts": 1, "questions": 1, "replies": 2, "queue": 1, "talk_reads": 1}.items() <= gone.items()
    assert b"Ann in" not in store.path.read_bytes() and b"Dear Ann" not in store.path.read_bytes()
    assert talk.write(store, "thread", id, new("ben")) > last


def test_forgetting_one_of_the_staff_takes_their_replies_and_leaves_the_question(store: Store) -> None:
    id = talk.open_thread(store, 1, "hip", "after").id
    post = talk.write(store, "thread", id, new("ann"))
    talk.remove(store, "thread", id, post, "staff", own=False)
    asked = talk.ask(store, 1, "", new("ann", "Ann asks"))
    talk.write(store, "question", asked, new("staff", "Dear Ann", free=True))
    assert [row["text"] for row in persons.export(store, "staff")["replies"]] == ["Dear Ann"]
    assert persons.forget(store, "staff")["replies"] == 1
    assert [each.text for each in talk.posts(store, "question", asked)] == ["Ann asks"]
    assert [(bool(each.removed), each.removed_by) for each in talk.posts(store, "thread", id)] == [(True, "")]


def test_the_queue_keeps_the_order_and_one_place_for_each(store: Store) -> None:
    assert not officehours.join(store, 1, "ann", "too early")
    officehours.open(store, 1)
    for who in ("ann", "ben", "ann"):
        assert officehours.join(store, 1, who, who)
    assert [place.learner for place in officehours.line(store, 1)] == ["ann", "ben"]
    first = officehours.call(store, 1)
    assert first and first.learner == "ann" and first.called
    assert [bool(place.called) for place in officehours.line(store, 1)] == [True, False]
    officehours.finish(store, 1, first.id)
    officehours.leave(store, 1, "ben")
    assert officehours.line(store, 1) == [] and officehours.call(store, 1) is None
    officehours.join(store, 1, "ann", "once more")
    officehours.close(store, 1)
    assert officehours.line(store, 1) == [] and officehours.since(store, 1) == ""
    officehours.open(store, 1)
    assert officehours.line(store, 1) == []


def test_two_of_the_staff_who_call_at_once_call_two_learners(store: Store) -> None:
    officehours.open(store, 1)
    for n in range(40):
        officehours.join(store, 1, f"l{n}", "")
    called: list[str] = []

    def work() -> None:
        while place := officehours.call(store, 1):
            called.append(place.learner)

    both = [threading.Thread(target=work) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert sorted(called) == sorted(f"l{n}" for n in range(40))
