"""VAL08 asks a list of modifiers where one is loaded for the day."""

from sandbox.claims import from_text
from sandbox.codes.codeset import CodeSet
from sandbox.rules import check

CLAIM = "office F71 2026-05-04: J02.0, Z79.899 | hcpcs:J0561-LT-Q9*48@1"


def test_without_a_list_the_form_is_all_that_counts(codes: CodeSet) -> None:
    assert check(from_text(CLAIM), codes) == ()


def test_with_a_list_a_modifier_that_is_not_on_it_is_named(codes_with_files: CodeSet) -> None:
    [finding] = check(from_text(CLAIM), codes_with_files)
    assert finding.rule == "VAL08"
    assert "no modifier Q9" in finding.message
    assert "LT" not in finding.message
