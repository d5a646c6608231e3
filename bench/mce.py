"""Does the checker say what the Medicare Code Editor says? Random inpatient claims, and every disagreement.

The editor is that of ``msdrg``, which agrees with CMS's own. An edit counts as *given way* where the editor stops a
line that the checker has left to a rule which knows a better reason. Of each edit the number of lines is compared, too.
``--number 20000 --seed 1``; the exit status is 1 if anything disagrees.
"""

import argparse
import datetime as dt
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from msdrg import MceEditor
from msdrg.mce import MceDiagnosisInput, MceInput

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sandbox.checker import Rule
from sandbox.claims import from_json
from sandbox.cli_desk import ROOT, Desk
from sandbox.codes.codeset import CodeSet
from sandbox.codes.model import day
from sandbox.encounter import CM, PCS, Claim
from sandbox.findings import Finding
from sandbox.rules import check, inp, pro, seq
from sandbox.rules.pat import AGES, NEARER

EDGES = (
    "2024-10-01",
    "2025-03-31",
    "2025-04-01",
    "2025-09-30",
    "2025-10-01",
    "2026-03-31",
    "2026-04-01",
    "2026-09-30",
    "2026-10-01",
    "2027-03-31",
)
"""Days on which a code set begins or ends: half of the claims are of one of them, the others of any day between."""
AGED = (0, 0, 1, 8, 9, 14, 15, 17, 18, 40, 60, 61, 64, 65, 90, 124)
DIAGNOSES = ("ecodepdx", "manifestation", "unacceptable", "reqsdx", "qadm", *AGES, *pro.BEARING)
PROCEDURES = ("kidneyxp", *pro.REASONS)
INVALID = frozenset(("VAL01", "VAL02", "VAL03", "VAL04", "VAL05", "VAL07"))


@dataclass(frozen=True)
class Edit:
    """An edit of the editor, and the rules that speak for it: only where the finding ``fits``, if several edits do.

    ``better``: rules to which those rules leave the first line; with ``any_line``, any diagnosis.
    """

    names: frozenset[str]
    rules: frozenset[str]
    better: tuple[str, ...] = ()
    fits: Callable[[Finding], bool] = lambda finding: True
    any_line: bool = False

    def may_leave(self, line: str) -> bool:
        """Whether a rule that knows better may have the line."""
        return line.startswith("dx") if self.any_line else line == "dx1"

    @property
    def title(self) -> str:
        return " + ".join(sorted(self.names)).lower()


EDITS = (
    Edit(frozenset({"INVALID_CODE"}), INVALID),
    Edit(frozenset({"E_CODE_AS_PDX"}), frozenset({"SEQ01"})),
    Edit(frozenset({"MANIFESTATION_AS_PDX"}), frozenset({"SEQ02"})),
    Edit(frozenset({"UNACCEPTABLE_PDX", "REQUIRES_SDX"}), frozenset({"SEQ03"}), seq.BETTER),
    Edit(frozenset({"AGE_CONFLICT"}), frozenset({"PAT01"}), NEARER, any_line=True),
    Edit(frozenset({"QUESTIONABLE_ADMISSION"}), frozenset({"INP01"}), inp.NEARER),
    Edit(frozenset({"NON_COVERED"}), frozenset({"PRO01"}), fits=lambda finding: "with limits" not in finding.message),
    Edit(frozenset({"LIMITED_COVERAGE"}), frozenset({"PRO01"}), fits=lambda finding: "with limits" in finding.message),
)


PRINCIPAL = frozenset({"E_CODE_AS_PDX", "MANIFESTATION_AS_PDX", "UNACCEPTABLE_PDX", "REQUIRES_SDX"})
"""The edits that stop the first line for what it is."""


def claims(codes: CodeSet, number: int, seed: int) -> Iterator[Claim]:
    """Inpatient claims of 1 to 8 diagnoses and 0 to 4 procedures, many of them on one of the editor's lists.

    One code in thirty is none: a heading, a code of the other system, or one with a wrong character.
    """
    draw = random.Random(seed)
    pools = {CM: _pools(codes, CM, DIAGNOSES), PCS: _pools(codes, PCS, PROCEDURES)}
    begin = dt.date.fromisoformat(EDGES[0])
    span = (dt.date.fromisoformat(EDGES[-1]) - begin).days
    made = 0
    while made < number:
        date = draw.choice(EDGES) if draw.random() < 0.5 else str(begin + dt.timedelta(draw.randint(0, span)))
        lines = {
            system: _lines(draw, codes, int(date.replace("-", "")), pools, system, draw.randint(fewest, most))
            for system, fewest, most in ((CM, 1, 8), (PCS, 0, 4))
        }
        if lines[CM]:
            made += 1
            stay = {"id": str(made), "discharged": date, "patient": {"age_years": draw.choice(AGED)}}
            # A diagnosis given twice is an edit of its own, which the editor knows of the first one only.
            dx, px = [*dict.fromkeys(lines[CM])], lines[PCS]
            yield from_json({**stay, "setting": "inpatient", "diagnoses": dx, "procedures": px})


