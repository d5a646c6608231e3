"""Every shipped case, every line of its key, every kind of slip: one slip is one pair, and it has its name."""

import json
import random
import re
from collections.abc import Callable
from dataclasses import replace
from functools import wraps

import pytest

from sandbox.answers import key_claim
from sandbox.cases.reader import read
from sandbox.cases.schema import Case, DiagnosisLine, ProcedureLine
from sandbox.codes.codeset import CodeSet
from sandbox.encounter import CM, HCPCS, PCS, Claim, Line, bare, dotted
from sandbox.report import PAIR_ERRORS, RIGHT, Pair
from tests.shipped import changed, graded, load, slips, without
from tests.small_case import TEXT, spoiled

CASES = load()
KEYS = {id: key_claim(case) for id, case in CASES.items()}
every_case = pytest.mark.parametrize("id", CASES)
SWAPPED = {"right": "left", "left": "right"}


def every_line(test: Callable[[str, str, CodeSet], None]) -> Callable[..., None]:
    """The test of every line, one case at a time: ten thousand tests of a millisecond cost more than what they test.

    All lines of a case are tried, and each one that fails is told.
    """

    @every_case
    @wraps(test)
    def of_a_case(id: str, codes: CodeSet) -> None:
        failed = []
        for line in KEYS[id].lines:
            try:
                test(id, line.id, codes)
            except Exception as error:
                error.add_note(f"{id}: {line.id} {line.shown}")
                failed.append(error)
        if failed:
            raise ExceptionGroup(f"{len(failed)} line(s) of {id}", failed)

    del of_a_case.__wrapped__  # pytest would ask it for the fixtures
    return of_a_case


def line_of(id: str, line_id: str) -> Line:
    return next(line for line in KEYS[id].lines if line.id == line_id)


def source_of(case: Case, line: Line) -> DiagnosisLine | ProcedureLine:
    section = case.key.diagnoses if line.id.startswith("dx") else case.key.procedures
    return section[int(line.id[2:]) - 1]


def optional(case: Case, line: Line) -> bool:
    return source_of(case, line).optional


def fine(id: str, line: Line, code: str) -> bool:
    """Whether the key takes the code anyway: for this line, or as another line of its own."""
    accept = source_of(CASES[id], line).accept
    return any(bare(code) == bare(other) for other in (*accept, *(each.code for each in KEYS[id].lines)))


def only_slip(case: Case, claim: Claim, codes: CodeSet) -> Pair:
    found = slips(graded(case, claim, codes))
    assert len(found) == 1, [(pair.error, pair.entered, pair.key) for pair in found]
    return found[0]


def other_side(codes: CodeSet, line: Line) -> str | None:
    """The code whose title has left for right, or right for left, and is otherwise the same."""
    title = codes.title(line.key, line.system)
    wanted = re.sub(r"\b(left|right)\b", lambda m: SWAPPED[m[0].lower()], title, flags=re.IGNORECASE).lower()
    if wanted == title.lower():
        return None
    below = codes.below(line.key[:3], 20260701, line.system)
    return next((code.key for code in below if code.title.lower() == wanted), None)


# -- the key itself ----------------------------------------------------------------------------------------------------


def test_the_shipped_cases_can_be_read() -> None:
    assert len(CASES) >= 6


@every_case
def test_the_key_graded_against_itself_is_right_in_every_pair_and_figure(id: str, codes: CodeSet) -> None:
    report = graded(CASES[id], KEYS[id], codes)
    assert report.score == 1.0
    assert {pair.error for pair in report.pairs} <= {"exact", "optional"}
    assert len(report.pairs) == len(KEYS[id].lines)
    assert all(figure.value in (1.0, None) for figure in report.figures)
    assert all(pair.credit == 1.0 and "correct" in pair.sentence for pair in report.pairs)


@every_case
def test_a_report_survives_json(id: str, codes: CodeSet) -> None:
    report = graded(CASES[id], KEYS[id], codes)
    text = json.dumps(report.as_json())
    assert json.loads(text)["score"] == 1.0
    assert report.edition == codes.edition


