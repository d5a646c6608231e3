"""What every answer carries, what no request may do, and how the key of the sessions is kept."""

import io
import re
import stat
from pathlib import Path

import ltikit
import pytest
from deskkit import Teacher
from flask import Flask
from webkit import HIP, Learner

from sandbox.web import security


@pytest.fixture
def data(data: Path) -> Path:
    """The door for schools' systems is open too."""
    ltikit.configure(data)
    return data


@pytest.mark.parametrize(
    "path", ["/", f"/cases/{HIP}", "/rules", "/book?q=i10", "/about", "/attempts", "/nowhere", "/teach"]
)
def test_every_answer_carries_a_strict_policy(app: Flask, path: str) -> None:
    policy = app.test_client().get(path).headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert re.findall(r"https?:|\*", policy) == []


def test_every_post_without_a_token_is_refused(app: Flask) -> None:
    client = app.test_client()
    posts = [str(rule) for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())]
    assert len(posts) >= 8
    # What another site sends has no token of ours: tests/lti/test_entry.py says what it has to carry instead.
    signed = {"/lti/login", "/lti/launch", "/lti/select", "/lti/chosen"}
    assert signed <= {*posts}
    for path in sorted({*posts} - signed):
        path = re.sub(r'<any\("?([^",)]+)[^>]+>', r"\1", path)
        path = re.sub(r"<[^>]+>", HIP, re.sub(r"<int[^>]+>", "1", path))
        answer = client.post(path, data={"dx_code": "I10"})
        assert answer.status_code == 400, path
        assert "reload" in answer.text.lower()


def test_a_token_of_another_session_is_refused(app: Flask) -> None:
    mine, other = Learner(app), Learner(app)
    stolen = mine.open()
    other.open()
    assert other.post(f"/cases/{HIP}/check", ["I10/Y"], **stolen).status_code == 400


def test_a_token_that_was_good_for_one_session_is_still_refused_in_another(app: Flask) -> None:
    mine, other = Learner(app), Learner(app)
    used = mine.open()
    for _ in range(2):
        assert mine.post(f"/cases/{HIP}/check", ["I10/Y"], **used).status_code == 200
    own = other.open()
    assert other.post(f"/cases/{HIP}/check", ["I10/Y"], **used).status_code == 400
    assert other.post(f"/cases/{HIP}/check", ["I10/Y"], **{**used, "csrf_token": own["csrf_token"]}).status_code == 200
    forged = used["csrf_token"][:-2] + "xx"
    assert mine.post(f"/cases/{HIP}/check", ["I10/Y"], **{**used, "csrf_token": forged}).status_code == 400


def test_the_session_key_is_made_once_and_is_its_owners(data: Path) -> None:
    first = security.session_key(data / "secret.key")
    assert security.session_key(data / "secret.key") == first
    assert len(first) == 32
    assert stat.S_IMODE((data / "secret.key").stat().st_mode) == 0o600


def test_the_cookie_is_closed_to_scripts_and_other_sites(app: Flask) -> None:
    cookie = app.test_client().get(f"/cases/{HIP}").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_a_forged_cookie_is_nobody(app: Flask) -> None:
    learner = Learner(app)
    place = learner.check(["I10/Y"], htmx=False).headers["Location"]
    thief = Learner(app)
    thief.client.set_cookie("sandbox", "eyJsZWFybmVyIjoieCJ9.forged.forged")
    assert thief.get(place).status_code == 404


def test_a_huge_form_is_refused_with_words(app: Flask) -> None:
    learner = Learner(app)
    fields = learner.open()
    answer = learner.post(f"/cases/{HIP}/check", ["A" * 300_000], **fields)
    assert answer.status_code == 413
    assert "too large" in answer.text


def test_a_form_of_too_many_parts_is_refused_with_words(app: Flask) -> None:
    learner, teacher = Learner(app), Teacher(app)
    token = learner.open()["csrf_token"]
    for browser, own, path, most in (
        (learner, token, f"/cases/{HIP}/draft", 600),
        (teacher, teacher.token, "/teach/look", security.MOST_PARTS),
    ):
        names = ["csrf_token", *(f"field-{n}" for n in range(most))]
        part = '--b\r\nContent-Disposition: form-data; name="{}"\r\n\r\n{}\r\n'
        body = "".join(part.format(name, own) for name in names) + "--b--\r\n"
        answer = browser.client.post(path, data=body.encode(), content_type="multipart/form-data; boundary=b")
        assert answer.status_code == 413
        assert "too large" in answer.text


