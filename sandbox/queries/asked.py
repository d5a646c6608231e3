"""What came of one query to the provider, as a report keeps it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.findings import Evidence


@dataclass(frozen=True, slots=True)
class Asked:
    """A query of the learner beside one of the key; one of them may be missing.

    ``outcome`` is a name of :data:`sandbox.asking.OUTCOMES`. ``reason``, ``document``, ``text``: the learner's;
    ``leads``: (name of :data:`sandbox.queries.leading.WHY`, the words that lead). ``key``: place of the query in the
    key, -1 without one; what follows is the key's and waits for the steps of the feedback. ``evidence`` of a query that
    is not needed: words of the chart that answer it. ``told``: what the author says to a code that was entered instead.
    """

    outcome: str
    reason: str = ""
    document: str = ""
    text: str = ""
    leads: tuple[tuple[str, str], ...] = ()
    key: int = -1
    optional: bool = False
    key_reason: str = ""
    about: str = ""
    why: str = ""
    cites: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    meanwhile: tuple[str, ...] = ()
    model: str = ""
    told: str = ""

    def as_json(self) -> dict[str, Any]:
        """It as plain values."""
        return {
            **{name: getattr(self, name) for name in self.__slots__},
            "evidence": [{"document": words.document, "quote": words.quote} for words in self.evidence],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Asked":
        """What :meth:`as_json` wrote."""
        return cls(
            **{
                **data,
                "leads": tuple((name, words) for name, words in data["leads"]),
                "cites": tuple(data["cites"]),
                "evidence": tuple(Evidence(**words) for words in data["evidence"]),
                "meanwhile": tuple(data["meanwhile"]),
            }
        )
