"""A score on its way to a platform, by the Assignment and Grade Services."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, Literal

import requests
from pylti1p3.assignments_grades import AssignmentsGradesService
from pylti1p3.exception import LtiException, LtiServiceException
from pylti1p3.grade import Grade
from pylti1p3.lineitem import LineItem
from pylti1p3.service_connector import ServiceConnector

from sandbox.lti.claims import Grading
from sandbox.lti.parts import Web
from sandbox.lti.settings import Platform
from sandbox.lti.tool import POINTS, Tool

_SCORE: Final = "https://purl.imsglobal.org/spec/lti-ags/scope/score"
_LATER: Final = (401, 408, 425, 429)
"""Refusals that another time may not meet: a token that ran out, too much at once."""


@dataclass(frozen=True, slots=True)
class Score:
    """``points`` of 100 for a user of the platform; ``made``: ISO 8601, later than that of any before."""

    user: str
    points: float
    made: str
    title: str
    resource: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """``kind``: sent, later (try again) or refused. ``lineitem``: where it went; ``words``: what the platform said."""

    kind: Literal["sent", "later", "refused"]
    lineitem: str = ""
    words: str = ""


class Post:
    """One round of sending to one platform, with one access token."""

    def __init__(self, tool: Tool, platform: Platform) -> None:
        self._web = Web()
        self._connector = ServiceConnector(tool.registration(platform), self._web)

    def close(self) -> None:
        """The round is over."""
        self._web.close()

    def send(self, grading: Grading, score: Score) -> Outcome:
        """Send one score, into a line item that is made first where there is none."""
        if _SCORE not in grading.scopes:
            return Outcome("refused", words="The platform does not let this tool send scores.")
        data: Any = {"scope": list(grading.scopes), "lineitem": grading.lineitem, "lineitems": grading.lineitems}
        service = AssignmentsGradesService(self._connector, data)
        try:
            where = grading.lineitem or self._made(service, score)
            self._connector.get_access_token(list(grading.scopes))
            with suppress(requests.JSONDecodeError):  # taken, and answered in words of its own
                service.put_grade(_grade(score), LineItem({"id": where}))
        except LtiServiceException as error:
            status = error.response.status_code
            kind: Any = "later" if status >= 500 or status in _LATER else "refused"
            return Outcome(kind, words=f"The platform answered {status}.")
        except requests.RequestException as error:
            return Outcome("later", words=f"The platform cannot be reached ({type(error).__name__}).")
        except (LtiException, KeyError, ValueError) as error:
            return Outcome("refused", words=f"The platform's answer was not understood ({error}).")
        return Outcome("sent", where)

    def _made(self, service: AssignmentsGradesService, score: Score) -> str:
        wanted = LineItem().set_tag(score.resource).set_label(score.title).set_score_maximum(POINTS)
        return str(service.find_or_create_lineitem(wanted).get_id() or "")


def _grade(score: Score) -> Grade:
    grade = Grade().set_user_id(score.user).set_score_given(score.points).set_score_maximum(POINTS)
    return grade.set_timestamp(score.made).set_activity_progress("Completed").set_grading_progress("FullyGraded")
