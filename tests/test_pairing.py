"""Which line stands for which, where more than one pairing is possible."""

from dataclasses import replace

from sandbox.answers import answers, key_claim
from sandbox.cases.reader import read
from sandbox.cases.schema import Case
from sandbox.codes.codeset import CodeSet
from sandbox.encounter import HCPCS, Claim, Line, bare
from sandbox.kinship import Kinship
from sandbox.pairing import Match, pair
from tests.shipped import load
from tests.small_case import TEXT

CASES = load()
HIP, SEPSIS, DIABETES = "hip-pain-after-a-fall", "fever-and-flank-pain", "diabetes-follow-up"
BELLY = "belly-pain-for-three-days"


def entered(id: str, swaps: dict[str, str], add: tuple[str, ...] = (), first: str = "") -> Claim:
    """The key of a case with codes swapped (for nothing: left out), some added behind, and one put first."""
    key = key_claim(CASES[id])
    lines = [replace(line, code=swaps.get(line.shown, line.code)) for line in key.diagnoses]
    lines = [line for line in lines if line.code] + [Line(f"dx{90 + n}", code) for n, code in enumerate(add)]
    lines.sort(key=lambda line: line.shown != first if first else False)
    return replace(key, diagnoses=tuple(lines))


def wrong(id: str, claim: Claim, codes: CodeSet) -> dict[str, tuple[str, ...]]:
    """entered code > key code → errors, for the diagnoses in which something is wrong."""
    found, _ = pair(CASES[id], claim, Kinship(codes))
    return {named(m): m.names for m in found if m.names[0] not in ("exact", "accepted", "optional")}


def named(match: Match) -> str:
    one = match.entered.shown if match.entered else ""
    return f"{one} > {match.answer.line.shown if match.answer else ''}"


def test_of_equal_names_the_code_with_more_characters_in_common_is_the_pair(codes: CodeSet) -> None:
    claim = entered(SEPSIS, {"E11.42": "", "E11.65": ""}, ("E11.69", "E11.43"))
    assert set(wrong(SEPSIS, claim, codes)) == {"E11.69 > E11.65", "E11.43 > E11.42"}


def test_a_foreseen_code_is_the_pair_before_one_that_is_only_near(codes: CodeSet) -> None:
    claim = entered(HIP, {"M80.052A": ""}, ("M84.552A", "S72.002A"))
    assert wrong(HIP, claim, codes)["S72.002A > M80.052A"][0] == "wrong_etiology"
    assert wrong(HIP, claim, codes)["M84.552A > "][0] == "unsupported"


def test_of_two_codes_equally_near_the_earlier_is_the_pair(codes: CodeSet) -> None:
    for one, other in (("N18.4", "N18.5"), ("N18.5", "N18.4")):
        claim = entered(HIP, {"N18.32": one}, (other,))
        assert set(wrong(HIP, claim, codes)) == {f"{one} > N18.32", f"{other} > "}


def test_of_two_lines_equally_near_the_first_stands_for_the_first(codes: CodeSet) -> None:
    claim = entered(DIABETES, {"E11.65": "", "E11.22": ""}, ("E11.11", "E11.10"), first="E11.10")
    assert wrong(DIABETES, claim, codes) == {"E11.10 > E11.65": ("related",), "E11.11 > E11.22": ("related",)}


def test_a_line_equally_near_to_two_stands_for_the_required_one(codes: CodeSet) -> None:
    key = CASES[BELLY].key
    turned = CASES[BELLY].model_copy(
        update={"key": key.model_copy(update={"diagnoses": (key.diagnoses[0], *key.diagnoses[:0:-1])})}
    )
    claim = entered(BELLY, {"K65.0": "K65.4", "K65.1": ""})
    for case in (CASES[BELLY], turned):
        found, _ = pair(case, claim, Kinship(codes))
        assert "K65.4 > K65.0" in {named(match) for match in found}


