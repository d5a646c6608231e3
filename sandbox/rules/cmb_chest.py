"""CMB: heart and lung, where a disease and what comes with it share one code."""

from collections.abc import Iterator
from typing import Final

from sandbox.checker import Entry, Family, Hit, View
from sandbox.findings import Severity

family = Family("CMB", "Combinations")

NATIVE: Final = ("I2510",)
"""Atherosclerosis of the patient's own coronary arteries, without angina."""
OTHER: Final = ("I2581",)
"""Atherosclerosis of bypass grafts and of a transplanted heart's vessels, without angina."""
JOINED: Final = ("I2511", "I257")
"""Both with angina: the subcategories that I.C.9.b names."""
ANGINA: Final = ("I20",)
SMALL_VESSELS: Final = "I2081"
"""Angina whose own title lays it on the small vessels: it may well have nothing to do with the large ones."""

COPD: Final = ("J441", "J449")
"""COPD in exacerbation and unspecified. J44.8- names a kind of its own and is left alone."""
COPD_INFECTED: Final = ("J440",)

INFECTIONS: Final = (
    # Influenza with pneumonia; without, it is an infection of the upper airways as much.
    *("J09X1", "J100", "J110"),
    # Pneumonia, but for the hypostatic (J18.2), which is none of germs.
    *("J12", "J13", "J14", "J15", "J16", "J17", "J180", "J181", "J188", "J189"),
    # Acute bronchitis, bronchiolitis, unspecified acute lower respiratory infection.
    *("J20", "J21", "J22"),
    # Pneumonia that chapter 1 classifies (most by the Excludes1 note at J17).
    *("A0103", "A0222", "A212", "A3701", "A3711", "A3781", "A3791", "A430", "A481", "A5484"),
    *("B012", "B052", "B0681", "B250", "B59"),
)
"""Acute infections of the lower airways (Tabular, J09-J18 and J20-J22, and J17). Not aspiration pneumonitis (J69.0)
and ventilator-associated pneumonia (J95.851): the Tabular keeps them among other kinds of disease."""


def _beginning(view: View, stems: tuple[str, ...]) -> tuple[Entry, ...]:
    return tuple([entry for entry in view.diagnoses if entry.key.startswith(stems)])


def _names(entries: tuple[Entry, ...]) -> str:
    return ", ".join(dict.fromkeys(entry.shown for entry in entries))


@family.rule(
    "CMB04",
    "coronary_disease_angina",
    Severity.ERROR,
    Severity.WARNING,
    authority="ICD-10-CM Guidelines, I.C.9.b; Tabular List, Excludes1 note at I20",
    section="I.C.9.b",
)
def coronary_disease_angina(view: View) -> Iterator[Hit]:
    """Coronary artery disease and angina pectoris are coded as if they had nothing to do with each other.

    ## What it flags
    Coronary artery disease without angina (I25.10) beside angina pectoris (I20.-), or beside coronary artery disease
    of the same arteries with angina (I25.11-). As a warning, atherosclerosis of a bypass graft or of a transplanted
    heart without angina (I25.81-) beside I20.-, where no code joins the angina to other vessels, and angina that its
    title lays on the small vessels (I20.81). Angina after an infarction (I23.7) and other acute ischemia (I24.-) are
    no angina of this kind.

    ## Why it matters
    The guidelines let you assume that the narrowed arteries cause the angina; combination codes say both at once, and
    no separate code for the angina follows. Apart, the claim says *without angina* and *angina* of one heart.

    ## Where to look
    The subcategories I25.1 and I25.7: which vessels are diseased, and which kind of angina does the provider describe?
    Then any statement that the angina comes from something else, such as severe anemia or a narrow aortic valve.

    ## Flagged
    - inpatient M67 2026-05-07: I20.0/Y, I25.10/Y, I10/Y, E78.5/Y
    - office F72 2026-11-18: I25.10, I20.9, Z95.5

    ## Accepted
    - inpatient M67 2026-05-07: I25.110/Y, I10/Y, E78.5/Y
    - inpatient M58 2026-05-07: I21.4/Y, I25.10/Y, E78.5/Y
    """
    native, other = _beginning(view, NATIVE), _beginning(view, OTHER)
    if not (native or other):
        return
    angina, joined = _beginning(view, ANGINA), _beginning(view, JOINED)
    alike = tuple(entry for entry in joined if entry.key.startswith(JOINED[0]))
    unless = "Only where the provider puts the angina down to something else do the two stay separate."
    if native and (angina or alike):
        told = angina + (joined if angina else alike)
        small = angina and not joined and all(entry.key == SMALL_VESSELS for entry in angina)
        yield Hit(
            f"{native[0].shown} says coronary artery disease without angina, and the claim has angina as well "
            f"({_names(told)}). A causal link may be assumed, and one combination code then tells of the "
            f"disease and of the kind of angina. {unless}",
            (*native, *told),
            Severity.WARNING if small else None,
        )
    elif other and angina and not joined:
        yield Hit(
            f"{_names(other)} says that the diseased vessels cause no angina, and the claim has angina as well "
            f"({_names(angina)}). A causal link may be assumed, and the classification has codes for these "
            f"vessels with angina. {unless}",
            (*other, *angina),
            Severity.WARNING,
        )


