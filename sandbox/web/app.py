"""The application factory."""

import secrets
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any, Final

from flask import Flask
from flask.templating import Environment
from flask_htmx import HTMX

from sandbox.cases.library import Library
from sandbox.codes.codeset import CodeSet
from sandbox.payment import Payer
from sandbox.store.database import Store
from sandbox.web import (
    audit,
    book,
    bookindex,
    consequences,
    coverage,
    drills,
    editor,
    entrance,
    errors,
    history,
    learn,
    me,
    newcase,
    problems,
    reference,
    security,
    stepping,
    teach,
    text,
    trial,
    upkeep,
    uploads,
    work,
)
from sandbox.web.house import ROOT, House

htmx = HTMX()

_FOR_LEARNERS: Final = (
    learn,
    consequences,
    work,
    stepping,
    problems,
    audit,
    drills,
    book,
    bookindex,
    me,
    reference,
    trial,
)
_FOR_INSTRUCTORS: Final = (entrance, teach, newcase, history, uploads, editor, coverage, upkeep)

LARGEST_FORM: Final = 256 * 1024
"""Bytes of one request. The longest honest form, 80 lines and a name, stays below 20 KB."""


class Templates(Environment):
    """Flask's templates, with globals that are copied when a template is loaded and not looked up in two places by each
    page that is drawn."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The globals of one template; whatever is the same for all has to be set before the first is loaded."""
        return {**self.globals, **(d or {})}


class Sandbox(Flask):
    """Flask, but for the modules of a page: they name each other without a version, so browsers ask each time."""

    jinja_environment = Templates

    def get_send_file_max_age(self, filename: str | None) -> int | None:
        """Seconds for which a browser keeps a static file; 0 has it ask whether the file has changed."""
        return (
            0
            if filename and filename.endswith(".js") and "vendor" not in filename
            else super().get_send_file_max_age(filename)
        )


def create_app(data: Path, cases: Path = ROOT / "cases", **config: Any) -> Flask:
    """The app over a data folder that holds ``codes.db`` (built before), ``sandbox.db`` and the key of the sessions.

    ``config`` overrides Flask's settings (tests).
    """
    app = Sandbox("sandbox", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))
    app.config.update(
        SECRET_KEY=security.session_key(data / "secret.key"),
        SESSION_COOKIE_NAME="sandbox",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=180 * 24 * 3600,
        SESSION_REFRESH_EACH_REQUEST=False,
        MAX_CONTENT_LENGTH=LARGEST_FORM,
        MAX_FORM_MEMORY_SIZE=LARGEST_FORM,
        MAX_FORM_PARTS=600,
        # A chart may lie open overnight; the token dies with the session's key.
        WTF_CSRF_TIME_LIMIT=None,
        SEND_FILE_MAX_AGE_DEFAULT=3600,
    )
    app.config.update(config)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    codes = CodeSet(data / "codes.db")
    app.extensions["sandbox"] = House(codes, Library(cases), Store(data / "sandbox.db"), Payer(codes))
    app.jinja_env.globals.update(asset_version=secrets.token_hex(4))
    htmx.init_app(app)
    for part in (security, text, errors):
        part.init_app(app)
    # Behind what says how large a form may be: it reads the form.
    security.Csrf().init_app(app)
    for module in (*_FOR_LEARNERS, *_FOR_INSTRUCTORS):
        app.register_blueprint(module.pages)
    return app
