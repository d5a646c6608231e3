"""Class lists as schools export them, and as nobody should."""

import pytest

from sandbox.classroom import roster
from sandbox.classroom.roster import Entry, Problem

ADA = Entry(2, "Ada Lovelace", "S1", "ada@school.example")


@pytest.mark.parametrize(
    "data",
    [
        b"name,id,e-mail\nAda Lovelace,S1,ada@school.example\n",
        b"\xef\xbb\xbfName;ID;Email\r\nAda Lovelace;S1;ada@school.example\r\n",
        b"Student\tSIS User ID\tE-Mail Address\rAda  Lovelace\tS1\tada@school.example\r",
        b"Last Name,First Name,Student ID,Mail\nLovelace,Ada,S1,ada@school.example",
        b'name,phone,id,email\n"Ada Lovelace","1,2",S1,ada@school.example\n',
        b"name,id,email\nAda Lovelace , S1 , ada@school.example\n,,\n\n",
    ],
)
def test_the_columns_that_schools_write_are_read(data: bytes) -> None:
    assert roster.read(data) == roster.Roster((ADA,), ())


def test_excel_on_windows_is_read() -> None:
    assert roster.read("name\nJosé Peña\n".encode("cp1252")).entries == (Entry(2, "José Peña"),)


def test_a_line_is_where_the_row_begins_in_the_file() -> None:
    found = roster.read(b'\nname,email\n\n"Ada\nLovelace",ada@x.org\n\nBob,nowhere\n')
    assert [(one.line, one.name) for one in found.entries] == [(4, "Ada Lovelace"), (7, "Bob")]
    assert found.problems == (Problem(7, "“nowhere” is no e-mail address."),)


def test_every_problem_is_told_at_its_line() -> None:
    found = roster.read(
        "name,id,email\n"
        "Ada,1,a@x.org\n"
        ",2,b@x.org\n"
        "Bob,1,A@X.ORG\n"
        f"{'x' * 61},4,\n"
        f"Eve,{'9' * 41},e@x.org\n"
        "Dan\x07,6,\n"
        "Twin,,\ntwin,,\n".encode()
    )
    assert [(one.line, one.text.split(".")[0]) for one in found.problems] == [
        (3, "There is no name"),
        (4, "The same id stands in line 2"),
        (4, "The same e-mail address stands in line 2"),
        (5, "The name has 61 characters; at most 60 are kept"),
        (6, "The id has 41 characters; at most 40 are kept"),
        (7, "The name cannot be read"),
        (9, "The same name stands in line 8; ids would tell the two apart"),
    ]


def test_the_same_name_with_different_ids_is_two_people() -> None:
    assert roster.read(b"name,id\nKim Lee,1\nKim Lee,2\n").problems == ()


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b'name\n"Ada\n', 2),
        (b'name\n"Ada"x\n', 2),
        (b'name,id\n\nAda,1\n"Bob,2\nCat,3\nDan,4\n', 4),
        (b'name,id\nAda,1\nBob,"2\n"Cat",3\nDan,4\n', 3),
        (b'name;id\r\n"Ada ""the"" first\r\nLovelace";"1\r\nBob;2\r\n', 3),
        (b'name\nAda "the first\n"Bob""\n', 3),
        (b'name\n"' + b"a" * 150_000, 2),
        (b'"name\nAda', 1),
    ],
)
def test_a_quote_that_does_not_close_is_told_at_the_line_where_it_opens(data: bytes, line: int) -> None:
    found = roster.read(data)
    assert found.entries == () and [problem.line for problem in found.problems] == [line]
    assert "cannot be read as CSV from here on: a quotation mark" in found.problems[0].text


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b" \r\n\t\n", "empty"),
        (b",,,\n,,", "empty"),
        (b'""', "empty"),
        (b"Ada,S1\nBob,S2\n", "first row must name the columns"),
        (b"first name,id\nAda,1\n", "first row must name the columns"),
        (b"name\n", "nobody below"),
        (b"name\n" + b"a" * 150_000, "cannot be read as CSV"),
        ("name\nAda".encode("utf-16"), "no CSV file"),
        (b"PK\x03\x04\x00\x00", "no CSV file"),
        (b"name\n" + b"Ada Lovelace\n" * 1_001, "a class has at most 1000"),
        (b"x" * (roster.LARGEST + 1), "a list has at most"),
    ],
)
def test_what_is_no_list_is_refused_as_a_whole(data: bytes, says: str) -> None:
    found = roster.read(data)
    assert found.entries == ()
    assert [problem.line for problem in found.problems] == [0]
    assert says in found.problems[0].text


@pytest.mark.parametrize("address", ["a b@x.org", "a@b", "a@@x.org", "<a@x.org>", "a@x.org,b@x.org", "a@x.", "@x.org"])
def test_what_is_no_address_is_told(address: str) -> None:
    assert [one.line for one in roster.read(f'name,email\nAda,"{address}"\n'.encode()).problems] == [2]


def test_a_formula_is_a_name_like_any_other_here() -> None:
    """Nothing is run here; what goes out to spreadsheets is made harmless there (``cells.py``)."""
    assert roster.read(b"name\n=HYPERLINK(1)\n").entries == (Entry(2, "=HYPERLINK(1)"),)
