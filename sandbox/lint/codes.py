"""The codes that a case names: do they exist on the day, and does anything give the key away?"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from sandbox.cases.nodes import Place
from sandbox.cases.places import KeyLine, Named, key_lines, named_codes
from sandbox.cases.reader import Problem, Source
from sandbox.cases.schema import Case
from sandbox.codes.codeset import CodeSet
from sandbox.codes.model import day
from sandbox.encounter import CM, PCS, Claim, Line, bare, dotted
from sandbox.rules import RULES, check

_WORD: Final = re.compile(r"(?<![\w.])(?:[A-Z][0-9A-Z]{2}(?:\.[0-9A-Z]{1,4})?|[0-9A-HJ-NP-Z]{7}|[A-Z]\d{4,6})(?![\w])")
_OTHERS: Final = ("accept", "partial", "instead")


def code_problems(case: Case, source: Source, codes: CodeSet) -> Iterator[Problem]:
    """The problems of the codes of a case, one by one; how they go together is asked elsewhere."""
    on = case.encounter().on
    if not codes.knows(day(on)):
        yield source.problem(("status",), f"codes: no code set is loaded for {on}; codes not checked", "warning")
    else:
        for named in named_codes(case):
            yield from _existence(case, source, codes, named)
    yield from _twice(case, source)
    yield from _refused(case, source)
    yield from _either_first(case, source)
    yield from _given_away(case, source, codes)


def _existence(case: Case, source: Source, codes: CodeSet, named: Named) -> Iterator[Problem]:
    encounter = case.encounter()
    if codes.valid(named.code, day(encounter.on), named.system):
        return
    line = Line("dx1" if named.system == CM else "px1", named.code, named.system)
    claim = Claim(encounter, (line,)) if named.system == CM else Claim(encounter, (), (line,))
    gate = (f for f in check(claim, codes) if RULES[f.rule].gate)
    said = next((f"{f.rule} {f.message}" for f in gate), "")
    level = "error"
    if not said and named.system in (CM, PCS):
        said = f"{dotted(named.code, named.system)} is no code on {encounter.on}"
    elif not said:
        said, level = f"{named.code}: not checked, for no table of {named.system} knows it", "note"
    yield source.problem(named.place, said, level, key=named.at_key)


def _twice(case: Case, source: Source) -> Iterator[Problem]:
    """A code that one line of the key judges in two ways."""
    for place, line, _ in key_lines(case):
        seen = {bare(line.code): "the key itself"}
        for name in _OTHERS:
            for n, code in enumerate(getattr(line, name)):
                at: Place = (*place, name, n if name == "accept" else code)
                first = seen.setdefault(bare(code), name)
                # A code with partial credit may well have something said to it.
                if first != name and (first, name) != ("partial", "instead"):
                    yield source.problem(at, f"{code}: in {first} and in {name} of one line", key=name != "accept")


def _refused(case: Case, source: Source) -> Iterator[Problem]:
    """A code that the key gives or accepts, and that is said not to be coded."""
    right = {(system, bare(code)) for _, line, system in key_lines(case) for code in (line.code, *line.accept)}
    for n, row in enumerate(case.key.not_coded):
        if (row.system, bare(row.code)) in right:
            place = ("key", "not_coded", n, "code")
            yield source.problem(place, f"not_coded: {row.code} is right by a line of the key; one of the two is wrong")


def _either_first(case: Case, source: Source) -> Iterator[Problem]:
    known = {bare(line.code) for line in case.key.diagnoses}
    for n, group in enumerate(case.key.either_first):
        for m, code in enumerate(group):
            if bare(code) not in known:
                place = ("key", "either_first", n, m)
                yield source.problem(place, f"either_first: {code} is not among the diagnoses of the key")


def _given_away(case: Case, source: Source, codes: CodeSet) -> Iterator[Problem]:
    for n, hint in enumerate(case.hints):
        for found in _WORD.finditer(hint):
            if codes.get(found[0]) or codes.get(found[0], PCS):
                yield source.problem_inside(
                    ("hints", n), found.start(), f"hints: {found[0]} is a code; a hint has none"
                )
    for place, line, system in key_lines(case):
        yield from _told(source, place, line, system)
        yield from _printed(case, source, codes, place, line, system)


def _told(source: Source, place: Place, line: KeyLine, system: str) -> Iterator[Problem]:
    for wrong, text in line.instead.items():
        for code in (line.code, *line.accept):
            if _stands(code, text, system) is not None:
                at = (*place, "instead", wrong)
                yield source.problem(at, f"instead: what is said to {wrong} gives the answer, {code}, away", key=True)


def _printed(case: Case, source: Source, codes: CodeSet, place: Place, line: KeyLine, system: str) -> Iterator[Problem]:
    """The key's code, or one of its names word for word, in the chart."""
    names = _names(line.code, system, codes)
    for n, document in enumerate(case.documents):
        text: Place = ("documents", n, "text")
        if (offset := _stands(line.code, document.text, system)) is not None:
            yield source.problem_inside(text, offset, f"the chart prints the key's code {line.code}", "warning")
        for what, name in names:
            if found := _whole(name).search(document.text):
                message = f"the chart has {what} of {line.code} word for word: {name!r}"
                yield source.problem_inside(text, found.start(), message, "note")
                break


def _names(code: str, system: str, codes: CodeSet) -> list[tuple[str, str]]:
    """The title of a code and its own inclusion terms, in small letters."""
    names = [("the title", codes.title(code, system))]
    if system == CM:
        names += [("an inclusion term", note.text) for note in codes.notes(code, "inclusionTerm", inherited=False)]
    return [(what, name.lower()) for what, name in names if name]


@lru_cache(maxsize=1024)
def _whole(name: str) -> re.Pattern[str]:
    """A name as whole words, with any blanks between them, in either case of letters."""
    words = r"\s+".join(map(re.escape, name.split()))
    return re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE)


def _stands(code: str, text: str, system: str) -> int | None:
    """Where a code, with or without dot, stands in a text."""
    both = "|".join(map(re.escape, (dotted(code, system), bare(code))))
    found = re.search(rf"(?<![\w.])(?:{both})(?!\w)", text, re.IGNORECASE)
    return found.start() if found else None
