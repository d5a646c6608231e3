"""The daily goal, and the settings of the session timer beside it. Neither nags: no goal is none."""

import re
from typing import Final

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from sandbox.store import goals
from sandbox.web.errors import page
from sandbox.web.house import house
from sandbox.web.security import learner

pages = Blueprint("goal", __name__)

WORDS: Final = {"cases": ("case", "cases"), "drills": ("drill", "drills")}
"""What may be a goal → one of it, several of it."""
_NUMBER: Final = re.compile(r"[0-9]{1,6}")


@pages.post("/me/goal")
def keep() -> ResponseReturnValue:
    """Keep the goal, or take it away with an amount of 0."""
    what, amount = request.form.get("what", ""), request.form.get("amount", "").strip() or "0"
    if what not in WORDS or not _NUMBER.fullmatch(amount) or int(amount) > goals.MOST:
        return page(400, ("That is no goal", f"Choose cases or drills, and a number from 0 to {goals.MOST}."))
    goals.put(house().store, learner(), what, int(amount))
    return redirect(url_for("me.overview", _anchor="goal"), 303)
