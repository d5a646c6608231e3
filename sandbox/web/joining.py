"""Into a class or a lab by its six letters: who are you, then a PIN (a new one, or the one that was chosen before)."""

from dataclasses import dataclass, replace
from typing import Any, Final

from flask import Blueprint, abort, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from sandbox.classroom import joincodes, passwords, roster
from sandbox.classroom.lab import Lab
from sandbox.store import accounts, attempts, classes, labs, people, rosters
from sandbox.store.classes import Class, Member
from sandbox.web import labwork, limits, security
from sandbox.web.access import staff_role
from sandbox.web.house import house
from sandbox.web.security import known, new_id, signed_in

pages = Blueprint("joining", __name__)

_NOBODY: Final = "That name or id is not on the list of this class. Try your id, or ask your instructor."
_SEVERAL: Final = "Several people of this class have that name. Use your id or e-mail address."
_JUST_NOW: Final = "Somebody has just come in by that name. Was it you? Go on and give the PIN; or ask your instructor."
_GUEST: Final = "A guest by that name is here already. Add something that tells you apart."


@dataclass(frozen=True, slots=True)
class Door:
    """What a code leads to: a class, and a lab of it where the code is a lab's."""

    code: str
    room: Class
    lab: Lab | None

    @property
    def target(self) -> str:
        """The page behind the door."""
        if self.lab:
            return url_for("room.page", lab_id=self.lab.id)
        return url_for("room.of_class", class_id=self.room.id)


@pages.get("/join")
def ask() -> ResponseReturnValue:
    """The field for a code."""
    return render_template("classroom/join.html", wrong="", typed="")


@pages.post("/join")
def go() -> ResponseReturnValue:
    """To the door that the code opens."""
    typed = request.form.get("code", "")[:20]
    code = joincodes.read(typed)
    limits.check("join_class")
    if not code or _door(code) is None:
        limits.failed("join_class")
        wrong = "No class and no lab has this code. It has six letters, none of them A, E, I, O, U or Y."
        return render_template("classroom/join.html", wrong=wrong, typed=typed), 404
    return redirect(url_for("joining.door", code=code), 303)


@pages.get("/join/<code>")
def door(code: str) -> ResponseReturnValue:
    """Who are you? Whoever is in the class already goes straight on."""
    found = _opened(code)
    if known() and (classes.role(house().store, found.room.id, known()) or staff_role(found.room.id)):
        return redirect(found.target)
    return _page(found, "who")


@pages.post("/join/<code>")
def enter(code: str) -> ResponseReturnValue:
    """One step further: the name, then the PIN; the last step leads in."""
    found = _opened(code)
    who = " ".join(request.form.get("who", "").split())[: roster.LONGEST["email"]]
    if signed_in() and "as_me" in request.form and found.room.joining != "roster":
        classes.add_learner(house().store, found.room.id, known(), _free_name(found.room.id))
        return redirect(found.target, 303)
    if not who:
        return _page(found, "who", "Write your name, or the id that your instructor has for you.", status=400)
    # Into a closed class nobody comes for the first time.
    meant = [one for one in classes.named(house().store, found.room.id, who) if one.learner or not found.room.closed]
    if len(meant) > 1:
        return _page(found, "who", _SEVERAL, who, status=409)
    if not meant:
        return _newcomer(found, who)
    return _known(found, who, meant[0])


def _free_name(class_id: int) -> str:
    """One's name, with a number where the class has somebody of that name, who could not come in by it any more."""
    store = house().store
    mine, name = known(), people.name_of(house().store, known())
    for n in range(2, roster.MOST + 2):
        others = [one for one in classes.named(store, class_id, name) if one.learner != mine]
        if not others:
            break
        name = f"{people.name_of(store, mine)[: people.LONGEST_NAME - 6]} ({n})"
    return name


def _newcomer(found: Door, who: str) -> ResponseReturnValue:
    who = who[: people.LONGEST_NAME]
    if found.room.joining == "roster":
        limits.check("join_class")
        limits.failed("join_class")
        return _page(found, "who", _NOBODY, who, status=404)
    if "guest" in request.form and found.room.joining == "guests":
        me = _one_to_be()
        limits.hit("guest")
        if not classes.add_learner(house().store, found.room.id, me, who):
            return _page(found, "who", _GUEST, who, status=409)
        people.add_learner(house().store, me, who)
        session.clear()
        session.permanent = True
        session.update(learner=me, name=who, met=True)
        return redirect(found.target, 303)
    if "secret" not in request.form:
        return _page(found, "choose", who=who)
    if wrong := _objection(who):
        return _page(found, "choose", wrong, who, status=400)
    limits.hit("guest")
    return _begin(found, who, None)


