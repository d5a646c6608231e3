"""Poisons and what they do: the tables of SEQ07, and which lines are poisonings."""

from dataclasses import dataclass
from typing import Final

from sandbox.checker import Entry
from sandbox.codes.notes import intent_character

DRUGS: Final = ("T36", "T50")
"""The categories of drugs, medicaments and biological substances; T51 to T65 are other substances."""

LAST: Final = "T65"


def adverse(entry: Entry) -> bool:
    """Whether the code is for an adverse effect of a drug, the sequela of one excepted."""
    low, high = DRUGS
    return low <= entry.key[:3] <= high and intent_character(entry.key) == "5" and not entry.key.endswith("S")


def poisoning(entry: Entry) -> bool:
    """Whether the code is for a poisoning or a toxic effect (any intent), the sequela of one excepted."""
    inside = DRUGS[0] <= entry.key[:3] <= LAST
    return inside and intent_character(entry.key) in tuple("1234") and not entry.key.endswith("S")


@dataclass(frozen=True, slots=True)
class Link:
    """Poisons and effects that they are known for. ``alone``: no other disease on the claim explains the effect."""

    poisons: tuple[str, ...]
    effects: tuple[str, ...]
    alone: bool = False


OPIOIDS: Final = ("T400", "T401", "T402", "T403", "T404", "T406")
SEDATIVES: Final = ("T41", "T423", "T424", "T426", "T427")
BREATHLESS: Final = ("J960", "J962", "R092", "R0689", "R0902")
UNCONSCIOUS: Final = ("R4020", "R402A", "R401", "R400", "R4182", "R55")
HYPOGLYCEMIA: Final = ("E15", "E160", "E161", "E162", "E0864", "E0964", "E1064", "E1164", "E1364")
LIVER: Final = ("K71", "K720", "R7401")

LINKS: Final = (
    # Use, abuse and dependence of the substance are additional codes by the guideline's own words (I.C.19.e.5.b).
    Link(OPIOIDS, ("F11",), alone=True),
    Link(("T51",), ("F10",), alone=True),
    Link(("T405",), ("F14",), alone=True),
    Link(("T407",), ("F12",), alone=True),
    Link(("T408", "T409"), ("F16",), alone=True),
    Link(("T423", "T424", "T426", "T427"), ("F13",), alone=True),
    Link(("T436",), ("F15",), alone=True),
    Link(("T52", "T53"), ("F18",), alone=True),
    Link(("T383",), HYPOGLYCEMIA, alone=True),
    Link((*OPIOIDS, *SEDATIVES, "T51", "T430", "T433", "T434", "T435", "T58"), (*BREATHLESS, *UNCONSCIOUS)),
    Link(("T391",), LIVER),
    Link(("T390",), ("E872", "E873", "E874", "H931")),
    Link(("T511", "T523"), ("E872", "N17")),
    Link(("T460", "T447", "T461"), ("R001", "I44", "I952", "I959", "R570")),
    Link(("T430",), ("I472", "I4581", "R569")),
    Link(("T405", "T436"), ("R000", "R451", "R443", "R569")),
    Link(("T455",), ("D6832", "R791")),
    Link(("T58",), ("R519", "R42", "R112")),
    Link(("T60",), ("R112", "R001", *BREATHLESS)),
    Link(("T61", "T62"), ("R112", "R197", *LIVER)),
    Link(("T63",), ("R220", "R221", "R222", "R223", "R224", "R229", "R21")),
)
"""Sure links: the effect is what the poison is known for, and is looked for wherever it was taken."""

NEVER: Final = ("R4021", "R4022", "R4023", "R4024", "R297", "R4585")
"""Of the symptoms, those that no poison does: scores of an injury or stroke, thoughts of suicide."""

POSSIBLE: Final = (
    *("R0", "R1", "R20", "R21", "R22", "R25", "R26", "R27", "R29", "R3", "R4", "R5", "R6"),
    *("D65", "D6832", "D695", "D70", "E15", "E16", "E86", "E87", "E1064", "E1164", "F05"),
    *("F10", "F11", "F12", "F13", "F14", "F15", "F16", "F18", "F19", "G24", "G92", "G931", "G934", "G935"),
    *("H46", "H53", "I16", "I20", "I21", "I44", "I45", "I46", "I47", "I49", "I95", "J38", "J68", "J690", "J80"),
    *("J96", "K52", "K720", "K92", "L23", "L24", "L25", "L27", "L50", "M6282", "N17", "T782"),
)
"""What a poison may have done, or another disease: symptoms, failing organs, abuse of substances."""
