"""SEQ: the order that the Tabular's *code first* notes ask for."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from string import ascii_uppercase
from typing import Final

from sandbox.checker import Entry, Family, Hit, View
from sandbox.codes.codeset import CodeSet
from sandbox.codes.model import Note
from sandbox.codes.notes import intent_character
from sandbox.encounter import dotted
from sandbox.findings import Severity

family = Family("SEQ", "Sequencing")

POISONING: Final = frozenset("1234")
ADVERSE: Final = "5"
UNDERDOSING: Final = "6"

DRUGS: Final = "T36-T50"
"""The block whose note asks for the nature of an adverse effect; it says nothing of the other intents."""

CLOSED: Final = frozenset({"R652"})
"""Lists that say *such as* and leave no choice: severe sepsis follows a systemic infection (I.C.1.d.1.b)."""

BYSTANDERS: Final = ("I10", "E78", "F17", "K21")
"""Companions of half of all adults: none of them is taken for the cause that an open list leaves open."""

_OPTIONAL: Final = re.compile(r"\bif (?:applicable|known)\b")

BETTER: Final = ("SEQ01", "SEQ02", "SEQ05", "SEQ07", "SEQ09")
"""Rules that know more exactly why the code with the note may not stand where it stands."""

BETTER_LATE: Final = ("SEQ06", "SEQ07", "SEQ09")
"""Rules that say more exactly of the code that the note names that it stands too late."""


@dataclass(frozen=True, slots=True)
class Demand:
    """What has to stand before a code: (introduction, line) of a note, one of them or, of a list, any.

    ``open``: the list only gives examples (*such as*), so that a code which it does not name may meet it too.
    """

    lines: tuple[tuple[str, Note], ...]
    open: bool = False
    reach: frozenset[str] = frozenset()
    """The first letters of all codes that the lines name: most codes of a claim need no closer look."""

    @classmethod
    def of(cls, lines: Iterable[tuple[str, Note]], open: bool = False) -> "Demand":
        """The demand of these lines."""
        pairs = tuple(lines)
        ends = [(target.low[0], target.high[0]) for _, line in pairs for target in line.targets]
        letters = {letter for letter in ascii_uppercase for low, high in ends if low <= letter <= high}
        return cls(pairs, open, frozenset(letters))

    def naming(self, key: str) -> tuple[tuple[str, Note], ...]:
        """The lines that name the code ``key`` (no dot)."""
        if key[0] not in self.reach:
            return ()
        return tuple(pair for pair in self.lines if pair[1].names(key) and _meant(pair[1], key))

    def pins(self, key: str) -> bool:
        """Whether a line names this very code, of five characters or more: then no other cause comes into question."""
        return any(
            t.low == t.high and len(t.low) >= 5 and t.covers(key) for _, line in self.lines for t in line.targets
        )

    def optional(self, key: str) -> bool:
        """Whether ``key`` is an example of a cause to be coded *if known* or *if applicable*: it need not be one."""
        named = self.naming(key) if self.open else ()
        return bool(named) and all(_OPTIONAL.search(f"{intro} {line.text}") for intro, line in named)

    def quote(self, key: str) -> str:
        """Where the line about ``key`` stands, and its words."""
        intro, line = self.naming(key)[0]
        at = line.at if line.level == "block" else dotted(line.at)
        return f'Under {at} the Tabular says: "Code first {f"{intro} {line.text}".strip(" ,")}".'


def _meant(line: Note, key: str) -> bool:
    """*Adverse effect of underdosing (T36-T50)* names every intent of the drugs and means one."""
    return "underdosing" not in line.text or intent_character(key) == UNDERDOSING


@lru_cache(maxsize=8192)
def demands(codes: CodeSet, key: str) -> tuple[Demand, ...]:
    """What the *code first* notes over the code ``key`` ask for.

    A line asks for itself. Lines of a *such as* list are examples of one cause, and one is enough, unless the list
    says *any associated*. Lines that name no code ask for nothing that a claim could show.
    """
    single: list[Demand] = []
    examples: list[tuple[str, Note]] = []
    for at, lines in groupby(codes.notes(key, "codeFirst"), lambda note: note.at):
        if at == DRUGS and intent_character(key) != ADVERSE:
            continue
        intro, found = "", []
        for line in lines:
            if not line.targets:
                intro = line.text if line.text.endswith((":", "such as", "such as with")) else intro
            elif "such as" in intro and "any associated" not in intro:
                found.append((intro, line))
            else:
                single.append(Demand.of([(intro, line)], open="such as" in line.text))
        if at in CLOSED:
            single.append(Demand.of(found))
        else:
            examples += found
    return (*single, Demand.of(examples, open=True)) if examples else tuple(single)


@family.rule(
    "SEQ04",
    "code_first_order",
    Severity.ERROR,
    Severity.WARNING,
    authority="ICD-10-CM Guidelines, I.A.13 and I.B.7; Tabular List, code first notes",
    section="I.A.13",
    order=1,
)
def code_first_order(view: View) -> Iterator[Hit]:
    """A code stands before the one that its code first note names.

    ## What it flags
    Both codes of such a pair are on the claim, in the wrong order. The note may stand at the code itself or above it.
    A line of a note is met by any code that it names. A list of examples (*underlying disease, such as*) is met by one
    of them, and where another disease in front may be the cause that the list leaves open, the rule is silent; *any
    associated* asks for each line. The note over T36-T50 is for adverse effects only; *code also* asks for no order.
    A warning, not an error, where the example is to be coded first *if known* or *if applicable* and may be a mere
    companion.

    ## Why it matters
    The order says which condition brought about the other. In the first place it also decides what the stay or visit
    is counted and paid as.

    ## Where to look
    Read the note in the Tabular, at the code and at the headings above it, and ask the chart which of the two
    conditions is the cause. A condition that arose only during the stay is not the cause of one present on admission.

    ## Flagged
    - inpatient F74 2026-02-10: N17.9/Y, N18.4/Y, I12.9/Y, E87.5/Y
    - office M66 2026-05-19: L97.512, E11.621, E11.42, Z79.4

    ## Accepted
    - inpatient F74 2026-02-10: N17.9/Y, I12.9/Y, N18.4/Y, E87.5/Y
    - office M66 2026-05-19: E11.621, L97.512, E11.42, Z79.4
    """
    wrong: dict[tuple[Entry, ...], list[tuple[Entry, Demand]]] = defaultdict(list)
    for entry in view.diagnoses:
        asked = demands(view.codes, entry.key)
        if not asked or view.spoke(entry, *BETTER):
            continue
        late = [(demand, found) for demand in asked for found in _late(view, entry, demand)]
        if late:
            wrong[tuple(dict.fromkeys(found for _, found in late))].append((entry, late[0][0]))
    for late_ones, early in wrong.items():
        yield _hit(view, early, late_ones)


def _hit(view: View, early: list[tuple[Entry, Demand]], late: tuple[Entry, ...]) -> Hit:
    demand, effects = early[0][1], tuple(entry for entry, _ in early)
    front, behind = (", ".join(entry.shown for entry in entries) for entries in (effects, late))
    message = (
        f"{demand.quote(late[0].key)} {behind} {'is' if len(late) == 1 else 'are'} on the claim, but behind {front}: "
        "which of them does the note put in front?"
    )
    if demand.open:
        message += " The list only gives examples; if the chart names another cause, that one belongs in front."
    maybe = all(
        asked.optional(cause.key) and not _sure(view, effect, cause, asked) for effect, asked in early for cause in late
    )
    return Hit(message, (*effects, *late), Severity.WARNING if maybe else Severity.ERROR)


def _late(view: View, entry: Entry, demand: Demand) -> tuple[Entry, ...]:
    """The codes that meet the demand and stand behind the entry; none where it is met, or may be met, in front."""
    late = [e for e in view.diagnoses if e.place > entry.place and demand.naming(e.key)]
    if not late:
        return ()
    before = [e for e in view.diagnoses if e.place < entry.place]
    if any(demand.naming(e.key) for e in before):
        return ()
    late = [e for e in late if _binds(view, entry, e, demand)]
    if not demand.open:
        return tuple(late)
    if any(_asks_for(view.codes, e, entry) for e in before):
        return ()
    sure = tuple(e for e in late if _sure(view, entry, e, demand))
    # A drug that may be the cause rightly stands behind the effect that it had: delirium from an opioid.
    drugs = any(_adverse(e) for e in view.diagnoses if e.place > entry.place and not _adverse(entry))
    return sure or (() if drugs or any(map(_may_be_cause, before)) else tuple(late))


def _sure(view: View, entry: Entry, late: Entry, demand: Demand) -> bool:
    """Whether an open list can mean nothing else: it names this very code, or each of the two asks for the other."""
    return demand.pins(late.key) or _asks_for(view.codes, late, entry)


def _binds(view: View, entry: Entry, late: Entry, demand: Demand) -> bool:
    """Whether the note speaks of this pair for certain: the chart cannot make the one independent of the other."""
    if view.spoke(late, *BETTER_LATE) or (entry.line.poa, late.line.poa) == ("Y", "N"):
        return False
    lines = demand.naming(late.key)
    if late.code.chapter == 19 and late.key.endswith("S"):
        # A sequela follows the condition that it left (I.B.10), except before a manifestation code.
        return "manifestation" in entry.flags or any("sequela" in line.text for _, line in lines)
    if "T36" <= late.key[:3] <= "T65" and intent_character(late.key) in POISONING:
        # The drug may have done this one as an adverse effect, and the poisoning something else.
        return not any(map(_adverse, view.diagnoses))
    # Two ulcers, two rashes: the cause may belong to the second, which follows it as it should.
    rest = (other for e in view.diagnoses if e.place > late.place for other in demands(view.codes, e.key))
    return not any(pair in lines for other in rest for pair in other.lines)


def _asks_for(codes: CodeSet, cause: Entry, effect: Entry) -> bool:
    """Whether the cause asks for the effect as an additional code: then the two are a pair (I.A.13)."""
    return any(note.names(effect.key) for note in codes.notes(cause.key, "useAdditionalCode"))


def _adverse(entry: Entry) -> bool:
    return "T36" <= entry.key[:3] <= "T50" and intent_character(entry.key) == ADVERSE


def _may_be_cause(entry: Entry) -> bool:
    return entry.code.chapter not in (20, 21) and not entry.key.startswith(BYSTANDERS)