def test_a_file_that_nobody_asked_for_is_not_kept(app: Flask, data: Path) -> None:
    learner = Learner(app)
    fields = {**learner.open(), "dx_code": (io.BytesIO(b"x" * 100_000), "../../evil.exe")}
    answer = learner.client.post(f"/cases/{HIP}/draft", data=fields)
    assert answer.status_code in (303, 400)
    assert not [path for path in data.rglob("*") if "evil" in path.name]


def test_a_body_that_is_no_form_is_none(app: Flask) -> None:
    learner = Learner(app)
    learner.open()
    for kind in ("application/json", "text/xml", "multipart/form-data", "multipart/form-data; boundary=x", "nonsense"):
        for body in (b"", b"{", b"<!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]><x>&y;</x>", b"--x\r\n" * 1000):
            answer = learner.client.post(f"/cases/{HIP}/check", data=body, content_type=kind)
            assert answer.status_code == 400, (kind, body[:20])


def test_too_many_lines_are_refused_with_words(app: Flask) -> None:
    learner = Learner(app)
    answer = learner.post(f"/cases/{HIP}/check", ["I10/Y"] * 120, **learner.open())
    assert answer.status_code == 400
    assert "at most 80" in answer.text


@pytest.mark.parametrize(
    "code",
    ["<script>alert(1)</script>", "' OR 1=1 --", "\x00\x01", "💥" * 40, "I10\r\nSet-Cookie: x=y", "../../etc/passwd"],
)
def test_hostile_codes_are_data(app: Flask, code: str) -> None:
    learner = Learner(app)
    answer = learner.check(["I10/Y", code])
    assert answer.status_code in (200, 400)
    assert ("is no code yet" in answer.text) == (answer.status_code == 400)
    assert "<script>alert" not in answer.text
    assert "Not judged" not in answer.text
    learner.post(f"/cases/{HIP}/draft", [code, "I10/Y"], **learner.open())
    page = learner.get(f"/cases/{HIP}")
    assert page.status_code == 200
    assert "<script>alert" not in page.text


@pytest.mark.parametrize(
    "path", ["/cases/..%2f..%2fetc", "/cases/nope", "/attempts/999999", "/attempts/99999999999999999999", "/rules/%00"]
)
def test_what_is_not_there_is_404(app: Flask, path: str) -> None:
    answer = app.test_client().get(path)
    assert answer.status_code == 404
    assert "There is nothing here" in answer.text


def test_post_to_a_case_that_is_not_there_is_404(app: Flask) -> None:
    learner = Learner(app)
    fields = learner.open()
    assert learner.post("/cases/nope/check", ["I10/Y"], **fields).status_code == 404
    assert learner.post(f"/cases/{HIP}/check", ["I10/Y"], **{**fields, "case_hash": "0" * 16}).status_code == 404


def test_every_page_of_the_desk_is_closed_to_all_but_instructors(app: Flask) -> None:
    stranger, teacher = Learner(app), Teacher(app)
    fields = stranger.open()
    rules = [rule for rule in app.url_map.iter_rules() if str(rule).startswith("/teach")]
    assert "/teach" in map(str, rules)
    for rule in rules:
        path = re.sub(r"<[^>]+>", HIP, re.sub(r"<int[^>]+>", "1", str(rule)))
        for method in rule.methods - {"OPTIONS"}:
            for htmx in ({}, {"HX-Request": "true"}):
                answer = stranger.client.open(path, method=method, data=fields, headers=htmx)
                assert answer.status_code == 403, f"{method} {path}"
                assert method == "HEAD" or "instructor" in answer.text
        if "GET" in rule.methods:
            assert teacher.get(path).status_code != 403, path


def test_only_an_instructor_may_send_much_and_only_to_the_desk(app: Flask) -> None:
    big = {"text": "A" * 2_000_000}
    stranger, teacher = Learner(app), Teacher(app)
    assert stranger.post("/teach", **big, **stranger.open()).status_code == 413
    assert teacher.post(f"/cases/{HIP}/draft", **big, **teacher.open()).status_code == 413
    assert teacher.send("/teach", **big).status_code == 405
    answer = teacher.send("/teach", text="A" * 4_000_000)
    assert answer.status_code == 413
    assert "an upload 3 MB" in answer.text
