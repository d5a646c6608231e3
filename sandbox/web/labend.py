"""What happens when a lab is over: what was typed is handed in as it stands, and reports that waited are opened."""

import json
import logging
import threading

from sandbox import checker
from sandbox.codes.model import day
from sandbox.judge import NotJudged
from sandbox.store import attempts, disputes, labs
from sandbox.store.attempts import NewAttempt
from sandbox.web.house import House
from sandbox.web.labwork import now

log = logging.getLogger(__name__)
_one_at_a_time = threading.Lock()


def settle_due(here: House) -> None:
    """Settle every lab that is over and not settled yet. Interrupted, it is done again, and nothing counts twice.

    In the moments after the end that still count, nothing is handed in for anybody: a learner's own answer may be on
    its way, and it is the one that counts. Reports that waited are opened at once, and again when they are over.
    """
    if not here.labs.due(now()):
        return
    with _one_at_a_time:
        for lab in here.labs.due(now()):
            closed = lab.closed(now())
            if closed:
                for row in labs.drafts_left(here.store, lab.id):
                    _hand_in(here, lab.id, lab.plan.checks, dict(row))
            labs.open_reports(here.store, lab.id, settled=closed)
            here.labs.ended(lab.id)
            here.labs.renew(lab.id)


def _hand_in(here: House, lab_id: int, most: int, row: dict[str, str]) -> None:
    file = here.version(row["case_id"], row["case_hash"])
    lines = json.loads(row["lines"])
    if file is None or not (lines["diagnoses"] or lines["procedures"]):
        return
    score, report = None, None
    try:
        # The thread that brings scores to schools' systems does this as well, and has no request.
        ruled = disputes.ruled(here.store, row["learner"], file.id, lab_id)
        score, report = here.answers.kept(file, lines, ruled)
    except NotJudged:
        log.exception("lab %s: %s not judged", lab_id, file.id)
    new = NewAttempt(
        learner=row["learner"],
        case_id=file.id,
        case_hash=file.hash,
        token=f"{labs.by_itself(lab_id)}{row['place']}",
        lines=lines,
        edition=here.codes.at(day(file.case.encounter().on)).edition,
        checker=checker.VERSION,
        score=score,
        report=report,
        lab=lab_id,
        most=most,
    )
    try:
        attempts.add(here.store, new)
    except attempts.NoMore:
        log.info("lab %s: %s was handed in already", lab_id, file.id)
