"""Audit mode: the learner reads a claim that is coded already, marks what is wrong with it, names it and mends it."""

import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from sandbox import audit
from sandbox.audit.judging import UNNAMED
from sandbox.cases.library import CaseFile
from sandbox.cases.schema import Case
from sandbox.codes.model import day
from sandbox.encounter import CM, PCS, Claim, Line, dotted
from sandbox.report import PAIR_ERRORS
from sandbox.store import attempts, audits, helps
from sandbox.store.audits import Audit
from sandbox.web import forms, patients
from sandbox.web.access import may_see
from sandbox.web.house import House, house
from sandbox.web.security import learner, renew, visitor
from sandbox.web.views import is_htmx, open_to

pages = Blueprint("audit", __name__)

BLANKS: Final = 3
"""Rows for what is missing; a claim lacks one line at most."""

_ID: Final = re.compile(r"[0-9]{1,18}")
_POA: Final = ("Y", "N", "U", "W")
_NAMES: Final = frozenset(name for names in audit.NAMES.values() for name in names)
_Form = dict[str, Any]
"""The form: ``verdicts`` (line id → [name, code, poa]), ``added`` ([group, code, poa]), ``first`` (line id)."""


@pages.get("/cases/<case_id>/audit")
def page(case_id: str) -> ResponseReturnValue:
    """The claim to audit, or the page that begins one."""
    here, me = house(), visitor()
    renew()
    current = here.cases.get(case_id)
    running = audits.open_one(here.store, me, case_id)
    file = here.version(case_id, running.case_hash) if running else current
    if file is None or not open_to(file, me):
        abort(404)
    past = [row for row in audits.of_learner(here.store, me) if row["case_id"] == case_id and row["handed_in"]]
    shared = {"file": file, "case": file.case, "past": past, "patient": patients.number(here, case_id)}
    if running is None:
        coded = attempts.latest(here.store, me, case_id) is not None
        return render_template("learn/audit_begin.html", coded=coded, **shared)
    return render_template("learn/audit.html", **_pane(here, file, running), **shared)


def _pane(here: House, file: CaseFile, running: Audit) -> dict[str, Any]:
    codes = here.codes.at(day(file.case.encounter().on))
    claim = _claim(file.case, running)
    given = running.answer.get("verdicts", {})

    def row(line: Line) -> dict[str, Any]:
        name, code, poa = given.get(line.id, ("", "", ""))
        said = {"name": "" if name == UNNAMED else name, "code": code, "new_poa": poa}
        return {"line": line, "title": codes.title(line.key, line.system), **said}

    added: list[list[str]] = running.answer.get("added", [])
    return {
        "running": running,
        "diagnoses": list(map(row, claim.diagnoses)),
        "procedures": list(map(row, claim.procedures)),
        "added": {group: [a[1:] for a in added if a[0] == group] for group in ("dx", "px")},
        "blanks": BLANKS,
        "first": running.answer.get("first", ""),
        "names": audit.NAMES,
        "labels": PAIR_ERRORS,
        "shape": forms.shape(file.case),
    }


@pages.post("/cases/<case_id>/audit")
def begin(case_id: str) -> ResponseReturnValue:
    """Begin an audit of the case; one that is open goes on."""
    here, me = house(), learner()
    file = here.cases.get(case_id)
    if file is None or not open_to(file, me):
        abort(404)
    here.keep(file)
    seed = secrets.randbelow(2**31)
    claim = audit.planted(file.case, here.codes, seed, audits.wrong_codes(here.store, case_id))
    rows = [_row(line) for line in claim.lines]
    audits.begin(here.store, me, case_id, file.hash, seed, rows)
    return redirect(url_for("audit.page", case_id=case_id), 303)


@pages.post("/cases/<case_id>/audit/save")
def save(case_id: str) -> ResponseReturnValue:
    """Keep what was said so far."""
    here, running, _ = _running(case_id)
    saved = audits.save(here.store, running.id, _read(request.form, running), request.form.get("seen"))
    if not is_htmx():
        return redirect(url_for("audit.page", case_id=case_id), 303)
    return render_template("learn/_audit_saved.html", saved=saved)


