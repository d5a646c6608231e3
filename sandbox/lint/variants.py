"""Are the variants of a case worth having? Each replaces something, each asks for other codes, no two are the same."""

from collections.abc import Iterator
from typing import Any

from sandbox.cases.axes import Choice
from sandbox.cases.reader import Problem, Source
from sandbox.cases.schema import Case
from sandbox.cases.variants import Maker, Turned


def variant_problems(source: Source) -> Iterator[Problem]:
    """The problems of a case's variants as a whole; what is wrong inside of one encounter is told elsewhere."""
    if source.case is None or not source.others:
        return
    makers = [(one, one.tree.maker) for one in source.others if isinstance(one.tree, Turned) and one.tree.maker]
    yield from _unused(source, source.case, [maker for _, maker in makers])
    yield from _same(source)
    first: Choice = tuple(next(iter(values)) for values in source.case.variants.values())
    cases = {maker.choice: one.case for one, maker in makers if one.case}
    yield from _no_other_code(source, source.case, {first: source.case, **cases})


def _unused(source: Source, case: Case, makers: list[Maker]) -> Iterator[Problem]:
    for axis, values in case.variants.items():
        for value, other in values.items():
            met = [maker.used for maker in makers if value in maker.choice]
            for kind, given in (("words", other.words), ("codes", other.codes)):
                for old, new in given.items():
                    place = ("variants", axis, value, kind, old)
                    if old == new:
                        yield source.problem(place, f"{kind}: {old} becomes itself", "warning", key=True)
                    elif met and not any(place in used for used in met):
                        yield source.problem(place, f"{kind}: {old!r} stands nowhere in this case", key=True)


def _same(source: Source) -> Iterator[Problem]:
    seen: list[tuple[str, Any]] = []
    for one in (source, *source.others):
        assert one.case is not None
        what = one.case.patient, one.case.discharge_status, one.case.documents, one.case.key
        twin = next((called for called, other in seen if other == what), None)
        if twin is not None:
            said = f"variants: ~{one.variant} is the same as {f'~{twin}' if twin else 'the chart as written'}"
            yield source.problem(("variants",), said, key=True)
        seen.append((one.variant, what))


def _no_other_code(source: Source, case: Case, cases: dict[Choice, Case]) -> Iterator[Problem]:
    """A value that asks for the codes of the chart as written, whatever it is combined with."""
    for n, (axis, values) in enumerate(case.variants.items()):
        plain, *others = values
        for value in others:
            pairs = [
                (_codes(one), _codes(cases[twin]))
                for choice, one in cases.items()
                if choice[n] == value and (twin := (*choice[:n], plain, *choice[n + 1 :])) in cases
            ]
            if pairs and all(mine == theirs for mine, theirs in pairs):
                said = f"{value}: changes no code of the key, so it is nothing new to learn from"
                yield source.problem(("variants", axis, value), said, "warning", key=True)


def _codes(case: Case) -> list[tuple[str, str | None]]:
    return [(line.key, line.poa) for line in case.claim().lines]
