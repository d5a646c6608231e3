"""The linter says whether a case deserves a learner, and points at the place to mend."""

from pathlib import Path

import pytest

from sandbox.cases.library import CaseFile
from sandbox.cases.reader import read
from sandbox.codes.codeset import CodeSet
from sandbox.lint import lint, lint_paths
from tests.small_case import INJECTED, TEXT, spoiled

ROOT = Path(__file__).resolve().parent.parent

STAY = (
    TEXT.replace("setting: office", "setting: inpatient")
    .replace("date_of_service: 2026-05-04", "admitted: 2026-05-03\ndischarged: 2026-05-06")
    .replace("- code: J02.0\n", "- code: J02.0\n      poa: Y\n")
)

SECOND = """\
    - code: {code}
      {extra}
      evidence:
        - {{document: visit, quote: fever}}
      why: The chart says so.
hints:"""


def found(text: str, codes: CodeSet) -> list[str]:
    source = read(text, "x.yaml")
    assert source.problems == ()
    return [str(problem) for problem in lint(CaseFile.of(source), source, codes)]


def one(text: str, codes: CodeSet) -> str:
    said = [line for line in found(text, codes) if ": note: " not in line]
    assert len(said) == 1, said
    return said[0].removeprefix("x.yaml:")


def also(code: str, extra: str = "optional: false", text: str = TEXT) -> str:
    """The case with a second diagnosis in its key."""
    return spoiled("hints:", SECOND.format(code=code, extra=extra), text)


# -- the shipped cases ---------------------------------------------------------------------------------------------


def test_the_shipped_cases_have_no_errors_and_no_warnings(codes: CodeSet) -> None:
    assert len(list((ROOT / "cases").rglob("*.yaml"))) >= 6
    grave = [p for p in lint_paths([ROOT / "cases"], codes) if p.level != "note"]
    assert [str(p) for p in grave] == []


def test_a_good_case_has_no_problems(codes: CodeSet) -> None:
    assert found(TEXT, codes) == []
    assert found(STAY, codes) == []


# -- guideline sections --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("skills", "expected"),
    [
        ("[IV.R]", "the guidelines have no section IV.R; did you mean IV"),
        ("[I.C.9.k]", "the guidelines have no section I.C.9.k; did you mean I.C.9"),
        ("[strep throat]", "skills: 'strep throat' is no guideline section"),
    ],
)
def test_a_skill_is_a_section_of_the_guidelines(skills: str, expected: str, codes: CodeSet) -> None:
    assert expected in one(TEXT.replace("difficulty:", f"skills: {skills}\ndifficulty:"), codes)


def test_a_cite_that_no_section_bears_is_a_warning_and_what_lies_below_a_heading_is_not(codes: CodeSet) -> None:
    cites = "cites: [I.C.9.a.11, Tabular J02, I.A.19, II.K, I.C.14.z]\n      why:"
    assert "no section I.C.14.z" in one(TEXT.replace("why:", cites, 1), codes)
    assert found(TEXT.replace("difficulty:", "skills: [PCS B3.8, Appendix I, III, IV.A.1]\ndifficulty:"), codes) == []


# -- quotes and documents ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("quote", "expected"),
    [
        ("strep pharyngitis", "line 20, column 7 differs in capitals: 'Strep pharyngitis'"),
        ("Strep  pharyngitis", "line 20, column 7 differs in the blanks: 'Strep pharyngitis'"),
        ("fever. Rapid strep", "line 16, column 34 differs in a line break: 'fever.\\nRapid strep'"),
        (
            "Strep pharyngitis -- or so",
            "'Strep pharyngitis -- or so' is not there; a line like it: 'Strep pharyngitis. Amoxicillin x 10 d.'",
        ),
    ],
)
def test_a_quote_stands_word_for_word(quote: str, expected: str, codes: CodeSet) -> None:
    text = spoiled("quote: Strep pharyngitis", f"quote: '{quote}'")
    assert one(text, codes) == f"25:36: quote: not word for word in visit: {expected}"


