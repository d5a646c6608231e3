import signal
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from time import sleep

import pytest

from sandbox.store.attempts import Elsewhere, Lines, draft, save_draft
from sandbox.store.database import NotSaved, Store

Work = Callable[[sqlite3.Connection], int]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "sandbox.db")
    store.writer.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT UNIQUE)")
    yield store
    store.close()


def note(text: str) -> Work:
    def work(db: sqlite3.Connection) -> int:
        return int(db.execute("INSERT INTO notes (text) VALUES (?) RETURNING id", (text,)).fetchone()[0])

    return work


def kept(store: Store) -> dict[int, str]:
    return {row["id"]: row["text"] for row in store.rows("SELECT id, text FROM notes")}


def at_once(store: Store, works: list[Work]) -> list[int | Exception]:
    """What comes of works that all arrive while somebody else writes."""
    out: list[int | Exception] = [0] * len(works)

    def one(n: int) -> None:
        try:
            out[n] = store.together(works[n])
        except Exception as error:
            out[n] = error

    threads = [threading.Thread(target=one, args=(n,)) for n in range(len(works))]
    with store.write():
        for thread in threads:
            thread.start()
        while len(store._together._waiting) < len(works):
            sleep(0.001)
    for thread in threads:
        thread.join()
    return out


def transactions(store: Store) -> list[str]:
    """Every statement that the store runs from now on."""
    said: list[str] = []
    store.writer.set_trace_callback(said.append)
    return said


def test_those_who_wait_share_one_transaction_and_each_gets_its_own(store: Store) -> None:
    said = transactions(store)
    ids = at_once(store, [note(f"n{n}") for n in range(8)])
    assert kept(store) == {id: f"n{n}" for n, id in enumerate(ids)}
    assert said.count("COMMIT") == 2, "one is that of the writer they waited for"


def test_one_that_fails_takes_nobody_along(store: Store) -> None:
    store.together(note("twice"))
    outcomes = at_once(store, [note("a"), note("twice"), note("b"), note("c")])
    assert isinstance(outcomes.pop(1), sqlite3.IntegrityError)
    assert sorted(kept(store).values()) == ["a", "b", "c", "twice"]
    assert {kept(store)[id] for id in outcomes if isinstance(id, int)} == {"a", "b", "c"}


def test_a_fault_of_the_program_is_raised_where_it_was_made(store: Store) -> None:
    def broken(db: sqlite3.Connection) -> int:
        note("half")(db)
        raise KeyError("ours")

    outcomes = at_once(store, [broken, note("whole")])
    assert isinstance(outcomes[0], KeyError) and isinstance(outcomes[1], int)
    assert list(kept(store).values()) == ["whole"]


def test_where_the_disk_is_full_nobody_is_told_that_it_was_saved(store: Store) -> None:
    pages = store.writer.execute("PRAGMA page_count").fetchone()[0]
    store.writer.execute(f"PRAGMA max_page_count={pages}")
    outcomes = at_once(store, [note(f"{n}" * 5000) for n in range(4)])
    assert all(isinstance(outcome, NotSaved) for outcome in outcomes)
    assert len({id(outcome) for outcome in outcomes}) == 4
    assert kept(store) == {}
    store.writer.execute("PRAGMA max_page_count=1000000")
    assert isinstance(store.together(note("again")), int)


def test_what_is_known_of_the_database_is_only_what_was_committed(store: Store) -> None:
    def failing(db: sqlite3.Connection) -> int:
        store.after_commit(lambda: store.know(["never"]))
        raise KeyError

    def well(db: sqlite3.Connection) -> int:
        store.after_commit(lambda: store.know(["kept"]))
        return 0

    at_once(store, [failing, well])
    assert store.known_pairs == {"kept"}


def test_many_writers_of_both_kinds_come_through(store: Store) -> None:
    def work(n: int) -> None:
        for count in range(30):
            if n % 2:
                store.together(note(f"{n}-{count}"))
            else:
                with store.write() as db:
                    note(f"{n}-{count}")(db)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(kept(store)) == 240


def test_an_interrupted_writer_tells_nobody_that_it_was_saved(store: Store) -> None:
    def stopped(db: sqlite3.Connection) -> int:
        raise SystemExit

    out: dict[str, object] = {}

    def lead() -> None:
        with suppress(SystemExit):
            store.together(stopped)

    def follow() -> None:
        try:
            out["follow"] = store.together(note("lost"))
        except NotSaved as error:
            out["follow"] = error

    with store.write():
        threads = [threading.Thread(target=run, daemon=True) for run in (lead, follow)]
        for count, thread in enumerate(threads, 1):
            thread.start()
            while len(store._together._waiting) < count:
                sleep(0.001)
    for thread in threads:
        thread.join(10)
    assert isinstance(out["follow"], NotSaved) and kept(store) == {}
    assert store.together(note("next")) == 1


