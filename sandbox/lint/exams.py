"""Can the library fill a paper that a blueprint asks for, in the time that it gives?"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from sandbox.cases.blueprint import Plan, plans, read
from sandbox.cases.library import EXAMS, CaseFile, Library
from sandbox.cases.nodes import Place
from sandbox.cases.reader import Problem
from sandbox.drills import KINDS
from sandbox.exams import lacking

_PART: Final = "exams"


def is_blueprint(path: Path) -> bool:
    """Whether a file lies where blueprints do."""
    return path.parent.name == EXAMS


def exam_problems(path: Path, shown: str) -> list[Problem]:
    """What is wrong with one blueprint, measured by the cases beside its folder."""
    return _problems(read(path, shown), Library(path.parent.parent).cases())


def all_exam_problems(root: Path) -> list[Problem]:
    """What is wrong with the blueprints of a library."""
    found = list(plans(root))
    cases = Library(root).cases() if found else {}
    return [problem for plan in found for problem in _problems(plan, cases)]


def _problems(plan: Plan, cases: Mapping[str, CaseFile]) -> list[Problem]:
    told = [*plan.problems, *(_said(plan, *one) for one in _doubts(plan, cases))]
    return [replace(problem, rule=problem.rule if problem.rule != "form" else _PART) for problem in told]


def _said(plan: Plan, place: Place, message: str, level: str) -> Problem:
    return Problem(plan.path, *plan.tree.where(place), message, level)


def _doubts(plan: Plan, cases: Mapping[str, CaseFile]) -> Iterator[tuple[Place, str, str]]:
    blueprint = plan.blueprint
    if blueprint is None:
        return
    names: set[str] = set()
    for n, domain in enumerate(blueprint.domains):
        if domain.name in names:
            yield ("domains", n, "name"), f"name: a second domain is called {domain.name!r}", "error"
        names.add(domain.name)
        for m, kind in enumerate(domain.drills):
            if kind not in KINDS:
                yield ("domains", n, "drills", m), f"drills: {kind!r} is none of {', '.join(KINDS)}", "error"
        if domain.cases:
            there = {file.case.specialty for file in cases.values()}
            for m, specialty in enumerate(domain.cases.specialties):
                if specialty not in there:
                    said = f"specialties: no case of the library is of {specialty!r}"
                    yield ("domains", n, "cases", "specialties", m), said, "warning"
    for n, count in lacking(blueprint, cases):
        said = f"items: {blueprint.domains[n].items} are asked for, and the library has {count} such cases"
        yield ("domains", n, "items"), said, "error"
