"""The editor of a case: its file as a text, what the linter says of it, and saving without losing anybody's work."""

from typing import Any, Final

from flask import Blueprint, abort, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sandbox.cases.files import Refused, Saved
from sandbox.cases.merging import plain
from sandbox.cases.schema_export import json_schema
from sandbox.rules import RULES
from sandbox.web import editor_preview as preview
from sandbox.web import editor_saving as saving
from sandbox.web.editor_reading import check, reading
from sandbox.web.editor_saving import Outcome
from sandbox.web.house import house
from sandbox.web.keeping import look
from sandbox.web.security import instructor_only
from sandbox.web.views import is_htmx

pages = Blueprint("editor", __name__)
instructor_only(pages)

STATUS: Final = {"ask": 422, "refused": 422, "conflict": 409, "gone": 409}


@pages.get("/teach/cases/<case_id>/edit")
def page(case_id: str) -> ResponseReturnValue:
    """The editor with the file as it is, good or broken."""
    saved = _file(case_id)
    just = request.args.get("saved", "")
    outcome = saving.just_saved(case_id, saved) if just and saved.etag.startswith(just) else None
    return _page(saved.id, saved.path, plain(saved.text), saved.etag, outcome)


@pages.post("/teach/cases/<case_id>/edit")
def save(case_id: str) -> ResponseReturnValue:
    """Save the text, merge it with what was saved meanwhile, or say what keeps it from being saved."""
    current = _file(case_id, gone=True)
    text, base = _text(), request.form.get("base", "")
    do = {"merge": saving.merged, "over": saving.over, "again": saving.again}.get(request.form.get("action", ""))
    outcome = (do or saving.save)(case_id, text, base, request.form)
    status = STATUS.get(outcome.kind, 200)
    if is_htmx():
        return render_template("teach/_edit_said.html", case_id=case_id, said=outcome, swapped=True), status
    if outcome.kind == "saved":
        return redirect(url_for("editor.page", case_id=case_id, saved=outcome.etag[:12]), 303)
    text = outcome.text or text
    path = current.path if current else f"{case_id}.yaml"
    return _page(case_id, path, text, outcome.etag or base, outcome), status


@pages.post("/teach/cases/<case_id>/lint")
def lint(case_id: str) -> ResponseReturnValue:
    """The problems of a text that is not saved. Without htmx, the page with that text: no address could hold it."""
    text = _text()
    if not is_htmx():
        current = _file(case_id, gone=True)
        path = current.path if current else f"{case_id}.yaml"
        return _page(case_id, path, text, request.form.get("base", ""), None)
    found = check(house(), reading(case_id, text), all=request.form.get("part") == "all")
    return render_template("teach/_edit_problems.html", checked=found)


@pages.post("/teach/cases/<case_id>/preview")
def show(case_id: str) -> ResponseReturnValue:
    """Chart, key and report of a text that is not saved; nothing of it is stored."""
    if not is_htmx():
        return lint(case_id)
    file = reading(case_id, _text()).file
    return render_template("teach/_edit_preview.html", case_id=case_id, **preview.context(house(), file, request.form))


@pages.get("/teach/case-form")
def form() -> ResponseReturnValue:
    """The form of a case file as a JSON schema, and the rules by id, for completion in the editor."""
    rules = {rule.id: rule.summary for rule in RULES.values() if not rule.off}
    answer = jsonify(schema=json_schema(), rules=rules)
    answer.headers["Cache-Control"] = "private, max-age=300"
    return answer


def _file(case_id: str, *, gone: bool = False) -> Saved:
    """The file of a case; 404 where there is none, unless it may be ``gone`` since the page was opened."""
    try:
        found = look(case_id)
    except Refused:
        abort(404)
    if found is None and not gone:
        abort(404)
    return found  # type: ignore[return-value]


def _text() -> str:
    return plain(request.form.get("text", ""))


def _page(case_id: str, path: str, text: str, base: str, outcome: Outcome | None) -> str:
    here, one = house(), reading(case_id, text)
    context: dict[str, Any] = preview.context(here, one.file, request.form)
    return render_template(
        "teach/edit.html",
        case_id=case_id, path=path, text=text, base=base, said=outcome, file=one.file,
        checked=check(here, one), served=here.cases.cases().get(case_id), **context,
    )  # fmt: skip
