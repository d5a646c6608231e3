"""Uploads are taken apart within limits: every file is good or told what is wrong with it, and none is ever written."""

import io
import stat
import zipfile
from pathlib import Path

import pytest

from sandbox.cases import uploads
from sandbox.cases.files import Refused
from sandbox.cases.uploads import Sent, take_apart
from tests.small_case import TEXT, spoiled


def zipped(*members: tuple[str | zipfile.ZipInfo, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


def only(content: bytes, name: str = "up.zip") -> Sent:
    (sent,) = take_apart(content, name)
    return sent


def test_a_single_file_is_a_case_with_its_text_unchanged() -> None:
    text = "\ufeff" + TEXT.replace("\n", "\r\n")
    sent = only(text.encode(), "C:\\Users\\me\\sore-throat.yaml")
    assert (sent.name, sent.id, sent.folder, sent.text) == ("sore-throat.yaml", "sore-throat", "", text)
    assert (sent.specialty, sent.title, sent.problems) == ("family medicine", "A sore throat", ())


def test_a_zip_gives_its_files_with_their_folders_and_without_clutter() -> None:
    found = take_apart(
        zipped(
            ("cases/office/a.yaml", TEXT),
            ("b.yml", TEXT),
            ("__MACOSX/cases/._a.yaml", "x"),
            ("cases/.DS_Store", "x"),
            ("cases/office/", ""),
        ),
        "UP.ZIP",
    )
    assert [(sent.id, sent.folder, sent.problems) for sent in found] == [("a", "office", ()), ("b", "", ())]
    assert take_apart(zipped(("a.yaml", TEXT)), "no-ending")[0].id == "a", "a zip is told by its content as well"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("notes.txt", "neither .yaml nor .yml"),
        ("yaml", "neither .yaml nor .yml"),
        ("Big.yaml", "small letters"),
        ("a b.yaml", "small letters"),
        ("a.b.yaml", "small letters"),
        ("con.yaml", "small letters"),
        (".yaml", "small letters"),
        (".hidden.yaml", "small letters"),
        ("a.YAML", "neither .yaml nor .yml"),
        ("../a.yaml", "leads out"),
        ("cases/../../a.yaml", "leads out"),
        ("/etc/a.yaml", "leads out"),
        ("C:/a.yaml", "leads out"),
        ("C:a.yaml", "leads out"),
        ("cases\\..\\a.yaml", "leads out"),
        ("in.zip", "archive within"),
        ("in.tar.gz", "archive within"),
    ],
)
def test_a_name_that_is_none_is_refused_with_words(name: str, said: str) -> None:
    sent = only(zipped((name, TEXT)))
    assert said in sent.problems[0]
    assert sent.text == ""


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"title: [\n", "line 2, column 1"),
        ("title: é\n".encode("latin-1"), "not UTF-8"),
        (TEXT.encode("utf-16"), "UTF-16"),
        (b"", "line 1, column 1"),
        (b"a" * 1_000_001, "1 MB"),
        (b"\0\1\2", "line 1"),
        (spoiled("specialty: family medicine\n", "").encode(), "specialty: missing"),
    ],
)
def test_what_is_no_case_is_refused_with_its_problems(content: bytes, said: str) -> None:
    for sent in (only(content, "x.yaml"), only(zipped(("x.yaml", content)))):
        assert said in " ".join(sent.problems)


def test_a_link_is_no_file() -> None:
    link = zipfile.ZipInfo("a.yaml")
    link.create_system = 3
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    assert only(zipped((link, "/etc/passwd"))).problems == ("a link, no file",)


def test_what_is_encrypted_or_spoiled_is_told() -> None:
    raw = bytearray(zipped(("a.yaml", TEXT)))
    raw[raw.rindex(b"PK\x01\x02") + 8] |= 1
    assert only(bytes(raw)).problems == ("encrypted",)
    raw = bytearray(zipped(("a.yaml", TEXT), ("b.yaml", TEXT)))
    raw[60] ^= 0xFF
    first, second = take_apart(bytes(raw), "up.zip")
    assert "broken" in first.problems[0]
    assert second.problems == ()
    raw = bytearray(zipped(("a.yaml", TEXT)))
    raw[raw.rindex(b"PK\x01\x02") + 10] = 99
    assert "broken" in only(bytes(raw)).problems[0]


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"", b"no zip at all", zipped(("a.yaml", TEXT))[:-10]])
def test_a_zip_that_is_none_is_refused_as_a_whole(content: bytes) -> None:
    with pytest.raises(Refused, match="broken"):
        take_apart(content, "up.zip")


def test_two_files_for_one_case_are_both_refused_also_in_other_letters() -> None:
    found = take_apart(zipped(("a/x.yaml", TEXT), ("b/x.yml", TEXT), ("c/X.yaml", TEXT), ("y.yaml", TEXT)), "up.zip")
    assert [any("two files" in problem for problem in sent.problems) for sent in found] == [True, True, True, False]


def test_too_many_files_are_refused_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_FILES", 3)
    assert len(take_apart(zipped(*((f"a{n}.yaml", "x") for n in range(3))), "up.zip")) == 3
    with pytest.raises(Refused, match="4 files"):
        take_apart(zipped(*((f"a{n}.yaml", "x") for n in range(4))), "up.zip")


def test_a_bomb_is_counted_while_it_unpacks() -> None:
    bomb = zipped(("a.yaml", b"a" * 50_000_000))
    assert len(bomb) < 100_000
    assert "1 MB" in only(bomb).problems[0]
    with pytest.raises(Refused, match="8 MB"):
        take_apart(zipped(*((f"a{n}.yaml", b"a" * 999_999) for n in range(9))), "up.zip")
    # What the zip says of its size is not believed.
    raw = bytearray(bomb)
    at = raw.rindex(b"PK\x01\x02") + 24
    raw[at : at + 4] = (10).to_bytes(4, "little")
    sent = only(bytes(raw))
    assert sent.problems
    assert len(sent.text) <= 1_000_001


def test_a_name_fit_for_nothing_is_shown_without_harm() -> None:
    sent = only(zipped(("a\u202egpj\x07.yaml", TEXT)))
    assert sent.name == "a?gpj?.yaml"


def test_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    take_apart(zipped(("a.yaml", TEXT), ("../b.yaml", TEXT), ("c/d.yaml", TEXT)), "up.zip")
    assert [path.name for path in tmp_path.rglob("*")] == ["here"]


def test_a_member_that_asks_for_gigabytes_of_memory_is_not_opened() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("throat.yaml", TEXT)
    raw = bytearray(out.getvalue())
    at = raw.index(b"throat.yaml") + len(b"throat.yaml") + 5
    raw[at : at + 4] = b"\xff" * 4  # the size of the dictionary
    [sent] = take_apart(bytes(raw), "up.zip")
    assert sent.problems == ("broken, or packed in a way that few programs use; make the zip anew",)
