"""The forms of case files and of blueprints as JSON schemas: editors complete and check with them as the author types.

``python -m sandbox.cases.schema_export`` writes them anew after a change of :mod:`sandbox.cases.schema` or
:mod:`sandbox.cases.blueprint`, and with them the reference, ``docs/case-format.md``.
"""

import json
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel

from sandbox.cases.blueprint import Blueprint
from sandbox.cases.reference import reference
from sandbox.cases.schema import Case

_ROOT: Final = Path(__file__).resolve().parents[2]
FILE: Final = _ROOT / "case.schema.json"
EXAM_FILE: Final = _ROOT / "exam.schema.json"
REFERENCE: Final = _ROOT / "docs" / "case-format.md"


def json_schema(form: type[BaseModel] = Case) -> dict[str, Any]:
    """The schema, as JSON Schema 2020-12."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | form.model_json_schema()


def render(form: type[BaseModel] = Case) -> str:
    """The text of ``case.schema.json``, or with :class:`Blueprint` that of ``exam.schema.json``."""
    return json.dumps(json_schema(form), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FILE.write_text(render(), encoding="utf-8")
    EXAM_FILE.write_text(render(Blueprint), encoding="utf-8")
    REFERENCE.write_text(reference(), encoding="utf-8")
