"""The report on one attempt: what the learner entered beside the key, the findings, the figures, the payment.

``Report.as_json()`` is what is stored and what the pages draw, so that history shows exactly what the learner saw.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import orjson

from sandbox.findings import Evidence, Finding

PAIR_ERRORS: Final[dict[str, str]] = {
    "exact": "Exact",
    "accepted": "Accepted",
    "optional": "Right, not required",
    "partial": "Partly right",
    "too_general": "Too general",
    "too_specific": "More specific than the chart",
    "wrong_side": "Wrong side",
    "wrong_seventh": "Wrong 7th character",
    "wrong_episode": "Wrong episode of care",
    "wrong_etiology": "Wrong etiology",
    "related": "Right area, wrong code",
    "misplaced": "Wrong place in the order",
    "wrong_poa": "Wrong POA indicator",
    "wrong_modifier": "Wrong modifier",
    "wrong_units": "Wrong units",
    "unsupported": "Not supported by the chart",
    "not_to_be_coded": "Documented, but not coded",
    "missing": "Missing",
}
"""The errors by name (final) and the label that learners read."""

RIGHT: Final = frozenset(("exact", "accepted", "optional"))


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a pair: a line as entered, or as the key has it, each with its own ids (``dx1`` …).

    ``place`` counts from 0 among the diagnoses, or the procedures.
    """

    id: str
    code: str
    title: str
    system: str
    poa: str = ""
    place: int = 0


@dataclass(frozen=True, slots=True)
class Pair:
    """An entered line and the key line it stands for; one of them may be missing, never both.

    An optional line that was left out is a pair as well: ``optional``, with nothing entered.
    ``error`` is a name of :data:`PAIR_ERRORS`; ``also`` further ones that the same pair shows (a wrong POA on a wrong
    code). ``credit`` lies between 0 and 1. ``sentence`` tells the learner what kind of error it is and gives no answer
    away; ``told`` is what the author foresaw for just this wrong code; ``why`` and ``key`` wait until the key is shown.
    """

    error: str
    credit: float
    sentence: str
    entered: Side | None = None
    key: Side | None = None
    also: tuple[str, ...] = ()
    told: str = ""
    why: str = ""
    cites: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a report: ``value`` from 0 to 1, or None where it does not apply; formula in words, in numbers."""

    id: str
    label: str
    value: float | None
    formula: str
    numbers: str


@dataclass(frozen=True, slots=True)
class Report:
    """All of it. ``payment`` holds ``entered`` and ``key`` (:mod:`sandbox.payment`), None outside inpatient stays."""

    case: str
    case_hash: str
    edition: str
    checker: str
    pairs: tuple[Pair, ...]
    findings: tuple[Finding, ...]
    figures: tuple[Figure, ...]
    payment: dict[str, Any] | None = None

    @property
    def score(self) -> float:
        """The figure that counts as the score: exact agreement, 0 to 1."""
        return self.figures[0].value or 0.0

    def as_json(self) -> dict[str, Any]:
        """The report as plain values, ready to be written as JSON. Parts of it are shared: not to be changed."""
        return {**self._frame(), "pairs": [_pair_json(pair) for pair in self.pairs]}

    def _frame(self) -> dict[str, Any]:
        return {
            **_plain(self),
            "findings": [finding.as_json() for finding in self.findings],
            "figures": [_plain(figure) for figure in self.figures],
            "score": self.score,
        }

    def stored(self) -> "Stored":
        """The report as the database keeps it."""
        pairs = tuple(map(_stored_pair, self.pairs))
        text = orjson.dumps({**self._frame(), "pairs": [hash for hash, _ in pairs]}).decode()
        return Stored(text, pairs)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Report":
        """The report that :meth:`as_json` wrote."""
        return cls(
            case=data["case"],
            case_hash=data["case_hash"],
            edition=data["edition"],
            checker=data["checker"],
            pairs=tuple(map(_pair, data["pairs"])),
            findings=tuple(map(Finding.from_json, data["findings"])),
            figures=tuple(Figure(**figure) for figure in data["figures"]),
            payment=data["payment"],
        )


@dataclass(frozen=True, slots=True)
class Stored:
    """A report as the database keeps it: JSON in which each pair is a hash, and the pairs by hash.

    A classroom's pairs are much alike: each is kept once, word for word, and every attempt that showed it points there.
    """

    text: str
    pairs: tuple[tuple[str, str], ...]


@lru_cache(maxsize=4096)
def _stored_pair(pair: Pair) -> tuple[str, str]:
    text = orjson.dumps(_pair_json(pair))
    return hashlib.sha256(text).hexdigest()[:32], text.decode()


def _plain(value: Any) -> dict[str, Any]:
    # ``dataclasses.asdict`` copies whatever is below as well, and takes ten times as long.
    return {name: getattr(value, name) for name in value.__slots__}


@lru_cache(maxsize=4096)
def _pair_json(pair: Pair) -> dict[str, Any]:
    return {
        **_plain(pair),
        "entered": _plain(pair.entered) if pair.entered else None,
        "key": _plain(pair.key) if pair.key else None,
        "also": list(pair.also),
        "cites": list(pair.cites),
        "evidence": [_plain(evidence) for evidence in pair.evidence],
    }


def _pair(data: Mapping[str, Any]) -> Pair:
    return Pair(
        **{
            **data,
            "entered": Side(**data["entered"]) if data["entered"] else None,
            "key": Side(**data["key"]) if data["key"] else None,
            "also": tuple(data["also"]),
            "cites": tuple(data["cites"]),
            "evidence": tuple(Evidence(**evidence) for evidence in data["evidence"]),
        }
    )
