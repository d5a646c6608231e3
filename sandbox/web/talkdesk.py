"""Talk in a class, for its staff: which threads are open, what was asked, and what is new."""

from typing import Final

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sandbox.store import classes, labs, officehours, talk
from sandbox.web import talkview
from sandbox.web.access import ID, class_staff_only, the_class
from sandbox.web.house import house
from sandbox.web.security import known
from sandbox.web.views import is_htmx

pages = Blueprint("talkdesk", __name__)
class_staff_only(pages)

_HERE: Final = f"/classes/<{ID}:class_id>/talk"


@pages.get(_HERE)
def overview(class_id: int) -> ResponseReturnValue:
    """Every thread and question of the class, and the form that opens a thread."""
    store, me = house().store, known()
    names = {one.learner: one.name for one in classes.members(store, class_id) if one.learner}
    threads = [(t, talkview.title(t.case_id), n, unread) for t, n, unread in talk.threads(store, class_id, me)]
    asked = [
        (q, talkview.title(q.case_id) if q.case_id else "", names.get(q.learner, "no longer in the class"), n, first)
        for q, n, first in talk.questions(store, class_id, me, False)
    ]
    return render_template(
        "talk/desk.html",
        the_class=the_class(class_id),
        threads=threads,
        asked=asked,
        cases=_cases(class_id, {t.case_id for t, *_ in threads}),
        opens=talk.OPENS,
        hours=officehours.since(store, class_id),
        waiting=len(officehours.line(store, class_id)),
    )


def _cases(class_id: int, there: set[str]) -> list[tuple[str, list[tuple[str, str]]]]:
    """(heading, (id, title) of its cases) of the cases that have no thread in the class yet."""
    here = house()
    wanted = {id for lab in labs.of_class(here.store, class_id) for id in lab.cases}
    ready = sorted(
        (file.case.title, id.partition("~")[0])
        for id, file in here.cases.cases().items()
        if file.case.status == "ready"
    )
    free = {id: title for title, id in ready if id not in there}
    groups = (("In labs of this class", True), ("All others", False))
    found = [(name, [pair for pair in free.items() if (pair[0] in wanted) == inside]) for name, inside in groups]
    return [group for group in found if group[1]]


@pages.post(f"{_HERE}/open")
def open_thread(class_id: int) -> ResponseReturnValue:
    """Open the thread of a case, or say anew when learners may come in."""
    case_id, opens = request.form.get("case", ""), request.form.get("opens", "")
    if opens not in talk.OPENS or "~" in case_id:
        abort(400)
    if not talkview.exists(case_id) and case_id not in {
        t.case_id for t, *_ in talk.threads(house().store, class_id, "")
    }:
        abort(400)
    talk.open_thread(house().store, class_id, case_id, opens)
    return redirect(url_for("talkdesk.overview", class_id=class_id, _anchor="talk-threads"), 303)


@pages.post(f"{_HERE}/questions/<{ID}:about_id>/settle")
def settle(class_id: int, about_id: int) -> ResponseReturnValue:
    """Put a question among those that are answered, or open it again."""
    found = talk.question(house().store, class_id, about_id) or abort(404)
    talk.settle(house().store, found.id, request.form.get("settled") == "1")
    return redirect(url_for("talkdesk.overview", class_id=class_id, _anchor="talk-questions"), 303)


@pages.post(f"{_HERE}/unread")
def count(class_id: int) -> ResponseReturnValue:
    """How much is new, for the page of the class; asked for every few seconds."""
    if not is_htmx():
        return redirect(url_for("talkdesk.overview", class_id=class_id), 303)
    if request.form.get("seen") == "-".join(map(str, unread(class_id))):
        return "", 204
    return render_template("talk/_unread.html", class_id=class_id)


@pages.app_template_global("talk_unread")
def unread(class_id: int) -> tuple[int, int, int]:
    """(new posts in threads, open questions with something new, learners who wait) for whoever of the staff asks."""
    store = house().store
    waiting = sum(1 for place in officehours.line(store, class_id) if not place.called)
    return (*talk.unread(store, class_id, known()), waiting)
