"""The yearly upkeep at the instructor's desk: what another day's code sets change in the cases."""

import datetime as dt

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from sandbox.cases.reader import read
from sandbox.upkeep import KINDS, UnknownDay, upkeep
from sandbox.upkeep.diff import diff
from sandbox.web.house import house
from sandbox.web.security import instructor_only

pages = Blueprint("upkeep", __name__)
instructor_only(pages)


@pages.get("/teach/upkeep")
def page() -> ResponseReturnValue:
    """The form and, with ``to=YYYY-MM-DD``, what that day changes; ``form=diff`` gives the proposed edits as a file."""
    here = house()
    asked = request.args.get("to", "").strip()
    if not asked:
        return render_template("teach/upkeep.html", asked=_next_october(dt.date.today()), found=None, kinds=KINDS)
    files = [file for file in here.cases.cases().values() if file.case.status != "retired"]
    try:
        to = dt.date.fromisoformat(asked)
        sources = [(file.id, read(file.text, file.path)) for file in files]
        found = upkeep(sources, here.codes, here.payer, to)
    except UnknownDay as error:
        return _again(asked, f"{error}. Import the edition of that year first: python -m sandbox codes import FILE.")
    except ValueError:
        return _again(asked, f"{asked!r} is no date. Write it as year, month and day: 2026-10-01.")
    if request.args.get("form") == "diff":
        name = f"upkeep-{to}.diff"
        headers = {"Content-Disposition": f"attachment; filename={name}"}
        return Response("".join(diff(case) for case in found), mimetype="text/x-diff", headers=headers)
    edits = sum(bool(change.edit) for case in found for change in case.changes)
    return render_template(
        "teach/upkeep.html",
        asked=to,
        found=found,
        kinds=KINDS,
        looked=len(files),
        edits=edits,
        files=here.cases.cases(),
    )


def _again(asked: str, problem: str) -> ResponseReturnValue:
    return render_template("teach/upkeep.html", asked=asked, found=None, kinds=KINDS, problem=problem), 400


def _next_october(today: dt.date) -> dt.date:
    """The first day of the next fiscal year."""
    return dt.date(today.year + (today.month >= 10), 10, 1)
