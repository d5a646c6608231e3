"""Item analysis: published examples, figures worked out by hand, and what cannot be computed."""

import statistics

import pytest

from sandbox.classroom.items import FEWEST, Entry, Submission, by_case, by_skill, reliability


def table(*columns: list[float]) -> dict[str, dict[int, float]]:
    return {f"q{n}": dict(enumerate(column)) for n, column in enumerate(columns)}


def handed_in(rows: dict[str, list[float]], **more: object) -> list[Submission]:
    return [
        Submission(person, item, score, 60.0 * (person + 1), person % 2)
        for item, scores in rows.items()
        for person, score in enumerate(scores)
    ]


def test_alpha_of_a_published_example() -> None:
    # Ten answers to three questions: 0.7734375 (statology.org, "How to Calculate Cronbach's Alpha in Python").
    found = reliability(
        table(
            [1, 2, 2, 3, 2, 2, 3, 3, 2, 3],
            [1, 1, 1, 2, 3, 3, 2, 3, 3, 3],
            [1, 1, 2, 1, 2, 3, 3, 3, 2, 3],
        )
    )
    assert found.name == "Cronbach's alpha"
    assert found.value == pytest.approx(0.7734375) and (found.people, found.items) == (10, 3)


def test_kr20_by_hand() -> None:
    # Totals 3, 2, 1, 0: variance 1.25. p = 3/4, 2/4, 1/4: Σ p × q = 3/16 + 4/16 + 3/16 = 0.625. 3/2 × (1 - 1/2).
    found = reliability(table([1, 1, 1, 0], [1, 1, 0, 0], [1, 0, 0, 0]))
    assert found.name == "KR-20" and found.value == pytest.approx(0.75)


def test_only_those_who_did_every_item_count_for_reliability() -> None:
    rows = table([1, 1, 1, 0], [1, 1, 0, 0], [1, 0, 0, 0])
    rows["q0"][9] = 1.0
    found = reliability(rows)
    assert (found.value, found.people) == (pytest.approx(0.75), 4)


@pytest.mark.parametrize(
    ("columns", "why"),
    [
        ([], "two items"),
        ([[1, 0, 1]], "two items"),
        ([[1], [0]], "two learners"),
        ([[1, 0], [0, 1]], "same total"),
    ],
)
def test_what_cannot_be_computed_says_why(columns: list[list[float]], why: str) -> None:
    found = reliability(table(*columns))
    assert found.value is None and why in found.why_not


def test_facility_and_discrimination_by_hand() -> None:
    found = by_case(handed_in({"a": [1, 0.5, 0], "b": [1, 1, 0], "c": [0.5, 1, 1]}), order=["c", "a", "b"])
    assert [item.id for item in found.items] == ["c", "a", "b"] and found.people == 3
    a = found.items[1]
    assert a.facility == pytest.approx(0.5) and a.all_right == 1
    # The others' means: (1 + 0.5) / 2, (1 + 1) / 2, (0 + 1) / 2 = 0.75, 1, 0.5. r = 0.5 exactly.
    assert a.discrimination == pytest.approx(0.5)
    assert (a.seconds, a.hints) == (120.0, pytest.approx(1 / 3))


def test_discrimination_leaves_the_item_itself_out() -> None:
    # Two unrelated items: with the item in the total the correlation would be 0.71.
    found = by_case(handed_in({"a": [0, 0, 1, 1], "b": [0, 1, 0, 1]}))
    assert [item.discrimination for item in found.items] == [pytest.approx(0), pytest.approx(0)]


def test_no_variance_is_said_and_not_called_nought() -> None:
    found = by_case(handed_in({"a": [1, 1, 1], "b": [0.1, 0.2, 0.3]}))
    a, b = found.items
    assert a.discrimination is None and a.no_discrimination == "everybody has the same score in this item"
    assert b.discrimination is None and b.no_discrimination == "everybody has the same score in the other items"
    (alone,) = by_case(handed_in({"a": [1, 0, 1]})).items
    assert alone.discrimination is None and "no other item" in alone.no_discrimination
    few = by_case(handed_in({"a": [1, 0], "b": [0, 1]})).items[0]
    assert few.discrimination is None and "three learners" in few.no_discrimination


