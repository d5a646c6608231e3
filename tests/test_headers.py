"""What goes out with every answer there can be, taken from the route map: headers, cookies, where redirects lead."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import ltikit
import pytest
from deskkit import Teacher
from flask import Flask
from webkit import HIP, Learner
from werkzeug.test import TestResponse

from sandbox.web import create_app, limits, security

EVIL = "evil.example"
PLACES = (f"https://{EVIL}/", f"//{EVIL}/", f"\\\\{EVIL}", f"/\\{EVIL}", f"/%09/{EVIL}", f"javascript://{EVIL}")
ASKED = ("next", "url", "back", "return", "return_to", "redirect", "redirect_uri", "target", "to", "goto", "rule", "id")
FRAMED = ("/lti/login", "/lti/launch", "/lti/select", "/lti/chosen")
"""What a school's system may show in a frame: why somebody is not let in, and what may be chosen."""
PLATFORM = "https://moodle.school.example"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


@pytest.fixture
def data(data: Path) -> Path:
    """The door for schools' systems is open too."""
    ltikit.configure(data)
    return data


def addresses(app: Flask, filled: str = HIP) -> Iterator[tuple[str, str]]:
    """(endpoint, an address) of each route: numbers as 1, names as a case that there is."""
    for rule in app.url_map.iter_rules():
        path = re.sub(r'<any\("?([^",)]+)[^>]+>', r"\1", str(rule))
        path = re.sub(r"<path:[^>]+>", "css/sandbox.css", re.sub(r"<int[^>]*>", "1", path))
        yield rule.endpoint, re.sub(r"<[^>]+>", lambda _: filled, path)


def faults(answer: TestResponse) -> list[str]:
    """What is missing from the headers of an answer, or stands there twice."""
    told = answer.headers
    wanted = security.HEADERS
    if answer.request.path in FRAMED and answer.request.method != "OPTIONS" and answer.status_code != 405:
        policy = security.POLICY.replace("frame-ancestors 'none'", f"frame-ancestors {PLATFORM}")
        wanted = {**wanted, "Content-Security-Policy": policy}
    elif "frame-ancestors 'none'" not in told.get("Content-Security-Policy", ""):
        return ["may be framed"]
    out = [name for name in wanted if told.getlist(name) != [wanted[name]]]
    kept = told.getlist("Cache-Control")
    public = answer.request.path.startswith("/static/") and answer.status_code in (200, 304)
    if len(kept) != 1 or not (public or re.search("no-store|private", kept[0])):
        out.append(f"Cache-Control: {kept}")
    if answer.status_code >= 500 and answer.request.path != "/broken":
        out.append("it broke")
    return out


@pytest.mark.parametrize("who", [Learner, Teacher])
def test_every_answer_of_every_route_carries_every_header(app: Flask, who: type[Learner]) -> None:
    browser = who(app)
    token = browser.open()["csrf_token"]
    wrong, count = [], 0
    for _, path in addresses(app):
        for method in METHODS:
            for headers in ({}, {"HX-Request": "true"}) if method in ("GET", "POST") else ({},):
                answer = browser.client.open(
                    path, method=method, data={"csrf_token": token}, headers=headers, buffered=True
                )
                count += 1
                wrong += [f"{method} {path} ({answer.status_code}): {fault}" for fault in faults(answer)]
    assert wrong == []
    assert count > 500


def test_errors_carry_every_header(app: Flask) -> None:
    def broken() -> str:
        raise ZeroDivisionError

    app.add_url_rule("/broken", "broken", broken)
    learner = Learner(app)
    fields = learner.open()
    answers = {
        400: learner.post(f"/cases/{HIP}/check", ["I10"], csrf_token="forged"),
        403: learner.get("/teach"),
        404: learner.get("/nowhere"),
        405: learner.client.put("/about"),
        413: learner.post(f"/cases/{HIP}/check", ["A" * 300_000], **fields),
        500: learner.get("/broken"),
        308: learner.get("/exams/1"),
    }
    for _ in range(20):
        learner.get("/instructor/wrong")
    answers[429] = learner.get("/instructor/wrong")
    for status, answer in answers.items():
        assert answer.status_code == status
        assert faults(answer) == [], status


