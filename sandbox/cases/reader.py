"""A case file → a Case or all its problems, each with line and column."""

import difflib
import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from sandbox.cases.axes import Choice, axis_problems, choices, conditional, name
from sandbox.cases.nodes import Mark, Place, Tree, compose
from sandbox.cases.schema import Case
from sandbox.cases.sharing import sharing
from sandbox.cases.variants import NOT_ITS, Clash, Maker, Turned

MOST_BYTES: Final = 1_000_000

_WORDS: Final[dict[str, str]] = {
    "age": "an age such as 78 years, 5 months or 9 days",
    "rule": "the id of a rule, such as CMB01",
    "discharge_status": "a discharge status: two digits, such as 03",
    "id": "a short name of small letters, digits, - and _",
    "document": "a short name of small letters, digits, - and _",
}
_VALUE_DEEP: Final = 3
"""How deep the name of a value lies: variants, axis, value."""

_SAID: Final[dict[str, str]] = {
    "too_short": "needs at least {min_length} of them, and has {actual_length}",
    "tuple_type": "expected a list: lines that begin with '- ', or [a, b]",
    "dict_type": "expected keys with values",
    "model_type": "expected keys with values",
    "model_attributes_type": "expected keys with values",
    "string_type": "expected text",
    "int_parsing": "{input!r} is no whole number",
    "int_from_float": "{input!r} is no whole number",
    "float_parsing": "{input!r} is no number",
    "bool_parsing": "{input!r} is neither true nor false",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to mend in a file. ``level`` is error, warning or note; line and column count from 1.

    ``rule`` is what found it: a rule of the checker (SEQ01), a part of the linter (privacy), or ``form``, the reader.
    """

    path: str
    line: int
    column: int
    message: str
    level: str = "error"
    rule: str = "form"

    def __str__(self) -> str:
        level = "" if self.level == "error" else f"{self.level}: "
        return f"{self.path}:{self.line}:{self.column}: {level}{self.message}"


@dataclass(frozen=True)
class Source:
    """A case file as it was read: ``case`` is None where it has ``problems``.

    ``text`` is the file's text unchanged and ``hash`` the first 16 hex digits of the SHA-256 of its bytes. The other
    encounters of a file with variants are sources as well: ``others``, each with its name as ``variant``.
    """

    path: str
    text: str
    hash: str
    tree: Tree
    case: Case | None = None
    problems: tuple[Problem, ...] = ()
    variant: str = ""
    others: tuple["Source", ...] = ()

    def where(self, place: Place, *, key: bool = False) -> Mark:
        """Line and column of a value, such as ``("key", "diagnoses", 0, "code")``; ``key``: those of its key."""
        return self.tree.where(place, key=key)

    def problem(self, place: Place, message: str, level: str = "error", *, key: bool = False) -> Problem:
        """A problem at a value or, with ``key``, at its key."""
        return Problem(self.path, *self.tree.where(place, key=key), message, level)

    def problem_inside(self, place: Place, offset: int, message: str, level: str = "error") -> Problem:
        """A problem at the character ``offset`` of a text."""
        return Problem(self.path, *self.tree.inside(place, offset), message, level)


def content_hash(raw: bytes) -> str:
    """What tells one version of a case from another: 16 hex digits of the SHA-256 of the file's bytes."""
    return hashlib.sha256(raw).hexdigest()[:16]


def read_file(path: Path, shown: str = "") -> Source:
    """The case of a file; ``shown`` is the path that problems name. A file that cannot be read is a problem too."""
    shown = shown or path.as_posix()
    try:
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
    except OSError as error:
        return _refused(b"", Problem(shown, 1, 1, f"cannot be read: {error.strerror}"))
    return read(raw, shown)


def decoded(raw: bytes, path: str) -> str | Problem:
    """The text of a file's bytes, or why there is none: too many of them, or not UTF-8."""
    if len(raw) > MOST_BYTES:
        return Problem(path, 1, 1, "larger than 1 MB; no case needs that much")
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Problem(path, 1, 1, "saved as UTF-16; save the file as UTF-8")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode()
        at = before.count("\n") + 1, len(before) - before.rfind("\n")
        return Problem(path, *at, f"the byte {raw[error.start]:#04x} is not UTF-8; save the file as UTF-8")


def read(raw: bytes | str, path: str) -> Source:
    """The case of a file's bytes or text, with the line ends of any system; a UTF-8 byte-order mark may lead."""
    raw = raw.encode() if isinstance(raw, str) else raw
    text = decoded(raw, path)
    if isinstance(text, Problem):
        return _refused(raw, text)
    tree = compose(text)
    problems = [Problem(path, *mark, message) for mark, message in tree.faults]
    case = None
    if tree.data is not None:
        try:
            case = Case.model_validate(tree.data)
        except ValidationError as error:
            problems += complaints(path, tree, error, Case)
    source = Source(path, text, content_hash(raw), tree, case)
    if case and not problems and (case.variants or conditional(case)):
        source, problems = _encounters(source, case)
    problems.sort(key=lambda problem: (problem.line, problem.column))
    return replace(source, case=None, others=(), problems=tuple(problems)) if problems else source


def _encounters(whole: Source, case: Case) -> tuple[Source, list[Problem]]:
    """The chart as written with all its other encounters, and whatever is wrong with any of them."""
    problems = [whole.problem(place, said, key=key) for place, said, key in axis_problems(case)]
    if problems:
        return whole, problems
    found: list[tuple[str, Problem]] = []
    made = []
    for choice in choices(case):
        one = _turned(whole, case, choice)
        made.append(one)
        found += [(one.variant, problem) for problem in one.problems]
    return replace(made[0], others=tuple(made[1:])), named(found)


def _turned(whole: Source, case: Case, choice: Choice) -> Source:
    """One encounter of a file; that of the chart as written keeps the hash of the file, its review and its variants."""
    called = name(case, choice)
    if not called and not conditional(case):
        return whole
    try:
        maker = Maker(case, choice)
        data = maker.make(whole.tree.data)
    except Clash as clash:
        return replace(whole, case=None, variant=called, problems=(whole.problem(clash.place, str(clash), key=True),))
    if not called:
        data |= {name: whole.tree.data[name] for name in NOT_ITS if name in whole.tree.data}
    tree = Turned(data, lines=whole.tree.lines, literal=whole.tree.literal, origin=whole.tree, maker=maker)
    hash = content_hash(f"{whole.hash}~{called}".encode()) if called else whole.hash
    one = replace(whole, hash=hash, tree=tree, case=None, variant=called)
    try:
        return replace(one, case=sharing(Case.model_validate(data), case))
    except ValidationError as error:
        return replace(one, problems=tuple(complaints(whole.path, tree, error, Case)))


def named(found: Iterable[tuple[str, Problem]]) -> list[Problem]:
    """Problems with the encounters that have them: one of the chart as written is told once and names nobody."""
    where: dict[Problem, list[str]] = {}
    for variant, problem in found:
        where.setdefault(problem, []).append(variant)
    return [
        problem if "" in names else replace(problem, message=f"{_listed(names)}: {problem.message}")
        for problem, names in where.items()
    ]


def _listed(names: list[str]) -> str:
    names = [f"~{name}" for name in dict.fromkeys(names)]
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def _refused(raw: bytes, problem: Problem) -> Source:
    text = raw.decode(errors="replace")
    return Source(problem.path, text, content_hash(raw), Tree(), None, (problem,))


def complaints(path: str, tree: Tree, error: ValidationError, model: type[BaseModel]) -> list[Problem]:
    """What pydantic says of a file for which ``model`` is the form, each at its line and column."""
    return [found for details in _own(error) for found in _problems(path, tree, details, model)]


def _own(error: ValidationError) -> list[ErrorDetails]:
    """pydantic's complaints without those that only follow from others: a list is *too short* if its entries fail."""
    every = error.errors()
    longer = {details["loc"][:n] for details in every for n in range(len(details["loc"]))}
    return [details for details in every if details["type"] != "too_short" or details["loc"] not in longer]


def _problems(path: str, tree: Tree, error: ErrorDetails, model: type[BaseModel]) -> Iterator[Problem]:
    """Where and how one of pydantic's complaints is told; nothing where a fault of the YAML has told it."""
    place: Place = tuple(error["loc"])
    at_key = bool(place) and place[-1] == "[key]"
    place = place[:-1] if at_key else place
    if place in tree.broken:
        return
    if error["type"] == "missing":
        mark, place = tree.where(place[:-1]), place
    else:
        at_key = at_key or error["type"] == "extra_forbidden"
        mark = tree.where(place or ("setting",), key=at_key)
    yield Problem(path, *mark, _say(place, error, model))


def _say(place: Place, error: ErrorDetails, form: type[BaseModel]) -> str:
    name = str(place[-1]) if place and isinstance(place[-1], str) else _numbered(place)
    kind, given, context = error["type"], error["input"], error.get("ctx") or {}
    if kind == "missing":
        return f"{name}: missing here"
    if kind == "extra_forbidden":
        return f"{name}: unknown key{_mean(name, _fields(place[:-1], form))}"
    if kind == "literal_error":
        return f"{name}: {given!r} is none of {context['expected']}{_mean(given, _quoted(context['expected']), False)}"
    if kind == "string_pattern_mismatch":
        return f"{name}: {given!r} is not {_wanted(place, name)}"
    if kind == "value_error":
        return f"{name}: {context['error']}" if name else str(context["error"])
    said = _SAID.get(kind, "").format(input=given, **context) or error["msg"][:1].lower() + error["msg"][1:]
    return f"{name}: {said}"


def _wanted(place: Place, name: str) -> str:
    if place[0] == "never_together" or (place[0] == "variants" and len(place) <= _VALUE_DEEP) or "only" in place:
        return "a short name of small letters, digits and _"
    return _WORDS.get(name, "a code in capitals, such as M80.052A")


def _numbered(place: Place) -> str:
    """An entry of a list as people count: ``evidence 1``."""
    above = next((step for step in reversed(place) if isinstance(step, str)), "")
    return f"{above} {int(place[-1]) + 1}" if len(place) > 1 else ""


def _quoted(text: str) -> list[str]:
    return re.findall(r"'([^']+)'", text)


def _mean(given: object, known: list[str], tell: bool = True) -> str:
    near = difflib.get_close_matches(str(given), known, 1)
    if near:
        return f"; did you mean {near[0]}?"
    return f"; known here: {', '.join(known)}" if known and tell else ""


def _fields(place: Place, form: type[BaseModel]) -> list[str]:
    """The keys that the schema knows at a place."""
    model: type[BaseModel] | None = form
    for step in place:
        if isinstance(step, str) and model is not None:
            found = model.model_fields.get(step)
            model = _model(found.annotation) if found else model  # a name in a mapping: an axis, a value
    return list(model.model_fields) if model else []


def _model(annotation: Any) -> type[BaseModel] | None:
    """The first model in an annotation: ``tuple[Annotated[Document, …], …]`` → Document."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in get_args(annotation) if (found := _model(part))), None)
