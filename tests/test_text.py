"""Figures as people read them."""

import pytest

from sandbox.web.text import percent


@pytest.mark.parametrize(
    ("value", "beside", "told"),
    [
        (None, None, "–"),
        (None, 0.5, "–"),
        (2 / 3, None, "67 %"),
        (1.0, 0.115, "100 %"),
        (0.115, 0.125, "11.5 %"),
        (0.125, 0.115, "12.5 %"),
        (0.5, 0.5, "50 %"),
        (0.50001, 0.5, "50 %"),
        (0.5002, 0.5, "50.02 %"),
    ],
)
def test_a_share_has_decimals_only_where_they_tell_it_from_the_one_beside_it(
    value: float | None, beside: float | None, told: str
) -> None:
    assert percent(value, beside) == told
