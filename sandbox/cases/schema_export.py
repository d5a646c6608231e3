"""The form of a case file as a JSON schema: editors complete and check with it while the author types.

``python -m sandbox.cases.schema_export`` writes it anew after a change of :mod:`sandbox.cases.schema`, and with it the
reference, ``docs/case-format.md``.
"""

import json
from pathlib import Path
from typing import Any, Final

from sandbox.cases.reference import reference
from sandbox.cases.schema import Case

_ROOT: Final = Path(__file__).resolve().parents[2]
FILE: Final = _ROOT / "case.schema.json"
REFERENCE: Final = _ROOT / "docs" / "case-format.md"


def json_schema() -> dict[str, Any]:
    """The schema, as JSON Schema 2020-12."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema"} | Case.model_json_schema()


def render() -> str:
    """The text of ``case.schema.json``."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FILE.write_text(render(), encoding="utf-8")
    REFERENCE.write_text(reference(), encoding="utf-8")
