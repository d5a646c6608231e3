"""A rule's page: its prose, its examples as claims with what the rule says of them, and what belongs to it."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any, Final

from flask import url_for

from sandbox import checker
from sandbox.checker import Rule
from sandbox.codes.codeset import CodeSet
from sandbox.findings import Finding, Severity
from sandbox.rulebook.authority import authorities
from sandbox.rulebook.heard import hear
from sandbox.rulebook.page import Page, book, scenarios
from sandbox.rulebook.related import related
from sandbox.rules import FAMILIES, RULES
from sandbox.web.claimview import ClaimView, view
from sandbox.web.house import REFERENCE_DAY

PURPOSES: Final = {
    "VAL": "Is it a code at all, on that day and in that place? What fails here is judged no further.",
    "SEQ": "Which code goes first, and which may only follow.",
    "CMB": "Conditions that one code tells together, or that cannot stand side by side.",
    "SPC": "What the classification can tell apart and the code leaves open: kind, stage, side.",
    "EXC": "Pairs that the Tabular keeps apart, or allows, by an Excludes note.",
    "ADD": "One half of a pair stands alone: a note asks for a second code, and none answers it.",
    "PAT": "Do the codes fit the patient: age, sex, the record of a birth?",
    "INP": "Does the principal diagnosis explain why a hospital bed was needed?",
    "PRO": "Procedures that Medicare's editor stops before it pays.",
    "NCC": "Pairs and amounts of services that Medicare pays only under conditions (NCCI).",
    "OUT": "What may be coded outside a hospital stay, where doubt is never coded as fact.",
}
"""Family id → what it is for."""

SPEAKS: Final = tuple(s.value for s in Severity if any(s in rule.severities for rule in RULES.values()))
"""The severities that rules have, gravest first."""

_ALWAYS: Final = (20151001, 99991231)
_RULE: Final = re.compile(r"\b[A-Z]{3}[0-9]{2}\b")


@dataclass(frozen=True, slots=True)
class ExampleView:
    """An example of a page: its claim, and what this rule says of it (nothing, where it is accepted)."""

    claim: ClaimView
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A heading of a page with its anchor and its Markdown, in which other rules are links."""

    anchor: str
    heading: str
    text: str


def context(page: Page, codes: CodeSet) -> dict[str, Any]:
    """What the template of a rule's page draws."""
    before, after = page.neighbours
    return {
        "page": page,
        "parts": [Part(_anchor(heading), heading, _linked(text, page)) for heading, text in page.prose],
        "examples": [
            ("flagged", "Flagged", [_example(page, text, codes) for text in page.flagged]),
            ("accepted", "Accepted", [_example(page, text, codes) for text in page.accepted]),
        ],
        "authorities": authorities(page, codes),
        "related": related(codes)[page.rule.id],
        "family": [other.rule for other in book().values() if other.family is page.family],
        "before": before,
        "after": after,
        "scenarios": scenarios(page.rule.id),
        "holds": _holds(page.rule),
        "version": checker.VERSION,
    }


def listed() -> dict[str, Any]:
    """What every list of rules draws besides the rules that it found."""
    return {"purposes": PURPOSES, "speaks": SPEAKS, "families": FAMILIES, "total": len(RULES)}


def _example(page: Page, text: str, codes: CodeSet) -> ExampleView:
    heard = hear(page, text, codes)
    own = tuple(finding for finding in heard.findings if finding.rule == page.rule.id)
    return ExampleView(view(heard.claim, own, codes, REFERENCE_DAY), own)


def _holds(rule: Rule) -> str:
    """Between which days the rule holds, in words; empty where it always does."""
    since = f"from {_day(rule.since)}" if rule.since > _ALWAYS[0] else ""
    until = f"to {_day(rule.until)}" if rule.until < _ALWAYS[1] else ""
    return f"{since} {until}".strip()


def _day(number: int) -> str:
    return dt.date.fromisoformat(str(number)).isoformat()


def _anchor(heading: str) -> str:
    return heading.lower().replace(" ", "-")


def _linked(text: str, page: Page) -> str:
    def link(found: re.Match[str]) -> str:
        id = found[0]
        return f"[{id}]({url_for('reference.rule', id=id)})" if id in page.named else id

    return _RULE.sub(link, text)
