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


def test_what_is_wrong_everywhere_is_told_once_and_names_nobody(codes: CodeSet) -> None:
    said = found(spoiled("quote: Strep pharyngitis", "quote: chills", VARIED), codes)
    assert len(said) == 1
    assert "~" not in said[0]


def test_a_variants_age_and_words_keep_nobodys_privacy(codes: CodeSet) -> None:
    said = found(spoiled("{age: 30 years}", "{age: 93 years}", VARIED), codes)
    assert said == ["x.yaml:39:28: ~grown, ~viral-grown: age: ages over 89 identify a person; make the patient younger"]
    told = found(spoiled("8 yo: 30 yo", "8 yo: 30 yo MRN 00458812", VARIED), codes)
    assert any("privacy" in line for line in told)


def test_the_review_is_of_the_chart_as_written(codes: CodeSet) -> None:
    review = "review:\n  date: 2026-06-01\n  agreement: all\n  second: {diagnoses: [J02.0]}\n"
    assert found(spoiled("status: draft", "status: ready", VARIED) + review, codes) == []


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
