"""The tables of the rules name codes that exist: a misspelt beginning would make a rule silent for ever."""

from sandbox.codes.codeset import CodeSet
from sandbox.rules import spc_unspecified


def test_the_codes_that_are_usually_unspecified_exist(codes: CodeSet) -> None:
    assert [stem for stem in spc_unspecified.USUAL if not codes.get(stem)] == []
