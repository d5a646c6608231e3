"""How many claims of twelve codes pass through ``check --ndjson --no-payment`` in a second, on one core.

Two kinds of claims: *ordinary* (codes drawn with the frequency at which a few hundred common ones recur) and *random*
(twelve codes drawn evenly from all 74,719, so that nothing is ever cached).
"""

import argparse
import io
import json
import random
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sandbox import cli
from sandbox.cli_desk import ROOT, Desk
from sandbox.codes.codeset import CodeSet

COMMON = (  # noqa: SIM905 - sixty strings in a list read worse
    "I10 E785 E119 Z87891 I2510 K219 N179 F329 I4891 E039 J449 Z7901 E1122 N183 N1832 I130 I110 I509 I5032 J9601 A419 "
    "N390 J189 D62 E871 E876 Z794 Z7984 F17210 G4733 E669 E66812 M810 Z9181 Z86711 I252 Z955 D649 R6520 E860 K5900 "
    "F419 M170 Z96651 I214 E1165 E1142 B9620 Z880 Z66 I480 I4820 J441 J440 Z9981 R0902 K921 D500 L89152 Z6835 I129 I639"
).split()


def claims(codes: CodeSet, kind: str, number: int, seed: int) -> list[str]:
    """NDJSON lines of claims: 12 diagnoses with POA, inpatient, all of them valid codes."""
    draw = random.Random(seed)
    rows = codes.connection.execute("SELECT key FROM codes WHERE system = 'icd-10-cm' AND spans LIKE '%-20270331%'")
    pool = [row[0] for row in rows] if kind == "random" else [c for c in COMMON if codes.valid(c, 20260506)]
    return [
        json.dumps(
            {
                "id": str(n),
                "setting": "inpatient",
                "patient": {"age_years": draw.randint(20, 90), "sex": draw.choice("FM")},
                "admitted": "2026-05-02",
                "discharged": "2026-05-06",
                "diagnoses": [{"code": code, "poa": "Y"} for code in draw.sample(pool, 12)],
            }
        )
        for n in range(number)
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--number", type=int, default=4000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--data", type=Path, default=ROOT / "instance")
    options = parser.parse_args()
    codes = Desk(options.data).codes()
    judge = cli._judge(codes, lambda claim: {}, frozenset())
    for kind in ("ordinary", "random"):
        lines = claims(codes, kind, options.number, options.seed)
        # Notes are read when a claim first asks for them: that is start-up.
        list(codes.all_notes())
        list(cli._results(cli._read(io.StringIO(lines[0]), True), judge))
        start, out, said = time.perf_counter(), io.StringIO(), 0
        for result in cli._results(cli._read(io.StringIO("\n".join(lines)), True), judge):
            said += len(result["findings"])
            out.write(json.dumps(result, ensure_ascii=False) + "\n")
        rate = len(lines) / (time.perf_counter() - start)
        print(f"{kind:<9} {rate:7.0f} claims/s   {1e6 / rate:5.0f} us each   {said / len(lines):.1f} findings a claim")


if __name__ == "__main__":
    main()
