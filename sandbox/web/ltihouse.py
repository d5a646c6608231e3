"""What the pages of schools' systems share: the tool, its platforms, pages that may stand in a frame, signed notes."""

from flask import Response, current_app, make_response
from itsdangerous import URLSafeTimedSerializer

from sandbox.lti.claims import Course
from sandbox.lti.settings import Platform
from sandbox.lti.tool import Tool
from sandbox.store import accounts, people
from sandbox.web import security
from sandbox.web.house import house


def tool() -> Tool:
    """This server as a tool."""
    found: Tool = current_app.extensions["lti"]
    return found


def platform(course: Course) -> Platform:
    """The platform of a course that a proved launch named."""
    found = tool().settings.platform(course.issuer, course.client_id)
    assert found, "proved"
    return found


def framed(page: str, status: int = 200, posts_to: str = "") -> Response:
    """A page that the platforms may show in a frame, and that may post to one address of theirs beside our own.

    It is the only kind: it shows nothing of anybody, and its form is good for one answer to the platform.
    """
    pages = sorted({page for one in tool().settings.platforms for page in one.pages})
    policy = security.POLICY.replace("frame-ancestors 'none'", f"frame-ancestors {' '.join(pages)}")
    if posts_to:
        policy = policy.replace("form-action 'self'", f"form-action 'self' {posts_to}")
    answer = make_response(page, status)
    answer.headers["Content-Security-Policy"] = policy
    return answer


def signer(salt: str) -> URLSafeTimedSerializer:
    """Signs what a page carries from one request to the next, where there is no session to keep it."""
    return URLSafeTimedSerializer(current_app.secret_key or "", salt=salt)


def sign_in(me: str) -> None:
    """Begin the session of somebody whom a proved launch, or a PIN with it, has named."""
    account = accounts.get(house().store, me)
    assert account, "made together with the person"
    security.sign_in(me, people.name_of(house().store, me), account.epoch)
