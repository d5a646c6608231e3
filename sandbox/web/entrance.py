"""The way to the instructor's side: the link that works once."""

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from sandbox.store import people
from sandbox.web.house import house
from sandbox.web.security import learner

pages = Blueprint("entrance", __name__)


@pages.get("/instructor/<token>")
def link(token: str) -> ResponseReturnValue:
    """The page behind the link that ``run.py`` prints. Looking at it uses nothing up: browsers look ahead."""
    return render_template("teach/link.html", good=people.link_exists(house().store, token))


@pages.post("/instructor/<token>")
def use_link(token: str) -> ResponseReturnValue:
    """Become the instructor, once."""
    if not people.use_link(house().store, token, learner()):
        abort(403)
    return redirect(url_for("teach.desk"), 303)
