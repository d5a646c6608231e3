"""An encounter is the chart with other words and codes, and every place of it leads back into the file."""

from pathlib import Path

import pytest

from sandbox.cases.library import CaseFile, Library
from sandbox.cases.reader import Source, read
from sandbox.cases.schema import Case
from tests.small_case import TEXT, VARIED, spoiled

ROOT = Path(__file__).resolve().parent.parent


def sources(text: str) -> dict[str, Source]:
    found = read(text, "x.yaml")
    assert found.problems == ()
    return {one.variant: one for one in (found, *found.others)}


def of(text: str, variant: str) -> Case:
    found = sources(text)[variant].case
    assert found
    return found


def axis(words: str = "{}", codes: str = "{}", text: str = TEXT) -> str:
    return text + f"variants:\n  one:\n    a: {{}}\n    b: {{words: {words}, codes: {codes}}}\n"


def test_words_are_replaced_in_chart_and_quote_and_codes_in_the_key() -> None:
    case = of(VARIED, "viral")
    assert "Viral pharyngitis. Amox" in case.documents[0].text
    assert "Rapid strep negative." in case.documents[0].text
    line = case.key.diagnoses[0]
    assert (line.code, line.evidence[0].quote) == ("J02.8", "Viral pharyngitis")
    assert list(line.instead) == ["J03.80"]
    assert list(line.partial) == ["J02.9"]


def test_every_kind_of_text_and_code_is_reached() -> None:
    text = TEXT.replace("      why:", "      accept: [J06.9]\n      cites: [Tabular J02.0 germ]\n      why:", 1)
    text += "topics: [germ]\n"
    text = text.replace(
        "hints:", "  not_coded: [{code: J02.0, why: not J02.0 germ}]\n  either_first: [[J02.0, J06.9]]\nhints:"
    )
    case = of(axis("{germ: virus, Office: Clinic, Pediatrician: Nurse}", "{J02.0: J02.8, J06.9: J00}", text), "b")
    line = case.key.diagnoses[0]
    assert (line.accept, line.cites, case.topics) == (("J00",), ("Tabular J02.8 virus",), ("virus",))
    assert "names the virus" in line.why
    assert (case.key.not_coded[0].code, case.key.not_coded[0].why) == ("J02.8", "not J02.8 virus")
    assert case.key.either_first == (("J02.8", "J00"),)
    assert case.hints == ("Name the virus.",)
    assert (case.documents[0].title, case.documents[0].author) == ("Clinic note", "Nurse")


def test_two_words_and_two_codes_can_change_places() -> None:
    case = of(axis("{Strep: Rapid, Rapid: Strep}", "{J02.0: J02.9, J02.9: J02.0}"), "b")
    assert "Strep strep positive." in case.documents[0].text
    assert "Rapid pharyngitis" in case.documents[0].text
    assert (case.key.diagnoses[0].code, list(case.key.diagnoses[0].partial)) == ("J02.9", ["J02.0"])


def test_only_whole_words_are_replaced_and_the_longest_first() -> None:
    case = of(axis("{x 2 d: x 3 d, x: times, F: M}"), "b")
    assert "8 yo M, throat pain x 3 d, fever." in case.documents[0].text
    assert "Amoxicillin times 10 d." in case.documents[0].text


def test_a_code_in_prose_is_no_part_of_a_longer_one() -> None:
    text = spoiled("The test names the germ", "J02 is not J02.0 nor J02.01; the test names the germ")
    assert (
        of(axis(codes="{J02.0: J02.8}", text=text), "b").key.diagnoses[0].why.startswith("J02 is not J02.8 nor J02.01")
    )


def test_axes_work_one_after_another() -> None:
    text = TEXT + (
        "variants:\n  side:\n    l: {}\n    r: {words: {Strep pharyngitis: Sore pharyngitis}}\n"
        "  site:\n    p: {}\n    t: {words: {pharyngitis: tonsillitis}}\n"
    )
    assert "Sore tonsillitis. Amox" in of(text, "r-t").documents[0].text
    assert "Strep tonsillitis. Amox" in of(text, "t").documents[0].text


TWO = TEXT.replace("J02.0", "E11.3312").replace("{", "{{").replace("}", "}}") + (
    "variants:\n  type:\n    two: {{}}\n    one: {{codes: {{E11.3312: {one}}}}}\n"
    "  eye:\n    left: {{}}\n    right: {{codes: {{E11.3312: {two}{more}}}}}\n"
)


def test_two_axes_change_each_its_own_characters_of_a_code() -> None:
    text = TWO.format(one="E10.3312", two="E11.3311", more="")
    codes = {name: one.case.key.diagnoses[0].code for name, one in sources(text).items() if one.case}
    assert codes == {"": "E11.3312", "one": "E10.3312", "right": "E11.3311", "one-right": "E10.3311"}


def test_two_axes_that_want_one_character_must_say_what_comes_of_both() -> None:
    found = read(TWO.format(one="E11.3313", two="E11.3311", more=""), "x.yaml")
    assert [str(problem) for problem in found.problems] == [
        "x.yaml:37:21: ~one-right: codes: E11.3312 is E11.3313 by an earlier axis and E11.3311 by this one; "
        "say here what becomes of E11.3313"
    ]
    assert found.case is None
    said = TWO.format(one="E11.3313", two="E11.3311", more=", E11.3313: E11.3319")
    assert of(said, "one-right").key.diagnoses[0].code == "E11.3319"


def test_two_codes_of_one_mapping_cannot_become_one() -> None:
    text = spoiled("{J02.9: 0.5}", "{J02.9: 0.5, J06.9: 0.3}")
    found = read(axis(codes="{J06.9: J02.9}", text=text), "x.yaml")
    assert [str(problem) for problem in found.problems] == ["x.yaml:34:28: ~b: codes: two become J02.9"]


