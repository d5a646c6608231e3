"""Talk in a class, for its members and its staff: threads of cases, and questions to the instructor."""

import secrets
from typing import Final

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sandbox.store import officehours, talk
from sandbox.store.talk import Kind, New, Question, Thread, TooMuch
from sandbox.talk import writing
from sandbox.web import journal, talkview
from sandbox.web.access import ID, class_members_only, staff_role, the_class
from sandbox.web.house import house
from sandbox.web.security import known, learner
from sandbox.web.talkview import Reader
from sandbox.web.views import is_htmx

pages = Blueprint("talkroom", __name__)
class_members_only(pages)

_HERE: Final = f"/class/<{ID}:class_id>/talk"
_ONE: Final = f"{_HERE}/<any(threads, questions):kind>/<{ID}:about_id>"
_KINDS: Final[dict[str, Kind]] = {"threads": "thread", "questions": "question"}
EMPTY: Final = "Write something first."
LONG: Final = f"This is longer than {writing.LONGEST} characters; please say it in less, or in two posts."
FAST: Final = "You have written a lot within a short time. What you typed is still here: please send it a little later."


@pages.get(_HERE)
def overview(class_id: int) -> ResponseReturnValue:
    """The threads of the class, one's own questions, and the way to the office hours."""
    store, me = house().store, known()
    threads = []
    for thread, posts, unread in talk.threads(store, class_id, me):
        if thread.opens != "closed":
            who = talkview.reader(class_id, thread.case_id)
            threads.append((thread, talkview.title(thread.case_id), posts, unread, who.cleared))
    asked = [(q, talkview.title(q.case_id), n, first) for q, n, first in talk.questions(store, class_id, me, True)]
    return render_template(
        "talk/overview.html",
        the_class=the_class(class_id),
        threads=threads,
        asked=asked,
        staff=staff_role(class_id),
        open_hours=officehours.since(store, class_id),
    )


@pages.get(_ONE)
def one(class_id: int, kind: str, about_id: int) -> ResponseReturnValue:
    """A thread or a question."""
    about, who = _found(class_id, kind, about_id)
    return talkview.page(about, who, the_class=the_class(class_id))


@pages.post(f"{_ONE}/new")
def new(class_id: int, kind: str, about_id: int) -> ResponseReturnValue:
    """What has come since; asked for every few seconds."""
    about, who = _found(class_id, kind, about_id)
    if not is_htmx():
        return _back(class_id, kind, about_id, "talk-end")
    return (talkview.since(about, who) if _readable(about, who) else "") or ("", 204)


@pages.post(f"{_ONE}/post")
def post(class_id: int, kind: str, about_id: int) -> ResponseReturnValue:
    """Write a post."""
    about, who = _found(class_id, kind, about_id)
    if not _readable(about, who):
        return _back(class_id, kind, about_id)
    text, fault = typed()
    if not fault:
        try:
            id = talk.write(house().store, _KINDS[kind], about.id, _new(text, about.case_id, who))
        except TooMuch:
            fault = FAST
    if fault:
        return _again(class_id, about, who, text, fault)
    if is_htmx():
        return talkview.since(about, who, write=True)
    return _back(class_id, kind, about_id, f"post-{id}")


@pages.post(f"{_ONE}/remove")
def remove(class_id: int, kind: str, about_id: int) -> ResponseReturnValue:
    """Take a post away: one's own, or any for the staff."""
    about, who = _found(class_id, kind, about_id)
    id = talkview.number(request.form.get("post", ""))
    author = talk.remove(house().store, _KINDS[kind], about.id, id, who.me, own=not who.staff)
    if not author:
        abort(404)
    journal.mention(f"post {id}", whom=[author], of=f"{_KINDS[kind]} {about.id}", case=about.case_id)
    return _back(class_id, kind, about_id, f"post-{id}")


@pages.route(f"{_HERE}/ask", methods=["GET", "POST"])
def ask(class_id: int) -> ResponseReturnValue:
    """A new question to the staff, about a case or about none."""
    here, text, fault = house(), "", ""
    case_id = request.values.get("case", "").partition("~")[0]
    file = next(iter(here.cases.family(case_id)), None) or here.cases.get(case_id)
    if case_id and (file is None or file.case.status == "draft"):
        abort(404)
    if request.method == "POST":
        text, fault = typed()
        if not fault:
            who = talkview.reader(class_id, case_id)
            try:
                id = talk.ask(here.store, class_id, case_id, _new(text, case_id, who))
            except TooMuch:
                fault = FAST
            else:
                return _back(class_id, "questions", id)
    drawn = render_template(
        "talk/ask.html",
        the_class=the_class(class_id),
        case_id=case_id,
        title=talkview.title(case_id) if case_id else "",
        text=text,
        fault=fault,
        token=secrets.token_urlsafe(12),
        longest=writing.LONGEST,
    )
    return (drawn, 400) if fault else drawn


def typed() -> tuple[str, str]:
    """What was typed, tidied, and what is wrong with it (empty where nothing is)."""
    text = writing.tidy(request.form.get("text", ""))
    return text, EMPTY if not text.strip() else LONG if len(text) > writing.LONGEST else ""


def _new(text: str, case_id: str, who: Reader) -> New:
    me = learner()
    knew = bool(who.staff) or not case_id or talk.knows_case(house().store, me, case_id)[1]
    token = request.form.get("token", "")[:40] or secrets.token_urlsafe(12)
    return New(me, text, token, knew, early=bool(who.staff and request.form.get("early")), free=bool(who.staff))


def _found(class_id: int, kind: str, id: int) -> tuple[Thread | Question, Reader]:
    """The thread or question of an address, for those whose it is (404 for everybody else)."""
    store = house().store
    about = talk.thread(store, class_id, id) if kind == "threads" else talk.question(store, class_id, id)
    if about is None:
        abort(404)
    who = talkview.reader(class_id, about.case_id)
    hidden = about.opens == "closed" if isinstance(about, Thread) else about.learner != who.me
    if hidden and not who.staff:
        abort(404)
    return about, who


def _readable(about: Thread | Question, who: Reader) -> bool:
    """Whether anything of it can be read and written now."""
    return isinstance(about, Question) or who.cleared or about.opens == "before"


def _back(class_id: int, kind: str, about_id: int, anchor: str | None = None) -> ResponseReturnValue:
    return redirect(url_for("talkroom.one", class_id=class_id, kind=kind, about_id=about_id, _anchor=anchor), 303)


def _again(class_id: int, about: Thread | Question, who: Reader, text: str, fault: str) -> ResponseReturnValue:
    """The form again with what was typed, and what is wrong with it."""
    if is_htmx():
        return talkview.since(about, who, write=True, text=text, fault=fault), 400
    return talkview.page(about, who, the_class=the_class(class_id), text=text, fault=fault), 400


@pages.app_template_global("talk_of_case")
def of_case(case_id: str) -> list[tuple[str, str]]:
    """(address, name of the class) of each thread about a case that whoever is asking is led to."""
    found = talk.of_case(house().store, known(), case_id.partition("~")[0]) if known() else []
    return [
        (url_for("talkroom.one", class_id=row["class"], kind="threads", about_id=row["thread"]), row["name"])
        for row in found
    ]
