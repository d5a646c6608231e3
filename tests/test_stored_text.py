"""Code in every text field there is: sent, kept, and on no page ever more than text.

The fields are found, not listed: the browser of ``crawling.py`` goes over every page, fills every form that it meets
with code, and goes over every page again. A form that it never met, or a text field of a template that it never filled,
fails the test.
"""

import csv
import io
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from itertools import count
from pathlib import Path
from typing import Any, Final
from urllib.parse import urldefrag, urljoin, urlsplit

import ltikit
import pytest
import yaml
from argon2 import PasswordHasher
from crawling import TYPED, Form, Page
from deskkit import Teacher
from flask import Flask
from ltikit import Visitor
from ltiplatform import Platform, User
from resultkit import Room
from webkit import Learner
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from sandbox.cases import blueprint, reader
from sandbox.classroom import passwords
from sandbox.classroom.lab import Plan
from sandbox.drills import KINDS
from sandbox.store import accounts, attempts, board, classes, disputes, labs, officehours, people
from sandbox.web import disputing, limits, projector
from sandbox.web.window import Moments
from tests.small_case import INJECTED, QUERY, VARIED, spoiled

ROOT: Final = Path(__file__).resolve().parent.parent
MARK: Final = "xq7"
CODE: Final = (
    f'={MARK}{{{{7777*7777777}}}}"></title></textarea><xssprobe><script>x()</script>',
    f"""javascript:x()//{MARK}'onmouseover=x ' "onmouseover=x "[x](javascript:x())""",
)
"""What tries to leave an element, and what tries to stay in one. Short fields take the first 60 characters."""

HOLY: Final = frozenset(("csrf_token",))
"""What is sent as it came: without it nothing is kept."""

SENSIBLE: Final = {
    "dx_code": "J02.0",
    "title": "A sore throat again",
    "specialty": "family medicine",
    "query_text": "What did the fever mean, in your judgement?",
    "kind": "chart",
    "text": "What stands there is not so.",
    "claim": "office F8 2026-05-04: J02.0",
    "dx": "J02.0",
    "date": "2026-05-04",
    "age": "8",
    "to": "2026-10-01",
}
"""What is typed into an empty field while another one is tried."""

BY_SCRIPT: Final = {
    "reference.suggest": (
        "/codes/suggest",
        {"q": "hip", "system": "icd-10-cm", "case_id": "hostile", "on": "2026-05-04"},
    ),
    "me.spent": ("/cases/hostile/spent", {"seconds": "20", "token": "a"}),
}
"""POST that only scripts send → (address, fields)."""

LAST: Final = frozenset(
    ("sitting.finish", "audit.done", "classroom.change_member", "signin.change", "signin.everywhere", "signin.sign_out")
)
"""What ends something is sent when all else is done."""

BOTH: Final[Sequence[dict[str, str]]] = ({}, {"HX-Request": "true"})
"""What a request says that htmx does not make, and one that it makes."""

_NUMBER: Final = re.compile(r"-?\d+(\.\d+)?")

MOST: Final = 3
"""Addresses of one kind of page that are looked at; those of the hostile case are all looked at."""


def hostile(text: str, code: str, works: Any) -> str:
    """A YAML text with the code in every string of it that may be any text: where ``works`` still takes it."""
    whole = yaml.safe_load(text)

    def leaves(at: Any) -> Iterator[tuple[Any, Any]]:
        for key, value in list(at.items() if isinstance(at, dict) else enumerate(at)):
            if isinstance(value, dict | list):
                yield from leaves(value)
            elif isinstance(value, str):
                yield at, key

    changed = 0
    for at, key in leaves(whole):
        before = at[key]
        for attempt in (f"{before}\n{code}\n", f"{before} {code}", f"{code} {before}", f"{before}{code}"):
            at[key] = attempt
            if works(yaml.safe_dump(whole, allow_unicode=True, width=10_000)):
                changed += 1
                break
        else:
            at[key] = before
    assert changed >= 2
    return yaml.safe_dump(whole, allow_unicode=True, width=10_000)


def _plain(name: str) -> str:
    return re.sub(r"\d+", "0", name)


def playable(text: str) -> bool:
    return reader.read(text.encode(), "hostile.yaml").case is not None


PLAN = """\
title: A small paper
about: One of each.
minutes: 20
pass_mark: 50
domains:
  - {name: Short questions, weight: 50, items: 2, drills: [seventh, side]}
  - {name: Charts, weight: 50, items: 1, cases: {settings: [office]}}
"""


