"""Practice exams without their pages: blueprints and what is wrong with them, drawing, marking."""

import re
from pathlib import Path

import pytest

from sandbox.cases.blueprint import Blueprint, Cases, Plan, plans, read
from sandbox.drills import KINDS
from sandbox.exams import draw, lacking, mark
from sandbox.exams.drawing import TooFew
from sandbox.lint.exams import all_exam_problems, exam_problems
from tests.shipped import library

ROOT = Path(__file__).resolve().parent.parent
LIBRARY = library()
GOOD = """\
title: Two parts
about: For the tests.
minutes: 30
pass_mark: 70
domains:
  - name: Stays
    weight: 3
    items: 2
    cases: {settings: [inpatient], difficulty: [3, 5]}
  - name: Short ones
    weight: 1
    items: 3
    drills: [side, seventh]
"""


def blueprint(text: str, folder: Path) -> Plan:
    path = folder / "cases" / "exams" / "x.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return read(path, "x.yaml")


@pytest.fixture
def good(tmp_path: Path) -> Blueprint:
    found = blueprint(GOOD, tmp_path).blueprint
    assert found
    return found


def test_the_shipped_blueprints_are_faultless_and_no_cases() -> None:
    found = list(plans(ROOT / "cases"))
    assert len(found) >= 4 and all(plan.blueprint for plan in found)
    assert all_exam_problems(ROOT / "cases") == []
    assert not {plan.id for plan in found} & set(LIBRARY.cases())
    assert LIBRARY.problems() == ()


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("minutes: 30", "minutes: half", 3, "'half' is no whole number"),
        ("pass_mark: 70", "passmark: 70", 4, "did you mean pass_mark?"),
        ("settings: [inpatient]", "settings: [hospital]", 9, "is none of"),
        ("    drills: [side, seventh]\n", "", 10, "either from cases or from drills"),
        ("    items: 3", "    items: 0", 12, "items"),
        ("weight: 3", "weight: [3", 7, ""),
    ],
)
def test_a_fault_of_the_form_is_told_with_its_line(tmp_path: Path, old: str, new: str, line: int, said: str) -> None:
    plan = blueprint(GOOD.replace(old, new), tmp_path)
    assert plan.blueprint is None
    assert any(said in p.message and abs(p.line - line) <= 1 for p in plan.problems), plan.problems


def test_what_is_no_text_is_told(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(b"title: x\nabout: \xff\xfe\n")
    (said,) = read(path, "x.yaml").problems
    assert "the byte 0xff is not UTF-8" in said.message and (said.line, said.column) == (2, 8)
    path.write_text(GOOD + "#" * 1_000_000, encoding="utf-8")
    assert "larger than 1 MB" in read(path, "x.yaml").problems[0].message, "and is not read by half"
    assert "cannot be read" in read(tmp_path / "none.yaml", "none.yaml").problems[0].message


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("items: 2", "items: 50", r"50 are asked for, and the library has \d+ such cases"),
        ("[side, seventh]", "[side, eighth]", "'eighth' is none of seventh,"),
        ("name: Short ones", "name: Stays", "a second domain is called 'Stays'"),
        ("settings: [inpatient]", "specialties: [cardiologie]", "no case of the library is of 'cardiologie'"),
    ],
)
def test_what_the_library_cannot_give_is_told(tmp_path: Path, old: str, new: str, said: str) -> None:
    blueprint(GOOD.replace(old, new), tmp_path)
    (tmp_path / "cases" / "cardiology").symlink_to(ROOT / "cases" / "cardiology")
    (tmp_path / "cases" / "oncology").symlink_to(ROOT / "cases" / "oncology")
    told = exam_problems(tmp_path / "cases" / "exams" / "x.yaml", "x.yaml")
    assert any(re.search(said, problem.message) and problem.rule == "exams" for problem in told), told


