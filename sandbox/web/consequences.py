"""What the codes of an attempt do, on request: the way to the MS-DRG, each line's part in it, and the risk score."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup, escape

from sandbox.encounter import Claim
from sandbox.payment.effects import effects
from sandbox.payment.hcc import risk
from sandbox.payment.hcc_words import SEGMENTS
from sandbox.store.attempts import Attempt
from sandbox.web import forms
from sandbox.web.house import house
from sandbox.web.views import is_htmx, seen_attempt

pages = Blueprint("consequences", __name__)
_PLACE: Final = "/attempts/<int(max=9223372036854775807):id>/payment"

_UNSUPPORTED: Final = frozenset(("unsupported", "not_to_be_coded"))
_AUDIT: Final = " The chart does not support this line: an audit would take back what it adds."


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: the code (empty for what belongs to no line), what is said of it, and the figure."""

    code: str
    says: str
    figure: str
    tone: str = "note"


@pages.get(_PLACE)
def page(id: int) -> ResponseReturnValue:
    """All of it as a page of its own; the segment of the risk score may be chosen."""
    return render_template("learn/consequences.html", **_drawn(id))


@pages.post(_PLACE)
def fragment(id: int) -> ResponseReturnValue:
    """The same inside the report. It saves nothing."""
    if not is_htmx():
        return redirect(url_for("consequences.page", id=id), 303)
    return render_template("learn/_consequences.html", **_drawn(id))


def _drawn(id: int) -> dict[str, Any]:
    here, attempt = house(), seen_attempt(id)
    file = here.version(attempt.case_id, attempt.case_hash) or abort(404)
    claim = forms.claim(file.case, attempt.lines)
    segment = request.args.get("segment", "")
    found = risk(claim, here.codes, segment if segment in SEGMENTS else next(iter(SEGMENTS)))
    paid = here.payer.explain(claim)
    out = {"attempt": attempt, "attempt_id": id, "file": file, "paid": paid, "risk": found, "segments": SEGMENTS}
    said = effects(here.payer, claim, paid) if paid else {}
    steps = [_marked(step, claim) for step in paid["path"]["steps"]] if paid and paid["path"] else []
    return out | {"steps": steps} | _effects(claim, said, _unsupported(attempt)) | _hccs(claim, found)


def _marked(step: str, claim: Claim) -> Markup:
    """A sentence with its codes set as codes."""
    codes = sorted({re.escape(str(escape(line.shown))) for line in claim.lines if line.key}, key=len, reverse=True)
    text = re.sub(rf"\b({'|'.join(codes)})\b", r'<span class="code">\1</span>', str(escape(step)))
    return Markup(text)  # noqa: S704 - escaped before the codes were set


def _unsupported(attempt: Attempt) -> set[str]:
    """The lines that the attempt's report calls not supported."""
    pairs = attempt.report["pairs"] if attempt.report else ()
    return {pair["entered"]["id"] for pair in pairs if pair["entered"] and pair["error"] in _UNSUPPORTED}


def _effects(claim: Claim, said: Mapping[str, Mapping[str, Any]], unsupported: set[str]) -> dict[str, Any]:
    """``does``: rows of the lines that change something, or are a CC or MCC; ``rest``: the codes of all others."""
    audit = {id: _AUDIT if id in unsupported and (e["difference"] or 0) > 0 else "" for id, e in said.items()}
    codes = {line.id: line.shown for line in claim.lines}
    loud = {id: effect for id, effect in said.items() if effect["changes"] or effect["level"] or effect["part"]}
    return {
        "does": [Row(codes[id], effect["says"] + audit[id], *_worth(effect)) for id, effect in loud.items()],
        "rest": [codes[id] for id in said if id not in loud],
    }


def _worth(effect: Mapping[str, Any]) -> tuple[str, str]:
    if effect["difference"]:
        return f"{effect['difference']:+.4f}".replace("-", "−"), "ok" if effect["difference"] > 0 else "warn"
    return ("another MS-DRG", "ok") if effect["changes"] else ("0", "note")


def _hccs(claim: Claim, found: Mapping[str, Any]) -> dict[str, Any]:
    """``hccs``: rows of diagnoses in an HCC; ``others``: rows of the other addends; ``bare``: codes without an HCC."""
    codes = {line.id: line.shown for line in claim.diagnoses}
    more = [row for row in found["factors"] if row["kind"] != "hcc"]
    return {
        "hccs": list(_hcc_rows(found["lines"], codes)),
        "others": [Row("", row["label"][:1].upper() + row["label"][1:], f"{row['coefficient']:.3f}") for row in more],
        "bare": [codes[id] for id, rows in found["lines"].items() if not rows],
    }


def _hcc_rows(lines: Mapping[str, list[dict[str, Any]]], codes: Mapping[str, str]) -> Iterator[Row]:
    seen: set[str] = set()
    for id, rows in lines.items():
        for row in rows:
            says = f"HCC {row['hcc']}, {row['label']}"
            if not row["counts"]:
                above = " and ".join(f"HCC {hcc}" for hcc in row["dropped_by"])
                yield Row(codes[id], f"{says}. It gives way to {above}." if above else says, "–", "warn")
            elif row["hcc"] in seen:
                yield Row(codes[id], f"{says}. Counted once, above.", "–")
            else:
                seen.add(row["hcc"])
                yield Row(codes[id], says, f"{row['coefficient']:.3f}", "ok")
