"""A school's system for tests: real HTTP on a port of its own, its own keys, tokens that it signs, grades it keeps.

It does what Canvas and Moodle do: asks a tool to begin a login, signs launches, gives access tokens for signed
assertions, keeps line items and scores, and takes what was chosen. What it believes it has proved.
"""

import json
import secrets
import threading
import time
import urllib.request
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from html import escape
from socketserver import ThreadingMixIn
from typing import Any, Final
from urllib.parse import parse_qs, parse_qsl, urlencode
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import jwt
from jwcrypto.jwk import JWK

CLAIM: Final = "https://purl.imsglobal.org/spec/lti/claim/"
AGS: Final = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
SCOPES: Final = [f"https://purl.imsglobal.org/spec/lti-ags/scope/{one}" for one in ("score", "lineitem")]
DEEP: Final = "https://purl.imsglobal.org/spec/lti-dl/claim/"
ROLE: Final = "http://purl.imsglobal.org/vocab/lis/v2/membership#"

Environ = dict[str, Any]
Start = Callable[[str, list[tuple[str, str]]], Any]


@cache
def rsa(name: str = "platform") -> Any:
    """A pair of keys, made once for all tests."""
    return JWK.generate(kty="RSA", size=2048, kid=name)


def pem(key: Any) -> bytes:
    """The private key as PyJWT takes it."""
    found: bytes = key.export_to_pem(private_key=True, password=None)
    return found


@dataclass(frozen=True)
class User:
    """Somebody of the platform."""

    id: str
    name: str = ""
    role: str = "Learner"
    email: str = ""


@dataclass
class Link:
    """A link in the course: what was chosen for it, and its line item."""

    id: str = "link-1"
    custom: dict[str, str] = field(default_factory=dict)
    graded: bool = True


class _Threads(ThreadingMixIn, WSGIServer):
    """Browsers open connections that they do not use yet: nobody waits for them."""

    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """A test does not print."""


