"""The table of abbreviations and its sources: every key is known, and what rests on the Tabular stands in it."""

import csv
from urllib.parse import quote

import pytest
from webkit import Learner

from sandbox.codes import abbreviations
from sandbox.codes.abbreviations import SOURCES, SYSTEMS, begins, found, rows, sources
from sandbox.codes.codeset import CodeSet
from sandbox.codes.search_words import TABLE, words


def test_the_table_has_its_columns_and_every_source_is_known() -> None:
    with TABLE.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        raw = list(reader)
        assert reader.fieldnames == ["abbreviation", "expansion", "system", "note", "source"]
    for row in raw:
        keys = row["source"].split()
        assert None not in row and row["system"] in SYSTEMS, row
        assert keys == sorted(set(keys)) and set(keys) <= set(sources()), row
        assert row["abbreviation"] == row["abbreviation"].strip() != "", row
    assert len(rows()) == len(raw)


def test_at_least_400_rows_have_a_source_lay_words_among_them() -> None:
    sourced = [row for row in rows() if row.sources]
    lay = {row.short for row in sourced if any(each.key in ("hpo", "wordnet") for each in row.sources)}
    assert len(sourced) >= 400
    assert len(lay) >= 100
    assert {"kneecap", "heat rash", "lazy eye"} <= lay


def test_the_sources_are_in_order_complete_and_used() -> None:
    with SOURCES.open(encoding="utf-8", newline="") as file:
        raw = list(csv.DictReader(file))
    assert [row["key"] for row in raw] == sorted({row["key"] for row in raw})
    assert all(all(value.strip() for value in row.values()) for row in raw)
    assert all(row["address"].startswith("https://") and row["year"].isdigit() for row in raw)
    assert {row["key"] for row in raw} == {each.key for row in rows() for each in row.sources}


def test_what_rests_on_the_tabular_stands_in_a_term_of_it(codes: CodeSet) -> None:
    sql = "SELECT title FROM codes WHERE system = 'icd-10-cm' UNION SELECT text FROM notes WHERE kind LIKE 'inclu%'"
    terms = [frozenset(words(text)) for (text,) in codes.connection.execute(sql)]
    resting = [row for row in rows() if any(each.key == "icd10cm" for each in row.sources)]
    assert len(resting) > 100
    glued = {"".join(words(row.short)) for row in resting}
    held = {word for term in terms for word in term if word in glued}
    wanted = {row.short: frozenset(words(row.short)) for row in resting}
    lost = [short for short, said in wanted.items() if not any(said <= term for term in terms)]
    assert [short for short in lost if "".join(words(short)) not in held] == []


@pytest.mark.parametrize(
    ("query", "short"), [("copd", "copd"), ("COPD", "copd"), ("kneecap", "kneecap"), ("patella knee", "kneecap")]
)
def test_a_row_is_found_by_its_abbreviation_or_by_words_of_its_meaning(query: str, short: str) -> None:
    assert short in [row.short for row in found(query)][:3]


def test_nothing_typed_finds_nothing_and_digits_have_a_letter_of_their_own() -> None:
    assert found(" .-") == []
    assert {row.short[0] for row in begins("0")} <= set("0123456789")
    assert all(row.short.startswith("q") for row in begins("Q"))
    assert sum(len(begins(letter)) for letter in "0ABCDEFGHIJKLMNOPQRSTUVWXYZ") == len(rows())


def test_the_page_tells_the_sources_a_row_and_what_is_not_verified(learner: Learner) -> None:
    first = learner.get("/book/abbreviations").text
    assert "Where the meanings were found" in first
    assert all(f'href="{each.address}"' in first for each in sources().values())
    assert f"of {len(rows())} rows" in first
    kneecap = learner.get("/book/abbreviations?q=kneecap").text
    assert "patella" in kneecap and "WordNet 3.1" in kneecap
    bare = next(row for row in abbreviations.rows() if not row.sources)
    assert "not verified yet" in learner.get(f"/book/abbreviations?q={quote(bare.short)}").text
    assert "No row has these words" in learner.get("/book/abbreviations?q=qqqqqqqq").text
    assert "more: another word narrows them" in learner.get("/book/abbreviations?q=fracture").text
    assert 'aria-current="true">K<' in learner.get("/book/abbreviations?letter=k").text
    assert learner.get("/book/abbreviations?letter=<").status_code == 200
