"""The table of codes that may only follow, held against the editor's list of unacceptable principal diagnoses."""

import pytest

from sandbox.codes.codeset import CodeSet
from sandbox.codes.notes import intent_character
from sandbox.rules.seq_second import ROWS, UNDERDOSING, Row

ON = 20260506


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.stems[0])
def test_the_editor_refuses_what_the_guidelines_keep_for_later_places(row: Row, codes: CodeSet) -> None:
    for stem in row.stems:
        found = codes.below(stem, ON)
        assert found, stem
        assert [code.shown for code in found if "unacceptable" not in code.flags(ON)] == []


GAPS = {"T45AX6", "T50906", "T50996"}
"""Underdosing codes that the editor's list has forgotten; the guideline knows no exception."""


def test_the_editor_refuses_underdosing_too_with_few_gaps(codes: CodeSet) -> None:
    drugs = [code for stem in UNDERDOSING.stems for code in codes.below(stem, ON)]
    under = [code for code in drugs if intent_character(code.key) == "6"]
    assert len(under) > 500
    assert {code.key[:6] for code in under if "unacceptable" not in code.flags(ON)} == GAPS
    assert all("nderdosing" in code.title for code in under)
