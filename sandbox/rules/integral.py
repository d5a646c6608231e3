"""Signs and symptoms that belong to a disease: the table of CMB08, and why each row stands in it."""

from typing import Final

from sandbox.rules.integral_pain import PAINS, Row


def _of(stems: str) -> tuple[str, ...]:
    return tuple(stems.split())


# The infections, failures and crises that several rows speak of.
SEPSIS: Final = ("A021", "A227", "A267", "A327", "A40", "A41", "A427", "A5486", "B377", "T8144")
PNEUMONIA: Final = ("J09X1", "J100", "J110", "J12", "J13", "J14", "J15", "J16", "J17", "J18")
DIABETES: Final = ("E08", "E09", "E10", "E11", "E13")
HYPERTENSION: Final = ("I10", "I11", "I12", "I13", "I15", "I16", "I1A", "O10", "O11", "O13")
ACUTE_FAILURE: Final = ("I5021", "I5023", "I5031", "I5033", "I5041", "I5043", "I50811", "I50813")
BREATH: Final = ("R0600", "R0601", "R0602", "R0609")
BELLY: Final = ("R10", "R193")

_BREATHLESS: Final = "A failing heart cannot keep fluid out of lungs and tissues: breathlessness and swelling are it."
_BLEEDING: Final = "A code that says 'with bleeding' (or 'with hemorrhage') tells of the blood that was seen."

