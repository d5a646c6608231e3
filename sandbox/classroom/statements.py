"""xAPI statements (version 1.0.3) of what was handed in in a lab, one JSON object a line. They hold nobody's name."""

import json
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

VERBS: Final = {
    "answered": "http://adlnet.gov/expapi/verbs/answered",
    "completed": "http://adlnet.gov/expapi/verbs/completed",
}
ASSESSMENT: Final = "http://adlnet.gov/expapi/activities/assessment"
QUESTION: Final = "http://adlnet.gov/expapi/activities/question"


@dataclass(frozen=True, slots=True)
class Answered:
    """One judged attempt: by a member (id), in a case, with its score from 0 to 1. ``at``: ISO 8601, UTC."""

    id: int
    member: int
    case_id: str
    title: str
    score: float
    at: str


@dataclass(frozen=True, slots=True)
class Lab:
    """Where it was: ``site`` is the server's address without a slash at its end, ``path`` that of the lab."""

    site: str
    path: str
    name: str


def statements(lab: Lab, answers: Iterable[Answered], cases: int) -> Iterator[dict[str, Any]]:
    """``answered`` for each attempt, and ``completed`` for whoever has answered each of so many cases.

    Their ids depend on what they tell alone, so that a store that is sent them twice keeps each once.
    """
    best: dict[int, dict[str, float]] = {}
    for one in answers:
        yield _answered(lab, one)
        mine = best.setdefault(one.member, {})
        done = len(mine) == cases
        mine[one.case_id] = max(one.score, mine.get(one.case_id, 0.0))
        if cases and len(mine) == cases and not done:
            yield _completed(lab, one, sum(mine.values()) / cases)


def as_ndjson(some: Iterable[dict[str, Any]]) -> bytes:
    """One object a line; control characters are escaped, so a title cannot break a line."""
    return "".join(json.dumps(one, separators=(",", ":")) + "\n" for one in some).encode()


def _answered(lab: Lab, one: Answered) -> dict[str, Any]:
    object_ = _activity(f"{lab.site}/cases/{one.case_id}", one.title, QUESTION)
    result = {"score": {"scaled": one.score}, "success": one.score >= 1, "completion": True}
    parent = {"contextActivities": {"parent": [_activity(lab.site + lab.path, lab.name, ASSESSMENT)]}}
    return {**_statement(lab, one, "answered", f"attempt {one.id}", object_, result), "context": parent}


def _completed(lab: Lab, one: Answered, score: float) -> dict[str, Any]:
    """The score is that of the moment at which the last case came in."""
    object_ = _activity(lab.site + lab.path, lab.name, ASSESSMENT)
    result = {"score": {"scaled": score}, "completion": True}
    return _statement(lab, one, "completed", f"member {one.member}", object_, result)


def _statement(
    lab: Lab, one: Answered, verb: str, what: str, object_: dict[str, Any], result: dict[str, Any]
) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{lab.site}{lab.path} {verb} {what}")),
        "version": "1.0.3",
        "actor": {"objectType": "Agent", "account": {"homePage": lab.site, "name": f"member-{one.member}"}},
        "verb": {"id": VERBS[verb], "display": {"en": verb}},
        "object": object_,
        "result": result,
        "timestamp": one.at,
    }


def _activity(iri: str, name: str, kind: str) -> dict[str, Any]:
    return {"objectType": "Activity", "id": iri, "definition": {"name": {"en": name}, "type": kind}}
