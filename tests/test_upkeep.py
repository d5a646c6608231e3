"""The yearly upkeep: what another day changes in a case, told where it stands, and mended where there is one answer."""

import datetime as dt
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from sandbox.cases.library import Library
from sandbox.cases.reader import read
from sandbox.codes.codeset import CodeSet
from sandbox.payment import Payer
from sandbox.upkeep import UnknownDay, Upkeep, upkeep
from sandbox.upkeep.diff import diff, edited
from tests.deskkit import Teacher
from tests.small_case import TEXT, VARIED
from tests.test_cli import Cli

ROOT = Path(__file__).resolve().parent.parent
OCTOBER = dt.date(2026, 10, 1)
PLATELETS = TEXT.replace("J02.0", "D69.1").replace("J02.9: 0.5", "D69.6: 0.5")
"""D69.1 is divided on 1 October 2026."""
SCLEROSIS = TEXT.replace("2026-05-04", "2025-05-05").replace("J02.0", "G35").replace("J02.9: 0.5", "G37.9: 0.5")
"""G35 was divided on 1 October 2025; one of its parts says no more than it did."""


@pytest.fixture
def payer(codes: CodeSet) -> Iterator[Payer]:
    with Payer(codes) as payer:
        yield payer


def look(text: str, codes: CodeSet, payer: Payer, to: dt.date = OCTOBER) -> list[Upkeep]:
    return upkeep([("throat", read(text, "ent/throat.yaml"))], codes, payer, to)


def test_where_nothing_changes_nothing_is_told(codes: CodeSet, payer: Payer) -> None:
    assert look(TEXT, codes, payer) == []
    assert look(TEXT, codes, payer, dt.date(2026, 5, 4)) == []


def test_a_code_that_is_divided_is_told_at_its_place_with_its_parts(codes: CodeSet, payer: Payer) -> None:
    [found] = look(PLATELETS, codes, payer)
    [change] = found.changes
    line = PLATELETS[: PLATELETS.index("D69.1")].count("\n") + 1
    assert (change.kind, change.part, change.line, change.code) == ("divided", "code", line, "D69.1")
    assert [code for code, _ in change.options] == ["D69.11", "D69.19"]
    assert change.edit is None, "the chart has to tell which; nothing is proposed"


def test_a_foreseen_wrong_code_is_told_too(codes: CodeSet, payer: Payer) -> None:
    [found] = look(TEXT.replace("J03.00: Look", "D69.1: Look"), codes, payer)
    assert [(change.part, change.code) for change in found.changes] == [("instead", "D69.1")]


def test_a_new_code_beside_one_of_the_key_is_told(codes: CodeSet, payer: Payer) -> None:
    [found] = look(TEXT.replace("J02.0", "Z87.891"), codes, payer)
    assert [(change.kind, [code for code, _ in change.options]) for change in found.changes] == [("new", ["Z87.893"])]


def test_the_part_that_says_no_more_than_the_old_code_is_proposed_and_the_edit_leaves_all_else_alone(
    codes: CodeSet, payer: Payer
) -> None:
    text = SCLEROSIS.replace("- code: G35", "- code:  'G35'   # G35, the old one").replace("\n", "\r\n")
    [found] = look(text, codes, payer, dt.date(2025, 10, 1))
    [change] = [change for change in found.changes if change.part == "code" and change.kind == "divided"]
    assert change.edit == ("G35", "G35.D")
    assert edited(found) == text.replace("'G35'", "'G35.D'")


def test_a_code_with_placeholders_is_divided_below_what_stands_before_them(codes: CodeSet, payer: Payer) -> None:
    text = SCLEROSIS.replace("G35", "S30.1XXA")
    [found] = look(text, codes, payer, dt.date(2025, 10, 1))
    options = [code for code, _ in found.changes[0].options]
    assert len(options) > 1 and all(code.startswith("S30.1") and code.endswith("A") for code in options)


ONE_LINE_KEY = re.sub(r"(?ms)^key:.*", "", SCLEROSIS) + (
    "key: {diagnoses: [{code: G35, evidence: [{document: visit, quote: Strep pharyngitis}], why: Named so.}]}"
)


