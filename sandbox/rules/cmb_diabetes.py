"""CMB: diabetes, whose codes name the complication as well as the type."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import chain
from typing import Final

from sandbox.checker import Entry, Family, Hit, View
from sandbox.findings import Severity
from sandbox.rules.diabetes_links import LINKS, Link

family = Family("CMB", "Combinations")

DIABETES: Final = ("E08", "E09", "E10", "E11", "E13")
"""The categories of diabetes. O24.- stands in front of them and changes nothing (I.C.15.g)."""

_STEMS: Final = tuple(chain.from_iterable(link.stems for link in LINKS))

EARLY: Final = "E10A"
"""Type 1 before its first symptoms. No note keeps it apart from the rest of E10, and a stay may see it turn."""

COMA: Final = (("00", "01"), ("10", "11"), ("649", "641"))
"""What follows the category: the same acute complication without coma and with it."""


def _diabetes(view: View) -> list[Entry]:
    """Established diabetes and its early stages (E10.A-) and remission (E11.A)."""
    return [entry for entry in view.diagnoses if entry.key.startswith(DIABETES)]


def _unstated(entry: Entry) -> bool:
    """Whether the code denies complications: without them, in remission without them, or before any symptom."""
    return entry.key[3:4] in ("9", "A")


def _denial(entry: Entry) -> str:
    """How the code denies complications."""
    if entry.key[3:4] == "9":
        return "has no complications"
    return "is in remission, without complications" if entry.key.startswith("E11") else "is before its first symptoms"


def _names(entries: tuple[Entry, ...] | list[Entry]) -> str:
    return ", ".join(dict.fromkeys(entry.shown for entry in entries))


@family.rule(
    "CMB03",
    "diabetes_with",
    Severity.WARNING,
    authority="ICD-10-CM Guidelines, I.A.15 and I.C.4.a; Alphabetic Index, Diabetes, with",
    section="I.A.15",
)
def diabetes_with(view: View) -> Iterator[Hit]:
    """Diabetes and a condition that it is presumed to have caused are coded as if unrelated.

    ## What it flags
    A diabetes code (E08-E13) beside a condition that the Alphabetic Index lists under *Diabetes, with*, and no diabetes
    code that tells of this condition: chronic kidney disease, retinopathy, cataract, neuropathy, gastroparesis,
    peripheral angiopathy, gangrene, foot ulcer, osteomyelitis, periodontal disease, hypoglycemia and some others. Each
    condition by itself: E11.42 does not answer for a kidney. Also under hypertension, which is presumed to be a second
    cause of the same kidney disease, and also in pregnancy.

    It is silent where the claim itself names another cause (venous ulcer, polycystic kidneys, alcoholic polyneuropathy,
    age-related cataract), for diabetes in remission or before its first symptoms, and for whatever the Index does not
    link: acute kidney injury, coronary disease, hypertension, high lipids, and entries with *NEC*, such as an ulcer of
    the calf. There the provider has to state the link.

    ## Why it matters
    Diabetes codes are combination codes: type, body system, complication. No provider has to write *diabetic* in front
    of the condition. Side by side, the codes state that the patient has no such complication, and both the risk score
    and the registers of diabetic care miss it.

    ## Where to look
    The Alphabetic Index under *Diabetes*, the type, *with*. As many codes of one category may stand on the claim as
    there are complications. Then the chart: does a provider clearly put the condition down to something else?

    ## Flagged
    - office F69 2026-02-02: E11.9, I12.9, N18.32, E78.5
    - inpatient M63 2026-06-11: L03.115/Y, E11.65/Y, L97.512/Y, I10/Y, Z79.4

    ## Accepted
    - office F69 2026-02-02: E11.22, I12.9, N18.32, E78.5
    - inpatient M63 2026-06-11: N17.9/Y, E11.9/Y, I25.10/Y, I10/Y, Z79.4
    - office F74 2026-09-15: E11.9, I87.2, L97.412
    """
    diabetes = [entry for entry in _diabetes(view) if entry.key[3:4] != "A"]
    if not diabetes:
        return
    linked = [entry for entry in view.diagnoses if entry.key.startswith(_STEMS)]
    if not linked or _unread(view):
        return
    groups: dict[Link, list[Entry]] = {}
    for entry in linked:
        groups.setdefault(_link(entry.key), []).append(entry)
    given = tuple(entry.key[3:] for entry in diabetes)
    for link, entries in groups.items():
        stated = any(rest.startswith(link.answers) for rest in given)
        if not stated and not _explained(view, link):
            yield _missing(link, entries, diabetes)


def _explained(view: View, link: Link) -> bool:
    """Whether a code of the claim gives the condition another cause."""
    return any(key.startswith(link.elsewhere) and not key.startswith(link.stems) for key in view.keys)


@lru_cache(maxsize=1024)
def _link(key: str) -> Link:
    return next(link for link in LINKS if key.startswith(link.stems))


def _unread(view: View) -> bool:
    """Whether the gate stopped a diabetes code: it may be the one that is missed."""
    return bool(view.gated) and any(
        line.key.startswith(DIABETES) and line.id in view.gated and line.key not in view.keys
        for line in view.claim.diagnoses
    )


def _missing(link: Link, entries: list[Entry], diabetes: list[Entry]) -> Hit:
    plain = [entry for entry in diabetes if _unstated(entry)]
    told = f"{link.what} ({_names(entries)})"
    if plain:
        said = f"{plain[0].shown} says that the diabetes has no complications, and the claim has {told}."
    else:
        said = f"No diabetes code on the claim ({_names(diabetes)}) tells of {told}."
    message = (
        f"{said} The classification presumes that the diabetes brought it about: look under Diabetes, the type, with, "
        "in the Alphabetic Index. Only where the provider documents another cause, or that the two are unrelated, do "
        "they stay apart."
    )
    # One diabetes code only: what two of them say of each other is for other rules.
    return Hit(message, (plain[0], *entries) if plain else (*entries, diabetes[0]))


@family.rule(
    "CMB05",
    "diabetes_contradiction",
    Severity.ERROR,
    Severity.WARNING,
    authority="ICD-10-CM Guidelines, I.C.4.a; Tabular List, E08-E13",
    section="I.C.4.a",
)
def diabetes_contradiction(view: View) -> Iterator[Hit]:
    """One diabetes is coded as uncomplicated and as complicated.

    ## What it flags
    A code for diabetes without complications (E08.9 … E13.9) or in remission (E11.A) beside a code of the same category
    that names a complication. Hyperglycemia and hypoglycemia are among the complications. As a warning: type 1 before
    its first symptoms (E10.A-) beside a complication of type 1, and one acute complication both without coma and with
    it, for a stay may have seen two episodes. Several complications side by side are right, and two types of diabetes
    are for EXC01.

    ## Why it matters
    The claim says yes and no to the same question. Payers that adjust for risk count one of the two, and an auditor
    asks which.

    ## Where to look
    Which complications does the provider name or the classification presume? Each has its code, as many of the
    category as it takes. What is left to say for the code that denies them?

    ## Flagged
    - office F66 2026-03-19: E11.9, E11.42, I10, Z79.84
    - inpatient M24 2026-11-03: E10.10/Y, E10.9/Y, E86.0/Y

    ## Accepted
    - office F66 2026-03-19: E11.42, E11.65, E11.649, I10, Z79.84
    - inpatient M24 2026-11-03: E10.10/Y, E10.65/Y, E86.0/Y
    """
    diabetes = _diabetes(view)
    if len(diabetes) < 2:
        return
    for category in dict.fromkeys(entry.key[:3] for entry in diabetes):
        same = [entry for entry in diabetes if entry.key.startswith(category)]
        plain = [entry for entry in same if _unstated(entry)]
        complicated = [entry for entry in same if not _unstated(entry)]
        if plain and complicated:
            yield Hit(
                f"{plain[0].shown} says that this diabetes {_denial(plain[0])}; beside it the claim names "
                f"complications of the same category {category} ({_names(complicated)}). Both cannot hold of one "
                "patient at once. Which complications does the chart support, stated or presumed?",
                (*plain, *complicated),
                None if any(entry.key[:4] != EARLY for entry in plain) else Severity.WARNING,
            )
        yield from _coma(view, category, complicated)


def _coma(view: View, category: str, complicated: list[Entry]) -> Iterator[Hit]:
    for without, coma in COMA:
        keys = (category + without, category + coma)
        if view.keys.issuperset(keys):
            pair = [entry for entry in complicated if entry.key in keys]
            yield Hit(
                f"{_names(pair)} name the same acute complication without coma and with it. For one episode, one of "
                "them holds; both are right only where the chart tells of two.",
                tuple(pair),
                Severity.WARNING,
            )
