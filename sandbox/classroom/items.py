"""Item analysis: what the first submissions of a lab say of its cases, or of its skills, as items of a test.

Shares are fractions from 0 to 1. A figure that cannot be computed is None, never 0, and its reason is said.
"""

import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

FORMULAS: Final[Mapping[str, str]] = {
    "facility": "facility = mean score of the item, from 0 (nobody) to 1 (everybody all right)",
    "discrimination": (
        "discrimination = Pearson correlation of a learner's score in the item with the mean of the same learner's"
        " scores in the other items (corrected item-total correlation: the item itself is left out)"
    ),
    "alpha": "Cronbach's alpha = k ÷ (k - 1) × (1 - Σ variance of each item ÷ variance of the totals), k items",
    "kr20": "KR-20 = k ÷ (k - 1) × (1 - Σ p × q ÷ variance of the totals), p = share right, q = 1 - p, k items",
}
"""What the pages show beside the figures, word for word what is computed below."""

FEWEST: Final = 30
"""A figure that rests on fewer learners comes with a warning."""
WARNING_SOURCE: Final = (
    "Bujang, Omar and Baharum (2018), A Review on Sample Size Determination for Cronbach's Alpha Test, Malaysian"
    " Journal of Medical Sciences 25(6): 85-99, https://doi.org/10.21315/mjms2018.25.6.9"
)
_FEW: Final = (
    f"Below {FEWEST} learners, such a figure changes much with every one of them: read it as a hint where to look, not"
    " as a finding."
)
MOST_DISTRACTORS: Final = 8


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a submission. ``code``: as entered, empty where a line is missing. ``error``: a name of
    ``PAIR_ERRORS``. ``counts``: it stands for a required line of the key; such lines make up the skills."""

    code: str
    error: str
    right: bool
    counts: bool
    skills: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Submission:
    """The first judged submission of one learner (``person``: whatever tells people apart) in one item.

    ``score`` from 0 to 1; ``seconds`` from opening to handing in, None where not known.
    """

    person: int
    item: str
    score: float
    seconds: float | None
    hints: int
    lines: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Distractor:
    """A wrong code, the kind of error that it is here, and how many learners entered it."""

    code: str
    error: str
    people: int


@dataclass(frozen=True, slots=True)
class Item:
    """The figures of one item. ``compared``: learners whom the discrimination rests on, who did another item as well;
    ``no_discrimination``: why there is none. ``seconds``: the median. ``left_out``: learners who left out a required
    line."""

    id: str
    people: int
    facility: float
    discrimination: float | None
    compared: int
    no_discrimination: str
    all_right: int
    seconds: float | None
    hints: float
    left_out: int
    distractors: tuple[Distractor, ...]

    @property
    def few(self) -> bool:
        """Whether there is a discrimination, and it rests on few."""
        return self.discrimination is not None and self.compared < FEWEST


@dataclass(frozen=True, slots=True)
class Reliability:
    """Cronbach's alpha, or KR-20 where every score is 0 or 1; over the ``people`` who handed in every item."""

    name: str
    formula: str
    value: float | None
    why_not: str
    people: int
    items: int

    @property
    def few(self) -> bool:
        """Whether there is a figure, and it rests on few."""
        return self.value is not None and self.people < FEWEST


@dataclass(frozen=True, slots=True)
class Analysis:
    """A whole analysis. ``people``: who handed in anything; each figure has a number of its own."""

    items: tuple[Item, ...]
    reliability: Reliability
    people: int

    @property
    def warning(self) -> str:
        """What is to be said of figures that rest on few; empty where none does."""
        few = sum(item.few for item in self.items)
        said = []
        if self.reliability.few:
            said.append(f"Reliability rests on only {self.reliability.people} learners, who did every item.")
        if few:
            them = "1 item" if few == 1 else f"{few} items"
            said.append(f"Discrimination rests on fewer than {FEWEST} learners in {them} of {len(self.items)}.")
        return " ".join((*said, _FEW)) if said else ""


def by_case(submissions: Iterable[Submission], order: Sequence[str] = ()) -> Analysis:
    """The cases as items, in ``order``; those that nobody handed in are left out. One submission a person and item."""
    found: dict[str, dict[int, Submission]] = {}
    for one in submissions:
        found.setdefault(one.item, {}).setdefault(one.person, one)
    ids = [*(id for id in order if id in found), *sorted(found.keys() - set(order))]
    scores = {id: {person: one.score for person, one in found[id].items()} for id in ids}
    return _analysis(scores, lambda id: found[id].values())


