"""What goes back to a school's system from a class: sent, waiting, refused; for the staff of the class."""

from typing import Final

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sandbox.store import lti, lti_grades
from sandbox.web import journal
from sandbox.web.access import ID, class_staff_only, instructor_of, staff_role, the_class
from sandbox.web.house import House, house
from sandbox.web.ltihouse import tool

pages = Blueprint("ltigrades", __name__)
class_staff_only(pages)

_PAGE: Final = f"/classes/<{ID}:class_id>/lti"


@pages.get(_PAGE)
def one(class_id: int) -> ResponseReturnValue:
    """The courses that are connected with a class, and each score on its way."""
    here, settings = house(), tool().settings
    courses = []
    for bound in lti.courses(here.store, class_id):
        there = settings.platform(bound.course.issuer, bound.course.client_id)
        courses.append((bound.title or bound.course.context, there.name if there else bound.course.issuer))
    rows = [(_title(here, row), row) for row in lti_grades.of_class(here.store, class_id)]
    return render_template(
        "lti/grades.html", room=the_class(class_id), role=staff_role(class_id), courses=courses, rows=rows
    )


@pages.post(_PAGE)
def change(class_id: int) -> ResponseReturnValue:
    """Try again at once, or let go of the courses of the class."""
    instructor_of(class_id)
    if request.form.get("action") == "again":
        lti_grades.try_again(house().store, class_id)
        current_app.extensions["lti-sender"].wake()
        journal.mention(action="again")
    elif request.form.get("action") == "release":
        courses = [one.title or one.course.context for one in lti.courses(house().store, class_id)]
        lti.release(house().store, class_id)
        journal.mention(action="release", courses=courses)
    return redirect(url_for("ltigrades.one", class_id=class_id), 303)


def _title(here: House, row: lti_grades.Row) -> str:
    return title(here, row.lab, row.case_id)


def title(here: House, lab_id: int, case_id: str) -> str:
    """What an assignment is called: the name of its lab, or the title of its case."""
    if lab_id:
        lab = here.labs.get(lab_id)
        return lab.name if lab else f"Lab {lab_id}"
    file = here.cases.get(case_id)
    return file.case.title if file else case_id
