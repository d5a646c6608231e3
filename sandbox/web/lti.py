"""The door for schools' systems: a login begins, a launch comes in, and the key that they check signatures with.

Imported only where ``lti.toml`` is there: PyLTI1p3 and what it brings are not small.
"""

from typing import Final
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Flask, Response, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sandbox.lti import keys
from sandbox.lti.parts import MINUTES, cookie_name
from sandbox.lti.settings import KEY, Settings
from sandbox.lti.tool import Refused, Tool
from sandbox.web import limits, lticourse, ltientry, ltigrades, ltilearner, ltiselect
from sandbox.web.house import House
from sandbox.web.ltihouse import framed, tool
from sandbox.web.ltisender import Sender
from sandbox.web.ltiwords import refused
from sandbox.web.security import Csrf

pages = Blueprint("lti", __name__)

_FIELDS: Final = ("iss", "login_hint", "target_link_uri", "lti_message_hint", "lti_deployment_id", "client_id")
SELECT: Final = "/lti/select"


def init_app(app: Flask, settings: Settings, csrf: Csrf) -> None:
    """Open the door. Raises OSError or ValueError where the key cannot be read."""
    here: House = app.extensions["sandbox"]
    found = Tool(settings, *keys.read(here.store.path.with_name(KEY)))
    app.extensions["lti"] = found
    app.extensions["lti-sender"] = Sender(here, found)
    for blueprint in (pages, lticourse.pages, ltiselect.pages, ltigrades.pages, ltilearner.pages):
        app.register_blueprint(blueprint)
    # Another site sends them, and has no token of ours: what they carry is signed, and used once.
    for view in (login, launch, ltiselect.choose):
        csrf.exempt(view)


@pages.get("/lti/keys")
def jwks() -> ResponseReturnValue:
    """The public key of this server (JWKS)."""
    return jsonify(tool().jwks())


@pages.route("/lti/login", methods=["GET", "POST"])
def login() -> ResponseReturnValue:
    """A platform asks to begin a login: back to it, with a state and a nonce."""
    limits.hit("lti")
    fields = {name: request.values.get(name, "") for name in _FIELDS}
    picks = urlsplit(fields["target_link_uri"]).path == SELECT
    if request.headers.get("Sec-Fetch-Dest") == "iframe" and not picks:
        return _out_of_the_frame(fields)
    try:
        found = tool().login(fields, tool().settings.address + (SELECT if picks else "/lti/launch"))
    except Refused as error:
        return refused(error.why)
    answer = make_response(redirect(found.address))
    _set_cookie(answer, *found.cookie, 60 * MINUTES)
    return answer


def _out_of_the_frame(fields: dict[str, str]) -> ResponseReturnValue:
    # A frame gets no session: browsers keep other sites' cookies out of it, and our pages are in none.
    again = f"{url_for('lti.login')}?{urlencode({name: value for name, value in fields.items() if value})}"
    return framed(render_template("lti/framed.html", again=again))


@pages.post("/lti/launch")
@pages.post(SELECT)
def launch() -> ResponseReturnValue:
    """Somebody comes in with a signed token."""
    limits.hit("lti")
    try:
        found = tool().launch(request.form, request.cookies)
    except Refused as error:
        return refused(error.why)
    answer = make_response(ltientry.enter(found))
    _set_cookie(answer, cookie_name(request.form["state"]), "", 0)
    return answer


def _set_cookie(answer: Response, name: str, value: str, seconds: int) -> None:
    """The cookie of a login, which has to come along when the platform posts the launch from its own site.

    Over HTTPS that takes ``SameSite=None``; ``Partitioned`` has it work in a frame too. Without HTTPS, browsers send
    one that says nothing for two minutes.
    """
    https = request.is_secure
    answer.set_cookie(
        name, value, max_age=seconds, path="/lti", httponly=True, secure=https, partitioned=https,
        samesite="None" if https else None,
    )  # fmt: skip
