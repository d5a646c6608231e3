"""The best pairing of two lists: the assignment problem, solved exactly."""

from collections.abc import Sequence


def assign(gain: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """The (row, column) pairs whose gains add up to the most; each row and each column is used at most once.

    ``gain`` is a rectangular table of numbers >= 0; a 0 means that the two do not belong together, and such a pair is
    never returned. Runs in O(n²m) for n <= m (the Hungarian algorithm with potentials, also known as Kuhn-Munkres).
    """
    rows, columns = len(gain), len(gain[0]) if gain else 0
    if rows > columns:
        turned = [[gain[row][column] for row in range(rows)] for column in range(columns)]
        return sorted((row, column) for column, row in assign(turned))
    owner = _owners([[-value for value in line] for line in gain], columns)
    return sorted((row, column) for column, row in enumerate(owner) if row >= 0 and gain[row][column] > 0)


def _owners(cost: list[list[float]], columns: int) -> list[int]:
    """For each column, the row that holds it in an assignment of least cost, or -1. Needs rows <= columns."""
    start = columns  # an extra column, in which the row stands that is being added
    of_row = [0.0] * len(cost)
    of_column = [0.0] * (columns + 1)
    owner = [-1] * (columns + 1)
    for row in range(len(cost)):
        owner[start] = row
        at, slack, came, seen = start, [float("inf")] * columns, [start] * columns, [False] * (columns + 1)
        while owner[at] >= 0:
            seen[at] = True
            line, base = cost[owner[at]], of_row[owner[at]]
            best, to = float("inf"), -1
            for column in range(columns):
                if seen[column]:
                    continue
                reduced = line[column] - base - of_column[column]
                if reduced < slack[column]:
                    slack[column], came[column] = reduced, at
                if slack[column] < best:
                    best, to = slack[column], column
            for column in range(columns + 1):
                if seen[column]:
                    of_row[owner[column]] += best
                    of_column[column] -= best
                elif column < columns:
                    slack[column] -= best
            at = to
        while at != start:
            owner[at] = owner[came[at]]
            at = came[at]
    return owner[:columns]