def test_a_paper_is_the_same_for_the_same_seed_and_another_for_another(good: Blueprint) -> None:
    papers = {seed: draw(good, LIBRARY.cases(), seed) for seed in range(20)}
    assert papers[3] == draw(good, LIBRARY.cases(), 3)
    assert len(set(papers.values())) > 15
    for paper in papers.values():
        assert [(q.domain, q.what) for q in paper] == [(0, "case")] * 2 + [(1, "drill")] * 3
        assert {q.ref for q in paper if q.what == "drill"} == {"side", "seventh"}
        for question in paper[:2]:
            file = LIBRARY.get(question.ref)
            assert file and file.case.setting == "inpatient" and file.case.difficulty >= 3
        assert len({q.ref.partition("~")[0] for q in paper[:2]}) == 2


def test_patients_of_a_case_take_turns_and_those_that_were_met_come_last(good: Blueprint) -> None:
    refs = {q.ref for seed in range(60) for q in draw(good, LIBRARY.cases(), seed) if q.what == "case"}
    assert any("~" in ref for ref in refs)
    wanted = good.domains[0].cases
    assert wanted
    stays = [file for file in LIBRARY.cases().values() if wanted.has(file)]
    fresh = {file.id for file in stays[:2]}
    met = {one.id for file in stays[2:] for one in file.family}
    for seed in range(10):
        drawn = {q.ref.partition("~")[0] for q in draw(good, LIBRARY.cases(), seed, met) if q.what == "case"}
        assert drawn == fresh


def test_a_broad_domain_leaves_a_narrow_one_what_it_needs(good: Blueprint) -> None:
    narrow = Cases(specialties=("nephrology",), settings=("inpatient",))
    (only,) = [file.id for file in LIBRARY.cases().values() if narrow.has(file)]
    first, second = good.domains
    domains = (first, second.model_copy(update={"cases": narrow, "drills": (), "items": 1, "name": "Kidney"}))
    plan = good.model_copy(update={"domains": domains})
    for seed in range(30):
        assert draw(plan, LIBRARY.cases(), seed)[2].ref.partition("~")[0] == only


def test_a_draft_is_never_drawn_and_a_library_that_is_too_small_says_so(good: Blueprint) -> None:
    few = dict(list(LIBRARY.cases().items())[:0])
    assert lacking(good, few) == [(0, 0)]
    with pytest.raises(TooFew, match="Stays: 2 cases are asked for, and 0 are left"):
        draw(good, few, 1)
    file = next(iter(LIBRARY.cases().values()))
    assert Cases().has(file)
    draft = file.case.model_copy(update={"status": "draft"})
    assert not Cases().has(type(file)(file.id, draft, file.hash, file.path, file.text))


def test_the_result_by_hand(good: Blueprint) -> None:
    """Stays: (0.5 + 1) ÷ 2 = 0.75, weight 3; short ones: (1 + 0 + 0) ÷ 3 = 0.33, weight 1."""
    result = mark(good, [(0, True, 0.5), (0, True, 1.0), (1, True, 1.0), (1, True, 0.0), (1, False, 0.0)])
    assert result.score == pytest.approx((3 * 0.75 + 1 / 3) / 4)
    assert result.numbers == "(3 × 0.75 + 1 × 0.33) ÷ 4 = 0.65"
    assert not result.passed
    assert [(d.answered, d.questions, d.numbers) for d in result.domains] == [
        (2, 2, "1.50 ÷ 2 = 0.75"),
        (2, 3, "1.00 ÷ 3 = 0.33"),
    ]


def test_the_pass_mark_itself_passes(good: Blueprint) -> None:
    seven = [(0, True, 0.7), (0, True, 0.7), (1, True, 0.7), (1, True, 0.7), (1, True, 0.7)]
    assert mark(good, seven).passed
    assert not mark(good, [*seven[:4], (1, True, 0.69)]).passed


def test_what_could_not_be_judged_counts_for_nobody(good: Blueprint) -> None:
    result = mark(good, [(0, True, None), (0, True, 1.0), (1, True, None), (1, True, None), (1, True, None)])
    assert result.score == 1.0
    assert result.domains[1].score is None and result.domains[1].numbers == "none could be judged"
    assert mark(good, [(0, True, None)] * 2).score == 0.0


def test_every_kind_of_drill_is_known_to_the_shipped_blueprints() -> None:
    named = {
        kind for plan in plans(ROOT / "cases") if plan.blueprint for d in plan.blueprint.domains for kind in d.drills
    }
    assert named == set(KINDS)
