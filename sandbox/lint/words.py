"""Where a case demands words of the chart: can a learner mark those that the key rests on?"""

from collections.abc import Iterator

from sandbox.cases.places import key_lines
from sandbox.cases.reader import Problem, Source
from sandbox.cases.schema import Case
from sandbox.support import LONGEST, MOST


def words_problems(case: Case, source: Source) -> Iterator[Problem]:
    """Quotes that are longer, and lines that have more of them, than a learner may mark."""
    if case.evidence != "demanded":
        return
    for place, line, _ in key_lines(case):
        if len(line.evidence) > MOST:
            message = f"evidence: {len(line.evidence)} quotes, and a learner may put {MOST} under a line"
            yield source.problem((*place, "evidence"), message, "warning")
        for n, quote in enumerate(line.evidence):
            if len(quote.quote) > LONGEST:
                message = f"quote: {len(quote.quote)} characters, and a learner may mark {LONGEST}"
                yield source.problem((*place, "evidence", n, "quote"), message, "warning")
