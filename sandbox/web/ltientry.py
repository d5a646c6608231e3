"""A proved launch becomes somebody who is signed in, in the right class, in front of what was set."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from sandbox.lti.claims import Launch
from sandbox.store import accounts, classes, lti, people
from sandbox.store.classes import Class
from sandbox.store.lti import Target
from sandbox.web import lticourse, ltiselect, security
from sandbox.web.house import house
from sandbox.web.ltihouse import platform as platform_of
from sandbox.web.ltiwords import refused


def enter(found: Launch) -> ResponseReturnValue:
    """Let somebody in, by what they are in their course; or say why not."""
    platform = platform_of(found.course)
    if found.deep is not None:
        return ltiselect.page(found, platform) if found.role in classes.STAFF else refused("picker")
    if not found.course.context or not found.role:
        return refused("role" if found.course.context else "course")
    room = classes.get(house().store, lti.class_of(house().store, found.course))
    if found.role == "learner":
        return _learner(found, room)
    if not platform.instructors:
        # Somebody who teaches there is nobody here by that alone: the page asks who is signed in.
        return redirect(lticourse.address(found), 303)
    return _staff(found, room)


def _learner(found: Launch, room: Class | None) -> ResponseReturnValue:
    store = house().store
    if room is None:
        return refused("unbound")
    target = _target(found, room.id)
    if target is None:
        return refused("gone")
    me = lti.person(store, found.course.issuer, found.user, found.name)
    if room.closed and not classes.role(store, room.id, me):
        return refused("closed")
    lti.join(store, room.id, me, found.name, found.number, found.email)
    if found.grading and found.link and (target.lab or target.case_id):
        lti.note(store, found.course, found.link, target, found.grading, (me, found.user))
    _sign_in(me)
    if target.lab:
        return redirect(url_for("room.page", lab_id=target.lab), 303)
    if target.case_id:
        return redirect(url_for("learn.case", case_id=target.case_id), 303)
    return redirect(url_for("room.of_class", class_id=room.id), 303)


def _target(found: Launch, class_id: int) -> Target | None:
    """What the link was set for; None where that is not there, or of another class."""
    here = house()
    if found.lab:
        lab = here.labs.get(found.lab)
        return Target(class_id, lab.id) if lab and lab.class_id == class_id else None
    if found.case_id:
        family = found.case_id.partition("~")[0]
        return Target(class_id, 0, family) if here.cases.get(family) else None
    return Target(class_id)


def _staff(found: Launch, room: Class | None) -> ResponseReturnValue:
    """Somebody of the staff of a course, of a platform that is trusted with it."""
    store = house().store
    if room is None and found.role != "instructor":
        return refused("unbound")
    me = lti.person(store, found.course.issuer, found.user, found.name)
    if found.role == "instructor":
        lti.teaches(store, me, found.course.issuer)
    if room:
        lti.join_staff(store, room.id, me, found.role)
    _sign_in(me)
    return redirect(lticourse.address(found), 303)


def _sign_in(me: str) -> None:
    account = accounts.get(house().store, me)
    assert account, "made together with the person"
    security.sign_in(me, people.name_of(house().store, me), account.epoch)
