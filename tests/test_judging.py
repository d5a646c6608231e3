"""An answer that is kept is the one that judging would give, word for word, for every case that is shipped."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from webkit import HIP

from sandbox.answers import key_claim
from sandbox.cases.library import CaseFile
from sandbox.judge import NotJudged, judge
from sandbox.report import Report
from sandbox.store.attempts import Lines
from sandbox.web import feedback, forms, judging, queryform, queryview
from sandbox.web.house import House
from sandbox.web.judging import Answers

WORDS = "Could you please clarify what the patient's fever was due to?"


def typed(file: CaseFile, slip: int) -> Lines:
    """The key as it would be typed: whole, with a wrong code in front and the last line missing, or with a query."""
    claim = key_claim(file.case)
    diagnoses = [{"code": line.code, "poa": line.poa or ""} for line in claim.diagnoses]
    lines: Lines = {
        "diagnoses": diagnoses,
        "procedures": [{"code": line.code, "system": line.system} for line in claim.procedures],
    }
    if slip == 1:
        diagnoses[0] = {"code": "R50.9", "poa": "Y"}
        del diagnoses[-1:]
    elif slip == 2:
        lines["queries"] = [{"reason": "cause", "document": file.case.documents[0].id, "text": WORDS}]
    return lines


@pytest.fixture
def inside(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


def test_kept_and_fresh_are_the_same_for_every_case_and_encounter(house: House, inside: None) -> None:
    scores = set()
    for file in house.cases.cases().values():
        for slip in range(3):
            lines = typed(file, slip)
            first = house.answers.of(file, lines)
            kept = house.answers.of(file, typed(file, slip))
            assert kept is first, "kept under what was typed"
            assert kept == Answers(house.codes, house.payer).of(file, lines)

            claim, questions = forms.claim(file.case, lines), queryform.questions(file.case, lines)
            report = judge(file, claim, house.codes, house.payer, questions)
            assert (kept.score, kept.figures[0], kept.stored) == (report.score, report.figures[0], report.stored())
            assert kept.body == feedback.draw(report, file.case, False)
            assert kept.queries == queryview.draw(report, file.case, False, {})
            scores.add(kept.score)
    assert len(scores) > 5


def test_other_lines_another_order_or_another_version_are_judged_anew(house: House, inside: None) -> None:
    file = house.cases.get(HIP)
    assert file
    lines = typed(file, 0)
    right = house.answers.of(file, lines)
    turned: Lines = {**lines, "diagnoses": lines["diagnoses"][::-1]}
    marked: Lines = {**lines, "diagnoses": [{**lines["diagnoses"][0], "words": [["er", "fell"]]}]}
    assert len({right.score, house.answers.of(file, turned).score, house.answers.of(file, marked).score}) == 3

    mended = CaseFile.revive(file.text.replace("code: D62", "code: D64.9", 1), Path(file.path).name)
    assert mended.id == file.id and mended.hash != file.hash
    assert house.answers.of(mended, lines).score < 1 == right.score
    assert house.answers.of(file, lines) is right


def test_what_failed_is_not_kept(house: House, inside: None, monkeypatch: pytest.MonkeyPatch) -> None:
    file = house.cases.get(HIP)
    assert file
    real, fails = judging.judge, [True]

    def now_and_then(*all: object) -> Report:
        if fails.pop():
            raise NotJudged("a rule failed")
        return real(*all)  # type: ignore[arg-type]

    fails[:] = [False, True]
    monkeypatch.setattr(judging, "judge", now_and_then)
    with pytest.raises(NotJudged):
        house.answers.of(file, typed(file, 0))
    assert house.answers.of(file, typed(file, 0)).score == 1


def test_answers_are_bounded_by_their_bytes(house: House, inside: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "_MOST", 200_000)
    file = house.cases.get(HIP)
    assert file
    small = Answers(house.codes, house.payer)
    lines = [{"diagnoses": [{"code": f"S72.{n:03}A", "poa": "Y"}], "procedures": []} for n in range(80)]
    made = [small.of(file, one) for one in lines]
    assert sum(one.weight for one in made) > 200_000
    assert small.of(file, lines[-1]) is made[-1]
    assert small.of(file, lines[0]) is not made[0]
    assert all(one.weight > len(one.stored.text) > 0 for one in made)
    assert re.search(r'class="pair', made[0].body)
    # What two answers have in common is there once, or the weight would be a fiction.
    parts = {part: {id(one) for answer in made for one in answer.drawn if one == part} for part in made[0].drawn}
    assert all(len(there) == 1 for there in parts.values())
    distinct = {id(one): sys.getsizeof(one) for answer in made for one in (*answer.drawn, answer.queries)}
    assert sum(distinct.values()) + sum(len(one.stored.text) for one in made) < sum(one.weight for one in made)
