"""The report as the learner may see it: what each pair shows, and what it keeps back until the key is asked for.

A classroom's answers are much alike, and so are the pairs in them: each is drawn once and kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from flask import render_template
from markupsafe import Markup

from sandbox.cases.schema import Case
from sandbox.report import PAIR_ERRORS, RIGHT

_MOST_SINGLE_ROWS: Final = 3
_TONES: Final = {
    "ok": ("✓", ("exact", "accepted", "optional")),
    "warn": (
        "!",
        ("partial", "too_general", "too_specific", "misplaced", "wrong_poa", "wrong_modifier", "wrong_units"),
    ),
    "note": ("?", ("missing",)),
}
_SEVERITIES: Final = {"error": ("bad", "✕"), "warning": ("warn", "!"), "note": ("note", "!"), "praise": ("ok", "✓")}


@dataclass(frozen=True, slots=True)
class Proof:
    """Words of the chart, with the document that they stand in."""

    document: str
    title: str
    quote: str


@dataclass(frozen=True, slots=True)
class PairView:
    """What one pair shows. ``answer`` and, for a wrong line, ``why`` are empty until the key is asked for."""

    tone: str
    glyph: str
    label: str
    code: str
    title: str
    sentence: str
    told: str
    also: tuple[str, ...]
    why: str
    where: tuple[Proof, ...]
    answer: tuple[str, str, str]
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FindingView:
    """What one finding shows."""

    tone: str
    glyph: str
    codes: str
    name: str
    rule: str
    message: str
    citation: str


@dataclass(frozen=True, slots=True)
class Feedback:
    """The parts of the report, drawn: the pairs in order, and the missing lines where they share one row."""

    pairs: tuple[Markup, ...]
    missing: tuple[Markup, ...]
    findings: tuple[Markup, ...]


def draw(report: Mapping[str, Any], case: Case | None, shown: bool) -> Feedback:
    """The parts of a report as stored. ``shown``: the learner has asked for the key."""
    documents = {document.id: document.title for document in case.documents} if case else {}
    secret = () if shown else _secret(report)
    rows = [pair for pair in report["pairs"] if pair["entered"] or not pair["optional"]]
    missing = [pair for pair in rows if not pair["entered"]]
    together = len(missing) > _MOST_SINGLE_ROWS
    views = [_view(pair, documents, secret, shown) for pair in rows if pair["entered"] or not together]
    return Feedback(
        tuple(_draw("learn/_pair.html", view) for view in views),
        tuple(_draw("learn/_missing.html", _view(pair, documents, secret, shown)) for pair in missing if together),
        tuple(_draw("learn/_finding.html", _finding(finding)) for finding in report["findings"]),
    )


@lru_cache(maxsize=4096)
def _draw(template: str, view: PairView | FindingView) -> Markup:
    return Markup(render_template(template, view=view))  # noqa: S704 - the template escapes


def _secret(report: Mapping[str, Any]) -> tuple[str, ...]:
    """The codes of the key that the learner has not found yet: nothing on the page may say them unasked."""
    return tuple(pair["key"]["code"] for pair in report["pairs"] if pair["key"] and pair["error"] not in RIGHT)


def _safe(text: str, secret: tuple[str, ...]) -> str:
    return "" if any(code in text for code in secret) else text


def _view(pair: Mapping[str, Any], documents: Mapping[str, str], secret: tuple[str, ...], shown: bool) -> PairView:
    error, entered, key = pair["error"], pair["entered"], pair["key"]
    tone, glyph = next(((t, g) for t, (g, errors) in _TONES.items() if error in errors), ("bad", "✕"))
    tell = bool(shown and key and error not in RIGHT)
    cites = [cite for cite in pair["cites"] if _safe(cite, secret)]
    return PairView(
        tone=tone,
        glyph=glyph,
        label=PAIR_ERRORS[error],
        code=entered["code"] if entered else "—",
        title=entered["title"] if entered else "",
        sentence=pair["sentence"],
        told=_safe(pair["told"], secret),
        also=tuple(PAIR_ERRORS[also] for also in pair["also"]),
        why=_safe(pair["why"], secret) if tell or error in RIGHT else "",
        where=tuple(Proof(e["document"], documents.get(e["document"], ""), e["quote"]) for e in pair["evidence"]),
        answer=(key["code"], key["title"], key["poa"]) if tell else ("", "", ""),
        cites=tuple(cites) if entered or tell else (),
    )


def _finding(finding: Mapping[str, Any]) -> FindingView:
    tone, glyph = _SEVERITIES[finding["severity"]]
    return FindingView(
        tone,
        glyph,
        " ".join(finding["codes"]),
        finding["name"].replace("_", " ").capitalize(),
        finding["rule"],
        finding["message"],
        finding["citation"],
    )
