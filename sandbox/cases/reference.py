"""The reference of the case format: every key, from the schema, as Markdown tables.

``python -m sandbox.cases.schema_export`` writes it to ``docs/case-format.md``.
"""

from collections.abc import Iterator
from typing import Any, Final

from sandbox.cases.schema import Case

Json = dict[str, Any]

_INTRO: Final = """# The case format

Every key of a case file, made from `sandbox/cases/schema.py`. How to write a case: [authoring.md](authoring.md).

Values are read as they are typed: `250.00`, `065` and `NO` stay what they are, and quotation marks are needed only
where YAML itself needs them (a text with `: ` or ` #` in it, or one that begins with a special sign). Unknown keys are
refused. Anchors, aliases and tags are not used. A file has at most 1 MB.
"""
_TITLES: Final = {
    "PatientText": "The patient",
    "Document": "A document",
    "Key": "The key",
    "DiagnosisLine": "A diagnosis of the key",
    "ProcedureLine": "A procedure of the key",
    "Quote": "A quote",
    "NotCoded": "What is not coded",
    "OpenQuery": "A query to the provider",
    "Waiver": "A waiver",
    "Other": "A value of an axis of variants",
    "PatientChange": "Another patient",
    "Review": "The review",
    "VariantReview": "The review of a variant",
    "Coding": "A second coding",
    "Difference": "A difference",
}
"""A part of the schema → its heading, in the order of the page."""


def reference() -> str:
    """The text of ``docs/case-format.md``."""
    schema = Case.model_json_schema()
    parts: Json = schema["$defs"]
    if set(parts) != set(_TITLES):
        raise ValueError(f"a part of the schema has no heading: {set(parts) ^ set(_TITLES)}")
    sections = [_section("The case", schema)]
    sections += [_section(title, parts[name]) for name, title in _TITLES.items()]
    return "\n".join([_INTRO, *sections])


def _section(title: str, part: Json) -> str:
    about = " ".join(str(part.get("description", "")).replace("``", "`").split())
    return "\n".join([f"## {title}", "", about, "", "| key | | takes | |", "|---|---|---|---|", *_rows(part), ""])


def _rows(part: Json) -> Iterator[str]:
    needed = part.get("required", ())
    for name, field in part["properties"].items():
        what = _said(field)
        told = " ".join(str(field.get("description") or "").split()).replace("|", r"\|")
        yield f"| `{name}` | {'required' if name in needed else ''} | {what} | {told} |".replace("|  |", "| |")


def _said(field: Json) -> str:
    """What kind of value a field takes, in words."""
    if "$ref" in field:
        return _linked(field["$ref"])
    if kinds := field.get("anyOf"):
        return " or ".join(_said(kind) for kind in kinds if kind.get("type") != "null")
    if values := field.get("enum"):
        return ", ".join(f"`{value}`" for value in values)
    kind = field.get("type")
    if kind == "array":
        least = f"at least {field['minItems']}: " if field.get("minItems") else ""
        return f"list of {least}{_said(field['items'])}"
    if kind == "object":
        # A pattern of names comes as patternProperties, one without as additionalProperties.
        values = field.get("additionalProperties") or next(iter(field["patternProperties"].values()))
        return f"{_names(field)} → {_said(values)}"
    return _scalar(kind, field)


def _names(field: Json) -> str:
    named = str(field.get("propertyNames", "")) + "".join(field.get("patternProperties", ()))
    return "code" if "A-Z" in named else "name" if "a-z" in named else "words"


def _scalar(kind: object, field: Json) -> str:
    if kind == ["string", "number"]:
        return "code"
    if kind == "string":
        if field.get("format") == "date":
            return "date, `YYYY-MM-DD`"
        least, most = field.get("minLength", 0), field.get("maxLength")
        size = f", {least} to {most} characters" if least > 1 and most else f", up to {most} characters" if most else ""
        return f"text{size}"
    if kind in ("integer", "number"):
        low, high = field.get("minimum"), field.get("maximum")
        if low is None and field.get("exclusiveMinimum") is not None:
            return f"number between {field['exclusiveMinimum']:g} and {field['exclusiveMaximum']:g}"
        return f"number, {low} to {high}" if high is not None else f"number from {low}"
    return "`true` or `false`"


def _linked(ref: str) -> str:
    title = _TITLES[ref.rpartition("/")[2]]
    return f"[{title[0].lower()}{title[1:]}](#{title.lower().replace(' ', '-')})"
