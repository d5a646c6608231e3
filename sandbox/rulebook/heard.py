"""What the rules say of the examples on their pages, and to which other rules they then give way."""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from sandbox.checker import Entry, View
from sandbox.claims import from_text
from sandbox.codes.codeset import CodeSet
from sandbox.encounter import Claim, Line
from sandbox.findings import Finding
from sandbox.rulebook.page import Page, book
from sandbox.rules import RULES, check

_EDITIONS: Final = 2


@dataclass(frozen=True)
class Heard:
    """An example as a claim, with everything that the checker says of it, rules that are off by default among it."""

    text: str
    claim: Claim
    findings: tuple[Finding, ...]


@dataclass
class _Listening(View):
    """A view that keeps whom a rule asks about before it speaks: those to which it gives way."""

    asked: set[str] = field(default_factory=set)

    def spoke(self, entry: Entry | Line, *rules: str) -> bool:
        self.asked.update(rules)
        return super().spoke(entry, *rules)

    def spoke_of_both(self, one: Entry, other: Entry, *rules: str) -> bool:
        self.asked.update(rules)
        return super().spoke_of_both(one, other, *rules)


@lru_cache(maxsize=512)
def hear(page: Page, text: str, codes: CodeSet) -> Heard:
    """What is said of one example of the page."""
    claim = from_text(text)
    return Heard(text, claim, check(claim, codes, also=frozenset((page.rule.id,))))


@lru_cache(maxsize=_EDITIONS)
def gives_way(codes: CodeSet) -> dict[str, frozenset[str]]:
    """Rule id → the rules after which it keeps silent about a line.

    A rule that speaks has asked about each of them, so its own flagged examples tell.
    """
    out = {}
    for page in book().values():
        asked: set[str] = set()
        for text in page.flagged:
            view = _Listening(from_text(text), codes)
            list(page.rule.check(view))
            asked |= view.asked
        out[page.rule.id] = frozenset(asked & RULES.keys() - {page.rule.id})
    return out


@lru_cache(maxsize=_EDITIONS)
def subjects(codes: CodeSet) -> dict[str, frozenset[str]]:
    """Rule id → the codes that its findings name in its flagged examples: what it speaks of."""
    out = {}
    for page in book().values():
        heard = [finding for text in page.flagged for finding in hear(page, text, codes).findings]
        out[page.rule.id] = frozenset(
            code for finding in heard if finding.rule == page.rule.id for code in finding.codes if code
        )
    return out
