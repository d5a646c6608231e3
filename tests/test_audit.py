"""A claim with planted faults, and what is said of a learner's audit of it."""

from collections import Counter
from dataclasses import replace
from functools import cache

import pytest

from sandbox import audit
from sandbox.answers import key_claim
from sandbox.audit.planting import FAULTS, faults
from sandbox.cases.schema import Case
from sandbox.codes.codeset import CodeSet
from sandbox.encounter import Claim, Line, bare
from sandbox.report import Pair
from tests.shipped import library

LIBRARY = library()
IDS = sorted(LIBRARY.cases())
SEEDS = range(4)


def case(id: str) -> Case:
    found = LIBRARY.get(id)
    assert found
    return found.case


@cache
def claim_of(id: str, codes: CodeSet, seed: int) -> Claim:
    return audit.planted(case(id), codes, seed)


@pytest.mark.parametrize("id", IDS)
def test_each_line_that_differs_from_the_key_is_a_fault_and_each_fault_differs(id: str, codes: CodeSet) -> None:
    """Told without the grader: by the codes, and what the case accepts in place of them."""
    one = case(id)
    right = {bare(c) for row in (*one.key.diagnoses, *one.key.procedures) for c in (row.code, *row.accept)}
    for seed in SEEDS:
        claim = claim_of(id, codes, seed)
        wrong = faults(one, claim, codes)
        assert 2 <= len(wrong) <= FAULTS[one.difficulty] or len(key_claim(one).lines) < 3
        astray = {line.id for line in claim.lines if line.key not in right}
        named = {p.entered.id for p in wrong if p.entered and p.error not in ("misplaced", "wrong_poa")}
        assert astray == named
        for line in claim.diagnoses:
            key = next((row for row in one.key.diagnoses if line.key in map(bare, (row.code, *row.accept))), None)
            if key and one.setting == "inpatient":
                fits = (line.poa or "-") in (key.poa or "-", *key.accept_poa)
                assert fits == all(p.error != "wrong_poa" or not p.entered or p.entered.id != line.id for p in wrong)


@pytest.mark.parametrize("id", IDS)
def test_whoever_mends_every_fault_hears_that_all_is_right(id: str, codes: CodeSet) -> None:
    one = case(id)
    for seed in SEEDS:
        claim = claim_of(id, codes, seed)
        result = audit.judge(one, claim, perfect(one, claim, faults(one, claim, codes)), codes)
        assert all(o.found and o.named and o.mended for o in result.outcomes), result.outcomes
        assert not result.alarms and not result.extra
        assert [figure.value for figure in result.figures if figure.id != "before"] == [1.0] * 5


@pytest.mark.parametrize("id", IDS)
def test_whoever_finds_nothing_is_told_every_fault_and_blamed_for_no_mark(id: str, codes: CodeSet) -> None:
    one, claim = case(id), claim_of(id, codes, 1)
    result = audit.judge(one, claim, audit.Answer(), codes)
    assert not any(o.found or o.named or o.mended for o in result.outcomes)
    assert not result.alarms and not result.extra
    found, precision = result.figures[:2]
    assert (found.value, precision.value) == (0.0, None)
    assert len(result.right) + sum(o.pair.entered is not None for o in result.outcomes) == len(claim.lines)


def test_the_same_seed_gives_the_same_claim_and_another_one_others(codes: CodeSet) -> None:
    one = case("hip-pain-after-a-fall")
    claims = [audit.planted(one, codes, seed).lines for seed in (1, 1, 2, 3, 4, 5)]
    assert claims[0] == claims[1]
    assert len(set(claims)) > 3


def test_what_learners_enter_is_planted(codes: CodeSet) -> None:
    one = case("hip-pain-after-a-fall")
    learned = [("icd-10-cm", "E039", "E038")]
    seeds = range(60)
    assert any("E038" in {line.key for line in audit.planted(one, codes, n, learned).lines} for n in seeds)


