"""Text of a Tabular note → the codes that it names, over every notation that the Tabular uses."""

import re

import pytest

from sandbox.codes import notes
from sandbox.codes.codeset import CodeSet
from sandbox.codes.notes import Target, in_order, intent_character, names_code, targets


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("carrier or suspected carrier of infectious disease (Z22.-)", ["Z22"]),
        ("gestational diabetes (O24.4-)", ["O244"]),
        ("certain infectious and parasitic diseases (A00-B99)", ["A00-B99"]),
        ("inflammatory bowel disease (K50.0-, K51.-)", ["K500", "K51"]),
        ("iridocyclitis in diabetes mellitus (E08-E13 with .39)", ["E08-E13:after=39"]),
        ("diabetic (peripheral) angiopathy (E08-E13 with .51-.52)", ["E08-E13:after=51|52"]),
        ("skateboarder collision (V01-V09 with 5th character 2)", ["V01-V09:char5=2"]),
        ("conditions classifiable to S06.0- to S06.8-code to specified intracranial injury", ["S060-S068"]),
        ("any condition classifiable to S06.4-S06.6", ["S064-S066"]),
        ("code for adverse effect, if applicable (T36-T50 with fifth or sixth character 5)", ["T36-T50:intent=5"]),
        ("poisoning (T36-T65 with fifth or sixth character 1-4 or 6)", ["T36-T65:intent=1|2|3|4|6"]),
        ("underdosing of medication (T36-T50) with fifth or sixth character 6", ["T36-T50:intent=6"]),
        ("fluency disorder (stuttering) after a stroke (I69. with final characters -23)", ["I69:end=23"]),
        ("open fracture of shoulder (S42.- with 7th character B or C)", ["S42:char7=B|C"]),
        ("mood disorders (F10-F19 with .14, .24, .94)", ["F10-F19:after=14|24|94"]),
        ("psychoactive drug use (F11-F19 with .15. .25, .95)", ["F11-F19:after=15|25|95"]),
        ("hyperosmolarity (E08, E09 with final characters .00 or .01)", ["E08:end=00|01", "E09:end=00|01"]),
        ("atherosclerosis (I25.70-I25.73-, I25.79-)", ["I2570-I2573", "I2579"]),
        ("open fracture of pelvis (S32.1--S32.9 with 7th character B)", ["S321-S329:char7=B"]),
        ("hyperammonemia-hyperornithinemia-homocitrullinemia syndrome E72.4", ["E724"]),
        ("acidosis - see categories E08-E10, E11 with ketoacidosis", ["E08-E10:after=1", "E11:after=1"]),
        ("code from categories E08, E09 and E13 to further identify", ["E08", "E09", "E13"]),
        ("electrolyte imbalance (E87.8}", ["E878"]),
        ("acquired absence of knee joint (Z89.52-", ["Z8952"]),
        ("endocrine disease, except diabetes (E00-E07, E15-E16)", ["E00-E07", "E15-E16"]),
        ("vitamin B12 deficiency anemia (D51.-)", ["D51"]),
        ("influenza A/H1N1 (J10.-)", ["J10"]),
        ("vitamin B12 deficiency", []),
        ("aftercare for injury- code the injury with 7th character D", []),
        ("certain localized infections - see body system-related chapters", []),
        ("", []),
    ],
)  # fmt: skip
def test_a_note_names_its_codes(text: str, named: list[str]) -> None:
    assert [str(target) for target in targets(text)] == named
    assert [Target.read(text) for text in named] == list(targets(text))


@pytest.mark.parametrize(
    ("target", "inside", "outside"),
    [
        ("E08-E13:after=39", ["E1139", "E1339"], ["E1138", "E11319", "E0739", "E1439", "E11"]),
        ("T36-T50:intent=5", ["T45515A", "T3695XA", "T380X5A"], ["T45511A", "T3691XA", "T5195XA", "T455"]),
        ("V01-V09:char5=2", ["V0192XA", "V0912XA"], ["V0191XA", "V1092XA"]),
        ("I69:end=20", ["I6920", "I69320"], ["I69321", "I68320"]),
        ("S42:char7=B|C", ["S42001B", "S42301C"], ["S42001A", "S52001B"]),
        ("A00-B99", ["A000", "B99", "B999"], ["C00", "Z99"]),
        ("S060-S068", ["S060X0A", "S06899A"], ["S069X0A", "S05"]),
        ("F11-F19:from5=51", ["F11951", "F19151"], ["F11150", "F10151"]),
        ("O00-O9A", ["O000", "O9A211"], ["P00", "N999"]),
    ],
)
def test_a_target_covers_what_it_says(target: str, inside: list[str], outside: list[str]) -> None:
    found = Target.read(target)
    assert [code for code in inside if not found.covers(code)] == []
    assert [code for code in outside if found.covers(code)] == []


def test_the_intent_is_the_sixth_character_or_the_fifth_before_a_placeholder() -> None:
    assert [intent_character(code) for code in ("T45515A", "T3695XA", "T380X5A", "T36", "")] == ["5", "5", "5", "", ""]


def test_a_range_follows_the_order_of_the_tabular() -> None:
    peers = ["C43", "C44", "C4A", "C45", "C46", "C47", "C49"]
    assert in_order(Target("C43", "C44"), peers) == (Target("C43", "C44"),)
    assert in_order(Target("C44", "C46"), peers) == (Target("C44", "C46"), Target("C4A", "C4A"))
    assert in_order(Target("C45", "C49"), peers) == (Target("C45", "C49"),)
    assert in_order(Target("X00", "X99"), peers) == (Target("X00", "X99"),)


def test_nearly_every_excludes1_note_that_shows_a_code_is_understood(codes: CodeSet) -> None:
    shown = [note for note in codes.all_notes() if note.kind == "excludes1" and names_code(note.text)]
    read = [note for note in shown if note.targets]
    assert len(shown) > 5000
    assert len(read) / len(shown) >= 0.97, [note.text for note in shown if not note.targets]


def test_no_code_in_brackets_is_overlooked(codes: CodeSet) -> None:
    token = re.compile(r"(?<![A-Za-z0-9.])[A-Z]\d[0-9A-Z](?:\.[0-9A-Z]+)?(?![A-Za-z])")
    for note in codes.all_notes():
        if note.kind not in notes.POINTING:
            continue
        for bracket in re.findall(r"\([^()]*\)", note.text):
            for code in token.findall(bracket):
                key = code.replace(".", "")
                ends = {end for target in note.targets for end in (target.low, target.high)}
                inside = any(t.low <= key and key[: len(t.high)] <= t.high for t in note.targets)
                assert key in ends or inside, (note.at, note.text)


def test_the_ends_of_every_target_exist(codes: CodeSet) -> None:
    ends = {
        end: note.text for note in codes.all_notes() for target in note.targets for end in (target.low, target.high)
    }
    lost = {end: text for end, text in ends.items() if codes.get(end) is None}
    assert len(ends) > 3000
    assert len(lost) <= 25, lost
