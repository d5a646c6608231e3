"""A proved launch becomes somebody who is signed in, in the right class, in front of what was set."""

from flask import redirect
from flask.typing import ResponseReturnValue

from sandbox.lti.claims import Launch
from sandbox.store import classes, lti
from sandbox.store.classes import Class
from sandbox.web import lticourse, ltilearner, ltiselect
from sandbox.web.house import house
from sandbox.web.ltihouse import platform as platform_of
from sandbox.web.ltihouse import sign_in
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
        return ltilearner.learner(found, room)
    if not platform.instructors:
        # Somebody who teaches there is nobody here by that alone: the page asks who is signed in.
        return redirect(lticourse.address(found), 303)
    return _staff(found, room)


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
    sign_in(me)
    return redirect(lticourse.address(found), 303)
