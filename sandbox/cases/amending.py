"""Small changes of a key that somebody has decided on: as values, and carried out on a case.

They say by its code which line they are about, so that they still hold after the file has changed around it; where the
key has no such line any more, they change nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any, Final, Literal, get_args

from sandbox.cases.chart import Quote
from sandbox.cases.schema import Case, DiagnosisLine, Key, ProcedureLine
from sandbox.encounter import bare

Kind = Literal["accept", "partial", "poa", "modifiers", "units", "optional", "first", "extra"]
Section = Literal["diagnoses", "procedures"]
KINDS: Final[tuple[str, ...]] = get_args(Kind)
_ANY_POA: Final = ("Y", "N", "U", "W", "-")


@dataclass(frozen=True, slots=True)
class Amendment:
    """One change. ``code`` is that of the key's line, as the key has it.

    ``accept``: ``value`` is another code that earns full credit; ``partial``: one that earns ``credit`` (0 to 1).
    ``poa``: another POA indicator, ``-`` for a blank. ``modifiers``: another set of them, with a comma between two,
    empty for none; ``units``: another number. ``optional``: the line is not required. ``first``: the line may stand
    first. ``extra``: ``code`` is no line of the key yet and becomes one that is right and not required; ``value`` is
    its code system, ``document`` and ``quote`` the words of the chart that it rests on.
    """

    kind: Kind
    section: Section
    code: str
    value: str = ""
    credit: float = 0.0
    document: str = ""
    quote: str = ""

    def as_json(self) -> dict[str, Any]:
        """It as plain values."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Amendment":
        """What :meth:`as_json` wrote."""
        return cls(**data)


@lru_cache(maxsize=256)
def amended(case: Case, amendments: tuple[Amendment, ...]) -> Case:
    """The case with its key so changed; the case itself where nothing changes."""
    key = case.key
    for one in amendments:
        key = _HOW[one.kind](key, one)
    return case if key == case.key else case.model_copy(update={"key": key})


_Line = DiagnosisLine | ProcedureLine


def _lines(key: Key, one: Amendment, change: Callable[[Any], Mapping[str, Any]]) -> Key:
    """The key with the lines of that code changed: ``change`` says how, field by field."""
    rows: tuple[_Line, ...] = getattr(key, one.section)
    wanted = bare(one.code)
    changed = tuple(row.model_copy(update=change(row)) if bare(row.code) == wanted else row for row in rows)
    return key.model_copy(update={one.section: changed})


def _with(values: tuple[str, ...], value: str) -> tuple[str, ...]:
    return values if value in values else (*values, value)


def _accept(key: Key, one: Amendment) -> Key:
    def change(row: _Line) -> dict[str, Any]:
        """The fields of the line that are other ones."""
        known = bare(one.value) in map(bare, row.accept)
        return {
            "accept": row.accept if known else (*row.accept, one.value),
            "partial": {code: credit for code, credit in row.partial.items() if bare(code) != bare(one.value)},
            "instead": {code: text for code, text in row.instead.items() if bare(code) != bare(one.value)},
        }

    return _lines(key, one, change)


def _partial(key: Key, one: Amendment) -> Key:
    def change(row: _Line) -> dict[str, Any]:
        """The fields of the line that are other ones."""
        others = {code: credit for code, credit in row.partial.items() if bare(code) != bare(one.value)}
        return {"partial": {**others, one.value: one.credit}}

    return _lines(key, one, change)


def _poa(key: Key, one: Amendment) -> Key:
    return _lines(key, one, lambda row: {"accept_poa": _with(row.accept_poa, one.value)})


def _modifiers(key: Key, one: Amendment) -> Key:
    wanted = modifiers_of(one)

    def change(row: _Line) -> dict[str, Any]:
        """The fields of the line that are other ones."""
        assert isinstance(row, ProcedureLine)
        known = sorted(wanted) in map(sorted, row.accept_modifiers)
        return {} if known else {"accept_modifiers": (*row.accept_modifiers, wanted)}

    return _lines(key, one, change)


def modifiers_of(one: Amendment) -> tuple[str, ...]:
    """The set of modifiers that an amendment names."""
    return tuple(filter(None, one.value.split(",")))


def _units(key: Key, one: Amendment) -> Key:
    def change(row: _Line) -> dict[str, Any]:
        """The fields of the line that are other ones."""
        assert isinstance(row, ProcedureLine)
        many = int(one.value)
        return {} if many in row.accept_units else {"accept_units": (*row.accept_units, many)}

    return _lines(key, one, change)


def _optional(key: Key, one: Amendment) -> Key:
    return _lines(key, one, lambda row: {"optional": True})


def _first(key: Key, one: Amendment) -> Key:
    if not key.diagnoses or one.section != "diagnoses":
        return key
    return key.model_copy(update={"either_first": (*key.either_first, (key.diagnoses[0].code, one.code))})


def _extra(key: Key, one: Amendment) -> Key:
    rows: tuple[_Line, ...] = getattr(key, one.section)
    if bare(one.code) in (bare(row.code) for row in rows):
        return key
    made = {
        "code": one.code,
        "evidence": (Quote(document=one.document, quote=one.quote),) if one.quote else (),
        "why": "Accepted by the instructor: the chart can be read that way.",
        "optional": True,
    }
    line: _Line
    if one.section == "diagnoses":
        line = DiagnosisLine(**made, accept_poa=_ANY_POA)
    else:
        line = ProcedureLine(**made, system=one.value)
    # What stood there as not to be coded does not any more.
    refused = tuple(row for row in key.not_coded if bare(row.code) != bare(one.code))
    return key.model_copy(update={one.section: (*rows, line), "not_coded": refused})


_HOW: Final[Mapping[Kind, Callable[[Key, Amendment], Key]]] = {
    "accept": _accept,
    "partial": _partial,
    "poa": _poa,
    "modifiers": _modifiers,
    "units": _units,
    "optional": _optional,
    "first": _first,
    "extra": _extra,
}