@pages.post("/cases/<case_id>/audit/done")
def done(case_id: str) -> ResponseReturnValue:
    """Hand the audit in: from now on everything is explained, and so the key counts as shown."""
    here, running, file = _running(case_id)
    said = _read(request.form, running)
    result = audit.judge(
        file.case, _claim(file.case, running), _answer(said, forms.shape(file.case)["system"]), here.codes
    )
    audits.hand_in(here.store, running.id, said, result.as_json())
    helps.ask_key(here.store, running.learner, case_id)
    return redirect(url_for("audit.result", id=running.id), 303)


def _running(case_id: str) -> tuple[House, Audit, CaseFile]:
    """The learner's open audit of the case; a form that was sent twice is led to what came of it."""
    here, me = house(), learner()
    running = audits.open_one(here.store, me, case_id)
    if running is None or str(running.id) != request.form.get("audit", ""):
        before = audits.get(here.store, int(n)) if _ID.fullmatch(n := request.form.get("audit", "")) else None
        if before and before.learner == me and before.handed_in:
            abort(redirect(url_for("audit.result", id=before.id), 303))
        abort(404)
    file = here.version(case_id, running.case_hash)
    if file is None:
        abort(404)
    return here, running, file


@pages.get("/audits/<int(max=9223372036854775807):id>")
def result(id: int) -> ResponseReturnValue:
    """What came of an audit, as it was told then."""
    here = house()
    found = audits.get(here.store, id)
    if found is None or found.result is None or not may_see(found.learner):
        abort(404)
    file = here.version(found.case_id, found.case_hash)
    return render_template(
        "learn/audit_result.html",
        audit=found,
        result=audit.Result.from_json(found.result),
        labels={**PAIR_ERRORS, UNNAMED: "Changed, and not named"},
        file=file,
        case=file.case if file else None,
        titles={document.id: document.title for document in file.case.documents} if file else {},
        patient=patients.number(here, found.case_id),
    )


def _claim(case: Case, running: Audit) -> Claim:
    lines = [_line(*row) for row in running.claim]
    return Claim(
        case.encounter(),
        tuple(line for line in lines if line.id.startswith("dx")),
        tuple(line for line in lines if line.id.startswith("px")),
    )


def _row(line: Line) -> list[Any]:
    """A line as it is kept; what hardly any has comes last, where it is there."""
    row: list[Any] = [line.id, line.code, line.system, line.poa or ""]
    return [*row, line.modifiers, line.units] if line.modifiers or line.units != 1 else row


def _line(id: str, code: str, system: str, poa: str, modifiers: Sequence[str] = (), units: int = 1) -> Line:
    return Line(id, code, system, poa or None, tuple(modifiers), units)


def _read(form: Mapping[str, str], running: Audit) -> _Form:
    """What the form says, with no name, line or indicator that the page does not offer."""
    verdicts = {}
    for id, was, system, had, *_ in running.claim:
        name = form.get(f"name-{id}", "")
        code = dotted(form.get(f"code-{id}", "")[: forms.LONGEST_CODE], system)
        poa = form.get(f"poa-{id}", "")
        changed = (code and code != dotted(was, system)) or (poa in _POA and poa != had)
        name = name if name in _NAMES else UNNAMED if changed else ""
        if name:
            verdicts[id] = [name, code, poa if poa in _POA else ""]
    return {"verdicts": verdicts, "added": list(_added(form)), "first": form.get("first", "")[:8]}


def _added(form: Any) -> Iterator[list[str]]:
    for group, system in (("dx", CM), ("px", PCS)):
        poas = [*form.getlist("add_poa"), *[""] * BLANKS] if group == "dx" else [""] * BLANKS
        for code, poa in zip(form.getlist(f"add_{group}")[:BLANKS], poas, strict=False):
            if code.strip():
                yield [group, dotted(code[: forms.LONGEST_CODE], system), poa if poa in _POA else ""]


def _answer(said: _Form, procedures: str) -> audit.Answer:
    return audit.Answer(
        {id: audit.Verdict(*verdict) for id, verdict in said["verdicts"].items()},
        tuple(
            Line(f"{group}n{n}", code, CM if group == "dx" else procedures, poa or None)
            for n, (group, code, poa) in enumerate(said["added"], 1)
        ),
        said["first"],
    )
