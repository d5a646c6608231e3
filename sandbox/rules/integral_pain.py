"""Pains of joints, limbs and back that belong to an injury or disease there: rows of the table of CMB08."""

from typing import Final, NamedTuple


class Row(NamedTuple):
    """Symptoms (beginnings of codes) that belong to diseases (likewise), and the reason, a sentence for the learner.

    ``after``: the disease may be a mere companion (an old stone, a heart failure between two crises). Where the
    symptom stands before it, the claim tells of a visit for the symptom whose cause was not found; so the row speaks
    only where the disease comes first.
    """

    symptoms: tuple[str, ...]
    diseases: tuple[str, ...]
    why: str
    after: bool = False


_ARM: Final = ("M79601", "M79602", "M79603")
_LEG: Final = ("M79604", "M79605", "M79606")
_INJURY: Final = "Pain is part of an injury: the code of the injury states it."
_JOINT: Final = "Pain is how a worn, torn or inflamed joint shows itself."
_BACK: Final = "Pain is how a fracture, sprain or wear of the spine shows itself."

SITES: Final = ("M000", "M008", "M057", "M058", "M060", "M068", "M100", "M101", "M102", "M103", "M104", "M1A0")
"""Inflammations of joints whose next character is the joint: 1 shoulder, 2 elbow, 3 wrist, 4 hand, 5 hip, 6 knee,
7 ankle and foot."""


def _inflamed(joint: str) -> tuple[str, ...]:
    return tuple(stem + joint for stem in SITES)


PAINS: Final = (
    Row(("M2551",), (*_inflamed("1"), "M1901", "M1911", "M1921", "M75"), _JOINT),
    Row(("M2551",), ("S40", "S420", "S421", "S422", "S43", "S46"), _INJURY),
    Row(("M2552",), (*_inflamed("2"), "M1902", "M1912", "M1922", "M770", "M771", "M702"), _JOINT),
    Row(("M2552",), ("S424", "S500", "S520", "S521", "S53"), _INJURY),
    Row(("M2553",), (*_inflamed("3"), "M1903", "M1913", "M1923"), _JOINT),
    Row(("M2553",), ("S525", "S526", "S602", "S620", "S621", "S630", "S635"), _INJURY),
    Row(("M2554", "M7964"), (*_inflamed("4"), "M18", "M1904", "M1914", "M1924"), _JOINT),
    Row(("M2554", "M7964"), ("S60", "S61", "S62", "S63", "S66", "S67"), _INJURY),
    Row(("M2555",), (*_inflamed("5"), "M16", "M706", "M707"), _JOINT),
    Row(("M2555",), ("S324", "S700", "S720", "S721", "S722", "S73", "M8005"), _INJURY),
    Row(("M2556",), (*_inflamed("6"), "M17", "M22", "M23"), _JOINT),
    Row(("M2556",), ("S724", "S800", "S820", "S821", "S83"), _INJURY),
    Row(("M2557",), (*_inflamed("7"), "M1907", "M1917", "M1927"), _JOINT),
    Row(("M2557",), ("S825", "S826", "S828", "S900", "S921", "S930", "S934"), _INJURY),
    Row(("M7967",), (*_inflamed("7"), "M722", "M766", "M773"), _JOINT),
    Row(("M7967",), ("S90", "S91", "S92", "S93", "S97"), _INJURY),
    Row((*_ARM, "M7962"), ("S40", "S41", "S42", "S46", "S47"), _INJURY),
    Row((*_ARM, "M7963"), ("S50", "S51", "S52", "S56", "S57"), _INJURY),
    Row((*_LEG, "M7965"), ("S70", "S71", "S72", "S76", "S77"), _INJURY),
    Row((*_LEG, "M7966"), ("S80", "S81", "S82", "S86", "S87"), _INJURY),
    Row(("M542",), ("M47812", "M47813", "M4802", "M4803", "M4312", "S12", "S134", "S161"), _BACK),
    Row(("M546", "M549", "M5489"), ("M47814", "M4804", "M4854", "S220", "S233", "M8008"), _BACK),
    Row(
        ("M545", "M549", "M5489"),
        ("M47816", "M47817", "M4806", "M4807", "M4316", "M4317", "M4856", "M4857", "S320", "S335", "M8008"),
        _BACK,
    ),
    Row(
        ("G8911",),
        tuple(f"S{n}" for n in range(10)),
        "The guidelines keep G89 away where the cause of the pain is known and is what is treated (I.C.6.b.1.a).",
    ),
    Row(("H571",), ("S050", "H160"), "Pain is how an injured or ulcerated cornea shows itself."),
)
