"""Talk in a class: who may read and write what; nothing gives an answer away before one's own attempt is in."""

import re
from dataclasses import dataclass
from html.parser import HTMLParser

import pytest
from flask import Flask
from test_papers import begin, finish
from test_talk_writing import HOSTILE, assert_harmless
from webkit import HIP, Learner, field

from sandbox.classroom.lab import Plan
from sandbox.store import classes, labs, papers, people, talk
from sandbox.web.house import House

ANSWER = "M80.052A"
RIGHT = ["M80.052A/Y", "W18.30XA/Y"]


class Person(Learner):
    """Somebody with a cookie, known to the database under a name."""

    def __init__(self, app: Flask, house: House, name: str, role: str = "learner") -> None:
        super().__init__(app)
        self.token = ""
        self.get("/")
        with self.client.session_transaction() as session:
            session.setdefault("learner", f"id-of-{name.lower().replace(' ', '-')}")
            self.id = str(session["learner"])
        people.add_learner(house.store, self.id, name, role)

    def send(self, path: str, htmx: bool = False, **fields: str):  # type: ignore[no-untyped-def]
        """Post a form; its token is taken from a page that everybody can open."""
        if not self.token:
            self.token = re.findall(r'name="csrf-token" content="([^"]+)"', self.get("/about").text)[0]
        data = {"csrf_token": self.token, **fields}
        return self.client.post(path, data=data, headers={"HX-Request": "true"} if htmx else {})


@dataclass
class Room:
    """A class with its people, and somebody of another class."""

    id: int
    staff: Person
    helper: Person
    ann: Person
    ben: Person
    other: Person
    stranger: Person
    owner: Person
    thread: int = 0

    @property
    def path(self) -> str:
        return f"/class/{self.id}/talk/threads/{self.thread}"

    def opens(self, opens: str, case: str = HIP) -> None:
        answer = self.staff.send(f"/classes/{self.id}/talk/open", case=case, opens=opens)
        assert answer.status_code == 303
        self.thread = int(re.findall(r"talk/threads/(\d+)", self.staff.get(f"/classes/{self.id}/talk").text)[0])


@pytest.fixture
def room(app: Flask, house: House) -> Room:
    staff = Person(app, house, "Iris Instructor", "instructor")
    here = classes.create(house.store, staff.id, "Coding 101", "name")
    there = classes.create(house.store, Person(app, house, "Else", "instructor").id, "Another", "name")
    helper, ann, ben, other, stranger, owner = (
        Person(app, house, name, "owner" if name == "Owner" else "learner")
        for name in ("Hal Helper", "Ann Lee", "Ben Ray", "Otto Other", "Sam Stranger", "Owner")
    )
    for one in (ann, ben, helper):
        classes.add_learner(house.store, here.id, one.id, people.name_of(house.store, one.id))
    classes.add_learner(house.store, there.id, other.id, "Otto Other")
    with house.store.write() as db:
        db.execute("UPDATE members SET role = 'assistant' WHERE learner = ?", (helper.id,))
    return Room(here.id, staff, helper, ann, ben, other, stranger, owner)


def new(who: Person, path: str, seen: str = "0,") -> str:
    return str(who.send(f"{path}/new", htmx=True, seen=seen).text)


def reads(who: Person, room: Room) -> str:
    """All that somebody can get out of a class by any address: pages, fragments, lists."""
    pages = [who.get(path).text for path in (room.path, f"/class/{room.id}/talk", f"/classes/{room.id}/talk")]
    tried = [new(who, room.path), new(who, room.path, "0,2000"), who.send(f"{room.path}/post", htmx=True, text="").text]
    return "\n".join((*pages, *tried, who.send(f"{room.path}/post", text="").text))


def test_a_thread_that_opens_after_handing_in_shows_nothing_before(room: Room) -> None:
    room.opens("after")
    room.ben.check(RIGHT)
    assert room.ben.send(f"{room.path}/post", text="What did you take for the fall?").status_code == 303
    assert "take for the fall" in reads(room.ben, room)
    assert "take for the fall" not in reads(room.ann, room) and "Ben Ray" not in reads(room.ann, room)
    assert "once your own attempt at the case is in" in room.ann.get(room.path).text
    refused = room.ann.send(f"{room.path}/post", text="Let me in", htmx=True)
    assert refused.status_code == 303 and "Let me in" not in reads(room.ben, room)
    room.ann.check(["I10/Y"])
    assert "take for the fall" in reads(room.ann, room), "an attempt is in, however well it was coded"


