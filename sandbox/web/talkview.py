"""What somebody may read of a thread or a question, and how it is drawn: the one place that folds posts."""

import secrets
from dataclasses import dataclass
from typing import Any, Final

from flask import g, render_template, request
from markupsafe import Markup

from sandbox.codes.model import day
from sandbox.store import classes, labs, papers, people, talk
from sandbox.store.database import now
from sandbox.store.talk import Kind, Post, Question, Thread
from sandbox.talk import folding, writing
from sandbox.web import labwork
from sandbox.web.access import staff_role
from sandbox.web.house import REFERENCE_DAY, House, house
from sandbox.web.papers import settled
from sandbox.web.security import known
from sandbox.web.text import clock

_ROLES: Final = {"instructor": "instructor", "assistant": "assistant", "owner": "instructor"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A post as somebody sees it. ``state``: open, folded or removed; a folded one has neither text nor html.

    ``note``: what its author and the staff are told of who can read it.
    """

    id: int
    name: str
    role: str
    mine: bool
    made: str
    state: str
    html: Markup
    note: str
    removed: str


@dataclass(frozen=True, slots=True)
class Reader:
    """Whoever reads in a class. ``staff``: instructor, assistant or empty; ``cleared``: their own attempt is in."""

    class_id: int
    me: str
    staff: str
    cleared: bool


def reader(class_id: int, case_id: str) -> Reader:
    """Whoever is asking, before a thread or question about a case (empty: about none)."""
    me, staff = known(), staff_role(class_id)
    return Reader(class_id, me, staff, bool(staff) or not case_id or attempt_is_in(house(), me, case_id))


def attempt_is_in(here: House, me: str, case_id: str) -> bool:
    """Whether a learner's own attempt at a case, or any patient of it, is in, so that answers may be read.

    While a lab or an exam has the case, only what was handed in there counts, and only once its report may be read.
    """
    family = case_id.partition("~")[0]
    if me in here.sitting and _examined(here, me, family):
        return False
    for lab in here.labs.open_with(family):
        if labs.seat(here.store, lab.id, me) is None:
            if lab.plan.reserve:
                return False
            continue
        for task in labs.tasks(here.store, lab.id, me):
            if task.case_id.partition("~")[0] == family:
                sheet = labwork.sheet(here, lab.id, me, place=task.place)
                if not (task.used and sheet.shows):
                    return False
    return talk.knows_case(here.store, me, family)[0]


def _examined(here: House, me: str, family: str) -> bool:
    paper = papers.open_one(here.store, me)
    if paper is None or settled(here, paper).handed_in:
        return False
    return family in {item.ref.partition("~")[0] for item in paper.items if item.what == "case"}


def title(case_id: str) -> str:
    """The title of a case, or its id where the file is gone."""
    file = house().cases.get(case_id) or next(iter(house().cases.family(case_id)), None)
    return file.case.title if file else case_id


def names_a_code(text: str) -> bool:
    """Whether a text is kept from everybody whose own attempt is not in."""
    return folding.names_a_code(text, house().codes.at(day(REFERENCE_DAY)))


def folds(post: Post, who: Reader, about: Thread | Question) -> bool:
    """Whether a post is kept from whoever reads, until their own attempt is in.

    In a thread: what was written by somebody who knew, unless the staff lets it be read; and whatever names a code. To
    a question: only what names a code, for it was written for this learner. One's own words are never folded.
    """
    if who.cleared or post.author == who.me:
        return False
    told = isinstance(about, Thread) and post.knew and not post.early
    return told or names_a_code(post.text)


def shown(post: Post, who: Reader, about: Thread | Question) -> Shown:
    """A post as whoever reads sees it."""
    name, role = _who(who.class_id, post.author)
    mine = post.author == who.me
    state = "removed" if post.removed else "folded" if folds(post, who, about) else "open"
    draws = state == "open" or (state == "removed" and bool(who.staff))
    html = Markup(writing.render(post.text, house().codes.at(day(REFERENCE_DAY)))) if draws else Markup()  # noqa: S704
    removed = ""
    if post.removed:
        own = post.removed_by == post.author
        removed = "removed by its author" if own else "removed by staff"
        if who.staff:
            by = "" if own else f" ({_who(who.class_id, post.removed_by)[0]})"
            removed += f"{by} on {post.removed[:10]}, {clock(post.removed)} UTC"
    note = _note(post, about) if state == "open" and (mine or who.staff) else ""
    return Shown(post.id, name, role, mine, post.made, state, html, note, removed)


def _note(post: Post, about: Thread | Question) -> str:
    if not isinstance(about, Thread) or about.opens != "before":
        return ""
    if names_a_code(post.text):
        return "Names a code: folded for everybody whose own attempt is not in yet."
    if post.knew and not post.early:
        return "Folded for everybody whose own attempt is not in yet."
    return ""


def _who(class_id: int, learner: str) -> tuple[str, str]:
    """(name, role as it is shown, or empty for a learner) of somebody in a class."""
    known: dict[tuple[int, str], tuple[str, str]] = g.setdefault("talk_people", {})
    if (class_id, learner) not in known:
        known[class_id, learner] = _look_up(class_id, learner)
    return known[class_id, learner]


def _look_up(class_id: int, learner: str) -> tuple[str, str]:
    store = house().store
    member = classes.member_of(store, class_id, learner)
    if member:
        return member.name, _ROLES.get(member.role, "")
    return people.name_of(store, learner) or "Somebody", _ROLES.get(
        people.role(store, learner), "no longer in the class"
    )


def page(about: Thread | Question, who: Reader, **more: Any) -> str:
    """The page of a thread or question; whoever sees the end of it has read it then.

    ``?before=`` has the posts before that number, where there are more than a page holds.
    """
    kind: Kind = "thread" if isinstance(about, Thread) else "question"
    closed = isinstance(about, Thread) and about.opens == "after" and not who.cleared
    before = number(request.args.get("before", ""))
    found = [] if closed else talk.posts(house().store, kind, about.id, before=before)
    seen = now()
    if found and who.cleared and not before:
        talk.read(house().store, who.me, kind, about.id, found[-1].id)
    return render_template(
        "talk/thread.html",
        **_frame(about, who, found, seen),
        posts=[shown(post, who, about) for post in found],
        earlier=found[0].id if len(found) == talk.SHOWN else 0,
        before=before,
        closed=closed,
        **more,
    )


def number(text: str) -> int:
    """A number that somebody sent, as far as the database can hold it; 0 where it is none."""
    return int(text[:18]) if text.isdecimal() else 0


def _frame(about: Thread | Question, who: Reader, found: list[Post], seen: str) -> dict[str, Any]:
    return {
        "about": about,
        "who": who,
        "kind": "threads" if isinstance(about, Thread) else "questions",
        "title": title(about.case_id) if about.case_id else "",
        "seen": f"{found[-1].id if found else 0},{seen}",
        "token": secrets.token_urlsafe(12),
        "longest": writing.LONGEST,
    }


def since(about: Thread | Question, who: Reader, **more: Any) -> str:
    """What has come and gone since the page was drawn (its field ``seen``), as a fragment; empty where nothing has."""
    kind: Kind = "thread" if isinstance(about, Thread) else "question"
    text, _, moment = request.form.get("seen", "").partition(",")
    last = number(text)
    seen = now()
    new = talk.posts(house().store, kind, about.id, last)
    gone = [post for post in talk.removed_since(house().store, kind, about.id, moment) if post.id <= last]
    if not (new or gone or more):
        return ""
    if new and who.cleared:
        talk.read(house().store, who.me, kind, about.id, new[-1].id)
    frame = _frame(about, who, new, seen)
    frame["seen"] = f"{new[-1].id if new else last},{seen}"
    return render_template(
        "talk/_new.html",
        **frame,
        new=[shown(post, who, about) for post in new],
        gone=[shown(post, who, about) for post in gone],
        **more,
    )


def exists(case_id: str) -> bool:
    """Whether there is a case of this id that learners can have."""
    here = house()
    one = here.cases.get(case_id)
    return any(file.case.status != "draft" for file in here.cases.family(case_id) or ((one,) if one else ()))
