"""Small files for what is asked of procedures: tables of ICD-10-PCS of FY2025, NCCI of the third quarter of 2026.

The rows of ICD-10-PCS are the official ones, of the public domain, cut short. The pairs and units are invented, and
name codes of HCPCS Level II only.
"""

from collections.abc import Iterable
from typing import Final

from sandbox.codes.importing.days import Asked
from tests.official import pcs_axis, ptp

Row = tuple[dict[str, str], dict[str, str], dict[str, str], dict[str, str]]

_OPEN: Final = {"0": "Open"}
_NONE: Final = {"Z": "No Qualifier"}
_NO_DEVICE: Final = {"Z": "No Device"}
_HIPS: Final = {"9": "Hip Joint, Right", "B": "Hip Joint, Left"}
_KNEES: Final = {"C": "Knee Joint, Right", "D": "Knee Joint, Left"}
_GRAFT: Final = {"7": "Autologous Tissue Substitute", "K": "Nonautologous Tissue Substitute"}
_HELD: Final = {"9": "Cemented", "A": "Uncemented", "Z": "No Qualifier"}
_BOWEL: Final = {"F": "Large Intestine, Right", "J": "Appendix"}
_WAYS: Final = {
    "0": "Open",
    "7": "Via Natural or Artificial Opening",
    "8": "Via Natural or Artificial Opening Endoscopic",
}
_BILE: Final = {
    "5": "Hepatic Duct, Right",
    "6": "Hepatic Duct, Left",
    "7": "Hepatic Duct, Common",
    "8": "Cystic Duct",
    "9": "Common Bile Duct",
    "C": "Ampulla of Vater",
    "D": "Pancreatic Duct",
    "F": "Pancreatic Duct, Accessory",
    "G": "Pancreas",
}
_HOURS: Final = {
    "3": "Less than 24 Consecutive Hours",
    "4": "24-96 Consecutive Hours",
    "5": "Greater than 96 Consecutive Hours",
}
_SURGICAL: Final = ("Body Part", "Approach", "Device", "Qualifier")
_LUNG: Final = {"F": "Membrane, Central", "G": "Membrane, Peripheral Veno-arterial"}

_TABLES: Final[
    tuple[tuple[tuple[str, str], tuple[str, str], tuple[str, str], str, tuple[str, ...], list[Row]], ...]
] = (
    (
        ("0", "Medical and Surgical"),
        ("S", "Lower Joints"),
        ("R", "Replacement"),
        "Putting in or on a material that takes the place of a body part",
        _SURGICAL,
        [
            (_HIPS, _OPEN, {"1": "Synthetic Substitute, Metal", "J": "Synthetic Substitute"}, _HELD),
            (_HIPS, _OPEN, {**_GRAFT, "E": "Articulating Spacer"}, _NONE),
            (_KNEES, _OPEN, {"J": "Synthetic Substitute", "L": "Synthetic Substitute, Unicondylar Medial"}, _HELD),
            (_KNEES, _OPEN, _GRAFT, _NONE),
        ],
    ),
    (
        ("0", "Medical and Surgical"),
        ("D", "Gastrointestinal System"),
        ("T", "Resection"),
        "Cutting out or off, without replacement, all of a body part",
        _SURGICAL,
        [
            (_BOWEL, _WAYS, _NO_DEVICE, _NONE),
            (_BOWEL, {"4": "Percutaneous Endoscopic"}, _NO_DEVICE, {"G": "Hand-Assisted", "Z": "No Qualifier"}),
        ],
    ),
    (
        ("0", "Medical and Surgical"),
        ("D", "Gastrointestinal System"),
        ("B", "Excision"),
        "Cutting out or off, without replacement, a portion of a body part",
        _SURGICAL,
        [(_BOWEL, {**_WAYS, "4": "Percutaneous Endoscopic"}, _NO_DEVICE, {"X": "Diagnostic", "Z": "No Qualifier"})],
    ),
    (
        ("0", "Medical and Surgical"),
        ("F", "Hepatobiliary System and Pancreas"),
        ("T", "Resection"),
        "Cutting out or off, without replacement, all of a body part",
        _SURGICAL,
        [
            ({"4": "Gallbladder"}, _OPEN, _NO_DEVICE, _NONE),
            (_BILE, {**_WAYS, "4": "Percutaneous Endoscopic"}, _NO_DEVICE, _NONE),
        ],
    ),
    (
        ("5", "Extracorporeal or Systemic Assistance and Performance"),
        ("A", "Physiological Systems"),
        ("1", "Performance"),
        "Completely taking over a physiological function by extracorporeal means",
        ("Body System", "Duration", "Function", "Qualifier"),
        [
            ({"5": "Circulatory"}, {"2": "Continuous", "A": "Intraoperative"}, {"2": "Oxygenation"}, _LUNG),
            ({"9": "Respiratory"}, {"0": "Single"}, {"5": "Ventilation"}, {"4": "Nonmechanical"}),
            ({"9": "Respiratory"}, _HOURS, {"5": "Ventilation"}, _NONE),
        ],
    ),
)