_TOKEN: Final = re.compile(r'name="csrf-token" content="([^"]+)"')
_parsed: Final = lru_cache(maxsize=512)(Page)


def taken_apart(html: str) -> tuple[Page, str]:
    """The page taken apart, without its token, and the token: but for it, half of all answers were there before."""
    token = found[1] if (found := _TOKEN.search(html)) else ""
    return _parsed(html.replace(token, "token") if token else html), token


@dataclass
class Walk:
    """One browser, and what it has met: ``filled`` fields with their endpoints, endpoints that it ``posted`` to."""

    app: Flask
    browser: Learner
    code: str
    files: dict[str, bytes]
    seen: set[str] = field(default_factory=set)
    kinds: dict[str, int] = field(default_factory=dict)
    done: set[tuple[str, ...]] = field(default_factory=set)
    filled: set[tuple[str, str]] = field(default_factory=set)
    posted: set[str] = field(default_factory=set)
    dangers: list[str] = field(default_factory=list)
    marks: int = 0
    queue: list[str] = field(default_factory=list)
    late: list[tuple[str, Form, str]] = field(default_factory=list)
    known: dict[tuple[str, str], str] = field(default_factory=dict)

    def endpoint(self, path: str, method: str) -> str:
        asked = urlsplit(path).path, method
        if asked not in self.known:
            try:
                self.known[asked] = str(self.app.url_map.bind("localhost").match(*asked)[0])
            except HTTPException:
                self.known[asked] = ""
        return self.known[asked]

    def go(self, *starts: str) -> None:
        """Look at every page that can be reached, and send every form there."""
        self.queue.extend(starts)
        while self.queue or self.late:
            while self.queue:
                self.visit(self.queue.pop(0))
            if self.late:
                self.send_all(*self.late.pop(0), now=True)

    def visit(self, path: str) -> None:
        if path in self.seen:
            return
        endpoint = self.endpoint(path, "GET")
        ours = "hostile" in path or MARK in path
        if endpoint in ("", "static") or self.kinds.get(endpoint, 0) >= (12 if ours else MOST):
            return
        self.seen.add(path)
        self.kinds[endpoint] = self.kinds.get(endpoint, 0) + 1
        self.take(path, self.browser.get(path))

    def take(self, path: str, answer: TestResponse, asked: str = "") -> None:
        """Look at an answer: its dangers, its links, its forms."""
        assert answer.status_code < 500, f"{path} {asked}: {answer.status_code}"
        if answer.status_code in (301, 302, 303):
            to = urldefrag(urljoin(path, answer.headers["Location"]))[0]
            self.seen.add(to)
            self.take(to, self.browser.get(to), asked)
            return
        if answer.mimetype != "text/html":
            self.other(path, answer)
            return
        page, token = taken_apart(answer.text)
        self.marks += answer.text.count(MARK)
        self.dangers += [f"{path} {asked}: {danger}" for danger in page.dangers]
        if answer.status_code == 200:
            links = (urldefrag(urljoin(path, link))[0] for link in dict.fromkeys(page.links))
            self.queue += [
                link for link in links if link.startswith("/") and not link.startswith("//") and link not in self.seen
            ]
        for form in page.forms:
            self.send_all(path, form, token)
            if form.also and (form.also, form.method) != (form.action, "post"):
                self.send_all(path, replace(form, action=form.also, method="post", buttons=[]), token)

    def other(self, path: str, answer: TestResponse) -> None:
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        if answer.mimetype == "image/svg+xml" and re.search(r"<script|\son\w+=|javascript:", answer.text):
            self.dangers.append(f"{path}: code in an image")

        if answer.mimetype == "text/csv":
            rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
            runs = [
                cell for row in rows for cell in row if cell[:1] in (*"=+-@\t\r\n",) and not _NUMBER.fullmatch(cell)
            ]
            self.dangers += [f"{path}: a cell that a spreadsheet runs: {cell[:40]!r}" for cell in runs]

    def send_all(self, path: str, form: Form, token: str, now: bool = False) -> None:
        """Send a form with code in all that may be typed, then in one field after the other, then by each button."""
        action = urljoin(path, form.action or path)
        endpoint = self.endpoint(action, form.method.upper())
        if not endpoint:
            return
        if endpoint in LAST and not now:
            self.late.append((path, form, token))
            return
        base = {name: [v[0] or SENSIBLE.get(name, ""), *v[1:]] for name, v in form.values().items()}
        if token:
            base["csrf_token"] = [token]
        files = {one.name for one in form.fields if one.kind == "file"}
        open_ones = {one.name for one in form.fields if one.kind in TYPED}
        names = {one.name for one in form.fields} - HOLY
        self.filled |= {(endpoint, name) for name in names}
        for name, value, elsewhere in form.buttons:
            to = urljoin(path, elsewhere) if elsewhere else action
            if self.first(
                to_where := self.endpoint(to, form.method.upper()), form.method, "button", name, _plain(value)
            ):
                self.send(to, to_where, form.method, {**base, **({name: [value]} if name else {})}, files)
        # A row more makes other names, and is tried like the first. What is all code comes last, and stays.
        fresh = [{name} for name in sorted(names) if self.first(endpoint, form.method, _plain(name))]
        if fresh or self.first(endpoint, form.method):
            # By script and without it where nothing or all is code; one field after the other in turns.
            turns = (BOTH, *(BOTH[n % 2 : n % 2 + 1] for n in range(len(fresh))), BOTH)
            for code_in, ways in zip((set(), *fresh, open_ones), turns, strict=True):
                fields = {n: [self.typed(endpoint, n), *v[1:]] if n in code_in else v for n, v in base.items()}
                self.send(action, endpoint, form.method, fields, files, ways)

    def first(self, *what: str) -> bool:
        """Whether this is done for the first time."""
        fresh = what not in self.done
        self.done.add(what)
        return fresh

    def typed(self, endpoint: str, name: str) -> str:
        if name == "text" and endpoint.startswith("editor."):
            return self.files["hostile.yaml"].decode()
        return self.code

    def send(
        self,
        to: str,
        endpoint: str,
        method: str,
        fields: dict[str, list[str]],
        files: set[str],
        ways: Sequence[dict[str, str]] = BOTH,
    ) -> None:
        pairs: list[tuple[str, Any]] = [(n, v) for n, values in fields.items() if n not in files for v in values]
        if method == "get":
            self.take(to, self.browser.client.get(urlsplit(to).path, query_string=MultiDict(pairs)), str(fields)[:120])
            return
        self.posted.add(endpoint)
        for htmx in ways:
            for name in files:
                for called, content in self.files.items():
                    sent = [*pairs, (name, FileStorage(io.BytesIO(content), called))]
                    self.take(to, self.browser.client.post(to, data=MultiDict(sent), headers=htmx), called)
            if not files:
                self.take(to, self.browser.client.post(to, data=MultiDict(pairs), headers=htmx), str(fields)[:120])


