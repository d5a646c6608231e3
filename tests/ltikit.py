"""A server that a school's system may send learners to, and somebody who comes from there."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from flask import Flask
from jwcrypto.jwk import JWK
from ltiplatform import Link, Platform, User, pem, rsa
from webkit import Learner
from werkzeug.test import TestResponse

from sandbox.lti import settings
from sandbox.lti.claims import Course
from sandbox.store import lti
from sandbox.web import create_app
from sandbox.web.house import House

ADDRESS = "http://localhost"


def configure(data: Path, *platforms: str, address: str = ADDRESS) -> None:
    """Put ``lti.toml`` and a key into a data folder."""
    text = "\n".join([f'address = "{address}"', *platforms]) if platforms else settings.SAMPLE
    (data / settings.FILE).write_text(text, encoding="utf-8")
    key = data / settings.KEY
    key.write_bytes(pem(rsa("tool")))
    key.chmod(0o600)


def app_for(data: Path, platform: Platform, cases: Path | None = None, **more: Any) -> Flask:
    """The app with one platform, over the shipped cases or others."""
    configure(data, platform.settings(**more))
    platform.tool = ADDRESS
    platform.tool_keys = {"keys": [tool_key()]}
    return create_app(data, cases) if cases else create_app(data)


def bind(house: House, platform: Platform, class_id: int, title: str = "Coding 101") -> Course:
    """Bind the course of the platform to a class."""
    course = Course(platform.issuer, platform.client_id, platform.deployment, platform.context["id"])
    assert lti.bind(house.store, course, title, class_id, "t" * 32)
    return course


def tool_key() -> dict[str, Any]:
    """The public key of the tool, under the id by which it signs."""
    key = JWK.from_pem(pem(rsa("tool")))
    found: dict[str, Any] = key.export_public(as_dict=True)
    return found


class Visitor(Learner):
    """A browser that comes from the platform."""

    def begin(self, fields: dict[str, str], **headers: str) -> TestResponse:
        """Open the link; the answer leads to the platform."""
        return self.client.get("/lti/login", query_string=fields, headers=headers)

    def launch(
        self,
        platform: Platform,
        user: User,
        link: Link | None = None,
        select: bool = False,
        key: Any = None,
        **changed: Any,
    ) -> TestResponse:
        """All the way: login, the platform's signature, launch. ``changed``: claims that are other than they should."""
        asked = self.asked(platform, user, link, select)
        said = platform.claims(user, None if select else (link or Link()), asked["nonce"], **changed)
        path = urlsplit(asked["redirect_uri"]).path
        return self.client.post(path, data={"id_token": platform.sign(said, key), "state": asked["state"]})

    def asked(self, platform: Platform, user: User, link: Link | None = None, select: bool = False) -> dict[str, str]:
        """What the tool asks the platform for when a login begins."""
        answer = self.begin(platform.login(user, link, select))
        assert answer.status_code == 302, answer.text
        assert answer.headers["Location"].startswith(f"{platform.issuer}/auth?")
        return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))

    def send(self, path: str, **fields: Any) -> TestResponse:
        """Post a form with the token of the page."""
        token = re.search(r'name="csrf-token" content="([^"]+)"', self.get("/signin").text)
        assert token
        return self.client.post(path, data={"csrf_token": token[1], **fields})

    @property
    def id(self) -> str:
        """Who this browser is, or empty."""
        with self.client.session_transaction() as session:
            return str(session.get("learner", ""))

    @property
    def signed_in(self) -> bool:
        with self.client.session_transaction() as session:
            return "account" in session
