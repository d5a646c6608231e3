"""What the checker says about a claim: frozen values that everything else may read."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """How much a finding weighs. ``error`` only where no chart could make the claim right."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"
    PRAISE = "praise"


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a rule is written.

    ``text`` is what a coder would write in an appeal (``ICD-10-CM Guidelines, I.C.9.a.1``);
    ``section`` is the bare guideline section (``I.C.9.a.1``) or empty.
    """

    text: str
    section: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words of the chart: the id of a document and a quote that stands in it word for word."""

    document: str
    quote: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that one rule has to say about one claim.

    ``codes`` and ``lines`` run in parallel: the codes as they are printed (with dot) and the ids
    of the lines (``dx1`` is the first diagnosis, ``px1`` the first procedure).
    """

    rule: str
    name: str
    severity: Severity
    message: str
    codes: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    citation: Citation = Citation("")
    evidence: tuple[Evidence, ...] = ()

    def as_json(self) -> dict[str, object]:
        """The finding as the command line prints it."""
        out: dict[str, object] = {
            "rule": self.rule,
            "name": self.name,
            "severity": self.severity.value,
            "message": self.message,
            "codes": list(self.codes),
            "lines": list(self.lines),
            "citation": self.citation.text,
        }
        if self.evidence:
            out["evidence"] = [{"document": e.document, "quote": e.quote} for e in self.evidence]
        return out

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Finding":
        """The finding that :meth:`as_json` wrote."""
        return cls(
            rule=data["rule"],
            name=data["name"],
            severity=Severity(data["severity"]),
            message=data["message"],
            codes=tuple(data["codes"]),
            lines=tuple(data["lines"]),
            citation=Citation(data["citation"]),
            evidence=tuple(Evidence(**evidence) for evidence in data.get("evidence", ())),
        )
