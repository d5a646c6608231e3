"""A case file becomes a case, or all its problems with line and column."""

import dataclasses
import hashlib
import os
from pathlib import Path

import pytest

from sandbox.cases import nodes
from sandbox.cases.reader import MOST_BYTES, Problem, read, read_file
from tests.small_case import TEXT, VARIED, spoiled

PATH = "cases/x.yaml"
ROOT = Path(__file__).resolve().parent.parent


def problems(text: str | bytes) -> list[str]:
    source = read(text, PATH)
    assert (source.case is None) == bool(source.problems)
    return [str(problem) for problem in source.problems]


def test_a_good_file_becomes_a_case() -> None:
    source = read(TEXT, PATH)
    assert source.problems == ()
    assert source.case is not None
    assert source.case.title == "A sore throat"
    assert source.case.key.diagnoses[0].partial == {"J02.9": 0.5}


def test_scalars_stay_as_the_author_typed_them() -> None:
    text = spoiled("[Name the germ.]", "[250.00, 065, NO, 2026-05-02, 0x1F, 1e3, ~, null, 12:30]")
    case = read(text, PATH).case
    assert case is not None
    assert case.hints == ("250.00", "065", "NO", "2026-05-02", "0x1F", "1e3", "~", "null", "12:30")


def test_codes_that_yaml_takes_for_numbers_stay_codes() -> None:
    case = read(spoiled("code: J02.0", "code: 0210093"), PATH).case
    assert case is not None
    assert case.key.diagnoses[0].code == "0210093"
    case = read(spoiled("code: J02.0", "code: 30233E1"), PATH).case
    assert case is not None
    assert case.key.diagnoses[0].code == "30233E1"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("minutes: 5", "minuts: 5", ["1:1: minutes: missing here", "6:1: minuts: unknown key; did you mean minutes?"]),
        ("minutes: 5", "minutes: 5\nminutes: 6", ["7:1: minutes: twice in one place; it stands in line 6 already"]),
        ("minutes: 5", "minutes: five", ["6:10: minutes: 'five' is no whole number"]),
        ("minutes: 5", "minutes: 500", ["6:10: minutes: input should be less than or equal to 240"]),
        ("minutes: 5", "minutes:", ["6:9: minutes: no value; write one or leave the line out"]),
        (
            "status: draft",
            "status: drft",
            ["5:9: status: 'drft' is none of 'draft', 'ready' or 'retired'; did you mean draft?"],
        ),
        ("{age: 8 years, sex: female}", "8 years", ["7:10: patient: expected keys with values"]),
        ("age: 8 years", "age: 8", ["7:16: age: '8' is not an age such as 78 years, 5 months or 9 days"]),
        (
            "sex: female",
            "female",
            [
                "7:10: sex: missing here",
                "7:25: 'female' has no colon: a comma ends a value in {…}; put the text into quotes",
            ],
        ),
        (
            "date_of_service: 2026-05-04",
            "date_of_service: 20260504",
            ["8:18: date_of_service: '20260504' is no date in the form YYYY-MM-DD"],
        ),
        (
            "date_of_service: 2026-05-04",
            "date_of_service: 2026-02-30",
            ["8:18: date_of_service: the calendar has no 2026-02-30"],
        ),
        (
            "date_of_service: 2026-05-04",
            "admitted: 2026-05-04",
            ["2:10: an office case has date_of_service, and neither admitted nor discharged"],
        ),
        (
            "    title: Office note",
            "    titel: Office note",
            ["10:5: title: missing here", "11:5: titel: unknown key; did you mean title?"],
        ),
        ("code: J02.0", "code: j02.0", ["23:13: code: 'j02.0' is not a code in capitals, such as M80.052A"]),
        ("{J02.9: 0.5}", "{J02.9: 1}", ["27:24: J02.9: input should be less than 1"]),
        ("{J02.9: 0.5}", "{j02.9: 0.5}", ["27:17: j02.9: 'j02.9' is not a code in capitals, such as M80.052A"]),
        ("{J02.9: 0.5}", "[J02.9]", ["27:16: partial: expected keys with values"]),
        ("partial:", "optional: perhaps\n      partial:", ["27:17: optional: 'perhaps' is neither true nor false"]),
        (
            "hints: [Name the germ.]",
            "hints: Name the germ.",
            ["30:8: hints: expected a list: lines that begin with '- ', or [a, b]"],
        ),
        (
            "hints: [Name the germ.]",
            "hints:\n  - a\n  -",
            ["32:4: this entry: no value; write one or leave the line out"],
        ),
        ("hints: [Name the germ.]", "? [a]\n: b", ["30:3: a key is plain text, not a list or a mapping"]),
    ],
)
def test_a_problem_says_where_and_what(old: str, new: str, expected: list[str]) -> None:
    assert problems(spoiled(old, new)) == [f"{PATH}:{line}" for line in expected]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("    title: Office", "\ttitle: Office", "11:1: a tab; YAML is indented with spaces"),
        ("title: A sore", "title: A: sore", "1:9: a second ': ' in one line; put the value into quotation marks"),
        ("office", "@office", "2:10: a value that begins with @ needs quotes"),
        ("[Name the germ.]", "'Name the germ.", "30:8: this quotation mark is never closed"),
        (
            "[Name the germ.]",
            "[Which: germ",
            "31:1: a list in [ ] ends otherwise than with ]; a text in it may need quotes",
        ),
        ("    author: Ped", "   author: Ped", "12:4: the indentation does not fit the lines above"),
        ("      Rapid", "   Rapid", "17:4: the indentation does not fit the lines above"),
        ("      Rapid", "Rapid", "17:1: neither 'key: value' nor text indented below its key"),
        ("hints:", "---\nhints:", "30:1: a second '---'; a file holds one case"),
    ],
)
def test_a_slip_of_syntax_says_where_and_what(old: str, new: str, expected: str) -> None:
    assert problems(spoiled(old, new)) == [f"{PATH}:{expected}"]


