"""The history of a case's file: only ever added to, word for word, and nothing twice."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.cases.files import etag
from sandbox.store import people, versions
from sandbox.store.database import Store
from tests.small_case import TEXT


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "sandbox.db")
    yield store
    store.close()


def test_versions_are_numbered_by_case_and_come_back_word_for_word(store: Store) -> None:
    people.add_learner(store, "p", "Ada")
    texts = [TEXT, TEXT.replace("\n", "\r\n"), "\ufeff", "", "💥 é"]
    assert [versions.add(store, "a", text, "p", f"note {n}") for n, text in enumerate(texts)] == [1, 2, 3, 4, 5]
    assert versions.add(store, "b", TEXT, "p", "") == 1
    assert [versions.text(store, "a", n) for n in range(1, 6)] == texts
    rows = versions.all(store, "a")
    assert [row["number"] for row in rows] == [5, 4, 3, 2, 1]
    assert [row["etag"] for row in reversed(rows)] == [etag(text) for text in texts]
    assert (rows[0]["name"], rows[0]["note"], rows[0]["size"]) == ("Ada", "note 4", len("💥 é".encode()))


def test_the_same_text_as_the_last_version_adds_nothing_but_an_older_one_does(store: Store) -> None:
    assert [versions.add(store, "a", text, "p", "") for text in ("x", "x", "y", "x")] == [1, 1, 2, 3]


def test_what_lies_in_the_folder_is_told_apart_from_what_was_changed_there(store: Store) -> None:
    versions.add_found(store, "a", "x")
    versions.add_found(store, "a", "x")
    versions.add(store, "a", "y", "p", "mine")
    versions.add_found(store, "a", "z")
    assert [row["note"] for row in versions.all(store, "a")] == [versions.OUTSIDE, "mine", versions.FOUND]
    assert versions.all(store, "a")[0]["name"] == ""


def test_a_version_that_is_not_there_is_told(store: Store) -> None:
    versions.add(store, "a", "x", "p", "")
    for id, number in (("a", 2), ("b", 1), ("a", 0)):
        with pytest.raises(KeyError):
            versions.text(store, id, number)


def test_texts_are_packed(store: Store) -> None:
    versions.add(store, "a", TEXT * 20, "p", "")
    row = store.row("SELECT length(packed) AS n FROM versions")
    assert row is not None
    assert row["n"] < len(TEXT) * 2


def test_a_number_is_given_once(store: Store) -> None:
    versions.add(store, "a", "x", "p", "")
    with pytest.raises(sqlite3.IntegrityError), store.write() as db:
        db.execute("INSERT INTO versions VALUES (NULL, 'a', 1, '', '', '', '', 0, x'')")
