"""Does anything in a case tell who somebody is? Identifiers with a form are errors, names are warnings."""

import datetime as dt
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

from sandbox.cases.nodes import Place
from sandbox.cases.reader import Problem, Source
from sandbox.cases.schema import Case
from sandbox.lint.chart import MARGIN
from sandbox.privacy import OLDEST, Found, found

TERM: Final = dt.timedelta(days=280)
"""From the last menstrual period to the due date. Laboratory values of earlier visits lie within it, too."""

_DATED: Final = frozenset({"date", "admitted", "discharged", "date_of_service", "review"})
"""Parts of a file whose dates are not the chart's."""
_ELSEWHERE: Final = frozenset({"patient", "evidence", "variants"})
"""Parts that are judged by themselves, or where their words stand: in the chart, in the encounters of a variant."""
_PREGNANCY: Final = re.compile(r"\b(?:LMP|EDD|EDC|EDB|due date)\W{0,3}(?:\w+ ){0,3}$", re.IGNORECASE)


def privacy_problems(case: Case, source: Source) -> Iterator[Problem]:
    """Everything in the texts of a case and in its patient's age that may lead to a person."""
    number, unit = case.patient.age.split()
    if unit.startswith("year") and int(number) > OLDEST:
        yield source.problem(("patient", "age"), f"age: ages over {OLDEST} identify a person; make the patient younger")
    first, last = case.admitted or case.date_of_service, case.discharged or case.date_of_service
    assert first is not None
    assert last is not None
    near, far = _between(first - MARGIN, last + MARGIN), _between(first - TERM, last + TERM)
    for place, text in _texts(source.tree.data, ()):
        for one in _found(text, near):
            if one.kind != "date":
                yield _problem(source, place, one)
            elif not _DATED & {*place}:
                yield from _date(source, place, text, one, one in _found(text, far))


def _problem(source: Source, place: Place, one: Found) -> Problem:
    message = f"privacy: {one.text!r} looks like {_a(one.kind)}; a case names nobody and nothing that leads to anybody"
    return source.problem_inside(place, one.start, message, "error" if one.structured else "warning")


def _date(source: Source, place: Place, text: str, one: Found, distant: bool) -> Iterator[Problem]:
    said = f"privacy: {one.text!r} is exact to the day and lies far from the encounter; a month or a year will do"
    if distant:
        yield source.problem_inside(place, one.start, said)
    elif not _PREGNANCY.search(text, 0, one.start):
        yield source.problem_inside(place, one.start, said, "note")


def _a(kind: str) -> str:
    if kind == "age":
        return f"an age over {OLDEST}"
    return f"{'an' if kind[0] in 'aeiIS' else 'a'} {kind}"


@lru_cache(maxsize=4096)
def _found(text: str, service_dates: frozenset[dt.date]) -> tuple[Found, ...]:
    """The same texts are read again with every variant, and with every look of the desk at a file."""
    return found(text, service_dates)


@lru_cache(maxsize=64)
def _between(first: dt.date, last: dt.date) -> frozenset[dt.date]:
    return frozenset(first + dt.timedelta(days=n) for n in range((last - first).days + 1))


def _texts(data: Any, place: Place) -> Iterator[tuple[Place, str]]:
    """(place, text) of every text of a file that is read here."""
    if isinstance(data, dict):
        for name, value in data.items():
            if name not in _ELSEWHERE:
                yield from _texts(value, (*place, name))
    elif isinstance(data, list):
        for n, value in enumerate(data):
            yield from _texts(value, (*place, n))
    else:
        yield place, data