def test_a_quote_of_another_document_says_which(codes: CodeSet) -> None:
    nurse = "  - id: nurse\n    title: Note\n    author: RN\n    date: 2026-05-04\n    text: Sore since Monday\nkey:"
    text = spoiled("quote: Strep pharyngitis", "quote: since Monday", spoiled("key:", nurse))
    assert one(text, codes).endswith("quote: not word for word in visit: it stands in nurse")


def test_a_document_that_is_not_there_is_an_error(codes: CodeSet) -> None:
    text = spoiled("document: visit", "document: vist")
    assert one(text, codes) == "25:22: document: the case has no document vist; did you mean visit?"


def test_two_documents_cannot_share_an_id(codes: CodeSet) -> None:
    twin = "  - id: visit\n    title: Note\n    author: RN\n    date: 2026-05-04\n    text: Sore since Monday\nkey:"
    assert one(spoiled("key:", twin), codes) == "21:9: id: a second document is called visit"


def test_a_document_far_from_the_encounter_is_a_warning(codes: CodeSet) -> None:
    text = spoiled("    date: 2026-05-04", "    date: 2025-05-04")
    assert one(text, codes).startswith("13:11: warning: date: 2025-05-04 lies more than 31 days from the encounter")
    assert found(spoiled("    date: 2026-05-04", "    date: 2026-04-20"), codes) == []


def test_where_words_are_demanded_the_keys_own_can_be_marked(codes: CodeSet) -> None:
    long = " ".join(["sore"] * 90)
    text = spoiled("quote: Strep pharyngitis", f"quote: {long}", spoiled("Amoxicillin x 10 d.", f"Amox. {long}"))
    assert found(text, codes) == []
    said = one(text.replace("difficulty: 1", "difficulty: 1\nevidence: demanded"), codes)
    assert said.endswith(f"warning: quote: {len(long)} characters, and a learner may mark 400")


def test_where_words_are_demanded_a_line_of_the_key_has_no_more_than_a_learner_may_give(codes: CodeSet) -> None:
    quotes = "\n        ".join(
        f"- {{document: visit, quote: {word}}}"
        for word in ["throat", "pain", "fever", "Rapid", "strep", "positive", "Strep"]
    )
    text = spoiled("- {document: visit, quote: Strep pharyngitis}", quotes)
    assert found(text, codes) == []
    assert "7 quotes, and a learner may put 6" in one(text.replace("status:", "evidence: demanded\nstatus:"), codes)


# -- codes ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "where", "says"),
    [
        ("code: J02.0", "code: J02.7", "23:13", "VAL01"),
        ("code: J02.0", "code: J02", "23:13", "VAL02"),
        ("{J02.9: 0.5}", "{J02.8: 0.5, J02.7: 0.5}", "27:29", "VAL01"),
        ("J03.00: Look", "J03: Look", "29:9", "VAL02"),
        ("why:", "accept: [J02.8, J02.7]\n      why:", "26:23", "VAL01"),
        ("hints:", "  not_coded:\n    - {code: R50, why: part of it}\nhints:", "31:14", "VAL02"),
        ("hints:", "  not_coded:\n    - {code: J02.0, why: part of it}\nhints:", "31:14", "not_coded: J02.0 is right"),
        ("hints:", "  either_first: [[J02.0, R05.9]]\nhints:", "30:26", "either_first: R05.9 is not among"),
        ("hints:", "waives:\n  - {rule: ZZZ99, evidence: {document: visit, quote: fever}, why: x}\nhints:", "31:12",
         "waives: there is no rule ZZZ99"),
        ("why:", "accept: [J02.9]\n      why:", "28:17", "J02.9: in accept and in partial of one line"),
    ],
)  # fmt: skip
def test_every_code_exists_on_the_day(old: str, new: str, where: str, says: str, codes: CodeSet) -> None:
    assert one(spoiled(old, new), codes).startswith(f"{where}: {says}")


