"""Where a case names codes."""

from collections.abc import Iterator
from dataclasses import dataclass

from sandbox.cases.nodes import Place
from sandbox.cases.schema import Case, DiagnosisLine, ProcedureLine
from sandbox.encounter import CM, bare

KeyLine = DiagnosisLine | ProcedureLine


@dataclass(frozen=True, slots=True)
class Named:
    """A code that a case names. ``part``: ``code`` (of the key), ``accept``, ``partial``, ``instead``, ``not_coded``,
    ``meanwhile`` or ``either_first``; ``at_key``: it stands as the key of a mapping."""

    place: Place
    part: str
    code: str
    system: str
    at_key: bool = False


def key_lines(case: Case) -> Iterator[tuple[Place, KeyLine, str]]:
    """(place, line, code system) of every line of the key."""
    for n, diagnosis in enumerate(case.key.diagnoses):
        yield ("key", "diagnoses", n), diagnosis, CM
    for n, procedure in enumerate(case.key.procedures):
        yield ("key", "procedures", n), procedure, procedure.system


def named_codes(case: Case) -> Iterator[Named]:
    """Every code that a case names, line by line."""
    for place, line, system in key_lines(case):
        yield Named((*place, "code"), "code", line.code, system)
        for n, code in enumerate(line.accept):
            yield Named((*place, "accept", n), "accept", code, system)
        for part in ("partial", "instead"):
            for code in getattr(line, part):
                yield Named((*place, part, code), part, code, system, at_key=True)
    for n, row in enumerate(case.key.not_coded):
        yield Named(("key", "not_coded", n, "code"), "not_coded", row.code, row.system)
    systems = {bare(line.code): system for _, line, system in key_lines(case)}
    for n, query in enumerate(case.key.queries):
        for m, code in enumerate(query.meanwhile):
            yield Named(("key", "queries", n, "meanwhile", m), "meanwhile", code, systems.get(bare(code), CM))
        for code in query.instead:
            yield Named(("key", "queries", n, "instead", code), "instead", code, CM, at_key=True)
    for n, group in enumerate(case.key.either_first):
        for m, code in enumerate(group):
            yield Named(("key", "either_first", n, m), "either_first", code, CM)
