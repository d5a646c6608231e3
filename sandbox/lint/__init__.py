"""Does a case deserve a learner? Its form, its quotes, its codes, its key through the rules, and its privacy.

Levels: an *error* must be mended, a *warning* looked at, a *note* known. Nothing here grades anybody.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from sandbox.cases.library import CaseFile, files
from sandbox.cases.reader import Problem, Source, named, read_file
from sandbox.cases.schema import Case
from sandbox.codes.codeset import CodeSet
from sandbox.codes.model import day
from sandbox.lint.chart import chart_problems
from sandbox.lint.codes import code_problems
from sandbox.lint.exams import all_exam_problems, exam_problems, is_blueprint
from sandbox.lint.key import key_problems
from sandbox.lint.mentions import mention_problems
from sandbox.lint.minutes import minutes_problems
from sandbox.lint.privacy import privacy_problems
from sandbox.lint.queries import query_problems
from sandbox.lint.review import review_problems
from sandbox.lint.sections import section_problems
from sandbox.lint.unfinished import unfinished
from sandbox.lint.variants import variant_problems
from sandbox.lint.words import words_problems

_RULE: Final = re.compile(
    r"^(?:with \S+ (?:for|ahead)[^:]*: |with POA [^:]*: |without the optional lines: )?([A-Z]{3}\d\d) "
)


def lint(case_file: CaseFile, source: Source, codes: CodeSet) -> list[Problem]:
    """Everything that is wrong or doubtful in one case and in each of its variants, in the order of its lines.

    ``source`` is the reading of the same file; a source without a case has only the problems of its form.
    """
    found = [("", problem) for problem in (*source.problems, *_encounter(case_file.case, source, codes))]
    for other in source.others:
        assert other.case is not None
        found += [(other.variant, problem) for problem in _encounter(other.case, other, codes)]
    problems = dict.fromkeys((*named(found), *_by("variants", variant_problems(source))))
    return sorted(problems, key=lambda problem: (problem.line, problem.column))


def _encounter(case: Case, source: Source, codes: CodeSet) -> Iterator[Problem]:
    codes = codes.at(day(case.encounter().on))
    yield from _by("chart", chart_problems(case, source))
    yield from _by("unfinished", unfinished(case, source))
    yield from _by("review", review_problems(case, source))
    yield from _by("sections", section_problems(case, source))
    yield from _by("minutes", minutes_problems(case, source))
    yield from _by("words", words_problems(case, source))
    yield from _by("privacy", privacy_problems(case, source))
    yield from _by("codes", code_problems(case, source, codes))
    yield from _by("key", key_problems(case, source, codes))
    yield from _by("queries", query_problems(case, source))
    yield from _by("mentions", mention_problems(case, source, codes))


def _by(part: str, problems: Iterable[Problem]) -> Iterator[Problem]:
    """The problems, each with what found it: the rule of the checker that its message begins with, or the part."""
    for problem in problems:
        rule = _RULE.search(problem.message)
        yield replace(problem, rule=rule[1] if rule else part)


def lint_paths(paths: Iterable[Path], codes: CodeSet) -> list[Problem]:
    """The problems of files and of all case files below folders, file by file; two files may not share an id.

    Blueprints of exams are measured by the cases beside them.
    """
    paths = list(paths)
    out = [problem for path in paths if path.is_dir() for problem in all_exam_problems(path)]
    owners: dict[str, str] = {}
    for path, shown in _files(paths):
        if is_blueprint(path):
            out += exam_problems(path, shown)
            continue
        if not shown:
            out.append(Problem(path.as_posix(), 1, 1, "a link that leads out of the folder; left out"))
            continue
        source = read_file(path, shown)
        first = owners.setdefault(path.stem, shown)
        if first != shown:
            out.append(Problem(shown, 1, 1, f"the id {path.stem} belongs to {first} already; rename one of the two"))
        out += lint(CaseFile.of(source), source, codes) if source.case else source.problems
    return out


def _files(paths: Iterable[Path]) -> Iterator[tuple[Path, str]]:
    for path in paths:
        if path.is_dir():
            for file, shown in files(path):
                yield file, (path / file.relative_to(path)).as_posix() if shown else ""
        else:
            yield path, path.as_posix()
