"""For a code that does not exist, the nearest that do."""

import pytest

from sandbox.codes.codeset import CodeSet
from sandbox.codes.nearest import nearest
from sandbox.encounter import CM, PCS

ON = 20260115


def shown(codes: CodeSet, code: str, system: str = CM, on: int = ON) -> list[str]:
    return [near.shown for near in nearest(codes, code, on, system)]


def test_what_replaced_a_code_stands_first(codes: CodeSet) -> None:
    pairs = codes.connection.execute('SELECT system, key, "by" FROM replaced ORDER BY system, key').fetchall()
    gone = [(s, k, b) for s, k, b in pairs if not codes.valid(k, ON, s) and codes.valid(b, ON, s)]
    assert gone
    for system, key, by in gone:
        assert nearest(codes, key, ON, system)[0].key == by


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("S72OO1A", "S72.001A"),
        ("IL2.9", "I12.9"),
        ("i1O", "I10"),
        ("572.001A", "S72.001A"),
        ("I19.2", "I12.9"),
        ("E11.90", "E11.9"),
        ("W19A", "W19.XXXA"),
        ("I12.8", "I12.9"),
        ("S72.001Z", "S72.001A"),
        ("M54.5", "M54.50"),
    ],
)
def test_a_slip_is_undone(codes: CodeSet, typed: str, meant: str) -> None:
    assert meant in shown(codes, typed)


def test_a_heading_leads_to_its_usual_code(codes: CodeSet) -> None:
    assert shown(codes, "E11")[0] == "E11.9"
    assert shown(codes, "J44")[0] == "J44.9"


def test_procedures_have_neighbours_too(codes: CodeSet) -> None:
    assert "0SR90JZ" in shown(codes, "OSR9OJZ", PCS)
    assert "0SR90JZ" in shown(codes, "0SR90JY", PCS)


@pytest.mark.parametrize("typed", ["E1190", "QQQ", "S", "0SR90JY", "IOSIOS1", "S72.001Z", "T36"])
@pytest.mark.parametrize("system", [CM, PCS])
def test_all_are_valid_few_and_in_the_same_order(codes: CodeSet, typed: str, system: str) -> None:
    near = nearest(codes, typed, ON, system)
    assert len(near) <= 4
    assert all(code.valid(ON) and code.system == system for code in near)
    assert near == nearest(codes, typed, ON, system)
    assert nearest(codes, typed, ON, system, limit=2) == near[:2]


@pytest.mark.parametrize("typed", ["", " . ", "\0", "💥\ud800", "'; --", "x" * 10_000, "%%%%"])
def test_nothing_that_is_typed_breaks_it(codes: CodeSet, typed: str) -> None:
    assert len(nearest(codes, typed, ON)) <= 4
