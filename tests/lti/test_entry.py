"""Learners who come from a school's system: what is proved before they are let in, and who they are then."""

import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import jwt
import pytest
import resultkit
from accountkit import Person, teacher
from crawling import Page
from flask import Flask
from ltikit import ADDRESS, Visitor, app_for, configure
from ltiplatform import CLAIM, ROLE, Link, Platform, User, rsa
from resultkit import CASES, Room

from sandbox.classroom.roster import Entry
from sandbox.lti import claims
from sandbox.store import accounts, classes, labs, log, lti, people, persons, rosters
from sandbox.web import create_app
from sandbox.web.house import House
from sandbox.web.ltiwords import WORDS

ADA = User("u-ada", "Ada Lee")
TEACHER = User("u-teacher", "Tea Cher", "Instructor")


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    return Visitor(app)


def refused(answer: Any, why: str) -> bool:
    status, title, advice = WORDS[why]
    return (
        answer.status_code == status and title.split("'")[0] in answer.text and advice[:20].split("'")[0] in answer.text
    )


# Without the file


def test_without_the_file_there_is_no_door_and_nothing_is_imported(data: Path) -> None:
    app = create_app(data)
    client = app.test_client()
    for path in ("/lti/login", "/lti/launch", "/lti/keys", "/lti/select", "/lti/course/x", "/classes/1/lti"):
        assert client.get(path).status_code == 404
    app.extensions["sandbox"].close()
    code = (
        "import sys, pathlib\nfrom sandbox.web import create_app\nimport sandbox.server, sandbox.cli\n"
        f"create_app(pathlib.Path({str(data)!r})).extensions['sandbox'].close()\n"
        "heavy = {'pylti1p3', 'jwt', 'jwcrypto', 'cryptography', 'requests', 'urllib3'}\n"
        "print(sorted(heavy & {*sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_file_that_is_wrong_keeps_the_server_from_starting(data: Path) -> None:
    configure(data)
    (data / "lti.toml").write_text('address = "http://school.example"\n', encoding="utf-8")
    with pytest.raises(ValueError, match=r"lti\.toml: address: .* has to begin with https"):
        create_app(data)


# What is proved


def test_a_learner_comes_in_signed_in_and_in_the_class(
    visitor: Visitor, platform: Platform, house: House, room: Room
) -> None:
    answer = visitor.launch(platform, ADA)
    assert answer.status_code == 303 and answer.headers["Location"] == f"/class/{room.class_id}"
    me = visitor.id
    assert visitor.signed_in
    account = accounts.get(house.store, me)
    assert account and (account.login, account.secret) == ("", "")
    assert people.name_of(house.store, me) == "Ada Lee"
    assert classes.role(house.store, room.class_id, me) == "learner"
    assert visitor.get(answer.headers["Location"]).status_code == 200


def test_the_same_user_is_the_same_learner_and_another_is_not(app: Flask, platform: Platform, room: Room) -> None:
    first, again, other = Visitor(app), Visitor(app), Visitor(app)
    for who, user in ((first, ADA), (again, User("u-ada", "Ada Lovelace")), (other, User("u-2", "Ada Lee"))):
        assert who.launch(platform, user).status_code == 303
    assert first.id == again.id != other.id
    names = {one.name for one in classes.members(room.house.store, room.class_id)}
    assert {"Ada Lee", "Ada Lee (2)"} <= names
    assert people.name_of(room.house.store, first.id) == "Ada Lovelace"


def test_the_same_number_at_another_platform_is_somebody_else(house: House, platform: Platform) -> None:
    first = lti.person(house.store, platform.issuer, "1", "Ada")
    assert lti.person(house.store, platform.issuer, "1", "") == first
    assert lti.person(house.store, "https://other.example", "1", "Ada") != first
    assert people.name_of(house.store, first) == "Ada", "a launch without a name takes none away"


def test_two_launches_of_a_new_user_at_once_make_one_learner(app: Flask, platform: Platform, room: Room) -> None:
    visitors = [Visitor(app) for _ in range(4)]
    threads = [threading.Thread(target=one.launch, args=(platform, ADA)) for one in visitors]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len({one.id for one in visitors}) == 1
    assert sum(m.role == "learner" for m in classes.members(room.house.store, room.class_id)) == 1


def test_nobody_is_let_in_twice_by_one_token(app: Flask, visitor: Visitor, platform: Platform, room: Room) -> None:
    asked = visitor.asked(platform, ADA)
    token = platform.sign(platform.claims(ADA, Link(), asked["nonce"]))
    sent = {"id_token": token, "state": asked["state"]}
    cookie = visitor.client.get_cookie(f"lti-{asked['state']}", path="/lti")
    assert cookie
    assert visitor.client.post("/lti/launch", data=sent).status_code == 303
    visitor.client.set_cookie(f"lti-{asked['state']}", cookie.value, path="/lti")
    assert refused(visitor.client.post("/lti/launch", data=sent), "nonce")


def test_a_nonce_counts_only_for_the_login_that_it_was_made_for(
    app: Flask, visitor: Visitor, platform: Platform, room: Room
) -> None:
    mine, other = visitor.asked(platform, ADA), Visitor(app).asked(platform, ADA)
    token = platform.sign(platform.claims(ADA, Link(), other["nonce"]))
    answer = visitor.client.post("/lti/launch", data={"id_token": token, "state": mine["state"]})
    assert refused(answer, "nonce")


def test_a_launch_that_another_browser_began_is_refused(app: Flask, platform: Platform, room: Room) -> None:
    asked = Visitor(app).asked(platform, ADA)
    token = platform.sign(platform.claims(ADA, Link(), asked["nonce"]))
    victim = Visitor(app)
    for sent in ({"id_token": token, "state": asked["state"]}, {"id_token": token}, {"id_token": token, "state": ""}):
        assert refused(victim.client.post("/lti/launch", data=sent), "state")
    assert not victim.signed_in


def test_a_login_that_took_too_long_is_refused(app: Flask, visitor: Visitor, platform: Platform, room: Room) -> None:
    logins, begun = app.extensions["lti"].logins, visitor.asked(platform, ADA)
    logins.clock = lambda: time.monotonic() + 601
    token = platform.sign(platform.claims(ADA, Link(), begun["nonce"]))
    answer = visitor.client.post("/lti/launch", data={"id_token": token, "state": begun["state"]})
    assert refused(answer, "nonce")


@pytest.mark.parametrize(
    ("why", "changed"),
    [
        ("issuer", {"iss": "https://evil.example"}),
        ("client", {"aud": "another tool"}),
        ("client", {"aud": ["another tool", "tool-1"]}),
        ("client", {"aud": None}),
        ("nonce", {"nonce": "made up"}),
        ("nonce", {"nonce": None}),
        ("deployment", {f"{CLAIM}deployment_id": "another"}),
        ("deployment", {f"{CLAIM}deployment_id": None}),
        ("expired", {"exp": int(time.time()) - 3600, "iat": int(time.time()) - 4000}),
        ("expired", {"iat": int(time.time()) + 3600, "exp": int(time.time()) + 4000}),
        ("signature", {"exp": None}),
        ("signature", {"iat": None}),
        ("signature", {"sub": None}),
        ("message", {"sub": ""}),
        ("message", {f"{CLAIM}version": "1.1"}),
        ("message", {f"{CLAIM}roles": None}),
        ("message", {f"{CLAIM}resource_link": None}),
        ("message", {f"{CLAIM}resource_link": "text"}),
        ("message", {f"{CLAIM}message_type": "Other"}),
        ("course", {f"{CLAIM}context": None}),
        ("course", {f"{CLAIM}context": [1]}),
        ("role", {f"{CLAIM}roles": [f"{ROLE}Mentor"]}),
        ("role", {f"{CLAIM}roles": "Learner"}),
    ],
)
def test_what_is_not_as_it_should_be_is_refused_with_words(
    visitor: Visitor, platform: Platform, room: Room, why: str, changed: dict[str, Any]
) -> None:
    before = room.house.store.rows("SELECT id FROM learners")
    answer = visitor.launch(platform, ADA, **changed)
    assert refused(answer, why), answer.text
    assert not visitor.signed_in
    assert room.house.store.rows("SELECT id FROM learners") == before


def test_a_signature_of_another_key_is_refused_under_any_name(visitor: Visitor, platform: Platform, room: Room) -> None:
    for kid in ("platform", "unknown"):
        asked = visitor.asked(platform, ADA)
        token = platform.sign(platform.claims(ADA, Link(), asked["nonce"]), rsa("evil"), kid)
        answer = visitor.client.post("/lti/launch", data={"id_token": token, "state": asked["state"]})
        assert refused(answer, "signature")


@pytest.mark.parametrize("alg", ["none", "HS256"])
def test_a_token_without_a_real_signature_is_refused(
    visitor: Visitor, platform: Platform, room: Room, alg: str
) -> None:
    asked = visitor.asked(platform, ADA)
    key = "" if alg == "none" else "secret" * 10
    token = jwt.encode(platform.claims(ADA, Link(), asked["nonce"]), key, algorithm=alg, headers={"kid": "platform"})
    answer = visitor.client.post("/lti/launch", data={"id_token": token, "state": asked["state"]})
    assert refused(answer, "signature")


@pytest.mark.parametrize("token", ["", "a.b", "a.b.c", "ey.ey.ey", "💥.💥.💥", "W10.W10.W10", "bnVsbA.bnVsbA.bnVsbA"])
def test_what_is_no_token_is_refused(visitor: Visitor, platform: Platform, room: Room, token: str) -> None:
    asked = visitor.asked(platform, ADA)
    answer = visitor.client.post("/lti/launch", data={"id_token": token, "state": asked["state"]})
    assert answer.status_code in (400, 403) and "<h1>" in answer.text


def test_a_platform_that_cannot_be_asked_for_its_keys_is_told_apart(
    visitor: Visitor, platform: Platform, room: Room
) -> None:
    platform.close()
    assert refused(visitor.launch(platform, ADA), "keys")


def test_a_new_key_of_the_platform_is_found_at_once(visitor: Visitor, platform: Platform, room: Room) -> None:
    assert visitor.launch(platform, ADA).status_code == 303
    assert visitor.launch(platform, ADA).status_code == 303
    assert platform.asked.count("/keys") == 1
    platform.key = rsa("next")
    assert visitor.launch(platform, ADA).status_code == 303
    assert platform.asked.count("/keys") == 2


@pytest.mark.parametrize(
    ("changed", "why"),
    [({"iss": "https://evil.example"}, "issuer"), ({"client_id": "other"}, "issuer"), ({"login_hint": ""}, "login")],
)
def test_a_login_of_nobody_known_leads_nowhere(
    visitor: Visitor, platform: Platform, changed: dict[str, str], why: str
) -> None:
    assert refused(visitor.begin({**platform.login(ADA), **changed}), why)


def test_a_login_may_be_posted_and_may_leave_out_the_client(visitor: Visitor, platform: Platform) -> None:
    fields = platform.login(ADA)
    del fields["client_id"]
    answer = visitor.client.post("/lti/login", data=fields)
    assert answer.status_code == 302 and answer.headers["Location"].startswith(f"{platform.issuer}/auth?")


def test_the_address_to_come_back_to_is_the_servers_own(visitor: Visitor, platform: Platform) -> None:
    for target in ("https://evil.example/x", "//evil.example", "/lti/select", ""):
        answer = visitor.begin({**platform.login(ADA), "target_link_uri": target})
        assert f"redirect_uri={ADDRESS.replace(':', '%3A').replace('/', '%2F')}%2Flti%2F" in answer.headers["Location"]


def test_in_a_frame_a_link_offers_a_tab_of_its_own(visitor: Visitor, platform: Platform) -> None:
    answer = visitor.begin(platform.login(ADA), **{"Sec-Fetch-Dest": "iframe"})
    assert answer.status_code == 200
    assert 'target="_blank"' in answer.text and "/lti/login?iss=" in answer.text
    policy = answer.headers["Content-Security-Policy"]
    assert f"frame-ancestors {platform.issuer}" in policy and "script-src 'self'" in policy
    assert "Set-Cookie" not in answer.headers


def test_over_https_the_cookie_of_a_login_comes_along_from_another_site(data: Path, platform: Platform) -> None:
    configure(data, platform.settings(), address="https://tool.example")
    app = create_app(data, SESSION_COOKIE_SECURE=True)
    try:
        answer = app.test_client().get("/lti/login", query_string=platform.login(ADA), base_url="https://tool.example")
        [cookie] = answer.headers.getlist("Set-Cookie")
        for word in ("Secure", "HttpOnly", "SameSite=None", "Partitioned", "Path=/lti"):
            assert word in cookie
    finally:
        app.extensions["sandbox"].close()


def test_a_session_that_is_over_is_in_nobodys_way(visitor: Visitor, platform: Platform, room: Room) -> None:
    with visitor.client.session_transaction() as session:
        session.update(learner="x", account=3, since=0, used=0)
    assert visitor.launch(platform, ADA).status_code == 303
    assert visitor.signed_in


def test_clocks_may_differ_by_a_minute(visitor: Visitor, platform: Platform, room: Room) -> None:
    moment = int(time.time())
    assert visitor.launch(platform, ADA, exp=moment - 30, iat=moment - 330).status_code == 303
    assert visitor.launch(platform, ADA, exp=moment + 300, iat=moment + 30).status_code == 303


# Who they are then


def test_what_was_in_the_browser_before_is_gone(visitor: Visitor, platform: Platform, room: Room) -> None:
    visitor.check(["I10"])
    before = visitor.id
    assert visitor.launch(platform, ADA).status_code == 303
    assert visitor.id not in ("", before)
    with visitor.client.session_transaction() as session:
        assert set(session) <= {"learner", "name", "met", "account", "since", "used", "_permanent"}


def test_nobody_signs_in_by_password_or_joins_by_name_as_somebody_of_the_platform(
    app: Flask, visitor: Visitor, platform: Platform, room: Room
) -> None:
    visitor.launch(platform, ADA)
    found = classes.get(room.house.store, room.class_id)
    assert found
    thief = Person(app)
    for secret in ("", "836251"):
        assert thief.send(f"/join/{found.code}", who="Ada Lee", secret=secret, again=secret).status_code == 403
    assert thief.send("/signin", login="", secret="").status_code == 403


def test_a_line_of_the_list_with_the_same_address_is_theirs(visitor: Visitor, platform: Platform, room: Room) -> None:
    store = room.house.store
    rosters.take_list(store, room.class_id, [Entry(2, "Lee, Ada", "N1", "ada@school.example")], slips=True)
    visitor.launch(platform, User("u-ada", "Ada Lee", email="ADA@school.example"))
    mine = classes.member_of(store, room.class_id, visitor.id)
    assert mine and (mine.name, mine.number, mine.slip) == ("Lee, Ada", "N1", False)


def test_a_link_leads_to_its_lab_or_case_and_to_nothing_of_another_class(
    visitor: Visitor, platform: Platform, room: Room
) -> None:
    store = room.house.store
    away = resultkit.room(room.house, "s" * 32, "Away")
    for custom, where in (
        ({"lab": str(room.lab)}, f"/labs/{room.lab}"),
        ({"case": CASES[0]}, f"/cases/{CASES[0]}"),
        ({}, f"/class/{room.class_id}"),
        ({"lab": "$Unknown.variable"}, f"/class/{room.class_id}"),
    ):
        assert visitor.launch(platform, ADA, Link(custom=custom)).headers["Location"] == where
    for custom in ({"lab": str(away.lab)}, {"lab": "99999"}, {"case": "nope"}, {"case": "//evil.example"}):
        assert refused(visitor.launch(platform, ADA, Link(custom=custom)), "gone")
    assert classes.role(store, away.class_id, visitor.id) == ""


def test_a_course_without_a_class_lets_no_learner_in(visitor: Visitor, platform: Platform) -> None:
    assert refused(visitor.launch(platform, ADA), "unbound")
    assert not visitor.signed_in


def test_a_closed_class_takes_nobody_new(app: Flask, visitor: Visitor, platform: Platform, room: Room) -> None:
    visitor.launch(platform, ADA)
    classes.close(room.house.store, room.class_id, True)
    assert visitor.launch(platform, ADA).status_code == 303
    assert refused(Visitor(app).launch(platform, User("new", "New")), "closed")


@pytest.mark.parametrize(
    ("roles", "role"),
    [
        ([f"{ROLE}Learner"], "learner"),
        (["Learner"], "learner"),
        ([f"{ROLE}Instructor"], "instructor"),
        ([f"{ROLE}Instructor", f"{ROLE}Learner"], "instructor"),
        ([f"{ROLE}Instructor", f"{ROLE.rstrip('#')}/Instructor#TeachingAssistant"], "assistant"),
        ([f"{ROLE}ContentDeveloper"], "instructor"),
        (["http://purl.imsglobal.org/vocab/lis/v2/institution/person#Instructor"], ""),
        (["http://purl.imsglobal.org/vocab/lis/v2/system/person#SysAdmin"], ""),
        ([], ""),
    ],
)
def test_roles_in_the_course_count_and_those_of_the_school_do_not(roles: list[str], role: str) -> None:
    assert claims.role(roles) == role


# Who has been here with a PIN


def with_a_pin(app: Flask, room: Room, name: str = "Ada") -> Person:
    """Somebody who has come into the class by its code, with the PIN 836251, and has worked there."""
    found = classes.get(room.house.store, room.class_id)
    assert found
    person = Person(app)
    assert person.send(f"/join/{found.code}", who=name, secret="836251", again="836251").status_code == 303
    return person


def answered(visitor: Visitor, page: Any, **fields: str) -> Any:
    """Send the form of the question as the page has it."""
    shown = Page(page.text)
    token = next(one.value for form in shown.forms for one in form.fields if one.name == "token")
    return visitor.send("/lti/same", token=token, **fields)


def test_who_was_here_with_a_pin_goes_on_as_who_they_were(
    app: Flask, visitor: Visitor, platform: Platform, room: Room
) -> None:
    store, before = room.house.store, with_a_pin(app, room)
    page = visitor.launch(platform, ADA, Link("lab-link", {"lab": str(room.lab)}))
    assert page.status_code == 200 and "Were you in this class before?" in page.text and 'value="Ada Lee"' in page.text
    assert not visitor.signed_in and not lti.seen(store, platform.issuer, "u-ada")
    for who, secret in (("Ada", "wrong"), ("Nobody", "836251"), ("", "")):
        assert answered(visitor, page, who=who, secret=secret).status_code == 403
    assert not visitor.signed_in and not lti.seen(store, platform.issuer, "u-ada")
    again = answered(visitor, page, who="", secret="")
    answer = answered(visitor, again, who="Ada", secret="836251")
    assert answer.headers["Location"] == f"/labs/{room.lab}"
    assert visitor.id == before.id and visitor.signed_in
    assert sum(one.role == "learner" for one in classes.members(store, room.class_id)) == 1
    # Their scores go to the course from now on, and nobody is asked twice.
    assert len(persons.export(store, before.id)["lti_grades"]) == 1
    later = Visitor(app)
    assert later.launch(platform, ADA).status_code == 303 and later.id == before.id
    # By the PIN they come in as before.
    code = classes.get(store, room.class_id)
    assert code and Person(app).send(f"/join/{code.code}", who="Ada", secret="836251").status_code == 303


def test_who_is_new_says_so_and_is_asked_once(app: Flask, visitor: Visitor, platform: Platform, room: Room) -> None:
    before = with_a_pin(app, room, "Ada Lee")
    page = visitor.launch(platform, ADA)
    assert answered(visitor, page, new="1").headers["Location"] == f"/class/{room.class_id}"
    assert visitor.id != before.id
    assert Visitor(app).launch(platform, ADA).status_code == 303
    # The page that is left in a browser lets nobody in again.
    for fields in ({"new": "1"}, {"who": "Ada Lee", "secret": "836251"}):
        thief = Visitor(app)
        assert refused(answered(thief, page, **fields), "old") and not thief.signed_in
    assert refused(visitor.send("/lti/same", token="forged", new="1"), "old")


@pytest.mark.parametrize("kind", ["instructor", "assistant"])
def test_by_a_school_nobody_becomes_somebody_who_teaches_here(
    app: Flask, visitor: Visitor, platform: Platform, room: Room, kind: str
) -> None:
    before, away = with_a_pin(app, room), resultkit.room(room.house, "s" * 32, "Away")
    link = kind if kind == "instructor" else f"{kind}:{away.class_id}"
    people.use_link(room.house.store, people.new_link(room.house.store, link), before.id)
    answer = answered(visitor, visitor.launch(platform, ADA), who="Ada", secret="836251")
    assert answer.status_code == 403 and "teaches here" in answer.text
    assert not visitor.signed_in


def test_a_pin_is_guessed_five_times_on_whatever_way(
    app: Flask, visitor: Visitor, platform: Platform, room: Room
) -> None:
    with_a_pin(app, room)
    page = visitor.launch(platform, ADA)
    answers = [answered(visitor, page, who="Ada", secret=f"{n}").status_code for n in range(6)]
    assert answers[0] == 403 and answers[-1] == 429
    assert answered(visitor, page, who="Ada", secret="836251").status_code == 429


def test_a_closed_class_takes_who_was_in_it_and_nobody_new(
    app: Flask, visitor: Visitor, platform: Platform, room: Room
) -> None:
    before = with_a_pin(app, room)
    classes.close(room.house.store, room.class_id, True)
    page = visitor.launch(platform, ADA)
    assert refused(answered(visitor, page, new="1"), "closed")
    assert answered(visitor, page, who="Ada", secret="836251").status_code == 303
    assert visitor.id == before.id


# Those who teach


def test_who_teaches_there_is_nobody_here_by_that_alone(visitor: Visitor, platform: Platform, house: House) -> None:
    answer = visitor.launch(platform, TEACHER)
    assert answer.status_code == 303 and answer.headers["Location"].startswith("/lti/course/")
    assert not visitor.signed_in
    page = visitor.get(answer.headers["Location"])
    assert refused(page, "staff")
    assert house.store.rows("SELECT * FROM lti_people") == []


def test_an_instructor_of_the_sandbox_connects_the_course(app: Flask, platform: Platform, house: House) -> None:
    address = Visitor(app).launch(platform, TEACHER).headers["Location"]
    mine, other = teacher(app, "tea@school.example"), teacher(app, "other@school.example")
    foreign = classes.create(house.store, other.id, "Foreign", "name")
    own = classes.create(house.store, mine.id, "Own", "name")
    page = mine.get(address).text
    assert "Coding &lt;b&gt;101" in page and "Own" in page and "Foreign" not in page
    assert mine.send(address, **{"class": str(foreign.id)}).headers["Location"] == address
    answer = mine.send(address, **{"class": str(own.id)})
    assert answer.headers["Location"] == f"/classes/{own.id}"
    assert [(row.kind, row.subject) for row in log.read(house.store, own.id)] == [("connected", "Coding <b>101")]
    assert mine.get(address).headers["Location"] == f"/classes/{own.id}"
    assert refused(mine.send(address, **{"class": str(own.id)}), "taken")
    assert refused(other.get(address), "staff")
    learner = Visitor(app)
    assert learner.launch(platform, ADA).headers["Location"] == f"/class/{own.id}"


def test_a_new_class_for_a_course_takes_only_those_who_come_from_it(
    app: Flask, platform: Platform, house: House
) -> None:
    address = Visitor(app).launch(platform, TEACHER).headers["Location"]
    mine = teacher(app, "tea@school.example")
    where = mine.send(address, **{"class": "new", "name": ""}).headers["Location"]
    found = classes.get(house.store, int(where.rpartition("/")[2]))
    assert found and (found.name, found.joining) == ("Coding <b>101", "roster")


def test_an_address_of_a_course_that_was_changed_is_none(app: Flask, platform: Platform) -> None:
    address = Visitor(app).launch(platform, TEACHER).headers["Location"]
    mine = teacher(app, "tea@school.example")
    # In the middle of the signature: the last sign of it holds bits that do not count.
    other = "A" if address[-10] != "A" else "B"
    assert refused(mine.get(f"{address[:-10]}{other}{address[-9:]}"), "old")
    assert refused(mine.send("/lti/course/forged", **{"class": "new"}), "old")


def test_where_the_platform_is_trusted_its_instructors_teach_here(data: Path, platform: Platform) -> None:
    app = app_for(data, platform, instructors=True)
    house: House = app.extensions["sandbox"]
    try:
        mine, assistant = Visitor(app), Visitor(app)
        helper = User("u-ta", "Tee Ay", "TeachingAssistant")
        assert refused(assistant.launch(platform, helper), "unbound")
        answer = mine.launch(platform, TEACHER)
        assert mine.signed_in and people.is_instructor(house.store, mine.id)
        assert [(row.kind, row.subject) for row in log.read(house.store, None)] == [("teaches", platform.issuer)]
        where = mine.send(answer.headers["Location"], **{"class": "new", "name": "Mine"}).headers["Location"]
        class_id = int(where.rpartition("/")[2])
        assert mine.get(where).status_code == 200
        assert assistant.launch(platform, helper).status_code == 303
        assert classes.role(house.store, class_id, assistant.id) == "assistant"
        assert not people.is_instructor(house.store, assistant.id)
        second = Visitor(app)
        where = second.launch(platform, User("u-t2", "Second", "Instructor")).headers["Location"]
        assert second.get(where).headers["Location"] == f"/classes/{class_id}"
        assert classes.role(house.store, class_id, second.id) == "instructor"
        lab = labs.create(house.store, class_id, mine.id, "L", resultkit.Plan(), CASES, None, None)
        where = second.launch(platform, TEACHER, Link(custom={"lab": str(lab)})).headers["Location"]
        assert second.get(where).headers["Location"] == f"/classes/{class_id}/labs/{lab}"
    finally:
        house.close()


def test_what_came_from_the_platform_is_handed_out_and_forgotten(
    app: Flask, visitor: Visitor, platform: Platform, room: Room
) -> None:
    store = room.house.store
    visitor.launch(platform, ADA, Link(custom={"lab": str(room.lab)}))
    said = persons.export(store, visitor.id)
    assert said["lti_people"][0]["user"] == "u-ada" and len(said["lti_grades"]) == 1
    persons.forget(store, visitor.id)
    assert store.rows("SELECT * FROM lti_people") == store.rows("SELECT * FROM lti_grades") == []
    assert Visitor(app).launch(platform, ADA).status_code == 303