@pytest.mark.parametrize(
    "words", [ANSWER, "m80.052a", "M 80.052 A", "I 21", "it is M80", "&#77;80.052A", "W18.30XA", "I10"]
)
def test_what_names_a_code_is_folded_before_ones_own_attempt_whoever_wrote_it(room: Room, words: str) -> None:
    room.opens("before")
    room.ben.send(f"{room.path}/post", text=f"I think {words} secretword")
    room.staff.send(f"{room.path}/post", text=f"No: {words} secretword", early="1")
    assert "secretword" not in reads(room.ann, room)
    assert room.ann.get(room.path).text.count("Folded until your own attempt") == 2
    assert room.ben.get(room.path).text.count("secretword") == 1, "one's own words are never folded"
    assert room.staff.get(room.path).text.count("secretword") == 2
    room.ann.check(["I10/Y"])
    assert room.ann.get(room.path).text.count("secretword") == 2


def test_folding_does_not_tell_which_guess_is_right(room: Room) -> None:
    """Neither to the author, by the note under the post, nor to a friend who sees whether it is folded."""
    room.opens("before")
    guesses = ("M80.052A", "S72.002A", "M 80", "S 72", "Age-related osteoporosis", "Unspecified fracture of the hip")
    said = []
    for guess in guesses:
        room.ben.send(f"{room.path}/post", text=f"I say {guess}")
        mine, theirs = room.ben.get(room.path).text, room.ann.get(room.path).text
        said.append((mine.count("Names a code"), theirs.count("Folded until your own")))
    assert said == [(1, 1), (2, 2), (3, 3), (4, 4), (4, 4), (4, 4)]


def test_who_knows_the_answer_is_read_later_and_who_does_not_at_once(room: Room) -> None:
    room.opens("before")
    room.ben.send(f"{room.path}/post", text="Where does the note say how she fell?")
    room.staff.send(f"{room.path}/post", text="Read the nursing note once more.", early="1")
    room.staff.send(f"{room.path}/post", text="The fracture counts as pathological.")
    room.ben.check(RIGHT)
    room.ben.send(f"{room.path}/post", text="Look at the osteoporosis.")
    room.other.check(RIGHT)
    text = reads(room.ann, room)
    assert "how she fell" in text and "nursing note once more" in text
    assert "pathological" not in text and "osteoporosis" not in text
    assert "Look at the osteoporosis" in reads(room.ben, room)


def test_whoever_has_seen_the_key_counts_as_one_who_knows(room: Room, house: House) -> None:
    room.opens("before")
    house.store.writer.execute(
        "INSERT INTO asked (learner, case_id, key_shown) VALUES (?, ?, '2026-05-01T10:00:00.000Z')", (room.ben.id, HIP)
    )
    room.ben.send(f"{room.path}/post", text="It is in the key")
    assert "It is in the key" not in reads(room.ann, room)
    room.ann.send(f"{room.path}/post", text="Only asking")
    assert "Only asking" in room.ben.get(room.path).text, "he may come in, but his attempt is not in"
    room.helper.send(f"{room.path}/post", text="Only staff says so")
    assert "Only staff says so" not in room.ben.get(room.path).text


def begin_lab(room: Room, house: House, who: Person, feedback: str, reserve: bool = True) -> int:
    plan = Plan(feedback=feedback, reserve=reserve)  # type: ignore[arg-type]
    id = labs.create(house.store, room.id, room.staff.id, "Monday", plan, [HIP], None, None)
    labs.join(house.store, id, who.id, lambda: {1: HIP})
    labs.start(house.store, id)
    house.labs.renew(id)
    return id


@pytest.mark.parametrize(("feedback", "at_once"), [("at_once", True), ("handed_in", True), ("after", False)])
def test_while_a_lab_has_the_case_only_what_was_handed_in_there_counts(
    room: Room, house: House, feedback: str, at_once: bool
) -> None:
    room.opens("after")
    room.staff.send(f"{room.path}/post", text="The answer")
    room.ann.check(RIGHT)
    assert "The answer" in room.ann.get(room.path).text
    lab = begin_lab(room, house, room.ann, feedback)
    assert "The answer" not in reads(room.ann, room)
    house.store.writer.execute("UPDATE attempts SET lab = ?", (lab,))
    assert ("The answer" in reads(room.ann, room)) == at_once
    labs.stop(house.store, lab)
    house.labs.renew(lab)
    assert "The answer" in room.ann.get(room.path).text


