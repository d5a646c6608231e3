"""The instructor's matrix: which settings, chapters and guideline sections the library exercises, and what it lacks."""

from flask import Blueprint, render_template, request

from sandbox.coverage import Row, coverage
from sandbox.web.house import house
from sandbox.web.security import instructor_only

pages = Blueprint("coverage", __name__)
instructor_only(pages)

_PARTS = (
    ("I.A", "Conventions"),
    ("I.B", "General guidelines"),
    ("I.C", "Chapter-specific guidelines"),
    ("II", "Principal diagnosis"),
    ("III", "Additional diagnoses"),
    ("IV", "Outpatient services"),
)


@pages.get("/teach/coverage")
def page() -> str:
    """The matrix of the ready cases; ``drafts=1`` counts drafts too, ``short=1`` shows only what lacks cases."""
    here = house()
    drafts, short = request.args.get("drafts") == "1", request.args.get("short") == "1"
    counted = ("ready", "draft") if drafts else ("ready",)
    files = {id: file for id, file in here.cases.cases().items() if file.case.status in counted}
    matrix = coverage(files.values(), here.codes)
    parts = [
        (title, id, [row for row in matrix.sections if f"{row.name}.".startswith(f"{id}.") and _shown(row, short)])
        for id, title in _PARTS
    ]
    return render_template("teach/coverage.html", matrix=matrix, parts=parts, files=files, drafts=drafts, short=short)


def _shown(row: Row, short: bool) -> bool:
    return row.short if short else bool(row.wanted or row.cases)
