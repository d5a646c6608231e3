"""What is remembered of the suggestions is what a search would say, of the same words, on the same day."""

import csv
from pathlib import Path

import pytest
from flask import Flask
from webkit import Learner

from sandbox.codes import search
from sandbox.codes.codeset import CodeSet
from sandbox.web import limits
from sandbox.web.fragments import fill
from sandbox.web.house import House

ROWS = (Path(__file__).parent / "search_queries.csv").read_text(encoding="utf-8").splitlines()
QUERIES = [(row["query"], row["system"]) for row in csv.DictReader(ROWS)]
DAYS = ("2024-11-05", "2026-04-01")


@pytest.fixture
def token(learner: Learner) -> str:
    return learner.open()["csrf_token"]


def test_a_list_that_is_remembered_is_the_one_that_was_drawn(
    app: Flask, learner: Learner, token: str, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(limits.ROUTES, "reference.suggest")  # nobody types so fast
    whole = 0

    def drawn(words: str, system: str, on: int) -> str:
        hits = search.search(house.codes.at(on), words, system, on=on)
        with app.app_context():
            return fill("reference/_suggest.html", hits=hits, on=on)

    for n, (words, system) in enumerate(QUERIES):
        day = DAYS[n % 2]
        on = int(day.replace("-", ""))
        fresh = drawn(words, system, on)
        others = ((typed, drawn(typed, system, on)) for typed in (words.upper(), words.swapcase()))
        for typed, wanted in ((words, fresh), (words, fresh), *others):
            there = learner.post("/codes/suggest", q=typed, system=system, on=day, csrf_token=token).text
            assert there == wanted, typed
        whole += "data-code" in fresh
    assert whole > len(QUERIES) / 2


def test_a_search_is_made_once_for_the_same_words(
    learner: Learner, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[tuple[str, str, int | None]] = []
    real = search.search

    def count(codes: CodeSet, query: str, system: str = "", limit: int = 12, on: int | None = None) -> list[search.Hit]:
        made.append((query, system, on))
        return real(codes, query, system, limit, on)

    monkeypatch.setattr(search, "search", count)
    for fields in (
        {"q": "fract"}, {"q": "Fract"}, {"q": "fract", "system": "icd-10-pcs"}, {"q": "fract", "on": DAYS[0]},
        {"q": "fract "}, {"q": "fract"},
    ):  # fmt: skip
        learner.post("/codes/suggest", csrf_token=token, **fields)
    assert made == [
        ("fract", "icd-10-cm", 20260401),
        ("fract", "icd-10-pcs", 20260401),
        ("fract", "icd-10-cm", 20241105),
        ("fract ", "icd-10-cm", 20260401),
    ]
