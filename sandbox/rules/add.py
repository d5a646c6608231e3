"""ADD: codes that the Tabular asks for beside another, and that are not there."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from sandbox.checker import Entry, Family, Hit, View
from sandbox.codes.codeset import CodeSet
from sandbox.codes.model import Note
from sandbox.findings import Severity
from sandbox.rules import add_cause, add_more

family = Family("ADD", "Codes that belong together", [*add_more.family.rules, *add_cause.family.rules])

# "Code first, if known": the code may stand without it.
_OPTIONAL: Final = re.compile(r"\bif (?:applicable|known|present|any)\b")
# Symptoms, external causes and factors of health status are no disease; a germ (B95-B97) only tells which one.
_NO_DISEASE: Final = frozenset((0, 18, 20, 21))
_GERMS: Final = ("B95", "B96", "B97")
# Diseases that half of all patients have, and that show themselves in no other organ by a code of its own.
_EVERYDAY: Final = ("I10", "E66", "E78", "F32", "F33", "F41", "J30", "K21", "K59", "M19", "M81", "N40")


@family.rule(
    "ADD01",
    "etiology_missing",
    Severity.ERROR,
    Severity.WARNING,
    authority="ICD-10-CM Guidelines, I.A.13; Tabular List, code first notes",
    section="I.A.13",
)
def etiology_missing(view: View) -> Iterator[Hit]:
    """A manifestation code stands without any code for its cause.

    ## What it flags
    A manifestation code (*in diseases classified elsewhere*, and the others on the Medicare Code Editor's list)
    whose *code first* note is answered by no code of the claim. An error where the note names all codes that may be
    the cause (anemia in neoplastic disease: C00-D49). A warning where the note is open (*such as*, *underlying
    disease*) and the claim holds no other disease at all. A history code (Z85, Z86 …), a symptom, another
    manifestation or an everyday disease that the note does not name (hypertension, reflux …) is no cause. Notes that
    say *if applicable* or *if known* demand nothing, and a manifestation in the first place is left to SEQ02.

    ## Why it matters
    A manifestation code is half of a pair. Alone it says that a disease shows itself in the blood, the nerves or the
    lung, and does not say which disease: neither severity nor risk can be read from the claim.

    ## Where to look
    The *code first* note at the code or the heading above it, then the chart: which disease does the provider hold
    responsible? If it is cured and only its history is left, ask whether the manifestation code is right at all.

    ## Flagged
    - inpatient M72 2026-04-09: I48.91/Y, D63.0/Y, Z85.038
    - office F60 2026-02-12: R26.81, G63

    ## Accepted
    - inpatient M72 2026-04-09: C18.2/Y, D63.0/Y, I48.91/Y
    - office F60 2026-02-12: E85.4, G63
    """
    # A cause that the gate stopped (N18.3 for N18.31) is there, only not whole: one fault, one finding.
    unread = {line.key for line in view.claim.diagnoses if line.id in view.gated}
    given = view.keys | unread
    for entry in view.diagnoses:
        # In the first place, SEQ02 has already asked for the disease in front: one fault, one finding.
        if "manifestation" not in entry.flags or view.spoke(entry, "SEQ02"):
            continue
        notes = demands(view.codes, entry.key)
        if not notes or any(note.names(key) for note in notes for key in given if key != entry.key):
            continue
        if not _open(notes):
            yield Hit(_closed_message(view, entry, notes), (entry,), Severity.ERROR)
        elif not unread and not any(map(_disease, view.diagnoses)):
            yield Hit(
                f"{entry.shown} describes how another disease shows itself, and no disease that could be its cause is "
                "on the claim. Symptoms, history and status codes are no cause. Which disease does the provider hold "
                f'responsible? The note reads "Code first {_quoted(notes)}".',
                (entry,),
                Severity.WARNING,
            )


@lru_cache(maxsize=4096)
def _nearest(notes: tuple[Note, ...]) -> tuple[Note, ...]:
    """The lines under the nearest heading; none where they ask only if there is something to ask for."""
    lines = tuple(note for note in notes if note.at == notes[0].at) if notes else ()
    return () if any(_OPTIONAL.search(note.text) for note in lines) else lines


def demands(codes: CodeSet, key: str) -> tuple[Note, ...]:
    """The lines of the *code first* note that governs a code; empty where nothing is demanded."""
    return _nearest(codes.notes(key, "codeFirst"))


def _open(notes: Sequence[Note]) -> bool:
    """Whether other causes than the named ones are possible."""
    return any(not note.targets or "such as" in note.text for note in notes)


def _disease(entry: Entry) -> bool:
    return (
        entry.code.chapter not in _NO_DISEASE
        and "manifestation" not in entry.flags
        and not entry.key.startswith((*_GERMS, *_EVERYDAY))
    )


def _quoted(notes: Sequence[Note]) -> str:
    return notes[0].text.rstrip(":. ").removesuffix(", such as").removesuffix(" such as")


def _closed_message(view: View, entry: Entry, notes: Sequence[Note]) -> str:
    history = [other.shown for other in view.diagnoses if other.key.startswith(("Z85", "Z86", "Z87"))]
    tail = (
        f" A history code ({', '.join(history)}) is no cause: what is cured no longer shows itself." if history else ""
    )
    return (
        f'{entry.shown} describes how another disease shows itself. Its note reads "Code first '
        f'{"; ".join(note.text for note in notes)}", and no such code is on the claim.{tail} Look in the chart for the '
        "disease that the provider holds responsible, and code it in front."
    )