def test_all_problems_are_told_at_once_in_the_order_of_the_lines() -> None:
    text = spoiled("difficulty: 1", "difficulty: 9")
    text = spoiled("setting: office", "setting: offise", text)
    text = spoiled("minutes: 5", "minutes: 5\nminutes: 6", text)
    text = spoiled("document: visit", "documnt: visit", text)
    assert [problem.line for problem in read(text, PATH).problems] == [2, 4, 7, 26, 26]


def test_anchors_aliases_and_tags_are_refused() -> None:
    said = "anchors (&) and aliases (*) are not used in case files; quote a value that needs them"
    assert problems(spoiled("minutes: 5", "minutes: &five 5")) == [f"{PATH}:6:10: {said}"]
    assert problems(spoiled("minutes: 5", "minutes: *five")) == [f"{PATH}:6:10: {said}"]
    tag = f"{PATH}:6:10: tags (!) are not used in case files"
    assert problems(spoiled("minutes: 5", "minutes: !!int 5")) == [tag]
    assert problems(spoiled("minutes: 5", "minutes: !!python/object/apply:os.getcwd []")) == [tag]


def test_a_bomb_of_aliases_is_refused_at_its_first_anchor() -> None:
    bomb = "a: &a [x, x]\n" + "".join(f"{chr(n)}: &{chr(n)} [*{chr(n - 1)}, *{chr(n - 1)}]\n" for n in range(98, 120))
    assert [problem.line for problem in read(bomb, PATH).problems] == [1]


@pytest.mark.parametrize(
    "text", ["[" * 900_000, "- " * 400_000, "? " * 400_000, "a: 1\n" * 190_000, "[" + "a," * 400_000]
)
def test_deep_and_endless_structures_are_refused(text: str) -> None:
    assert "more entries, or deeper ones" in problems(text)[0]
    assert nodes.MOST_DEPTH < 100


def test_escapes_that_make_no_character_are_survived() -> None:
    assert problems('title: "\\U00110000"') == [f"{PATH}:1:1: not YAML: chr() arg not in range(0x110000)"]
    assert read(spoiled("A sore throat", '"A \\ud800 throat"'), PATH).case is not None
    assert [said.encode() for said in problems(spoiled("minutes:", '"\\ud800":'))]


def test_a_huge_file_is_refused_unread() -> None:
    assert problems("#" * (MOST_BYTES + 1)) == [f"{PATH}:1:1: larger than 1 MB; no case needs that much"]


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "---\n"])
def test_an_empty_file_says_so(text: str) -> None:
    said = problems(text)
    assert len(said) == 1
    assert "empty" in said[0] or "begins with keys" in said[0]


@pytest.mark.parametrize("text", ["- a\n- b\n", "just words\n", "[a]"])
def test_a_file_without_keys_says_how_a_case_begins(text: str) -> None:
    assert problems(text) == [f"{PATH}:1:1: a case file begins with keys, such as 'title: …'"]


def test_windows_line_ends_and_a_byte_order_mark_change_nothing() -> None:
    raw = ("\ufeff" + TEXT.replace("\n", "\r\n")).encode()
    source = read(raw, PATH)
    plain = read(TEXT, PATH)
    assert source.case == plain.case
    assert source.where(("key", "diagnoses", 0, "code")) == plain.where(("key", "diagnoses", 0, "code"))
    assert source.tree.inside(("documents", 0, "text"), 10) == plain.tree.inside(("documents", 0, "text"), 10)