def test_a_code_that_is_accepted_is_not_one_that_is_not_coded(codes: CodeSet) -> None:
    text = spoiled("hints:", "  not_coded:\n    - {code: J02.8, why: part of it}\nhints:")
    assert found(text, codes) == []
    said = one(spoiled("why: The test", "accept: [J02.8]\n      why: The test", text), codes)
    assert said.startswith("32:14: not_coded: J02.8 is right by a line of the key")


def test_a_code_is_judged_on_the_day_of_the_encounter(codes: CodeSet) -> None:
    late = also("U07.1")
    early = late.replace("2026-05-04", "2019-05-06")
    assert not any("U07.1" in line for line in found(late, codes))
    assert any("U07.1" in line and "2020-04-01" in line for line in found(early, codes))


def test_a_code_of_a_system_that_is_not_loaded_is_noted(codes: CodeSet) -> None:
    step = (
        "  procedures:\n    - {system: cpt, code: '99999', evidence: [{document: visit, quote: fever}], why: x}\nhints:"
    )
    said = [line for line in found(spoiled("hints:", step), codes) if "99999" in line]
    assert said == ["x.yaml:31:27: note: 99999: not checked, for no table of cpt knows it"]


def test_nothing_gives_the_key_away(codes: CodeSet) -> None:
    told = spoiled("Look at what the physician", "It is j020. Look at what the physician")
    assert one(told, codes).startswith("29:9: instead: what is said to J03.00 gives the answer, J02.0, away")
    assert one(spoiled("[Name the germ.]", "[Not J02.9]"), codes) == "30:9: hints: J02.9 is a code; a hint has none"
    printed = spoiled("Strep pharyngitis. Amox", "Strep pharyngitis (J02.0). Amox")
    assert one(printed, codes) == "20:26: warning: the chart prints the key's code J02.0"
    titled = spoiled("Strep pharyngitis. Amox", "Strep pharyngitis, Streptococcal Pharyngitis. Amox")
    assert [line for line in found(titled, codes) if "word for word" in line] == [
        "x.yaml:20:26: note: the chart has the title of J02.0 word for word: 'streptococcal pharyngitis'"
    ]


def test_a_name_of_the_keys_code_in_the_chart_is_noted_as_whole_words(codes: CodeSet) -> None:
    def said(code: str, words: str) -> list[str]:
        text = also(code, text=spoiled("Rapid strep positive.", words))
        return [line.partition("note: ")[2] for line in found(text, codes) if f"of {code} word for word" in line]

    assert said("R04.0", "Nosebleed.") == ["the chart has an inclusion term of R04.0 word for word: 'nosebleed'"]
    assert said("R04.0", "EPISTAXIS, then\n      nosebleed.") == [
        "the chart has the title of R04.0 word for word: 'epistaxis'"
    ]
    assert len(said("J30.2", "Seasonal\n      allergic rhinitis NOS; other seasonal   allergic\n      rhinitis.")) == 1
    assert said("R04.0", "Nosebleeds.") == []


def test_a_vitamin_in_a_hint_is_no_code(codes: CodeSet) -> None:
    assert found(spoiled("[Name the germ.]", "[Look at the A1C and the FEV1 of the CKD.]"), codes) == []


# -- the key through the rules -------------------------------------------------------------------------------------


def test_a_key_with_an_error_is_refused_where_the_line_stands(codes: CodeSet) -> None:
    text = spoiled("code: J02.0", "code: Y92.010")
    assert any(line.startswith("x.yaml:23:13: SEQ01 Y92.010") for line in found(text, codes))


WAIVED = "waives:\n  - {rule: SEQ01, evidence: {document: visit, quote: fever}, why: a trial}\nhints:"


def test_a_waived_rule_keeps_silent(codes: CodeSet) -> None:
    text = spoiled("hints:", WAIVED, spoiled("code: J02.0", "code: Y92.010"))
    assert not any("SEQ01" in line for line in found(text, codes))


