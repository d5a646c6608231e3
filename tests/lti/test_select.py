"""Deep linking: what somebody who teaches picks goes back to the platform, signed."""

import re
from typing import Any

import ltikit
import pytest
import resultkit
from crawling import Page
from flask import Flask
from ltikit import Visitor
from ltiplatform import CLAIM, DEEP, Link, Platform, User
from resultkit import CASES, Room
from werkzeug.test import TestResponse

from sandbox.store import labs
from sandbox.web.ltiwords import WORDS

TEACHER = User("u-teacher", "Tea Cher", "Instructor")


def picks(app: Flask, answer: TestResponse, what: str) -> TestResponse:
    """Send the form of the picker from a browser that has no cookie: it stands in a frame."""
    token = re.search(r'name="token" value="([^"]+)"', answer.text)
    assert token, answer.text
    return app.test_client().post("/lti/chosen", data={"token": token[1], "what": what})


def sent_back(platform: Platform, answer: TestResponse) -> dict[str, Any]:
    """What the page posts to the platform, read as the platform reads it."""
    signed = re.search(r'name="JWT" value="([^"]+)"', answer.text)
    assert signed and f'action="{platform.issuer}/return"' in answer.text
    return platform._proved(signed[1], platform.issuer, platform.client_id)


def test_a_lab_or_a_case_goes_back_with_a_line_item(app: Flask, platform: Platform, room: Room) -> None:
    page = Visitor(app).launch(platform, TEACHER, select=True)
    assert page.status_code == 200 and "Lab &lt;one&gt;" in page.text
    for what, title, custom in (
        (f"lab:{room.lab}", "Lab <one>", {"lab": str(room.lab)}),
        (f"case:{CASES[0]}", room.house.cases.cases()[CASES[0]].case.title, {"case": CASES[0]}),
    ):
        said = sent_back(platform, picks(app, page, what))
        assert said[f"{CLAIM}message_type"] == "LtiDeepLinkingResponse"
        assert said[f"{CLAIM}deployment_id"] == platform.deployment
        assert said[f"{DEEP}data"] == "kept by the platform"
        [item] = said[f"{DEEP}content_items"]
        assert (item["type"], item["title"], item["custom"]) == ("ltiResourceLink", title, custom)
        assert item["url"] == f"{ltikit.ADDRESS}/lti/launch"
        assert (item["lineItem"]["scoreMaximum"], item["lineItem"]["label"]) == (100, title)


def test_what_came_back_leads_there(app: Flask, platform: Platform, room: Room) -> None:
    page = Visitor(app).launch(platform, TEACHER, select=True)
    [item] = sent_back(platform, picks(app, page, f"lab:{room.lab}"))[f"{DEEP}content_items"]
    answer = Visitor(app).launch(platform, User("u", "U"), Link("new", item["custom"]))
    assert answer.headers["Location"] == f"/labs/{room.lab}"


def test_only_the_platform_may_frame_the_pages_and_get_the_answer(app: Flask, platform: Platform, room: Room) -> None:
    page = Visitor(app).launch(platform, TEACHER, select=True)
    policy = page.headers["Content-Security-Policy"]
    assert f"frame-ancestors {platform.issuer}" in policy and "form-action 'self';" in policy
    answer = picks(app, page, f"lab:{room.lab}")
    policy = answer.headers["Content-Security-Policy"]
    assert f"form-action 'self' {platform.issuer};" in policy and "default-src 'none'" in policy
    for one in (page, answer):
        assert Page(one.text.replace(f'action="{platform.issuer}/return"', 'action="/"')).dangers == []


def test_the_answer_goes_to_no_address_but_the_platforms(app: Flask, platform: Platform, room: Room) -> None:
    for where in ("https://evil.example/x", "javascript:alert(1)", f"{platform.issuer}@evil.example/", "", None):
        settings = {
            "deep_link_return_url": where, "accept_types": ["ltiResourceLink"],
            "accept_presentation_document_targets": ["iframe"],
        }  # fmt: skip
        changed = {f"{DEEP}deep_linking_settings": settings}
        answer = Visitor(app).launch(platform, TEACHER, select=True, **changed)
        assert answer.status_code == 403 and WORDS["return"][1] in answer.text


@pytest.mark.parametrize("role", ["Learner", "Mentor"])
def test_who_does_not_teach_picks_nothing(app: Flask, platform: Platform, room: Room, role: str) -> None:
    answer = Visitor(app).launch(platform, User("u", "U", role), select=True)
    assert answer.status_code == 403 and WORDS["picker"][1] in answer.text


def test_a_lab_of_another_class_and_a_draft_cannot_be_picked(app: Flask, platform: Platform, room: Room) -> None:
    away = resultkit.room(room.house, "s" * 32, "Away")
    page = Visitor(app).launch(platform, TEACHER, select=True)
    for what in (f"lab:{away.lab}", "lab:99999", "lab:x", "case:nope", "", "other:1"):
        answer = picks(app, page, what)
        assert answer.status_code == 422 and "Choose a lab or a case" in answer.text
        assert "JWT" not in answer.text
    labs.create(room.house.store, room.class_id, "t" * 32, "Another", resultkit.Plan(), CASES, None, None)
    assert "Another" in picks(app, page, "").text


def test_a_form_that_nobody_signed_answers_nothing(app: Flask, platform: Platform, room: Room) -> None:
    client = app.test_client()
    for token in ("", "forged", "a.b.c"):
        answer = client.post("/lti/chosen", data={"token": token, "what": f"lab:{room.lab}"})
        assert answer.status_code == 403 and WORDS["old"][1] in answer.text


def test_before_the_course_has_a_class_the_picker_leads_to_the_question(app: Flask, platform: Platform) -> None:
    page = Visitor(app).launch(platform, TEACHER, select=True)
    assert page.status_code == 200 and "/lti/course/" in page.text and 'target="_blank"' in page.text
