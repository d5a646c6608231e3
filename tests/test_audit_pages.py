"""Audit mode in the browser: begun, kept, handed in, explained; and whose it is."""

import re

import pytest
from flask import Flask
from webkit import HIP, Learner, field

from sandbox.store import audits, helps
from sandbox.web.house import House

PAGE = f"/cases/{HIP}/audit"


def begin(learner: Learner) -> dict[str, str]:
    """Begin an audit. Returns the hidden fields of its form."""
    token = field(learner.get(PAGE).text, "csrf_token")
    assert learner.client.post(PAGE, data={"csrf_token": token}).status_code == 303
    page = learner.get(PAGE).text
    return {name: field(page, name) for name in ("csrf_token", "audit")}


def post(learner: Learner, verb: str, htmx: bool = False, **fields: object) -> object:
    headers = {"HX-Request": "true"} if htmx else {}
    return learner.client.post(f"{PAGE}/{verb}", data=fields, headers=headers)


def test_whoever_has_not_coded_the_patient_is_told_what_an_audit_shows(learner: Learner) -> None:
    assert "do that first" in learner.get(PAGE).text
    learner.check(["S72.002A/Y"])
    assert "do that first" not in learner.get(PAGE).text


def test_an_audit_is_handed_in_and_everything_is_explained(learner: Learner, house: House) -> None:
    hidden = begin(learner)
    answer = post(learner, "done", **hidden, **{"name-dx2": "unsupported"})
    assert answer.status_code == 303
    page = learner.get(answer.location).text
    assert "Your audit" in page and "Faults found" in page
    running = audits.get(house.store, int(hidden["audit"]))
    assert running and running.result
    wrong = [row["pair"] for row in running.result["outcomes"]]
    assert wrong
    for pair in wrong:
        assert (pair["key"] or pair["entered"])["code"] in page


def test_before_it_is_handed_in_nothing_says_what_is_wrong(learner: Learner, house: House) -> None:
    hidden = begin(learner)
    page = learner.get(PAGE).text
    running = audits.get(house.store, int(hidden["audit"]))
    assert running
    shown = {row[1] for row in running.claim}
    file = house.cases.get(HIP)
    assert file
    absent = [line.code for line in file.case.key.diagnoses if line.code not in shown]
    assert all(code not in page for code in absent)
    assert not any(line.why[:40] in page for line in file.case.key.diagnoses)


def test_what_was_said_survives_a_reload(learner: Learner) -> None:
    hidden = begin(learner)
    said = {"name-dx1": "wrong_side", "code-dx1": "m80051a", "first": "dx2", "add_dx": "e119", "add_poa": "Y"}
    saved = post(learner, "save", htmx=True, **hidden, **said)
    assert "saved " in saved.text
    page = learner.get(PAGE).text
    assert '<option value="wrong_side" selected>' in page and '<option value="dx2" selected>' in page
    assert 'value="M80.051A"' in page and 'value="E11.9"' in page
    assert post(learner, "save", **hidden, **said).location == PAGE


def test_a_form_older_than_what_another_tab_saved_writes_nothing_over(learner: Learner, house: House) -> None:
    hidden = begin(learner)
    seen = field(learner.get(PAGE).text, "seen")
    newer = post(learner, "save", htmx=True, **hidden, seen=seen, **{"name-dx1": "wrong_side"})
    assert 'id="seen"' in newer.text
    older = post(learner, "save", htmx=True, **hidden, seen=seen, **{"name-dx2": "unsupported"})
    assert (older.status_code, "another tab" in older.text) == (409, True)
    # The same once more is the same, and a form that has seen it goes on from there.
    assert post(learner, "save", htmx=True, **hidden, seen=seen, **{"name-dx1": "wrong_side"}).status_code == 200
    seen = field(learner.get(PAGE).text, "seen")
    assert post(learner, "save", htmx=True, **hidden, seen=seen, **{"name-dx2": "unsupported"}).status_code == 200
    assert list(audits.get(house.store, int(hidden["audit"])).answer["verdicts"]) == ["dx2"]


def test_the_key_counts_as_shown_once_an_audit_is_explained_and_not_before(learner: Learner, house: House) -> None:
    hidden = begin(learner)
    me = audits.get(house.store, int(hidden["audit"])).learner
    assert not helps.asked(house.store, me, HIP).key_shown
    post(learner, "done", **hidden)
    assert helps.asked(house.store, me, HIP).key_shown


def test_a_double_click_begins_one_and_hands_in_one(learner: Learner, house: House) -> None:
    hidden = begin(learner)
    learner.client.post(PAGE, data={"csrf_token": hidden["csrf_token"]})
    me = audits.get(house.store, int(hidden["audit"])).learner
    assert len(audits.of_learner(house.store, me)) == 1
    first = post(learner, "done", **hidden, **{"name-dx1": "wrong_side"})
    again = post(learner, "done", **hidden)
    assert first.location == again.location
    assert audits.get(house.store, int(hidden["audit"])).answer["verdicts"] == {"dx1": ["wrong_side", "", ""]}


def test_what_the_form_does_not_offer_is_not_taken(learner: Learner, house: House) -> None:
    hidden = begin(learner)
    odd = {"name-dx1": "<script>", "name-dx99": "wrong_side", "poa-dx2": "Q", "code-dx3": "x" * 5000}
    assert post(learner, "save", htmx=True, **hidden, **odd).status_code == 200
    kept = audits.get(house.store, int(hidden["audit"])).answer["verdicts"]
    assert set(kept) == {"dx3"} and len(kept["dx3"][1]) <= 80


def test_an_audit_is_its_learners_and_its_instructors(learner: Learner, app: Flask) -> None:
    hidden = begin(learner)
    where = post(learner, "done", **hidden).location
    assert learner.get(where).status_code == 200
    stranger = Learner(app)
    assert stranger.get(where).status_code == 404
    theirs = field(stranger.get("/").text, "csrf_token")
    assert post(stranger, "done", csrf_token=theirs, audit=hidden["audit"]).status_code == 404


@pytest.mark.parametrize("said", ["9" * 30, "9" * 5000, "٣", "²", "-1", ""])
def test_a_form_of_no_audit_is_not_found(learner: Learner, said: str) -> None:
    hidden = begin(learner)
    for verb in ("save", "done"):
        assert post(learner, verb, csrf_token=hidden["csrf_token"], audit=said).status_code == 404


@pytest.mark.parametrize("path", ["/cases/nowhere/audit", "/audits/1", "/audits/99999999999999999999"])
def test_what_is_not_there_is_not_found(learner: Learner, path: str) -> None:
    assert learner.get(path).status_code == 404


def test_codes_that_three_learners_got_wrong_are_known_and_nobody_by_name(app: Flask, house: House) -> None:
    for n in range(3):
        assert list(audits.wrong_codes(house.store, HIP)) == []
        Learner(app).check(["S72.002A/Y", f"Z00.0{n}/Y"])
    assert ("icd-10-cm", "M80052A", "S72002A") in set(audits.wrong_codes(house.store, HIP))


def test_the_attempts_page_lists_audits(learner: Learner) -> None:
    hidden = begin(learner)
    where = post(learner, "done", **hidden).location
    assert re.search(rf'href="{where}"', learner.get("/attempts").text)
