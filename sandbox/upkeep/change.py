"""One thing that another day changes in a case."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Change:
    """Something to look at. ``line`` and ``column`` count from 1.

    ``kind``: one of :data:`sandbox.upkeep.KINDS`; ``part``: where the case names the code (``code`` is the key itself),
    or ``claim``; ``options``: (code, title) of what may stand in its place; ``edit``: (old, new), where there is one
    answer; ``encounters``: names of variants, ``""`` for the chart as written; empty where all are concerned.
    """

    kind: str
    part: str
    line: int
    column: int
    code: str
    message: str
    options: tuple[tuple[str, str], ...] = ()
    edit: tuple[str, str] | None = None
    encounters: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The change as plain values."""
        return {
            "kind": self.kind,
            "part": self.part,
            "line": self.line,
            "column": self.column,
            "code": self.code,
            "message": self.message,
            "options": [{"code": code, "title": title} for code, title in self.options],
            "edit": {"from": self.edit[0], "to": self.edit[1]} if self.edit else None,
            "encounters": list(self.encounters),
        }
