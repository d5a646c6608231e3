"""The code book: search as one types, the Tabular entry by entry, and what a learner keeps of a code."""

from typing import Any, Final

from flask import Blueprint, abort, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from sandbox.codebook import entry as entries
from sandbox.codebook import guidelines
from sandbox.codebook.guidelines import Section
from sandbox.codes import pcs, search
from sandbox.codes.codeset import CodeSet
from sandbox.codes.model import Code
from sandbox.encounter import CM, CPT, HCPCS, PCS, bare
from sandbox.rulebook.page import book as rules
from sandbox.store import codenotes
from sandbox.store.codenotes import CodeNote
from sandbox.store.database import now
from sandbox.web import bookday
from sandbox.web.bookday import opened
from sandbox.web.house import house
from sandbox.web.security import known, learner

pages = Blueprint("book", __name__)
bookday.keep(pages)

_SYSTEM: Final = f'<any("{CM}", "{PCS}", {HCPCS}, {CPT}):system>'
APART: Final = {"both": (CM, PCS), "cm": (CM,), "pcs": (PCS,)}
"""What may be searched: diagnoses and procedures side by side, or one of them."""
NAMES: Final = {CM: "Diagnoses", PCS: "Procedures"}

_SHOWN: Final = 15
_LONGEST_QUERY: Final = 200
_RECENT: Final = 12


@pages.get("/book")
def home() -> ResponseReturnValue:
    """The book opened in front: search, the chapters, the indexes, what this learner has looked up before."""
    codes, on = opened()
    q = request.args.get("q", "")[:_LONGEST_QUERY]
    where = request.args.get("in", "both")
    where = where if where in APART else "both"
    return render_template(
        "book/home.html",
        q=q,
        where=where,
        found=_found(codes, q, where, on) if q.strip() else None,
        chapters=[code for code in entries.in_print(codes, "", on) if code.kind == "chapter"],
        **_kept(codes),
    )


def _found(codes: CodeSet, q: str, where: str, on: int) -> list[tuple[str, list[search.Hit]]]:
    """Each code set by itself, so that neither crowds out the other."""
    return [(NAMES[system], search.search(codes, q, system, _SHOWN, on)) for system in APART[where]]


def _kept(codes: CodeSet) -> dict[str, Any]:
    """The learner's recent codes, bookmarks and notes, as far as the code set still has them."""
    kept = codenotes.all(house().store, known())
    recent = [text.partition(":") for text in session.get("recent", [])]
    return {
        "recent": [code for system, _, key in recent if (code := codes.get(key, system))],
        "kept": [(code, each) for each in kept if (code := codes.get(each.key, each.system))],
    }


@pages.get(f"/book/{_SYSTEM}/<code>")
def entry(system: str, code: str) -> ResponseReturnValue:
    """One entry, with everything that governs it."""
    codes, on = opened()
    found = entries.read(codes, bare(code), system, on) or abort(404)
    _remember(f"{system}:{found.code.key}")
    return render_template(
        "book/entry.html",
        entry=found,
        characters=pcs.explain(codes.official, found.code.key) if system == PCS else (),
        sections=[(section, _rules(section)) for section in found.sections],
        guidelines=guidelines.EDITION,
        mine=codenotes.get(house().store, known(), system, found.code.key),
        longest=codenotes.LONGEST,
        full=request.args.get("full"),
    )


def _rules(section: Section) -> list[str]:
    """The rules of the checker that cite the section."""
    return [id for id, page in rules().items() if section.number in page.sections]


def _remember(what: str) -> None:
    """The codes that were looked up last stand in the signed cookie, for this browser alone."""
    before = session.get("recent", [])
    if before[:1] != [what]:
        session.permanent = True
        session["recent"] = [what, *(each for each in before if each != what)][:_RECENT]


@pages.post(f"/book/{_SYSTEM}/<code>/note")
def note(system: str, code: str) -> ResponseReturnValue:
    """Keep what the learner wrote on a code."""
    mine = _mine(system, code)
    text = "\n".join(request.form.get("note", "").split("\r\n")).strip()[: codenotes.LONGEST]
    return _keep(system, CodeNote(mine.system, mine.key, text, mine.marked))


@pages.post(f"/book/{_SYSTEM}/<code>/mark")
def mark(system: str, code: str) -> ResponseReturnValue:
    """Bookmark a code, or take the bookmark away."""
    mine = _mine(system, code)
    marked = (mine.marked or now()) if request.form.get("mark") == "1" else ""
    return _keep(system, CodeNote(mine.system, mine.key, mine.note, marked))


def _mine(system: str, code: str) -> CodeNote:
    codes, _ = opened()
    found: Code = codes.get(code, system) or abort(404)
    return codenotes.get(house().store, learner(), found.system, found.key)


def _keep(system: str, kept: CodeNote) -> ResponseReturnValue:
    saved = codenotes.write(house().store, learner(), kept)
    more: dict[str, Any] = {} if saved else {"full": "1"}
    return redirect(url_for("book.entry", system=system, code=kept.key, _anchor="book-mine", **more), 303)