def test_equal_rests_are_equal_though_their_sums_differ_in_the_last_digit() -> None:
    scores = {"a": [0.1, 0.7, 0.3], "b": [0.2, 0.2, 0.2], "c": [0.3, 0.3, 0.3]}
    assert by_case(handed_in(scores)).items[0].discrimination is None


def test_a_submission_that_comes_second_does_not_count() -> None:
    both = [Submission(1, "a", 0.0, None, 0), Submission(1, "a", 1.0, None, 0)]
    (item,) = by_case(both).items
    assert (item.facility, item.people, item.seconds) == (0.0, 1, None)


def test_distractors_are_counted_by_learners_not_by_lines() -> None:
    wrong, right = Entry("I10", "related", False, True), Entry("I13.0", "exact", True, True)
    missing = Entry("", "missing", False, True)
    some = [
        Submission(1, "a", 0, None, 0, (wrong, wrong, missing)),
        Submission(2, "a", 0, None, 0, (wrong, right)),
        Submission(3, "a", 0, None, 0, (Entry("I10", "unsupported", False, False),)),
    ]
    (item,) = by_case(some).items
    assert item.left_out == 1
    assert [(one.code, one.error, one.people) for one in item.distractors] == [
        ("I10", "related", 2),
        ("I10", "unsupported", 1),
    ]


def test_skills_are_shares_of_lines_and_excess_lines_belong_to_none() -> None:
    def line(right: bool, *skills: str, counts: bool = True) -> Entry:
        return Entry("X", "exact" if right else "related", right, counts, skills)

    some = [
        Submission(1, "a", 0.5, 60, 0, (line(True, "I.C.9"), line(False, "I.C.9", "I.C.4"))),
        Submission(1, "b", 1, 60, 0, (line(True, "I.C.4"), line(False, "I.C.4", counts=False))),
        Submission(2, "a", 1, 60, 0, (line(True, "I.C.9"), line(True, "I.C.9", "I.C.4"))),
        Submission(3, "a", 0, 60, 0, (line(False, "I.C.9"), line(False, "I.C.9", "I.C.4"))),
    ]
    four, nine = by_skill(some).items
    assert (four.id, four.facility) == ("I.C.4", pytest.approx((0.5 + 1 + 0) / 3))
    assert (nine.id, nine.facility) == ("I.C.9", pytest.approx(0.5))
    assert nine.discrimination == pytest.approx(1.0) and nine.seconds is None


def test_a_small_group_is_warned_of() -> None:
    scores = [n / FEWEST for n in range(FEWEST)]
    assert by_case(handed_in({"a": scores, "b": scores})).warning == ""
    few = by_case(handed_in({"a": scores[1:], "b": scores[1:]})).warning
    assert f"Reliability rests on only {FEWEST - 1} learners" in few and "in 2 items of 2" in few
    nobody = by_case([])
    assert (nobody.people, nobody.items, nobody.warning) == (0, (), "")
    assert by_case(handed_in({"a": [1.0, 0.0]})).warning == "", "where there is no figure there is nothing to warn of"


def test_each_warning_rests_on_the_learners_behind_its_figure() -> None:
    # Forty in case A, three of them in B: alpha and both discriminations rest on three.
    found = by_case(handed_in({"a": [n / 40 for n in range(40)], "b": [0.2, 0.1, 0.4]}))
    assert found.people == 40 and [item.people for item in found.items] == [40, 3]
    assert "Reliability rests on only 3 learners" in found.warning and "in 2 items of 2" in found.warning
    assert [(item.compared, item.few) for item in found.items] == [(3, True)] * 2
    # Forty in A and B, three of them in C as well: reliability rests on three, and so does C alone.
    many = [n / 40 for n in range(40)]
    found = by_case(handed_in({"a": many, "b": many, "c": [0.2, 0.1, 0.4]}))
    assert [(item.compared, item.few) for item in found.items] == [(40, False), (40, False), (3, True)]
    assert "rests on only 3 learners" in found.warning and "in 1 item of 3" in found.warning


def test_a_parallel_test_is_perfectly_reliable() -> None:
    scores = [statistics.NormalDist(0.5, 0.1).inv_cdf((n + 1) / 41) for n in range(40)]
    assert reliability(table(scores, scores, scores)).value == pytest.approx(1.0)
