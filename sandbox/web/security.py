"""What every answer carries, and the key that signs the sessions."""

import datetime as dt
import os
import secrets
import time
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from flask import Blueprint, Flask, Response, g, request, session
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import Forbidden, Unauthorized

from sandbox.store import accounts, people
from sandbox.web import limits
from sandbox.web.house import house
from sandbox.web.memory import Memory

POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
"""No inline script, no inline style, no other host. (``data:`` images: the arrows of Pico's own controls.)"""

HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
LARGEST_FILES: Final = 3 * 1024 * 1024
"""Bytes that an instructor may send at once: a case of 1 MB as a form writes it, or a zip of some hundred cases."""

MOST_PARTS: Final = 5_000
"""Fields of a form of the desk: two for each file of an upload or of the library."""

_KEY_BYTES: Final = 32
_PRIVATE: Final = {**HEADERS, "Cache-Control": "no-store"}


class Sessions(SecureCookieSessionInterface):
    """Flask's signed cookies, with the signer made once and not for every request."""

    @lru_cache(maxsize=8)  # noqa: B019 - one interface and a handful of apps live as long as the process
    def get_signing_serializer(self, app: Flask) -> Any:
        """The signer of the app's cookies, which checks each cookie once a day and not with every request."""
        signer: Any = super().get_signing_serializer(app)

        @lru_cache(maxsize=1024)
        def read(cookie: str, max_age: int, today: dt.date) -> dict[str, Any]:
            found: dict[str, Any] = check(cookie, max_age=max_age)
            return found

        check = signer.loads
        # Flask copies what it gets; a cookie that is refused raises, and is not remembered.
        signer.loads = lambda cookie, max_age: read(cookie, max_age, dt.date.today())
        return signer


class Csrf(CSRFProtect):  # type: ignore[misc]
    """Flask-WTF's protection of every POST, which checks the signature of each token once and not with every form.

    A token does not expire before the key that signed it (``WTF_CSRF_TIME_LIMIT`` is None), so that one which was good
    for a session stays good for it.
    """

    def __init__(self) -> None:
        super().__init__()
        self._good: Memory[tuple[str, str], bool] = Memory(4096)

    def protect(self, apply_exemptions: bool = False) -> None:
        """Refuse the request unless it carries a token of its session (400)."""
        form = request.form if request.method == "POST" and not request.is_secure else {}
        pair = (form.get("csrf_token", ""), session.get("csrf_token", ""))
        if all(pair) and self._good.get(pair):
            g.csrf_valid = True
            return
        super().protect(apply_exemptions)
        if all(pair) and g.get("csrf_valid"):
            self._good.put(pair, True)


IDLE: Final = 12 * 3600
"""Seconds after which somebody who is signed in and does nothing is signed out."""
LONGEST_SESSION: Final = 7 * 24 * 3600
"""Seconds after which whoever is signed in signs in again."""
_NOTE_EVERY: Final = 600
_BEGIN_ANEW: Final = ("lti.login", "lti.launch")
"""Where a session that is over is in nobody's way: another one begins there."""


class SignedOut(Unauthorized):
    """The session has ended: after a time without use, after a week, or because it was ended everywhere (401)."""


def init_app(app: Flask) -> None:
    """Add the headers to every answer, end the sessions that are over, and let instructors send files."""
    app.session_interface = Sessions()

    @app.before_request
    def end_what_is_over() -> None:
        if request.endpoint != "static" and "learner" in session and not _lasts():
            sign_out()
            if request.endpoint not in _BEGIN_ANEW:
                raise SignedOut

    @app.before_request
    def allow_files() -> None:
        if request.method == "POST" and request.path.startswith("/teach") and teaches():
            request.max_content_length = request.max_form_memory_size = LARGEST_FILES
            request.max_form_parts = MOST_PARTS

    @app.after_request
    def add_headers(response: Response) -> Response:
        # Drafts and reports are one person's; a shared machine must not show them to the next.
        given = {name for name, _ in response.headers}
        wanted = HEADERS if "Cache-Control" in given else _PRIVATE
        response.headers.extend([(name, value) for name, value in wanted.items() if name not in given])
        if request.is_secure:  # through a proxy that speaks HTTPS: from now on by no other way
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        return response


def sign_in(id: str, name: str, epoch: int) -> None:
    """Begin a session of somebody who has proved who they are (``epoch``: of the account); nothing of another stays."""
    session.clear()
    session.permanent = True
    began = int(time.time())
    session.update(learner=id, name=name, met=True, account=epoch, since=began, used=began)


def sign_out() -> None:
    """End this browser's session; what it was stays in the database."""
    session.clear()


def signed_in() -> bool:
    """Whether somebody is here by an account, and not just by a browser's cookie."""
    return "account" in session


def _lasts() -> bool:
    moment = int(time.time())
    found = accounts.get(house().store, known())
    if "account" not in session:
        # A cookie from before there was an account opens nothing of it: it would outlast every session.
        return found is None
    if (
        found is None
        or found.epoch != session["account"]
        or moment - session["used"] > IDLE
        or moment - session["since"] > LONGEST_SESSION
    ):
        return False
    if moment - session["used"] > _NOTE_EVERY:
        session["used"] = moment
    return True


class InstructorsOnly(Forbidden):
    """Somebody without the instructor's link asked for a page of the desk (403)."""


def instructor_only(pages: Blueprint) -> None:
    """Close every page of a blueprint to all but instructors, those that are added later among them."""

    @pages.before_request
    def guard() -> None:
        if not teaches():
            raise InstructorsOnly


def teaches() -> bool:
    """Whether an instructor is asking.

    The cookie keeps the answer, for the way to the desk that every page shows; it opens nothing by itself.
    """
    found = bool(known()) and people.is_instructor(house().store, known())
    if found != session.get("teaches", False):
        session["teaches"] = found
    return found


def session_key(path: Path) -> bytes:
    """The key in ``path``, made on the first start, readable by its owner only (mode 600).

    Written beside and linked into place, so that workers that start together agree on one.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        beside = path.with_name(f"{path.name}.{os.getpid()}.part")
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(_KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(beside, path)
        except FileExistsError:
            pass
        except OSError:  # a file system without hard links
            beside.replace(path)
        beside.unlink(missing_ok=True)
    key = path.read_bytes()
    if len(key) < _KEY_BYTES:
        raise ValueError(f"{path} is no key of {_KEY_BYTES} bytes; delete it, and the next start makes a new one")
    return key


def learner() -> str:
    """The id of whoever is asking, noted in the database from the first thing that is saved."""
    me = visitor()
    if "met" not in session:
        limits.hit("guest")
        people.add_learner(house().store, me, name())
        session["met"] = True
    return me


def visitor() -> str:
    """The id of whoever is asking, from the signed cookie; a stranger gets one now.

    It goes out with the page, so that the first form is already somebody's, even if it is sent twice at once.
    """
    if "learner" not in session:
        session.permanent = True
        session["learner"] = new_id()
    found: str = session["learner"]
    return found


def new_id() -> str:
    """A learner's id that nobody can guess: 128 bits as hexadecimal digits; no command takes it for an option."""
    return secrets.token_hex(16)


def renew() -> None:
    """Send the cookie again with this page, so that whoever keeps coming stays known."""
    if "learner" in session:
        session.modified = True


def known() -> str:
    """The id from the cookie, or empty: for pages that only read."""
    found: str = session.get("learner", "")
    return found


def name() -> str:
    """The name that the learner gave, or Guest."""
    found: str = session.get("name", "Guest")
    return found
