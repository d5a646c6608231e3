"""The instructor's side, as far as it goes: the one-time link, the files with problems, the inbox."""

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from sandbox.store import inbox, people
from sandbox.web.house import house
from sandbox.web.security import known, learner

pages = Blueprint("teach", __name__)


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


@pages.get("/teach")
def desk() -> ResponseReturnValue:
    """What an instructor should know: broken case files and crashes."""
    here = house()
    if not people.is_instructor(here.store, known()):
        abort(403)
    drafts = [file for file in here.cases.cases().values() if file.case.status == "draft"]
    return render_template(
        "teach/desk.html", drafts=drafts, problems=here.cases.problems(), inbox=inbox.all(here.store)
    )
