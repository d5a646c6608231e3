"""The axes of a case and their values: which encounters they make, what these are called, what is wrong with them."""

import difflib
import itertools
import math
from collections.abc import Iterator
from typing import Final

from sandbox.cases.nodes import Place
from sandbox.cases.schema import Case

MOST: Final = 24
"""Encounters of one file; more of them nobody proofreads."""

Choice = tuple[str, ...]
"""One value of each axis, in the order of the axes."""


def choices(case: Case) -> list[Choice]:
    """Every encounter's values, the chart as written first; those that never go together are left out."""
    apart = [frozenset(group) for group in case.never_together]
    return [c for c in itertools.product(*case.variants.values()) if not any(group <= set(c) for group in apart)]


def name(case: Case, choice: Choice) -> str:
    """What an encounter is called: its values, but for those of the chart as written (``right-4``); '' for that."""
    axes = case.variants.values()
    return "-".join(value for value, axis in zip(choice, axes, strict=True) if value != next(iter(axis)))


def conditional(case: Case) -> bool:
    """Whether some part of the case stands in some encounters only."""
    return any(only for _, only in _conditions(case))


def axis_problems(case: Case) -> Iterator[tuple[Place, str, bool]]:
    """(place, what is wrong, whether it is about the key there) of the axes, before any encounter is made."""
    yield from _values(case)
    known = {value: axis for axis, values in case.variants.items() for value in values}
    for place, only in _conditions(case):
        yield from _unknown(place, only, known)
    for n, group in enumerate(case.never_together):
        place = ("never_together", n)
        yield from _unknown(place, group, known)
        axes = [known.get(value) for value in group]
        if len(set(axes)) < len(axes):
            yield place, "never_together: values of one axis never meet anyway; name one of each axis", False
        elif set(group) <= {next(iter(values)) for values in case.variants.values()}:
            yield place, "never_together: this is the chart as written", False
    many = math.prod(map(len, case.variants.values()))
    # Before exclusions a few more may stand there; a product without bounds is not even counted out.
    many = len(choices(case)) if many <= MOST**2 else many
    if many > MOST:
        yield ("variants",), f"variants: {many} encounters; a file has at most {MOST}", True


def _values(case: Case) -> Iterator[tuple[Place, str, bool]]:
    seen: dict[str, str] = {}
    for axis, values in case.variants.items():
        for n, (value, other) in enumerate(values.items()):
            place: Place = ("variants", axis, value)
            if seen.setdefault(value, axis) != axis:
                yield place, f"{value}: a value of {seen[value]} already; each has a name of its own", True
            if n == 0 and other.model_fields_set:
                said = f"{value}: the first value of an axis is the chart as written, and replaces nothing: {{}}"
                yield place, said, True
            for old, new in other.words.items():
                if "\n" in old + new:
                    yield (*place, "words", old), "words: words of one line, for lines stay where they are", True


def _conditions(case: Case) -> Iterator[tuple[Place, tuple[str, ...]]]:
    """(place, values) of every ``only``."""
    for n, document in enumerate(case.documents):
        yield ("documents", n, "only"), document.only
    for part in ("diagnoses", "procedures", "not_coded", "queries"):
        for n, row in enumerate(getattr(case.key, part)):
            yield ("key", part, n, "only"), row.only
            for m, quote in enumerate(row.evidence):
                yield ("key", part, n, "evidence", m, "only"), quote.only
    for n, waiver in enumerate(case.waives):
        yield ("waives", n, "only"), waiver.only


def _unknown(place: Place, values: tuple[str, ...], known: dict[str, str]) -> Iterator[tuple[Place, str, bool]]:
    for n, value in enumerate(values):
        if value not in known:
            close = difflib.get_close_matches(value, known, 1)
            more = f"did you mean {close[0]}?" if close else f"there are {', '.join(known) or 'no variants'}"
            yield (*place, n), f"{place[0] if len(place) == 2 else 'only'}: no value is called {value}; {more}", False
