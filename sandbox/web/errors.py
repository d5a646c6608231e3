"""When something goes wrong: a page or a fragment that says what, and what to do; nothing typed is lost."""

import logging

from flask import Flask, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, InternalServerError

from sandbox.cases.files import NotWritten
from sandbox.store.attempts import Elsewhere, NoMore
from sandbox.store.database import NotSaved
from sandbox.web import limits
from sandbox.web.forms import TooManyLines
from sandbox.web.security import InstructorsOnly, SignedOut

log = logging.getLogger(__name__)

Answer = tuple[str, int, dict[str, str]]

_WORDS = {
    400: ("That request was not understood", "Go back and try again."),
    403: ("That is not yours to see", "It belongs to somebody else, or it needs the instructor's link."),
    404: ("There is nothing here", "The address may be mistyped, or the case was taken down."),
    405: ("That cannot be done here", "Use the buttons of the page."),
    409: (
        "Your codes were changed in another tab or window",
        "Nothing was written over. Reload this page to go on with those codes; or copy what stands here first.",
    ),
    413: ("That form is too large", "A claim has at most 80 lines. Nothing was saved; go back and shorten it."),
    500: ("Something broke on our side", "Your codes were not judged wrong. The fault is in the log of the server."),
    503: (
        "It could not be saved",
        "The database did not take it: the disk may be full, or another program holds the file. Nothing you typed is "
        "lost as long as this page stays open: try again in a moment; if it stays so, tell your instructor.",
    ),
}

_TOO_LARGE = (
    "That is too large",
    "A case has at most 1 MB, and an upload 3 MB. Nothing was saved. Send a large zip in parts.",
)

_DESK = (
    "This page is the instructor's",
    "It opens in the browser in which the instructor's link was used. If you teach: the program prints a fresh link at "
    "every start. If you learn: everything that is yours is under Cases.",
)

_SIGNED_OUT = (
    "You have been signed out",
    "A session ends after 12 hours without use, after a week, or when it is ended everywhere. What was saved is kept. "
    "Sign in again, in another tab if something that you typed still stands here.",
)
_NO_MORE = (
    "No check is left for this case",
    "The lab allows a certain number, and all of them are used. What you typed is kept on this page.",
)


def init_app(app: Flask) -> None:
    """Register the error pages."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(NotSaved, _not_saved)
    app.register_error_handler(NotWritten, _not_written)
    app.register_error_handler(InstructorsOnly, lambda error: page(403, _DESK))
    app.register_error_handler(SignedOut, lambda error: page(401, _SIGNED_OUT))
    app.register_error_handler(NoMore, lambda error: page(409, _NO_MORE))
    app.register_error_handler(limits.TooMany, _too_often)
    app.register_error_handler(Elsewhere, lambda error: page(409))
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(TooManyLines, _too_many)


def page(status: int, words: tuple[str, str] | None = None) -> Answer:
    """The error as a page, or for htmx as a fragment in the place for notices, so that nothing else is replaced."""
    title, advice = words or _WORDS.get(status, _WORDS[400])
    if request.headers.get("HX-Request"):
        text = render_template("_error.html", title=title, advice=advice)
        return text, status, {"HX-Retarget": "#notice", "HX-Reswap": "innerHTML"}
    return render_template("error.html", title=title, advice=advice, typed=_typed(status), **_origin()), status, {}


def _origin() -> dict[str, str]:
    """The case that the request was about: the way back."""
    case_id = (request.view_args or {}).get("case_id", "")
    return {"case_id": case_id}


def _typed(status: int) -> list[tuple[str, str]]:
    """The fields of a form that failed, so that the page can keep them and send them again.

    Without JavaScript this page has taken the place of the one that was typed into. A form that was too large to be
    read has none.
    """
    if request.method != "POST" or status in (400, 413):
        return []
    # Without ``seen``, sending them again means them, whatever was saved in another tab.
    return [(name, value) for name, value in request.form.items(multi=True) if name not in ("csrf_token", "seen")]


def _http(error: HTTPException) -> Answer:
    if isinstance(error, InternalServerError) and error.original_exception:
        log.error("request failed", exc_info=error.original_exception)
    upload = error.code == 413 and request.path.startswith("/teach")
    text, status, headers = page(error.code or 500, _TOO_LARGE if upload else None)
    # What the error itself has to say, such as the methods that a page allows.
    own = {name: value for name, value in error.get_headers() if name != "Content-Type"}
    return text, status, {**own, **headers}


def _not_saved(error: NotSaved) -> Answer:
    log.error("not saved: %s", error)
    return page(503)


def _not_written(error: NotWritten) -> Answer:
    log.error("a case file was not written: %s", error)
    advice = f"The folder of the cases did not take it ({error}). The file is what it was; nothing you typed is lost."
    return page(503, ("The file could not be written", advice))


def _too_many(error: TooManyLines) -> Answer:
    return page(
        400, ("That claim is too long", f"{str(error).capitalize()}. Nothing was saved; go back and shorten it.")
    )


def _too_often(error: limits.TooMany) -> Answer:
    title, advice = limits.WORDS[error.what]
    text, status, headers = page(429, (title, advice.format(when=limits.when(error.seconds))))
    return text, status, {**headers, "Retry-After": str(error.seconds)}


def _csrf(error: CSRFError) -> Answer:
    advice = "This page is older than your session. Copy what you typed if you need it, reload the page and try again."
    return page(400, ("Please reload the page", advice))