def test_other_encodings_say_where_they_fail() -> None:
    assert problems(TEXT.encode("utf-16")) == [f"{PATH}:1:1: saved as UTF-16; save the file as UTF-8"]
    latin = spoiled("A sore throat", "A soré throat").encode("latin-1")
    assert problems(latin) == [f"{PATH}:1:13: the byte 0xe9 is not UTF-8; save the file as UTF-8"]


def test_an_invisible_character_is_named_with_its_place() -> None:
    said = "the invisible character U+0007 cannot stand in a case file"
    assert problems(spoiled("throat pain", "throat\x07 pain")) == [f"{PATH}:16:21: {said}"]


def test_a_file_that_cannot_be_read_is_a_problem(tmp_path: Path) -> None:
    assert read_file(tmp_path / "gone.yaml", PATH).problems[0].message == "cannot be read: No such file or directory"
    (tmp_path / "folder.yaml").mkdir()
    assert "cannot be read" in read_file(tmp_path / "folder.yaml", PATH).problems[0].message


def test_the_hash_is_that_of_the_bytes_and_survives_the_store(tmp_path: Path) -> None:
    raw = ("\ufeff" + TEXT.replace("\n", "\r\n")).encode()
    (tmp_path / "x.yaml").write_bytes(raw)
    source = read_file(tmp_path / "x.yaml", PATH)
    assert source.hash == hashlib.sha256(raw).hexdigest()[:16]
    assert read(source.text, PATH).hash == source.hash
    assert read(source.text, PATH).case == source.case
    assert read(TEXT, PATH).hash != source.hash


def test_every_value_and_key_has_its_place() -> None:
    source = read(TEXT, PATH)
    assert source.where(("key", "diagnoses", 0, "code")) == (23, 13)
    assert source.where(("key", "diagnoses", 0, "evidence", 0, "quote")) == (25, 36)
    assert source.where(("key", "diagnoses", 0, "instead", "J03.00"), key=True) == (29, 9)
    assert source.where(("key", "diagnoses", 0, "optional")) == (23, 7), "what is not there: the nearest above it"
    assert source.where(()) == (1, 1)


def test_a_place_inside_a_text_is_that_of_the_line_in_the_file() -> None:
    source = read(TEXT, PATH)
    assert source.case is not None
    text = source.case.documents[0].text
    lines = TEXT.split("\n")
    for words in ("## HPI", "throat pain", "Rapid", "Strep pharyngitis", "10 d"):
        line, column = source.tree.inside(("documents", 0, "text"), text.index(words))
        assert lines[line - 1][column - 1 :].startswith(words)
    assert source.tree.inside(("hints", 0), 3) == source.where(("hints", 0)), "other texts: where they begin"


def test_a_problem_is_frozen_and_reads_like_a_compiler() -> None:
    problem = Problem(PATH, 12, 7, "message")
    assert str(problem) == "cases/x.yaml:12:7: message"
    assert str(dataclasses.replace(problem, level="warning")) == "cases/x.yaml:12:7: warning: message"
    with pytest.raises(dataclasses.FrozenInstanceError):
        problem.line = 3  # type: ignore[misc]


def test_reading_executes_nothing(tmp_path: Path) -> None:
    target = tmp_path / "made"
    read(spoiled("minutes: 5", f"minutes: !!python/object/apply:os.mkdir ['{target}']"), PATH)
    assert not os.path.lexists(target)


def test_only_a_draft_may_be_without_a_key_or_without_evidence() -> None:
    bare = spoiled("evidence:\n        - {document: visit, quote: Strep pharyngitis}", "evidence: []")
    assert problems(bare) == []
    done = bare.replace("status: draft", "status: ready")
    assert problems(done) == [f"{PATH}:24:17: evidence: needs at least one; only a draft may be without"]
    empty = TEXT[: TEXT.index("    - code:")].replace("diagnoses:", "diagnoses: []") + "hints: []\n"
    assert problems(empty) == []
    said = problems(empty.replace("status: draft", "status: ready"))
    assert said == [f"{PATH}:22:14: diagnoses: needs at least one; only a draft may be without"]


@pytest.mark.skipif(nodes._FAST is None, reason="PyYAML was built without libyaml")
def test_libyaml_and_pyyaml_read_the_same() -> None:
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "cases").rglob("*.yaml")]
    for text in (*texts, TEXT, VARIED, 'a: "\\u00e9"\nb: {c: [d, e], f: h}\ng: |\n  ß\n  h\n'):
        assert nodes._composed(text, nodes._FAST) == nodes._composed(text, nodes._Loader)


def test_what_libyaml_says_of_a_fault_is_not_what_people_read(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = ["a: b: c", "a: [b", "a: &x b", "a: !!str b", "a:\n\tb: c", "a: 'b", "- a", "", "a: b\n---\nc: d"]
    told = [nodes.compose(text).faults for text in broken]
    monkeypatch.setattr(nodes, "_FAST", None)
    assert [nodes.compose(text).faults for text in broken] == told and all(told)
