"""An ICD-10-PCS code beside the imported tables: what each character says, and which one leaves the table.

The first three characters name a table. A table has rows, and a code takes its other four from one row. Everything
here is empty where no tables are loaded for the day, or the tables know nothing of it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from sandbox.codes.imported import Official
from sandbox.codes.imported_model import Axis, PcsTable
from sandbox.encounter import bare

KIND: Final = "pcs-tables"
"""The kind of imported file that is asked here."""

_LENGTH: Final = 7
_NAMED: Final = 3


@dataclass(frozen=True, slots=True)
class Character:
    """One character of a code: its place (1 to 7), what the place is called, and what the character says there."""

    place: int
    char: str
    title: str
    label: str
    definition: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """What may stand in a place: character → label, in the order of the tables."""

    place: int
    title: str
    offers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Fault:
    """A character that is wrong, with what the tables offer in its place; ``fits``: those that would make a code.

    ``label`` is what the character says elsewhere in the table; empty where no row has it. ``beside`` are the other
    characters that stand together in the ``rows`` (numbers from 1 to ``of``) that this one leaves.
    """

    char: str
    choice: Choice
    fits: frozenset[str] = frozenset()
    label: str = ""
    beside: tuple[Character, ...] = ()
    rows: tuple[int, ...] = ()
    of: int = 0

    @property
    def place(self) -> int:
        """The place of the character, 1 to 7."""
        return self.choice.place

    @property
    def alone(self) -> bool:
        """Whether another character in this one place would make it a code."""
        return bool(self.fits)


def explain(official: Official, code: str, on: int = 0) -> tuple[Character, ...]:
    """The seven characters of a code that the tables of the day (YYYYMMDD) have; without a day, the newest that do.

    Definitions are those of the tables (root operation) and, where they are loaded, of the ICD-10-PCS definitions.
    """
    key = bare(code)
    for day in (on,) if on else [file.first_day for file in official.files if file.kind == KIND]:
        table = official.pcs_table(key[:_NAMED], day)
        for row in table.rows if table and len(key) == _LENGTH else ():
            if len(_fitting(row, key)) == len(row):
                return tuple(_character(official, axis, key, day) for axis in (*(table.axes if table else ()), *row))
    return ()


def next_choice(official: Official, begun: str, on: int) -> Choice | None:
    """What the character behind the beginning of a code (0 to 6 characters) chooses between."""
    key = bare(begun)
    if len(key) < _NAMED:
        return _named(official, key, on)
    table = official.pcs_table(key[:_NAMED], on)
    if table is None or len(key) >= _LENGTH:
        return None
    place = len(key) + 1
    axes = [_at(row, place) for row in table.rows if len(_fitting(row, key)) == len(key) - _NAMED]
    return _choice(axes) if axes else None


def faults(official: Official, code: str, on: int) -> tuple[Fault, ...]:
    """Why seven characters are no code by the tables of the day; empty where they are one.

    Several faults that stand ``alone`` are alternatives: any one of them explains it. Others come together.
    """
    key = bare(code)
    if len(key) != _LENGTH or not official.loaded(KIND, on):
        return ()
    table = official.pcs_table(key[:_NAMED], on)
    if table is None:
        return _of_the_name(official, key, on) or (_first_unknown(official, key, on),)
    fitting = [_fitting(row, key) for row in table.rows]
    if any(len(each) == len(row) for each, row in zip(fitting, table.rows, strict=True)):
        return ()
    named, row = _of_the_name(official, key, on), _one_of_a_row(table, key, fitting)
    if row:
        # The wrong operation is the slip that coders make; another body system, or section, would be far-fetched.
        return (*row, *(fault for fault in named if fault.place == _NAMED))
    return named or _several(table, key, fitting)


def _one_of_a_row(table: PcsTable, key: str, fitting: list[frozenset[int]]) -> tuple[Fault, ...]:
    """The places whose character alone keeps the code out of a row."""
    places = {axis.place for axis in table.rows[0]}
    found = []
    for place in sorted(places):
        rows = [number for number, fits in enumerate(fitting) if places - fits == {place}]
        if rows:
            found.append(_fault(table, key, place, rows, alone=True))
    return tuple(found)


def _several(table: PcsTable, key: str, fitting: list[frozenset[int]]) -> tuple[Fault, ...]:
    """No single character is to blame: those that no row has, or what the row that holds most of them lacks."""
    places = [axis.place for axis in table.rows[0]]
    if nowhere := [place for place in places if not any(place in fits for fits in fitting)]:
        return tuple(_fault(table, key, place, range(len(table.rows))) for place in nowhere)
    # Of rows that hold equally many, the one that agrees longest from the left: so a coder reads the table.
    best = max(fitting, key=lambda fits: (len(fits), [place in fits for place in places]))
    rows = [number for number, fits in enumerate(fitting) if fits == best]
    return tuple(_fault(table, key, place, rows) for place in places if place not in best)


def _fault(table: PcsTable, key: str, place: int, rows: Iterable[int], alone: bool = False) -> Fault:
    """The fault at a place, seen from the rows (numbers from 0) that the code should have kept to."""
    rows = tuple(rows)
    char = key[place - 1]
    here = _choice([_at(table.rows[number], place) for number in rows])
    everywhere = _choice([_at(row, place) for row in table.rows])
    label = everywhere.offers.get(char, "")
    first = table.rows[rows[0]]
    held = frozenset.intersection(*(_fitting(table.rows[number], key) for number in rows))
    return Fault(
        char,
        # A character that no row has was not read from another row: all that the table has may be meant.
        here if label else everywhere,
        frozenset(here.offers) if alone else frozenset(),
        label,
        tuple(_plain(axis, key) for axis in first if axis.place in held),
        tuple(number + 1 for number in rows),
        len(table.rows),
    )


def _of_the_name(official: Official, key: str, on: int) -> tuple[Fault, ...]:
    """The places of the first three in which another character leads to a table that has the other four."""
    found = []
    for place in range(1, _NAMED + 1):
        choice = _named(official, key[: place - 1], on)
        if choice is None:
            break
        fits = {
            char for char in choice.offers if char != key[place - 1] and _has(official, _with(key, place, char), on)
        }
        if fits:
            found.append(Fault(key[place - 1], choice, frozenset(fits), choice.offers.get(key[place - 1], "")))
    return tuple(found)


def _first_unknown(official: Official, key: str, on: int) -> Fault:
    """The first character behind which there is no table."""
    for place in range(1, _NAMED + 1):
        choice = _named(official, key[: place - 1], on)
        if choice and key[place - 1] not in choice.offers:
            return Fault(key[place - 1], choice)
    raise ValueError(f"there is a table {key[:_NAMED]}")


def _has(official: Official, key: str, on: int) -> bool:
    table = official.pcs_table(key[:_NAMED], on)
    return table is not None and any(len(_fitting(row, key)) == len(row) for row in table.rows)


def _with(key: str, place: int, char: str) -> str:
    return key[: place - 1] + char + key[place:]


def _named(official: Official, begun: str, on: int) -> Choice | None:
    axis = official.pcs_axis(begun, on)
    return Choice(axis.place, axis.title, axis.values) if axis else None


def _fitting(row: tuple[Axis, ...], key: str) -> frozenset[int]:
    """The places of a row in which the code, or its beginning, has one of the row's values."""
    return frozenset(axis.place for axis in row if key[axis.place - 1 : axis.place] in axis.values)


def _at(row: tuple[Axis, ...], place: int) -> Axis:
    return next(axis for axis in row if axis.place == place)


def _choice(axes: list[Axis]) -> Choice:
    """All that some rows offer in one place, sorted by character."""
    offers = {char: label for axis in axes for char, label in axis.values.items()}
    return Choice(axes[0].place, axes[0].title, dict(sorted(offers.items())))


def _plain(axis: Axis, key: str) -> Character:
    char = key[axis.place - 1]
    return Character(axis.place, char, axis.title, axis.values[char], axis.definition)


def _character(official: Official, axis: Axis, key: str, on: int) -> Character:
    plain = _plain(axis, key)
    if plain.definition:
        return plain
    known = official.pcs_definition(key[0], axis.place, plain.label, on)
    return Character(plain.place, plain.char, plain.title, plain.label, known.definition if known else "")