@dataclass(eq=False)
class Platform:
    """The system. ``scores`` has (line item, what was sent) in the order of arrival, ``chosen`` the content items.

    ``answers``: the status with which it answers a score; 0 hangs up before an answer.
    """

    client_id: str = "tool-1"
    deployment: str = "deployment-1"
    host: str = "127.0.0.1"
    tool: str = ""
    tool_keys: Any = None
    context: dict[str, str] = field(default_factory=lambda: {"id": "course-1", "title": "Coding <b>101"})
    users: dict[str, User] = field(default_factory=dict)
    links: dict[str, Link] = field(default_factory=dict)
    scores: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    lineitems: list[dict[str, Any]] = field(default_factory=list)
    chosen: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    answers: int = 200
    key: Any = field(default_factory=rsa)
    _tokens: set[str] = field(default_factory=set)
    _used: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._server: WSGIServer = make_server("127.0.0.1", 0, self._app, _Threads, _Quiet)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def issuer(self) -> str:
        return f"http://{self.host}:{self._server.server_port}"

    def settings(self, **more: Any) -> str:
        """Its part of ``lti.toml``."""
        said = {
            "name": "The school", "issuer": self.issuer, "client_id": self.client_id,
            "deployments": [self.deployment], "login_url": f"{self.issuer}/auth",
            "token_url": f"{self.issuer}/token", "keys_url": f"{self.issuer}/keys", **more,
        }  # fmt: skip
        return "[[platform]]\n" + "".join(f"{name} = {json.dumps(value)}\n" for name, value in said.items())

    # What it says.

    def login(self, user: User, link: Link | None = None, select: bool = False) -> dict[str, str]:
        """The fields with which it asks a tool to begin."""
        self.users[user.id] = user
        link = link or Link()
        self.links[link.id] = link
        path = "/lti/select" if select else "/lti/launch"
        return {
            "iss": self.issuer, "login_hint": user.id, "target_link_uri": self.tool + path,
            "lti_message_hint": "select" if select else link.id, "client_id": self.client_id,
            "lti_deployment_id": self.deployment,
        }  # fmt: skip

    def claims(self, user: User, link: Link | None, once: str, **changed: Any) -> dict[str, Any]:
        """What a launch says; ``link`` None: a request to choose. ``changed`` claims with None are left out."""
        moment = int(time.time())
        said: dict[str, Any] = {
            "iss": self.issuer, "aud": self.client_id, "sub": user.id, "iat": moment, "exp": moment + 300,
            "nonce": once, "name": user.name or None, "email": user.email or None,
            f"{CLAIM}version": "1.3.0", f"{CLAIM}deployment_id": self.deployment,
            f"{CLAIM}roles": [ROLE + user.role], f"{CLAIM}context": self.context,
        }  # fmt: skip
        if link is None:
            said[f"{CLAIM}message_type"] = "LtiDeepLinkingRequest"
            said[f"{DEEP}deep_linking_settings"] = {
                "deep_link_return_url": f"{self.issuer}/return", "accept_types": ["ltiResourceLink"],
                "accept_presentation_document_targets": ["window"], "data": "kept by the platform",
            }  # fmt: skip
        else:
            said[f"{CLAIM}message_type"] = "LtiResourceLinkRequest"
            said[f"{CLAIM}resource_link"] = {"id": link.id}
            said[f"{CLAIM}custom"] = link.custom
            if link.graded:
                said[AGS] = {"scope": SCOPES, "lineitem": self.lineitem(link), "lineitems": f"{self.issuer}/lineitems"}
        said.update(changed)
        return {name: value for name, value in said.items() if value is not None}

    def lineitem(self, link: Link) -> str:
        return f"{self.issuer}/lineitems/{link.id}?type=1"

    def sign(self, claims: dict[str, Any], key: Any = None, kid: str = "") -> str:
        key = key or self.key
        return jwt.encode(claims, pem(key), algorithm="RS256", headers={"kid": kid or key["kid"]})

    # What it is asked.

    def _app(self, environ: Environ, start: Start) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        self.asked.append(path)
        query = dict(parse_qsl(environ.get("QUERY_STRING", "")))
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        does: dict[str, Any] = {
            "/favicon.ico": lambda: (204, "image/svg+xml", ""),
            "/": lambda: self._page(query), "/auth": lambda: self._auth(query),
            "/keys": lambda: _json(200, {"keys": [json.loads(self.key.export_public())]}),
            "/token": lambda: self._token(body), "/return": lambda: self._return(body),
            "/lineitems": lambda: self._lineitems(environ, body),
        }  # fmt: skip
        if path.startswith("/lineitems/") and path.endswith("/scores"):
            status, kind, text = self._score(environ, path, body)
        elif path in does:
            status, kind, text = does[path]()
        else:
            status, kind, text = 404, "text/plain", "nothing here"
        start(f"{status} x", [("Content-Type", kind), ("Content-Length", str(len(text.encode())))])
        return [text.encode()]

    def _page(self, query: dict[str, str]) -> tuple[int, str, str]:
        """A page of the course, with the link; in a frame if asked for."""
        select = "select" in query
        fields = self.login(self.users[query["user"]], None if select else self.links[query["link"]], select)
        where = f"{self.tool}/lti/login?{urlencode(fields)}"
        inner = f'<iframe src="{escape(where)}" width="900" height="700"></iframe>' if "frame" in query else ""
        return 200, "text/html", f'<!doctype html><title>Course</title><a id="go" href="{escape(where)}">Go</a>{inner}'

    def _auth(self, query: dict[str, str]) -> tuple[int, str, str]:
        """Signs a launch, and has the browser post it."""
        assert query["client_id"] == self.client_id and query["redirect_uri"].startswith(self.tool)
        assert (query["response_type"], query["response_mode"], query["scope"]) == ("id_token", "form_post", "openid")
        hint = query["lti_message_hint"]
        link = None if hint == "select" else self.links[hint]
        token = self.sign(self.claims(self.users[query["login_hint"]], link, query["nonce"]))
        fields = {"id_token": token, "state": query["state"]}
        inputs = "".join(f'<input type="hidden" name="{name}" value="{escape(v)}">' for name, v in fields.items())
        where = escape(query["redirect_uri"])
        script = "<script>document.forms[0].submit()</script>"
        return 200, "text/html", f'<!doctype html><form method="post" action="{where}">{inputs}</form>{script}'

    def _proved(self, token: str, audience: str, issuer: str) -> dict[str, Any]:
        """What the tool has signed. Raises where it has not."""
        keys = self.tool_keys
        if keys is None:
            with urllib.request.urlopen(f"{self.tool}/lti/keys", timeout=10) as answer:
                keys = json.load(answer)
        kid = jwt.get_unverified_header(token)["kid"]
        key = jwt.PyJWK(next(one for one in keys["keys"] if one["kid"] == kid), "RS256").key
        said: dict[str, Any] = jwt.decode(
            token, key, algorithms=["RS256"], audience=audience, issuer=issuer, options={"require": ["exp", "iat"]}
        )
        return said

    def _token(self, body: bytes) -> tuple[int, str, str]:
        said = {name: value[0] for name, value in parse_qs(body.decode()).items()}
        assert said["grant_type"] == "client_credentials"
        proved = self._proved(said["client_assertion"], f"{self.issuer}/token", self.client_id)
        assert proved["sub"] == self.client_id and proved["jti"] not in self._used
        self._used.add(proved["jti"])
        token = secrets.token_hex(8)
        self._tokens.add(token)
        return _json(200, {"access_token": token, "token_type": "Bearer", "expires_in": 3600, "scope": said["scope"]})

    def _may(self, environ: Environ) -> bool:
        return environ.get("HTTP_AUTHORIZATION", "").removeprefix("Bearer ") in self._tokens

    def _lineitems(self, environ: Environ, body: bytes) -> tuple[int, str, str]:
        if not self._may(environ):
            return _json(401, {})
        if environ["REQUEST_METHOD"] == "GET":
            return _json(200, self.lineitems)
        made = {**json.loads(body), "id": f"{self.issuer}/lineitems/made-{len(self.lineitems) + 1}"}
        self.lineitems.append(made)
        return _json(201, made)

    def _score(self, environ: Environ, path: str, body: bytes) -> tuple[int, str, str]:
        if not self._may(environ):
            return _json(401, {})
        if self.answers != 200:
            return _json(self.answers, {"error": "not now"})
        assert environ["CONTENT_TYPE"] == "application/vnd.ims.lis.v1.score+json"
        said, item = json.loads(body), path.split("/")[2]
        before = [one["timestamp"] for at, one in self.scores if (at, one["userId"]) == (item, said["userId"])]
        assert all(said["timestamp"] > one for one in before), "a time that does not grow"
        self.scores.append((item, said))
        return 200, "application/json", ""

    def _return(self, body: bytes) -> tuple[int, str, str]:
        token = parse_qs(body.decode())["JWT"][0]
        self.chosen.append(self._proved(token, self.issuer, self.client_id))
        return 200, "text/html", "<!doctype html><title>Course</title><h1 id='done'>Kept</h1>"


def _json(status: int, value: object) -> tuple[int, str, str]:
    return status, "application/json", json.dumps(value)
