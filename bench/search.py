"""How often the search shows what a coder means, and how fast: ``python bench/search.py [codes.db]``.

Reads ``tests/search_queries.csv``; ``expected`` holds codes or beginnings of codes, any of which will do. Headings
count when they begin so. Latency is of a warm process, every query five times, the keystrokes on the way included.
"""

import csv
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from sandbox.codes import build  # noqa: E402
from sandbox.codes.codeset import CodeSet  # noqa: E402
from sandbox.codes.nearest import nearest  # noqa: E402
from sandbox.codes.search import search  # noqa: E402
from sandbox.encounter import CM, PCS  # noqa: E402

ON = 20260115
QUERIES = ROOT / "tests" / "search_queries.csv"


def place(codes: CodeSet, row: dict[str, str]) -> int:
    """Where, from 1, the first expected code stands among the hits; 99 where it does not."""
    wanted = tuple(row["expected"].split())
    hits = search(codes, row["query"], row["system"], on=ON)
    return next((n for n, hit in enumerate(hits, 1) if hit.code.key.startswith(wanted)), 99)


def latencies(codes: CodeSet, rows: list[dict[str, str]]) -> list[float]:
    """Milliseconds of every query as a whole and of every second keystroke on the way to it."""
    out = []
    for row in rows:
        for end in [*range(2, len(row["query"]), 2), *[len(row["query"])] * 5]:
            start = time.perf_counter()
            search(codes, row["query"][:end], row["system"], on=ON)
            out.append((time.perf_counter() - start) * 1000)
    return out


NO_CODES = (("S72OO1A", CM), ("E1190", CM), ("QQQ", CM), ("0SR90JY", PCS), ("IOSIOS1", PCS))


def looking_for_the_nearest(codes: CodeSet) -> float:
    """Milliseconds that it takes to find what is nearest to a code that is none, the median of five codes."""
    times = []
    for typed, system in NO_CODES * 2:
        start = time.perf_counter()
        nearest(codes, typed, ON, system)
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times[len(NO_CODES) :])


def main() -> None:
    """Print success within the first 1 and 5 by kind, what was missed, and the latency."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(tempfile.gettempdir()) / "bench-codes.db"
    build.ensure(path)
    codes = CodeSet(path)
    with QUERIES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    places: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        found = place(codes, row)
        places[row["kind"]].append(found)
        if found > 1:
            print(f"{'not first' if found <= 5 else 'MISSED'} ({found}): {row['query']} -> {row['expected']}")
    for kind, all_of in [*places.items(), ("all", [p for found in places.values() for p in found])]:
        first, five = (sum(p <= n for p in all_of) / len(all_of) for n in (1, 5))
        print(f"{kind:14} {len(all_of):4}  first {first:6.1%}  first five {five:6.1%}")
    times = sorted(latencies(codes, rows))
    p99 = times[int(len(times) * 0.99)]
    print(f"latency: median {statistics.median(times):.2f} ms, p99 {p99:.2f} ms, worst {times[-1]:.2f} ms")
    print(f"nearest to a code that is none: median {looking_for_the_nearest(codes):.2f} ms")


if __name__ == "__main__":
    main()
