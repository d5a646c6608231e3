"""The indexes of ICD-10-CM, imported from small files of the official form: terms, columns, references, look-ups."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from sandbox.cli import commands
from sandbox.codes.alphabetic import Entry, Indexes
from sandbox.codes.imported import NAME, Official
from sandbox.codes.importing.days import Asked
from sandbox.codes.importing.run import import_file
from sandbox.codes.importing.safe import Refused
from sandbox.codes.index_file import read_index
from sandbox.codes.index_table import names

ON = 20261105

EXTERNAL = """<?xml version="1.0" encoding="utf-8"?>
<ICD10CM.index>
  <version>2027</version>
  <title>ICD-10-CM EXTERNAL CAUSE of INJURIES INDEX</title>
  <letter><title>F</title>
    <mainTerm><title>Fall, falling<nemod>(accidental)</nemod> NEC</title><code>W19</code>
      <term level="1"><title>due to</title>
        <term level="2"><title>ice or snow</title><code>W00.9</code></term>
        <term level="2"><title>slipping</title><see>Slipping, by type of shoe</see></term>
      </term>
      <term level="1"><title>in, on</title>
        <term level="2"><title>stairs, steps</title><code>W10.9</code></term>
      </term>
    </mainTerm>
  </letter>
  <letter><title>S</title>
    <mainTerm><title>Sliver, fall of</title><code>W45.8</code></mainTerm>
    <mainTerm><title>Slipping<nemod>(accidental)</nemod></title><code>W01.0</code>
      <seeAlso>Fall, due to, ice or snow; Neoplasm, breast; Nowhere</seeAlso></mainTerm>
    <mainTerm><title>Strangling</title><seecat>T71</seecat></mainTerm>
  </letter>
</ICD10CM.index>
"""
NEOPLASM = """<?xml version="1.0" encoding="utf-8"?>
<ICD10CM.index>
  <version>2027</version>
  <indexHeading><head col="1">Neoplasm</head><head col="2">Malignant Primary</head><head col="5">Benign</head>
  </indexHeading>
  <letter><title>N</title>
    <mainTerm><title>Neoplasm, neoplastic</title><cell col="2">C80.1</cell><cell col="5">D36.9</cell>
      <term level="1"><title>breast<nemod>(connective tissue)</nemod></title>
        <cell col="2">C50.9-</cell><cell col="5">--</cell></term>
    </mainTerm>
  </letter>
