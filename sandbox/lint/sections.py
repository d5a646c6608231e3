"""Do the guideline sections exist that a case names among its skills and cites?"""

import difflib
import re
from collections.abc import Iterator
from typing import Final

from sandbox.cases.nodes import Place
from sandbox.cases.places import key_lines
from sandbox.cases.reader import Problem, Source
from sandbox.cases.schema import Case
from sandbox.cases.sections import sections

_LIKE: Final = re.compile(r"(?<![\w.])(?:I{1,3}|IV)(?:\.[A-Za-z0-9]{1,2})+(?!\w)")
"""What looks like a section's id: a roman number, then letters and numbers between dots."""
_OTHER: Final = re.compile(r"^(?:PCS|Appendix)\b|^(?:I{1,3}|IV)$")
"""Skills that are sections of other books, or a whole part of the guidelines."""
_HEADED: Final = 4
"""The table goes as deep as ``I.C.9.a``; what stands below has numbers of its own, and is not looked up."""


def section_problems(case: Case, source: Source) -> Iterator[Problem]:
    """Sections that the guidelines' table of contents does not have; a skill that is none at all."""
    for n, skill in enumerate(case.skills):
        if not _OTHER.search(skill) and not _LIKE.search(skill):
            message = f"skills: {skill!r} is no guideline section such as I.C.9.a.2 or II.K; put subjects under topics"
            yield source.problem(("skills", n), message, "warning")
        yield from _unknown(source, ("skills", n), skill)
    for place, line, _ in key_lines(case):
        for n, cite in enumerate(line.cites):
            yield from _unknown(source, (*place, "cites", n), cite)
    for m, query in enumerate(case.key.queries):
        for n, cite in enumerate(query.cites):
            yield from _unknown(source, ("key", "queries", m, "cites", n), cite)


def _unknown(source: Source, place: Place, text: str) -> Iterator[Problem]:
    for found in _LIKE.finditer(text):
        head = ".".join(found[0].split(".")[:_HEADED])
        parent = head.rpartition(".")[0]
        # I.C.14.a.2 is below a heading; IV.R and I.C.9.k are below nothing.
        if head in sections() or (parent in sections() and head.rpartition(".")[2].isdigit()):
            continue
        near = difflib.get_close_matches(head, sections(), 1)
        more = f"; did you mean {near[0]}?" if near else ""
        yield source.problem(place, f"the guidelines have no section {found[0]}{more}", "warning")
