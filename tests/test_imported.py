"""What was imported is answered by day; nothing where nothing was."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from sandbox.codes import search
from sandbox.codes.codeset import CodeSet
from sandbox.codes.imported import Official
from sandbox.codes.imported_model import Definition, Term
from sandbox.codes.importing.days import Asked
from sandbox.codes.importing.run import import_file
from sandbox.encounter import CM, CPT, HCPCS
from tests import official

MAY, AUGUST = 20260506, 20260806


@pytest.fixture
def found(codes_with_files: CodeSet) -> Official:
    return codes_with_files.official


def test_without_a_file_everything_is_unknown(tmp_path: Path) -> None:
    with closing(Official(tmp_path / "official.db")) as empty:
        assert empty.files == ()
        assert empty.poa_exempt("Z66", MAY) is None
        assert empty.code("J0561") is None
        assert empty.pcs_table("0SR", MAY) is None
        assert empty.pcs_definition("0", 3, "Replacement", MAY) is None
        assert empty.pcs_index("hip", MAY) == []
        assert empty.ptp("G0105", "G0008", MAY, "practitioner") is None
        assert empty.mue("A0425", MAY, "practitioner") is None
        assert empty.modifiers(MAY) == {}
        assert not empty.loaded("hcpcs", MAY)


def test_the_exempt_list_answers_for_its_year_only(found: Official) -> None:
    assert [found.poa_exempt(key, MAY) for key in ("Z66", "i25.2", "I10")] == [True, True, False]
    assert found.poa_exempt("Z66", 20261001) is None


def test_hcpcs_codes_are_codes_of_the_code_set(codes_with_files: CodeSet) -> None:
    codes = codes_with_files
    assert codes.title("J0561", HCPCS) == "Injection, penicillin g benzathine, 100,000 units"
    assert codes.valid("j0561", MAY, HCPCS)
    assert [codes.valid("J9998", on, HCPCS) for on in (20191231, 20200101, 20251231, 20260101)] == [
        False,
        True,
        True,
        False,
    ]
    assert codes.title("J9998", HCPCS).endswith("1 mg of a very long name")
    assert codes.get("LT", HCPCS) is None
    assert codes.get("J0569", HCPCS) is None


def test_the_right_system_is_found_whatever_the_line_calls_it(codes_with_files: CodeSet) -> None:
    found = codes_with_files.get("00001", HCPCS)
    assert found
    assert found.system == CPT
    assert codes_with_files.valid("G0008", MAY, CPT)


def test_a_code_that_a_newer_table_has_no_more_ends_the_day_before_it(tmp_path: Path) -> None:
    for name, rows, changed in (
        ("a", official.HCPCS, 20260401),
        ("b", official.HCPCS[:3] + official.HCPCS[4:], 20260701),
    ):
        (tmp_path / name).write_text(official.anweb(rows, changed), "utf-8")
        import_file(tmp_path / name, tmp_path, Asked())
    with closing(Official(tmp_path / "official.db")) as both:
        gone, there = both.code("A0425"), both.code("G0105")
    assert gone
    assert there
    assert (gone.valid(20260630), gone.valid(20260701)) == (True, False)
    assert there.valid(20260701)


def test_tables_are_loaded_for_their_days(found: Official) -> None:
    assert [found.loaded(HCPCS, on) for on in (20260331, MAY, AUGUST)] == [False, True, False]
    assert [found.loaded(CPT, on) for on in (20251231, MAY, AUGUST)] == [False, True, True]
    assert [found.loaded("pcs-tables", on) for on in (20250930, MAY, 20261001)] == [False, True, False]


def test_modifiers_have_titles_and_days(found: Official) -> None:
    assert found.modifiers(MAY) == {
        "JZ": "Zero drug amount discarded/not administered to any patient",
        "LT": "Left side (used to identify procedures performed on the left side of the body)",
    }
    assert found.modifiers(MAY, CPT) == {"0Z": "Modifier invented for a test"}
    assert found.modifiers(AUGUST) == {}
    [code] = found.modifier("qq")
    assert (code.kind, code.valid(20241231), code.valid(20250101)) == ("modifier", True, False)


def test_codes_are_searched_by_their_beginning_and_by_words(codes_with_files: CodeSet) -> None:
    def keys(query: str, system: str = HCPCS, on: int | None = None) -> list[str]:
        return [hit.code.key for hit in search.search(codes_with_files, query, system, 12, on)]

    assert keys("g0") == ["G0008", "G0105"]
    assert keys("influenza vacc") == ["G0008"]
    assert keys("injection invented") == ["J9997", "J9998"]
    assert keys("injection invented", on=MAY) == []
    assert keys("invented", CPT) == ["00002", "00001"]
    assert keys("100%") == keys("") == []
    assert keys("g0" * 500 + "'") == []


def test_titles_that_the_packages_lack_come_from_imported_lists(codes: CodeSet, codes_with_files: CodeSet) -> None:
    assert codes.title("D69.11") == ""
    assert codes_with_files.title("D69.11") == "Glanzmann thrombasthenia"
    assert codes_with_files.title("A00.0") == codes.title("A00.0")
    assert codes_with_files.official.title("A000", CM) == "Cholera"
    assert "Glanzmann thrombasthenia" in {code.title for code in codes_with_files.children("D69.1")}
    assert "Glanzmann thrombasthenia" in {code.title for code in codes_with_files.below("D69.1", 20261101)}


def test_a_table_of_pcs_gives_its_axes_and_rows(found: Official) -> None:
    table = found.pcs_table("0sr", MAY)
    assert table
    assert [(axis.place, axis.title, axis.values) for axis in table.axes] == [
        (1, "Section", {"0": "Medical and Surgical"}),
        (2, "Body System", {"S": "Lower Joints"}),
        (3, "Operation", {"R": "Replacement"}),
    ]
    assert table.axes[2].definition == "Putting in a substitute"
    [row] = table.rows
    assert [axis.place for axis in row] == [4, 5, 6, 7]
    assert row[3].values == {"9": "Cemented", "A": "Uncemented"}
    assert found.pcs_table("0ZZ", MAY) is None
    assert found.pcs_table("0SR", 20261001) is None


def test_definitions_are_found_by_section_axis_and_label(found: Official) -> None:
    assert found.pcs_definition("0", 3, "Replacement", MAY) == Definition(
        "Replacement",
        "Putting in a substitute",
        "The part may have been taken out before",
        ("Total hip replacement",),
    )
    hip = found.pcs_definition("0", 4, "Hip Joint, Left", MAY)
    assert hip
    assert hip.includes == ("Acetabulofemoral joint",)
    assert found.pcs_definition("1", 3, "Replacement", MAY) is None


def test_the_index_of_pcs_leads_from_words_to_tables(found: Official) -> None:
    assert found.pcs_index("arthropl", MAY) == [Term("Arthroplasty", "see", "Replacement, Lower Joints", "0SR")]
    assert found.pcs_index("hip right", MAY) == [Term("Replacement › Joint › Hip › Right", "code", "", "0SR9")]
    assert found.pcs_index("acetabulo", MAY) == [Term("Acetabulofemoral joint", "use", "Hip Joint, Right")]
    assert found.pcs_index("hip", 20261001) == []


def test_pairs_are_edited_between_their_days(found: Official) -> None:
    def pair(one: str, other: str, on: int, table: str = "practitioner") -> str | None:
        return found.ptp(one, other, on, table)

    assert pair("G0105", "G0008", MAY) == "1"
    assert pair("G0008", "G0105", MAY) is None
    assert [pair("G0105", "J0561", on) for on in (20251231, 20260101)] == ["0", None]
    assert pair("G0105", "V5364", MAY) is None
    assert pair("G0105", "G0008", MAY, "outpatient-hospital") is None
    assert [found.ptp_loaded(on, "practitioner") for on in (20250506, MAY, AUGUST)] == [True, True, False]


def test_most_units_are_told_apart_by_whom_they_bind(found: Official) -> None:
    assert found.mue("G0105", MAY, "practitioner") == (1, "3")
    assert found.mue("G0105", MAY, "outpatient-hospital") == (2, "3")
    assert found.mue("G0105", MAY, "dme") is None
    assert found.mue("G0105", AUGUST, "practitioner") is None


def test_many_threads_read_at_once(found: Official) -> None:
    def ask(number: int) -> bool:
        on = 20260401 + number % 28
        return found.ptp("G0105", "G0008", on, "practitioner") == "1" and len(found.pcs_index("hip", on)) == 1

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(ask, range(400)))
