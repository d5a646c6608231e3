"""What hundreds of apps in one process share, so that each test does not compile it anew; and how they let go of it."""

import sys
from collections.abc import Callable, Iterator
from functools import _lru_cache_wrapper, lru_cache
from types import CodeType
from typing import Any, Final

import pytest
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule

from sandbox.cases import reader
from sandbox.web.app import Sandbox

Builder = Callable[..., tuple[str, str]]

_OF_ONE_APP: Final = ("Store", "House", "Flask", "Payer", "Library")
"""Types of arguments by which a function remembers what no other app will ask for."""


class Compiled(BytecodeCache):
    """Templates compiled by Jinja, by their file and their text: in memory, for every app of this process."""

    def __init__(self) -> None:
        self.found: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill the bucket where the same text was compiled before."""
        bucket.code = self.found.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        assert bucket.code
        self.found[bucket.key, bucket.checksum] = bucket.code


def _builders() -> Callable[[Rule, bool], Builder]:
    """What makes the function that writes a rule's addresses: Werkzeug compiles one from a syntax tree for each rule of
    each app, though it hangs on the rule's text alone."""
    compiled: dict[Any, Builder] = {}
    compiler = Rule._compile_builder

    def builder(rule: Rule, append_unknown: bool = True) -> Builder:
        key = rule.rule, tuple(rule._trace), tuple((rule.defaults or {}).items()), append_unknown
        if key not in compiled:
            compiled[key] = compiler(rule, append_unknown)
        return compiled[key]

    return builder


def share(patch: pytest.MonkeyPatch) -> None:
    """Read each case, compile each template and each route once in this process: by the real reader and compilers."""
    patch.setattr(reader, "read", lru_cache(maxsize=256)(reader.read))
    patch.setattr(Sandbox, "jinja_options", {**Sandbox.jinja_options, "bytecode_cache": Compiled()})
    patch.setattr(Rule, "_compile_builder", _builders())


def _remembering() -> Iterator[Any]:
    """The functions of the program that remember what they were asked about one app."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] != "sandbox":
            continue
        places = [vars(module), *(vars(one) for one in vars(module).values() if isinstance(one, type))]
        for place in places:
            for found in place.values():
                if isinstance(found, _lru_cache_wrapper) and _of_one_app(found):
                    yield found


def _of_one_app(found: Any) -> bool:
    takes = found.__wrapped__.__annotations__.values()
    return any(kind in str(one) for one in takes for kind in _OF_ONE_APP)


def forget() -> None:
    """Let go of apps that are closed: a server has one for all its life, a process that tests has hundreds."""
    for found in _remembering():
        found.cache_clear()
