"""Queries to the provider in the coding form: fields → queries as they are kept with the lines of a draft.

Each has three fields, ``query_reason``, ``query_document`` and ``query_text``, one after the other as on the page.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from werkzeug.datastructures import MultiDict

from sandbox.cases.schema import Case
from sandbox.queries.reasons import LONGEST, MOST, REASONS, Question

Row = dict[str, str]
"""One query: ``reason``, ``document`` and ``text``, each perhaps empty."""

_ACTION: Final = re.compile(r"(add|remove)-qu(?:-([0-9]{1,2}))?")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_READ: Final = 4 * LONGEST
"""Characters of a question that are kept: whoever wrote too much is told, and loses nothing."""


def read(form: MultiDict[str, str]) -> list[Row]:
    """The queries of the form as they were typed; rows in which nothing was chosen or written are left out."""
    return [row for row in _rows(form) if row["reason"] or row["text"]]


def _rows(form: MultiDict[str, str]) -> list[Row]:
    texts = form.getlist("query_text")[: 2 * MOST]
    reasons, documents = (form.getlist(name) + [""] * len(texts) for name in ("query_reason", "query_document"))
    return [
        {"reason": reason if reason in REASONS else "", "document": document[:60], "text": _tidy(text)}
        for reason, document, text in zip(reasons, documents, texts, strict=False)
    ]


def _tidy(text: str) -> str:
    plain = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return plain.strip()[:_READ]


def act(form: MultiDict[str, str]) -> tuple[list[Row], str] | None:
    """What a button of this section does, ``add-qu`` or ``remove-qu-1``: (the queries, the id of what has the focus
    afterwards); None where another button was pressed."""
    pressed = _ACTION.fullmatch(form.get("action", ""))
    if pressed is None:
        return None
    rows, number = _rows(form), int(pressed[2] or 0)
    if pressed[1] == "remove":
        del rows[number : number + 1]
    kept = [row for row in rows if row["reason"] or row["text"]]
    return kept, f"qu-{min(number, len(kept)) if pressed[1] == 'remove' else len(kept)}-reason"


def questions(case: Case, lines: Mapping[str, Any]) -> tuple[Question, ...]:
    """The queries of a draft as they are judged; a document that the chart has no more counts as none."""
    known = {document.id for document in case.documents}
    return tuple(
        Question(row["reason"], row["document"] if row["document"] in known else "", row["text"])
        for row in lines.get("queries", ())
    )


def missing(lines: Mapping[str, Any]) -> tuple[str, str] | None:
    """(what is wrong, what to do) before queries can be judged; it costs no try."""
    rows: Sequence[Row] = lines.get("queries", ())
    if len(rows) > MOST:
        return f"{len(rows)} queries are more than {MOST}", "Keep those without which the chart cannot be coded."
    for n, row in enumerate(rows, 1):
        if not row["text"]:
            return f"Query {n} has a reason and no question", "Write the question, or remove the query. " + _SAVED
        if not row["reason"]:
            return f"Query {n} has no reason", "Choose why you ask, or remove the query. " + _SAVED
        if len(row["text"]) > LONGEST:
            what = f"Query {n} has {len(row['text'])} characters"
            return what, f"Say it in {LONGEST}: the findings, then the question. " + _SAVED
    return None


_SAVED: Final = "What you wrote is saved, and no try was used up."
