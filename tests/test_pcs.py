"""What the tables say of an ICD-10-PCS code: its characters, and which of them is wrong."""

import itertools
import random
from pathlib import Path

import pytest

from sandbox.codes import pcs
from sandbox.codes.codeset import CodeSet
from sandbox.codes.imported import NAME, Official
from tests import official
from tests.official import procedures
from tests.test_cli import Cli

ON = 20250115
SIGNS = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"


@pytest.fixture(scope="module")
def tables(codes_with_procedures: CodeSet) -> Official:
    return codes_with_procedures.official


@pytest.fixture(scope="module")
def every(tables: Official) -> frozenset[str]:
    """All codes of the small tables."""
    found = set()
    for first in "0SR", "0DB", "0DT", "0FT", "5A1":
        table = tables.pcs_table(first, ON)
        assert table
        for row in table.rows:
            found |= {first + "".join(rest) for rest in itertools.product(*(axis.values for axis in row))}
    return frozenset(found)


def test_a_code_is_told_character_by_character(tables: Official) -> None:
    told = pcs.explain(tables, "0sr90ja", ON)
    assert [(each.place, each.char, each.title, each.label) for each in told] == [
        (1, "0", "Section", "Medical and Surgical"),
        (2, "S", "Body System", "Lower Joints"),
        (3, "R", "Operation", "Replacement"),
        (4, "9", "Body Part", "Hip Joint, Right"),
        (5, "0", "Approach", "Open"),
        (6, "J", "Device", "Synthetic Substitute"),
        (7, "A", "Qualifier", "Uncemented"),
    ]
    assert told[2].definition == "Putting in or on a material that takes the place of a body part"
    assert told[4].definition == "Cutting through the skin to the site of the procedure"
    assert told[3].definition == ""


def test_every_code_of_the_tables_is_told(tables: Official, every: frozenset[str]) -> None:
    for code in every:
        told = pcs.explain(tables, code, ON)
        assert "".join(each.char for each in told) == code
        assert all(each.title and each.label for each in told)
        assert pcs.faults(tables, code, ON) == ()


def test_without_a_day_the_newest_tables_that_have_the_code_tell(tmp_path: Path) -> None:
    official.load_all(tmp_path, {"FY2026": official.ALL["e"], **procedures.ALL})
    tables = Official(tmp_path / NAME)
    assert pcs.explain(tables, "0SR90JA")[2].definition == "Putting in a substitute"
    assert pcs.explain(tables, "0SR907Z")[5].label == "Autologous Tissue Substitute"


@pytest.mark.parametrize("code", ["", "0SR", "0SR90J", "0SR90J5", "0ZT4ZZZ", "0SR90JAA", "I10"])
def test_nothing_is_told_of_what_is_no_code(tables: Official, code: str) -> None:
    assert pcs.explain(tables, code, ON) == ()


def test_without_tables_for_the_day_nothing_is_known(tables: Official) -> None:
    assert pcs.explain(tables, "0SR90JA", 20240115) == ()
    assert pcs.faults(tables, "0SR90J5", 20240115) == ()
    assert pcs.next_choice(tables, "0SR90J", 20240115) is None
    assert pcs.next_choice(tables, "", 20240115) is None


@pytest.mark.parametrize(
    ("begun", "title", "offers"),
    [
        ("", "Section", "05"),
        ("0", "Body System", "DFS"),
        ("0s", "Operation", "R"),
        ("0D", "Operation", "BT"),
        ("0SR", "Body Part", "9BCD"),
        ("0SRC0", "Device", "7JKL"),
        ("0SRC0J", "Qualifier", "9AZ"),
        ("5A1", "Body System", "59"),
        ("5A19", "Duration", "0345"),
    ],
)
def test_what_the_next_character_chooses_between(tables: Official, begun: str, title: str, offers: str) -> None:
    choice = pcs.next_choice(tables, begun, ON)
    assert choice
    assert (choice.place, choice.title, "".join(choice.offers)) == (len(begun) + 1, title, offers)


@pytest.mark.parametrize("begun", ["Q", "0Q", "0SQ", "0SRX", "0SR90J5", "0SR90JA", "0SR90JAA"])
def test_behind_what_the_tables_do_not_have_there_is_no_choice(tables: Official, begun: str) -> None:
    assert pcs.next_choice(tables, begun, ON) is None


def test_a_character_is_blamed_alone_just_where_another_in_its_place_makes_a_code(
    tables: Official, every: frozenset[str]
) -> None:
    draw, codes = random.Random(7), sorted(every)
    for _ in range(400):
        code, place, sign = draw.choice(codes), draw.randrange(7), draw.choice(SIGNS)
        spoiled = code[:place] + sign + code[place + 1 :]
        if spoiled in every:
            continue
        found = pcs.faults(tables, spoiled, ON)
        assert found, spoiled
        assert all(fault.alone for fault in found)
        for fault in found:
            mended = {spoiled[: fault.place - 1] + char + spoiled[fault.place :] for char in fault.fits}
            assert mended <= every
            assert fault.fits <= fault.choice.offers.keys()
            assert fault.char == spoiled[fault.place - 1]


def test_a_character_of_another_row_names_the_row_that_the_others_share(tables: Official) -> None:
    device, qualifier = pcs.faults(tables, "0SR9079", ON)
    assert (device.place, device.label, device.rows, device.of) == (6, "Autologous Tissue Substitute", (1,), 4)
    assert [each.char for each in device.beside] == ["9", "0", "9"]
    assert (qualifier.place, qualifier.label, qualifier.rows) == (7, "Cemented", (2,))
    assert qualifier.choice.offers == {"Z": "No Qualifier"}


def test_another_operation_is_blamed_beside_a_character_of_the_row(tables: Official) -> None:
    qualifier, operation = pcs.faults(tables, "0DTJ4ZX", ON)
    assert (qualifier.place, qualifier.label, qualifier.fits) == (7, "", {"G", "Z"})
    assert (operation.place, operation.label, operation.fits) == (3, "Resection", {"B"})


def test_where_no_row_has_three_the_leftmost_of_the_best_is_the_measure(tables: Official) -> None:
    found = pcs.faults(tables, "5A1505Z", ON)
    assert [fault.place for fault in found] == [4, 7]
    assert {fault.rows for fault in found} == {(2,)}
    assert not any(fault.alone for fault in found)


def test_a_code_that_is_explained_nowhere_is_not_blamed_where_it_is_right(tables: Official) -> None:
    [fault] = pcs.faults(tables, "0FTJ4ZG", ON)
    assert (fault.place, fault.fits) == (2, {"D"})
    [unknown] = pcs.faults(tables, "QQQQQQQ", ON)
    assert (unknown.place, unknown.alone) == (1, False)


def test_show_tells_the_characters_of_a_code(data: Path) -> None:
    official.load_all(data, procedures.ALL)
    lines = Cli(data)("codes", "show", "0SR90JA").stdout.splitlines()
    assert "  character 4 (Body Part): 9 Hip Joint, Right" in lines
    assert "  character 5 (Approach): 0 Open: Cutting through the skin to the site of the procedure" in lines
