"""The application factory."""

import secrets
from collections.abc import MutableMapping
from functools import partial
from pathlib import Path
from typing import Any, Final

from flask import Flask
from flask.templating import Environment
from flask_htmx import HTMX

from sandbox.cases.library import Library
from sandbox.codes.codeset import CodeSet
from sandbox.lti import settings as lti_settings
from sandbox.payment import Payer
from sandbox.store.database import Store
from sandbox.web import (
    audit,
    board,
    book,
    bookguide,
    bookindex,
    bookwords,
    classroom,
    consequences,
    coverage,
    disputedesk,
    disputing,
    drills,
    editor,
    entrance,
    errors,
    exams,
    frozen,
    goal,
    history,
    hours,
    joining,
    journal,
    keys,
    labpages,
    labreport,
    learn,
    limits,
    me,
    newcase,
    practicelog,
    problems,
    projector,
    querying,
    reference,
    regradepages,
    results,
    room,
    security,
    signin,
    sitting,
    stepping,
    talkdesk,
    talkroom,
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
    querying,
    stepping,
    problems,
    audit,
    drills,
    book,
    bookguide,
    bookindex,
    bookwords,
    me,
    practicelog,
    goal,
    exams,
    sitting,
    reference,
    trial,
    keys,
    talkroom,
    hours,
    signin,
    joining,
    room,
    projector,
    disputing,
)
_FOR_INSTRUCTORS: Final = (
    entrance,
    teach,
    newcase,
    history,
    uploads,
    editor,
    coverage,
    upkeep,
    talkdesk,
    classroom,
    labpages,
    labreport,
    results,
    board,
    disputedesk,
    regradepages,
    journal,
)

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

    ``config`` overrides Flask's settings (tests). Where the folder has ``lti.toml``, schools' systems have their door;
    raises ValueError or OSError where that or its key cannot be used.
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
    schools = lti_settings.read(data)
    codes = CodeSet(data / "codes.db")
    parts = House(codes, Library(cases), Store(data / "sandbox.db"), Payer(codes))
    app.extensions["sandbox"] = parts
    app.wsgi_app = parts.ahead.watching(app.wsgi_app)  # type: ignore[assignment, method-assign]
    app.jinja_env.globals.update(asset_version=secrets.token_hex(4), keys_here=keys.here, schools=bool(schools))
    htmx.init_app(app)
    for part in (security, limits, text, errors, frozen, journal):
        part.init_app(app)
    # Behind what says how large a form may be: it reads the form.
    csrf = security.Csrf()
    csrf.init_app(app)
    for module in (*_FOR_LEARNERS, *_FOR_INSTRUCTORS):
        app.register_blueprint(module.pages)
    app.register_blueprint(hours.desk)
    if schools:
        # Only here, for its packages weigh as much as the rest of the program.
        from sandbox.web import lti

        lti.init_app(app, schools, csrf)
    return app


def compile_ahead(app: Flask) -> None:
    """Compile the templates that a class meets in the first quiet moments: somebody would wait 10 ms for each."""
    parts: House = app.extensions["sandbox"]
    for name in app.jinja_env.list_templates(filter_func=lambda name: name.startswith(("learn/", "classroom/"))):
        parts.ahead.soon(name, partial(app.jinja_env.get_template, name))
