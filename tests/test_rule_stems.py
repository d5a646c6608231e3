"""The tables at the top of the rules' modules name codes that exist."""

import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from pkgutil import iter_modules

import pytest

import sandbox.rules
from sandbox.codes.codeset import CodeSet

STEM = re.compile(r"[A-Z]\d[0-9A-Z]?[0-9A-Z]{0,4}")
MODULES = [found.name for found in iter_modules(sandbox.rules.__path__) if found.name != "ncc"]
"""NCC has tables of modifiers, some of which look like the beginning of a diagnosis; none of codes."""


def stems(value: object) -> Iterator[str]:
    """All that looks like the beginning of a diagnosis code in a table, however deep."""
    if isinstance(value, str):
        if STEM.fullmatch(value):
            yield value
    elif isinstance(value, Mapping):
        yield from (stem for item in value.items() for stem in stems(item))
    elif isinstance(value, tuple | list | frozenset | set):
        yield from (stem for item in value for stem in stems(item))


@pytest.mark.parametrize("name", MODULES)
def test_every_stem_of_a_table_begins_a_code(name: str, codes: CodeSet) -> None:
    tables = {key: value for key, value in vars(import_module(f"sandbox.rules.{name}")).items() if key.isupper()}
    strange = {
        stem
        for value in tables.values()
        for stem in stems(value)
        if not (codes.get(stem) if len(stem) > 2 else any(codes.get(f"{stem}{n}") for n in range(10)))
    }
    assert not strange
