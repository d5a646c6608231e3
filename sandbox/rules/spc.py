"""SPC: whether a code is as specific as the classification allows, and whether its parts agree."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Final

from sandbox.checker import Entry, Family, Hit, View
from sandbox.codes.codeset import CodeSet
from sandbox.codes.model import Code
from sandbox.findings import Severity
from sandbox.rules import spc_beside, spc_unspecified
from sandbox.rules.sites import before_side, side, stem

family = Family("SPC", "Specificity", [*spc_beside.family.rules, *spc_unspecified.family.rules])


@family.rule(
    "SPC03",
    "side_conflict",
    Severity.ERROR,
    authority="ICD-10-CM Guidelines, I.B.13",
    section="I.B.13",
)
def side_conflict(view: View) -> Iterator[Hit]:
    """Codes for single sides stand where one code for both sides exists, or beside it.

    ## What it flags
    The same condition at the same site coded for the right and for the left, although the classification has a code
    for both; or the code for both sides together with a code for one. Only codes whose titles agree in everything but
    the side are compared: another stage, another eyelid, another kind of the disease is another condition. The code
    for both eyes, though, says that both have the same stage: no code for one eye stands beside it, nor one for both
    with another stage. Where no code for both sides exists (most injuries), right and left are rightly two codes.

    ## Why it matters
    One condition is then counted twice, and the claim contradicts itself about which sides are affected. Payers
    return or bundle such lines.

    ## Where to look
    Find the last character that states the side in the Tabular and read all its values. Glaucoma is coded eye by eye
    only where its type or stage differs between the eyes (I.C.7.a). If one side was treated earlier and has healed,
    only the other side is coded.

    ## Flagged
    - office F66 2026-03-10: M17.11, M17.12, I10
    - ambulatory_surgery M71 2026-05-19: H25.13, H25.11, E11.9

    ## Accepted
    - office F66 2026-03-10: M17.0, I10
    - office M70 2026-05-19: H40.1111, H40.1122
    """
    groups: dict[str, list[Entry]] = defaultdict(list)
    categories = Counter(entry.key[:3] for entry in view.diagnoses)
    for entry in view.diagnoses:
        # Most categories have one code on a claim: their titles need not be read.
        if categories[entry.key[:3]] > 1 and side(entry.code.title):
            groups[entry.key[:3]].append(entry)
    for group in groups.values():
        if len(group) > 1:
            yield from _conflicts(group, view)


def _conflicts(group: Sequence[Entry], view: View) -> Iterator[Hit]:
    """One hit for each condition of a category: the pairs that share a line are reported together."""
    clusters: list[list[Entry]] = []
    for pair in combinations(group, 2):
        if not _clash(*pair, view.codes, view.on):
            continue
        home = next((c for c in clusters if pair[0] in c or pair[1] in c), None)
        if home is None:
            clusters.append(list(pair))
        else:
            home += [entry for entry in pair if entry not in home]
    for cluster in clusters:
        codes = " and ".join(entry.shown for entry in cluster)
        if all(side(entry.code.title) == "bilateral" for entry in cluster):
            said = f"{codes} name one condition of both eyes with two stages. The code for both says that they agree."
        elif any(side(entry.code.title) == "bilateral" for entry in cluster):
            said = f"{codes} name the same condition once for both sides and once for a single side."
        else:
            said = f"{codes} name the same condition for the right and the left side, and one code covers both."
        yield Hit(
            f"{said} One condition at one site takes one code for the sides that are affected now. Check in the chart "
            "which sides those are, and in the Tabular all values of the character that states the side.",
            tuple(cluster),
        )


def _clash(one: Entry, other: Entry, codes: CodeSet, on: int) -> bool:
    sides = {side(one.code.title), side(other.code.title)}
    if sides == {"right", "left"}:
        return stem(one.code.title) == stem(other.code.title) and _bilateral(one.key, other.key, codes, on)
    if "bilateral" not in sides:
        return False
    first, second = (before_side(entry.code.title) if entry.key.startswith(_STAGED) else "" for entry in (one, other))
    same = first != "" and first == second
    return same or (len(sides) == 2 and stem(one.code.title) == stem(other.code.title))


_STAGED: Final = ("H34", "H35", "H40")
"""Eye diseases with a stage behind the side: where the eyes differ in it, each has its code, and none is for both."""


def _bilateral(right: str, left: str, codes: CodeSet, on: int) -> bool:
    """Whether a code for both sides of the condition is valid on the day."""
    words = stem(codes.title(right))
    at = [n for n, (a, b) in enumerate(zip(right, left, strict=False)) if a != b]

    def both(code: Code | None) -> bool:
        return code is not None and side(code.title) == "bilateral" and stem(code.title) == words and code.valid(on)

    if len(right) == len(left) and len(at) == 1:
        before, after = right[: at[0]], right[at[0] + 1 :]
        if any(both(codes.get(before + char + after)) for char in "0123456789ABC"):
            return True
    # Elsewhere the code for both sides has a fourth character of its own (M16.0, M17.0, H90.3); never for injuries.
    return right[0] not in "ST" and any(both(code) for code in codes.below(right[: max(3, at[0] - 1)], on))
