"""The pages of a class for its staff: which classes there are, who is in them, and who teaches here."""

from typing import Final

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sandbox.classroom import roster
from sandbox.disputes import MOST_DAYS
from sandbox.store import accounts, classes, labs, people, rosters
from sandbox.web import journal, labwork, limits
from sandbox.web.access import ID, class_staff_only, instructor_of, staff_role, the_class, the_member
from sandbox.web.errors import page as error_page
from sandbox.web.house import house
from sandbox.web.security import InstructorsOnly, known, teaches

pages = Blueprint("classroom", __name__)
class_staff_only(pages)

_CLASS: Final = f"/classes/<{ID}:class_id>"
JOINING: Final = {
    "roster": "only those on the list",
    "name": "anybody with the code, by name and PIN",
    "guests": "anybody with the code, also as a guest without a PIN",
}


@pages.get("/classes")
def overview() -> ResponseReturnValue:
    """The classes in which one teaches or assists; the owner sees all."""
    store, me = house().store, known()
    mine = classes.of_staff(store, me, every=people.role(store, me) == "owner")
    if not mine and not teaches():
        raise InstructorsOnly
    counts = {one.id: sum(m.role == "learner" for m in classes.members(store, one.id)) for one in mine}
    return render_template(
        "classroom/classes.html", classes=mine, counts=counts, teaches=teaches(), joining=JOINING, owner=_owns()
    )


@pages.post("/classes")
def create() -> ResponseReturnValue:
    """A new class."""
    if not teaches():
        raise InstructorsOnly
    name, joining = _form()
    made = classes.create(house().store, known(), name, joining)
    journal.mention("", made.id, chosen=_choices(made))
    return redirect(url_for("classroom.one", class_id=made.id), 303)


def _form() -> tuple[str, classes.Joining]:
    name = " ".join(request.form.get("name", "").split())
    joining = request.form.get("joining", "name")
    if not name or joining not in classes.JOINING:
        abort(400)
    return name, joining  # type: ignore[return-value]


@pages.get(_CLASS)
def one(class_id: int) -> ResponseReturnValue:
    """A class: its code, its labs, its people."""
    return _one(class_id)


def _one(class_id: int, link: str = "", slips: dict[int, str] | None = None) -> ResponseReturnValue:
    store, room = house().store, the_class(class_id)
    moment = labwork.now()
    return render_template(
        "classroom/class.html",
        room=room,
        role=staff_role(class_id),
        people=classes.members(store, class_id),
        labs=[(lab, lab.state(moment)) for lab in labs.of_class(store, class_id)],
        joining=JOINING,
        most_days=MOST_DAYS,
        link=link,
        slips=slips or {},
    )


@pages.post(f"{_CLASS}/settings")
def settings(class_id: int) -> ResponseReturnValue:
    """Another name or way to join; close the class, or open it again."""
    instructor_of(class_id)
    before = _choices(the_class(class_id))
    days = request.form.get("dispute_days", "")
    if "closed" in request.form:
        classes.close(house().store, class_id, request.form["closed"] == "1")
    elif days.isdecimal() and len(days) < 5 and int(days) <= MOST_DAYS:
        classes.allow_disputes(house().store, class_id, int(days))
    else:
        classes.change(house().store, class_id, *_form())
    if changed := journal.differences(before, _choices(the_class(class_id))):
        journal.mention(changed=changed)
    return redirect(url_for("classroom.one", class_id=class_id), 303)


def _choices(room: classes.Class) -> dict[str, object]:
    """What was chosen for a class, as the log has it."""
    days = {"days for disputes": room.dispute_days, "closed": bool(room.closed)}
    return {"name": room.name, "who can join": JOINING[room.joining], **days}


@pages.post(f"{_CLASS}/assistants")
def invite_assistant(class_id: int) -> ResponseReturnValue:
    """A link that makes somebody an assistant of this class; shown once."""
    instructor_of(class_id)
    journal.mention()
    return _one(class_id, link=_link(f"assistant:{class_id}"))


