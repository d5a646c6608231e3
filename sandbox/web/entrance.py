"""The way to the instructor's side: the link that works once."""

from flask import Blueprint, abort, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from sandbox.store import people
from sandbox.web import limits
from sandbox.web.house import house
from sandbox.web.security import learner

pages = Blueprint("entrance", __name__)


@pages.get("/instructor/<token>")
def link(token: str) -> ResponseReturnValue:
    """The page behind the link that ``run.py`` prints. Looking at it uses nothing up: browsers look ahead."""
    limits.check("link")
    role = people.link_role(house().store, token).partition(":")[0]
    if not role:
        limits.failed("link")
    return render_template("teach/link.html", role=role)


@pages.post("/instructor/<token>")
def use_link(token: str) -> ResponseReturnValue:
    """Become the instructor, once."""
    limits.check("link")
    role = people.use_link(house().store, token, learner())
    if not role:
        limits.failed("link")
        abort(403)
    session["name"] = people.name_of(house().store, learner())
    return redirect(url_for("classroom.overview") if role.startswith("assistant") else url_for("teach.desk"), 303)
