"""What a file tells about an encounter, before it is a draft: plain values, still with the file's own dates."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Final

EMPTY: Final = "Write the chart here"
"""How the text of a draft begins that has codes and no chart."""


class NoDraft(ValueError):
    """The file makes no draft; the message says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Page:
    """A document of the chart. ``text`` is as it stood in the file, identifiers and all."""

    title: str
    author: str
    date: dt.date | None
    text: str


@dataclass(frozen=True, slots=True)
class Coded:
    """A code of the file; ``poa`` of diagnoses, ``modifiers`` and ``units`` of services."""

    code: str
    system: str
    poa: str = ""
    modifiers: tuple[str, ...] = ()
    units: int = 1


@dataclass(frozen=True, slots=True)
class Material:
    """One encounter. ``born`` or ``age``, ``start`` and ``end`` are None where the file does not say.

    ``diagnoses`` in order, the principal or first-listed one first; ``said``: what the author should know. ``guessed``:
    (field, words of the text that it was told from), for what no field of the file says; ``start`` and ``end`` may be
    among them as ``day``.
    """

    kind: str
    setting: str = ""
    born: dt.date | None = None
    age: int | None = None
    sex: str = ""
    start: dt.date | None = None
    end: dt.date | None = None
    discharge_status: str = ""
    diagnoses: tuple[Coded, ...] = ()
    procedures: tuple[Coded, ...] = ()
    pages: tuple[Page, ...] = ()
    said: tuple[str, ...] = field(default=())
    guessed: tuple[tuple[str, str], ...] = ()
