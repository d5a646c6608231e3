"""Talk in a class as two people have it in front of them: new posts without reload, the queue, no JavaScript."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import uuid4

import pytest
from browser.conftest import LOOKS, Page, Site
from browser.test_accessible import fits, violations
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from test_talk_writing import HOSTILE

from sandbox.store import classes, officehours, people, talk
from sandbox.store.database import Store
from sandbox.store.talk import New

HIP = "hip-pain-after-a-fall"


@dataclass
class Class:
    """A class on the running server, whose database the test writes as well: somebody else's browser, in short."""

    store: Store
    site: Site
    id: int
    staff: str
    ann: str
    ben: str
    thread: int

    @property
    def path(self) -> str:
        return f"/class/{self.id}/talk/threads/{self.thread}"

    def write(self, who: str, text: str) -> int:
        free = who == self.staff
        new = New(who, text, uuid4().hex, knew=free, early=free, free=True)
        return talk.write(self.store, "thread", self.thread, new)

    def enter(self, page: Page, who: str) -> None:
        """The browser has this person's cookie."""
        app = Flask("cookie")
        app.secret_key = (self.site.data / "secret.key").read_bytes()
        signer = SecureCookieSessionInterface().get_signing_serializer(app)
        assert signer
        page.open("/about")
        page.forget()
        page.driver.add_cookie({"name": "sandbox", "value": signer.dumps({"learner": who, "met": True})})


@pytest.fixture
def room(site: Site) -> Iterator[Class]:
    store = Store(site.data / "sandbox.db")
    ids = [uuid4().hex for _ in range(3)]
    for id, name, role in zip(ids, ("Iris Instructor", "Ann Lee", "Ben Ray"), ("instructor", "", ""), strict=True):
        people.add_learner(store, id, name, role or "learner")
    made = classes.create(store, ids[0], "Coding 101", "name")
    for id, name in ((ids[1], "Ann Lee"), (ids[2], "Ben Ray")):
        classes.add_learner(store, made.id, id, name)
    thread = talk.open_thread(store, made.id, HIP, "before")
    yield Class(store, site, made.id, *ids, thread.id)
    store.close()


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_every_page_of_talk_is_accessible_and_fits(page: Page, room: Class, width: int, scheme: str) -> None:
    words = (
        "Look at *both* notes, [CMS](https://www.cms.gov), I99\n\n- one\n- two\n\n> quoted\n\n```\na code block\n```"
    )
    gone = room.write(room.ben, "Something that is taken away")
    talk.remove(room.store, "thread", room.thread, gone, room.staff, own=False)
    for text in ("Where does it say how she fell?", "I think it is M80.052A", "a" * 300):
        room.write(room.ben, text)
    room.write(room.staff, words)
    asked = talk.ask(room.store, room.id, HIP, New(room.ann, "Why is *mine* wrong?", uuid4().hex, knew=False))
    officehours.open(room.store, room.id)
    officehours.join(room.store, room.id, room.ben, "The fall, and the order of the codes")
    officehours.call(room.store, room.id)
    officehours.join(room.store, room.id, room.ann, "")
    learners = [
        room.path,
        *(f"/class/{room.id}/{end}" for end in ("talk", "talk/ask", f"talk/questions/{asked}", "hours")),
    ]
    page.resize(width)
    page.scheme(scheme)
    for who, paths in (
        (room.ann, learners),
        (room.staff, [*learners[:-1], f"/classes/{room.id}/talk", f"/classes/{room.id}/hours"]),
    ):
        room.enter(page, who)
        for path in paths:
            page.open(path)
            assert page.all("h1")[0].text != "Nothing here", path
            assert violations(page) == [], (path, who == room.staff)
            assert fits(page), path
    assert page.console() == []


