"""One entry of a code book: where it stands, whether it may be assigned, and everything that governs it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sandbox.codebook.guidelines import Section, governing
from sandbox.codebook.linking import Piece, pieces
from sandbox.codes.codeset import CodeSet
from sandbox.codes.model import Code, in_force
from sandbox.codes.official import NOTE_KINDS
from sandbox.encounter import CM

OPEN: Final = 20990101
"""A day from which on an end is none: the tables write *still valid* as a day far ahead."""

KINDS: Final = {
    "includes": ("Includes", "What this entry covers."),
    "inclusionTerm": ("Inclusion terms", "Names for which this code is used; the list need not be complete."),
    "excludes1": ("Excludes1", "Not coded here: never together with this, unless the two are unrelated (I.A.12.a)."),
    "excludes2": ("Excludes2", "Not included here: both may be coded, where the patient has both (I.A.12.b)."),
    "codeFirst": ("Code first", "The cause stands before this code."),
    "useAdditionalCode": ("Use additional code", "A second code completes this one."),
    "codeAlso": ("Code also", "Two codes may be needed; the order depends on the encounter."),
    "notes": ("Note", ""),
    "sevenChrNote": ("7th character", ""),
}
"""Kind of note → (as the Tabular calls it, what it asks for)."""

ATTRIBUTES: Final = {
    "ecodepdx": "an external cause, never a principal diagnosis",
    "manifestation": "a manifestation, never a principal diagnosis",
    "unacceptable": "not accepted as principal diagnosis",
    "reqsdx": "as principal diagnosis only with a secondary diagnosis",
    "female": "for women and girls",
    "male": "for men and boys",
    "newborn": "for newborns (age 0)",
    "pediatric": "for children (age 0 to 17)",
    "maternity": "for ages 9 to 64",
    "adult": "for adults (age 15 and over)",
    "unspecified": "unspecified where the side could be told",
    "qadm": "questionable as a reason for admission",
    "noncovered": "a procedure that Medicare does not cover",
    "lcov": "a procedure with limited coverage",
}
"""What the Medicare Code Editor says of a code, in words."""


@dataclass(frozen=True, slots=True)
class Said:
    """The notes of one kind from one entry; ``source`` is None where they stand at the entry itself."""

    source: Code | None
    notes: tuple[tuple[Piece, ...], ...]


@dataclass(frozen=True, slots=True)
class Notes:
    """All notes of one kind: those of the entry itself first, then from each entry above it."""

    kind: str
    title: str
    meaning: str
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Seventh:
    """A 7th character that may be chosen. ``code``: what becomes of the entry with it, where that is one code."""

    char: str
    meaning: str
    code: Code | None


@dataclass(frozen=True, slots=True)
class Entry:
    """What the page of an entry shows. ``way`` runs from the chapter down to the entry above."""

    code: Code
    valid: bool
    standing: str
    attributes: tuple[str, ...]
    way: tuple[Code, ...]
    notes: tuple[Notes, ...]
    seventh: tuple[Seventh, ...]
    below: tuple[Code, ...]
    before: Code | None
    after: Code | None
    sections: tuple[Section, ...]


def read(codes: CodeSet, key: str, system: str, on: int) -> Entry | None:
    """The entry as it stands on the day (YYYYMMDD); None where the code set has none."""
    code = codes.get(key, system)
    if code is None or code.system != system:
        return None
    seventh = tuple(_seventh(codes, code))
    below = in_print(codes, code.key, on) if system == CM else ()
    before, after = _neighbours(codes, code, on)
    return Entry(
        code,
        code.valid(on),
        standing(code, on, bool(seventh) and not any(c.kind != "code" for c in below)),
        tuple(text for flag, text in ATTRIBUTES.items() if flag in code.flags(on)),
        tuple(found for at in reversed(code.path[1:]) if (found := codes.get(at, system))),
        tuple(_notes(codes, code)),
        seventh,
        below,
        before,
        after,
        governing(code),
    )


def in_print(codes: CodeSet, key: str, on: int) -> tuple[Code, ...]:
    """What stands right below a heading (below nothing: the chapters) and is, or leads to, a code of the day."""
    return tuple(
        code
        for code in codes.children(key)
        if code.kind in ("chapter", "block") or code.valid(on) or (key and codes.heading(code.key, on))
    )


def standing(code: Code, on: int, seventh: bool = False) -> str:
    """Whether the code may be assigned on the day, in words."""
    if span := in_force(code.spans, on):
        return f"A complete code, in force since {_day(span.first)}{_until(span.last)}. It may be assigned."
    if code.spans:
        later = min((span.first for span in code.spans if span.first > on), default=0)
        when = f"it begins on {_day(later)}" if later else f"it ended on {_day(max(s.last for s in code.spans))}"
        return f"Not in force on {_day(on)}: {when}."
    if code.kind in ("chapter", "block"):
        return f"A {code.kind}, not a code: choose a category below."
    if seventh:
        return "Needs more characters: the 7th says which encounter or kind it is; X fills empty places before it."
    return f"A {code.kind}, not a complete code: needs more characters. Choose below."


def _until(last: int) -> str:
    return f", to {_day(last)} as far as is known" if last < OPEN else ""


def _day(number: int) -> str:
    return f"{number // 10000}-{number // 100 % 100:02}-{number % 100:02}"


def _notes(codes: CodeSet, code: Code) -> Iterator[Notes]:
    for kind in NOTE_KINDS if code.system == CM else ():
        by_source: dict[str, list[tuple[Piece, ...]]] = {}
        for note in codes.notes(code.key, kind):
            by_source.setdefault(note.at, []).append(pieces(codes, note.text))
        said = tuple(
            Said(None if at == code.key else codes.get(at), tuple(notes)) for at, notes in by_source.items() if notes
        )
        if said:
            yield Notes(kind, *KINDS[kind], said)


def _seventh(codes: CodeSet, code: Code) -> Iterator[Seventh]:
    if code.system != CM or code.kind in ("chapter", "block"):
        return
    stem = code.key[:6]
    for char, meaning in codes.seventh(code.key).items():
        yield Seventh(
            char, meaning, codes.get(stem.ljust(6, "X") + char) if len(stem) > 3 or stem == code.key else None
        )


def _neighbours(codes: CodeSet, code: Code, on: int) -> tuple[Code | None, Code | None]:
    """The entries before and after this one on its level; at the end of a heading, those of the next heading."""
    if code.system != CM:
        row = codes.below(code.key[:3], on, code.system)
        keys = [each.key for each in row]
        at = keys.index(code.key) if code.key in keys else -1
        return (row[at - 1] if at > 0 else None), (row[at + 1] if 0 <= at < len(row) - 1 else None)
    return _beside(codes, code, on, -1), _beside(codes, code, on, 1)


def _beside(codes: CodeSet, code: Code, on: int, step: int) -> Code | None:
    row = in_print(codes, code.parent, on)
    keys = [each.key for each in row]
    if code.key in keys and 0 <= (at := keys.index(code.key) + step) < len(row):
        return row[at]
    above = codes.get(code.parent) if code.parent else None
    uncle = _beside(codes, above, on, step) if above else None
    cousins = in_print(codes, uncle.key, on) if uncle else ()
    return cousins[0 if step > 0 else -1] if cousins else uncle
