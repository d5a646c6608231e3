"""Drills: one short question after the other, each answered at once, with the rule and the code set's own words."""

import random
import secrets
import time
from typing import Any, Final

from flask import Blueprint, abort, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from sandbox.codes.model import day
from sandbox.drills import KINDS, Drill, make
from sandbox.rules import RULES
from sandbox.store import drilling
from sandbox.store.drilling import DrillAnswer
from sandbox.web.house import REFERENCE_DAY, house
from sandbox.web.security import known, learner, renew, visitor
from sandbox.web.views import is_htmx

pages = Blueprint("drills", __name__)

LARGEST_SEED: Final = 2**31 - 1
MOST: Final = 50
"""Drills of one round."""
USUAL: Final = 10


@pages.get("/drills")
def overview() -> ResponseReturnValue:
    """The kinds, what each trains, and what the learner did in each."""
    done = drilling.tally(house().store, known()) if known() else {}
    return render_template("drills/overview.html", kinds=KINDS, done=done, usual=USUAL, most=MOST)


@pages.get("/drills/round")
def begin_round() -> ResponseReturnValue:
    """Begin a round of all kinds mixed; ``?seed=`` gives a class the same one."""
    many = request.args.get("n", USUAL, type=int)
    seed = request.args.get("seed", secrets.randbelow(LARGEST_SEED), type=int)
    return redirect(url_for("drills.in_round", number=_in_range(seed), many=min(max(many, 1), MOST), place=1))


@pages.get("/drills/round/<int:number>/<int:many>/<int:place>")
def in_round(number: int, many: int, place: int) -> ResponseReturnValue:
    """To one drill of a round."""
    if not 1 <= place <= many <= MOST:
        abort(404)
    kind, seed = _round(_in_range(number), many)[place - 1]
    return redirect(url_for("drills.one", kind=kind, seed=seed, round=f"{number}-{many}-{place}"))


@pages.get("/drills/round/<int:number>/<int:many>")
def after_round(number: int, many: int) -> ResponseReturnValue:
    """What came of a round: by kind, and drill by drill."""
    if not 1 <= many <= MOST:
        abort(404)
    rows = [(_drill(kind, seed), _answer(kind, seed)) for kind, seed in _round(_in_range(number), many)]
    by_kind: dict[str, list[int]] = {}
    for drill, answer in rows:
        if answer:
            counts = by_kind.setdefault(drill.kind, [0, 0])
            counts[0] += answer.correct
            counts[1] += 1
    return render_template("drills/round.html", rows=rows, by_kind=by_kind, kinds=KINDS, number=number, many=many)


def _round(number: int, many: int) -> list[tuple[str, int]]:
    """(kind, seed) of each drill: every kind about as often."""
    dice = random.Random(number)  # noqa: S311 - a game of chance, no secret
    kinds = sorted(KINDS)
    order = [kind for _ in range(many // len(kinds) + 1) for kind in dice.sample(kinds, len(kinds))]
    return [(kind, dice.randrange(LARGEST_SEED)) for kind in order[:many]]


@pages.get("/drills/<kind>")
def next_one(kind: str) -> ResponseReturnValue:
    """To a drill of the kind that the learner has not met; ``?seed=`` names one."""
    if kind not in KINDS:
        abort(404)
    seed = request.args.get("seed", secrets.randbelow(LARGEST_SEED), type=int)
    return redirect(url_for("drills.one", kind=kind, seed=_in_range(seed)))


@pages.get("/drills/<kind>/<int:seed>")
def one(kind: str, seed: int) -> ResponseReturnValue:
    """One drill; answered before, with its answer."""
    visitor()
    renew()
    drill, answer = _drill(kind, seed), _answer(kind, seed)
    if answer is None and session.get("drill", [])[:2] != [kind, seed]:
        # A page that is loaded again does not begin anew.
        session["drill"] = [kind, seed, time.time()]
    return render_template("drills/drill.html", **_shown(drill, answer))


@pages.post("/drills/<kind>/<int:seed>")
def answer(kind: str, seed: int) -> ResponseReturnValue:
    """Answer a drill. Sent twice, the first answer stays."""
    drill, chosen = _drill(kind, seed), request.form.get("chosen", "")
    if chosen not in {option.id for option in drill.options}:
        return redirect(url_for("drills.one", kind=kind, seed=seed, round=_place() or None), 303)
    began = session.pop("drill", None)
    seconds = time.time() - began[2] if began and began[:2] == [kind, seed] else 0.0
    found = drilling.add(house().store, learner(), kind, seed, chosen, chosen == drill.correct, seconds, drill.wording)
    if not is_htmx():
        return redirect(url_for("drills.one", kind=kind, seed=seed, round=_place() or None), 303)
    return render_template("drills/_drill.html", **_shown(drill, found))


def _drill(kind: str, seed: int) -> Drill:
    here = house()
    if kind not in KINDS or seed > LARGEST_SEED:
        abort(404)
    return make(kind, seed, here.codes.at(day(REFERENCE_DAY)), here.payer)


def _answer(kind: str, seed: int) -> DrillAnswer | None:
    return drilling.get(house().store, known(), kind, seed) if known() else None


def _shown(drill: Drill, answer: DrillAnswer | None) -> dict[str, Any]:
    kind = KINDS[drill.kind]
    return {
        "drill": drill,
        "kind": kind,
        "rule": kind.rule if kind.rule in RULES else "",
        "answer": answer,
        "changed": answer is not None and answer.wording != drill.wording,
        "round": _place(),
        **_next(drill.kind),
    }


def _place() -> str:
    """Which drill of which round the learner is in: ``number-many-place``, or empty."""
    said = request.values.get("round", "")
    parts = said.split("-")
    return said if len(parts) == 3 and all(part.isdecimal() and len(part) < 11 for part in parts) else ""


def _next(kind: str) -> dict[str, str]:
    """Where *Next* leads, and how far the round is."""
    if not (place := _place()):
        return {"onward": url_for("drills.next_one", kind=kind), "onward_label": "Next", "progress": ""}
    number, many, at = map(int, place.split("-"))
    if at >= many:
        where = url_for("drills.after_round", number=number, many=many)
        return {"onward": where, "onward_label": "How it went", "progress": f"{at} of {many}"}
    where = url_for("drills.in_round", number=number, many=many, place=at + 1)
    return {"onward": where, "onward_label": "Next", "progress": f"{at} of {many}"}


def _in_range(seed: int) -> int:
    return min(max(seed, 0), LARGEST_SEED)
