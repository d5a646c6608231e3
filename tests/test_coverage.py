"""What the library covers: every section has a heading, every case counts, and what is short says so."""

import csv
import json
from pathlib import Path

from click.testing import CliRunner
from flask import Flask

from sandbox.cases.library import CaseFile, Library
from sandbox.cases.reader import read
from sandbox.cases.sections import above, exercised, named, sections
from sandbox.cli import commands
from sandbox.codes.codeset import CodeSet
from sandbox.coverage import coverage
from tests.deskkit import Teacher
from tests.small_case import TEXT

ROOT = Path(__file__).resolve().parent.parent


def file(text: str = TEXT, path: str = "ent/throat.yaml") -> CaseFile:
    return CaseFile.of(read(text, path))


def test_a_text_names_sections_as_they_stand() -> None:
    text = "Guidelines I.C.9.a.2 and II.K; Tabular I12 (IV.H), III.B. Not XI.B.4, I.C, V.A, HIV.A or I.B.14x; PCS B3.2."
    assert list(named(text)) == ["I.C.9.a.2", "II.K", "IV.H", "III.B"]


def test_a_section_counts_for_those_above_it_that_have_a_heading() -> None:
    assert list(above("I.C.9.a.2")) == ["I.C.9.a", "I.C.9", "I.C", "I"]
    assert list(above("IX.Z")) == []


def test_every_section_that_a_shipped_case_names_is_in_the_table() -> None:
    for one in Library(ROOT / "cases").cases().values():
        lines = (*one.case.key.diagnoses, *one.case.key.procedures, *one.case.key.not_coded)
        texts = (*one.case.skills, *(cite for line in lines for cite in getattr(line, "cites", ())))
        for id in (id for text in texts for id in named(text)):
            assert next(above(id), "").count(".") >= min(id.count("."), 2), f"{one.id}: no section {id}"


def test_the_table_has_each_section_once_and_wants_cases_only_where_there_is_something_to_exercise() -> None:
    with (ROOT / "sandbox/cases/sections.csv").open(encoding="utf-8", newline="") as rows:
        ids = [row["id"] for row in csv.DictReader(rows)]
    assert len(ids) == len(set(ids)) == len(sections())
    wanted = {id for id, section in sections().items() if section.wanted}
    assert {"I.A.12", "I.A.17", "I.B.4", "I.B.18", "I.C.1.a", "I.C.21.c.17", "II.A", "II.K", "III", "IV.Q"} <= wanted
    assert not {"I.C.3", "I.C.8", "I.C.11", "II.E", "I.A.11", "I.B.19"} & wanted


def test_skills_and_the_citations_of_the_key_count_and_nothing_else() -> None:
    text = TEXT.replace("hints:", "skills: [IV.G]\nhints:").replace("why:", "cites: [I.C.10.a.1]\n      why:", 1)
    assert {id for id in exercised(file(text).case) if id.count(".") > 1 or id.startswith("IV")} == {
        "IV", "IV.G", "I.C.10", "I.C.10.a",
    }  # fmt: skip


def test_the_matrix_counts_cases_by_what_they_are(codes: CodeSet) -> None:
    matrix = coverage([file(), file(path="ent/other.yaml")], codes)
    assert matrix.encounters == 2 and not matrix.varied and not matrix.long
    assert [(row.name, row.cases) for row in matrix.settings] == [(file().case.setting, ("throat", "other"))]
    assert [row.name for row in matrix.chapters if row.cases] == [
        str(n)
        for n in sorted({codes.get(line.code).chapter for line in file().case.key.diagnoses})  # type: ignore[union-attr]
    ]
    one = next(row for row in matrix.sections if row.name == "II.K")
    assert one.short and one.wanted == 2 and not one.cases


def test_the_command_prints_the_matrix(codes_db: Path, tmp_path: Path) -> None:
    (tmp_path / "throat.yaml").write_text(TEXT, encoding="utf-8")
    args = ["--data", str(codes_db.parent), "cases", "coverage", "--cases", str(tmp_path), "--drafts"]
    told = CliRunner().invoke(commands, [*args, "--format", "json"], standalone_mode=False)
    assert json.loads(told.output)["cases"] == 1
    text = CliRunner().invoke(commands, args, standalone_mode=False).output
    assert (
        "1 cases, 1 encounters" in text
        and "II.K Admissions/Encounters for Rehabilitation  (lacks cases: wants 2)" in text
    )


def test_the_page_is_the_instructors_and_shows_what_lacks_cases(app: Flask) -> None:
    assert app.test_client().get("/teach/coverage").status_code == 403
    teacher = Teacher(app)
    whole, short = teacher.get("/teach/coverage").text, teacher.get("/teach/coverage?short=1").text
    assert "I.B.4 " in whole and "I.B.14 " in whole
    assert "I.B.14 " not in short, "many cases exercise it"
