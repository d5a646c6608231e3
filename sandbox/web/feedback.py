"""The report as the learner may see it: what each pair shows, and what it keeps back until the key is asked for.

A classroom's answers are much alike, and so are the pairs in them: each is drawn once and kept.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Final, NamedTuple

from markupsafe import Markup

from sandbox.cases.schema import Case
from sandbox.findings import Finding
from sandbox.report import PAIR_ERRORS, RIGHT, Pair, Report, Support
from sandbox.rules import RULES
from sandbox.store.steps import COMPARED, KIND
from sandbox.web.fragments import fill, joined
from sandbox.web.pay import pay

WHERE: Final = 1
"""Only where to look is told."""

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
    """What one pair shows. What a step has not told yet is empty. ``offers``: the next step, (number, words).

    ``id``: its place among the pairs of the report.
    """

    id: int
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
    offers: tuple[int, str] | tuple[()]


NOTHING: Final[Mapping[int, int]] = MappingProxyType({})
"""No step has been asked for."""


def draw(report: Report, case: Case | None, shown: bool, taken: Mapping[int, int] = NOTHING) -> Markup:
    """Pairs, findings and payment of a report, as they are shown: its :func:`parts`, joined."""
    return joined(parts(report, case, shown, taken))


def parts(report: Report, case: Case | None, shown: bool, taken: Mapping[int, int] = NOTHING) -> tuple[Markup, ...]:
    """Pairs, findings and payment of a report, one after the other. ``shown``: the learner has asked for the key.

    ``taken``: what was asked for line by line (:mod:`sandbox.store.steps`). An optional line that was not entered is no
    matter of the report; many missing lines share one row. Reports that have a pair or a finding in common share what
    was drawn of it.
    """
    rows = _rows(report, shown, taken)
    missing = [row for row in rows if not row.pair.entered]
    together = missing if len(missing) > _MOST_SINGLE_ROWS else []
    out = [_same("learn/_unnamed.html")] if _unnamed(rows) else []
    out += [_row(row, case) for row in rows if row.pair.entered or not together]
    if together:
        out.append(_together(tuple(together), case))
    if report.findings:
        out += [_same("learn/_rules_say.html"), *map(_finding, report.findings)]
    return (*out, pay(report, shown))


def draw_steps(
    report: Report,
    case: Case | None,
    before: Mapping[int, int],
    taken: Mapping[int, int],
    ids: frozenset[int],
    alone: bool,
) -> Markup:
    """The rows of some pairs, to be put in place of those on the page. ``alone``: one that was asked for by itself.

    The button that names all errors goes with the last of them.
    """
    rows = _rows(report, False, taken)
    together = sum(not row.pair.entered for row in rows) > _MOST_SINGLE_ROWS
    parts = [
        _row(row, case, "learn/_missing.html" if together and not row.pair.entered else "learn/_pair.html", True, alone)
        for row in rows
        if row.id in ids
    ]
    last = _unnamed(_rows(report, False, before)) and not _unnamed(rows)
    return joined([*parts, _NAMED_ALL] if last else parts)


def _unnamed(rows: Iterable["_Row"]) -> bool:
    """Whether a line that was entered has an error whose kind is not told yet."""
    return any(row.step < KIND and row.pair.entered for row in rows)


_NAMED_ALL: Final = Markup('<p id="name-all" hx-swap-oob="delete"></p>')


class _Row(NamedTuple):
    """A pair at its place, how far it is told, and the codes of the key that it must not name."""

    id: int
    pair: Pair
    step: int
    hidden: frozenset[str]
    opened: bool
    support: Support | None


def _rows(report: Report, shown: bool, taken: Mapping[int, int]) -> list[_Row]:
    # Nothing on the page may say a code of the key that the learner has not found and not asked for.
    key = _one(frozenset([pair.key.code for pair in report.pairs if pair.key]))
    steps = [_step(pair, shown, taken.get(n, 0)) for n, pair in enumerate(report.pairs)]
    told = [pair for pair, step in zip(report.pairs, steps, strict=True) if step >= COMPARED]
    found = key if shown else frozenset([pair.key.code for pair in told if pair.key])
    marked = {support.line: support for support in report.support}
    return [
        _Row(n, pair, steps[n], _named(pair, key) - found, n in taken and not shown, marked.get(_line(pair)))
        for n, pair in enumerate(report.pairs)
        if pair.entered or not pair.optional
    ]


def _step(pair: Pair, shown: bool, taken: int) -> int:
    """How far a pair is told: a right line says at once why."""
    return COMPARED if shown or pair.error in RIGHT else max(taken, WHERE)


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
    row: _Row, case: Case | None, template: str = "learn/_pair.html", swapped: bool = False, fresh: bool = False
) -> Markup:
    """One pair, without the texts that name a code which is hidden. ``swapped``: it takes the place of the one on the
    page; ``fresh``: alone, open, and with what is new in it in focus."""
    opened = fresh or (row.opened and not swapped)
    titles = {document.id: document.title for document in case.documents} if case else {}
    return fill(
        template, view=_view(row, case), swapped=swapped, fresh=fresh, opened=opened, support=row.support, titles=titles
    )


def _view(row: _Row, case: Case | None) -> PairView:
    pair, step = row.pair, row.step

    def safe(text: str) -> bool:
        return not any(code in text for code in row.hidden)

    # That a line is missing is no secret: its first step names a document, its second the words there.
    missing, right = pair.error == "missing", pair.error in RIGHT
    named, told = missing or step >= KIND, step >= COMPARED
    compared = bool(told and pair.key and not right)
    titles = {document.id: document.title for document in case.documents} if case else {}
    tone, glyph = next(((t, g) for t, (g, errors) in _TONES.items() if pair.error in errors), ("bad", "✕"))
    return PairView(
        id=row.id,
        tone=tone if named else "bad",
        glyph=glyph if named else "✕",
        label=PAIR_ERRORS[pair.error] if named else "Not right yet",
        code=pair.entered.code if pair.entered else "—",
        title=pair.entered.title if pair.entered else "",
        sentence=pair.sentence if named else _LOOK,
        told=pair.told if named and safe(pair.told) else "",
        also=tuple(PAIR_ERRORS[also] for also in pair.also) if named else (),
        why=pair.why if (compared or right) and safe(pair.why) else "",
        where=()
        if missing and step < KIND
        else tuple(Proof(e.document, titles.get(e.document, ""), e.quote) for e in pair.evidence),
        answer=(pair.key.code, pair.key.title, pair.key.beside) if compared and pair.key else ("", "", ""),
        cites=tuple(cite for cite in pair.cites if safe(cite)) if pair.entered or compared else (),
        offers=_offer(step, missing, bool(pair.key), bool(pair.evidence)),
    )


def _offer(step: int, missing: bool, key: bool, words: bool) -> tuple[int, str] | tuple[()]:
    """The next step and the words on its button, where there is one more to tell."""
    if step == WHERE and not (missing and not words):
        return KIND, "Show the words of the chart" if missing else "What kind of error is it?"
    return (COMPARED, "Compare it with the key") if step < COMPARED and key else ()


_LOOK: Final = "Not right yet. Open this line to see where to look."
"""The same for every error: which one it is waits until it is asked for."""


@lru_cache(maxsize=512)
def _together(rows: tuple[_Row, ...], case: Case | None) -> Markup:
    """Many missing lines in one row."""
    return fill("learn/_missing_lines.html", rows=[_row(row, case, "learn/_missing.html") for row in rows])


@lru_cache(maxsize=8)
def _same(template: str) -> Markup:
    """A part that is the same in every report."""
    return fill(template)


@lru_cache(maxsize=2048)
def _finding(finding: Finding) -> Markup:
    tone, glyph = SEVERITIES[finding.severity]
    rule = RULES.get(finding.rule)
    what = rule.summary if rule else finding.name.replace("_", " ").capitalize()
    return fill("learn/_finding.html", finding=finding, what=what, tone=tone, glyph=glyph)
