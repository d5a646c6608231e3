"""The blind second coding: was it done, also of one variant, and is each difference decided?"""

import difflib
from collections.abc import Iterator

from sandbox.cases.nodes import Place
from sandbox.cases.reader import Problem, Source
from sandbox.cases.review import Recoding
from sandbox.cases.schema import Case, Key


def review_problems(case: Case, source: Source) -> Iterator[Problem]:
    """A ready case has been coded twice, and where the two differ a decision is recorded.

    The record stands in the chart as written, also that of a variant; a source of a variant has none.
    """
    if source.variant:
        return
    if case.review is None:
        if case.status == "ready":
            message = "ready, but without a review: the record of a second coding by someone who saw the chart only"
            yield source.problem(("status",), message, "warning")
        return
    yield from _decided(case.key, case.review, source, ("review",))
    if source.others:
        yield from _variant(case, source)


def _variant(case: Case, source: Source) -> Iterator[Problem]:
    assert case.review is not None
    record = case.review.variant
    others = {one.variant: one.case for one in source.others}
    if record is None:
        if case.status == "ready":
            message = (
                "review: none of the variants was coded blind; code one that changes more than a side, and record it"
            )
            yield source.problem(("review",), f"{message} under variant", "warning", key=True)
        return
    other = others.get(record.name)
    if other is None:
        close = difflib.get_close_matches(record.name, others, 1)
        more = f"did you mean {close[0]}?" if close else f"there are {', '.join(others)}"
        yield source.problem(("review", "variant", "name"), f"name: the case has no variant {record.name}; {more}")
        return
    yield from _decided(other.key, record, source, ("review", "variant"))


def _decided(key: Key, record: Recoding, source: Source, place: Place) -> Iterator[Problem]:
    """Codes on which the second coder and the key part, and of which no difference tells."""
    decided = {difference.line for difference in record.differences}
    for part in ("diagnoses", "procedures"):
        first = {line.code: line for line in getattr(key, part)}
        second: tuple[str, ...] = getattr(record.second, part)
        for n, given in enumerate(second):
            code, _, poa = given.partition("/")
            agreed = code in first and poa == (getattr(first[code], "poa", None) or "")
            if not agreed and code not in decided:
                message = f"review: {given} differs from the key, and no difference says what was decided"
                yield source.problem((*place, "second", part, n), message, "warning")
        given_codes = {given.partition("/")[0] for given in second}
        for code, line in first.items():
            if not line.optional and code not in given_codes | decided:
                message = f"review: the second coder left {code} out, and no difference says what was decided"
                yield source.problem((*place, "second", part), message, "warning")
