"""Queries beside the key's: matched by what they name, with a figure of their own, and never a part of the score."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from sandbox.asking import OUTCOMES, asked, figure
from sandbox.cases.library import CaseFile
from sandbox.cases.reader import read
from sandbox.cases.schema import Case
from sandbox.codes.codeset import CodeSet
from sandbox.encounter import Line
from sandbox.judge import judge
from sandbox.payment import Payer
from sandbox.queries.asked import Asked
from sandbox.queries.reasons import Question
from sandbox.report import Report
from sandbox.web.house import House
from tests.small_case import QUERY, TEXT, spoiled

with (Path(__file__).parent / "queries" / "matched.csv").open(encoding="utf-8", newline="") as _file:
    ROWS = list(csv.DictReader(_file))

CASE = spoiled("hints:", QUERY + "hints:")
GOOD = Question("treatment", "visit", "Which condition was the fever treated for?")


def small(text: str = CASE) -> CaseFile:
    source = read(text, "x.yaml")
    assert source.problems == () and source.case
    return CaseFile.of(source)


def report(file: CaseFile, house: House, *questions: Question, codes: tuple[str, ...] = ()) -> Report:
    case: Case = file.case
    claim = case.claim()
    return asked(judge(file, claim, house.codes, house.payer), case, questions, codes)


@pytest.mark.parametrize("row", ROWS, ids=[f"{row['case']}-{n}" for n, row in enumerate(ROWS)])
def test_a_question_about_a_shipped_case_is_taken_for_what_it_asks(row: dict[str, str], house: House) -> None:
    file = house.cases.get(row["case"])
    assert file
    one = Question(row["reason"], row["document"], row["question"])
    found = asked(judge(file, file.case.claim(), house.codes, house.payer), file.case, [one]).asked[0]
    assert found.outcome == row["outcome"], found
    assert found.key == int(row["about"] or -1), found


def test_the_score_is_the_same_with_and_without_queries(house: House) -> None:
    file = small()
    reports = [report(file, house), report(file, house, GOOD), report(file, house, Question("poa", "", "Why?"))]
    assert {one.score for one in reports} == {1.0}
    assert [one.figures[-1].value for one in reports] == [0.0, 1.0, 0.0]
    assert reports[2].figures[-1].numbers == "0 right ÷ (1 called for + 1 in excess) = 0.00"


def test_a_case_without_queries_keeps_its_report_and_a_needless_one_has_no_figure(house: House) -> None:
    file = small(TEXT)
    assert report(file, house).asked == ()
    assert "queries" not in {one.id for one in report(file, house).figures}
    needless = report(file, house, Question("treatment", "visit", "Which germ caused the pharyngitis?"))
    assert [one.outcome for one in needless.asked] == ["not_needed"]
    assert needless.figures[-1].value is None and needless.score == 1.0
    assert needless.asked[0].evidence[0].quote == "Strep pharyngitis"


def test_of_a_bare_claim_for_which_no_query_could_be_written_nothing_is_said(house: House) -> None:
    file = small()
    bare, without = (judge(file, file.case.claim(), house.codes, house.payer, given) for given in (None, ()))
    assert bare.asked == () and "queries" not in {figure.id for figure in bare.figures}
    assert [one.outcome for one in without.asked] == ["missed"]


def test_one_query_is_answered_once_and_a_second_of_the_same_is_repeated(house: House) -> None:
    found = report(small(), house, GOOD, Question("no_diagnosis", "visit", "What does the fever mean?")).asked
    assert sorted(one.outcome for one in found) == ["repeated", "right"]


def test_what_leads_is_told_and_is_not_right(house: House) -> None:
    found = report(small(), house, Question("treatment", "visit", "Does she have a fever of scarlatina?")).asked[0]
    assert found.outcome == "leading" and found.leads[0][0] == "yes_no"


def test_a_code_in_place_of_the_query_is_told(house: House) -> None:
    assert report(small(), house, codes=("R50.9",)).asked[0].told == "Ask what the fever means."
    assert report(small(), house, codes=("J02.0",)).asked[0].told == ""


def test_an_optional_query_is_never_missed_and_counts_nowhere(house: House) -> None:
    file = small(spoiled("      cites: [I.B.14]\n", "      cites: [I.B.14]\n      optional: true\n", CASE))
    assert report(file, house).asked == ()
    asked_for = report(file, house, GOOD)
    assert [one.outcome for one in asked_for.asked] == ["right"] and asked_for.figures[-1].value is None


def test_the_report_comes_back_from_json_as_it_was(house: House) -> None:
    for one in (report(small(), house, GOOD), report(small(), house)):
        assert Report.from_json(one.as_json()) == one
    assert "asked" not in report(small(TEXT), house).as_json()


def test_every_outcome_has_a_label_and_occurs(house: House) -> None:
    assert {row["outcome"] for row in ROWS} | {"repeated", "missed"} == set(OUTCOMES)
    assert figure([Asked("missed", key=0)]).value == 0.0


def test_a_line_that_should_have_been_asked_says_so(codes: CodeSet, house: House) -> None:
    file = small()
    claim = file.case.claim()
    claim = replace(claim, diagnoses=(*claim.diagnoses, Line("dx2", "R50.9")))
    pair = next(p for p in judge(file, claim, codes, Payer(codes)).pairs if p.entered and p.entered.code == "R50.9")
    assert pair.told == "Ask what the fever means."


def test_the_shipped_queries_are_several_and_each_model_is_right_by_itself(house: House) -> None:
    with_queries = [file for file in house.cases.encounters().values() if file.case.key.queries]
    assert len({file.id.partition("~")[0] for file in with_queries}) >= 6
    assert len({query.reason for file in with_queries for query in file.case.key.queries}) >= 4
    for file in with_queries:
        bare = judge(file, file.case.claim(), house.codes, house.payer)
        for n, query in enumerate(file.case.key.queries):
            if query.model:
                found = asked(bare, file.case, [Question(query.reason, "", query.model)]).asked[0]
                assert (found.outcome, found.key, found.leads) == ("right", n, ()), file.id


def test_what_the_key_itself_codes_is_never_said_to_be_a_guess(house: House) -> None:
    for file in house.cases.encounters().values():
        if file.case.key.queries:
            pairs = judge(file, file.case.claim(), house.codes, house.payer).pairs
            assert not [pair.told for pair in pairs if pair.told], file.id