@every_case
@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_secondary_lines_and_the_way_of_typing_do_not_matter(id: str, seed: int, codes: CodeSet) -> None:
    dice = random.Random(seed)
    key = KEYS[id]
    typed = [replace(line, code=dice.choice((bare, str.lower, lambda c: f" {c} "))(line.code)) for line in key.lines]
    diagnoses, procedures = typed[: len(key.diagnoses)], typed[len(key.diagnoses) :]
    claim = replace(
        key,
        diagnoses=(diagnoses[0], *dice.sample(diagnoses[1:], len(diagnoses) - 1)),
        procedures=(*procedures[:1], *dice.sample(procedures[1:], max(0, len(procedures) - 1))),
    )
    report = graded(CASES[id], claim, codes)
    assert report.score == 1.0 and not slips(report)


@every_case
def test_optional_lines_may_be_left_out(id: str, codes: CodeSet) -> None:
    key = KEYS[id]
    for line in key.lines:
        if optional(CASES[id], line):
            report = graded(CASES[id], without(key, line), codes)
            assert report.score == 1.0 and not slips(report)
            left = [pair for pair in report.pairs if pair.entered is None]
            assert [(pair.error, pair.optional) for pair in left] == [("optional", True)]


@every_case
def test_an_empty_claim_misses_every_required_line_and_scores_nothing(id: str, codes: CodeSet) -> None:
    report = graded(CASES[id], replace(KEYS[id], diagnoses=(), procedures=()), codes)
    assert report.score == 0.0
    assert {pair.error for pair in report.pairs if not pair.optional} == {"missing"}


def test_a_line_without_a_code_is_passed_over(codes: CodeSet) -> None:
    id, case = next(iter(CASES.items()))
    claim = replace(KEYS[id], diagnoses=(Line("dx0", "  "), *KEYS[id].diagnoses))
    assert not slips(graded(case, claim, codes))


# -- one slip, one pair ------------------------------------------------------------------------------------------------


@every_line
def test_a_line_left_out_is_missing_and_nothing_else(id: str, line_id: str, codes: CodeSet) -> None:
    case, line = CASES[id], line_of(id, line_id)
    if optional(case, line):
        return
    pair = only_slip(case, without(KEYS[id], line), codes)
    assert (pair.error, pair.entered, pair.credit) == ("missing", None, 0.0)
    assert pair.key is not None and pair.key.code == line.shown


@every_line
def test_the_other_side_is_the_wrong_side(id: str, line_id: str, codes: CodeSet) -> None:
    line = line_of(id, line_id)
    other = other_side(codes, line)
    if other is None or fine(id, line, other):
        return
    pair = only_slip(CASES[id], changed(KEYS[id], line, code=other), codes)
    assert "wrong_side" in (pair.error, *pair.also)
    assert pair.error in ("wrong_side", "partial")
    assert not re.search(r"\b(left|right|bilateral)\b", pair.sentence, re.IGNORECASE)


@every_line
def test_the_beginning_of_a_code_is_too_general(id: str, line_id: str, codes: CodeSet) -> None:
    line = line_of(id, line_id)
    for length in range(3, len(line.key)):
        cut = line.key[:length]
        if fine(id, line, cut):
            continue
        pair = only_slip(CASES[id], changed(KEYS[id], line, code=dotted(cut, line.system)), codes)
        assert pair.error in ("too_general", "partial")
        assert pair.key is not None and pair.key.code == line.shown