def by_skill(submissions: Iterable[Submission]) -> Analysis:
    """The skills as items: a learner's score is the share of right lines among the key's lines that cite the skill.

    A line that cites two skills counts for both. Time and hints belong to whole cases and are not told by skill.
    """
    lines: dict[str, dict[int, list[Entry]]] = {}
    for one in submissions:
        for line in one.lines:
            for skill in line.skills if line.counts else ():
                lines.setdefault(skill, {}).setdefault(one.person, []).append(line)
    scores = {
        skill: {person: sum(line.right for line in some) / len(some) for person, some in lines[skill].items()}
        for skill in sorted(lines)
    }

    def as_submissions(skill: str) -> Iterable[Submission]:
        for person, some in lines[skill].items():
            yield Submission(person, skill, scores[skill][person], None, 0, tuple(some))

    return _analysis(scores, as_submissions)


_Scores = Mapping[str, Mapping[int, float]]
"""Item → person → score."""


def _analysis(scores: _Scores, submissions: Callable[[str], Iterable[Submission]]) -> Analysis:
    sums: dict[int, list[float]] = {}
    for row in scores.values():
        for person, score in row.items():
            sums.setdefault(person, []).append(score)
    totals = {person: (sum(some), len(some)) for person, some in sums.items()}
    items = tuple(_item(id, scores[id], list(submissions(id)), totals) for id in scores)
    return Analysis(items, reliability(scores), len(totals))


def _item(
    id: str, row: Mapping[int, float], submissions: Sequence[Submission], totals: Mapping[int, tuple[float, int]]
) -> Item:
    value, compared, why_not = _discrimination(row, totals)
    times = [one.seconds for one in submissions if one.seconds is not None]
    return Item(
        id=id,
        people=len(row),
        facility=statistics.fmean(row.values()),
        discrimination=value,
        compared=compared,
        no_discrimination=why_not,
        all_right=sum(score >= 1 for score in row.values()),
        seconds=statistics.median(times) if times else None,
        hints=statistics.fmean(one.hints for one in submissions),
        left_out=sum(
            any(line.counts and not line.code and not line.right for line in one.lines) for one in submissions
        ),
        distractors=_distractors(submissions),
    )


def _discrimination(row: Mapping[int, float], totals: Mapping[int, tuple[float, int]]) -> tuple[float | None, int, str]:
    """The figure or None, the learners behind it, and why there is none."""
    both = [
        (score, (totals[person][0] - score) / (totals[person][1] - 1))
        for person, score in row.items()
        if totals[person][1] > 1
    ]
    if not both:
        return None, 0, "there is no other item to set it beside"
    if len(both) < 3:
        return None, len(both), "fewer than three learners have done this and another item"
    mine, others = zip(*both, strict=True)
    # Subtracted sums differ in their last digits where the scores behind them are equal.
    others = tuple(round(one, 9) for one in others)
    if len(set(mine)) == 1:
        return None, len(both), "everybody has the same score in this item"
    if len(set(others)) == 1:
        return None, len(both), "everybody has the same score in the other items"
    return statistics.correlation(mine, others), len(both), ""


def _distractors(submissions: Iterable[Submission]) -> tuple[Distractor, ...]:
    # A code that somebody entered twice is one choice of one learner.
    chosen = Counter(
        pair for one in submissions for pair in {(line.code, line.error) for line in one.lines if _wrong(line)}
    )
    rows = sorted(chosen.items(), key=lambda row: (-row[1], row[0]))
    return tuple(Distractor(code, error, n) for (code, error), n in rows[:MOST_DISTRACTORS])


def _wrong(line: Entry) -> bool:
    return bool(line.code) and not line.right


def reliability(scores: _Scores) -> Reliability:
    """Cronbach's alpha or KR-20 over those who have a score in every item. Variances are those of the group (÷ n)."""
    rows = list(scores.values())
    people = sorted(set(rows[0]).intersection(*rows[1:])) if rows else []
    matrix = [[row[person] for person in people] for row in rows]
    kind = "kr20" if matrix and all(score in (0, 1) for row in matrix for score in row) else "alpha"
    value, why_not = _alpha(matrix, len(people))
    name = {"kr20": "KR-20", "alpha": "Cronbach's alpha"}[kind]
    return Reliability(name, FORMULAS[kind], value, why_not, len(people), len(matrix))


def _alpha(matrix: Sequence[Sequence[float]], people: int) -> tuple[float | None, str]:
    k = len(matrix)
    if k < 2:
        return None, "reliability needs two items or more"
    if people < 2:
        return None, "fewer than two learners have done every item"
    whole = statistics.pvariance([sum(column) for column in zip(*matrix, strict=True)])
    if whole < 1e-12:
        return None, "everybody has the same total"
    # Of right and wrong, the variance of a group is p × q: both formulas are one.
    return k / (k - 1) * (1 - sum(statistics.pvariance(row) for row in matrix) / whole), ""
