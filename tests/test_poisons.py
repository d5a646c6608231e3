"""The tables of poisons name codes that exist, and tell a poisoning from an adverse effect."""

import pytest

from sandbox.checker import Entry
from sandbox.codes.codeset import CodeSet
from sandbox.encounter import Line
from sandbox.rules.poisons import LINKS, POSSIBLE, adverse, poisoning

ON = 20260506


def entry(key: str, codes: CodeSet) -> Entry:
    code = codes.get(key)
    assert code and code.valid(ON), key
    return Entry(Line("dx1", key), code, 0, frozenset(), key)


def test_every_stem_begins_a_valid_code(codes: CodeSet) -> None:
    stems = {*POSSIBLE, *(stem for link in LINKS for stem in (*link.poisons, *link.effects))}
    assert [stem for stem in sorted(stems) if not codes.below(stem, ON)] == []


@pytest.mark.parametrize(
    "key", ["T401X1A", "T3691XA", "T391X2D", "T50904A", "T510X1A", "T5811XA", "T63441A", "T6593XA"]
)
def test_a_poisoning(key: str, codes: CodeSet) -> None:
    assert poisoning(entry(key, codes))
    assert not adverse(entry(key, codes))


@pytest.mark.parametrize("key", ["T45515A", "T3695XA", "T360X5D"])
def test_an_adverse_effect(key: str, codes: CodeSet) -> None:
    assert adverse(entry(key, codes))
    assert not poisoning(entry(key, codes))


@pytest.mark.parametrize("key", ["T45516A", "T3696XA", "T401X1S", "T45515S", "T7840XA", "T8144XA", "T310", "T20311A"])
def test_neither(key: str, codes: CodeSet) -> None:
    assert not adverse(entry(key, codes))
    assert not poisoning(entry(key, codes))