</ICD10CM.index>
"""
DISEASES = """<?xml version="1.0" encoding="utf-8"?>
<ICD10CM.index><version>2027</version><title>ICD-10-CM INDEX TO DISEASES and INJURIES</title>
  <letter><title>A</title>
    <mainTerm><title>Amyloidosis</title><code>E85.9</code>
      <term level="1"><title>heart</title><code>E85.4</code><manif>I43</manif></term></mainTerm>
  </letter></ICD10CM.index>
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder into which the three files have been imported."""
    data = tmp_path_factory.mktemp("index")
    for name, text in (("e.xml", EXTERNAL), ("n.xml", NEOPLASM), ("i.xml", DISEASES)):
        path = data / name
        path.write_text(text, encoding="utf-8")
        [loaded] = import_file(path, data, Asked()).loaded
        assert (loaded.edition.first_day, loaded.edition.last_day) == (20261001, 20270930)
    return data


@pytest.fixture
def indexes(folder: Path) -> Iterator[Indexes]:
    official = Official(folder / NAME)
    yield Indexes(official)
    official.close()


def ways(entries: list[Entry]) -> list[str]:
    return [" > ".join((*entry.way, entry.title)) for entry in entries]


FALL = "Fall, falling (accidental) NEC"


def test_a_term_is_found_by_the_words_of_its_whole_way(indexes: Indexes) -> None:
    assert ways(indexes.search("external", "fall stairs", ON)) == [f"{FALL} > in, on > stairs, steps"]
    assert ways(indexes.search("external", "STEPS, fall", ON)) == [f"{FALL} > in, on > stairs, steps"]
    assert indexes.search("external", "slipping stairs", ON) == []
    assert indexes.search("external", "", ON) == []


def test_a_term_that_begins_with_the_word_goes_before_those_that_hold_it(indexes: Indexes) -> None:
    assert ways(indexes.search("external", "fall", ON)) == [FALL, "Sliver, fall of"]
    assert ways(indexes.search("external", "slip", ON))[0] == "Slipping (accidental)"
    assert ways(indexes.search("external", "acc", ON)) == [FALL, "Slipping (accidental)"], "modifiers count as well"
    assert indexes.search("external", "s", ON) == [], "a letter is a word by itself"
    assert len(indexes.search("external", "fall", ON, limit=1)) == 1


def test_main_terms_are_found_by_how_they_begin(indexes: Indexes) -> None:
    assert ways(indexes.begins("external", "sli", ON)) == ["Slipping (accidental)", "Sliver, fall of"]
    assert indexes.begins("external", "ice", ON) == [], "a subterm is no main term"


def test_what_stands_below_a_term_comes_in_the_order_of_the_index(indexes: Indexes) -> None:
    [fall] = indexes.begins("external", "fall, fal", ON)
    below = indexes.children(fall)
    assert [entry.title for entry in below] == ["due to", "in, on"]
    assert [entry.code for entry in indexes.children(below[0])] == ["W00.9", ""]
    assert indexes.children(below[0])[0].depth == 2
    assert indexes.children(indexes.children(below[0])[0]) == []


def test_the_cells_of_a_table_have_the_headings_of_their_columns(indexes: Indexes) -> None:
    [breast] = indexes.search("neoplasm", "breast", ON)
    assert breast.cells == (("Malignant Primary", "C50.9-"),), "two dashes are no code"
    assert breast.nemod == "(connective tissue)"


def test_a_manifestation_stands_with_its_term(indexes: Indexes) -> None:
    [heart] = indexes.search("index", "amyloidosis heart", ON)
    assert (heart.code, heart.manif) == ("E85.4", "I43")
    [strangling] = indexes.begins("external", "strangling", ON)
    assert strangling.category == "T71"


def test_a_reference_leads_to_the_term_it_names_in_whichever_index(indexes: Indexes) -> None:
    [slipping] = indexes.begins("external", "slipping", ON)
    reached = indexes.resolve(slipping, ON)
    assert [(found.entry.title, found.rest) for found in reached] == [
        ("ice or snow", ""),
        ("breast (connective tissue)", ""),
    ], "what is nowhere leads nowhere"
    [wet] = indexes.search("external", "due slipping", ON)
    [back] = indexes.resolve(wet, ON)
    assert (back.entry.title, back.rest) == ("Slipping (accidental)", "by type of shoe")


def test_a_term_is_called_by_its_parts_and_first_by_its_beginning() -> None:
    assert names("Fall, falling NEC") == {
        "fall falling nec": 0,
        "fall": 0,
        "falling nec": 1,
        "fall falling": 0,
        "falling": 1,
    }
    assert names("Ménière's disease") == {"meniere s disease": 0}


def test_the_day_picks_the_edition_of_an_index(folder: Path, tmp_path: Path) -> None:
    older = tmp_path / "e_apr2026.xml"
    older.write_text(EXTERNAL.replace("2027", "2026").replace("W10.9", "W10.8"), encoding="utf-8")
    (tmp_path / NAME).write_bytes((folder / NAME).read_bytes())
    import_file(older, tmp_path, Asked())
    official = Official(tmp_path / NAME)
    found = Indexes(official)
    codes = [found.search("external", "stairs", on)[0].code for on in (20260401, 20260930, 20261001, 20290101)]
    assert codes == ["W10.8", "W10.8", "W10.9", "W10.9"]
    assert found.file("drugs", ON) is None
    assert found.search("drugs", "aspirin", ON) == []
    official.close()


def test_the_same_file_again_takes_the_place_of_the_older_one(folder: Path, tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes((folder / NAME).read_bytes())
    path = tmp_path / "e.xml"
    path.write_text(EXTERNAL.replace("W10.9", "W10.1"), encoding="utf-8")
    [loaded] = import_file(path, tmp_path, Asked()).loaded
    assert loaded.replaced == ("e.xml",)
    official = Official(tmp_path / NAME)
    assert [entry.code for entry in Indexes(official).search("external", "stairs", ON)] == ["W10.1"]
    official.close()


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda t: t[:500], "line 11: no XML, or cut off"),
        (
            lambda t: t.replace('<term level="2"><title>ice', '<term level="3"><title>ice'),
            "line 8: a term of level '3'",
        ),
        (lambda t: t.replace("<title>slipping</title>", ""), "line 9: a term without a title"),
        (lambda t: t.replace("2027", "next"), "instead of a year"),
        (lambda t: t.replace("<code>W19</code>", '<cell col="2">W19</cell>'), "line 6: column 2 has no heading"),
        (lambda t: t.replace("<code>W19</code>", '<cell col="two">W19</cell>'), "line 6: 'two' is no number"),
        (lambda t: t.replace("stairs, steps", "stairs" * 500), "line 12: a text of"),
        (lambda t: t.replace("letter>", "page>"), "an index without a term"),
        (
            lambda t: t.replace("<letter>", "<indexHeading><head col='1'>Fishes</head></indexHeading><letter>", 1),
            "Fishes",
        ),
        (
            lambda t: t.replace("<ICD10CM.index>", '<!DOCTYPE a [<!ENTITY b "c">]><ICD10CM.index>'),
            "document type",
        ),
    ],
)
def test_a_wrong_cut_or_hostile_index_is_refused_and_the_old_one_stays(
    folder: Path, tmp_path: Path, spoil: Callable[[str], str], reason: str
) -> None:
    (tmp_path / NAME).write_bytes((folder / NAME).read_bytes())
    path = tmp_path / "e.xml"
    path.write_text(spoil(EXTERNAL), encoding="utf-8")
    with pytest.raises(Refused, match=reason):
        import_file(path, tmp_path, Asked())
    assert (tmp_path / NAME).read_bytes() == (folder / NAME).read_bytes()


def test_an_import_says_which_codes_of_an_index_are_none(tmp_path: Path) -> None:
    path = tmp_path / "i.xml"
    path.write_text(DISEASES.replace("I43", "of the heart").replace("E85.9", "E85.-"), encoding="utf-8")
    [loaded] = import_file(path, tmp_path, Asked()).loaded
    assert loaded.edition.said == ("No code in force on 2026-10-01 begins with: of the heart.",)
    path.write_text(DISEASES.replace("E85.9", "E85.7"), encoding="utf-8")
    [loaded] = import_file(path, tmp_path, Asked()).loaded
    assert loaded.edition.said == ("No code in force on 2026-10-01 begins with: E85.7.",)


def test_an_end_cannot_be_asked_of_an_edition(tmp_path: Path) -> None:
    path = tmp_path / "e.xml"
    path.write_text(EXTERNAL, encoding="utf-8")
    with pytest.raises(Refused, match="leave --to away"):
        import_file(path, tmp_path, Asked(last_day=20270101))


def test_the_four_kinds_are_told_by_their_content() -> None:
    kinds = [read_index(text.encode(), "x.xml").kind for text in (EXTERNAL, NEOPLASM, DISEASES)]
    drugs = NEOPLASM.replace('<head col="1">Neoplasm', '<head col="1">Substance')
    assert [*kinds, read_index(drugs.encode(), "x.xml").kind] == ["external", "neoplasm", "index", "drugs"]


def test_the_command_line_prints_a_match_a_line(folder: Path) -> None:
    def run(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(
            commands, ["--data", str(folder), "codes", "index", *words, "--on", "2026-11-05"], standalone_mode=False
        )
        return done.return_value, done.output

    assert run("fall", "stairs", "--table", "external") == (0, f"{FALL} > in, on > stairs, steps  W10.9\n")
    assert run("amyloidosis", "heart") == (0, "Amyloidosis > heart  E85.4 [I43]\n")
    assert run("breast", "--table", "neoplasm")[1].endswith("(connective tissue)  Malignant Primary: C50.9-\n")
    assert run("due", "slipping", "--table", "external")[1].endswith(
        "see Slipping, by type of shoe  -> Slipping (accidental) W01.0 (by type of shoe)\n"
    )
    assert run("nothing", "--table", "external") == (1, "")
