"""Why somebody from a school's system is not let in, and what to do about it."""

from collections.abc import Mapping
from typing import Final

from flask import render_template, request
from flask.typing import ResponseReturnValue

from sandbox.web.ltihouse import framed

_AGAIN: Final = "Go back to your course, reload its page, and open the link there once more."
_ADMIN: Final = "Whoever runs this server finds in docs/lti.md what belongs there."

WORDS: Final[Mapping[str, tuple[int, str, str]]] = {
    "login": (400, "The school's system did not say who is coming", f"{_AGAIN} It opens this address, not you."),
    "state": (
        403,
        "This did not begin in this browser, or too long ago",
        f"{_AGAIN} Where that does not help: the browser may be set to refuse all cookies; allow those of this site.",
    ),
    "nonce": (403, "This link has been used already", f"Each opening counts once. {_AGAIN}"),
    "token": (400, "What the school's system sent cannot be read", _AGAIN),
    "issuer": (
        403,
        "This school's system is not known here",
        f"Its issuer or client id is none that this server was set up with. {_ADMIN}",
    ),
    "client": (
        403,
        "This was meant for another program",
        f"The client id in it is not the one that this server was set up with. {_ADMIN}",
    ),
    "deployment": (
        403,
        "This place of the school's system is not known here",
        f"Its deployment id is not in the list of this server. {_ADMIN}",
    ),
    "keys": (
        503,
        "The school's system cannot be asked for its keys",
        f"Without them nobody can tell whether it was really its message. Try again in a few minutes. {_ADMIN}",
    ),
    "expired": (
        403,
        "This came too late, or too early",
        f"{_AGAIN} If it happens again, the clock of this server or of the school's system is wrong.",
    ),
    "signature": (403, "This is not signed by the school's system", f"Nothing of it is believed. {_AGAIN}"),
    "message": (
        400,
        "The school's system did not say enough",
        "A launch needs LTI version 1.3.0, a user, roles and a link. Anonymous visits are not possible.",
    ),
    "course": (400, "This was not opened from a course", "Open the link from inside a course."),
    "role": (
        403,
        "You have no part in this course that is known here",
        "Learners, instructors and assistants of a course come in; observers and guests do not.",
    ),
    "unbound": (
        409,
        "This course is not connected with a class yet",
        "Your instructor has to open the link once, and choose the class. Then yours works too.",
    ),
    "closed": (409, "The class of this course is closed", "Nobody joins it any more. Ask your instructor."),
    "gone": (
        404,
        "What this link was set for is not there",
        "The lab or case was taken away, or belongs to another class. Ask your instructor to choose it again.",
    ),
    "picker": (
        403,
        "Only those who teach the course choose what is set",
        "Your roles in this course do not say that you teach it.",
    ),
    "return": (
        403,
        "The answer would go to an address that is not known here",
        f"The platform's pages have an origin that is not in its settings (pages). {_ADMIN}",
    ),
    "old": (403, "This address is too old", _AGAIN),
    "staff": (
        403,
        "Sign in as an instructor",
        "This page connects a course with a class. Sign in here as somebody who teaches (where it is connected: "
        "as staff of its class), and open the link in your course again; or send this page's address to somebody "
        "who is. It works for a week.",
    ),
    "taken": (409, "This course is connected already", "Somebody was faster. Open the link in your course again."),
}  # fmt: skip
"""Why → (status, what is so, what to do)."""


def refused(why: str) -> ResponseReturnValue:
    """The page for a reason of the table; at the door it may stand in a frame of the platforms."""
    status, title, advice = WORDS[why]
    page = render_template("lti/refused.html", title=title, advice=advice, why=why)
    return framed(page, status) if request.blueprint not in ("lticourse", "ltilearner") else (page, status)
