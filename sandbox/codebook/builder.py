"""An ICD-10-PCS code built from the imported tables: each choice narrows what is left of the others."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sandbox.codes import pcs
from sandbox.codes.imported import Official
from sandbox.codes.imported_model import Axis, PcsTable
from sandbox.codes.pcs import KIND, Choice

LENGTH: Final = 7
_NAMED: Final = 3
OPEN: Final = "_"
"""What stands in a place of which nothing is chosen yet."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A character that is chosen, what it says, and the pattern without it (and, in a table's name, what follows)."""

    place: int
    char: str
    title: str
    label: str
    definition: str
    without: str


@dataclass(frozen=True, slots=True)
class Step:
    """How far a code is built. ``pattern`` has seven places, ``_`` where nothing is chosen.

    ``choices``: what may still be chosen, place by place, each value with the pattern that it leads to. ``rows``: the
    rows of the table that are left, as they are printed, of ``of``. ``code``: complete, or empty.
    """

    pattern: str
    chosen: tuple[Chosen, ...]
    choices: tuple[tuple[Choice, Mapping[str, str]], ...]
    rows: tuple[tuple[Axis, ...], ...]
    of: int
    code: str


def day_of_tables(official: Official, on: int) -> int:
    """The day whose tables serve for ``on``: itself, or the first day of the newest tables; 0 without any."""
    if official.loaded(KIND, on):
        return on
    return max((file.first_day for file in official.files if file.kind == KIND), default=0)


def build(official: Official, begun: str, day: int) -> Step:
    """What may follow ``begun`` (characters, ``_`` for open places) by the tables of the day.

    Characters that the tables do not know are dropped, with all that follows them in the table's name.
    """
    wanted = "".join(char for char in begun.upper() if char.isalnum() or char == OPEN)[:LENGTH].ljust(LENGTH, OPEN)
    name = ""
    chosen: list[Chosen] = []
    for place in range(_NAMED):
        choice = pcs.next_choice(official, name, day)
        if choice is None or wanted[place] not in choice.offers:
            return Step(_padded(name), tuple(chosen), _ahead(choice, name), (), 0, "")
        chosen.append(_named(official, choice, wanted[place], name, day))
        name += wanted[place]
    table = official.pcs_table(name, day)
    return (
        _in_table(official, table, name, wanted, tuple(chosen), day)
        if table
        else Step(_padded(name), (), (), (), 0, "")
    )


def _padded(begun: str) -> str:
    return begun.ljust(LENGTH, OPEN)


def _ahead(choice: Choice | None, name: str) -> tuple[tuple[Choice, Mapping[str, str]], ...]:
    return ((choice, {char: _padded(name + char) for char in choice.offers}),) if choice else ()


def _named(official: Official, choice: Choice, char: str, before: str, day: int) -> Chosen:
    label = choice.offers[char]
    definition = ""
    if choice.place == _NAMED and (table := official.pcs_table(before + char, day)):
        definition = table.axes[-1].definition
    return Chosen(choice.place, char, choice.title, label, definition, _padded(before))


def _in_table(official: Official, table: PcsTable, name: str, wanted: str, named: tuple[Chosen, ...], day: int) -> Step:
    """The last four places, in any order: a value stays on offer while a row has it beside all that is chosen."""
    picked: dict[int, str] = {}
    for place in range(_NAMED + 1, LENGTH + 1):
        if wanted[place - 1] != OPEN and _rows(table, {**picked, place: wanted[place - 1]}):
            picked[place] = wanted[place - 1]
    pattern = name + "".join(picked.get(place, OPEN) for place in range(_NAMED + 1, LENGTH + 1))
    rows = _rows(table, picked)
    chosen = [_picked(official, rows[0], place, char, pattern, day) for place, char in picked.items()]
    choices = []
    for place in range(_NAMED + 1, LENGTH + 1):
        if place not in picked:
            axes = [_at(row, place) for row in rows]
            offers = {char: label for axis in axes for char, label in axis.values.items()}
            choice = Choice(place, axes[0].title, dict(sorted(offers.items())))
            choices.append((choice, {char: _with(pattern, place, char) for char in choice.offers}))
    code = pattern if OPEN not in pattern else ""
    return Step(pattern, (*named, *chosen), tuple(choices), rows, len(table.rows), code)


def _rows(table: PcsTable, picked: Mapping[int, str]) -> tuple[tuple[Axis, ...], ...]:
    return tuple(row for row in table.rows if all(char in _at(row, place).values for place, char in picked.items()))


def _picked(official: Official, row: tuple[Axis, ...], place: int, char: str, pattern: str, day: int) -> Chosen:
    axis = _at(row, place)
    label = axis.values[char]
    known = official.pcs_definition(pattern[0], place, label, day)
    return Chosen(place, char, axis.title, label, known.definition if known else "", _with(pattern, place, OPEN))


def _at(row: tuple[Axis, ...], place: int) -> Axis:
    return next(axis for axis in row if axis.place == place)


def _with(pattern: str, place: int, char: str) -> str:
    return pattern[: place - 1] + char + pattern[place:]