@every_line
def test_another_seventh_character_is_another_episode_or_a_wrong_seventh(id: str, line_id: str, codes: CodeSet) -> None:
    line = line_of(id, line_id)
    meanings = codes.seventh(line.key) if line.system == CM and len(line.key) == 7 else {}
    for last, meaning in meanings.items():
        code = line.key[:6] + last
        if fine(id, line, code):
            continue
        pair = only_slip(CASES[id], changed(KEYS[id], line, code=code), codes)
        names = (pair.error, *pair.also)
        own = meanings[line.key[6]]
        if all("encounter" in phase or phase == "sequela" for phase in (own, meaning)):
            same = meaning.split()[0] == own.split()[0]
            assert ("wrong_seventh" if same else "wrong_episode") in names
        else:
            assert {"wrong_seventh", "wrong_side", "too_general", "too_specific"} & set(names)


@every_line
def test_a_wrong_poa_indicator_costs_half_of_the_line(id: str, line_id: str, codes: CodeSet) -> None:
    case, line = CASES[id], line_of(id, line_id)
    if case.setting != "inpatient" or line.system != CM:
        return
    source = case.key.diagnoses[int(line_id[2:]) - 1]
    for poa in ("Y", "N", None):
        if poa == line.poa or (poa or "-") in source.accept_poa:
            continue
        pair = only_slip(case, changed(KEYS[id], line, poa=poa), codes)
        assert (pair.error, pair.credit, pair.optional) == ("wrong_poa", 0.5, source.optional)


@every_case
def test_a_secondary_diagnosis_in_first_place_is_one_misplaced_line(id: str, codes: CodeSet) -> None:
    case, key = CASES[id], KEYS[id]
    first = {bare(code) for group in case.key.either_first for code in group}
    for n, line in enumerate(key.diagnoses):
        if n == 0 or (key.diagnoses[0].key in first and line.key in first):
            continue
        others = [each for each in key.diagnoses if each is not line]
        report = graded(case, replace(key, diagnoses=(line, *others)), codes)
        found = slips(report)
        assert [(pair.error, pair.entered and pair.entered.id) for pair in found] == [("misplaced", line.id)]
        assert next(f for f in report.figures if f.id == "principal_diagnosis").value == 0.0


def test_either_of_two_equal_diagnoses_may_stand_first(codes: CodeSet) -> None:
    id = "nosebleed-on-a-blood-thinner"
    one, other, *rest = KEYS[id].diagnoses
    assert {one.key, other.key} == {bare(code) for code in CASES[id].key.either_first[0]}
    report = graded(CASES[id], replace(KEYS[id], diagnoses=(other, one, *rest)), codes)
    assert not slips(report)
    assert next(f for f in report.figures if f.id == "principal_diagnosis").value == 1.0


@every_line
def test_each_foreseen_wrong_code_takes_the_place_of_its_line_and_is_told(
    id: str, line_id: str, codes: CodeSet
) -> None:
    case, line = CASES[id], line_of(id, line_id)
    source = source_of(case, line)
    for code, told in source.instead.items():
        if fine(id, line, code):
            continue
        pair = only_slip(case, changed(KEYS[id], line, code=code), codes)
        assert pair.key is not None and pair.key.id == line_id
        assert pair.told == told
        assert pair.credit == source.partial.get(code, 0.0)


@every_case
def test_what_the_key_leaves_out_is_not_to_be_coded_and_lowers_the_score(id: str, codes: CodeSet) -> None:
    case, key = CASES[id], KEYS[id]
    for item in case.key.not_coded:
        extra = Line("dx99", item.code, item.system)
        report = graded(case, replace(key, diagnoses=(*key.diagnoses, extra)), codes)
        found = slips(report)
        assert [(pair.error, pair.key, pair.told) for pair in found] == [("not_to_be_coded", None, item.why)]
        assert report.score < 1.0


@every_case
def test_a_code_out_of_the_blue_is_unsupported_and_lowers_what_counts_excess(id: str, codes: CodeSet) -> None:
    key = KEYS[id]
    for code in ("B05.9", "ZZZ", "H60.01", "0DTJ4ZZ"):
        report = graded(CASES[id], replace(key, diagnoses=(*key.diagnoses, Line("dx99", code))), codes)
        assert [pair.error for pair in slips(report)] == ["unsupported"]
        value = {figure.id: figure.value for figure in report.figures}
        assert value["code_over_code"] == 1.0
        for lowered in ("exact", "with_deduction", "f1", "correct_over_larger"):
            assert value[lowered] is not None and value[lowered] < 1.0


