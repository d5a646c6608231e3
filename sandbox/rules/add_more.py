"""ADD02 and ADD03: the second code that a note of the Tabular asks for, and that nothing on the claim gives."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import Final

from sandbox.checker import Entry, Family, Hit, View
from sandbox.findings import Severity
from sandbox.rules.add_notes import ALSO, USE, Demand

family = Family("ADD", "Codes that belong together")


class _Notes:
    """A table of notes, by the beginnings of the codes that they stand over."""

    def __init__(self, table: Sequence[Demand]) -> None:
        self.by_start: dict[str, list[Demand]] = defaultdict(list)
        for demand in table:
            for start in demand.codes:
                self.by_start[start].append(demand)
        self.categories = frozenset(start[:3] for start in self.by_start)

    def over(self, key: str) -> Iterator[Demand]:
        """What the notes ask of a code."""
        # The Tabular asks for the manifestations and infections of an injury or device while it is treated.
        if key[0] not in "ST" or key[6:7] == "A":
            for start in accumulate(key):
                yield from self.by_start.get(start, ())


_USE: Final = _Notes(USE)
_ALSO: Final = _Notes(ALSO)


@family.rule(
    "ADD02",
    "use_additional",
    Severity.NOTE,
    authority="ICD-10-CM Guidelines, I.B.7; Tabular List, use additional code notes",
    section="I.B.7",
)
def use_additional(view: View) -> Iterator[Hit]:
    """A "use additional code" note of the Tabular is answered by nothing on the claim.

    ## What it flags
    A code that implies something which a second code has to tell, and nothing on the claim does: hypertensive heart
    disease with heart failure, and no code for the heart failure; a diabetic foot ulcer without its place; an infected
    joint prosthesis without the infection. One code of the note's list is enough, anywhere on the claim. Silent where
    the note itself asks only *if applicable* or *if known*, for *any associated* condition or for tobacco. A germ
    is asked for where the title says that it is known, and on a hospital stay for an infection that is cultured.

    ## Why it matters
    The two codes are one statement. Without the second, stage, site or type is lost, and with it often severity, risk
    adjustment and the reason for the care.

    ## Where to look
    The note stands at the code or a heading above it: read it whole, then look in the chart for exactly that. What the
    record does not tell is not coded: the guidelines say *if known*. It may also be that the first code is wrong: a
    type 2 diabetes that is controlled by diet takes no code for a drug.

    ## Flagged
    - inpatient F78 2026-05-06: I11.0/Y, J96.01/Y, E78.5/Y
    - office M61 2026-02-03: E11.621, E11.42, Z79.4

    ## Accepted
    - inpatient F78 2026-05-06: I11.0/Y, I50.33/Y, J96.01/Y
    - office M61 2026-02-03: E11.621, L97.422, E11.42, Z79.4
    """
    for entry, words in _unanswered(view, _USE):
        yield Hit(
            f"Over {entry.shown} the Tabular has the note {_quoted('Use additional code', words)}. Nothing on the "
            "claim answers it. Does the chart tell it? What is known is coded as well; what is not known, or does "
            "not exist in this patient, is not (guidelines, I.B.7).",
            (entry,),
        )


@family.rule(
    "ADD03",
    "code_also",
    Severity.NOTE,
    authority="ICD-10-CM Guidelines, I.A.17; Tabular List, code also notes",
    section="I.A.17",
)
def code_also(view: View) -> Iterator[Hit]:
    """A "code also" note of the Tabular is answered by nothing on the claim.

    ## What it flags
    A code that says only half of the matter by its own words, with nothing on the claim for the other half: a
    hypertensive crisis without any hypertension, a pathological fracture in a neoplasm without the neoplasm, COPD with
    an infection that is not named. Silent where the note asks only *if applicable* or for *any associated* condition.

    ## Why it matters
    *Code also* means that two codes may be needed to describe the condition fully. Chemotherapy without the disease
    that it treats, or dialysis without the failing kidneys, explains nothing and is denied.

    ## Where to look
    The note at the code or a heading above it, then the chart: what lies under the condition, or goes with it? The
    note says nothing about the order: that follows from the circumstances of the encounter (I.A.17).

    ## Flagged
    - inpatient F70 2026-04-21: I16.1/Y, I67.4/Y, N17.9/Y
    - outpatient F66 2026-01-14: Z51.11, Z95.828, I10

    ## Accepted
    - inpatient F70 2026-04-21: I16.1/Y, I67.4/Y, N17.9/Y, I10/Y
    - outpatient F66 2026-01-14: Z51.11, C18.2, Z95.828, I10
    """
    for entry, words in _unanswered(view, _ALSO):
        yield Hit(
            f"Over {entry.shown} the Tabular has the note {_quoted('Code also', words)}. Nothing on the claim answers "
            "it. Does the chart tell it? If it does, it takes a code of its own, in the order that the encounter asks "
            "for (guidelines, I.A.17).",
            (entry,),
        )


def _unanswered(view: View, notes: _Notes) -> Iterator[tuple[Entry, list[str]]]:
    """Lines, and the words of the notes over them that nothing answers. What was asked once is not asked again."""
    asked: set[tuple[str, ...]] = set()
    for entry in view.diagnoses:
        if entry.key[:3] not in notes.categories:
            continue
        words = []
        for demand in notes.over(entry.key):
            # Two codes that ask for the stage of one kidney disease ask one question.
            if demand.answers in asked or (demand.admitted and (entry.place or not view.encounter.inpatient)):
                continue
            if not _answered(view, entry.key, demand.answers):
                asked.add(demand.answers)
                words.append(demand.words)
        if words:
            yield entry, words


def _answered(view: View, key: str, answers: tuple[str, ...]) -> bool:
    """Whether a line answers; one that the gate stopped (N18.3 for N18.31) is there, only not whole."""
    own = key[:3]
    if any(line.key.startswith(answers) and line.key[:3] != own for line in view.claim.diagnoses):
        return True
    stopped = [n.key for n in view.claim.diagnoses if n.id in view.gated] if view.gated else []
    return any(o[:3] != own and len(o) > 2 and any(a.startswith(o) for a in answers) for o in stopped)


def _quoted(opening: str, words: Sequence[str]) -> str:
    return " and the note ".join(f'"{opening} {each}"' for each in words)
