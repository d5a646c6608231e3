"""The tables of the rules name codes that exist, and quote notes that the Tabular has."""

import re

import pytest

from sandbox.codes.codeset import CodeSet
from sandbox.rules import add_cause, add_notes, exc_words, spc_beside, spc_unspecified
from sandbox.rules.add_notes import Demand

NOTES = [
    *(pytest.param("useAdditionalCode", row, id=f"use {row.codes[0]} {row.words}") for row in add_notes.USE),
    *(pytest.param("codeAlso", row, id=f"also {row.codes[0]} {row.words}") for row in add_notes.ALSO),
]
BRACKET = re.compile(r"\s*\([^()]*\),?")


def exists(stem: str, codes: CodeSet) -> bool:
    return bool(codes.get(stem) or codes.below(stem, 20260506))


def test_the_codes_that_are_usually_unspecified_exist(codes: CodeSet) -> None:
    assert [stem for stem in spc_unspecified.USUAL if not exists(stem, codes)] == []


def test_the_injuries_and_what_explains_them_exist(codes: CodeSet) -> None:
    stems = (*add_cause._INJURY, *add_cause._SUPPLEMENT, *add_cause._TELLING)
    assert [stem for stem in stems if not exists(stem, codes)] == []


@pytest.mark.parametrize(("kind", "row"), NOTES)
def test_a_note_that_a_rule_quotes_stands_over_each_of_its_codes(kind: str, row: Demand, codes: CodeSet) -> None:
    for stem in row.codes:
        said = " | ".join(BRACKET.sub("", note.text) for note in codes.notes(stem, kind))
        assert all(piece in said for piece in row.words.split(": ")), f"{stem}: {said}"
    assert [stem for stem in row.answers if not exists(stem, codes)] == []


@pytest.mark.parametrize(("kind", "row"), NOTES)
def test_every_code_that_a_quoted_note_names_answers_it(kind: str, row: Demand, codes: CodeSet) -> None:
    for stem in row.codes:
        for note in codes.notes(stem, kind):
            if row.words in BRACKET.sub("", note.text):
                assert [str(t) for t in note.targets if not t.low.startswith(row.answers)] == [], f"{stem}: {note.text}"


def test_an_unspecified_code_and_what_tells_it_exist_and_no_excludes1_note_keeps_them_apart(codes: CodeSet) -> None:
    for vague, told in spc_beside.TOLD.items():
        assert codes.valid(vague, 20260506), vague
        for stem in told:
            below = [code.key for code in codes.below(stem, 20260506)]
            assert below, stem
            notes = [(key, note.text) for key in below for note, target in codes.excludes(key) if target.covers(vague)]
            notes += [(vague, note.text) for note, target in codes.excludes(vague) if any(map(target.covers, below))]
            assert notes == [], f"{vague} {stem}"


def test_the_words_that_narrow_an_excludes1_note_stand_in_one(codes: CodeSet) -> None:
    texts = [note.text for note in codes.all_notes() if note.kind == "excludes1"]
    assert [words for words in exc_words._ASKED if not any(words in text for text in texts)] == []
