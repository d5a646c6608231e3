"""The notes *use additional code* and *code also* whose answer cannot be missing: data for ADD02 and ADD03.

The Tabular has more than two thousand lines of such notes. Most ask only *if applicable*, *if known*, for *any
associated* condition, or for tobacco: they ask nothing of a bare claim. Here are those that the code itself makes
true: who has a diabetic foot ulcer has it somewhere. The words are the Tabular's own; a test compares them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_DISEASE: Final = "A B C D E F G H I J K L M N O P Q S T U"
_NEOPLASM: Final = "C D0 D1 D2 D3 D4"
_GERM: Final = "A B J15 U07"
_INFECTION: Final = (
    "A B G0 H44.0 H66 H70 I30.1 I32 I33 I38 I39 I40 J0 J1 J20 J21 J22 J36 J39 J69 J85 J86 K35 K36 K37 K57 K61 K63.0 "
    "K65 K67 K68 K75.0 K81 K83.0 L0 M00 M01 M46 M60.0 M65 M71 M72.6 M86 N10 N11 N12 N13.6 N15 N30 N34 N39.0 N41 N45 "
    "N49 N61 N7 O08 O23 O85 O86 O91 P3 R65 R78.81 T81.4 U07"
)
_ORGAN: Final = (
    "D65 D68 D69 E27 E87.2 F05 G62.8 G72.8 G92 G93 I21 I46 I51.8 I5A I95 I96 J80 J95.8 J96 K55 K56.7 K72 K76 N17 N19 "
    "N99.0 R34 R40 R41 R57"
)
_ULCER: Final = "L97 L98.4"
_TYPES: Final = ("E08", "E09", "E10", "E11", "E13")
_DEVICES: Final = "T81.4 T82.6 T82.7 T83.5 T83.6 T84.5 T84.6 T84.7 T85.7 T86.43"
_GRAFTS: Final = "T86.13 T86.23 T86.33 T86.812 T86.822 T86.832 T86.842 T86.852 T86.892 T86.93"
_FINDING: Final = "Z00.01 Z00.121 Z00.71 Z01.01 Z01.021 Z01.118 Z01.21 Z01.31 Z01.411"


@dataclass(frozen=True, slots=True)
class Demand:
    """What a note asks of the codes that begin with one of ``codes``, in its ``words``, and what answers it.

    ``answers`` are beginnings of codes. ``admitted``: only asked of the principal diagnosis of a stay.
    """

    codes: tuple[str, ...]
    words: str
    answers: tuple[str, ...]
    admitted: bool = False


def _keys(text: str) -> tuple[str, ...]:
    return tuple(text.replace(".", "").split())


def _each(end: str) -> str:
    return " ".join(f"{kind}.{end}" for kind in _TYPES)


def _table(rows: Sequence[tuple[str, str, str]], admitted: bool = False) -> tuple[Demand, ...]:
    return tuple(Demand(_keys(codes), words, _keys(answers), admitted) for codes, words, answers in rows)


USE: Final = _table((
    # Not E11.A: a diabetes in remission needs no drug.
    ("E08 E09 E11.0 E11.1 E11.2 E11.3 E11.4 E11.5 E11.6 E11.8 E11.9 E13",
     "to identify control using", "Z79.4 Z79.84 Z79.85"),
    (_each("22"), "to identify stage of chronic kidney disease", "N18"),
    (f"{_each('621')} {_each('622')}", "to identify site of ulcer", _ULCER),
    (_each("39"), "to identify manifestation", "H"),
    (_each("69"), "to identify complication", _DISEASE),
    ("I09.81 I11.0 I13.0 I13.2", "to identify type of heart failure", "I50"),
    ("I97.13", "to identify the heart failure", "I50"),
    ("I12.0 I12.9 I13.10 I13.11 I13.2", "to identify the stage of chronic kidney disease", "N18"),
    ("I13.0", "to identify stage of chronic kidney disease", "N18"),
    ("N18.6", "to identify dialysis status", "Z99.2 Z91.15 Z49 Z94.0"),
    ("I70.23 I70.24 I70.33 I70.34 I70.35 I70.43 I70.44 I70.45 I70.53 I70.54 I70.55 I70.63 I70.64 I70.65 I70.73 I70.74 "
     "I70.75 I83.0 I83.2", "to identify severity of ulcer", _ULCER),
    ("I70.25", "to identify the severity of the ulcer", _ULCER),
    ("I87.01 I87.03 I87.31 I87.33", "to specify site and severity of ulcer", _ULCER),
    ("I76", "to identify the site of the embolism", "I74"),
    ("K29.2 K70 K86.0", "to identify: alcohol abuse and dependence", "F10"),
    ("G72.1", "to identify alcoholism", "F10"),
    ("R65.11 R65.20", "to identify specific acute organ dysfunction", _ORGAN),
    ("T20 T21 T22 T23 T24 T25", "from category T31 or T32 to identify extent of body surface involved", "T31 T32"),
    ("O10.1", "from I11 to identify the type of hypertensive heart disease", "I11"),
    ("O10.2", "from I12 to identify the type of hypertensive chronic kidney disease", "I12"),
    ("O10.3", "from I13 to identify the type of hypertensive heart and chronic kidney disease", "I13"),
    ("O10.4", "from I15 to identify the type of secondary hypertension", "I15"),
    ("O11", "from O10 to identify the type of hypertension", "O10"),
    ("O22.2", "to identify the superficial thrombophlebitis", "I80"),
    ("O22.3 O87.1", "to identify the deep vein thrombosis", "I82"),
    ("O24.0", "from category E10 to further identify any manifestations", "E10"),
    ("O24.1 O24.3", "from category E11 to further identify any manifestation", "E11 Z79.4 Z79.84 Z79.85"),
    ("O24.8", "from categories E08, E09 and E13 to further identify any manifestation", "E08 E09 E13 Z79.4 Z79.85"),
    ("O26.6", "to identify the specific disorder", "B K"),
    ("O98", "to identify specific infectious or parasitic disease", f"{_INFECTION} Z21 Z22"),
    ("O99.0", "to identify specific condition", "D"),
    ("O99.1", "to identify specific condition", "D"),
    ("O99.21", "to identify the type of obesity", "E66"),
    ("O99.28", "to identify specific condition", "E"),
    ("O99.31", "from F10 to identify manifestations of the alcohol use", "F10"),
    ("O99.32", "from F11-F16 and F18-F19 to identify manifestations of the drug use", "F1 F55"),
    ("O99.33", "from category F17 to identify type of tobacco nicotine dependence", "F17 Z72.0"),
    ("O99.34", "to identify specific condition", "F"),
    ("O99.35", "to identify specific condition", "G"),
    ("O99.4", "to identify specific condition", "I"),
    ("O99.5", "to identify specific condition", "J"),
    ("O99.6", "to identify specific condition", "K"),
    ("O99.7", "to identify specific condition", "L"),
    ("O99.83", "to identify the carrier state", "Z22"),
    ("O9A.1", "to identify neoplasm", _NEOPLASM),
    ("O9A.2", "to identify the injury or poisoning", "S T"),
    (_DEVICES, "to identify infection", _INFECTION),
    (_GRAFTS, "to specify infection", _INFECTION),
    ("K94.32", "to identify the infection", _INFECTION),
    ("J95.02", "to identify type of infection", _INFECTION),
    ("K94.02 K94.12 K94.22 K95.01 K95.81", "to specify type of infection", _INFECTION),
    ("T80.2", "to identify the specific infection", _INFECTION),
    ("D59.31", "to identify associated infection", _INFECTION),
    ("M97.8 T84.018 T84.028 T84.038 T84.058 T84.068 T84.098 Z47.1", "to identify the joint", "Z96.6"),
    ("Z47.81", "to identify the limb amputated", "Z89"),
    ("Z48.3", "to identify the neoplasm", f"{_NEOPLASM} Z85 Z86.0"),
    ("Z40.0", "to identify risk factor", "C D0 N6 N8 Z15 Z80 Z84 Z85 Z86"),
    ("Z08", "to identify the personal history of malignant neoplasm", "Z85 Z86.0"),
    ("Z09", "to identify any applicable history of disease code", "Z85 Z86 Z87 Z9"),
    (_FINDING, "to identify abnormal findings", f"{_DISEASE} R Z20 Z21 Z22 Z28 Z5 Z6 Z72 Z73"),
    ("Z71.41", "for alcohol abuse or dependence", "F10 O99.31"),
    ("Z71.51", "for drug abuse or dependence", "F1 F55 O99.32"),
    ("Z71.6", "for nicotine dependence", "F17 O99.33 Z72.0 Z87.891"),
    ("C50", "to identify estrogen, and other hormones and factors receptor status", "Z17"),
    ("C80.2", "to identify the specific malignancy", "C"),
    ("H02.81 H05.5 L92.3 M60.2", "to identify the type of retained foreign body", "Z18"),
    ("H44.6", "to identify magnetic foreign body", "Z18"),
    ("H44.7", "to identify nonmagnetic foreign body", "Z18"),
    ("L00 L51.1 L51.2 L51.3", "to identify percentage of skin exfoliation", "L49"),
    ("K52.21 K52.22", "to identify type of food allergy", "Z91.01 Z91.02"),
    ("N99.0", "to type of kidney disease", "N17 N18 N19"),
    ("Z31.83", "to identify the type of infertility", "N46 N97 Z31"),
    ("Z98.4", "to identify intraocular lens implant status", "Z96.1 H27"),
    # The title tells that the germ is known, or which kind it is.
    ("G00.2 G00.3 G00.8", "to further identify organism", "A B"),
    ("J02.8 J03.8", "to identify infectious agent", "A B U07"),
    ("M00.0 M00.2", "to identify bacterial agent", "B95"),
    ("M00.8", "to identify bacteria", "A B"),
    ("P23.6 P36.8", "to identify organism", "A B"),
    ("R85.82 R87.82", "for associated human papillomavirus", "B97.7"),
)) + _table((
    # Elsewhere the germ is often unknown. Who is admitted for one of these has had a culture.
    ("G06 I33.0 J85 J86 M86 N10 N11 N13.6 N30 N39.0", "to identify infectious agent", _GERM),
    ("O23", "to identify organism", _GERM),
), admitted=True)  # fmt: skip

ALSO: Final = _table((
    ("I16", "any identified hypertensive disease", "I10 I11 I12 I13 I15 I1A O10 O11 O13 O14 O15 O16"),
    ("J44.0", "to identify the infection", "A B J0 J1 J20 J21 J22 J40 J69 J85 J86 U07"),
    ("J85.1", "the type of pneumonia", "A B J09 J1 J69 U07"),
    ("G43.6", "the type of cerebral infarction", "I63"),
    ("I42.6", "presence of alcoholism", "F10"),
    ("G31.2", "associated alcoholism", "F10"),
    ("I15", "underlying condition", "A B C D E F G H I2 I3 I5 I7 J K L M N O P Q T"),
    ("K76.82", "underlying liver disease", "B1 C22 C78 K70 K71 K72 K73 K74 K75 K76 K91.8 P5 T39"),
    ("M84.5", "underlying neoplasm", _NEOPLASM),
    ("M84.6", "underlying condition", _DISEASE),
    ("D70.1", "underlying neoplasm", _NEOPLASM),
    ("D61.82", "the underlying disorder", "A B C D E"),
    ("E34.0", "the underlying disorder", "C D"),
    ("M07", "associated enteropathy", "K"),
    ("Z49", "associated end stage renal disease", "N17 N18 N19"),
    ("Z51.0 Z51.11 Z51.12", "condition requiring care", "C D G H L M N04 K5"),
    ("Z51.5", "condition requiring care", f"{_DISEASE} R"),
    ("R11.16", "cannabis abuse: cannabis dependence", "F12"),
    ("Z87.892", "allergy status", "Z88 Z91.0"),
))  # fmt: skip