ROWS: Final = (
    # What the Tabular itself says, without naming codes (so that EXC01 cannot know them).
    Row(
        ("R030",),
        HYPERTENSION,
        "The Tabular keeps this code for a patient in whom hypertension has not been diagnosed (note at R03.0).",
    ),
    Row(
        ("R4182",),
        ("F05", "G9340", "G9341", "G9349", "G928", "G929", "K7682", "I674"),
        'The Tabular excludes "altered mental status due to known condition - code to condition" (Excludes1, R41.82).',
    ),
    Row(
        ("R21",),
        _of("A38 B01 B02 B05 B06 B084 B09 L20 L21 L22 L23 L24 L25 L27 L30 L40 L42 L50"),
        'The Tabular excludes "specified type of rash - code to condition" (Excludes1 note at R21).',
    ),
    Row(
        ("R7881", "R651"),
        SEPSIS,
        "Sepsis is the body's answer to an infection: the Tabular sends it to the infection (Excludes1 at this code).",
    ),
    Row(
        ("D72825",),
        (*SEPSIS, *PNEUMONIA, "K35", "N10"),
        'The Tabular excludes "confirmed infection - code to infection" (Excludes1 note at D72.825).',
    ),
    Row(
        ("R05", "R06"),
        ("U070",),
        "The guidelines name cough and shortness of breath in a vaping-related disorder as not coded (I.C.10.e).",
    ),
    Row(
        ("R31",),
        ("N3000", "N301", "N302", "N303", "N304", "N308", "N309"),
        "Each cystitis has a code with and a code without hematuria (and R31 excludes hematuria included with it).",
    ),
    # Combination codes (I.C.18.c) and inclusion terms.
    Row(
        ("R579",),
        ("R6521",),
        "The code for severe sepsis with septic shock already states the shock.",
    ),
    Row(
        ("K920", "K921"),
        _of(
            "K250 K252 K254 K256 K260 K262 K264 K266 K270 K272 K274 K276 K280 K282 K284 K286 K2901 "
            "K2921 K2931 K2941 K2951 K2961 K2971 K2981 K2991 K31811 K226 I8501 I8511"
        ),
        _BLEEDING,
    ),
    Row(
        ("K625", "K921", "K922"),
        _of("K50011 K50111 K50811 K50911 K51011 K51211 K51311 K51411 K51511 K51811 K51911"),
        _BLEEDING,
    ),
    Row(
        ("K625", "K921"),
        ("K5711", "K5713", "K5731", "K5733", "K5751", "K5753", "K5791", "K5793", "K5521"),
        _BLEEDING,
    ),
    Row(
        ("K625",),
        ("K640", "K641", "K642", "K643", "K649"),
        'The inclusion terms of these codes say "hemorrhoids (bleeding)": the blood is part of them.',
        after=True,
    ),
    Row(
        ("R197",),
        ("K580", "K582"),
        "This code for an irritable bowel names its bowel habit.",
    ),
    Row(
        ("R072", "R0789", "R079"),
        ("I200", "I210", "I211", "I212", "I213", "I214", "I219", "I21A", "I22", "I25110", "I25700"),
        "Pain in the chest is how a heart attack, or angina, shows itself.",
    ),
    Row(
        ("R072", "R0789", "R079"),
        ("I20", "I2511", "I257"),
        "Angina is pain in the chest: its code, or the combination code for it, states the pain.",
        after=True,
    ),
    Row(
        ("R52", "M255", "M545", "M796"),
        ("D5700", "D57219", "D57419", "D57439", "D57459", "D57819"),
        'The inclusion terms of a sickle-cell crisis say "(vaso-occlusive) pain": the pain is the crisis.',
    ),
    # Chest and throat.
    Row(
        ("R05", "R093", "R509", *BREATH, "R0682", "R071"),
        (*PNEUMONIA, "J690"),
        "Pneumonia is an infection of the lung: cough, sputum, fever and short breath are how it shows itself.",
    ),
    Row(
        ("R05", "R509", "R070", *BREATH, "M791", "R5381"),
        ("J09X2", "J101", "J111", "U071"),
        "Cough, fever, short breath and aches are how influenza and COVID-19 show themselves.",
    ),
    Row(
        ("R05", "R093"),
        ("J20", "J21", "J22", "J40"),
        "Cough is what an infection of the bronchi consists of for the patient.",
    ),
    Row(
        ("R05", "R062", "R093", *BREATH),
        ("J440", "J441"),
        "A COPD that worsens or is infected does it by cough, sputum, wheezing and short breath.",
    ),
    Row(
        ("R05", "R062", "R093", *BREATH),
        ("J43", "J44"),
        "Cough, sputum, wheezing and short breath are what COPD consists of for the patient.",
        after=True,
    ),
    Row(
        ("R05", *BREATH),
        ("J4521", "J4522", "J4531", "J4532", "J4541", "J4542", "J4551", "J4552", "J45901", "J45902"),
        "An attack of asthma is short breath and cough.",
    ),
    Row(("R05", *BREATH), ("J45",), "Asthma shows itself by short breath and cough.", after=True),
    Row(("R061", "R05"), ("J050",), "Croup is named after its barking cough and its stridor."),
    Row(
        ("R05", "R070", "R0981", "R0982", "R067"),
        ("J00", "J06"),
        "A cold is a stuffed nose, a sore throat, sneezing and cough.",
    ),
    Row(
        ("R0981", "R0982", "R067"),
        ("J01", "J30", "J32"),
        "A stuffed or running nose, or sneezing, is what an inflamed nose or sinus does.",
    ),
    Row(
        ("R070",),
        ("J020", "J028", "J03", "J36"),
        "A sore throat is what pharyngitis, tonsillitis and an abscess there consist of.",
    ),
    Row(("R490", "R491"), ("J040", "J042", "J370"), "Hoarseness is how an inflamed larynx shows itself."),
    Row(("H920",), ("H60", "H650", "H651", "H66"), "Pain in the ear is how an infected ear shows itself."),
    Row(
        (*BREATH, "R600", "R601", "R609"),
        ACUTE_FAILURE,
        _BREATHLESS,
    ),
    Row((*BREATH, "R600", "R601", "R609"), ("I50",), _BREATHLESS, after=True),
    Row(
        ("J81",),
        ("I50",),
        "Fluid in the lungs is how a failing heart shows itself; the category is for edema without it (its notes).",
    ),
    Row(("R0781", "R0782", "R0789"), ("S202", "S222", "S223", "S224", "M940"), "Here the chest wall is what hurts."),
    # Infections of the whole body and of the brain.
    Row(
        ("R509", "R000", "R0682", "D72829"),
        SEPSIS,
        "Fever, a fast pulse and breath and a high white count are the signs by which sepsis is recognized.",
    ),
    Row(("R509", "R291", "R519"), ("G00", "G03", "A87"), "Headache, fever and a stiff neck are signs of meningitis."),
    Row(("R410",), ("G9340", "G9341", "G928", "G929"), "Confusion is how an encephalopathy shows itself."),
    Row(("R413",), ("F01", "F02", "F03", "G30"), "Loss of memory is what dementia begins with.", after=True),
    Row(("I959", "R031"), ("R6521", "R57"), "A low blood pressure is part of every shock."),
    # Belly.
    Row(
        (*BELLY, "R11"),
        ("K35", "K37", "K65", "K800", "K801", "K803", "K804", "K806", "K81", "K85"),
        "Pain and vomiting are how an acute inflammation in the belly shows itself.",
    ),
    Row(("R748",), ("K85",), "High lipase or amylase is the sign by which acute pancreatitis is recognized."),
    Row(
        BELLY,
        _of("K5700 K5701 K5712 K5713 K5720 K5721 K5732 K5733 K5740 K5741 K5752 K5753 K5780 K5781 K5792 K5793"),
        "Pain in the belly is how diverticulitis shows itself.",
    ),
    Row(BELLY, ("K802", "K805", "K807"), "Gallstones hurt: the inclusion terms name the colic.", after=True),
    Row(
        (*BELLY, "R11", "R140"),
        ("K560", "K562", "K565", "K566", "K567"),
        "Pain, vomiting and a swollen belly are how an obstructed or paralyzed bowel shows itself.",
    ),
    Row(
        ("R197", "R11", "R10"),
        ("A02", "A03", "A04", "A05", "A07", "A08", "A09", "K520", "K521", "K522", "K528", "K529"),
        "Diarrhea, vomiting and cramps are what a gastroenteritis or colitis consists of.",
    ),
    Row(("R197", "R10"), ("K50", "K51"), "Diarrhea and cramps are what these inflammations cause.", after=True),
    Row(("R10", "R140"), ("K58",), "Pain and bloating belong to the definition of an irritable bowel.", after=True),
    Row(
        ("R101", "R1081"),
        ("K25", "K26", "K27", "K28", "K29"),
        "Pain in the upper belly is how gastritis and ulcers show themselves.",
        after=True,
    ),
    Row(("R12",), ("K21",), "Heartburn is what reflux feels like."),
    # Urinary tract and genitals. Not R33, R35 and R39.1: they ask for the cause to be coded first, and so for both.
    Row(
        ("R300", "R309", "R8271", "R8279"),
        ("N10", "N30", "N34", "N390"),
        "Pain on urination and bacteria in the urine are what an infection of the urinary tract consists of.",
    ),
    Row(("R509", "R10A", "R109", "R3985"), ("N10",), "Fever and pain in the flank are signs of pyelonephritis."),
    Row(
        ("R31", "N23", "R10A", "R109"),
        ("N132", "N201", "N202", "N211"),
        "A stone on its way causes colic and makes the urinary tract bleed.",
    ),
    Row(
        ("R31", "N23", "R10A", "R109"),
        ("N200", "N209", "N210", "N219"),
        "Stones cause colic and make the urinary tract bleed.",
        after=True,
    ),
    Row(("N508",), ("N440", "N45"), "Pain is how torsion and inflammation of the testis show themselves."),
    Row(("R102", "R103"), ("N700", "N710", "N730", "N733"), "Pelvic pain is how an infection there shows itself."),
    Row(("R80", "R60"), ("N04",), "Protein in the urine and edema define the nephrotic syndrome."),
    # Diabetes and nerves.
    Row(("R631", "R632", "R81"), DIABETES, "Thirst and sugar in the urine are what diabetes does.", after=True),
    Row(
        ("R200", "R201", "R202"),
        ("G560", "E0841", "E0842", "E0941", "E0942", "E1041", "E1042", "E1141", "E1142", "E1341", "E1342"),
        "Numbness and tingling are how this disease of the nerves shows itself.",
        after=True,
    ),
    *PAINS,
)