def test_a_lab_that_reserves_its_cases_closes_their_threads_to_those_who_have_not_come_yet(
    room: Room, house: House
) -> None:
    room.opens("after")
    room.staff.send(f"{room.path}/post", text="The answer")
    room.ben.check(RIGHT)
    begin_lab(room, house, room.ann, "at_once", reserve=False)
    assert "The answer" in room.ben.get(room.path).text
    begin_lab(room, house, room.ann, "at_once")
    assert "The answer" not in reads(room.ben, room)


def test_while_a_case_lies_in_an_open_exam_its_thread_waits(room: Room, house: House) -> None:
    room.ann.check(RIGHT)
    paper = papers.get(house.store, begin(room.ann))
    assert paper
    family = next(item.ref for item in paper.items if item.what == "case").partition("~")[0]
    house.store.writer.execute("UPDATE attempts SET case_id = ?", (family,))
    room.opens("after", family)
    room.staff.send(f"{room.path}/post", text="The answer")
    assert "The answer" not in reads(room.ann, room)
    assert finish(room.ann, paper.id).status_code == 303
    assert "The answer" in room.ann.get(room.path).text


def test_an_attempt_at_one_patient_of_a_case_opens_the_thread_of_all(room: Room, house: House) -> None:
    file = next(f for f in house.cases.encounters().values() if "~" in f.id and f.case.status == "ready")
    family = file.id.partition("~")[0]
    assert not talk.knows_case(house.store, room.ann.id, family)[0]
    room.ann.check(["I10"], case=file.id)
    assert talk.knows_case(house.store, room.ann.id, family)[0]
    assert not talk.knows_case(house.store, room.ann.id, family[:-1])[0]


def test_a_closed_thread_is_there_for_the_staff_only(room: Room) -> None:
    room.opens("closed")
    room.ann.check(RIGHT)
    assert room.ann.get(room.path).status_code == 404 and room.path not in room.ann.get(f"/class/{room.id}/talk").text
    assert room.staff.get(room.path).status_code == 200


def test_a_case_leads_to_its_threads_in_ones_own_classes(room: Room) -> None:
    room.opens("after")
    led = f'href="{room.path}"'
    page = room.ann.get(f"/cases/{HIP}").text
    assert led in page and "Coding 101" in page
    for who in (room.other, room.stranger):
        assert led not in who.get(f"/cases/{HIP}").text
    room.ann.check(RIGHT)
    own = room.ann.get("/attempts").text.partition('href="/attempts/')[2].partition('"')[0]
    assert led in room.ann.get(f"/attempts/{own}").text
    room.opens("closed")
    assert led not in room.ann.get(f"/cases/{HIP}").text


def ask(who: Person, room: Room, text: str, case: str = "") -> str:
    answer = who.send(f"/class/{room.id}/talk/ask", text=text, case=case)
    assert answer.status_code == 303
    return str(answer.location).partition("#")[0]


def test_a_question_is_between_one_learner_and_the_staff(room: Room) -> None:
    path = ask(room.ann, room, "Why is mine *wrong*?")
    for staff in (room.staff, room.helper, room.owner):
        assert "Why is mine <em>wrong</em>?" in staff.get(path).text
        assert staff.send(f"{path}/post", text="Look again").status_code == 303
    assert room.ann.get(path).text.count("Look again") == 3
    for nobody in (room.ben, room.other, room.stranger):
        assert nobody.get(path).status_code == 404
        for what in ("post", "new", "remove"):
            assert nobody.send(f"{path}/{what}", htmx=True, text="x", seen="0,", post="1").status_code == 404
        assert (
            "mine" not in nobody.get(f"/class/{room.id}/talk").text.replace("Why is mine", "mine!")
            or nobody is room.ann
        )
    assert "Why is mine" not in room.ben.get(f"/class/{room.id}/talk").text


def test_a_reply_that_names_a_code_waits_for_the_learners_own_attempt(room: Room) -> None:
    path = ask(room.ann, room, "Is the fracture traumatic?", HIP)
    room.staff.send(f"{path}/post", text="Read the guideline on osteoporosis.")
    room.staff.send(f"{path}/post", text=f"It is {ANSWER}, plainly.")
    text = room.ann.get(path).text + new(room.ann, path)
    assert "guideline on osteoporosis" in text and "plainly" not in text
    room.ann.check(["I10/Y"])
    assert "plainly" in room.ann.get(path).text


