"""PRO01 where the short notation ends: dates of a stay, and the attributes that it reads."""

from typing import Any

import pytest

from sandbox.claims import from_json
from sandbox.codes.codeset import CodeSet
from sandbox.rules import check
from sandbox.rules.pro import BEARING, REASONS

LONG = "5A1955Z"


def said(codes: CodeSet, px: str, **stay: Any) -> list[str]:
    data = {"setting": "inpatient", "patient": {"age_years": 66}, "diagnoses": ["J96.01", "J44.1"], "procedures": [px]}
    return [f.message for f in check(from_json(data | stay), codes) if f.rule == "PRO01"]


@pytest.mark.parametrize("admitted", ["2026-01-28", "2026-01-27", "2026-01-25"])
def test_more_than_96_hours_do_not_fit_into_three_days(admitted: str, codes: CodeSet) -> None:
    (message,) = said(codes, LONG, admitted=admitted, discharged="2026-01-28")
    assert "96 hours" in message


@pytest.mark.parametrize("admitted", ["2026-01-24", "2026-01-23", "2025-12-24", None])
def test_they_fit_into_four_days_or_more_or_into_a_stay_of_unknown_length(admitted: str | None, codes: CodeSet) -> None:
    assert not said(codes, LONG, admitted=admitted, discharged="2026-01-28")


def test_fewer_hours_fit_into_any_stay(codes: CodeSet) -> None:
    assert not said(codes, "5A1945Z", admitted="2026-01-27", discharged="2026-01-28")


def test_without_an_age_nobody_is_too_old_for_a_disc(codes: CodeSet) -> None:
    assert said(codes, "0SR20JZ", discharged="2026-01-28")
    assert not said(codes, "0SR20JZ", discharged="2026-01-28", patient={})


def test_claims_from_before_the_rule_are_not_judged(codes: CodeSet) -> None:
    assert said(codes, "02YA0Z0", discharged="2022-04-01")
    assert not said(codes, "02YA0Z0", discharged="2022-03-31")


def test_every_attribute_that_the_rule_reads_belongs_to_codes_of_today(codes: CodeSet) -> None:
    for system, wanted in (("icd-10-pcs", {*REASONS, "kidneyxp"}), ("icd-10-cm", set(BEARING))):
        rows = codes.connection.execute("SELECT spans FROM codes WHERE system = ?", (system,)).fetchall()
        known = {flag for (spans,) in rows for flag in spans.rpartition(":")[2].split(",")}
        assert wanted <= known
