"""Signing in by name and password, out, and the page of one's account."""

from typing import Final

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sandbox.classroom import passwords
from sandbox.store import accounts, classes, people
from sandbox.web import labwork, limits, security
from sandbox.web.house import house
from sandbox.web.security import known, learner, name, signed_in, teaches

pages = Blueprint("signin", __name__)

_LONGEST_LOGIN: Final = 120
_WRONG: Final = "That name and that password do not belong together."


@pages.get("/signin")
def page() -> ResponseReturnValue:
    """The two ways in: a code of a class, or a name and a password."""
    return render_template("classroom/signin.html", login="", wrong="")


@pages.post("/signin")
def sign_in() -> ResponseReturnValue:
    """Sign in by name and password."""
    login, secret = _login(), request.form.get("secret", "")
    store = house().store
    found = accounts.by_login(store, login) if login else None
    # Counted by whose it is, so that each way in does not give another five guesses.
    key = f"account {found.learner}" if found else f"login {login}"
    limits.check("signin", key)
    if not passwords.fits(secret, found.secret if found else ""):
        limits.failed("signin", key)
        return render_template("classroom/signin.html", login=login, wrong=_WRONG), 403
    assert found
    limits.forgive("signin", key)
    if passwords.outdated(found.secret):
        accounts.rehash(store, found.learner, passwords.kept(secret))
    security.sign_in(found.learner, people.name_of(store, found.learner), found.epoch)
    return redirect(url_for("classroom.overview" if teaches() else "learn.home"), 303)


@pages.post("/signout")
def sign_out() -> ResponseReturnValue:
    """End this browser's session."""
    security.sign_out()
    return redirect(url_for("signin.page"), 303)


@pages.get("/account")
def account() -> ResponseReturnValue:
    """One's own name, the way to sign in, and the classes that one is in."""
    return _account()


def _account(wrong: str = "", login: str = "", status: int = 200) -> ResponseReturnValue:
    store, me = house().store, known()
    found = accounts.get(store, me) if me else None
    return render_template(
        "classroom/account.html",
        found=found,
        name=name(),
        staff=teaches() or bool(me and classes.of_staff(store, me)),
        mine=labwork.my_classes(house()),
        signed_in=signed_in(),
        wrong=wrong,
        login=login or (found.login if found else ""),
        done=request.args.get("done", ""),
        shortest=passwords.SHORTEST,
    ), status


@pages.post("/account")
def change() -> ResponseReturnValue:
    """Set or change the password or PIN. Other sessions end; this one goes on."""
    store, me = house().store, learner()
    found = accounts.get(store, me)
    if found and not signed_in():
        abort(403)
    staff = teaches() or bool(classes.of_staff(store, me))
    login, secret = _login(), request.form.get("secret", "")
    if wrong := _objection(found, staff, login, secret):
        return _account(wrong, login, 400)
    try:
        made = accounts.put(store, me, login, passwords.kept(secret))
    except accounts.Taken:
        # Otherwise it could be asked for every name whether somebody signs in by it.
        limits.failed("signin", f"account {me}")
        return _account("Somebody else signs in by that name. Choose another.", login, 400)
    security.sign_in(me, name(), made.epoch)
    return redirect(url_for("signin.account", done="kept"), 303)


def _objection(found: accounts.Account | None, staff: bool, login: str, secret: str) -> str:
    """What speaks against the change, or empty. Raises TooMany."""
    key = f"account {known()}"
    limits.check("signin", key)
    if found and found.secret:
        if not passwords.fits(request.form.get("present", ""), found.secret):
            limits.failed("signin", key)
            return "That is not your present password or PIN."
        limits.forgive("signin", key)
    if (staff or (found is None or found.login)) and not login:
        return "Choose a name to sign in by, such as your e-mail address."
    return passwords.objection(secret, request.form.get("again", ""), "staff" if staff else "learner", (login, name()))


def _login() -> str:
    return " ".join(request.form.get("login", "").split())[:_LONGEST_LOGIN]


@pages.post("/account/everywhere")
def everywhere() -> ResponseReturnValue:
    """Sign out everywhere: every session of this account ends, this one too."""
    if not signed_in():
        abort(403)
    accounts.end_sessions(house().store, known())
    security.sign_out()
    return redirect(url_for("signin.page"), 303)
