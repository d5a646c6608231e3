"""The projector of a lab: an address of its own that shows the class what it answered, step by step, and no names."""

import hashlib
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, Final

from flask import Blueprint, abort, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeSerializer

from sandbox.answers import answers
from sandbox.cases.library import CaseFile
from sandbox.classroom.board import Answers, Keyed, rivals
from sandbox.classroom.lab import Lab
from sandbox.report import PAIR_ERRORS
from sandbox.store import board as kept
from sandbox.store import classes
from sandbox.store.board import Projector
from sandbox.web import qr
from sandbox.web.house import House, house
from sandbox.web.views import is_htmx

pages = Blueprint("projector", __name__)

STEPS: Final = {"closed": "Chart only", "histogram": "What the class entered", "key": "The key"}
"""Steps of the projector and the words on their buttons."""
JOIN: Final = "join"
"""What a button says in the place of a step that brings back how to join."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What may be seen of an encounter just now. At each step only what belongs to it is there at all."""

    file: CaseFile
    step: str
    people: int
    answers: Answers | None
    pairs: tuple[tuple[str, str], ...]
    pair: tuple[str, str] | None


@pages.get("/projector/<token>")
def one(token: str) -> ResponseReturnValue:
    """The projector. Whoever has the address may see it; it can change nothing."""
    here, lab, shown = _opened(token)
    return render_template("classroom/projector.html", token=token, way=qr.way_in(lab.code), **_view(here, lab, shown))


@pages.post("/projector/<token>")
def live(token: str) -> ResponseReturnValue:
    """What it shows now, or 204 where the page shows just that (``seen``). Another chart loads the page anew."""
    here, lab, shown = _opened(token)
    if not is_htmx():
        return one(token)
    view = _view(here, lab, shown)
    if request.form.get("case", "") != view["case_id"]:
        return "", 200, {"HX-Refresh": "true"}
    if request.form.get("seen") == view["seen"]:
        return "", 204
    return render_template("classroom/_projected.html", token=token, **view)


def address(here: House, lab: int) -> str:
    """The address of a lab's projector with host and scheme, or empty where it has none yet."""
    nonce = kept.projector(here.store, lab).nonce
    return url_for("projector.one", token=_sealed().dumps([lab, nonce]), _external=True) if nonce else ""


def _sealed() -> URLSafeSerializer:
    # Signed: the address stands on the board again and again, and still cannot be made from the database alone.
    return URLSafeSerializer(str(current_app.secret_key), salt="projector")


def _opened(token: str) -> tuple[House, Lab, Projector]:
    here = house()
    try:
        lab_id, nonce = _sealed().loads(token)
    except (BadSignature, ValueError, TypeError):
        abort(404)
    lab = here.labs.get(lab_id)
    shown = kept.projector(here.store, lab_id)
    return (here, lab, shown) if lab and shown.nonce == nonce else abort(404)


def named(pair: tuple[str, str]) -> str:
    """A pair of codes as a form and the database have it."""
    return "|".join(pair)


def pairs(answers: Answers | None, step: str) -> tuple[tuple[str, str], ...]:
    """The pairs of codes that a step offers to talk about: of the class alone before the key, then entered ↔ key."""
    if answers is None or step == "closed":
        return ()
    if step == "histogram":
        return rivals(answers.bars)
    found = [(one.code, one.key) for one in answers.mistakes if one.key and one.key != one.code]
    return tuple(dict.fromkeys(found))


def _scene(here: House, lab: Lab, shown: Projector) -> Scene | None:
    file = here.cases.get(shown.case_id) if shown.case_id else None
    if file is None:
        return None
    there = classes.members(here.store, lab.class_id)
    learners = {one.learner for one in there if one.learner and one.role == "learner"}
    found = here.boards.look(lab.id, learners)[1].get(file.id)
    step = shown.step(file.id)
    offered = pairs(found, step)
    chosen = next((one for one in offered if named(one) == shown.pair), None)
    if found is None and step == "key":
        found = _unanswered(file)
    return Scene(file, step, found.people if found else 0, _open(found, step), offered, chosen)


def _unanswered(file: CaseFile) -> Answers:
    """The key of an encounter that nobody has handed in."""
    lines = chain(*answers(file.case))
    keyed = tuple(Keyed(one.line.code, one.line.system, optional=one.optional) for one in lines)
    return Answers(file.id, 0, 0.0, (), (), keyed)


def _open(found: Answers | None, step: str) -> Answers | None:
    """What a template gets to see of the answers: what is not there cannot leak."""
    if found is None or step == "closed":
        return None
    # By code: what competes stands together, and the order says nothing of what is right.
    found = replace(found, bars=tuple(sorted(found.bars, key=lambda bar: (bar.system, bar.code))))
    if step == "key":
        return replace(found, mistakes=tuple(replace(one, attempts=()) for one in found.mistakes))
    # How a code was judged says what the key has.
    return replace(found, mean=0.0, mistakes=(), keyed=(), bars=tuple(replace(bar, parts=()) for bar in found.bars))


def _view(here: House, lab: Lab, shown: Projector) -> dict[str, Any]:
    scene = _scene(here, lab, shown)
    said = repr(scene and (scene.file.hash, scene.step, scene.people, scene.answers, scene.pair))
    return {
        "code": lab.code,
        "scene": scene,
        "case": scene.file.case if scene else None,
        "case_id": scene.file.id if scene else "",
        "titles": _titles(here, scene),
        "errors": PAIR_ERRORS,
        "seen": hashlib.blake2b(said.encode(), digest_size=12).hexdigest(),
    }


def _titles(here: House, scene: Scene | None) -> dict[str, str]:
    """Code → title, of the codes that may be seen."""
    if scene is None or scene.answers is None:
        return {}
    found = [(bar.code, bar.system) for bar in scene.answers.bars]
    found += [(line.code, line.system) for line in scene.answers.keyed]
    return {code: here.codes.title(code, system) for code, system in found}