@every_line
def test_a_diagnosis_entered_twice_is_in_excess_once(id: str, line_id: str, codes: CodeSet) -> None:
    line = line_of(id, line_id)
    key = KEYS[id]
    again = replace(line, id="dx99", code=line.key.lower())
    if line.system == CM:
        pair = only_slip(CASES[id], replace(key, diagnoses=(*key.diagnoses, again)), codes)
        assert pair.error == "not_to_be_coded" and "once" in pair.sentence and pair.entered is not None
    else:
        pair = only_slip(CASES[id], replace(key, procedures=(*key.procedures, replace(again, id="px99"))), codes)
        assert pair.error == "unsupported"


@every_line
def test_a_near_pcs_code_is_one_pair_and_names_the_characters_but_not_their_values(
    id: str, line_id: str, codes: CodeSet
) -> None:
    line = line_of(id, line_id)
    if line.system != PCS:
        return
    near = [code.key for code in codes.below(line.key[:3], 20260701, PCS) if code.key != line.key]
    for code in random.Random(line.key).sample(near, min(40, len(near))):
        if fine(id, line, code):
            continue
        pair = only_slip(CASES[id], changed(KEYS[id], line, code=code), codes)
        assert pair.error in ("related", "wrong_side", "partial")
        if "wrong_side" not in (pair.error, *pair.also):
            assert "character)" in pair.sentence


# -- named errors, one by one ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("id", "right", "wrong", "error", "also"),
    [
        ("hip-pain-after-a-fall", "M80.052A", "S72.002A", "wrong_etiology", ()),
        ("hip-pain-after-a-fall", "M80.052A", "M80.059A", "partial", ("too_general",)),
        ("hip-pain-after-a-fall", "M80.052A", "M80.052D", "partial", ("wrong_episode",)),
        ("hip-pain-after-a-fall", "M80.052A", "M80.051D", "wrong_side", ("wrong_episode",)),
        ("hip-pain-after-a-fall", "M80.052A", "M80.052Z", "wrong_seventh", ()),
        ("hip-pain-after-a-fall", "W01.0XXA", "W01.0A", "wrong_seventh", ()),
        ("hip-pain-after-a-fall", "W01.0XXA", "W19.XXXA", "partial", ("too_general",)),
        ("hip-pain-after-a-fall", "D62", "D64.9", "too_general", ()),
        ("hip-pain-after-a-fall", "D62", "D50.0", "wrong_etiology", ()),
        ("hip-pain-after-a-fall", "I12.9", "I12.0", "related", ()),
        ("fever-and-flank-pain", "E11.22", "E10.22", "wrong_etiology", ()),
        ("fever-and-flank-pain", "A41.51", "A41.02", "wrong_etiology", ()),
        ("fever-and-flank-pain", "E78.5", "E78.2", "too_specific", ()),
        ("fever-and-flank-pain", "L89.152", "L89.153", "related", ()),
        ("diabetes-follow-up", "N18.32", "N18.9", "partial", ("too_general",)),
        ("diabetes-follow-up", "E11.3312", "E11.3313", "partial", ("wrong_side",)),
        ("nosebleed-on-a-blood-thinner", "I25.2", "I21.9", "related", ()),
    ],
)
def test_each_slip_has_its_name(
    id: str, right: str, wrong: str, error: str, also: tuple[str, ...], codes: CodeSet
) -> None:
    line = next(line for line in KEYS[id].lines if line.key == bare(right))
    # Under a wrong code of another kind, the key's POA indicator stays as it was.
    pair = only_slip(CASES[id], changed(KEYS[id], line, code=wrong), codes)
    assert (pair.error, pair.also) == (error, also)