def _lines(
    draw: random.Random, codes: CodeSet, on: int, pools: dict[str, list[list[str]]], system: str, number: int
) -> list[str]:
    other = pools[PCS if system == CM else CM][0]
    keys = [draw.choice(draw.choice(pools[system])) for _ in range(number)]
    good = [key for key in dict.fromkeys(keys) if codes.valid(key, on, system)]
    return [key if draw.random() < 29 / 30 else _spoilt(draw, key, other) for key in good]


def _pools(codes: CodeSet, system: str, flags: tuple[str, ...]) -> list[list[str]]:
    """All codes of a system, as often as there are lists, and those of each of the editor's lists."""
    rows = codes.connection.execute(
        "SELECT key, spans FROM codes WHERE system = ? AND spans <> ''", (system,)
    ).fetchall()
    listed = [[key for key, spans in rows if flag in spans] for flag in flags]
    return [[key for key, _ in rows]] * len(flags) + listed


def _spoilt(draw: random.Random, key: str, others: list[str]) -> str:
    at = draw.randrange(len(key))
    wrong = key[:at] + draw.choice("0123456789ABCDEFGHXZ") + key[at + 1 :]
    return draw.choice((key[:-1], wrong, draw.choice(others)))


def findings(codes: CodeSet, claim: Claim) -> tuple[Finding, ...]:
    """What the checker says. A rule that crashes is a disagreement of the loudest kind."""

    def loud(rule: Rule, claim: Claim) -> None:
        raise AssertionError(f"{rule.id} crashed on claim {claim.id}")

    return check(claim, codes, on_crash=loud)


def edited(editor: MceEditor, claim: Claim) -> Counter[str]:
    """How many lines each edit stops."""
    first, *rest = (MceDiagnosisInput(code=line.key) for line in claim.diagnoses)
    asked: MceInput = {
        "discharge_date": day(claim.encounter.on),
        "age": claim.encounter.patient.age_years or 0,
        "sex": 2,
        "discharge_status": 1,
        "pdx": first,
        "sdx": rest,
        "procedures": [{"code": line.key} for line in claim.procedures],
    }
    return Counter({edit["name"]: edit["count"] for edit in editor.edit(asked)["edits"]})


def verdict(edit: Edit, found: tuple[Finding, ...], stopped: Counter[str]) -> str:
    """``both``, ``neither``, ``given way``, or who of the two stops more lines."""
    theirs = sum(stopped[name] for name in edit.names)
    speaking = [finding for finding in found if finding.rule in edit.rules and edit.fits(finding)]
    # Of a procedure's finding only the procedures count: the diagnoses that it names are its reasons.
    ours = len({line for f in speaking for line in f.lines if line.startswith("px") or "PRO01" not in edit.rules})
    if ours == theirs:
        return "both" if ours else "neither"
    left = {line for finding in found if finding.rule in edit.better for line in finding.lines if edit.may_leave(line)}
    if ours < theirs <= ours + len(left):
        return "given way"
    return "only editor" if theirs > ours else "only checker"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--number", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--data", type=Path, default=ROOT / "instance")
    options = parser.parse_args()
    codes, table, start = Desk(options.data).codes(), Counter[tuple[str, str]](), time.perf_counter()
    with MceEditor() as editor:
        for claim in claims(codes, options.number, options.seed):
            found, stopped = findings(codes, claim), edited(editor, claim)
            for edit in EDITS:
                said = verdict(edit, found, stopped)
                table[edit.title, said] += 1
                if said.startswith("only"):
                    print(f"{edit.title}: {said}\n  {_written(claim)}\n  {dict(stopped)}\n  {_short(found)}")
    columns = ("both", "neither", "given way", "only editor", "only checker")
    print(f"{'edit':<34} {'rules':<14}" + "".join(f"{column:>13}" for column in columns))
    for edit in EDITS:
        rules = "VAL01 to VAL07" if edit.rules == INVALID else ", ".join(edit.rules)
        print(f"{edit.title:<34} {rules:<14}" + "".join(f"{table[edit.title, column]:>13}" for column in columns))
    wrong = sum(number for (_, said), number in table.items() if said.startswith("only"))
    print(f"{options.number} claims, {wrong} disagreements, {time.perf_counter() - start:.0f} s")
    sys.exit(wrong > 0)


def _written(claim: Claim) -> str:
    who = f"{claim.encounter.on}, {claim.encounter.patient.age_years} years"
    shown = [", ".join(line.shown for line in lines) for lines in (claim.diagnoses, claim.procedures)]
    return f"claim {claim.id}, {who}: {' | '.join(shown)}"


def _short(found: tuple[Finding, ...]) -> str:
    return "; ".join(f"{finding.rule} {' '.join(finding.lines)}" for finding in found) or "nothing found"


if __name__ == "__main__":
    main()
