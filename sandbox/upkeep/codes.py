"""What another day does to the codes that a case names, one by one."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import Final

from sandbox.cases.places import Named, named_codes
from sandbox.cases.reader import Source
from sandbox.codes.codeset import CodeSet
from sandbox.codes.model import Code, Note, day
from sandbox.encounter import CM, PCS, bare, dotted
from sandbox.upkeep.change import Change

_RIGHT: Final = ("code", "accept")
"""The parts whose notes and neighbors matter: what is right today and may be no longer."""
_WHOLE: Final = 7
_NOTES: Final = {
    "excludes1": "Excludes1",
    "excludes2": "Excludes2",
    "includes": "Includes",
    "inclusionTerm": "Inclusion term",
    "codeFirst": "Code first",
    "useAdditionalCode": "Use additional code",
    "codeAlso": "Code also",
}


def code_changes(source: Source, codes: CodeSet, to: date) -> Iterator[Change]:
    """The changes of one encounter's codes: those that end or are divided, new ones beside them, titles and notes."""
    assert source.case is not None
    on = day(source.case.encounter().on)
    then = day(to)
    for named in named_codes(source.case):
        if named.system in (CM, PCS):
            yield from _of_code(source, named, codes.at(on), codes.at(then), on, then)


def _of_code(source: Source, named: Named, old: CodeSet, new: CodeSet, on: int, then: int) -> Iterator[Change]:
    if not old.valid(named.code, on, named.system):
        return
    if not new.valid(named.code, then, named.system):
        yield _not_yet(source, named) if then < on else _ended(source, named, new, then)
        return
    yield from _title(source, named, old, new)
    if named.part == "code" and named.system == CM:
        yield from _neighbors(source, named, new, on, then)
    if named.part in _RIGHT and named.system == CM and old is not new:
        yield from _notes(source, named, old, new)


def _change(source: Source, named: Named, kind: str, message: str, options: Iterable[Code] = ()) -> Change:
    line, column = source.where(named.place, key=named.at_key)
    offered = tuple(options)
    told = tuple((one.shown, one.title or "title not loaded") for one in offered)
    code = dotted(named.code, named.system)
    return Change(kind, named.part, line, column, code, message, told, _edit(named, offered))


def _edit(named: Named, offered: tuple[Code, ...]) -> tuple[str, str] | None:
    """The one answer: the only code that is offered, or the one that says no more than the old one did."""
    vague = [one for one in offered if "unspecified" in one.title.lower()]
    direct = [one for one in vague if one.parent == bare(named.code)]
    choice = next((few[0] for few in (offered, vague, direct) if len(few) == 1), None)
    # CMS's successors of a PCS code may lie in another table: they are looked at, not taken over.
    if choice is None or named.system != CM:
        return None
    return named.code, choice.key if len(named.code) > 3 and "." not in named.code else choice.shown


def _not_yet(source: Source, named: Named) -> Change:
    said = f"{dotted(named.code, named.system)} is not yet a code on that day"
    return _change(source, named, "retired", said)


def _ended(source: Source, named: Named, new: CodeSet, then: int) -> Change:
    code = dotted(named.code, named.system)
    successor = new.replacement(named.code, named.system)
    if below := _parts(named, new, then):
        said = f"{code} is no code any more: it is divided, and the chart has to tell which part it is"
        return _change(source, named, "divided", said, below)
    if successor and successor.valid(then):
        said = f"{code} ends, and CMS's conversion table names what took its place"
        if named.system == PCS:
            said += "; compare the two in the tables before you take it over"
        return _change(source, named, "retired", said, (successor,))
    return _change(source, named, "retired", f"{code} ends, and no single code took its place")


def _parts(named: Named, new: CodeSet, then: int) -> list[Code]:
    """What a code is divided into: the codes below it or, of one with a placeholder, below what stands before it."""
    key = bare(named.code)
    if named.system != CM:
        return []
    if found := [one for one in new.below(key, then) if one.valid(then)]:
        return found
    stem = key[:6].rstrip("X")
    if len(key) < _WHOLE or len(stem) == len(key[:6]):
        return []
    return [one for one in new.below(stem, then) if one.valid(then) and one.key[6:] == key[6:]]


def _title(source: Source, named: Named, old: CodeSet, new: CodeSet) -> Iterator[Change]:
    before, after = old.title(named.code, named.system), new.title(named.code, named.system)
    if before and after and before != after and named.part in _RIGHT:
        yield _change(source, named, "title", f"{dotted(named.code, named.system)} was “{before}”, and is “{after}”")


def _neighbors(source: Source, named: Named, new: CodeSet, on: int, then: int) -> Iterator[Change]:
    """Codes that begin under the same heading: what was the nearest code may be so no longer."""
    entry = new.get(named.code)
    if entry is None or not entry.parent or len(entry.parent) < 3 or "-" in entry.parent:
        return
    begun = [one for one in new.below(entry.parent, then) if one.parent == entry.parent and one.valid(then)]
    begun = [one for one in begun if not one.valid(on)]
    if begun:
        said = f"{dotted(entry.parent)} has new codes beside {entry.shown}; does the chart ask for one of them?"
        yield replace(_change(source, named, "new", said, begun), edit=None)


def _notes(source: Source, named: Named, old: CodeSet, new: CodeSet) -> Iterator[Change]:
    before, after = _texts(old.notes(named.code)), _texts(new.notes(named.code))
    for kind, at, text in sorted(before ^ after):
        verb = "gains" if (kind, at, text) in after else "loses"
        said = f"{dotted(at)} {verb} a note that governs {dotted(named.code)}: {_NOTES[kind]}: {text}"
        yield _change(source, named, "note", said)


def _texts(notes: Iterable[Note]) -> set[tuple[str, str, str]]:
    return {(note.kind, note.at, note.text) for note in notes if note.kind in _NOTES}