@family.rule(
    "CMB06",
    "copd_infection",
    Severity.WARNING,
    authority="Tabular List, J44.0 and its code also note; ICD-10-CM Guidelines, I.A.15 and I.C.10.a",
    section="I.C.10.a",
)
def copd_infection(view: View) -> Iterator[Hit]:
    """COPD stands beside an acute infection of the lower airways, and its code does not say so.

    ## What it flags
    COPD, unspecified or in exacerbation (J44.9, J44.1), beside acute bronchitis, bronchiolitis, pneumonia or an
    unspecified acute lower respiratory infection, on a claim without the code for COPD with such an infection. Not
    beside influenza without pneumonia, COVID-19 without pneumonia, an infection of the upper airways, aspiration
    pneumonitis or ventilator-associated pneumonia, and not for emphysema (J43.-) or bronchiectasis (J47.-) alone.

    ## Why it matters
    *With* in a code's title presumes the link. An infection is not an exacerbation, though it may set one off: they
    have codes of their own, which may stand together. A claim with COPD *unspecified* understates the illness.

    ## Where to look
    The subcategories of J44 and the *code also* note there: the infection keeps its own code, in the order that the
    reason for care asks for. Does the provider also describe a worsening of the COPD itself?

    ## Flagged
    - inpatient M71 2026-01-22: J18.9/Y, J44.9/Y, I10/Y, Z87.891
    - urgent_care F64 2026-02-10: J20.9, J44.9, F17.210

    ## Accepted
    - inpatient M71 2026-01-22: J44.0/Y, J18.9/Y, J44.1/Y, I10/Y
    - inpatient F80 2026-03-13: J69.0/Y, J44.9/Y, R13.10/Y
    """
    lungs = _beginning(view, COPD)
    if not lungs or any(key.startswith(COPD_INFECTED) for key in view.keys):
        return
    infections = _beginning(view, INFECTIONS)
    if not infections:
        return
    if any(entry.key == "J449" for entry in lungs):
        said = (
            f"{_names(lungs)} leaves the COPD unspecified, and the claim has an acute infection of the lower airways "
            f"({_names(infections)})."
        )
    else:
        said = (
            f"{_names(lungs)} tells of an exacerbation, which is not the same as an infection, and the claim has one: "
            f"{_names(infections)}. The two may stand together."
        )
    yield Hit(
        f"{said} The classification has a code for COPD with an acute lower respiratory infection and presumes the "
        "link unless the provider states otherwise; the infection keeps its own code. Read the subcategories of J44.",
        (*lungs, *infections),
    )


SYSTOLIC: Final = ("I502",)
DIASTOLIC: Final = ("I503",)


@family.rule(
    "CMB14",
    "combined_heart_failure",
    Severity.WARNING,
    authority="ICD-10-CM Guidelines, I.B.9; Tabular List, I50.4",
    section="I.B.9",
)
def combined_heart_failure(view: View) -> Iterator[Hit]:
    """Systolic and diastolic heart failure stand as two codes.

    ## What it flags
    A code for systolic heart failure (I50.2-) beside one for diastolic heart failure (I50.3-). Where the code for both
    together is on the claim as well, EXC01 speaks.

    ## Why it matters
    A combination code says both at once, and where one exists, several codes are not used instead (I.B.9).

    ## Where to look
    The subcategories of I50, then the provider's words for this encounter. An older note may name another type than
    today's: the heart's function changes, and only the type that is documented now is coded.

    ## Flagged
    - inpatient M77 2026-06-30: I11.0/Y, I50.22/Y, I50.33/Y, J96.01/Y
    - office F72 2026-04-02: I11.0, I50.22, I50.32, I25.10

    ## Accepted
    - inpatient M77 2026-06-30: I11.0/Y, I50.43/Y, J96.01/Y
    - office F72 2026-04-02: I11.0, I50.22, I50.812, I25.10
    """
    systolic, diastolic = _beginning(view, SYSTOLIC), _beginning(view, DIASTOLIC)
    if systolic and diastolic and not any(key.startswith("I504") for key in view.keys):
        yield Hit(
            f"{_names(systolic)} and {_names(diastolic)} are two types of failure of one heart. The classification has "
            "a subcategory for both together. Does the provider document both types now, or is one of them the type "
            "of an earlier time? Then how acute it is today.",
            (*systolic, *diastolic),
        )
