"""Two texts set beside each other: every line has its number and sign, and both can be read off the difference."""

import pytest

from sandbox.web.diff import Diff, compare

OLD = "".join(f"line {n}\n" for n in range(1, 41))


def side(diff: Diff, sign: str) -> dict[int, str]:
    """The lines of one side by their numbers."""
    return {
        (line.old if sign == "-" else line.new): "".join(words for words, _ in line.parts)
        for hunk in diff.hunks
        for line in hunk
        if line.sign in (sign, " ")
    }


def test_a_change_is_shown_with_three_lines_around_it_and_its_words() -> None:
    diff = compare(OLD, OLD.replace("line 20\n", "line twenty\n"))
    (hunk,) = diff.hunks
    assert [line.sign for line in hunk] == [" ", " ", " ", "-", "+", " ", " ", " "]
    assert (hunk[3].old, hunk[3].new, hunk[4].old, hunk[4].new) == (20, 0, 0, 20)
    assert hunk[3].parts == (("line ", False), ("20", True))
    assert hunk[4].parts == (("line ", False), ("twenty", True))
    assert (diff.added, diff.removed) == (1, 1)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", OLD),
        (OLD, ""),
        (OLD, OLD.replace("line 3\n", "").replace("line 30\n", "a\nb\nc\n")),
        ("a\nb\nc\n", "c\nb\na\n"),
        ("x" * 5000 + "\n", "x" * 5001 + "\n"),
        ("a b c\nd\n", "a x c\ne\nf\n"),
    ],
)
def test_both_texts_can_be_read_off_the_difference(old: str, new: str) -> None:
    diff = compare(old, new)
    for sign, text in (("-", old), ("+", new)):
        lines = text.splitlines()
        assert all(lines[n - 1] == shown for n, shown in side(diff, sign).items())
    gone = [line for hunk in diff.hunks for line in hunk if line.sign == "-"]
    came = [line for hunk in diff.hunks for line in hunk if line.sign == "+"]
    assert len(old.splitlines()) - len(gone) + len(came) == len(new.splitlines())


def test_two_places_make_two_hunks() -> None:
    assert len(compare(OLD, OLD.replace("line 3\n", "x\n").replace("line 33\n", "y\n")).hunks) == 2


def test_equal_texts_have_no_difference() -> None:
    assert compare(OLD, OLD) == Diff()


def test_line_ends_and_the_last_line_break_are_told_once_and_not_at_every_line() -> None:
    diff = compare(OLD, OLD.replace("\n", "\r\n"))
    assert diff.hunks == ()
    assert diff.remarks == ("The line ends changed, to those of Windows.",)
    assert compare(OLD.replace("\n", "\r\n"), OLD).remarks == ("The line ends changed, from those of Windows.",)
    assert compare(OLD, OLD[:-1]).remarks == ("The last line has no line break any more.",)
    assert compare(OLD[:-1], OLD).remarks == ("The last line has a line break now.",)

    assert compare("a\r\nb\n", "a\nb\r\n").remarks == ("Only line ends changed.",)


def test_lines_that_share_hardly_anything_have_no_words_marked() -> None:
    (hunk,) = compare("Strep pharyngitis\n", "q8h x 10 d\n").hunks
    assert [line.parts for line in hunk] == [(("Strep pharyngitis", False),), (("q8h x 10 d", False),)]


def test_far_too_many_lines_are_not_compared() -> None:
    diff = compare("a\n" * 20_001, "b\n" * 20_001)
    assert diff.hunks == ()
    assert "too many" in diff.remarks[0]
