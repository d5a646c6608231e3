"""Every rule proves itself: its page is whole, its examples hold, and its scenarios tell speech from silence."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from sandbox.checker import Rule
from sandbox.claims import from_text
from sandbox.codes.codeset import CodeSet
from sandbox.findings import Finding
from sandbox.rules import FAMILIES, RULES, check

SCENARIOS = Path(__file__).parent / "rules"
HEADINGS = ("What it flags", "Why it matters", "Where to look", "Flagged", "Accepted")
FEWEST = 6
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def section(rule: Rule, heading: str) -> str:
    parts = re.split(r"^\s*## (.+)$", rule.page, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True)).get(heading, "")


def examples(rule: Rule, heading: str) -> list[str]:
    return [line.strip()[2:] for line in section(rule, heading).splitlines() if line.strip().startswith("- ")]


def findings(text: str, codes: CodeSet) -> tuple[Finding, ...]:
    def loud(rule: Rule, claim: object) -> None:
        raise AssertionError(f"{rule.id} crashed")

    return check(from_text(text), codes, also=frozenset(RULES), on_crash=loud)


@cache
def rows_of(path: Path) -> dict[str, list[Any]]:
    """The scenarios of a file, by kind; by libyaml, for every process that tests reads all of them."""
    found: dict[str, list[Any]] = yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)
    return found


def scenarios(kind: str) -> list[Any]:
    out = []
    for path in sorted(SCENARIOS.glob("*.yaml")):
        rows = rows_of(path)[kind]
        out += [pytest.param(path.stem, row, id=f"{path.stem}: {row['name']}") for row in rows]
    return out


def test_ids_are_unique_and_begin_with_their_family() -> None:
    ids = [rule.id for family in FAMILIES for rule in family.rules]
    assert len(ids) == len(set(ids))
    assert all(rule.id.startswith(family.id) for family in FAMILIES for rule in family.rules)


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_a_rule_is_whole(rule: Rule) -> None:
    assert rule.summary.endswith(".") and not set("*_") & set(rule.summary), "a title is plain text"
    assert rule.citation.text
    assert all(section(rule, heading).strip() for heading in HEADINGS)
    assert (SCENARIOS / f"{rule.id}.yaml").exists(), "a rule needs a scenario file"
    rows = rows_of(SCENARIOS / f"{rule.id}.yaml")
    assert len(rows["speaks"]) >= FEWEST
    assert len(rows["silent"]) >= FEWEST


@pytest.fixture(scope="session")
def with_files(codes: CodeSet, codes_with_files: CodeSet, codes_with_procedures: CodeSet) -> dict[object, CodeSet]:
    """The code sets by what a scenario says at ``files``; without a word, nothing is imported."""
    return {None: codes, True: codes_with_files, "procedures": codes_with_procedures}


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_the_examples_of_a_page_hold(rule: Rule, with_files: dict[object, CodeSet]) -> None:
    codes = with_files["procedures" if rule.needs else None]
    flagged, accepted = examples(rule, "Flagged"), examples(rule, "Accepted")
    assert flagged
    assert accepted
    for text in flagged:
        assert rule.id in {f.rule for f in findings(text, codes)}, text
    for text in accepted:
        assert rule.id not in {f.rule for f in findings(text, codes)}, text


@pytest.mark.parametrize("rule", [rule for rule in RULES.values() if rule.needs], ids=lambda rule: rule.id)
def test_a_rule_is_silent_without_the_table_that_it_needs(rule: Rule, codes: CodeSet) -> None:
    for text in examples(rule, "Flagged"):
        assert rule.id not in {f.rule for f in findings(text, codes)}, text


@pytest.mark.parametrize(("rule", "row"), scenarios("speaks"))
def test_a_rule_speaks(rule: str, row: dict[str, Any], with_files: dict[object, CodeSet]) -> None:
    found = [f for f in findings(row["claim"], with_files[row.get("files")]) if f.rule == rule]
    assert found, f"{rule} is silent"
    if "codes" in row:
        assert set(row["codes"]) <= {code for f in found for code in f.codes}
    if "severity" in row:
        assert {f.severity.value for f in found} == {row["severity"]}
    if "says" in row:
        assert any(row["says"] in f.message for f in found), [f.message for f in found]
    assert len(found) == row.get("times", 1)


@pytest.mark.parametrize(("rule", "row"), scenarios("silent"))
def test_a_rule_keeps_silent(rule: str, row: dict[str, Any], with_files: dict[object, CodeSet]) -> None:
    found = findings(row["claim"], with_files[row.get("files")])
    assert [f.message for f in found if f.rule == rule] == []
