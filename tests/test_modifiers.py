"""VAL08 asks a list of modifiers where there is one."""

import pytest

from sandbox.claims import from_text
from sandbox.codes.codeset import CodeSet
from sandbox.rules import check, val_units

CLAIM = "office F71 2026-02-03: M17.11, Z79.899 | hcpcs:J7325-RT-Q9*48@1"


def test_without_a_list_the_form_is_all_that_counts(codes: CodeSet) -> None:
    assert check(from_text(CLAIM), codes) == ()


def test_with_a_list_a_modifier_that_is_not_on_it_is_named(codes: CodeSet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(val_units, "known_modifier", lambda view, modifier: modifier == "RT")
    [finding] = check(from_text(CLAIM), codes)
    assert finding.rule == "VAL08"
    assert "no modifier Q9" in finding.message
    assert "RT" not in finding.message
