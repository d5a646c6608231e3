"""SEQ: poisonings go before what they did, adverse effects behind it."""

from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import Final

from sandbox.checker import Entry, Family, Hit, View
from sandbox.findings import Severity
from sandbox.rules.poisons import LINKS, NEVER, POSSIBLE, Link, adverse, poisoning

family = Family("SEQ", "Sequencing")

PREGNANT: Final = "O9A2"
"""Goes before the poisoning, and SEQ09 sees to it (I.C.15.m)."""

PUMP: Final = "T856"
"""The failure of an insulin pump goes before the overdose that it caused (I.C.4.a.5)."""

TOLD: Final = ("SEQ01", "SEQ02", "SEQ05")
"""Rules that have sent a line away from the place in which it stands."""

BYSTANDERS: Final = ("I10", "E78", "F17", "K21")
MINDS: Final = (5, 18, 20, 21)
"""Chapters whose codes do not explain a failing organ: mental illness, symptoms, external causes, Z codes."""


@family.rule(
    "SEQ07",
    "poisoning_order",
    Severity.ERROR,
    Severity.WARNING,
    authority="ICD-10-CM Guidelines, I.C.19.e.5.a, b and d",
    section="I.C.19.e.5.b",
)
def poisoning_order(view: View) -> Iterator[Hit]:
    """A poisoning behind its effect, or an adverse effect in front of it.

    ## What it flags
    - The code for the adverse effect of a drug (T36-T50 with 5 as fifth or sixth character) in the first place: what
      the drug did goes before it.
    - A poisoning or toxic effect (T36-T65, accident, self-harm, assault or undetermined) behind what it did. An error
      where poison and effect belong together for certain: an opioid and a respiratory failure that no other disease on
      the claim explains, insulin and hypoglycemia, a substance and the abuse of it. A warning where the condition in
      front may come from the poison or from something else.

    One poison in front is enough where several were taken. The rule is silent on sequelae (7th character S), behind
    the failure of an insulin pump (T85.6-), in a pregnancy (O9A.2- goes first), where an adverse effect on the claim
    may explain the condition, and where the poisoning arose only during the stay. Where the Tabular has a *code first*
    note at the effect, SEQ04 quotes it; underdosing is SEQ05's.

    ## Why it matters
    A drug that was rightly given and taken is named behind the harm that it did; a drug or poison wrongly taken is
    itself the reason for the care. The order tells the two apart, and it decides what the stay is paid as.

    ## Where to look
    How was the substance taken: as prescribed, or too much, by mistake, with alcohol, by somebody else? Which of the
    patient's conditions does the provider trace back to it?

    ## Flagged
    - inpatient F29 2026-05-04: J96.01/Y, T40.1X1A/Y, F11.20/Y
    - emergency M70 2026-03-15: T45.515A, K92.2, D62
    - emergency F17 2026-05-04: R11.2, T39.1X2A, F33.1

    ## Accepted
    - inpatient F29 2026-05-04: T40.1X1A/Y, J96.01/Y, F11.20/Y
    - emergency M70 2026-03-15: K92.2, D62, T45.515A
    - emergency F58 2026-02-20: T85.614A, E10.649, T38.3X1A
    """
    first = view.first
    if first and adverse(first):
        wrong = tuple(takewhile(adverse, view.diagnoses))
        codes = ", ".join(e.shown for e in wrong)
        named, after = (
            (f"{codes} names a drug that was", "the drug after it. Which condition did it cause?")
            if len(wrong) == 1
            else (f"{codes} name drugs that were", "the drugs after it. Which condition did they cause?")
        )
        yield Hit(
            f"{named} correctly prescribed and given, and had an adverse effect. The nature of that effect comes "
            f"first, {after}",
            wrong,
        )
    yield from _late(view)


def _late(view: View) -> Iterator[Hit]:
    """A poisoning behind its effects."""
    poisons = [entry for entry in view.diagnoses if poisoning(entry)]
    front = [e for e in view.diagnoses if poisons and e.place < poisons[0].place]
    if not front or any(map(adverse, view.diagnoses)) or any(e.key.startswith(PUMP) for e in front):
        return
    if any(key.startswith(PREGNANT) for key in view.keys):
        return
    front = [e for e in front if _may_follow(view, e, poisons)]
    sure = [e for e in front if _sure(view, e, poisons)]
    effects = sure or [e for e in front if _possible(view, e)]
    if effects:
        refused = view.encounter.inpatient and effects[0] == view.first and "unacceptable" in effects[0].flags
        severity = Severity.ERROR if sure or refused else Severity.WARNING
        yield Hit(_message(effects, poisons, bool(sure), refused), (*effects, *poisons), severity)


def _may_follow(view: View, effect: Entry, poisons: Sequence[Entry]) -> bool:
    """Whether the place of this effect is for SEQ07 to judge."""
    if view.spoke(effect, *TOLD) or (effect.line.poa == "Y" and all(p.line.poa == "N" for p in poisons)):
        return False
    # SEQ04 quotes the note, and knows when the note is not meant.
    return not any(note.names(p.key) for p in poisons for note in view.codes.notes(effect.key, "codeFirst"))


def _sure(view: View, effect: Entry, poisons: Sequence[Entry]) -> bool:
    """Whether one of the poisons, in its first treatment, is known for this effect and nothing else explains it."""
    if "withdrawal" in effect.code.title:
        return False
    links = [link for link in LINKS if effect.key.startswith(link.effects) and _current(link, poisons)]
    return any(link.alone for link in links) or (bool(links) and not _explained(view, poisons))


def _current(link: Link, poisons: Sequence[Entry]) -> bool:
    return any(p.key.startswith(link.poisons) and p.key.endswith("A") for p in poisons)


def _explained(view: View, poisons: Sequence[Entry]) -> bool:
    """Whether a disease or injury on the claim might be the cause of a failing organ."""
    known = tuple(stem for link in LINKS if _current(link, poisons) for stem in link.effects)
    return any(
        e.code.chapter not in MINDS and not poisoning(e) and not e.key.startswith((*known, *BYSTANDERS))
        for e in view.diagnoses
    )


def _possible(view: View, effect: Entry) -> bool:
    """Whether the poison may have done it. A symptom behind a disease or injury is taken for that one's."""
    if not effect.key.startswith(POSSIBLE) or effect.key.startswith(NEVER):
        return False
    return effect.code.chapter != 18 or not any(
        e.place < effect.place and e.code.chapter not in MINDS and not e.key.startswith((*POSSIBLE, *BYSTANDERS))
        for e in view.diagnoses
    )


def _message(effects: Sequence[Entry], poisons: Sequence[Entry], sure: bool, refused: bool) -> str:
    done, taken = ", ".join(e.shown for e in effects), ", ".join(p.shown for p in poisons)
    stands = "stands" if len(effects) == 1 else "stand"
    rule = "A poisoning or toxic effect goes before the conditions that it causes"
    if sure:
        return f"{done} {stands} before {taken}. {rule}, and before abuse or dependence of the substance."
    doubt = (
        f"In any case the Medicare Code Editor does not accept {effects[0].shown} as the principal diagnosis of a stay."
        if refused
        else "If the provider names another cause, the order may be right."
    )
    return f"{done} {stands} before {taken}. {rule}: does the chart trace {done} back to it? {doubt}"
