"""A new case at the desk: begun from its setting, never over another, and every mistake told beside its field."""

from pathlib import Path

import pytest
from deskkit import Teacher

from sandbox.store import versions
from sandbox.web.house import House
from tests.small_case import TEXT

NEW = "/teach/cases/new"
GOOD = {"setting": "inpatient", "title": "Two bad days", "specialty": "Family medicine", "id": "two-bad-days"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "cases"
    (folder / "office").mkdir(parents=True)
    (folder / "office" / "throat.yaml").write_text(TEXT)
    return folder


@pytest.fixture
def case_folder(root: Path) -> Path:
    return root


def test_a_new_case_is_a_draft_in_the_library_with_a_history(house: House, root: Path, teacher: Teacher) -> None:
    answer = teacher.send(NEW, **GOOD)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/teach/cases/two-bad-days/edit")
    assert (root / "family-medicine" / "two-bad-days.yaml").is_file()
    case = house.cases.cases()["two-bad-days"].case
    assert (case.setting, case.title, case.specialty, case.status) == (
        *("inpatient", "Two bad days", "family medicine"),
        "draft",
    )
    assert [row["note"] for row in versions.all(house.store, "two-bad-days")] == [
        "new, from the beginning for inpatient"
    ]
    assert teacher.get("/cases/two-bad-days").status_code == 200


def test_without_an_id_the_title_makes_one(house: House, teacher: Teacher) -> None:
    teacher.send(NEW, **{**GOOD, "id": "", "title": "  Très   bad: days! "})
    assert house.cases.cases()["tres-bad-days"].case.title == "Très bad: days!"


def test_a_specialty_that_is_there_is_offered_and_keeps_its_spelling(house: House, teacher: Teacher) -> None:
    there = house.cases.cases()["throat"].case.specialty
    assert f'<option value="{there}">' in teacher.get(NEW).text
    assert teacher.send(NEW, **{**GOOD, "specialty": there.swapcase()}).status_code == 303
    assert house.cases.cases()["two-bad-days"].case.specialty == there


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("setting", "moon", "Choose where"),
        ("title", "x", "3 to 90"),
        ("title", "x" * 91, "3 to 90"),
        ("specialty", "…", "names the folder"),
        ("id", "../evil", "small letters"),
        ("id", "Two", "small letters"),
        ("id", "throat", "office/throat.yaml has this id"),
    ],
)
def test_a_mistake_is_told_beside_its_field_and_nothing_is_lost(
    root: Path, teacher: Teacher, field: str, value: str, said: str
) -> None:
    answer = teacher.send(NEW, **{**GOOD, field: value})
    assert answer.status_code == 400
    assert said in answer.text
    assert f'aria-describedby="{field}-wrong"' in answer.text
    kept = {name: given for name, given in GOOD.items() if name != field}
    assert all(f'value="{given}"' in answer.text for given in kept.values())
    assert [path.name for path in root.rglob("*.yaml")] == ["throat.yaml"]
    assert (root / "office" / "throat.yaml").read_text() == TEXT


def test_a_form_sent_twice_makes_one_case(house: House, teacher: Teacher) -> None:
    assert teacher.send(NEW, **GOOD).status_code == 303
    assert teacher.send(NEW, **GOOD).status_code == 400
    assert len(versions.all(house.store, "two-bad-days")) == 1


def test_every_setting_can_be_chosen(house: House, teacher: Teacher) -> None:
    from sandbox.encounter import SETTINGS

    page = teacher.get(NEW).text
    for setting in SETTINGS:
        assert f'<option value="{setting}">' in page
        assert teacher.send(NEW, **{**GOOD, "setting": setting, "id": setting.replace("_", "-")}).status_code == 303
    assert {file.case.setting for file in house.cases.cases().values()} == set(SETTINGS)


@pytest.mark.parametrize("field", ["title", "specialty"])
@pytest.mark.parametrize("char", ["\x7f", "\ufeff", "\ufffe"])
def test_an_invisible_character_is_told_and_makes_no_file_that_cannot_be_read(
    root: Path, teacher: Teacher, field: str, char: str
) -> None:
    answer = teacher.send(NEW, **{**GOOD, field: f"Two{char}days"})
    assert answer.status_code == 400 and "invisible character" in answer.text
    assert not list(root.rglob("two-bad-days.yaml"))
