"""Does ``minutes`` fit the chart? A rough estimate of what a working coder takes, to catch slips of the pen."""

from collections.abc import Iterator
from typing import Final

from sandbox.cases.reader import Problem, Source
from sandbox.cases.schema import Case

RATE: Final = 175
"""Words a minute. Adults read non-fiction silently at 175 to 300 (Brysbaert, J Mem Lang 2019;109:104047); a chart is
dense shorthand, so the lower end."""
OPENING: Final = 2
"""Minutes to open a chart and to see what kind of encounter it is."""
LINE: Final = 1
"""Minutes for a line of the key: look it up, read its notes, give it its place."""
MOST: Final = 3
"""How many times the estimate may be exceeded: hard questions take thinking, and the estimate knows none."""


def minutes_problems(case: Case, source: Source) -> Iterator[Problem]:
    """A warning where ``minutes`` is less than reading alone takes, or far more than reading and coding."""
    words = sum(len(document.text.split()) for document in case.documents)
    reading = words / RATE
    whole = OPENING + reading + LINE * (len(case.key.diagnoses) + len(case.key.procedures))
    if case.minutes < reading:
        said = f"reading {words} words takes {reading:.0f} minutes by itself (at {RATE} a minute)"
    elif case.minutes > MOST * whole:
        said = f"reading {words} words and coding takes about {whole:.0f}; more than {MOST} times that is a long time"
    else:
        return
    yield source.problem(("minutes",), f"minutes: {case.minutes}, but {said}", "warning")