def tables() -> str:
    """Five tables of ICD-10-PCS in CMS's XML."""
    out = []
    for section, system, operation, definition, titles, rows in _TABLES:
        head = (
            pcs_axis(1, "Section", dict([section]))
            + pcs_axis(2, "Body System", dict([system]))
            + pcs_axis(3, "Operation", dict([operation]), definition)
        )
        out.append(f"<pcsTable>{head}{''.join(_row(titles, row) for row in rows)}</pcsTable>")
    return f'<?xml version="1.0"?>\n<ICD10PCS.tabular><version>2025</version>{"".join(out)}\n</ICD10PCS.tabular>\n'


def _row(titles: tuple[str, ...], row: Row) -> str:
    number = 1
    axes = ""
    for place, (title, values) in enumerate(zip(titles, row, strict=True), 4):
        number *= len(values)
        axes += pcs_axis(place, title, values)
    return f'<pcsRow codes="{number}">{axes}</pcsRow>'


DEFINITIONS: Final = """<?xml version="1.0"?>
<ICD10PCS.definitions><version>2025</version>
<section code="0"><title>Medical and Surgical</title>
<axis pos="5"><title>Approach</title><terms><title>Open</title>
<definition>Cutting through the skin to the site of the procedure</definition></terms></axis></section>
</ICD10PCS.definitions>
"""

_WHY: Final = "Invented for a test"
PAIRS: Final = (
    # Two wellness visits; a visit and the screening that is a part of it; two kinds of the same screening.
    ("G0438", "G0439", "", 20200101, "*", 0, _WHY),
    ("G0439", "G0444", "", 20200101, "*", 0, _WHY),
    ("G0121", "G0105", "", 20200101, "*", 0, _WHY),
    ("G0105", "G0104", "", 20200101, "*", 1, _WHY),
    ("J7325", "J7321", "", 20200101, "*", 1, _WHY),
    ("G0101", "G0102", "", 20260701, "*", 1, _WHY),
    # Deleted; ended; comes with the next quarter.
    ("G0101", "Q0091", "", 20200101, 20200101, 9, _WHY),
    ("G0439", "G0447", "", 20200101, 20260630, 0, _WHY),
    ("G0439", "G0446", "", 20260901, "*", 0, _WHY),
)
HOSPITAL_PAIRS: Final = (
    ("G0105", "G0104", "", 20200101, "*", 0, _WHY),
    ("G0378", "G0379", "", 20200101, "*", 1, _WHY),
    ("G0463", "G0008", "", 20200101, "*", 1, _WHY),
)

UNITS: Final = (
    ("G0008", 1, 2),
    ("J0561", 24, 3),
    ("J7325", 96, 3),
    ("A0425", 250, 1),
    ("G0439", 1, 2),
    ("Q0091", 0, 2),
)
HOSPITAL_UNITS: Final = (("A0425", 250, 1), ("G0378", 72, 3), ("J0561", 48, 3), ("G0463", 1, 2))


def units(whom: str, rows: Iterable[tuple[str, int, int]]) -> str:
    """A table of most units as CMS's CSV."""
    how = {1: "1 Line Edit", 2: "2 Date of Service Edit: Policy", 3: "3 Date of Service Edit: Clinical"}
    head = f'"HCPCS/\nCPT Code",{whom} Services MUE Values,MUE Adjudication Indicator,MUE Rationale\r\n'
    return head + "".join(f"{code},{most},{how[indicator]},{_WHY}\r\n" for code, most, indicator in rows)


ALL: Final[dict[str, tuple[str, Asked]]] = {
    "pcs-tables": (tables(), Asked()),
    "pcs-definitions": (DEFINITIONS, Asked()),
    "pairs": (ptp(PAIRS), Asked(20260701, table="practitioner")),
    "pairs-hospital": (ptp(HOSPITAL_PAIRS), Asked(20260701, table="outpatient-hospital")),
    "units": (units("Practitioner", UNITS), Asked(20260701)),
    "units-hospital": (units("Outpatient Hospital", HOSPITAL_UNITS), Asked(20260701)),
}
