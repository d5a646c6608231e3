"""Files are told by their content, loaded wholly, once, and beside those of other days."""

import datetime as dt
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from sandbox.codes.imported import Official
from sandbox.codes.importing.days import Asked
from sandbox.codes.importing.kinds import KINDS
from sandbox.codes.importing.run import Report, import_file
from sandbox.codes.importing.safe import Refused
from tests import official

ROOT = Path(__file__).resolve().parent.parent


NOTHING = Asked()


def put(folder: Path, content: str | bytes, asked: Asked = NOTHING, name: str = "file") -> Report:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return import_file(path, folder, asked)


def files(folder: Path) -> list[tuple[str, str, int, int]]:
    with closing(Official(folder / "official.db")) as found:
        return sorted((file.kind, file.part, file.first_day, file.last_day) for file in found.files)


@pytest.mark.parametrize(
    ("content", "asked", "expected"),
    [
        (official.anweb(), Asked(), ("hcpcs", "", 20260401, 20260630)),
        (official.anweb(), Asked(20260101), ("hcpcs", "", 20260101, 20260331)),
        (official.poa(), Asked(), ("poa", "", 20251001, 20260930)),
        (official.poa(year="2027"), Asked(), ("poa", "", 20261001, 20270930)),
        (official.poa_xml(), Asked(), ("poa", "", 20251001, 20260930)),
        (official.order(), Asked(20251001), ("order", "", 20251001, 20260930)),
        (official.order([("001", 0, "A"), ("XY0VX83", 1, "B")]), Asked(20260401), ("order", "", 20260401, 20260930)),
        (official.ADDENDA, Asked(20261001), ("addenda", "", 20261001, 20270930)),
        (official.pcs_tables(), Asked(), ("pcs-tables", "", 20251001, 20260930)),
        (official.pcs_tables(), Asked(20260401), ("pcs-tables", "", 20260401, 20260930)),
        (official.PCS_DEFINITIONS, Asked(), ("pcs-definitions", "", 20251001, 20260930)),
        (official.PCS_INDEX, Asked(), ("pcs-index", "", 20251001, 20260930)),
        (official.ptp(), Asked(20261001, table="practitioner"), ("ptp", "practitioner", 20261001, 20261231)),
        (official.mue(), Asked(20260701), ("mue", "practitioner", 20260701, 20260930)),
        (official.mue("Outpatient Hospital"), Asked(20260701), ("mue", "outpatient-hospital", 20260701, 20260930)),
        (official.mue("DME Supplier"), Asked(20260701, 20261231), ("mue", "dme", 20260701, 20261231)),
        (official.CM_INDEX, Asked(), ("index", "index", 20251001, 20260930)),
        (official.CM_INDEX, Asked(20260401), ("index", "index", 20260401, 20260930)),
        (official.CPT, Asked(), ("table", "", 20260101, 20261231)),
        (official.CPT, Asked(20270101, 20270630, "cpt"), ("table", "", 20270101, 20270630)),
    ],
)
def test_a_file_is_told_by_its_content(
    tmp_path: Path, content: str, asked: Asked, expected: tuple[str, str, int, int]
) -> None:
    put(tmp_path, content, asked, "named-for-nothing.pdf")
    assert files(tmp_path) == [expected]


def test_every_kind_with_a_loader_has_a_small_file(tmp_path: Path) -> None:
    official.load_all(tmp_path)
    large = {"tabular"}  # tests/test_editions.py loads one
    assert {kind for kind, about in KINDS.items() if about.load} - large == {kind for kind, *_ in files(tmp_path)}


def test_a_sheet_is_told_like_a_text(tmp_path: Path) -> None:
    path = official.sheet(tmp_path / "x", official.poa_rows())
    import_file(path, tmp_path, Asked())
    import_file(official.sheet(path, official.ptp_rows()), tmp_path, Asked(20260401, table="practitioner"))
    rows = [line.split(",")[:4] for line in official.mue().replace("\r\n", "\n").split("\n")[3:5]]
    heading = ("HCPCS/\nCPT Code", "Practitioner Services MUE Values", "MUE Adjudication Indicator", "MUE Rationale")
    import_file(official.sheet(path, [("Terms",), heading, *rows]), tmp_path, Asked(20260401))
    with closing(Official(tmp_path / "official.db")) as found:
        assert found.poa_exempt("Z66", 20260506) is True
        assert found.ptp("G0105", "G0008", 20260506, "practitioner") == "1"
        assert found.mue("A0425", 20260506, "practitioner") == (250, "1")


