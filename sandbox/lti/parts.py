"""The places in which PyLTI1p3 leaves a choice: what it asks for, remembers and believes."""

import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import jwt
import requests
from pylti1p3.cookie import CookieService
from pylti1p3.exception import LtiException
from pylti1p3.message_launch import MessageLaunch
from pylti1p3.oidc_login import OIDCLogin
from pylti1p3.redirect import Redirect
from pylti1p3.request import Request
from pylti1p3.session import SessionService
from pylti1p3.tool_config.dict import ToolConfDict

from sandbox.lti.settings import Platform

MINUTES: Final = 10
"""How long somebody may take to sign in at the platform, between login and launch."""
_MOST: Final = 20_000
_LEEWAY: Final = 60
"""Seconds by which the clocks of platform and server may differ."""
_KEYS_LAST: Final = 3600
_SIGNED_BY: Final = ("RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "PS256")


class Web(requests.Session):
    """Requests to a platform, which nobody waits for longer than some seconds."""

    def __init__(self) -> None:
        super().__init__()
        self.headers["User-Agent"] = "coding-sandbox"

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        """As the library, with a time limit. What is sent goes where the address says, or nowhere."""
        answer = super().request(*args, **{"timeout": (5, 10), "allow_redirects": False, **kwargs})
        if answer.is_redirect:
            raise requests.TooManyRedirects("what was sent is asked for elsewhere", response=answer)
        return answer


@dataclass(frozen=True, slots=True)
class Begun:
    """A login that has begun."""

    nonce: str
    issuer: str
    client_id: str
    until: float


@dataclass(eq=False)
class Logins:
    """Logins that have begun, in memory: each is used up by the launch that follows, or by time."""

    clock: Callable[[], float] = time.monotonic
    _begun: OrderedDict[str, Begun] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, state: str, nonce: str, platform: Platform) -> None:
        """Remember a login; the oldest goes where there are too many."""
        with self._lock:
            self._begun[state] = Begun(nonce, platform.issuer, platform.client_id, self.clock() + 60 * MINUTES)
            while len(self._begun) > _MOST:
                self._begun.popitem(last=False)

    def use(self, state: str) -> Begun | None:
        """The login with this state, once and in time."""
        with self._lock:
            found = self._begun.pop(state, None)
        return found if found and found.until > self.clock() else None


class Asked(Request):
    """A request as the library reads it."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        self._fields = fields

    def is_secure(self) -> bool:
        """Not asked for: cookies are set by the pages."""
        return True

    def get_param(self, key: str) -> str:
        """A field of the form or address."""
        return self._fields.get(key, "")


class Cookies(CookieService):
    """The one cookie of a login: its name is the state, and so is its value."""

    def __init__(self, brought: Mapping[str, str]) -> None:
        self._brought = brought
        self.state = ""

    def get_cookie(self, name: str) -> str | None:
        return self._brought.get(cookie_name(name))

    def set_cookie(self, name: str, value: str | int, exp: int | None = 3600) -> None:
        self.state = name


class Nonces(SessionService):
    """Nonces that count once, of the login that they were made for, and launches that are kept nowhere."""

    nonce = ""

    def __init__(self, expected: str = "") -> None:
        self._expected = expected

    def save_nonce(self, nonce: str) -> None:
        self.nonce = nonce

    def check_nonce(self, nonce: str) -> bool:
        return bool(self._expected) and secrets.compare_digest(self._expected.encode(), str(nonce).encode())

    def check_state_is_valid(self, state: str, id_token_hash: str) -> bool:
        return False  # the library would let the same token in again without its cookie


class _To(Redirect[str]):
    """An address, where the library would answer a request itself."""

    def __init__(self, url: str) -> None:
        self._url = url

    def get_redirect_url(self) -> str:
        return self._url

    def set_redirect_url(self, location: str) -> None:
        self._url = location

    def do_redirect(self) -> str:
        return self._url

    do_js_redirect = do_redirect


class Oidc(OIDCLogin[Asked, ToolConfDict, Nonces, Cookies, str]):
    """A login that begins."""

    def get_redirect(self, url: str) -> _To:
        return _To(url)


def cookie_name(state: str) -> str:
    """What the cookie of a login is called."""
    return f"lti-{state}"


class Keys:
    """Public keys of platforms, for an hour; asked for again at once where a new one is used."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[float, Any]] = {}

    def get(self, url: str, kid: str, fetch: Callable[[str], Any]) -> Any:
        """The set at an address that has this key, if the platform has it."""
        until, found = self._kept.get(url, (0.0, None))
        if until < time.monotonic() or not any(key.get("kid") == kid for key in found["keys"]):
            found = fetch(url)
            if not isinstance(found, dict) or not isinstance(found.get("keys"), list):
                raise LtiException("no set of keys")
            self._kept[url] = time.monotonic() + _KEYS_LAST, found
        return found


class Message(MessageLaunch[Asked, ToolConfDict, Nonces, Cookies]):
    """A launch whose token must say when it ends, and is read with the platform's keys of the last hour."""

    keys: Keys

    def _get_request_param(self, key: str) -> str:
        return self._request.get_param(key)

    def fetch_public_key(self, key_set_url: str) -> Any:
        return self.keys.get(key_set_url, str(self._jwt["header"].get("kid")), super().fetch_public_key)

    def validate_jwt_signature(self) -> "Message":
        """The library's own lets a token pass that does not say when it ends."""
        key, alg = self.get_public_key()
        if alg not in _SIGNED_BY:
            raise LtiException(f"signed by {alg}")
        wanted: Any = {"verify_aud": False, "require": ["exp", "iat", "nonce", "sub"]}
        try:
            jwt.decode(self._get_id_token(), key, algorithms=[alg], options=wanted, leeway=_LEEWAY)
        except jwt.InvalidTokenError as error:
            raise LtiException(str(error)) from error
        return self
