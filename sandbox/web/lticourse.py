"""A course of a school's system and the class that it belongs to: the page on which they are connected."""

from typing import Any, Final

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature

from sandbox.lti.claims import Course, Launch
from sandbox.store import classes, lti, people
from sandbox.web.access import staff_role
from sandbox.web.house import house
from sandbox.web.ltihouse import signer, tool
from sandbox.web.ltiwords import refused
from sandbox.web.security import known, teaches

pages = Blueprint("lticourse", __name__)

_LASTS: Final = 7 * 24 * 3600


def address(found: Launch) -> str:
    """The page of a course, for its staff; it works for a week."""
    one = found.course
    said = [one.issuer, one.client_id, one.deployment, one.context, found.title, found.lab]
    return url_for("lticourse.page", token=signer("lti-course").dumps(said))


def _read(token: str) -> tuple[Course, str, int] | None:
    try:
        *ids, title, lab = signer("lti-course").loads(token, max_age=_LASTS)
    except BadSignature:
        return None
    return Course(*ids), title, lab


@pages.get("/lti/course/<token>")
def page(token: str) -> ResponseReturnValue:
    """To the class of the course; or, for somebody who teaches, the question which class that is."""
    found = _read(token)
    if found is None:
        return refused("old")
    course, title, lab = found
    class_id = lti.class_of(house().store, course)
    if class_id:
        return _on(class_id, lab) if staff_role(class_id) else refused("staff")
    if not teaches():
        return refused("staff")
    return render_template("lti/course.html", title=title, token=token, classes=_mine(), platform=_name(course))


def _on(class_id: int, lab_id: int) -> ResponseReturnValue:
    lab = house().labs.get(lab_id) if lab_id else None
    if lab and lab.class_id == class_id:
        return redirect(url_for("labpages.one", class_id=class_id, lab_id=lab_id))
    return redirect(url_for("classroom.one", class_id=class_id))


@pages.post("/lti/course/<token>")
def connect(token: str) -> ResponseReturnValue:
    """Connect the course with one of one's classes, or with a new one."""
    found = _read(token)
    if found is None or not teaches():
        return refused("old" if found is None else "staff")
    course, title, _ = found
    store, chosen = house().store, request.form.get("class", "")
    if lti.class_of(store, course):
        return refused("taken")
    if chosen == "new":
        name = " ".join(request.form.get("name", "").split()) or title or "Class"
        class_id = classes.create(store, known(), name, "roster").id
    else:
        class_id = next((one.id for one in _mine() if str(one.id) == chosen), 0)
    if not class_id:
        return redirect(url_for("lticourse.page", token=token), 303)
    if not lti.bind(store, course, title, class_id, known()):
        return refused("taken")
    return redirect(url_for("classroom.one", class_id=class_id), 303)


def _mine() -> list[Any]:
    """The open classes in which whoever is asking is an instructor; the owner of the place has all."""
    every = people.role(house().store, known()) == "owner"
    found = classes.of_staff(house().store, known(), every=every)
    return [one for one in found if not one.closed and staff_role(one.id) == "instructor"]


def _name(course: Course) -> str:
    found = tool().settings.platform(course.issuer, course.client_id)
    return found.name if found else course.issuer
