"""Gradebooks as files: no name runs in a spreadsheet, numbers stay numbers, Canvas and Moodle find their columns."""

import csv
import io
import json
import random
import subprocess
import sys
from typing import Any

import openpyxl
import pytest

from sandbox.classroom.cells import as_csv, as_xlsx, tame
from sandbox.classroom.gradebook import Book, Grade, Person
from sandbox.classroom.statements import Answered, Lab, as_ndjson, statements

HOSTILE = [
    "=cmd|'/c calc'!A1", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u00a0=1", "\ufeff=1", "＝1",
    "'=1", '"=1",=2', "a\r\n=1", "<script>alert(1)</script>", "Ünal, Çağla", "مرحبا", "{{7*7}}", "\0=1", "\x01b",
    "\ud800", "", "x" * 40_000,
]  # fmt: skip


def read(data: bytes) -> list[list[str]]:
    assert data.startswith(b"\xef\xbb\xbf")
    csv.field_size_limit(100_000)
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def sheet(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data)).active


def names(seed: int) -> list[str]:
    chance = random.Random(seed)
    letters = "=+-@\t\r\n \"',;|aÄ＝0\0"
    return [*HOSTILE, *("".join(chance.choices(letters, k=chance.randint(1, 6))) for _ in range(300))]


def book(*people: str, items: tuple[str, ...] = ("Case A", "Case B")) -> Book:
    grades = (Grade(0.5, 0.875, 2), None)
    return Book("Class", items, tuple(Person(n, one, one, one, grades) for n, one in enumerate(people)))


@pytest.mark.parametrize("seed", range(3))
def test_no_cell_of_a_csv_begins_as_a_formula(seed: int) -> None:
    some = names(seed)
    for made in (book(*some).table(), book(*some).canvas(), book(*some).moodle("email")):
        rows = read(as_csv(made))
        assert [len(row) for row in rows] == [len(made[0])] * len(made)
        for row in rows:
            for cell in row:
                assert cell == "-" or not cell.lstrip("\ufeff \xa0").startswith(tuple("=+-@＝＋－＠")), cell
                assert not cell.startswith(("\t", "\r", "\n")), cell


@pytest.mark.parametrize("seed", range(3))
def test_no_cell_of_a_workbook_is_a_formula_or_a_link(seed: int) -> None:
    some = [*names(seed), "https://example.org", "mailto:a@example.org"]
    found = sheet(as_xlsx(book(*some).table(), "Lab [1]: a/b"))
    assert found.max_row == len(some) + 1
    for row in found.iter_rows():
        for cell in row:
            assert cell.data_type in ("s", "n", "inlineStr") and cell.hyperlink is None
    assert found["A2"].value == HOSTILE[0]


def test_titles_and_sections_are_tamed_too() -> None:
    made = Book("=section", ("=item",), (Person(1, "A", "7", "", (None,)),))
    assert "'=item" in read(as_csv(made.canvas()))[0] and "'=section" in read(as_csv(made.canvas()))[2]


def test_numbers_stay_numbers() -> None:
    assert [tame(-1), tame(0.5), tame(None), tame(87.5), tame("-1")] == ["-1", "0.5", "", "87.5", "'-1"]
    assert sheet(as_xlsx([("a", "b"), (-1.5, "-1.5")], "s"))["A2"].value == -1.5


def test_the_table_has_best_first_and_mean() -> None:
    rows = book("Ann").table()
    assert rows[0] == ("Name", "Number", "E-mail", "Case A", "Case B", "Case A (first)", "Case B (first)", "Mean")
    assert rows[1] == ("Ann", "Ann", "Ann", 87.5, None, 50.0, None, 43.75)


def test_canvas_finds_its_columns_and_its_row_of_points() -> None:
    rows = read(as_csv(book("Ann").canvas()))
    assert rows[0] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Case A", "Case B"]
    assert rows[1] == ["    Points Possible", "", "", "", "", "100", "100"]
    assert rows[2] == ["Ann", "", "Ann", "Ann", "Class", "87.5", ""]


def test_a_number_at_the_end_of_a_title_is_no_assignment_of_canvas() -> None:
    titles = ("Emergency (2)", "Emergency (2)", "Emergency [2] - 2", "A", "A")
    assert book("Ann", items=titles).canvas()[0][5:] == (
        "Emergency [2]", "Emergency [2] - 3", "Emergency [2] - 2", "A", "A - 2",
    )  # fmt: skip


def test_moodle_gets_whom_it_can_find() -> None:
    full, none = (Grade(1, 1, 1),), (None,)
    some = (Person(1, "A", "7", "", full), Person(2, "B", " ", "b@x", none), Person(3, "Guest", "", "", full))
    made = Book("C", ("Lab",), some)
    assert read(as_csv(made.moodle("number"))) == [["ID number", "Lab"], ["7", "100"]]
    assert read(as_csv(made.moodle("email"))) == [["Email address", "Lab"], ["b@x", "-"]]


def test_what_canvas_would_take_for_something_else_is_changed() -> None:
    made = Book("C", ("Section", "Final Score of May", "B"), (Person(1, "Points Possible", "", "", (None,) * 3),))
    rows = made.canvas()
    assert rows[0][5:] == ("Section - 2", "Final score of May", "B")
    assert rows[2][0] == "points possible"


def test_the_library_for_workbooks_is_loaded_when_it_is_needed_only() -> None:
    words = "import sys, sandbox.classroom.cells as c; assert 'xlsxwriter' not in sys.modules; c.as_xlsx([], '');"
    subprocess.run([sys.executable, "-c", f"{words} assert 'xlsxwriter' in sys.modules"], check=True)


def test_statements_name_nobody_and_complete_a_lab_once() -> None:
    lab = Lab("https://school.example", "/labs/3", "Lab\nthree")
    answers = [
        Answered(10, 5, "a", "A", 0.5, "2026-05-01T10:00:00.000Z"),
        Answered(11, 5, "b~2", "B", 1.0, "2026-05-01T10:05:00.000Z"),
        Answered(12, 5, "b~2", "B", 1.0, "2026-05-01T10:06:00.000Z"),
        Answered(13, 6, "a", "A", 1.0, "2026-05-01T10:07:00.000Z"),
    ]
    text = as_ndjson(statements(lab, answers, 2)).decode()
    rows = [json.loads(line) for line in text.splitlines()]
    assert [row["verb"]["display"]["en"] for row in rows] == [
        "answered", "answered", "completed", "answered", "answered",
    ]  # fmt: skip
    done = rows[2]
    assert done["result"] == {"score": {"scaled": 0.75}, "completion": True}
    assert done["object"]["id"] == "https://school.example/labs/3"
    assert rows[1]["object"]["id"] == "https://school.example/cases/b~2" and rows[1]["result"]["success"] is True
    assert done["actor"]["account"] == {"homePage": "https://school.example", "name": "member-5"}
    assert len({row["id"] for row in rows}) == 5
    assert text.encode() == as_ndjson(statements(lab, answers, 2)), "sent again, they are the same"
