"""What a record says where the Tabular speaks of encounters, stages and fetuses: its words for a 7th character, in
words of a chart. A meaning without a row makes no drill."""

from typing import Final

_HEALING: Final = {
    "routine healing": "is healing as expected",
    "delayed healing": "is healing, more slowly than expected",
    "nonunion": "has not united",
    "malunion": "has united in a bad position",
}
_WOUND: Final = {
    "fracture": "The fracture",
    "closed fracture": "The fracture, closed from the beginning,",
    "open fracture type I or II": "The fracture, open and of Gustilo type I or II at the time of injury,",
    "open fracture type IIIA, IIIB, or IIIC": "The fracture, open and of Gustilo type III at the time of injury,",
}

SITUATIONS: Final[dict[str, str]] = {
    "initial encounter": "It is still under active treatment, today by a physician who sees it for the first time.",
    "subsequent encounter": "Active treatment is over; this is a check while it heals.",
    "sequela": "The condition itself has healed; what is treated today is a lasting effect that it left.",
    "sequela of fracture": "The fracture itself has healed; what is treated today is a lasting effect that it left.",
    "initial encounter for fracture": "The fracture is under active treatment.",
    "initial encounter for closed fracture": "The skin over the fracture is intact, and it is under active treatment.",
    "initial encounter for open fracture": "Bone shows in a wound over the fracture, and it is under active treatment.",
    "initial encounter for open fracture type I or II": (
        "A clean wound of 1 cm lies over the fracture (Gustilo type I), and it is under active treatment."
    ),
    "initial encounter for open fracture type IIIA, IIIB, or IIIC": (
        "The wound over the fracture is 12 cm long and dirty (Gustilo type IIIA), and it is under active treatment."
    ),
    **{
        f"subsequent encounter for {wound} with {healing}": f"Active treatment is over. {start} {course}."
        for wound, start in _WOUND.items()
        for healing, course in _HEALING.items()
    },
    "right eye": "The finding is on the right.",
    "left eye": "The finding is on the left.",
    "bilateral": "The finding is on both sides.",
    "fetus 1": "Twins; it concerns the fetus that the report calls number 1.",
    "fetus 2": "Twins; it concerns the fetus that the report calls number 2.",
    "fetus 3": "Triplets; it concerns the fetus that the report calls number 3.",
    "not applicable or unspecified": "It is a pregnancy with a single fetus.",
    "mild stage": "The ophthalmologist stages it as mild.",
    "moderate stage": "The ophthalmologist stages it as moderate.",
    "severe stage": "The ophthalmologist stages it as severe.",
    "stage unspecified": "Nobody has staged it.",
    "in the field [EMT or ambulance]": "The score was taken by the paramedics at the scene.",
    "at arrival to emergency department": "The score was taken on arrival in the emergency department.",
    "at hospital admission": "The score was taken when the patient was admitted to the ward.",
    "24 hours or more after hospital admission": "The score was taken on the second day of the stay.",
    "with macular edema": "The macula is swollen.",
    "with retinal neovascularization": "New vessels have grown on the retina.",
    "with tophus (tophi)": "There are tophi at the elbow.",
    "without tophus (tophi)": "The record says that there are no tophi.",
    "early dry stage": "The macular disease is dry and in its early stage.",
    "intermediate dry stage": "The macular disease is dry and in its intermediate stage.",
}  # fmt: skip