def test_a_code_that_a_sheet_holds_as_a_number_keeps_its_zeros(tmp_path: Path) -> None:
    rows = official.ptp_rows([(1, "G0008", None, 20200101, "*", 1, "Invented")])
    import_file(official.sheet(tmp_path / "x", rows), tmp_path, Asked(20260401, table="practitioner"))
    with closing(Official(tmp_path / "official.db")) as found:
        assert found.ptp("00001", "G0008", 20260506, "practitioner") == "1"


def test_a_day_that_a_sheet_holds_as_a_day_is_read(tmp_path: Path) -> None:
    rows = official.ptp_rows([("G0105", "G0008", None, dt.date(2026, 5, 1), "*", 1, "Invented")])
    import_file(official.sheet(tmp_path / "x", rows), tmp_path, Asked(20260401, table="practitioner"))
    with closing(Official(tmp_path / "official.db")) as found:
        pairs = [found.ptp("G0105", "G0008", on, "practitioner") for on in (20260430, 20260501)]
    assert pairs == [None, "1"]


def test_cms_own_name_tells_for_whom_a_table_of_pairs_is(tmp_path: Path) -> None:
    put(tmp_path, official.ptp(), Asked(20260401), "ccioph-v321r0-f1.txt")
    assert files(tmp_path) == [("ptp", "outpatient-hospital", 20260401, 20260630)]


def test_a_day_in_the_heading_is_enough(tmp_path: Path) -> None:
    put(tmp_path, official.mue().replace("Terms of use", "Effective July 1, 2026. Terms of use"))
    assert files(tmp_path) == [("mue", "practitioner", 20260701, 20260930)]


@pytest.mark.parametrize(
    ("content", "asked", "says"),
    [
        (official.order(), Asked(), "give --from"),
        (official.mue(), Asked(), "give --from"),
        (official.ptp(), Asked(20260401), "give --table"),
        (official.CPT.replace("# system: cpt\n", ""), Asked(20260101), "give --system"),
        (official.CPT.replace("# from", "# since"), Asked(), "give --from"),
        (official.poa(), Asked(20200101), "outside it"),
        (official.anweb(), Asked(20260401, 20260101), "--to lies before"),
    ],
)
def test_what_a_file_does_not_say_is_asked_for(tmp_path: Path, content: str, asked: Asked, says: str) -> None:
    with pytest.raises(Refused, match=says):
        put(tmp_path, content, asked)
    assert not (tmp_path / "official.db").exists()


def test_the_same_content_twice_changes_nothing(tmp_path: Path) -> None:
    put(tmp_path, official.anweb())
    before = (tmp_path / "official.db").read_bytes()
    report = put(tmp_path, official.anweb(), name="another-name")
    assert [each.again for each in report.loaded] == [True]
    assert (tmp_path / "official.db").read_bytes() == before


def test_a_newer_file_replaces_only_its_own_kind_and_days(tmp_path: Path) -> None:
    official.load_all(tmp_path)
    before = files(tmp_path)
    [loaded] = put(tmp_path, official.poa((*official.POA[:-1], "Z99.2", "Z99.89")), name="newer").loaded
    assert loaded.replaced == ("b.txt",)
    assert files(tmp_path) == before
    with closing(Official(tmp_path / "official.db")) as found:
        assert found.poa_exempt("Z992", 20260506) is True
        assert found.loaded("hcpcs", 20260506)


def test_the_same_content_with_other_days_was_a_slip_before(tmp_path: Path) -> None:
    put(tmp_path, official.order(), Asked(20241001))
    put(tmp_path, official.order(), Asked(20251001))
    assert files(tmp_path) == [("order", "", 20251001, 20260930)]


def test_editions_stand_side_by_side_and_the_day_picks(tmp_path: Path) -> None:
    put(tmp_path, official.poa())
    put(tmp_path, official.poa((*official.POA[:-1], "Z99.2", "Z99.89"), year="27"))
    with closing(Official(tmp_path / "official.db")) as found:
        answers = [found.poa_exempt("Z99.2", on) for on in (20250930, 20251001, 20260930, 20261001, 20271001)]
    assert answers == [None, False, False, True, None]


