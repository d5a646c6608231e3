"""Carries an amendment out in the text of a case file, and leaves every other character as its author wrote it.

What comes out is read again and compared with the amended case by whoever saves it: this module looks for the place,
and does not vouch for the meaning.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import yaml

from sandbox.cases.amending import Amendment, Kind, modifiers_of
from sandbox.cases.nodes import load
from sandbox.encounter import bare

_REST_OF_LINE: Final = re.compile(r"[ \t]*(#[^\n]*)?(\n|\Z)")


class ByHand(Exception):
    """The text has no place where this could be written safely; the message says what is in the way."""


def amend_text(text: str, amendments: Iterable[Amendment]) -> str:
    """The text (line ends ``\\n``) with the amendments in it. Raises :class:`ByHand`."""
    for one in amendments:
        how = _HOW.get(one.kind)
        if how is None:
            raise ByHand("what was decided is more than another value in a line of the key")
        text = how(text, one)
    return text


def _entry(node: yaml.Node | None, name: str) -> tuple[yaml.Node, yaml.Node] | None:
    """(key, value) of a mapping by name."""
    if not isinstance(node, yaml.MappingNode):
        return None
    return next(((key, value) for key, value in node.value if key.value == name), None)


def _value(node: yaml.Node | None, name: str) -> Any:
    found = _entry(node, name)
    return found[1] if found else None


def _line(text: str, one: Amendment) -> yaml.MappingNode:
    """The line of the key that the amendment is about."""
    try:
        root = load(text)
    except yaml.YAMLError as error:
        # A tab before a comment, for one: the reader's parser lets it pass, and the one that tells places does not.
        raise ByHand("the file has something, perhaps a tab, in which no place can be told for sure") from error
    rows = _value(_value(root, "key"), one.section)
    found = [
        row for row in getattr(rows, "value", ()) if bare(getattr(_value(row, "code"), "value", "")) == bare(one.code)
    ]
    if len(found) != 1:
        many = "no line" if not found else f"{len(found)} lines"
        raise ByHand(f"{many} of the key, as the file has it, with the code {one.code}")
    row: yaml.MappingNode = found[0]
    return row


def _new(text: str, row: yaml.MappingNode, entry: str) -> str:
    """``entry`` (``name: value``) right after the code of a line."""
    found = _entry(row, "code")
    assert found
    key, code = found
    if row.flow_style:
        return _put(text, code.end_mark.index, f", {entry}")
    return _put(text, code.end_mark.index, f"\n{' ' * key.start_mark.column}{entry}")


def _put(text: str, at: int, what: str) -> str:
    return text[:at] + what + text[at:]


def _more(text: str, there: Any, item: str) -> str:
    """One more item at the end of a list or a mapping."""
    if not there.value:  # ``[]`` or ``{}``: only these brackets can hold nothing
        return _put(text, there.end_mark.index - 1, item)
    last = there.value[-1][1] if isinstance(there, yaml.MappingNode) else there.value[-1]
    if there.flow_style:
        return _put(text, last.end_mark.index, f", {item}")
    dash = "" if isinstance(there, yaml.MappingNode) else "- "
    return _put(text, last.end_mark.index, f"\n{' ' * there.start_mark.column}{dash}{item}")


def _listed(name: str, text: str, one: Amendment) -> str:
    row = _line(text, one)
    there = _value(row, name)
    item = '"-"' if one.value == "-" else one.value
    if there is None:
        return _new(text, row, f"{name}: [{item}]")
    if bare(one.value) in (bare(node.value) for node in there.value):
        return text
    return _more(text, there, item)


def _modifiers(text: str, one: Amendment) -> str:
    row = _line(text, one)
    there, wanted = _value(row, "accept_modifiers"), modifiers_of(one)
    # In quotes: 25 would be a number.
    item = "[" + ", ".join(f'"{each}"' for each in wanted) + "]"
    if there is None:
        return _new(text, row, f"accept_modifiers: [{item}]")
    if sorted(wanted) in (sorted(each.value for each in node.value) for node in there.value):
        return text
    return _more(text, there, item)


def _accept(text: str, one: Amendment) -> str:
    for name in ("partial", "instead"):
        text = _without(text, one, name)
    return _listed("accept", text, one)


def _without(text: str, one: Amendment, name: str) -> str:
    """The text without what ``partial`` or ``instead`` of the line says of the code."""
    row = _line(text, one)
    there = _value(row, name)
    found = [pair for pair in getattr(there, "value", ()) if bare(pair[0].value) == bare(one.value)]
    if not found:
        return text
    if len(there.value) > 1:
        return _cut(text, there, found[0])
    whole = _entry(row, name)
    assert whole
    return _cut(text, row, whole)


def _cut(text: str, inside: yaml.MappingNode, pair: tuple[yaml.Node, yaml.Node]) -> str:
    """The text without one entry of a mapping that has others."""
    key, value = pair
    place = inside.value.index(pair)
    start, end = key.start_mark.index, value.end_mark.index
    if inside.flow_style:
        if place:
            return text[: inside.value[place - 1][1].end_mark.index] + text[end:]
        return text[:start] + text[inside.value[1][0].start_mark.index :]
    if place == 0:
        # It may stand behind the dash of a list: the next entry takes its place there.
        return text[:start] + text[inside.value[1][0].start_mark.index :]
    start = text.rfind("\n", 0, start) + 1
    begun = text.rfind("\n", 0, end) + 1
    if not text[begun:end].strip():
        # A block ends where the next entry begins: the blanks before that one are its own.
        end = begun
    elif rest := _REST_OF_LINE.match(text, end):
        end = rest.end()
    return text[:start] + text[end:]


def _partial(text: str, one: Amendment) -> str:
    row = _line(text, one)
    there = _value(row, "partial")
    credit = f"{one.credit:g}"
    if there is None:
        return _new(text, row, f"partial: {{{one.value}: {credit}}}")
    for key, value in there.value:
        if bare(key.value) == bare(one.value):
            return text[: value.start_mark.index] + credit + text[value.end_mark.index :]
    return _more(text, there, f"{one.value}: {credit}")


def _optional(text: str, one: Amendment) -> str:
    row = _line(text, one)
    there = _value(row, "optional")
    if there is None:
        return _new(text, row, "optional: true")
    return text[: there.start_mark.index] + "true" + text[there.end_mark.index :]


def _first(text: str, one: Amendment) -> str:
    _line(text, one)  # so that it is one of the key, and no other has its code
    key = _value(load(text), "key")
    diagnoses = _entry(key, "diagnoses")
    assert diagnoses
    item = f"[{_value(diagnoses[1].value[0], 'code').value}, {one.code}]"
    there = _value(key, "either_first")
    if there is not None:
        return _more(text, there, item)
    name = diagnoses[0].start_mark
    apart = ", " if key.flow_style else f"\n{' ' * name.column}"
    return _put(text, name.index, f"either_first: [{item}]{apart}")


_HOW: Final[Mapping[Kind, Callable[[str, Amendment], str]]] = {
    "accept": _accept,
    "partial": _partial,
    "poa": lambda text, one: _listed("accept_poa", text, one),
    "modifiers": _modifiers,
    "units": lambda text, one: _listed("accept_units", text, one),
    "optional": _optional,
    "first": _first,
}
