"""Three sentences to take along from a case, drawn from the errors that were made in it."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from sandbox.cases.schema import Case
from sandbox.cases.sections import above, named, sections
from sandbox.findings import Severity
from sandbox.report import RIGHT, Pair, Report
from sandbox.rules import RULES

MANY: Final = 3
_SENTENCE: Final = re.compile(r"(?:(?<=[.?!])|(?<=[.?!][*)”])) (?=[A-Z*“(])")
"""Between two sentences."""


_ADVICE: Final[dict[str, str]] = {
    "partial": "{what} took a code that is near and not the one: before you keep a code, read the titles around it.",
    "too_general": "{what} can be told more exactly than you did: ask which detail the neighbouring codes carry, and "
    "whether the chart has it.",
    "too_specific": "For {what} your code said more than the chart: what no provider documents may not be coded.",
    "wrong_side": "With {what} it was the side: settle it by the document that decides it, not by a copied list.",
    "wrong_seventh": "With {what} it was the 7th character: look up what each one means before you choose.",
    "wrong_episode": "With {what} it was the phase of care: is it treated actively, does it heal, or has it left an "
    "effect?",
    "wrong_etiology": "With {what} it was the cause: the classification files this condition by it, so look for the "
    "words that name it.",
    "related": "{what} has near neighbours: follow the Index to the code, then let the Tabular's notes confirm it.",
    "misplaced": "The order was the difficulty: {what} has its place by definition, not by how grave it is.",
    "wrong_poa": "With {what} it was the POA indicator: ask when it began, and who says so.",
    "wrong_modifier": "With {what} it was the modifier: it says what the code alone does not.",
    "wrong_units": "With {what} it was the number of units: read what one unit of the code is.",
    "missing": "{what} was easily overlooked: after the principal line, go through the chart once more for what was "
    "evaluated, treated or watched.",
    "unsupported": "{what} was coded without words of the chart to show: for each line, name the words first.",
    "not_to_be_coded": "{what} stands in the chart and is rightly left out: ask of each mention what it would take to "
    "code it.",
}
"""Kind of error → what happened and what to do next time; ``what`` is the line in question, by its title."""


_ASKED: Final[dict[str, str]] = {
    "leading": "A query of yours led the provider: give the findings of the chart, ask what they mean, and offer no "
    "answer alone.",
    "other_reason": "A query of yours asked the right thing for another reason: first say what is wrong with the "
    "documentation, for that decides how to ask.",
    "not_needed": "A query of yours was answered by the chart: before you ask, read the later notes, where doubts are "
    "settled.",
}
"""What came of a query → what to do next time; the gravest first."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """One sentence to take along. ``section``: a guideline section with its title, or empty; ``rule``: a rule's id.

    ``error``: whether it is about something that went wrong.
    """

    text: str
    section: str = ""
    title: str = ""
    rule: str = ""
    error: bool = False


def lessons(case: Case, reports: Sequence[Report]) -> tuple[Lesson, ...]:
    """Three lessons of a finished case, from the reports on all attempts at it, the oldest first.

    What went wrong most often goes first: kinds of error, then rules that spoke; what is left is about what the case
    exercises, new sections before those that were told already. Fewer than three only where the key has no more lines.
    """
    found = [*_of_errors(reports), *_of_queries(reports), *_of_rules(reports)]
    used = {lesson.section for lesson in found}
    later: list[Lesson] = []
    for lesson in _of_the_case(case):
        (later if lesson.section in used else found).append(lesson)
        used.add(lesson.section)
    return tuple(list({lesson.text: lesson for lesson in [*found, *later]}.values())[:MANY])


def _of_errors(reports: Iterable[Report]) -> list[Lesson]:
    wrong = [pair for report in reports for pair in report.pairs if pair.error not in RIGHT and not pair.optional]
    kinds = Counter(pair.error for pair in _once(wrong))
    out = []
    for kind, _ in kinds.most_common(MANY - 1):
        # The line that was wrong in this way most often speaks for its kind.
        line = Counter(_line(pair) for pair in wrong if pair.error == kind).most_common(1)[0][0]
        pair = next(pair for pair in wrong if pair.error == kind and _line(pair) == line)
        out.append(_of_error(pair))
    return out


def _line(pair: Pair) -> str:
    side = pair.key or pair.entered
    return side.code if side else ""


def _once(pairs: Iterable[Pair]) -> list[Pair]:
    """One pair for each line and kind: whoever checks ten times makes no ten errors of it."""
    return list({(pair.error, _line(pair)): pair for pair in pairs}.values())


def _of_error(pair: Pair) -> Lesson:
    side = pair.key or pair.entered
    what = f"“{side.title or side.code}”" if side else "a line"
    section, title = _section(pair.cites)
    return Lesson(_ADVICE[pair.error].format(what=what), section, title, error=True)


def _section(cites: Iterable[str]) -> tuple[str, str]:
    """The first guideline section that is cited, as finely as the table has it, and its title."""
    for cite in cites:
        for id in named(cite):
            for part in above(id):
                return part, sections()[part].title
    return "", ""


def _of_rules(reports: Iterable[Report]) -> list[Lesson]:
    heard = Counter(
        finding.rule
        for report in reports
        for finding in report.findings
        if finding.severity in (Severity.ERROR, Severity.WARNING)
    )
    common = [rule for rule, _ in heard.most_common(1) if rule in RULES]
    return [
        Lesson(
            f"Before you send a claim, ask whether this rule would speak again: {_lower(RULES[rule].summary)}",
            rule=rule,
            error=True,
        )
        for rule in common
    ]


def _of_queries(reports: Iterable[Report]) -> list[Lesson]:
    """What one of the learner's own queries teaches; of one that was not written nothing is said here."""
    found = [asked for report in reports for asked in report.asked if asked.text]
    kinds = {one.outcome for one in found} | {"leading" for one in found if one.leads}
    return [Lesson(text, error=True) for kind, text in _ASKED.items() if kind in kinds][:1]


def _lower(text: str) -> str:
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def _of_the_case(case: Case) -> list[Lesson]:
    """What the case exercises: the lines of its key, the leading one first, then what is rightly left out."""
    key = case.key
    lines = sorted([*key.diagnoses, *key.procedures], key=lambda line: line.optional)
    kept = [Lesson(f"{line.code}: {_reason(line.why)}", *_section((*line.cites, *case.skills))) for line in lines]
    left = [Lesson(f"{row.code}, rightly left out: {_reason(row.why)}") for row in key.not_coded]
    return kept + left


def _reason(why: str) -> str:
    """The first sentence of the author's reason."""
    text = " ".join(why.split())
    return _SENTENCE.split(text, maxsplit=1)[0]