def test_what_the_key_leaves_out_does_not_stand_for_a_line_that_does_not_foresee_it(codes: CodeSet) -> None:
    claim = entered(DIABETES, {"E11.22": ""}, ("E11.621",))
    assert wrong(DIABETES, claim, codes) == {"E11.621 > ": ("not_to_be_coded",), " > E11.22": ("missing",)}


def test_what_the_key_leaves_out_stands_for_the_line_that_foresees_it(codes: CodeSet) -> None:
    claim = entered(DIABETES, {"R06.83": "G47.33"})
    assert wrong(DIABETES, claim, codes) == {"G47.33 > R06.83": ("related",)}


def test_a_blank_poa_indicator_says_nothing_under_a_wrong_code_and_a_wrong_one_does(codes: CodeSet) -> None:
    key = entered(HIP, {"M80.052A": "S72.002A"})
    for poa, names in (("Y", ()), (None, ()), ("N", ("wrong_poa",))):
        claim = replace(key, diagnoses=(replace(key.diagnoses[0], poa=poa), *key.diagnoses[1:]))
        assert wrong(HIP, claim, codes)["S72.002A > M80.052A"] == ("wrong_etiology", *names)


def test_an_unsupported_line_in_first_place_is_misplaced_as_well_and_the_others_stay_right(codes: CodeSet) -> None:
    claim = entered(HIP, {}, ("B05.9",), first="B05.9")
    assert wrong(HIP, claim, codes) == {"B05.9 > ": ("unsupported", "misplaced")}


def test_without_the_principal_line_nobody_is_misplaced(codes: CodeSet) -> None:
    claim = entered(HIP, {"M80.052A": ""})
    assert wrong(HIP, claim, codes) == {" > M80.052A": ("missing",)}


def test_the_principal_procedure_stands_first_in_an_inpatient_stay(codes: CodeSet) -> None:
    key = key_claim(CASES[HIP])
    _, found = pair(CASES[HIP], replace(key, procedures=key.procedures[::-1]), Kinship(codes))
    assert [(named(m), m.names[0], m.leads) for m in found] == [
        ("30233N1 > 30233N1", "misplaced", False),
        ("0SRS019 > 0SRS019", "exact", False),
    ]


def visit_with_two_injections() -> Case:
    line = "    - {system: hcpcs, code: J0561, modifiers: [%s], units: %d, why: Given., evidence: %s}\n"
    quote = "[{document: visit, quote: Amoxicillin x 10 d}]"
    text = TEXT.replace("hints:", f"  procedures:\n{line % ('JZ', 6, quote)}{line % ('JW', 2, quote)}hints:")
    case = read(text, "x.yaml").case
    assert case is not None
    return case


def test_a_procedure_may_stand_twice_and_each_finds_its_own_line_in_any_order(codes: CodeSet) -> None:
    case = visit_with_two_injections()
    lines = (Line("px1", "J0561", HCPCS, None, ("JW",), 2), Line("px2", "J0561", HCPCS, None, ("JZ",), 6))
    claim = Claim(case.encounter(), (Line("dx1", "J02.0"),), lines)
    _, found = pair(case, claim, Kinship(codes))
    assert [m.names for m in found] == [("exact",), ("exact",)]
    assert [m.answer.line.units for m in found if m.answer] == [2, 6]
    third = replace(claim, procedures=(*lines, replace(lines[0], id="px3")))
    _, found = pair(case, third, Kinship(codes))
    assert [(m.names[0], m.duplicate) for m in found] == [("exact", False), ("exact", False), ("unsupported", True)]


def test_the_answers_are_the_keys_lines_in_order() -> None:
    for case in CASES.values():
        diagnoses, procedures = answers(case)
        assert [a.line.key for a in diagnoses] == [bare(d.code) for d in case.key.diagnoses]
        assert [a.line.id for a in procedures] == [f"px{n + 1}" for n in range(len(case.key.procedures))]
        assert all(a.line.evidence for a in (*diagnoses, *procedures))
