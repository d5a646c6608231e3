"""Axes multiply, encounters have names that stay, and what is wrong with the axes is told at its place."""

import pytest

from sandbox.cases.axes import MOST, choices, conditional, name
from sandbox.cases.reader import read
from sandbox.cases.schema import Case
from tests.small_case import TEXT, VARIED, spoiled


def case(text: str) -> Case:
    found = read(text, "x.yaml")
    assert found.case, [str(problem) for problem in found.problems]
    return found.case


def problems(text: str) -> list[str]:
    return [str(problem).removeprefix("x.yaml:") for problem in read(text, "x.yaml").problems]


def test_the_axes_multiply_and_the_chart_as_written_comes_first() -> None:
    one = case(VARIED)
    assert choices(one) == [("strep", "child"), ("strep", "grown"), ("viral", "child"), ("viral", "grown")]
    assert [name(one, choice) for choice in choices(one)] == ["", "grown", "viral", "viral-grown"]


def test_a_case_without_variants_is_one_encounter() -> None:
    assert choices(case(TEXT)) == [()]
    assert name(case(TEXT), ()) == ""
    assert not conditional(case(TEXT))


def test_a_further_axis_or_value_renames_nothing() -> None:
    more = case(VARIED + "  sex:\n    girl: {}\n    boy: {patient: {sex: male}, words: {yo F: yo M}}\n")
    assert {"grown", "viral", "viral-grown"} <= {name(more, choice) for choice in choices(more)}


def test_what_never_goes_together_is_no_encounter() -> None:
    one = case(VARIED + "never_together: [[viral, grown]]\n")
    assert [name(one, choice) for choice in choices(one)] == ["", "grown", "viral"]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("    grown:", "    viral:", "39:5: viral: a value of germ already; each has a name of its own"),
        ("    strep: {}", "    strep: {minutes: 3}", "33:5: strep: the first value of an axis is the chart as written"),
        ("      words: {Strep", "      wrods: {Strep", "35:7: wrods: unknown key; did you mean words?"),
        ("    viral:", "    Viral:", "34:5: Viral: 'Viral' is not a short name of small letters, digits and _"),
        ("J03.00: J03.80", "J03.00: j03.80", "36:37: J03.00: 'j03.80' is not a code in capitals"),
        ("{age: 30 years}", "{age: thirty}", "39:28: age: 'thirty' is not an age such as"),
        ("8 yo: 30 yo", '8 yo: "30\\nyo"', "39:47: words: words of one line"),
        ("    - code: J02.0\n", "    - code: J02.0\n      only: [virall]\n", "24:14: only: no value is called virall;"),
        ("    date: 2026", "    only: [old]\n    date: 2026", "13:12: only: no value is called old; there are strep,"),
    ],
)
def test_what_is_wrong_with_an_axis_is_told_at_its_place(old: str, new: str, expected: str) -> None:
    assert problems(spoiled(old, new, VARIED))[0].startswith(expected)


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        ("[viral, grwn]", "40:26: never_together: no value is called grwn; did you mean grown?"),
        ("[viral, strep]", "40:18: never_together: values of one axis never meet anyway; name one of each axis"),
        ("[strep, child]", "40:18: never_together: this is the chart as written"),
        ("[viral, GROWN]", "40:26: never_together 2: 'GROWN' is not a short name of small letters, digits and _"),
    ],
)
def test_what_never_goes_together_is_named_rightly(group: str, expected: str) -> None:
    assert problems(VARIED + f"never_together: [{group}]\n") == [expected]


def test_all_problems_are_told_at_once() -> None:
    text = spoiled("    grown:", "    viral:", spoiled("    strep: {}", "    strep: {minutes: 3}", VARIED))
    assert len(problems(text)) == 2


def test_a_condition_without_variants_names_nothing() -> None:
    text = spoiled("    - code: J02.0\n", "    - code: J02.0\n      only: [viral]\n")
    assert problems(text) == ["24:14: only: no value is called viral; there are no variants"]


def test_nobody_proofreads_more_than_so_many_encounters() -> None:
    many = "  more:\n    n0: {}\n" + "".join(f"    n{n}: {{minutes: {n}}}\n" for n in range(1, MOST))
    more = "".join(f"  x{n}:\n    a{n}: {{}}\n    b{n}: {{minutes: 9}}\n" for n in range(60))
    assert problems(VARIED + more) == [f"31:1: variants: {4 * 2**60} encounters; a file has at most {MOST}"]
    assert problems(VARIED + many) == [f"31:1: variants: {4 * MOST} encounters; a file has at most {MOST}"]
