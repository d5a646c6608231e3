"""SPC04: a code that leaves open what another code on the same claim tells."""

from collections.abc import Iterator
from typing import Final

from sandbox.checker import Family, Hit, View
from sandbox.findings import Severity

family = Family("SPC", "Specificity")


def _table(text: str) -> dict[str, tuple[str, ...]]:
    rows = (line.replace(".", "").split() for line in text.strip().splitlines())
    return {vague: tuple(told) for vague, *told in rows}


TOLD: Final = _table("""
A41.9 A41.0 A41.1 A41.2 A41.3 A41.4 A41.5 A41.8
B19.10 B16 B18.0 B18.1
B19.20 B17.1 B18.2
D50.9 D50.0 D50.1 D50.8
D64.9 D50 D51 D52 D53.0 D53.1 D53.2 D53.8
E03.9 E03.0 E03.1 E03.2 E03.3 E03.4 E03.5 E03.8
E08.8 E08.0 E08.1 E08.2 E08.3 E08.4 E08.5 E08.6
E09.8 E09.0 E09.1 E09.2 E09.3 E09.4 E09.5 E09.6
E10.8 E10.1 E10.2 E10.3 E10.4 E10.5 E10.6
E11.8 E11.0 E11.1 E11.2 E11.3 E11.4 E11.5 E11.6
E13.8 E13.0 E13.1 E13.2 E13.3 E13.4 E13.5 E13.6
E46 E40 E41 E42 E43 E44
E66.9 E66.0 E66.1 E66.2 E66.8
E78.5 E78.0 E78.1 E78.2 E78.3 E78.4
F32.9 F32.0 F32.1 F32.2 F32.3 F32.4 F32.5
F33.9 F33.0 F33.1 F33.2 F33.3 F33.4
F41.9 F41.0 F41.1 F41.3
G35.D G35.A G35.B G35.C
I21.9 I21.0 I21.1 I21.2 I21.3 I21.4
I48.91 I48.0 I48.1 I48.2
I50.9 I50.1 I50.2 I50.3 I50.4 I50.8
I63.9 I63.0 I63.1 I63.2 I63.3 I63.4 I63.5 I63.6 I63.8
J02.9 J02.0 J02.8
J03.90 J03.0 J03.8
J15.9 J15.0 J15.1 J15.2 J15.3 J15.4 J15.5 J15.6 J15.7 J15.8
J18.9 J12 J13 J14 J15 J18.0 J18.1
J20.9 J20.0 J20.1 J20.2 J20.3 J20.4 J20.5 J20.6 J20.7 J20.8
J44.9 J44.0 J44.1 J44.8
J45.901 J45.2 J45.3 J45.4 J45.5
J45.902 J45.2 J45.3 J45.4 J45.5
J45.909 J45.2 J45.3 J45.4 J45.5
J96.00 J96.01 J96.02
J96.10 J96.11 J96.12
J96.20 J96.21 J96.22
J96.90 J96.0 J96.1 J96.2
K50.90 K50.0 K50.1 K50.8
K51.90 K51.0 K51.2 K51.3 K51.4 K51.5 K51.8
K85.90 K85.0 K85.1 K85.2 K85.3 K85.8
L40.9 L40.0 L40.1 L40.2 L40.3 L40.4
M16.9 M16.0 M16.1 M16.2 M16.3 M16.4 M16.5 M16.6 M16.7
M17.9 M17.0 M17.1 M17.2 M17.3 M17.4 M17.5
N12 N10 N11
N17.9 N17.0 N17.1 N17.2 N17.8
N18.9 N18.1 N18.2 N18.3 N18.4 N18.5 N18.6
N39.0 N10 N12 N15.1
""")
"""A code that by its title leaves kind, stage, germ or site open → beginnings of the codes that tell it, for conditions
that a patient has once at a time. Read off the titles of the Tabular; no pair that an Excludes1 note keeps apart."""


@family.rule(
    "SPC04",
    "unspecified_beside_specific",
    Severity.WARNING,
    authority="ICD-10-CM Guidelines, I.A.9.b and I.B.18",
    section="I.B.18",
)
def unspecified_beside_specific(view: View) -> Iterator[Hit]:
    """An unspecified code stands beside a code that tells what it leaves open.

    ## What it flags
    A code that leaves open the kind, the stage, the germ or the site of a condition, on a claim that also has a code
    which tells it: an unspecified stage of chronic kidney disease beside a stage, an unspecified heart failure beside a
    kind of it. Only for conditions that a patient has once at a time (a table of some fifty codes). Pairs that an
    Excludes1 note keeps apart are the affair of EXC01.

    ## Why it matters
    The unspecified code says that nothing more is known, and the claim shows that it is. It counts one condition
    twice, and a reviewer cannot tell which of the two the record supports.

    ## Where to look
    In the chart: is it one condition, told exactly in one place and loosely in another, such as a problem list? Then
    one code describes it. Only where the provider documents two conditions, such as two pneumonias of which one has a
    known germ, do both stand.

    ## Flagged
    - office F69 2026-02-02: I12.9, N18.9, N18.32, E78.2
    - inpatient M77 2026-06-30: I11.0/Y, I50.9/Y, I50.23/Y, J96.01/Y

    ## Accepted
    - office F69 2026-02-02: I12.9, N18.32, E78.2
    - inpatient M77 2026-06-30: I11.0/Y, I50.9/Y, J44.9/Y, J96.01/Y
    """
    for entry in view.diagnoses:
        told = TOLD.get(entry.key)
        if told and (others := [other for other in view.diagnoses if other.key.startswith(told)]):
            names = ", ".join(other.shown for other in others)
            yield Hit(
                f"{entry.shown} ({entry.code.title}) leaves open what {names} on the same claim tells. For one "
                "condition one code is enough, the most specific one that the record supports (guidelines, I.B.18). "
                "Both stay only where the provider documents two conditions.",
                (entry, *others),
            )