def test_the_pairing_is_best_as_a_whole(codes: CodeSet) -> None:
    """Two of three kidney codes wrong: each stands for the line that it is nearest to, in whatever order."""
    id = "diabetes-follow-up"
    swap = {"E1142": "E1140", "E1122": "E1121"}
    diagnoses = [replace(line, code=swap.get(line.key, line.code)) for line in KEYS[id].diagnoses]
    report = graded(CASES[id], replace(KEYS[id], diagnoses=(diagnoses[0], *reversed(diagnoses[1:]))), codes)
    assert {(bare(p.entered.code), bare(p.key.code)) for p in slips(report) if p.entered and p.key} == {
        ("E1140", "E1142"),
        ("E1121", "E1122"),
    }


def test_a_misplaced_line_is_told_what_the_author_foresaw_in_place_of_the_principal_one(codes: CodeSet) -> None:
    id = "fever-and-flank-pain"
    key = KEYS[id]
    line = next(line for line in key.diagnoses if line.key == "N10")
    claim = replace(key, diagnoses=(line, *(each for each in key.diagnoses if each is not line)))
    pair = only_slip(CASES[id], claim, codes)
    assert pair.told == CASES[id].key.diagnoses[0].instead["N10"]


def test_a_code_entered_again_is_told_nothing_about_other_lines(codes: CodeSet) -> None:
    id = "fever-and-flank-pain"
    claim = replace(KEYS[id], diagnoses=(*KEYS[id].diagnoses, Line("dx99", "N10", poa="Y")))
    pair = only_slip(CASES[id], claim, codes)
    assert (pair.error, pair.told) == ("not_to_be_coded", "")


def test_several_faults_of_one_line_stay_one_pair(codes: CodeSet) -> None:
    id = "hip-pain-after-a-fall"
    key = KEYS[id]
    line = next(line for line in key.diagnoses if line.key == "D62")
    wrong = replace(line, poa="Y")
    claim = replace(key, diagnoses=(wrong, *(each for each in key.diagnoses if each is not line)))
    pair = only_slip(CASES[id], claim, codes)
    assert (pair.error, pair.also, pair.credit) == ("misplaced", ("wrong_poa",), 0.25)


def test_an_accepted_code_is_as_right_as_the_keys_own(codes: CodeSet) -> None:
    case = read(spoiled("partial: {J02.9: 0.5}", "accept: [J02.9]"), "x.yaml").case
    assert case is not None
    report = graded(case, Claim(case.encounter(), (Line("dx1", "j029"),)), codes)
    assert report.score == 1.0
    assert [pair.error for pair in report.pairs] == ["accepted"]


def hcpcs_case() -> Case:
    key = "  procedures:\n    - {system: hcpcs, code: J0561, modifiers: [JZ], units: 6, why: Given., evidence: "
    text = TEXT.replace("hints:", key + "[{document: visit, quote: Amoxicillin x 10 d}]}\nhints:")
    case = read(text, "x.yaml").case
    assert case is not None
    return case


@pytest.mark.parametrize(
    ("changes", "error", "also", "credit"),
    [
        ({}, "exact", (), 1.0),
        ({"modifiers": ()}, "wrong_modifier", (), 0.5),
        ({"units": 1}, "wrong_units", (), 0.5),
        ({"units": 1, "modifiers": ("JW",)}, "wrong_modifier", ("wrong_units",), 0.25),
        ({"code": "J0558"}, "related", (), 0.0),
        ({"code": "J0558", "units": 3}, "related", ("wrong_units",), 0.0),
        ({"code": "G0008"}, "unsupported", (), 0.0),
    ],
)
def test_modifiers_and_units_of_hcpcs_lines_are_judged(
    changes: dict[str, object], error: str, also: tuple[str, ...], credit: float, codes: CodeSet
) -> None:
    line = replace(Line("px1", "J0561", HCPCS, None, ("JZ",), 6), **changes)  # type: ignore[arg-type]
    case = hcpcs_case()
    report = graded(case, Claim(case.encounter(), (Line("dx1", "J02.0"),), (line,)), codes)
    pair = next(pair for pair in report.pairs if pair.entered and pair.entered.id == "px1")
    assert (pair.error, pair.also, pair.credit) == (error, also, credit)


