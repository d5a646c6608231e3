"""From real material to the draft of a case: a note, FHIR or an X12 837 in, case files out, with nobody's identity.

A draft is a beginning. Names, numbers and addresses of the file's own fields are never read; in texts, identifiers are
found by :mod:`sandbox.privacy` and replaced; all dates are moved by the same number of days. The codes of a file are
taken over as *not reviewed*: no words of the chart stand behind them yet.
"""

import datetime as dt
import hashlib
from collections import Counter
from dataclasses import dataclass
from typing import Final

from sandbox.drafting import fhir, note, x12
from sandbox.drafting.clean import Moved
from sandbox.drafting.material import Material, NoDraft
from sandbox.drafting.write import write

__all__ = ["DAY", "MOST_BYTES", "Draft", "Drafts", "NoDraft", "drafts"]

DAY: Final = dt.date(2026, 6, 15)
"""The day that a draft's encounter ends on unless told otherwise: the bundled Tabular is the one in force."""

MOST_BYTES: Final = 20_000_000

_LONGEST: Final = 1_000_000
_MOST_PARTS: Final = 1_000
"""Bytes of a draft, and documents and codes in it: what the reader of cases takes."""


@dataclass(frozen=True, slots=True)
class Draft:
    """The draft of a case: ``text`` is its file. ``removed``: kind of identifier → how many; ``said``: what to know."""

    id: str
    text: str
    removed: dict[str, int]
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Drafts:
    """What a file makes: the drafts, why parts of it were ``passed`` over → how many, and how many were ``identical``.

    A part that would make the same draft as another one before it is identical; it makes none of its own.
    """

    made: tuple[Draft, ...]
    passed: dict[str, int]
    identical: int


def _encounters(raw: bytes, passed: Counter[str]) -> list[Material]:
    """The encounters of a file, whichever of the forms it has. Raises :class:`NoDraft` with what is wrong."""
    if len(raw) > MOST_BYTES:
        raise NoDraft("larger than 20 MB; split it")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NoDraft(f"byte {error.start} is not UTF-8; save it as UTF-8 text (neither PDF nor Word)") from None
    beginning = text.lstrip()[:3]
    if beginning == "ISA":
        return x12.encounters(text, passed)
    if beginning[:1] in ("{", "["):
        return fhir.encounters(text, passed)
    return [note.encounter(text)]


def drafts(raw: bytes, *, on: dt.date = DAY, was: dt.date | None = None, **given: str) -> Drafts:
    """The drafts of a file, one for each encounter.

    ``on``: the day on which the drafts' encounters end. ``was``: the day that the file's texts call today, where no
    field of the file says it; it stands before a date that a note bears. ``given``: ``setting``, ``specialty``,
    ``age`` (``58 years``) and ``sex``, which stand before what the file says. Raises :class:`NoDraft`.
    """
    out: dict[str, Draft] = {}
    passed: Counter[str] = Counter()
    materials = _encounters(raw, passed)
    for material in materials:
        moved = Moved.of(material, on, was)
        parts = len(material.pages) + len(material.diagnoses) + len(material.procedures)
        if parts > _MOST_PARTS:
            raise NoDraft(f"{parts} documents and codes in one encounter; no case needs more than {_MOST_PARTS}")
        text, removed, said = write(material, moved, given)
        if len(text.encode()) > _LONGEST:
            raise NoDraft("the texts of one encounter have more than 1 MB; no case needs that much")
        id = f"draft-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
        out.setdefault(id, Draft(id, text, removed, said))
    return Drafts(tuple(out.values()), dict(passed.most_common()), len(materials) - len(out))