@pytest.fixture
def case_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "cases"
    (folder / "office").mkdir(parents=True)
    for path in ("orthopedics/hip-pain-after-a-fall.yaml", "cardiology/pressure-in-the-chest-overnight.yaml"):
        (folder / "office" / Path(path).name).write_bytes((ROOT / "cases" / path).read_bytes())
    return folder


@pytest.fixture
def _secrets_are_kept_cheaply(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred times somebody signs in here: by argon2id as everywhere, which need not be slow for that."""
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.mark.usefixtures("_secrets_are_kept_cheaply")
@pytest.mark.parametrize("code", CODE)
def test_code_in_every_text_field_stays_text(data: Path, case_folder: Path, code: str) -> None:
    case = spoiled("status: draft", "status: ready", VARIED).replace("hints: [", f"{INJECTED}{QUERY}hints: [")
    evil = hostile(case, code, playable)
    (case_folder / "office" / "hostile.yaml").write_text(evil, encoding="utf-8")
    plan_file = case_folder / "exams" / "paper.yaml"
    plan_file.parent.mkdir()

    def drawable(text: str) -> bool:
        plan_file.write_text(text, encoding="utf-8")
        found = blueprint.read(plan_file, "paper.yaml").blueprint
        return bool(found) and all({*d.drills} <= {*KINDS} and MARK not in str(d.cases) for d in found.domains)

    plan_file.write_text(hostile(PLAN, code, drawable), encoding="utf-8")
    platform = Platform()
    app = ltikit.app_for(data, platform, case_folder)
    # An hour between any two requests: a browser that tries everything is faster than the limits allow.
    app.extensions["limits"] = limits.Limiter(Moments(partial(next, count(0.0, 3600.0))))
    files = {
        "hostile.yaml": evil.encode(),
        "hostile-too.yaml": evil.encode(),
        f"{code}.yaml": evil.encode(),
        "broken.yaml": code.encode(),
    }
    teacher, learners = Teacher(app), [Learner(app) for _ in range(5)]
    link = f"/instructor/{people.new_link(app.extensions['sandbox'].store)}"
    room = a_room(app, teacher, learners[3])
    disputed = a_dispute(app, room, code)
    # The address of its projector, whose page asks by script for what is new.
    board.new_address(app.extensions["sandbox"].store, room.lab)
    with app.test_request_context():
        wall = urlsplit(projector.address(app.extensions["sandbox"], room.lab)).path
    walks = []
    for browser, starts in (
        (
            learners[3],
            (f"/class/{room.class_id}", f"/labs/{room.lab}", f"/class/{room.class_id}/hours", "/account", disputed),
        ),
        (learners[4], ("/join", f"/join/{room.code}", "/signin", "/account")),
        (teacher, ("/teach", "/cases/hostile", "/", "/me/log/check", f"/classes/{room.class_id}", "/people")),
        (learners[0], ("/", "/cases/hostile", "/book/icd-10-cm/J02.0", "/rules", "/drills", "/me", "/keys", "/about")),
        (learners[1], ("/exams", "/me")),
        (learners[2], (link,)),
    ):
        walk = Walk(app, browser, code, files)
        walk.go(*starts)
        for address, fields in (*BY_SCRIPT.values(), (wall, {"seen": "a", "case": "hostile"})):
            token = Page(browser.get("/").text).token
            for name in fields:
                given = {**fields, name: code, "csrf_token": token}
                walk.take(address, browser.client.post(address, data=given, headers={"HX-Request": "true"}), name)
        walks.append(walk)
    # What the first one left behind, the others may see only now; and the case has changed since it was begun.
    learners[0].post("/cases/hostile/draft", ["J02.0"], **learners[0].open("hostile"))
    (case_folder / "office" / "hostile.yaml").write_text(evil.replace("A sore throat", "A sore neck"), encoding="utf-8")
    app.extensions["sandbox"].cases.refresh()
    for walk in walks:
        walk.seen, walk.kinds = set(), {}
        walk.go("/", "/teach", "/me", "/exams", "/book", "/cases/hostile", "/attempts")
    walks += from_a_school(app, platform, code)
    platform.close()
    app.extensions["sandbox"].close()
    # Where what was picked goes back to, is the platform's own address.
    dangers = {danger for walk in walks for danger in walk.dangers if f"{platform.issuer}/return" not in danger}
    assert "\n".join(sorted(dangers)) == ""
    assert sum(walk.marks for walk in walks) > 500, "what was sent is hardly to be seen: nothing was tried"
    sent = {*BY_SCRIPT, "projector.live"}.union(*(walk.posted for walk in walks))
    posts = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}
    assert posts - sent == set(), "a form that was never sent"
    met = {name for walk in walks for _, name in walk.filled}
    unmet = [name for name in in_templates() if not any(re.fullmatch(name, one) for one in met)]
    assert unmet == [], "a text field of a template that was never filled"


def from_a_school(app: Flask, platform: Platform, code: str) -> list[Walk]:
    """Code in all that a school's system says of a course and of those who come from it, and in the forms for them."""
    teacher = Teacher(app)
    with teacher.client.session_transaction() as session:
        room = classes.create(app.extensions["sandbox"].store, session["learner"], "School", "name")
    assert Visitor(app).send(f"/join/{room.code}", who="Ada", secret="836251", again="836251").status_code == 303
    ours, theirs = Walk(app, Visitor(app), code, {}), Walk(app, teacher, code, {})
    visitor = Visitor(app)
    for path, fields in (
        ("/lti/login", platform.login(User("x", "x"))),
        ("/lti/launch", {"id_token": "", "state": ""}),
    ):
        ours.posted.add(ours.endpoint(path, "POST"))
        for name in fields:
            ours.take(path, visitor.client.post(path, data={**fields, name: code}), name)
    platform.context = {"id": "another", "title": code}
    ours.take("/lti/launch", visitor.launch(platform, User("new", code)))
    course = visitor.launch(platform, User("t", code, "Instructor")).headers["Location"]
    theirs.take(course, teacher.get(course))
    platform.context = {"id": "course-1", "title": code}
    ltikit.bind(app.extensions["sandbox"], platform, room.id, code)
    ours.take("/lti/select", visitor.launch(platform, User("t", code, "Instructor"), select=True))
    first = visitor.launch(platform, User("s-1", code, email=code))
    (token,) = {one.value for form in Page(first.text).forms for one in form.fields if one.name == "token"}
    ours.take("/lti/same", visitor.send("/lti/same", token=token, who=code, secret="x"))
    ours.browser = visitor
    ours.take("/lti/launch", first)
    for browser, path in ((ours, "/account"), (theirs, f"/classes/{room.id}/lti"), (theirs, f"/classes/{room.id}")):
        browser.take(path, browser.browser.get(path))
    return [ours, theirs]


@dataclass(frozen=True)
class Classroom:
    """A class with office hours, a lab that goes on, and its code."""

    class_id: int
    lab: int
    code: str


def a_room(app: Flask, teacher: Teacher, learner: Learner) -> Classroom:
    """A class of the teacher in which the learner sits in a lab."""
    store, ids = app.extensions["sandbox"].store, []
    for browser in (teacher, learner):
        browser.get("/cases/hip-pain-after-a-fall")
        with browser.client.session_transaction() as session:
            ids.append(session["learner"])
            session["met"] = True
    people.add_learner(store, ids[1], "Ada")
    found = classes.create(store, ids[0], "Class", "guests")
    classes.add_learner(store, found.id, ids[1], "Ada")
    accounts.put(store, ids[1], "", passwords.kept("836251"))
    with learner.client.session_transaction() as session:
        session.update(account=0, since=int(time.time()), used=int(time.time()))
    lab = labs.create(store, found.id, ids[0], "Lab", Plan(reserve=False), ("hip-pain-after-a-fall",), None, None)
    labs.start(store, lab)
    app.extensions["sandbox"].labs.renew(lab)
    officehours.open(store, found.id)
    return Classroom(found.id, lab, found.code)


OTHER: Final = "pressure-in-the-chest-overnight"
"""A case that no lab has."""


def a_dispute(app: Flask, room: Classroom, code: str) -> str:
    """Three disputes of the learner about one attempt, two of them about lines with the code in their words.

    Returns the address of the form.
    """
    house = app.extensions["sandbox"]
    (seat,) = [one for one in classes.members(house.store, room.class_id) if one.role == "learner"]
    attempt = Room(house, room.class_id, 0).hand_in(seat.learner, OTHER, "I10")
    report = attempts.get(house.store, attempt)
    assert report
    line = next(iter(disputing.disputable(report).values()))
    for place, (id, said) in enumerate(((code, code), ("dx1", line), ("dx2", f"{code} {line}"))):
        new = disputes.New(room.class_id, seat.learner, attempt, place, id, said, OTHER, code, "hp", code)
        assert disputes.add(house.store, new, 5)
    return f"/attempts/{attempt}/dispute"


_TEXT_FIELD: Final = re.compile(r"<(input|textarea)\b((?:[^>{]|\{\{.*?\}\}|\{%.*?%\})*)>", re.DOTALL)


def in_templates() -> list[str]:
    """The fields of all templates into which anything may be typed, as patterns of their names."""
    found = set()
    for path in (ROOT / "templates").rglob("*.html"):
        for tag, attrs in _TEXT_FIELD.findall(path.read_text(encoding="utf-8")):
            kind, name = re.search(r'type="(\w+)"', attrs), re.search(r'name="([^"]+)"', attrs)
            if name and (tag == "textarea" or (kind[1] if kind else "text") in TYPED):
                found.add(".+".join(map(re.escape, re.split(r"\{\{.*?\}\}", name[1]))))
    return sorted(found)


def test_the_fields_of_the_templates_are_found() -> None:
    found = in_templates()
    assert {"note", "text", "query_text", ".+_code", "seal", "name"} <= set(found)
    assert len(found) >= 14


@pytest.mark.parametrize(
    "html",
    [
        "<p><script>go()</script>",
        '<script src="//evil.example/x.js"></script>',
        "<p onmouseover=x>",
        '<a href=" javascript:x()">',
        '<a href="//evil.example">',
        '<form action="https://evil.example">',
        "<xssprobe>",
        '<p style="color: red">',
        '<div hx-vals="js:{a: 1}">',
        '<meta http-equiv="refresh" content="0">',
        "<p>60487771729</p>",
    ],
)
def test_code_is_found(html: str) -> None:
    assert Page(html).dangers


def test_what_is_only_text_is_no_danger() -> None:
    html = '<script src="/static/js/case.js?v=ab12"></script><p title="onclick=x">&lt;script&gt; javascript:x()'
    assert Page(html).dangers == []
