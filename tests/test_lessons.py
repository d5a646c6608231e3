"""What to take along from a case: three sentences, of the errors made in it before all else."""

import re

import pytest

from sandbox.answers import key_claim
from sandbox.asking import asked
from sandbox.cases.schema import Case
from sandbox.cases.sections import sections
from sandbox.codes.codeset import CodeSet
from sandbox.encounter import Claim, Line, bare, dotted
from sandbox.grading import grade
from sandbox.lessons import lessons
from sandbox.queries.reasons import Question
from sandbox.report import Report
from sandbox.rules import check
from tests.shipped import library

LIBRARY = library()


def report(case: Case, codes: CodeSet, *swaps: tuple[str, str]) -> Report:
    """The report on the key with some codes exchanged."""
    there = dict(swaps)
    whole = key_claim(case)
    lines = tuple(Line(line.id, there.get(line.shown, line.code), poa=line.poa) for line in whole.diagnoses)
    waived = frozenset(waiver.rule for waiver in case.waives)
    claim = Claim(whole.encounter, lines, whole.procedures)
    return grade(case, claim, codes, case_id="", case_hash="", findings=check(claim, codes, waived=waived))


@pytest.fixture
def hip() -> Case:
    found = LIBRARY.get("hip-pain-after-a-fall")
    assert found
    return found.case


def test_the_errors_that_were_made_are_what_is_told(hip: Case, codes: CodeSet) -> None:
    told = lessons(hip, [report(hip, codes, ("M80.052A", "M80.051A"), ("D62", "D50.0"))])
    assert len(told) == 3
    assert any("it was the side" in lesson.text and "osteoporosis" in lesson.text for lesson in told)
    assert any("it was the cause" in lesson.text for lesson in told)
    assert told[0].section in sections() and told[0].title


def test_the_commoner_error_goes_first_and_ten_checks_make_no_ten_errors(hip: Case, codes: CodeSet) -> None:
    side = report(hip, codes, ("M80.052A", "M80.051A"))
    general = report(hip, codes, ("N18.32", "N18.30"), ("Y93.E8", "Y93.9"), ("Y99.8", "Y99.9"))
    told = lessons(hip, [side] * 10 + [general])
    assert "more exactly" in told[0].text and "it was the side" in told[1].text


def test_a_rule_that_spoke_is_told_with_its_link(hip: Case, codes: CodeSet) -> None:
    told = lessons(hip, [report(hip, codes, ("N18.32", "I10"))])
    assert any(lesson.rule for lesson in told)


@pytest.mark.parametrize("id", sorted(LIBRARY.cases()))
def test_a_case_without_errors_says_in_three_sentences_what_it_exercised(id: str, codes: CodeSet) -> None:
    file = LIBRARY.get(id)
    assert file
    told = lessons(file.case, [report(file.case, codes)])
    assert len({lesson.text for lesson in told}) == len(told) == 3
    assert not any(lesson.error for lesson in told)
    for lesson in told:
        assert lesson.text.strip(" *)”")[-1] in ".?!", lesson
        assert not re.search(r"[.?!] [A-Z]", lesson.text), lesson


@pytest.mark.parametrize("id", sorted(LIBRARY.cases()))
def test_errors_leave_three_sentences_too(id: str, codes: CodeSet) -> None:
    file = LIBRARY.get(id)
    assert file
    first = file.case.key.diagnoses[0]
    told = lessons(file.case, [report(file.case, codes, (dotted(bare(first.code)), "R69"))])
    assert len({lesson.text for lesson in told}) == len(told) == 3
    assert told[0].error
    for lesson in told:
        assert not re.search(r"[.?!] [A-Z]", lesson.text), lesson


def test_a_query_that_led_is_a_lesson_and_one_that_was_not_written_is_none(codes: CodeSet) -> None:
    file = LIBRARY.get("nosebleed-on-a-blood-thinner")
    assert file
    question = Question("no_diagnosis", "labs", "Would you agree that the Hgb of 10.6 is anemia?")
    unasked, led = (asked(report(file.case, codes), file.case, questions) for questions in ((), (question,)))
    assert [one.outcome for one in (*unasked.asked, *led.asked)] == ["missed", "leading"]
    assert "query" not in " ".join(lesson.text.lower() for lesson in lessons(file.case, [unasked]))
    assert "led the provider" in lessons(file.case, [led])[0].text
