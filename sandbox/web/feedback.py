"""The report as the learner may see it: what each pair shows, and what it keeps back until the key is asked for.

A classroom's answers are much alike, and so are the pairs in them: each is drawn once and kept.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from flask import current_app
from markupsafe import Markup

from sandbox.cases.schema import Case
from sandbox.findings import Finding
from sandbox.judge import Judged
from sandbox.report import PAIR_ERRORS, RIGHT, Pair, Report, Support
from sandbox.rules import RULES

_MOST_SINGLE_ROWS: Final = 3
_TONES: Final = {
    "ok": ("✓", ("exact", "accepted", "optional")),
    "warn": (
        "!",
        ("partial", "too_general", "too_specific", "misplaced", "wrong_poa", "wrong_modifier", "wrong_units"),
    ),
    "note": ("?", ("missing",)),
}
SEVERITIES: Final = {"error": ("bad", "✕"), "warning": ("warn", "!"), "note": ("note", "i"), "praise": ("ok", "✓")}
"""Severity → its colour and its sign, which tells it from the others without the colour."""


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


def draw(report: Report, case: Case | None, shown: bool) -> Markup:
    """Pairs, findings and payment of a report. ``shown``: the learner has asked for the key.

    An optional line that was not entered is no matter of the report; many missing lines share one row.
    """
    # Nothing on the page may say a code of the key that the learner has not found and not asked for.
    key = _one(frozenset([pair.key.code for pair in report.pairs if pair.key]))
    found = key if shown else frozenset([p.key.code for p in report.pairs if p.key and p.error in RIGHT])
    rows = [pair for pair in report.pairs if pair.entered or not pair.optional]
    missing = [pair for pair in rows if not pair.entered]
    together = len(missing) > _MOST_SINGLE_ROWS
    marked = {support.line: support for support in report.support}
    return fill(
        "learn/_report.html",
        pay=_pay(_paid(report, shown)) if report.payment and report.payment["entered"] else "",
        pairs=_joined(
            [
                _row(pair, case, shown, _named(pair, key) - found, support=marked.get(_line(pair)))
                for pair in rows
                if pair.entered or not together
            ]
        ),
        missing=[
            _row(pair, case, shown, _named(pair, key) - found, "learn/_missing.html") for pair in missing if together
        ],
        findings=_joined(map(_finding, report.findings)),
    )


@lru_cache(maxsize=512)
def draw_judged(judged: Judged, case: Case, shown: bool) -> Markup:
    """The parts of a report that is remembered, drawn once."""
    return draw(judged.report, case, shown)


def _line(pair: Pair) -> str:
    return pair.entered.id if pair.entered else ""


@lru_cache(maxsize=256)
def _one(key: frozenset[str]) -> frozenset[str]:
    """The same object for equal keys, so that what is kept under them is found without comparing code by code."""
    return key


@lru_cache(maxsize=4096)
def _named(pair: Pair, key: frozenset[str]) -> frozenset[str]:
    """The codes of the key that a pair's texts name. Why a line is wrong waits for the key, which hides nothing."""
    texts = (pair.told, pair.why if pair.error in RIGHT else "", *pair.cites)
    return frozenset([code for code in key if any(code in text for text in texts)])


@lru_cache(maxsize=4096)
def _row(
    pair: Pair,
    case: Case | None,
    shown: bool,
    hidden: frozenset[str],
    template: str = "learn/_pair.html",
    support: Support | None = None,
) -> Markup:
    """One pair, without the texts that name a code which is ``hidden``."""

    def safe(text: str) -> bool:
        return not any(code in text for code in hidden)

    tell = bool(shown and pair.key and pair.error not in RIGHT)
    told = pair.told if safe(pair.told) else ""
    why = pair.why if (tell or pair.error in RIGHT) and safe(pair.why) else ""
    cites = tuple(cite for cite in pair.cites if safe(cite)) if pair.entered or tell else ()
    titles = {document.id: document.title for document in case.documents} if case else {}
    tone, glyph = next(((t, g) for t, (g, errors) in _TONES.items() if pair.error in errors), ("bad", "✕"))
    view = PairView(
        tone=tone,
        glyph=glyph,
        label=PAIR_ERRORS[pair.error],
        code=pair.entered.code if pair.entered else "—",
        title=pair.entered.title if pair.entered else "",
        sentence=pair.sentence,
        told=told,
        also=tuple(PAIR_ERRORS[also] for also in pair.also),
        why=why,
        where=tuple(Proof(e.document, titles.get(e.document, ""), e.quote) for e in pair.evidence),
        answer=(pair.key.code, pair.key.title, pair.key.poa) if tell and pair.key else ("", "", ""),
        cites=cites,
    )
    return fill(template, view=view, support=support, titles=titles)


@lru_cache(maxsize=2048)
def _finding(finding: Finding) -> Markup:
    tone, glyph = SEVERITIES[finding.severity]
    rule = RULES.get(finding.rule)
    what = rule.summary if rule else finding.name.replace("_", " ").capitalize()
    return fill("learn/_finding.html", finding=finding, what=what, tone=tone, glyph=glyph)


@dataclass(frozen=True, slots=True)
class Pay:
    """What the payment line shows; the key's DRG and weight only where the key was asked for.

    ``heavy``: (CC or MCC, its code, whether the principal diagnosis cancels it). ``same``: whether the key has the same
    MS-DRG, None where it has none.
    """

    drg: str
    title: str
    weight: float | None
    heavy: tuple[tuple[str, str, bool], ...]
    problem: str
    same: bool | None
    key_drg: str
    key_weight: float | None


def _paid(report: Report, shown: bool) -> Pay:
    payment = report.payment or {}
    entered, key = payment["entered"], payment["key"]
    codes = {pair.entered.id: pair.entered.code for pair in report.pairs if pair.entered}
    return Pay(
        drg=entered["drg"],
        title=entered["title"],
        weight=entered["weight"],
        heavy=tuple([(cc, codes.get(id, id), id in entered["excluded"]) for id, cc in entered["lines"].items() if cc]),
        problem=entered["problem"],
        same=entered["drg"] == key["drg"] if key else None,
        key_drg=key["drg"] if key and shown else "",
        key_weight=key["weight"] if key and shown else None,
    )


@lru_cache(maxsize=512)
def _pay(pay: Pay) -> Markup:
    return fill("learn/_pay.html", pay=pay)


def fill(template: str, **values: object) -> Markup:
    """A template that needs neither session nor request, without Flask's own rendering, which looks both up."""
    return Markup(current_app.jinja_env.get_template(template).render(**values))  # noqa: S704 - the template escapes


def _joined(parts: Iterable[Markup]) -> Markup:
    return Markup("".join(parts))  # noqa: S704 - each part was escaped when it was drawn
