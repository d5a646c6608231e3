"""A file that is cut, wrong or made to do harm is refused, and what was there stays."""

import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from sandbox.codes.importing import safe
from sandbox.codes.importing.days import Asked
from sandbox.codes.importing.run import import_file
from sandbox.codes.importing.safe import Refused
from tests import official

ASKED = Asked(20260401, table="practitioner", system="cpt")
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def with_type(doctype: str) -> str:
    return official.pcs_tables().replace("?>\n", f"?>\n{doctype}", 1).replace("Replacement", "&b;&a;")


CUT: dict[str, str | bytes] = {
    "HCPCS in the middle of a record": official.anweb()[:-200],
    "HCPCS between two records": official.anweb(official.HCPCS[:-1]),
    "HCPCS in the middle of a title": official.anweb().replace("\r\n", "\n", 1)[322:],
    "the exempt list between two codes": official.poa(official.POA[:-1]),
    "the exempt list in the middle of a code": official.poa()[:-30],
    "the order file between two codes": official.order([("A00", 0, "Cholera"), ("A000", 1, "Cholera")]),
    "the order file in the last title": official.order()[:-4],
    "the order file with a record missing": official.order().replace("00002 ", "00003 "),
    "addenda in the last title": official.ADDENDA[:-2],
    "XML of tables": official.pcs_tables()[:-40],
    "XML of definitions": official.PCS_DEFINITIONS[:300],
    "XML of the index": official.PCS_INDEX[:-3],
    "pairs in the last row": official.ptp()[:-30],
    "pairs after the heading": official.ptp([]),
    "units in the last row": official.mue()[:-40],
    "a school's table in the last row": official.CPT[:-4].rstrip("\n,"),
    "nothing": "",
}

WRONG: dict[str, str | bytes] = {
    "tables that count wrongly": official.pcs_tables(codes=5),
    "tables without a year": official.pcs_tables(year="April"),
    "tables with a number that is none": official.pcs_tables().replace('values="2"', 'values="-"', 1),
    "XML of something else": "<?xml version='1.0'?><html/>",
    "entities within entities": with_type(LAUGHS),
    "entities from outside": with_type(OUTSIDE),
    "elements without end": official.PCS_INDEX.replace(
        "<letter>", "<letter><mainTerm>" + "<term>" * 50_000 + "</term>" * 50_000 + "</mainTerm>"
    ),
    "a million columns": official.CPT + "," * 60_000 + "\n",
    "more columns than any table": "code,long title" + ",x" * 300 + "\n00001,T" + ",x" * 300 + "\n",
    "a line without end": official.CPT + "x" * 200_000,
    "a quote without end": official.CPT + '00003,"Invented' + "\n00004,x,x,x,x" * 20_000,
    "NUL bytes": official.CPT.replace("Invented", "In\0vented"),
    "UTF-16": official.CPT.encode("utf-16"),
    "control characters": official.CPT.replace("Invented", "In\x07vented"),
    "a code of another form": official.CPT.replace("00002", "0000-2"),
    "a code twice": official.CPT.replace("00002", "00001"),
    "a day that is none": official.CPT.replace("2020-01-01", "2020-13-41"),
    "a day of too many digits": official.CPT.replace("2020-01-01", "9" * 40),
    "a row before the columns are named": official.CPT.replace("code,short", "00003,Invented\ncode,short"),
    "an indicator that is none": official.ptp().replace("\t*\t1\t", "\t*\t7\t"),
    "units that are none": official.mue(most=-1),
    "place of service in FHIR shorthand": 'CodeSystem: CLM_POS_CD\nTitle: "Place of Service"\n* #11 "OFFICE"\n',
    "words": "Once upon a time\n",
    "a zip that is cut": b"PK\x03\x04" + b"\x14" * 100,
}


def refused(folder: Path, content: str | bytes | Path) -> str:
    """Why; with a proof that the data folder is as it was."""
    (folder / "good").write_text(official.poa(), "utf-8")
    import_file(folder / "good", folder, Asked())
    before = (folder / "official.db").read_bytes()
    path = content if isinstance(content, Path) else folder / "bad"
    if not isinstance(content, Path):
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(Refused) as why:
        import_file(path, folder, ASKED)
    assert (folder / "official.db").read_bytes() == before
    assert {p.name for p in folder.iterdir()} <= {"good", path.name, "official.db", "official.db.lock"}
    return str(why.value)


