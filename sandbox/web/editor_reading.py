"""A text that is being written: read, linted, and remembered, for the page asks several things of one text."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar

from flask import current_app

from sandbox.cases import files
from sandbox.cases.library import CaseFile
from sandbox.cases.merging import MARKER, plain
from sandbox.cases.reader import Problem, Source, read
from sandbox.lint import lint
from sandbox.web.house import House
from sandbox.web.memory import Memory

Made = TypeVar("Made")

log = logging.getLogger(__name__)

AT_ONCE: Final = 8
"""Encounters of a file that are linted before the page is answered; those of a longer family come after it."""

_KEPT: Final = 48
_LONGEST_QUOTE: Final = 160


@dataclass(frozen=True, eq=False)
class Reading:
    """A text as the reader sees it. ``file`` is None where it is no case; then ``source`` says why."""

    id: str
    etag: str
    source: Source
    file: CaseFile | None


@dataclass(frozen=True, slots=True)
class Shown:
    """A problem as the page shows it, with the line that it is about. ``level`` is error, warning or note."""

    line: int
    column: int
    level: str
    message: str
    quoted: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What the linter says of a text; ``more``: it has not looked at all encounters yet."""

    etag: str
    problems: tuple[Shown, ...]
    more: bool

    @property
    def errors(self) -> int:
        """Problems that must be mended."""
        return sum(problem.level == "error" for problem in self.problems)


def reading(id: str, text: str) -> Reading:
    """The reading of a case's text. ``id`` is that of its file."""
    text = plain(text)
    etag = files.etag(text)

    def make() -> Reading:
        source = read(text, f"{id}.yaml")
        return Reading(id, etag, source, CaseFile.of(source) if source.case else None)

    return _remembered(("reading", id, etag), make)


def check(here: House, one: Reading, *, all: bool = True) -> Checked:
    """The problems of a text, in the order of its lines; with ``all`` those of every encounter of a long family."""
    file, source = one.file, one.source
    more = bool(file and not all and len(file.others) >= AT_ONCE)

    def make() -> Checked:
        if file is None:
            # What follows from the markers is of no use to anybody while they stand there.
            found: Iterable[Problem] = tuple(_unsettled(source)) or source.problems
        elif more:
            found = _linted(here, replace(file, others=()), replace(source, others=()))
        else:
            found = _linted(here, file, source)
        return Checked(one.etag, tuple(_shown(problem, source) for problem in found), more)

    return _remembered(("check", one.id, one.etag, more), make)


def _linted(here: House, file: CaseFile, source: Source) -> list[Problem]:
    try:
        return lint(file, source, here.codes)
    except Exception:
        log.exception("the linter failed on a text of %s", file.id)
        return [Problem(source.path, 1, 1, "the linter itself failed on this text; the fault is in the server's log")]


def _unsettled(source: Source) -> Iterable[Problem]:
    for mark in MARKER.finditer(source.text):
        line = source.text.count("\n", 0, mark.start()) + 1
        said = "here stands what two people wrote of one place; keep what is right, and take the marker lines out"
        yield Problem(source.path, line, 1, said)


def _shown(problem: Problem, source: Source) -> Shown:
    lines = source.tree.lines or plain(source.text).split("\n")
    quoted = lines[problem.line - 1].strip() if problem.line <= len(lines) else ""
    return Shown(problem.line, problem.column, problem.level, problem.message, quoted[:_LONGEST_QUOTE])


def _remembered(key: tuple[object, ...], make: Callable[[], Made]) -> Made:
    memory: Memory[Any, Any] = current_app.extensions.setdefault("sandbox.readings", Memory(_KEPT))
    found: Made | None = memory.get(key)
    if found is None:
        found = make()
        memory.put(key, found)
    return found
