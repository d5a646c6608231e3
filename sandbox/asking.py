"""A learner's queries beside those of the key: right, another reason, leading, not needed, missed.

They are matched by what they name: the words of the key's query and of its quotes, its reason, and the document. The
score of the codes knows nothing of them.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final

from sandbox.cases.queries import OpenQuery
from sandbox.cases.schema import Case
from sandbox.encounter import bare
from sandbox.findings import Evidence
from sandbox.queries.asked import Asked
from sandbox.queries.leading import leads
from sandbox.queries.reasons import Question
from sandbox.report import Figure, Report
from sandbox.rules.out_words import roots, strong

OUTCOMES: Final[dict[str, str]] = {
    "right": "The right query",
    "other_reason": "The right place, another reason",
    "leading": "The right place, but it leads",
    "repeated": "Asked already",
    "not_needed": "Not needed here",
    "missed": "Not asked",
}
"""What may come of a query, by name (final), and the label that learners read."""

_ENOUGH: Final = 2
"""Words that a question and the key's query have in common before they are taken to be about one thing."""
_REASON: Final = 1.0
_DOCUMENT: Final = 0.5
_IDLE: Final = roots(
    "patient provider physician please clarify document documented documentation note chart record specify state "
    "condition diagnosis diagnoses cause caused related clinical finding findings treatment treated given ordered "
    "admission discharge stay hospital present whether which what explain significance based judgment"
)
"""Words of any query: they tell nothing of what it is about."""


def asked(report: Report, case: Case, questions: Sequence[Question], codes: Sequence[str] = ()) -> Report:
    """The report with what came of the queries, and their figure. ``codes``: those entered, as they were typed.

    Where neither the key nor the learner has a query, the report stays as it is.
    """
    if not case.key.queries and not questions:
        return report
    found = tuple(_outcomes(case, questions, frozenset(map(bare, codes))))
    return replace(report, asked=found, figures=(*report.figures, figure(found)))


def figure(found: Sequence[Asked]) -> Figure:
    """Right queries among those that the chart calls for and those that it does not. It is no part of the score."""
    wanted = sum(one.key >= 0 and not one.optional and one.outcome != "repeated" for one in found)
    right = sum(one.outcome == "right" and not one.optional for one in found)
    excess = sum(one.outcome in ("not_needed", "repeated") for one in found)
    words = (
        "queries", "Queries",
        "right queries ÷ (queries that the chart calls for + queries in excess); no part of the score",
    )  # fmt: skip
    if not wanted:
        return Figure(words[0], words[1], None, words[2], "does not apply: the chart calls for no query")
    whole = wanted + excess
    bottom = f"({wanted} called for + {excess} in excess)" if excess else f"{wanted} called for"
    return Figure(words[0], words[1], right / whole, words[2], f"{right} right ÷ {bottom} = {right / whole:.2f}")


def knower(case: Case) -> Callable[[str], bool]:
    """Whether the chart of a case has a word, in any form of it; several words, whether in one of its lines."""
    lines = _chart(case)

    def known(words: str) -> bool:
        found = roots(words)
        return not found or any(found <= line for line in lines)

    return known


@lru_cache(maxsize=256)
def _chart(case: Case) -> tuple[frozenset[str], ...]:
    texts = (line for one in case.documents for line in (one.title, *one.text.splitlines()))
    return tuple(dict.fromkeys(filter(None, map(roots, texts))))


def _outcomes(case: Case, questions: Sequence[Question], codes: frozenset[str]) -> Iterator[Asked]:
    keys = case.key.queries
    pairs = sorted(
        ((_near(question, query), n, k) for n, question in enumerate(questions) for k, query in enumerate(keys)),
        key=lambda one: (-one[0], one[1], one[2]),
    )
    mine: dict[int, int] = {}
    for near, n, k in pairs:
        if near and n not in mine and k not in mine.values():
            mine[n] = k
    topics = {n: k for near, n, k in reversed(pairs) if near}
    for n, question in enumerate(questions):
        yield _one(case, question, mine.get(n, -1), topics.get(n, -1))
    for k, query in enumerate(keys):
        if k not in mine.values() and not query.optional:
            yield _missed(case, k, frozenset(code for code in map(bare, query.instead) if code in codes))


@lru_cache(maxsize=512)
def _missed(case: Case, key: int, codes: frozenset[str]) -> Asked:
    # Most learners write none, and then all of them are told the same.
    return _of_the_key(case, Asked("missed"), key, codes)


def _near(question: Question, query: OpenQuery) -> float:
    """How near a question is to a query of the key; 0 where they are about different things."""
    said = roots(question.text) - _IDLE
    shared = said & _about(query)
    named = any(roots(term) and roots(term) <= roots(question.text) for term in query.terms)
    same_reason = question.reason in _reasons(query)
    there = question.document in {quote.document for quote in query.evidence}
    if not named and not (strong(shared) and len(shared) >= (_ENOUGH if same_reason or there else _ENOUGH + 1)):
        return 0.0
    return len(shared) + 2 * named + _REASON * same_reason + _DOCUMENT * there


def _reasons(query: OpenQuery) -> tuple[str, ...]:
    return (query.reason, *query.accept_reasons)


@lru_cache(maxsize=512)
def _about(query: OpenQuery) -> frozenset[str]:
    texts = (query.about, query.model, *query.terms, *(quote.quote for quote in query.evidence))
    return frozenset().union(*map(roots, texts)) - _IDLE


def _one(case: Case, question: Question, key: int, topic: int) -> Asked:
    found = leads(question.text, question.reason, knower(case))
    led = tuple((lead.name, lead.words) for lead in found)
    one = Asked("not_needed", question.reason, question.document, question.text, led)
    if key >= 0:
        right = question.reason in _reasons(case.key.queries[key])
        name = "leading" if led else "right" if right else "other_reason"
        return _of_the_key(case, replace(one, outcome=name), key, frozenset())
    if topic >= 0:
        return _of_the_key(case, replace(one, outcome="repeated"), topic, frozenset())
    return replace(one, evidence=_settled(case, question))


def _of_the_key(case: Case, one: Asked, key: int, codes: frozenset[str]) -> Asked:
    query = case.key.queries[key]
    told = [text for code, text in query.instead.items() if bare(code) in codes]
    return replace(
        one,
        key=key,
        optional=query.optional,
        key_reason=query.reason,
        about=query.about,
        why=query.why,
        cites=query.cites,
        evidence=tuple(Evidence(quote.document, quote.quote) for quote in query.evidence),
        meanwhile=query.meanwhile,
        model=query.model,
        told=told[0] if told else "",
    )


def _settled(case: Case, question: Question) -> tuple[Evidence, ...]:
    """The words of the chart that answer a question which need not be asked: of the line of the key nearest to it."""
    said = roots(question.text) - _IDLE
    best: tuple[float, tuple[Evidence, ...]] = (0.0, ())
    key = case.key
    for quotes in (row.evidence for part in (key.diagnoses, key.procedures, key.not_coded) for row in part):
        for quote in quotes:
            shared = roots(quote.quote) & said
            near = len(shared) + _DOCUMENT * (quote.document == question.document) if strong(shared) else 0.0
            if near > best[0]:
                best = near, (Evidence(quote.document, quote.quote),)
    return best[1]
