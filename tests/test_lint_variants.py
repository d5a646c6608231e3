"""The linter reads every encounter, and says whether the variants are worth having."""

from sandbox.cases.library import CaseFile
from sandbox.cases.reader import read
from sandbox.codes.codeset import CodeSet
from sandbox.lint import lint
from tests.small_case import VARIED, spoiled

AGE = "x.yaml:39:5: warning: grown: changes no code of the key, so it is nothing new to learn from"


def found(text: str, codes: CodeSet) -> list[str]:
    source = read(text, "x.yaml")
    assert source.problems == ()
    said = [str(problem) for problem in lint(CaseFile.of(source), source, codes)]
    return [line for line in said if ": note: " not in line and line != AGE]


def test_good_variants_have_no_problems(codes: CodeSet) -> None:
    assert found(VARIED, codes) == []


def test_a_value_that_changes_no_code_is_a_warning(codes: CodeSet) -> None:
    source = read(VARIED, "x.yaml")
    assert AGE in [str(problem) for problem in lint(CaseFile.of(source), source, codes)]


def test_a_word_and_a_code_that_stand_nowhere_are_told(codes: CodeSet) -> None:
    assert found(spoiled("8 yo: 30 yo", "8 yo: 30 yo, 9 yo: 31 yo", VARIED), codes) == [
        "x.yaml:39:60: words: '9 yo' stands nowhere in this case"
    ]
    assert found(spoiled("J03.00: J03.80", "J03.00: J03.80, J03.01: J03.81", VARIED), codes) == [
        "x.yaml:36:45: codes: 'J03.01' stands nowhere in this case"
    ]


def test_what_becomes_itself_is_told(codes: CodeSet) -> None:
    assert found(spoiled("8 yo: 30 yo", "8 yo: 30 yo, fever: fever", VARIED), codes) == [
        "x.yaml:39:60: warning: words: fever becomes itself"
    ]


def test_two_encounters_that_come_out_the_same_are_told(codes: CodeSet) -> None:
    text = spoiled("grown: {patient: {age: 30 years}, words: {8 yo: 30 yo}}", "grown: {minutes: 9}", VARIED)
    assert found(text, codes) == [
        "x.yaml:31:1: variants: ~grown is the same as the chart as written",
        "x.yaml:31:1: variants: ~viral-grown is the same as ~viral",
    ]


def test_a_quote_that_a_variant_breaks_is_told_once_at_its_line_with_the_variants(codes: CodeSet) -> None:
    text = spoiled("{Strep pharyngitis: Viral pharyngitis,", "{Strep pharyngitis. Amox: Viral sore. Amox,", VARIED)
    text = text.replace("Strep pharyngitis. Amox: Viral sore. Amox", "pharyngitis. Amoxicillin: sore. Amoxicillin")
    said = found(text, codes)
    assert len(said) == 1
    assert said[0].startswith("x.yaml:25:36: ~viral, ~viral-grown: quote: not word for word in visit:")


def test_a_code_that_a_variant_brings_is_checked_and_told_at_its_replacement(codes: CodeSet) -> None:
    said = found(spoiled("J02.0: J02.8", "J02.0: J02.7", VARIED), codes)
    assert [line.partition(" VAL01 ")[0] for line in said] == ["x.yaml:36:22: ~viral, ~viral-grown:"]


def test_the_key_of_a_variant_goes_through_the_rules(codes: CodeSet) -> None:
    said = found(spoiled("J02.0: J02.8", "J02.0: Y92.010", VARIED), codes)
    assert any(line.startswith("x.yaml:36:22: ~viral, ~viral-grown: SEQ01 ") for line in said)


def test_a_code_that_a_variant_brings_into_the_key_is_not_one_that_is_not_coded(codes: CodeSet) -> None:
    text = spoiled("hints:", "  not_coded:\n    - {code: J02.8, why: The germ is named.}\nhints:", VARIED)
    assert [line for line in found(text, codes) if "warning" not in line] == [
        "x.yaml:31:14: ~viral, ~viral-grown: not_coded: J02.8 is right by a line of the key; one of the two is wrong"
    ]


def test_what_is_wrong_everywhere_is_told_once_and_names_nobody(codes: CodeSet) -> None:
    said = found(spoiled("quote: Strep pharyngitis", "quote: chills", VARIED), codes)
    assert len(said) == 1
    assert "~" not in said[0]


def test_a_variants_age_and_words_keep_nobodys_privacy(codes: CodeSet) -> None:
    said = found(spoiled("{age: 30 years}", "{age: 93 years}", VARIED), codes)
    assert said == ["x.yaml:39:28: ~grown, ~viral-grown: age: ages over 89 identify a person; make the patient younger"]
    told = found(spoiled("8 yo: 30 yo", "8 yo: 30 yo MRN 00458812", VARIED), codes)
    assert any("privacy" in line for line in told)


READY = spoiled("status: draft", "status: ready", VARIED)
REVIEW = "review:\n  date: 2026-06-01\n  agreement: all\n  second: {diagnoses: [J02.0]}\n"
VARIANT = "  variant:\n    name: viral\n    agreement: all\n    second: {diagnoses: [J02.8]}\n"


def test_the_review_is_of_the_chart_as_written_and_of_one_variant(codes: CodeSet) -> None:
    assert found(READY + REVIEW + VARIANT, codes) == []
    assert found(READY, codes) == [
        "x.yaml:5:9: warning: ready, but without a review: "
        "the record of a second coding by someone who saw the chart only"
    ]


def test_a_ready_case_none_of_whose_variants_was_coded_blind_is_a_warning(codes: CodeSet) -> None:
    (said,) = found(READY + REVIEW, codes)
    assert said.startswith("x.yaml:40:1: warning: review: none of the variants was coded blind")
    assert found(VARIED + REVIEW, codes) == [], "a draft may wait"


def test_the_variant_that_was_coded_is_one_of_the_case(codes: CodeSet) -> None:
    assert found(READY + REVIEW + VARIANT.replace("name: viral", "name: virus"), codes) == [
        "x.yaml:45:11: name: the case has no variant virus; did you mean viral?"
    ]
    (said,) = found(READY + REVIEW + VARIANT.replace("name: viral", "name: strep"), codes)
    assert said.endswith("no variant strep; there are grown, viral, viral-grown")


def test_what_the_second_coder_of_a_variant_did_otherwise_needs_a_decision(codes: CodeSet) -> None:
    text = READY + REVIEW + VARIANT.replace("[J02.8]", "[J02.9]")
    assert found(text, codes) == [
        "x.yaml:47:25: warning: review: the second coder left J02.8 out, and no difference says what was decided",
        "x.yaml:47:26: warning: review: J02.9 differs from the key, and no difference says what was decided",
    ]
    row = "      - {{line: {0}, first: J02.8, second: J02.9, decision: the germ is named}}\n"
    assert found(text + "    differences:\n" + row.format("J02.8") + row.format("J02.9"), codes) == []


def test_a_name_of_a_code_that_a_variant_brings_is_noted_in_that_variant(codes: CodeSet) -> None:
    text = spoiled(
        "Viral pharyngitis", "Enteroviral vesicular pharyngitis", VARIED.replace("J02.0: J02.8", "J02.0: B08.5")
    )
    source = read(text, "x.yaml")
    said = [str(p) for p in lint(CaseFile.of(source), source, codes) if "word for word" in p.message]
    assert said == [
        "x.yaml:20:7: note: ~viral, ~viral-grown: the chart has the title of B08.5 word for word: "
        "'enteroviral vesicular pharyngitis'"
    ]
