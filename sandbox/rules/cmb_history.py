"""CMB12: a malignancy that is gone, and the same malignancy there."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from sandbox.checker import Entry, Family, Hit, View
from sandbox.findings import Severity
from sandbox.rules.sites import side

family = Family("CMB", "Combinations")

SITES: Final[dict[str, tuple[str, tuple[str, ...], str]]] = {
    "Z8501": ("the esophagus", ("C15",), ""),
    "Z85020": ("the stomach (carcinoid)", ("C7A092",), ""),
    "Z85028": ("the stomach", ("C16",), ""),
    "Z85030": ("the large intestine (carcinoid)", ("C7A022", "C7A023", "C7A024", "C7A025", "C7A029"), "part"),
    "Z85038": ("the large intestine", ("C18",), "part"),
    "Z85040": ("the rectum (carcinoid)", ("C7A026",), ""),
    "Z85048": ("rectum, rectosigmoid junction or anus", ("C19", "C20", "C21"), "part"),
    "Z8505": ("the liver", ("C22",), ""),
    "Z85060": ("the small intestine (carcinoid)", ("C7A01",), "part"),
    "Z85068": ("the small intestine", ("C17",), "part"),
    "Z8507": ("the pancreas", ("C25",), ""),
    "Z85110": ("the lung (carcinoid)", ("C7A090",), "lobe"),
    "Z85118": ("the lung", ("C34",), "lobe"),
    "Z8512": ("the trachea", ("C33",), ""),
    "Z8521": ("the larynx", ("C32",), ""),
    "Z8522": ("nose, middle ear or sinuses", ("C30", "C31"), "part"),
    "Z85230": ("the thymus (carcinoid)", ("C7A091",), ""),
    "Z85238": ("the thymus", ("C37",), ""),
    "Z853": ("the breast", ("C50",), "side"),
    "Z8541": ("the cervix", ("C53",), ""),
    "Z8542": ("the uterus", ("C54", "C55"), ""),
    "Z8543": ("the ovary", ("C56",), "side"),
    "Z854A": ("the fallopian tube", ("C570",), "side"),
    "Z8546": ("the prostate", ("C61",), ""),
    "Z8547": ("the testis", ("C62",), "side"),
    "Z8548": ("the epididymis", ("C630",), "side"),
    "Z8551": ("the bladder", ("C67",), ""),
    "Z85520": ("the kidney (carcinoid)", ("C7A093",), "side"),
    "Z85528": ("the kidney", ("C64",), "side"),
    "Z8553": ("the renal pelvis", ("C65",), "side"),
    "Z8554": ("the ureter", ("C66",), "side"),
    "Z856": ("the blood (leukemia)", ("C91", "C92", "C93", "C94", "C95"), "kind"),
    "Z8571": ("Hodgkin lymphoma", ("C81",), "kind"),
    "Z8572": ("non-Hodgkin lymphoma", ("C82", "C83", "C84", "C85"), "kind"),
    "Z8579": ("the plasma cells (myeloma)", ("C90",), "kind"),
    "Z85810": ("the tongue", ("C01", "C02"), ""),
    "Z85840": ("the eye", ("C69",), "side"),
    "Z85841": ("the brain", ("C71",), ""),
    "Z85850": ("the thyroid", ("C73",), ""),
}
"""History code → (what it was, codes for the same malignancy while it is there, what may make two of it).

