"""A learner of a course comes in: into the class, in front of what was set.

Who comes for the first time into a class where people have PINs is asked whether they were here before: otherwise one
person would be two, with half of the attempts each.
"""

from dataclasses import asdict
from typing import Final

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature

from sandbox.classroom import passwords, roster
from sandbox.lti.claims import Course, Grading, Launch
from sandbox.store import accounts, classes, lti, people
from sandbox.store.classes import Class
from sandbox.store.lti import Target
from sandbox.web import limits, security
from sandbox.web.house import house
from sandbox.web.ltihouse import sign_in, signer
from sandbox.web.ltiwords import refused

pages = Blueprint("ltilearner", __name__)

_LASTS: Final = 30 * 60
_WRONG: Final = "That name and that PIN or password do not belong together in this class."
_STAFF: Final = "This account teaches here: it is opened by its password only. Go on as somebody new."


def learner(found: Launch, room: Class | None) -> ResponseReturnValue:
    """Let a learner in, after the question whether they were here before; or say why not."""
    store = house().store
    if room is None:
        return refused("unbound")
    if _target(found, room.id) is None:
        return refused("gone")
    if not lti.seen(store, found.course.issuer, found.user):
        if classes.has_pins(store, room.id):
            security.sign_out()  # whoever was in this browser before is not who is asked
            return _ask(found, room)
        if room.closed:
            return refused("closed")
    return _come_in(found, room)


def _ask(found: Launch, room: Class, wrong: str = "", who: str = "", status: int = 200) -> ResponseReturnValue:
    # What the launch has proved goes along in the form, signed: of this person nothing is written down yet.
    token = signer("lti-same").dumps(asdict(found))
    page = render_template("lti/same.html", token=token, room=room, who=who or found.name, wrong=wrong)
    return page, status


@pages.post("/lti/same")
def same() -> ResponseReturnValue:
    """The answer: by their PIN they go on as who they were here, or they are somebody new."""
    found = _read(request.form.get("token", ""))
    store = house().store
    room = classes.get(store, lti.class_of(store, found.course)) if found else None
    # Answered once, it is of no more use: whoever goes back in this browser gets in by it no second time.
    if found is None or room is None or lti.seen(store, found.course.issuer, found.user):
        return refused("old")
    if "new" in request.form:
        return refused("closed") if room.closed else _come_in(found, room)
    who = " ".join(request.form.get("who", "").split())[: roster.LONGEST["email"]]
    me = _proved(room, who, request.form.get("secret", ""))
    # Whoever runs that system can be any of its users, and must not come by that to the work of other classes.
    staff = me and (people.is_instructor(store, me) or classes.of_staff(store, me))
    if wrong := _WRONG if not me else _STAFF if staff else "":
        return _ask(found, room, wrong, who, 403)
    lti.same(store, found.course.issuer, found.user, me)
    return _come_in(found, room)


def _read(token: str) -> Launch | None:
    try:
        said = signer("lti-same").loads(token, max_age=_LASTS)
    except BadSignature:
        return None
    grading = said["grading"] and Grading(**{**said["grading"], "scopes": tuple(said["grading"]["scopes"])})
    return Launch(**{**said, "course": Course(**said["course"]), "grading": grading})


def _proved(room: Class, who: str, secret: str) -> str:
    """The learner of the class with that name, id or e-mail and that PIN, or empty."""
    store = house().store
    meant = classes.named(store, room.id, who)
    account = accounts.get(store, meant[0].learner) if len(meant) == 1 and meant[0].learner else None
    # Counted by whose it is, as on every other way in.
    key = f"account {account.learner}" if account else f"class {room.id} {who}"
    limits.check("signin", key)
    if not passwords.fits(secret, account.secret if account else "") or account is None:
        limits.failed("signin", key)
        return ""
    limits.forgive("signin", key)
    return account.learner


def _come_in(found: Launch, room: Class) -> ResponseReturnValue:
    store = house().store
    target = _target(found, room.id)
    if target is None:
        return refused("gone")
    me = lti.person(store, found.course.issuer, found.user, found.name)
    if room.closed and not classes.role(store, room.id, me):
        return refused("closed")
    lti.join(store, room.id, me, found.name, found.number, found.email)
    if found.grading and found.link and (target.lab or target.case_id):
        lti.note(store, found.course, found.link, target, found.grading, (me, found.user))
    sign_in(me)
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