def test_the_parts_of_a_table_of_pairs_stand_beside_each_other(tmp_path: Path) -> None:
    first, second = official.PTP_ROWS[:3], official.PTP_ROWS[3:]
    asked = Asked(20260401, table="practitioner")
    put(tmp_path, official.ptp(first), asked, "f1")
    put(tmp_path, official.ptp(second), asked, "f2")
    assert len(files(tmp_path)) == 2
    [again] = put(tmp_path, official.ptp([*first, ("G0105", "A0425", "", 20260401, "*", 0, "New")]), asked, "f3").loaded
    assert again.replaced == ("f1",)
    with closing(Official(tmp_path / "official.db")) as found:
        pairs = [found.ptp(*pair, 20260506, "practitioner") for pair in (("G0105", "A0425"), ("J0561", "A0425"))]
    assert pairs == ["0", "0"]


def test_a_zip_gives_what_is_known_and_names_the_rest(tmp_path: Path) -> None:
    sheet = official.sheet(tmp_path / "s.xlsx", official.poa_rows()).read_bytes()
    changes = official.poa(("I25.2", "Z66"))
    members: dict[str, str | bytes] = {
        "POAexemptCodesFY26.xlsx": sheet,
        "POAexemptCodesFY26.txt": official.poa(),
        "POAexemptAddCodesFY26.txt": changes,
        "../../ReadMe.txt": "Description of files\n",
        "inner.zip": official.packed(tmp_path / "inner.zip", {"x": "y"}).read_bytes(),
        "guide.pdf": b"%PDF-1.4\0\0",
    }
    report = import_file(official.packed(tmp_path / "all.zip", members), tmp_path, Asked())
    assert [each.name for each in report.loaded] == ["POAexemptCodesFY26.txt"]
    passed = dict(report.passed)
    assert set(passed) == {
        "POAexemptCodesFY26.xlsx",
        "POAexemptAddCodesFY26.txt",
        "ReadMe.txt",
        "inner.zip",
        "guide.pdf",
    }
    assert passed["POAexemptCodesFY26.xlsx"] == "the same as POAexemptCodesFY26.txt"
    assert not (tmp_path.parent.parent / "ReadMe.txt").exists()


def test_a_zip_with_one_bad_file_is_not_loaded_at_all(tmp_path: Path) -> None:
    path = official.packed(tmp_path / "x.zip", {"good": official.anweb(), "bad": official.poa()[:-40]})
    with pytest.raises(Refused, match="bad: "):
        import_file(path, tmp_path, Asked())
    assert not (tmp_path / "official.db").exists()


def test_windows_characters_and_a_mark_of_utf_8_are_read(tmp_path: Path) -> None:
    table = "code,long title\n00001,Ménière’s disease\n"
    for content in (table.encode("cp1252"), table.encode("utf-8-sig")):
        put(tmp_path, content, Asked(20260101, system="cpt"))
        with closing(Official(tmp_path / "official.db")) as found:
            code = found.code("00001")
        assert code
        assert code.title == "Ménière’s disease"


def test_who_reads_goes_on_reading_what_was_opened(tmp_path: Path) -> None:
    put(tmp_path, official.poa())
    with closing(Official(tmp_path / "official.db")) as before:
        put(tmp_path, official.poa((*official.POA[:-1], "Z99.2", "Z99.89")))
        assert before.poa_exempt("Z99.2", 20260506) is False
    with closing(Official(tmp_path / "official.db")) as after:
        assert after.poa_exempt("Z99.2", 20260506) is True


def test_two_imports_at_once_both_arrive(tmp_path: Path) -> None:
    (tmp_path / "one").write_text(official.poa(), "utf-8")
    (tmp_path / "two").write_text(official.anweb(), "utf-8")
    command = [sys.executable, "-m", "sandbox", "--data", str(tmp_path), "codes", "import"]
    running = [
        subprocess.Popen([*command, str(tmp_path / name)], cwd=ROOT, stdout=subprocess.PIPE) for name in ("one", "two")
    ]
    for process in running:
        process.communicate(timeout=60)
    assert [process.returncode for process in running] == [0, 0]
    assert [kind for kind, *_ in files(tmp_path)] == ["hcpcs", "poa"]


def test_a_database_of_a_newer_program_is_left_alone(tmp_path: Path) -> None:
    put(tmp_path, official.poa())
    with closing(sqlite3.connect(tmp_path / "official.db")) as db:
        db.execute("PRAGMA user_version=99")
    with pytest.raises(Refused, match="newer version"):
        put(tmp_path, official.anweb())
