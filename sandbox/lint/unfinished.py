"""What a draft still lacks. The schema refuses it in a case that learners get."""

from collections.abc import Iterator

from sandbox.cases.places import key_lines
from sandbox.cases.reader import Problem, Source
from sandbox.cases.schema import Case


def unfinished(case: Case, source: Source) -> Iterator[Problem]:
    """The lines of a draft that rest on nothing yet, and a key without diagnoses."""
    if not case.key.diagnoses:
        yield source.problem(("key",), "key: no diagnoses yet; the case cannot be ready without", "warning")
    for place, line, _ in key_lines(case):
        if not line.evidence:
            message = f"evidence: no words of the chart stand behind {line.code} yet; the case cannot be ready without"
            yield source.problem((*place, "code"), message, "warning")
