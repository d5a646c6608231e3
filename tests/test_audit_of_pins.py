"""The look for known vulnerabilities: it fails where one is known, and says what nobody could tell."""

import importlib.util
import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = ROOT / ".ci" / "audit.py"

CLEAN = {"name": "click", "version": "8.5.1", "vulns": []}
SKIPPED = {"name": "drg", "skip_reason": "Dependency not found on PyPI and could not be audited: drg (1.0.0)"}
BROKEN = {
    "name": "jinja2",
    "version": "3.1.0",
    "vulns": [{"id": "PYSEC-2025-1", "aliases": ["CVE-2025-27516"], "fix_versions": ["3.1.6"], "description": "x"}],
}


def module() -> Any:
    spec = importlib.util.spec_from_file_location("audit_of_pins", SCRIPT)
    assert spec and spec.loader
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


@pytest.mark.parametrize(
    ("answers", "status", "said"),
    [
        ([{"dependencies": [CLEAN, BROKEN]}], 1, "jinja2 3.1.0: PYSEC-2025-1 CVE-2025-27516 (mended in 3.1.6)"),
        ([{"dependencies": [SKIPPED, BROKEN]}], 1, "jinja2 3.1.0"),
        ([None, {"dependencies": [BROKEN]}], 1, "jinja2 3.1.0"),
        ([{"dependencies": [CLEAN]}], 0, "pypi: 1 packages, no known vulnerability"),
        ([{"dependencies": [CLEAN, SKIPPED]}, None], 0, "NOT AUDITED: drg: no service answered"),
        ([None, None], 0, "NOT AUDITED: every package"),
    ],
)
def test_what_the_services_say_decides(
    answers: list[Any], status: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    audit = module()
    assert audit.main(lambda service: answers[audit.SERVICES.index(service)]) == status
    assert said in capsys.readouterr().out


def test_without_a_network_the_real_program_says_so_and_goes_on() -> None:
    nowhere = {**os.environ, "HTTPS_PROXY": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9"}
    done = subprocess.run([sys.executable, SCRIPT], env=nowhere, capture_output=True, text=True, timeout=250)
    assert done.returncode == 0, done.stderr
    assert "NOT AUDITED: every package" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_bandit_is_told_to_skip_only_what_ruff_asks_a_reason_for() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    skipped = set(settings["bandit"]["skips"])
    unasked = {rule.replace("S", "B", 1) for rule in settings["ruff"]["lint"]["ignore"] if rule.startswith("S")}
    assert skipped - unasked == {"B104", "B311", "B314", "B404", "B405", "B603", "B704"}
    assert "S" in settings["ruff"]["lint"]["select"]