@pytest.mark.parametrize("content", CUT.values(), ids=list(CUT))
def test_a_cut_file_does_not_load_half(tmp_path: Path, content: str | bytes) -> None:
    if isinstance(content, str) and content.startswith("Ord"):
        # The good file has the same kind and days: a cut one must not take its place.
        assert content != official.poa()
    assert refused(tmp_path, content)


@pytest.mark.parametrize("content", WRONG.values(), ids=list(WRONG))
def test_a_wrong_or_hostile_file_is_refused(tmp_path: Path, content: str | bytes) -> None:
    assert refused(tmp_path, content)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (CUT["HCPCS in the middle of a record"], "line 12: a record of 124 "),
        (WRONG["NUL bytes"], "UTF-8"),
        (WRONG["a code of another form"], "line 5: '0000-2'"),
        (WRONG["a million columns"], "line 7: a row of 60001 cells"),
        (WRONG["a line without end"], "line 7: a line of more than 64 KB"),
        (WRONG["entities within entities"], "document type"),
        (WRONG["place of service in FHIR shorthand"], "no place of service"),
        (CUT["the exempt list between two codes"], "the file is cut"),
    ],
)
def test_a_refusal_says_where_and_why(tmp_path: Path, content: str | bytes, says: str) -> None:
    assert says in refused(tmp_path, content)


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    with (tmp_path / "huge").open("wb") as file:
        file.truncate(safe.MOST_BYTES + 1)
    assert "larger than 512 MB" in refused(tmp_path, tmp_path / "huge")


def test_a_bomb_of_a_zip_is_refused_unpacked(tmp_path: Path) -> None:
    official.packed(tmp_path / "bomb", {"x": b" " * (32 << 20)})
    assert "unpacks to 32 MB" in refused(tmp_path, tmp_path / "bomb")


def test_a_zip_that_lies_about_a_size_is_refused(tmp_path: Path) -> None:
    path = official.packed(tmp_path / "liar", {"x": official.anweb()})
    size = len(official.anweb())
    path.write_bytes(path.read_bytes().replace(struct.pack("<I", size), struct.pack("<I", size - 322)))
    assert refused(tmp_path, path)


def test_a_cut_zip_is_refused(tmp_path: Path) -> None:
    path = official.packed(tmp_path / "cut", {"x": official.anweb()})
    path.write_bytes(path.read_bytes()[:-40])
    assert refused(tmp_path, path)


def test_a_zip_with_too_many_files_is_refused(tmp_path: Path) -> None:
    official.packed(tmp_path / "many", {str(n): "x" for n in range(501)})
    assert "501 files" in refused(tmp_path, tmp_path / "many")


def spoiled(path: Path, change: Callable[[str], str], member: str = "xl/worksheets/sheet1.xml") -> Path:
    """A workbook with one of its files changed."""
    official.sheet(path, [("code", "long title"), ("00001", "Invented")])
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    return official.packed(path, {**files, member: change(files[member].decode())})


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text[: len(text) // 2],
        lambda text: LAUGHS + text.replace("Invented", "&b;"),
        lambda text: text.replace("<sheetData>", OUTSIDE + "<sheetData>"),
        lambda text: text.replace("</row>", "<c/>" * 5_000 + "</row>", 1),
        lambda text: "nothing",
        lambda text: text.replace('r="A2"', 'r="B1048576"'),
        lambda text: text.replace('r="A2"', 'r="?"'),
        lambda text: text.replace('r="2"', 'r="two"'),
        lambda text: text.replace('t="inlineStr"', 't="s"').replace("<is><t>", "<v>9").replace("</t></is>", "</v>"),
        lambda text: text.replace('t="inlineStr"', 't="e"'),
        lambda text: text.replace("Invented", "x" * 70_000),
    ],
    ids=[
        *("cut", "entities", "type", "columns", "words", "backwards", "nowhere", "no-row", "no-word", "error", "long"),
    ],
)
def test_a_spoiled_workbook_is_refused(tmp_path: Path, change: Callable[[str], str]) -> None:
    assert refused(tmp_path, spoiled(tmp_path / "x.xlsx", change))


def test_a_formula_in_a_sheet_is_refused(tmp_path: Path) -> None:
    path = official.sheet(tmp_path / "x.xlsx", [("code", "long title"), ("00001", "=HYPERLINK(A1)")])
    assert "line 2: a formula" in refused(tmp_path, path)
