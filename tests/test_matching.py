import itertools
import random

import pytest

from sandbox.matching import assign


def brute_force(gain: list[list[float]]) -> float:
    rows, columns = len(gain), len(gain[0])
    if rows > columns:
        return brute_force([list(line) for line in zip(*gain, strict=True)])
    return max(sum(gain[n][c] for n, c in enumerate(order)) for order in itertools.permutations(range(columns), rows))


@pytest.mark.parametrize("seed", range(300))
def test_no_other_assignment_gains_more(seed: int) -> None:
    dice = random.Random(seed)
    rows, columns = dice.randint(1, 6), dice.randint(1, 6)
    gain = [[dice.choice((0, 0, dice.randint(1, 9), dice.random() * 5)) for _ in range(columns)] for _ in range(rows)]
    found = assign(gain)
    assert sum(gain[row][column] for row, column in found) == pytest.approx(brute_force(gain))
    assert len({row for row, _ in found}) == len({column for _, column in found}) == len(found)


def test_the_best_whole_is_found_where_taking_the_best_pair_first_would_miss_it() -> None:
    assert assign([[10, 9], [9, 1]]) == [(0, 1), (1, 0)]


def test_what_does_not_belong_together_is_not_paired() -> None:
    assert assign([[0, 0], [0, 5]]) == [(1, 1)]
    assert assign([[0]]) == []


def test_empty_lists_have_no_pairs() -> None:
    assert assign([]) == []
    assert assign([[], []]) == []


def test_the_shape_of_the_table_does_not_matter() -> None:
    tall = [[3, 0], [4, 1], [0, 2], [9, 9]]
    wide = [list(line) for line in zip(*tall, strict=True)]
    assert sorted((c, r) for r, c in assign(tall)) == assign(wide)
