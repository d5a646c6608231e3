"""What the code book says of an entry: guidelines, links in notes, standing, neighbours; and procedures built."""

import pytest

from sandbox.codebook import builder, entry, guidelines, linking
from sandbox.codes.codeset import CodeSet
from sandbox.rulebook.page import book

ON = 20260401


def governing(codes: CodeSet, key: str) -> list[str]:
    code = codes.get(key)
    assert code
    return [section.number for section in guidelines.governing(code)]


def test_every_span_of_the_guidelines_exists_in_the_code_set(codes: CodeSet) -> None:
    for section in guidelines.sections():
        assert section.spans, section.number
        for span in section.spans:
            assert codes.get(span.low), (section.number, span)
            assert codes.get(span.high), (section.number, span)
            assert (
                any(span.covers(code.key) for code in codes.below(span.low, ON)) or span.tail or span.low != span.high
            )


def test_sections_are_named_once_in_order_below_a_section_that_is_there() -> None:
    numbers = [section.number for section in guidelines.sections()]
    assert len(numbers) == len(set(numbers))
    for number in numbers:
        assert number.count(".") == 2 or number.rpartition(".")[0] in numbers
    chapters = [int(number.split(".")[2]) for number in numbers]
    assert chapters == sorted(chapters)
    assert set(chapters) == set(range(1, 23))


def test_every_chapter_section_that_a_rule_cites_is_in_the_table() -> None:
    numbers = {section.number for section in guidelines.sections()}
    cited = {section for page in book().values() for section in page.sections if section.startswith("I.C.")}
    assert cited
    assert cited <= numbers


@pytest.mark.parametrize(
    ("key", "has", "lacks"),
    [
        ("E11.22", "I.C.4.a I.C.4.a.2", "I.C.4.a.6 I.C.9.a"),
        ("E08.22", "I.C.4.a I.C.4.a.6.b", "I.C.4.a.2"),
        ("E08-E13", "I.C.4 I.C.4.a", "I.C.4.a.2"),
        ("I13.0", "I.C.9.a.1 I.C.9.a.2 I.C.9.a.3", "I.C.9.e"),
        ("O80", "I.C.15.a.1 I.C.15.n.1", "I.C.15.g"),
        ("CH15", "I.C.15 I.C.15.a.1 I.C.15.s", "I.C.1 I.C.16"),
        ("T45.515A", "I.C.19.e.5.a", "I.C.19.e.5.b I.C.19.e.5.c"),
        ("T45.511A", "I.C.19.e.5.b", "I.C.19.e.5.a"),
        ("CH1", "I.C.1 I.C.1.g.1.n", "I.C.10 I.C.15"),
    ],
)
def test_a_code_has_the_sections_that_govern_it(codes: CodeSet, key: str, has: str, lacks: str) -> None:
    found = governing(codes, key)
    assert set(has.split()) <= set(found)
    assert not set(lacks.split()) & set(found)


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("diabetes (E08-E13)", "E08-E13"),
        ("chronic kidney disease (N18.1-N18.6)", "N181 N186"),
        ("gestational diabetes (O24.4-)", "O244"),
        ("poisoning (T36-T50), with E99.9", "T36-T50"),
        ("vitamin B12, influenza H1N1, LGMD R12", ""),
        ("see B20.", "B20"),
    ],
)
def test_codes_in_a_note_are_links_and_no_word_is_lost(codes: CodeSet, text: str, keys: str) -> None:
    found = linking.pieces(codes, text)
    assert "".join(piece.text for piece in found) == text
    assert [piece.key for piece in found if piece.key] == keys.split()


def test_no_note_of_the_tabular_loses_a_word_and_those_that_name_codes_have_links(codes: CodeSet) -> None:
    for note in codes.all_notes():
        found = linking.pieces(codes, note.text)
        assert "".join(piece.text for piece in found) == note.text
        if any(codes.get(target.low) for target in note.targets if not target.tail):
            assert any(piece.key for piece in found), note


@pytest.mark.parametrize(
    ("key", "on", "says"),
    [
        ("E11.22", ON, "It may be assigned"),
        ("E11", ON, "needs more characters"),
        ("S72.001", ON, "the 7th says"),
        ("E08-E13", ON, "A block, not a code"),
        ("U07.1", 20190501, "Not in force on 2019-05-01: it begins on 2020-04-01"),
    ],
)
def test_whether_a_code_may_be_assigned_is_told_in_words(codes: CodeSet, key: str, on: int, says: str) -> None:
    found = entry.read(codes, key, "icd-10-cm", on)
    assert found
    assert says in found.standing


def test_neighbours_lead_through_the_whole_tabular_level(codes: CodeSet) -> None:
    at, seen = entry.read(codes, "CH1", "icd-10-cm", ON), []
    while at:
        seen.append(at.code.key)
        at = entry.read(codes, at.after.key, "icd-10-cm", ON) if at.after else None
    assert seen == [f"CH{number}" for number in range(1, 23)]
    last = entry.read(codes, "E11.A", "icd-10-cm", ON)
    assert last
    assert last.after
    assert last.after.key == "E130"
    assert last.before
    assert last.before.key == "E119"


def test_each_choice_narrows_the_others_and_any_row_leads_to_a_code(codes_with_procedures: CodeSet) -> None:
    official = codes_with_procedures.official
    day = builder.day_of_tables(official, ON)
    assert day
    pattern = "0SR"
    step = builder.build(official, pattern, day)
    rows = len(step.rows)
    while not step.code:
        choice, leads = step.choices[-1]
        step = builder.build(official, leads[next(iter(choice.offers))], day)
        assert 0 < len(step.rows) <= rows
        rows = len(step.rows)
    assert len(step.chosen) == 7
    table = official.pcs_table("0SR", day)
    assert table
    assert any(all(step.code[axis.place - 1] in axis.values for axis in row) for row in table.rows)


def test_what_no_table_has_is_dropped(codes_with_procedures: CodeSet) -> None:
    official = codes_with_procedures.official
    day = builder.day_of_tables(official, ON)
    assert builder.build(official, "!!", day).pattern == "_______"
    assert builder.build(official, "0SR!", day).pattern.startswith("0SR")
    assert builder.build(official, "0SR$$$$", day).rows
    taken_back = builder.build(official, "0SR", day).chosen[-1]
    assert taken_back.without == "0S_____"
