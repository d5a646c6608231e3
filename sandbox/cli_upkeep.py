"""``python -m sandbox upkeep``: what another day's code sets change in the cases."""

import json
from datetime import datetime
from pathlib import Path

import click

from sandbox.cli_desk import Desk, cases_option
from sandbox.payment import Payer
from sandbox.upkeep import KINDS, UnknownDay, Upkeep, upkeep
from sandbox.upkeep.change import Change
from sandbox.upkeep.diff import diff


@click.command("upkeep")
@click.option("--to", type=click.DateTime(["%Y-%m-%d"]), required=True, metavar="DATE", help="The day to look at.")
@cases_option
@click.option("--retired", is_flag=True, help="Retired cases too.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "diff"]), default="text", show_default=True,
    help="text, json, or the proposed edits as a unified diff.",
)  # fmt: skip
@click.pass_obj
def command(desk: Desk, to: datetime, folder: Path, retired: bool, form: str) -> int:
    """What the code sets of a day change in the cases: codes, notes, rules, MS-DRG, with the edits that are clear."""
    from sandbox.cases.library import files
    from sandbox.cases.reader import read_file

    sources = [(path.stem, read_file(path, _shown(path))) for path, shown in files(folder) if shown]
    kept = [(id, one) for id, one in sources if retired or not one.case or one.case.status != "retired"]
    codes = desk.codes()
    with Payer(codes) as payer:
        try:
            found = upkeep(kept, codes, payer, to.date())
        except UnknownDay as error:
            raise click.ClickException(f"{error}; import the edition first: codes import FILE") from error
    if form == "json":
        click.echo(json.dumps([case.as_json() for case in found], indent=2, ensure_ascii=False))
    elif form == "diff":
        edits = "".join(diff(case) for case in found)
        click.echo(edits, nl=False)
        if not edits:
            click.echo("no edit is proposed", err=True)
    else:
        click.echo("\n".join([_summary(found, len(kept)), *(line for case in found for line in _lines(case))]))
    return int(bool(found))


def _shown(path: Path) -> str:
    """The path as one may type it where the command runs, so that ``patch`` finds the files of a diff."""
    path, here = path.resolve(), Path.cwd()
    return (path.relative_to(here) if path.is_relative_to(here) else path).as_posix()


def _summary(found: list[Upkeep], looked: int) -> str:
    counts = {kind: sum(change.kind == kind for case in found for change in case.changes) for kind in KINDS}
    told = "; ".join(f"{heading.lower()}: {counts[kind]}" for kind, heading in KINDS.items() if counts[kind])
    return f"{looked} cases, {len(found)} with something to look at" + (f" ({told})" if told else "")


def _lines(case: Upkeep) -> list[str]:
    return [f"{case.path} ({case.status}): {case.title}", *(f"  {_line(change)}" for change in case.changes)]


def _line(change: Change) -> str:
    where = f"{change.line}:{change.column}: {change.kind}"
    which = f" [{', '.join('~' + id if id else 'as written' for id in change.encounters)}]" if change.encounters else ""
    part = {"code": "", "claim": ""}.get(change.part, f" ({change.part.replace('_', ' ')})")
    said = f"{where}{part}{which}: {change.message}"
    for code, title in change.options:
        said += f"\n      {code} {title}"
    return said + (f"\n      proposed: {change.edit[0]} → {change.edit[1]}" if change.edit else "")
