"""CMB07: use, abuse and dependence of one substance."""

from collections.abc import Iterator
from typing import Final

from sandbox.checker import Entry, Family, Hit, View
from sandbox.findings import Severity

family = Family("CMB", "Combinations")

SUBSTANCES: Final = {
    "F10": "alcohol",
    "F11": "opioids",
    "F12": "cannabis",
    "F13": "sedatives, hypnotics or anxiolytics",
    "F14": "cocaine",
    "F15": "other stimulants",
    "F16": "hallucinogens",
    "F18": "inhalants",
    "F19": "other psychoactive substances",
}
"""The categories of F10-F19 that have codes for use, abuse and dependence (Tabular). Not F17: its use is Z72.0."""

GROUPS: Final = ("F15", "F19")
"""Categories for whatever has none of its own: two codes may tell of two substances."""

LEVELS: Final = {"2": "dependence", "1": "abuse", "9": "use"}
"""The fourth character, the highest level of I.C.5.b.2 first."""


@family.rule(
    "CMB07",
    "substance_hierarchy",
    Severity.ERROR,
    Severity.WARNING,
    authority="ICD-10-CM Guidelines, I.C.5.b.2",
    section="I.C.5.b.2",
)
def substance_hierarchy(view: View) -> Iterator[Hit]:
    """Use, abuse and dependence of one substance stand side by side.

    ## What it flags
    Codes of two or three levels (use, abuse, dependence) from one category of F10-F16, F18 or F19, whatever else they
    say: intoxication, withdrawal and remission do not change the level. On one level, the *uncomplicated* code beside
    one that names a complication, and *in remission* beside present use (in F17 too, by product). A warning at F15 and
    F19, which hold several substances each, so that two codes may tell of two of them. Other codes of one level are
    left alone here, and so are levels of two substances, poisoning (T36-T65), and the codes of chapter 15 that go with
    substance use.

    ## Why it matters
    Notes of one stay often use the words side by side: *drinks daily*, *alcohol abuse*, *dependence*. They tell of one
    pattern of use. Two codes make two disorders of it, and the lower one contradicts the higher one.

    ## Where to look
    I.C.5.b.2 ranks the three words. In the chart, find what the provider (not the nurse's or the social worker's note)
    documents for this substance. What goes with it, such as intoxication or withdrawal, has a code at each level.

    ## Flagged
    - inpatient M47 2026-02-17: K85.20/Y, F10.20/Y, F10.129/Y, E87.6/Y
    - emergency F29 2026-07-04: F11.93, F11.10, R11.2

    ## Accepted
    - inpatient M47 2026-02-17: K85.20/Y, F10.229/Y, E87.6/Y
    - emergency F29 2026-07-04: F11.13, F12.90, F17.210
    """
    found = [entry for entry in view.diagnoses if entry.key.startswith("F1")]
    if len(found) < 2:
        return
    for category, name in SUBSTANCES.items():
        same = [entry for entry in found if entry.key[:3] == category]
        levels = [level for level in LEVELS if any(entry.key[3] == level for entry in same)]
        if len(levels) > 1:
            # The lower a code ranks, the surer it is the one too many.
            same.sort(key=lambda entry: -levels.index(entry.key[3]))
            yield _hit(category, name, levels, same)
        else:
            yield from _contradiction(category, name, same)
    for product in {entry.key[:5] for entry in found if entry.key.startswith("F17")}:
        yield from _contradiction("F17", "nicotine", [entry for entry in found if entry.key.startswith(product)])


PLAIN: Final = "uncomplicated"
REMISSION: Final = "in remission"
PRESENT: Final = (PLAIN, "with intoxication", "with withdrawal")
"""Words of the titles of F10-F19."""


def _plain(title: str) -> bool:
    """Whether a title says that nothing complicates the use (and not: an uncomplicated withdrawal)."""
    return title.endswith(PLAIN) and " with " not in title


def _contradiction(category: str, name: str, same: list[Entry]) -> Iterator[Hit]:
    """Codes of one level of which one denies what the other says."""
    plain = [entry for entry in same if _plain(entry.code.title)]
    past = [entry for entry in same if entry.code.title.endswith(REMISSION)]
    present = [entry for entry in same if entry not in past and any(word in entry.code.title for word in PRESENT)]
    rest = [entry for entry in same if entry not in plain and entry not in past]
    if past and present:
        guilty, others, said = past, present, "in remission, and as present"
    elif plain and rest:
        guilty, others, said = plain, rest, "uncomplicated, and with something that complicates it"
    else:
        return
    message = (
        f"{', '.join(entry.shown for entry in (*guilty, *others))}: the same use of {name} stands on the claim as "
        f"{said}. One code denies what the other says. What does the provider document for this encounter?"
    )
    if category in GROUPS:
        message += f" {category} holds several substances: if two are documented, both codes may be right."
    yield Hit(message, (*guilty, *others), Severity.WARNING if category in GROUPS else None)


def _hit(category: str, name: str, levels: list[str], same: list[Entry]) -> Hit:
    words = [LEVELS[level] for level in reversed(levels)]
    several = category in GROUPS
    message = (
        f"{', '.join(entry.shown for entry in same)}: {', '.join(words[:-1])} and {words[-1]} of {name} stand side by "
        "side. For one substance a single code states the pattern of use; where the chart has more than one of these "
        "words, the guidelines say which of them counts (I.C.5.b.2). Intoxication, withdrawal or remission, if "
        "documented, belong in that one pattern."
    )
    if several:
        message += (
            f" {category} holds several substances: if the provider documents two of them, each has its own pattern, "
            "and both codes may be right."
        )
    return Hit(message, tuple(same), Severity.WARNING if several else None)