def test_a_question_is_answered_and_open_again(room: Room) -> None:
    path = ask(room.ann, room, "Well?")
    number = path.rsplit("/", 1)[1]
    assert room.ann.send(f"/classes/{room.id}/talk/questions/{number}/settle", settled="1").status_code == 404
    room.staff.send(f"/classes/{room.id}/talk/questions/{number}/settle", settled="1")
    assert "answered" in room.ann.get(f"/class/{room.id}/talk").text
    room.ann.send(f"{path}/post", text="One thing more")
    assert ", answered" not in room.ann.get(f"/class/{room.id}/talk").text


GETS = ("/class/{}/talk", "/class/{}/talk/ask", "/class/{}/talk/threads/{}", "/class/{}/hours")
STAFF_GETS = ("/classes/{}/talk", "/classes/{}/hours")
POSTS = (
    *("/class/{}/talk/threads/{}/post", "/class/{}/talk/threads/{}/new", "/class/{}/talk/threads/{}/remove"),
    *("/class/{}/talk/ask", "/class/{}/hours/now", "/class/{}/hours/join", "/class/{}/hours/leave"),
)
STAFF_POSTS = (
    *("/classes/{}/talk/open", "/classes/{}/talk/unread", "/classes/{}/talk/questions/1/settle"),
    *(f"/classes/{{}}/hours/{what}" for what in ("now", "open", "close", "call", "finish")),
)


def test_every_address_is_closed_to_strangers_and_those_of_the_staff_to_learners(room: Room) -> None:
    room.opens("before")
    for who, gets, posts in (
        (room.stranger, GETS + STAFF_GETS, POSTS + STAFF_POSTS),
        (room.other, GETS + STAFF_GETS, POSTS + STAFF_POSTS),
        (room.ann, STAFF_GETS, STAFF_POSTS),
    ):
        for path in gets:
            assert who.get(path.format(room.id, room.thread)).status_code == 404, path
        for path in posts:
            address = path.format(room.id, room.thread)
            assert who.send(address, case=HIP, opens="after", text="x", post="1", about="").status_code == 404, path
    for who in (room.staff, room.helper, room.owner):
        for path in GETS + STAFF_GETS:
            assert who.get(path.format(room.id, room.thread)).status_code == 200, path
    for path in GETS:
        assert room.ann.get(path.format(room.id, room.thread)).status_code == 200, path


def test_a_thread_is_not_reached_through_another_class(room: Room, house: House) -> None:
    room.opens("before")
    room.ann.send(f"{room.path}/post", text="Ours alone")
    there = classes.create(house.store, room.owner.id, "Third", "name")
    classes.add_learner(house.store, there.id, room.stranger.id, "Sam")
    path = f"/class/{there.id}/talk/threads/{room.thread}"
    assert (
        room.stranger.get(path).status_code == 404 and room.stranger.send(f"{path}/post", text="x").status_code == 404
    )


def test_no_id_of_a_learner_is_in_any_page(room: Room) -> None:
    room.opens("before")
    room.ann.send(f"{room.path}/post", text="Hello")
    path = ask(room.ann, room, "Well?")
    room.staff.send(f"/classes/{room.id}/hours/open")
    room.ann.send(f"/class/{room.id}/hours/join", about="the fall")
    for page in (room.path, path, f"/classes/{room.id}/talk", f"/classes/{room.id}/hours", f"/class/{room.id}/hours"):
        text = room.staff.get(page).text
        assert room.ann.id not in text and room.staff.id not in text


def test_new_posts_come_as_fragments_and_only_once(room: Room) -> None:
    room.opens("before")
    seen = field(room.ann.get(room.path).text, "seen")
    assert room.ann.send(f"{room.path}/new", htmx=True, seen=seen).status_code == 204
    room.ben.send(f"{room.path}/post", text="First")
    answer = room.ann.send(f"{room.path}/new", htmx=True, seen=seen)
    assert answer.status_code == 200 and "First" in answer.text and 'hx-swap-oob="true"' in answer.text
    seen = field(answer.text, "seen")
    assert room.ann.send(f"{room.path}/new", htmx=True, seen=seen).status_code == 204
    mine = room.ann.send(f"{room.path}/post", htmx=True, seen=seen, text="Second", token="t")
    assert "Second" in mine.text and "First" not in mine.text and 'id="talk-write"' in mine.text
    twice = room.ann.send(f"{room.path}/post", htmx=True, seen="0,", text="Second", token="t")
    assert twice.text.count("Second") == 1
    plain = room.ann.send(f"{room.path}/new", seen=seen)
    assert plain.status_code == 303 and room.ann.get(plain.location.partition("#")[0]).status_code == 200


