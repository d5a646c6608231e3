"""What VAL02 and VAL07 say of an ICD-10-PCS code: by the tables where they are loaded, otherwise by its neighbours."""

from collections.abc import Sequence
from typing import Final

from sandbox.checker import View
from sandbox.codes import pcs
from sandbox.codes.nearest import nearest
from sandbox.codes.pcs import Choice, Fault
from sandbox.encounter import PCS

_MOST: Final = 8
"""Values that a message names; with more than one fault, half as many for each."""

_AXES: Final = {
    "0": ("section", "body system", "root operation", "body part", "approach", "device", "qualifier"),
    "1": ("section", "body system", "root operation", "body part", "approach", "device", "qualifier"),
    "2": ("section", "body system", "root operation", "body region", "approach", "device", "qualifier"),
    "3": ("section", "body system", "root operation", "body system or region", "approach", "substance", "qualifier"),
    "B": ("section", "body system", "root type", "body part", "contrast", "qualifier", "qualifier"),
}
"""What the seven places of an ICD-10-PCS code say, by section, where no tables are loaded that name them."""


def incomplete(view: View, key: str) -> str:
    """For the beginning of a code: how much is open, and what the next character chooses between."""
    missing = "one of them is" if len(key) == 6 else f"{7 - len(key)} of them are"
    told = f"{key} is the beginning of ICD-10-PCS codes. A code has seven characters; {missing} still open."
    choice = pcs.next_choice(view.codes.official, key, view.on)
    if choice is None:
        return f"{told} Read the rest from table {key[:3]}."
    if len(choice.offers) == 1:
        return f"{told} Next comes {_place(choice)}, and table {key[:3]} leaves one value only there."
    return f"{told} Next comes {_place(choice)}. Table {key[:3]} offers there: {_offered(choice)}."


def unknown(view: View, key: str) -> str:
    """For seven characters that never were a code: which of them is wrong."""
    if wrong := by_tables(view, key):
        return f"{key} is no ICD-10-PCS code. {wrong}"
    return f"{key} is no ICD-10-PCS code{_by_beginning(view, key)}{_neighbours(view, key)}"


def by_tables(view: View, key: str) -> str:
    """Which character the tables of the day do not have, and what they offer there; empty where they cannot tell."""
    found = pcs.faults(view.codes.official, key, view.on)
    if not found:
        return ""
    most = _MOST if len(found) == 1 else _MOST // 2
    if found[0].place <= 3:
        return _of_the_name(view, key, found, most)
    if not found[0].alone:
        return _several(key, found, most)
    return " Or: ".join((_one if fault.place > 3 else _other_name)(key, fault, most) for fault in found)


def _of_the_name(view: View, key: str, found: Sequence[Fault], most: int) -> str:
    if view.codes.official.pcs_table(key[:3], view.on):
        lead = (
            f"Table {key[:3]} has no row for the last four, and no single one of them is to blame. They fit "
            f"another table: look again at {' or '.join(_place(fault.choice) for fault in found)}."
        )
    else:
        lead = f"There is no table {key[:3]}: look at {' or '.join(_place(fault.choice) for fault in found)}."
    return " ".join((lead, *(_named(key, fault, most) for fault in found)))


def _named(key: str, fault: Fault, most: int) -> str:
    behind = f"Behind {key[: fault.place - 1]} the tables offer" if fault.place > 1 else "The tables offer"
    return f"{behind}{_values(fault, most)}."


def _one(key: str, fault: Fault, most: int) -> str:
    """One character leaves the row, or the table, that the other three stand in."""
    if not fault.label:
        return f"{_standing(key, fault)} {_instead(fault, most)}"
    others = "; ".join(f"{each.char} {each.label}" for each in fault.beside)
    return (
        f"{others} stand together in {_rows(fault)} of table {key[:3]}. {fault.char} {fault.label} at "
        f"{_place(fault.choice)} stands in other rows only. {_instead(fault, most)}"
    )


def _other_name(key: str, fault: Fault, most: int) -> str:
    """The row's fault may be none: the rest stands in another table."""
    return f"the slip is {_place(fault.choice)}, and the rest stands in another table. {_named(key, fault, most)}"


def _several(key: str, found: Sequence[Fault], most: int) -> str:
    """More than one of the last four is wrong."""
    if not found[0].label:
        return " ".join(f"{_standing(key, fault)} {_instead(fault, most)}" for fault in found)
    there = "the row has" if len(found[0].rows) == 1 else "they have"
    beside = "; ".join(f"{each.char} {each.label}" for each in found[0].beside)
    lead = (
        f"Each of the last four stands somewhere in table {key[:3]}, but no row has even three of them. {beside} "
        f"stand in {_rows(found[0])}."
        if beside
        else f"Each of the last four stands somewhere in table {key[:3]}, but no row has two of them."
    )
    more = (f"At {_place(fault.choice)} {there}{_values(fault, most)}." for fault in found)
    return " ".join((lead, *more))


def _standing(key: str, fault: Fault) -> str:
    return f"{fault.char} at {_place(fault.choice)} stands in no row of table {key[:3]}."


def _instead(fault: Fault, most: int) -> str:
    there = "There it offers" if not fault.label else "The row has" if len(fault.rows) == 1 else "They have"
    return f"{there}{' there' if fault.label else ''}{_values(fault, most)}."


def _values(fault: Fault, most: int) -> str:
    """What is offered; a single value is not named, for it would be the answer."""
    return " one value only" if len(fault.choice.offers) == 1 else f": {_offered(fault.choice, most, fault.fits)}"


def _rows(fault: Fault) -> str:
    if len(fault.rows) == 1:
        return f"row {fault.rows[0]} of {fault.of}"
    shown = [str(row) for row in fault.rows[:4]]
    return f"rows {', '.join(shown)}{' …' if len(fault.rows) > 4 else ''} of {fault.of}"


def _place(choice: Choice) -> str:
    return f"character {choice.place} ({choice.title})"


def _offered(choice: Choice, most: int = _MOST, fits: frozenset[str] = frozenset()) -> str:
    """The values as ``0 Open; 3 Percutaneous; and 4 more``. Where not all can be named, those that fit go first."""
    likely = sorted(choice.offers, key=lambda char: char not in fits)[:most]
    named = [f"{char} {label}" for char, label in choice.offers.items() if char in likely]
    more = len(choice.offers) - len(named)
    return "; ".join((*named, f"and {more} more") if more else named)


def _by_beginning(view: View, key: str) -> str:
    """Without tables: the longest beginning that codes have."""
    good = next((n for n in range(6, 2, -1) if view.codes.heading(key[:n], view.on, PCS)), 0)
    if not good:
        return f": there is no table {key[:3]}. Look at the first three characters."
    axis = _AXES.get(key[0], ())
    named = f" ({axis[good]})" if axis else ""
    return (
        f". Table {key[:3]} has codes that begin with {key[:good]}, but none with {key[good]} behind it: look at "
        f"character {good + 1}{named}, and stay in one row of the table."
    )


def _neighbours(view: View, key: str) -> str:
    found = nearest(view.codes, key, view.on, PCS)
    named = "; ".join(f"{code.key} ({code.title})" if code.title else code.key for code in found)
    return f" The nearest valid code{'s' * (len(found) > 1)}: {named}." if named else ""
