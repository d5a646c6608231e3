"""Amendments of a key: what they change in a case, and that a file's text says the same after them."""

import pytest
from small_case import TEXT, spoiled

from sandbox.cases.amending import Amendment, amended
from sandbox.cases.amending_text import ByHand, amend_text
from sandbox.cases.reader import read
from sandbox.cases.schema import Case
from tests import shipped

OTHER = "Z99.89"


def again(text: str) -> Case:
    source = read(text, "some-case.yaml")
    assert source.case, source.problems
    return source.case


def ways(case: Case) -> list[Amendment]:
    """Each line of a key changed in each way that a file can take."""
    out = []
    sections = (("diagnoses", case.key.diagnoses), ("procedures", case.key.procedures))
    for section, rows in sections:
        once = [row for row in rows if [other.code for other in rows].count(row.code) == 1]
        for row in once:
            for code in (OTHER, *row.partial, *row.instead, *row.accept):
                out.append(Amendment("accept", section, row.code, code))  # type: ignore[arg-type]
                out.append(Amendment("partial", section, row.code, code, 0.35))  # type: ignore[arg-type]
            out.append(Amendment("optional", section, row.code))  # type: ignore[arg-type]
            if section == "diagnoses":
                out.append(Amendment("poa", "diagnoses", row.code, "-"))
            if section == "diagnoses" and row is not rows[0]:
                out.append(Amendment("first", "diagnoses", row.code))
    return out


@pytest.mark.parametrize(
    "path", [path for path in shipped.FILES if path.parent.name != "exams"], ids=lambda path: path.stem
)
def test_the_text_says_what_the_amended_case_says(path: object) -> None:
    text = path.read_text(encoding="utf-8")  # type: ignore[attr-defined]
    case = again(text)
    found = ways(case)
    assert len(found) > 3
    # Two or three of each case, in each another way: the styles of YAML are gone through below.
    step = max(1, len(found) // 2)
    for one in found[len(text) % step :: step]:
        changed = amend_text(text, [one])
        assert again(changed) == amended(case, (one,)), one
        kept, new = text.splitlines(), set(changed.splitlines())
        assert sum(line not in new for line in kept) <= 2 + 4 * ("instead" in text), "no other line is touched"


def test_each_way_in_the_small_case() -> None:
    case = again(TEXT)
    for one in ways(case):
        assert again(amend_text(TEXT, [one])) == amended(case, (one,)), one
    two = (Amendment("accept", "diagnoses", "J02.0", "J03.00"), Amendment("poa", "diagnoses", "J02.0", "N"))
    assert again(amend_text(TEXT, two)) == amended(case, two)
    assert "instead" not in amend_text(TEXT, two[:1]) and "Look at what" not in amend_text(TEXT, two[:1])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    - code: J02.0\n", "    - code: J02.0  # strep\n      accept:\n        - J02.8  # rare\n"),
        ("      partial: {J02.9: 0.5}\n", "      partial:\n        J02.9: 0.5\n        J02.8: 0.2\n"),
        ("      instead:\n", "      instead:\n        J04.0: >\n          Look at what\n          hurts.\n"),
        (
            "        J03.00: Look at what",
            "        J02.9: |\n          Two\n          lines.\n        J03.00: Look at what",
        ),
    ],
)
def test_lists_mappings_comments_and_blocks_in_other_styles(old: str, new: str) -> None:
    text = spoiled(old, new)
    case = again(text)
    for one in ways(case):
        assert again(amend_text(text, [one])) == amended(case, (one,)), one


def test_a_line_in_braces() -> None:
    start = TEXT.index("    - code: J02.0")
    words = "evidence: [{document: visit, quote: Strep pharyngitis}], why: It is., partial: {J02.9: 0.5}"
    line = f"    - {{code: J02.0, {words}}}\n"
    text = TEXT[:start] + line + "hints: [Name the germ.]\n"
    case = again(text)
    for one in ways(case):
        assert again(amend_text(text, [one])) == amended(case, (one,)), one


def test_brackets_that_are_empty_take_the_value() -> None:
    text = spoiled(
        "      partial: {J02.9: 0.5}\n", "      partial: {}\n      accept: [ ]  # none\n      accept_poa: []\n"
    )
    case = again(text)
    for one in (
        Amendment("accept", "diagnoses", "J02.0", OTHER),
        Amendment("partial", "diagnoses", "J02.0", OTHER, 0.25),
        Amendment("poa", "diagnoses", "J02.0", "-"),
    ):
        assert again(amend_text(text, [one])) == amended(case, (one,)), one


@pytest.mark.parametrize("there", ["", "  either_first: []\n", "  either_first:\n    - [J02.0, R50.9]\n"])
def test_another_line_may_stand_first(there: str) -> None:
    text = spoiled("hints:", "    - {code: R50.9, why: It was high.}\n    - {code: R05.1, why: Dry.}\nhints:")
    text = text.replace("key:\n", f"key:\n{there}")
    case = again(text)
    for code in ("R50.9", "R05.1"):
        one = Amendment("first", "diagnoses", code)
        changed = amend_text(text, [one])
        assert again(changed) == amended(case, (one,)), changed
        assert ("J02.0", code) in again(changed).key.either_first
    line = "key: {diagnoses: [{code: J02.0, why: It is.}, {code: R50.9, why: High.}]}\n"
    text = TEXT[: TEXT.index("key:")] + line + "hints: [Name the germ.]\n"
    one = Amendment("first", "diagnoses", "R50.9")
    assert again(amend_text(text, [one])) == amended(again(text), (one,)), "in braces"


def test_a_tab_that_only_one_parser_reads_is_left_to_the_editor() -> None:
    text = spoiled("    - code: J02.0\n", "    - code: J02.0\t# strep\n")
    assert again(text)
    with pytest.raises(ByHand, match="tab"):
        amend_text(text, [Amendment("accept", "diagnoses", "J02.0", OTHER)])


def test_what_a_file_cannot_take_is_said_and_nothing_is_guessed() -> None:
    with pytest.raises(ByHand, match="no line of the key"):
        amend_text(TEXT, [Amendment("accept", "diagnoses", "J06.9", "J02.9")])
    with pytest.raises(ByHand, match="more than another value"):
        amend_text(TEXT, [Amendment("extra", "diagnoses", "R50.9")])
    twice = TEXT.replace("hints:", "    - {code: J02.0, why: Again.}\nhints:")
    with pytest.raises(ByHand, match="2 lines"):
        amend_text(twice, [Amendment("accept", "diagnoses", "J02.0", "J02.9")])


def test_an_extra_line_is_right_and_not_required_and_no_longer_refused() -> None:
    case = again(TEXT)
    one = Amendment("extra", "diagnoses", "R50.9", document="visit", quote="fever")
    changed = amended(case, (one,))
    assert [(row.code, row.optional) for row in changed.key.diagnoses] == [("J02.0", False), ("R50.9", True)]
    assert amended(changed, (one,)) is changed, "a line that is there is not added again"
    first = Amendment("first", "diagnoses", "R50.9")
    assert amended(changed, (first,)).key.either_first == (("J02.0", "R50.9"),)
    assert Amendment.from_json(one.as_json()) == one