# -- what a learner may read -------------------------------------------------------------------------------------------


def wild_claims(id: str, codes: CodeSet, seed: int) -> Claim:
    """A claim with several slips of any kind, as a tired learner might enter it."""
    dice, case, key = random.Random(seed), CASES[id], KEYS[id]
    foreseen = [code for line in (*case.key.diagnoses,) for code in (*line.instead, *line.partial)]
    lines = []
    for line in key.diagnoses:
        kind = dice.choice(("keep", "keep", "drop", "cut", "foreseen", "poa"))
        if kind == "drop":
            continue
        code = line.key[: dice.randint(3, len(line.key))] if kind == "cut" else line.code
        code = dice.choice(foreseen) if kind == "foreseen" else code
        lines.append(replace(line, code=code, poa=dice.choice(("Y", "N", None)) if kind == "poa" else line.poa))
    lines += [Line("dx90", item.code) for item in dice.sample(case.key.not_coded, min(2, len(case.key.not_coded)))]
    dice.shuffle(lines)
    return replace(
        key, diagnoses=tuple(lines), procedures=tuple(line for line in key.procedures if dice.random() < 0.5)
    )


@every_case
@pytest.mark.parametrize("seed", range(25))
def test_whatever_is_entered_the_report_is_sound_and_gives_nothing_away(id: str, seed: int, codes: CodeSet) -> None:
    claim = wild_claims(id, codes, seed)
    report = graded(CASES[id], claim, codes)
    required = [line for line in KEYS[id].lines if not optional(CASES[id], line)]
    entered = [pair.entered for pair in report.pairs if pair.entered]
    assert sorted(side.id for side in entered) == sorted(line.id for line in claim.lines)
    keys = [pair.key.id for pair in report.pairs if pair.key]
    assert sorted(keys) == sorted(line.id for line in KEYS[id].lines)
    assert sum(pair.credit for pair in report.pairs if not pair.optional) <= len(required)
    assert 0.0 <= report.score <= 1.0 and (report.score < 1.0 or not slips(report))
    for pair in report.pairs:
        assert pair.error in PAIR_ERRORS and set(pair.also) <= set(PAIR_ERRORS) and 0.0 <= pair.credit <= 1.0
        assert pair.entered or pair.key
        if pair.error not in RIGHT:
            assert_gives_nothing_away(pair, codes)


def assert_gives_nothing_away(pair: Pair, codes: CodeSet) -> None:
    said = pair.sentence.lower()
    assert said and not re.search(r"\b(left|right|bilateral)\b", said)
    for side in (pair.key,) if pair.key else ():
        title = codes.title(side.code, side.system).lower()
        assert side.code.lower() not in said and bare(side.code).lower() not in re.sub(r"[^a-z0-9]", "", said)
        assert not title or title not in said, "HCPCS has titles only where its table is loaded"
        assert pair.error == "missing" or not any(quote.quote.lower() in said for quote in pair.evidence)


@every_case
@pytest.mark.parametrize("seed", range(10))
def test_the_order_of_secondary_lines_does_not_change_the_figures_of_a_wrong_claim(
    id: str, seed: int, codes: CodeSet
) -> None:
    claim = wild_claims(id, codes, seed)
    # Of a code that stands twice the one entered first counts, whatever its POA; so here each stands once.
    claim = replace(claim, diagnoses=tuple({line.key: line for line in claim.diagnoses}.values()))
    rest = list(claim.diagnoses[1:])
    random.Random(seed).shuffle(rest)
    turned = replace(claim, diagnoses=(*claim.diagnoses[:1], *rest))
    assert graded(CASES[id], turned, codes).figures == graded(CASES[id], claim, codes).figures
