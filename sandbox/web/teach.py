"""The instructor's desk: what needs attention, the library, and its files to take away."""

import datetime as dt
import io
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sandbox.cases import files
from sandbox.store import inbox, versions
from sandbox.web import journal, looks, shelf
from sandbox.web.house import House, house
from sandbox.web.security import instructor_only
from sandbox.web.shelf import Asked, Row
from sandbox.web.views import is_htmx

pages = Blueprint("teach", __name__)
instructor_only(pages)

_PATIENCE: Final = 0.3
"""Seconds of looking at files for one request: a page that waits longer is slow."""


@pages.get("/teach")
def desk() -> ResponseReturnValue:
    """What an instructor should know, and the library."""
    here, asked = house(), Asked.of(request.args)
    if asked.problems:
        looks.look(here, here.cases.cases().values(), _PATIENCE)
    rows = shelf.all_rows(here)
    there = {row.id for row in rows}
    return render_template(
        "teach/desk.html",
        broken=[row for row in rows if row.broken],
        missing=here.cases.shelf().gone,
        inbox=inbox.waiting(here.store),
        gone=[id for id in versions.ids(here.store) if id not in there],
        **shelf.choices(rows),
        **_found(rows, asked),
    )


@pages.post("/teach/inbox/<int(max=9223372036854775807):id>/done")
def dealt_with(id: int) -> ResponseReturnValue:
    """A report of the inbox is dealt with."""
    if found := inbox.finish(house().store, id):
        # A subject begins with the case; what comes then are the learner's own words.
        case = found["subject"].partition(":")[0]
        journal.mention(
            f"report {id}", kind=found["kind"], case=case, whom=[found["learner"]] if found["learner"] else []
        )
    return redirect(url_for("teach.desk"), 303)


@pages.post("/teach/search")
def search() -> ResponseReturnValue:
    """The same list while somebody chooses; without htmx, the page."""
    here, asked = house(), Asked.of(request.form)
    address = url_for("teach.desk", **asked.address())
    if not is_htmx():
        return redirect(address, 303)
    response = make_response(render_template("teach/_library.html", **_found(shelf.all_rows(here), asked)))
    response.headers["HX-Replace-Url"] = address
    return response


@pages.post("/teach/look")
def look() -> ResponseReturnValue:
    """Have the linter look at some files more, and tell what is known by now of those that the page lacks (``open``);
    without htmx, the page with that in it."""
    here, asked = house(), Asked.of(request.form)
    looks.look(here, here.cases.cases().values(), _PATIENCE)
    if not is_htmx():
        return redirect(url_for("teach.desk", **asked.address()), 303)
    rows = shelf.all_rows(here)
    # Another page may have had them looked at meanwhile: it is not enough to tell what was found just now.
    lacks = set(request.form.getlist("open"))
    fresh = [row for row in rows if row.entry.path in lacks and row.look is not None]
    return render_template("teach/_looked.html", fresh=fresh, **_found(rows, asked))


def _found(rows: list[Row], asked: Asked) -> dict[str, Any]:
    found = shelf.listed(rows, asked)
    unseen = [row.entry.path for row in rows if row.look is None]
    return {"asked": asked, "address": asked.address(), "rows": found, "unseen": unseen, "total": len(rows)}


@pages.get("/teach/cases/<case_id>/file")
def file(case_id: str) -> ResponseReturnValue:
    """The file of a case, byte for byte."""
    try:
        found = files.raw(house().cases.root, case_id) or abort(404)
    except files.Refused:
        abort(404)
    path, content = found
    return _attached(content, path.rpartition("/")[2], "application/yaml")


@pages.get("/teach/download")
def download() -> ResponseReturnValue:
    """A zip of the cases that are ticked (``id``); where none is, of all that the filters list."""
    here = house()
    ids = request.args.getlist("id") or [row.id for row in _asked_rows(here, request.args) if row.named]
    name = f"cases-{dt.datetime.now(dt.UTC):%Y-%m-%d}.zip"
    return _attached(_zipped(here, dict.fromkeys(ids)), name, "application/zip")


def _asked_rows(here: House, given: Mapping[str, str]) -> list[Row]:
    return shelf.listed(shelf.all_rows(here), Asked.of(given))


def _zipped(here: House, ids: Mapping[str, None]) -> bytes:
    """The files of these ids in their folders; what is not there, or no longer, is left out. 404 where nothing is."""
    out, count = io.BytesIO(), 0
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for id in ids:
            with suppress(files.Refused):
                if found := files.raw(here.cases.root, id):
                    archive.writestr(f"cases/{found[0]}", found[1])
                    count += 1
    return out.getvalue() if count else abort(404)


def _attached(content: bytes, name: str, kind: str) -> Response:
    response = make_response(content)
    response.headers["Content-Type"] = kind
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
