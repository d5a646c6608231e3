"""Deep linking: whoever teaches a course picks what is set as an assignment there.

The page stands in a frame of the platform, where browsers give us no session. What the launch has proved is carried by
the form itself, signed, for half an hour; all that the form can do is answer that one request.
"""

from typing import Any, Final

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature

from sandbox.lti.claims import Course, Launch
from sandbox.lti.settings import Platform, origin
from sandbox.lti.tool import Item
from sandbox.store import classes, labs, lti
from sandbox.web import limits, lticourse
from sandbox.web.house import house
from sandbox.web.ltihouse import framed, platform, signer, tool
from sandbox.web.ltiwords import refused

pages = Blueprint("ltiselect", __name__)

_LASTS: Final = 30 * 60
_NEEDED: Final = ("deep_link_return_url", "data", "accept_types")


def page(found: Launch, there: Platform) -> ResponseReturnValue:
    """The labs of the class, and the cases; or, before the course has a class, the way to connect it."""
    assert found.deep is not None
    class_id = lti.class_of(house().store, found.course)
    if not class_id:
        return framed(render_template("lti/connect.html", address=lticourse.address(found)))
    if origin(str(found.deep.get("deep_link_return_url"))) not in there.pages:
        # The answer is signed by us: it goes to the platform and to nobody else.
        return refused("return")
    one = found.course
    deep = {name: found.deep[name] for name in _NEEDED if name in found.deep}
    token = signer("lti-select").dumps([one.issuer, one.client_id, one.deployment, one.context, deep])
    return framed(render_template("lti/select.html", token=token, wrong="", **_offered(class_id)))


@pages.post("/lti/chosen")
def choose() -> ResponseReturnValue:
    """What was picked goes back to the platform, signed."""
    limits.hit("lti")
    try:
        *ids, deep = signer("lti-select").loads(request.form.get("token", ""), max_age=_LASTS)
    except BadSignature:
        return refused("old")
    course = Course(*ids)
    class_id = lti.class_of(house().store, course)
    item = _item(class_id, request.form.get("what", "")) if class_id else None
    if item is None:
        words = "Choose a lab or a case."
        shown = _offered(class_id)
        return framed(render_template("lti/select.html", token=request.form["token"], wrong=words, **shown), 422)
    signed = tool().content(platform(course), course.deployment, deep, item)
    back = deep["deep_link_return_url"]
    return framed(render_template("lti/back.html", back=back, signed=signed, title=item.title), posts_to=origin(back))


def _item(class_id: int, what: str) -> Item | None:
    kind, _, id = what.partition(":")
    here = house()
    if kind == "lab" and id.isascii() and id.isdecimal() and len(id) < 18:
        lab = here.labs.get(int(id))
        return Item(lab.name, {"lab": id}, f"lab-{id}") if lab and lab.class_id == class_id else None
    file = here.cases.get(id) if kind == "case" and "~" not in id else None
    return Item(file.case.title, {"case": id}, f"case-{id}") if file and file.case.status == "ready" else None


def _offered(class_id: int) -> dict[str, Any]:
    here = house()
    ready = [file for file in here.cases.cases().values() if file.case.status == "ready"]
    return {
        "room": classes.get(here.store, class_id),
        "labs": labs.of_class(here.store, class_id),
        "cases": sorted(ready, key=lambda file: (file.case.setting_label, file.case.title)),
    }
