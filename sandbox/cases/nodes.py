"""YAML text → plain strings, lists and dicts, with the line and column of every one; knows no schema.

Nodes are read, not values: YAML itself would turn ``250.00`` into a number, ``065`` into 53 and ``NO`` into false.
"""

import re
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

Place = tuple[str | int, ...]
"""The way to a value: ``("key", "diagnoses", 0, "code")``."""

Mark = tuple[int, int]
"""Line and column, both counted from 1."""

MOST_NODES: Final = 20_000
MOST_DEPTH: Final = 30

_BREAK = re.compile(r"\r\n?")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_NO_START = re.compile(r"found character '(.+)' that cannot start any token")
_PLAIN: Final = (
    ("mapping values are not allowed here", "a second ': ' in one line; put the value into quotation marks"),
    ("could not find expected ':'", "neither 'key: value' nor text indented below its key"),
    ("expected a single document", "a second '---'; a file holds one case"),
    ("found another document", "a second '---'; a file holds one case"),
    ("expected <block end>, but found", "the indentation does not fit the lines above"),
    ("expected ',' or ']'", "a list in [ ] ends otherwise than with ]; a text in it may need quotes"),
    ("expected ',' or '}'", "keys in { } end otherwise than with }; a text in it may need quotes"),
    ("found undefined alias", "anchors (&) and aliases (*) are not used in case files; quote a value that needs them"),
)


@dataclass
class Tree:
    """What a text holds. ``faults`` are (mark, message); ``broken`` the places of values that a fault is about."""

    data: Any = None
    values: dict[Place, Mark] = field(default_factory=dict)
    keys: dict[Place, Mark] = field(default_factory=dict)
    literal: set[Place] = field(default_factory=set)
    lines: list[str] = field(default_factory=list)
    faults: list[tuple[Mark, str]] = field(default_factory=list)
    broken: set[Place] = field(default_factory=set)

    def where(self, place: Place, *, key: bool = False) -> Mark:
        """Where the value stands (``key``: its key); for a place that is not there, the nearest one above it."""
        if key and place in self.keys:
            return self.keys[place]
        while place not in self.values and place:
            place = place[:-1]
        return self.values.get(place, (1, 1))

    def inside(self, place: Place, offset: int) -> Mark:
        """Where the character ``offset`` of a text stands; exact in a literal block (``|``), else the text's start."""
        line, column = self.where(place)
        if place not in self.literal:
            return line, column
        text: Any = self.data
        for step in place:
            text = text[step]
        row = text.count("\n", 0, offset)
        start = text.rfind("\n", 0, offset) + 1
        written = text[start:].partition("\n")[0]
        found = self.lines[line + row] if line + row < len(self.lines) else written
        return line + row + 1, len(found) - len(written) + offset - start + 1


class _Fault(yaml.MarkedYAMLError):
    """Something that YAML allows and a case file does not."""


class _Composer(yaml.composer.Composer):
    """Composes nodes, but no anchors, aliases and tags, and neither deep nor endless structures."""

    nodes = 0
    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event: Any = self.peek_event()  # type: ignore[attr-defined]
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _Fault(None, None, _PLAIN[-1][1], event.start_mark)
        if getattr(event, "tag", None):
            raise _Fault(None, None, "tags (!) are not used in case files", event.start_mark)
        self.nodes += 1
        self.depth += 1
        if self.nodes > MOST_NODES or self.depth > MOST_DEPTH:
            raise _Fault(None, None, "more entries, or deeper ones, than any case needs", event.start_mark)
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


class _Loader(_Composer, yaml.SafeLoader):
    """Reads with PyYAML alone: slowly, and its words for what is wrong are the ones that :func:`_explain` knows."""


def _fast() -> type[Any] | None:
    """The same with libyaml's parser, some five times as fast; None where PyYAML was built without it.

    It allows a little more, such as a question mark before the bracket that ends a list.
    """
    if not yaml.__with_libyaml__:
        return None
    from yaml._yaml import CParser

    class Fast(_Composer, CParser, yaml.resolver.Resolver):
        def __init__(self, stream: str) -> None:
            CParser.__init__(self, stream)
            _Composer.__init__(self)
            yaml.resolver.Resolver.__init__(self)

    return Fast


