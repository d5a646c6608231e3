"""Two changes of one text become one text, nothing of either is lost, and line ends stay as they were."""

import random

import pytest

from sandbox.cases.merging import BETWEEN, MARKER, MINE, THEIRS, ends_of, merge
from sandbox.cases.reader import read
from tests.small_case import TEXT, spoiled

TITLE = spoiled("A sore throat", "A sore throat and fever")
MINUTES = spoiled("minutes: 5", "minutes: 9")


def test_changes_in_different_places_are_both_there() -> None:
    merged = merge(TEXT, TITLE, MINUTES)
    assert merged.conflicts == 0
    assert merged.text == spoiled("minutes: 5", "minutes: 9", TITLE)
    assert merge(TEXT, MINUTES, TITLE) == merged


def test_the_same_change_made_twice_stands_once() -> None:
    assert merge(TEXT, TITLE, TITLE).text == TITLE


@pytest.mark.parametrize(("mine", "theirs"), [(TEXT, TITLE), (TITLE, TEXT)])
def test_a_change_of_one_alone_stands(mine: str, theirs: str) -> None:
    assert merge(TEXT, mine, theirs).text == TITLE


def test_what_both_changed_stands_twice_between_markers_and_is_no_case_until_it_is_settled() -> None:
    merged = merge(TEXT, TITLE, spoiled("A sore throat", "Throat pain"))
    assert merged.conflicts == 1
    assert merged.text.startswith(
        f"{MINE}\ntitle: A sore throat and fever\n{BETWEEN}\ntitle: Throat pain\n{THEIRS}\nsetting: office\n"
    )
    assert len(MARKER.findall(merged.text)) == 3
    assert read(merged.text, "x.yaml").case is None


def test_markers_inside_a_text_of_the_chart_break_the_case_too() -> None:
    line = "      Rapid strep positive.\n"
    merged = merge(TEXT, TEXT.replace(line, "      Strep +.\n"), TEXT.replace(line, "      Strep test positive.\n"))
    assert merged.conflicts == 1
    assert read(merged.text, "x.yaml").case is None


def test_a_line_that_one_took_out_and_the_other_changed_is_a_conflict() -> None:
    merged = merge("a\nb\nc\n", "a\nc\n", "a\nB\nc\n")
    assert (merged.conflicts, merged.text) == (1, f"a\n{MINE}\n{BETWEEN}\nB\n{THEIRS}\nc\n")


def test_a_last_line_without_an_end_does_not_run_into_a_marker() -> None:
    assert merge("a\nb", "a\nmine", "a\ntheirs").text == f"a\n{MINE}\nmine\n{BETWEEN}\ntheirs\n{THEIRS}\n"


def test_nothing_of_either_is_ever_lost() -> None:
    chance = random.Random(7)
    for _ in range(300):
        base = [f"{chance.choice('abcde')}{n}\n" for n in range(12)]
        mine, theirs = (
            [one for line in base if chance.random() > 0.1 for one in [line, f"{who}{line}"][: chance.randint(1, 2)]]
            for who in ("m", "t")
        )
        text = merge("".join(base), "".join(mine), "".join(theirs)).text
        new = [line for line in (*mine, *theirs) if line not in base]
        assert [line for line in new if line not in text] == []


def test_a_form_does_not_change_the_line_ends_of_a_file() -> None:
    sent = "a\r\nnew\r\nb\r\n"
    assert ends_of("a\nb\n", sent) == "a\nnew\nb\n"
    assert ends_of("a\r\nb\r\n", "a\nnew\nb\n") == sent
    assert ends_of("", sent) == "a\nnew\nb\n"


def test_mixed_line_ends_stay_where_they_were() -> None:
    before = "a\nb\r\nc\nd\r\ne\n"
    assert ends_of(before, before.replace("\n", "\r\n").replace("\r\r", "\r")) == before
    assert ends_of(before, "a\r\nb\r\nnew\r\nc\r\nd\r\ne\r\n") == "a\nb\r\nnew\nc\nd\r\ne\n"


def test_a_merge_keeps_the_line_ends_of_the_file() -> None:
    assert merge("a\nb\nc\nd\n", "A\nb\nc\nd\n", "a\r\nb\r\nc\r\nD\r\n").text == "A\r\nb\r\nc\r\nD\r\n"
