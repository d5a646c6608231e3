"""Who may see what of a class: one guard for all pages of its staff, one for those of its members."""

from typing import Final

from flask import Blueprint, abort, g, request

from sandbox.classroom.lab import Lab
from sandbox.store import classes, people
from sandbox.store.classes import Class, Member
from sandbox.web.house import house
from sandbox.web.security import InstructorsOnly, known

ID: Final = "int(max=9223372036854775807)"
"""The converter of an id in an address: whatever SQLite can hold."""


def class_staff_only(pages: Blueprint) -> None:
    """Close every page of a blueprint that is about a class (``class_id``) to all but its staff and the owner.

    Nobody else is told whether the class exists (404). Pages without a class are the blueprint's own matter.
    """

    @pages.before_request
    def guard() -> None:
        class_id = (request.view_args or {}).get("class_id")
        if class_id is not None and not staff_role(class_id):
            abort(404)


def class_members_only(pages: Blueprint) -> None:
    """Close every page of a blueprint that is about a class (``class_id``) to all but those who are in it."""

    @pages.before_request
    def guard() -> None:
        class_id = (request.view_args or {}).get("class_id")
        if class_id is not None and not (me_in(class_id) or staff_role(class_id)):
            abort(404)


def staff_role(class_id: int) -> str:
    """What somebody is in a class as its staff: instructor (an owner too), assistant, or empty."""
    here, me = house(), known()
    if not me or classes.get(here.store, class_id) is None:
        return ""
    if people.role(here.store, me) == "owner":
        return "instructor"
    role = classes.role(here.store, class_id, me)
    return role if role in classes.STAFF else ""


def instructor_of(class_id: int) -> None:
    """Go on only for an instructor of the class: an assistant helps in it and does not change it (403)."""
    if staff_role(class_id) != "instructor":
        raise InstructorsOnly


def the_class(class_id: int) -> Class:
    """The class of an address that the guard has let through."""
    return classes.get(house().store, class_id) or abort(404)


def the_lab(class_id: int, lab_id: int) -> Lab:
    """The lab of an address, if it is one of the class (404 otherwise)."""
    found = house().labs.get(lab_id)
    return found if found and found.class_id == class_id else abort(404)


def the_member(class_id: int, member_id: int) -> Member:
    """Somebody of the class of an address (404 otherwise)."""
    return classes.member(house().store, class_id, member_id) or abort(404)


def me_in(class_id: int) -> Member | None:
    """The membership of whoever is asking, or None."""
    if "me_in" not in g or g.me_in[0] != class_id:
        g.me_in = (class_id, classes.member_of(house().store, class_id, known()) if known() else None)
    found: Member | None = g.me_in[1]
    return found


def may_see(learner: str, lab: int = 0) -> bool:
    """Whether whoever is asking may see the work of a learner: one's own; an owner all; an instructor that of people in
    no class, and staff that of their classes. What was made in a lab is for the staff of its class alone, whatever
    other classes its learner is in."""
    here, me = house(), known()
    if not me:
        return False
    if learner == me:
        return True
    role = people.role(here.store, me)
    if lab and role != "owner":
        found = here.labs.get(lab)
        return found is not None and staff_role(found.class_id) != ""
    if role == "owner" or classes.is_staff_of(here.store, me, learner):
        return True
    return role == "instructor" and not classes.in_any(here.store, learner)