@pages.post(f"{_CLASS}/members/<{ID}:member_id>")
def change_member(class_id: int, member_id: int) -> ResponseReturnValue:
    """Take somebody off the class, or give a new one-time code to somebody who has forgotten the PIN."""
    instructor_of(class_id)
    store, who = house().store, the_member(class_id, member_id)
    if request.form.get("action") == "remove":
        if not classes.remove(store, class_id, member_id):
            return error_page(409, ("That is whose class it is", "The owner of a class cannot be taken off it."))
        journal.mention(action="remove", whom=[journal.person(who)], role=who.role)
        return redirect(url_for("classroom.one", class_id=class_id, _anchor="people"), 303)
    slip = rosters.reset(store, member_id) if who.learner else rosters.new_slip(store, member_id)
    if not slip:
        return error_page(
            409,
            ("That PIN is not the class's to change", "They sign in by a name of their own, or are a guest."),
        )
    # What was guessed before does not keep the learner from the new code.
    for key in (f"member {member_id}", f"account {who.learner}"):
        limits.forgive("signin", key)
    journal.mention(action="slip", whom=[journal.person(who)])
    return _one(class_id, slips={member_id: slip})


@pages.get(f"{_CLASS}/roster")
def ask_roster(class_id: int) -> ResponseReturnValue:
    """The form for a list of people."""
    instructor_of(class_id)
    return render_template("classroom/roster.html", room=the_class(class_id), text="", read=None)


@pages.post(f"{_CLASS}/roster")
def take_roster(class_id: int) -> ResponseReturnValue:
    """Show what a list would change, with every problem at its line; then take it over, all of it or nothing."""
    instructor_of(class_id)
    store, room = house().store, the_class(class_id)
    file = request.files.get("file")
    data = file.read(roster.LARGEST + 1) if file and file.filename else request.form.get("text", "").encode()
    found, there = roster.read(data), classes.members(store, class_id)
    slips = "slips" in request.form
    if "take" in request.form and not found.problems:
        given = rosters.take_list(store, class_id, found.entries, slips)
        _mention_list(there, classes.members(store, class_id), len(given))
        if given:
            return _one(class_id, slips=given)
        return redirect(url_for("classroom.one", class_id=class_id, _anchor="people"), 303)
    return render_template(
        "classroom/roster.html",
        room=room,
        text=roster.text(data),
        read=found,
        known=rosters.plan_list(there, found.entries),
        slips=slips,
    ), (422 if found.problems else 200)


def _mention_list(before: list[classes.Member], after: list[classes.Member], codes: int) -> None:
    was = {one.id: one for one in before}
    journal.mention(
        added=[journal.person(one) for one in after if one.id not in was],
        changed_lines=[journal.person(one) for one in after if was.get(one.id, one) != one],
        one_time_codes=codes,
    )


@pages.get("/people")
def staff() -> ResponseReturnValue:
    """Who teaches here; for the owner."""
    return _staff()


def _staff(link: str = "") -> ResponseReturnValue:
    if not _owns():
        raise InstructorsOnly
    return render_template("classroom/people.html", teachers=people.teachers(house().store), link=link, me=known())


@pages.post("/people")
def change_staff() -> ResponseReturnValue:
    """Invite an instructor by a link that works once, or change what somebody may do."""
    if not _owns():
        raise InstructorsOnly
    store = house().store
    if "invite" in request.form:
        journal.mention(action="invite")
        return _staff(link=_link("instructor"))
    shown = people.teachers(store)
    place, role = request.form.get("who", ""), request.form.get("role", "")
    if not place.isdecimal() or int(place[:4]) >= len(shown) or role not in ("learner", *people.TEACHING):
        abort(400)
    one = shown[int(place[:4])]
    if one["created"] != request.form.get("created"):
        return error_page(409, ("The list has changed meanwhile", "Reload the page and try again."))
    try:
        people.set_role(store, one["id"], role)
    except ValueError:
        return error_page(409, ("There has to be an owner", "Make somebody else the owner first."))
    journal.mention(whom=[one["id"]], changed={"role": [one["role"], role]})
    if role == "learner":
        accounts.end_sessions(store, one["id"])
    return redirect(url_for("classroom.staff") if _owns() else url_for("teach.desk"), 303)


def _link(role: str) -> str:
    return url_for("entrance.link", token=people.new_link(house().store, role), _external=True)


def _owns() -> bool:
    return people.role(house().store, known()) == "owner"
