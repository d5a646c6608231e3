"""Are there known vulnerabilities in what is pinned? ``python .ci/audit.py``, through pip-audit.

Exit code 1 where there are. Where no service answers, or none of them knows a package, it says so in plain words and
ends with 0: a change can be checked without a network, and nobody may take that for a clean bill.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PINS = ("requirements.txt", "requirements-dev.txt")
SERVICES = ("pypi", "osv")
"""Asked in this order, until one has answered for every package."""

PATIENCE = 120
"""Seconds for one service."""


def asked(service: str) -> dict[str, Any] | None:
    """What pip-audit found there, in its own JSON; None where it found no way there."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "found.json"
        pins = [part for name in PINS for part in ("-r", str(ROOT / name))]
        how = ["--no-deps", "--disable-pip", "--progress-spinner", "off", "--timeout", "10", "-f", "json", "-o", out]
        command = [sys.executable, "-m", "pip_audit", "-s", service, *map(str, how), *pins]
        try:
            # It ends with 1 for a vulnerability and for a broken connection alike: what it wrote tells them apart.
            done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
        except subprocess.TimeoutExpired:
            print(f"{service}: no answer within {PATIENCE} s")
            return None
        try:
            found: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            print(f"{service}: {(done.stderr.strip().splitlines() or ['no answer'])[-1][:300]}")
            return None
        return found


def vulnerable(found: dict[str, Any]) -> list[str]:
    """A line for each known vulnerability: ``jinja2 3.1.0: CVE-… (mended in 3.1.6)``."""
    return [
        f"{package['name']} {package['version']}: {one['id']} {' '.join(one.get('aliases', []))} "
        f"(mended in {', '.join(one['fix_versions']) or 'no version yet'})"
        for package in found["dependencies"]
        for one in package.get("vulns", [])
    ]


def unknown(found: dict[str, Any]) -> list[str]:
    """The packages that the service did not know, and so said nothing about."""
    return [package["name"] for package in found["dependencies"] if "skip_reason" in package]


def main(ask: Callable[[str], dict[str, Any] | None] = asked) -> int:
    """Ask, print, and tell by the exit code whether a vulnerability is known."""
    left, count = {"every package"}, 0
    for service in SERVICES:
        found = ask(service)
        if found is None:
            continue
        if lines := vulnerable(found):
            print("\n".join(lines))
            return 1
        missing = set(unknown(found))
        left = missing if "every package" in left else left & missing
        count = max(count, len(found["dependencies"]) - len(missing))
        if not left:
            print(f"{service}: {count} packages, no known vulnerability")
            return 0
    print(f"NOT AUDITED: {', '.join(sorted(left))}: no service answered for them.")
    print(f"{count} others have no known vulnerability.")
    print("Run `python .ci/audit.py` again with a network before this is released.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