def test_the_patient_and_what_is_said_once_can_change() -> None:
    text = TEXT + "variants:\n  one:\n    a: {}\n    b: {patient: {sex: male}, minutes: 9}\n"
    case = of(text, "b")
    assert (case.patient.sex, case.patient.age, case.minutes) == ("male", "8 years", 9)


ONLY = spoiled(
    "hints:",
    "    - code: R50.9\n      only: [viral, grown]\n      evidence: [{document: visit, quote: fever}]\n"
    "      why: fever\n    - code: R05.9\n      evidence:\n        - {document: visit, quote: fever, only: [child]}\n"
    "        - {document: visit, quote: throat}\n      why: x\n"
    "  either_first: [[J02.0, R50.9]]\nhints:",
    VARIED,
)


def test_a_line_stands_only_where_it_says() -> None:
    lines = {name: [row.code for row in one.case.key.diagnoses] for name, one in sources(ONLY).items() if one.case}
    assert lines == {
        "": ["J02.0", "R05.9"],
        "grown": ["J02.0", "R05.9"],
        "viral": ["J02.8", "R05.9"],
        "viral-grown": ["J02.8", "R50.9", "R05.9"],
    }
    assert of(ONLY, "viral").key.either_first == ()
    assert of(ONLY, "viral-grown").key.either_first == (("J02.8", "R50.9"),)
    assert [len(of(ONLY, name).key.diagnoses[-1].evidence) for name in ("", "grown")] == [2, 1]


def test_a_key_that_loses_its_last_line_is_told_with_its_encounter() -> None:
    text = spoiled("    - code: J02.0\n", "    - code: J02.0\n      only: [strep]\n", VARIED).replace(
        "status: draft", "status: ready"
    )
    assert [str(problem) for problem in read(text, "x.yaml").problems] == [
        "x.yaml:23:5: ~viral, ~viral-grown: diagnoses: needs at least one; only a draft may be without"
    ]


def test_a_place_leads_back_into_the_file() -> None:
    grown, both = sources(ONLY)["grown"], sources(ONLY)["viral-grown"]
    lines = ONLY.splitlines()
    line, column = grown.where(("key", "diagnoses", 1, "code"))
    assert lines[line - 1][column - 1 :] == "R05.9", "behind a line that is not there"
    line, column = both.where(("key", "diagnoses", 0, "code"))
    assert lines[line - 1][column - 1 :].startswith("J02.8"), "what was replaced is at its replacement"
    line, column = both.where(("key", "diagnoses", 0, "instead", "J03.80"), key=True)
    assert lines[line - 1][column - 1 :].startswith("J03.80")
    line, column = both.where(("patient", "age"))
    assert lines[line - 1][column - 1 :].startswith("30 years")
    line, _ = both.where(("key", "diagnoses", 0, "evidence", 0, "quote"))
    assert "quote: Strep pharyngitis" in lines[line - 1]


def test_a_character_of_a_changed_text_is_in_its_line() -> None:
    one = sources(VARIED)["viral"]
    text = one.tree.data["documents"][0]["text"]
    found = one.problem_inside(("documents", 0, "text"), text.index("Viral"), "x")
    assert "Strep pharyngitis. Amox" in VARIED.splitlines()[found.line - 1]
    assert found.column == 7


def test_each_encounter_has_an_id_and_a_hash_of_its_own() -> None:
    file = CaseFile.of(read(VARIED, "cases/x.yaml"))
    assert [one.id for one in file.family] == ["x", "x~grown", "x~viral", "x~viral-grown"]
    assert len({one.hash for one in file.family}) == 4
    assert file.hash == read(VARIED, "y.yaml").hash
    assert [len(one.hash) for one in file.family] == [16] * 4


def test_a_kept_chart_revives_to_the_same_variant() -> None:
    file = CaseFile.of(read(VARIED, "cases/x.yaml"))
    for one in file.family:
        variant = one.id.partition("~")[2]
        assert CaseFile.revive(one.text, one.path, variant) == one
    with pytest.raises(ValueError, match="no variant other"):
        CaseFile.revive(file.text, file.path, "other")


def test_the_library_serves_every_encounter_and_lists_one_case(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(VARIED, encoding="utf-8")
    library = Library(tmp_path)
    assert list(library.cases()) == ["x"]
    assert list(library.encounters()) == ["x", "x~grown", "x~viral", "x~viral-grown"]
    found = library.get("x~viral")
    assert found
    assert found.case.key.diagnoses[0].code == "J02.8"
    assert [one.id for one in library.family("x~viral")] == list(library.encounters())
    assert library.get("x~none") is None
    assert library.family("none") == ()


def test_three_shipped_cases_have_at_least_four_encounters() -> None:
    library = Library(ROOT / "cases")
    many = [file for file in library.cases().values() if len(file.family) >= 4]
    assert len(many) >= 3
    for file in many:
        keys = {tuple((line.key, line.poa) for line in one.case.claim().lines) for one in file.family}
        assert len(keys) == len(file.family), "each asks for codes of its own"


def test_what_encounters_have_in_common_is_kept_once_and_they_are_what_they_were() -> None:
    source = read(VARIED, "x.yaml")
    assert source.case
    for other in source.others:
        assert other.case
        assert other.case == Case.model_validate(other.tree.data)
    grown = next(other.case for other in source.others if other.variant == "grown")
    assert grown and grown.key.diagnoses[0] is source.case.key.diagnoses[0]
    assert grown.documents[0] is not source.case.documents[0]
