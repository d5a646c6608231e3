"""NCC: which table holds where, and which modifiers pass; the scenarios tell the rest."""

import re

import pytest

from sandbox.claims import from_text
from sandbox.codes.codeset import CodeSet
from sandbox.codes.importing import ncci
from sandbox.encounter import SETTINGS
from sandbox.rules import check, ncc

KNEES = "office F66 2026-08-04: M17.0, Z79.899 | hcpcs:J7325{}*48, hcpcs:J7321*1"


def test_the_tables_are_those_that_can_be_imported() -> None:
    assert set(ncc.TABLES.values()) == {ncc.PRACTITIONER, ncc.HOSPITAL} < set(ncci.TABLES)
    assert set(SETTINGS) - set(ncc.TABLES) == {"inpatient", "home_health", "nursing_facility"}


def test_a_modifier_is_two_characters_and_no_more_is_said_of_it() -> None:
    assert all(re.fullmatch(r"[0-9A-Z]{2}", modifier) for modifier in ncc.ASSOCIATED)
    assert len(ncc.ANATOMIC) == 31


@pytest.mark.parametrize("modifier", sorted(ncc.ASSOCIATED))
def test_each_modifier_of_the_manual_passes_a_pair(codes_with_procedures: CodeSet, modifier: str) -> None:
    found = check(from_text(KNEES.format(f"-JZ-{modifier}")), codes_with_procedures)
    assert "NCC01" not in {finding.rule for finding in found}


@pytest.mark.parametrize("modifier", ["50", "26", "76", "GA", "KX", "JW", "E5", "T0", "XA"])
def test_other_modifiers_do_not(codes_with_procedures: CodeSet, modifier: str) -> None:
    found = check(from_text(KNEES.format(f"-{modifier}")), codes_with_procedures)
    assert "NCC01" in {finding.rule for finding in found}
