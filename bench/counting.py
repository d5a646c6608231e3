"""What it costs a suggestion to be counted: ``python bench/counting.py [data folder]``.

300 learners type in turn behind one address. Each keystroke is answered twice by the same app, once counted and once
not, in turns; the third line is the counting by itself, with nearly full windows.
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from flask import session  # noqa: E402

from sandbox.codes import build  # noqa: E402
from sandbox.web import create_app, limits  # noqa: E402

LEARNERS, WORDS = (
    300,
    ("fracture of neck of femur", "type 2 diabetes with neuropathy", "chronic kidney disease stage 4"),
)


def share(times: list[float], part: float) -> float:
    """The value below which that part of the times lies, in ms."""
    return 1000 * sorted(times)[int(part * (len(times) - 1))]


def main() -> None:
    """Print the median and the 95th percentile of a suggestion with and without, and the median of counting alone."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(tempfile.mkdtemp())
    build.ensure(folder / "codes.db")
    app = create_app(folder, WTF_CSRF_ENABLED=False)
    clients = [app.test_client() for _ in range(LEARNERS)]
    for client in clients:
        client.get("/keys")
    counted, free = list[float](), list[float]()
    endpoint = "reference.suggest"
    for turn in range(12):
        for n, client in enumerate(clients):
            words = WORDS[n % len(WORDS)]
            typed = {"q": words[: 2 + (turn * 2 + n) % (len(words) - 2)]}
            for times in (counted, free) if (turn + n) % 2 else (free, counted):
                kept = limits.ROUTES.pop(endpoint) if times is free else ""
                began = time.perf_counter()
                answer = client.post("/codes/suggest", data=typed)
                times.append(time.perf_counter() - began)
                if kept:
                    limits.ROUTES[endpoint] = kept
                if answer.status_code != 200:
                    raise SystemExit(f"{answer.status_code} for {typed}")
    for name, times in (("counted", counted), ("not counted", free)):
        print(f"{name:12} {len(times)}  p50 {share(times, 0.5):6.2f} ms  p95 {share(times, 0.95):6.2f} ms")
    alone = []
    with app.test_request_context("/", environ_base={"REMOTE_ADDR": "127.0.0.1"}):
        for n in range(25_000):
            session["learner"] = str(n % LEARNERS)
            began = time.perf_counter()
            limits.hit("search")
            alone.append(time.perf_counter() - began)
    median, most = statistics.median(alone) * 1e6, share(alone, 0.95) * 1e3
    print(f"counting     {len(alone)}  p50 {median:6.1f} µs  p95 {most:6.1f} µs")


if __name__ == "__main__":
    main()