_FAST: Final = _fast()


def compose(text: str) -> Tree:
    """The tree of a text; a fault of syntax ends it, all others are collected."""
    text = _BREAK.sub("\n", text.removeprefix("\ufeff"))
    if _FAST and not (tree := _composed(text, _FAST)).faults:
        return tree
    return _composed(text, _Loader)


def load(text: str) -> yaml.Node | None:
    """The nodes of a text that :func:`compose` finds no fault with, each with the places where it begins and ends."""
    found: yaml.Node | None = yaml.compose(text, Loader=_Loader)
    return found


def _composed(text: str, loader: type[Any]) -> Tree:
    tree = Tree(lines=text.split("\n"))
    for found in _CONTROL.finditer(text):
        at = text.count("\n", 0, found.start()) + 1, found.start() - text.rfind("\n", 0, found.start())
        tree.faults.append((at, f"the invisible character U+{ord(found[0]):04X} cannot stand in a case file"))
    if tree.faults:
        return tree
    try:
        root = yaml.compose(text, Loader=loader)
    except yaml.MarkedYAMLError as error:
        tree.faults.append(_explain(error))
        return tree
    except (yaml.YAMLError, ValueError) as error:
        # PyYAML lets chr() fail on an escape such as "\U00110000", and tells no place.
        tree.faults.append(((1, 1), f"not YAML: {error}"))
        return tree
    if root is None:
        tree.faults.append(((1, 1), "the file is empty"))
    elif not isinstance(root, yaml.MappingNode):
        tree.faults.append((_mark(root.start_mark), "a case file begins with keys, such as 'title: …'"))
    else:
        tree.data = _read(root, (), tree)
    return tree


def _mark(mark: Any) -> Mark:
    return mark.line + 1, mark.column + 1


def _explain(error: yaml.MarkedYAMLError) -> tuple[Mark, str]:
    problem, mark = error.problem or "", error.problem_mark
    if error.context and "quoted scalar" in error.context:
        return _mark(error.context_mark), "this quotation mark is never closed"
    if found := _NO_START.search(problem):
        tab = found[1] == "\\t"
        said = "a tab; YAML is indented with spaces" if tab else f"a value that begins with {found[1]} needs quotes"
        return _mark(mark), said
    if "simple key" in (error.context or ""):
        mark = error.context_mark
    said = next((words for part, words in _PLAIN if part in problem or part in (error.context or "")), "")
    if not said:
        said = ", ".join(part for part in (error.context, problem) if part)
    return _mark(mark), said


def _read(node: yaml.Node, place: Place, tree: Tree) -> Any:
    tree.values[place] = _mark(node.start_mark)
    if isinstance(node, yaml.MappingNode):
        return _read_mapping(node, place, tree)
    if isinstance(node, yaml.SequenceNode):
        return [_read(item, (*place, n), tree) for n, item in enumerate(node.value)]
    assert isinstance(node, yaml.ScalarNode)
    if node.style == "|":
        tree.literal.add(place)
    if node.value == "" and not node.style:
        name = place[-1] if place and isinstance(place[-1], str) else "this entry"
        tree.faults.append((tree.values[place], f"{name}: no value; write one or leave the line out"))
        tree.broken.add(place)
    return _clean(node.value)


def _read_mapping(node: yaml.MappingNode, place: Place, tree: Tree) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for key, value in node.value:
        at = _mark(key.start_mark)
        if not isinstance(key, yaml.ScalarNode):
            tree.faults.append((at, "a key is plain text, not a list or a mapping"))
            continue
        name = _clean(key.value)
        if name in out:
            first = tree.keys[(*place, name)][0]
            tree.faults.append((at, f"{name}: twice in one place; it stands in line {first} already"))
            continue
        if node.flow_style and value.value == "" and value.start_mark.index == key.end_mark.index:
            tree.faults.append((at, f"{name!r} has no colon: a comma ends a value in {{…}}; put the text into quotes"))
            continue
        tree.keys[(*place, name)] = at
        out[name] = _read(value, (*place, name), tree)
    return out


def _clean(text: str) -> str:
    """The text without halves of characters, which an escape such as "\\ud800" makes and no file can hold."""
    return text.encode(errors="replace").decode()
