"""Handing a paper in: each answer judged as in practice, and kept where practice keeps it."""

import dataclasses
import logging

from sandbox import checker
from sandbox.cases.blueprint import Blueprint
from sandbox.codes.model import day
from sandbox.drills import Drill, make
from sandbox.exams import mark
from sandbox.judge import NotJudged, judge
from sandbox.report import Report
from sandbox.store import attempts, drilling, papers
from sandbox.store.attempts import NewAttempt
from sandbox.store.papers import GRACE, Item, Paper
from sandbox.web import forms
from sandbox.web.house import REFERENCE_DAY, House

log = logging.getLogger(__name__)

Marked = tuple[int, float | None, int | None]
"""(place, score or None, attempt or None) of a question."""


def settled(here: House, paper: Paper) -> Paper:
    """The paper; handed in as it stands where its time and the grace are over, or where that was interrupted."""
    return hand_in(here, paper) if not paper.handed_in and (paper.closed or paper.left < -GRACE) else paper


def hand_in(here: House, paper: Paper) -> Paper:
    """Close the paper, judge every answer, keep the result, and return the paper with it. Done twice, the first holds.

    An encounter becomes an attempt and a drill an answer, so that progress and practice count them; both are known by
    the paper and the place, and are not made twice where this is interrupted and done again.
    """
    papers.close(here.store, paper.id)
    # What was saved since the caller read the paper is judged as well.
    paper = papers.get(here.store, paper.id) or paper
    if paper.handed_in:
        return paper
    marked = [_judge(here, paper, item) for item in paper.items]
    plan = Blueprint.model_validate(paper.plan)
    asked = [(item.domain, item.answered, score) for item, (_, score, _) in zip(paper.items, marked, strict=True)]
    papers.hand_in(here.store, paper.id, dataclasses.asdict(mark(plan, asked)), marked)
    found = papers.get(here.store, paper.id)
    assert found
    return found


def _judge(here: House, paper: Paper, item: Item) -> Marked:
    if not item.answered:
        return item.place, 0.0, None
    return _drilled(here, paper, item) if item.what == "drill" else _coded(here, paper, item)


def _drilled(here: House, paper: Paper, item: Item) -> Marked:
    asked, chosen = drill(here, item), str(item.answer.get("chosen", ""))
    right = chosen == asked.correct
    drilling.add(here.store, paper.learner, item.ref, item.seed, chosen, right, 0, asked.wording)
    return item.place, float(right), None


def _coded(here: House, paper: Paper, item: Item) -> Marked:
    file = here.version(item.ref, item.case_hash)
    if file is None:
        log.error("paper %s: the case %s is not kept", paper.id, item.ref)
        return item.place, None, None
    report: Report | None = None
    try:
        report = judge(file, forms.claim(file.case, item.answer), here.codes, here.payer)
    except NotJudged:
        log.exception("paper %s: %s not judged", paper.id, item.ref)
    added = attempts.add(
        here.store,
        NewAttempt(
            learner=paper.learner,
            case_id=file.id,
            case_hash=file.hash,
            token=f"exam-{paper.id}-{item.place}",
            lines=item.answer,
            edition=here.codes.at(day(file.case.encounter().on)).edition,
            checker=checker.VERSION,
            score=report.score if report else None,
            report=report.stored() if report else None,
        ),
    )
    return item.place, report.score if report else None, added.id


def drill(here: House, item: Item) -> Drill:
    """The drill that a question asks."""
    return make(item.ref, item.seed, here.codes.at(day(REFERENCE_DAY)), here.payer)
