"""Modifiers and units of HCPCS lines: typed, kept, judged, told, disputed and accepted."""

import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from test_disputes import decide
from test_labs import Made, Pupil
from webkit import Learner
from werkzeug.test import TestResponse

from sandbox.cases.amending import Amendment, amended
from sandbox.cases.amending_text import amend_text
from sandbox.cases.reader import read
from sandbox.cases.schema import Case
from sandbox.store import attempts
from sandbox.web import billed
from sandbox.web.house import House
from tests.small_case import INJECTED, spoiled

CASE = "sore-throat"
GIVEN = spoiled("hints:", f"{INJECTED}hints:", spoiled("status: draft", "status: ready"))


@pytest.fixture
def case_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "cases" / "office"
    folder.mkdir(parents=True)
    (folder / f"{CASE}.yaml").write_text(GIVEN, encoding="utf-8")
    return folder.parent


def enter(code: str = "J0561", modifiers: str = "JZ", units: str = "12") -> dict[str, str]:
    """The fields of the form with one procedure."""
    return {
        "dx_code": "J02.0",
        "px_code": code,
        "px_system": "hcpcs",
        "px-0-modifiers": modifiers,
        "px-0-units": units,
    }


def check(who: Learner, **typed: str) -> TestResponse:
    return who.post(f"/cases/{CASE}/check", **{**who.open(CASE), **enter(**typed)})


def errors(house: House, answer: TestResponse) -> list[str]:
    """The errors of the pairs of the attempt that was just made, diagnoses first."""
    found = re.search(r'data-attempt="(\d+)"', answer.text)
    assert found, answer.text
    attempt = attempts.get(house.store, int(found[1]))
    assert attempt and attempt.report
    return [name for pair in attempt.report["pairs"] for name in (pair["error"], *pair["also"])]


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({}, "exact"),
        ({"modifiers": "jz"}, "exact"),
        ({"modifiers": ""}, "wrong_modifier"),
        ({"modifiers": "JW JZ"}, "wrong_modifier"),
        ({"units": "1"}, "wrong_units"),
        ({"units": ""}, "wrong_units"),
    ],
)
def test_what_stands_beside_the_code_is_judged(
    house: House, learner: Learner, typed: dict[str, str], error: str
) -> None:
    assert errors(house, check(learner, **typed)) == ["exact", error]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"modifiers": "JZX"}, "“JZX” at J0561 is no modifier"),
        ({"modifiers": "<b>"}, "“&lt;B&gt;” at J0561 is no modifier"),
        ({"modifiers": "JZ LT RT 25 59"}, "J0561 has 5 modifiers"),
        ({"units": "a dozen"}, "“a dozen” at J0561 is no number of units"),
        ({"units": "0"}, "“0” at J0561 is no number of units"),
        ({"units": "10000"}, "“10000” at J0561 is no number of units"),
        ({"units": "9" * 400}, "is no number of units"),
        ({"units": "-3"}, "“-3” at J0561 is no number of units"),
    ],
)
def test_what_can_be_none_is_said_and_kept_and_costs_no_try(
    house: House, learner: Learner, typed: dict[str, str], said: str
) -> None:
    answer = learner.post(f"/cases/{CASE}/check", htmx=False, **{**learner.open(CASE), **enter(**typed)})
    assert answer.status_code == 400 and said in answer.text
    page = learner.get(f"/cases/{CASE}").text
    kept = typed.get("modifiers", "JZ").replace(" ", ", ").replace("<b>", "&lt;B&gt;")
    assert f'name="px-0-modifiers" value="{kept}"' in page
    assert f'name="px-0-units" value="{typed.get("units", "12")[:10]}"' in page
    assert not house.store.rows("SELECT 1 FROM attempts")


def test_the_form_of_a_code_tells_hcpcs_from_cpt() -> None:
    rows: list[dict[str, Any]] = [{"code": code, "system": "hcpcs"} for code in ("J0561", "12345", "1234T", "G0008")]
    rows.append({"code": "0SRR0JA", "system": "icd-10-pcs"})
    billed.put({"px-1-modifiers": "25,25,LT", "px-4-modifiers": "LT", "px-4-units": "2"}, [0, 1, 2, 3, 4], rows)
    assert [row["system"] for row in rows] == ["hcpcs", "cpt", "cpt", "hcpcs", "icd-10-pcs"]
    assert rows[1]["modifiers"] == ["25", "LT"] and rows[0] == {"code": "J0561", "system": "hcpcs"}
    assert rows[4] == {"code": "0SRR0JA", "system": "icd-10-pcs"}, "ICD-10-PCS has neither"


