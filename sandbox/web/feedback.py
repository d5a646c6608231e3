"""The report as the learner may see it: what each pair shows, and what it keeps back until the key is asked for.

A classroom's answers are much alike, and so are the pairs in them: each is drawn once and kept.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Final

from flask import current_app
from markupsafe import Markup

from sandbox.cases.schema import Case
from sandbox.findings import Finding
from sandbox.judge import Judged
from sandbox.report import PAIR_ERRORS, RIGHT, Pair, Report
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
    key = frozenset([pair.key.code for pair in report.pairs if pair.key])
    found = frozenset([pair.key.code for pair in report.pairs if pair.key and pair.error in RIGHT])
    safe = partial(_safe, key=key, found=key if shown else found)
    rows = [pair for pair in report.pairs if pair.entered or not pair.optional]
    missing = [pair for pair in rows if not pair.entered]
    together = len(missing) > _MOST_SINGLE_ROWS
    return fill(
        "learn/_report.html",
        pay=_pay(_paid(report, shown)) if report.payment and report.payment["entered"] else "",
        pairs=_joined(_row(pair, case, safe, shown) for pair in rows if pair.entered or not together),
        missing=[_row(pair, case, safe, shown, "learn/_missing.html") for pair in missing if together],
        findings=_joined(map(_finding, report.findings)),
    )


@lru_cache(maxsize=512)
def draw_judged(judged: Judged, case: Case, shown: bool) -> Markup:
    """The parts of a report that is remembered, drawn once."""
    return draw(judged.report, case, shown)


def _row(
    pair: Pair, case: Case | None, safe: Callable[[str], bool], shown: bool, template: str = "learn/_pair.html"
) -> Markup:
    tell = bool(shown and pair.key and pair.error not in RIGHT)
    told = pair.told if safe(pair.told) else ""
    why = pair.why if (tell or pair.error in RIGHT) and safe(pair.why) else ""
    cites = tuple(cite for cite in pair.cites if safe(cite)) if pair.entered or tell else ()
    return _pair(template, pair, case, tell, told, why, cites)


def _safe(text: str, key: frozenset[str], found: frozenset[str]) -> bool:
    """Whether a text names no code of the key but those that the learner has found."""
    return _named(text, key) <= found


@lru_cache(maxsize=2048)
def _named(text: str, key: frozenset[str]) -> frozenset[str]:
    return frozenset([code for code in key if code in text])


@lru_cache(maxsize=4096)
def _pair(
    template: str, pair: Pair, case: Case | None, tell: bool, told: str, why: str, cites: tuple[str, ...]
) -> Markup:
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
    return fill(template, view=view)


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