def test_new_posts_come_without_reload_and_disturb_nobody_who_types(page: Page, room: Class) -> None:
    room.enter(page, room.ann)
    room.write(room.ben, "The first")
    page.open(room.path)
    page.console()
    page.type("#talk-text", "What I am about to")
    number = room.write(room.staff, "Look at I99, and at the nursing note")
    room.write(room.staff, "A hint without any code")
    page.wait(lambda: "without any code" in page.text("#talk-posts"), seconds=10)
    assert "Folded" in page.text(f"#post-{number}") and "nursing note" not in page.driver.page_source
    assert page.focused() == "talk-text" and page.value("#talk-text") == "What I am about to"
    talk.remove(room.store, "thread", room.thread, number, room.staff, own=False)
    page.wait(lambda: "removed by" in page.text(f"#post-{number}"), seconds=10)
    assert page.focused() == "talk-text" and page.value("#talk-text") == "What I am about to"
    page.press(" say", "\t", "\n")
    page.wait(lambda: "What I am about to say" in page.text("#talk-posts"))
    page.wait(lambda: page.value("#talk-text") == "")
    assert page.focused() == "talk-send"
    time.sleep(5)
    assert page.text("#talk-posts").count("What I am about to say") == 1
    assert page.driver.execute_script("return document.querySelectorAll('#talk-write, #talk-seen').length") == 2
    assert page.console() == []


def test_hostile_posts_run_nothing_in_a_browser(page: Page, room: Class) -> None:
    for text in HOSTILE:
        room.write(room.staff, text)
    room.enter(page, room.staff)
    page.open(room.path)
    page.wait(lambda: len(page.all(".post")) == len(HOSTILE))
    room.write(room.staff, "".join(HOSTILE)[:4000])
    page.wait(lambda: len(page.all(".post")) == len(HOSTILE) + 1, seconds=10)
    assert (
        page.all("#talk-posts script, #talk-posts img, #talk-posts svg, #talk-posts iframe, #talk-posts .words form")
        == []
    )
    assert page.console() == []


def test_the_queue_moves_on_by_itself_and_keeps_the_focus(page: Page, room: Class) -> None:
    officehours.open(room.store, room.id)
    officehours.join(room.store, room.id, room.ben, "")
    room.enter(page, room.ann)
    page.open(f"/class/{room.id}/hours")
    page.type("#hours-about", "The fall")
    page.click("#hours-act")
    page.wait(lambda: "number 2" in page.text("#hours"))
    assert page.focused() == "hours-act"
    assert "number 2" in page.driver.execute_script("return document.getElementById('hours-said').textContent")
    officehours.call(room.store, room.id)
    page.wait(lambda: "number 1" in page.text("#hours"), seconds=10)
    officehours.call(room.store, room.id)
    page.wait(lambda: "your turn" in page.text("#hours"), seconds=10)
    assert page.focused() == "hours-act"
    assert page.console() == []


def test_staff_call_and_finish_and_the_focus_goes_on(page: Page, room: Class) -> None:
    room.enter(page, room.staff)
    page.open(f"/classes/{room.id}/hours")
    page.click("#hours-act")
    page.wait(lambda: "0 learners" in page.text("#hours"))
    officehours.join(room.store, room.id, room.ann, "The fall")
    page.wait(lambda: "Ann Lee: The fall" in page.text("#hours"), seconds=10)
    page.click("#hours-act")
    page.click('button[id^="finish-"]')
    page.wait(lambda: "Ann Lee" not in page.text("#hours"))
    page.wait(lambda: page.focused() == "hours-act", "the focus is lost")
    page.click("#hours-close")
    page.wait(lambda: "are closed" in page.text("#hours"))
    page.wait(lambda: page.focused() == "hours-act", "the focus is lost")
    assert page.console() == []


def test_talk_works_without_javascript(bare_page: Page, room: Class) -> None:
    room.enter(bare_page, room.ann)
    bare_page.open(room.path)
    bare_page.type("#talk-text", "Written by hand")
    bare_page.click("#talk-send")
    bare_page.wait(lambda: "Written by hand" in bare_page.text("#talk-posts"))
    room.write(room.ben, "And answered")
    bare_page.click("#talk-end")
    bare_page.wait(lambda: "And answered" in bare_page.text("#talk-posts"))
    officehours.open(room.store, room.id)
    bare_page.open(f"/class/{room.id}/hours")
    bare_page.click("#hours-act")
    bare_page.wait(lambda: "number 1" in bare_page.text("#hours"))
    bare_page.click("#hours-act")
    bare_page.wait(lambda: "are open" in bare_page.text("#hours"))
    bare_page.open(f"/class/{room.id}/talk/ask")
    bare_page.type("#talk-text", "In private")
    bare_page.click(".write button")
    bare_page.wait(lambda: "In private" in bare_page.text("#talk-posts"))
