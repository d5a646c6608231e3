"""What a case says, without a look at any code set: documents, quotes, dates."""

import datetime as dt
import difflib
from collections.abc import Iterator
from typing import Final

from sandbox.cases.chart import Quote
from sandbox.cases.nodes import Place
from sandbox.cases.quotes import near
from sandbox.cases.reader import Problem, Source
from sandbox.cases.schema import Case

MARGIN: Final = dt.timedelta(days=31)
"""How far from the encounter a document may be dated: outside letters lie before it, pathology and queries after."""


def chart_problems(case: Case, source: Source) -> Iterator[Problem]:
    """The problems of a case's texts."""
    yield from _documents(case, source)
    for place, quote in quotes(case):
        yield from _quote(case, source, place, quote)


def quotes(case: Case) -> Iterator[tuple[Place, Quote]]:
    """Every quote of a case and its place."""
    for part in ("diagnoses", "procedures", "not_coded", "queries"):
        for n, row in enumerate(getattr(case.key, part)):
            for m, quote in enumerate(row.evidence):
                yield ("key", part, n, "evidence", m), quote
    for n, waiver in enumerate(case.waives):
        yield ("waives", n, "evidence"), waiver.evidence


def _documents(case: Case, source: Source) -> Iterator[Problem]:
    first = case.admitted or case.date_of_service
    last = case.discharged or case.date_of_service
    assert first is not None
    assert last is not None
    seen: set[str] = set()
    for n, document in enumerate(case.documents):
        place: Place = ("documents", n)
        if document.id in seen:
            yield source.problem((*place, "id"), f"id: a second document is called {document.id}")
        seen.add(document.id)
        if not first - MARGIN <= document.date <= last + MARGIN:
            message = f"date: {document.date} lies more than {MARGIN.days} days from the encounter ({first} to {last})"
            yield source.problem((*place, "date"), message, "warning")


def _quote(case: Case, source: Source, place: Place, quote: Quote) -> Iterator[Problem]:
    at = {document.id: n for n, document in reversed(list(enumerate(case.documents)))}
    if quote.document not in at:
        close = difflib.get_close_matches(quote.document, at, 1)
        more = f"did you mean {close[0]}?" if close else f"there are {', '.join(at)}"
        yield source.problem((*place, "document"), f"document: the case has no document {quote.document}; {more}")
        return
    text = case.documents[at[quote.document]].text
    if quote.quote not in text:
        said = _said(case, source, quote, at[quote.document])
        yield source.problem((*place, "quote"), f"quote: not word for word in {quote.document}: {said}")


def _said(case: Case, source: Source, quote: Quote, n: int) -> str:
    """What the chart has instead of the quote, and where."""
    text = case.documents[n].text
    if found := near(quote.quote, text):
        line, column = source.tree.inside(("documents", n, "text"), found.offset)
        return f"line {line}, column {column} differs in {found.different}: {found.words!r}"
    for document in case.documents:
        if quote.quote in document.text:
            return f"it stands in {document.id}"
    sentences = [line.strip() for line in text.splitlines() if line.strip()]
    close = difflib.get_close_matches(quote.quote, sentences, 1)
    return f"{quote.quote!r} is not there" + (f"; a line like it: {close[0]!r}" if close else "")