@pytest.fixture
def hip(codes: CodeSet) -> tuple[Case, Claim]:
    """A case and its key as a claim: nothing is wrong with it."""
    one = case("hip-pain-after-a-fall")
    return one, key_claim(one)


def test_a_right_line_that_was_marked_is_told_kindly_and_counts_against_precision(
    hip: tuple[Case, Claim], codes: CodeSet
) -> None:
    one, claim = hip
    answer = audit.Answer({"dx1": audit.Verdict("wrong_side", "M80.051A")})
    result = audit.judge(one, claim, answer, codes)
    assert [(pair.entered.id, said) for pair, said in result.alarms if pair.entered] == [("dx1", "wrong_side")]
    assert result.figures[1].value == 0.0


def test_another_line_put_first_where_the_order_was_right_is_an_alarm(hip: tuple[Case, Claim], codes: CodeSet) -> None:
    one, claim = hip
    result = audit.judge(one, claim, audit.Answer(first="dx2"), codes)
    assert [said for _, said in result.alarms] == ["misplaced"]


def test_a_line_added_without_need_is_told(hip: tuple[Case, Claim], codes: CodeSet) -> None:
    one, claim = hip
    result = audit.judge(one, claim, audit.Answer(added=(Line("dxn1", "J18.9", poa="Y"),)), codes)
    assert [pair.entered.code for pair in result.extra if pair.entered] == ["J18.9"]


def test_neighbouring_names_are_as_true_and_a_far_one_is_not(hip: tuple[Case, Claim], codes: CodeSet) -> None:
    one, claim = hip
    lines = (replace(claim.diagnoses[0], code="M80.052D"), *claim.diagnoses[1:])
    spoiled = replace(claim, diagnoses=lines)
    (pair,) = faults(one, spoiled, codes)
    said = {"wrong_episode": True, "wrong_seventh": True, "wrong_side": False, "unsupported": False}
    for name, true in said.items():
        result = audit.judge(one, spoiled, audit.Answer({"dx1": audit.Verdict(name)}), codes)
        assert (result.outcomes[0].found, result.outcomes[0].named) == (True, true), (pair.error, name)
        assert not result.outcomes[0].mended


def test_a_result_comes_back_from_its_json_unchanged(codes: CodeSet) -> None:
    one = case("hip-pain-after-a-fall")
    result = audit.judge(one, claim_of("hip-pain-after-a-fall", codes, 3), audit.Answer(first="dx2"), codes)
    assert audit.Result.from_json(result.as_json()) == result


def perfect(one: Case, claim: Claim, wrong: tuple[Pair, ...]) -> audit.Answer:
    """What an auditor hands in who knows the key."""
    verdicts, added, first = {}, [], ""
    for pair in wrong:
        key = pair.key
        if pair.error == "misplaced":
            first = next(line.id for line in claim.diagnoses if line.key == bare(one.key.diagnoses[0].code))
        elif pair.entered is None and key:
            added.append(Line(f"{key.id[:2]}n{key.id[2:]}", key.code, key.system, key.poa or None))
        elif pair.entered:
            name = (*pair.also, "related")[0] if pair.error == "partial" else pair.error
            verdicts[pair.entered.id] = audit.Verdict(name, *((key.code, key.poa) if key else ()))
    return audit.Answer(verdicts, tuple(added), first)


def test_the_faults_of_many_audits_are_of_many_kinds(codes: CodeSet) -> None:
    """What there is most of does not crowd out sides, 7th characters, causes and the order."""
    kinds = Counter(
        p.error for id in IDS[::4] for seed in SEEDS for p in faults(case(id), claim_of(id, codes, seed), codes)
    )
    assert max(kinds.values()) < 0.4 * kinds.total()
    assert {"wrong_side", "wrong_etiology", "too_general", "related", "missing", "misplaced", "wrong_poa"} <= set(kinds)