def test_no_redirect_leads_to_another_host(app: Flask) -> None:
    browser, count = Teacher(app), 0
    # An hour between any two requests: this is faster than the limits allow.
    app.extensions["limits"] = limits.Limiter(hourly())
    headers = {"Referer": f"https://{EVIL}/", "Origin": f"https://{EVIL}", "X-Forwarded-Host": EVIL}
    for place in PLACES:
        fields = {**dict.fromkeys(ASKED, place), "csrf_token": browser.token}
        for _, path in addresses(app):
            for method in ("GET", "POST"):
                given = {"query_string": fields} if method == "GET" else {"data": fields, "query_string": fields}
                answer = browser.client.open(path, method=method, headers=headers, buffered=True, **given)
                count += leads_home(answer, path)
        for _, path in addresses(app, place):
            count += leads_home(raw(browser, path), path)
    assert count > 60, "hardly a redirect was tried"


@pytest.mark.parametrize(
    "path", [f"//{EVIL}", f"///{EVIL}/..", f"//{EVIL}/about", f"/\\{EVIL}", f"/rules//{EVIL}", f"/exams/1?x=//{EVIL}"]
)
def test_no_odd_address_leads_to_another_host(app: Flask, path: str) -> None:
    leads_home(raw(Learner(app), path), path)


def raw(browser: Learner, path: str) -> TestResponse:
    """The page at just this path: the test client takes what stands behind two slashes for the name of a host."""
    return browser.client.get("/", environ_overrides={"PATH_INFO": path.partition("?")[0]}, buffered=True)


def leads_home(answer: TestResponse, path: str) -> bool:
    """Whether the answer is a redirect; one that leads elsewhere fails. A browser takes a backslash for a slash."""
    where = answer.headers.get("Location") or answer.headers.get("HX-Redirect")
    if where is None:
        return False
    where = re.sub(r"[\t\r\n]", "", where).replace("\\", "/")
    found = urlsplit(urljoin("http://localhost/", where))
    assert (found.scheme, found.netloc) == ("http", "localhost"), f"{path} leads to {where}"
    return True


def hourly() -> limits.Moments:
    hours = iter(range(10**9))
    return limits.Moments(lambda: 3600.0 * next(hours))


def cookies(answer: TestResponse) -> list[str]:
    return answer.headers.getlist("Set-Cookie")


def test_every_cookie_of_every_route_is_closed_to_scripts_and_other_sites(app: Flask) -> None:
    told = [cookie for _, path in addresses(app) for cookie in cookies(app.test_client().get(path, buffered=True))]
    assert len(told) > 20
    for cookie in told:
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert "Path=/" in cookie
        assert "Domain" not in cookie
        assert "Secure" not in cookie, "over plain HTTP it would never come back"


def test_behind_a_proxy_every_cookie_goes_over_https_only_and_browsers_remember_it(data: Path) -> None:
    app = create_app(data, SESSION_COOKIE_SECURE=True)
    try:
        answers = [
            app.test_client().get(path, base_url="https://school.example", buffered=True) for _, path in addresses(app)
        ]
        plain = app.test_client().get("/")
    finally:
        app.extensions["sandbox"].close()
    told = [cookie for answer in answers for cookie in cookies(answer)]
    assert len(told) > 20
    assert all("Secure" in cookie for cookie in told)
    assert {answer.headers["Strict-Transport-Security"] for answer in answers} == {"max-age=31536000"}
    assert "Strict-Transport-Security" not in plain.headers
    assert all("Secure" in cookie for cookie in cookies(plain)), "not even by another way in"


def test_a_form_works_over_https_and_wants_a_referer_of_its_own(data: Path) -> None:
    app = create_app(data, SESSION_COOKIE_SECURE=True)
    try:
        client = app.test_client()
        page = client.get(f"/cases/{HIP}", base_url="https://school.example").text
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert token

        def rename(**headers: str) -> int:
            given = {"csrf_token": token[1], "name": "Ada"}
            return client.post("/name", base_url="https://school.example", data=given, headers=headers).status_code

        assert rename(Referer="https://school.example/") == 303
        assert rename(Referer=f"https://{EVIL}/") == 400
        assert rename() == 400
    finally:
        app.extensions["sandbox"].close()
