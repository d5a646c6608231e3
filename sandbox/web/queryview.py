"""The queries in the report: what is told of each, step by step, and that none is needed only when it is asked for.

Whether the key has a query at all is a part of the answer. The section therefore looks the same in every case until the
learner asks whether something was to be asked.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from markupsafe import Markup

from sandbox.asking import OUTCOMES
from sandbox.cases.schema import Case
from sandbox.encounter import dotted
from sandbox.queries.asked import Asked
from sandbox.queries.leading import WHY
from sandbox.queries.reasons import REASONS
from sandbox.report import RIGHT, Report
from sandbox.store.steps import COMPARED, KIND, QUERIES
from sandbox.web.feedback import Proof
from sandbox.web.fragments import fill

_OFFERS: Final = {1: (KIND, "What kind of error is it?"), KIND: (COMPARED, "Compare it with the key")}
_MISSED_OFFERS: Final = {1: (KIND, "Which kind of query?"), KIND: (COMPARED, "Compare it with the key")}

_SAID: Final = {
    "right": "A provider can answer this, and the chart cannot.",
    "leading": "There is something to ask here, but not like this: see what leads.",
    "other_reason": "There is something to ask here; the reason is another one.",
    "repeated": "Another of your queries asks this already.",
    "not_needed": "Nothing is taken off for it. Read on before you send it: the chart may say this already.",
    "missed": "Something here is for the provider to settle, and you have not asked.",
}
"""What the second step says."""
_YOURS: Final = "a line that you have not found yet"
_LOOK: Final = "Not right yet. Open it to see where to look."


@dataclass(frozen=True, slots=True)
class View:
    """What one query shows; what no step has told yet is empty."""

    id: int
    tone: str
    glyph: str
    label: str
    mine: str
    reason: str
    sentence: str
    leads: tuple[tuple[str, str], ...]
    documents: tuple[str, ...]
    told: str
    key_reason: str
    about: str
    why: str
    where: tuple[Proof, ...]
    cites: tuple[str, ...]
    meanwhile: tuple[str, ...]
    model: str
    offers: tuple[int, str] | tuple[()]


def told(shown: bool, taken: Mapping[int, int]) -> bool:
    """Whether the learner has asked what was to be asked."""
    return shown or QUERIES in taken


def draw(report: Report, case: Case | None, shown: bool, taken: Mapping[int, int], fresh: int | None = None) -> Markup:
    """The section of the queries. ``fresh``: the place of the one that was just asked about, -1 for all."""
    steps_taken = frozenset((n - QUERIES, step) for n, step in taken.items() if n >= QUERIES)
    titles = tuple((document.id, document.title) for document in case.documents) if case else ()
    hidden = frozenset() if shown or not report.asked else _hidden(report, taken)
    return _draw(tuple(_safe(one, hidden) for one in report.asked), titles, shown, steps_taken, fresh)


def _hidden(report: Report, taken: Mapping[int, int]) -> frozenset[str]:
    """The codes of the key that the learner has neither found nor compared: no text of a query may name them."""
    found = {
        pair.key.code
        for n, pair in enumerate(report.pairs)
        if pair.key and ((pair.error in RIGHT and pair.entered) or taken.get(n, 0) >= COMPARED)
    }
    return frozenset(pair.key.code for pair in report.pairs if pair.key) - found


@lru_cache(maxsize=1024)
def _safe(one: Asked, hidden: frozenset[str]) -> Asked:
    def safe(text: str) -> str:
        return "" if any(code in text for code in hidden) else text

    kept = tuple(_YOURS if code in hidden else code for code in map(dotted, one.meanwhile))
    return replace(
        one,
        meanwhile=tuple(dict.fromkeys(kept)),
        about=safe(one.about),
        why=safe(one.why),
        model=safe(one.model),
        told=safe(one.told),
    )


@lru_cache(maxsize=512)
def _draw(
    asked: tuple[Asked, ...],
    titles: tuple[tuple[str, str], ...],
    shown: bool,
    taken: frozenset[tuple[int, int]],
    fresh: int | None,
) -> Markup:
    given = dict(taken)
    opened = shown or 0 in given
    views = [
        _view(n, one, dict(titles), COMPARED if shown else given.get(n + 1, 1))
        for n, one in enumerate(asked)
        if one.text or opened
    ]
    called = any(one.key >= 0 and not one.optional for one in asked)
    missed = any(not one.text for one in asked)
    return fill("learn/_asked.html", views=views, opened=opened, called=called, missed=missed, given=given, fresh=fresh)


def _view(n: int, one: Asked, titles: Mapping[str, str], step: int) -> View:
    right, missed = one.outcome == "right", not one.text
    kind, compared = step >= KIND or right, step >= COMPARED or right
    has_key = one.key >= 0
    settled = one.outcome == "not_needed" and bool(one.evidence)
    offers = (_MISSED_OFFERS if missed else _OFFERS).get(step, ())
    if right or (step == KIND and not (has_key or settled)):
        offers = ()
    return View(
        id=n,
        tone="ok" if right else "note" if missed or (kind and not has_key) else "warn" if has_key and kind else "bad",
        glyph="✓" if right else "?" if missed else "i" if kind and not has_key else "!" if kind else "✕",
        label=OUTCOMES[one.outcome] if kind else "Not asked yet" if missed else "Not right yet",
        mine=one.text,
        reason=REASONS[one.reason].label if one.reason in REASONS else "",
        sentence=_SAID[one.outcome] if kind else "One place of the chart is still open." if missed else _LOOK,
        leads=tuple((words, WHY[name]) for name, words in one.leads),
        documents=tuple(dict.fromkeys(titles.get(proof.document, "") for proof in one.evidence)),
        told=one.told if kind else "",
        key_reason=REASONS[one.key_reason].label if has_key and kind else "",
        about=one.about if compared else "",
        why=one.why if compared else "",
        where=tuple(Proof(e.document, titles.get(e.document, ""), e.quote) for e in one.evidence) if compared else (),
        cites=one.cites if compared else (),
        meanwhile=one.meanwhile if compared else (),
        model=one.model if compared else "",
        offers=offers,
    )