def test_a_waived_rule_that_has_nothing_to_say_is_a_warning(codes: CodeSet) -> None:
    said = one(spoiled("hints:", WAIVED), codes)
    assert said == "31:12: warning: waives: SEQ01 has nothing to say to this key"


def test_the_quote_of_a_waiver_stands_in_the_chart(codes: CodeSet) -> None:
    text = spoiled("quote: fever", "quote: chills", spoiled("hints:", WAIVED, spoiled("code: J02.0", "code: Y92.010")))
    assert any("'chills' is not there" in line for line in found(text, codes))


def test_an_accepted_code_that_the_rules_refuse_is_an_error(codes: CodeSet) -> None:
    text = spoiled("why:", "accept: [Y92.010]\n      why:")
    assert any(line.startswith("x.yaml:26:16: with Y92.010 for J02.0: SEQ01") for line in found(text, codes))


def test_an_order_that_the_rules_refuse_is_an_error(codes: CodeSet) -> None:
    text = spoiled("hints:", "  either_first: [[J02.0, Y92.010]]\nhints:", also("Y92.010"))
    assert any(": with Y92.010 ahead: SEQ01" in line for line in found(text, codes))


def test_a_key_that_needs_an_optional_line_is_refused(codes: CodeSet) -> None:
    text = spoiled("partial:", "optional: true\n      partial:", also("Y92.010"))
    assert any(": without the optional lines: SEQ01" in line for line in found(text, codes))


def test_inpatients_have_poa_indicators_and_others_have_none(codes: CodeSet) -> None:
    assert one(STAY.replace("      poa: Y\n", ""), codes).startswith("24:13: VAL09")
    assert one(spoiled("why:", "poa: Y\n      why:"), codes).startswith("23:13: VAL09")
    accepted = spoiled("why:", "accept_poa: ['-']\n      why:")
    assert "accept_poa: the POA indicator belongs to inpatient cases only" in "\n".join(found(accepted, codes))
    assert found(also("Z87.891", text=STAY), codes) == [], "codes on the exempt list go without"


def test_modifiers_and_units_are_of_hcpcs_and_cpt(codes: CodeSet) -> None:
    given = spoiled("hints:", f"{INJECTED}hints:")
    assert [line for line in found(given, codes) if "accept" in line or "ICD-10-PCS" in line] == []
    twice = spoiled(
        "      units: 12\n", "      units: 12\n      accept_units: [3, 12]\n      accept_modifiers: [[], [JZ]]\n", given
    )
    said = "\n".join(found(twice, codes))
    assert "warning: accept_units: the key's own" in said and "warning: accept_modifiers: the key's own" in said
    stay = spoiled("system: hcpcs", "system: icd-10-pcs", given)
    said = "\n".join(found(stay, codes))
    assert "modifiers: ICD-10-PCS has none" in said and "units: ICD-10-PCS has none" in said


@pytest.mark.parametrize("day", ["2031-05-04", "1999-05-04"])
def test_a_date_without_a_code_set_is_one_warning(day: str, codes: CodeSet) -> None:
    said = found(TEXT.replace("2026-05-04", day), codes)
    assert len(said) == 1
    assert f"no code set is loaded for {day}" in said[0]


def test_a_ready_case_needs_a_review(codes: CodeSet) -> None:
    assert one(spoiled("status: draft", "status: ready"), codes).startswith("5:9: warning: ready, but without a review")


REVIEW = "review:\n  date: 2026-06-01\n  agreement: most\n  second: {{diagnoses: [{}]}}\n"


def test_a_review_that_agrees_is_enough(codes: CodeSet) -> None:
    assert found(spoiled("status: draft", "status: ready") + REVIEW.format("J02.0"), codes) == []


