"""What the linter finds is counted once for each version of a file, and a file that breaks it breaks no page."""

import pytest

from sandbox.cases.library import CaseFile
from sandbox.cases.reader import read
from sandbox.lint import lint
from sandbox.web import looks
from sandbox.web.house import House
from sandbox.web.looks import Look
from tests.small_case import TEXT, spoiled

GOOD = CaseFile.of(read(TEXT, "good.yaml"))
BAD = CaseFile.of(read(spoiled("quote: Strep pharyngitis", "quote: Strap pharyngitis"), "bad.yaml"))


def test_problems_are_counted_by_level_and_remembered_by_version(house: House) -> None:
    assert looks.known(house, BAD) is None
    assert looks.look(house, [GOOD, BAD], 60) == [GOOD, BAD]
    found = [problem.level for problem in lint(BAD, read(BAD.text, BAD.path), house.codes)]
    assert looks.known(house, BAD) == Look(*(found.count(level) for level in ("error", "warning", "note")))
    assert looks.known(house, BAD) != looks.known(house, GOOD)
    assert looks.look(house, [GOOD, BAD], 60) == [], "nobody looks twice"


def test_when_the_time_is_up_the_rest_waits(house: House) -> None:
    assert looks.look(house, [GOOD, BAD], 0) == [GOOD]
    assert looks.known(house, BAD) is None


def test_a_file_that_breaks_the_linter_is_told(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object) -> None:
        raise RuntimeError("a rule")

    monkeypatch.setattr("sandbox.web.looks.lint", crash)
    looks.look(house, [GOOD], 60)
    assert looks.known(house, GOOD) == Look(failed=True)
    assert Look(failed=True).any
    assert not Look(notes=1).any