@pytest.mark.parametrize("text", ["", "  \n ", "\u200b", "x" * 4001])
@pytest.mark.parametrize("htmx", [True, False])
def test_what_cannot_be_sent_is_said_and_what_was_typed_stays(room: Room, text: str, htmx: bool) -> None:
    room.opens("before")
    answer = room.ann.send(f"{room.path}/post", htmx=htmx, text=text)
    assert answer.status_code == 400 and 'id="talk-fault"' in answer.text and text.strip(" \n\u200b") in answer.text
    answer = room.ann.send(f"/class/{room.id}/talk/ask", text=text)
    assert answer.status_code == 400 and 'id="talk-fault"' in answer.text


def test_whoever_writes_too_fast_is_told_and_loses_nothing(room: Room) -> None:
    room.opens("before")
    for n in range(6):
        assert room.ann.send(f"{room.path}/post", text=f"number {n}").status_code == 303
    answer = room.ann.send(f"{room.path}/post", htmx=True, text="one too many")
    assert answer.status_code == 400 and "a little later" in answer.text and "one too many" in answer.text
    assert "one too many" not in room.staff.get(room.path).text


def test_a_removed_post_says_by_whom_to_the_staff_and_nothing_to_others(room: Room) -> None:
    room.opens("before")
    room.ann.send(f"{room.path}/post", text="Not nice")
    seen = field(room.ben.get(room.path).text, "seen")
    assert room.ben.send(f"{room.path}/remove", post="1").status_code == 404
    assert room.helper.send(f"{room.path}/remove", post="1").status_code == 303
    fragment = room.ben.send(f"{room.path}/new", htmx=True, seen=seen).text
    assert 'id="post-1" hx-swap-oob="true"' in fragment
    for text in (fragment, room.ann.get(room.path).text):
        assert (
            "removed by staff." in text and "Not nice" not in text and "Hal" not in text.replace("Hal Helper</a>", "")
        )
    told = room.staff.get(room.path).text
    assert "Not nice" in told and re.search(r"removed by staff \(Hal Helper\) on \d{4}-\d\d-\d\d", told)
    assert room.helper.send(f"{room.path}/remove", post="1").status_code == 404


def test_a_long_thread_is_read_page_by_page(room: Room) -> None:
    room.opens("before")
    for n in range(250):
        room.staff.send(f"{room.path}/post", text=f"Post no {n}.", early="1")
    page, read = room.path, ""
    while page:
        text = room.ann.get(page).text
        read += text
        earlier = re.search(r'href="([^"]+)">Earlier posts', text)
        page = earlier[1] if earlier else ""
    assert [int(n) for n in sorted(re.findall(r"Post no (\d+)\.", read), key=int)] == [*range(250)]
    assert "Post no 249." in room.ann.get(room.path).text and 'id="talk-write"' not in text


def test_staff_are_marked_and_learners_go_by_their_name_in_the_class(room: Room) -> None:
    room.opens("before")
    for who in (room.staff, room.helper, room.ann):
        who.send(f"{room.path}/post", text="Hello", early="1")
    text = room.staff.get(room.path).text
    for name, chip in (("Iris Instructor", "instructor"), ("Hal Helper", "assistant")):
        assert f'<strong>{name}</strong> <span class="chip">{chip}</span>' in text
    assert '<strong>Ann Lee</strong> <span class="soft' in text


def test_what_is_new_is_counted_for_the_staff(room: Room) -> None:
    room.opens("before")
    where = f"/classes/{room.id}/talk/unread"
    room.ann.send(f"{room.path}/post", text="Hello")
    ask(room.ann, room, "Well?")
    room.staff.send(f"/classes/{room.id}/hours/open")
    room.ben.send(f"/class/{room.id}/hours/join")
    answer = room.staff.send(where, htmx=True, seen="")
    assert "1 new post, 1 question with something new, 1 waiting" in answer.text
    assert room.staff.send(where, htmx=True, seen="1-1-1").status_code == 204
    room.staff.get(room.path)
    assert "0 new posts, 1 question" in room.staff.send(where, htmx=True, seen="1-1-1").text