def test_they_go_along_with_their_line_and_survive(learner: Learner) -> None:
    form = {**learner.open(CASE), "dx_code": "J02.0"}
    rows = [("J0561", "JZ", "12"), ("J0696", "", "4")]
    for n, (_, modifiers, units) in enumerate(rows):
        form |= {f"px-{n}-modifiers": modifiers, f"px-{n}-units": units}
    pairs = [
        *form.items(),
        *(pair for code, _, _ in rows for pair in (("px_code", code), ("px_system", "hcpcs"))),
        ("action", "down-px-0"),
    ]
    moved = learner.client.post(f"/cases/{CASE}/lines", data=_several(pairs), headers={"HX-Request": "true"}).text
    for text in (moved, learner.get(f"/cases/{CASE}").text):
        assert 'name="px-1-modifiers" value="JZ"' in text and 'name="px-1-units" value="12"' in text
        assert 'name="px-0-modifiers" value=""' in text and 'name="px-0-units" value="4"' in text


def _several(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    return {name: [value for other, value in pairs if other == name] for name, _ in pairs}


def test_inpatient_procedures_have_neither(app: Flask) -> None:
    with app.test_request_context():
        cells = app.jinja_env.get_template("learn/_row.html").make_module({"csrf_token": str}).cells
        shape = {"poa": True, "system": "icd-10-pcs", "first": "Principal diagnosis"}
        assert "modifiers" not in cells("px", 0, "", "", "", {}, shape)
        assert "modifiers" in cells("px", 0, "", "", "", {}, {**shape, "system": "hcpcs"})


def test_attempt_and_key_say_what_stands_beside(house: House, learner: Learner) -> None:
    answer = check(learner, modifiers="JW", units="2")
    assert "JZ" not in answer.text and "12 units" not in answer.text, "the answer waits until it is asked for"
    found = re.search(r'data-attempt="(\d+)"', answer.text)
    assert found and "modifier JW, 2 units" in learner.get(f"/attempts/{found[1]}").text
    shown = learner.post(f"/cases/{CASE}/key", **learner.open(CASE), **enter())
    assert "modifier JZ, 12 units" in shown.text


@pytest.fixture
def lab(app: Flask) -> Made:
    made = Made(app, case=[CASE])
    made.do("start")
    return made


def dispute(pupil: Pupil, house: House, **typed: str) -> int:
    """Hand in, and dispute the line; the id of the attempt."""
    sheet = pupil.sheet()
    answer = pupil.post(f"/cases/{sheet.pop('case_id')}/check", **sheet, **enter(**typed))
    found = re.search(r'data-attempt="(\d+)"', answer.text)
    assert found, answer.text
    path = f"/attempts/{found[1]}/dispute"
    line = re.search(r'name="line" value="(\d+)"[^>]*> ([^<]*J0561[^<]*)', pupil.get(path).text)
    assert line, pupil.get(path).text
    reason = {"reason": "So it was given.", "document": "visit", "quote": "Amoxicillin x 10 d."}
    assert pupil.send(path, line=line[1], **reason).status_code == 303
    return int(found[1])


def score(house: House, attempt: int) -> float | None:
    found = attempts.get(house.store, attempt)
    return found.score if found else None


@pytest.mark.parametrize(
    "typed", [{"modifiers": "JW"}, {"modifiers": ""}, {"units": "3"}, {"modifiers": "", "units": "3"}]
)
def test_a_decision_for_one_makes_them_right(lab: Made, house: House, typed: dict[str, str]) -> None:
    attempt = dispute(lab.pupil("Ann"), house, **typed)
    assert (score(house, attempt) or 0) < 1
    shown, answer = decide(lab, "one")
    assert answer.status_code == 303 and score(house, attempt) == 1.0, shown


def test_a_decision_for_the_case_is_written_into_its_file(lab: Made, house: House, case_folder: Path) -> None:
    ann, bob = lab.pupil("Ann"), lab.pupil("Bob")
    attempt = dispute(ann, house, modifiers="JW", units="3")
    shown, answer = decide(lab, "key")
    assert answer.status_code == 303, shown
    text = (case_folder / "office" / f"{CASE}.yaml").read_text()
    assert 'accept_modifiers: [["JW"]]' in text and "accept_units: [3]" in text
    assert score(house, attempt) == 1.0
    sheet = bob.sheet()
    answer = bob.post(f"/cases/{sheet.pop('case_id')}/check", **sheet, **enter(units="3"))
    assert errors(house, answer) == ["exact", "exact"], "right for everybody from now on"
    key = ann.get(f"/attempts/{attempt}").text
    assert "J0561" in key


def test_a_line_that_the_key_lacks_is_accepted_with_what_stands_beside_it(lab: Made, house: House) -> None:
    ann = lab.pupil("Ann")
    sheet = ann.sheet()
    pairs = [
        *sheet.items(),
        *enter().items(),
        ("px_code", "J0696"),
        ("px_system", "hcpcs"),
        ("px-1-modifiers", "LT"),
        ("px-1-units", "4"),
    ]
    answer = ann.client.post(f"/cases/{CASE}/check", data=_several(pairs), headers={"HX-Request": "true"})
    assert errors(house, answer) == ["exact", "exact", "unsupported"]
    found = re.search(r'data-attempt="(\d+)"', answer.text)
    assert found
    path = f"/attempts/{found[1]}/dispute"
    line = re.search(r'name="line" value="(\d+)"[^>]*> ([^<]*J0696[^<]*)', ann.get(path).text)
    assert line and "modifier LT, 4 units" in line[2]
    reason = {"reason": "So it was given.", "document": "visit", "quote": "Amoxicillin x 10 d."}
    assert ann.send(path, line=line[1], **reason).status_code == 303
    shown, answer = decide(lab, "one")
    assert answer.status_code == 303 and score(house, int(found[1])) == 1.0, shown


def case_of(text: str) -> Case:
    source = read(text, f"{CASE}.yaml")
    assert source.case, source.problems
    return source.case


@pytest.mark.parametrize(
    "text",
    [
        GIVEN,
        spoiled(
            "      units: 12\n",
            "      units: 12\n      accept_units: [11]\n      accept_modifiers: [[], [JW]]\n",
            GIVEN,
        ),
        spoiled(
            "      units: 12\n",
            "      units: 12\n      accept_units:\n        - 11\n      accept_modifiers:\n        - [JW, LT]\n"
            "        - [JW]\n",
            GIVEN,
        ),
    ],
)
def test_the_text_says_what_the_amended_case_says(text: str) -> None:
    case = case_of(text)
    for kind, value in (
        ("modifiers", "JW"), ("modifiers", ""), ("modifiers", "LT,JW"), ("modifiers", "25,59"), ("units", "11"),
        ("units", "3"),
    ):  # fmt: skip
        one = Amendment(kind, "procedures", "J0561", value)  # type: ignore[arg-type]
        assert case_of(amend_text(text, [one])) == amended(case, (one,)), (one, amend_text(text, [one]))
        assert amended(amended(case, (one,)), (one,)) == amended(case, (one,)), "twice is once"


def test_the_form_says_which_systems_are_asked_for(learner: Learner) -> None:
    assert "This case asks for HCPCS Level II." in learner.get(f"/cases/{CASE}").text


def test_an_audit_shows_them_and_finds_no_fault_in_them(house: House, learner: Learner) -> None:
    page = learner.open(CASE)
    assert learner.post(f"/cases/{CASE}/audit", htmx=False, csrf_token=page["csrf_token"]).status_code == 303
    shown = learner.get(f"/cases/{CASE}/audit").text
    assert "J0561" in shown and "modifier JZ, 12 units" in shown
    found = re.search(r'name="audit" value="(\d+)"', shown)
    assert found
    answer = learner.post(f"/cases/{CASE}/audit/done", htmx=False, csrf_token=page["csrf_token"], audit=found[1])
    result = learner.get(answer.location).text
    assert "Wrong modifier" not in result and "Wrong units" not in result
