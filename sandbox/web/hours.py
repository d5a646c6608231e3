"""Office hours of a class: learners take a place in the queue, the staff call the next."""

from typing import Any, Final

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sandbox.store import classes, officehours
from sandbox.talk import writing
from sandbox.web.access import ID, class_members_only, class_staff_only, the_class
from sandbox.web.house import house
from sandbox.web.security import known, learner
from sandbox.web.talkview import number
from sandbox.web.views import is_htmx

pages = Blueprint("hours", __name__)
class_members_only(pages)
desk = Blueprint("hoursdesk", __name__)
class_staff_only(desk)

_HERE: Final = f"/class/<{ID}:class_id>/hours"
_DESK: Final = f"/classes/<{ID}:class_id>/hours"


def _mine(class_id: int) -> dict[str, Any]:
    """How the queue stands for a learner. ``place``: 0 where they are not in it, else how many are called before them,
    themselves included; ``state``: closed, out, waiting, called."""
    store, me = house().store, known()
    line = officehours.line(store, class_id)
    waiting = [each for each in line if not each.called]
    place = next((n for n, each in enumerate(waiting, 1) if each.learner == me), 0)
    called = any(each.learner == me and each.called for each in line)
    is_open = officehours.since(store, class_id)
    state = "closed" if not is_open else "called" if called else "waiting" if place else "out"
    return {
        "class_id": class_id,
        "state": state,
        "place": place,
        "waiting": len(waiting),
        # While somebody types what they want to ask, the form is not drawn anew for others who come and go.
        "seen": f"{state}-{place}",
        "longest": officehours.LONGEST,
    }


@pages.get(_HERE)
def mine(class_id: int) -> ResponseReturnValue:
    """The learner's place in the queue."""
    return render_template("talk/hours.html", the_class=the_class(class_id), **_mine(class_id))


@pages.post(f"{_HERE}/now")
def now(class_id: int) -> ResponseReturnValue:
    """How it stands now; asked for every few seconds."""
    return _answer(class_id, request.form.get("seen", ""))


@pages.post(f"{_HERE}/join")
def join(class_id: int) -> ResponseReturnValue:
    """Take a place."""
    about = " ".join(writing.tidy(request.form.get("about", "")).split())
    officehours.join(house().store, class_id, learner(), about)
    return _answer(class_id)


@pages.post(f"{_HERE}/leave")
def leave(class_id: int) -> ResponseReturnValue:
    """Give the place up."""
    officehours.leave(house().store, class_id, known())
    return _answer(class_id)


def _answer(class_id: int, seen: str = "") -> ResponseReturnValue:
    if not is_htmx():
        return redirect(url_for("hours.mine", class_id=class_id), 303)
    how = _mine(class_id)
    return ("", 204) if how["seen"] == seen else render_template("talk/_hours.html", said=True, **how)


def _line(class_id: int) -> dict[str, Any]:
    """The queue as the staff see it."""
    store = house().store
    names = {one.learner: one.name for one in classes.members(store, class_id) if one.learner}
    line = officehours.line(store, class_id)
    is_open = bool(officehours.since(store, class_id))
    return {
        "class_id": class_id,
        "open": is_open,
        "called": [(each, names.get(each.learner, "Somebody")) for each in line if each.called],
        "waiting": [(each, names.get(each.learner, "Somebody")) for each in line if not each.called],
        "seen": f"{int(is_open)} " + " ".join(f"{each.id}{'c' if each.called else ''}" for each in line),
    }


@desk.get(_DESK)
def line(class_id: int) -> ResponseReturnValue:
    """The queue of a class."""
    return render_template("talk/line.html", the_class=the_class(class_id), **_line(class_id))


@desk.post(f"{_DESK}/<any(now, open, close, call, finish):what>")
def change(class_id: int, what: str) -> ResponseReturnValue:
    """Open or close the office hours, call the next (or one of those who wait), let one go, or just look again."""
    store, id = house().store, number(request.form.get("place", ""))
    if what == "open":
        officehours.open(store, class_id)
    elif what == "close":
        officehours.close(store, class_id)
    elif what == "call":
        officehours.call(store, class_id, id)
    elif what == "finish":
        officehours.finish(store, class_id, id)
    if not is_htmx():
        return redirect(url_for("hoursdesk.line", class_id=class_id), 303)
    how = _line(class_id)
    if what == "now" and how["seen"] == request.form.get("seen", ""):
        return "", 204
    # What was pressed may be gone: the focus goes on to the main button.
    return render_template("talk/_line.html", said=True, moved=what != "now", **how)
