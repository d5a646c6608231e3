"""From real material to the draft of a case: a note, FHIR or an X12 837 in, case files out, with nobody's identity.

A draft is a beginning. Names, numbers and addresses of the file's own fields are never read; in texts, identifiers are
found by :mod:`sandbox.privacy` and replaced; all dates are moved by the same number of days. The codes of a file are
taken over as *not reviewed*: no words of the chart stand behind them yet.
"""

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Final

from sandbox.drafting import fhir, note, x12
from sandbox.drafting.material import Material, NoDraft
from sandbox.drafting.write import Moved, write

__all__ = ["DAY", "MOST_BYTES", "Draft", "Material", "NoDraft", "drafts", "encounters"]

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


def encounters(raw: bytes) -> list[Material]:
    """The encounters of a file, whichever of the forms it has. Raises :class:`NoDraft` with what is wrong."""
    if len(raw) > MOST_BYTES:
        raise NoDraft("larger than 20 MB; split it")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NoDraft(f"byte {error.start} is not UTF-8; save it as UTF-8 text (neither PDF nor Word)") from None
    beginning = text.lstrip()[:3]
    if beginning == "ISA":
        return x12.encounters(text)
    if beginning[:1] in ("{", "["):
        return fhir.encounters(text)
    return [note.encounter(text)]


def drafts(raw: bytes, *, on: dt.date = DAY, was: dt.date | None = None, **given: str) -> list[Draft]:
    """The drafts of a file, one for each encounter.

    ``on``: the day on which the drafts' encounters end. ``was``: the day that the file's texts call today, where the
    file has no date of its own. ``given``: ``setting``, ``specialty``, ``age`` (``58 years``) and ``sex``, which stand
    before what the file says. Raises :class:`NoDraft`.
    """
    out: dict[str, Draft] = {}
    for material in encounters(raw):
        moved = Moved.of(material, on, was)
        parts = len(material.pages) + len(material.diagnoses) + len(material.procedures)
        if parts > _MOST_PARTS:
            raise NoDraft(f"{parts} documents and codes in one encounter; no case needs more than {_MOST_PARTS}")
        text, removed, said = write(material, moved, given)
        if len(text.encode()) > _LONGEST:
            raise NoDraft("the texts of one encounter have more than 1 MB; no case needs that much")
        id = f"draft-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
        out.setdefault(id, Draft(id, text, removed, said))
    return list(out.values())
