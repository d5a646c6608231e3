"""What a draft still lacks. The schema refuses it in a case that learners get."""

import re
from collections.abc import Iterator
from typing import Final

from sandbox.cases.places import key_lines
from sandbox.cases.reader import Problem, Source
from sandbox.cases.schema import Case
from sandbox.drafting.material import EMPTY
from sandbox.privacy import KINDS

_PLACEHOLDER: Final = re.compile(
    "|".join(re.escape(word) for word in (*KINDS.values(), EMPTY) if not word[0].isdigit())
)


def unfinished(case: Case, source: Source) -> Iterator[Problem]:
    """The lines of a draft that rest on nothing yet, a key without diagnoses, and what stands in place of words."""
    if not case.key.diagnoses:
        yield source.problem(("key",), "key: no diagnoses yet; the case cannot be ready without", "warning")
    for place, line, _ in key_lines(case):
        if not line.evidence:
            message = f"evidence: no words of the chart stand behind {line.code} yet; the case cannot be ready without"
            yield source.problem((*place, "code"), message, "warning")
    level = "note" if case.status == "draft" else "error"
    for n, document in enumerate(case.documents):
        for part, text in (("title", document.title), ("text", document.text)):
            if left := list(dict.fromkeys(_PLACEHOLDER.findall(text))):
                message = f"chart: {', '.join(left)} stands for words of the chart: write what a learner can read"
                start = text.index(left[0])
                yield source.problem_inside(("documents", n, part), start, message, level)
