"""What the encounters of one file have in common is kept once: a family of charts differs in some words and codes."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel

from sandbox.cases.schema import Case

Part = TypeVar("Part", bound=BaseModel)


def sharing(case: Case, first: Case) -> Case:
    """The case with every part that equals its counterpart in ``first`` being the same object; nothing else changes."""
    key, other = case.key, first.key
    changed = {
        "documents": _shared(case.documents, {one.id: one for one in first.documents}),
        "waives": _shared(case.waives, {one.rule: one for one in first.waives}, "rule"),
        "hints": first.hints if case.hints == first.hints else case.hints,
        "key": key.model_copy(
            update={
                part: _shared(getattr(key, part), {one.code: one for one in getattr(other, part)}, "code")
                for part in ("diagnoses", "procedures", "not_coded")
            }
        ),
    }
    return case.model_copy(update=changed)


_NAMES: dict[frozenset[str], set[str]] = {}


def slim(part: BaseModel) -> None:
    """Let every part that names the same fields in its file share one set of their names: pydantic gives each its own,
    which for some hundred encounters is five megabytes. Nothing changes such a set; a copy of a part has a new one."""
    said = part.model_fields_set
    known = _NAMES.setdefault(frozenset(said), set(said))
    if known is said:
        return  # a part that encounters share has been here before
    object.__setattr__(part, "__pydantic_fields_set__", known)
    for value in part.__dict__.values():
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, BaseModel):
                slim(one)


def _shared(parts: tuple[Part, ...], of: Mapping[str, Part], name: str = "id") -> tuple[Part, ...]:
    out: list[Any] = []
    for part in parts:
        twin = of.get(getattr(part, name))
        out.append(twin if twin == part else _parts_of(part, twin))
    return tuple(out)


def _parts_of(part: Part, twin: Part | None) -> Part:
    """The part with the values that equal its twin's being the twin's: a line with another quote and the same words."""
    if twin is None:
        return part
    same = {name: value for name, value in twin if value == getattr(part, name)}
    return part.model_copy(update=same) if same else part
