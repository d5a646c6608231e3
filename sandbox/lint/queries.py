"""What is asked of the provider: is it really open, is it fairly put, and do its codes fit the key?

Its quotes are proven with all others, its sections looked up with those of the lines.
"""

from collections.abc import Iterator

from sandbox.asking import knower
from sandbox.cases.chart import Quote
from sandbox.cases.nodes import Place
from sandbox.cases.places import key_lines
from sandbox.cases.queries import OpenQuery
from sandbox.cases.quotes import spans
from sandbox.cases.reader import Problem, Source
from sandbox.cases.schema import Case
from sandbox.encounter import bare
from sandbox.queries.leading import leads


def query_problems(case: Case, source: Source) -> Iterator[Problem]:
    """The problems of each query of the key, by itself and beside the lines."""
    for n, query in enumerate(case.key.queries):
        place: Place = ("key", "queries", n)
        yield from _form(query, place, source)
        yield from _codes(case, query, place, source)
        yield from _coded_already(case, query, place, source)
        for lead in leads(query.model, query.reason, knower(case)) if query.model else ():
            yield source.problem((*place, "model"), f"model: this query leads ({lead.name}): {lead.words!r}")


def _form(query: OpenQuery, place: Place, source: Source) -> Iterator[Problem]:
    if not query.evidence:
        message = "evidence: no words of the chart stand behind this query yet; the case cannot be ready without"
        yield source.problem((*place, "about"), message, "warning")
    if not query.cites:
        message = "cites: name the guideline section, or the practice brief, by which this is asked"
        yield source.problem((*place, "reason"), message, "warning")
    if query.reason in query.accept_reasons:
        yield source.problem((*place, "accept_reasons"), f"accept_reasons: {query.reason} is its reason", "warning")


def _codes(case: Case, query: OpenQuery, place: Place, source: Source) -> Iterator[Problem]:
    """What is coded meanwhile stands in the key; what is coded instead of asking does not."""
    lines = {bare(line.code) for _, line, _ in key_lines(case)}
    for n, code in enumerate(query.meanwhile):
        if bare(code) not in lines:
            yield source.problem((*place, "meanwhile", n), f"meanwhile: {code} is in no line of the key")
    for code in query.instead:
        if bare(code) in lines:
            message = f"instead: {code} is a line of the key, so it is no mistake to code it; put it under meanwhile"
            yield source.problem((*place, "instead", code), message, key=True)


def _coded_already(case: Case, query: OpenQuery, place: Place, source: Source) -> Iterator[Problem]:
    """A line of the key that rests on all the words which the query calls open; one quote may well name two things."""
    meanwhile = {bare(code) for code in query.meanwhile}
    for _, line, _ in key_lines(case):
        covered = (any(_overlap(case, quote, other) for other in line.evidence) for quote in query.evidence)
        if query.evidence and bare(line.code) not in meanwhile and all(covered):
            message = f"evidence: {line.code} is coded by these words without doubt; if it is coded only as long as no "
            yield source.problem((*place, "evidence"), f"{message}answer has come, name it under meanwhile", "warning")
            return


def _overlap(case: Case, one: Quote, two: Quote) -> bool:
    if one.document != two.document:
        return False
    text = next((document.text for document in case.documents if document.id == one.document), "")
    return any(a < d and c < b for a, b in spans(one.quote, text) for c, d in spans(two.quote, text))