def test_a_database_that_is_closed_is_told_and_nobody_waits_for_ever(tmp_path: Path) -> None:
    store = Store(tmp_path / "closed.db")
    store.close()
    errors: list[Exception] = []

    def one() -> None:
        try:
            store.together(note("nowhere"))
        except Exception as error:
            errors.append(error)

    for _ in range(2):
        thread = threading.Thread(target=one, daemon=True)
        thread.start()
        thread.join(10)
        assert not thread.is_alive()
    assert len(errors) == 2


@pytest.fixture
def ctrl_c() -> Iterator[None]:
    """Ctrl+C as it is in a terminal: what a shell starts in the background ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("ctrl_c")
def test_who_is_interrupted_while_waiting_is_not_waited_for(store: Store) -> None:
    """Ctrl+C reaches the main thread, here while another one writes."""
    timer = threading.Timer(0.3, signal.raise_signal, (signal.SIGINT,))
    inside, go_on = threading.Event(), threading.Event()

    def slow(db: sqlite3.Connection) -> int:
        inside.set()
        go_on.wait(10)
        return note("slow")(db)

    writer = threading.Thread(target=store.together, args=(slow,), daemon=True)
    writer.start()
    inside.wait(10)
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        store.together(note("interrupted"))
    go_on.set()
    writer.join(10)
    later = threading.Thread(target=store.together, args=(note("later"),), daemon=True)
    later.start()
    later.join(10)
    assert sorted(kept(store).values()) == ["later", "slow"]


def test_who_is_handed_the_lead_before_it_has_begun_to_wait_still_waits_for_its_lock(store: Store) -> None:
    """Between joining and waiting a thread may be interrupted, and the leader end meanwhile."""
    together = store._together
    handed_over, joined = threading.Event(), threading.Event()

    class Door:
        """The real door; the late one is held up just behind it."""

        def __init__(self, real: threading.Lock) -> None:
            self.real, self.held = real, False

        def __enter__(self) -> None:
            self.real.acquire()

        def __exit__(self, *error: object) -> None:
            self.real.release()
            if threading.current_thread().name == "late" and not self.held:
                self.held = True
                joined.set()
                assert handed_over.wait(10)

    together._door = Door(together._door)  # type: ignore[assignment]
    done: list[str] = []

    def lead(db: sqlite3.Connection) -> None:
        late.start()
        assert joined.wait(10)

    def follow(db: sqlite3.Connection) -> None:
        done.append("late")

    late = threading.Thread(target=lambda: done.append(str(together.do(follow))), name="late")
    together.do(lead)
    handed_over.set()
    late.join(10)
    assert not late.is_alive() and done == ["late", "None"]
    together.do(follow)
    assert done[-1] == "late", "and the next one is not kept waiting"


def test_a_draft_from_an_older_page_is_refused_and_takes_nobody_along(store: Store) -> None:
    def lines(code: str) -> Lines:
        return {"diagnoses": [{"code": code, "poa": ""}], "procedures": []}

    first = save_draft(store, "ann", "case", "h", lines("I10"), "")
    out: dict[str, object] = {}

    def one(learner: str, code: str, seen: str) -> None:
        try:
            out[learner + code] = save_draft(store, learner, "case", "h", lines(code), seen)
        except Elsewhere as error:
            out[learner + code] = error

    tabs = [("ann", "E11.9", first), ("bob", "I10", ""), ("ann", "D62", "2020-01-01T00:00:00.000Z"), ("cat", "D62", "")]
    threads = [threading.Thread(target=one, args=tab) for tab in tabs]
    said = transactions(store)
    with store.write():
        for n, thread in enumerate(threads, 1):
            thread.start()
            while len(store._together._waiting) < n:
                sleep(0.001)
    for thread in threads:
        thread.join()
    assert isinstance(out.pop("annD62"), Elsewhere)
    assert sorted(out) == ["annE11.9", "bobI10", "catD62"] and not any(
        isinstance(one, Elsewhere) for one in out.values()
    )
    assert said.count("COMMIT") == 2
    kept = {learner: found.lines for learner in ("ann", "bob", "cat") if (found := draft(store, learner, "case"))}
    assert kept == {"ann": lines("E11.9"), "bob": lines("I10"), "cat": lines("D62")}
