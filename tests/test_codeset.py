"""What the code sets answer, on the real ones: what exists on which day, under which heading, with which notes."""

import threading
from pathlib import Path

import pytest

from sandbox.codes.codeset import CodeSet
from sandbox.encounter import CM, PCS

DAY = 20260501


@pytest.mark.parametrize(
    ("code", "before", "first", "last", "after"),
    [
        ("E66.812", 20240930, 20241001, 20270331, 20270401),
        ("B88.0", 20150930, 20151001, 20250930, 20251001),
        ("B88.01", 20250930, 20251001, 20270331, 20270401),
        ("D69.1", 20150930, 20151001, 20260930, 20261001),
        ("D69.11", 20260930, 20261001, 20270331, 20270401),
        ("C78.31", 20260930, 20261001, 20270331, 20270401),
    ],
)
def test_a_code_is_valid_from_its_first_day_to_its_last(
    codes: CodeSet, code: str, before: int, first: int, last: int, after: int
) -> None:
    assert [codes.valid(code, day) for day in (before, first, last, after)] == [False, True, True, False]


def test_a_code_that_was_split_becomes_a_heading(codes: CodeSet) -> None:
    assert (codes.valid("D69.1", 20260930), codes.heading("D69.1", 20260930)) == (True, False)
    assert (codes.valid("D69.1", 20261001), codes.heading("D69.1", 20261001)) == (False, True)
    assert [c.shown for c in codes.children("D69.1", 20261001)] == ["D69.11", "D69.19"]


@pytest.mark.parametrize("code", ["M80.051A", "m80.051a", "M80051A", " m80 051 a "])
def test_a_code_is_found_however_it_is_written(codes: CodeSet, code: str) -> None:
    found = codes.get(code)
    assert found is not None
    assert found.shown == "M80.051A"
    assert found.title.startswith("Age-related osteoporosis with current pathological fracture, right femur")
    assert found.path == ("M80051A", "M80051", "M8005", "M800", "M80", "M80-M85", "CH13")
    assert (found.parent, found.chapter) == ("M80051", 13)


@pytest.mark.parametrize("code", ["", "ZZZ", "💥", "I10'--", "A" * 5000, "%", "_", "\x00"])
def test_nonsense_is_nothing(codes: CodeSet, code: str) -> None:
    assert codes.get(code) is None
    assert not codes.valid(code, DAY)
    assert not codes.heading(code, DAY)
    assert codes.children(code) == () or code == "", "below nothing stand the chapters"
    assert codes.title(code) == ""
    assert codes.notes(code) == ()


def test_children_run_from_chapter_to_code(codes: CodeSet) -> None:
    assert [c.key for c in codes.children("CH1")][:2] == ["A00-A09", "A15-A19"]
    assert [c.shown for c in codes.children("A00-A09")][:2] == ["A00", "A01"]
    assert [c.shown for c in codes.children("S72", DAY)] == [
        "S72.0",
        "S72.1",
        "S72.2",
        "S72.3",
        "S72.4",
        "S72.8",
        "S72.9",
    ]
    assert [c.shown for c in codes.children("W01.0", DAY)] == ["W01.0XXA", "W01.0XXD", "W01.0XXS"]
    assert codes.children("I10") == ()


@pytest.mark.parametrize(
    ("code", "characters"),
    [
        ("W01.0XX", "ADS"),
        ("W01.0", "ADS"),
        ("S72.001Z", "ABCDEFGHJKMNPQRS"),
        ("M80.051", "ADGKPS"),
        ("M1A.011", "01"),
        ("S06.1X7", "A"),
        ("I10", ""),
        ("E11.9", ""),
    ],
)
def test_seventh_characters_come_from_the_nearest_definition_above(codes: CodeSet, code: str, characters: str) -> None:
    assert "".join(codes.seventh(code)) == characters


def test_notes_are_a_codes_own_first_then_those_above(codes: CodeSet) -> None:
    notes = codes.notes("I12.9")
    assert [note.at for note in notes] == sorted((note.at for note in notes), key=codes.get("I12.9").path.index)  # type: ignore[union-attr]
    assert any("(N18.1-N18.4, N18.9)" in note.text and note.at == "I129" for note in notes)
    own = codes.notes("I12.9", inherited=False)
    assert {note.at for note in own} == {"I129"}
    assert {note.kind for note in codes.notes("I12.9", "excludes1")} == {"excludes1"}
    levels = {note.level for note in codes.notes("E11.9", "excludes1")}
    assert levels == {"code", "category", "chapter"}


def test_excludes_pairs_each_note_with_each_code_it_names(codes: CodeSet) -> None:
    named = {str(target) for _, target in codes.excludes("E11.9")}
    assert {"E08", "E10", "O244", "P702"} <= named
    assert all(note.kind == "excludes1" for note, _ in codes.excludes("E11.9"))


def test_what_replaced_a_code_is_known_where_cms_names_one(codes: CodeSet) -> None:
    found = codes.replacement("B88.0")
    assert found is not None
    assert found.shown == "B88.01"
    assert codes.replacement("I10") is None


def test_a_procedure_without_a_title_has_none_and_gets_none_invented(codes: CodeSet) -> None:
    rows = codes.connection.execute("SELECT key FROM codes WHERE system = ? AND title = '' LIMIT 5", (PCS,)).fetchall()
    assert len(rows) == 5
    assert all(codes.title(key, PCS) == "" and codes.get(key, PCS) is not None for (key,) in rows)
    assert codes.title("0SRR0JA", PCS).startswith("Replacement of Right Hip Joint, Femoral Surface")


def test_the_editors_attributes_follow_the_day(codes: CodeSet) -> None:
    flags = {code: codes.get(code).flags(DAY) for code in ("W01.0XXA", "F02.80", "R65.20", "O80", "P07.00")}  # type: ignore[union-attr]
    assert "ecodepdx" in flags["W01.0XXA"]
    assert "manifestation" in flags["F02.80"]
    assert "unacceptable" in flags["R65.20"]
    assert "maternity" in flags["O80"]
    assert codes.get("W01.0XXA").flags(20100101) == frozenset()  # type: ignore[union-attr]


def test_systems_stay_apart(codes: CodeSet) -> None:
    assert codes.get("0SRR0JA", CM) is None
    assert codes.get("I10", PCS) is None
    assert codes.count(20260401, PCS) == 79_193
    assert codes.get("I10", "no such system") is None


def test_a_drg_has_its_line_of_table_5(codes: CodeSet) -> None:
    assert codes.drg("522") == codes.drg("0522"[1:])
    assert codes.drg("522")["weight"] == 2.1177  # type: ignore[index]
    assert codes.drg("777") is None


def test_threads_share_one_code_set(codes_db: Path) -> None:
    shared = CodeSet(codes_db)
    found: list[str] = []

    def work() -> None:
        found.extend(shared.title(code) for code in ("I10", "E11.9", "N18.32") * 50)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8 * 150
    assert set(found) == {
        "Essential (primary) hypertension",
        "Type 2 diabetes mellitus without complications",
        "Chronic kidney disease, stage 3b",
    }


def test_a_code_set_that_is_not_built_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="codes build"):
        CodeSet(tmp_path / "codes.db")
