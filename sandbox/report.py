"""The report on one attempt: what the learner entered beside the key, the findings, the figures, the payment.

``Report.as_json()`` is what is stored and what the pages draw, so that history shows exactly what the learner saw.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, Final

import orjson

from sandbox.encounter import beside
from sandbox.findings import Evidence, Finding
from sandbox.queries.asked import Asked

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
    modifiers: tuple[str, ...] = ()
    units: int = 1

    @property
    def beside(self) -> str:
        """What stands beside the code, in words: ``POA Y``, ``modifier JZ, 6 units``; mostly nothing."""
        return beside(self.poa, self.modifiers, self.units)

    def as_json(self) -> dict[str, Any]:
        """It as plain values; what hardly any line has is left out where it is not there."""
        plain = _plain(self)
        if not self.modifiers:
            del plain["modifiers"]
        if self.units == 1:
            del plain["units"]
        return plain

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Side":
        """What :meth:`as_json` wrote."""
        return cls(**{**data, "modifiers": tuple(data.get("modifiers", ()))})


@dataclass(frozen=True)
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

    def as_json(self) -> dict[str, Any]:
        """The pair as plain values."""
        return {
            **{field.name: getattr(self, field.name) for field in fields(self)},
            "entered": self.entered.as_json() if self.entered else None,
            "key": self.key.as_json() if self.key else None,
            "also": list(self.also),
            "cites": list(self.cites),
            "evidence": [_plain(evidence) for evidence in self.evidence],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Pair":
        """The pair that :meth:`as_json` wrote."""
        return cls(
            **{
                **data,
                "entered": Side.from_json(data["entered"]) if data["entered"] else None,
                "key": Side.from_json(data["key"]) if data["key"] else None,
                "also": tuple(data["also"]),
                "cites": tuple(data["cites"]),
                "evidence": tuple(Evidence(**evidence) for evidence in data["evidence"]),
            }
        )

    @cached_property
    def stored(self) -> tuple[str, str]:
        """(hash, JSON) under which the database keeps it. A classroom meets the same pairs again and again."""
        text = orjson.dumps(self.as_json())
        return hashlib.sha256(text).hexdigest()[:32], text.decode()

    @cached_property
    def _hash(self) -> int:
        return hash((self.error, self.entered, self.key, self.sentence))

    def __hash__(self) -> int:
        return self._hash


@dataclass(frozen=True, slots=True)
class Support:
    """The words of the chart that a learner put under one line (``dx1`` …), and what is to be said of them.

    ``fit`` is a name of :data:`sandbox.support.FITS`, empty where the code is not right; ``concerns`` are names of
    :data:`sandbox.support.CONCERNS`; ``says`` are the sentences that the learner reads.
    """

    line: str
    words: tuple[Evidence, ...]
    fit: str = ""
    concerns: tuple[str, ...] = ()
    says: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """It as plain values."""
        return {**_plain(self), "words": [_plain(words) for words in self.words]}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Support":
        """What :meth:`as_json` wrote."""
        words = tuple(Evidence(**words) for words in data["words"])
        return cls(data["line"], words, data["fit"], tuple(data["concerns"]), tuple(data["says"]))


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
    """All of it. ``payment`` holds ``entered`` and ``key`` (:mod:`sandbox.payment`), None outside inpatient stays.

    ``support``: the lines under which the learner put words of the chart; most reports have none. ``asked``: queries to
    the provider, the learner's and those that the learner did not write.
    """

    case: str
    case_hash: str
    edition: str
    checker: str
    pairs: tuple[Pair, ...]
    findings: tuple[Finding, ...]
    figures: tuple[Figure, ...]
    payment: dict[str, Any] | None = None
    support: tuple[Support, ...] = ()
    asked: tuple[Asked, ...] = ()

    @property
    def score(self) -> float:
        """The figure that counts as the score: exact agreement, 0 to 1."""
        return self.figures[0].value or 0.0

    def as_json(self) -> dict[str, Any]:
        """The report as plain values, ready to be written as JSON. Parts of it are shared: not to be changed."""
        return {**self._frame(), "pairs": [pair.as_json() for pair in self.pairs]}

    def _frame(self) -> dict[str, Any]:
        frame = {
            **_plain(self),
            "findings": [finding.as_json() for finding in self.findings],
            "figures": [_plain(figure) for figure in self.figures],
            "score": self.score,
            "support": [support.as_json() for support in self.support],
            "asked": [asked.as_json() for asked in self.asked],
        }
        for name in ("support", "asked"):
            if not frame[name]:
                del frame[name]
        return frame

    def stored(self) -> "Stored":
        """The report as the database keeps it."""
        pairs = tuple([pair.stored for pair in self.pairs])
        text = orjson.dumps({**self._frame(), "pairs": [hash for hash, _ in pairs]})
        return Stored(text, pairs)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Report":
        """The report that :meth:`as_json` wrote."""
        return cls(
            case=data["case"],
            case_hash=data["case_hash"],
            edition=data["edition"],
            checker=data["checker"],
            pairs=tuple(map(Pair.from_json, data["pairs"])),
            findings=tuple(map(Finding.from_json, data["findings"])),
            figures=tuple(Figure(**figure) for figure in data["figures"]),
            payment=data["payment"],
            support=tuple(map(Support.from_json, data.get("support", ()))),
            asked=tuple(map(Asked.from_json, data.get("asked", ()))),
        )


@dataclass(frozen=True, slots=True)
class Stored:
    """A report as the database keeps it: JSON in UTF-8 in which each pair is a hash, and the pairs by hash.

    A classroom's pairs are much alike: each is kept once, word for word, and every attempt that showed it points there.
    """

    text: bytes
    pairs: tuple[tuple[str, str], ...]


def _plain(value: Any) -> dict[str, Any]:
    # ``dataclasses.asdict`` copies whatever is below as well, and takes ten times as long.
    return {name: getattr(value, name) for name in value.__slots__}