def _known(found: Door, who: str, member: Member) -> ResponseReturnValue:
    store = house().store
    account = accounts.get(store, member.learner) if member.learner else None
    if member.learner and account is None:
        return _page(found, "who", _GUEST, who, status=409)
    if account is None or (not account.secret and member.slip):
        return _first_time(found, who, member)
    if "secret" not in request.form:
        return _page(found, "pin", who=who)
    key = f"account {account.learner}"
    limits.check("signin", key)
    # Who comes by another system has no secret, and none fits.
    if not passwords.fits(request.form["secret"], account.secret):
        limits.failed("signin", key)
        return _page(found, "pin", "That is not the PIN or password of this name.", who, status=403)
    limits.forgive("signin", key)
    security.sign_in(account.learner, member.name, account.epoch)
    return redirect(found.target, 303)


def _first_time(found: Door, who: str, member: Member) -> ResponseReturnValue:
    """Somebody on the list who has no PIN yet."""
    if "secret" not in request.form:
        return _page(found, "choose", who=who, slip=member.slip)
    key = f"member {member.id}"
    limits.check("signin", key)
    if not rosters.slip_fits(house().store, member.id, request.form.get("slip", "")):
        limits.failed("signin", key)
        return _page(found, "choose", "That is not the one-time code of this name.", who, True, 403)
    if wrong := _objection(who, member.name, member.number, member.email):
        return _page(found, "choose", wrong, who, member.slip, 400)
    return _begin(found, member.name, member)


def _objection(*others_know: str) -> str:
    return passwords.objection(request.form["secret"], request.form.get("again", ""), "learner", others_know)


def _begin(found: Door, name: str, member: Member | None) -> ResponseReturnValue:
    """A new account, in its class, and signed in."""
    store = house().store
    me = member.learner if member and member.learner else _one_to_be()
    secret = passwords.kept(request.form["secret"])
    # Two forms at once, such as a double click, find the name free: the first to be written has it.
    free = rosters.claim(store, member.id, me) if member else classes.add_learner(store, found.room.id, me, name)
    if not free:
        return _page(found, "who", _JUST_NOW, name, status=409)
    people.add_learner(store, me, name)
    login = account.login if (account := accounts.get(store, me)) else ""
    made = accounts.put(store, me, login, secret)
    security.sign_in(me, name, made.epoch)
    return redirect(found.target, 303)


def _one_to_be() -> str:
    """Who the newcomer is from now on: with what was practised in this browser, if that is theirs to take along."""
    return known() if "take" in request.form and _may_take() else new_id()


def _may_take() -> bool:
    store, me = house().store, known()
    return bool(me) and not signed_in() and not people.is_instructor(store, me) and not classes.in_any(store, me)


def _opened(code: str) -> Door:
    read = joincodes.read(code)
    found = _door(read) if read else None
    if found is None:
        limits.check("join_lab")
        limits.failed("join_lab")
        abort(404)
    return found


def _door(code: str) -> Door | None:
    store = house().store
    if room := classes.by_code(store, code):
        return Door(code, room, None)
    lab = labs.by_code(store, code)
    room = classes.get(store, lab.class_id) if lab else None
    if room and room.closed:
        # A lab that runs stays open to those of its class, from another machine as well; and to nobody new.
        room = replace(room, joining="roster") if lab and labwork.runs(lab) else None
    return Door(code, room, lab) if room else None


def _page(
    found: Door, step: str, wrong: str = "", who: str = "", slip: bool = False, status: int = 200
) -> ResponseReturnValue:
    shown: dict[str, Any] = {"door": found, "step": step, "wrong": wrong, "who": who, "slip": slip}
    worked = _may_take() and bool(attempts.of_learner(house().store, known()))
    return render_template(
        "classroom/door.html",
        **shown,
        practised=security.name() if worked else "",
        me=security.name() if signed_in() else "",
        shortest=passwords.SHORTEST["learner"],
    ), status
