"""What the classification links with diabetes: a table, and what makes a claim's own codes speak against the link."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Link:
    """A condition that the classification links with diabetes.

    ``stems``: its codes outside E08-E13. ``answers``: what follows the category in the diabetes codes that tell of it,
    or of what it is part of. ``elsewhere``: codes by which the claim itself gives it another cause.
    """

    what: str
    stems: tuple[str, ...]
    answers: tuple[str, ...]
    elsewhere: tuple[str, ...] = ()


# Atherosclerosis of native arteries and of grafts; varicose, postthrombotic, insufficient and congested veins.
_ARTERIES: Final = ("I702", "I703", "I704", "I705", "I706", "I707")
_VEINS: Final = ("I830", "I832", "I870", "I872", "I873")
# Malformed and cystic kidneys, glomerular and tubular disease of its own, vessels, lupus, a failed graft, inherited
# and deposited matter (Alport, Fabry, oxalate, amyloid, urate).
_KIDNEYS: Final = ("N01", "N02", "N03", "N04", "N05", "N06", "N07", "N08", "N11", "N137", "N14", "N15", "Q60", "Q61")
_KIDNEYS_TOO: Final = (
    *("I150", "I151", "M310", "M3131", "M3214", "M3215", "D593", "T861"),
    *("Q8781", "E7521", "E72", "E85", "M103", "M1A3"),
)
# The code first notes at N08 and G63: other systemic diseases that may show themselves there.
_SYSTEMIC: Final = ("A", "B", "C", "D57", "D59", "D65", "D89", "E85", "M10", "M1A", "M3")
# The code first note at G63, without what many claims hold for other reasons: hypothyroidism, obesity, lipids,
# vitamin D.
_POLYNEURITIC: Final = (
    *("A3", "A5", "A69", "B0", "B1", "B2", "C", "D0", "D1", "D2", "D3", "D4", "D51", "D86", "M05", "M3"),
    *("E00", "E01", "E02", "E04", "E05", "E06", "E07", "E15", "E2", "E3", "E4", "E50", "E51", "E52", "E53", "E56"),
    *("E60", "E61", "E63", "E64", "E70", "E71", "E72", "E74", "E75", "E76", "E77", "E79", "E80", "E830", "E831"),
    *("E85", "E884", "G60", "G61", "G62"),
)
# Pressure, frost, operations and stumps, vasospasm and thrombangiitis, emboli, grafts.
_OTHER_GANGRENE: Final = (
    *("L89", "T33", "T34", "T81", "T82", "T87", "D65", "I730", "I731", "I74"),
    *("I703", "I704", "I705", "I706", "I707"),
)
_OTHER_NEUROPATHY: Final = ("G60", "G61", "G620", "G621", "G622", "G628", "G63", "G130", "B0223", "E531")
_OTHER_MONONEUROPATHY: Final = ("G56", "G57", "S", "A", "B0", "B1", "B2", "C", "D86", "E85", "M05", "M3")
_CATARACT: Final = ("H25", "H260", "H261", "H262", "H263", "H264", "Q120", "E20", "E4", "G711")

LINKS: Final[tuple[Link, ...]] = (
    Link("chronic kidney disease", ("N18",), ("2",), (*_KIDNEYS, *_KIDNEYS_TOO)),
    Link("nephropathy", ("N08",), ("2",), _SYSTEMIC),
    Link("retinopathy", ("H3500", "H3689"), ("31", "32", "33", "34", "35", "37", "39"), ("H3503", "D57", "E75")),
    # A cataract whose kind is named (age-related, traumatic, after another eye disease) is not the one in the Index.
    Link("a cataract", ("H269", "H28"), ("36",), _CATARACT),
    Link("neuropathy", ("G629",), ("4",), _OTHER_NEUROPATHY),
    Link("polyneuropathy", ("G63",), ("4",), _POLYNEURITIC),
    Link("a mononeuropathy", ("G589", "G59"), ("4",), _OTHER_MONONEUROPATHY),
    Link("neuralgia", ("M792",), ("4",), ("B022", "G5", "G6", "M5", "S", "T")),
    Link("gastroparesis", ("K3184",), ("43",), ("F500", "M34", "K91", "G20", "G90", "T383X5", "T40")),
    Link("autonomic neuropathy", ("G909", "G990"), ("43",), ("E05", "E85", "M10", "M1A", "G20", "G23", "G312", "G900")),
    Link("peripheral angiopathy", ("I739",), ("5",), (*_ARTERIES, "I730", "I731", "I96")),
    Link("peripheral angiopathy", ("I798",), ("5",), (*_ARTERIES, "I73", "I96", "A", "C", "D86", "E85", "M3")),
    Link(
        "atherosclerosis of the arteries of the limbs",
        ("I7020", "I7021", "I7022", "I7023", "I7024", "I7025", "I7029"),
        ("5",),
        # With gangrene, that is the link that speaks.
        ("I7026", "I96"),
    ),
    Link(
        "gangrene",
        ("I96", "I7026"),
        ("52",),
        _OTHER_GANGRENE,
    ),
    # Only heel and foot: other ulcers are "skin ulcer NEC", and such entries presume nothing.
    Link(
        "a foot ulcer",
        ("L974", "L975"),
        ("621", "622"),
        (*_ARTERIES, *_VEINS, "D57", "I731", "I776", "L88", "L950", "M05"),
    ),
    # Bone infected below an ulcer is a complication of its own. Blood-borne and multifocal osteomyelitis (M86.0-,
    # M86.3-, M86.5-) is another disease.
    Link(
        "osteomyelitis",
        ("M861", "M862", "M864", "M866", "M868", "M869"),
        ("69",),
        (*_ARTERIES, *_VEINS, "L89", "D57", "S", "T81", "T84", "T87"),
    ),
    Link("a Charcot's joint", ("M146",), ("610",), ("A521", "G60", "G621", "G950", "Q05")),
    Link("dermatitis", ("L309",), ("62",), ("L20", "L21", "L23", "L24", "L25", "L27", "I872")),
    Link("necrobiosis lipoidica", ("L921",), ("62",)),
    Link("periodontal disease", ("K052", "K053", "K054", "K055", "K056"), ("63",)),
    Link("hypoglycemia", ("E160", "E162"), ("64",), ("E161", "K911")),
)
"""Alphabetic Index, *Diabetes*, the type, *with*: the entries for conditions that have a code of their own, and the
manifestation codes whose Excludes1 notes point from the condition to E08-E13 (G59, G63, G99.0, H28, H36, I79.8 …).

Left out: entries "NEC" (arthropathy, skin ulcer, kidney, circulatory complication …), for which the provider must
state the link; what diabetes codes alone describe; codes whose title joins the linked condition with another
(hyperosmolality and hypernatremia, E87.0; kidney disorder or insufficiency, N28.9); and pairs that an Excludes1 note
keeps apart anyway (R73.9, E87.2-, coma)."""
