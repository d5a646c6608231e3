"""The queries of a key: proven quotes, codes that fit the lines, nothing that is coded already, no leading model."""

import pytest

from sandbox.cases.library import CaseFile
from sandbox.cases.reader import read
from sandbox.codes.codeset import CodeSet
from sandbox.lint import lint
from tests.small_case import QUERY, TEXT, VARIED, spoiled

CASE = spoiled("hints:", QUERY + "hints:")


def said(text: str, codes: CodeSet) -> list[str]:
    source = read(text, "x.yaml")
    found = lint(CaseFile.of(source), source, codes) if source.case else source.problems
    return [str(problem) for problem in found if problem.level != "note"]


def test_a_good_query_adds_no_problem(codes: CodeSet) -> None:
    assert said(CASE, codes) == said(TEXT, codes)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('quote: "throat pain x 2 d', 'quote: "throat pain x 3 d', "quote: not word for word in visit"),
        ("cites: [I.B.14]", "cites: [IV.R]", "the guidelines have no section IV.R"),
        ("      cites: [I.B.14]\n", "", "cites: name the guideline section"),
        ("accept_reasons: [no_diagnosis]", "accept_reasons: [treatment]", "treatment is its reason"),
        ("reason: treatment", "reason: treatmnt", "reason"),
        ("instead: {R50.9:", "instead: {R50.99:", "R50.99"),
        ("instead: {R50.9:", "instead: {J02.0:", "instead: J02.0 is a line of the key"),
        ("cites: [I.B.14]", "cites: [I.B.14]\n      meanwhile: [R50.9]", "meanwhile: R50.9 is in no line of the key"),
        (
            "cites: [I.B.14]",
            "cites: [I.B.14]\n      model: Would you agree that she has scarlet fever?",
            "model: this query leads (agree): 'Would you agree'",
        ),
        (
            '[{document: visit, quote: "throat pain x 2 d, fever."}]',
            "[{document: visit, quote: Strep pharyngitis}]",
            "evidence: J02.0 is coded by these words without doubt",
        ),
        ('      evidence: [{document: visit, quote: "throat pain x 2 d, fever."}]\n', "", "no words of the chart"),
        ("      why: Nobody says", "      wy: Nobody says", "wy"),
    ],
)
def test_each_fault_is_told(old: str, new: str, told: str, codes: CodeSet) -> None:
    before, after = said(CASE, codes), said(spoiled(old, new, CASE), codes)
    assert [line for line in after if told in line and line not in before], after


def test_what_is_coded_meanwhile_may_rest_on_the_same_words(codes: CodeSet) -> None:
    text = spoiled('[{document: visit, quote: "throat pain x 2 d, fever."}]', "[{document: visit, quote: Strep}]", CASE)
    text = spoiled("cites: [I.B.14]", "cites: [I.B.14]\n      meanwhile: [J02.0]", text)
    assert said(text, codes) == said(TEXT, codes)


def test_a_query_without_words_is_for_drafts_only() -> None:
    bare = spoiled('      evidence: [{document: visit, quote: "throat pain x 2 d, fever."}]\n', "", CASE)
    assert read(bare, "x.yaml").case
    source = read(spoiled("status: draft", "status: ready", bare), "x.yaml")
    assert source.case is None and "only a draft may be without" in str(source.problems[0])


def test_a_variant_changes_the_words_and_codes_of_a_query_and_leaves_out_what_is_not_its_own() -> None:
    query = QUERY.replace("reason: treatment", "reason: specificity\n      only: [viral]")
    query = query.replace("What the fever was treated for.", "Which Viral pharyngitis this is.")
    query = query.replace("cites: [I.B.14]", "cites: [I.B.14]\n      meanwhile: [J02.0]")
    source = read(VARIED.replace("hints:", query + "hints:"), "x.yaml")
    assert source.problems == () and source.case
    assert source.case.key.queries == ()
    found = {one.variant: one.case.key.queries for one in source.others if one.case}
    assert {name: len(queries) for name, queries in found.items()} == {"viral": 1, "grown": 0, "viral-grown": 1}
    assert found["viral"][0].meanwhile == ("J02.8",)


def test_words_of_a_query_are_replaced_in_a_variant() -> None:
    query = QUERY.replace("What the fever was treated for.", "Whether Strep pharyngitis explains the fever.")
    source = read(VARIED.replace("hints:", query + "hints:"), "x.yaml")
    viral = next(one.case for one in source.others if one.variant == "viral")
    assert viral and viral.key.queries[0].about == "Whether Viral pharyngitis explains the fever."
