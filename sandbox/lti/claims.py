"""What a proved launch says: who, with which roles, from which course, for which assignment."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

Role = Literal["instructor", "assistant", "learner", ""]

_CLAIM: Final = "https://purl.imsglobal.org/spec/lti/claim/"
_AGS: Final = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
_DEEP: Final = "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings"
_ROLES: Final = "http://purl.imsglobal.org/vocab/lis/v2/membership"

ROLES: Final[Mapping[str, Role]] = {
    # The part behind the common beginning, or the short names that are allowed for roles in a course.
    "/Instructor#TeachingAssistant": "assistant",
    "#TeachingAssistant": "assistant",
    "TeachingAssistant": "assistant",
    "#Instructor": "instructor",
    "Instructor": "instructor",
    "#ContentDeveloper": "instructor",
    "ContentDeveloper": "instructor",
    "#Administrator": "instructor",
    "Administrator": "instructor",
    "#Learner": "learner",
    "Learner": "learner",
}
"""A role in the course → what it is here. Those of the school and its system as a whole are none in a course."""
_FIRST: Final[tuple[Role, ...]] = ("assistant", "instructor", "learner")
"""Canvas says of an assistant that they are an instructor too: the narrower one counts."""

_LONGEST: Final = 300


@dataclass(frozen=True, slots=True)
class Course:
    """A course of a platform: what a class here can be bound to."""

    issuer: str
    client_id: str
    deployment: str
    context: str


@dataclass(frozen=True, slots=True)
class Grading:
    """Where a score of this launch goes: the address of the line item, or that of the list in which to make one."""

    lineitem: str
    lineitems: str
    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Launch:
    """A launch whose signature, nonce, state and time are proved.

    ``link``: id of the link in the course; ``lab`` and ``case_id``: what it was set for; ``deep``: the settings of a
    request to choose content, or None.
    """

    course: Course
    title: str
    user: str
    name: str
    email: str
    number: str
    role: Role
    link: str
    lab: int
    case_id: str
    grading: Grading | None
    deep: Mapping[str, Any] | None


def of(body: Mapping[str, Any], client_id: str) -> Launch:
    """Take the claims of a proved token apart. What has another type than it should is as if it were not there."""
    context, custom = _table(body, "context"), _table(body, "custom")
    deep = body.get(_DEEP) if body.get(f"{_CLAIM}message_type") == "LtiDeepLinkingRequest" else None
    lab, deployment = _text(custom.get("lab")), _text(body.get(f"{_CLAIM}deployment_id"))
    course = Course(_text(body.get("iss")), client_id, deployment, _text(context.get("id")))
    return Launch(
        course=course,
        title=_text(context.get("title")) or _text(context.get("label")),
        user=_text(body.get("sub")),
        name=_name(body),
        email=_text(body.get("email")),
        number=_text(_table(body, "lis").get("person_sourcedid")),
        role=role(_texts(body.get(f"{_CLAIM}roles"))),
        link=_text(_table(body, "resource_link").get("id")),
        lab=int(lab) if lab.isascii() and lab.isdecimal() and len(lab) < 18 else 0,
        case_id=_text(custom.get("case")),
        grading=_grading(body.get(_AGS)),
        deep=deep if isinstance(deep, dict) else None,
    )  # fmt: skip


def role(roles: Iterable[str]) -> Role:
    """What somebody with these roles in a course is here; empty for one who is none of them."""
    found = {ROLES.get(one.removeprefix(_ROLES), "") for one in roles}
    return next((one for one in _FIRST if one in found), "")


def _name(body: Mapping[str, Any]) -> str:
    whole = _text(body.get("name"))
    return whole or " ".join(filter(None, (_text(body.get("given_name")), _text(body.get("family_name")))))


def _grading(said: object) -> Grading | None:
    if not isinstance(said, dict):
        return None
    lineitem, lineitems = _url(said.get("lineitem")), _url(said.get("lineitems"))
    return Grading(lineitem, lineitems, tuple(_texts(said.get("scope")))) if lineitem or lineitems else None


def _url(value: object) -> str:
    # Addresses of line items may be long; those that are no web addresses are none.
    return value if isinstance(value, str) and value.startswith(("https://", "http://")) and len(value) < 2000 else ""


def _table(body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = body.get(_CLAIM + name)
    return found if isinstance(found, dict) else {}


def _texts(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _text(value: object) -> str:
    return " ".join(value.split())[:_LONGEST] if isinstance(value, str) else ""