def test_the_queue_shows_ones_place_and_calls_in_order(room: Room) -> None:
    mine, desk = f"/class/{room.id}/hours", f"/classes/{room.id}/hours"
    assert "closed just now" in room.ann.get(mine).text
    assert "number" not in room.ann.send(f"{mine}/join", htmx=True).text
    room.staff.send(f"{desk}/open")
    assert "number 1 in the queue" in room.ann.send(f"{mine}/join", htmx=True, about="<b>fall</b>").text
    assert room.ben.send(f"{mine}/join").status_code == 303 and "number 2" in room.ben.get(mine).text
    assert "&lt;b&gt;fall&lt;/b&gt;" in room.staff.get(desk).text
    assert "fall" not in room.ben.get(mine).text and "Ann" not in room.ben.get(mine).text
    seen = field(room.ben.get(mine).text, "seen")
    assert room.ben.send(f"{mine}/now", htmx=True, seen=seen).status_code == 204
    room.staff.send(f"{desk}/call")
    assert "your turn" in room.ann.get(mine).text
    assert "number 1" in room.ben.send(f"{mine}/now", htmx=True, seen=seen).text
    assert "are open" in room.ben.send(f"{mine}/leave", htmx=True).text
    place = field(room.staff.get(desk).text.partition("Called")[2], "place")
    assert "Ann Lee" not in room.staff.send(f"{desk}/finish", htmx=True, place=place).text
    assert "are open" in room.ann.get(mine).text
    room.staff.send(f"{desk}/close")
    assert "closed just now" in room.ann.get(mine).text


def test_hostile_text_in_every_field_is_drawn_harmless(room: Room, house: House) -> None:
    room.opens("before")
    room.staff.send(f"/classes/{room.id}/hours/open")
    with house.store.write() as db:
        db.execute("UPDATE members SET name = ? WHERE learner = ?", ("<img src=x onerror=alert(1)>", room.ann.id))
    clean = {path: shape(room.staff.get(path).text) for path in (f"/classes/{room.id}/hours",)}
    assert clean
    for n, text in enumerate(HOSTILE):
        house.store.writer.execute("UPDATE posts SET made = '2026-01-01T00:00:00.000Z'")
        house.store.writer.execute("UPDATE replies SET made = '2026-01-01T00:00:00.000Z'")
        house.store.writer.execute("UPDATE questions SET settled = 'x'")
        room.ann.send(f"{room.path}/post", text=text + ".", token=text)
        path = ask(room.ann, room, text + ".")
        room.ann.send(f"/class/{room.id}/hours/leave")
        room.ann.send(f"/class/{room.id}/hours/join", about=text)
        if n % 10 == 0:
            for page in (path, f"/classes/{room.id}/hours"):
                shape(room.staff.get(page).text)
    for page in (room.path, f"/classes/{room.id}/talk", f"/class/{room.id}/talk"):
        for who in (room.staff, room.ann):
            shape(who.get(page).text)
    for words in re.findall(r'<div class="words">(.*?)</div>', room.staff.get(room.path).text, re.DOTALL):
        assert_harmless(words)


_OURS = """
a article blockquote body br button caption code dd details dialog div dl dt em fieldset footer form h1 h2 h3 head
header html input kbd label legend li link main meta nav noscript ol optgroup option p pre script section select span
strong summary table tbody td textarea th thead title tr ul"""
OURS = frozenset(_OURS.split())


def shape(page: str) -> set[str]:
    """The elements of a page, read as a browser reads it: none but ours, no attribute that runs, no other host's link
    but those that somebody wrote."""
    found: set[str] = set()

    class Look(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            found.add(tag)
            assert tag in OURS, tag
            for name, value in attrs:
                assert not name.startswith(("on", "hx-on", "style", "srcdoc")), (tag, name)
                if name in ("href", "src", "action", "hx-post"):
                    assert re.match(r"https?://|mailto:|/|#|$", value or ""), value
                    assert not (value or "").startswith("//")
                    assert tag != "script" or (value or "").startswith("/static/")

    Look().feed(page)
    return found
