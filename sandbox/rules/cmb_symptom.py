"""CMB08: a symptom beside the diagnosis it belongs to."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from sandbox.checker import Entry, Family, Hit, View
from sandbox.findings import Severity
from sandbox.rules.integral import ROWS
from sandbox.rules.integral_pain import Row
from sandbox.rules.out import uncertain
from sandbox.rules.sites import side

family = Family("CMB", "Combinations")

INJURIES: Final = ("S", "T", "M48", "M80", "M84")
"""Codes whose 7th character tells of the phase of care: pain in healing, or that stays, may be more than usual."""

_ACTIVE: Final = ("", "A", "B", "C")
_PAINS: Final = ("M", "G89", "R07", "R10", "R52", "H", "N23", "N50")
_OPPOSITE: Final = frozenset(("right", "left"))
_RANKS: Final = ("block", "chapter")


@family.rule(
    "CMB08",
    "integral_symptom",
    Severity.WARNING,
    authority="ICD-10-CM Guidelines, I.B.5 and I.C.18.b",
    section="I.B.5",
)
def integral_symptom(view: View) -> Iterator[Hit]:
    """A symptom stands beside the diagnosis that explains it.

    ## What it flags
    A sign or symptom beside a disease with which it is routinely associated: cough and fever with pneumonia, pain in
    the belly with appendicitis, chest pain with a heart attack, pain of the knee with its arthritis or sprain on the
    same side. Also a symptom that a combination code already states, or that the Tabular sends to its cause without
    naming codes. The pairs come from a table with a reason for each. Diseases that may be mere companions (COPD between
    crises, an old gallstone) count only where they stand before the symptom. Left alone are symptoms of which the
    classification asks for both codes (retention of urine with an enlarged prostate), those of which it is not
    routine (hypoxemia in pneumonia, hematuria in a urinary infection, ascites in cirrhosis), late effects and healing
    injuries, pain where G89 leads the claim, symptoms of a disease that its line's chart words only suspect (OUT01),
    and pairs of an Excludes1 note that names codes: EXC01 speaks.

    ## Why it matters
    A symptom code says that something stays unexplained. Beside its cause it counts one illness twice and makes the
    claim tell of a question that has been answered. What is *not* routine is another matter: it should be coded
    (I.B.6).

    ## Where to look
    The final assessment: does the provider put the symptom down to this diagnosis, to another one, or leave it open?
    Is it more than the disease usually brings along, and was it treated by itself?

    ## Flagged
    - emergency F44 2026-01-14: R05.1, R50.9, J18.9, I10
    - inpatient M23 2026-05-20: K35.80/Y, R10.31/Y, R11.2/Y | 0DTJ4ZZ
    - office F66 2026-09-08: M25.561, M17.11, E66.9

    ## Accepted
    - emergency F44 2026-01-14: J18.9, R09.02, I10
    - inpatient M23 2026-05-20: K35.80/Y, E86.0/Y | 0DTJ4ZZ
    - office F66 2026-09-08: M25.562, M17.11, E66.9
    """
    found: dict[tuple[int, str], tuple[Entry, str, list[Entry]]] = {}
    for entry in view.diagnoses:
        rows = _rows(entry.key)
        if not rows:
            continue
        match = _cause(view, entry, rows)
        if match and not _kept_apart(view, entry):
            cause, why = match
            found.setdefault((cause.place, why), (cause, why, []))[2].append(entry)
    for cause, why, symptoms in found.values():
        yield Hit(_message(cause, why, symptoms), (*symptoms, cause))


def _by_category() -> dict[str, list[Row]]:
    out: dict[str, list[Row]] = defaultdict(list)
    for row in ROWS:
        for category in dict.fromkeys(stem[:3] for stem in row.symptoms):
            out[category].append(row)
    return dict(out)


_CATEGORIES: Final = _by_category()
"""The first three characters of a symptom → its rows: most codes are no symptom of any row."""


def _rows(key: str) -> list[Row]:
    """The rows in which a code is a symptom."""
    return [row for row in _CATEGORIES.get(key[:3], ()) if key.startswith(row.symptoms)]


def _cause(view: View, symptom: Entry, rows: list[Row]) -> tuple[Entry, str] | None:
    """The first disease on the claim that the symptom belongs to, and why."""
    first = view.first
    if first and first is not symptom and first.key.startswith("G89") and symptom.key.startswith(_PAINS):
        return None  # The visit is for the pain itself: its site, and its cause, are coded (I.C.6.b.1.b).
    if first is symptom and symptom.key.startswith("G89"):
        return None
    for entry in view.diagnoses:
        for row in rows:
            if (
                entry.key.startswith(row.diseases)
                and (entry.place < symptom.place or not row.after)
                and not (entry.key.startswith(INJURIES) and entry.key[6:] not in _ACTIVE)
                and {side(entry.code.title), side(symptom.code.title)} != _OPPOSITE
                # A disease that the chart only suspects is what goes (OUT01), and the symptom stays.
                and not uncertain(view, entry)
            ):
                return entry, row.why
    return None


def _kept_apart(view: View, symptom: Entry) -> bool:
    """Whether an Excludes1 note names the symptom's code and another one of the claim: EXC01 knows it better."""
    return any(
        target.covers(other) and note.level not in _RANKS
        for entry in view.diagnoses
        if entry.key != symptom.key
        for one, other in ((symptom.key, entry.key), (entry.key, symptom.key))
        for note, target in view.codes.excludes(one)
    )


def _message(cause: Entry, why: str, symptoms: list[Entry]) -> str:
    names = " and ".join(f"{entry.shown} ({entry.code.title})" for entry in symptoms)
    return (
        f"{names} beside {cause.shown} ({cause.code.title}). {why} Signs and symptoms that routinely go with a disease "
        "are not coded beside it (I.B.5). Both codes stay only where the provider sets them apart: another cause, or "
        "more than this disease usually brings along (I.B.6)."
    )
