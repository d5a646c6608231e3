"""A new case begins as a small one that deserves a learner already: the linter has nothing to say of it."""

import pytest

from sandbox.cases.library import CaseFile
from sandbox.cases.reader import read
from sandbox.cases.starts import FOLDER, OWN, start
from sandbox.codes.codeset import CodeSet
from sandbox.encounter import SETTINGS
from sandbox.lint import lint


@pytest.mark.parametrize("setting", SETTINGS)
def test_every_setting_begins_as_a_draft_without_problems(setting: str, codes: CodeSet) -> None:
    source = read(start(setting, "Something new", "family medicine"), "cases/family-medicine/new.yaml")
    assert source.problems == ()
    assert source.case is not None
    assert lint(CaseFile.of(source), source, codes) == []
    case = source.case
    assert (case.setting, case.status, case.title, case.specialty) == (
        *(setting, "draft", "Something new"),
        "family medicine",
    )


@pytest.mark.parametrize("setting", OWN)
def test_a_beginning_teaches_its_author(setting: str) -> None:
    text = (FOLDER / f"{setting}.yaml").read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=../../case.schema.json\n")
    for word in (
        "no name, no date of birth",
        "word for word",
        "do not name the right code",
        "rightly left out",
        "blind",
    ):
        assert any(word in line.partition("#")[2] for line in text.splitlines()), word


def test_every_file_belongs_to_a_setting() -> None:
    assert {path.stem for path in FOLDER.iterdir()} == set(OWN)


@pytest.mark.parametrize(
    "title",
    ["No", "Pain: the second day", "A # sign", '"Quoted"', "- dash", "[list]", "a\\1b", "é 💥", "12"],
)
def test_any_title_stays_what_was_typed(title: str) -> None:
    source = read(start("observation", title.ljust(3, "!"), "ear: nose"), "x.yaml")
    assert source.case is not None
    assert (source.case.title, source.case.specialty) == (title.ljust(3, "!"), "ear: nose")
    assert "# observation is outpatient" in source.text


def test_a_setting_that_there_is_not_is_refused() -> None:
    with pytest.raises(KeyError):
        start("../office", "x", "y")
