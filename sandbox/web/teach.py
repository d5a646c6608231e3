"""The instructor's desk: the files with problems, the inbox."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from sandbox.store import inbox
from sandbox.web.house import house
from sandbox.web.security import instructor_only

pages = Blueprint("teach", __name__)
instructor_only(pages)


@pages.get("/teach")
def desk() -> ResponseReturnValue:
    """What an instructor should know: broken case files and crashes."""
    here = house()
    drafts = [file for file in here.cases.cases().values() if file.case.status == "draft"]
    return render_template(
        "teach/desk.html", drafts=drafts, problems=here.cases.problems(), inbox=inbox.all(here.store)
    )
