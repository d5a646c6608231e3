"""Each rule's share of the time that a claim takes, over the claims of ``bench/claims.py``.

Shares of one run, so that a busy machine does not matter. *The rest* is reading JSON, the engine, looking up the codes
of the claim, and writing the results. A rule above the limit is marked. The rules run as they are, each with a clock
around it; tables that a rule fills when a code is first seen are counted against it.
"""

import argparse
import io
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.claims import claims
from sandbox import cli
from sandbox.checker import Hit, Rule, View
from sandbox.cli_desk import ROOT, Desk
from sandbox.rules import RULES

LIMIT = 0.10


def clocked(rule: Rule, spent: Counter[str]) -> Callable[[View], Iterable[Hit]]:
    """The rule's check, which adds its seconds to ``spent``."""

    def run(view: View) -> Iterable[Hit]:
        # The claim's codes are looked up by whichever rule comes first.
        _ = view.doubtful if rule.gate else view.keys
        start = time.perf_counter()
        hits = list(rule.check(view))
        spent[rule.id] += time.perf_counter() - start
        return hits

    return run


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--number", type=int, default=4000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--data", type=Path, default=ROOT / "instance")
    options = parser.parse_args()
    codes = Desk(options.data).codes()
    list(codes.all_notes())
    spent: Counter[str] = Counter()
    for id, rule in RULES.items():
        RULES[id] = replace(rule, check=clocked(rule, spent))
    judge = cli._judge(codes, lambda claim: {}, frozenset())
    for kind in ("ordinary", "random"):
        lines = claims(codes, kind, options.number, options.seed)
        list(cli._results(cli._read(io.StringIO(lines[0]), True), judge))
        spent.clear()
        start, out = time.perf_counter(), io.StringIO()
        for result in cli._results(cli._read(io.StringIO("\n".join(lines)), True), judge):
            out.write(json.dumps(result, ensure_ascii=False) + "\n")
        whole = time.perf_counter() - start
        print(f"{kind}: {len(lines) / whole:.0f} claims/s with the clocks")
        for id, seconds in [*spent.most_common(), ("the rest", whole - sum(spent.values()))]:
            mark = "  above the limit" if seconds > LIMIT * whole and id in RULES else ""
            print(f"  {id:<8} {seconds / whole:6.1%} {1e6 * seconds / len(lines):8.1f} us a claim{mark}")


if __name__ == "__main__":
    main()