def test_what_a_second_coder_did_otherwise_needs_a_decision(codes: CodeSet) -> None:
    text = TEXT + REVIEW.format("J02.9")
    assert found(text, codes) == [
        "x.yaml:34:23: warning: review: the second coder left J02.0 out, and no difference says what was decided",
        "x.yaml:34:24: warning: review: J02.9 differs from the key, and no difference says what was decided",
    ]
    row = "    - {{line: {0}, first: J02.0, second: J02.9, decision: the germ is named}}\n"
    assert found(text + "  differences:\n" + row.format("J02.0") + row.format("J02.9"), codes) == []
    assert any("J02.0/N differs" in line for line in found(STAY + REVIEW.format("J02.0/N"), codes))


def test_minutes_fit_the_chart(codes: CodeSet) -> None:
    long = spoiled("Rapid strep positive.", "Rapid strep positive.\n      " + "word " * 1100)
    assert one(long, codes) == (
        "6:10: warning: minutes: 5, but reading 1122 words takes 6 minutes by itself (at 175 a minute)"
    )
    assert found(spoiled("minutes: 5", "minutes: 7", long), codes) == []
    assert one(spoiled("minutes: 5", "minutes: 60"), codes).startswith(
        "6:10: warning: minutes: 60, but reading 22 words and coding takes about 3;"
    )


# -- privacy -------------------------------------------------------------------------------------------------------


def test_an_identifier_is_an_error_at_its_place(codes: CodeSet) -> None:
    text = spoiled("Rapid strep positive.", "Rapid strep positive. MRN 445566.")
    assert one(text, codes).startswith("17:33: privacy: '445566' looks like a record number")
    assert one(spoiled("age: 8 years", "age: 93 years"), codes).startswith("7:16: age: ages over 89")


@pytest.mark.parametrize("word", ["[name]", "[place]", "[date]", "[record number]", "Write the chart here"])
def test_what_stands_for_words_of_the_chart_is_an_error(word: str, codes: CodeSet) -> None:
    text = spoiled("Rapid strep positive.", f"Rapid strep positive. {word}")
    ready = spoiled("status: draft", "status: ready", text)
    said = [[line for line in found(one, codes) if "stands for" in line] for one in (text, ready)]
    assert said[0][0].startswith(f"x.yaml:17:29: note: chart: {word} stands for words of the chart")
    assert said[1][0].startswith(f"x.yaml:17:29: chart: {word} stands for words of the chart")


def test_a_name_is_a_warning(codes: CodeSet) -> None:
    text = spoiled("Rapid strep positive.", "Rapid strep positive. Seen by Dr. Miller.")
    assert one(text, codes).startswith("17:41: warning: privacy: 'Miller' looks like a name")


def test_a_date_lies_near_the_encounter_or_is_no_more_than_a_month(codes: CodeSet) -> None:
    def said(words: str) -> list[str]:
        return [
            line for line in found(spoiled("Rapid strep positive.", f"Rapid strep {words}."), codes) if "day" in line
        ]

    assert said("on 05/04/2026, 4 May 2026 and May 20; also in June 2019 and 2012") == []
    assert said("on 6/11/2019")[0].startswith("x.yaml:17:22: privacy: '6/11/2019' is exact to the day")
    assert said("on 12/20/2025")[0].startswith("x.yaml:17:22: note: privacy: '12/20/2025' is exact to the day")
    assert said("on a visit, LMP 12/20/2025, EDD by US 9/26/2026") == []


# -- paths ---------------------------------------------------------------------------------------------------------


def test_paths_may_be_files_and_folders_and_all_problems_come_at_once(tmp_path: Path, codes: CodeSet) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x.yaml").write_text("title: [", encoding="utf-8")
    (tmp_path / "a" / "y.yaml").write_text(spoiled("code: J02.0", "code: J02"), encoding="utf-8")
    (tmp_path / "y.yaml").write_text(TEXT, encoding="utf-8")
    said = [(Path(p.path).name, p.message[:20]) for p in lint_paths([tmp_path / "a", tmp_path / "y.yaml"], codes)]
    assert [name for name, _ in said] == ["x.yaml", "y.yaml", "y.yaml"]
    assert said[-1][1] == "the id y belongs to "
    assert "cannot be read" in lint_paths([tmp_path / "none.yaml"], codes)[0].message
