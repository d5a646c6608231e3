"""After the lab, for the staff of a class: item analysis, gradebook, downloads, a report on each learner."""

from collections.abc import Callable
from typing import Final

from flask import Blueprint, Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sandbox.cases.sections import sections
from sandbox.classroom import benchmark, items
from sandbox.classroom.cells import as_csv, as_xlsx
from sandbox.classroom.gradebook import POINTS, Book
from sandbox.classroom.statements import Lab as Place
from sandbox.classroom.statements import as_ndjson, statements
from sandbox.report import PAIR_ERRORS
from sandbox.store import labs, results
from sandbox.web.access import ID, class_staff_only, the_class, the_lab, the_member
from sandbox.web.house import house
from sandbox.web.labreport import told
from sandbox.web.resultsheet import answered, benchmarks, class_book, lab_book, submissions, title

pages = Blueprint("results", __name__)
class_staff_only(pages)

_CLASS: Final = f"/classes/<{ID}:class_id>"
_LAB: Final = f"{_CLASS}/labs/<{ID}:lab_id>/results"

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TABLES: Final[dict[str, tuple[str, str, Callable[[Book], bytes]]]] = {
    "gradebook.csv": ("CSV", "text/csv", lambda book: as_csv(book.table())),
    "gradebook.xlsx": ("XLSX", XLSX, lambda book: as_xlsx(book.table(), book.section)),
    "canvas.csv": ("for Canvas", "text/csv", lambda book: as_csv(book.canvas())),
    "moodle-id.csv": ("for Moodle by ID number", "text/csv", lambda book: as_csv(book.moodle("number"))),
    "moodle-email.csv": ("for Moodle by e-mail", "text/csv", lambda book: as_csv(book.moodle("email"))),
}
"""Name of the file → what the link says, its type, and how a gradebook becomes it."""


@pages.get(_LAB)
def lab(class_id: int, lab_id: int) -> ResponseReturnValue:
    """Item analysis of a lab and its gradebook."""
    here, found, there = house(), the_class(class_id), the_lab(class_id, lab_id)
    handed = results.handed_in(here.store, class_id, lab_id, pairs=True)
    first = submissions(here, there, handed)
    return render_template(
        "results/lab.html",
        found=found,
        lab=there,
        cases=items.by_case(first, there.cases),
        skills=items.by_skill(first),
        book=lab_book(here, found, there, handed),
        beside=benchmarks(here, class_id, there.cases),
        titles={case: title(here, case) for case in {*there.cases, *(one.family for one in handed)}},
        sections=sections(),
        errors=PAIR_ERRORS,
        tables=TABLES,
        formulas=items.FORMULAS,
        source=items.WARNING_SOURCE,
        behind=benchmark.FEWEST_BEHIND,
        benchmark_formula=benchmark.FORMULA,
        points=POINTS,
    )


@pages.get(f"{_LAB}/<{ID}:member_id>")
def learner(class_id: int, lab_id: int, member_id: int) -> ResponseReturnValue:
    """The report on one learner, to be printed."""
    here, there, member = house(), the_lab(class_id, lab_id), the_member(class_id, member_id)
    if not member.learner or labs.seat(here.store, lab_id, member.learner) is None:
        abort(404)
    back = url_for("results.lab", class_id=class_id, lab_id=lab_id)
    return render_template(
        "results/learner.html",
        lab=there,
        name=member.name,
        number=member.number,
        found=the_class(class_id),
        rows=told(here, there, member.learner),
        back=back,
        errors=PAIR_ERRORS,
    )


@pages.get(f"{_LAB}/<name>")
def download(class_id: int, lab_id: int, name: str) -> ResponseReturnValue:
    """The gradebook of a lab as a file, or its statements."""
    here, found, there = house(), the_class(class_id), the_lab(class_id, lab_id)
    handed = results.handed_in(here.store, class_id, lab_id)
    if name == "xapi.ndjson":
        place = Place(request.url_root.rstrip("/"), f"/labs/{lab_id}", there.name)
        made = as_ndjson(statements(place, answered(here, handed), len(there.cases)))
        return _file(made, "application/x-ndjson", f"lab-{lab_id}-{name}")
    return _table(name, lab_book(here, found, there, handed), f"lab-{lab_id}")


@pages.get(f"{_CLASS}/gradebook")
def gradebook(class_id: int) -> ResponseReturnValue:
    """The gradebook of a class over all of its labs."""
    there = labs.of_class(house().store, class_id)[::-1]
    return render_template(
        "results/class.html", found=the_class(class_id), labs=there, book=_of_class(class_id), tables=TABLES
    )


@pages.get(f"{_CLASS}/gradebook/<name>")
def class_download(class_id: int, name: str) -> ResponseReturnValue:
    """The gradebook of a class as a file."""
    return _table(name, _of_class(class_id), f"class-{class_id}")


def _of_class(class_id: int) -> Book:
    here = house()
    there = labs.of_class(here.store, class_id)[::-1]
    return class_book(here, the_class(class_id), there, results.handed_in(here.store, class_id))


def _table(name: str, book: Book, whose: str) -> Response:
    if name not in TABLES:
        abort(404)
    _, kind, make = TABLES[name]
    return _file(make(book), kind, f"{whose}-{name}")


def _file(data: bytes, kind: str, name: str) -> Response:
    return Response(data, mimetype=kind, headers={"Content-Disposition": f"attachment; filename={name}"})
