"""The documents and the program agree: commands, options, fields, examples, links and versions."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import click
import pytest
from pydantic import BaseModel

from sandbox import claims, cli
from sandbox.cases.library import CaseFile
from sandbox.cases.reader import read
from sandbox.cases.reference import reference
from sandbox.cases.schema import Case
from sandbox.cases.schema_export import REFERENCE
from sandbox.codes.codeset import CodeSet
from sandbox.encounter import SETTINGS, SYSTEMS, Line
from sandbox.judge import judge
from sandbox.lint import lint
from sandbox.payment import Payer
from sandbox.rules import RULES, check
from tests.small_case import TEXT

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted((*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "bench" / "README.md"))
README = (ROOT / "README.md").read_text(encoding="utf-8")
AUTHORING = (ROOT / "docs" / "authoring.md").read_text(encoding="utf-8")


def commands(group: click.Group, before: str = "") -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{before}{name} ")
        else:
            yield before + name, command


def fields(model: type[BaseModel]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        yield name
        yield from (inner for part in models(field.annotation) for inner in fields(part))


def models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from models(part)


@pytest.mark.parametrize(("name", "command"), list(commands(cli.commands)), ids=lambda value: str(value))
def test_the_readme_tells_every_command_and_option(name: str, command: click.Command) -> None:
    assert f"`{name}" in README
    options = {option for each in command.params if isinstance(each, click.Option) for option in each.opts}
    assert {option for option in options if f"`{option}" not in README} == set()


def test_the_readme_tells_every_setting_and_system() -> None:
    assert {word for word in (*SETTINGS, *SYSTEMS) if f"`{word}`" not in README} == set()


def test_the_claim_of_the_readme_is_a_claim_without_fault(codes: CodeSet) -> None:
    [text] = re.findall(r"```json\n(.+?)```", README, re.DOTALL)
    assert check(claims.from_json(json.loads(text)), codes) == ()


def test_the_readme_tells_every_field_of_a_finding_and_of_a_payment(codes: CodeSet) -> None:
    from sandbox.payment import Payer
    from sandbox.payment.effects import effects
    from sandbox.payment.hcc import risk

    claim = claims.from_text("inpatient F78 2026-05-06: I10/Y, N18.32/Y")
    with Payer(codes) as payer:
        paid = payer.explain(claim)
        assert paid and paid["path"]
        line = effects(payer, claim, paid)["dx2"]
    hcc = risk(claim, codes)
    names = {*paid, *paid["path"], *line, *hcc, *hcc["lines"]["dx2"][0], *hcc["factors"][0]}
    names |= {*check(claim, codes)[0].as_json()}
    assert {name for name in names if not re.search(rf"`(?:\w+(?:\[\]|{{}})?\.)?{name}`", README)} == set()


def test_the_reference_of_the_case_format_is_made_from_the_schema() -> None:
    assert REFERENCE == ROOT / "docs" / "case-format.md"
    text = REFERENCE.read_text(encoding="utf-8")
    assert text == reference(), "run: python -m sandbox.cases.schema_export"
    assert {name for name in fields(Case) if f"| `{name}` |" not in text} == set()


def test_every_key_of_a_case_has_its_description() -> None:
    for row in re.findall(r"^\| `.+", REFERENCE.read_text(encoding="utf-8"), re.M):
        assert not row.endswith("| |"), row


def test_the_tutorial_ends_with_a_case_that_can_be_linted_and_played(codes: CodeSet) -> None:
    chart, key = re.findall(r"```yaml\n(.+?)```", AUTHORING[: AUTHORING.index("## What the chart must be")], re.DOTALL)
    first = chart.partition("\n")[2]
    begun = read(first, "sore-throat.yaml")
    [note, lacks] = [problem.message for problem in lint(CaseFile.of(begun), begun, codes)]
    assert f"note: {note}\n" in AUTHORING and f"warning: {lacks}\n" in AUTHORING
    whole = first[: first.index("key:")] + key
    assert whole == TEXT
    done = read(whole, "sore-throat.yaml")
    assert not [problem for problem in lint(CaseFile.of(done), done, codes) if problem.level == "error"]
    with Payer(codes) as payer:
        report = judge(CaseFile.of(done), replace(done.case.claim(), diagnoses=(Line("dx1", "J03.00"),)), codes, payer)
    assert "Look at what the physician calls inflamed" in str(report.as_json())


def test_the_changelog_tells_every_rule() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    told = set(re.findall(r"[A-Z]{3}\d\d", text))
    for first, last in re.findall(r"([A-Z]{3}\d\d) to ([A-Z]{3}\d\d)", text):
        told |= {f"{first[:3]}{n:02}" for n in range(int(first[3:]), int(last[3:]) + 1)}
    assert set(RULES) == told


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_between_documents_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
        assert target.startswith("https://") or (path.parent / target).exists(), f"{target} is not there"


def test_the_notices_name_every_pinned_package_and_version() -> None:
    text = (ROOT / "NOTICES.md").read_text(encoding="utf-8")
    pins = re.findall(
        r"^([\w-]+)==(\S+)$",
        "".join((ROOT / f"requirements{end}.txt").read_text("utf-8") for end in ("", "-dev")),
        re.M,
    )
    assert len(pins) > 20
    assert [pin for pin in pins if "| {} | {} |".format(*pin) not in text] == []