@pytest.mark.parametrize(
    "text",
    [SCLEROSIS, SCLEROSIS.replace("\n", "\r\n"), SCLEROSIS.replace("\n", "\r"), ONE_LINE_KEY, f"\ufeff{SCLEROSIS}"],
    ids=["plain", "windows", "old mac", "no last line end", "mark"],
)
def test_the_diff_of_the_edits_can_be_applied(text: str, codes: CodeSet, payer: Payer, tmp_path: Path) -> None:
    [found] = look(text, codes, payer, dt.date(2025, 10, 1))
    (tmp_path / "ent").mkdir()
    (tmp_path / "ent" / "throat.yaml").write_bytes(text.encode())
    git = shutil.which("git")
    assert git
    subprocess.run([git, "apply", "-p0", "-"], cwd=tmp_path, input=diff(found).encode(), check=True)
    assert (tmp_path / "ent" / "throat.yaml").read_bytes().decode() == edited(found) != text


def test_a_day_before_a_code_began_says_so(codes: CodeSet, payer: Payer) -> None:
    [found] = look(TEXT.replace("J02.0", "E88.10"), codes, payer, dt.date(2025, 4, 1))
    assert found.changes[0].message == "E88.10 is not yet a code on that day"


def test_a_day_that_no_code_set_knows_is_refused(codes: CodeSet, payer: Payer) -> None:
    with pytest.raises(UnknownDay, match="2031-10-01"):
        look(TEXT, codes, payer, dt.date(2031, 10, 1))


def test_what_is_the_same_in_all_encounters_is_told_once(codes: CodeSet, payer: Payer) -> None:
    every = VARIED.replace("J03.00: Look", "D69.1: Look").replace("J03.00: J03.80", "J03.01: J03.81")
    [found] = look(every.replace(", J03.01: J03.81", ""), codes, payer)
    assert [change.encounters for change in found.changes] == [()]
    some = VARIED.replace("J02.0: J02.8", "J02.0: D69.1")
    [found] = look(some, codes, payer)
    assert [change.encounters for change in found.changes] == [("viral", "viral-grown")]


def test_a_line_that_counts_for_less_is_told(codes: CodeSet, payer: Payer) -> None:
    file = Library(ROOT / "cases").cases()["shaking-and-seeing-things"]
    [found] = upkeep([(file.id, read(file.text, file.path))], codes, payer, OCTOBER)
    [said] = [change.message for change in found.changes if change.kind == "drg"]
    assert said == "Z59.01 counted as CC, and counts as neither CC nor MCC"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "ent").mkdir()
    (tmp_path / "ent" / "throat.yaml").write_text(PLATELETS, encoding="utf-8")
    (tmp_path / "ent" / "old.yaml").write_text(PLATELETS.replace("draft", "retired"), encoding="utf-8")
    return tmp_path


def test_the_command_prints_text_and_json_and_says_by_its_exit_code_that_there_is_work(
    codes_db: Path, folder: Path
) -> None:
    cli = Cli(codes_db.parent)
    told = cli("upkeep", "--to", "2026-10-01", "--cases", folder)
    assert told.returncode == 1
    assert "1 cases, 1 with something to look at" in told.stdout
    assert "D69.11" in told.stdout
    rows = json.loads(cli("upkeep", "--to", "2026-10-01", "--cases", folder, "--retired", "--format", "json").stdout)
    assert [row["case"] for row in rows] == ["old", "throat"]
    assert cli("upkeep", "--to", "2026-05-01", "--cases", folder).returncode == 0
    nothing = cli("upkeep", "--to", "2026-05-01", "--cases", folder, "--format", "diff")
    assert (nothing.stdout, nothing.stderr.strip()) == ("", "no edit is proposed")
    refused = cli("upkeep", "--to", "2031-10-01", "--cases", folder)
    assert refused.returncode == 2
    assert "import the edition first" in refused.stderr


def test_the_page_is_the_instructors(app: Flask) -> None:
    assert app.test_client().get("/teach/upkeep?to=2026-10-01").status_code == 403


def test_the_page_shows_what_a_day_changes_and_offers_the_edits(teacher: Teacher) -> None:
    assert 'type="date"' in teacher.get("/teach/upkeep").text
    page = teacher.get("/teach/upkeep?to=2026-10-01").text
    assert "Z59.01 counted as CC" in page
    assert "short-of-breath-since-sunday" in page
    answer = teacher.get("/teach/upkeep?to=2026-10-01&form=diff")
    assert answer.mimetype == "text/x-diff" and "attachment" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize(("asked", "said"), [("soon", "is no date"), ("2031-10-01", "Import the edition")])
def test_a_day_that_cannot_be_looked_at_is_refused_with_what_to_do(teacher: Teacher, asked: str, said: str) -> None:
    answer = teacher.get(f"/teach/upkeep?to={asked}")
    assert answer.status_code == 400
    assert said in answer.text and f'value="{asked}"' in answer.text