From the titles and the notes *Conditions classifiable to* below Z85 (Tabular); Z85.4- and Z85.5-, whose notes name the
block only, by their titles. Z85.79 only for C90, which its Excludes1 notes name. Left out are histories that name no
one organ: unspecified and other sites, skin, bone, soft tissue, mouth and pharynx, lymph nodes. A second tumor there is
as likely in another place. Secondary malignancies (C77-C79, C7B) are none of a history's own site.
"""

TWO: Final = {
    "": "a new cancer after the first one was cured",
    "side": "a cancer of one side that is cured and a new one on the other",
    "part": "a cancer of one part that is cured and a new one in another part",
    "lobe": "a cancer of one lobe or side that is cured and a new one elsewhere in the lungs",
    "kind": "an earlier disease of another kind that is cured and a new one",
}
"""When both codes are right: said in the message."""

REMOVED: Final[dict[str, dict[str, str]]] = {
    "Z853": {"Z9011": "right", "Z9012": "left"},
    "Z8543": {"Z90721": ""},
    "Z85520": {"Z905": ""},
    "Z85528": {"Z905": ""},
}
"""History code → codes for the absence of one organ of a pair → its side, or empty: one that is not there any more, so
that the present cancer is in the other."""

_REMISSION: Final = ("C90", "C91", "C92", "C93", "C94", "C95")


@family.rule(
    "CMB12",
    "history_and_active",
    Severity.WARNING,
    authority="ICD-10-CM Guidelines, I.C.2.m",
    section="I.C.2.m",
)
def history_and_active(view: View) -> Iterator[Hit]:
    """A malignancy is coded as past history and as present.

    ## What it flags
    A personal history code (Z85.-) beside a code for a primary malignancy of the organ it names, and likewise for
    leukemia, lymphoma and myeloma. It is a warning, for the chart may tell of two cancers: the right breast years ago
    and the left one now. Where the claim says so itself, by the absence of the other breast, kidney or ovary, the rule
    is silent. A secondary malignancy beside the history of its primary is right and left alone; so are
    carcinoma in situ, histories that name no single organ (skin, bone, *other* and *unspecified* sites), and family
    history. Leukemia or myeloma in remission beside its history code is kept apart by an Excludes1 note: EXC01 speaks.

    ## Why it matters
    *History of* says that the cancer was removed or destroyed, that no treatment is directed to it, and that there is
    no sign of it. A code from chapter 2 says that it is there or still under treatment. One cancer cannot be both, and
    its risk score, follow-up and treatment hang on which of the two it is.

    ## Where to look
    The operative and oncology notes: was it excised, is chemotherapy, radiation or hormone treatment still directed
    to it, is there any evidence of it? The words *history of* in a note are no proof that it is over. Then read the
    site: which side, which part, which kind?

    ## Flagged
    - office F63 2026-04-13: C50.911, Z17.0, Z85.3, Z79.811
    - inpatient M71 2026-09-22: C61/Y, C79.51/Y, Z85.46, G89.3/Y

    ## Accepted
    - office F63 2026-04-13: C79.51, Z85.3, G89.3
    - office M71 2026-09-22: Z08, Z85.46, Z90.79
    """
    for entry in view.diagnoses:
        if entry.key.startswith("Z85") and entry.key in SITES:
            what, stems, two = SITES[entry.key]
            active = tuple(other for other in view.diagnoses if other.key.startswith(stems) and not _ended(other.key))
            if active and not _in_the_other(view, entry.key, active):
                yield Hit(_message(entry, active, what, two), (entry, *active))


@lru_cache(maxsize=256)
def _ended(key: str) -> bool:
    """Whether an Excludes1 note at the history code names this one: in remission, by the 5th character."""
    return key[4:] == "1" and key.startswith(_REMISSION)


def _in_the_other(view: View, history: str, active: tuple[Entry, ...]) -> bool:
    """Whether the claim itself says that the first cancer went with the other organ of a pair."""
    gone = [where for key, where in REMOVED.get(history, {}).items() if key in view.keys]
    return any(all(side(other.code.title) in {"right", "left"} - {where} for other in active) for where in gone)


def _message(entry: Entry, active: tuple[Entry, ...], what: str, two: str) -> str:
    kind = what if "lymphoma" in what else f"a malignancy of {what}"
    return (
        f"{entry.shown} says that {kind} is over: removed or destroyed, without treatment or any sign of it. "
        f"{', '.join(other.shown for other in active)} says that it is there or still under treatment. One cancer is "
        f"either past or present (I.C.2.m). Both codes are right only where the provider documents {TWO[two]}."
    )
